#include "postgres.h"
#include "miscadmin.h"
#include "messaging/messaging.h"
#include "messaging/shared.h"
void
ob_messaging_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	ob_messaging_shared_init();
}
