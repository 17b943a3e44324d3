/*-------------------------------------------------------------------------
 *
 * trust.h
 *		Trust lists: whose signatures count.
 *
 * Vocabulary
 *		trust list	jsonb: an array of keys; an object with the array under
 *					"keys" or "certificates"; or an object of such lists by
 *					issuer (SMART Health Cards), which may hold "crls" too
 *		key			a certificate (base64 of DER, or PEM) as a string or under
 *					"certificate" or "rawData"; a JWK; or "publicKey" with a
 *					"kid"
 *
 * A list is read once for as long as a query passes the same one, and the last
 * few small ones for as long as the process lives: reading means base64 and
 * SHA-256; OpenSSL makes a key when it is first needed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_TRUST_H
#define OUTBREAK_TRUST_H

#include "fmgr.h"
#include "utils/jsonb.h"

#include "credential/sign_kernel.h"

typedef enum TrustKids
{
	TRUST_BYTES,				/* kids are base64 of bytes; that of a certificate is the start of its hash */
	TRUST_TEXT					/* kids are compared as they are written (JWK) */
} TrustKids;

typedef struct Trust Trust;

typedef struct TrustKey
{
	const char *issuer;			/* NULL: the list does not say */
	int			issuer_length;
	const char *kid;
	int			kid_length;
	bool		is_revoked;
	double		revoked_at;		/* seconds since 1970 */
	int			usage;			/* USAGE_... */
	VerifyKey  *key;			/* NULL: none that can be used */
} TrustKey;

/* The list in that argument, good until this is called again. Raises 22023 for what is no trust list. */
extern Trust *ob_credential_trust(FunctionCallInfo fcinfo, int argument, TrustKids kids);

/*
 * The next key with that kid, from *at = 0 on; NULL when there is no more.
 * With an issuer, only keys of it, or of no named one.
 */
extern TrustKey *ob_credential_trust_next(Trust *trust, const char *kid, int kid_length,
										  const char *issuer, int issuer_length, int *at);

/* Does the list know the issuer at all? */
extern bool ob_credential_trust_issuer(const Trust *trust, const char *issuer, int length);

/* Is a card with that number, signed with that key and issued then, revoked? */
extern bool ob_credential_trust_revoked(const Trust *trust, const char *issuer, int issuer_length,
										const char *kid, int kid_length,
										const char *rid, int rid_length, double issued_at);

/* ---- members of JSON objects ---- */

/* The string under that name; NULL when there is none. */
extern const char *ob_credential_json_string(JsonbContainer *object, const char *name, int *length);
/* The number under that name; false when there is none. */
extern bool ob_credential_json_number(JsonbContainer *object, const char *name, double *number);

#endif							/* OUTBREAK_TRUST_H */
