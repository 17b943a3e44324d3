/*-------------------------------------------------------------------------
 *
 * share_kernel.h
 *	  Claims rules: an estate to claimants who ask for more than there is, in
 *	  whole units, in plain C: no PostgreSQL header, no global state.
 *
 * Vocabulary
 *	  award		what a claimant gets, between 0 and the claim
 *	  loss		claim less award
 *
 * Invariants
 *	  The exact awards of the rule are rounded down, and what is left goes to
 *	  the largest remainders, one each; ties go to the earlier claimant. The
 *	  awards add up to the estate or to the claims, whichever is less.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_SHARE_KERNEL_H
#define OB_ALLOCATION_SHARE_KERNEL_H

#include "allocation/prorate.h"

typedef enum ShareRule
{
	SHARE_PROPORTIONAL,			/* claim * t */
	SHARE_EQUAL_AWARDS,			/* min(claim, weight * t) */
	SHARE_EQUAL_LOSSES,			/* max(0, claim - weight * t) */
	SHARE_TALMUD				/* equal awards of the half claims up to half
								 * of their sum, equal losses of them above */
} ShareRule;

#define SHARE_RULES		(SHARE_TALMUD + 1)

typedef enum ShareFault
{
	SHARE_OK,
	SHARE_NO_CLAIMS,
	SHARE_NEGATIVE_ESTATE,
	SHARE_NEGATIVE_CLAIM,		/* of the unit */
	SHARE_BAD_WEIGHT,			/* of the unit: not above 0 */
	SHARE_NOT_WEIGHTED,			/* weights, but the rule takes none */
	SHARE_CLAIMS_TOO_LARGE		/* their sum is above 2^63 - 1 */
} ShareFault;

typedef struct ShareInput
{
	ShareRule	rule;
	int64_t		estate;
	int			n;
	const int64_t *claim;
	const int64_t *weight;		/* NULL: all 1 */
} ShareInput;

/* The name of a rule. */
extern const char *ob_allocation_rule_name(ShareRule rule);

/*
 * Share the estate out to n claims; "result" has room for n. On a fault "unit"
 * says where it is, from 0.
 */
extern ShareFault ob_allocation_share(const ShareInput *input, const AllocationHooks *hooks,
									  int64_t *result, int *unit);

#endif							/* OB_ALLOCATION_SHARE_KERNEL_H */
