/*-------------------------------------------------------------------------
 *
 * code_report.h
 *	  How the server speaks about the codes of the registry: reading with
 *	  the database's encoding, and errors that say what would be right.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_REGISTRY_CODE_REPORT_H
#define OB_REGISTRY_CODE_REPORT_H

#include "postgres.h"

#include "registry/code_kernel.h"

/* Flags for scanning text of this database. */
extern int	ob_registry_code_flags(void);

/*
 * Read text as a code of this kind.  Raises 22P02 with the reason when it is
 * none.
 */
extern int64 ob_registry_code_read(CodeKind kind, const char *text, size_t length);

/*
 * Accept a number from binary input.  Raises 22P03 with the reason when it is
 * no code.
 */
extern int64 ob_registry_code_receive(CodeKind kind, int64 value);

/*
 * Raise 22P02 for a reading that has a fault.  "text" is what the user wrote,
 * "flags" what it was scanned with: CODE_SEPARATORS means a written form.
 */
extern void ob_registry_code_refuse(CodeKind kind, const char *text, size_t length, int flags,
									const CodeReading *reading) pg_attribute_noreturn();

/* The digits of a value as text. */
extern Datum ob_registry_code_text(CodeKind kind, int64 value);

#endif							/* OB_REGISTRY_CODE_REPORT_H */
