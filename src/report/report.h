/*-------------------------------------------------------------------------
 *
 * report.h
 *		Forms and their rules, as the validation engine sees them.
 *
 * Vocabulary
 *		form		a table that report.register() has taken in; a row of it is
 *					one report, named by its key
 *		key			the columns of the primary key; one of them is the period (a
 *					date), one the reporter
 *		rule		a boolean SQL expression over a report, and over
 *					previous.<column>, the reporter's last report before it
 *		verdict		what a rule says of a report: passed (true), violated
 *					(false) or undecidable (NULL: something is not answered)
 *		row rule	a rule that does not look at previous.*; such rules of
 *					severity error are what the CHECK of a form enforces
 *
 * Files
 *		rule.c		text to expression: what a rule may say
 *		form.c		the compiled forms of this session, kept current
 *		check.c		the CHECK, the dry run, and findings as JSON
 *		statement.c	what one statement entered, judged and settled at its end
 *		settle.c	the queries of that settling, and what replaced rows leave
 *		entity.c	the reporters that one statement touched
 *		total.c		sums that know what is missing
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_REPORT_H
#define OUTBREAK_REPORT_H

#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "nodes/bitmapset.h"
#include "nodes/execnodes.h"
#include "utils/date.h"
#include "utils/rel.h"

typedef enum Verdict
{
	VERDICT_PASSED,
	VERDICT_VIOLATED,
	VERDICT_UNDECIDABLE,
	VERDICT_NOT_APPLICABLE		/* the period is outside the rule's validity */
} Verdict;

typedef struct Rule
{
	char	   *code;
	char	   *expression;
	char	   *message_ja;
	char	   *message_en;
	bool		is_error;		/* else a warning */
	bool		uses_previous;
	bool		always_valid;	/* lower and upper are infinite */
	DateADT		lower;			/* valid from this date … */
	DateADT		upper;			/* … to before this one */
	int			nfields;
	AttrNumber *fields;			/* columns that it names */
	Expr	   *expr;			/* previous.* are INNER_VAR */
	ExprState  *state;
} Rule;

typedef struct Form
{
	Oid			relid;			/* key of the cache */
	bool		valid;			/* false: load anew before use */
	uint64		generation;		/* changes with each loading */
	bool		registered;
	bool		has_check;		/* the CHECK is in place */
	MemoryContext context;		/* holds everything below */

	char	   *name;			/* qualified and quoted */
	TupleDesc	desc;
	int			ncolumns;		/* columns that are not dropped, … */
	AttrNumber *columns;		/* … in order */
	AttrNumber	period;
	AttrNumber	reporter;
	bool		reporter_is_institution;
	Oid			institution_type;	/* outbreak.institution_code */
	AttrNumber	prefecture;		/* 0: the form has no such column */
	AttrNumber	recorded_at;	/* likewise */
	int			nkeys;
	AttrNumber *keys;			/* the period is the last */
	int			step;			/* days from one period to the next, 0: varies */
	int			lookback;		/* days in which "previous" is looked for */
	bool		rollup;			/* changes are noted in report.dirty */
	Oid			on_change;		/* called with the reporters touched */

	char	   *history;		/* <form>_history, qualified and quoted, or NULL */
	char	   *history_columns;	/* those that both have, as a list */
	bool		history_lacks;	/* the form has columns that the history has not */

	int			nrules;
	Rule	   *rules;
	bool		has_previous;	/* a rule looks at previous.* */
	Bitmapset  *previous_columns;	/* columns of previous.* that rules name */
	ExprState  *all_pass;		/* no row rule without dates is violated */

	SPIPlanPtr	judge_one;		/* a stored report and its previous one, by key … */
	SPIPlanPtr	judge_many;		/* … or by arrays of keys */
	SPIPlanPtr	reject_one;		/* moves a report to report.rejected */
	SPIPlanPtr	call_on_change;
	SPIPlanPtr	keep_history;	/* of the replaced rows, and what follows from them */
	SPIPlanPtr	drop_findings;
	SPIPlanPtr	note_replaced;
	SPIPlanPtr	tell_deleted;

	ExprContext *econtext;
	TupleTableSlot *row;		/* the report under judgement */
	TupleTableSlot *previous;	/* the reporter's last one */
} Form;

/* rule.c */
extern Expr *ob_report_parse_rule(Relation rel, const char *expression,
								  bool *uses_previous,
								  Bitmapset **fields,
								  Bitmapset **previous_fields);

/* form.c */
extern void ob_report_form_init(void);
extern Form *ob_report_form(Oid relid);
extern Form *ob_report_registered_form(Oid relid);

/* check.c */
extern Verdict ob_report_judge_rule(Form *form, Rule *rule, bool has_previous);
extern void ob_report_set_row(Form *form, TupleTableSlot *slot, Datum tuple);
extern void ob_report_refuse(Form *form, bool has_previous) pg_attribute_noreturn();
extern char *ob_report_findings_json(Form *form, bool has_previous);
extern DateADT ob_report_period(Form *form);

/* statement.c */
typedef struct Statement Statement;
extern void ob_report_statement_init(void);
extern Statement *ob_report_open_statement(Oid relid);
extern void ob_report_note_row(Statement *statement, Form *form, bool violated);
extern bool ob_report_may_reject(Statement *statement);

extern void ob_report_init(void);

#endif							/* OUTBREAK_REPORT_H */
