/*-------------------------------------------------------------------------
 *
 * release_moves.c
 *		The moves on which the protection of a series rests, as bytes.
 *
 * Atoms have no names, and the next release counts more of them in more cells.
 * What stays is in which of the cells released so far an atom counts, so an
 * atom is written as a signature: the sum of a hash over the names of its
 * cells. The next release sums over the cells that it knows from before. Where
 * several atoms have one signature now, the largest stands for it. Signatures
 * that collide do no harm: a move is tried before it is used.
 *
 * Format, in network byte order: int32 number of signatures, int64 each; int32
 * number of numbers, int32 each, as in SuppressMoves with the place of a
 * signature for an atom.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "access/suppress.h"
#include "common/compat.h"

typedef struct Signature
{
	uint64		hash;
	int			atom;
	int64		value;
} Signature;

/* The signature of each atom over the cells in known, or over all of them. */
static uint64 *
sign_atoms(const Figures *figures, const bool *known)
{
	uint64	   *hash = MemoryContextAllocHuge(figures->context, sizeof(uint64) * Max(figures->ncells, 1));
	uint64	   *signature = MemoryContextAllocHuge(figures->context, sizeof(uint64) * Max(figures->natoms, 1));

	for (int c = 0; c < figures->ncells; c++)
		hash[c] = known == NULL || known[c]
			? hash_bytes_extended((const unsigned char *) figures->name[c], strlen(figures->name[c]), 0)
			: 0;
	for (int a = 0; a < figures->natoms; a++)
	{
		signature[a] = 0;
		for (int64_t l = figures->first[a]; l < figures->first[a + 1]; l++)
			signature[a] += hash[figures->cell[l]];
	}
	pfree(hash);
	return signature;
}

/*
 * Goes through the numbers of moves; kind[i] says whether number i names an
 * atom. False where they are no moves.
 */
static bool
find_atoms(const int64_t *number, int64_t n, bool *names_atom)
{
	int64_t		i = 0;

	memset(names_atom, 0, n * sizeof(bool));
	while (i < n)
	{
		int64_t		steps = number[i++];

		for (; steps > 0; steps--)
		{
			int64_t		picks;

			if (n - i < 2)
				return false;
			picks = number[i + 1];
			i += 2;
			if (picks < 0 || picks > n - i)
				return false;
			while (picks-- > 0)
				names_atom[i++] = true;
		}
	}
	return true;
}

bytea *
ob_access_write_moves(const Figures *figures, const SuppressMoves *moves)
{
	uint64	   *signature = sign_atoms(figures, NULL);
	int		   *place = MemoryContextAllocHuge(figures->context, sizeof(int) * Max(figures->natoms, 1));
	bool	   *names_atom = MemoryContextAllocHuge(figures->context, Max(moves->n, 1));
	StringInfoData bytes;
	int			nplaces = 0;

	if (!find_atoms(moves->number, moves->n, names_atom))
		elog(ERROR, "moves of a release are malformed");
	for (int a = 0; a < figures->natoms; a++)
		place[a] = -1;
	for (int64_t i = 0; i < moves->n; i++)
		if (names_atom[i] && place[moves->number[i] / 2] < 0)
			place[moves->number[i] / 2] = nplaces++;

	pq_begintypsend(&bytes);
	pq_sendint32(&bytes, nplaces);
	for (int i = 0; i < nplaces; i++)
		pq_sendint64(&bytes, 0);
	for (int a = 0; a < figures->natoms; a++)
	{
		uint64		network = pg_hton64(signature[a]);

		if (place[a] >= 0)
			memcpy(bytes.data + VARHDRSZ + sizeof(int32) + place[a] * sizeof(uint64), &network, sizeof(network));
	}
	pq_sendint32(&bytes, (int32) moves->n);
	for (int64_t i = 0; i < moves->n; i++)
		pq_sendint32(&bytes, (int32) (names_atom[i] ? 2 * (int64_t) place[moves->number[i] / 2] + moves->number[i] % 2 : moves->number[i]));
	return pq_endtypsend(&bytes);
}

/* By signature; of equal ones the largest atom first, then the first one. */
static int
compare_signatures(const void *left, const void *right)
{
	const Signature *a = left;
	const Signature *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return (a->atom > b->atom) - (a->atom < b->atom);
}

/* The atom that stands for a signature, or -1. */
static int
find_signature(const Signature *signatures, int n, uint64 hash)
{
	int			low = 0;
	int			high = n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (signatures[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && signatures[low].hash == hash ? signatures[low].atom : -1;
}

SuppressMoves *
ob_access_read_moves(const Figures *figures, const bool *known, bytea *bytes)
{
	SuppressMoves *moves = MemoryContextAllocZero(figures->context, sizeof(SuppressMoves));
	Signature  *signatures = MemoryContextAllocHuge(figures->context, sizeof(Signature) * Max(figures->natoms, 1));
	uint64	   *signature = sign_atoms(figures, known);
	StringInfoData in;
	int		   *atom;
	bool	   *names_atom;
	int			nplaces;

	for (int a = 0; a < figures->natoms; a++)
	{
		signatures[a].hash = signature[a];
		signatures[a].atom = a;
		signatures[a].value = figures->value[a];
	}
	qsort(signatures, figures->natoms, sizeof(Signature), compare_signatures);
	CHECK_FOR_INTERRUPTS();

	initStringInfo(&in);
	appendBinaryStringInfo(&in, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	nplaces = pq_getmsgint(&in, 4);
	if (nplaces < 0 || nplaces > in.len / (int) sizeof(int64))
		elog(ERROR, "moves of a release are malformed");
	atom = MemoryContextAllocHuge(figures->context, sizeof(int) * Max(nplaces, 1));
	for (int i = 0; i < nplaces; i++)
		atom[i] = find_signature(signatures, figures->natoms, (uint64) pq_getmsgint64(&in));
	moves->n = pq_getmsgint(&in, 4);
	if (moves->n < 0 || moves->n > in.len / (int) sizeof(int32))
		elog(ERROR, "moves of a release are malformed");
	moves->number = MemoryContextAllocHuge(figures->context, sizeof(int64_t) * Max(moves->n, 1));
	for (int64_t i = 0; i < moves->n; i++)
		moves->number[i] = (int32) pq_getmsgint(&in, 4);
	pq_getmsgend(&in);

	names_atom = MemoryContextAllocHuge(figures->context, Max(moves->n, 1));
	if (!find_atoms(moves->number, moves->n, names_atom))
		elog(ERROR, "moves of a release are malformed");
	for (int64_t i = 0; i < moves->n; i++)
	{
		int64_t		number = moves->number[i];

		if (!names_atom[i])
			continue;
		if (number < 0 || number / 2 >= nplaces)
			elog(ERROR, "moves of a release are malformed");
		/* -1: a move with an atom that is no more is not tried */
		moves->number[i] = atom[number / 2] < 0 ? -1 : 2 * (int64_t) atom[number / 2] + number % 2;
	}
	return moves;
}
