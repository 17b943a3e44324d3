/*-------------------------------------------------------------------------
 *
 * compat.h
 *		Differences between PostgreSQL 15 and 18, all in one place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_COMPAT_H
#define OUTBREAK_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "outbreak needs PostgreSQL 15 or later"
#endif

/* 16 moved the varlena macros out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18 lets a module name itself. */
#if PG_VERSION_NUM >= 180000
#define OUTBREAK_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "outbreak", .version = OUTBREAK_VERSION)
#else
#define OUTBREAK_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* 16 can insert into summarising indexes alone. */
#if PG_VERSION_NUM >= 160000
#define ob_insert_index_entries(target, slot, estate) ExecInsertIndexTuples(target, slot, estate, false, false, NULL, NIL, false)
#else
#define ob_insert_index_entries(target, slot, estate) ExecInsertIndexTuples(target, slot, estate, false, false, NULL, NIL)
#endif

#endif							/* OUTBREAK_COMPAT_H */
