/*-------------------------------------------------------------------------
 *
 * owner.h
 *		Reading and writing deployed tables on behalf of the system.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_OWNER_H
#define OUTBREAK_OWNER_H

typedef struct OwnerScope
{
	Oid			saved_user;
	int			saved_context;
} OwnerScope;

/* OID of a deployed table, or InvalidOid where its word is not deployed. */
extern Oid	ob_common_deployed_table(const char *schema, const char *table);

/*
 * Becomes the owner of the table until ob_common_leave_owner(), so that what
 * the system itself needs does not depend on the rights of whoever runs the
 * statement. An error in between is undone with the (sub)transaction.
 */
extern void ob_common_become_owner(Oid table, OwnerScope *scope);
extern void ob_common_leave_owner(const OwnerScope *scope);

#endif							/* OUTBREAK_OWNER_H */
