/*-------------------------------------------------------------------------
 *
 * settle.c
 *		What a statement noted, and how the database is brought up to it.
 *
 * Queries name every table and operator in full: the search_path is the
 * caller's. Plans about a form are generic, because the arrays of a bulk load
 * must not lead a planner to read the whole form, and live with the compiled
 * form; those about our own tables live with the session.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "common/compat.h"
#include "common/errors.h"
#include "report/settle.h"

#define SUSPECTS_AT_ONCE 10000

#define UNKNOWN_JA "登録されていない医療機関です"
#define UNKNOWN_EN "the institution is not in the registry"

/* Appends the name of a column, quoted. */
static void
append_column(StringInfo sql, Form *form, AttrNumber column)
{
	appendStringInfoString(sql, quote_identifier(NameStr(TupleDescAttr(form->desc, column - 1)->attname)));
}

/* Appends the equality operator of a column's type, qualified. */
static void
append_equals(StringInfo sql, Form *form, AttrNumber column)
{
	Oid			type = TupleDescAttr(form->desc, column - 1)->atttypid;
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR);
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(entry->eq_opr));
	Form_pg_operator operator;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "type %u has no equality operator", type);
	operator = (Form_pg_operator) GETSTRUCT(tuple);
	appendStringInfo(sql, " OPERATOR(%s.%s) ",
					 quote_identifier(get_namespace_name(operator->oprnamespace)), NameStr(operator->oprname));
	ReleaseSysCache(tuple);
}

/* Appends "alias.column = other" for the first count key columns; %d of other is the key's number. */
static void
append_key_match(StringInfo sql, Form *form, int count, const char *alias, const char *other)
{
	for (int i = 0; i < count; i++)
	{
		appendStringInfo(sql, "%s%s.", i > 0 ? " AND " : "", alias);
		append_column(sql, form, form->keys[i]);
		append_equals(sql, form, form->keys[i]);
		appendStringInfo(sql, "%s%d", other, i + 1);
	}
}

/* Appends the key of r as a JSON object. */
static void
append_key_object(StringInfo sql, Form *form)
{
	appendStringInfoString(sql, "pg_catalog.jsonb_build_object(");
	for (int i = 0; i < form->nkeys; i++)
	{
		appendStringInfo(sql, "%s%s, r.", i > 0 ? ", " : "",
						 quote_literal_cstr(NameStr(TupleDescAttr(form->desc, form->keys[i] - 1)->attname)));
		append_column(sql, form, form->keys[i]);
	}
	appendStringInfoChar(sql, ')');
}

/*
 * Appends the join to the previous report of r, as q.q. "key" is how the key
 * values are spelled: "$" for parameters, "k.k" for the columns of the list.
 */
static void
append_previous(StringInfo sql, Form *form, const char *key)
{
	if (!form->has_previous)
		return;
	appendStringInfo(sql, " LEFT JOIN LATERAL (SELECT p FROM %s AS p WHERE ", form->name);
	append_key_match(sql, form, form->nkeys - 1, "p", key);
	appendStringInfoString(sql, " AND p.");
	append_column(sql, form, form->period);
	appendStringInfo(sql, " OPERATOR(pg_catalog.<) %s%d AND p.", key, form->nkeys);
	append_column(sql, form, form->period);
	appendStringInfo(sql, " OPERATOR(pg_catalog.>=) (%s%d OPERATOR(pg_catalog.-) %d) ORDER BY p.",
					 key, form->nkeys, form->lookback);
	append_column(sql, form, form->period);
	appendStringInfoString(sql, " DESC LIMIT 1) AS q (q) ON true");
}

/* Prepares and keeps a generic plan. */
static SPIPlanPtr
prepare(const char *sql, int nargs, Oid *argtypes)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, nargs, argtypes, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	return plan;
}

/* The types of the key columns, or of arrays of them. */
static Oid *
key_types(Form *form, bool arrays)
{
	Oid		   *types = palloc(sizeof(Oid) * (form->nkeys + 2));

	for (int i = 0; i < form->nkeys; i++)
	{
		types[i] = TupleDescAttr(form->desc, form->keys[i] - 1)->atttypid;
		if (arrays)
			types[i] = get_array_type(types[i]);
	}
	return types;
}

/* The plan that fetches (report, previous report, key as JSON) for one key. */
static SPIPlanPtr
judge_one_plan(Form *form)
{
	StringInfoData sql;

	if (form->judge_one == NULL)
	{
		initStringInfo(&sql);
		appendStringInfo(&sql, "SELECT r, %s, ", form->has_previous ? "q.q" : "NULL");
		append_key_object(&sql, form);
		appendStringInfo(&sql, " FROM %s AS r", form->name);
		append_previous(&sql, form, "$");
		appendStringInfoString(&sql, " WHERE ");
		append_key_match(&sql, form, form->nkeys, "r", "$");
		form->judge_one = prepare(sql.data, form->nkeys, key_types(form, false));
	}
	return form->judge_one;
}

/*
 * The same for arrays of keys. OFFSET 0 keeps fetching a report a look-up by
 * key: a partition that autovacuum saw while a bulk load was under way counts
 * as empty, and then the planner would rather read it whole.
 */
static SPIPlanPtr
judge_many_plan(Form *form)
{
	StringInfoData sql;

	if (form->judge_many == NULL)
	{
		initStringInfo(&sql);
		appendStringInfo(&sql, "SELECT l.report, %s, l.key FROM (SELECT DISTINCT * FROM ROWS FROM (",
						 form->has_previous ? "q.q" : "NULL");
		for (int i = 1; i <= form->nkeys; i++)
			appendStringInfo(&sql, "%spg_catalog.unnest($%d)", i > 1 ? ", " : "", i);
		appendStringInfoString(&sql, ") AS u) AS k (");
		for (int i = 1; i <= form->nkeys; i++)
			appendStringInfo(&sql, "%sk%d", i > 1 ? ", " : "", i);
		appendStringInfoString(&sql, ") CROSS JOIN LATERAL (SELECT r AS report, ");
		append_key_object(&sql, form);
		appendStringInfo(&sql, " AS key FROM %s AS r WHERE ", form->name);
		append_key_match(&sql, form, form->nkeys, "r", "k.k");
		appendStringInfoString(&sql, " OFFSET 0) AS l");
		append_previous(&sql, form, "k.k");
		form->judge_many = prepare(sql.data, form->nkeys, key_types(form, true));
	}
	return form->judge_many;
}

/* The plan that moves one report, by key, to report.rejected: key, findings, who. */
static SPIPlanPtr
reject_one_plan(Form *form)
{
	StringInfoData sql;
	Oid		   *types;

	if (form->reject_one == NULL)
	{
		initStringInfo(&sql);
		appendStringInfo(&sql, "WITH gone AS (DELETE FROM %s AS r WHERE ", form->name);
		append_key_match(&sql, form, form->nkeys, "r", "$");
		appendStringInfoString(&sql, " RETURNING ");
		if (form->reporter_is_institution)
		{
			appendStringInfoString(&sql, "r.");
			append_column(&sql, form, form->reporter);
		}
		else
			appendStringInfoString(&sql, "NULL");
		appendStringInfo(&sql, ", %s, r.", form->prefecture != 0 ? "r.prefecture" : "NULL");
		append_column(&sql, form, form->period);
		appendStringInfo(&sql, ", pg_catalog.to_jsonb(r) OPERATOR(pg_catalog.-) '{prefecture,recorded_at}'::pg_catalog.text[]) "
						 "INSERT INTO report.rejected (form, reporter, prefecture, period, record, findings, rejected_by) "
						 "SELECT %u::pg_catalog.regclass, gone.*, $%d, $%d FROM gone",
						 form->relid, form->nkeys + 1, form->nkeys + 2);
		types = key_types(form, false);
		types[form->nkeys] = JSONBOID;
		types[form->nkeys + 1] = TEXTOID;
		form->reject_one = prepare(sql.data, form->nkeys + 2, types);
	}
	return form->reject_one;
}

/* Runs a plan, or fails with what it was for. */
static void
execute(SPIPlanPtr plan, Datum *values, const char *nulls, int expected, const char *purpose)
{
	if (SPI_execute_plan(plan, values, nulls, false, 0) != expected)
		elog(ERROR, "could not %s: %s", purpose, SPI_result_code_string(SPI_result));
}

/* Sets the report in form->row aside, with its findings. */
static void
reject(Statement *statement, Form *form, const char *findings)
{
	Datum	   *values = palloc(sizeof(Datum) * (form->nkeys + 2));

	for (int i = 0; i < form->nkeys; i++)
		values[i] = form->row->tts_values[form->keys[i] - 1];
	values[form->nkeys] = DirectFunctionCall1(jsonb_in, CStringGetDatum(findings));
	values[form->nkeys + 1] = CStringGetTextDatum(GetUserNameFromId(statement->caller, false));
	execute(reject_one_plan(form), values, NULL, SPI_OK_INSERT, "set a report aside");
}

/* Findings to be written, column by column. */
typedef struct Findings
{
	int			count;
	int			room;
	Datum	   *keys;
	Datum	   *codes;
	Datum	   *reporters;
	Datum	   *prefectures;
	Datum	   *periods;
	bool	   *no_reporter;
	bool	   *no_prefecture;
	bool	   *none;			/* no NULLs */
} Findings;

/* Makes room for one more finding. */
static void
enlarge(Findings *findings)
{
	if (findings->count < findings->room)
		return;
	findings->room = Max(256, findings->room * 2);
#define ENLARGE(column, type) \
	findings->column = findings->count == 0 ? palloc0(sizeof(type) * findings->room) \
		: repalloc(findings->column, sizeof(type) * findings->room)
	ENLARGE(keys, Datum);
	ENLARGE(codes, Datum);
	ENLARGE(reporters, Datum);
	ENLARGE(prefectures, Datum);
	ENLARGE(periods, Datum);
	ENLARGE(no_reporter, bool);
	ENLARGE(no_prefecture, bool);
#undef ENLARGE
}

/* Adds the violated warning of form->row; key is its JSON object. */
static void
add_finding(Findings *findings, Form *form, Rule *rule, Datum key)
{
	int			i;

	enlarge(findings);
	i = findings->count++;
	findings->keys[i] = key;
	findings->codes[i] = CStringGetTextDatum(rule->code);
	findings->periods[i] = DateADTGetDatum(ob_report_period(form));
	findings->no_reporter[i] = !form->reporter_is_institution;
	findings->reporters[i] = findings->no_reporter[i] ? (Datum) 0 : form->row->tts_values[form->reporter - 1];
	findings->no_prefecture[i] = form->prefecture == 0 || form->row->tts_isnull[form->prefecture - 1];
	findings->prefectures[i] = findings->no_prefecture[i] ? (Datum) 0 : form->row->tts_values[form->prefecture - 1];
}

/* One-dimensional array, with NULLs where the flags say so. */
static Datum
column_array(Datum *values, bool *nulls, int count, Oid type)
{
	int			dims[1] = {count};
	int			lower[1] = {1};
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lower, type, length, by_value, align));
}

/* Writes the findings to report.finding; what was found before is found anew. */
static void
write_findings(Findings *findings, Form *form)
{
	Oid			types[6] = {REGCLASSOID, JSONBARRAYOID, TEXTARRAYOID, get_array_type(form->institution_type), INT2ARRAYOID, DATEARRAYOID};
	Datum		values[6];

	if (findings->count == 0)
		return;
	values[0] = ObjectIdGetDatum(form->relid);
	values[1] = column_array(findings->keys, NULL, findings->count, JSONBOID);
	values[2] = column_array(findings->codes, NULL, findings->count, TEXTOID);
	values[3] = column_array(findings->reporters, findings->no_reporter, findings->count, form->institution_type);
	values[4] = column_array(findings->prefectures, findings->no_prefecture, findings->count, INT2OID);
	values[5] = column_array(findings->periods, NULL, findings->count, DATEOID);
	if (SPI_execute_with_args("INSERT INTO report.finding (form, key, code, severity, reporter, prefecture, period) "
							  "SELECT $1, u.key, u.code, 'warning', u.reporter, u.prefecture, u.period "
							  "FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), "
							  "  pg_catalog.unnest($5), pg_catalog.unnest($6)) AS u (key, code, reporter, prefecture, period) "
							  "ON CONFLICT (form, key, code) DO UPDATE SET found_at = excluded.found_at",
							  6, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write findings");
}

/*
 * Did this transaction enter form->row? A suspect that it did not enter was
 * left out by ON CONFLICT, or was never a row of this statement: a report that
 * stood before is not to be judged, let alone set aside.
 */
static bool
is_ours(Form *form)
{
	return form->recorded_at == 0 ||
		DatumGetTimestampTz(form->row->tts_values[form->recorded_at - 1]) >= GetCurrentTransactionStartTimestamp();
}

/* Judges what the last query fetched. */
static void
judge_fetched(Statement *statement, Form *form)
{
	SPITupleTable *fetched = SPI_tuptable;
	uint64		count = SPI_processed;
	Findings	findings = {0};

	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		bool		has_previous;
		bool		error_violated = false;
		Datum		report = SPI_getbinval(fetched->vals[i], fetched->tupdesc, 1, &isnull);
		Datum		previous = SPI_getbinval(fetched->vals[i], fetched->tupdesc, 2, &isnull);
		Datum		key;

		CHECK_FOR_INTERRUPTS();
		has_previous = !isnull;
		ob_report_set_row(form, form->row, report);
		if (!is_ours(form))
			continue;
		ob_report_set_row(form, form->previous, has_previous ? previous : (Datum) 0);
		for (int r = 0; r < form->nrules && !error_violated; r++)
			error_violated = form->rules[r].is_error &&
				ob_report_judge_rule(form, &form->rules[r], has_previous) == VERDICT_VIOLATED;
		if (error_violated)
		{
			if (!ob_report_may_reject(statement))
				ob_report_refuse(form, has_previous);
			reject(statement, form, ob_report_findings_json(form, has_previous));
			continue;
		}
		key = SPI_getbinval(fetched->vals[i], fetched->tupdesc, 3, &isnull);
		for (int r = 0; r < form->nrules; r++)
			if (ob_report_judge_rule(form, &form->rules[r], has_previous) == VERDICT_VIOLATED)
				add_finding(&findings, form, &form->rules[r], key);
	}
	write_findings(&findings, form);
	SPI_freetuptable(fetched);
}

void
ob_report_judge_suspects(Statement *statement, Form *form)
{
	Datum	   *values = palloc(sizeof(Datum) * form->nkeys);

	if (statement->nsuspects == 1)
	{
		execute(judge_one_plan(form), statement->suspects, NULL, SPI_OK_SELECT, "fetch a report");
		judge_fetched(statement, form);
		return;
	}
	for (Size done = 0; done < statement->nsuspects; done += SUSPECTS_AT_ONCE)
	{
		int			count = (int) Min(SUSPECTS_AT_ONCE, statement->nsuspects - done);
		Datum	   *column = palloc(sizeof(Datum) * count);

		for (int k = 0; k < form->nkeys; k++)
		{
			for (int i = 0; i < count; i++)
				column[i] = statement->suspects[(done + i) * form->nkeys + k];
			values[k] = column_array(column, NULL, count, TupleDescAttr(form->desc, form->keys[k] - 1)->atttypid);
		}
		execute(judge_many_plan(form), values, NULL, SPI_OK_SELECT, "fetch reports");
		judge_fetched(statement, form);
		for (int k = 0; k < form->nkeys; k++)
			pfree(DatumGetPointer(values[k]));
		pfree(column);
	}
}

/* The finding about an unknown institution, as a JSON array. */
static char *
unknown_json(Form *form, const char *institution)
{
	const char *column = NameStr(TupleDescAttr(form->desc, form->reporter - 1)->attname);

	return psprintf("[{\"key\": {\"%s\": \"%s\"}, \"code\": \"unknown_reporter\", \"severity\": \"error\", "
					"\"verdict\": \"violated\", \"fields\": [\"%s\"], \"message_ja\": \"%s\", \"message_en\": \"%s\"}]",
					column, institution, column, UNKNOWN_JA, UNKNOWN_EN);
}

/* Sets every report of an unknown institution aside. */
static void
reject_reporter(Statement *statement, Form *form, Datum reporter, const char *name)
{
	StringInfoData sql;
	Oid			types[1] = {form->institution_type};
	Datum		values[1] = {reporter};
	SPITupleTable *rows;
	uint64		count;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT r FROM %s AS r WHERE ", form->name);
	append_key_match(&sql, form, 1, "r", "$");
	if (SPI_execute_with_args(sql.data, 1, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not fetch the reports of an unknown institution");
	rows = SPI_tuptable;
	count = SPI_processed;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;

		ob_report_set_row(form, form->row, SPI_getbinval(rows->vals[i], rows->tupdesc, 1, &isnull));
		reject(statement, form, unknown_json(form, name));
	}
	SPI_freetuptable(rows);
}

void
ob_report_require_known(Statement *statement, Form *form, ArrayType *reporters)
{
	static SPIPlanPtr plan = NULL;
	static Oid	plan_type = InvalidOid;
	Datum		values[1] = {PointerGetDatum(reporters)};
	SPITupleTable *unknown;
	uint64		count;

	/* the type has another OID when the extension was made anew */
	if (plan == NULL || plan_type != form->institution_type)
	{
		Oid			types[1] = {get_array_type(form->institution_type)};

		plan_type = form->institution_type;
		plan = prepare("SELECT DISTINCT u.code, u.code::pg_catalog.text "
					   "FROM pg_catalog.unnest($1) AS u (code) "
					   "WHERE NOT EXISTS (SELECT FROM registry.institution AS i "
					   "  WHERE i.institution OPERATOR(outbreak.=) u.code) ORDER BY 1", 1, types);
	}
	execute(plan, values, NULL, SPI_OK_SELECT, "look up institutions");
	unknown = SPI_tuptable;
	count = SPI_processed;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		char	   *name = SPI_getvalue(unknown->vals[i], unknown->tupdesc, 2);

		if (!ob_report_may_reject(statement))
			ereport(ERROR,
					(errcode(ERRCODE_OB_UNKNOWN_REPORTER),
					 errmsg_plural("%llu institution that reports to %s is not in the registry: %s",
								   "%llu institutions that report to %s are not in the registry: %s and others",
								   count, (unsigned long long) count, form->name, name),
					 errdetail_internal("%s", unknown_json(form, name)),
					 errhint("outbreak.suggest() lists codes one typing error away. An institution that is new enters registry.institution first.")));
		reject_reporter(statement, form, SPI_getbinval(unknown->vals[i], unknown->tupdesc, 1, &isnull), name);
	}
	SPI_freetuptable(unknown);
}

void
ob_report_write_dirty(Form *form, ArrayType *periods, ArrayType *prefectures)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[3] = {ObjectIdGetDatum(form->relid), PointerGetDatum(periods), PointerGetDatum(prefectures)};

	if (plan == NULL)
	{
		Oid			types[3] = {REGCLASSOID, DATEARRAYOID, INT2ARRAYOID};

		plan = prepare("INSERT INTO report.dirty (form, period, prefecture) "
					   "SELECT $1, u.period, u.prefecture "
					   "FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS u (period, prefecture)", 3, types);
	}
	execute(plan, values, NULL, SPI_OK_INSERT, "note changed days");
}

void
ob_report_call_on_change(Form *form, ArrayType *reporters)
{
	Datum		values[1] = {PointerGetDatum(reporters)};

	if (form->call_on_change == NULL)
	{
		Oid			types[1] = {get_array_type(TupleDescAttr(form->desc, form->reporter - 1)->atttypid)};

		/* forms with further key columns have a reporter many times */
		form->call_on_change =
			prepare(psprintf("SELECT %s(pg_catalog.array_agg(DISTINCT u.reporter)) FROM pg_catalog.unnest($1) AS u (reporter)",
							 quote_qualified_identifier(get_namespace_name(get_func_namespace(form->on_change)),
														get_func_name(form->on_change))), 1, types);
	}
	execute(form->call_on_change, values, NULL, SPI_OK_SELECT, "tell of changed reporters");
}

/* Prepares a statement about the transition table, unless it is there. */
static SPIPlanPtr
prepare_once(SPIPlanPtr *plan, const char *sql)
{
	if (*plan == NULL)
		*plan = prepare(sql, 0, NULL);
	return *plan;
}

/*
 * The rows that an UPDATE or DELETE replaced. What stood for no time at all,
 * because this transaction entered it, is no history; recorded_at is then the
 * start of the transaction to the microsecond. What a transaction entered that
 * began after this one and ended before it, is.
 */
static void
keep_history(Form *form)
{
	execute(prepare_once(&form->keep_history,
						 psprintf("INSERT INTO %s (%s, replaced_at) SELECT %s, GREATEST(pg_catalog.now(), r.recorded_at) "
								  "FROM replaced AS r WHERE r.recorded_at OPERATOR(pg_catalog.<>) pg_catalog.now()",
								  form->history, form->history_columns, form->history_columns)),
			NULL, NULL, SPI_OK_INSERT, "keep the history");
}

/* The findings about replaced rows go; the new ones are judged anew. */
static void
drop_findings(Form *form)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "DELETE FROM report.finding AS f USING replaced AS r WHERE f.form OPERATOR(pg_catalog.=) %u::pg_catalog.oid "
					 "AND f.key OPERATOR(pg_catalog.=) ", form->relid);
	append_key_object(&sql, form);
	execute(prepare_once(&form->drop_findings, sql.data), NULL, NULL, SPI_OK_DELETE, "take findings back");
}

void
ob_report_keep_replaced(Form *form, bool deleted)
{
	const char *period = quote_identifier(NameStr(TupleDescAttr(form->desc, form->period - 1)->attname));
	const char *reporter = quote_identifier(NameStr(TupleDescAttr(form->desc, form->reporter - 1)->attname));

	if (form->history != NULL && form->recorded_at != 0)
		keep_history(form);
	drop_findings(form);
	if (form->rollup && form->prefecture != 0)
		execute(prepare_once(&form->note_replaced,
							 psprintf("INSERT INTO report.dirty (form, period, prefecture) SELECT DISTINCT %u::pg_catalog.regclass, r.%s, r.prefecture "
									  "FROM replaced AS r WHERE r.prefecture IS NOT NULL", form->relid, period)),
				NULL, NULL, SPI_OK_INSERT, "note changed days");
	/* after an update the settling of the new rows tells */
	if (deleted && OidIsValid(form->on_change))
		execute(prepare_once(&form->tell_deleted,
							 psprintf("SELECT %s(pg_catalog.array_agg(DISTINCT r.%s)) FROM replaced AS r HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0",
									  quote_qualified_identifier(get_namespace_name(get_func_namespace(form->on_change)),
																 get_func_name(form->on_change)), reporter)),
				NULL, NULL, SPI_OK_SELECT, "tell of deleted reports");
}
