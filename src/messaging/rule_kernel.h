/*-------------------------------------------------------------------------
 *
 * rule_kernel.h
 *		When to send, when to wait and when to give up.
 *
 * Plain C, no PostgreSQL: so that it can be tried without a server. Moments
 * and spans are microseconds; what is drawn is drawn by the caller, as a
 * number from 0 (included) to 1 (not included).
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_RULE_KERNEL_H
#define OUTBREAK_MESSAGING_RULE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an answer means. */
typedef enum Verdict
{
	VERDICT_ACCEPTED,			/* taken now */
	VERDICT_REPEATED,			/* taken before, under the same key */
	VERDICT_RETRY,				/* not taken, or nobody knows: the same again, later */
	VERDICT_SLOW,				/* too much at once: later, and everything else too */
	VERDICT_TROUBLE,			/* the endpoint refuses us (key, account): nothing will go */
	VERDICT_GONE,				/* the recipient is not there any more, or blocked us */
	VERDICT_REFUSED				/* never: the message itself is wrong */
} Verdict;

/* How the endpoint is spoken to. */
typedef enum Style
{
	STYLE_LINE,
	STYLE_JSON,
	STYLE_TWILIO,
	STYLE_SMTP
} Style;

/* What an answer of this status means; 0: none came. "code" is the gateway's own number of the error, 0: none. */
extern Verdict ob_messaging_verdict(Style style, int status, int code);

/*
 * Full jitter: a wait between 0 and base * 2^(attempt - 1), at most cap.
 * attempt counts from 1.
 */
extern int64_t ob_messaging_backoff(int attempt, int64_t base, int64_t cap, double drawn);

/*
 * The wait that a Retry-After header asks for: seconds, or a date of HTTP
 * (IMF-fixdate), counted from "now" in microseconds since 1970. -1 when it is
 * neither; never more than a day.
 */
extern int64_t ob_messaging_retry_after(const char *value, size_t length, int64_t now);

/* ---- tokens: so many requests a second */

typedef struct Bucket
{
	double		tokens;
	int64_t		filled_at;
	int64_t		paused_until;	/* the gateway asked for quiet until then; 0: it did not */
} Bucket;

/* How many requests may go now. */
extern int	ob_messaging_bucket_room(Bucket *bucket, double per_second, double burst, int64_t now);
extern void ob_messaging_bucket_take(Bucket *bucket);
/* When the next may go, if none may now. */
extern int64_t ob_messaging_bucket_next(const Bucket *bucket, double per_second, int64_t now);
extern void ob_messaging_bucket_pause(Bucket *bucket, int64_t until);

/* ---- the breaker */

typedef enum BreakerState
{
	BREAKER_CLOSED,				/* requests go */
	BREAKER_OPEN,				/* none goes until until_at */
	BREAKER_PROBING				/* one is on its way, to see */
} BreakerState;

typedef struct BreakerLimits
{
	int			failures;		/* so many, and at least half of all, within the window */
	int64_t		window;
	int64_t		pause;			/* the first one */
	int64_t		most;			/* the longest */
} BreakerLimits;

typedef struct Breaker
{
	BreakerState state;
	int			failures;		/* in the window; when open, those that opened it */
	int			answers;		/* in the window, failures among them */
	int64_t		window_from;
	int64_t		pause;
	int64_t		until_at;
} Breaker;

/* How many requests the breaker lets go now: 0, 1 (a probe) or any number. */
extern int	ob_messaging_breaker_room(const Breaker *breaker, int64_t now);
/* A request goes out. True when the state changed. */
extern bool ob_messaging_breaker_sent(Breaker *breaker, int64_t now);
/* An answer came. True when the state changed. "at_once": a failure that opens it alone. */
extern bool ob_messaging_breaker_answer(Breaker *breaker, const BreakerLimits *limits, bool failed, bool at_once, int64_t now);

/* ---- addresses */

/* Is the IPv4 (4 bytes) or IPv6 (16 bytes) address one that the public internet does not route? */
extern bool ob_messaging_is_private(const uint8_t *address, size_t bytes);

#endif							/* OUTBREAK_MESSAGING_RULE_KERNEL_H */
