/*-------------------------------------------------------------------------
 *
 * rule.c
 *		From the text of a rule to an expression that can be evaluated.
 *
 * PostgreSQL's own parser reads the text, so a rule may say what a CHECK
 * constraint may say, with these bounds: one expression of type boolean, over
 * the columns of the form and over previous.<column>; no subquery, no
 * aggregate; only immutable functions, and only those of pg_catalog and of this
 * extension. The last bound matters because a rule runs in the sessions of
 * everybody who reports: whoever may write rules must not thereby run code of
 * their own in somebody else's name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "catalog/namespace.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/primnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "rewrite/rewriteManip.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "common/compat.h"
#include "common/errors.h"
#include "report/report.h"

#define ROW_VARNO		1
#define PREVIOUS_VARNO	2

/* Shows where in the rule, not where in the statement that brought it, the mistake is. */
static void
rule_error_callback(void *arg)
{
	const char *expression = arg;
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
	}
	internalerrquery(expression);
	errcontext("rule expression");
}

/* The only target of a bare expression, or an error when there is more than that. */
static Node *
only_expression(const char *text)
{
	List	   *raw = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = (SelectStmt *) linitial_node(RawStmt, raw)->stmt;
	ResTarget  *target;

	if (list_length(raw) != 1 || !IsA(select, SelectStmt) ||
		select->distinctClause || select->intoClause || select->fromClause || select->whereClause ||
		select->groupClause || select->havingClause || select->windowClause || select->valuesLists ||
		select->sortClause || select->limitOffset || select->limitCount || select->lockingClause ||
		select->withClause || select->op != SETOP_NONE || list_length(select->targetList) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("a rule is one expression and nothing else"),
				 errhint("Write what must be true of a report, such as \"beds_ready <= beds_secured\".")));
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("a rule is one expression and has no name"),
				 errhint("The name of a rule is its code.")));
	return target->val;
}

/* Where in the rule is the node under inspection? */
typedef struct Place
{
	ParseState *pstate;
	Node	   *node;
} Place;

/* Is this function not fit for rules? Names it in an error. */
static bool
function_is_unfit(Oid function, void *context)
{
	Place	   *place = context;
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc proc;
	Oid			ours = get_namespace_oid("outbreak", true);

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	if (proc->pronamespace != PG_CATALOG_NAMESPACE && proc->pronamespace != ours)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("function %s may not stand in a rule", NameStr(proc->proname)),
				 errdetail("Rules run in the session of whoever reports, so only functions of pg_catalog and outbreak may be called."),
				 parser_errposition(place->pstate, exprLocation(place->node))));
	if (proc->provolatile != PROVOLATILE_IMMUTABLE)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("function %s may not stand in a rule, because its result can change", NameStr(proc->proname)),
				 errhint("A stored report must stay valid. To compare with the moment of entry use the column reported_at, and a zone by name: (reported_at AT TIME ZONE 'Asia/Tokyo')::date."),
				 parser_errposition(place->pstate, exprLocation(place->node))));
	ReleaseSysCache(tuple);
	return false;
}

/* Refuses every node that a rule may not hold. */
static bool
refuse_unfit_nodes(Node *node, void *context)
{
	ParseState *pstate = context;
	Place		place = {pstate, node};

	if (node == NULL)
		return false;
	if (IsA(node, Var) && ((Var *) node)->varattno <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("a rule names columns, not whole rows or system columns"),
				 parser_errposition(pstate, exprLocation(node))));
	if (IsA(node, SQLValueFunction) || IsA(node, NextValueExpr))
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_RULE),
				 errmsg("a rule may not depend on the moment or the user"),
				 errhint("A stored report must stay valid. To compare with the moment of entry use the column reported_at."),
				 parser_errposition(pstate, exprLocation(node))));
	check_functions_in_node(node, function_is_unfit, &place);
	return expression_tree_walker(node, refuse_unfit_nodes, context);
}

/* The columns that the expression names of one of its two rows. */
static Bitmapset *
columns_of(Node *expr, int varno)
{
	Bitmapset  *offset = NULL;
	Bitmapset  *columns = NULL;
	int			member = -1;

	pull_varattnos(expr, varno, &offset);
	while ((member = bms_next_member(offset, member)) >= 0)
		columns = bms_add_member(columns, member + FirstLowInvalidHeapAttributeNumber);
	return columns;
}

/*
 * Reads the text of a rule for a form. The result is planned; columns of the
 * report are Vars of relation 1, those of the previous one INNER_VAR. Errors
 * carry the position within the text.
 */
Expr *
ob_report_parse_rule(Relation rel, const char *expression, bool *uses_previous,
					 Bitmapset **fields, Bitmapset **previous_fields)
{
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	ErrorContextCallback callback;
	Node	   *expr;
	int			nest_level = NewGUCNestLevel();

	/* Operators and functions mean the same whoever is asking. */
	(void) set_config_option("search_path", "pg_catalog, outbreak, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);

	callback.callback = rule_error_callback;
	callback.arg = (void *) expression;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	pstate->p_sourcetext = expression;
	item = addRangeTableEntryForRelation(pstate, rel, AccessShareLock, NULL, false, true);
	addNSItemToQuery(pstate, item, false, true, true);
	item = addRangeTableEntryForRelation(pstate, rel, AccessShareLock, makeAlias("previous", NIL), false, true);
	addNSItemToQuery(pstate, item, false, true, false);

	expr = transformExpr(pstate, only_expression(expression), EXPR_KIND_CHECK_CONSTRAINT);
	expr = coerce_to_boolean(pstate, expr, "a rule");
	assign_expr_collations(pstate, expr);
	refuse_unfit_nodes(expr, pstate);

	*fields = columns_of(expr, ROW_VARNO);
	*previous_fields = columns_of(expr, PREVIOUS_VARNO);
	*uses_previous = !bms_is_empty(*previous_fields);

	expr = (Node *) expression_planner((Expr *) expr);
	ChangeVarNodes(expr, PREVIOUS_VARNO, INNER_VAR, 0);

	error_context_stack = callback.previous;
	AtEOXact_GUC(false, nest_level);
	free_parsestate(pstate);
	return (Expr *) expr;
}

/*
 * outbreak.compile_rule(form regclass, expression text,
 *		OUT fields name[], OUT uses_previous boolean)
 *
 * What report.rule stores beside the text of a rule. Errors as above.
 */
PG_FUNCTION_INFO_V1(ob_report_compile_rule);
Datum
ob_report_compile_rule(PG_FUNCTION_ARGS)
{
	Relation	rel = relation_open(PG_GETARG_OID(0), AccessShareLock);
	char	   *expression = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Bitmapset  *fields;
	Bitmapset  *previous_fields;
	bool		uses_previous;
	TupleDesc	desc;
	Datum	   *names;
	Datum		values[2];
	bool		nulls[2] = {false, false};
	int			count = 0;
	int			column = -1;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");

	(void) ob_report_parse_rule(rel, expression, &uses_previous, &fields, &previous_fields);
	fields = bms_union(fields, previous_fields);
	names = palloc(sizeof(Datum) * (bms_num_members(fields) + 1));
	while ((column = bms_next_member(fields, column)) >= 0)
		names[count++] = NameGetDatum(&TupleDescAttr(RelationGetDescr(rel), column - 1)->attname);
	values[0] = PointerGetDatum(construct_array(names, count, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR));
	values[1] = BoolGetDatum(uses_previous);
	relation_close(rel, NoLock);

	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
