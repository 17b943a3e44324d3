/*-------------------------------------------------------------------------
 *
 * settings.c
 *		Every setting of the extension, sorted by name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "common/settings.h"

int			ob_access_audit_chains = 16;
char	   *ob_access_authenticator = NULL;
char	   *ob_access_key_file = NULL;
int			ob_access_reveal_limit = 0;
int			ob_allocation_memory = 1024 * 1024;
int			ob_api_max_rows = 0;
int			ob_on_invalid = ON_INVALID_REFUSE;
char	   *ob_time_zone = NULL;

static const struct config_enum_entry on_invalid_options[] = {
	{"refuse", ON_INVALID_REFUSE, false},
	{"quarantine", ON_INVALID_QUARANTINE, false},
	{NULL, 0, false}
};

/* Accepts a zone that PostgreSQL knows by name. */
static bool
check_time_zone(char **newval, void **extra, GucSource source)
{
	pg_tz	   *zone = pg_tzset(*newval);

	if (zone == NULL || !pg_tz_acceptable(zone))
	{
		GUC_check_errdetail("\"%s\" is not a time zone of this server.", *newval);
		return false;
	}
	return true;
}

/* Defines the settings and closes the prefix to typing errors. */
void
ob_common_define_settings(void)
{
	DefineCustomIntVariable("outbreak.access_audit_chains",
							"Number of hash chains that writers of the audit trail spread over.",
							"A chain takes one transaction at a time, so it should be at least the number of concurrent writers.",
							&ob_access_audit_chains,
							16, 1, 256,
							PGC_SUSET, 0,
							NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.access_authenticator",
							   "Login role whose sessions take their scope from request.jwt.claims.",
							   "Every other login takes it from access.account.",
							   &ob_access_authenticator,
							   "outbreak_authenticator",
							   PGC_SUSET, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.access_key_file",
							   "File that holds the master keys of sealed fields.",
							   "One key a line: its version and 64 hexadecimal digits. Mode 0600, owned by the server's user; outside of the data directory, so that no backup holds it.",
							   &ob_access_key_file,
							   "",
							   PGC_SIGHUP, GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.access_reveal_limit",
							"Sealed values that one user may reveal in an hour; 0 is no limit.",
							"Counted in shared memory when outbreak is in shared_preload_libraries, by session otherwise.",
							&ob_access_reveal_limit,
							0, 0, INT_MAX,
							PGC_SUSET, 0,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.allocation_memory",
							"Memory that one minimum-cost flow may use.",
							"Larger problems are refused with the number of bytes that they need.",
							&ob_allocation_memory,
							1024 * 1024, 64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.api_max_rows",
							"Rows that one request to the API may return; 0 is no limit.",
							"Set for each request from access.api_limit.",
							&ob_api_max_rows,
							0, 0, INT_MAX,
							PGC_USERSET, 0,
							NULL, NULL, NULL);
	DefineCustomEnumVariable("outbreak.on_invalid",
							 "What becomes of an inserted report that breaks a rule.",
							 "refuse: the statement fails. quarantine: the row moves to report.rejected with its findings.",
							 &ob_on_invalid,
							 ON_INVALID_REFUSE,
							 on_invalid_options,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.time_zone",
							   "Time zone in which local dates and deadlines are counted.",
							   NULL,
							   &ob_time_zone,
							   "Asia/Tokyo",
							   PGC_SUSET, 0,
							   check_time_zone, NULL, NULL);
	MarkGUCPrefixReserved("outbreak");
}

/* outbreak.time_zone() returns text: the setting of that name. */
PG_FUNCTION_INFO_V1(ob_common_time_zone);
Datum
ob_common_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ob_time_zone));
}

/* outbreak.version() returns text: the version that this library was built as. */
PG_FUNCTION_INFO_V1(ob_common_version);
Datum
ob_common_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(OUTBREAK_VERSION));
}
