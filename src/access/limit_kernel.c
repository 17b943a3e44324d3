/*-------------------------------------------------------------------------
 *
 * limit_kernel.c
 *	  Counting what each key used up, in memory of a fixed size.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "access/limit_kernel.h"

uint32_t
ob_access_limit_set(LimitKey key, uint32_t sets)
{
	return (uint32_t) key.high & (sets - 1);
}

/* The entry of the key; a new one, with used = false, in the place of the oldest where there was none. */
static LimitEntry *
find_entry(LimitSet *set, LimitKey key)
{
	LimitEntry *victim = &set->entry[0];

	for (int i = 0; i < LIMIT_WAYS; i++)
	{
		LimitEntry *entry = &set->entry[i];

		if (entry->used && entry->key.high == key.high && entry->key.low == key.low)
			return entry;
		if (victim->used && (!entry->used || entry->touched_us < victim->touched_us))
			victim = entry;
	}
	victim->used = false;
	victim->key = key;
	return victim;
}

int64_t
ob_access_limit_take(LimitSet *set, LimitKey key, int64_t now_us, double per_second, double burst)
{
	LimitEntry *entry = find_entry(set, key);

	if (!entry->used)
	{
		entry->used = true;
		entry->touched_us = now_us;
		entry->amount = burst;
	}
	else if (now_us > entry->touched_us)
	{
		entry->amount += (double) (now_us - entry->touched_us) / 1e6 * per_second;
		entry->touched_us = now_us;
	}
	if (entry->amount > burst)
		entry->amount = burst;
	if (entry->amount >= 1)
	{
		entry->amount -= 1;
		return 0;
	}
	/* never 0, which means taken; never past what an interval of a year holds */
	return (int64_t) fmin(ceil((1 - entry->amount) / per_second * 1e6) + 1, 3.15e13);
}

double
ob_access_limit_left(const LimitSet *set, LimitKey key, int64_t now_us, double per_second, double burst)
{
	for (int i = 0; i < LIMIT_WAYS; i++)
	{
		const LimitEntry *entry = &set->entry[i];
		double		gained = 0;

		if (!entry->used || entry->key.high != key.high || entry->key.low != key.low)
			continue;
		if (now_us > entry->touched_us)
			gained = (double) (now_us - entry->touched_us) / 1e6 * per_second;
		return fmin(entry->amount + gained, burst);
	}
	return burst;
}

bool
ob_access_limit_use(LimitSet *set, LimitKey key, int64_t now_us, double units, double limit)
{
	LimitEntry *entry = find_entry(set, key);

	if (!entry->used || now_us - entry->touched_us >= LIMIT_WINDOW_US)
	{
		entry->used = true;
		entry->touched_us = now_us;
		entry->amount = 0;
	}
	if (entry->amount + units > limit)
		return false;
	entry->amount += units;
	return true;
}
