/*-------------------------------------------------------------------------
 *
 * signer.h
 *		Private keys of ours: sealed, and opened for the moment of signing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SIGNER_H
#define OUTBREAK_SIGNER_H

#include "fmgr.h"
#include "utils/uuid.h"

#include "credential/sign_kernel.h"

/*
 * A private key from PKCS #8. Raises 22023, with nothing of it, for what is
 * none of P-256 or RSA.
 */
extern SignKey *ob_credential_signer_of(const bytea *pkcs8);

/*
 * The private key in that envelope, sealed for that key's number. Raises OB020
 * for whatever keeps it from being opened, OB021 without a usable master key.
 */
extern SignKey *ob_credential_signer_sealed(const bytea *envelope, const pg_uuid_t *number);

/*
 * Signs, and frees the key whatever comes of it; returns the length. Raises
 * XX000 when OpenSSL does not sign.
 */
extern size_t ob_credential_sign_once(SignKey *key, const void *message, size_t length, uint8 signature[SIGN_MAX_BYTES]);

#endif							/* OUTBREAK_SIGNER_H */
