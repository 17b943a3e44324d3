/*-------------------------------------------------------------------------
 *
 * dcc_check.c
 *		The essentials of the schema of EU Digital COVID Certificates.
 *
 * The schema is published as DCC.combined-schema.json (ehn-dcc-schema, 1.3.3).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/numeric.h"

#include "common/compat.h"
#include "credential/dcc_check.h"
#include "credential/sign_kernel.h"
#include "credential/trust.h"

#define TEXT_MAX	80			/* characters, where the schema limits them */

typedef enum Kind
{
	KIND_CODE,					/* text */
	KIND_TEXT,					/* text of at most 80 characters */
	KIND_DATE,					/* YYYY-MM-DD, a time may follow */
	KIND_TIME,					/* a date with a time */
	KIND_COUNTRY,				/* begins with a capital letter */
	KIND_DOSE					/* a whole number from 1 */
} Kind;

typedef struct Member
{
	const char *name;
	Kind		kind;
} Member;

typedef struct Group
{
	const char *name;
	int			usage;
	Member		member[11];		/* required ones, until a name is NULL */
} Group;

static const Group groups[] = {
	{"v", USAGE_VACCINATION, {
			{"tg", KIND_CODE}, {"vp", KIND_CODE}, {"mp", KIND_CODE}, {"ma", KIND_CODE}, {"dn", KIND_DOSE},
			{"sd", KIND_DOSE}, {"dt", KIND_DATE}, {"co", KIND_COUNTRY}, {"is", KIND_TEXT}, {"ci", KIND_TEXT}}},
	{"t", USAGE_TEST, {
			{"tg", KIND_CODE}, {"tt", KIND_CODE}, {"sc", KIND_TIME}, {"tr", KIND_CODE},
			{"co", KIND_COUNTRY}, {"is", KIND_TEXT}, {"ci", KIND_TEXT}}},
	{"r", USAGE_RECOVERY, {
			{"tg", KIND_CODE}, {"fr", KIND_DATE}, {"co", KIND_COUNTRY}, {"is", KIND_TEXT},
			{"df", KIND_DATE}, {"du", KIND_DATE}, {"ci", KIND_TEXT}}}
};

/* Does a text begin as the pattern says? 9 stands for a digit; returns the characters that matched, or -1. */
static int
matches(const char *text, int length, const char *pattern)
{
	int			n = (int) strlen(pattern);

	if (length < n)
		return -1;
	for (int i = 0; i < n; i++)
		if (pattern[i] == '9' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
			return -1;
	return n;
}

/* A date that is in the calendar, in the first ten characters. */
static bool
is_date(const char *text, int length)
{
	int			year;
	int			month;
	int			day;

	if (matches(text, length, "9999-99-99") < 0)
		return false;
	year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
	month = (text[5] - '0') * 10 + (text[6] - '0');
	day = (text[8] - '0') * 10 + (text[9] - '0');
	return month >= 1 && month <= 12 && day >= 1 && day <= day_tab[isleap(year)][month - 1];
}

static bool
is_fit(const JsonbValue *value, Kind kind)
{
	const char *text;
	int			length;

	if (kind == KIND_DOSE)
	{
		double		number;

		if (value->type != jbvNumeric)
			return false;
		number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
		return number >= 1 && number <= 1e6 && number == (double) (int) number;
	}
	if (value->type != jbvString)
		return false;
	text = value->val.string.val;
	length = value->val.string.len;
	switch (kind)
	{
		case KIND_TEXT:
			return pg_mbstrlen_with_len(text, length) <= TEXT_MAX;
		case KIND_DATE:
			return is_date(text, length) && (length == 10 || text[10] == 'T');
		case KIND_TIME:
			return is_date(text, length) && matches(text + 10, length - 10, "T99:99:99") > 0;
		case KIND_COUNTRY:
			return length >= 1 && text[0] >= 'A' && text[0] <= 'Z';
		default:
			return true;
	}
}

/* X.Y.Z with digits */
static bool
is_version(const char *text, int length)
{
	int			dots = 0;

	for (int i = 0; i < length; i++)
	{
		if (text[i] == '.' && i > 0 && text[i - 1] != '.' && i < length - 1)
			dots++;
		else if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return dots == 2;
}

/* Year, month or day of birth from 1900 to 2099; empty where it is not known. */
static bool
is_birth(const char *text, int length)
{
	if (length == 0)
		return true;
	if (matches(text, length, "9999") < 0 || (memcmp(text, "19", 2) != 0 && memcmp(text, "20", 2) != 0))
		return false;
	return length == 4 || (length == 7 && matches(text, length, "9999-99") > 0) || (length == 10 && is_date(text, length));
}

/* A part of a name as ICAO Doc 9303 writes it; *there says whether there is one. */
static bool
is_name_part(JsonbContainer *name, const char *key, bool *there)
{
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(name, key, (int) strlen(key), &room);

	if (value == NULL)
		return true;
	if (value->type != jbvString || value->val.string.len > TEXT_MAX)
		return false;
	*there = true;
	for (int i = 0; i < value->val.string.len; i++)
		if (value->val.string.val[i] != '<' && (value->val.string.val[i] < 'A' || value->val.string.val[i] > 'Z'))
			return false;
	return true;
}

static const char *
head_fault(JsonbContainer *root)
{
	int			length;
	const char *text = ob_credential_json_string(root, "ver", &length);
	JsonbValue	room;
	JsonbValue *name = getKeyJsonValueFromContainer(root, "nam", 3, &room);
	bool		there = false;

	if (text == NULL || !is_version(text, length))
		return "ver";
	if (name == NULL || name->type != jbvBinary || !JsonContainerIsObject(name->val.binary.data))
		return "nam";
	if (!is_name_part(name->val.binary.data, "fnt", &there))
		return "nam.fnt";
	if (!is_name_part(name->val.binary.data, "gnt", &there))
		return "nam.gnt";
	if (!there)
		return "nam";
	text = ob_credential_json_string(root, "dob", &length);
	if (text == NULL || !is_birth(text, length))
		return "dob";
	return NULL;
}

static const char *
entry_fault(JsonbContainer *array, const Group *group)
{
	JsonbValue *entry;

	if (!JsonContainerIsArray(array) || JsonContainerSize(array) != 1)
		return group->name;
	entry = getIthJsonbValueFromContainer(array, 0);
	if (entry->type != jbvBinary || !JsonContainerIsObject(entry->val.binary.data))
		return group->name;
	for (const Member *member = group->member; member->name != NULL; member++)
	{
		JsonbValue	room;
		JsonbValue *value = getKeyJsonValueFromContainer(entry->val.binary.data, member->name, (int) strlen(member->name), &room);

		if (value == NULL || !is_fit(value, member->kind))
			return psprintf("%s.0.%s", group->name, member->name);
	}
	return NULL;
}

const char *
ob_credential_dcc_fault(Jsonb *certificate, int *usage)
{
	JsonbContainer *root = &certificate->root;
	const char *fault;
	const Group *found = NULL;
	JsonbContainer *entries = NULL;

	*usage = 0;
	if (!JsonContainerIsObject(root))
		return "";
	fault = head_fault(root);
	for (int i = 0; i < lengthof(groups) && fault == NULL; i++)
	{
		JsonbValue	room;
		JsonbValue *value = getKeyJsonValueFromContainer(root, groups[i].name, 1, &room);

		/* a group that is written and left empty is not one */
		if (value == NULL || value->type == jbvNull ||
			(value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data) && JsonContainerSize(value->val.binary.data) == 0))
			continue;
		if (value->type != jbvBinary || found != NULL)
			return groups[i].name;
		found = &groups[i];
		entries = value->val.binary.data;
	}
	if (fault != NULL)
		return fault;
	if (found == NULL)
		return "v, t, r";
	*usage = found->usage;
	return entry_fault(entries, found);
}
