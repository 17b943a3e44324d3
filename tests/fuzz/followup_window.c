/*-------------------------------------------------------------------------
 *
 * followup_window.c
 *	  Fuzz target of windows of local time and random checks; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/followup_window.c src/followup/window_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/followup_window.c src/followup/window_kernel.c -o fuzz && ./fuzz 1000000
 *
 * Promises that are tried on every input
 *	  An instant shows the local time again by the offset that holds at it,
 *	  or is the change itself where the clocks skip that time; the closing is
 *	  never before the opening, and both are the same but for a time that
 *	  comes twice. Checks ascend, lie in the window and the gap apart, and
 *	  what has no room is said to have none.
 *
 *-------------------------------------------------------------------------
 */
#include "followup/window_kernel.h"

#include <string.h>

#include "fuzz.h"

#define HOUR	3600
#define DAY		(24 * HOUR)

static int64_t
offset_at(int64_t instant, const ClockChange *change)
{
	return change->happens && instant >= change->at ? change->after : change->before;
}

static void
try_instant(int64_t local, const ClockChange *change)
{
	int64_t		opening;
	int64_t		closing;
	bool		exists = ob_followup_instant(local, change, false, &opening);

	PROMISE(ob_followup_instant(local, change, true, &closing) == exists);
	PROMISE(closing >= opening);
	if (exists)
	{
		PROMISE(opening + offset_at(opening, change) == local);
		PROMISE(closing + offset_at(closing, change) == local);
		PROMISE(opening == closing || (opening < change->at && closing >= change->at));
	}
	else
	{
		PROMISE(change->happens && opening == change->at && closing == change->at);
		PROMISE(local >= change->at + change->before && local < change->at + change->after);
	}
}

static void
try_spread(int64_t length, int checks, int64_t gap, const uint64_t *draws)
{
	int64_t		offsets[FOLLOWUP_CHECKS_MAX];
	int64_t		room = ob_followup_room(length, checks, gap);

	if (room < 1)
	{
		PROMISE(length < 1 || checks < 1 || gap < 0 || (__int128) gap * (checks - 1) >= length);
		return;
	}
	PROMISE(room == length - (checks - 1) * gap);
	ob_followup_spread(draws, checks, room, gap, offsets);
	for (int i = 0; i < checks; i++)
	{
		PROMISE(offsets[i] >= 0 && offsets[i] < length);
		PROMISE(i == 0 || offsets[i] - offsets[i - 1] >= gap);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct
	{
		int64_t		local;
		int64_t		at;
		int32_t		before;
		int32_t		after;
		int64_t		length;
		int64_t		gap;
		uint64_t	draws[FOLLOWUP_CHECKS_MAX];
		uint8_t		checks;
		uint8_t		small;
	}			input;
	ClockChange change;

	memset(&input, 0, sizeof(input));
	memcpy(&input, data, size < sizeof(input) ? size : sizeof(input));
	/* offsets of a day at most, instants that a timestamp can hold, local times near the change more often than not */
	change.at = input.at % (INT64_C(1) << 40);
	change.before = input.before % DAY;
	change.after = input.after % DAY;
	change.happens = (input.small & 1) != 0;
	try_instant(change.at + input.local % (input.small & 2 ? 3 * HOUR : INT64_C(1) << 40), &change);
	try_spread(input.small & 4 ? input.length % (2 * DAY) : input.length, input.checks % (FOLLOWUP_CHECKS_MAX + 1),
			   input.small & 8 ? input.gap % DAY : input.gap, input.draws);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	uint8_t		data[512];

	srand(1);
	for (long i = 0; i < runs; i++)
	{
		size_t		size = (size_t) rand() % sizeof(data);

		for (size_t j = 0; j < size; j++)
			data[j] = (uint8_t) rand();
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
