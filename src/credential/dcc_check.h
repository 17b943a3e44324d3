/*-------------------------------------------------------------------------
 *
 * dcc_check.h
 *		The essentials of the schema of EU Digital COVID Certificates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_DCC_CHECK_H
#define OUTBREAK_DCC_CHECK_H

#include "utils/jsonb.h"

/*
 * What is wrong with a certificate: the path of the member at fault, such as
 * v.0.dt, or NULL. Checked is what DCC.combined-schema.json 1.3.3 demands:
 * version, a transliterated name, date of birth, one entry of one group and
 * its required members. Sets the USAGE_... of the group. No value of the
 * certificate comes back.
 */
extern const char *ob_credential_dcc_fault(Jsonb *certificate, int *usage);

#endif							/* OUTBREAK_DCC_CHECK_H */
