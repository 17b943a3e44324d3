/*-------------------------------------------------------------------------
 *
 * verdict.h
 *		What is said about a code that was verified, as jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_VERDICT_H
#define OUTBREAK_VERDICT_H

#include "utils/jsonb.h"
#include "utils/timestamp.h"

typedef struct Verdict
{
	const char *reason;			/* why it is not valid; NULL: it is */
	const char *kid;			/* as its kind of code writes it; NULL: none */
	const char *algorithm;
	const char *issuer;
	int			issuer_length;
	bool		has_issued_at;
	bool		has_expires_at;
	double		issued_at;		/* seconds since 1970 */
	double		expires_at;
	const char *rid;			/* SMART Health Cards: number for revoking it */
	int			rid_length;
	Jsonb	   *certificate;	/* content, once the signature holds */
} Verdict;

/* {"valid", "reason", "kid", "alg", "issuer", "issued_at", "expires_at", "certificate"}, and "rid" where there is one */
extern Datum ob_credential_verdict(const Verdict *verdict);

/*
 * Judges a time of validity: sets "not_yet_valid" or "expired" as reason. A
 * moment that the calendar of PostgreSQL does not hold lies before or after
 * all others.
 */
extern void ob_credential_judge_time(Verdict *verdict, double from, TimestampTz at);

/* Seconds since 1970 of a moment, with their fraction. */
extern double ob_credential_seconds(TimestampTz at);

/* The bytes in base64, with padding. */
extern char *ob_credential_base64(const uint8 *bytes, int length);

#endif							/* OUTBREAK_VERDICT_H */
