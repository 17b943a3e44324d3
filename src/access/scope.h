/*-------------------------------------------------------------------------
 *
 * scope.h
 *		Whom a session acts for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SCOPE_H
#define OUTBREAK_SCOPE_H

extern void ob_access_init(void);

#endif							/* OUTBREAK_SCOPE_H */
