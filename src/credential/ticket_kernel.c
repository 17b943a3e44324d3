/*-------------------------------------------------------------------------
 *
 * ticket_kernel.c
 *		The layout of a signed ticket.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/ticket_kernel.h"

#include <string.h>

#include "credential/base45_kernel.h"

#define LAYOUT_VERSION	1

bool
ob_credential_ticket_place(const char *place, size_t length)
{
	if (length > TICKET_PLACE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (place[i] < '!' || place[i] > '~')
			return false;
	return true;
}

static uint8_t *
put_number(uint8_t *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*out++ = (uint8_t) (number >> shift);
	return out;
}

static uint32_t
get_number(const uint8_t *in)
{
	return (uint32_t) in[0] << 24 | (uint32_t) in[1] << 16 | (uint32_t) in[2] << 8 | in[3];
}

void
ob_credential_ticket_prepare(Ticket *ticket)
{
	uint8_t    *out = ticket->signed_bytes;
	size_t		place = strlen(ticket->place);

	memcpy(out, TICKET_PREFIX, TICKET_PREFIX_BYTES);
	out += TICKET_PREFIX_BYTES;
	*out++ = LAYOUT_VERSION;
	memcpy(out, ticket->kid, TICKET_KID_BYTES);
	out += TICKET_KID_BYTES;
	*out++ = ticket->kind;
	out = put_number(out, ticket->from);
	out = put_number(out, ticket->until);
	memcpy(out, ticket->id, TICKET_ID_BYTES);
	out += TICKET_ID_BYTES;
	memcpy(out, ticket->place, place);
	ticket->signed_length = (size_t) (out - ticket->signed_bytes) + place;
}

size_t
ob_credential_ticket_write(const Ticket *ticket, char *text)
{
	uint8_t		bytes[TICKET_BYTES_MAX];
	size_t		length = ticket->signed_length - TICKET_PREFIX_BYTES;

	memcpy(bytes, ticket->signed_bytes + TICKET_PREFIX_BYTES, length);
	memcpy(bytes + length, ticket->signature, TICKET_SIGNATURE_BYTES);
	length += TICKET_SIGNATURE_BYTES;
	memcpy(text, TICKET_PREFIX, TICKET_PREFIX_BYTES);
	ob_credential_base45_encode(bytes, length, text + TICKET_PREFIX_BYTES);
	return TICKET_PREFIX_BYTES + ob_credential_base45_length(length);
}

TicketFault
ob_credential_ticket_read(const char *text, size_t length, Ticket *ticket)
{
	uint8_t		bytes[TICKET_BYTES_MAX + 2];
	size_t		n;
	size_t		at;
	size_t		place;

	if (length < TICKET_PREFIX_BYTES || memcmp(text, TICKET_PREFIX, TICKET_PREFIX_BYTES) != 0)
		return TICKET_NONE;
	if (length > TICKET_TEXT_MAX ||
		ob_credential_base45_decode(text + TICKET_PREFIX_BYTES, length - TICKET_PREFIX_BYTES, bytes, &n, &at) != BASE45_OK ||
		n < TICKET_HEAD_BYTES + TICKET_SIGNATURE_BYTES || n > TICKET_BYTES_MAX || bytes[0] != LAYOUT_VERSION)
		return TICKET_DAMAGED;
	place = n - TICKET_HEAD_BYTES - TICKET_SIGNATURE_BYTES;
	memcpy(ticket->kid, bytes + 1, TICKET_KID_BYTES);
	ticket->kind = bytes[9];
	ticket->from = get_number(bytes + 10);
	ticket->until = get_number(bytes + 14);
	memcpy(ticket->id, bytes + 18, TICKET_ID_BYTES);
	memcpy(ticket->place, bytes + TICKET_HEAD_BYTES, place);
	ticket->place[place] = '\0';
	memcpy(ticket->signature, bytes + n - TICKET_SIGNATURE_BYTES, TICKET_SIGNATURE_BYTES);
	if (!ob_credential_ticket_place(ticket->place, place) || ticket->from >= ticket->until)
		return TICKET_DAMAGED;
	ob_credential_ticket_prepare(ticket);
	return TICKET_OK;
}
