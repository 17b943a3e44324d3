GRANT USAGE ON SCHEMA access TO outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.account TO outbreak_ministry;

-- ---- the audit trail

GRANT USAGE ON SCHEMA access TO outbreak_auditor, outbreak_worker;
GRANT SELECT ON access.audit, access.audit_head, access.audit_signature, access.audit_anchor TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.verify_audit(timestamptz, timestamptz), access.audit_proof(bigint) TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION outbreak.audit_verify(timestamptz, timestamptz) TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.note(text, uuid, jsonb) TO outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.audit_note(text, uuid, jsonb) TO outbreak_worker;
