/*-------------------------------------------------------------------------
 *
 * seal_kernel.h
 *		Envelopes of sealed values, and the cryptography under them. Plain C
 *		on bytes: no PostgreSQL header.
 *
 * Vocabulary
 *		envelope	what a sealed column holds:
 *						version (1) | flags (1) | tag (16) | nonce (12) | ciphertext | mac (16)
 *					An envelope for looking up (SEAL_LOOKUP) ends after the tag.
 *		tag			HMAC-SHA-256 over purpose, a zero byte and the normalised
 *					value, cut to 16 bytes; what = compares.
 *		data key	32 random bytes of one subject; every value of that person
 *					is encrypted with it.
 *		wrapped key	a key encrypted with another: nonce (12) | ciphertext (32) | mac (16)
 *
 * Invariants
 *		Everything of an envelope outside of the ciphertext, and purpose and
 *		subject, is authenticated with it (AES-256-GCM's associated data), so
 *		no byte can be changed and no envelope be moved to another purpose or
 *		subject.  No plain byte is given out before the mac has been checked.
 *		Nonces are random and 96 bits long.  No function throws; all of them
 *		check every answer of OpenSSL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SEAL_KERNEL_H
#define OUTBREAK_SEAL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_VERSION		1
#define SEAL_LOOKUP			0x01	/* flag: nothing but the tag */

#define SEAL_KEY_BYTES		32
#define SEAL_TAG_BYTES		16
#define SEAL_NONCE_BYTES	12
#define SEAL_MAC_BYTES		16
#define SEAL_SUBJECT_BYTES	16
#define SEAL_HEADER_BYTES	(2 + SEAL_TAG_BYTES)
#define SEAL_OVERHEAD_BYTES	(SEAL_HEADER_BYTES + SEAL_NONCE_BYTES + SEAL_MAC_BYTES)
#define SEAL_WRAPPED_BYTES	(SEAL_NONCE_BYTES + SEAL_KEY_BYTES + SEAL_MAC_BYTES)

/* Longest purpose in bytes, and longest value. */
#define SEAL_PURPOSE_MAX	63
#define SEAL_VALUE_MAX		(16 * 1024 * 1024)

/* What the text form begins with; base64url without padding follows. */
#define SEAL_PREFIX			"ob1."
#define SEAL_PREFIX_BYTES	4

typedef enum SealResult
{
	SEAL_OK,
	SEAL_REFUSED,				/* wrong key, purpose or subject, or changed bytes */
	SEAL_BROKEN					/* OpenSSL failed */
} SealResult;

/* An AES-256-GCM key ready for use; a keyed HMAC-SHA-256. */
typedef struct SealCipher SealCipher;
typedef struct SealTagger SealTagger;

/* What a wrapped key is for; part of what is authenticated with it. */
typedef struct SealWrapping
{
	char		kind;			/* 'd' data key, 't' tag key */
	uint32_t	version;		/* of the master key */
	const uint8_t *subject;		/* SEAL_SUBJECT_BYTES, or NULL for none */
} SealWrapping;

/* NULL when there is no memory or OpenSSL lacks the algorithm. */
extern SealCipher *ob_access_cipher_make(void);
extern bool ob_access_cipher_set_key(SealCipher *cipher, const uint8_t *key);
/* Forgets the key; the cipher may be given another. */
extern void ob_access_cipher_wipe(SealCipher *cipher);
extern void ob_access_cipher_free(SealCipher *cipher);

extern SealTagger *ob_access_tagger_make(const uint8_t *key, size_t length);
/* Another one with the same key; NULL when there is no memory. */
extern SealTagger *ob_access_tagger_copy(const SealTagger *tagger);
extern void ob_access_tagger_free(SealTagger *tagger);
/* The first `length` (at most 32) bytes of HMAC(first, 0, second); first may be NULL: HMAC(second). */
extern bool ob_access_tagger_tag(SealTagger *tagger, const void *first, size_t first_length,
								 const void *second, size_t second_length,
								 uint8_t *tag, size_t length);

/* Raw AES-256-GCM, for what is below and for published test vectors; in and out may be the same. */
extern bool ob_access_gcm_encrypt(SealCipher *cipher, const uint8_t *nonce,
								  const uint8_t *aad, size_t aad_length,
								  const uint8_t *in, size_t length, uint8_t *out, uint8_t *mac);
extern SealResult ob_access_gcm_decrypt(SealCipher *cipher, const uint8_t *nonce,
										const uint8_t *aad, size_t aad_length,
										const uint8_t *in, size_t length, uint8_t *out, const uint8_t *mac);

extern bool ob_access_hkdf(const uint8_t *key, size_t key_length,
						   const uint8_t *salt, size_t salt_length,
						   const uint8_t *info, size_t info_length,
						   uint8_t *out, size_t length);

/* Random bytes for keys and nonces, taken from a pool of the process. */
extern bool ob_access_random(uint8_t *out, size_t length);

/* Writes length + SEAL_OVERHEAD_BYTES bytes. */
extern SealResult ob_access_seal(SealCipher *cipher, const uint8_t *tag,
								 const char *purpose, size_t purpose_length, const uint8_t *subject,
								 const uint8_t *value, size_t length, uint8_t *envelope);
/* Writes length - SEAL_OVERHEAD_BYTES bytes; on refusal they are zero. */
extern SealResult ob_access_open(SealCipher *cipher,
								 const char *purpose, size_t purpose_length, const uint8_t *subject,
								 const uint8_t *envelope, size_t length, uint8_t *value);
extern void ob_access_seal_lookup(const uint8_t *tag, uint8_t *envelope);

extern SealResult ob_access_wrap(SealCipher *cipher, const SealWrapping *wrapping,
								 const uint8_t *key, uint8_t *wrapped);
extern SealResult ob_access_unwrap(SealCipher *cipher, const SealWrapping *wrapping,
								   const uint8_t *wrapped, uint8_t *key);

/* Have the bytes the form of an envelope? */
extern bool ob_access_envelope_valid(const uint8_t *envelope, size_t length);

/* Text form. Sizes are exact; reading takes the one way of writing an envelope and no other. */
extern size_t ob_access_envelope_text_length(size_t length);
extern void ob_access_envelope_write(const uint8_t *envelope, size_t length, char *text);
/* Bytes that a text of that length holds, or 0 when no envelope has that length. */
extern size_t ob_access_envelope_length(size_t text_length);
extern bool ob_access_envelope_read(const char *text, size_t text_length, uint8_t *envelope);

#endif							/* OUTBREAK_SEAL_KERNEL_H */
