/*-------------------------------------------------------------------------
 *
 * audit_sign.c
 *		Signing the heads of the audit trail; and what else SQL asks of it.
 *
 * The signing key is derived from a master key, so it is in no database and in
 * no backup of one. Whoever may read the key file can sign: a signed head
 * proves something to those who hold an older copy of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "access/audit.h"
#include "access/audit_image.h"
#include "access/audit_kernel.h"
#include "access/audit_sign.h"
#include "access/audit_write.h"
#include "access/key.h"
#include "common/compat.h"
#include "common/owner.h"
#include "common/settings.h"

#define KEY_LABEL "outbreak audit heads"

/* Is one of our own statements changing the trail? Nobody outside of this file can set it. */
static bool may_change = false;

bool
ob_access_audit_our_key(int version, const unsigned char *public_key)
{
	unsigned char private_key[AUDIT_KEY];
	unsigned char ours[AUDIT_KEY];
	bool		derived;

	if (ob_access_key_file == NULL || *ob_access_key_file == '\0')
		return true;
	if (!ob_access_master_known(version))
		return true;			/* retired: the published copies say whose it was */
	ob_access_derive(version, KEY_LABEL, private_key);
	derived = ob_access_audit_public_key(private_key, ours);
	OPENSSL_cleanse(private_key, sizeof(private_key));
	return derived && memcmp(ours, public_key, AUDIT_KEY) == 0;
}

static Datum
bytes_datum(const unsigned char *bytes, Size length)
{
	bytea	   *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

/* outbreak.audit_sign(message text, OUT version integer, OUT public_key bytea, OUT signature bytea) */
PG_FUNCTION_INFO_V1(ob_access_audit_sign_message);
Datum
ob_access_audit_sign_message(PG_FUNCTION_ARGS)
{
	text	   *message = PG_GETARG_TEXT_PP(0);
	int			version = ob_access_master_version();
	unsigned char private_key[AUDIT_KEY];
	unsigned char public_key[AUDIT_KEY];
	unsigned char signature[AUDIT_SIGNATURE];
	bool		done;
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	ob_access_derive(version, KEY_LABEL, private_key);
	done = ob_access_audit_public_key(private_key, public_key) &&
		ob_access_audit_sign(private_key, VARDATA_ANY(message), VARSIZE_ANY_EXHDR(message), signature);
	OPENSSL_cleanse(private_key, sizeof(private_key));
	if (!done)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not sign")));
	values[0] = Int32GetDatum(version);
	values[1] = bytes_datum(public_key, AUDIT_KEY);
	values[2] = bytes_datum(signature, AUDIT_SIGNATURE);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* outbreak.audit_signature_holds(public_key bytea, message text, signature bytea) returns boolean */
PG_FUNCTION_INFO_V1(ob_access_audit_signature_holds);
Datum
ob_access_audit_signature_holds(PG_FUNCTION_ARGS)
{
	bytea	   *public_key = PG_GETARG_BYTEA_PP(0);
	text	   *message = PG_GETARG_TEXT_PP(1);
	bytea	   *signature = PG_GETARG_BYTEA_PP(2);

	PG_RETURN_BOOL(VARSIZE_ANY_EXHDR(public_key) == AUDIT_KEY &&
				   VARSIZE_ANY_EXHDR(signature) == AUDIT_SIGNATURE &&
				   ob_access_audit_holds((unsigned char *) VARDATA_ANY(public_key),
										 VARDATA_ANY(message), VARSIZE_ANY_EXHDR(message),
										 (unsigned char *) VARDATA_ANY(signature)));
}

/* ---- canonical bytes ------------------------------------------------------ */

static AuditText
text_argument(FunctionCallInfo fcinfo, int argument)
{
	AuditText	text = {NULL, 0};

	if (!PG_ARGISNULL(argument))
	{
		struct varlena *value = PG_GETARG_VARLENA_PP(argument);

		text.bytes = VARDATA_ANY(value);
		text.length = VARSIZE_ANY_EXHDR(value);
	}
	return text;
}

/*
 * outbreak.audit_bytes(chain, number, recorded_at, transaction, login, role,
 * actor, action, relation, subject, image_hash) returns bytea. NULL when one of
 * the first four is.
 */
PG_FUNCTION_INFO_V1(ob_access_audit_bytes);
Datum
ob_access_audit_bytes(PG_FUNCTION_ARGS)
{
	AuditEntry	entry;
	AuditText	image_hash = text_argument(fcinfo, 10);
	bytea	   *bytes;
	size_t		size;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	if (image_hash.bytes != NULL && image_hash.length != AUDIT_HASH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the hash of an image has %d bytes", AUDIT_HASH)));
	entry.chain = PG_GETARG_INT16(0);
	entry.number = PG_GETARG_INT64(1);
	entry.recorded_at = PG_GETARG_TIMESTAMPTZ(2) + AUDIT_EPOCH;
	entry.transaction = DatumGetUInt64(PG_GETARG_DATUM(3));
	entry.login = text_argument(fcinfo, 4);
	entry.role = text_argument(fcinfo, 5);
	entry.actor = text_argument(fcinfo, 6);
	entry.action = text_argument(fcinfo, 7);
	entry.relation = text_argument(fcinfo, 8);
	entry.subject = PG_ARGISNULL(9) ? NULL : PG_GETARG_UUID_P(9)->data;
	entry.image_hash = (const unsigned char *) image_hash.bytes;
	size = ob_access_audit_canonical_size(&entry);
	bytes = palloc(VARHDRSZ + size);
	SET_VARSIZE(bytes, VARHDRSZ + size);
	ob_access_audit_canonical(&entry, (unsigned char *) VARDATA(bytes));
	PG_RETURN_BYTEA_P(bytes);
}

/* ---- what may change the trail -------------------------------------------- */

/* outbreak.audit_guard(): BEFORE trigger of every table of the trail. */
PG_FUNCTION_INFO_V1(ob_access_audit_guard);
Datum
ob_access_audit_guard(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("outbreak.audit_guard() is a BEFORE trigger")));
	if (!TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!(may_change || (TRIGGER_FIRED_BY_UPDATE(data->tg_event) && ob_access_audit_is_bare())))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("the audit trail does not change"),
				 errhint("Images are erased by access.erase_audit_images(), old months dropped by access.drop_audit_before().")));
	PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple : data->tg_trigtuple);
}

/* Runs a statement that changes the trail, as its owner; returns how many rows it changed. */
static uint64
change_trail(const char *sql, int nargs, Oid *types, Datum *values, const char *nulls)
{
	Oid			table = ob_common_deployed_table("access", "audit");
	OwnerScope	owner;
	uint64		changed = 0;

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no audit trail"),
				 errhint("Deploy the word access: CALL outbreak.deploy();")));
	ob_common_become_owner(table, &owner);
	SPI_connect();
	may_change = true;
	PG_TRY();
	{
		if (SPI_execute_with_args(sql, nargs, types, values, nulls, false, 0) < 0)
			elog(ERROR, "could not change the audit trail");
		changed = SPI_processed;
	}
	PG_FINALLY();
	{
		may_change = false;
	}
	PG_END_TRY();
	SPI_finish();
	ob_common_leave_owner(&owner);
	return changed;
}

/*
 * outbreak.audit_erase(relation text, before timestamptz, subject uuid)
 * returns bigint: erases the images of changes of that relation (all for
 * NULL) and subject (all for NULL) that were recorded before that instant,
 * and notes that it did.
 */
PG_FUNCTION_INFO_V1(ob_access_audit_erase);
Datum
ob_access_audit_erase(PG_FUNCTION_ARGS)
{
	Oid			types[3] = {TEXTOID, TIMESTAMPTZOID, UUIDOID};
	Datum		values[3];
	char		nulls[4] = "   ";
	uint64		erased;
	StringInfoData detail;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("say before when images are to be erased")));
	for (int i = 0; i < 3; i++)
	{
		values[i] = PG_ARGISNULL(i) ? (Datum) 0 : PG_GETARG_DATUM(i);
		nulls[i] = PG_ARGISNULL(i) ? 'n' : ' ';
	}
	erased = change_trail("UPDATE access.audit AS a SET image = NULL, salt = NULL "
						  "WHERE a.image IS NOT NULL "
						  "AND a.action OPERATOR(pg_catalog.=) ANY ('{insert,update,delete}'::pg_catalog.text[]) "
						  "AND a.recorded_at OPERATOR(pg_catalog.<) $2 "
						  "AND ($1 IS NULL OR a.relation OPERATOR(pg_catalog.=) $1) "
						  "AND ($3 IS NULL OR a.subject OPERATOR(pg_catalog.=) $3)", 3, types, values, nulls);
	if (erased > 0)
	{
		char	   *relation = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));

		initStringInfo(&detail);
		appendStringInfo(&detail, "{\"before\":\"%s\",\"count\":" UINT64_FORMAT "}",
						 timestamptz_to_str(PG_GETARG_TIMESTAMPTZ(1)), erased);
		ob_access_audit_note("erase", relation, PG_ARGISNULL(2) ? NULL : PG_GETARG_UUID_P(2), detail.data);
	}
	PG_RETURN_INT64((int64) erased);
}

/*
 * outbreak.audit_erase_entries(ids bigint[]) returns bigint: erases the images
 * of these entries. The caller notes it.
 */
PG_FUNCTION_INFO_V1(ob_access_audit_erase_entries);
Datum
ob_access_audit_erase_entries(PG_FUNCTION_ARGS)
{
	Oid			types[1] = {INT8ARRAYOID};
	Datum		values[1] = {PG_GETARG_DATUM(0)};

	PG_RETURN_INT64((int64) change_trail("UPDATE access.audit AS a SET image = NULL, salt = NULL "
										 "FROM pg_catalog.unnest($1) AS e (id) "
										 "WHERE a.chain OPERATOR(pg_catalog.=) (e.id OPERATOR(pg_catalog.%) 256)::pg_catalog.int2 "
										 "AND a.number OPERATOR(pg_catalog.=) (e.id OPERATOR(pg_catalog./) 256) "
										 "AND a.image IS NOT NULL",
										 1, types, values, NULL));
}

/* outbreak.audit_prune() returns bigint: deletes the heads that were overtaken. */
PG_FUNCTION_INFO_V1(ob_access_audit_prune);
Datum
ob_access_audit_prune(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) change_trail("DELETE FROM access.audit_head AS h "
										 "USING (SELECT n.chain, pg_catalog.max(n.number) AS number FROM access.audit_head AS n GROUP BY n.chain) AS last "
										 "WHERE h.chain OPERATOR(pg_catalog.=) last.chain AND h.number OPERATOR(pg_catalog.<) last.number",
										 0, NULL, NULL, NULL));
}
