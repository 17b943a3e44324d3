/*-------------------------------------------------------------------------
 *
 * sign_kernel.h
 *		Signing and verifying with OpenSSL: ES256 (ECDSA, P-256, SHA-256) with
 *		signatures as r and s, and PS256 (RSASSA-PSS). Plain C: no PostgreSQL
 *		header.
 *
 * Vocabulary
 *		public key	DER of SubjectPublicKeyInfo
 *		private key DER of PKCS #8, or the bare number of a P-256 key
 *		usage		the kinds of EU certificates that a signer's certificate
 *					says it may sign
 *
 * Invariants
 *		Keys are P-256, or RSA of 2048 to 8192 bits; no other is made. No
 *		function throws, all of them check every answer of OpenSSL and leave
 *		its error queue empty. OpenSSL takes memory for itself: a VerifyKey
 *		and a SignKey are given back with ..._free().
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SIGN_KERNEL_H
#define OUTBREAK_SIGN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_SHA256_BYTES	32
#define SIGN_SCALAR_BYTES	32		/* of a private P-256 key */
#define SIGN_POINT_BYTES	65		/* 4, x, y */
#define SIGN_ES256_BYTES	64
#define SIGN_MAX_BYTES		1024	/* of any signature */
#define SIGN_SPKI_MAX		1200	/* of any public key */
#define SIGN_CERTIFICATE_MAX 1024	/* of one that we make */

typedef enum SignAlgorithm
{
	SIGN_ES256,
	SIGN_PS256
} SignAlgorithm;

enum
{
	USAGE_TEST = 1,
	USAGE_VACCINATION = 2,
	USAGE_RECOVERY = 4,
	USAGE_ALL = 7
};

typedef struct VerifyKey VerifyKey;
typedef struct SignKey SignKey;

extern bool ob_credential_sha256(const void *bytes, size_t length, uint8_t digest[SIGN_SHA256_BYTES]);

/* ---- public keys ---- */

/* Each gives NULL for what is no such key. A certificate without usages may sign all. */
extern VerifyKey *ob_credential_key_of_certificate(const uint8_t *der, size_t length, int *usage);
extern VerifyKey *ob_credential_key_of_spki(const uint8_t *der, size_t length);
extern VerifyKey *ob_credential_key_of_point(const uint8_t point[SIGN_POINT_BYTES]);
extern VerifyKey *ob_credential_key_of_rsa(const uint8_t *modulus, size_t modulus_length,
										   const uint8_t *exponent, size_t exponent_length);
extern void ob_credential_key_free(VerifyKey *key);

extern SignAlgorithm ob_credential_key_algorithm(const VerifyKey *key);
/* Writes at most SIGN_SPKI_MAX bytes; returns how many, 0 on failure. */
extern size_t ob_credential_key_spki(const VerifyKey *key, uint8_t *out);
/* x and y of a P-256 key. */
extern bool ob_credential_key_point(const VerifyKey *key, uint8_t point[SIGN_POINT_BYTES]);

/* Does the signature hold? */
extern bool ob_credential_verify(VerifyKey *key, const void *message, size_t length,
								 const uint8_t *signature, size_t signature_length);

/* ---- private keys ---- */

extern SignKey *ob_credential_private_of_pkcs8(const uint8_t *der, size_t length);
extern SignKey *ob_credential_private_of_scalar(const uint8_t scalar[SIGN_SCALAR_BYTES]);
/* A new P-256 key; its number goes to scalar. */
extern SignKey *ob_credential_private_make(uint8_t scalar[SIGN_SCALAR_BYTES]);
extern void ob_credential_private_free(SignKey *key);

extern SignAlgorithm ob_credential_private_algorithm(const SignKey *key);
extern size_t ob_credential_private_spki(const SignKey *key, uint8_t *out);

/* Writes at most SIGN_MAX_BYTES; returns how many, 0 on failure. */
extern size_t ob_credential_sign(SignKey *key, const void *message, size_t length, uint8_t *signature);

/*
 * A certificate of the key that it signs itself: CN and C as named, valid
 * between two seconds since 1970. Writes at most SIGN_CERTIFICATE_MAX bytes;
 * returns how many, 0 on failure.
 */
extern size_t ob_credential_self_signed(SignKey *key, const char *country, const char *name,
										int64_t from, int64_t until, uint8_t *out);

#endif							/* OUTBREAK_SIGN_KERNEL_H */
