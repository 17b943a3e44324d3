/*-------------------------------------------------------------------------
 *
 * audit_kernel.c
 *		What an entry of the audit trail is in bytes, and its hashes.
 *
 * The digest context is kept for the life of the process: setting one up
 * costs more than hashing an entry.
 *
 *-------------------------------------------------------------------------
 */
#include "access/audit_kernel.h"

#include <string.h>

#include <openssl/evp.h>

/* Where canonical bytes go: into memory, or through a small buffer into a digest. */
typedef struct Sink
{
	unsigned char *into;		/* memory, or NULL */
	EVP_MD_CTX *digest;
	size_t		used;			/* bytes in the buffer, or in memory */
	bool		failed;
	unsigned char buffer[512];
} Sink;

static EVP_MD_CTX *context = NULL;

/* Begins a SHA-256; NULL when OpenSSL fails. */
static EVP_MD_CTX *
begin(void)
{
	if (context == NULL)
	{
		EVP_MD	   *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
		EVP_MD_CTX *fresh = EVP_MD_CTX_new();

		if (sha256 == NULL || fresh == NULL || EVP_DigestInit_ex2(fresh, sha256, NULL) != 1)
		{
			EVP_MD_CTX_free(fresh);
			EVP_MD_free(sha256);
			return NULL;
		}
		EVP_MD_free(sha256);	/* the context holds it */
		context = fresh;
		return context;
	}
	return EVP_DigestInit_ex2(context, NULL, NULL) == 1 ? context : NULL;
}

/* Ends what begin() began. */
static bool
end(unsigned char *into)
{
	unsigned int length = 0;

	return EVP_DigestFinal_ex(context, into, &length) == 1 && length == AUDIT_HASH;
}

static void
put(Sink *sink, const void *bytes, size_t length)
{
	if (sink->into != NULL)
	{
		memcpy(sink->into + sink->used, bytes, length);
		sink->used += length;
		return;
	}
	if (sink->used + length > sizeof(sink->buffer))
	{
		if (EVP_DigestUpdate(sink->digest, sink->buffer, sink->used) != 1)
			sink->failed = true;
		sink->used = 0;
	}
	if (length > sizeof(sink->buffer))
	{
		if (EVP_DigestUpdate(sink->digest, bytes, length) != 1)
			sink->failed = true;
		return;
	}
	memcpy(sink->buffer + sink->used, bytes, length);
	sink->used += length;
}

/* One field with its length in front; absent when bytes is NULL. */
static void
put_field(Sink *sink, const void *bytes, size_t length)
{
	uint32_t	size = bytes == NULL ? UINT32_MAX : (uint32_t) length;
	unsigned char prefix[4] = {size >> 24, size >> 16, size >> 8, size};

	put(sink, prefix, sizeof(prefix));
	if (bytes != NULL)
		put(sink, bytes, length);
}

/* A whole number of "width" bytes. */
static void
put_number(Sink *sink, uint64_t value, int width)
{
	unsigned char bytes[8];

	for (int i = 0; i < width; i++)
		bytes[i] = (unsigned char) (value >> (8 * (width - 1 - i)));
	put_field(sink, bytes, width);
}

static void
put_entry(Sink *sink, const AuditEntry *entry)
{
	put_number(sink, AUDIT_FORMAT, 1);
	put_number(sink, (uint64_t) entry->chain, 2);
	put_number(sink, (uint64_t) entry->number, 8);
	put_number(sink, (uint64_t) entry->recorded_at, 8);
	put_number(sink, entry->transaction, 8);
	put_field(sink, entry->login.bytes, entry->login.length);
	put_field(sink, entry->role.bytes, entry->role.length);
	put_field(sink, entry->actor.bytes, entry->actor.length);
	put_field(sink, entry->action.bytes, entry->action.length);
	put_field(sink, entry->relation.bytes, entry->relation.length);
	put_field(sink, entry->subject, 16);
	put_field(sink, entry->image_hash, AUDIT_HASH);
}

size_t
ob_access_audit_canonical_size(const AuditEntry *entry)
{
	size_t		size = 12 * 4 + 1 + 2 + 8 + 8 + 8;
	const AuditText *texts[] = {&entry->login, &entry->role, &entry->actor, &entry->action, &entry->relation};

	for (int i = 0; i < 5; i++)
		if (texts[i]->bytes != NULL)
			size += texts[i]->length;
	if (entry->subject != NULL)
		size += 16;
	if (entry->image_hash != NULL)
		size += AUDIT_HASH;
	return size;
}

void
ob_access_audit_canonical(const AuditEntry *entry, unsigned char *into)
{
	Sink		sink;

	sink.into = into;
	sink.used = 0;
	put_entry(&sink, entry);
}

bool
ob_access_audit_digest(const AuditEntry *entry, unsigned char *into)
{
	Sink		sink;

	sink.into = NULL;
	sink.used = 0;
	sink.failed = false;
	sink.digest = begin();
	if (sink.digest == NULL)
		return false;
	put_entry(&sink, entry);
	return !sink.failed &&
		EVP_DigestUpdate(sink.digest, sink.buffer, sink.used) == 1 &&
		end(into);
}

bool
ob_access_audit_image_hash(const unsigned char *salt, size_t salt_length, const char *image, size_t image_length, unsigned char *into)
{
	EVP_MD_CTX *digest = begin();

	return digest != NULL &&
		EVP_DigestUpdate(digest, salt, salt_length) == 1 &&
		EVP_DigestUpdate(digest, image, image_length) == 1 &&
		end(into);
}

bool
ob_access_audit_link(const unsigned char *previous, const unsigned char *digest, unsigned char *into)
{
	unsigned char both[2 * AUDIT_HASH];

	memcpy(both, previous, AUDIT_HASH);
	memcpy(both + AUDIT_HASH, digest, AUDIT_HASH);
	return begin() != NULL &&
		EVP_DigestUpdate(context, both, sizeof(both)) == 1 &&
		end(into);
}

bool
ob_access_audit_public_key(const unsigned char *private_key, unsigned char *public_key)
{
	EVP_PKEY   *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key, AUDIT_KEY);
	size_t		length = AUDIT_KEY;
	bool		done = key != NULL &&
		EVP_PKEY_get_raw_public_key(key, public_key, &length) == 1 &&
		length == AUDIT_KEY;

	EVP_PKEY_free(key);
	return done;
}

bool
ob_access_audit_sign(const unsigned char *private_key, const char *message, size_t length, unsigned char *signature)
{
	EVP_PKEY   *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key, AUDIT_KEY);
	EVP_MD_CTX *signer = EVP_MD_CTX_new();
	size_t		signed_length = AUDIT_SIGNATURE;
	bool		done = key != NULL && signer != NULL &&
		EVP_DigestSignInit(signer, NULL, NULL, NULL, key) == 1 &&
		EVP_DigestSign(signer, signature, &signed_length, (const unsigned char *) message, length) == 1 &&
		signed_length == AUDIT_SIGNATURE;

	EVP_MD_CTX_free(signer);
	EVP_PKEY_free(key);
	return done;
}

bool
ob_access_audit_holds(const unsigned char *public_key, const char *message, size_t length, const unsigned char *signature)
{
	EVP_PKEY   *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, AUDIT_KEY);
	EVP_MD_CTX *verifier = EVP_MD_CTX_new();
	bool		holds = key != NULL && verifier != NULL &&
		EVP_DigestVerifyInit(verifier, NULL, NULL, NULL, key) == 1 &&
		EVP_DigestVerify(verifier, signature, AUDIT_SIGNATURE, (const unsigned char *) message, length) == 1;

	EVP_MD_CTX_free(verifier);
	EVP_PKEY_free(key);
	return holds;
}
