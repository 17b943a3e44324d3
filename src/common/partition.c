/*-------------------------------------------------------------------------
 *
 * partition.c
 *		Which partition a row of a moment belongs to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "common/partition.h"

Relation
ob_common_open_partition(Relation parent, TimestampTz at)
{
	PartitionKey key = RelationGetPartitionKey(parent);
	PartitionDesc partitions;
	Datum		value = TimestampTzGetDatum(at);
	bool		equal;
	int			offset;
	int			which;

	if (key == NULL || key->strategy != PARTITION_STRATEGY_RANGE || key->partnatts != 1 || key->parttypid[0] != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" is not partitioned by range of an instant", RelationGetRelationName(parent))));
	partitions = RelationGetPartitionDesc(parent, true);
	if (partitions->nparts == 0)
		return NULL;
	offset = partition_range_datum_bsearch(key->partsupfunc, key->partcollation, partitions->boundinfo, 1, &value, &equal);
	which = partitions->boundinfo->indexes[offset + 1];
	if (which < 0)
		which = partitions->boundinfo->default_index;
	return which < 0 ? NULL : table_open(partitions->oids[which], RowExclusiveLock);
}
