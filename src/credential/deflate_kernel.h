/*-------------------------------------------------------------------------
 *
 * deflate_kernel.h
 *		Packing and unpacking with zlib, with a limit on what comes out. Plain
 *		C: no PostgreSQL header. zlib takes memory for itself and gives it back
 *		before these functions return.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_DEFLATE_KERNEL_H
#define OUTBREAK_DEFLATE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum DeflateForm
{
	DEFLATE_ZLIB,				/* RFC 1950 */
	DEFLATE_RAW					/* RFC 1951 */
} DeflateForm;

typedef enum DeflateResult
{
	DEFLATE_OK,
	DEFLATE_BROKEN,				/* not of that form, cut short, or with something behind it */
	DEFLATE_TOO_LARGE,			/* more would come out than there is room for */
	DEFLATE_FAILED				/* zlib has no memory */
} DeflateResult;

/* Unpacks into out[0 .. room - 1] and sets *length. */
extern DeflateResult ob_credential_inflate(DeflateForm form, const uint8_t *in, size_t n,
										   uint8_t *out, size_t room, size_t *length);

/* Bytes that packing n bytes takes at most; packs as well as zlib can. */
extern size_t ob_credential_deflate_bound(size_t n);
extern DeflateResult ob_credential_deflate(DeflateForm form, const uint8_t *in, size_t n,
										   uint8_t *out, size_t room, size_t *length);

#endif							/* OUTBREAK_DEFLATE_KERNEL_H */
