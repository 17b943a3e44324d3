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
#include "miscadmin.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "common/partition.h"

/* The partition of a moment as the parent stands now; InvalidOid when there is none. */
static Oid
partition_of(Relation parent, TimestampTz at)
{
	PartitionKey key = RelationGetPartitionKey(parent);
	PartitionDesc partitions = RelationGetPartitionDesc(parent, true);
	Datum		value = TimestampTzGetDatum(at);
	bool		equal;
	int			offset;
	int			which;

	if (partitions->nparts == 0)
		return InvalidOid;
	offset = partition_range_datum_bsearch(key->partsupfunc, key->partcollation, partitions->boundinfo, 1, &value, &equal);
	which = partitions->boundinfo->indexes[offset + 1];
	if (which < 0)
		which = partitions->boundinfo->default_index;
	return which < 0 ? InvalidOid : partitions->oids[which];
}

Relation
ob_common_open_partition(Relation parent, TimestampTz at)
{
	PartitionKey key = RelationGetPartitionKey(parent);

	if (key == NULL || key->strategy != PARTITION_STRATEGY_RANGE || key->partnatts != 1 || key->parttypid[0] != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" is not partitioned by range of an instant", RelationGetRelationName(parent))));

	/* While the lock was waited for, a partition of its own may have been made for the moment, and the default one is it no more. */
	for (;;)
	{
		Oid			leaf = partition_of(parent, at);
		Relation	rel;

		if (!OidIsValid(leaf))
			return NULL;
		rel = table_open(leaf, RowExclusiveLock);
		if (partition_of(parent, at) == leaf)
			return rel;
		table_close(rel, RowExclusiveLock);
		CHECK_FOR_INTERRUPTS();
	}
}
