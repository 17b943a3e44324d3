/*-------------------------------------------------------------------------
 *
 * wide.h
 *	  Numbers wider than 64 bits, for comparisons that must be exact.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_WIDE_H
#define OB_ALLOCATION_WIDE_H

#include <stdint.h>

/* Aligned like everything else, since palloc() promises no more. */
typedef unsigned __int128 u128 __attribute__((aligned(8)));
typedef __int128 i128 __attribute__((aligned(8)));

/* The product of two 128-bit numbers. */
typedef struct Wide
{
	u128		high;
	u128		low;
} Wide;

static inline Wide
wide_multiply(u128 a, u128 b)
{
	uint64_t	a0 = (uint64_t) a;
	uint64_t	a1 = (uint64_t) (a >> 64);
	uint64_t	b0 = (uint64_t) b;
	uint64_t	b1 = (uint64_t) (b >> 64);
	u128		low = (u128) a0 * b0;
	u128		cross0 = (u128) a0 * b1;
	u128		cross1 = (u128) a1 * b0;
	u128		middle = (low >> 64) + (uint64_t) cross0 + (uint64_t) cross1;
	Wide		product;

	product.low = (middle << 64) | (uint64_t) low;
	product.high = (u128) a1 * b1 + (cross0 >> 64) + (cross1 >> 64) + (middle >> 64);
	return product;
}

/* Sign of a * b - c * d. */
static inline int
wide_compare_products(u128 a, u128 b, u128 c, u128 d)
{
	Wide		left;
	Wide		right;

	if (((a | b | c | d) >> 64) == 0)
	{
		a *= b;
		c *= d;
		return (a > c) - (a < c);
	}
	left = wide_multiply(a, b);
	right = wide_multiply(c, d);
	if (left.high != right.high)
		return left.high > right.high ? 1 : -1;
	return (left.low > right.low) - (left.low < right.low);
}

#endif							/* OB_ALLOCATION_WIDE_H */
