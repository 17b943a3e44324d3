/*-------------------------------------------------------------------------
 *
 * outbreak.c
 *		Entry point of the extension.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "access/audit.h"
#include "access/limit.h"
#include "access/scope.h"
#include "api/api.h"
#include "common/compat.h"
#include "common/settings.h"
#include "messaging/messaging.h"
#include "report/report.h"
#include "vsys/availability.h"

OUTBREAK_MODULE_MAGIC;

void		_PG_init(void);

/* Runs once per session, when the first function of the library is called. */
void
_PG_init(void)
{
	ob_common_define_settings();
	ob_access_init();
	ob_access_limit_init();
	ob_access_audit_init();
	ob_report_init();
	ob_api_row_limit_init();
	ob_api_timeout_init();
	ob_vsys_availability_init();
	ob_messaging_init();
}
