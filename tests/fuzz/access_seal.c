/*-------------------------------------------------------------------------
 *
 * access_seal.c
 *	  Published test vectors and fuzz target of src/access/seal_kernel.c;
 *	  needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/access_seal.c src/access/seal_kernel.c -lcrypto -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many);
 * tests/sql/access/ciphers_give_the_published_answers runs it so:
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/access_seal.c src/access/seal_kernel.c -lcrypto -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  No byte is read or written out of bounds.  A text that is read as an
 *	  envelope is written back as the same text.  Bytes that were not sealed are
 *	  never opened, and leave nothing but zeros.  What was sealed is opened with
 *	  its own key, purpose and subject, and not after one bit has changed, in
 *	  the envelope, the key, the purpose or the subject.
 *
 *-------------------------------------------------------------------------
 */
#include "access/seal_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static const uint8_t key[SEAL_KEY_BYTES] = {1, 2, 3, 4, 5};
static const uint8_t subject[SEAL_SUBJECT_BYTES] = {0xaa, 0xbb};

/* A cipher that is made once, with that key now. */
static SealCipher *
cipher_with(const uint8_t *bytes)
{
	static SealCipher *cipher = NULL;

	if (cipher == NULL)
		cipher = ob_access_cipher_make();
	PROMISE(cipher != NULL);
	PROMISE(ob_access_cipher_set_key(cipher, bytes));
	return cipher;
}

/* A copy of just this size lets the sanitizer see reads and writes beyond it. */
static uint8_t *
exactly(const void *bytes, size_t size)
{
	uint8_t    *copy = malloc(size > 0 ? size : 1);

	PROMISE(copy != NULL);
	if (size > 0)
		memcpy(copy, bytes, size);
	return copy;
}

static void
try_text(const char *text, size_t size)
{
	size_t		length = ob_access_envelope_length(size);
	uint8_t    *envelope = malloc(length > 0 ? length : 1);

	if (length > 0 && ob_access_envelope_read(text, size, envelope))
	{
		char	   *again = malloc(size);

		PROMISE(ob_access_envelope_valid(envelope, length));
		PROMISE(ob_access_envelope_text_length(length) == size);
		ob_access_envelope_write(envelope, length, again);
		PROMISE(memcmp(again, text, size) == 0);
		free(again);
	}
	free(envelope);
}

/* Bytes that nobody sealed. */
static void
try_opening(const uint8_t *data, size_t size)
{
	uint8_t    *envelope = exactly(data, size);
	size_t		room = size > SEAL_OVERHEAD_BYTES ? size - SEAL_OVERHEAD_BYTES : 0;
	uint8_t    *value = calloc(room + 1, 1);

	PROMISE(ob_access_open(cipher_with(key), "name", 4, subject, envelope, size, value) == SEAL_REFUSED);
	for (size_t i = 0; i < room; i++)
		PROMISE(value[i] == 0);
	free(value);
	free(envelope);
}

static void
try_sealing(const uint8_t *data, size_t size)
{
	static const uint8_t tag[SEAL_TAG_BYTES] = {7};
	size_t		length = size + SEAL_OVERHEAD_BYTES;
	uint8_t    *envelope = malloc(length);
	uint8_t    *value = malloc(size + 1);
	size_t		text_length = ob_access_envelope_text_length(length);
	char	   *text = malloc(text_length);
	uint8_t		other_key[SEAL_KEY_BYTES];
	uint8_t		other_subject[SEAL_SUBJECT_BYTES];
	size_t		at = size > 0 ? data[0] * (size_t) 131 + data[size - 1] : 0;

	PROMISE(ob_access_seal(cipher_with(key), tag, "name", 4, subject, data, size, envelope) == SEAL_OK);
	PROMISE(ob_access_envelope_valid(envelope, length));
	ob_access_envelope_write(envelope, length, text);
	try_text(text, text_length);
	PROMISE(ob_access_open(cipher_with(key), "name", 4, subject, envelope, length, value) == SEAL_OK);
	PROMISE(size == 0 || memcmp(value, data, size) == 0);

	PROMISE(ob_access_open(cipher_with(key), "nam", 3, subject, envelope, length, value) == SEAL_REFUSED);
	PROMISE(ob_access_open(cipher_with(key), "namf", 4, subject, envelope, length, value) == SEAL_REFUSED);
	memcpy(other_subject, subject, sizeof(subject));
	other_subject[at % SEAL_SUBJECT_BYTES] ^= 1;
	PROMISE(ob_access_open(cipher_with(key), "name", 4, other_subject, envelope, length, value) == SEAL_REFUSED);
	memcpy(other_key, key, sizeof(key));
	other_key[at % SEAL_KEY_BYTES] ^= 1;
	PROMISE(ob_access_open(cipher_with(other_key), "name", 4, subject, envelope, length, value) == SEAL_REFUSED);
	envelope[at % length] ^= (uint8_t) (1 << (at % 8));
	PROMISE(ob_access_open(cipher_with(key), "name", 4, subject, envelope, length, value) == SEAL_REFUSED);
	envelope[at % length] ^= (uint8_t) (1 << (at % 8));
	for (size_t cut = length > 20 ? length - 20 : 0; cut < length; cut++)
	{
		uint8_t    *shorter = exactly(envelope, cut);

		PROMISE(ob_access_open(cipher_with(key), "name", 4, subject, shorter, cut, value) == SEAL_REFUSED);
		free(shorter);
	}
	free(text);
	free(value);
	free(envelope);
}

static void
try_wrapping(const uint8_t *data, size_t size)
{
	SealWrapping wrapping = {'d', 7, subject};
	SealWrapping other = wrapping;
	uint8_t		wrapped[SEAL_WRAPPED_BYTES];
	uint8_t		unwrapped[SEAL_KEY_BYTES];

	if (size < SEAL_WRAPPED_BYTES)
		return;
	PROMISE(ob_access_unwrap(cipher_with(key), &wrapping, data, unwrapped) == SEAL_REFUSED);
	PROMISE(ob_access_wrap(cipher_with(key), &wrapping, data, wrapped) == SEAL_OK);
	PROMISE(ob_access_unwrap(cipher_with(key), &wrapping, wrapped, unwrapped) == SEAL_OK);
	PROMISE(memcmp(unwrapped, data, SEAL_KEY_BYTES) == 0);
	other.kind = 't';
	PROMISE(ob_access_unwrap(cipher_with(key), &other, wrapped, unwrapped) == SEAL_REFUSED);
	other = wrapping;
	other.version = 8;
	PROMISE(ob_access_unwrap(cipher_with(key), &other, wrapped, unwrapped) == SEAL_REFUSED);
	other = wrapping;
	other.subject = NULL;
	PROMISE(ob_access_unwrap(cipher_with(key), &other, wrapped, unwrapped) == SEAL_REFUSED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t    *copy = exactly(data, size);

	try_text((const char *) copy, size);
	try_opening(copy, size);
	try_sealing(copy, size);
	try_wrapping(copy, size);
	free(copy);
	return 0;
}

#ifdef STANDALONE

/* ---- published vectors ------------------------------------------------ */

static size_t
unhex(const char *text, uint8_t *out)
{
	size_t		length = strlen(text) / 2;

	for (size_t i = 0; i < length; i++)
	{
		unsigned int byte;

		PROMISE(sscanf(text + 2 * i, "%2x", &byte) == 1);
		out[i] = (uint8_t) byte;
	}
	return length;
}

static int
same(const uint8_t *bytes, const char *expected)
{
	uint8_t		wanted[256];
	size_t		length = unhex(expected, wanted);

	return memcmp(bytes, wanted, length) == 0;
}

/* "The Galois/Counter Mode of Operation", McGrew and Viega, appendix B, the cases of 256-bit keys and 96-bit IVs. */
static void
gcm_vectors(void)
{
	static const struct
	{
		const char *name, *key, *iv, *aad, *plain, *cipher, *mac;
	}			cases[] = {
		{"13", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
		"530f8afbc74536b9a963b4f1c4cb738b"},
		{"14", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
			"00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18",
		"d0d1c8a799996bf0265b98b5d48ab919"},
		{"15", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
		"b094dac5d93471bdec1a502270e3cc6c"},
		{"16", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
		"76fc6ece0f4e1768cddf8853bb2d551b"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint8_t		bytes[SEAL_KEY_BYTES], iv[SEAL_NONCE_BYTES], aad[64], plain[64], out[64], mac[SEAL_MAC_BYTES];
		size_t		aad_length = unhex(cases[i].aad, aad);
		size_t		length = unhex(cases[i].plain, plain);
		SealCipher *cipher;

		unhex(cases[i].key, bytes);
		unhex(cases[i].iv, iv);
		cipher = cipher_with(bytes);
		PROMISE(ob_access_gcm_encrypt(cipher, iv, aad, aad_length, plain, length, out, mac));
		PROMISE(same(out, cases[i].cipher));
		PROMISE(same(mac, cases[i].mac));
		PROMISE(ob_access_gcm_decrypt(cipher, iv, aad, aad_length, out, length, out, mac) == SEAL_OK);
		PROMISE(same(out, cases[i].plain));
		mac[0] ^= 1;
		PROMISE(ob_access_gcm_decrypt(cipher, iv, aad, aad_length, out, length, out, mac) == SEAL_REFUSED);
		printf("AES-256-GCM, test case %s: ok\n", cases[i].name);
	}
}

static void
hkdf_vectors(void)
{
	static const struct
	{
		const char *name, *key, *salt, *info, *out;
	}			cases[] = {
		{"1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
		{"2", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
			"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
			"b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
		{"3", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint8_t		secret[128], salt[128], info[128], out[128];

		PROMISE(ob_access_hkdf(secret, unhex(cases[i].key, secret), salt, unhex(cases[i].salt, salt),
							   info, unhex(cases[i].info, info), out, strlen(cases[i].out) / 2));
		PROMISE(same(out, cases[i].out));
		printf("HKDF-SHA-256, RFC 5869 test case %s: ok\n", cases[i].name);
	}
}

static void
hmac_vectors(void)
{
	static const struct
	{
		const char *name, *key, *data, *out;
	}			cases[] = {
		{"1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"2", "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"3", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{"4", "0102030405060708090a0b0c0d0e0f10111213141516171819",
			"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
		{"5 (128 bits)", "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "546573742057697468205472756e636174696f6e",
		"a3b6167473100ee06e0c796c2955552b"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint8_t		secret[128], data[128], out[32];
		SealTagger *tagger = ob_access_tagger_make(secret, unhex(cases[i].key, secret));
		size_t		length = unhex(cases[i].data, data);

		PROMISE(tagger != NULL);
		/* twice: a tagger can be used again */
		for (int round = 0; round < 2; round++)
		{
			PROMISE(ob_access_tagger_tag(tagger, NULL, 0, data, length, out, strlen(cases[i].out) / 2));
			PROMISE(same(out, cases[i].out));
		}
		ob_access_tagger_free(tagger);
		printf("HMAC-SHA-256, RFC 4231 test case %s: ok\n", cases[i].name);
	}
}

/* A tag is HMAC(purpose, 0, value), so that "a" + "bc" is not "ab" + "c". */
static void
tag_is_unambiguous(void)
{
	SealTagger *tagger = ob_access_tagger_make(key, sizeof(key));
	uint8_t		one[SEAL_TAG_BYTES], other[SEAL_TAG_BYTES], whole[SEAL_TAG_BYTES];

	PROMISE(tagger != NULL);
	PROMISE(ob_access_tagger_tag(tagger, "a", 1, "bc", 2, one, sizeof(one)));
	PROMISE(ob_access_tagger_tag(tagger, "ab", 2, "c", 1, other, sizeof(other)));
	PROMISE(ob_access_tagger_tag(tagger, NULL, 0, "a\0bc", 4, whole, sizeof(whole)));
	PROMISE(memcmp(one, other, sizeof(one)) != 0);
	PROMISE(memcmp(one, whole, sizeof(one)) == 0);
	ob_access_tagger_free(tagger);
}

/* Random bytes of the pool do not come twice. */
static void
random_does_not_repeat(void)
{
	static uint8_t seen[4000][SEAL_NONCE_BYTES];

	for (int i = 0; i < 4000; i++)
	{
		PROMISE(ob_access_random(seen[i], SEAL_NONCE_BYTES));
		for (int j = 0; j < i; j++)
			PROMISE(memcmp(seen[i], seen[j], SEAL_NONCE_BYTES) != 0);
	}
}

/* Random bytes; texts that look like envelopes; envelopes with a valid header. */
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;

	gcm_vectors();
	hkdf_vectors();
	hmac_vectors();
	tag_is_unambiguous();
	random_does_not_repeat();

	srand(20200413);
	for (long run = 0; run < runs; run++)
	{
		static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_AAAA=+/ ";
		uint8_t		data[160];
		size_t		size = (size_t) (rand() % (int) sizeof(data));

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t) (run % 3 == 0 ? letters[rand() % (int) (sizeof(letters) - 1)] : rand());
		if (run % 3 == 0 && size >= 7)
			memcpy(data, rand() % 2 ? "ob1.AQA" : "ob1.AQE", 7);
		if (run % 3 == 1 && size >= 2)
		{
			data[0] = SEAL_VERSION;
			data[1] = (uint8_t) (rand() % 3);
		}
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
