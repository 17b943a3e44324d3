/*-------------------------------------------------------------------------
 *
 * gs1_table.h
 *	  The application identifiers of GS1 as data: what may stand behind each,
 *	  and beside what else.
 *
 * Vocabulary
 *	  AI		application identifier, 2 to 4 digits; here a number, which is
 *				unambiguous, since those of 2, 3 and 4 digits lie below 100,
 *				1000 and 10000
 *	  component	a part of a value: a set of characters, lengths, and a check of
 *				its content
 *	  predefined the value has a length that follows from the AI, so that none
 *				need be marked by a separator (FNC1)
 *
 * Source: GS1 General Specifications, release 25, chapters 3 and 7.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_REGISTRY_GS1_TABLE_H
#define OB_REGISTRY_GS1_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define GS1_COMPONENTS		6

typedef enum Gs1Set
{
	GS1_NO_SET,					/* no such component */
	GS1_DIGITS,					/* N */
	GS1_SET_82,					/* X */
	GS1_SET_39,					/* Y */
	GS1_SET_64					/* Z: base64 of file names and URLs */
} Gs1Set;

typedef enum Gs1Check
{
	GS1_ANY,
	GS1_CHECK_DIGIT,			/* mod 10 */
	GS1_CHECK_PAIR,				/* two characters, mod 1021 */
	GS1_PREFIX,					/* begins with a company prefix */
	GS1_DATE_OR_MONTH,			/* YYMMDD, DD may be 00 */
	GS1_DATE,					/* YYMMDD */
	GS1_LONG_DATE,				/* YYYYMMDD */
	GS1_TIME,					/* HHMM */
	GS1_HOUR,
	GS1_SIXTY,					/* minutes or seconds */
	GS1_YES_NO,					/* 0 or 1 */
	GS1_ZERO,					/* 0 */
	GS1_NOT_ZERO,
	GS1_NO_LEADING_ZERO,
	GS1_WINDING,				/* 0, 1 or 9 */
	GS1_SEX,					/* ISO/IEC 5218: 0, 1, 2 or 9 */
	GS1_PIECE_OF_TOTAL,
	GS1_POSITION_OF_TOTAL,		/* with a slash */
	GS1_HYPHEN,
	GS1_PERCENT,				/* percent-encoded */
	GS1_LATITUDE,
	GS1_LONGITUDE,
	GS1_MEDIA_TYPE,
	GS1_IMPORTER,
	GS1_BASE64					/* padding */
} Gs1Check;

typedef struct Gs1Component
{
	uint8_t		set;			/* Gs1Set */
	uint8_t		shortest;
	uint8_t		longest;
	uint8_t		check;			/* Gs1Check */
	bool		optional;		/* and all after it */
} Gs1Component;

typedef struct Gs1Ai
{
	int16_t		first;
	int16_t		last;			/* the same but for a family, as 3100 to 3105 */
	bool		predefined;
	Gs1Component component[GS1_COMPONENTS];
	const char *needs;			/* what must be there too: "," is or, "+" is and, "n"
								 * any digit; NULL: nothing */
	const char *excludes;		/* what else must not be there, joined by "," */
	const char *title;			/* data title */
} Gs1Ai;

/* How many digits an AI has that begins with these two, 0 to 99; 0: there is none. */
extern int	ob_registry_gs1_ai_length(int prefix);

/* The AI of this number, or NULL. */
extern const Gs1Ai *ob_registry_gs1_ai(int number);

/* The whole table, ascending, for those who want to see it all. */
extern const Gs1Ai *ob_registry_gs1_table(int *count);

#endif							/* OB_REGISTRY_GS1_TABLE_H */
