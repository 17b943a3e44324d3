/*-------------------------------------------------------------------------
 *
 * check.c
 *		The CHECK of a form, the dry run, and findings as JSON.
 *
 * outbreak.check_row() is the only code of ours that runs for each row that
 * enters a form. It evaluates the row rules; where a statement of the form is
 * under way (statement.c) it also notes what has to be looked at when the
 * statement ends. Where none is, as in the restore of a dump, in a replica or
 * for a partition written directly, it only checks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "common/compat.h"
#include "common/errors.h"
#include "report/report.h"

static const char *const verdict_names[] = {"passed", "violated", "undecidable", "not_applicable"};

/* The period of the report in form->row. */
DateADT
ob_report_period(Form *form)
{
	return DatumGetDateADT(form->row->tts_values[form->period - 1]);
}

/* Is the rule in force for the report in form->row? A report without a period is refused elsewhere. */
static bool
in_force(Form *form, Rule *rule)
{
	DateADT		period;

	if (rule->always_valid)
		return true;
	if (form->row->tts_isnull[form->period - 1])
		return false;
	period = ob_report_period(form);
	return period >= rule->lower && period < rule->upper;
}

/*
 * What one rule says of form->row, and of form->previous if has_previous. A
 * rule about a previous report is undecidable where there is none.
 */
Verdict
ob_report_judge_rule(Form *form, Rule *rule, bool has_previous)
{
	Datum		result;
	bool		isnull;

	if (!in_force(form, rule))
		return VERDICT_NOT_APPLICABLE;
	if (rule->uses_previous && !has_previous)
		return VERDICT_UNDECIDABLE;
	ResetExprContext(form->econtext);
	result = ExecEvalExprSwitchContext(rule->state, form->econtext, &isnull);
	if (isnull)
		return VERDICT_UNDECIDABLE;
	return DatumGetBool(result) ? VERDICT_PASSED : VERDICT_VIOLATED;
}

/* Puts a row value of the form's type into a slot; NULL makes every column NULL. */
void
ob_report_set_row(Form *form, TupleTableSlot *slot, Datum value)
{
	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, sizeof(bool) * form->desc->natts);
	if (DatumGetPointer(value) != NULL)
	{
		HeapTupleHeader header = DatumGetHeapTupleHeader(value);
		HeapTupleData tuple;

		tuple.t_len = HeapTupleHeaderGetDatumLength(header);
		ItemPointerSetInvalid(&tuple.t_self);
		tuple.t_tableOid = form->relid;
		tuple.t_data = header;
		heap_deform_tuple(&tuple, form->desc, slot->tts_values, slot->tts_isnull);
	}
	ExecStoreVirtualTuple(slot);
}

/* Appends "name": "text", or null. */
static void
append_member(StringInfo json, const char *name, const char *text)
{
	appendStringInfo(json, "\"%s\": ", name);
	if (text != NULL)
		escape_json(json, text);
	else
		appendStringInfoString(json, "null");
}

/* Appends the key of form->row as a JSON object. */
static void
append_key(StringInfo json, Form *form)
{
	appendStringInfoString(json, "\"key\": {");
	for (int i = 0; i < form->nkeys; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(form->desc, form->keys[i] - 1);
		char	   *text = NULL;

		if (!form->row->tts_isnull[form->keys[i] - 1])
		{
			Oid			output;
			bool		varlena;

			getTypeOutputInfo(attribute->atttypid, &output, &varlena);
			text = OidOutputFunctionCall(output, form->row->tts_values[form->keys[i] - 1]);
		}
		if (i > 0)
			appendStringInfoString(json, ", ");
		escape_json(json, NameStr(attribute->attname));
		appendStringInfoString(json, ": ");
		if (text != NULL)
			escape_json(json, text);
		else
			appendStringInfoString(json, "null");
	}
	appendStringInfoChar(json, '}');
}

/* Appends a finding as a JSON object. */
static void
append_finding(StringInfo json, Form *form, Rule *rule, Verdict verdict)
{
	appendStringInfoChar(json, '{');
	append_key(json, form);
	appendStringInfoString(json, ", ");
	append_member(json, "code", rule->code);
	appendStringInfoString(json, ", ");
	append_member(json, "severity", rule->is_error ? "error" : "warning");
	appendStringInfoString(json, ", ");
	append_member(json, "verdict", verdict_names[verdict]);
	appendStringInfoString(json, ", \"fields\": [");
	for (int f = 0; f < rule->nfields; f++)
	{
		if (f > 0)
			appendStringInfoString(json, ", ");
		escape_json(json, NameStr(TupleDescAttr(form->desc, rule->fields[f] - 1)->attname));
	}
	appendStringInfoString(json, "], ");
	append_member(json, "message_ja", rule->message_ja);
	appendStringInfoString(json, ", ");
	append_member(json, "message_en", rule->message_en);
	appendStringInfoChar(json, '}');
}

/*
 * What form->row violates, as a JSON array: errors first, then warnings. Rules
 * that are undecidable are left to the dry run: a refusal lists what to mend.
 */
char *
ob_report_findings_json(Form *form, bool has_previous)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (int errors = 1; errors >= 0; errors--)
		for (int i = 0; i < form->nrules; i++)
		{
			Rule	   *rule = &form->rules[i];

			if (rule->is_error != (errors == 1) ||
				ob_report_judge_rule(form, rule, has_previous) != VERDICT_VIOLATED)
				continue;
			if (json.len > 1)
				appendStringInfoString(&json, ", ");
			append_finding(&json, form, rule, VERDICT_VIOLATED);
		}
	appendStringInfoChar(&json, ']');
	return json.data;
}

/* Refuses form->row: the message names the first error, the detail holds every finding. */
void
ob_report_refuse(Form *form, bool has_previous)
{
	Rule	   *first = NULL;
	int			count = 0;

	for (int i = 0; i < form->nrules; i++)
	{
		if (form->rules[i].is_error &&
			ob_report_judge_rule(form, &form->rules[i], has_previous) == VERDICT_VIOLATED)
		{
			if (first == NULL)
				first = &form->rules[i];
			count++;
		}
	}
	Assert(first != NULL);
	ereport(ERROR,
			(errcode(ERRCODE_OB_REPORT_REFUSED),
			 errmsg_plural("report to %s refused: it breaks %d rule (%s: %s)",
						   "report to %s refused: it breaks %d rules (%s: %s, and others)",
						   count, form->name, count, first->code, first->message_en),
			 errdetail_internal("%s", ob_report_findings_json(form, has_previous)),
			 errhint("Mend the fields named in the detail. With SET outbreak.on_invalid = 'quarantine' such rows are set aside in report.rejected instead.")));
	pg_unreachable();
}

/* Evaluates every row rule one by one; says whether one is violated, and whether an error is. */
static void
judge_row(Form *form, bool *violated, bool *error_violated)
{
	for (int i = 0; i < form->nrules; i++)
	{
		Rule	   *rule = &form->rules[i];

		if (rule->uses_previous || ob_report_judge_rule(form, rule, false) != VERDICT_VIOLATED)
			continue;
		*violated = true;
		*error_violated |= rule->is_error;
	}
}

/* Is no row rule violated? The common case, in one expression for the rules without dates. */
static bool
row_passes(Form *form)
{
	if (form->all_pass != NULL)
	{
		bool		isnull;

		ResetExprContext(form->econtext);
		if (!DatumGetBool(ExecEvalExprSwitchContext(form->all_pass, form->econtext, &isnull)))
			return false;
	}
	for (int i = 0; i < form->nrules; i++)
	{
		Rule	   *rule = &form->rules[i];

		if (!rule->always_valid && !rule->uses_previous &&
			ob_report_judge_rule(form, rule, false) == VERDICT_VIOLATED)
			return false;
	}
	return true;
}

/* Do the arguments of this call stand for the columns of the form? Checked once per call site. */
static void
verify_arguments(FunctionCallInfo fcinfo, Form *form)
{
	int			count = PG_NARGS() - 1;
	bool		packed = count == 1 && get_fn_expr_argtype(fcinfo->flinfo, 1) == RECORDOID;

	if (fcinfo->flinfo->fn_extra != NULL && *(uint64 *) fcinfo->flinfo->fn_extra == form->generation)
		return;
	if (get_fn_expr_variadic(fcinfo->flinfo) || count > form->ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_FORM),
				 errmsg("the check of %s does not fit its columns", form->name),
				 errhint("Run report.reattach() for it.")));
	for (int i = 0; i < count && !packed; i++)
		if (get_fn_expr_argtype(fcinfo->flinfo, i + 1) != TupleDescAttr(form->desc, form->columns[i] - 1)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_OB_BAD_FORM),
					 errmsg("the check of %s does not fit its column \"%s\"", form->name,
							NameStr(TupleDescAttr(form->desc, form->columns[i] - 1)->attname)),
					 errhint("Run report.reattach() for it.")));
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(uint64));
	*(uint64 *) fcinfo->flinfo->fn_extra = form->generation;
}

/* Fills form->row from ROW(column, …), the shape for tables of a hundred columns and more. */
static void
take_packed_row(Form *form, Datum record)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(record);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	Datum	   *values = palloc(sizeof(Datum) * desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * desc->natts);
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < desc->natts && i < form->ncolumns; i++)
	{
		if (TupleDescAttr(desc, i)->atttypid != TupleDescAttr(form->desc, form->columns[i] - 1)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_OB_BAD_FORM),
					 errmsg("the check of %s does not fit its columns", form->name),
					 errhint("Run report.reattach() for it.")));
		form->row->tts_values[form->columns[i] - 1] = values[i];
		form->row->tts_isnull[form->columns[i] - 1] = nulls[i];
	}
	ReleaseTupleDesc(desc);
}

/*
 * outbreak.check_row(form regclass, VARIADIC columns "any") returns boolean
 *
 * The CHECK of a form: the columns in table order (columns added after the
 * registration may be missing at the end), or all of them in one ROW(). True,
 * or an error of SQLSTATE OB001 with every finding.
 */
PG_FUNCTION_INFO_V1(ob_report_check_row);
Datum
ob_report_check_row(PG_FUNCTION_ARGS)
{
	Form	   *form;
	Statement  *statement;
	bool		violated = false;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	form = ob_report_form(PG_GETARG_OID(0));
	/* A dump restores tables before it restores what they are registered as. */
	if (!form->registered)
		PG_RETURN_BOOL(true);
	verify_arguments(fcinfo, form);

	ExecClearTuple(form->row);
	memset(form->row->tts_isnull, true, sizeof(bool) * form->desc->natts);
	if (PG_NARGS() == 2 && get_fn_expr_argtype(fcinfo->flinfo, 1) == RECORDOID)
	{
		if (!PG_ARGISNULL(1))
			take_packed_row(form, PG_GETARG_DATUM(1));
	}
	else
		for (int i = 1; i < PG_NARGS(); i++)
		{
			form->row->tts_values[form->columns[i - 1] - 1] = PG_GETARG_DATUM(i);
			form->row->tts_isnull[form->columns[i - 1] - 1] = PG_ARGISNULL(i);
		}
	ExecStoreVirtualTuple(form->row);

	statement = ob_report_open_statement(form->relid);
	if (!row_passes(form))
	{
		bool		error_violated = false;

		judge_row(form, &violated, &error_violated);
		if (error_violated && (statement == NULL || !ob_report_may_reject(statement)))
			ob_report_refuse(form, false);
	}
	if (statement != NULL)
		ob_report_note_row(statement, form, violated);
	PG_RETURN_BOOL(true);
}

/*
 * outbreak.judge(form regclass, report record, previous record)
 *		returns table (code, severity, verdict, fields, message_ja, message_en)
 *
 * What every rule of the form says of a report, without storing it.
 */
PG_FUNCTION_INFO_V1(ob_report_judge);
Datum
ob_report_judge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Form	   *form;
	bool		has_previous = !PG_ARGISNULL(2);

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	form = ob_report_registered_form(PG_GETARG_OID(0));
	for (int i = 1; i <= 2; i++)
		if (!PG_ARGISNULL(i) &&
			HeapTupleHeaderGetTypeId(PG_GETARG_HEAPTUPLEHEADER(i)) != form->desc->tdtypeid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("a report to judge must be a row of %s", form->name)));

	ob_report_set_row(form, form->row, PG_GETARG_DATUM(1));
	ob_report_set_row(form, form->previous, has_previous ? PG_GETARG_DATUM(2) : (Datum) 0);
	for (int i = 0; i < form->nrules; i++)
	{
		Rule	   *rule = &form->rules[i];
		Datum	   *fields = palloc(sizeof(Datum) * (rule->nfields + 1));
		Datum		values[6];
		bool		nulls[6] = {false};

		for (int f = 0; f < rule->nfields; f++)
			fields[f] = NameGetDatum(&TupleDescAttr(form->desc, rule->fields[f] - 1)->attname);
		values[0] = CStringGetTextDatum(rule->code);
		values[1] = CStringGetTextDatum(rule->is_error ? "error" : "warning");
		values[2] = CStringGetTextDatum(verdict_names[ob_report_judge_rule(form, rule, has_previous)]);
		values[3] = PointerGetDatum(construct_array(fields, rule->nfields, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR));
		values[4] = CStringGetTextDatum(rule->message_ja);
		values[5] = CStringGetTextDatum(rule->message_en);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
