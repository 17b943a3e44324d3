/*-------------------------------------------------------------------------
 *
 * availability.h
 *		How many places a site has, remembered for half a second.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_VSYS_AVAILABILITY_H
#define OUTBREAK_VSYS_AVAILABILITY_H

/* Asks for shared memory, when called while the server preloads the library. */
extern void ob_vsys_availability_init(void);

#endif							/* OUTBREAK_VSYS_AVAILABILITY_H */
