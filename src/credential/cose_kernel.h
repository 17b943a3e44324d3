/*-------------------------------------------------------------------------
 *
 * cose_kernel.h
 *		COSE_Sign1 messages (RFC 9052) that hold a CWT (RFC 8392), as EU
 *		Digital COVID Certificates are made. Plain C: no PostgreSQL header, no
 *		allocation.
 *
 * Vocabulary
 *		header		parameters: protected ones are signed, unprotected ones not;
 *					a protected one wins
 *		claims		the map inside: issuer, times, and the certificate under
 *					-260, 1
 *
 * Invariants
 *		What is read points into the message. Labels that are used stand once
 *		in their map, or the message is refused.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_COSE_KERNEL_H
#define OUTBREAK_COSE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COSE_ES256		(-7)
#define COSE_PS256		(-37)

#define COSE_HCERT		(-260)

typedef struct CoseBytes
{
	const uint8_t *bytes;		/* NULL: not there */
	size_t		length;
} CoseBytes;

typedef struct CoseMessage
{
	CoseBytes	protected_header;	/* as it was sent */
	CoseBytes	payload;
	CoseBytes	signature;
	CoseBytes	kid;
	bool		has_algorithm;
	int64_t		algorithm;
} CoseMessage;

typedef struct CoseClaims
{
	CoseBytes	issuer;			/* text */
	bool		has_issued_at;
	bool		has_expires_at;
	bool		has_not_before;
	double		issued_at;		/* seconds since 1970 */
	double		expires_at;
	double		not_before;
	CoseBytes	certificate;	/* the item under -260, 1 */
} CoseClaims;

typedef enum CoseFault
{
	COSE_OK,
	COSE_BAD_CBOR,				/* not well-formed */
	COSE_BAD_MESSAGE,			/* no COSE_Sign1 */
	COSE_BAD_CLAIMS				/* no map of claims, or one of another type */
} CoseFault;

/* Tags 61 (CWT) and 18 (COSE_Sign1) may stand before it. */
extern CoseFault ob_credential_cose_read(const uint8_t *bytes, size_t length, CoseMessage *message);
extern CoseFault ob_credential_cose_claims(const CoseMessage *message, CoseClaims *claims);

/* The bytes that are signed, ["Signature1", protected, h'', payload]: room for them; writes them and returns how many. */
extern size_t ob_credential_cose_signed_room(const CoseMessage *message);
extern size_t ob_credential_cose_signed(const CoseMessage *message, uint8_t *out);

/* ---- writing ---- */

#define COSE_HEADER_MAX		32	/* of a protected header with a kid of up to 16 bytes */
#define COSE_OVERHEAD_MAX	64	/* of a message beside header, payload and signature */

/* {1: algorithm, 4: kid}; returns its length. kid has at most 16 bytes. */
extern size_t ob_credential_cose_header(int64_t algorithm, CoseBytes kid, uint8_t *out);

/* The message with tag 18; returns its length. */
extern size_t ob_credential_cose_write(const CoseMessage *message, uint8_t *out);

/* Claims 1, 4 and 6, and the head of -260, 1, after which the certificate follows; returns the length. */
#define COSE_CLAIMS_MAX		64	/* beside the issuer */
extern size_t ob_credential_cose_claims_head(CoseBytes issuer, int64_t issued_at, int64_t expires_at, uint8_t *out);

#endif							/* OUTBREAK_COSE_KERNEL_H */
