/*-------------------------------------------------------------------------
 *
 * seal_kernel.c
 *		Envelopes of sealed values, and the cryptography under them; see
 *		seal_kernel.h for the vocabulary.
 *
 * Contexts of OpenSSL are made once and used again: making one costs more than
 * encrypting a name. Nothing here throws, so none is lost on the way.
 *
 *-------------------------------------------------------------------------
 */
#include "access/seal_kernel.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#define HMAC_BYTES	32

struct SealCipher
{
	EVP_CIPHER *algorithm;
	EVP_CIPHER_CTX *context;
};

struct SealTagger
{
	EVP_MAC_CTX *context;
};

/* ---- AES-256-GCM ------------------------------------------------------ */

SealCipher *
ob_access_cipher_make(void)
{
	SealCipher *cipher = OPENSSL_zalloc(sizeof(SealCipher));

	if (cipher == NULL)
		return NULL;
	cipher->algorithm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	cipher->context = EVP_CIPHER_CTX_new();
	if (cipher->algorithm == NULL || cipher->context == NULL)
	{
		ob_access_cipher_free(cipher);
		ERR_clear_error();
		return NULL;
	}
	return cipher;
}

bool
ob_access_cipher_set_key(SealCipher *cipher, const uint8_t *key)
{
	if (EVP_EncryptInit_ex2(cipher->context, cipher->algorithm, key, NULL, NULL) == 1)
		return true;
	ob_access_cipher_wipe(cipher);
	ERR_clear_error();
	return false;
}

void
ob_access_cipher_wipe(SealCipher *cipher)
{
	/* OpenSSL cleanses the key schedule that it frees here. */
	EVP_CIPHER_CTX_reset(cipher->context);
}

void
ob_access_cipher_free(SealCipher *cipher)
{
	if (cipher == NULL)
		return;
	EVP_CIPHER_CTX_free(cipher->context);
	EVP_CIPHER_free(cipher->algorithm);
	OPENSSL_free(cipher);
}

bool
ob_access_gcm_encrypt(SealCipher *cipher, const uint8_t *nonce,
					  const uint8_t *aad, size_t aad_length,
					  const uint8_t *in, size_t length, uint8_t *out, uint8_t *mac)
{
	uint8_t		rest[EVP_MAX_BLOCK_LENGTH];
	int			done = 0;
	int			more = 0;

	if (length > INT_MAX || aad_length > INT_MAX)
		return false;
	if (EVP_EncryptInit_ex2(cipher->context, NULL, NULL, nonce, NULL) == 1 &&
		(aad_length == 0 ||
		 EVP_EncryptUpdate(cipher->context, NULL, &more, aad, (int) aad_length) == 1) &&
		(length == 0 ||
		 EVP_EncryptUpdate(cipher->context, out, &done, in, (int) length) == 1) &&
		(size_t) done == length &&
		EVP_EncryptFinal_ex(cipher->context, rest, &more) == 1 &&
		more == 0 &&
		EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_GET_TAG, SEAL_MAC_BYTES, mac) == 1)
		return true;
	ERR_clear_error();
	return false;
}

SealResult
ob_access_gcm_decrypt(SealCipher *cipher, const uint8_t *nonce,
					  const uint8_t *aad, size_t aad_length,
					  const uint8_t *in, size_t length, uint8_t *out, const uint8_t *mac)
{
	uint8_t		expected[SEAL_MAC_BYTES];
	uint8_t		rest[EVP_MAX_BLOCK_LENGTH];
	int			done = 0;
	int			more = 0;
	SealResult	result = SEAL_BROKEN;

	if (length > INT_MAX || aad_length > INT_MAX)
		return SEAL_REFUSED;
	memcpy(expected, mac, SEAL_MAC_BYTES);
	if (EVP_DecryptInit_ex2(cipher->context, NULL, NULL, nonce, NULL) == 1 &&
		(aad_length == 0 ||
		 EVP_DecryptUpdate(cipher->context, NULL, &more, aad, (int) aad_length) == 1) &&
		(length == 0 ||
		 EVP_DecryptUpdate(cipher->context, out, &done, in, (int) length) == 1) &&
		(size_t) done == length &&
		EVP_CIPHER_CTX_ctrl(cipher->context, EVP_CTRL_AEAD_SET_TAG, SEAL_MAC_BYTES, expected) == 1)
		result = EVP_DecryptFinal_ex(cipher->context, rest, &more) == 1 && more == 0 ?
			SEAL_OK : SEAL_REFUSED;
	if (result != SEAL_OK)
	{
		OPENSSL_cleanse(out, length);
		ERR_clear_error();
	}
	return result;
}

/* ---- HMAC, HKDF, random bytes ----------------------------------------- */

SealTagger *
ob_access_tagger_make(const uint8_t *key, size_t length)
{
	SealTagger *tagger = OPENSSL_zalloc(sizeof(SealTagger));
	EVP_MAC    *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
	OSSL_PARAM	params[2];

	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0);
	params[1] = OSSL_PARAM_construct_end();
	if (tagger != NULL && algorithm != NULL)
		tagger->context = EVP_MAC_CTX_new(algorithm);
	EVP_MAC_free(algorithm);	/* the context holds it too */
	if (tagger != NULL && tagger->context != NULL &&
		EVP_MAC_init(tagger->context, key, length, params) == 1)
		return tagger;
	ob_access_tagger_free(tagger);
	ERR_clear_error();
	return NULL;
}

SealTagger *
ob_access_tagger_copy(const SealTagger *tagger)
{
	SealTagger *copy = OPENSSL_zalloc(sizeof(SealTagger));

	if (copy == NULL)
		return NULL;
	copy->context = EVP_MAC_CTX_dup(tagger->context);
	if (copy->context != NULL)
		return copy;
	OPENSSL_free(copy);
	ERR_clear_error();
	return NULL;
}

void
ob_access_tagger_free(SealTagger *tagger)
{
	if (tagger == NULL)
		return;
	EVP_MAC_CTX_free(tagger->context);	/* cleanses the key */
	OPENSSL_free(tagger);
}

bool
ob_access_tagger_tag(SealTagger *tagger, const void *first, size_t first_length,
					 const void *second, size_t second_length,
					 uint8_t *tag, size_t length)
{
	static const uint8_t zero = 0;
	uint8_t		hash[HMAC_BYTES];
	size_t		hash_length = 0;
	bool		done;

	if (length > HMAC_BYTES)
		return false;
	/* without a key the context starts again with the one that it has */
	done = EVP_MAC_init(tagger->context, NULL, 0, NULL) == 1 &&
		(first == NULL ||
		 (EVP_MAC_update(tagger->context, first, first_length) == 1 &&
		  EVP_MAC_update(tagger->context, &zero, 1) == 1)) &&
		(second_length == 0 ||
		 EVP_MAC_update(tagger->context, second, second_length) == 1) &&
		EVP_MAC_final(tagger->context, hash, &hash_length, sizeof(hash)) == 1 &&
		hash_length == HMAC_BYTES;
	if (done)
		memcpy(tag, hash, length);
	else
		ERR_clear_error();
	OPENSSL_cleanse(hash, sizeof(hash));
	return done;
}

bool
ob_access_hkdf(const uint8_t *key, size_t key_length,
			   const uint8_t *salt, size_t salt_length,
			   const uint8_t *info, size_t info_length,
			   uint8_t *out, size_t length)
{
	EVP_KDF    *algorithm = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = algorithm != NULL ? EVP_KDF_CTX_new(algorithm) : NULL;
	OSSL_PARAM	params[5];
	int			count = 0;
	bool		done;

	params[count++] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0);
	params[count++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *) key, key_length);
	if (salt_length > 0)
		params[count++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *) salt, salt_length);
	if (info_length > 0)
		params[count++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *) info, info_length);
	params[count] = OSSL_PARAM_construct_end();

	done = context != NULL && EVP_KDF_derive(context, out, length, params) == 1;
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(algorithm);
	if (!done)
		ERR_clear_error();
	return done;
}

bool
ob_access_random(uint8_t *out, size_t length)
{
	static uint8_t pool[1024];
	static size_t left = 0;

	/* One call of OpenSSL's generator costs as much as sealing a value, so it is asked for many bytes at once. */
	if (length > sizeof(pool))
		return length <= INT_MAX && RAND_bytes(out, (int) length) == 1;
	if (left < length)
	{
		left = 0;
		if (RAND_bytes(pool, sizeof(pool)) != 1)
		{
			ERR_clear_error();
			return false;
		}
		left = sizeof(pool);
	}
	memcpy(out, pool + left - length, length);
	OPENSSL_cleanse(pool + left - length, length);
	left -= length;
	return true;
}

/* ---- values ----------------------------------------------------------- */

/* Longest associated data: its label, the header, and purpose and subject behind their lengths. */
#define AAD_MAX		(16 + SEAL_HEADER_BYTES + 4 + SEAL_PURPOSE_MAX + 4 + SEAL_SUBJECT_BYTES)

static uint8_t *
put_bytes(uint8_t *at, const void *bytes, size_t length)
{
	memcpy(at, bytes, length);
	return at + length;
}

static uint8_t *
put_number(uint8_t *at, uint32_t number)
{
	*at++ = (uint8_t) (number >> 24);
	*at++ = (uint8_t) (number >> 16);
	*at++ = (uint8_t) (number >> 8);
	*at++ = (uint8_t) number;
	return at;
}

/* What is authenticated with a value. */
static size_t
value_aad(uint8_t *aad, const uint8_t *header, const char *purpose, size_t purpose_length,
		  const uint8_t *subject)
{
	uint8_t    *end = aad;

	end = put_bytes(end, "outbreak sealed", 16);
	end = put_bytes(end, header, SEAL_HEADER_BYTES);
	end = put_number(end, (uint32_t) purpose_length);
	end = put_bytes(end, purpose, purpose_length);
	end = put_number(end, SEAL_SUBJECT_BYTES);
	end = put_bytes(end, subject, SEAL_SUBJECT_BYTES);
	return (size_t) (end - aad);
}

SealResult
ob_access_seal(SealCipher *cipher, const uint8_t *tag,
			   const char *purpose, size_t purpose_length, const uint8_t *subject,
			   const uint8_t *value, size_t length, uint8_t *envelope)
{
	uint8_t		aad[AAD_MAX];
	uint8_t    *nonce = envelope + SEAL_HEADER_BYTES;
	uint8_t    *ciphertext = nonce + SEAL_NONCE_BYTES;
	size_t		aad_length;

	if (purpose_length > SEAL_PURPOSE_MAX || length > SEAL_VALUE_MAX)
		return SEAL_REFUSED;
	envelope[0] = SEAL_VERSION;
	envelope[1] = 0;
	memcpy(envelope + 2, tag, SEAL_TAG_BYTES);
	if (!ob_access_random(nonce, SEAL_NONCE_BYTES))
		return SEAL_BROKEN;
	aad_length = value_aad(aad, envelope, purpose, purpose_length, subject);
	if (!ob_access_gcm_encrypt(cipher, nonce, aad, aad_length,
							   value, length, ciphertext, ciphertext + length))
		return SEAL_BROKEN;
	return SEAL_OK;
}

SealResult
ob_access_open(SealCipher *cipher,
			   const char *purpose, size_t purpose_length, const uint8_t *subject,
			   const uint8_t *envelope, size_t length, uint8_t *value)
{
	uint8_t		aad[AAD_MAX];
	const uint8_t *nonce = envelope + SEAL_HEADER_BYTES;
	const uint8_t *ciphertext = nonce + SEAL_NONCE_BYTES;
	size_t		value_length;
	size_t		aad_length;

	if (!ob_access_envelope_valid(envelope, length) || (envelope[1] & SEAL_LOOKUP) != 0 ||
		purpose_length > SEAL_PURPOSE_MAX)
		return SEAL_REFUSED;
	value_length = length - SEAL_OVERHEAD_BYTES;
	aad_length = value_aad(aad, envelope, purpose, purpose_length, subject);
	return ob_access_gcm_decrypt(cipher, nonce, aad, aad_length,
								 ciphertext, value_length, value, ciphertext + value_length);
}

void
ob_access_seal_lookup(const uint8_t *tag, uint8_t *envelope)
{
	envelope[0] = SEAL_VERSION;
	envelope[1] = SEAL_LOOKUP;
	memcpy(envelope + 2, tag, SEAL_TAG_BYTES);
}

/* ---- keys ------------------------------------------------------------- */

#define WRAP_AAD_BYTES	(16 + 1 + 4 + SEAL_SUBJECT_BYTES)

/* What is authenticated with a wrapped key. */
static void
wrap_aad(uint8_t *aad, const SealWrapping *wrapping)
{
	static const uint8_t nobody[SEAL_SUBJECT_BYTES] = {0};

	aad = put_bytes(aad, "outbreak wrapped", 16);
	*aad++ = (uint8_t) wrapping->kind;
	aad = put_number(aad, wrapping->version);
	put_bytes(aad, wrapping->subject != NULL ? wrapping->subject : nobody, SEAL_SUBJECT_BYTES);
}

SealResult
ob_access_wrap(SealCipher *cipher, const SealWrapping *wrapping, const uint8_t *key, uint8_t *wrapped)
{
	uint8_t		aad[WRAP_AAD_BYTES];
	uint8_t    *ciphertext = wrapped + SEAL_NONCE_BYTES;

	wrap_aad(aad, wrapping);
	if (!ob_access_random(wrapped, SEAL_NONCE_BYTES) ||
		!ob_access_gcm_encrypt(cipher, wrapped, aad, sizeof(aad), key, SEAL_KEY_BYTES,
							   ciphertext, ciphertext + SEAL_KEY_BYTES))
		return SEAL_BROKEN;
	return SEAL_OK;
}

SealResult
ob_access_unwrap(SealCipher *cipher, const SealWrapping *wrapping, const uint8_t *wrapped, uint8_t *key)
{
	uint8_t		aad[WRAP_AAD_BYTES];
	const uint8_t *ciphertext = wrapped + SEAL_NONCE_BYTES;

	wrap_aad(aad, wrapping);
	return ob_access_gcm_decrypt(cipher, wrapped, aad, sizeof(aad), ciphertext, SEAL_KEY_BYTES,
								 key, ciphertext + SEAL_KEY_BYTES);
}

/* ---- form ------------------------------------------------------------- */

bool
ob_access_envelope_valid(const uint8_t *envelope, size_t length)
{
	if (length < SEAL_HEADER_BYTES || envelope[0] != SEAL_VERSION)
		return false;
	if (envelope[1] == SEAL_LOOKUP)
		return length == SEAL_HEADER_BYTES;
	return envelope[1] == 0 && length >= SEAL_OVERHEAD_BYTES &&
		length <= SEAL_OVERHEAD_BYTES + SEAL_VALUE_MAX;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits that a letter stands for, or -1. */
static int
letter_bits(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	if (letter == '-')
		return 62;
	return letter == '_' ? 63 : -1;
}

size_t
ob_access_envelope_text_length(size_t length)
{
	return SEAL_PREFIX_BYTES + (length * 4 + 2) / 3;
}

void
ob_access_envelope_write(const uint8_t *envelope, size_t length, char *text)
{
	uint32_t	bits = 0;
	int			count = 0;

	memcpy(text, SEAL_PREFIX, SEAL_PREFIX_BYTES);
	text += SEAL_PREFIX_BYTES;
	for (size_t i = 0; i < length; i++)
	{
		bits = (bits << 8) | envelope[i];
		for (count += 8; count >= 6; count -= 6)
			*text++ = letters[(bits >> (count - 6)) & 63];
	}
	if (count > 0)
		*text++ = letters[(bits << (6 - count)) & 63];
}

size_t
ob_access_envelope_length(size_t text_length)
{
	if (text_length < SEAL_PREFIX_BYTES || text_length > ob_access_envelope_text_length(SEAL_OVERHEAD_BYTES + SEAL_VALUE_MAX))
		return 0;
	return (text_length - SEAL_PREFIX_BYTES) * 3 / 4;
}

bool
ob_access_envelope_read(const char *text, size_t text_length, uint8_t *envelope)
{
	size_t		length = ob_access_envelope_length(text_length);
	uint8_t    *out = envelope;
	uint32_t	bits = 0;
	int			count = 0;

	if (length == 0 || ob_access_envelope_text_length(length) != text_length ||
		memcmp(text, SEAL_PREFIX, SEAL_PREFIX_BYTES) != 0)
		return false;
	for (size_t i = SEAL_PREFIX_BYTES; i < text_length; i++)
	{
		int			six = letter_bits(text[i]);

		if (six < 0)
			return false;
		bits = (bits << 6) | (uint32_t) six;
		count += 6;
		if (count >= 8)
		{
			count -= 8;
			*out++ = (uint8_t) (bits >> count);
		}
	}
	/* the bits behind the last byte are zero, so that an envelope has one text */
	if ((bits & ((1u << count) - 1)) != 0)
		return false;
	return ob_access_envelope_valid(envelope, length);
}
