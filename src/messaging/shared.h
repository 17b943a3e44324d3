/*-------------------------------------------------------------------------
 *
 * shared.h
 *		What the processes of messaging share.
 *
 * Vocabulary
 *		launcher	the one process, in no database, that starts workers
 *		worker		a process that delivers the messages of one database; it is
 *					there while there is something to send
 *		place		a database that is served (outbreak.messaging_databases)
 *
 * Invariants
 *		Only plain values: no pointer, least of all one of libcurl's.
 *		Every field is read and written under the lock, which is held for a few
 *		instructions at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_SHARED_H
#define OUTBREAK_MESSAGING_SHARED_H

#include "datatype/timestamp.h"
#include "storage/lwlock.h"

#define MESSAGING_PLACES	16
#define MESSAGING_PROBLEM	160

typedef struct MessagingPlace
{
	Oid			database;		/* InvalidOid: unused */
	int			worker;			/* number of its PGPROC, -1: none */
	int			pid;
	bool		wanted;			/* something was queued that no worker has looked at */
	TimestampTz next_due;		/* when a worker is needed next, as the last one knew */
	TimestampTz started_at;
	TimestampTz last_round_at;
	int			in_flight;
	uint64		accepted;		/* since the server started */
	uint64		tried;
	uint32		failures;		/* workers in a row that ended in an error */
	char		problem[MESSAGING_PROBLEM]; /* of the last one; empty: none */
} MessagingPlace;

typedef struct MessagingShared
{
	LWLock	   *lock;
	int			launcher;		/* number of its PGPROC, -1: none */
	int			launcher_pid;
	MessagingPlace place[MESSAGING_PLACES];
} MessagingShared;

/* NULL unless outbreak is preloaded. */
extern MessagingShared *ob_messaging_shared;

/* Is this process a worker? Its own writes wake nobody. */
extern bool ob_messaging_in_worker;

extern void ob_messaging_shared_init(void);

/* The place of a database, or NULL. The caller holds the lock. */
extern MessagingPlace *ob_messaging_place_of(Oid database);

/* Wakes a process by the number of its PGPROC; -1 wakes nobody. */
extern void ob_messaging_wake_process(int number);

/* Entry points of the background workers; found by name. */
extern PGDLLEXPORT void ob_messaging_launcher_main(Datum argument);
extern PGDLLEXPORT void ob_messaging_worker_main(Datum argument);

#endif							/* OUTBREAK_MESSAGING_SHARED_H */
