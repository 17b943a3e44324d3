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
bool		ob_messaging_allow_http = false;
bool		ob_messaging_allow_private = false;
char	   *ob_messaging_databases = NULL;
int			ob_messaging_grace = 5000;
int			ob_messaging_in_flight = 128;
int			ob_messaging_lease = 120;
int			ob_messaging_linger = 2000;
int			ob_messaging_poll = 60;
char	   *ob_messaging_role = NULL;
char	   *ob_messaging_secret_file = NULL;
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

/* outbreak.messaging_*: where messages go, and how the workers that deliver them behave. */
static void
define_messaging_settings(void)
{
	DefineCustomBoolVariable("outbreak.messaging_allow_http",
							 "Messages may go to endpoints without TLS (http, smtp).",
							 "For a gateway on the same machine, and for tests.",
							 &ob_messaging_allow_http,
							 false,
							 PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							 NULL, NULL, NULL);
	DefineCustomBoolVariable("outbreak.messaging_allow_private",
							 "Messages may go to endpoints at private addresses.",
							 "Off: loopback, link-local, private and reserved addresses are refused, whatever the name resolves to.",
							 &ob_messaging_allow_private,
							 false,
							 PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							 NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.messaging_databases",
							   "Databases whose messages are delivered, separated by commas.",
							   "At most 16. One that does not exist, or where messaging is not deployed, is passed over.",
							   &ob_messaging_databases,
							   "outbreak",
							   PGC_SIGHUP, GUC_SUPERUSER_ONLY | GUC_LIST_INPUT,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.messaging_grace",
							"How long a worker waits for answers when it is told to stop.",
							"What is still open then is sent again later, under the same key.",
							&ob_messaging_grace,
							5000, 0, 600000,
							PGC_SIGHUP, GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.messaging_in_flight",
							"Requests of one worker that may wait for their answer at the same time.",
							"Each endpoint has a limit of its own besides.",
							&ob_messaging_in_flight,
							128, 1, 1000,
							PGC_SIGHUP, 0,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.messaging_lease",
							"How long a worker has for the messages that it took.",
							"What a lost worker held is sent again after this time. At least twice the timeout of the endpoint is used.",
							&ob_messaging_lease,
							120, 1, 86400,
							PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.messaging_linger",
							"How long a worker stays after the last message.",
							"While it is there, its database cannot be dropped without FORCE.",
							&ob_messaging_linger,
							2000, 0, 3600000,
							PGC_SIGHUP, GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("outbreak.messaging_poll",
							"How often each database is looked at though nothing woke the worker.",
							"Needed after prepared transactions alone; commits wake the worker, and it knows when the next message is due.",
							&ob_messaging_poll,
							60, 1, 86400,
							PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.messaging_role",
							   "Role whose rights the workers have.",
							   "A member of outbreak_worker; it need not be able to log in.",
							   &ob_messaging_role,
							   "outbreak_worker",
							   PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("outbreak.messaging_secret_file",
							   "File that holds the secrets of messaging.endpoint.",
							   "One secret a line: its name and its value. Mode 0600, owned by the server's user; outside of the data directory, so that no backup holds it.",
							   &ob_messaging_secret_file,
							   "",
							   PGC_SIGHUP, GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE,
							   NULL, NULL, NULL);
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
	define_messaging_settings();
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
