/*-------------------------------------------------------------------------
 *
 * audit_write.h
 *		Entries that wait for the end of their transaction, and their writing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_WRITE_H
#define OUTBREAK_AUDIT_WRITE_H

#include "utils/relcache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "access/audit_kernel.h"

/* Who acts. The texts live as long as the transaction, as all texts here do. */
typedef struct AuditWho
{
	const text *login;
	const text *role;
	const text *actor;			/* or NULL */
} AuditWho;

/* An entry that is not numbered yet. */
typedef struct PendingEntry
{
	int			level;			/* transaction nesting that it belongs to */
	bool		has_subject;
	pg_uuid_t	subject;
	AuditWho	who;
	const text *action;
	const text *relation;		/* or NULL */
	text	   *image;			/* or NULL */
} PendingEntry;

/* Columns of access.audit, in the order of audit_column_names. */
enum
{
	AUDIT_NUMBER,
	AUDIT_ID,
	AUDIT_RECORDED_AT,
	AUDIT_TRANSACTION,
	AUDIT_SUBJECT,
	AUDIT_CHAIN,
	AUDIT_LOGIN,
	AUDIT_ROLE,
	AUDIT_ACTOR,
	AUDIT_ACTION,
	AUDIT_RELATION,
	AUDIT_IMAGE,
	AUDIT_SALT_COLUMN,
	AUDIT_IMAGE_HASH,
	AUDIT_HASH_COLUMN,
	AUDIT_COLUMNS
};
extern const char *const ob_access_audit_column_names[AUDIT_COLUMNS];

/* Attribute numbers of the named columns; an error for one that is not there. */
extern void ob_access_audit_columns(Relation relation, const char *const *names, int count, AttrNumber *attnums);

/* The number that the id of an entry is made of. */
#define AUDIT_ID_OF(chain, number) ((number) * 256 + (chain))

/* Difference between PostgreSQL's epoch and that of Unix, in microseconds. */
#define AUDIT_EPOCH ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* Numbers, hashes and inserts the entries. */
extern void ob_access_audit_write(PendingEntry *entries, int count);

/* What is held of a chain, when (sub)transactions end. */
extern void ob_access_audit_chain_level_ends(int level, bool aborted);
extern void ob_access_audit_chain_ends(void);

#endif							/* OUTBREAK_AUDIT_WRITE_H */
