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

/*
 * Whom the audit trail names: the subject ("sub") of the token in a session of
 * the authenticator, NULL in any other. Lives as long as the transaction.
 */
extern const char *ob_access_actor(void);

/*
 * Does the session act in that role? What was set with SET ROLE, or the login,
 * is it or has it: not the owner as whom a SECURITY DEFINER function runs, but
 * whoever called that. False for a role that there is not.
 */
extern bool ob_access_acts_as(const char *role);

/* Does the session act for that municipality, or that person (16 bytes of a UUID)? */
extern bool ob_access_is_my_municipality(int32 municipality);
extern bool ob_access_is_my_person(const unsigned char *person);

/* Is the login role of this session the one that speaks for others? */
extern bool ob_access_is_authenticator(void);

#endif							/* OUTBREAK_SCOPE_H */
