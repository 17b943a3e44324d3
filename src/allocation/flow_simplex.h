/*-------------------------------------------------------------------------
 *
 * flow_simplex.h
 *		Minimum-cost flow by the primal network simplex method.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FLOW_SIMPLEX_H
#define OB_ALLOCATION_FLOW_SIMPLEX_H

#include "allocation/flow_kernel.h"

extern FlowFault ob_allocation_flow_simplex(FlowNetwork *net, const FlowHooks *hooks);
extern size_t ob_allocation_flow_simplex_memory(int nnodes, int narcs);

#endif							/* OB_ALLOCATION_FLOW_SIMPLEX_H */
