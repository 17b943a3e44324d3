/*-------------------------------------------------------------------------
 *
 * key_kernel.c
 *		Keys of messages and packs: UUIDs of version 5 (RFC 9562).
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include <openssl/evp.h>

#include "messaging/key_kernel.h"

#define SHA1_BYTES	20

const uint8_t ob_messaging_message_space[KEY_BYTES] = {
	0x6f, 0x1d, 0x0c, 0x5e, 0x3a, 0x55, 0x4e, 0x0b, 0x9b, 0x41, 0x7e, 0x52, 0xd9, 0x4c, 0x20, 0x86
};
const uint8_t ob_messaging_pack_space[KEY_BYTES] = {
	0xc2, 0x84, 0x9f, 0x31, 0x07, 0xd6, 0x4c, 0x9a, 0x83, 0x6e, 0x15, 0xb8, 0x2a, 0xf0, 0x5d, 0x77
};

bool
ob_messaging_uuid5(const uint8_t *space, const void *name, size_t length, uint8_t *key)
{
	static EVP_MD_CTX *context = NULL;
	uint8_t		hash[SHA1_BYTES];

	if (context == NULL)
		context = EVP_MD_CTX_new();
	if (context == NULL ||
		EVP_DigestInit_ex(context, EVP_sha1(), NULL) != 1 ||
		EVP_DigestUpdate(context, space, KEY_BYTES) != 1 ||
		EVP_DigestUpdate(context, name, length) != 1 ||
		EVP_DigestFinal_ex(context, hash, NULL) != 1)
		return false;
	memcpy(key, hash, KEY_BYTES);
	key[6] = (uint8_t) ((key[6] & 0x0f) | 0x50);
	key[8] = (uint8_t) ((key[8] & 0x3f) | 0x80);
	return true;
}

size_t
ob_messaging_message_name(const uint8_t *person, int32_t day, const char *kind, size_t kind_length, uint8_t *name)
{
	uint32_t	number = (uint32_t) day;

	memcpy(name, person, KEY_BYTES);
	for (int i = 0; i < 4; i++)
		name[KEY_BYTES + i] = (uint8_t) (number >> (24 - 8 * i));
	memcpy(name + KEY_BYTES + 4, kind, kind_length);
	return KEY_BYTES + 4 + kind_length;
}
