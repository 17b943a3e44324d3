-- ---- what a row follows from others

CREATE OR REPLACE FUNCTION quarantine.flight_placed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT p.station INTO NEW.station
	FROM quarantine.port p
	WHERE p.port = NEW.port;
	NEW.conveyance_key := quarantine.conveyance_key(NEW.kind, NEW.conveyance);
	NEW.on_date := outbreak.local_date(NEW.scheduled_at);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION quarantine.flight_placed() IS 'Trigger of quarantine.flight: station, local date and the designation as it is compared follow from the rest.';

CREATE OR REPLACE TRIGGER flight_placed
BEFORE INSERT OR UPDATE ON quarantine.flight
FOR EACH ROW
EXECUTE FUNCTION quarantine.flight_placed();
COMMENT ON TRIGGER flight_placed ON quarantine.flight IS 'Fills in what follows.';

CREATE OR REPLACE FUNCTION quarantine.text_fits() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	codes text[];
BEGIN
	SELECT i.choices INTO codes
	FROM quarantine.item i
	WHERE i.item = NEW.item;
	IF NEW.choices IS NOT NULL AND EXISTS (
		SELECT
		FROM jsonb_each(NEW.choices) AS c
		WHERE c.key <> ALL (codes)
			OR jsonb_typeof(c.value) <> 'string'
	) THEN
		RAISE EXCEPTION 'a text is for a choice that the question does not have'
			USING ERRCODE = 'check_violation',
				HINT = 'choices is {"code": "text"} with codes of quarantine.item.choices.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION quarantine.text_fits() IS 'Trigger of quarantine.text: texts of choices are for choices that there are (23514).';

CREATE OR REPLACE TRIGGER text_fits
BEFORE INSERT OR UPDATE ON quarantine.text
FOR EACH ROW
EXECUTE FUNCTION quarantine.text_fits();
COMMENT ON TRIGGER text_fits ON quarantine.text IS 'Refuses texts for choices that there are not.';

-- ---- the audit trail
-- Entries, travellers and readings are records of their own; rules, decisions and corrections are noted.
SELECT access.audit_table(t.relation, t.subject)
FROM (VALUES
	('quarantine.station'::regclass, NULL::name),
	('quarantine.port', NULL),
	('quarantine.reader', NULL),
	('quarantine.regime', NULL),
	('quarantine.requirement', NULL),
	('quarantine.class_rule', NULL),
	('quarantine.document', 'person'),
	('quarantine.detection', 'person'),
	('quarantine.contact', 'person')
) AS t (relation, subject);
