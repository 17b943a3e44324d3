/*-------------------------------------------------------------------------
 *
 * availability_kernel.c
 *	  Remembering the places of sites for a moment.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/availability_kernel.h"

static bool
same(PlacesKey one, PlacesKey other)
{
	return one.database == other.database && one.site == other.site;
}

uint32_t
ob_vsys_places_set(PlacesKey key, uint32_t sets)
{
	uint64_t	mixed = (uint64_t) key.site * UINT64_C(0x9e3779b97f4a7c15) ^ key.database;

	mixed ^= mixed >> 32;
	mixed *= UINT64_C(0xd6e8feb86659fd93);
	return (uint32_t) (mixed >> 32) & (sets - 1);
}

bool
ob_vsys_places_find(const PlacesSet *set, PlacesKey key, int64_t since_us, int64_t now_us, Places *places)
{
	for (int i = 0; i < PLACES_WAYS; i++)
	{
		const PlacesEntry *entry = &set->entry[i];

		if (!same(entry->key, key))
			continue;
		if (entry->places.counted_us < since_us || entry->places.counted_us > now_us)
			return false;
		*places = entry->places;
		return true;
	}
	return false;
}

void
ob_vsys_places_store(PlacesSet *set, PlacesKey key, const Places *places)
{
	PlacesEntry *victim = &set->entry[0];

	for (int i = 0; i < PLACES_WAYS; i++)
	{
		PlacesEntry *entry = &set->entry[i];

		if (same(entry->key, key))
		{
			if (entry->places.counted_us < places->counted_us)
				entry->places = *places;
			return;
		}
		if (victim->key.database != 0 &&
			(entry->key.database == 0 || entry->places.counted_us < victim->places.counted_us))
			victim = entry;
	}
	victim->key = key;
	victim->places = *places;
}
