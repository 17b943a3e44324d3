/*-------------------------------------------------------------------------
 *
 * audit_verify.h
 *		Checking one chain of the audit trail.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_VERIFY_H
#define OUTBREAK_AUDIT_VERIFY_H

#include "utils/timestamp.h"

/*
 * A stretch of a chain, and what was found about it; a fixed size, for it
 * passes through shared memory. A stretch begins behind entry "after", whose
 * stored hash is taken as it stands (the stretch before checks it), and ends
 * with entry "upto".
 */
typedef struct ChainFinding
{
	int16		chain;
	int64		after;			/* NO_LOWER_END: the stretch begins the chain */
	int64		upto;			/* NO_UPPER_END: the stretch ends it */

	int64		first_number;	/* of the entries checked; 0 for none */
	int64		last_number;
	int64		checked;
	bool		broken;
	bool		has_time;
	int64		broken_number;
	TimestampTz broken_at;
	char		problem[160];
} ChainFinding;

#define NO_LOWER_END	PG_INT64_MIN
#define NO_UPPER_END	PG_INT64_MAX

struct AuditReader;

/* The partitions of the audit trail, opened for reading in the order of chains. */
extern struct AuditReader *ob_access_audit_reader(void);
extern void ob_access_audit_reader_close(struct AuditReader *reader);

/* The first chain after that number that has entries; false when there is none. */
extern bool ob_access_audit_next_chain(struct AuditReader *reader, int32 after, int16 *chain);

/*
 * Checks the entries of the stretch that were recorded in [from, to). Only an
 * unbounded time takes stretches that are less than a chain.
 */
extern void ob_access_audit_check_chain(struct AuditReader *reader, TimestampTz from, TimestampTz to, ChainFinding *finding);

#endif							/* OUTBREAK_AUDIT_VERIFY_H */
