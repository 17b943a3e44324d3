SELECT access.audit_table('followup.release_rule');
SELECT access.audit_table('followup.clinical', 'person');
SELECT access.audit_table('followup.test', 'person');
SELECT access.audit_table('followup.correction', 'person');
