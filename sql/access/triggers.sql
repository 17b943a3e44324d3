-- ---- accounts

CREATE OR REPLACE TRIGGER issue_noted
	AFTER INSERT ON access.account
	REFERENCING NEW TABLE AS now_there
	FOR EACH STATEMENT EXECUTE FUNCTION access.accounts_noted();
COMMENT ON TRIGGER issue_noted ON access.account IS 'Notes how many accounts were issued.';

CREATE OR REPLACE TRIGGER withdrawal_noted
	AFTER UPDATE ON access.account
	REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
	FOR EACH STATEMENT EXECUTE FUNCTION access.accounts_noted();
COMMENT ON TRIGGER withdrawal_noted ON access.account IS 'Notes how many accounts were withdrawn.';

-- ---- retention

CREATE OR REPLACE TRIGGER retention_checked
	BEFORE INSERT OR UPDATE ON access.retention
	FOR EACH ROW EXECUTE FUNCTION access.retention_checked();
COMMENT ON TRIGGER retention_checked ON access.retention IS 'Refuses a rule that access.purge() could not follow.';

CREATE OR REPLACE TRIGGER legal_hold_checked
	BEFORE INSERT OR UPDATE ON access.legal_hold
	FOR EACH ROW EXECUTE FUNCTION access.legal_hold_checked();
COMMENT ON TRIGGER legal_hold_checked ON access.legal_hold IS 'Refuses a hold that would hold nothing.';

-- ---- the audit trail: what is audited

SELECT access.audit_table(t.relation, t.subject)
FROM (VALUES
	('access.account'::regclass, 'person'::name),
	('access.reveal_right', NULL),
	('access.retention', NULL),
	('access.legal_hold', 'subject'),
	('registry.person', 'person'),
	('registry.identity', 'person'),
	('registry.institution', NULL),
	('registry.organisation', NULL),
	('registry.proxy', NULL)
) AS t (relation, subject);

-- ---- the audit trail: it does not change

DROP TRIGGER IF EXISTS guard ON access.audit;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON access.audit
	FOR EACH ROW EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard ON access.audit IS 'Refuses every change with 42501; images are erased by access.erase_audit_images() alone.';
CREATE OR REPLACE TRIGGER guard_truncate BEFORE TRUNCATE ON access.audit
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard_truncate ON access.audit IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate BEFORE TRUNCATE ON access.audit_default
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard_truncate ON access.audit_default IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard BEFORE UPDATE OR DELETE ON access.audit_head
	FOR EACH ROW EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard ON access.audit_head IS 'Refuses every change with 42501; access.sign_audit() alone deletes what was overtaken.';
CREATE OR REPLACE TRIGGER guard_truncate BEFORE TRUNCATE ON access.audit_head
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard_truncate ON access.audit_head IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard BEFORE UPDATE OR DELETE ON access.audit_signature
	FOR EACH ROW EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard ON access.audit_signature IS 'Refuses every change with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate BEFORE TRUNCATE ON access.audit_signature
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard_truncate ON access.audit_signature IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard BEFORE UPDATE OR DELETE ON access.audit_anchor
	FOR EACH ROW EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard ON access.audit_anchor IS 'Refuses every change with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate BEFORE TRUNCATE ON access.audit_anchor
	FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_guard();
COMMENT ON TRIGGER guard_truncate ON access.audit_anchor IS 'Refuses TRUNCATE with 42501.';
