/*-------------------------------------------------------------------------
 *
 * window_kernel.c
 *	  Windows of local time and random checks inside them. See the header.
 *
 *-------------------------------------------------------------------------
 */
#include "followup/window_kernel.h"

/*
 * The instant of a local time near a change of the clocks. False where the
 * clocks skip that time: the instant is then the change itself.
 */
bool
ob_followup_instant(int64_t local, const ClockChange *change, bool closing, int64_t *instant)
{
	int64_t		before = local - change->before;
	int64_t		after = local - change->after;
	bool		is_before = !change->happens || before < change->at;
	bool		is_after = change->happens && after >= change->at;

	if (is_before && (!is_after || !closing))
		*instant = before;
	else if (is_after)
		*instant = after;
	else
	{
		*instant = change->at;
		return false;
	}
	return true;
}

/* What the gaps between the checks leave of a window; below 1 they do not fit. Never overflows. */
int64_t
ob_followup_room(int64_t length, int checks, int64_t gap)
{
	if (length < 1 || checks < 1 || gap < 0)
		return 0;
	if (checks > 1 && gap > length / (checks - 1))
		return 0;
	return length - (checks - 1) * gap;
}

/*
 * Seconds after the opening of each check, in their order. Each draw is
 * scaled to the room; sorted draws moved apart by the gap are every
 * arrangement with that gap, each as likely as another.
 */
void
ob_followup_spread(const uint64_t *draws, int checks, int64_t room, int64_t gap, int64_t *offsets)
{
	for (int i = 0; i < checks; i++)
	{
		int64_t		offset = (int64_t) (((unsigned __int128) draws[i] * (uint64_t) room) >> 64);
		int			j = i;

		/* insertion sort: there are at most 24 */
		while (j > 0 && offsets[j - 1] > offset)
		{
			offsets[j] = offsets[j - 1];
			j--;
		}
		offsets[j] = offset;
	}
	for (int i = 0; i < checks; i++)
		offsets[i] += i * gap;
}
