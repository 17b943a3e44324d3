-- Three persons leave traces wherever they can today. When the period of the first is over it is nowhere any more, in no
-- column of any table; the second, one day younger, is where it was; so is the third, of the same age, for whom a court
-- asked. Nothing goes a day early. A dry run counts the same and changes nothing; a second run finds nothing.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 1), 'hospital', 'H'), (outbreak.provisional_institution_code(13, 2), 'hospital', 'I');
-- a survey with personal fields, as a later word or an administrator brings them, with its rules
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
CREATE TABLE survey.visit (institution outbreak.institution_code NOT NULL, on_date date NOT NULL, person uuid, note text, voice outbreak.sealed, PRIMARY KEY (institution, on_date));
ALTER TABLE survey.visit OWNER TO outbreak_owner;
SELECT report.register('survey.visit', 'institution', 'on_date');
ALTER TABLE survey.visit_history OWNER TO outbreak_owner;
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.visit', 'long', 'length(note) < 60', 'error', '-', '-'), ('survey.visit', 'odd', 'note !~ ''変''', 'warning', '-', '-');
-- partitioned by month, read in two ways
CREATE TABLE survey.call (call bigint NOT NULL, called_at timestamptz NOT NULL, person uuid, said text, prefecture smallint) PARTITION BY RANGE (called_at);
CREATE TABLE survey.call_201503 PARTITION OF survey.call FOR VALUES FROM ('2015-03-01') TO ('2015-04-01');
CREATE TABLE survey.call_default PARTITION OF survey.call DEFAULT;
ALTER TABLE survey.call OWNER TO outbreak_owner;
INSERT INTO access.retention (relation, since, action, keep, subject, columns, basis, comment)
VALUES ('survey.visit', 'on_date', 'delete', '5 years', 'person', '{}', 'x', 'x'), ('survey.visit_history', 'on_date', 'delete', '5 years', 'person', '{}', 'x', 'x'),
	('survey.call', 'called_at', 'erase', '5 years', 'person', '{person,said}', 'x', 'x');

-- ---- three lives

CREATE TABLE pg_temp.mark (person text, number uuid, marker text);
-- what stands since this transaction only leaves no history, so it is made to stand for longer
CREATE FUNCTION pg_temp.age() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('session_replication_role', 'replica', true);
	UPDATE survey.visit SET recorded_at = on_date;
	PERFORM set_config('session_replication_role', 'origin', true);
END $$;
CREATE FUNCTION pg_temp.live(who text, shift integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	marker text := 'しるし' || who || 'しるし';
	-- what is kept for five years ends with 31 March 2020 for a shift of 0
	ended date := date '2015-03-31' + shift;
	ended_at timestamptz := (ended + time '23:59:59') AT TIME ZONE 'Asia/Tokyo';
	years interval := '4 years';
	numb uuid;
	run bigint;
	hospital outbreak.institution_code;
BEGIN
	INSERT INTO registry.institution (institution, kind, name_ja, contact, valid)
	VALUES (outbreak.provisional_institution_code(13, 100 + ascii(who)), 'clinic', 'C' || ascii(who), marker, daterange(NULL, (ended + years)::date, '[]')) RETURNING institution INTO hospital;
	numb := registry.register_person(marker, 'シルシ', '1970-01-01', 'other', '0901234567' || ascii(who) % 10, 'shirushi' || ascii(who) || '@example.jp', marker || '町', institution => hospital);
	PERFORM registry.correct_identity(numb, phone => '0801234567' || ascii(who) % 10);
	PERFORM registry.close_person(numb, ended);
	INSERT INTO access.account (subject, role, person, reason, withdrawn_at) VALUES ('sub-' || ascii(who), 'outbreak_citizen', numb, marker, ended_at);
	-- a report, corrected (what it said before is in its history); one refused; one doubted, with a reason
	INSERT INTO survey.visit (institution, on_date, person, note, voice) VALUES (hospital, ended, numb, marker || '1', outbreak.seal(marker, 'voice', numb));
	PERFORM pg_temp.age();
	UPDATE survey.visit v SET note = marker || '変' WHERE v.person = numb;
	PERFORM pg_temp.age();
	PERFORM report.give_reason('survey.visit', jsonb_build_object('institution', hospital, 'on_date', ended), 'odd', marker);
	UPDATE report.finding f SET reason_at = ended_at + interval '2 years', reason_by = marker WHERE f.reason = marker;
	PERFORM set_config('outbreak.on_invalid', 'quarantine', true);
	INSERT INTO survey.visit (institution, on_date, person, note) VALUES (hospital, ended - 1, numb, repeat(marker, 20));
	PERFORM set_config('outbreak.on_invalid', 'refuse', true);
	UPDATE report.rejected r SET rejected_at = ended_at + years, prefecture = 13 WHERE r.record::text LIKE '%' || marker || '%';
	INSERT INTO survey.call VALUES (1, ended_at, numb, marker, 13);
	-- a list with the name in it, and a job that fell over it
	run := registry.load_municipalities(jsonb_build_array(jsonb_build_object('団体コード', marker, '都道府県名', marker)), 'list');
	UPDATE registry.load l SET at = ended_at, by_role = marker WHERE l.load = run;
	UPDATE registry.load_issue i SET found_at = ended_at + years WHERE i.load = run;
	INSERT INTO ops.job_run (job, as_of, started_at, finished_at, ok, error) VALUES ('remind', ended_at, ended_at + interval '1737 days', ended_at + interval '1737 days', false, jsonb_build_object('message', marker));
	INSERT INTO pg_temp.mark VALUES (who, numb, marker), (who, numb, numb::text), (who, numb, replace(numb::text, '-', '')), (who, numb, encode(convert_to(marker, 'UTF8'), 'hex'));
	INSERT INTO pg_temp.mark SELECT who, numb, unnest(ARRAY[i.name, i.kana, i.birth_on, i.phone, i.mail, i.address]::text[]) FROM registry.identity i WHERE i.person = numb;
	INSERT INTO pg_temp.mark SELECT who, numb, v.voice::text FROM survey.visit v WHERE v.person = numb;
	INSERT INTO pg_temp.mark SELECT who, numb, encode(k.wrapped, 'hex') FROM access.data_key k WHERE k.subject = numb;
END $$;
SELECT pg_temp.live('甲', 0), pg_temp.live('乙', 1), pg_temp.live('丙', 0) \g /dev/null
INSERT INTO access.legal_hold (subject, reason) SELECT number, '裁判所の照会' FROM pg_temp.mark WHERE person = '丙' LIMIT 1;

-- ---- every table, every column

CREATE FUNCTION pg_temp.traces(who text) RETURNS TABLE (place text, row_count bigint) LANGUAGE plpgsql AS $$
DECLARE t record;
BEGIN
	FOR t IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'm') AND (n.nspname IN ('outbreak', 'survey', 'public') OR n.nspname IN (SELECT word FROM outbreak.deployment)) ORDER BY c.oid::regclass::text COLLATE "C"
	LOOP
		EXECUTE format('SELECT count(*) FROM ONLY %s AS t WHERE EXISTS (SELECT FROM pg_temp.mark AS m WHERE m.person = $1 AND strpos(t::text, m.marker) > 0)', t.name) INTO row_count USING who;
		place := t.name;
		IF row_count > 0 THEN RETURN NEXT; END IF;
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE plpgsql AS $$
DECLARE t record; one text; state text := '';
BEGIN
	FOR t IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND (n.nspname IN ('outbreak', 'survey') OR n.nspname IN (SELECT word FROM outbreak.deployment)) ORDER BY c.oid::regclass::text COLLATE "C"
	LOOP
		EXECUTE format('SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C"), '''')) FROM ONLY %s AS t', t.name) INTO one;
		state := md5(state || one);
	END LOOP;
	RETURN state;
END $$;
SELECT pg_temp.state() AS before \gset
CREATE TEMP TABLE traces_before AS SELECT w.who, t.* FROM unnest('{甲,乙,丙}'::text[]) AS w (who) CROSS JOIN LATERAL pg_temp.traces(w.who) AS t;
-- all three left the same traces
SELECT place, max(row_count) FILTER (WHERE who = '甲') AS "甲", max(row_count) FILTER (WHERE who = '乙') AS "乙", max(row_count) FILTER (WHERE who = '丙') AS "丙" FROM traces_before GROUP BY place ORDER BY place COLLATE "C";

-- ---- the day before: nothing
SELECT sum(due) AS due, sum(done) AS done, sum(held) AS held FROM access.purge('2020-03-31 23:59:59+09');
SELECT pg_temp.state() = :'before' AS unchanged;
-- ---- the day: first dry
CREATE TEMP TABLE dry AS SELECT * FROM access.purge('2020-04-01 00:00+09', dry_run => true);
SELECT pg_temp.state() = :'before' AS unchanged;
SET ROLE outbreak_owner;
CREATE TEMP TABLE wet AS SELECT * FROM access.purge('2020-04-01 00:00+09');
RESET ROLE;
SELECT relation, action, since, due, done, held, needed, problem FROM wet WHERE due > 0 OR problem IS NOT NULL ORDER BY relation::text COLLATE "C", action, since;
SELECT count(*) AS differences FROM (TABLE dry EXCEPT TABLE wet) AS d;
-- nothing of the first is left but that there was a number whose key was destroyed
SELECT * FROM pg_temp.traces('甲');
SELECT k.wrapped IS NULL AS no_key FROM access.data_key AS k JOIN pg_temp.mark AS m ON m.number = k.subject AND m.person = '甲' LIMIT 1;
-- the second is where it was, and can be read
SELECT place, row_count FROM traces_before WHERE who = '乙' EXCEPT SELECT * FROM pg_temp.traces('乙');
SELECT * FROM registry.find_person(name => 'しるし乙しるし') \gset
SELECT name, phone FROM registry.reveal_identity(:'person');
-- so is the third, but for what does not say whom it is about
SELECT place, row_count FROM traces_before WHERE who = '丙' EXCEPT SELECT * FROM pg_temp.traces('丙') ORDER BY place;
SELECT r.name, r.phone FROM registry.find_person(name => 'しるし丙しるし') AS f CROSS JOIN LATERAL registry.reveal_identity(f.person) AS r;
-- a second run finds nothing but what is held
SELECT pg_temp.state() AS after \gset
SELECT sum(done) AS done, sum(due) = sum(held) AS rest_is_held FROM access.purge('2020-04-01 00:00+09');
SELECT pg_temp.state() = :'after' AS unchanged;
-- a day later the second goes too; the holds end, and so does what they held
UPDATE access.legal_hold SET valid = daterange('2000-01-01', '2019-01-01');
CREATE ROLE ob_test_worker LOGIN;
GRANT outbreak_worker TO ob_test_worker;
SET SESSION AUTHORIZATION ob_test_worker;
SELECT r.ok, r.result - 'rules' AS result FROM ops.run_job('purge', '2020-04-02 00:00+09') AS r;
RESET SESSION AUTHORIZATION;
SELECT w.who, t.* FROM unnest('{甲,乙,丙}'::text[]) AS w (who) CROSS JOIN LATERAL pg_temp.traces(w.who) AS t;
ROLLBACK;
