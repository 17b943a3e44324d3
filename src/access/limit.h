/*-------------------------------------------------------------------------
 *
 * limit.h
 *		How much anybody may do in a while.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_LIMIT_H
#define OUTBREAK_LIMIT_H

/* Asks for shared memory, when called while the server preloads the library. */
extern void ob_access_limit_init(void);

/*
 * Uses up so many units of what the key may in an hour, counted from its first
 * use in it. False, and nothing is used up, when that would exceed the limit;
 * a limit of 0 is none. Nothing is given back when the transaction aborts.
 */
extern bool ob_access_hourly_allowance(const char *key, int amount, int limit);

/*
 * outbreak.take_token() of that key: microseconds to wait until there is a
 * token, or 0 when one was taken.
 */
extern int64 ob_access_use_token(const char *key, double per_second, int burst);

/* How many tokens are left in the bucket of outbreak.take_token() of that key, 0 to burst. */
extern double ob_access_tokens_left(const char *key, double per_second, int burst);

#endif							/* OUTBREAK_LIMIT_H */
