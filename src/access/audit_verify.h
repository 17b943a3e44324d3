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

/* What was found about a chain; a fixed size, for it passes through shared memory. */
typedef struct ChainFinding
{
	int16		chain;
	int64		first_number;	/* of the entries checked; 0 for none */
	int64		last_number;
	int64		checked;
	bool		broken;
	bool		has_time;
	int64		broken_number;
	TimestampTz broken_at;
	char		problem[160];
} ChainFinding;

struct AuditReader;

/* The partitions of the audit trail, opened for reading in the order of chains. */
extern struct AuditReader *ob_access_audit_reader(void);
extern void ob_access_audit_reader_close(struct AuditReader *reader);

/* The first chain after that number that has entries; false when there is none. */
extern bool ob_access_audit_next_chain(struct AuditReader *reader, int32 after, int16 *chain);

/* Checks the entries of the chain that were recorded in [from, to). */
extern void ob_access_audit_check_chain(struct AuditReader *reader, int16 chain, TimestampTz from, TimestampTz to, ChainFinding *finding);

#endif							/* OUTBREAK_AUDIT_VERIFY_H */
