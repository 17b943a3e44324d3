/*-------------------------------------------------------------------------
 *
 * normalise.h
 *		One way of writing a personal value, for comparing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_NORMALISE_H
#define OUTBREAK_NORMALISE_H

/*
 * The value as outbreak.normalise(value, purpose) gives it, palloc'd and not
 * ended by a zero byte; its length goes to *normalised_length.
 */
extern char *ob_registry_normalise(const char *value, size_t length,
								   const char *purpose, size_t purpose_length,
								   size_t *normalised_length);

#endif							/* OUTBREAK_NORMALISE_H */
