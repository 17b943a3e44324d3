/*-------------------------------------------------------------------------
 *
 * errors.h
 *		SQLSTATEs of class OB, the errors that callers are meant to handle.
 *
 * PostgREST answers 400 to each of them. Standard codes are used where one
 * fits (22P02 for text that is no code, 42501 for a missing right).
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_ERRORS_H
#define OUTBREAK_ERRORS_H

#include "utils/elog.h"

/* A report breaks rules of severity error; DETAIL is JSON with every finding. */
#define ERRCODE_OB_REPORT_REFUSED		MAKE_SQLSTATE('O', 'B', '0', '0', '1')
/* A reporter is not in the registry. */
#define ERRCODE_OB_UNKNOWN_REPORTER		MAKE_SQLSTATE('O', 'B', '0', '0', '2')
/* A rule cannot be compiled or is not allowed. */
#define ERRCODE_OB_BAD_RULE				MAKE_SQLSTATE('O', 'B', '0', '0', '3')
/* A form is not registered, or its registration no longer fits the table. */
#define ERRCODE_OB_BAD_FORM				MAKE_SQLSTATE('O', 'B', '0', '0', '4')

#endif							/* OUTBREAK_ERRORS_H */
