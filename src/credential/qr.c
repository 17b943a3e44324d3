/*-------------------------------------------------------------------------
 *
 * qr.c
 *		QR codes in SQL, a thin layer over qr_kernel.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "credential/qr_kernel.h"

static QrLevel
read_level(const text *written)
{
	static const char letters[] = "LMQH";
	char		letter = VARSIZE_ANY_EXHDR(written) == 1 ? *VARDATA_ANY(written) : '\0';
	const char *found = letter != '\0' ? strchr(letters, letter) : NULL;

	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid error correction of a QR code"),
				 errdetail("It must be L, M, Q or H: 7, 15, 25 or 30 percent of the code may be damaged.")));
	return (QrLevel) (found - letters);
}

static void
refuse(QrResult result, size_t length, QrLevel level)
{
	int			digits;
	int			letters;
	int			bytes;

	if (result == QR_FAILED)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed while a QR code was made.")));
	if (result == QR_EMPTY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is nothing to put into the QR code")));
	ob_credential_qr_capacity(level, &digits, &letters, &bytes);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("too long for a QR code"),
			 errdetail("There are %zu bytes. The largest code, version 40, holds %d digits, %d characters of 0-9 A-Z $%%*+-./: and space, or %d bytes with error correction %c.",
					   length, digits, letters, bytes, "LMQH"[level]),
			 errhint("Take a lower error correction, capital letters, or several codes.")));
}

/* Makes the code of the first two arguments; text in UTF-8, bytea as it is. */
static Qr *
make(FunctionCallInfo fcinfo, bool is_text)
{
	struct varlena *data = PG_GETARG_VARLENA_PP(0);
	QrLevel		level = read_level(PG_GETARG_TEXT_PP(1));
	const char *bytes = VARDATA_ANY(data);
	size_t		length = VARSIZE_ANY_EXHDR(data);
	Qr		   *qr = palloc(sizeof(Qr));
	QrResult	result;

	if (is_text && GetDatabaseEncoding() != PG_UTF8)
	{
		char	   *utf8 = pg_server_to_any(bytes, (int) length, PG_UTF8);

		if (utf8 != bytes)
			length = strlen(utf8);
		bytes = utf8;
	}
	result = ob_credential_qr_make((const uint8 *) bytes, length, is_text, level, qr);
	if (result != QR_OK)
		refuse(result, length, level);
	return qr;
}

static Datum
svg(const Qr *qr)
{
	size_t		room = ob_credential_qr_svg_room(qr);
	text	   *result = palloc(VARHDRSZ + room);

	SET_VARSIZE(result, VARHDRSZ + ob_credential_qr_svg(qr, VARDATA(result)));
	return PointerGetDatum(result);
}

static Datum
png(const Qr *qr, int module)
{
	size_t		length;
	bytea	   *result;

	if (module < 1 || module > QR_MAX_MODULE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid size of the modules of a QR code"),
				 errdetail("It must be 1 to %d pixels.", QR_MAX_MODULE)));
	result = palloc(VARHDRSZ + ob_credential_qr_png_room(qr, module));
	length = ob_credential_qr_png(qr, module, (uint8 *) VARDATA(result));
	if (length == 0)
		refuse(QR_FAILED, 0, QR_M);
	SET_VARSIZE(result, VARHDRSZ + length);
	return PointerGetDatum(result);
}

/* outbreak.qr_svg(data text, ec text) returns text */
PG_FUNCTION_INFO_V1(ob_credential_qr_svg_of_text);
Datum
ob_credential_qr_svg_of_text(PG_FUNCTION_ARGS)
{
	return svg(make(fcinfo, true));
}

/* outbreak.qr_svg(data bytea, ec text) returns text */
PG_FUNCTION_INFO_V1(ob_credential_qr_svg_of_bytes);
Datum
ob_credential_qr_svg_of_bytes(PG_FUNCTION_ARGS)
{
	return svg(make(fcinfo, false));
}

/* outbreak.qr_png(data text, ec text, module integer) returns bytea */
PG_FUNCTION_INFO_V1(ob_credential_qr_png_of_text);
Datum
ob_credential_qr_png_of_text(PG_FUNCTION_ARGS)
{
	return png(make(fcinfo, true), PG_GETARG_INT32(2));
}

/* outbreak.qr_png(data bytea, ec text, module integer) returns bytea */
PG_FUNCTION_INFO_V1(ob_credential_qr_png_of_bytes);
Datum
ob_credential_qr_png_of_bytes(PG_FUNCTION_ARGS)
{
	return png(make(fcinfo, false), PG_GETARG_INT32(2));
}

/* outbreak.qr_version(data text, ec text) returns integer */
PG_FUNCTION_INFO_V1(ob_credential_qr_version_of_text);
Datum
ob_credential_qr_version_of_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(make(fcinfo, true)->version);
}

/* outbreak.qr_version(data bytea, ec text) returns integer */
PG_FUNCTION_INFO_V1(ob_credential_qr_version_of_bytes);
Datum
ob_credential_qr_version_of_bytes(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(make(fcinfo, false)->version);
}
