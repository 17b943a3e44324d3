GRANT USAGE ON SCHEMA access TO outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.account TO outbreak_ministry;

-- ---- retention

GRANT USAGE ON SCHEMA access TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_auditor, outbreak_worker;
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
