/*-------------------------------------------------------------------------
 *
 * messaging_rule.c
 *	  Fuzz target of the rules of delivery; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/messaging_rule.c src/messaging/rule_kernel.c src/messaging/key_kernel.c -lcrypto -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/messaging_rule.c src/messaging/rule_kernel.c src/messaging/key_kernel.c -lcrypto -o fuzz && ./fuzz 1000000
 *
 * Promises that are tried on every input
 *	  A wait is between nothing and its cap, and that of Retry-After at most a
 *	  day. A bucket never lets go more than its burst and what has flowed in. A
 *	  breaker lets nothing go before its time and then one request at a time;
 *	  its pauses grow to their limit; it opens only for enough failures that are
 *	  half of all. Of answers only 2xx and 409 are success. Keys are UUIDs of
 *	  version 5.
 *
 *-------------------------------------------------------------------------
 */
#include "messaging/key_kernel.h"
#include "messaging/rule_kernel.h"

#include <limits.h>
#include <string.h>

#include "fuzz.h"

#define SECOND	INT64_C(1000000)

/* A number made of the next bytes of the input. */
typedef struct Input
{
	const uint8_t *data;
	size_t		left;
} Input;

static uint64_t
draw(Input *input, int bytes)
{
	uint64_t	number = 0;

	for (int i = 0; i < bytes; i++)
	{
		number = number << 8 | (input->left > 0 ? *input->data : 0);
		if (input->left > 0)
		{
			input->data++;
			input->left--;
		}
	}
	return number;
}

static void
try_backoff(Input *input)
{
	int			attempt = (int) draw(input, 2);
	int64_t		base = (int64_t) (draw(input, 6));
	int64_t		cap = (int64_t) (draw(input, 6)) + 1;
	double		drawn = (double) draw(input, 2) / 65536;
	int64_t		wait = ob_messaging_backoff(attempt, base, cap, drawn);

	PROMISE(wait >= 0 && wait <= cap);
	PROMISE(ob_messaging_backoff(attempt, base, cap, 0) == 0);
	PROMISE(ob_messaging_backoff(attempt + 1, base, cap, drawn) >= wait);
}

static void
try_bucket(Input *input)
{
	Bucket		bucket = {0};
	double		per_second = (double) (1 + draw(input, 1));
	double		burst = (double) (1 + draw(input, 1));
	int64_t		begun = SECOND;
	int64_t		now = begun;
	int64_t		back = 0;
	int			gone = 0;

	for (int i = 0; i < 50; i++)
	{
		int64_t		step = (int64_t) draw(input, 2) * 16;
		int			room;

		if (step % 97 == 0)
		{
			/* a clock that is set back must not fill it */
			now -= step / 2;
			back += step / 2;
		}
		else
			now += step;
		if (step % 89 == 0)
			ob_messaging_bucket_pause(&bucket, now + step);
		room = ob_messaging_bucket_room(&bucket, per_second, burst, now);
		PROMISE(room >= 0 && room <= burst);
		PROMISE(now >= bucket.paused_until || room == 0);
		PROMISE(room > 0 || ob_messaging_bucket_next(&bucket, per_second, now) > now);
		for (; room > 0; room--, gone++)
			ob_messaging_bucket_take(&bucket);
	}
	PROMISE(gone <= burst + per_second * (double) (now - begun + back) / SECOND + 1);
}

static void
try_breaker(Input *input)
{
	Breaker		breaker = {0};
	BreakerLimits limits = {.failures = 1 + (int) draw(input, 1), .window = 1 + (int64_t) draw(input, 3), .pause = 1 + (int64_t) draw(input, 2), .most = 1 + (int64_t) draw(input, 3)};
	int64_t		now = SECOND;
	int			flying = 0;

	for (int i = 0; i < 200 && input->left > 0; i++)
	{
		uint64_t	what = draw(input, 1);
		Breaker		before = breaker;

		now += (int64_t) draw(input, 2);
		if (what % 2 == 0)
		{
			if (ob_messaging_breaker_room(&breaker, now) < 1)
			{
				PROMISE(breaker.state == BREAKER_PROBING || (breaker.state == BREAKER_OPEN && now < breaker.until_at));
				continue;
			}
			flying++;
			if (ob_messaging_breaker_sent(&breaker, now))
				PROMISE(before.state == BREAKER_OPEN && breaker.state == BREAKER_PROBING && ob_messaging_breaker_room(&breaker, now) == 0);
		}
		else if (flying > 0)
		{
			bool		failed = what % 4 == 1;
			bool		at_once = what % 32 == 1;
			bool		changed = ob_messaging_breaker_answer(&breaker, &limits, failed, at_once, now);

			flying--;
			PROMISE(changed == (before.state != breaker.state));
			if (changed && breaker.state == BREAKER_OPEN)
			{
				PROMISE(failed && breaker.pause >= 1 && breaker.pause <= limits.most && breaker.until_at == now + breaker.pause);
				PROMISE(before.state == BREAKER_PROBING || at_once || (breaker.failures >= limits.failures && 2 * breaker.failures >= breaker.answers));
			}
			if (changed && breaker.state == BREAKER_CLOSED)
				PROMISE(before.state == BREAKER_PROBING && !failed && ob_messaging_breaker_room(&breaker, now) == INT_MAX);
		}
	}
}

static void
try_retry_after(Input *input)
{
	char	   *text = malloc(input->left > 0 ? input->left : 1);
	int64_t		wait;

	if (input->left > 0)
		memcpy(text, input->data, input->left);
	wait = ob_messaging_retry_after(text, input->left, INT64_C(1612926000) * SECOND);
	PROMISE(wait >= -1 && wait <= 86400 * SECOND);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, size};
	uint8_t		key[KEY_BYTES];
	int			status;
	Verdict		verdict;

	try_retry_after(&(Input) {data, size});
	try_backoff(&input);
	try_bucket(&(Input) {data, size});
	try_breaker(&(Input) {data, size});
	status = (int) (draw(&input, 2) % 1000);
	for (Style style = STYLE_LINE; style <= STYLE_SMTP; style++)
	{
		verdict = ob_messaging_verdict(style, status, (int) draw(&input, 2));
		PROMISE((verdict == VERDICT_ACCEPTED) == (status >= 200 && status < 300));
		PROMISE(verdict != VERDICT_REPEATED || status == 409);
	}
	PROMISE(ob_messaging_uuid5(ob_messaging_message_space, data, size, key));
	PROMISE(key[6] >> 4 == 5 && key[8] >> 6 == 2);
	ob_messaging_is_private(data, size);
	return 0;
}

#ifdef STANDALONE
static bool
is_private(const char *digits)
{
	uint8_t		address[16];
	size_t		bytes = strlen(digits) / 2;

	for (size_t i = 0; i < bytes; i++)
	{
		char		pair[3] = {digits[2 * i], digits[2 * i + 1], '\0'};

		address[i] = (uint8_t) strtol(pair, NULL, 16);
	}
	return ob_messaging_is_private(address, bytes);
}

static void
try_known(void)
{
	static const char *const closed[] = {"7f000001", "0a000001", "ac100001", "ac1fffff", "c0a80101", "a9fea9fe", "64400001", "00000000", "e0000001", "ffffffff", "c6120001",
		"00000000000000000000000000000001", "00000000000000000000000000000000", "fe800000000000000000000000000001", "fc000000000000000000000000000001", "ff020000000000000000000000000001",
		"00000000000000000000ffff7f000001", "0064ff9b00000000000000000a000001", "20027f00000100000000000000000001", "20010db8000000000000000000000001", "20010000000000000000000000000001"};
	static const char *const open[] = {"08080808", "ac0fffff", "ac200000", "cb007200", "2404680040040800000000000000200e", "00000000000000000000ffff08080808"};
	int64_t		now = INT64_C(784111777) * SECOND;	/* Sun, 06 Nov 1994 08:49:37 GMT */

	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		PROMISE(is_private(closed[i]));
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		PROMISE(!is_private(open[i]));
	PROMISE(ob_messaging_retry_after("120", 3, now) == 120 * SECOND);
	PROMISE(ob_messaging_retry_after(" 0\r\n", 4, now) == 0);
	PROMISE(ob_messaging_retry_after("99999999999999999999", 20, now) == 86400 * SECOND);
	PROMISE(ob_messaging_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 29, now) == 0);
	PROMISE(ob_messaging_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 29, now - 30 * SECOND) == 30 * SECOND);
	PROMISE(ob_messaging_retry_after("Tue, 29 Feb 2000 00:00:00 GMT", 29, INT64_C(951782400) * SECOND - 5 * SECOND) == 5 * SECOND);
	PROMISE(ob_messaging_retry_after("", 0, now) == -1 && ob_messaging_retry_after("-1", 2, now) == -1 && ob_messaging_retry_after("soon", 4, now) == -1);
	PROMISE(ob_messaging_verdict(STYLE_LINE, 409, 0) == VERDICT_REPEATED && ob_messaging_verdict(STYLE_LINE, 400, 0) == VERDICT_REFUSED && ob_messaging_verdict(STYLE_LINE, 429, 0) == VERDICT_SLOW);
	PROMISE(ob_messaging_verdict(STYLE_LINE, 500, 0) == VERDICT_RETRY && ob_messaging_verdict(STYLE_LINE, 0, 0) == VERDICT_RETRY && ob_messaging_verdict(STYLE_LINE, 401, 0) == VERDICT_TROUBLE);
	PROMISE(ob_messaging_verdict(STYLE_TWILIO, 400, 21610) == VERDICT_GONE && ob_messaging_verdict(STYLE_TWILIO, 429, 20429) == VERDICT_SLOW && ob_messaging_verdict(STYLE_SMTP, 550, 0) == VERDICT_GONE && ob_messaging_verdict(STYLE_SMTP, 451, 0) == VERDICT_RETRY);
	PROMISE(ob_messaging_backoff(1, 1000, 8000, 0.5) == 500 && ob_messaging_backoff(3, 1000, 8000, 0.5) == 2000 && ob_messaging_backoff(9, 1000, 8000, 0.5) == 4000);
}

int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 1000;

	try_known();
	srand(20210401);
	for (long run = 0; run < runs; run++)
	{
		uint8_t		data[512];
		size_t		length = (size_t) rand() % sizeof(data);

		for (size_t i = 0; i < length; i++)
			data[i] = (uint8_t) (rand() >> 4);
		if (run % 5 == 0)
			length = (size_t) snprintf((char *) data, sizeof(data), "Sun, %02d Nov %04d 08:%02d:37 GMT", rand() % 40, 1960 + rand() % 100, rand() % 70);
		LLVMFuzzerTestOneInput(data, length);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
