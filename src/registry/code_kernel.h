/*-------------------------------------------------------------------------
 *
 * code_kernel.h
 *	  Reading, checking, writing and repairing the codes of the registry, in
 *	  plain C: no PostgreSQL header, no allocation, no global state.
 *
 * Vocabulary
 *	  institution code	 医療機関コード, ten digits:
 *						 prefecture 2, table (点数表) 1, district (郡市区) 2,
 *						 facility 4, check digit 1
 *	  municipality code	 全国地方公共団体コード, six digits:
 *						 prefecture 2 (JIS X 0401), municipality 3
 *						 (JIS X 0402), check digit 1
 *	  GTIN				 国際取引商品コード: 8, 12, 13 or 14 digits, of which the
 *						 last is a check digit; read as 14, with zeros before
 *	  SSCC				 出荷梱包シリアル番号: 18 digits, the last a check digit
 *	  table digit		 1 medical, 3 dental, 4 pharmacy, 6 visiting nurse,
 *						 9 provisional number given by our own registry
 *	  reading			 what was found in a text: its digits and its fault
 *
 * Invariants
 *	  A value is the code read as a decimal number.  A reading without fault
 *	  has a value that ob_registry_code_format() writes back to the same
 *	  digits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_REGISTRY_CODE_KERNEL_H
#define OB_REGISTRY_CODE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODE_INSTITUTION_DIGITS		10
#define CODE_MUNICIPALITY_DIGITS	6
#define CODE_GTIN_DIGITS			14
#define CODE_SSCC_DIGITS			18
#define CODE_MAX_DIGITS				CODE_SSCC_DIGITS

/* 9 other digits at 10 places, and 9 pairs of neighbours: of an institution code */
#define CODE_MAX_SUGGESTIONS		99

#define CODE_TABLE_MEDICAL			1
#define CODE_TABLE_PROVISIONAL		9

typedef enum CodeKind
{
	CODE_INSTITUTION,
	CODE_MUNICIPALITY,
	CODE_GTIN,
	CODE_SSCC
} CodeKind;

typedef enum CodeFault
{
	CODE_OK,
	CODE_BAD_CHARACTER,			/* a character that may not stand there */
	CODE_BAD_LENGTH,			/* too few or too many digits */
	CODE_BAD_RANGE,				/* a number with no such code (binary input) */
	CODE_BAD_PREFECTURE,		/* digits 1 and 2 are not 01 to 47 */
	CODE_BAD_TABLE,				/* digit 3 of an institution code */
	CODE_BAD_CHECK				/* last digit */
} CodeFault;

/* Flags of scanning */
#define CODE_UTF8			0x01	/* text is UTF-8: full-width forms count */
#define CODE_SEPARATORS		0x02	/* - , . and spaces may part the digits */

typedef struct CodeReading
{
	CodeFault	fault;
	uint8_t		digit[CODE_MAX_DIGITS]; /* the first digits found */
	int			count;			/* digits found, may exceed CODE_MAX_DIGITS */
	int			character;		/* BAD_CHARACTER: its position from 1 */
	int			offset;			/* BAD_CHARACTER: its byte offset */
	int			expected;		/* BAD_CHECK: the right check digit */
	int64_t		value;			/* OK: the code as a number */
} CodeReading;

/* Number of digits of a kind of code; the most that it has. */
extern int	ob_registry_code_length(CodeKind kind);

/*
 * Collect the digits of a text.  Spaces around them are skipped.  Sets count
 * and digit[], and the fault to OK or BAD_CHARACTER; judges nothing else.
 */
extern void ob_registry_code_scan(const char *text, size_t length, int flags,
								  CodeReading *reading);

/*
 * Judge scanned digits as a code of this kind: length, prefecture, table and
 * check digit, in this order.  Sets and returns the fault; sets the value when
 * there is none.  A fault that scanning found is kept.
 */
extern CodeFault ob_registry_code_judge(CodeKind kind, CodeReading *reading);

/* Scan and judge in one. */
extern CodeFault ob_registry_code_parse(CodeKind kind, const char *text,
										size_t length, int flags,
										CodeReading *reading);

/* Judge a number, as it comes from binary input. */
extern CodeFault ob_registry_code_from_value(CodeKind kind, int64_t value,
											 CodeReading *reading);

/* The check digit that belongs to the digits before the last one. */
extern int	ob_registry_code_check_digit(CodeKind kind, const uint8_t *digit);

/*
 * The check digit of GS1's keys (JIS X 0501): the digits, of which there are n,
 * count 3, 1, 3 from the right, and it fills their sum up to a multiple of 10.
 * "zero" is how the digit 0 is written: 0, or '0' in a text.
 */
extern int	ob_registry_code_gs1_check_digit(const uint8_t *digit, int n, uint8_t zero);

/*
 * Write the digits of a value, leading zeros included, without a final NUL.
 * "out" has room for ob_registry_code_length(kind) bytes.
 */
extern void ob_registry_code_format(CodeKind kind, int64_t value, char *out);

/*
 * All codes of this kind that one wrong digit or two swapped neighbours could
 * have turned into these digits, ascending and distinct; the digits alone when
 * they are a code already.  Returns how many; "codes" has room for
 * CODE_MAX_SUGGESTIONS. For institution and municipality codes.
 */
extern int	ob_registry_code_suggest(CodeKind kind, const uint8_t *digit,
									 int64_t *codes);

#endif							/* OB_REGISTRY_CODE_KERNEL_H */
