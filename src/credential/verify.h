/*-------------------------------------------------------------------------
 *
 * verify.h
 *		Verifying codes of each kind.
 *
 * Each of these functions takes its trust list from argument 1 of the call and
 * keeps it there (trust.h). None raises an error for a bad code.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_VERIFY_H
#define OUTBREAK_VERIFY_H

#include "fmgr.h"

#include "credential/verdict.h"

/* The verdict, which the caller has zeroed. */
extern void ob_credential_judge_dcc(FunctionCallInfo fcinfo, text *code, TimestampTz at, Verdict *verdict);
extern void ob_credential_judge_shc(FunctionCallInfo fcinfo, text *code, TimestampTz at, Verdict *verdict);

/* The reason why a ticket is not valid; NULL: it is. */
extern const char *ob_credential_judge_ticket(FunctionCallInfo fcinfo, text *code, TimestampTz at);

#endif							/* OUTBREAK_VERIFY_H */
