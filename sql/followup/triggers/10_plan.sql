CREATE OR REPLACE TRIGGER overlaps
AFTER INSERT OR UPDATE ON followup.period
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,class}');
COMMENT ON TRIGGER overlaps ON followup.period IS 'Periods of a class do not overlap.';

CREATE OR REPLACE TRIGGER overlaps
AFTER INSERT OR UPDATE ON followup.prompt
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,prompt}');
COMMENT ON TRIGGER overlaps ON followup.prompt IS 'Rows of a prompt do not overlap.';

CREATE OR REPLACE TRIGGER fits
BEFORE INSERT OR UPDATE ON followup.prompt
FOR EACH ROW
EXECUTE FUNCTION followup.prompt_fits();
COMMENT ON TRIGGER fits ON followup.prompt IS 'Random checks fit into their window.';

CREATE OR REPLACE TRIGGER overlaps
AFTER INSERT OR UPDATE ON followup.threshold
FOR EACH ROW
EXECUTE FUNCTION followup.rule_overlaps('{plan,prefecture,measure,level}');
COMMENT ON TRIGGER overlaps ON followup.threshold IS 'Thresholds of a measure and level do not overlap.';

SELECT access.audit_table('followup.enrolment', 'person');
SELECT access.audit_table('followup.alert', 'person');
SELECT access.audit_table('followup.call', 'person');
SELECT access.audit_table('followup.notification', 'person');
SELECT access.audit_table('followup.place_of_stay', 'person');
SELECT access.audit_table('followup.period');
SELECT access.audit_table('followup.prompt');
SELECT access.audit_table('followup.threshold');
