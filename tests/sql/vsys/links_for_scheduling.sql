-- SMART Scheduling Links: Location, Schedule and Slot have the fields that the specification asks for (smart-on-fhir,
-- specification.md), identifiers of Japan, and the capacity extension; what refers to something refers to what is there.
BEGIN;
SET client_min_messages = warning;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/vsys/booking_world.inc
\set ECHO none
\i :world
\set ECHO all
\set now '''2021-06-01 10:00+09'''
SELECT vsys.book(slot('1310000018', '2021-06-07'), '131016', '0000000001', '1951-01-02', as_of => :now) > 0 AS one, vsys.book(slot('1310000018', '2021-06-07', 2), '131016', '0000000002', '1952-01-02', as_of => :now) > 0 AS two, vsys.book(slot('1310000018', '2021-06-07', 2), '131016', '0000000003', '1953-01-02', as_of => :now) > 0 AS three;
UPDATE vsys.site SET reservation_url = 'https://booking.example.jp/chiyoda', reservation_phone = '0120-000-000' WHERE site::text = '1310000018';
UPDATE registry.institution SET location = st_setsrid(st_makepoint(139.75, 35.69), 4326)::geography WHERE institution::text = '1310000018';
SELECT sessions FROM vsys.make_sessions('2710000015', 'test_first', 'test_m', '[{"weekday": 2, "start": "09:00", "end": "09:15", "capacity": 5}]', '2021-06-08', '2021-06-08', dose => 2, opens_at => '2021-06-05 09:00+09');
SET LOCAL ROLE outbreak_anon;
SELECT jsonb_pretty(l::jsonb) FROM vsys.fhir_locations(13::smallint) AS l;
SELECT jsonb_pretty(s::jsonb) FROM vsys.fhir_schedules(13::smallint, :now) AS s;
SELECT s ->> 'id' FROM vsys.fhir_schedules(as_of => :now) AS s;
SELECT jsonb_set(s::jsonb, '{id}', to_jsonb('n' || substr(s ->> 'id', strpos(s ->> 'id' || '-', '-')))) - 'resourceType' FROM vsys.fhir_slots(13::smallint, '2021-06-07', :now) AS s;
SELECT s ->> 'status' AS status, s -> 'extension' -> 0 ->> 'valueInteger' AS places FROM vsys.fhir_slots(27::smallint, '2021-06-07', :now) AS s WHERE s -> 'schedule' ->> 'reference' ~ 'test-m';
SELECT * FROM vsys.fhir_files(:now);
-- the whole set holds together
WITH location AS (SELECT l::jsonb AS l FROM vsys.fhir_locations() AS l), schedule AS (SELECT s::jsonb AS s FROM vsys.fhir_schedules(as_of => :now) AS s), slot AS (SELECT s::jsonb AS s FROM vsys.fhir_slots(as_of => :now) AS s)
SELECT (SELECT count(*) FROM schedule WHERE NOT EXISTS (SELECT FROM location WHERE 'Location/' || (l ->> 'id') = s -> 'actor' -> 0 ->> 'reference')) AS schedules_nowhere,
	(SELECT count(*) FROM slot AS t WHERE NOT EXISTS (SELECT FROM schedule AS c WHERE 'Schedule/' || (c.s ->> 'id') = t.s -> 'schedule' ->> 'reference')) AS slots_of_nothing,
	(SELECT count(*) FROM location WHERE NOT (l ?& '{resourceType,id,name,telecom,address,identifier}' AND l -> 'address' ?& '{line,city,state,postalCode}' AND jsonb_array_length(l -> 'telecom') > 0 AND l ->> 'id' ~ '^[A-Za-z0-9.-]{1,64}$')) AS bad_locations,
	(SELECT count(*) FROM schedule WHERE NOT (s ?& '{resourceType,id,actor,serviceType,extension}' AND s ->> 'id' ~ '^[A-Za-z0-9.-]{1,64}$' AND jsonb_array_length(s -> 'serviceType' -> 0 -> 'coding') = 2)) AS bad_schedules,
	(SELECT count(*) FROM slot WHERE NOT (s ?& '{resourceType,id,schedule,status,start,end,extension}' AND s ->> 'id' ~ '^[A-Za-z0-9.-]{1,64}$' AND s ->> 'status' IN ('free', 'busy') AND s ->> 'start' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')) AS bad_slots,
	(SELECT count(*) - count(DISTINCT s ->> 'id') FROM slot) AS twice,
	(SELECT sum((s -> 'extension' -> 0 ->> 'valueInteger')::integer) FROM slot) AS places;
RESET ROLE;
SELECT sum(capacity) AS places FROM vsys.slot;
ROLLBACK;
