-- 予約可能, 残り僅か, 予約不可 come from the slots that can be booked now; what a site with a reservation of its own entered
-- carries its time. Counted at most twice a second, by whoever asks; a transaction that has written counts for itself.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/vsys/booking_world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
-- sessions of tomorrow and later, as the public asks for now
SELECT outbreak.local_date() + 1 AS tomorrow \gset
SELECT sessions, slots, places FROM vsys.make_sessions('1310000018', 'test_first', 'test_p', jsonb_build_array(jsonb_build_object('weekday', extract(isodow FROM date :'tomorrow'), 'start', '09:00', 'end', '10:00', 'minutes', 15, 'capacity', 10)), :'tomorrow', :'tomorrow');
UPDATE vsys.ticket SET valid = '[2021-04-12,)';
UPDATE vsys.programme SET valid = '[2021-02-17,)' WHERE programme = 'test_first';
SELECT min(s.slot) AS s, min(s.session) AS session FROM vsys.slot AS s JOIN vsys.session AS e USING (session) WHERE e.on_date = :'tomorrow' \gset
CREATE FUNCTION now_at(of_site text) RETURNS text LANGUAGE SQL VOLATILE AS $$ SELECT concat_ws(' ', a.status, a.free || '/' || a.places, CASE WHEN a.entered_at IS NOT NULL THEN 'entered' END) FROM outbreak.site_availability(of_site::outbreak.institution_code) AS a $$;
SELECT now_at('1310000018');
UPDATE vsys.slot SET taken = 9 WHERE slot = :s;
SELECT now_at('1310000018');
UPDATE vsys.slot SET taken = 9 WHERE session = :session;
SELECT now_at('1310000018') AS exactly_a_tenth;
UPDATE vsys.slot SET taken = 10 WHERE slot = :s;
SELECT now_at('1310000018') AS less_than_a_tenth;
UPDATE vsys.slot SET taken = 10 WHERE session = :session;
SELECT now_at('1310000018') AS none_left;
UPDATE vsys.slot SET taken = 9 WHERE slot = :s;
SELECT now_at('1310000018') AS one_given_back;
UPDATE vsys.slot SET taken = 0 WHERE session = :session;
-- only what can be booked now counts: opening, end, closure, places of none
UPDATE vsys.session SET opens_at = now() + interval '1 hour' WHERE session = :session;
SELECT now_at('1310000018') AS opens_later;
UPDATE vsys.session SET opens_at = '-infinity', closes_at = now() WHERE session = :session;
SELECT now_at('1310000018') AS closed_for_booking;
UPDATE vsys.session SET closes_at = now() + interval '3 days' WHERE session = :session;
UPDATE vsys.slot SET open = false WHERE slot = :s;
SELECT now_at('1310000018') AS one_closed;
-- sites that do not want to be seen, are not open, or do not exist
UPDATE vsys.site SET public = false WHERE site::text = '1310000018';
SELECT now_at('1310000018') AS not_public, a IS NULL AS nothing FROM outbreak.site_availability('1310000018') AS a;
UPDATE vsys.site SET public = true, state = 'paused' WHERE site::text = '1310000018';
SELECT now_at('1310000018') AS paused;
UPDATE vsys.site SET state = 'open' WHERE site::text = '1310000018';
SELECT now_at('1310000034') AS no_site;
-- sites with a reservation of their own
SELECT now_at('1310000026') AS nothing_entered;
SELECT vsys.enter_status('1310000026', 'few');
SELECT now_at('1310000026');
SELECT refusal('vsys.enter_status(''1310000026'', ''plenty'')') AS another_word, refusal('vsys.enter_status(''1310000034'', ''few'')') AS no_site;
UPDATE vsys.site SET reservation = 'none' WHERE site::text = '1310000026';
SELECT now_at('1310000026') AS none_needed;
-- lists, and the slots of a site, as the public sees them
UPDATE vsys.site SET notes = '駐車場あり', reservation = 'phone', reservation_phone = '03-1111-1111' WHERE site::text = '1310000026';
SET LOCAL ROLE outbreak_anon;
SELECT p.site, p.name_ja, p.municipality_ja, p.zip, p.address, p.phone, p.products, p.reservation, p.reservation_phone, p.notes, p.status, p.free, p.entered_at IS NOT NULL AS entered FROM vsys.public_sites(13::smallint) AS p;
SELECT count(*) FILTER (WHERE prefecture = 27) AS osaka, count(*) AS all FROM vsys.public_sites() AS p;
SELECT p.site FROM vsys.public_sites(of_municipality => '131016', of_product => 'test_m') AS p;
SELECT p.slot - :s AS slot, p.places, p.free, p.mode, p.opens_at, p.programme, p.product, p.dose, p.min_age FROM vsys.public_slots('1310000018') AS p;
SELECT count(*) AS none FROM vsys.public_slots('1310000018', date :'tomorrow' + 1);
SELECT count(*) FROM vsys.slot;
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM vsys.count_places('1310000018');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;

-- remembered for half a second, however many ask, and forgotten after it; only what was committed is remembered
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
INSERT INTO registry.institution (institution, municipality, kind, name_ja) VALUES ('1310000042', '131016', 'clinic', '記憶診療所');
INSERT INTO vsys.site (site, municipality, kind, public, reservation, state) VALUES ('1310000042', '131016', 'basic', true, 'none', 'open');
COMMIT;
SELECT status FROM outbreak.site_availability('1310000042');
BEGIN;
UPDATE vsys.site SET reservation = 'phone' WHERE site::text = '1310000042';
SELECT status AS who_wrote_counts FROM outbreak.site_availability('1310000042');
ROLLBACK;
SELECT status AS not_committed FROM outbreak.site_availability('1310000042');
UPDATE vsys.site SET reservation = 'phone' WHERE site::text = '1310000042';
SELECT pg_sleep(0.6);
SELECT status AS after_half_a_second, now() - counted_at < interval '1 second' AS fresh FROM outbreak.site_availability('1310000042');
SELECT count(DISTINCT counted_at) <= 3 AS counted_seldom FROM generate_series(1, 20000), outbreak.site_availability('1310000042');
-- in a transaction that may not write, too
BEGIN READ ONLY;
SELECT status FROM outbreak.site_availability('1310000042');
COMMIT;
SET session_replication_role = replica;
DELETE FROM vsys.site WHERE site::text = '1310000042';
DELETE FROM registry.institution WHERE institution::text = '1310000042';
DELETE FROM registry.municipality WHERE municipality::text = '131016';
