/*-------------------------------------------------------------------------
 *
 * credential_codes.c
 *	  Fuzz target of base45, base64, chunks of health cards, JWS, deflate,
 *	  CBOR, COSE messages and tickets; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/credential_codes.c src/credential/base45_kernel.c src/credential/cbor_kernel.c src/credential/cose_kernel.c src/credential/deflate_kernel.c src/credential/jws_kernel.c src/credential/ticket_kernel.c -lz -lm -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/credential_codes.c src/credential/base45_kernel.c src/credential/cbor_kernel.c src/credential/cose_kernel.c src/credential/deflate_kernel.c src/credential/jws_kernel.c src/credential/ticket_kernel.c -lz -lm -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  Nothing is read or written out of bounds. What is encoded decodes to the
 *	  same; what decodes is the encoding of what it decodes to. What is packed
 *	  unpacks to the same, and never into more than the room for it (on every
 *	  eighth input). A checked
 *	  CBOR item is walked to its end by reading and by skipping alike. A
 *	  message that is read, written and read again is the same. A ticket that
 *	  is read is written as the same text.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "credential/base45_kernel.h"
#include "credential/cbor_kernel.h"
#include "credential/cose_kernel.h"
#include "credential/deflate_kernel.h"
#include "credential/jws_kernel.h"
#include "credential/ticket_kernel.h"

#include "fuzz.h"

#define MOST	4096

/* A copy of just this size lets the sanitizer see reads beyond it. */
static void *
copy_of(const void *data, size_t size)
{
	void	   *copy = malloc(size > 0 ? size : 1);

	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

static void
try_base45(const uint8_t *data, size_t size)
{
	size_t		length = ob_credential_base45_length(size);
	char	   *text = malloc(length + 1);
	uint8_t    *back = malloc(length / 3 * 2 + 1);
	size_t		n;
	size_t		at;

	ob_credential_base45_encode(data, size, text);
	PROMISE(ob_credential_base45_decode(text, length, back, &n, &at) == BASE45_OK);
	PROMISE(n == size && memcmp(back, data, size) == 0);
	free(text);
	free(back);

	text = copy_of(data, size);
	back = malloc(size / 3 * 2 + 1);
	if (ob_credential_base45_decode(text, size, back, &n, &at) == BASE45_OK)
	{
		char	   *again = malloc(ob_credential_base45_length(n) + 1);

		PROMISE(ob_credential_base45_length(n) == size);
		ob_credential_base45_encode(back, n, again);
		PROMISE(memcmp(again, text, size) == 0);
		free(again);
	}
	else
		PROMISE(at < size);
	free(text);
	free(back);
}

static void
try_base64(const uint8_t *data, size_t size)
{
	char	   *text = malloc(size * 4 / 3 + 4);
	size_t		length = ob_credential_base64url_encode(data, size, text);
	uint8_t    *back = malloc(size + 4);
	char	   *own = copy_of(data, size);
	size_t		n;

	PROMISE(length == (size * 4 + 2) / 3);
	PROMISE(ob_credential_base64url_decode(text, length, back, &n) && n == size && memcmp(back, data, size) == 0);
	if (ob_credential_base64url_decode(own, size, back, &n))
	{
		PROMISE(ob_credential_base64url_encode(back, n, text) == size && memcmp(text, own, size) == 0);
		PROMISE(ob_credential_base64_decode(own, size, back, &n));
	}
	free(text);
	free(back);
	free(own);
}

static void
try_card(const uint8_t *data, size_t size)
{
	char	   *text = copy_of(data, size);
	char	   *jws = malloc(size + 1);
	char	   *digits = malloc(2 * size + 8);
	size_t		length;
	JwsPart		part[3];

	ob_credential_json_is_tame(text, size);
	if (ob_credential_shc_read(text, size, jws, &length) == SHC_OK)
	{
		PROMISE(length <= size);
		if (ob_credential_jws_split(jws, length, part))
			PROMISE(part[0].length + part[1].length + part[2].length + 2 == length && part[0].text == jws);
	}
	memcpy(digits, "shc:/", 5);
	if (size > 0 && ob_credential_shc_write(text, size, digits + 5))
	{
		char	   *again = malloc(2 * size + 5);

		PROMISE(ob_credential_shc_read(digits, 2 * size + 5, again, &length) == SHC_OK);
		PROMISE(length == size && memcmp(again, text, size) == 0);
		free(again);
	}
	free(text);
	free(jws);
	free(digits);
}

static void
try_deflate(const uint8_t *data, size_t size)
{
	uint8_t		out[256];
	size_t		n;

	for (DeflateForm form = DEFLATE_ZLIB; form <= DEFLATE_RAW; form++)
	{
		size_t		room = ob_credential_deflate_bound(size);
		uint8_t    *packed = malloc(room);
		uint8_t    *back = malloc(size + 1);
		size_t		length;

		PROMISE(ob_credential_deflate(form, data, size, packed, room, &length) == DEFLATE_OK);
		PROMISE(ob_credential_inflate(form, packed, length, back, size, &n) == DEFLATE_OK);
		PROMISE(n == size && memcmp(back, data, size) == 0);
		if (size > 0)
			PROMISE(ob_credential_inflate(form, packed, length, back, size - 1, &n) == DEFLATE_TOO_LARGE && n <= size - 1);
		if (ob_credential_inflate(form, data, size, out, sizeof(out), &n) == DEFLATE_OK)
			PROMISE(n <= sizeof(out));
		free(packed);
		free(back);
	}
}

/* Reads every head of an item; the depth is that of the document, which was checked. */
static void
walk(CborCursor *cursor, int depth)
{
	CborItem	item;
	uint64_t	left;

	PROMISE(depth <= CBOR_MAX_DEPTH + 1);
	PROMISE(ob_credential_cbor_next(cursor, &item));
	PROMISE(item.type != CBOR_BREAK);
	left = item.number;
	switch (item.type)
	{
		case CBOR_TAG:
			walk(cursor, depth + 1);
			break;
		case CBOR_BYTES:
		case CBOR_TEXT:
			if (item.bytes != NULL)
				PROMISE(item.bytes + item.length <= cursor->end);
			else
				while (ob_credential_cbor_more(cursor, &left))
					walk(cursor, depth + 1);
			break;
		case CBOR_ARRAY:
			while (ob_credential_cbor_more(cursor, &left))
				walk(cursor, depth + 1);
			break;
		case CBOR_MAP:
			while (ob_credential_cbor_more(cursor, &left))
			{
				walk(cursor, depth + 1);
				walk(cursor, depth + 1);
			}
			break;
		default:
			break;
	}
}

static void
try_cbor(const uint8_t *data, size_t size)
{
	uint8_t    *bytes = copy_of(data, size);
	CborCursor	reading = {bytes, bytes + size};
	CborCursor	skipping = reading;

	if (ob_credential_cbor_check(bytes, size))
	{
		walk(&reading, 0);
		PROMISE(reading.at == reading.end);
		PROMISE(ob_credential_cbor_skip(&skipping) && skipping.at == skipping.end);
		if (size > 1)
			PROMISE(!ob_credential_cbor_check(bytes, size - 1));
	}
	free(bytes);
}

static bool
same(CoseBytes a, CoseBytes b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static int
try_message(const uint8_t *data, size_t size)
{
	uint8_t    *bytes = copy_of(data, size);
	CoseMessage message;
	CoseMessage again;
	CoseClaims	claims;
	int			claimed = 0;

	if (ob_credential_cose_read(bytes, size, &message) == COSE_OK)
	{
		uint8_t    *out = malloc(ob_credential_cose_signed_room(&message));
		uint8_t    *whole = malloc(size + COSE_OVERHEAD_MAX);
		size_t		length = ob_credential_cose_signed(&message, out);

		PROMISE(length <= ob_credential_cose_signed_room(&message) && ob_credential_cbor_check(out, length));
		claimed = ob_credential_cose_claims(&message, &claims) == COSE_OK;
		if (claimed && claims.certificate.bytes != NULL)
			PROMISE(ob_credential_cbor_check(claims.certificate.bytes, claims.certificate.length));
		length = ob_credential_cose_write(&message, whole);
		PROMISE(length <= size + COSE_OVERHEAD_MAX);
		PROMISE(ob_credential_cose_read(whole, length, &again) == COSE_OK);
		PROMISE(same(message.protected_header, again.protected_header) && same(message.payload, again.payload) &&
				same(message.signature, again.signature));
		free(out);
		free(whole);
	}
	free(bytes);
	return claimed;
}

static int
try_ticket(const uint8_t *data, size_t size)
{
	char	   *text = copy_of(data, size);
	char		again[TICKET_TEXT_MAX];
	Ticket		ticket;
	bool		read = ob_credential_ticket_read(text, size, &ticket) == TICKET_OK;

	if (read)
		PROMISE(ob_credential_ticket_write(&ticket, again) == size && memcmp(again, text, size) == 0);
	free(text);
	return read;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > MOST)
		return 0;
	try_base45(data, size);
	try_base64(data, size);
	try_card(data, size);
	/* zlib is slow under the sanitizers */
	if (size % 8 == 0)
		try_deflate(data, size);
	try_cbor(data, size);
	try_message(data, size);
	try_ticket(data, size);
	return 0;
}

#ifdef STANDALONE
/* A random item of CBOR. */
static uint8_t *
draw_item(uint8_t *out, int depth)
{
	static const char text[] = "JP\xE6\xA4\x9C\xE7\x96\xABv";
	int			n = rand() % 4;

	switch (rand() % (depth < 5 ? 10 : 7))
	{
		case 0:
			return ob_credential_cbor_put_integer(out, rand() % 3 ? rand() % 300 - 150 : (int64_t) rand() << 20);
		case 1:
			return ob_credential_cbor_put_bytes(out, CBOR_BYTES, text, (size_t) n);
		case 2:
			return ob_credential_cbor_put_bytes(out, CBOR_TEXT, text, rand() % 2 ? 2 : sizeof(text) - 1);
		case 3:
			return ob_credential_cbor_put_double(out, rand() / 7.0);
		case 4:
			return ob_credential_cbor_put_head(out, CBOR_FALSE + rand() % 4, 0);
		case 5:
			*out++ = 0xF9;
			*out++ = (uint8_t) rand();
			*out++ = (uint8_t) rand();
			return out;
		case 6:
			/* a text in pieces */
			*out++ = 0x7F;
			while (n-- > 0)
				out = ob_credential_cbor_put_bytes(out, CBOR_TEXT, text, 2);
			*out++ = 0xFF;
			return out;
		case 7:
			out = ob_credential_cbor_put_head(out, CBOR_TAG, (uint64_t) rand() % 70);
			return draw_item(out, depth + 1);
		case 8:
			if (rand() % 2)
				out = ob_credential_cbor_put_head(out, CBOR_ARRAY, (uint64_t) n);
			else
			{
				*out++ = 0x9F;
				for (int i = 0; i < n; i++)
					out = draw_item(out, depth + 1);
				*out++ = 0xFF;
				return out;
			}
			while (n-- > 0)
				out = draw_item(out, depth + 1);
			return out;
		default:
			out = ob_credential_cbor_put_head(out, CBOR_MAP, (uint64_t) n);
			for (int i = 0; i < n; i++)
			{
				out = ob_credential_cbor_put_integer(out, i * 40 - 300);
				out = draw_item(out, depth + 1);
			}
			return out;
	}
}

/* A message as certificates are, sometimes with something wrong in it. */
static size_t
draw_message(uint8_t *out)
{
	uint8_t		header[COSE_HEADER_MAX];
	uint8_t		payload[MOST];
	uint8_t    *end;
	CoseBytes	kid = {(const uint8_t *) "12345678", 8};
	CoseBytes	issuer = {(const uint8_t *) "JP", 2};
	CoseMessage message;

	memset(&message, 0, sizeof(message));
	message.protected_header.bytes = header;
	message.protected_header.length = rand() % 8 ? ob_credential_cose_header(rand() % 2 ? COSE_ES256 : COSE_PS256, kid, header) : 0;
	end = payload + ob_credential_cose_claims_head(issuer, rand(), rand(), payload);
	end = draw_item(end, 3);
	message.payload.bytes = payload;
	message.payload.length = (size_t) (end - payload);
	message.signature.bytes = payload;
	message.signature.length = 64;
	return ob_credential_cose_write(&message, out);
}

static size_t
draw_ticket(char *out)
{
	Ticket		ticket;
	static const char places[] = "NRTHNDKIXNGOFUKCTS-TERMINAL-1-GATE-42";
	size_t		place = (size_t) rand() % (TICKET_PLACE_MAX + 1);

	memset(&ticket, 0, sizeof(ticket));
	for (int i = 0; i < TICKET_ID_BYTES; i++)
		ticket.id[i] = (uint8_t) rand();
	for (int i = 0; i < TICKET_SIGNATURE_BYTES; i++)
		ticket.signature[i] = (uint8_t) rand();
	ticket.kind = (uint8_t) rand();
	ticket.from = (uint32_t) rand();
	ticket.until = ticket.from + 1 + (uint32_t) rand();
	memcpy(ticket.place, places, place);
	ob_credential_ticket_prepare(&ticket);
	return ob_credential_ticket_write(&ticket, out);
}

int
main(int argc, char **argv)
{
	static const char *const starts[] = {"shc:/", "shc:/1/2/5677 shc:/2/2/", "OBT1:", "HC1:", "eyJ.", "{\"a\":[", "12", "BB8"};
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	long		messages = 0;
	long		tickets = 0;

	srand(20210401);
	for (long run = 0; run < runs; run++)
	{
		static uint8_t input[2 * MOST + TICKET_TEXT_MAX];
		size_t		size = 0;

		switch (rand() % 5)
		{
			case 0:
				size = draw_message(input);
				messages += try_message(input, size);
				break;
			case 1:
				size = (size_t) (draw_item(input, 0) - input);
				break;
			case 2:
				size = draw_ticket((char *) input);
				tickets += try_ticket(input, size);
				break;
			default:
				{
					const char *start = starts[rand() % 8];

					size = strlen(start);
					memcpy(input, start, size);
					for (int i = rand() % 64; i > 0; i--)
						input[size++] = rand() % 4 ? (uint8_t) ('0' + rand() % 75) : (uint8_t) rand();
					break;
				}
		}
		if (size > 0 && rand() % 3 == 0)
			input[(size_t) rand() % size] ^= (uint8_t) (1 << rand() % 8);
		if (size > 1 && rand() % 8 == 0)
			size -= (size_t) rand() % size;
		LLVMFuzzerTestOneInput(input, size);
	}
	/* a target that refuses all it is given tries nothing */
	PROMISE(runs < 100 || (messages > runs / 20 && tickets > runs / 20));
	printf("%ld inputs, %ld messages and %ld tickets of them read, every promise kept\n", runs, messages, tickets);
	return 0;
}
#endif
