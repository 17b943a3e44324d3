#include "postgres.h"
#include "report/report.h"
void ob_report_init(void) {}
