/*-------------------------------------------------------------------------
 *
 * jws_kernel.h
 *		base64url, and SMART Health Cards as QR codes write them: digits in
 *		pairs, in one code or in several. Plain C: no PostgreSQL header, no
 *		allocation.
 *
 * Vocabulary
 *		chunk		the part of a card that one code holds: shc:/digits for
 *					the only one, shc:/1/3/digits for the first of three
 *		JWS			header.payload.signature, each base64url
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_JWS_KERNEL_H
#define OUTBREAK_JWS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHC_MAX_CHUNKS	99

/* Writes base64url without padding; returns the length, (n * 4 + 2) / 3. */
extern size_t ob_credential_base64url_encode(const uint8_t *in, size_t n, char *out);

/*
 * Reads it, strictly: no padding, no other characters, no bits left over.
 * Writes at most n / 4 * 3 + 2 bytes.
 */
extern bool ob_credential_base64url_decode(const char *in, size_t n, uint8_t *out, size_t *length);

/* The same for base64 of either alphabet, with padding or without, and with line ends: what certificates come in. */
extern bool ob_credential_base64_decode(const char *in, size_t n, uint8_t *out, size_t *length);

typedef enum ShcFault
{
	SHC_OK,
	SHC_NONE,					/* begins neither with shc:/ nor as a JWS does */
	SHC_BAD_DIGITS,				/* not digits in pairs, or a pair that stands for no character */
	SHC_BAD_CHUNK,				/* numbers of chunks that contradict each other */
	SHC_MISSING_CHUNK			/* not all chunks are there */
} ShcFault;

/*
 * The JWS of a card: its chunks in any order, each once or oftener, with white
 * space between them; or the JWS itself. Writes at most n bytes, without a
 * final NUL.
 */
extern ShcFault ob_credential_shc_read(const char *text, size_t n, char *jws, size_t *length);

/* The digits of a JWS, behind "shc:/"; two for each character. */
extern bool ob_credential_shc_write(const char *jws, size_t n, char *out);

typedef struct JwsPart
{
	const char *text;
	size_t		length;
} JwsPart;

/* Splits at the two dots; false when there are not two, or a part is empty. */
extern bool ob_credential_jws_split(const char *jws, size_t n, JwsPart part[3]);

/*
 * Can PostgreSQL's JSON input take this text without an error other than one
 * of syntax? Refused are nesting deeper than 64, numbers of more than 40
 * characters or with an exponent beyond 300, and \u0000.
 */
extern bool ob_credential_json_is_tame(const char *text, size_t n);

#endif							/* OUTBREAK_JWS_KERNEL_H */
