/*-------------------------------------------------------------------------
 *
 * key.h
 *		Master keys, as outbreak.access_key_file holds them.
 *
 * The file is looked at once a transaction, and again before a version is said
 * to be missing; it is read again when it changed.
 * Each function raises OB021 when the file or the version is of no use; the
 * message says what is wrong with it and shows nothing of its content.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_KEY_H
#define OUTBREAK_KEY_H

#define MASTER_KEY_BYTES	32

/* The newest version in the file: what new keys are wrapped with. */
extern int	ob_access_master_version(void);

/* Is that version in the file? */
extern bool ob_access_master_known(int version);

/* Which reading of the file the keys come from: another number once it changed. */
extern uint64 ob_access_master_reading(void);

/* Looks at the file at the next question, even within this transaction. */
extern void ob_access_master_look_again(void);

/* The master key of that version; the caller cleanses its copy. */
extern void ob_access_master_key(int version, unsigned char key[MASTER_KEY_BYTES]);

/* HKDF-SHA-256 of a master key: a key for the purpose that the label names. The caller cleanses it. */
extern void ob_access_derive(int version, const char *label, unsigned char out[MASTER_KEY_BYTES]);

#endif							/* OUTBREAK_KEY_H */
