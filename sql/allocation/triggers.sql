-- A certificate that can be changed proves nothing.
CREATE OR REPLACE TRIGGER guard
	BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation.run_unit
	FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard ON allocation.run_unit IS 'Refuses every change with 42501.';
CREATE OR REPLACE TRIGGER guard
	BEFORE UPDATE ON allocation.run
	FOR EACH ROW EXECUTE FUNCTION access.refuse_change('made_by');
COMMENT ON TRIGGER guard ON allocation.run IS 'Refuses every change with 42501, but that retention takes away who calculated.';
CREATE OR REPLACE TRIGGER guard_removal
	BEFORE DELETE OR TRUNCATE ON allocation.run
	FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_removal ON allocation.run IS 'Refuses every removal with 42501.';
