/*-------------------------------------------------------------------------
 *
 * partition.h
 *		Which partition a row of a moment belongs to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_PARTITION_H
#define OUTBREAK_PARTITION_H

#include "utils/relcache.h"
#include "utils/timestamp.h"

/*
 * The partition of a table that is partitioned by range of one instant,
 * opened and locked for writing; NULL where there is none for it. The table
 * is locked by the caller. Raises 55000 for a table that is partitioned
 * otherwise.
 */
extern Relation ob_common_open_partition(Relation parent, TimestampTz at);

#endif							/* OUTBREAK_PARTITION_H */
