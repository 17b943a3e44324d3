/*-------------------------------------------------------------------------
 *
 * form.c
 *		The compiled forms of this session.
 *
 * A form is loaded when it is first needed and again after its relation was
 * invalidated. A change of report.form or report.rule invalidates the relation
 * (triggers rules_changed), so it reaches other sessions as a change of the
 * table would: at their next statement. Loading reads with the latest
 * snapshot, like the system catalogs are read, and not with the statement's:
 * otherwise a statement that began before a change, and is told of it, would
 * take the old rules for the new ones.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "common/owner.h"
#include "report/report.h"

static HTAB *forms = NULL;
static uint64 generation = 0;

/* The relation changed, or (InvalidOid) any may have. */
static void
invalidate_form(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	Form	   *form;

	if (forms == NULL)
		return;
	if (OidIsValid(relid))
	{
		form = hash_search(forms, &relid, HASH_FIND, NULL);
		if (form != NULL)
			form->valid = false;
		return;
	}
	hash_seq_init(&scan, forms);
	while ((form = hash_seq_search(&scan)) != NULL)
		form->valid = false;
}

/* Makes the cache; once per session. */
void
ob_report_form_init(void)
{
	HASHCTL		control;

	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(Form);
	control.hcxt = TopMemoryContext;
	forms = hash_create("outbreak forms", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterRelcacheCallback(invalidate_form, (Datum) 0);
}

/* Number of the column called that, 0 when there is none. */
static AttrNumber
column_number(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
			return attribute->attnum;
	}
	return 0;
}

/* A text-like column of the current SPI row, copied, or NULL. */
static char *
spi_text(int row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

/* A by-value column of the current SPI row; 0 for NULL. */
static Datum
spi_value(int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? (Datum) 0 : value;
}

/* Runs a query with the form as $1 and returns the number of rows. */
static int
query_form(const char *query, Oid relid)
{
	Oid			argtypes[1] = {REGCLASSOID};
	Datum		values[1] = {ObjectIdGetDatum(relid)};

	if (SPI_execute_with_args(query, 1, argtypes, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the registration of a form");
	return (int) SPI_processed;
}

/* The key columns of the form, the period last. */
static void
load_keys(Form *form, ArrayType *others)
{
	Datum	   *names;
	int			count;

	deconstruct_array(others, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR, &names, NULL, &count);
	form->keys = palloc(sizeof(AttrNumber) * (count + 2));
	form->keys[form->nkeys++] = form->reporter;
	for (int i = 0; i < count; i++)
		form->keys[form->nkeys++] = column_number(form->desc, NameStr(*DatumGetName(names[i])));
	form->keys[form->nkeys++] = form->period;
}

/*
 * Reads the registration. False when the relation is no registered form, or
 * when its columns no longer fit (register it again).
 */
static bool
load_registration(Form *form, MemoryContext caller)
{
	MemoryContext old;

	if (query_form("SELECT f.reporter, f.period, f.keys, f.period_kind, f.lookback, f.rollup, "
				   "  pg_catalog.to_regprocedure(f.on_change), "
				   "  (SELECT t.oid FROM pg_catalog.pg_type AS t WHERE t.oid OPERATOR(pg_catalog.=) "
				   "    'outbreak.institution_code'::pg_catalog.regtype) "
				   "FROM report.form AS f WHERE f.form OPERATOR(pg_catalog.=) $1", form->relid) == 0)
		return false;

	old = MemoryContextSwitchTo(form->context);
	form->reporter = column_number(form->desc, spi_text(0, 1));
	form->period = column_number(form->desc, spi_text(0, 2));
	if (form->reporter != 0 && form->period != 0)
	{
		char	   *kind = spi_text(0, 4);

		load_keys(form, DatumGetArrayTypeP(spi_value(0, 3)));
		form->step = strcmp(kind, "day") == 0 ? 1 : strcmp(kind, "week") == 0 ? 7 : 0;
		form->lookback = DatumGetInt32(spi_value(0, 5));
		form->rollup = DatumGetBool(spi_value(0, 6));
		form->on_change = DatumGetObjectId(spi_value(0, 7));
		form->institution_type = DatumGetObjectId(spi_value(0, 8));
		form->reporter_is_institution =
			TupleDescAttr(form->desc, form->reporter - 1)->atttypid == form->institution_type;
		form->prefecture = column_number(form->desc, "prefecture");
		form->recorded_at = column_number(form->desc, "recorded_at");
		for (int i = 0; i < form->nkeys; i++)
			if (form->keys[i] == 0)
				form->period = 0;
	}
	MemoryContextSwitchTo(old);
	return form->reporter != 0 && form->period != 0;
}

/* The dates between which a rule holds. */
static void
load_validity(Rule *rule, Datum range)
{
	RangeType  *valid = DatumGetRangeTypeP(range);
	TypeCacheEntry *type = lookup_type_cache(RangeTypeGetOid(valid), TYPECACHE_RANGE_INFO);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(type, valid, &lower, &upper, &empty);
	rule->lower = empty ? DATEVAL_NOEND : lower.infinite ? DATEVAL_NOBEGIN : DatumGetDateADT(lower.val);
	rule->upper = empty ? DATEVAL_NOBEGIN : upper.infinite ? DATEVAL_NOEND : DatumGetDateADT(upper.val);
	rule->always_valid = !empty && lower.infinite && upper.infinite;
}

/* Says which rule of which form it is that cannot be compiled. */
static void
rule_error_callback(void *arg)
{
	Rule	   *rule = arg;

	errcontext("rule \"%s\"; since it was written, the form has changed", rule->code);
}

/* Reads and compiles the rules, sorted by code. */
static void
load_rules(Form *form, Relation rel)
{
	List	   *conjunction = NIL;
	MemoryContext old;
	ErrorContextCallback callback;

	form->nrules = query_form("SELECT r.code, r.expression, r.severity, r.message_ja, r.message_en, r.valid "
							  "FROM report.rule AS r WHERE r.form OPERATOR(pg_catalog.=) $1 ORDER BY r.code", form->relid);
	old = MemoryContextSwitchTo(form->context);
	form->rules = palloc0(sizeof(Rule) * (form->nrules + 1));
	for (int i = 0; i < form->nrules; i++)
	{
		Rule	   *rule = &form->rules[i];
		Bitmapset  *fields;
		Bitmapset  *previous_fields;
		int			column = -1;

		rule->code = spi_text(i, 1);
		rule->expression = spi_text(i, 2);
		rule->is_error = strcmp(spi_text(i, 3), "error") == 0;
		rule->message_ja = spi_text(i, 4);
		rule->message_en = spi_text(i, 5);
		load_validity(rule, spi_value(i, 6));

		callback.callback = rule_error_callback;
		callback.arg = rule;
		callback.previous = error_context_stack;
		error_context_stack = &callback;
		rule->expr = ob_report_parse_rule(rel, rule->expression, &rule->uses_previous, &fields, &previous_fields);
		error_context_stack = callback.previous;
		form->previous_columns = bms_add_members(form->previous_columns, previous_fields);
		form->has_previous |= rule->uses_previous;
		fields = bms_union(fields, previous_fields);
		rule->fields = palloc(sizeof(AttrNumber) * (bms_num_members(fields) + 1));
		while ((column = bms_next_member(fields, column)) >= 0)
			rule->fields[rule->nfields++] = (AttrNumber) column;
		rule->state = ExecInitExpr(rule->expr, NULL);

		if (!rule->uses_previous && rule->always_valid)
		{
			BooleanTest *test = makeNode(BooleanTest);

			test->arg = rule->expr;
			test->booltesttype = IS_NOT_FALSE;
			test->location = -1;
			conjunction = lappend(conjunction, test);
		}
	}
	if (conjunction != NIL)
		form->all_pass = ExecInitExpr(make_ands_explicit(conjunction), NULL);
	MemoryContextSwitchTo(old);
}

/*
 * Does the relation have its CHECK? Dropping a column of a table drops the
 * constraints that name it, without a word.
 */
static bool
find_check(Relation rel)
{
	TupleConstr *constraints = RelationGetDescr(rel)->constr;

	for (int i = 0; constraints != NULL && i < constraints->num_check; i++)
		if (strcmp(constraints->check[i].ccname, "report_rules") == 0)
			return true;
	return false;
}

/* Finds the history of the form, and the columns that the two have in common. */
static void
load_history(Form *form, Relation rel)
{
	char	   *name = psprintf("%s_history", RelationGetRelationName(rel));
	Oid			history = get_relname_relid(name, RelationGetNamespace(rel));
	StringInfoData columns;

	if (!OidIsValid(history))
		return;
	form->history = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), name);
	initStringInfo(&columns);
	for (int i = 0; i < form->ncolumns; i++)
	{
		const char *column = NameStr(TupleDescAttr(form->desc, form->columns[i] - 1)->attname);

		if (get_attnum(history, column) == InvalidAttrNumber)
			form->history_lacks = true;
		else
			appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "", quote_identifier(column));
	}
	form->history_columns = columns.data;
}

/* Frees what an earlier loading left. */
static void
drop_form(Form *form)
{
	SPIPlanPtr *plans[] = {&form->judge_one, &form->judge_many, &form->reject_one, &form->call_on_change,
		&form->keep_history, &form->drop_findings, &form->note_replaced, &form->tell_deleted};

	for (int i = 0; i < lengthof(plans); i++)
	{
		if (*plans[i] != NULL)
			SPI_freeplan(*plans[i]);
		*plans[i] = NULL;
	}
	if (form->context != NULL)
		MemoryContextDelete(form->context);
	form->context = NULL;
}

/* Builds the form in a context of its own. */
static void
load_form(Form *form)
{
	Relation	rel = relation_open(form->relid, AccessShareLock);
	Oid			registrations = ob_common_deployed_table("report", "form");
	Oid			relid = form->relid;
	Form		fresh;
	MemoryContext context;
	MemoryContext old;
	OwnerScope	owner;

	drop_form(form);
	context = AllocSetContextCreate(CurrentMemoryContext, "outbreak form", ALLOCSET_DEFAULT_SIZES);

	memset(&fresh, 0, sizeof(fresh));
	fresh.relid = relid;
	fresh.context = context;
	fresh.generation = ++generation;
	fresh.has_check = find_check(rel);
	/* An invalidation that arrives while we read must not be lost. */
	form->valid = true;

	old = MemoryContextSwitchTo(context);
	fresh.name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel));
	fresh.desc = CreateTupleDescCopy(RelationGetDescr(rel));
	fresh.columns = palloc(sizeof(AttrNumber) * fresh.desc->natts);
	for (int i = 0; i < fresh.desc->natts; i++)
		if (!TupleDescAttr(fresh.desc, i)->attisdropped)
			fresh.columns[fresh.ncolumns++] = (AttrNumber) (i + 1);
	load_history(&fresh, rel);
	MemoryContextSwitchTo(old);

	if (OidIsValid(registrations))
	{
		ob_common_become_owner(registrations, &owner);
		SPI_connect();
		PushActiveSnapshot(GetLatestSnapshot());
		fresh.registered = load_registration(&fresh, old);
		if (fresh.registered)
			load_rules(&fresh, rel);
		PopActiveSnapshot();
		SPI_finish();
		ob_common_leave_owner(&owner);
	}
	if (fresh.registered)
	{
		old = MemoryContextSwitchTo(context);
		fresh.econtext = CreateStandaloneExprContext();
		fresh.row = MakeSingleTupleTableSlot(fresh.desc, &TTSOpsVirtual);
		fresh.previous = MakeSingleTupleTableSlot(fresh.desc, &TTSOpsVirtual);
		fresh.econtext->ecxt_scantuple = fresh.row;
		fresh.econtext->ecxt_innertuple = fresh.previous;
		MemoryContextSwitchTo(old);
	}
	relation_close(rel, NoLock);

	fresh.valid = form->valid;
	MemoryContextSetParent(context, TopMemoryContext);
	*form = fresh;
}

/*
 * The form of that relation as it stands now; "registered" is false when it is
 * none. The pointer holds until the next call.
 */
Form *
ob_report_form(Oid relid)
{
	bool		found;
	Form	   *form = hash_search(forms, &relid, HASH_ENTER, &found);

	if (!found)
	{
		memset(form, 0, sizeof(Form));
		form->relid = relid;
	}
	if (!form->valid)
	{
		PG_TRY();
		{
			load_form(form);
		}
		PG_CATCH();
		{
			form->valid = false;
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	return form;
}

/* The same, with an error for a relation that is no registered form. */
Form *
ob_report_registered_form(Oid relid)
{
	Form	   *form = ob_report_form(relid);

	if (!form->registered)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a registered form", get_rel_name(relid) ? get_rel_name(relid) : "?"),
				 errhint("Register it with report.register().")));
	return form;
}

/*
 * Trigger on report.rule and report.form: whoever uses the form loads it anew.
 */
PG_FUNCTION_INFO_V1(ob_report_rules_changed);
Datum
ob_report_rules_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	HeapTuple	tuple;
	Datum		relid;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("rules_changed is a row trigger")));
	tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	relid = SPI_getbinval(tuple, RelationGetDescr(trigger->tg_relation),
						  SPI_fnumber(RelationGetDescr(trigger->tg_relation), "form"), &isnull);
	if (SearchSysCacheExists1(RELOID, relid))
		CacheInvalidateRelcacheByRelid(DatumGetObjectId(relid));
	return PointerGetDatum(NULL);
}
