/*-------------------------------------------------------------------------
 *
 * ticket_kernel.h
 *		The layout of a signed ticket (QR of an arrival). Plain C: no
 *		PostgreSQL header, no allocation.
 *
 * A ticket is "OBT1:" and the base45 of
 *
 *		version		1 byte		1
 *		kid			8 bytes		key that signed it
 *		kind		1 byte
 *		from		4 bytes		seconds since 1970, until 2106
 *		until		4 bytes
 *		ticket		16 bytes	UUID
 *		place		0 to 32 bytes of ASCII, as a rule an airport code
 *		signature	64 bytes	ES256, r and s; of "OBT1:" and all bytes before it
 *
 * numbers with the highest byte first. With an airport code that is 157
 * characters: version 8 of a QR code with error correction Q.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_TICKET_KERNEL_H
#define OUTBREAK_TICKET_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TICKET_PREFIX			"OBT1:"
#define TICKET_PREFIX_BYTES		5
#define TICKET_KID_BYTES		8
#define TICKET_ID_BYTES			16
#define TICKET_SIGNATURE_BYTES	64
#define TICKET_PLACE_MAX		32
#define TICKET_HEAD_BYTES		34
#define TICKET_BYTES_MAX		(TICKET_HEAD_BYTES + TICKET_PLACE_MAX + TICKET_SIGNATURE_BYTES)
#define TICKET_TEXT_MAX			(TICKET_PREFIX_BYTES + (TICKET_BYTES_MAX + 1) / 2 * 3)

typedef struct Ticket
{
	uint8_t		kid[TICKET_KID_BYTES];
	uint8_t		kind;
	uint32_t	from;			/* valid from this second on */
	uint32_t	until;			/* and before this one */
	uint8_t		id[TICKET_ID_BYTES];
	char		place[TICKET_PLACE_MAX + 1];	/* ends with NUL */
	uint8_t		signature[TICKET_SIGNATURE_BYTES];
	uint8_t		signed_bytes[TICKET_PREFIX_BYTES + TICKET_HEAD_BYTES + TICKET_PLACE_MAX];
	size_t		signed_length;
} Ticket;

typedef enum TicketFault
{
	TICKET_OK,
	TICKET_NONE,				/* does not begin as a ticket does */
	TICKET_DAMAGED				/* begins so, and cannot be read */
} TicketFault;

/* May a place be written so? ASCII from ! to ~, at most TICKET_PLACE_MAX. */
extern bool ob_credential_ticket_place(const char *place, size_t length);

/* Fills signed_bytes from the fields before it (but signature); place is one that is allowed. */
extern void ob_credential_ticket_prepare(Ticket *ticket);

/* Writes a prepared and signed ticket, without a final NUL; returns its length, at most TICKET_TEXT_MAX. */
extern size_t ob_credential_ticket_write(const Ticket *ticket, char *text);

/* Reads the text of a ticket; judges neither signature nor time. */
extern TicketFault ob_credential_ticket_read(const char *text, size_t length, Ticket *ticket);

#endif							/* OUTBREAK_TICKET_KERNEL_H */
