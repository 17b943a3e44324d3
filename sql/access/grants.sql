GRANT USAGE ON SCHEMA access TO outbreak_citizen, outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- ---- accounts: never deleted, and whose an account is never changes
GRANT SELECT ON access.account TO outbreak_ministry, outbreak_prefecture, outbreak_auditor;
GRANT INSERT ON access.account TO outbreak_ministry;
GRANT UPDATE (role, prefecture, health_center, municipality, institution, organisation, person, valid, withdrawn_at, reason)
	ON access.account TO outbreak_ministry;
GRANT INSERT (subject, role, institution, valid, issued_at) ON access.account TO outbreak_prefecture;
GRANT UPDATE (withdrawn_at, reason) ON access.account TO outbreak_prefecture;
GRANT USAGE ON SEQUENCE access.account_number TO outbreak_ministry, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION access.issue_accounts(text, smallint, text, daterange, timestamptz), access.withdraw_accounts(text, text[], text, smallint, timestamptz)
	TO outbreak_ministry, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION access.accounts_by_prefecture(timestamptz) TO outbreak_ministry, outbreak_prefecture, outbreak_auditor;

-- ---- limits of the API: whoever is limited reads the limit
GRANT SELECT ON access.api_limit
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON access.api_limit TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.before_request(), access.in_a_post(), access.caller_address()
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION outbreak.take_token(text, double precision, integer)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;

-- ---- retention

GRANT SELECT ON access.retention
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_auditor, outbreak_worker, outbreak_ministry;
-- The ministry sets periods, not what is done to which table, and not what the law asks for at least.
GRANT UPDATE (keep, basis, comment) ON access.retention TO outbreak_ministry;
GRANT SELECT ON access.legal_hold TO outbreak_prefecture, outbreak_ministry, outbreak_auditor, outbreak_worker;
GRANT INSERT (relation, subject, prefecture, reason, valid), UPDATE (reason, valid) ON access.legal_hold TO outbreak_prefecture, outbreak_ministry;
GRANT USAGE ON SEQUENCE access.legal_hold_number TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.kept_until(date, interval)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_auditor, outbreak_worker, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.disclose(uuid)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_worker;
-- Their triggers look at columns.
GRANT EXECUTE ON FUNCTION access.column_type(regclass, name) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.blank(regclass, name) TO outbreak_ministry;

-- ---- sealed fields
GRANT SELECT, INSERT, UPDATE, DELETE ON access.reveal_right TO outbreak_ministry;
GRANT SELECT ON access.reveal_right TO outbreak_auditor;
GRANT EXECUTE ON FUNCTION outbreak.seal(text, text, uuid), outbreak.reveal(outbreak.sealed, text, uuid), outbreak.seal_lookup(text, text)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_worker;
GRANT EXECUTE ON FUNCTION access.forget(uuid) TO outbreak_ministry, outbreak_worker;
GRANT EXECUTE ON FUNCTION access.rotate_keys(integer) TO outbreak_worker;

-- ---- the audit trail

GRANT SELECT ON access.audit TO outbreak_auditor;
-- not the images: those of identities hold tags, by which equal names of pseudonyms can be told
REVOKE SELECT ON access.audit FROM outbreak_ministry;
GRANT SELECT (number, id, recorded_at, transaction, subject, chain, login, role, actor, action, relation, image_hash, hash) ON access.audit TO outbreak_ministry;
GRANT SELECT ON access.audit_head, access.audit_signature, access.audit_anchor TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.verify_audit(timestamptz, timestamptz) TO outbreak_auditor, outbreak_ministry;
REVOKE EXECUTE ON FUNCTION access.audit_proof(bigint) FROM outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.audit_proof(bigint) TO outbreak_auditor;
GRANT EXECUTE ON FUNCTION outbreak.audit_verify(timestamptz, timestamptz) TO outbreak_auditor, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.note(text, uuid, jsonb) TO outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.audit_note(text, uuid, jsonb) TO outbreak_worker;

-- ---- small cells

GRANT SELECT ON access.release_series, access.released
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
-- A trial of what would be hidden needs no more than rights on the counts; publishing is for those who answer for figures.
GRANT EXECUTE ON FUNCTION outbreak.suppress(text, integer, text[]), access.crossed(text[], text[], text[], text[])
	TO outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.release_cells(text, text, integer), access.release(text, text, integer)
	TO outbreak_prefecture, outbreak_ministry, outbreak_worker;
