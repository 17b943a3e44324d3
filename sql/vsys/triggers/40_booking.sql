CREATE OR REPLACE TRIGGER session_ruled
BEFORE INSERT OR UPDATE OF site, programme, product, dose, min_age ON vsys.session
FOR EACH ROW
EXECUTE FUNCTION vsys.session_ruled();
COMMENT ON TRIGGER session_ruled ON vsys.session IS 'Copies what site, programme and product say.';

CREATE OR REPLACE TRIGGER rules_changed
AFTER UPDATE OF course_doses, interval_min_days, interval_max_days, min_age ON vsys.product
FOR EACH ROW
EXECUTE FUNCTION vsys.product_rules_changed();
COMMENT ON TRIGGER rules_changed ON vsys.product IS 'Takes the sessions to come along.';
CREATE OR REPLACE TRIGGER rules_changed
AFTER UPDATE OF first_dose, last_dose ON vsys.programme
FOR EACH ROW
EXECUTE FUNCTION vsys.programme_rules_changed();
COMMENT ON TRIGGER rules_changed ON vsys.programme IS 'Takes the sessions to come along.';

-- ---- what a booking is does not change; only what becomes of it does
-- It fires for statements that name these columns, so it costs booking and cancelling nothing.

CREATE OR REPLACE FUNCTION vsys.booking_stays() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION 'who booked what, when and where does not change'
		USING ERRCODE = 'OB079',
			HINT = 'vsys.rebook() makes another booking, and keeps this one as moved.';
END
$$;
COMMENT ON FUNCTION vsys.booking_stays() IS 'Trigger of vsys.booking: refuses to change what a booking is (OB079).';

CREATE OR REPLACE TRIGGER booking_stays
BEFORE UPDATE OF booking, slot, person, booked_at, site, municipality, on_date, prefecture, dose, programme, source, key ON vsys.booking
FOR EACH ROW
EXECUTE FUNCTION vsys.booking_stays();
COMMENT ON TRIGGER booking_stays ON vsys.booking IS 'Refuses to change what a booking is.';

CREATE OR REPLACE FUNCTION vsys.booking_purged() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE vsys.slot s
	SET taken = s.taken - 1
	WHERE s.slot = OLD.slot;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.booking_purged() IS 'Trigger of vsys.booking: what retention, or a request to be forgotten, deletes no longer counts.';

CREATE OR REPLACE TRIGGER booking_purged
AFTER DELETE ON vsys.booking
FOR EACH ROW
WHEN (OLD.in_force AND OLD.slot IS NOT NULL)
EXECUTE FUNCTION vsys.booking_purged();
COMMENT ON TRIGGER booking_purged ON vsys.booking IS 'Keeps the slots true when a booking is purged.';
