/*-------------------------------------------------------------------------
 *
 * functions.c
 *		Functions of messaging for SQL: keys, texts, signatures.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/uuid.h"

#include "common/compat.h"
#include "messaging/key_kernel.h"

#define MAX_KIND	200

/* outbreak.message_key(person uuid, day date, kind text) returns uuid */
PG_FUNCTION_INFO_V1(ob_messaging_message_key);
Datum
ob_messaging_message_key(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *person = PG_GETARG_UUID_P(0);
	DateADT		day = PG_GETARG_DATEADT(1);
	text	   *kind = PG_GETARG_TEXT_PP(2);
	size_t		kind_length = VARSIZE_ANY_EXHDR(kind);
	uint8_t		name[KEY_BYTES + 4 + MAX_KIND];
	pg_uuid_t  *key;

	if (DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the day of a message must be finite")));
	if (kind_length == 0 || kind_length > MAX_KIND)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the kind of a message must have 1 to %d bytes", MAX_KIND)));
	key = palloc(sizeof(pg_uuid_t));
	if (!ob_messaging_uuid5(ob_messaging_message_space, name,
							ob_messaging_message_name(person->data, day, VARDATA_ANY(kind), kind_length, name),
							key->data))
		elog(ERROR, "OpenSSL failed");
	PG_RETURN_UUID_P(key);
}
