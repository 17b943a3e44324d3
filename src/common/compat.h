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

/* 16 lets the actions of the JSON parser return an error; 17 lets the caller place the lexer. */
#if PG_VERSION_NUM >= 160000
#define OB_JSON_ACTION JsonParseErrorType
#define OB_JSON_ACTION_DONE return JSON_SUCCESS
#else
#define OB_JSON_ACTION void
#define OB_JSON_ACTION_DONE return
#endif
#if PG_VERSION_NUM >= 170000
#define ob_json_lexer(text, length, encoding) makeJsonLexContextCstringLen(NULL, text, length, encoding, true)
#else
#define ob_json_lexer(text, length, encoding) makeJsonLexContextCstringLen((char *) (text), length, encoding, true)
#endif

/* The number of this backend's current transaction; 17 moved it. */
#if PG_VERSION_NUM >= 170000
#define OB_LOCAL_TRANSACTION (MyProc->vxid.lxid)
#else
#define OB_LOCAL_TRANSACTION (MyProc->lxid)
#endif

/* The number of this process's PGPROC; 17 has a variable for it. */
#if PG_VERSION_NUM >= 170000
#define OB_MY_PROC_NUMBER ((int) MyProcNumber)
#else
#define OB_MY_PROC_NUMBER ((int) MyProc->pgprocno)
#endif

/* 18 can count what an index scan does. */
#if PG_VERSION_NUM >= 180000
#define ob_index_beginscan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, NULL, keys, 0)
#else
#define ob_index_beginscan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, keys, 0)
#endif

/* 18 took the last parameter of ExecutorRun away. */
#if PG_VERSION_NUM >= 180000
#define OB_RUN_ONCE_PARAMETER
#define OB_RUN_ONCE
#else
#define OB_RUN_ONCE_PARAMETER , bool execute_once
#define OB_RUN_ONCE , execute_once
#endif

/* 18 can pass over a row of the caller's own. */
#if PG_VERSION_NUM >= 180000
#define ob_check_index_constraints(target, slot, estate, conflict, arbiters) ExecCheckIndexConstraints(target, slot, estate, conflict, NULL, arbiters)
#else
#define ob_check_index_constraints(target, slot, estate, conflict, arbiters) ExecCheckIndexConstraints(target, slot, estate, conflict, arbiters)
#endif

/* 16 can insert into summarising indexes alone, and says so after an update. */
#if PG_VERSION_NUM >= 160000
#define OB_UPDATE_INDEXES TU_UpdateIndexes
#define ob_updates_indexes(indexes) ((indexes) != TU_None)
#define ob_insert_index_entries_unless(target, slot, estate, conflict, arbiters) ExecInsertIndexTuples(target, slot, estate, false, true, conflict, arbiters, false)
#define ob_insert_index_entries(target, slot, estate) ExecInsertIndexTuples(target, slot, estate, false, false, NULL, NIL, false)
#else
#define OB_UPDATE_INDEXES bool
#define ob_updates_indexes(indexes) (indexes)
#define ob_insert_index_entries_unless(target, slot, estate, conflict, arbiters) ExecInsertIndexTuples(target, slot, estate, false, true, conflict, arbiters)
#define ob_insert_index_entries(target, slot, estate) ExecInsertIndexTuples(target, slot, estate, false, false, NULL, NIL)
#endif

#endif							/* OUTBREAK_COMPAT_H */
