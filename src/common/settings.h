/*-------------------------------------------------------------------------
 *
 * settings.h
 *		The settings of the extension (postgresql.conf, SET).
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SETTINGS_H
#define OUTBREAK_SETTINGS_H

/* outbreak.on_invalid: what becomes of a row that breaks a rule. */
typedef enum OnInvalid
{
	ON_INVALID_REFUSE,			/* the statement fails */
	ON_INVALID_QUARANTINE		/* the row moves to report.rejected */
} OnInvalid;

extern int	ob_access_audit_chains;
extern char *ob_access_authenticator;
extern char *ob_access_key_file;
extern int	ob_access_reveal_limit;
extern int	ob_allocation_memory;
extern int	ob_api_max_rows;
extern bool ob_messaging_allow_http;
extern bool ob_messaging_allow_private;
extern char *ob_messaging_databases;
extern int	ob_messaging_grace;
extern int	ob_messaging_in_flight;
extern int	ob_messaging_lease;
extern int	ob_messaging_linger;
extern int	ob_messaging_poll;
extern char *ob_messaging_role;
extern char *ob_messaging_secret_file;
extern int	ob_on_invalid;
extern char *ob_time_zone;

extern void ob_common_define_settings(void);

#endif							/* OUTBREAK_SETTINGS_H */
