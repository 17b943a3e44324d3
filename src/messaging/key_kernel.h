/*-------------------------------------------------------------------------
 *
 * key_kernel.h
 *		Keys of messages and packs: UUIDs of version 5 (RFC 9562).
 *
 * Plain C and OpenSSL, no PostgreSQL: so that it can be tried without a
 * server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_KEY_KERNEL_H
#define OUTBREAK_MESSAGING_KEY_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_BYTES	16

/* The namespaces of our keys; never to be changed, or a message queued twice would be two. */
extern const uint8_t ob_messaging_message_space[KEY_BYTES];
extern const uint8_t ob_messaging_pack_space[KEY_BYTES];

/* The UUID of a name in a namespace. False when OpenSSL refuses to work. */
extern bool ob_messaging_uuid5(const uint8_t *space, const void *name, size_t length, uint8_t *key);

/*
 * The name of a message: 16 bytes of the person, the day as days since
 * 2000-01-01 in 4 bytes, highest first, and the kind. Writes into a buffer of
 * at least 20 + kind_length bytes and returns the length.
 */
extern size_t ob_messaging_message_name(const uint8_t *person, int32_t day, const char *kind, size_t kind_length, uint8_t *name);

#endif							/* OUTBREAK_MESSAGING_KEY_KERNEL_H */
