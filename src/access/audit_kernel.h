/*-------------------------------------------------------------------------
 *
 * audit_kernel.h
 *		What an entry of the audit trail is in bytes, and its hashes.
 *
 * Pure C: no PostgreSQL header. Everything that an outsider needs to check an
 * entry is described here.
 *
 * The canonical bytes of an entry are its fields in the order below, each
 * with its length in front (four bytes, most significant first). An absent
 * field (SQL NULL) has length ffffffff and no bytes. Whole numbers are
 * two's complement, most significant byte first.
 *
 *		format			1 byte, 01
 *		chain			2 bytes
 *		number			8 bytes
 *		recorded_at		8 bytes, microseconds since 1970-01-01 00:00 UTC
 *		transaction		8 bytes
 *		login, role, actor, action, relation
 *						text as stored (UTF-8)
 *		subject			the 16 bytes of the UUID
 *		image_hash		32 bytes, SHA-256(salt, image)
 *
 *		digest	= SHA-256(canonical bytes)
 *		hash	= SHA-256(hash of the entry before it, digest)
 *
 * The entry before number 1 of a chain has the hash of 32 zero bytes. The
 * digest stands between so that a proof about one entry can hand over the
 * entries that follow without showing them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_KERNEL_H
#define OUTBREAK_AUDIT_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_FORMAT	1
#define AUDIT_HASH		32		/* bytes of a hash */
#define AUDIT_SALT		16		/* bytes of the salt of an image */
#define AUDIT_KEY		32		/* bytes of an Ed25519 key, private or public */
#define AUDIT_SIGNATURE 64		/* bytes of an Ed25519 signature */

/* A text, not terminated; absent when bytes is NULL. */
typedef struct AuditText
{
	const char *bytes;
	size_t		length;
} AuditText;

typedef struct AuditEntry
{
	int16_t		chain;
	int64_t		number;
	int64_t		recorded_at;	/* microseconds since 1970 */
	uint64_t	transaction;
	AuditText	login;
	AuditText	role;
	AuditText	actor;
	AuditText	action;
	AuditText	relation;
	const unsigned char *subject;	/* 16 bytes, or NULL */
	const unsigned char *image_hash;	/* AUDIT_HASH bytes, or NULL */
} AuditEntry;

/* How many bytes ob_access_audit_canonical() writes. */
extern size_t ob_access_audit_canonical_size(const AuditEntry *entry);

/* Writes the canonical bytes; "into" has room for all of them. */
extern void ob_access_audit_canonical(const AuditEntry *entry, unsigned char *into);

/* The hashes. False when OpenSSL fails, and then "into" holds nothing of use. */
extern bool ob_access_audit_image_hash(const unsigned char *salt, size_t salt_length, const char *image, size_t image_length, unsigned char *into);
extern bool ob_access_audit_digest(const AuditEntry *entry, unsigned char *into);
extern bool ob_access_audit_link(const unsigned char *previous, const unsigned char *digest, unsigned char *into);

/* Ed25519. False when OpenSSL fails; of _holds also when the signature does not hold. */
extern bool ob_access_audit_public_key(const unsigned char *private_key, unsigned char *public_key);
extern bool ob_access_audit_sign(const unsigned char *private_key, const char *message, size_t length, unsigned char *signature);
extern bool ob_access_audit_holds(const unsigned char *public_key, const char *message, size_t length, const unsigned char *signature);

#endif							/* OUTBREAK_AUDIT_KERNEL_H */
