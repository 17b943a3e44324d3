/*-------------------------------------------------------------------------
 *
 * vsys_availability.c
 *	  Fuzz target of src/vsys/availability_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/vsys_availability.c src/vsys/availability_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/vsys_availability.c src/vsys/availability_kernel.c -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input, a history of counts and questions
 *	  What is given for a site was counted for that site, of that database, and
 *	  not before the moment that was asked for.  As long as no more sites share
 *	  a set than it holds, the newest count of each is found, whatever order
 *	  counts come in.  With more, the ones that were counted last are found.  A
 *	  site stands once.  A site belongs to one of the sets that there are, and
 *	  sites of consecutive codes spread over them.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/availability_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define SITES		12
#define MAX_STEPS	400
#define START_US	INT64_C(800000000000000)

static PlacesKey
key_of(int site)
{
	/* the same site of two databases is two */
	return (PlacesKey) {(uint32_t) (1 + site % 2), 1310000000 + site / 2};
}

static bool
equal(const Places *one, const Places *other)
{
	return one->counted_us == other->counted_us && one->entered_us == other->entered_us && one->free == other->free &&
		one->places == other->places && one->status == other->status;
}

static int
standing(const PlacesSet *set, PlacesKey key)
{
	int			count = 0;

	for (int i = 0; i < PLACES_WAYS; i++)
		count += set->entry[i].key.database == key.database && set->entry[i].key.site == key.site;
	return count;
}

/* Counts and questions of so many sites that share a set. */
static void
try_history(const uint8_t *data, size_t size, int sites)
{
	PlacesSet	set;
	Places		newest[SITES];
	bool		counted[SITES] = {false};
	int64_t		now = START_US;

	memset(&set, 0, sizeof(set));
	for (size_t i = 0; i + 2 < size && i < MAX_STEPS; i += 3)
	{
		int			site = data[i] % sites;
		PlacesKey	key = key_of(site);
		Places		found;
		bool		there;

		now += (int64_t) data[i + 1] * 5000;
		if (data[i + 2] % 2 == 0)
		{
			/* whoever counted a moment ago may come late */
			Places		places = {now - (data[i + 2] % 8 == 4 ? 200000 : 0), data[i + 2] % 16 == 0 ? now : 0, (int32_t) i, 1000 + site, data[i + 1] % 5};

			ob_vsys_places_store(&set, key, &places);
			if (!counted[site] || newest[site].counted_us < places.counted_us)
				newest[site] = places;
			counted[site] = true;
			PROMISE(standing(&set, key) == 1);
		}
		memset(&found, 0xff, sizeof(found));
		there = ob_vsys_places_find(&set, key, now - 500000, now, &found);
		if (there)
		{
			PROMISE(found.places == 1000 + site && found.counted_us >= now - 500000 && found.counted_us <= now);
			PROMISE(counted[site] && found.counted_us <= newest[site].counted_us);
		}
		if (sites <= PLACES_WAYS)
			PROMISE(there == (counted[site] && newest[site].counted_us >= now - 500000) && (!there || equal(&found, &newest[site])));
		/* a clock that was put back makes nothing of the future true */
		if (counted[site])
			PROMISE(!ob_vsys_places_find(&set, key, START_US - 1000000, START_US - 500000, &found));
		PROMISE(!ob_vsys_places_find(&set, (PlacesKey) {9, key.site}, 0, now, &found));
		PROMISE(!ob_vsys_places_find(&set, (PlacesKey) {key.database, 0}, 0, now, &found));
	}
	for (int site = 0; site < sites; site++)
		PROMISE(standing(&set, key_of(site)) <= 1);
}

/* More sites than places, each counted later than the one before: the last are found, the others gone. */
static void
try_eviction(const uint8_t *data, size_t size)
{
	PlacesSet	set;
	int64_t		now = START_US;
	int64_t		last[SITES] = {0};

	memset(&set, 0, sizeof(set));
	for (size_t i = 0; i < size && i < MAX_STEPS; i++)
	{
		int			site = data[i] % SITES;
		Places		places = {++now, 0, 1, 1, 0};
		Places		found;

		ob_vsys_places_store(&set, key_of(site), &places);
		last[site] = now;
		for (int s = 0; s < SITES; s++)
		{
			int			later = 0;

			for (int o = 0; o < SITES; o++)
				later += last[o] > last[s];
			PROMISE(ob_vsys_places_find(&set, key_of(s), 0, now, &found) == (last[s] != 0 && later < PLACES_WAYS));
		}
	}
}

/* Every site of a prefecture finds a set, and none is crowded. */
static void
try_spread(const uint8_t *data, size_t size)
{
	static int	count[256];
	int64_t		first = 0;

	for (size_t i = 0; i < 5 && i < size; i++)
		first = first * 256 + data[i];
	memset(count, 0, sizeof(count));
	for (int i = 0; i < 256 * PLACES_WAYS / 2; i++)
	{
		uint32_t	set = ob_vsys_places_set((PlacesKey) {16384, first + i * (1 + data[0] % 10)}, 256);

		PROMISE(set < 256);
		count[set]++;
	}
	for (int i = 0; i < 256; i++)
		PROMISE(count[i] <= 4 * PLACES_WAYS);
	PROMISE(ob_vsys_places_set((PlacesKey) {5, first}, 1) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	try_history(data, size, 1 + data[0] % PLACES_WAYS);
	try_history(data, size, SITES);
	try_eviction(data, size);
	try_spread(data, size);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	uint8_t		data[MAX_STEPS];

	srand(1);
	for (long i = 0; i < runs; i++)
	{
		size_t		size = (size_t) rand() % sizeof(data);
		bool		slow = rand() % 3 == 0;

		for (size_t j = 0; j < size; j++)
			data[j] = (uint8_t) (slow ? rand() % 16 : rand());
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
