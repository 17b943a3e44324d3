/*-------------------------------------------------------------------------
 *
 * registry_gs1.c
 *	  How many GS1 element strings the kernel reads in a second of CPU: the
 *	  argument is how many times each is read; prints a rate for each.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/gs1_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	static const struct
	{
		const char *name;
		const char *scan;
	}			sample[] = {
		{"unit, raw (01)(17)(10)", "0114912345678901" "17250331" "10EK4241"},
		{"carton, GS1-128 (01)(17)(30)(10)", "]C10124912345678908" "17250331" "30195\x1D" "10EK4241"},
		{"unit, bracketed (01)(17)(10)", "(01)14912345678901(17)250331(10)EK4241"},
	};
	long		times = argc > 1 ? atol(argv[1]) : 1000000;

	for (size_t s = 0; s < sizeof(sample) / sizeof(sample[0]); s++)
	{
		size_t		length = strlen(sample[s].scan);
		double		start = cpu_seconds();
		long		read = 0;

		for (long i = 0; i < times; i++)
		{
			Gs1Reading	reading;

			read += ob_registry_gs1_read(sample[s].scan, length, 2021, &reading) == GS1_OK;
		}
		if (read != times)
			return 1;
		printf("registry_gs1: kernel, %s: %.1f million a second\n", sample[s].name, (double) times / (cpu_seconds() - start) / 1e6);
	}
	return 0;
}
