/*-------------------------------------------------------------------------
 *
 * credential_sign.c
 *	  Fuzz target of keys, certificates and signatures; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/credential_sign.c src/credential/sign_kernel.c -lcrypto -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/credential_sign.c src/credential/sign_kernel.c -lcrypto -o fuzz && ./fuzz 10000
 *
 * Promises that are tried on every input
 *	  Bytes that are no key make none, whatever they are; a key that is made
 *	  can be written and read again. What is signed verifies, with the key
 *	  itself, its point and its certificate; any other message, any changed
 *	  signature and any other key do not.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/sign_kernel.h"

#include <string.h>

#include "fuzz.h"

/* A key that was read from bytes can be written, read and asked. */
static void
try_key(VerifyKey *key, const uint8_t *data, size_t size)
{
	uint8_t		spki[SIGN_SPKI_MAX];
	uint8_t		point[SIGN_POINT_BYTES];
	size_t		length;

	if (key == NULL)
		return;
	length = ob_credential_key_spki(key, spki);
	if (length > 0)
	{
		VerifyKey  *again = ob_credential_key_of_spki(spki, length);

		PROMISE(again != NULL && ob_credential_key_algorithm(again) == ob_credential_key_algorithm(key));
		ob_credential_key_free(again);
	}
	PROMISE(!ob_credential_verify(key, data, size, data, size));
	ob_credential_key_point(key, point);
	ob_credential_key_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t		copy[4096];
	int			usage = 0;

	if (size == 0 || size > sizeof(copy))
		return 0;
	memcpy(copy, data, size);
	try_key(ob_credential_key_of_certificate(copy, size, &usage), data, size);
	try_key(ob_credential_key_of_spki(copy, size), data, size);
	if (size >= SIGN_POINT_BYTES)
		try_key(ob_credential_key_of_point(copy), data, size);
	if (size > 300)
		try_key(ob_credential_key_of_rsa(copy, 256, copy + 256, 3), data, size);
	ob_credential_private_free(ob_credential_private_of_pkcs8(copy, size));
	if (size >= SIGN_SCALAR_BYTES)
		ob_credential_private_free(ob_credential_private_of_scalar(copy));
	return 0;
}

#ifdef STANDALONE
static void
try_signing(long run)
{
	uint8_t		scalar[SIGN_SCALAR_BYTES];
	uint8_t		signature[SIGN_MAX_BYTES];
	uint8_t		spki[SIGN_SPKI_MAX];
	uint8_t		certificate[SIGN_CERTIFICATE_MAX];
	uint8_t		point[SIGN_POINT_BYTES];
	char		message[64];
	int			length = snprintf(message, sizeof(message), "message %ld", run);
	SignKey    *key = ob_credential_private_make(scalar);
	SignKey    *again;
	VerifyKey  *public_key;
	int			usage;
	size_t		n;

	PROMISE(key != NULL && ob_credential_private_algorithm(key) == SIGN_ES256);
	n = ob_credential_private_spki(key, spki);
	PROMISE(n == 91);
	public_key = ob_credential_key_of_spki(spki, n);
	PROMISE(public_key != NULL && ob_credential_key_point(public_key, point));
	PROMISE(ob_credential_sign(key, message, (size_t) length, signature) == SIGN_ES256_BYTES);
	PROMISE(ob_credential_verify(public_key, message, (size_t) length, signature, SIGN_ES256_BYTES));
	PROMISE(!ob_credential_verify(public_key, message, (size_t) length - 1, signature, SIGN_ES256_BYTES));
	PROMISE(!ob_credential_verify(public_key, message, (size_t) length, signature, SIGN_ES256_BYTES - 1));
	for (int bit = (int) (run % 7); bit < 8 * SIGN_ES256_BYTES; bit += 7)
	{
		signature[bit / 8] ^= (uint8_t) (1 << bit % 8);
		PROMISE(!ob_credential_verify(public_key, message, (size_t) length, signature, SIGN_ES256_BYTES));
		signature[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
	ob_credential_key_free(public_key);

	again = ob_credential_private_of_scalar(scalar);
	PROMISE(again != NULL && ob_credential_sign(again, message, (size_t) length, signature) == SIGN_ES256_BYTES);
	public_key = ob_credential_key_of_point(point);
	PROMISE(public_key != NULL && ob_credential_verify(public_key, message, (size_t) length, signature, SIGN_ES256_BYTES));
	ob_credential_key_free(public_key);

	n = ob_credential_self_signed(key, "JP", "Test", 1617235200, 1648771200, certificate);
	PROMISE(n > 0);
	public_key = ob_credential_key_of_certificate(certificate, n, &usage);
	PROMISE(public_key != NULL && usage == USAGE_ALL);
	PROMISE(ob_credential_verify(public_key, message, (size_t) length, signature, SIGN_ES256_BYTES));
	ob_credential_key_free(public_key);
	PROMISE(ob_credential_key_of_certificate(certificate, n - 1, &usage) == NULL);

	/* broken here and there */
	for (int i = 0; i < 20; i++)
	{
		uint8_t		kept = certificate[(size_t) (run * 20 + i) % n];

		certificate[(size_t) (run * 20 + i) % n] ^= (uint8_t) (1 + rand() % 255);
		LLVMFuzzerTestOneInput(certificate, n);
		certificate[(size_t) (run * 20 + i) % n] = kept;
	}
	memset(scalar, run % 2 ? 0 : 0xFF, sizeof(scalar));
	PROMISE(ob_credential_private_of_scalar(scalar) == NULL);
	ob_credential_private_free(key);
	ob_credential_private_free(again);
}

int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 10000;

	srand(20210401);
	for (long run = 0; run < runs / 100 + 1; run++)
		try_signing(run);
	for (long run = 0; run < runs; run++)
	{
		uint8_t		input[512];
		size_t		size = (size_t) rand() % sizeof(input);

		for (size_t i = 0; i < size; i++)
			input[i] = (uint8_t) rand();
		/* bytes that begin as a sequence or a point do get further */
		if (size > 4 && run % 2)
			input[0] = run % 4 == 1 ? 0x30 : 4;
		LLVMFuzzerTestOneInput(input, size);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
