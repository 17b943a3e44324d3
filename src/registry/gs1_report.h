/*-------------------------------------------------------------------------
 *
 * gs1_report.h
 *	  How the server speaks about GS1 element strings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_REGISTRY_GS1_REPORT_H
#define OB_REGISTRY_GS1_REPORT_H

#include "postgres.h"

#include "registry/gs1_kernel.h"

/* The AI in brackets with its data title. */
extern char *ob_registry_gs1_label(const Gs1Ai *ai, int number);

/* Raise 22P02 for a reading that has a fault; "text" is what was read. */
extern void ob_registry_gs1_refuse(const char *text, size_t length, const Gs1Reading *reading) pg_attribute_noreturn();

#endif							/* OB_REGISTRY_GS1_REPORT_H */
