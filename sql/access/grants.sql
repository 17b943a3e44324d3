GRANT USAGE ON SCHEMA access TO outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.account TO outbreak_ministry;

-- ---- sealed fields
GRANT USAGE ON SCHEMA access TO outbreak_auditor, outbreak_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.reveal_right TO outbreak_ministry;
GRANT SELECT ON access.reveal_right TO outbreak_auditor;
GRANT EXECUTE ON FUNCTION outbreak.seal(text, text, uuid), outbreak.reveal(outbreak.sealed, text, uuid), outbreak.seal_lookup(text, text)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_worker;
GRANT EXECUTE ON FUNCTION access.forget(uuid) TO outbreak_ministry, outbreak_worker;
GRANT EXECUTE ON FUNCTION access.rotate_keys(integer) TO outbreak_worker;

-- ---- the audit trail

GRANT USAGE ON SCHEMA access TO outbreak_auditor, outbreak_worker;
GRANT SELECT ON access.audit, access.audit_head, access.audit_signature, access.audit_anchor TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.verify_audit(timestamptz, timestamptz), access.audit_proof(bigint) TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION outbreak.audit_verify(timestamptz, timestamptz) TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.note(text, uuid, jsonb) TO outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.audit_note(text, uuid, jsonb) TO outbreak_worker;
