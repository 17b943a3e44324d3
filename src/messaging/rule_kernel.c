/*-------------------------------------------------------------------------
 *
 * rule_kernel.c
 *		When to send, when to wait and when to give up.
 *
 *-------------------------------------------------------------------------
 */
#include <limits.h>
#include <string.h>

#include "messaging/rule_kernel.h"

#define SECOND	INT64_C(1000000)
#define DAY		(INT64_C(86400) * SECOND)

/* ---- answers ---------------------------------------------------------- */

/* Errors of Twilio that no retry mends: opted out, and unreachable numbers. */
static bool
is_gone_at_twilio(int code)
{
	static const int codes[] = {21610, 21211, 21217, 21614, 30004, 30005, 30006, 30007};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

static Verdict
smtp_verdict(int status)
{
	if (status >= 200 && status < 300)
		return VERDICT_ACCEPTED;
	/* the server does not know us, or wants TLS: not the message's fault */
	if (status == 530 || status == 534 || status == 535 || status == 538)
		return VERDICT_TROUBLE;
	if (status == 550 || status == 551 || status == 553)
		return VERDICT_GONE;
	if (status >= 500)
		return VERDICT_REFUSED;
	return VERDICT_RETRY;
}

Verdict
ob_messaging_verdict(Style style, int status, int code)
{
	if (status <= 0)
		return VERDICT_RETRY;
	if (style == STYLE_SMTP)
		return smtp_verdict(status);
	if (status >= 200 && status < 300)
		return VERDICT_ACCEPTED;
	if (style == STYLE_TWILIO && is_gone_at_twilio(code))
		return VERDICT_GONE;
	switch (status)
	{
		case 409:
			/* only who sends a key hears that it is known */
			return style == STYLE_TWILIO ? VERDICT_REFUSED : VERDICT_REPEATED;
		case 408:
		case 425:
			return VERDICT_RETRY;
		case 429:
			return VERDICT_SLOW;
		case 401:
		case 403:
		case 407:
			return VERDICT_TROUBLE;
		case 404:
		case 405:
			/* there is nothing at this URL: somebody mistyped it */
			return style == STYLE_LINE ? VERDICT_TROUBLE : VERDICT_REFUSED;
		case 410:
			return VERDICT_GONE;
	}
	/* redirects are not followed: the URL is wrong, or somebody is in between */
	if (status >= 300 && status < 400)
		return VERDICT_TROUBLE;
	if (status >= 400 && status < 500)
		return VERDICT_REFUSED;
	return VERDICT_RETRY;
}

int64_t
ob_messaging_backoff(int attempt, int64_t base, int64_t cap, double drawn)
{
	int64_t		most = base < 1 ? 1 : base;

	if (cap < 1)
		cap = 1;
	for (int i = 1; i < attempt && most < cap; i++)
		most = most > INT64_MAX / 2 ? INT64_MAX : most * 2;
	if (most > cap)
		most = cap;
	if (!(drawn >= 0))
		drawn = 0;
	if (drawn > 1)
		drawn = 1;
	return (int64_t) ((double) most * drawn);
}

/* ---- Retry-After ------------------------------------------------------ */

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int month, int day)
{
	int64_t		era;
	int64_t		in_era;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	in_era = year - era * 400;
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 +
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719468;
}

/* A number of just that many digits; -1 when it is none. */
static int
digits(const char *text, int count)
{
	int			number = 0;

	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" in microseconds since 1970; -1 when it is none. */
static int64_t
http_date(const char *text, size_t length)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int			day;
	int			month = 0;
	int			year;
	int			hour;
	int			minute;
	int			second;

	if (length != 29 || text[3] != ',' || text[4] != ' ' || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
		text[19] != ':' || text[22] != ':' || memcmp(text + 25, " GMT", 4) != 0)
		return -1;
	for (int i = 0; i < 12; i++)
		if (memcmp(text + 8, months + 3 * i, 3) == 0)
			month = i + 1;
	day = digits(text + 5, 2);
	year = digits(text + 12, 4);
	hour = digits(text + 17, 2);
	minute = digits(text + 20, 2);
	second = digits(text + 23, 2);
	if (month == 0 || day < 1 || day > 31 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
		second < 0 || second > 60)
		return -1;
	return (days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * SECOND;
}

int64_t
ob_messaging_retry_after(const char *value, size_t length, int64_t now)
{
	int64_t		wait = 0;
	int64_t		date;
	size_t		i = 0;

	while (length > 0 && (*value == ' ' || *value == '\t'))
	{
		value++;
		length--;
	}
	while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t' || value[length - 1] == '\r' || value[length - 1] == '\n'))
		length--;
	if (length == 0)
		return -1;
	while (i < length && value[i] >= '0' && value[i] <= '9')
	{
		if (wait < DAY)
			wait = wait * 10 + (value[i] - '0');
		i++;
	}
	if (i == length)
	{
		wait = wait > DAY / SECOND ? DAY : wait * SECOND;
		return wait;
	}
	date = http_date(value, length);
	if (date < 0)
		return -1;
	if (date <= now)
		return 0;
	return date - now > DAY ? DAY : date - now;
}

/* ---- tokens ----------------------------------------------------------- */

static void
fill(Bucket *bucket, double per_second, double burst, int64_t now)
{
	if (bucket->filled_at == 0)
		bucket->tokens = burst;
	else if (now > bucket->filled_at)
		bucket->tokens += per_second * (double) (now - bucket->filled_at) / SECOND;
	/* a clock that was set back fills nothing, and starts anew */
	bucket->filled_at = now;
	if (bucket->tokens > burst)
		bucket->tokens = burst;
}

int
ob_messaging_bucket_room(Bucket *bucket, double per_second, double burst, int64_t now)
{
	fill(bucket, per_second, burst, now);
	if (now < bucket->paused_until)
		return 0;
	return bucket->tokens < 1 ? 0 : bucket->tokens > 1000000 ? 1000000 : (int) bucket->tokens;
}

void
ob_messaging_bucket_take(Bucket *bucket)
{
	bucket->tokens -= 1;
}

int64_t
ob_messaging_bucket_next(const Bucket *bucket, double per_second, int64_t now)
{
	int64_t		next = now;

	if (bucket->tokens < 1 && per_second > 0)
		next = now + (int64_t) ((1 - bucket->tokens) / per_second * SECOND) + 1;
	return next < bucket->paused_until ? bucket->paused_until : next;
}

void
ob_messaging_bucket_pause(Bucket *bucket, int64_t until)
{
	if (until > bucket->paused_until)
		bucket->paused_until = until;
}

/* ---- the breaker ------------------------------------------------------ */

int
ob_messaging_breaker_room(const Breaker *breaker, int64_t now)
{
	switch (breaker->state)
	{
		case BREAKER_CLOSED:
			return INT_MAX;
		case BREAKER_OPEN:
			return now >= breaker->until_at ? 1 : 0;
		case BREAKER_PROBING:
			break;
	}
	return 0;
}

bool
ob_messaging_breaker_sent(Breaker *breaker, int64_t now)
{
	if (breaker->state != BREAKER_OPEN || now < breaker->until_at)
		return false;
	breaker->state = BREAKER_PROBING;
	return true;
}

static void
open_for(Breaker *breaker, int64_t pause, const BreakerLimits *limits, int64_t now)
{
	breaker->state = BREAKER_OPEN;
	breaker->pause = pause > limits->most ? limits->most : pause;
	if (breaker->pause < 1)
		breaker->pause = 1;
	breaker->until_at = now + breaker->pause;
}

bool
ob_messaging_breaker_answer(Breaker *breaker, const BreakerLimits *limits, bool failed, bool at_once, int64_t now)
{
	if (breaker->state == BREAKER_OPEN)
		/* an answer to what went before it opened: known already */
		return false;
	if (breaker->state == BREAKER_PROBING)
	{
		if (failed)
			open_for(breaker, breaker->pause > INT64_MAX / 2 ? limits->most : breaker->pause * 2, limits, now);
		else
			memset(breaker, 0, sizeof(*breaker));
		return true;
	}
	if (now - breaker->window_from >= limits->window || now < breaker->window_from)
	{
		breaker->window_from = now;
		breaker->failures = 0;
		breaker->answers = 0;
	}
	if (breaker->answers < INT_MAX)
		breaker->answers++;
	if (!failed)
		return false;
	if (breaker->failures < INT_MAX)
		breaker->failures++;
	if (!at_once && (breaker->failures < limits->failures || breaker->failures < breaker->answers - breaker->failures))
		return false;
	open_for(breaker, limits->pause, limits, now);
	return true;
}

/* ---- addresses -------------------------------------------------------- */

typedef struct Range
{
	uint8_t		prefix[4];
	int			bits;
} Range;

/* Of the registry of special-purpose addresses (RFC 6890) what is not globally reachable. */
static const Range private_v4[] = {
	{{0, 0, 0, 0}, 8}, {{10, 0, 0, 0}, 8}, {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8}, {{169, 254, 0, 0}, 16},
	{{172, 16, 0, 0}, 12}, {{192, 0, 0, 0}, 24}, {{192, 0, 2, 0}, 24}, {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16},
	{{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24}, {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4}, {{240, 0, 0, 0}, 4}
};

static bool
begins_with(const uint8_t *address, const uint8_t *prefix, int bits)
{
	int			whole = bits / 8;
	int			rest = bits % 8;

	return memcmp(address, prefix, (size_t) whole) == 0 &&
		(rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

bool
ob_messaging_is_private(const uint8_t *address, size_t bytes)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	static const uint8_t global[1] = {0x20};
	static const uint8_t teredo[4] = {0x20, 0x01, 0x00, 0x00};
	static const uint8_t documentation[4] = {0x20, 0x01, 0x0d, 0xb8};
	static const uint8_t six_to_four[2] = {0x20, 0x02};

	if (bytes == 4)
	{
		for (size_t i = 0; i < sizeof(private_v4) / sizeof(private_v4[0]); i++)
			if (begins_with(address, private_v4[i].prefix, private_v4[i].bits))
				return true;
		return false;
	}
	if (bytes != 16)
		return true;
	/* an IPv4 address in disguise is what it is */
	if (memcmp(address, mapped, sizeof(mapped)) == 0 || memcmp(address, nat64, sizeof(nat64)) == 0)
		return ob_messaging_is_private(address + 12, 4);
	if (memcmp(address, six_to_four, sizeof(six_to_four)) == 0)
		return ob_messaging_is_private(address + 2, 4);
	if (begins_with(address, teredo, 23) || memcmp(address, documentation, sizeof(documentation)) == 0)
		return true;
	/* of IPv6 only 2000::/3 is routed */
	return !begins_with(address, global, 3);
}
