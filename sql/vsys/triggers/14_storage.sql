CREATE OR REPLACE TRIGGER allowed
BEFORE INSERT ON vsys.storage_move
FOR EACH ROW
EXECUTE FUNCTION vsys.entry_allowed();
COMMENT ON TRIGGER allowed ON vsys.storage_move IS 'Comes first by its name: refuses who may not enter for the site.';
CREATE OR REPLACE TRIGGER moved
BEFORE INSERT ON vsys.storage_move
FOR EACH ROW
EXECUTE FUNCTION vsys.storage_moved();
COMMENT ON TRIGGER moved ON vsys.storage_move IS 'Carries the move into the batches.';
CREATE OR REPLACE TRIGGER guard
BEFORE UPDATE OR DELETE ON vsys.storage_move
FOR EACH ROW
EXECUTE FUNCTION access.refuse_change('recorded_by');
COMMENT ON TRIGGER guard ON vsys.storage_move IS 'Refuses every change with 42501, but that retention takes away who entered it.';
CREATE OR REPLACE TRIGGER guard_truncate
BEFORE TRUNCATE ON vsys.storage_move
FOR EACH STATEMENT
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_truncate ON vsys.storage_move IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard
BEFORE UPDATE OR DELETE ON vsys.storage_flow
FOR EACH ROW
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard ON vsys.storage_flow IS 'Refuses every change with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate
BEFORE TRUNCATE ON vsys.storage_flow
FOR EACH STATEMENT
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_truncate ON vsys.storage_flow IS 'Refuses TRUNCATE with 42501.';

CREATE OR REPLACE TRIGGER expiry_recomputed
AFTER UPDATE OF expiry_on ON vsys.lot
FOR EACH ROW
WHEN (NEW.expiry_on IS DISTINCT FROM OLD.expiry_on)
EXECUTE FUNCTION vsys.expiry_recomputed();
COMMENT ON TRIGGER expiry_recomputed ON vsys.lot IS 'A label that was extended counts for the vials that are there.';
CREATE OR REPLACE TRIGGER expiry_recomputed
AFTER INSERT OR UPDATE ON vsys.storage_state
FOR EACH ROW
EXECUTE FUNCTION vsys.expiry_recomputed();
COMMENT ON TRIGGER expiry_recomputed ON vsys.storage_state IS 'So does a rule of storage.';

SELECT access.audit_table(t.relation, NULL)
FROM (VALUES ('vsys.storage_state'::regclass), ('vsys.storage_step'), ('vsys.freezer')) AS t (relation);
