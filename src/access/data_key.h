/*-------------------------------------------------------------------------
 *
 * data_key.h
 *		Keys that lie in the database, wrapped by a master key.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_DATA_KEY_H
#define OUTBREAK_DATA_KEY_H

#include "utils/uuid.h"

#include "access/seal_kernel.h"

/*
 * A cipher with the subject's data key, good until the next call.  A subject
 * without one gets it when `make` is set; otherwise, and for a forgotten one,
 * NULL comes back and *forgotten says which it was.  What was obtained before
 * with this or the next function is no longer good.
 */
extern SealCipher *ob_access_data_key(const pg_uuid_t *subject, bool make, bool *forgotten);

/*
 * What tags are made with, good until the next call.  Where nothing was ever
 * sealed the key is made when `make` is set; otherwise NULL comes back.
 */
extern SealTagger *ob_access_tag_key(bool make);

/*
 * Has the current user a row in access.reveal_right, by a role whose rights it
 * has?  Superusers have every role's.
 */
extern bool ob_access_may_reveal(const char *purpose);

#endif							/* OUTBREAK_DATA_KEY_H */
