/*-------------------------------------------------------------------------
 *
 * audit_image.c
 *		The image of a changed row: JSON text that says the same in every session.
 *
 * Whole numbers and booleans are written as such, everything else as a string
 * of what its type's output function says under fixed settings: dates in ISO,
 * intervals in PostgreSQL's style, times in UTC, bytes in hex, floats without
 * loss, names of catalog objects with their schema. A column that is NULL is
 * left out of a whole row; among the changed columns of an update it is null.
 * Generated columns are left out: they follow from the others.
 *
 * What a relation looks like is kept until the relation changes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/bytea.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "access/audit_image.h"
#include "common/compat.h"

/* What the text of a value may depend on. */
#define NEEDS_STYLE		1		/* DateStyle, TimeZone and the like */
#define NEEDS_PATH		2		/* search_path */

static HTAB *relations = NULL;
static pg_tz *utc = NULL;

/* The relation changed (all of them did for InvalidOid): what is known of it is made anew at its next use. */
static void
forget_relation(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	AuditRelation *known;

	if (OidIsValid(relid))
	{
		known = hash_search(relations, &relid, HASH_FIND, NULL);
		if (known != NULL)
			known->valid = false;
		return;
	}
	hash_seq_init(&scan, relations);
	while ((known = hash_seq_search(&scan)) != NULL)
		known->valid = false;
}

/* What the output of a type depends on, besides the value. */
static int
settings_of(Oid type)
{
	HeapTuple	tuple;
	Form_pg_type form;
	int			needs;

	check_stack_depth();
	switch (type)
	{
		case REGPROCOID:
		case REGPROCEDUREOID:
		case REGOPEROID:
		case REGOPERATOROID:
		case REGCLASSOID:
		case REGTYPEOID:
		case REGCONFIGOID:
		case REGDICTIONARYOID:
		case REGCOLLATIONOID:
			return NEEDS_PATH;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case NAMEOID:
		case CHAROID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case OIDOID:
		case NUMERICOID:
		case BOOLOID:
		case UUIDOID:
		case JSONBOID:
		case JSONOID:
			return 0;
	}
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	form = (Form_pg_type) GETSTRUCT(tuple);
	if (form->typtype == TYPTYPE_ENUM)
		needs = 0;
	else if (OidIsValid(get_element_type(type)))
		needs = settings_of(get_element_type(type));
	else if (form->typtype == TYPTYPE_COMPOSITE)
		needs = NEEDS_STYLE | NEEDS_PATH;
	else if (form->typtype == TYPTYPE_BASE && strcmp(NameStr(form->typname), "geography") == 0)
		needs = 0;				/* hex, whatever the settings */
	else
		needs = NEEDS_STYLE;
	ReleaseSysCache(tuple);
	return needs;
}

static ColumnKind
kind_of(Oid type)
{
	switch (type)
	{
		case INT2OID:
			return COLUMN_INT2;
		case INT4OID:
			return COLUMN_INT4;
		case INT8OID:
			return COLUMN_INT8;
		case BOOLOID:
			return COLUMN_BOOL;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return COLUMN_TEXT;
		case DATEOID:
			return COLUMN_DATE;
		case TIMESTAMPOID:
			return COLUMN_TIMESTAMP;
		case TIMESTAMPTZOID:
			return COLUMN_TIMESTAMPTZ;
		case UUIDOID:
			return COLUMN_UUID;
	}
	return COLUMN_OTHER;
}

/* schema.table of the relation, or of its topmost parent. */
static char *
recorded_name(Relation relation)
{
	Oid			relid = RelationGetRelid(relation);

	if (relation->rd_rel->relispartition)
		relid = llast_oid(get_partition_ancestors(relid));
	return psprintf("%s.%s", get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));
}

/* Fills in what is known of the relation, in a context of its own. */
static void
learn_relation(AuditRelation *known, Relation relation)
{
	TupleDesc	desc = RelationGetDescr(relation);
	MemoryContext old;
	StringInfoData label;

	if (known->context != NULL)
		MemoryContextDelete(known->context);
	known->context = AllocSetContextCreate(TopMemoryContext, "outbreak audited relation", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(known->context);
	/* before the catalogs are read: what changes meanwhile makes it invalid again */
	known->valid = true;
	known->settings = 0;
	known->ncolumns = 0;
	known->name = recorded_name(relation);
	known->columns = palloc0(sizeof(AuditColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		AuditColumn *column = &known->columns[known->ncolumns];
		Oid			type;

		if (attribute->attisdropped || attribute->attgenerated)
			continue;
		type = getBaseType(attribute->atttypid);
		known->ncolumns++;
		column->attnum = attribute->attnum;
		column->by_value = attribute->attbyval;
		column->length = attribute->attlen;
		column->kind = kind_of(type);
		initStringInfo(&label);
		ob_access_audit_json(&label, NameStr(attribute->attname), strlen(NameStr(attribute->attname)));
		appendStringInfoChar(&label, ':');
		column->label = label.data;
		column->label_length = label.len;
		if (column->kind == COLUMN_OTHER)
		{
			Oid			function;
			bool		is_varlena;

			getTypeOutputInfo(type, &function, &is_varlena);
			fmgr_info_cxt(function, &column->output, known->context);
			known->settings |= settings_of(type);
		}
	}
	MemoryContextSwitchTo(old);
}

AuditRelation *
ob_access_audit_relation(Relation relation)
{
	Oid			relid = RelationGetRelid(relation);
	AuditRelation *known;
	bool		found;

	if (relations == NULL)
	{
		HASHCTL		control;

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(AuditRelation);
		relations = hash_create("outbreak audited relations", 64, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
	}
	known = hash_search(relations, &relid, HASH_ENTER, &found);
	if (!found)
	{
		known->context = NULL;
		known->valid = false;
	}
	if (!known->valid)
	{
		/* an error on the way leaves it invalid */
		known->valid = false;
		PG_TRY();
		{
			learn_relation(known, relation);
		}
		PG_CATCH();
		{
			known->valid = false;
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	return known;
}

void
ob_access_audit_json(StringInfo into, const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t		start = 0;

	appendStringInfoChar(into, '"');
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = text[i];
		char		escaped[7] = "\\u00";
		int			size = 2;

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		appendBinaryStringInfo(into, text + start, i - start);
		start = i + 1;
		switch (c)
		{
			case '\b':
				escaped[1] = 'b';
				break;
			case '\f':
				escaped[1] = 'f';
				break;
			case '\n':
				escaped[1] = 'n';
				break;
			case '\r':
				escaped[1] = 'r';
				break;
			case '\t':
				escaped[1] = 't';
				break;
			case '"':
			case '\\':
				escaped[1] = c;
				break;
			default:
				escaped[4] = digits[c >> 4];
				escaped[5] = digits[c & 15];
				size = 6;
		}
		appendBinaryStringInfo(into, escaped, size);
	}
	appendBinaryStringInfo(into, text + start, length - start);
	appendStringInfoChar(into, '"');
}

/* A date in ISO, as a JSON string. */
static void
append_date(StringInfo into, DateADT date)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;

	if (DATE_NOT_FINITE(date))
		EncodeSpecialDate(date, text);
	else
	{
		j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, text);
	}
	appendStringInfo(into, "\"%s\"", text);
}

/* A timestamp in ISO, with +00 for an instant, as a JSON string. */
static void
append_timestamp(StringInfo into, Timestamp value, bool instant)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(value))
		EncodeSpecialTimestamp(value, text);
	else if (timestamp2tm(value, NULL, &tm, &fsec, NULL, NULL) == 0)
	{
		tm.tm_isdst = 0;
		EncodeDateTime(&tm, fsec, instant, 0, NULL, USE_ISO_DATES, text);
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	appendStringInfo(into, "\"%s\"", text);
}

void
ob_access_audit_uuid(StringInfo into, const pg_uuid_t *uuid)
{
	static const char digits[] = "0123456789abcdef";
	char		text[36];
	int			at = 0;

	for (int i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		text[at++] = digits[uuid->data[i] >> 4];
		text[at++] = digits[uuid->data[i] & 15];
	}
	appendBinaryStringInfo(into, text, at);
}

static void
append_number(StringInfo into, int64 value)
{
	char		text[MAXINT8LEN + 1];

	appendBinaryStringInfo(into, text, pg_lltoa(value, text));
}

/* The value of a column, as JSON. */
static void
append_value(StringInfo into, AuditColumn *column, Datum value)
{
	char	   *text;

	switch (column->kind)
	{
		case COLUMN_INT2:
			append_number(into, DatumGetInt16(value));
			break;
		case COLUMN_INT4:
			append_number(into, DatumGetInt32(value));
			break;
		case COLUMN_INT8:
			append_number(into, DatumGetInt64(value));
			break;
		case COLUMN_BOOL:
			appendStringInfoString(into, DatumGetBool(value) ? "true" : "false");
			break;
		case COLUMN_DATE:
			append_date(into, DatumGetDateADT(value));
			break;
		case COLUMN_TIMESTAMP:
			append_timestamp(into, DatumGetTimestamp(value), false);
			break;
		case COLUMN_TIMESTAMPTZ:
			append_timestamp(into, DatumGetTimestampTz(value), true);
			break;
		case COLUMN_UUID:
			appendStringInfoChar(into, '"');
			ob_access_audit_uuid(into, DatumGetUUIDP(value));
			appendStringInfoChar(into, '"');
			break;
		case COLUMN_TEXT:
			{
				struct varlena *packed = pg_detoast_datum_packed((struct varlena *) DatumGetPointer(value));

				ob_access_audit_json(into, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
				if ((Pointer) packed != DatumGetPointer(value))
					pfree(packed);
				break;
			}
		case COLUMN_OTHER:
			text = OutputFunctionCall(&column->output, value);
			ob_access_audit_json(into, text, strlen(text));
			pfree(text);
			break;
	}
}

/* The columns of the row that are not NULL, or with "before" those that differ from it. */
static bool
append_row(StringInfo into, AuditRelation *relation, TupleTableSlot *row, TupleTableSlot *before)
{
	bool		some = false;

	appendStringInfoChar(into, '{');
	for (int i = 0; i < relation->ncolumns; i++)
	{
		AuditColumn *column = &relation->columns[i];
		int			at = column->attnum - 1;
		bool		isnull = row->tts_isnull[at];

		if (before == NULL)
		{
			if (isnull)
				continue;
		}
		else if (isnull == before->tts_isnull[at] &&
				 (isnull || datum_image_eq(row->tts_values[at], before->tts_values[at], column->by_value, column->length)))
			continue;
		if (some)
			appendStringInfoChar(into, ',');
		some = true;
		appendBinaryStringInfo(into, column->label, column->label_length);
		if (isnull)
			appendStringInfoString(into, "null");
		else
			append_value(into, column, row->tts_values[at]);
	}
	appendStringInfoChar(into, '}');
	return some;
}

/* Does an update change anything? */
static bool
differs(AuditRelation *relation, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	for (int i = 0; i < relation->ncolumns; i++)
	{
		AuditColumn *column = &relation->columns[i];
		int			at = column->attnum - 1;

		if (old_row->tts_isnull[at] != new_row->tts_isnull[at])
			return true;
		if (!old_row->tts_isnull[at] &&
			!datum_image_eq(old_row->tts_values[at], new_row->tts_values[at], column->by_value, column->length))
			return true;
	}
	return false;
}

static void
append_image(StringInfo into, AuditRelation *relation, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	appendStringInfoChar(into, '{');
	if (old_row != NULL)
	{
		appendStringInfoString(into, "\"old\":");
		append_row(into, relation, old_row, NULL);
	}
	if (new_row != NULL)
	{
		appendStringInfoString(into, old_row != NULL ? ",\"new\":" : "\"new\":");
		append_row(into, relation, new_row, old_row);
	}
	appendStringInfoChar(into, '}');
}

/*
 * The same under fixed settings. The variables behind them are set directly,
 * because going through SET for every row costs more than the row.
 */
static void
append_image_fixed(StringInfo into, AuditRelation *relation, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	int			date_style = DateStyle;
	int			interval_style = IntervalStyle;
	int			float_digits = extra_float_digits;
	int			bytes_output = bytea_output;
	pg_tz	   *zone = session_timezone;

	if (utc == NULL)
		utc = pg_tzset("UTC");
	PG_TRY();
	{
		DateStyle = USE_ISO_DATES;
		IntervalStyle = INTSTYLE_POSTGRES;
		extra_float_digits = 3;
		bytea_output = BYTEA_OUTPUT_HEX;
		session_timezone = utc;
		append_image(into, relation, old_row, new_row);
	}
	PG_FINALLY();
	{
		DateStyle = date_style;
		IntervalStyle = interval_style;
		extra_float_digits = float_digits;
		bytea_output = bytes_output;
		session_timezone = zone;
	}
	PG_END_TRY();
}

bool
ob_access_audit_image(StringInfo into, AuditRelation *relation, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	if (old_row != NULL)
		slot_getallattrs(old_row);
	if (new_row != NULL)
		slot_getallattrs(new_row);
	if (old_row != NULL && new_row != NULL && !differs(relation, old_row, new_row))
		return false;
	if (relation->settings & NEEDS_PATH)
	{
		int			nest_level = NewGUCNestLevel();

		(void) set_config_option("search_path", "pg_catalog", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
		append_image_fixed(into, relation, old_row, new_row);
		AtEOXact_GUC(true, nest_level);
	}
	else if (relation->settings != 0)
		append_image_fixed(into, relation, old_row, new_row);
	else
		append_image(into, relation, old_row, new_row);
	return true;
}
