/*-------------------------------------------------------------------------
 *
 * flow_read.h
 *		The rows of queries as a problem of minimum-cost flow.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FLOW_READ_H
#define OB_ALLOCATION_FLOW_READ_H

#include "postgres.h"

#include "allocation/flow_kernel.h"

/*
 * Edges in the order of their ids, nodes in the order of theirs, whatever the
 * order of the rows: the same problem always gets the same answer. All of it
 * lies in a memory context of its own, below the current one.
 */
typedef struct FlowRows
{
	MemoryContext context;
	Size		used;			/* bytes that count against outbreak.allocation_memory */
	int			nedges;
	int			edges_room;
	int64	   *edge_id;
	int64	   *source_id;		/* as read; NULL when numbered */
	int64	   *target_id;
	int64	   *lower;
	int64	   *capacity;
	int64	   *cost;
	int		   *source;
	int		   *target;
	int			nnodes;
	int			supplies;		/* rows, the first of node_id and supply until nodes are numbered */
	int			nodes_room;
	int64	   *node_id;
	int64	   *supply;
} FlowRows;

/*
 * Reads both queries with the rights of the caller, changing nothing; supplies
 * may be NULL, then all are 0. Needs an SPI connection.
 */
extern FlowRows *ob_allocation_read_flow_problem(const char *edges, const char *supplies);

/* Error 22023 when supplies and demands differ. */
extern void ob_allocation_check_flow_balance(const FlowRows *rows);

/* Number of the edge or the node of that id, or -1. */
extern int	ob_allocation_find_id(const int64 *ids, int n, int64 id);

/* Counts bytes against outbreak.allocation_memory, or raises 53400. */
extern void ob_allocation_charge(FlowRows *rows, Size bytes);

extern FlowProblem ob_allocation_flow_problem(const FlowRows *rows);

/*
 * Reads a query with two columns of whole numbers, the first an id; calls keep
 * for each row. what names its rows in messages.
 */
typedef void (*KeepPair) (void *context, int64 id, int64 value);
extern void ob_allocation_read_pairs(const char *query, const char *what, const char *id, const char *value,
									 KeepPair keep, void *context);

#endif							/* OB_ALLOCATION_FLOW_READ_H */
