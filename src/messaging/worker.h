/*-------------------------------------------------------------------------
 *
 * worker.h
 *		The parts of a delivery worker.
 *
 * Vocabulary
 *		lane		an endpoint in use, with what limits it
 *		job			a request: one message, or a pack of them
 *		ready		taken from the database, not sent yet
 *		outcome		what became of a message, not yet written to the database
 *
 * Invariants
 *		No transaction is open while anything waits for the network.
 *		Nothing of libcurl's raises a PostgreSQL error: callbacks note what
 *		happened in the job, and the loop reads it.
 *		A job lives in a memory context of its own, from its claim to its end.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_WORKER_H
#define OUTBREAK_MESSAGING_WORKER_H

#include <curl/curl.h>

#include "datatype/timestamp.h"
#include "lib/ilist.h"
#include "utils/date.h"
#include "utils/uuid.h"

#include "messaging/payload_kernel.h"
#include "messaging/rule_kernel.h"
#include "messaging/shared.h"

#define LANE_NAME		41
#define LANES			16
#define REQUEST_NAME	64
#define ANSWER_KEPT		2048	/* bytes of an answer that are looked at */
#define ANSWER_MOST		65536	/* … and that are read before the connection is closed */
#define REASON_MOST		160

typedef struct Lane
{
	char		name[LANE_NAME];
	char		kind[LANE_NAME];
	Style		style;
	bool		enabled;
	char		problem[REASON_MOST];	/* why nothing can be sent; empty: nothing is wrong */

	/* settings, in the memory of the lane */
	MemoryContext memory;
	char	   *url;
	char	   *pack_url;
	char	   *sender;
	char	   *authorization;	/* header with the secret, or user:password */
	double		per_second;
	double		burst;
	int			in_flight_most;
	int			pack;
	int64		timeout;		/* all times in microseconds */
	int64		backoff;
	int64		backoff_most;
	BreakerLimits limits;

	/* state */
	Bucket		bucket;
	Breaker		breaker;
	bool		breaker_changed;
	char		breaker_reason[REASON_MOST];
	int			slow_in_a_row;
	dlist_head	ready;
	int			ready_count;
	int			in_flight;
	bool		more;			/* there may be messages that are due */
	TimestampTz next_due;		/* otherwise, when there will be; 0: never */
} Lane;

typedef struct Member
{
	DateADT		day;
	pg_uuid_t	key;
} Member;

typedef struct Job
{
	dlist_node	node;			/* in the lane's list, or in that of those in flight */
	Lane	   *lane;
	MemoryContext memory;
	int			count;			/* messages */
	Member	   *member;
	int			attempt;
	bool		packed;
	char		id[REQUEST_NAME];	/* key of the request */
	const char *to;				/* recipient of mail */
	Bytes		body;
	size_t		read;			/* of the body, by SMTP */
	TimestampTz leased_until;
	TimestampTz expires_at;
	bool		malformed;		/* the address is none: nothing is sent */

	/* while in flight */
	CURL	   *easy;
	struct curl_slist *headers;
	struct curl_slist *recipients;
	TimestampTz started_at;
	char		answer[ANSWER_KEPT];
	size_t		answer_length;
	size_t		answer_bytes;
	size_t		header_bytes;
	int64		retry_after;	/* -1: not said */
	char		request[REQUEST_NAME];	/* number that the gateway gave it */
	bool		is_private;		/* the address was refused */
	char		error[CURL_ERROR_SIZE];
} Job;

typedef struct Outcome
{
	Member		member;
	TimestampTz at;
	int			took;			/* milliseconds */
	const char *what;			/* as messaging.record_results() wants it */
	int			status;			/* 0: none */
	char		request[REQUEST_NAME];
	char		reason[REASON_MOST];
	TimestampTz next_at;		/* 0: none */
	int			lane;
} Outcome;

typedef struct Worker
{
	MessagingPlace *place;
	MemoryContext memory;		/* as long as the worker */
	Lane		lane[LANES];
	int			lanes;
	int			in_flight;
	dlist_head	flying;

	Outcome    *outcome;		/* waiting to be written */
	int			outcomes;
	int			outcome_room;
	TimestampTz first_outcome_at;

	/* counted since the last time that they were published */
	uint64		tried;
	uint64		accepted;
} Worker;

/* ---- store.c: the database. Each call is one transaction; false: it failed, and the error was logged. */

extern bool ob_messaging_store_is_deployed(void);
extern bool ob_messaging_load_lanes(Worker *worker);
extern bool ob_messaging_claim(Worker *worker, Lane *lane, int most, int *rows);
extern bool ob_messaging_write_outcomes(Worker *worker);

/* The last error of the database, for people. */
extern char ob_messaging_store_problem[MESSAGING_PROBLEM];

/* ---- transfer.c: the network */

extern void ob_messaging_transfer_init(Worker *worker);
extern void ob_messaging_transfer_end(void);
/* The descriptor to wait for, and when to look without it (-1: no need), in milliseconds. */
extern int	ob_messaging_transfer_wait(long *timeout);
extern void ob_messaging_transfer_start(Worker *worker, Job *job);
/* Moves what can be moved; ended jobs have become outcomes. */
extern void ob_messaging_transfer_drive(Worker *worker);

/* ---- worker.c */

/* Ends a job: each of its messages gets that outcome. */
extern void ob_messaging_end_job(Worker *worker, Job *job, const char *what, int status, const char *reason, TimestampTz next_at);

#endif							/* OUTBREAK_MESSAGING_WORKER_H */
