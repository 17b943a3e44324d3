/*-------------------------------------------------------------------------
 *
 * claims.c
 *		Reading the claims of a token.
 *
 * Claims are text that PostgREST, or anybody, has put into a setting. The
 * getters that read them are LEAKPROOF and stand in policies, so nothing here
 * raises an error about what it reads: JSON goes through PostgreSQL's parser
 * alone, which returns its verdict, and not through type jsonb, which raises.
 *
 * Only scalar members of the outermost object count. Where a name stands
 * twice, the last one counts, as in jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"

#include "access/claims.h"
#include "common/compat.h"
#include "common/hex.h"
#include "registry/code_kernel.h"

static const char *const claim_names[CLAIM_COUNT] = {
	"sub", "prefecture", "health_center", "municipality", "institution", "organisation", "person"
};

typedef struct ClaimReader
{
	JsonLexContext *lex;
	Claims	   *claims;
	int			current;		/* the claim whose value comes next, or -1 */
} ClaimReader;

/* A member begins: is it one of ours? Forgets what an earlier one of the name said. */
static OB_JSON_ACTION
claim_begins(void *state, char *name, bool isnull)
{
	ClaimReader *reader = state;

	reader->current = -1;
	if (reader->lex->lex_level == 1)
		for (int i = 0; i < CLAIM_COUNT; i++)
			if (strcmp(name, claim_names[i]) == 0)
			{
				reader->current = i;
				reader->claims->text[i] = NULL;
			}
	OB_JSON_ACTION_DONE;
}

/* A scalar: keeps it where it is the value of a claim itself, not of something inside. */
static OB_JSON_ACTION
claim_value(void *state, char *token, JsonTokenType type)
{
	ClaimReader *reader = state;

	if (reader->current >= 0 && reader->lex->lex_level == 1 &&
		(type == JSON_TOKEN_STRING || type == JSON_TOKEN_NUMBER))
		reader->claims->text[reader->current] = token;
	reader->current = -1;
	OB_JSON_ACTION_DONE;
}

void
ob_access_parse_claims(const char *json, Claims *claims)
{
	ClaimReader reader = {0};
	JsonSemAction actions = {0};

	memset(claims, 0, sizeof(*claims));
	reader.lex = ob_json_lexer(json, strlen(json), GetDatabaseEncoding());
	reader.claims = claims;
	reader.current = -1;
	actions.semstate = &reader;
	actions.object_field_start = claim_begins;
	actions.scalar = claim_value;

	if (pg_parse_json(reader.lex, &actions) != JSON_SUCCESS)
		memset(claims, 0, sizeof(*claims));
}

/* A whole number between 1 and max. */
bool
ob_access_claim_number(const char *text, int64 max, int64 *number)
{
	char	   *end;

	if (text == NULL || !isdigit((unsigned char) *text))
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *number >= 1 && *number <= max;
}

static bool
claim_code(CodeKind kind, const char *text, int64 *code)
{
	CodeReading reading;

	if (text == NULL || ob_registry_code_parse(kind, text, strlen(text), 0, &reading) != CODE_OK)
		return false;
	*code = reading.value;
	return true;
}

bool
ob_access_claim_institution(const char *text, int64 *code)
{
	return claim_code(CODE_INSTITUTION, text, code);
}

bool
ob_access_claim_municipality(const char *text, int32 *code)
{
	int64		value;

	if (!claim_code(CODE_MUNICIPALITY, text, &value))
		return false;
	*code = (int32) value;
	return true;
}

/* In the usual form alone: 8-4-4-4-12 digits. */
bool
ob_access_claim_uuid(const char *text, pg_uuid_t *uuid)
{
	if (text == NULL || strlen(text) != 36)
		return false;
	for (int i = 0, digits = 0; i < 36; i++)
	{
		int			value = ob_common_hex_value(text[i]);

		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (text[i] != '-')
				return false;
			continue;
		}
		if (value < 0)
			return false;
		if (digits % 2 == 0)
			uuid->data[digits / 2] = (unsigned char) (value << 4);
		else
			uuid->data[digits / 2] |= (unsigned char) value;
		digits++;
	}
	return true;
}
