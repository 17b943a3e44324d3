/*-------------------------------------------------------------------------
 *
 * data_key.h
 *		Keys that lie in the database, wrapped by a master key.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_DATA_KEY_H
#define OUTBREAK_DATA_KEY_H

#include "utils/snapshot.h"
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
 * The same for asking about one value, where there is a tag key: it is kept
 * from one transaction to the next (tag.c).
 */
extern SealTagger *ob_access_known_tag_key(void);

/*
 * A number that is another one as soon as what was read from the tables of
 * this part has to be read again.
 */
extern uint64 ob_access_key_moment(void);

/*
 * A registered snapshot that sees what is committed now, and all that this
 * transaction did, the running command included.
 */
extern Snapshot ob_access_latest_snapshot(void);

/* A table of schema access, locked, its first columns of these types. */
extern Oid	ob_access_key_table(const char *name, int columns, const Oid *types);

#endif							/* OUTBREAK_DATA_KEY_H */
