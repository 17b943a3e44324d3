/*-------------------------------------------------------------------------
 *
 * api.h
 *		What requests of PostgREST need of the server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_API_H
#define OUTBREAK_API_H

extern void ob_api_row_limit_init(void);
extern void ob_api_timeout_init(void);

#endif							/* OUTBREAK_API_H */
