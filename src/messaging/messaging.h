/*-------------------------------------------------------------------------
 *
 * messaging.h
 *		What the rest of the library knows of messaging.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_H
#define OUTBREAK_MESSAGING_H

/* Once per session; when preloaded, asks for shared memory and registers the launcher. */
extern void ob_messaging_init(void);

#endif							/* OUTBREAK_MESSAGING_H */
