/*-------------------------------------------------------------------------
 *
 * share_kernel.c
 *	  Claims rules in whole units.
 *
 * Vocabulary and invariants are in share_kernel.h.
 *
 * Every rule is one proration. Equal losses are equal awards of what is
 * missing, taken off the claims; Talmud works in halves of units.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/share_kernel.h"

#include <string.h>

const char *
ob_allocation_rule_name(ShareRule rule)
{
	static const char *const name[SHARE_RULES] = {
		"proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud"
	};

	return name[rule];
}

static ShareFault
check(const ShareInput *input, int64_t *claims, int *unit)
{
	u128		sum = 0;

	*unit = 0;
	if (input->n < 1)
		return SHARE_NO_CLAIMS;
	if (input->estate < 0)
		return SHARE_NEGATIVE_ESTATE;
	if (input->weight != NULL && input->rule != SHARE_EQUAL_AWARDS && input->rule != SHARE_EQUAL_LOSSES)
		return SHARE_NOT_WEIGHTED;
	for (int i = 0; i < input->n; i++)
	{
		*unit = i;
		if (input->claim[i] < 0)
			return SHARE_NEGATIVE_CLAIM;
		if (input->weight != NULL && input->weight[i] <= 0)
			return SHARE_BAD_WEIGHT;
		sum += (u128) input->claim[i];
	}
	if (sum > (u128) INT64_MAX)
		return SHARE_CLAIMS_TOO_LARGE;
	*claims = (int64_t) sum;
	return SHARE_OK;
}

ShareFault
ob_allocation_share(const ShareInput *input, const AllocationHooks *hooks, int64_t *result, int *unit)
{
	int64_t		claims = 0;
	ShareFault	fault = check(input, &claims, unit);
	Proration	proration = {.n = input->n,.divisor = 1};
	bool		losses;

	if (fault != SHARE_OK)
		return fault;
	if (input->estate >= claims)
	{
		memcpy(result, input->claim, (size_t) input->n * sizeof(int64_t));
		return SHARE_OK;
	}

	losses = input->rule == SHARE_EQUAL_LOSSES ||
		(input->rule == SHARE_TALMUD && input->estate > claims - input->estate);
	proration.amount = losses ? claims - input->estate : input->estate;
	/* a loss that is rounded up is an award that is rounded down */
	proration.last_first = losses;
	proration.weight = input->rule == SHARE_PROPORTIONAL ? input->claim : input->weight;
	if (input->rule != SHARE_PROPORTIONAL)
		proration.cap = input->claim;
	if (input->rule == SHARE_TALMUD)
	{
		proration.divisor = 2;
		proration.amount *= 2;
	}
	ob_allocation_prorate(&proration, hooks, result);
	if (losses)
		for (int i = 0; i < input->n; i++)
			result[i] = input->claim[i] - result[i];
	return SHARE_OK;
}
