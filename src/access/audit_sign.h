/*-------------------------------------------------------------------------
 *
 * audit_sign.h
 *		Signing the heads of the audit trail.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_SIGN_H
#define OUTBREAK_AUDIT_SIGN_H

/*
 * Is that public key the one that the master key of that version gives? True
 * also where no key file is set, as on a copy that is only read.
 */
extern bool ob_access_audit_our_key(int version, const unsigned char *public_key);

#endif							/* OUTBREAK_AUDIT_SIGN_H */
