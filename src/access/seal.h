/*-------------------------------------------------------------------------
 *
 * seal.h
 *		Sealed values, for C that compares them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SEAL_H
#define OUTBREAK_SEAL_H

/*
 * Is this the value that was sealed for the purpose? Compares tags: nothing is
 * opened. What outbreak.seal_lookup() is in SQL. Raises OB021 without a usable
 * master key.
 */
extern bool ob_access_sealed_is(Datum sealed, const char *value, const char *purpose);

#endif							/* OUTBREAK_SEAL_H */
