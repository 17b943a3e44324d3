/*-------------------------------------------------------------------------
 *
 * cbor_json.h
 *		Between CBOR and jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_CBOR_JSON_H
#define OUTBREAK_CBOR_JSON_H

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "credential/cbor_kernel.h"

/*
 * The jsonb of a checked item that is a map; NULL for what is no map, or holds
 * what JSON does not know (numbers that are none, keys that are neither text
 * nor integers). Bytes become base64url, tags are left out, undefined is null.
 */
extern Jsonb *ob_credential_cbor_to_jsonb(const uint8 *bytes, size_t length);

/* Appends the CBOR of a jsonb object or array: integers where a number is one, doubles otherwise. */
extern void ob_credential_jsonb_to_cbor(JsonbContainer *container, StringInfo out);

#endif							/* OUTBREAK_CBOR_JSON_H */
