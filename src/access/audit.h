/*-------------------------------------------------------------------------
 *
 * audit.h
 *		The audit trail: noting what a transaction did.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_H
#define OUTBREAK_AUDIT_H

#include "utils/uuid.h"

/* Once per session. */
extern void ob_access_audit_init(void);

/*
 * Notes something that is not the change of a row. "relation" (schema.table),
 * "subject" and "detail_json" may be NULL. The entry is written when the
 * transaction commits, and goes with a sub-transaction that does not.
 */
extern void ob_access_audit_note(const char *action, const char *relation, const pg_uuid_t *subject, const char *detail_json);

/*
 * Notes that a sealed value of that purpose was revealed. Many make one entry.
 * What was seen cannot be unseen, so it stays noted when a sub-transaction is
 * rolled back; when the whole transaction is, it goes to the server's log.
 * Refused with 25006 on a standby, where no entry can be written.
 */
extern void ob_access_audit_reveal(const char *purpose, const pg_uuid_t *subject);

/* Is retention at work (outbreak.audit_images), which alone may blank images? */
extern bool ob_access_audit_is_bare(void);

#endif							/* OUTBREAK_AUDIT_H */
