/*-------------------------------------------------------------------------
 *
 * window_kernel.h
 *	  Windows of local time and random checks inside them, in plain C: no
 *	  PostgreSQL header.
 *
 * Vocabulary
 *	  local		seconds since 1970 as a clock on the wall shows them
 *	  instant	seconds since 1970 UTC
 *	  change	a change of the clocks: the instant, and the offsets (east is
 *				positive) before and from it
 *	  checks	how many random checks a window holds
 *	  room		seconds in which a draw may lie: what the gaps leave over
 *
 * Invariants
 *	  A local time that exists twice is its first instant as the opening of a
 *	  window and its last as the closing; one that does not exist is the
 *	  instant of the change. Checks ascend, lie within the window and at least
 *	  the gap apart.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_FOLLOWUP_WINDOW_KERNEL_H
#define OB_FOLLOWUP_WINDOW_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#define FOLLOWUP_CHECKS_MAX	24

typedef struct ClockChange
{
	bool		happens;		/* false: the offset before holds */
	int64_t		at;
	int64_t		before;
	int64_t		after;
} ClockChange;

extern bool ob_followup_instant(int64_t local, const ClockChange *change, bool closing, int64_t *instant);
extern int64_t ob_followup_room(int64_t length, int checks, int64_t gap);
extern void ob_followup_spread(const uint64_t *draws, int checks, int64_t room, int64_t gap, int64_t *offsets);

#endif							/* OB_FOLLOWUP_WINDOW_KERNEL_H */
