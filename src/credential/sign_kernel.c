/*-------------------------------------------------------------------------
 *
 * sign_kernel.c
 *		Signing and verifying with OpenSSL: ES256 and PS256.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/sign_kernel.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define ES256_DER_MAX	80
#define RSA_MIN_BITS	2048
#define RSA_MAX_BITS	8192

struct VerifyKey
{
	EVP_PKEY   *pkey;
	EVP_PKEY_CTX *context;		/* ready for verifying */
	SignAlgorithm algorithm;
};

struct SignKey
{
	EVP_PKEY   *pkey;
	SignAlgorithm algorithm;
};

bool
ob_credential_sha256(const void *bytes, size_t length, uint8_t digest[SIGN_SHA256_BYTES])
{
	return SHA256(bytes, length, digest) != NULL;
}

/* Is it a key of one of our algorithms? Says of which. */
static bool
judge(EVP_PKEY *pkey, SignAlgorithm *algorithm)
{
	char		group[32];
	size_t		length;

	if (EVP_PKEY_is_a(pkey, "EC"))
	{
		*algorithm = SIGN_ES256;
		return EVP_PKEY_get_group_name(pkey, group, sizeof(group), &length) == 1 &&
			(strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0);
	}
	*algorithm = SIGN_PS256;
	return (EVP_PKEY_is_a(pkey, "RSA") || EVP_PKEY_is_a(pkey, "RSA-PSS")) &&
		EVP_PKEY_get_bits(pkey) >= RSA_MIN_BITS && EVP_PKEY_get_bits(pkey) <= RSA_MAX_BITS;
}

/* Makes a context for signing or verifying SHA-256 digests. */
static EVP_PKEY_CTX *
make_context(EVP_PKEY *pkey, SignAlgorithm algorithm, bool signing)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pkey, NULL);

	if (context != NULL &&
		((signing ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)) != 1 ||
		 (algorithm == SIGN_PS256 &&
		  (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
		   EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1)) ||
		 EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1))
	{
		EVP_PKEY_CTX_free(context);
		context = NULL;
	}
	return context;
}

/* Takes the key over, or frees it. */
static VerifyKey *
make_key(EVP_PKEY *pkey)
{
	VerifyKey  *key = NULL;
	SignAlgorithm algorithm;

	if (pkey != NULL && judge(pkey, &algorithm) && (key = OPENSSL_zalloc(sizeof(VerifyKey))) != NULL)
	{
		key->pkey = pkey;
		key->algorithm = algorithm;
		key->context = make_context(pkey, algorithm, false);
		if (key->context == NULL)
		{
			ob_credential_key_free(key);
			key = NULL;
		}
	}
	else
		EVP_PKEY_free(pkey);
	ERR_clear_error();
	return key;
}

/* Which of the usages of EU certificates a certificate names; all when it names none. */
static int
read_usage(const X509 *certificate)
{
	/* the arc of the test authorities of 2021 and the registered one */
	static const char *const arcs[] = {"1.3.6.1.4.1.0.1847.2021.1.", "1.3.6.1.4.1.1847.2021.1."};
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
	int			usage = 0;

	for (int i = 0; list != NULL && i < sk_ASN1_OBJECT_num(list); i++)
	{
		char		oid[64];

		if (OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(list, i), 1) <= 0)
			continue;
		for (int a = 0; a < 2; a++)
		{
			size_t		length = strlen(arcs[a]);

			if (strncmp(oid, arcs[a], length) == 0 && oid[length] >= '1' && oid[length] <= '3' && oid[length + 1] == '\0')
				usage |= 1 << (oid[length] - '1');
		}
	}
	EXTENDED_KEY_USAGE_free(list);
	return usage == 0 ? USAGE_ALL : usage;
}

VerifyKey *
ob_credential_key_of_certificate(const uint8_t *der, size_t length, int *usage)
{
	const unsigned char *at = der;
	X509	   *certificate = length > INT32_MAX ? NULL : d2i_X509(NULL, &at, (long) length);
	VerifyKey  *key = NULL;

	if (certificate != NULL && at == der + length)
	{
		*usage = read_usage(certificate);
		key = make_key(X509_get_pubkey(certificate));
	}
	X509_free(certificate);
	ERR_clear_error();
	return key;
}

VerifyKey *
ob_credential_key_of_spki(const uint8_t *der, size_t length)
{
	const unsigned char *at = der;
	EVP_PKEY   *pkey = length > INT32_MAX ? NULL : d2i_PUBKEY(NULL, &at, (long) length);

	if (pkey != NULL && at != der + length)
	{
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return make_key(pkey);
}

/* A key from its parameters. */
static EVP_PKEY *
key_from(const char *type, OSSL_PARAM *params, int selection)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY   *pkey = NULL;

	if (context == NULL || params == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
		EVP_PKEY_fromdata(context, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(context);
	return pkey;
}

VerifyKey *
ob_credential_key_of_point(const uint8_t point[SIGN_POINT_BYTES])
{
	OSSL_PARAM	params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *) "P-256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *) point, SIGN_POINT_BYTES),
		OSSL_PARAM_construct_end()
	};

	return make_key(key_from("EC", params, EVP_PKEY_PUBLIC_KEY));
}

VerifyKey *
ob_credential_key_of_rsa(const uint8_t *modulus, size_t modulus_length,
						 const uint8_t *exponent, size_t exponent_length)
{
	OSSL_PARAM_BLD *build;
	BIGNUM	   *n;
	BIGNUM	   *e;
	OSSL_PARAM *params = NULL;
	EVP_PKEY   *pkey = NULL;

	if (modulus_length > RSA_MAX_BITS / 8 || exponent_length > 8)
		return NULL;
	build = OSSL_PARAM_BLD_new();
	n = BN_bin2bn(modulus, (int) modulus_length, NULL);
	e = BN_bin2bn(exponent, (int) exponent_length, NULL);
	if (build != NULL && n != NULL && e != NULL &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = key_from("RSA", params, EVP_PKEY_PUBLIC_KEY);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return make_key(pkey);
}

void
ob_credential_key_free(VerifyKey *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_CTX_free(key->context);
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

SignAlgorithm
ob_credential_key_algorithm(const VerifyKey *key)
{
	return key->algorithm;
}

static size_t
write_spki(EVP_PKEY *pkey, uint8_t *out)
{
	int			length = i2d_PUBKEY(pkey, NULL);

	if (length <= 0 || length > SIGN_SPKI_MAX)
		return 0;
	return i2d_PUBKEY(pkey, &out) == length ? (size_t) length : 0;
}

size_t
ob_credential_key_spki(const VerifyKey *key, uint8_t *out)
{
	return write_spki(key->pkey, out);
}

bool
ob_credential_key_point(const VerifyKey *key, uint8_t point[SIGN_POINT_BYTES])
{
	BIGNUM	   *x = NULL;
	BIGNUM	   *y = NULL;
	bool		done = key->algorithm == SIGN_ES256 &&
		EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
		EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
		BN_bn2binpad(x, point + 1, 32) == 32 && BN_bn2binpad(y, point + 33, 32) == 32;

	point[0] = 4;
	BN_free(x);
	BN_free(y);
	return done;
}

/* Writes r and s as an ASN.1 sequence of two integers; returns its length. */
static size_t
to_der(const uint8_t *raw, uint8_t *der)
{
	uint8_t    *out = der + 2;

	for (int half = 0; half < 2; half++)
	{
		const uint8_t *number = raw + 32 * half;
		size_t		length = 32;
		bool		sign;

		while (length > 1 && *number == 0)
		{
			number++;
			length--;
		}
		sign = (*number & 0x80) != 0;
		*out++ = 2;
		*out++ = (uint8_t) (length + sign);
		if (sign)
			*out++ = 0;
		memcpy(out, number, length);
		out += length;
	}
	der[0] = 0x30;
	der[1] = (uint8_t) (out - der - 2);
	return (size_t) (out - der);
}

/* The other way round. */
static bool
from_der(const uint8_t *der, size_t length, uint8_t *raw)
{
	ECDSA_SIG  *pair = d2i_ECDSA_SIG(NULL, &der, (long) length);
	bool		done = pair != NULL &&
		BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32) == 32 &&
		BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32) == 32;

	ECDSA_SIG_free(pair);
	return done;
}

bool
ob_credential_verify(VerifyKey *key, const void *message, size_t length,
					 const uint8_t *signature, size_t signature_length)
{
	uint8_t		digest[SIGN_SHA256_BYTES];
	uint8_t		der[ES256_DER_MAX];
	bool		holds;

	if (key->algorithm == SIGN_ES256)
	{
		if (signature_length != SIGN_ES256_BYTES)
			return false;
		signature_length = to_der(signature, der);
		signature = der;
	}
	holds = ob_credential_sha256(message, length, digest) &&
		EVP_PKEY_verify(key->context, signature, signature_length, digest, sizeof(digest)) == 1;
	ERR_clear_error();
	return holds;
}

/* ---- private keys ---- */

/* Takes the key over, or frees it. */
static SignKey *
make_private(EVP_PKEY *pkey)
{
	SignKey    *key = NULL;
	SignAlgorithm algorithm;

	if (pkey != NULL && judge(pkey, &algorithm) && (key = OPENSSL_zalloc(sizeof(SignKey))) != NULL)
	{
		key->pkey = pkey;
		key->algorithm = algorithm;
	}
	else
		EVP_PKEY_free(pkey);
	ERR_clear_error();
	return key;
}

SignKey *
ob_credential_private_of_pkcs8(const uint8_t *der, size_t length)
{
	const unsigned char *at = der;
	PKCS8_PRIV_KEY_INFO *info = length > INT32_MAX ? NULL : d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long) length);
	EVP_PKEY   *pkey = info != NULL && at == der + length ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	return make_private(pkey);
}

/* The point of a number of P-256. */
static bool
multiply(const BIGNUM *number, uint8_t point[SIGN_POINT_BYTES])
{
	EC_GROUP   *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT   *public_point = group != NULL ? EC_POINT_new(group) : NULL;
	bool		done = public_point != NULL &&
		!BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
		EC_POINT_mul(group, public_point, number, NULL, NULL, NULL) == 1 &&
		EC_POINT_point2oct(group, public_point, POINT_CONVERSION_UNCOMPRESSED, point, SIGN_POINT_BYTES, NULL) == SIGN_POINT_BYTES;

	EC_POINT_free(public_point);
	EC_GROUP_free(group);
	return done;
}

SignKey *
ob_credential_private_of_scalar(const uint8_t scalar[SIGN_SCALAR_BYTES])
{
	BIGNUM	   *number = BN_secure_new();
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY   *pkey = NULL;
	uint8_t		point[SIGN_POINT_BYTES];

	if (number != NULL)
		BN_set_flags(number, BN_FLG_CONSTTIME);
	if (number != NULL && build != NULL && BN_bin2bn(scalar, SIGN_SCALAR_BYTES, number) != NULL &&
		multiply(number, point) &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = key_from("EC", params, EVP_PKEY_KEYPAIR);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_clear_free(number);
	return make_private(pkey);
}

SignKey *
ob_credential_private_make(uint8_t scalar[SIGN_SCALAR_BYTES])
{
	EVP_PKEY   *pkey = EVP_EC_gen("P-256");
	BIGNUM	   *number = NULL;

	if (pkey != NULL &&
		(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1 ||
		 BN_bn2binpad(number, scalar, SIGN_SCALAR_BYTES) != SIGN_SCALAR_BYTES))
	{
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	BN_clear_free(number);
	return make_private(pkey);
}

void
ob_credential_private_free(SignKey *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

SignAlgorithm
ob_credential_private_algorithm(const SignKey *key)
{
	return key->algorithm;
}

size_t
ob_credential_private_spki(const SignKey *key, uint8_t *out)
{
	return write_spki(key->pkey, out);
}

size_t
ob_credential_sign(SignKey *key, const void *message, size_t length, uint8_t *signature)
{
	uint8_t		digest[SIGN_SHA256_BYTES];
	uint8_t		der[SIGN_MAX_BYTES];
	size_t		size = sizeof(der);
	EVP_PKEY_CTX *context = make_context(key->pkey, key->algorithm, true);
	bool		done = context != NULL && ob_credential_sha256(message, length, digest) &&
		EVP_PKEY_sign(context, der, &size, digest, sizeof(digest)) == 1;

	EVP_PKEY_CTX_free(context);
	if (done && key->algorithm == SIGN_ES256)
	{
		done = from_der(der, size, signature);
		size = SIGN_ES256_BYTES;
	}
	else if (done)
		memcpy(signature, der, size);
	ERR_clear_error();
	return done ? size : 0;
}

size_t
ob_credential_self_signed(SignKey *key, const char *country, const char *name,
						  int64_t from, int64_t until, uint8_t *out)
{
	X509	   *certificate = X509_new();
	X509_NAME  *subject = X509_NAME_new();
	BIGNUM	   *serial = BN_new();
	uint8_t    *end = out;
	int			length = 0;

	if (certificate != NULL && subject != NULL && serial != NULL &&
		BN_rand(serial, 64, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL &&
		X509_set_version(certificate, 2) == 1 &&
		ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t) from) != NULL &&
		ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t) until) != NULL &&
		X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_UTF8, (const unsigned char *) country, -1, -1, 0) == 1 &&
		X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *) name, -1, -1, 0) == 1 &&
		X509_set_subject_name(certificate, subject) == 1 && X509_set_issuer_name(certificate, subject) == 1 &&
		X509_set_pubkey(certificate, key->pkey) == 1 &&
		X509_sign(certificate, key->pkey, EVP_sha256()) > 0)
		length = i2d_X509(certificate, NULL);
	if (length > SIGN_CERTIFICATE_MAX || (length > 0 && i2d_X509(certificate, &end) != length))
		length = 0;
	X509_free(certificate);
	X509_NAME_free(subject);
	BN_free(serial);
	ERR_clear_error();
	return length > 0 ? (size_t) length : 0;
}
