/*-------------------------------------------------------------------------
 *
 * vsys_grant.c
 *	  Fuzz target of src/vsys/grant_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/vsys_grant.c src/vsys/grant_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/vsys_grant.c src/vsys/grant_kernel.c -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input, some slots and the choices of a request
 *	  A slot is found where it stands, and no other.  What is granted has places
 *	  in all its slots, and no choice before it had.  Sold out and closed are
 *	  said as the words of the header have it.  More places never take a grant
 *	  away, nor make it a later choice; a choice more at the end changes no
 *	  grant.  Whoever takes places as they are granted, one request after the
 *	  other, never takes more than there were, and when one is refused as sold
 *	  out nothing is left of what it asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/grant_kernel.h"

#include <string.h>

#include "fuzz.h"

#define SLOTS	12
#define CHOICES	6

typedef struct World
{
	int64_t		slot[SLOTS];
	int32_t		free[SLOTS];
	GrantSlots	slots;
	GrantChoice choices[CHOICES];
	int			count;
} World;

typedef struct Answer
{
	GrantOutcome outcome;
	int			choice;
	int			first;
	int			second;
} Answer;

static int
eat(const uint8_t **data, size_t *size)
{
	if (*size == 0)
		return 0;
	(*size)--;
	return *(*data)++;
}

/* Slots with ascending numbers, now and then at the ends of the range; choices among them and beside them. */
static void
build(World *world, const uint8_t *data, size_t size)
{
	int64_t		number = eat(&data, &size) % 8 == 0 ? INT64_MIN : eat(&data, &size) - 128;

	memset(world, 0, sizeof(*world));
	world->slots.count = eat(&data, &size) % (SLOTS + 1);
	world->slots.slot = world->slot;
	world->slots.free = world->free;
	for (int i = 0; i < world->slots.count; i++)
	{
		world->slot[i] = number;
		number += 1 + eat(&data, &size) % 3;
		world->free[i] = eat(&data, &size) % 5 - 1;
	}
	if (world->slots.count > 0 && eat(&data, &size) % 8 == 0)
		world->slot[world->slots.count - 1] = INT64_MAX;
	world->count = eat(&data, &size) % (CHOICES + 1);
	for (int i = 0; i < world->count; i++)
	{
		GrantChoice *choice = &world->choices[i];
		int			of = world->slots.count > 0 ? world->slots.count : 1;

		choice->slot = world->slot[eat(&data, &size) % of];
		if (eat(&data, &size) % 8 == 0)
			choice->slot = eat(&data, &size) - 128;
		choice->has_second = eat(&data, &size) % 2;
		choice->second = world->slot[eat(&data, &size) % of];
		if (eat(&data, &size) % 8 == 0)
			choice->second = eat(&data, &size) % 2 ? INT64_MAX : INT64_MIN;
	}
}

static Answer
choose(const World *world, int count)
{
	Answer		answer = {.choice = -9, .first = -9, .second = -9};
	GrantSlots	slots = {world->slots.count, world->slot, world->free};

	answer.outcome = ob_vsys_grant_choose(&slots, world->choices, count, &answer.choice, &answer.first, &answer.second);
	return answer;
}

/* How many places, one slot after the other: of a slot that is not there, what a closed one has. */
static int
places(const World *world, int64_t slot)
{
	for (int i = 0; i < world->slots.count; i++)
		if (world->slot[i] == slot)
			return world->free[i];
	return GRANT_CLOSED;
}

static bool
has_places(const World *world, const GrantChoice *choice)
{
	return places(world, choice->slot) > 0 && (!choice->has_second || places(world, choice->second) > 0);
}

static bool
is_taken(const World *world, const GrantChoice *choice)
{
	return places(world, choice->slot) == 0 || (choice->has_second && places(world, choice->second) == 0);
}

static void
try_answer(const World *world, Answer answer)
{
	bool		taken = false;

	if (answer.outcome == GRANT_GRANTED)
	{
		const GrantChoice *choice = &world->choices[answer.choice];

		PROMISE(answer.choice >= 0 && answer.choice < world->count);
		PROMISE(has_places(world, choice));
		PROMISE(world->slot[answer.first] == choice->slot);
		PROMISE(choice->has_second ? world->slot[answer.second] == choice->second : answer.second == -1);
		for (int i = 0; i < answer.choice; i++)
			PROMISE(!has_places(world, &world->choices[i]));
		return;
	}
	/* what is not granted says nothing of places */
	PROMISE(answer.choice == -9 && answer.first == -9 && answer.second == -9);
	for (int i = 0; i < world->count; i++)
	{
		PROMISE(!has_places(world, &world->choices[i]));
		taken = taken || is_taken(world, &world->choices[i]);
	}
	PROMISE(answer.outcome == (taken ? GRANT_SOLD_OUT : GRANT_SESSION_CLOSED));
}

/* The same request again and again, each taking what it is granted. */
static void
take_all(World world)
{
	int			had = 0;
	int			took = 0;
	Answer		answer;

	for (int i = 0; i < world.slots.count; i++)
		had += world.free[i] > 0 ? world.free[i] : 0;
	for (int i = 0; i < world.count; i++)
		/* a second dose at the time of the first is refused before it comes here */
		if (world.choices[i].second == world.choices[i].slot)
			world.choices[i].has_second = false;
	while ((answer = choose(&world, world.count)).outcome == GRANT_GRANTED)
	{
		took++;
		PROMISE(--world.free[answer.first] >= 0);
		if (answer.second >= 0)
		{
			took++;
			PROMISE(--world.free[answer.second] >= 0);
		}
		PROMISE(took <= had);
	}
	try_answer(&world, answer);
}

static bool
reaches(const uint8_t *data, size_t size, GrantOutcome outcome)
{
	World		world;

	build(&world, data, size);
	return choose(&world, world.count).outcome == outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	World		world;
	Answer		answer;

	build(&world, data, size);
	for (int i = 0; i < world.slots.count; i++)
		PROMISE(ob_vsys_grant_place(&world.slots, world.slot[i]) == i);
	for (int i = 0; i < world.count; i++)
	{
		int			place = ob_vsys_grant_place(&world.slots, world.choices[i].slot);

		PROMISE(place == -1 || world.slot[place] == world.choices[i].slot);
		PROMISE(place >= 0 || places(&world, world.choices[i].slot) == GRANT_CLOSED);
	}
	answer = choose(&world, world.count);
	try_answer(&world, answer);
	if (world.count > 0 && answer.outcome == GRANT_GRANTED && answer.choice < world.count - 1)
		PROMISE(choose(&world, world.count - 1).choice == answer.choice);
	for (int i = 0; i < world.slots.count; i++)
	{
		World		more = world;
		Answer		then;

		more.free[i]++;
		then = choose(&more, more.count);
		try_answer(&more, then);
		if (answer.outcome == GRANT_GRANTED)
			PROMISE(then.outcome == GRANT_GRANTED && then.choice <= answer.choice);
	}
	take_all(world);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	long		seen[GRANT_WITHDRAWN + 1] = {0};
	uint8_t		data[80];

	srand(1);
	/* ten times as many, each is short */
	for (long i = 0; i < 10 * runs; i++)
	{
		for (size_t j = 0; j < sizeof(data); j++)
			data[j] = (uint8_t) rand();
		LLVMFuzzerTestOneInput(data, sizeof(data));
		for (int outcome = GRANT_GRANTED; outcome <= GRANT_SESSION_CLOSED; outcome++)
			seen[outcome] += reaches(data, sizeof(data), (GrantOutcome) outcome);
	}
	/* the inputs reach every answer, or they try nothing */
	for (int outcome = GRANT_GRANTED; outcome <= GRANT_SESSION_CLOSED; outcome++)
		PROMISE(runs < 1000 || seen[outcome] > runs / 10);
	printf("%ld inputs, every promise kept\n", 10 * runs);
	return 0;
}
#endif
