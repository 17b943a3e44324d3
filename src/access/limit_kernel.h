/*-------------------------------------------------------------------------
 *
 * limit_kernel.h
 *	  Counting what each key used up, in memory of a fixed size, in plain C:
 *	  no PostgreSQL header, no allocation, no clock of its own.
 *
 * Vocabulary
 *	  key		128 bits that stand for whoever is counted
 *	  token		the right to one request; a key has up to "burst" of them and
 *				regains them evenly
 *	  window	an hour of a key, from the first unit that it used in it
 *	  set		the few places of the table where a key may stand
 *
 * Invariants
 *	  A key stands at most once. When its set is full, the entry that was
 *	  touched longest ago gives way. Time may run backwards: it then stands
 *	  still.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ACCESS_LIMIT_KERNEL_H
#define OB_ACCESS_LIMIT_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#define LIMIT_WAYS				8
#define LIMIT_WINDOW_US			INT64_C(3600000000)

typedef struct LimitKey
{
	uint64_t	high;
	uint64_t	low;
} LimitKey;

typedef struct LimitEntry
{
	LimitKey	key;
	bool		used;			/* false: a free place */
	int64_t		touched_us;		/* tokens: as of when; window: when it began */
	double		amount;			/* tokens that are left, or units that are used */
} LimitEntry;

/* The places of one set, which the caller has locked. */
typedef struct LimitSet
{
	LimitEntry	entry[LIMIT_WAYS];
} LimitSet;

/* Which of so many sets (a power of two) a key belongs to. */
extern uint32_t ob_access_limit_set(LimitKey key, uint32_t sets);

/*
 * Takes a token of the key. Returns 0 when there was one, otherwise the
 * microseconds until there will be. per_second > 0, burst >= 1, both finite.
 */
extern int64_t ob_access_limit_take(LimitSet *set, LimitKey key, int64_t now_us, double per_second, double burst);

/* How many tokens the key has now, 0 to burst; takes none, and makes no entry for a key that has none. */
extern double ob_access_limit_left(const LimitSet *set, LimitKey key, int64_t now_us, double per_second, double burst);

/* Uses so many units of the key's hour; false, and nothing used, when more than limit would be. */
extern bool ob_access_limit_use(LimitSet *set, LimitKey key, int64_t now_us, double units, double limit);

#endif							/* OB_ACCESS_LIMIT_KERNEL_H */
