/*-------------------------------------------------------------------------
 *
 * cbor_kernel.h
 *		Reading and writing CBOR (RFC 8949), strictly. Plain C on bytes: no
 *		PostgreSQL header, no allocation, no recursion.
 *
 * Vocabulary
 *		item		one value; arrays, maps and tags hold further items
 *		head		first byte of an item with the number that follows it
 *		cursor		where reading stands
 *
 * Invariants
 *		A document is checked as a whole first (ob_credential_cbor_check); a
 *		cursor over a checked document never runs out of bounds. Checked are
 *		lengths, nesting, reserved forms, breaks, that texts are UTF-8 without
 *		NUL, that simple values are false, true, null or undefined, that no
 *		length is longer than what is left, and that nothing follows the item.
 *		Indefinite lengths are taken. Duplicate keys are for the reader of a
 *		map to see.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_CBOR_KERNEL_H
#define OUTBREAK_CBOR_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CBOR_MAX_DEPTH	32

typedef enum CborType
{
	CBOR_UNSIGNED,				/* number */
	CBOR_NEGATIVE,				/* -1 - number */
	CBOR_BYTES,					/* bytes, length */
	CBOR_TEXT,					/* bytes, length */
	CBOR_ARRAY,					/* items follow: number of them, or CBOR_OPEN */
	CBOR_MAP,					/* pairs follow: number of them, or CBOR_OPEN */
	CBOR_TAG,					/* number; an item follows */
	CBOR_FALSE,
	CBOR_TRUE,
	CBOR_NULL,
	CBOR_UNDEFINED,
	CBOR_FLOAT,					/* real */
	CBOR_BREAK					/* the end of what is CBOR_OPEN */
} CborType;

/* An array or map whose end a break marks; text and bytes in pieces have it too. */
#define CBOR_OPEN	UINT64_MAX

typedef struct CborItem
{
	CborType	type;
	uint64_t	number;			/* see CborType */
	double		real;
	const uint8_t *bytes;		/* NULL for text and bytes in pieces: the pieces follow, then a break */
	size_t		length;
} CborItem;

typedef struct CborCursor
{
	const uint8_t *at;
	const uint8_t *end;
} CborCursor;

/* Is it one well-formed item and nothing else? */
extern bool ob_credential_cbor_check(const uint8_t *bytes, size_t length);

/* Reads one head; false at the end, or for what is no head. */
extern bool ob_credential_cbor_next(CborCursor *cursor, CborItem *item);

/* Skips one whole item, of a checked document. */
extern bool ob_credential_cbor_skip(CborCursor *cursor);

/*
 * Steps through an open or counted array or map: true while there is another
 * item, for which *left is counted down. *left starts as item.number.
 */
extern bool ob_credential_cbor_more(CborCursor *cursor, uint64_t *left);

/* The integer, when it is one that fits; otherwise false. */
extern bool ob_credential_cbor_integer(const CborItem *item, int64_t *value);

/* ---- writing: to a buffer that the caller has made large enough ---- */

#define CBOR_HEAD_MAX	9

/* Each returns what follows what it wrote. */
extern uint8_t *ob_credential_cbor_put_head(uint8_t *out, CborType type, uint64_t number);
extern uint8_t *ob_credential_cbor_put_integer(uint8_t *out, int64_t value);
extern uint8_t *ob_credential_cbor_put_bytes(uint8_t *out, CborType type, const void *bytes, size_t length);
extern uint8_t *ob_credential_cbor_put_double(uint8_t *out, double value);

#endif							/* OUTBREAK_CBOR_KERNEL_H */
