/*-------------------------------------------------------------------------
 *
 * grant_kernel.c
 *		Which of its choices a request is granted.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/grant_kernel.h"

int
ob_vsys_grant_place(const GrantSlots *slots, int64_t slot)
{
	int			low = 0;
	int			high = slots->count - 1;

	while (low <= high)
	{
		int			middle = low + (high - low) / 2;

		if (slots->slot[middle] == slot)
			return middle;
		if (slots->slot[middle] < slot)
			low = middle + 1;
		else
			high = middle - 1;
	}
	return -1;
}

GrantOutcome
ob_vsys_grant_choose(const GrantSlots *slots, const GrantChoice *choices, int count, int *choice, int *first, int *second)
{
	GrantOutcome outcome = GRANT_SESSION_CLOSED;

	for (int i = 0; i < count; i++)
	{
		int			x = ob_vsys_grant_place(slots, choices[i].slot);
		int			y = choices[i].has_second ? ob_vsys_grant_place(slots, choices[i].second) : -1;
		int			free = x < 0 ? GRANT_CLOSED : slots->free[x];
		int			free_too = !choices[i].has_second ? 1 : y < 0 ? GRANT_CLOSED : slots->free[y];

		if (free > 0 && free_too > 0)
		{
			*choice = i;
			*first = x;
			*second = y;
			return GRANT_GRANTED;
		}
		if (free == 0 || free_too == 0)
			outcome = GRANT_SOLD_OUT;
	}
	return outcome;
}
