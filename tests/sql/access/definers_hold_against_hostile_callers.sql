-- Functions that run with the owner's rights do not run a caller's code: not with a search_path of the caller's, not
-- with temporary tables named like catalogs, not with functions and operators named like PostgreSQL's own.
BEGIN;
\set ON_ERROR_ROLLBACK on
-- where in a function an error arose is no matter here
\set SHOW_CONTEXT never
-- counts calls in this transaction, for the question at the end
SET LOCAL track_functions = 'all';
SET client_min_messages = warning;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('011002', 1, '札幌市');
INSERT INTO registry.institution (institution, municipality, kind, name_ja) SELECT outbreak.provisional_institution_code(1, n), '011002', 'hospital', 'H' || n FROM generate_series(1, 3) AS n;
INSERT INTO report.expected (form, institution) SELECT 'gmis.daily', institution FROM registry.institution;
INSERT INTO gmis.daily (institution, on_date, beds_secured, reported_at) VALUES (outbreak.provisional_institution_code(1, 1), '2020-12-01', 10, '2020-12-01 12:00+09');
INSERT INTO gmis.service_status (institution, on_date, service, status) VALUES (outbreak.provisional_institution_code(1, 1), '2020-12-01', 'inpatient', '通常');
SELECT registry.register_person('忘却 太郎', institution => outbreak.provisional_institution_code(1, 1)) AS forgettable \gset
-- a site with stock
INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_days, route) VALUES ('sample', '見本', 'Sample', '見本', 195, 6, 2, 21, 'carrier');
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('sample', 'L1', '2021-09-30');
INSERT INTO vsys.site (site, municipality, kind, state) VALUES (outbreak.provisional_institution_code(1, 1), '011002', 'basic', 'open');
-- … and deliveries on their way to it
INSERT INTO vsys.site (site, municipality, kind, state) VALUES (outbreak.provisional_institution_code(1, 2), '011002', 'basic', 'open');
INSERT INTO vsys.site_product (site, product) SELECT outbreak.provisional_institution_code(1, n), 'sample' FROM generate_series(1, 2) AS n;
INSERT INTO registry.organisation (organisation, kind, name_ja) VALUES (990001, 'carrier_branch', '見本運輸');
INSERT INTO vsys.branch (organisation, kind, company_ja, municipality, location) VALUES (990001, 'carrier', '見本運輸', '011002', 'POINT(141 43)');
INSERT INTO vsys.round (round, product, name_ja, boxes, deliver) VALUES (990001, 'sample', '見本', 3, '[2021-06-01,2021-06-15)');

CREATE SCHEMA hostile;
CREATE TABLE hostile.caught (what text, who name);
GRANT USAGE, CREATE ON SCHEMA hostile TO PUBLIC;
GRANT INSERT, SELECT ON hostile.caught TO PUBLIC;
-- the trap works: a careless definer function falls into it
CREATE FUNCTION hostile.careless() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN now(); END $$;
CREATE ROLE ob_test_hostile LOGIN;
GRANT outbreak_ministry, outbreak_worker, outbreak_anon TO ob_test_hostile;
SET SESSION AUTHORIZATION ob_test_hostile;
SELECT format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO hostile.caught VALUES (%L, current_user); RETURN NULL; END $f$', name, arguments, result, name)
FROM (VALUES ('now', '', 'timestamptz'), ('format', 'text', 'text'), ('quote_ident', 'name', 'text'), ('to_regprocedure', 'text', 'regprocedure'), ('hashtextextended', 'text, bigint', 'bigint'),
	('jsonb_build_object', 'text, text', 'jsonb'), ('count', 'int', 'bigint'), ('cardinality', 'smallint[]', 'integer'), ('coalesce_int', 'int', 'int'), ('history_of', 'regclass', 'regclass'), ('my_prefecture', '', 'smallint'), ('lower', 'daterange', 'date')) AS v (name, arguments, result)
\gexec
CREATE FUNCTION hostile.equal(name, name) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES ('=', current_user); RETURN true; END $$;
CREATE OPERATOR hostile.= (LEFTARG = name, RIGHTARG = name, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.equal(date, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES ('=', current_user); RETURN true; END $$;
CREATE OPERATOR hostile.= (LEFTARG = date, RIGHTARG = date, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.equal(uuid, uuid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES ('=', current_user); RETURN true; END $$;
CREATE OPERATOR hostile.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.less(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES ('<', current_user); RETURN true; END $$;
CREATE OPERATOR hostile.< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = hostile.less);
CREATE TEMP TABLE data_key (subject uuid, version integer, wrapped bytea);
GRANT ALL ON pg_temp.data_key TO PUBLIC;
CREATE TEMP TABLE pg_class (LIKE pg_catalog.pg_class);
CREATE TEMP TABLE pg_attribute AS SELECT attrelid, attname, atttypid, attnum, attisdropped, attgenerated FROM pg_catalog.pg_attribute LIMIT 0;
CREATE TEMP TABLE pg_proc (LIKE pg_catalog.pg_proc);
CREATE TEMP TABLE form (form regclass, on_change text);
CREATE TEMP TABLE dirty (form regclass, period date, prefecture smallint);
GRANT ALL ON pg_temp.pg_class, pg_temp.pg_attribute, pg_temp.pg_proc, pg_temp.form, pg_temp.dirty TO PUBLIC;
SET search_path = pg_temp, hostile, pg_catalog;
SELECT hostile.careless();
-- report.form_replaced: on update and delete
UPDATE gmis.daily SET beds_secured = 12, reported_at = '2020-12-01 13:00+09';
DELETE FROM gmis.daily;
-- report.rule_compiled
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('gmis.daily', 'hostile', 'on_date = on_date AND now() IS NULL', 'error', '-', '-');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('gmis.daily', 'hostile', 'on_date = ''2020-12-01''', 'warning', '-', '-');
-- gmis.institution_changed, gmis.expected_changed
UPDATE registry.institution SET beds_licensed = 100;
UPDATE report.expected SET valid = '[2020-01-01,)';
-- gmis.fold, ops.run_job
SELECT gmis.fold() > 0 AS folded;
SELECT (ops.run_job('fold_rollups', '2020-12-02 00:00+09')).ok;
SELECT (ops.run_job('nothing; DROP TABLE gmis.daily', '2020-12-02 00:00+09')).ok;
-- a search for free beds
SELECT count(*) FROM gmis.changed_free_beds('2020-01-01', 'general');
-- the open data
SELECT * FROM api.reporting_rate('2020-12-01') ORDER BY 1;
SELECT area, service, normal, unanswered FROM api.service_counts('2020-12-01', 'nation') ORDER BY 1, 2;
SELECT "facilityCode", "facilityType", "ansType" FROM api.covid19_daily_survey_since('2020-12-01') ORDER BY 1, 2;
-- access.forget, access.rotate_keys
SELECT outbreak.seal('x', 'name', 'aaaaaaaa-0000-4000-8000-000000000001') IS NOT NULL AS sealed;
SELECT access.forget('aaaaaaaa-0000-4000-8000-000000000001'), access.rotate_keys();

-- registry.forget_person: what the purge looks up, compares and calls
SELECT * FROM registry.forget_person(:'forgettable', true);
-- access.accounts_noted: the trigger that notes who issues and withdraws
SELECT issued FROM access.issue_accounts('hospital') WHERE prefecture IS NULL;
SELECT withdrawn FROM access.withdraw_accounts('x', kind => 'hospital') WHERE prefecture IS NULL;
-- vsys.stock_event_entered, vsys.stock_events_entered, vsys.holding_is_covered: triggers of the ledger
SELECT vsys.post_stock(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'received', 1, happened_at => '2021-06-01 09:00+09') > 0 AS entered;
SELECT posted FROM vsys.report_total(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'given', 5, '2021-06-01 10:00+09', 'k');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT vsys.post_stock(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'given', 0, 2, '2021-06-01 11:00+09');
-- vsys.delivery_noticed, notice_acknowledged, shipment_applied, receipt_applied, discrepancy_explained, reroute_applied
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials)
SELECT 990001, 'sample', outbreak.provisional_institution_code(1, 1), '011002', 990001, '2021-06-01', 195 FROM generate_series(1, 2);
UPDATE vsys.notice SET acknowledged_by = 'x';
SELECT vsys.ship(d.delivery, 'L1', 195, '2021-06-01 08:00+09') > 0 AS shipped FROM vsys.delivery AS d;
SELECT vsys.receive(min(d.delivery), 194, 'x', received_at => '2021-06-01 09:00+09') > 0 AS received FROM vsys.delivery AS d;
SELECT vsys.explain_discrepancy(x.discrepancy, 'lost', 'x') FROM vsys.discrepancy AS x;
SELECT vsys.reroute_delivery(max(d.delivery), outbreak.provisional_institution_code(1, 2), '2021-06-02', 'x', '2021-06-01 10:00+09') > 0 AS rerouted FROM vsys.delivery AS d;
SELECT d.state, count(*) FROM vsys.delivery AS d GROUP BY d.state ORDER BY d.state;
-- vsys.transfer_sent, arrival_applied
SELECT vsys.send_vials(outbreak.provisional_institution_code(1, 1), outbreak.provisional_institution_code(1, 2), 'sample', 'L1', 5, '2021-06-01 12:00+09') AS sent \gset
SELECT vsys.receive_vials(:sent, '2021-06-01 13:00+09', 4, 'x', discarded => 1, reason => 'x') > 0 AS received;
-- vsys.storage_moved, vsys.expiry_recomputed: the batches of storage; vsys.sites_fit, vsys.site_products_fit: which site belongs to which
INSERT INTO vsys.storage_state (product, state, name_ja, name_en, from_c, to_c, max_stay) VALUES ('sample', 'thawed', '冷蔵', 'Thawed', 2, 8, '5 days');
INSERT INTO vsys.storage_step (product, from_state, to_state) VALUES ('sample', 'stored', 'thawed');
SELECT vsys.post_stock(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'received', 1, happened_at => '2021-06-01 10:30+09') > 0 AS entered;
SELECT vsys.store(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'thawed', 1, '2021-06-01 10:40+09') > 0 AS thawed;
UPDATE vsys.lot SET expiry_on = '2021-06-03' WHERE lot = 'L1';
INSERT INTO vsys.site (site, municipality, kind, basic_site) VALUES (outbreak.provisional_institution_code(1, 3), '011002', 'linked', outbreak.provisional_institution_code(1, 1));
INSERT INTO vsys.site_product (site, product) VALUES (outbreak.provisional_institution_code(1, 3), 'sample');
SELECT vsys.post_stock(outbreak.provisional_institution_code(1, 1), 'sample', 'L1', 'given', 0, 20, '2021-06-01 11:00+09') > 0 AS given;
-- vsys.request_faults, vsys.request_checked, vsys.run_round, vsys.decide_round, vsys.publish_round, vsys.explain_published, vsys.withdraw_round
SELECT vsys.make_round('sample', '敵', 1, '[2021-07-05,2021-07-19)', '[{"kind": "basic", "to_level": "basic_site", "rule": "hamilton", "weight": "request"}]', promises => true) AS round \gset
SELECT vsys.submit_requests(:round, ('[{"site": "' || outbreak.text(outbreak.provisional_institution_code(1, 1)) || '", "priority_group": "general", "vials": 5}]')::jsonb);
SELECT vsys.run_round(:round) ->> 'units' AS units;
SELECT vsys.decide_round(:round);
SELECT vsys.publish_round(:round) ->> 'promises_made' AS promises_made;
SELECT count(*) FROM vsys.explain_published(:round, '01');
SELECT vsys.withdraw_round(:round, 'x');
-- vsys.record_dose, check_dose, correct_dose, withdraw_dose, mend_dose, dismiss_dose, import_vrs, export_vrs, and the triggers of doses
RESET search_path;
RESET SESSION AUTHORIZATION;
INSERT INTO registry.person (person, birth_year, prefecture) VALUES ('aaaaaaaa-0000-4000-8000-000000000077', 1950, 1);
INSERT INTO vsys.programme (programme, name_ja, name_en, valid) VALUES ('hostile', '敵対', 'Hostile', '(,)');
INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, priority_group, valid) VALUES ('011002', '0000000077', 'hostile', 'aaaaaaaa-0000-4000-8000-000000000077', 1950, 'general', '(,)');
GRANT outbreak_institution TO ob_test_hostile;
SET outbreak.access_authenticator = 'ob_test_hostile';
SET SESSION AUTHORIZATION ob_test_hostile;
SELECT set_config('request.jwt.claims', json_build_object('institution', outbreak.provisional_institution_code(1, 1)::text)::text, true) <> '' AS in_scope;
SET search_path = pg_temp, hostile, pg_catalog;
SELECT vsys.check_dose(outbreak.provisional_institution_code(1, 1), '1101100200000000077'::text, 'sample L1', '2021-06-01 11:30+09') ->> 'outcome' AS unreadable;
SELECT vsys.record_dose(outbreak.provisional_institution_code(1, 1), '110110020000000077', 'sample L1', '2021-06-01 11:30+09') ->> 'outcome' AS recorded;
SELECT vsys.record_dose(outbreak.provisional_institution_code(1, 1), '110110020000000078', 'sample L1', '2021-06-01 11:30+09') ->> 'outcome' AS kept;
SELECT vsys.correct_dose(d.dose, '{"doctor": "x"}', 'x') ->> 'outcome' AS corrected FROM vsys.dose AS d WHERE d.state = 'in_force';
SELECT vsys.withdraw_dose(d.dose, 'x') FROM vsys.dose AS d WHERE d.state = 'in_force';
SELECT vsys.mend_dose(i.issue, '{"number": "0000000077"}') ->> 'outcome' AS mended FROM vsys.dose_issue AS i;
SELECT vsys.record_dose(outbreak.provisional_institution_code(1, 1), '110110020000000079', 'sample L1', '2021-06-01 11:30+09') ->> 'outcome' AS kept;
SELECT vsys.dismiss_dose(max(i.issue), 'x') FROM vsys.dose_issue AS i;
SELECT vsys.import_vrs('a,b'::bytea);
SELECT vsys.export_vrs('011002', '2021-01-01', '2021-12-31');
RESET search_path;
RESET SESSION AUTHORIZATION;
GRANT outbreak_municipality TO ob_test_hostile;
SET SESSION AUTHORIZATION ob_test_hostile;
SELECT set_config('request.jwt.claims', '{"municipality": "011002"}', true) <> '' AS in_scope;
SET search_path = pg_temp, hostile, pg_catalog;
SELECT vsys.import_vrs(e.file) ->> 'duplicates' AS known FROM vsys.export_vrs('011002', '2021-01-01', '2021-12-31') AS e;
-- vsys.fold_doses, take_unbooked_doses, publish_coverage
SELECT vsys.take_unbooked_doses() ->> 'taken' AS taken, vsys.fold_doses() ->> 'folded' AS folded, vsys.publish_coverage('2021-06-07 00:10+09') -> 'failed' AS failed;
-- vsys.purge_drafts, purge_stock_keys: a moment far ahead is now
SELECT vsys.purge_drafts('2999-01-01') AS drafts, vsys.purge_stock_keys('2999-01-01') IS NOT NULL AS keys;
RESET search_path;
RESET SESSION AUTHORIZATION;
-- ---- booking: more traps, and a day on which everything happens
RESET search_path;
RESET SESSION AUTHORIZATION;
INSERT INTO vsys.programme_product (programme, product) VALUES ('hostile', 'sample');
UPDATE vsys.site SET public = true, reservation = 'vsys' WHERE site OPERATOR(outbreak.=) outbreak.provisional_institution_code(1, 1);
SET SESSION AUTHORIZATION ob_test_hostile;
SELECT format('CREATE FUNCTION hostile.trap(%1$s, %2$s) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO hostile.caught VALUES (%3$L, current_user); RETURN true; END $f$', one, other, format('%s of %s', '=', one))
FROM (VALUES ('bigint', 'bigint'), ('text', 'text'), ('timestamptz', 'timestamptz'), ('smallint', 'smallint'), ('outbreak.municipality_code', 'outbreak.municipality_code'), ('outbreak.institution_code', 'outbreak.institution_code'), ('jsonb', 'text')) AS v (one, other)
\gexec
SELECT format('CREATE OPERATOR hostile.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = hostile.trap)', name, one, other)
FROM (VALUES ('=', 'bigint', 'bigint'), ('<', 'bigint', 'bigint'), ('=', 'text', 'text'), ('~', 'text', 'text'), ('<=', 'timestamptz', 'timestamptz'), ('>', 'timestamptz', 'timestamptz'), ('=', 'smallint', 'smallint'),
	('=', 'outbreak.municipality_code', 'outbreak.municipality_code'), ('=', 'outbreak.institution_code', 'outbreak.institution_code'), ('->>', 'jsonb', 'text')) AS v (name, one, other)
\gexec
SELECT format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO hostile.caught VALUES (%L, current_user); RETURN NULL; END $f$', name, arguments, result, name)
FROM (VALUES ('nextval', 'regclass', 'bigint'), ('btrim', 'text', 'text'), ('left', 'text, integer', 'text'), ('to_char', 'timestamp, text', 'text'), ('my_municipality', '', 'outbreak.municipality_code'), ('my_person', '', 'uuid'), ('local_date', 'timestamptz', 'date'),
	('take_token', 'text, double precision, double precision', 'interval'), ('current_setting', 'text', 'text'), ('pg_has_role', 'name, name, text', 'boolean'), ('jsonb_typeof', 'jsonb', 'text'), ('array_ndims', 'bigint[]', 'integer')) AS v (name, arguments, result)
\gexec
CREATE TEMP TABLE slot (slot bigint, session bigint, capacity integer, taken integer, open boolean);
CREATE TEMP TABLE session (session bigint, site outbreak.institution_code);
CREATE TEMP TABLE booking (booking bigint, person uuid);
CREATE TEMP TABLE ticket (municipality outbreak.municipality_code, number text, person uuid);
CREATE TEMP TABLE booking_reason (reason text, sqlstate text, message_ja text, message_en text);
CREATE TEMP TABLE product (product text, interval_min_days smallint);
GRANT ALL ON pg_temp.slot, pg_temp.session, pg_temp.booking, pg_temp.ticket, pg_temp.booking_reason, pg_temp.product TO PUBLIC;
SET search_path = pg_temp, hostile, pg_catalog;
-- vsys.issue_tickets, make_sessions, set_session, enter_status
SELECT count(*) AS faults FROM vsys.issue_tickets('[{"number": "0000000101", "birth_on": "1951-01-02", "priority_group": "general"}, {"number": "0000000102", "birth_on": "1951-01-02", "priority_group": "general"},
	{"number": "0000000103", "birth_on": "1951-01-02", "priority_group": "general"}, {"number": "0000000104", "birth_on": "1951-01-02", "priority_group": "general"}]', 'hostile');
SELECT m.* FROM vsys.make_sessions(outbreak.provisional_institution_code(1, 1), 'hostile', 'sample', '[{"weekday": 1, "start": "09:00", "end": "10:00", "minutes": 30, "capacity": 1}]', current_date + 8, current_date + 14) AS m;
SELECT m.* FROM vsys.make_sessions(outbreak.provisional_institution_code(1, 1), 'hostile', 'sample', '[{"weekday": 2, "start": "09:00", "end": "09:30", "minutes": 30, "capacity": 1}]', current_date + 8, current_date + 14, mode => 'queue') AS m;
RESET search_path;
RESET SESSION AUTHORIZATION;
SELECT min(s.slot) FILTER (WHERE e.mode = 'queue') AS queue, min(s.session) FILTER (WHERE e.mode = 'direct') AS day, min(s.slot) AS first, min(s.slot) + 1 AS second
FROM vsys.slot AS s JOIN vsys.session AS e USING (session) WHERE e.programme = 'hostile' \gset
SELECT person AS leaver FROM vsys.ticket WHERE number = '0000000104' AND programme = 'hostile' \gset
SET SESSION AUTHORIZATION ob_test_hostile;
SET search_path = pg_temp, hostile, pg_catalog;
SELECT vsys.set_session(:day, walk_in => true);
SELECT vsys.enter_status(outbreak.provisional_institution_code(1, 1), 'few');
-- vsys.require_few_failures, book, rebook, my_bookings, join_waiting_list, my_waiting, leave_waiting_list, cancel, set_capacity
SELECT vsys.require_few_failures();
SELECT vsys.book(:first, '011002', '0000000101', '1951-01-02') AS one \gset
SELECT vsys.book(:second, '011002', '0000000102', '1951-01-02') AS two \gset
SELECT vsys.book(:first, '011002', '0000000103', '1951-01-02');
SELECT vsys.book(:first, '011002', '0000000000', '1951-01-02');
SELECT vsys.join_waiting_list(:day, '011002', '0000000103', '1951-01-02') AS waiting \gset
SELECT vsys.join_waiting_list(:day, '011002', '0000000104', '1951-01-02') AS waiting_too \gset
SELECT count(*) AS waiting FROM vsys.my_waiting('011002', '0000000103', '1951-01-02');
SELECT vsys.leave_waiting_list(:waiting, '011002', '0000000103', '1951-01-02') AS left;
SELECT vsys.cancel(:one, '011002', '0000000101', '1951-01-02') AS cancelled;
SELECT vsys.set_capacity(:second, 2) AS promoted;
SELECT vsys.rebook(:two, :first, '011002', '0000000102', '1951-01-02');
SELECT vsys.set_capacity(:first, 2) AS promoted;
SELECT vsys.rebook(:two, :first, '011002', '0000000102', '1951-01-02') > 0 AS moved;
SELECT b.state FROM vsys.my_bookings('011002', '0000000102', '1951-01-02') AS b ORDER BY b.booking;
-- vsys.request_booking, queue_place, withdraw_request, allocate
SELECT r.request, r.claim FROM vsys.request_booking(ARRAY[:queue]::bigint[], '011002', '0000000101', '1951-01-02') AS r \gset
SELECT vsys.allocate(10) AS decided;
SELECT q.state FROM vsys.queue_place(:request, :'claim') AS q;
SELECT vsys.withdraw_request(:request, :'claim') AS withdrawn;
-- vsys.product_rules_changed, programme_rules_changed
UPDATE vsys.product AS p SET min_age = 12 WHERE p.product OPERATOR(pg_catalog.=) 'sample';
UPDATE vsys.programme AS p SET last_dose = 2 WHERE p.programme OPERATOR(pg_catalog.=) 'hostile';
-- vsys.public_sites, public_slots, and what is published of them
SELECT count(*) AS sites FROM vsys.public_sites(1::smallint, '011002', outbreak.provisional_institution_code(1, 1), 'sample');
SELECT count(*) AS slots FROM vsys.public_slots(outbreak.provisional_institution_code(1, 1));
SELECT (SELECT count(*) FROM vsys.fhir_locations()) AS locations, (SELECT count(*) FROM vsys.fhir_schedules()) AS schedules, (SELECT count(*) > 0 FROM vsys.fhir_slots()) AS slots, (SELECT count(*) > 0 FROM vsys.fhir_files()) AS files;
-- vsys.booking_purged: who is forgotten gives the place back
SELECT count(*) AS rows FROM registry.forget_person(:'leaver', true);
-- vsys.reissue_ticket, withdraw_tickets, mark_no_shows, close_session, reopen_session
SELECT vsys.reissue_ticket('0000000101', '0000000111');
SELECT w.outcome, w.bookings FROM vsys.withdraw_tickets('{0000000111}', 'x') AS w;
SELECT count(*) AS missed FROM vsys.mark_no_shows(:day);
SELECT count(*) AS displaced FROM vsys.close_session(:day, 'x');
SELECT vsys.reopen_session(:day);
RESET search_path;
RESET SESSION AUTHORIZATION;

-- signed codes: a key to sign with, and a quarantine officer
GRANT outbreak_quarantine TO ob_test_hostile;
SELECT length(credential.new_key('dcc')) AS kid;
SET SESSION AUTHORIZATION ob_test_hostile;
SET search_path = pg_temp, hostile, pg_catalog;
-- credential.issue_ticket, sign_dcc
SELECT credential.issue_ticket('00000000-0000-4000-8000-000000000001', 'arrival', pg_catalog.tstzrange(pg_catalog.now(), pg_catalog.now() OPERATOR(pg_catalog.+) interval '1 day'), 'NRT') AS code \gset
SELECT t.valid FROM credential.check_ticket(:'code', pg_catalog.now() OPERATOR(pg_catalog.+) interval '1 hour') AS t;
SELECT starts_with(credential.sign_dcc('{"ver": "1.3.3", "nam": {"fnt": "TEST"}, "dob": "", "r": [{"tg": "1", "fr": "2021-01-10", "co": "JP", "is": "x", "df": "2021-01-24", "du": "2021-06-30", "ci": "x"}]}',
	pg_catalog.tstzrange(pg_catalog.now(), pg_catalog.now() OPERATOR(pg_catalog.+) interval '1 day')), 'HC1:') AS signed;
RESET search_path;
RESET SESSION AUTHORIZATION;
SELECT count(*) AS wrong FROM vsys.check_slots();
\getenv srcdir PG_ABS_SRCDIR
\set quarantine :srcdir /sql/access/definers_quarantine.inc
\i :quarantine
\set followup :srcdir /sql/access/definers_followup.inc
\i :followup
-- what ran with rights that the caller has not: the careless one alone
SELECT what, who FROM hostile.caught WHERE who <> 'ob_test_hostile';
-- … and nothing was left out (pg_proc itself, and not the temporary one above): functions with the owner's rights that were not called above, or never came to their end
SELECT p.oid::regproc AS not_tried
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.prosecdef
	AND n.nspname IN (SELECT d.word FROM outbreak.deployment AS d)
	AND coalesce(pg_stat_get_xact_function_calls(p.oid), 0) = 0
ORDER BY n.nspname, p.proname;
ROLLBACK;
