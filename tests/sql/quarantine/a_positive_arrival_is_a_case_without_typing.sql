-- The joint to HER-SYS: everything that the notification asks for and that the border knows comes as one row, with the
-- person whose identity is in the registry under the same pseudonym; what nobody answered yet is named.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
\pset format unaligned
SELECT ticket_of(entered(jsonb_build_array(someone(1, '34A'),
	someone(2, '34B', '{"birth_on": "2010-05-05", "occupation": null, "cough": true, "fever": true, "temperature_c": 38.1, "onset_on": "2020-12-12", "infection_place": "Los Angeles", "vaccine_doses": 0}')))) AS ticket \gset
SELECT (quarantine.scan(:'ticket', 'NRT-0001', '2020-12-14 17:00+09')).persons;
SELECT t.person AS child FROM quarantine.traveller AS t WHERE t.n = 2 \gset
SELECT t.person AS parent FROM quarantine.traveller AS t WHERE t.n = 1 \gset
SELECT count(*) AS before_the_result FROM quarantine.case_for_notification(:'child');
SELECT p.contacts FROM quarantine.positive(:'child', '2020-12-14 17:20+09', 'antigen_quantitative', as_of => '2020-12-14 18:00+09') AS p;
\pset expanded on
SELECT c.prefecture, c.municipality, c.health_center, c.age, c.sex, c.nationality, c.occupation, c.is_minor, c.guardian = :'parent' AS guardian_is_the_parent, c.disease, c.kind, c.symptoms, c.onset_on, c.temperature_c,
	c.specimen_at, c.method, c.diagnosed_at, c.arrived_on, c.port, c.conveyance, c.seat, c.countries, c.country_days, c.infection_place, c.infection_region, c.met_patient, c.vaccine_doses, c.last_dose_on, c.stay_kind, c.companions, c.contacts, c.missing
FROM quarantine.case_for_notification(:'child') AS c;
\pset expanded off
-- who it is comes from the registry, under the same pseudonym
SELECT r.name, r.birth_on, r.address FROM quarantine.case_for_notification(:'child') AS c CROSS JOIN LATERAL registry.reveal_identity(c.person) AS r;
SELECT e.plan, e.class, e.day0 FROM quarantine.detection AS d JOIN followup.enrolment AS e ON e.enrolment = d.enrolment;
-- a parent without symptoms is a carrier; the countries of stay stand in for the place; the child is a case, no contact
SELECT p.contacts FROM quarantine.positive(:'parent', '2020-12-14 17:21+09', 'naat', as_of => '2020-12-14 19:00+09') AS p;
SELECT c.kind, c.symptoms, c.is_minor, c.guardian, c.infection_region, c.missing FROM quarantine.case_for_notification(:'parent') AS c;
-- once it is notified it is corrected there
SELECT quarantine.set_notified(d.detection, '2020-12-14 20:00+09') AS set, quarantine.set_notified(d.detection, '2020-12-14 20:00+09') AS again, refusal(format('quarantine.withdraw_positive(%s, %L, %L)', d.detection, 'x', '2020-12-14 21:00+09')) AS withdrawn FROM quarantine.detection AS d WHERE d.person = :'child';
ROLLBACK;
