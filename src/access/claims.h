/*-------------------------------------------------------------------------
 *
 * claims.h
 *		Reading the claims of a token.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_CLAIMS_H
#define OUTBREAK_CLAIMS_H

#include "utils/uuid.h"

/* The claims that matter, in the order of the names in claims.c. */
typedef enum Claim
{
	CLAIM_SUBJECT,
	CLAIM_PREFECTURE,
	CLAIM_HEALTH_CENTER,
	CLAIM_MUNICIPALITY,
	CLAIM_INSTITUTION,
	CLAIM_ORGANISATION,
	CLAIM_PERSON,
	CLAIM_COUNT
} Claim;

/* The text of each claim: a string as it is, a number in digits; NULL when absent or of another kind. */
typedef struct Claims
{
	char	   *text[CLAIM_COUNT];
} Claims;

/* Reads them from JSON. What is no JSON object has none; raises no error for it. */
extern void ob_access_parse_claims(const char *json, Claims *claims);

/*
 * What a claim's text says; false where there is none, or it is no such value.
 */
extern bool ob_access_claim_number(const char *text, int64 max, int64 *number);
extern bool ob_access_claim_institution(const char *text, int64 *code);
extern bool ob_access_claim_municipality(const char *text, int32 *code);
extern bool ob_access_claim_uuid(const char *text, pg_uuid_t *uuid);

#endif							/* OUTBREAK_CLAIMS_H */
