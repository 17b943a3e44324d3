/*-------------------------------------------------------------------------
 *
 * payload_kernel.c
 *		Texts of messages, and what is sent to a gateway for them.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "messaging/payload_kernel.h"

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

/* ---- bytes that grow -------------------------------------------------- */

/* Room for so many more bytes and a NUL. */
static void
reserve(Bytes *bytes, size_t more)
{
	size_t		needed = bytes->length + more + 1;

	if (needed <= bytes->room)
		return;
	if (bytes->room < 64)
		bytes->room = 64;
	while (bytes->room < needed)
		bytes->room *= 2;
	bytes->data = bytes->grow(bytes->data, bytes->room);
}

void
ob_messaging_add(Bytes *bytes, const char *data, size_t length)
{
	reserve(bytes, length);
	if (length > 0)
		memcpy(bytes->data + bytes->length, data, length);
	bytes->length += length;
	bytes->data[bytes->length] = '\0';
}

void
ob_messaging_add_text(Bytes *bytes, const char *text)
{
	ob_messaging_add(bytes, text, strlen(text));
}

/* ---- ways of writing text --------------------------------------------- */

/* Bytes of the UTF-8 character at "at"; 0 when there is none. */
static size_t
character(const unsigned char *at, size_t left)
{
	size_t		bytes = at[0] < 0x80 ? 1 : at[0] >= 0xc2 && at[0] < 0xe0 ? 2 : at[0] >= 0xe0 && at[0] < 0xf0 ? 3 :
		at[0] >= 0xf0 && at[0] < 0xf5 ? 4 : 0;

	if (bytes == 0 || bytes > left)
		return 0;
	for (size_t i = 1; i < bytes; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) ||
		(at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90))
		return 0;
	return bytes;
}

void
ob_messaging_add_json(Bytes *bytes, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *) text;
	size_t		i = 0;

	while (i < length)
	{
		size_t		n = character(at + i, length - i);

		if (n == 0)
		{
			ob_messaging_add(bytes, "\xef\xbf\xbd", 3);
			i++;
			continue;
		}
		if (at[i] == '"' || at[i] == '\\')
		{
			char		escape[2] = {'\\', (char) at[i]};

			ob_messaging_add(bytes, escape, 2);
		}
		else if (at[i] == '\n')
			ob_messaging_add(bytes, "\\n", 2);
		else if (at[i] < 0x20 || at[i] == 0x7f)
		{
			char		escape[6] = {'\\', 'u', '0', '0', hex_digits[at[i] >> 4], hex_digits[at[i] & 15]};

			ob_messaging_add(bytes, escape, 6);
		}
		else
			ob_messaging_add(bytes, text + i, n);
		i += n;
	}
}

void
ob_messaging_add_form(Bytes *bytes, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~')
			ob_messaging_add(bytes, text + i, 1);
		else
		{
			char		escape[3] = {'%', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};

			ob_messaging_add(bytes, escape, 3);
		}
	}
}

void
ob_messaging_add_base64(Bytes *bytes, const void *data, size_t length)
{
	const unsigned char *at = data;

	for (size_t i = 0; i < length; i += 3)
	{
		size_t		n = length - i < 3 ? length - i : 3;
		uint32_t	group = (uint32_t) at[i] << 16 | (n > 1 ? (uint32_t) at[i + 1] << 8 : 0) | (n > 2 ? at[i + 2] : 0);
		char		out[4] = {
			base64_digits[group >> 18], base64_digits[group >> 12 & 63],
			n > 1 ? base64_digits[group >> 6 & 63] : '=', n > 2 ? base64_digits[group & 63] : '='
		};

		ob_messaging_add(bytes, out, 4);
	}
}

/* ---- templates -------------------------------------------------------- */

static bool
is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

bool
ob_messaging_next_placeholder(const char *template, size_t length, size_t *at, size_t *begins,
							  const char **name, size_t *name_length, bool *fault)
{
	size_t		i = *at;
	size_t		from;

	*fault = false;
	while (i + 1 < length && !(template[i] == '{' && template[i + 1] == '{'))
		i++;
	if (i + 1 >= length)
		return false;
	*begins = i;
	from = i + 2;
	for (i = from; i < length && is_name_character(template[i]);)
		i++;
	if (i == from || i + 1 >= length || template[i] != '}' || template[i + 1] != '}')
	{
		*fault = true;
		return false;
	}
	*name = template + from;
	*name_length = i - from;
	*at = i + 2;
	return true;
}

bool
ob_messaging_render(Bytes *bytes, const char *template, size_t length, bool escaped,
					ParameterValue value, void *argument, size_t *fault)
{
	size_t		at = 0;
	size_t		from = 0;
	size_t		begins;
	const char *name;
	size_t		name_length;
	bool		wrong;

	while (ob_messaging_next_placeholder(template, length, &at, &begins, &name, &name_length, &wrong))
	{
		const char *its;
		size_t		its_length;

		ob_messaging_add(bytes, template + from, begins - from);
		if (!value(argument, name, name_length, &its, &its_length))
		{
			*fault = begins;
			return false;
		}
		if (escaped)
			ob_messaging_add_json(bytes, its, its_length);
		else
			ob_messaging_add(bytes, its, its_length);
		from = at;
	}
	if (wrong)
	{
		*fault = begins;
		return false;
	}
	ob_messaging_add(bytes, template + from, length - from);
	return true;
}

/* ---- bodies of requests ----------------------------------------------- */

static void
add_member(Bytes *bytes, const char *name, const char *value, bool first)
{
	if (!first)
		ob_messaging_add_text(bytes, ",");
	ob_messaging_add_text(bytes, "\"");
	ob_messaging_add_text(bytes, name);
	ob_messaging_add_text(bytes, "\":\"");
	ob_messaging_add_json(bytes, value, strlen(value));
	ob_messaging_add_text(bytes, "\"");
}

void
ob_messaging_line_body(Bytes *bytes, const Letter *letter, const char *const *to, size_t count, bool many)
{
	if (!many)
	{
		ob_messaging_add_text(bytes, "{");
		add_member(bytes, "to", to[0], true);
	}
	else
	{
		ob_messaging_add_text(bytes, "{\"to\":[");
		for (size_t i = 0; i < count; i++)
		{
			ob_messaging_add_text(bytes, i > 0 ? ",\"" : "\"");
			ob_messaging_add_json(bytes, to[i], strlen(to[i]));
			ob_messaging_add_text(bytes, "\"");
		}
		ob_messaging_add_text(bytes, "]");
	}
	ob_messaging_add_text(bytes, ",\"messages\":[{\"type\":\"text\"");
	add_member(bytes, "text", letter->text, false);
	if (letter->buttons != NULL)
	{
		ob_messaging_add_text(bytes, ",\"quickReply\":{\"items\":");
		ob_messaging_add_text(bytes, letter->buttons);
		ob_messaging_add_text(bytes, "}");
	}
	ob_messaging_add_text(bytes, "}]}");
}

void
ob_messaging_json_body(Bytes *bytes, const Letter *letter)
{
	ob_messaging_add_text(bytes, "{");
	add_member(bytes, "id", letter->id, true);
	add_member(bytes, "to", letter->to, false);
	if (letter->from != NULL)
		add_member(bytes, "from", letter->from, false);
	if (letter->subject != NULL)
		add_member(bytes, "subject", letter->subject, false);
	add_member(bytes, "text", letter->text, false);
	ob_messaging_add_text(bytes, "}");
}

static void
add_field(Bytes *bytes, const char *name, const char *value, bool first)
{
	if (!first)
		ob_messaging_add_text(bytes, "&");
	ob_messaging_add_text(bytes, name);
	ob_messaging_add_text(bytes, "=");
	ob_messaging_add_form(bytes, value, strlen(value));
}

void
ob_messaging_twilio_body(Bytes *bytes, const Letter *letter)
{
	add_field(bytes, "To", letter->to, true);
	if (letter->from != NULL)
		add_field(bytes, "From", letter->from, false);
	add_field(bytes, "Body", letter->text, false);
}

/* A header with a text of any language: encoded words of up to 45 bytes, cut between characters. */
static void
add_header_text(Bytes *bytes, const char *text)
{
	size_t		length = strlen(text);
	size_t		at = 0;

	while (at < length)
	{
		size_t		end = at;

		while (end < length)
		{
			size_t		n = character((const unsigned char *) text + end, length - end);

			if (n == 0)
				n = 1;
			if (end + n - at > 45)
				break;
			end += n;
		}
		if (at > 0)
			ob_messaging_add_text(bytes, "\r\n ");
		ob_messaging_add_text(bytes, "=?UTF-8?B?");
		ob_messaging_add_base64(bytes, text + at, end - at);
		ob_messaging_add_text(bytes, "?=");
		at = end;
	}
}

/* Adds what can stand in a header as it is: no line of its own can be smuggled in. */
static void
add_header_plain(Bytes *bytes, const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char) *text > 0x20 && *text != 0x7f)
			ob_messaging_add(bytes, text, 1);
}

void
ob_messaging_mail_body(Bytes *bytes, const Letter *letter)
{
	size_t		length = strlen(letter->text);

	ob_messaging_add_text(bytes, "Date: ");
	ob_messaging_add_text(bytes, letter->date != NULL ? letter->date : "");
	ob_messaging_add_text(bytes, "\r\nFrom: <");
	add_header_plain(bytes, letter->from != NULL ? letter->from : "");
	ob_messaging_add_text(bytes, ">\r\nTo: <");
	add_header_plain(bytes, letter->to);
	/* the receiver knows a repeated message by it */
	ob_messaging_add_text(bytes, ">\r\nMessage-ID: <");
	add_header_plain(bytes, letter->id);
	ob_messaging_add_text(bytes, "@outbreak>\r\nSubject: ");
	add_header_text(bytes, letter->subject != NULL ? letter->subject : "");
	ob_messaging_add_text(bytes, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
						  "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
	for (size_t at = 0; at < length; at += 57)
	{
		ob_messaging_add_base64(bytes, letter->text + at, length - at < 57 ? length - at : 57);
		ob_messaging_add_text(bytes, "\r\n");
	}
}

/* ---- addresses -------------------------------------------------------- */

bool
ob_messaging_is_line_user(const char *text)
{
	if (text[0] != 'U')
		return false;
	for (int i = 1; i <= 32; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	return text[33] == '\0';
}

bool
ob_messaging_is_phone(const char *text)
{
	size_t		digits = 0;

	if (*text == '+')
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		digits++;
	return *text == '\0' && digits >= 5 && digits <= 15;
}

bool
ob_messaging_is_mail(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL || strlen(text) > 254)
		return false;
	for (; *text != '\0'; text++)
		if ((unsigned char) *text <= 0x20 || *text == 0x7f || strchr("<>,;:\\\"()[]", *text) != NULL)
			return false;
	return true;
}

/* ---- what a gateway said ---------------------------------------------- */

static bool
is_word(char c)
{
	return (unsigned char) c > 0x20 && (unsigned char) c < 0x7f && strchr("\"',;<>()[]{}", c) == NULL;
}

/* May this word be an address? */
static bool
is_telling(const char *word, size_t length)
{
	size_t		digits = 0;
	size_t		hex = 0;

	for (size_t i = 0; i < length; i++)
	{
		char		c = word[i];

		if (c == '@')
			return true;
		digits = c >= '0' && c <= '9' ? digits + 1 : c == '-' || c == '.' ? digits : 0;
		hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ? hex + 1 : 0;
		if (digits >= 5 || hex >= 16)
			return true;
	}
	return false;
}

size_t
ob_messaging_redact(const char *text, size_t length, char *into, size_t most)
{
	size_t		written = 0;
	size_t		i = 0;

	while (i < length && written + 4 < most)
	{
		size_t		end = i;

		while (end < length && is_word(text[end]))
			end++;
		if (end == i)
		{
			/* other characters: a blank for each run */
			char		c = (unsigned char) text[i] >= 0x20 && (unsigned char) text[i] < 0x7f ? text[i] : ' ';

			if (!(c == ' ' && (written == 0 || into[written - 1] == ' ')))
				into[written++] = c;
			i++;
		}
		else
		{
			bool		hidden = is_telling(text + i, end - i);
			size_t		n = end - i;

			if (hidden)
			{
				memcpy(into + written, "\xe2\x80\xa6", 3);
				written += 3;
			}
			else
			{
				if (n > most - 1 - written)
					n = most - 1 - written;
				memcpy(into + written, text + i, n);
				written += n;
			}
			i = end;
		}
	}
	while (written > 0 && into[written - 1] == ' ')
		written--;
	into[written] = '\0';
	return written;
}

int
ob_messaging_error_code(const char *text, size_t length)
{
	for (size_t i = 0; i + 6 < length; i++)
	{
		int			number = 0;
		size_t		at = i + 6;

		if (memcmp(text + i, "\"code\"", 6) != 0)
			continue;
		while (at < length && (text[at] == ' ' || text[at] == ':'))
			at++;
		for (; at < length && text[at] >= '0' && text[at] <= '9' && number < 100000; at++)
			number = number * 10 + (text[at] - '0');
		return number;
	}
	return 0;
}
