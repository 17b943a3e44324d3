#ifndef OUTBREAK_REPORT_H
#define OUTBREAK_REPORT_H
extern void ob_report_init(void);
#endif
