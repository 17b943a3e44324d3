/*-------------------------------------------------------------------------
 *
 * suggest.c
 *	  outbreak.suggest(text): which codes can a mistyped one have been?
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "common/compat.h"
#include "registry/code_report.h"

typedef struct Suggestions
{
	CodeKind	kind;
	int64_t		codes[CODE_MAX_SUGGESTIONS];
} Suggestions;

/*
 * Fill in what six or ten digits can have been; returns how many.  Text of
 * other lengths, and text with other characters, can have been anything: none.
 */
static int
find_suggestions(text *written, Suggestions *found)
{
	CodeReading reading;

	ob_registry_code_scan(VARDATA_ANY(written), VARSIZE_ANY_EXHDR(written),
						  ob_registry_code_flags(), &reading);
	if (reading.fault != CODE_OK)
		return 0;

	if (reading.count == CODE_INSTITUTION_DIGITS)
		found->kind = CODE_INSTITUTION;
	else if (reading.count == CODE_MUNICIPALITY_DIGITS)
		found->kind = CODE_MUNICIPALITY;
	else
		return 0;
	return ob_registry_code_suggest(found->kind, reading.digit, found->codes);
}

/* One code per call, ascending. */
PG_FUNCTION_INFO_V1(ob_registry_suggest);
Datum
ob_registry_suggest(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	Suggestions *found;

	if (SRF_IS_FIRSTCALL())
	{
		context = SRF_FIRSTCALL_INIT();
		found = MemoryContextAlloc(context->multi_call_memory_ctx, sizeof(Suggestions));
		context->max_calls = find_suggestions(PG_GETARG_TEXT_PP(0), found);
		context->user_fctx = found;
	}

	context = SRF_PERCALL_SETUP();
	found = context->user_fctx;
	if (context->call_cntr < context->max_calls)
	{
		/* SRF_RETURN_NEXT counts before it looks at its second argument. */
		Datum		code = ob_registry_code_text(found->kind, found->codes[context->call_cntr]);

		SRF_RETURN_NEXT(context, code);
	}
	SRF_RETURN_DONE(context);
}
