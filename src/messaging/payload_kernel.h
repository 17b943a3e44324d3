/*-------------------------------------------------------------------------
 *
 * payload_kernel.h
 *		Texts of messages, and what is sent to a gateway for them.
 *
 * Plain C, no PostgreSQL: memory comes through the caller's function, so that
 * it can be tried without a server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_MESSAGING_PAYLOAD_KERNEL_H
#define OUTBREAK_MESSAGING_PAYLOAD_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. "grow" gives memory of that size with the old contents, or does not come back. */
typedef struct Bytes
{
	char	   *data;			/* NUL-terminated once anything was added */
	size_t		length;
	size_t		room;
	void	   *(*grow) (void *old, size_t size);
} Bytes;

extern void ob_messaging_add(Bytes *bytes, const char *data, size_t length);
extern void ob_messaging_add_text(Bytes *bytes, const char *text);

/* Adds text as the inside of a JSON string. Valid UTF-8 stays; bytes that are none become U+FFFD. */
extern void ob_messaging_add_json(Bytes *bytes, const char *text, size_t length);

/* Adds text as a value of application/x-www-form-urlencoded. */
extern void ob_messaging_add_form(Bytes *bytes, const char *text, size_t length);

/* Adds base64, without line breaks. */
extern void ob_messaging_add_base64(Bytes *bytes, const void *data, size_t length);

/*
 * Writes a template: {{name}} is replaced by what "value" gives for the name;
 * inside of JSON (escaped) its characters are escaped. False when "value"
 * knows no such name, or a {{ is not closed by }} around a name of letters,
 * digits, "_" and "."; *fault is where then.
 */
typedef bool (*ParameterValue) (void *argument, const char *name, size_t name_length, const char **value, size_t *length);
extern bool ob_messaging_render(Bytes *bytes, const char *template, size_t length, bool escaped,
								ParameterValue value, void *argument, size_t *fault);

/* Finds the next placeholder from *at on: its name, and *at behind it. False when there is none, or a wrong one (*fault). */
extern bool ob_messaging_next_placeholder(const char *template, size_t length, size_t *at, size_t *begins,
										  const char **name, size_t *name_length, bool *fault);

/* What a message is made of. NULL: it has none. */
typedef struct Letter
{
	const char *id;				/* key as text */
	const char *to;
	const char *from;
	const char *subject;
	const char *text;
	const char *buttons;		/* JSON array of {"label", "data"} as LINE wants them (see SQL), or NULL */
	const char *date;			/* of mail, RFC 5322 */
} Letter;

/* Bodies of requests; many: of a multicast, else of a push to the first. */
extern void ob_messaging_line_body(Bytes *bytes, const Letter *letter, const char *const *to, size_t count, bool many);
extern void ob_messaging_json_body(Bytes *bytes, const Letter *letter);
extern void ob_messaging_twilio_body(Bytes *bytes, const Letter *letter);
extern void ob_messaging_mail_body(Bytes *bytes, const Letter *letter);

/* Could it be the user ID of LINE, a number in E.164, a mail address: nothing else is put into a request. */
extern bool ob_messaging_is_line_user(const char *text);
extern bool ob_messaging_is_phone(const char *text);
extern bool ob_messaging_is_mail(const char *text);

/*
 * What a gateway said, for a row that everybody may read: printable, at most
 * "most" bytes, and without anything that may be an address: words with @,
 * LINE user IDs, and runs of five or more digits become "…".
 */
extern size_t ob_messaging_redact(const char *text, size_t length, char *into, size_t most);

/* The number behind "code": in a JSON object, 0 when there is none. */
extern int	ob_messaging_error_code(const char *text, size_t length);

#endif							/* OUTBREAK_MESSAGING_PAYLOAD_KERNEL_H */
