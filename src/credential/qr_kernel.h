/*-------------------------------------------------------------------------
 *
 * qr_kernel.h
 *		QR codes with libqrencode, and drawing them. Plain C: no PostgreSQL
 *		header. libqrencode takes memory for itself and gives it back before
 *		ob_credential_qr_make() returns.
 *
 * Vocabulary
 *		module		one square of the code
 *		width		modules of a side: 17 + 4 * version
 *		margin		the light modules that stand around it, four on each side
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_QR_KERNEL_H
#define OUTBREAK_QR_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QR_MAX_VERSION	40
#define QR_MAX_WIDTH	(17 + 4 * QR_MAX_VERSION)
#define QR_MARGIN		4
#define QR_MAX_BYTES	2953	/* that the largest code holds; 7089 digits */
#define QR_MAX_DIGITS	7089
#define QR_MAX_MODULE	32		/* pixels of a module in a picture */

typedef enum QrLevel
{
	QR_L,
	QR_M,
	QR_Q,
	QR_H
} QrLevel;

typedef enum QrResult
{
	QR_OK,
	QR_EMPTY,
	QR_TOO_LONG,
	QR_FAILED					/* no memory */
} QrResult;

typedef struct Qr
{
	int			version;
	int			width;
	uint8_t		dark[QR_MAX_WIDTH * QR_MAX_WIDTH];	/* row by row, 1 or 0 */
} Qr;

/* What the largest code of that level holds. */
extern void ob_credential_qr_capacity(QrLevel level, int *digits, int *letters, int *bytes);

/*
 * Makes the smallest code that holds the data. Text is split into digits,
 * letters and bytes as is shortest; one that is not ASCII says that it is
 * UTF-8 (ECI 26). Data that is no text goes in as bytes.
 */
extern QrResult ob_credential_qr_make(const uint8_t *data, size_t length, bool is_text, QrLevel level, Qr *qr);

/* Writes at most ob_credential_qr_svg_room() characters, without a final NUL; returns how many. */
extern size_t ob_credential_qr_svg_room(const Qr *qr);
extern size_t ob_credential_qr_svg(const Qr *qr, char *out);

/* A PNG of one bit a pixel; module is 1 to QR_MAX_MODULE. Returns how many bytes it wrote, 0 when zlib has no memory. */
extern size_t ob_credential_qr_png_room(const Qr *qr, int module);
extern size_t ob_credential_qr_png(const Qr *qr, int module, uint8_t *out);

#endif							/* OUTBREAK_QR_KERNEL_H */
