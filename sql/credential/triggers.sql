-- what decides whether a ticket counts is on record: who changed it, and when
SELECT access.audit_table('credential.signing_key');
SELECT access.audit_table('credential.revoked_ticket');
SELECT access.audit_table('credential.trust_key');
SELECT access.audit_table('credential.purpose');
SELECT access.audit_table('credential.stored', 'person');
