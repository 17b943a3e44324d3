/*-------------------------------------------------------------------------
 *
 * key.c
 *		Master keys, as outbreak.access_key_file holds them.
 *
 * The file has one key a line: its version (1 to 2147483647) and 64
 * hexadecimal digits. Lines that are empty or begin with # are skipped. The
 * highest version is the current one; older ones open what was wrapped with
 * them until access.rotate_keys() has been everywhere.
 *
 * Invariants
 *		A file that others than the server's user (or root) can write, or that
 *		anybody else can read, is refused as a whole. So is one with a line
 *		that is no key: a key that is skipped silently is a key that is lost.
 *		Keys that are no longer in use are cleansed. No message holds a byte
 *		of the file; its name goes into the server log alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/proc.h"
#include "utils/memutils.h"

#include "access/key.h"
#include "access/seal_kernel.h"
#include "common/compat.h"
#include "common/errors.h"
#include "common/hex.h"
#include "common/settings.h"

/* A file of keys is small; a larger one is not a file of keys. */
#define MAX_FILE_BYTES	65536
#define MAX_KEYS		256

typedef struct MasterKey
{
	int			version;
	unsigned char key[MASTER_KEY_BYTES];
} MasterKey;

/* The keys as they were read; count is 0 when nothing was. */
static MasterKey keys[MAX_KEYS];
static int	key_count = 0;
static struct stat read_from;	/* the file that they come from */
static char *read_name = NULL;
static uint64 readings = 0;
static LocalTransactionId looked_in = InvalidLocalTransactionId;

/* Forgets every key. */
static void
wipe_keys(void)
{
	OPENSSL_cleanse(keys, sizeof(keys));
	key_count = 0;
	looked_in = InvalidLocalTransactionId;
}

/* Raises OB021. What is wrong goes to the client, with the name of the file to the server log alone. */
static void
refuse_file(const char *problem)
{
	wipe_keys();
	ereport(ERROR,
			(errcode(ERRCODE_OB_NO_KEY),
			 errmsg("no usable master key"),
			 errdetail_internal("%s", problem),
			 errdetail_log("%s The file is \"%s\".", problem, ob_access_key_file),
			 errhint("outbreak.access_key_file names a file with one key a line: version and 64 hexadecimal digits.")));
}

/* Refuses a file whose keys others could know or exchange. */
static void
check_file(const struct stat *file)
{
	mode_t		allowed = S_IRUSR | S_IWUSR;

	if (!S_ISREG(file->st_mode))
		refuse_file("The key file is not a regular file.");
	if (file->st_uid != geteuid() && file->st_uid != 0)
		refuse_file("The key file belongs to another user than the one that the server runs as.");
	/* as with the key of the server's certificate: root may let the server's group read */
	if (file->st_uid == 0)
		allowed |= S_IRGRP;
	if ((file->st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) & ~allowed) != 0)
		refuse_file("Others than its owner can read or change the key file; its mode must be 0600 or 0400, or 0640 when it belongs to root.");
	if (file->st_size > MAX_FILE_BYTES)
		refuse_file("The key file is too large to be one.");
}

static bool
is_blank(char character)
{
	return character == ' ' || character == '\t';
}

/* Reads a line that is neither empty nor a comment; false when it is no key. */
static bool
read_line(const char *at, const char *end, MasterKey *into)
{
	int64		version = 0;

	while (at < end && *at >= '0' && *at <= '9' && version <= PG_INT32_MAX)
		version = version * 10 + (*at++ - '0');
	if (version < 1 || version > PG_INT32_MAX || at == end || !is_blank(*at))
		return false;
	into->version = (int) version;
	while (at < end && is_blank(*at))
		at++;
	if (end - at != 2 * MASTER_KEY_BYTES)
		return false;
	for (int i = 0; i < MASTER_KEY_BYTES; i++)
	{
		int			high = ob_common_hex_value(at[2 * i]);
		int			low = ob_common_hex_value(at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		into->key[i] = (unsigned char) (high << 4 | low);
	}
	return true;
}

/* Reads the text of the file into keys[]; returns what is wrong with it, or NULL. */
static char *
read_keys(const char *text, size_t length)
{
	const char *end = text + length;
	int			line = 0;

	key_count = 0;
	while (text < end)
	{
		const char *next = memchr(text, '\n', end - text);
		const char *stop = next != NULL ? next : end;

		line++;
		while (text < stop && is_blank(*text))
			text++;
		while (stop > text && (is_blank(stop[-1]) || stop[-1] == '\r'))
			stop--;
		if (text < stop && *text != '#')
		{
			if (key_count == MAX_KEYS)
				return psprintf("The key file has more than %d keys.", MAX_KEYS);
			if (!read_line(text, stop, &keys[key_count]))
				return psprintf("Line %d of the key file is not a version and 64 hexadecimal digits.", line);
			for (int i = 0; i < key_count; i++)
				if (keys[i].version == keys[key_count].version)
					return psprintf("Version %d stands in the key file twice.", keys[i].version);
			key_count++;
		}
		text = next != NULL ? next + 1 : end;
	}
	return key_count == 0 ? "The key file holds no key." : NULL;
}

/* Reads the whole file; on an error everything that was read is cleansed. */
static void
read_file(void)
{
	static char buffer[MAX_FILE_BYTES + 1];
	int			file = OpenTransientFile(ob_access_key_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	size_t		length = 0;
	ssize_t		got = 0;
	struct stat opened;
	char	   *problem;

	wipe_keys();
	if (file < 0)
		refuse_file(errno == ENOENT ? "The key file does not exist." :
					errno == EACCES ? "The server may not read the key file." :
					"The key file cannot be opened.");
	if (fstat(file, &opened) != 0)
		refuse_file("The key file cannot be read.");
	check_file(&opened);
	while (length < sizeof(buffer) && (got = read(file, buffer + length, sizeof(buffer) - length)) > 0)
		length += got;
	CloseTransientFile(file);

	problem = got < 0 ? "The key file cannot be read." :
		length > MAX_FILE_BYTES ? "The key file is too large to be one." :
		read_keys(buffer, length);
	OPENSSL_cleanse(buffer, sizeof(buffer));
	if (problem != NULL)
		refuse_file(problem);
	read_from = opened;
	readings++;
	if (read_name != NULL)
		pfree(read_name);
	read_name = MemoryContextStrdup(TopMemoryContext, ob_access_key_file);
}

/* Is it the file that the keys come from, unchanged? */
static bool
is_unchanged(const struct stat *file)
{
	return file->st_dev == read_from.st_dev && file->st_ino == read_from.st_ino &&
		file->st_size == read_from.st_size && file->st_mode == read_from.st_mode &&
		file->st_uid == read_from.st_uid &&
		file->st_mtim.tv_sec == read_from.st_mtim.tv_sec &&
		file->st_mtim.tv_nsec == read_from.st_mtim.tv_nsec &&
		file->st_ctim.tv_sec == read_from.st_ctim.tv_sec &&
		file->st_ctim.tv_nsec == read_from.st_ctim.tv_nsec;
}

/* Makes sure that keys[] is what the file holds, as of this transaction. */
static void
look(void)
{
	struct stat now;

	if (key_count > 0 && looked_in == OB_LOCAL_TRANSACTION && looked_in != InvalidLocalTransactionId)
		return;
	if (ob_access_key_file == NULL || ob_access_key_file[0] == '\0')
	{
		wipe_keys();
		ereport(ERROR,
				(errcode(ERRCODE_OB_NO_KEY),
				 errmsg("no usable master key"),
				 errdetail("outbreak.access_key_file is not set."),
				 errhint("outbreak.access_key_file names a file with one key a line: version and 64 hexadecimal digits.")));
	}
	if (key_count == 0 || read_name == NULL || strcmp(read_name, ob_access_key_file) != 0 ||
		stat(ob_access_key_file, &now) != 0 || !is_unchanged(&now))
		read_file();
	looked_in = OB_LOCAL_TRANSACTION;
}

void
ob_access_master_look_again(void)
{
	looked_in = InvalidLocalTransactionId;
}

/* The key of that version, or NULL. Before a version is called missing, the file is looked at again. */
static const MasterKey *
find_key(int version)
{
	for (int round = 0; round < 2; round++)
	{
		look();
		for (int i = 0; i < key_count; i++)
			if (keys[i].version == version)
				return &keys[i];
		ob_access_master_look_again();
	}
	return NULL;
}

int
ob_access_master_version(void)
{
	int			newest = 0;

	look();
	for (int i = 0; i < key_count; i++)
		newest = Max(newest, keys[i].version);
	return newest;
}

uint64
ob_access_master_reading(void)
{
	look();
	return readings;
}

bool
ob_access_master_known(int version)
{
	return find_key(version) != NULL;
}

void
ob_access_master_key(int version, unsigned char key[MASTER_KEY_BYTES])
{
	const MasterKey *found = find_key(version);

	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OB_NO_KEY),
				 errmsg("no usable master key"),
				 errdetail("The key file does not hold version %d.", version),
				 errhint("A version stays in the file until access.rotate_keys() has returned 0.")));
	memcpy(key, found->key, MASTER_KEY_BYTES);
}

void
ob_access_derive(int version, const char *label, unsigned char out[MASTER_KEY_BYTES])
{
	unsigned char key[MASTER_KEY_BYTES];
	bool		done;

	ob_access_master_key(version, key);
	done = ob_access_hkdf(key, sizeof(key), NULL, 0,
						  (const uint8_t *) label, strlen(label), out, MASTER_KEY_BYTES);
	OPENSSL_cleanse(key, sizeof(key));
	if (!done)
		elog(ERROR, "OpenSSL could not derive a key");
}
