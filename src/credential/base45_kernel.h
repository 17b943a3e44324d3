/*-------------------------------------------------------------------------
 *
 * base45_kernel.h
 *		Base45 (RFC 9285): bytes in the 45 characters of a QR code's
 *		alphanumeric mode. Plain C: no PostgreSQL header, no allocation.
 *
 * Vocabulary
 *		group		three characters for two bytes, two for a last single byte;
 *					the lowest place stands first
 *
 * Invariants
 *		What is encoded decodes to the same bytes, and each text that decodes
 *		is the encoding of what it decodes to: there is one way to write bytes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_BASE45_KERNEL_H
#define OUTBREAK_BASE45_KERNEL_H

#include <stddef.h>
#include <stdint.h>

typedef enum Base45Fault
{
	BASE45_OK,
	BASE45_BAD_CHARACTER,		/* not one of the 45 */
	BASE45_BAD_LENGTH,			/* a single character is left over */
	BASE45_BAD_GROUP			/* a group above FFFF, or above FF where it is the last byte */
} Base45Fault;

/* Characters that n bytes take; n is at most SIZE_MAX / 2. */
extern size_t ob_credential_base45_length(size_t n);

/* Writes ob_credential_base45_length(n) characters, without a final NUL. */
extern void ob_credential_base45_encode(const uint8_t *in, size_t n, char *out);

/*
 * Writes at most n / 3 * 2 + 1 bytes and sets *length. Otherwise sets *at to
 * the offset of the character or group at fault.
 */
extern Base45Fault ob_credential_base45_decode(const char *in, size_t n, uint8_t *out, size_t *length, size_t *at);

#endif							/* OUTBREAK_BASE45_KERNEL_H */
