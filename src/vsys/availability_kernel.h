/*-------------------------------------------------------------------------
 *
 * availability_kernel.h
 *	  Remembering the places of sites for a moment, in memory of a fixed
 *	  size, in plain C: no PostgreSQL header, no allocation, no clock of its
 *	  own.
 *
 * Vocabulary
 *	  site		a site of one database
 *	  places	what was counted for it: how many are free, of how many
 *	  set		the few places of the table where a site may stand
 *
 * Invariants
 *	  A site stands at most once. Nothing older than was asked for is given.
 *	  When its set is full, what was counted longest ago gives way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_VSYS_AVAILABILITY_KERNEL_H
#define OB_VSYS_AVAILABILITY_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#define PLACES_WAYS		8

typedef struct PlacesKey
{
	uint32_t	database;		/* 0 in a free place */
	int64_t		site;
} PlacesKey;

typedef struct Places
{
	int64_t		counted_us;		/* when they were counted */
	int64_t		entered_us;		/* when the site entered its status; 0: it did not */
	int32_t		free;
	int32_t		places;
	int32_t		status;			/* whatever the caller makes of it */
} Places;

typedef struct PlacesEntry
{
	PlacesKey	key;
	Places		places;
} PlacesEntry;

/* The places of one set, which the caller has locked. */
typedef struct PlacesSet
{
	PlacesEntry entry[PLACES_WAYS];
} PlacesSet;

/* Which of so many sets (a power of two) a site belongs to. */
extern uint32_t ob_vsys_places_set(PlacesKey key, uint32_t sets);

/* Gives what was counted for a site after `since_us`; false when there is nothing, or time ran backwards. */
extern bool ob_vsys_places_find(const PlacesSet *set, PlacesKey key, int64_t since_us, int64_t now_us, Places *places);

/* Remembers what was counted, unless something newer is there already. */
extern void ob_vsys_places_store(PlacesSet *set, PlacesKey key, const Places *places);

#endif							/* OB_VSYS_AVAILABILITY_KERNEL_H */
