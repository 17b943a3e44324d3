CREATE OR REPLACE TRIGGER allowed
BEFORE INSERT ON vsys.stock_event
FOR EACH ROW
EXECUTE FUNCTION vsys.entry_allowed();
COMMENT ON TRIGGER allowed ON vsys.stock_event IS 'Comes first by its name: refuses who may not enter for the site.';

CREATE OR REPLACE TRIGGER entered
BEFORE INSERT ON vsys.stock_event
FOR EACH ROW
EXECUTE FUNCTION vsys.stock_event_entered();
COMMENT ON TRIGGER entered ON vsys.stock_event IS 'Numbers the event and carries it into the sums of its day.';

CREATE OR REPLACE TRIGGER on_hand
AFTER INSERT ON vsys.stock_event
REFERENCING NEW TABLE AS new_row
FOR EACH STATEMENT
EXECUTE FUNCTION vsys.stock_events_entered();
COMMENT ON TRIGGER on_hand ON vsys.stock_event IS 'Brings what is on hand up to the events.';

DROP TRIGGER IF EXISTS covered ON vsys.holding;
CREATE CONSTRAINT TRIGGER covered
AFTER INSERT OR UPDATE OF version ON vsys.holding
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW
EXECUTE FUNCTION vsys.holding_is_covered();
COMMENT ON TRIGGER covered ON vsys.holding IS 'At commit: nothing is given, moved or thrown away that was not there.';

-- added to, never changed; months that are dropped go as tables
DROP TRIGGER IF EXISTS guard ON vsys.stock_event;
CREATE TRIGGER guard
BEFORE UPDATE OR DELETE ON vsys.stock_event
FOR EACH ROW
EXECUTE FUNCTION access.refuse_change('recorded_by');
COMMENT ON TRIGGER guard ON vsys.stock_event IS 'Refuses every change with 42501, but that retention takes away who entered it.';
CREATE OR REPLACE TRIGGER guard_truncate
BEFORE TRUNCATE ON vsys.stock_event
FOR EACH STATEMENT
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_truncate ON vsys.stock_event IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate
BEFORE TRUNCATE ON vsys.stock_event_default
FOR EACH STATEMENT
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_truncate ON vsys.stock_event_default IS 'Refuses TRUNCATE with 42501.';
CREATE OR REPLACE TRIGGER guard
BEFORE UPDATE OR DELETE ON vsys.stock_key
FOR EACH ROW
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard ON vsys.stock_key IS 'Refuses every change with 42501.';
CREATE OR REPLACE TRIGGER guard_truncate
BEFORE TRUNCATE ON vsys.stock_key
FOR EACH STATEMENT
EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_truncate ON vsys.stock_key IS 'Refuses TRUNCATE with 42501.';
