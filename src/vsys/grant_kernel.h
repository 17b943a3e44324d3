/*-------------------------------------------------------------------------
 *
 * grant_kernel.h
 *		Which of its choices a request is granted, in plain C: no PostgreSQL
 *		header, no allocation.
 *
 * Vocabulary
 *		slot		times of a session with their places; here its number and
 *					how many places are free
 *		choice		a slot that a request asks for, perhaps with a second one
 *					for the next dose: both or none
 *
 * Invariants
 *		The first choice that has a place, in both slots where there are two,
 *		is the one. Nothing is counted here: the caller does that when the
 *		booking is written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_VSYS_GRANT_KERNEL_H
#define OB_VSYS_GRANT_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* Free places of a slot that cannot be had any more: closed, or begun. */
#define GRANT_CLOSED	(-1)

/* The slots of a batch, by ascending number. */
typedef struct GrantSlots
{
	int			count;
	const int64_t *slot;
	const int32_t *free;
} GrantSlots;

typedef struct GrantChoice
{
	int64_t		slot;
	int64_t		second;
	bool		has_second;
} GrantChoice;

typedef enum GrantOutcome
{
	GRANT_GRANTED,
	GRANT_SOLD_OUT,
	GRANT_SESSION_CLOSED,
	GRANT_WITHDRAWN				/* the ticket was withdrawn, which is found out elsewhere */
} GrantOutcome;

/* Where the slot stands among those of the batch, or -1. */
extern int	ob_vsys_grant_place(const GrantSlots *slots, int64_t slot);

/*
 * Decides. Granted: *choice, and the places of its slots in *first and
 * *second (-1 for none). Otherwise sold out when there was a choice with a
 * slot that is open and taken, and closed when there was none; a slot that is
 * not there counts as closed.
 */
extern GrantOutcome ob_vsys_grant_choose(const GrantSlots *slots, const GrantChoice *choices, int count,
										 int *choice, int *first, int *second);

#endif							/* OB_VSYS_GRANT_KERNEL_H */
