CREATE OR REPLACE TRIGGER no_overlap
AFTER INSERT OR UPDATE ON followup.period
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,class}');
COMMENT ON TRIGGER no_overlap ON followup.period IS 'Periods of a class do not overlap.';

CREATE OR REPLACE TRIGGER no_overlap
AFTER INSERT OR UPDATE ON followup.prompt
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,prompt}');
COMMENT ON TRIGGER no_overlap ON followup.prompt IS 'Rows of a prompt do not overlap.';

CREATE OR REPLACE TRIGGER fits
BEFORE INSERT OR UPDATE ON followup.prompt
FOR EACH ROW
EXECUTE FUNCTION followup.prompt_fits();
COMMENT ON TRIGGER fits ON followup.prompt IS 'Random checks fit into their window.';

CREATE OR REPLACE TRIGGER no_overlap
AFTER INSERT OR UPDATE ON followup.threshold
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,prefecture,measure,level}');
COMMENT ON TRIGGER no_overlap ON followup.threshold IS 'Thresholds of a measure and level do not overlap.';

-- who is followed for how long is audited, that an answer came is not: the answer says so itself
DROP TRIGGER IF EXISTS audit ON followup.enrolment;
CREATE TRIGGER audit
AFTER INSERT OR DELETE OR UPDATE OF person, responder, health_center, plan, class, time_zone, state, day0, until, prefecture, child, opened_at, closed_at, reason, former, basis ON followup.enrolment
FOR EACH ROW
EXECUTE FUNCTION outbreak.audit_change('person');
COMMENT ON TRIGGER audit ON followup.enrolment IS '監査 / notes every change for access.audit, but that an answer came.';
CREATE OR REPLACE TRIGGER audit_truncate
AFTER TRUNCATE ON followup.enrolment
FOR EACH STATEMENT
EXECUTE FUNCTION outbreak.audit_change();
COMMENT ON TRIGGER audit_truncate ON followup.enrolment IS '監査 / notes a TRUNCATE for access.audit.';
SELECT access.audit_table('followup.alert', 'person');
SELECT access.audit_table('followup.call', 'person');
SELECT access.audit_table('followup.notification', 'person');
SELECT access.audit_table('followup.place_of_stay', 'person');
SELECT access.audit_table('followup.period');
SELECT access.audit_table('followup.prompt');
SELECT access.audit_table('followup.threshold');
