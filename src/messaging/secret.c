/*-------------------------------------------------------------------------
 *
 * secret.c
 *		Secrets of gateways, as outbreak.messaging_secret_file holds them.
 *
 * The file has one secret a line: its name, blanks, its value. Lines that are
 * empty or begin with # are skipped. It is read for each use, so that a secret
 * that was exchanged counts at once, and none lies in memory longer than it is
 * needed.
 *
 * Invariants
 *		A file that others than the server's user (or root) can read or write
 *		is refused. No message holds a secret; the name of the file goes into
 *		the server log alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "storage/fd.h"

#include "common/errors.h"
#include "common/settings.h"
#include "messaging/secret.h"

#define MAX_FILE_BYTES	65536

/* Raises OB113. What is wrong goes to the client, with the name of the file to the server log alone. */
static void
refuse(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_OB_NO_SECRET),
			 errmsg("no usable secret"),
			 errdetail_internal("%s", problem),
			 errdetail_log("%s The file is \"%s\".", problem, ob_messaging_secret_file),
			 errhint("outbreak.messaging_secret_file names a file with one secret a line: name and value.")));
}

/* Refuses a file whose secrets others could know or exchange. */
static void
check_file(int file)
{
	struct stat opened;
	mode_t		allowed = S_IRUSR | S_IWUSR;

	if (fstat(file, &opened) != 0 || !S_ISREG(opened.st_mode))
		refuse("The secret file is not a regular file.");
	if (opened.st_uid != geteuid() && opened.st_uid != 0)
		refuse("The secret file belongs to another user than the one that the server runs as.");
	if (opened.st_uid == 0)
		allowed |= S_IRGRP;
	if ((opened.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) & ~allowed) != 0)
		refuse("Others than its owner can read or change the secret file; its mode must be 0600 or 0400, or 0640 when it belongs to root.");
	if (opened.st_size > MAX_FILE_BYTES)
		refuse("The secret file is too large to be one.");
}

static bool
is_blank(char character)
{
	return character == ' ' || character == '\t' || character == '\r';
}

/* The value of the line with that name, within the text; NULL when there is none. */
static const char *
find(const char *text, const char *end, const char *name, size_t *length)
{
	size_t		name_length = strlen(name);

	while (text < end)
	{
		const char *next = memchr(text, '\n', end - text);
		const char *stop = next != NULL ? next : end;

		while (text < stop && is_blank(*text))
			text++;
		if ((size_t) (stop - text) > name_length && memcmp(text, name, name_length) == 0 && is_blank(text[name_length]))
		{
			text += name_length;
			while (text < stop && is_blank(*text))
				text++;
			while (stop > text && is_blank(stop[-1]))
				stop--;
			*length = stop - text;
			return text;
		}
		text = next != NULL ? next + 1 : end;
	}
	return NULL;
}

char *
ob_messaging_secret(const char *name, bool missing_ok)
{
	static char buffer[MAX_FILE_BYTES + 1];
	int			file;
	size_t		length = 0;
	ssize_t		got = 0;
	const char *value;
	size_t		value_length = 0;
	char	   *copy = NULL;

	if (ob_messaging_secret_file == NULL || ob_messaging_secret_file[0] == '\0')
		refuse("outbreak.messaging_secret_file is not set.");
	file = OpenTransientFile(ob_messaging_secret_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (file < 0)
		refuse(errno == ENOENT ? "The secret file does not exist." :
			   errno == EACCES ? "The server may not read the secret file." :
			   "The secret file cannot be opened.");
	check_file(file);
	while (length < sizeof(buffer) && (got = read(file, buffer + length, sizeof(buffer) - length)) > 0)
		length += got;
	CloseTransientFile(file);
	value = got < 0 || length > MAX_FILE_BYTES ? NULL : find(buffer, buffer + length, name, &value_length);
	if (value != NULL && value_length > 0 && value_length <= SECRET_VALUE_MAX && memchr(value, '\0', value_length) == NULL)
		copy = pnstrdup(value, value_length);
	OPENSSL_cleanse(buffer, sizeof(buffer));
	if (copy == NULL && !missing_ok)
		refuse(psprintf("The secret file has no line \"%s\".", name));
	return copy;
}
