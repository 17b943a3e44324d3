-- ---- retention

CREATE OR REPLACE TRIGGER retention_checked
	BEFORE INSERT OR UPDATE ON access.retention
	FOR EACH ROW EXECUTE FUNCTION access.retention_checked();
COMMENT ON TRIGGER retention_checked ON access.retention IS 'Refuses a rule that access.purge() could not follow.';

CREATE OR REPLACE TRIGGER legal_hold_checked
	BEFORE INSERT OR UPDATE ON access.legal_hold
	FOR EACH ROW EXECUTE FUNCTION access.legal_hold_checked();
COMMENT ON TRIGGER legal_hold_checked ON access.legal_hold IS 'Refuses a hold that would hold nothing.';
