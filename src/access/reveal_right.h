/*-------------------------------------------------------------------------
 *
 * reveal_right.h
 *		Who may reveal sealed values of which purpose.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_REVEAL_RIGHT_H
#define OUTBREAK_REVEAL_RIGHT_H

/*
 * Has the current user a row in access.reveal_right, by a role whose rights it
 * has?  Superusers have every role's.
 */
extern bool ob_access_may_reveal(const char *purpose);

#endif							/* OUTBREAK_REVEAL_RIGHT_H */
