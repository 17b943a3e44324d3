/*-------------------------------------------------------------------------
 *
 * secret.h
 *		Secrets of gateways, as outbreak.messaging_secret_file holds them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_SECRET_H
#define OUTBREAK_MESSAGING_SECRET_H

#define SECRET_NAME_MAX		40
#define SECRET_VALUE_MAX	4096

/*
 * The secret of that name, read from the file now, as a palloc'd string that
 * the caller cleanses (OPENSSL_cleanse) and frees. Raises OB113 when there is
 * no such file or name, or others can read the file; with missing_ok NULL for
 * a name that is not in it.
 */
extern char *ob_messaging_secret(const char *name, bool missing_ok);

#endif							/* OUTBREAK_MESSAGING_SECRET_H */
