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
GRANT EXECUTE ON FUNCTION access.before_request()
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION outbreak.take_token(text, double precision, integer)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;
