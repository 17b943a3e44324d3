/*-------------------------------------------------------------------------
 *
 * messaging_payload.c
 *	  Fuzz target of texts and bodies of requests; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/messaging_payload.c src/messaging/payload_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/messaging_payload.c src/messaging/payload_kernel.c -o fuzz && ./fuzz 1000000
 *
 * Promises that are tried on every input
 *	  Nothing is read out of bounds. Text inside of JSON closes no string and
 *	  holds no control character and no invalid UTF-8, and read back it is the
 *	  text, bytes that are no UTF-8 aside. Form values hold nothing but what
 *	  may stand there, and read back they are the text. No text becomes a header
 *	  of mail. A template is written whole or refused at a {{ . What a gateway
 *	  said comes out short, printable, and without @ and long numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "messaging/payload_kernel.h"

#include <string.h>

#include "fuzz.h"

static void *
grow(void *old, size_t size)
{
	void	   *new = realloc(old, size);

	PROMISE(new != NULL);
	return new;
}

static void
empty(Bytes *bytes)
{
	free(bytes->data);
	*bytes = (Bytes) {.grow = grow};
}

/* Reads the inside of a JSON string; returns the bytes of the text. */
static size_t
read_json(const Bytes *json, char *text)
{
	size_t		length = 0;

	for (size_t i = 0; i < json->length; i++)
	{
		unsigned char c = (unsigned char) json->data[i];

		PROMISE(c >= 0x20 && c != '"' && c != 0x7f);
		if (c != '\\')
		{
			text[length++] = (char) c;
			continue;
		}
		PROMISE(++i < json->length);
		switch (json->data[i])
		{
			case '"':
			case '\\':
				text[length++] = json->data[i];
				break;
			case 'n':
				text[length++] = '\n';
				break;
			case 'u':
				{
					char		digits[5] = {0};

					PROMISE(i + 4 < json->length);
					memcpy(digits, json->data + i + 1, 4);
					text[length++] = (char) strtol(digits, NULL, 16);
					i += 4;
					break;
				}
			default:
				PROMISE(!"an escape that is none");
		}
	}
	return length;
}

static bool
is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char) text[i] >= 0x80)
			return false;
	return true;
}

static void
try_json(const char *text, size_t length)
{
	Bytes		json = {.grow = grow};
	Bytes		again = {.grow = grow};
	char	   *back = malloc(6 * length + 1);
	size_t		back_length;

	ob_messaging_add_json(&json, text, length);
	back_length = read_json(&json, back);
	if (is_ascii(text, length))
		PROMISE(back_length == length && memcmp(back, text, length) == 0);
	/* what is valid already stays as it is */
	ob_messaging_add_json(&again, back, back_length);
	PROMISE(again.length == json.length && (json.length == 0 || memcmp(again.data, json.data, json.length) == 0));
	empty(&json);
	empty(&again);
	free(back);
}

static void
try_form(const char *text, size_t length)
{
	Bytes		form = {.grow = grow};
	size_t		at = 0;

	ob_messaging_add_form(&form, text, length);
	for (size_t i = 0; i < form.length; i++, at++)
	{
		char		c = form.data[i];

		PROMISE(at < length && c != '&' && c != '=' && c != '+' && (unsigned char) c > ' ' && (unsigned char) c < 0x7f);
		if (c == '%')
		{
			char		digits[3] = {form.data[i + 1], form.data[i + 2], '\0'};

			c = (char) strtol(digits, NULL, 16);
			i += 2;
		}
		PROMISE(c == text[at]);
	}
	PROMISE(at == length);
	empty(&form);
}

static bool
value(void *argument, const char *name, size_t name_length, const char **its, size_t *its_length)
{
	PROMISE(name_length > 0);
	*its = argument;
	*its_length = strlen(argument);
	return name[0] != 'x';
}

static void
try_template(const char *text, size_t length)
{
	Bytes		bytes = {.grow = grow};
	size_t		fault = 0;
	bool		written = ob_messaging_render(&bytes, text, length, length % 2, value, "\"{{a}}\"", &fault);

	if (!written)
		PROMISE(fault + 1 < length && text[fault] == '{' && text[fault + 1] == '{');
	else if (memchr(text, '{', length) == NULL)
		PROMISE(bytes.length == length && (length == 0 || memcmp(bytes.data, text, length) == 0));
	empty(&bytes);
}

static void
try_bodies(const char *text)
{
	Letter		letter = {.id = "key", .to = text, .from = text, .subject = text, .text = text, .date = "date"};
	const char *to[2] = {text, text};
	Bytes		bytes = {.grow = grow};
	char	   *end;

	ob_messaging_line_body(&bytes, &letter, to, 2, true);
	PROMISE(bytes.data[0] == '{' && bytes.data[bytes.length - 1] == '}' && strlen(bytes.data) == bytes.length);
	empty(&bytes);
	ob_messaging_json_body(&bytes, &letter);
	PROMISE(strlen(bytes.data) == bytes.length);
	empty(&bytes);
	ob_messaging_twilio_body(&bytes, &letter);
	PROMISE(strlen(bytes.data) == bytes.length);
	empty(&bytes);
	ob_messaging_mail_body(&bytes, &letter);
	/* eleven headers, some of them folded, and none that the text made */
	end = strstr(bytes.data, "\r\n\r\n");
	PROMISE(end != NULL);
	for (char *line = bytes.data; line < end; line = strstr(line, "\r\n") + 2)
		PROMISE(*line == ' ' || memchr("DFTMSCA", *line, 7) != NULL);
	for (size_t i = 0; i < bytes.length; i++)
		PROMISE(bytes.data[i] != '\n' || (i > 0 && bytes.data[i - 1] == '\r'));
	empty(&bytes);
}

static void
try_redaction(const char *text, size_t length)
{
	char		into[64];
	size_t		written = ob_messaging_redact(text, length, into, sizeof(into));
	int			digits = 0;

	PROMISE(written < sizeof(into) && into[written] == '\0' && strlen(into) == written);
	for (size_t i = 0; i < written; i++)
	{
		unsigned char c = (unsigned char) into[i];

		PROMISE(c >= 0x20 && c != '@' && c != 0x7f);
		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		PROMISE(digits < 5);
	}
	PROMISE(ob_messaging_error_code(text, length) >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a copy of just this size lets the sanitizer see reads beyond it */
	char	   *text = malloc(size > 0 ? size : 1);
	char	   *string = calloc(1, size + 1);

	if (size > 0)
	{
		memcpy(text, data, size);
		memcpy(string, data, size);
	}
	try_json(text, size);
	try_form(text, size);
	try_template(text, size);
	try_bodies(string);
	try_redaction(text, size);
	PROMISE(!ob_messaging_is_line_user(string) || strlen(string) == 33);
	PROMISE(!ob_messaging_is_phone(string) || strspn(string, "+0123456789") == strlen(string));
	PROMISE(!ob_messaging_is_mail(string) || (strchr(string, '@') != NULL && strpbrk(string, " \r\n<>") == NULL));
	free(text);
	free(string);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	static const char *const parts[] = {"{{", "}}", "a", "x", "_.9", "\"", "\\", "\n", "\r\nBcc: a@b", "健康", "\xe5\x81", "\xff", "@", "U0123456789abcdef0123456789abcdef",
		"+81901234567", "{\"code\": 21610}", " ", "&=", "%", "\x01", "\x7f", "taro@example.jp", "12345"};
	long		runs = argc > 1 ? atol(argv[1]) : 1000;
	Bytes		mail = {.grow = grow};

	PROMISE(ob_messaging_is_line_user("U0123456789abcdef0123456789abcdef") && !ob_messaging_is_line_user("U0123456789ABCDEF0123456789abcdef"));
	PROMISE(ob_messaging_is_phone("+819012345678") && !ob_messaging_is_phone("090-1234-5678"));
	PROMISE(ob_messaging_is_mail("taro@example.jp") && !ob_messaging_is_mail("a@b@c") && !ob_messaging_is_mail("a b@c"));
	PROMISE(ob_messaging_error_code("{\"code\": 21610, \"x\": 1}", 23) == 21610 && ob_messaging_error_code("{}", 2) == 0);
	ob_messaging_add_base64(&mail, "foobar", 6);
	ob_messaging_add_base64(&mail, "foob", 4);
	ob_messaging_add_base64(&mail, "fooba", 5);
	PROMISE(strcmp(mail.data, "Zm9vYmFyZm9vYg==Zm9vYmE=") == 0);
	empty(&mail);
	srand(20210401);
	for (long run = 0; run < runs; run++)
	{
		char		text[512];
		size_t		length = 0;
		int			count = rand() % 12;

		for (int i = 0; i < count; i++)
		{
			const char *part = parts[rand() % (sizeof(parts) / sizeof(parts[0]))];

			memcpy(text + length, part, strlen(part));
			length += strlen(part);
		}
		if (length > 0 && rand() % 3 == 0)
			text[(size_t) rand() % length] = (char) rand();
		LLVMFuzzerTestOneInput((const uint8_t *) text, length);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
