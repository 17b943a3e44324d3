/*-------------------------------------------------------------------------
 *
 * flow_scaling.h
 *		Minimum-cost flow by cost scaling.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FLOW_SCALING_H
#define OB_ALLOCATION_FLOW_SCALING_H

#include "allocation/flow_kernel.h"

/* False when the numbers are too large for it, then nothing has been done. */
extern bool ob_allocation_flow_scaling(FlowNetwork *net, const FlowHooks *hooks, FlowFault *fault);
extern size_t ob_allocation_flow_scaling_memory(int nnodes, int narcs);

#endif							/* OB_ALLOCATION_FLOW_SCALING_H */
