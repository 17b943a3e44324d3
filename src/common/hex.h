/*-------------------------------------------------------------------------
 *
 * hex.h
 *		Hexadecimal digits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_HEX_H
#define OUTBREAK_HEX_H

/* The value of a hexadecimal digit of either case, or -1. */
static inline int
ob_common_hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

#endif							/* OUTBREAK_HEX_H */
