/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *		What every fuzz target has: its entry point, and a promise that ends the
 *		run when it is broken.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_FUZZ_H
#define OUTBREAK_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PROMISE(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif							/* OUTBREAK_FUZZ_H */
