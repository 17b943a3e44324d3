/*-------------------------------------------------------------------------
 *
 * gs1_kernel.h
 *	  Reading GS1 element strings, as scanners send them and as people write
 *	  them, in plain C: no PostgreSQL header, no allocation, no global state.
 *
 * Vocabulary
 *	  element		an AI with its value
 *	  raw form		what a scanner sends: AIs and values without brackets; FNC1,
 *					sent as GS (0x1D), ends a value that has no predefined length
 *	  bracketed		what is printed below a symbol: (01)04912345678904(10)AB12; an
 *					opening bracket inside a value is written \(
 *	  symbology identifier	what some scanners send before the data: ]C1 GS1-128,
 *					]d2 GS1 DataMatrix, ]Q3 GS1 QR code, ]e0 GS1 DataBar and
 *					composites, ]J1 GS1 DotCode; ]E0, ]E4, ]I1 for a bare GTIN of
 *					13, 8 or 14 digits
 *	  association	what must stand, or must not, beside an AI
 *
 * Invariants
 *	  A reading without fault has at least one element; every value fits its
 *	  AI, every association holds, and no AI has two values. Values point into
 *	  the text, or into the reading.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_REGISTRY_GS1_KERNEL_H
#define OB_REGISTRY_GS1_KERNEL_H

#include <stddef.h>

#include "registry/gs1_table.h"

#define GS1_FNC1			0x1D
#define GS1_MAX_ELEMENTS	64
#define GS1_MAX_VALUE		90

typedef enum Gs1Fault
{
	GS1_OK,
	GS1_EMPTY,					/* no element at all */
	GS1_BAD_SYMBOLOGY,			/* ] and two characters that are no GS1 symbology */
	GS1_BAD_GTIN_LENGTH,		/* behind ]E0, ]E4, ]I1; number: digits wanted */
	GS1_NO_BRACKET,				/* bracketed form, but no AI in brackets here */
	GS1_UNKNOWN_AI,				/* number: as far as it was read; -1: not even two
								 * digits */
	GS1_TOO_SHORT,				/* of the value */
	GS1_TOO_LONG,
	GS1_BAD_CHARACTER,
	GS1_BAD_CONTENT,			/* the check of the component; number: the check digit */
	GS1_MISSING,				/* what "needs" says */
	GS1_EXCLUDED,				/* number: the AI that must not be there */
	GS1_UNSERIALISED,			/* a key without serial number beside (8030) */
	GS1_REPEATED,				/* with another value */
	GS1_TOO_MANY
} Gs1Fault;

typedef struct Gs1Element
{
	const Gs1Ai *ai;
	int			number;			/* the AI; of its family */
	int			at;				/* offset of the AI, or of its bracket */
	const char *value;			/* as written: brackets are still escaped */
	int			length;			/* of that, in bytes */
	bool		escaped;		/* has escapes */
} Gs1Element;

typedef struct Gs1Reading
{
	Gs1Fault	fault;
	int			offset;			/* of the fault, in bytes */
	int			number;			/* see Gs1Fault */
	Gs1Check	check;			/* BAD_CONTENT: what did not hold */
	Gs1Set		set;			/* BAD_CHARACTER: of which the character is not */
	const Gs1Ai *ai;			/* where the fault lies; or NULL */
	int			ai_number;
	bool		bracketed;		/* the form */
	int			count;
	Gs1Element	element[GS1_MAX_ELEMENTS];
	char		gtin[14];		/* value of a bare GTIN, with zeros before */
} Gs1Reading;

/*
 * Read an element string in either form. "year" is the present one: it decides
 * the century of dates, and so whether 29 February is one. Spaces, line ends
 * and FNC1 around the whole are skipped.
 */
extern Gs1Fault ob_registry_gs1_read(const char *text, size_t length, int year, Gs1Reading *reading);

/*
 * Copy a value without its escapes; "out" has room for the length of the
 * element. Returns the length of the copy.
 */
extern int	ob_registry_gs1_value(const Gs1Element *element, char *out);

/* The element of an AI, or NULL. */
extern const Gs1Element *ob_registry_gs1_find(const Gs1Reading *reading, int number);

/* The year of two digits, less than 51 years after and at most 49 before the present one. */
extern int	ob_registry_gs1_year(int two_digits, int year);

/* How many days a month has. */
extern int	ob_registry_gs1_days(int year, int month);

/* Judge a component's content; sets *expected to the right check digit. In gs1_check.c. */
extern bool ob_registry_gs1_check(Gs1Check check, const char *value, int length, int year, int *expected);

/* For each character the sets that it is of, a bit each. */
extern const uint8_t ob_registry_gs1_sets[256];

static inline bool
gs1_in_set(Gs1Set set, unsigned char character)
{
	return (ob_registry_gs1_sets[character] >> set) & 1;
}

#endif							/* OB_REGISTRY_GS1_KERNEL_H */
