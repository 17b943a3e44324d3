-- What a role may see is found by an index, and what it looks up under a policy is too: the getters are leakproof and
-- stand on the right of an indexed column, look-ups are "=" or starts_with on built-in types and codes. LIKE, ranges and
-- JSON lose theirs under a policy that hides rows, as PostgreSQL has it: of the last three only the policy has an index.
-- With sequential scans made dear, one that is left means that no index would do.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja) SELECT outbreak.provisional_institution_code(1 + n % 47, 800000 + n), 'clinic', 'C' || n FROM generate_series(1, 4700) AS n;
INSERT INTO access.account (subject, role, institution) SELECT institution::text || '-' || gen_random_uuid(), 'outbreak_institution', institution FROM registry.institution;
-- as many rows of everybody, on several days, as make the choice of an index no matter of chance
INSERT INTO gmis.daily (institution, on_date, beds_secured, reported_at)
SELECT i.institution, d::date, 10, d + interval '12 hours'
FROM registry.institution AS i, generate_series(timestamptz '2020-11-28', '2020-12-03', '1 day') AS d;
UPDATE gmis.daily SET beds_secured = 11;
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at)
SELECT i.institution, d::date, 'inpatient', '通常', d + interval '12 hours'
FROM registry.institution AS i, generate_series(timestamptz '2020-11-28', '2020-12-03', '1 day') AS d;
INSERT INTO gmis.weekly_supply (institution, week_on, item, stock, reported_at)
SELECT i.institution, d::date, 'n95_mask', 10, d + interval '12 hours'
FROM registry.institution AS i, generate_series(timestamptz '2020-11-09', '2020-12-07', '7 days') AS d;
INSERT INTO report.finding (form, key, code, severity, reporter, prefecture, period)
SELECT 'gmis.daily', jsonb_build_object('institution', i.institution, 'on_date', d::date), 'x', 'warning', i.institution, i.prefecture, d::date
FROM registry.institution AS i, generate_series(timestamptz '2020-11-28', '2020-12-03', '1 day') AS d;
INSERT INTO report.rejected (form, reporter, prefecture, period, record, findings, rejected_by)
SELECT 'gmis.daily', f.reporter, f.prefecture, f.period, '{}', '[]', 'x'
FROM report.finding AS f;
INSERT INTO ops.reminder (form, institution, period, due_at)
SELECT 'gmis.daily', f.reporter, f.period, '2020-12-04'
FROM report.finding AS f;
INSERT INTO report.expected (form, institution) SELECT 'gmis.daily', institution FROM registry.institution;
SELECT gmis.fold() > 0 AS folded;
ANALYZE registry.institution, access.account, gmis.daily, gmis.daily_history, gmis.service_status, gmis.weekly_supply, gmis.daily_by_prefecture, gmis.daily_by_municipality,
	report.finding, report.rejected, report.expected, ops.reminder;
-- the plan of a query as a role; what there is of it when it is as said, all of it otherwise
CREATE FUNCTION plan(role text, query text, condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text[] := '{}';
	how text := 'NO INDEX for ' || condition;
BEGIN
	PERFORM set_config('role', 'outbreak_' || role, true);
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query
	LOOP
		lines := lines || line;
		IF line ~ 'Seq Scan' THEN
			how := 'SEQUENTIAL SCAN';
			EXIT;
		ELSIF line ~ 'Index Cond:' AND strpos(line, condition) > 0 THEN
			how := 'index: ' || condition;
		END IF;
	END LOOP;
	PERFORM set_config('role', 'none', true);
	RETURN CASE WHEN starts_with(how, 'index') THEN how ELSE how || E'\n' || array_to_string(lines, E'\n') END;
END
$$;
CREATE TEMP TABLE look_up (number serial, role text, query text, condition text);
INSERT INTO look_up (role, query, condition) VALUES
	-- forms: a day of one's own, a report of somebody
	('institution', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('institution', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01' AND institution OPERATOR(outbreak.=) '0110112489'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('institution', $q$SELECT * FROM gmis.service_status WHERE on_date = '2020-12-01' AND service = 'inpatient'$q$, $c$on_date = '2020-12-01'$c$),
	('institution', $q$SELECT * FROM gmis.weekly_supply WHERE week_on = '2020-11-30'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('institution', $q$SELECT * FROM gmis.daily_history WHERE on_date = '2020-12-01'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('prefecture', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01'$q$, $c$on_date = '2020-12-01'$c$),
	('prefecture', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01' AND institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('prefecture', $q$SELECT * FROM gmis.service_status WHERE on_date = '2020-12-01' AND service = 'inpatient'$q$, $c$on_date = '2020-12-01'$c$),
	('prefecture', $q$SELECT * FROM gmis.service_status WHERE on_date = '2020-12-01' AND status = '停止'$q$, $c$on_date = '2020-12-01'$c$),
	('ministry', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01' AND institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('analyst', $q$SELECT * FROM gmis.daily WHERE on_date = '2020-12-01' AND institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('anon', $q$SELECT institution, status FROM gmis.service_status WHERE on_date = '2020-12-01' AND institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	-- sums
	('prefecture', $q$SELECT * FROM gmis.daily_by_prefecture WHERE on_date = '2020-12-01'$q$, $c$my_prefecture()$c$),
	('prefecture', $q$SELECT * FROM gmis.daily_by_municipality WHERE on_date = '2020-12-01'$q$, $c$my_prefecture()$c$),
	-- what came of the forms
	('institution', $q$SELECT * FROM report.finding WHERE period = '2020-12-01'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('prefecture', $q$SELECT * FROM report.finding WHERE period = '2020-12-01'$q$, $c$my_prefecture()$c$),
	('institution', $q$SELECT * FROM report.rejected WHERE period = '2020-12-01'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('prefecture', $q$SELECT * FROM report.rejected$q$, $c$my_prefecture()$c$),
	('institution', $q$SELECT * FROM ops.reminder WHERE period = '2020-12-01'$q$, $c$ANY (outbreak.my_institutions())$c$),
	('prefecture', $q$SELECT * FROM ops.reminder$q$, $c$my_prefecture()$c$),
	('institution', $q$SELECT * FROM report.expected$q$, $c$ANY (outbreak.my_institutions())$c$),
	-- the registry
	('prefecture', $q$SELECT * FROM registry.institution WHERE institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('prefecture', $q$SELECT * FROM registry.institution WHERE name_ja = '札幌病院'$q$, $c$name_ja =$c$),
	('institution', $q$SELECT name_ja FROM registry.institution WHERE municipality OPERATOR(outbreak.=) '011002'$q$, $c$municipality OPERATOR$c$),
	('municipality', $q$SELECT * FROM registry.institution WHERE prefecture = 1$q$, $c$prefecture = 1$c$),
	('anon', $q$SELECT name_ja FROM registry.institution WHERE name_ja = '札幌病院'$q$, $c$name_ja =$c$),
	('citizen', $q$SELECT name_ja FROM registry.institution WHERE institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('prefecture', $q$SELECT * FROM registry.proxy$q$, $c$my_prefecture()$c$),
	('institution', $q$SELECT * FROM registry.proxy$q$, $c$my_organisation()$c$),
	-- accounts
	('prefecture', $q$SELECT * FROM access.account$q$, $c$my_prefecture()$c$),
	('prefecture', $q$SELECT * FROM access.account WHERE subject = 'x'$q$, $c$subject = 'x'$c$),
	('prefecture', $q$SELECT * FROM access.account WHERE institution OPERATOR(outbreak.=) '0110112489'$q$, $c$institution OPERATOR(outbreak.=) '0110112489'$c$),
	('institution', $q$SELECT * FROM access.api_limit WHERE role = 'outbreak_institution'$q$, $c$role =$c$),
	-- lost under a policy, and kept
	('prefecture', $q$SELECT * FROM ops.reminder WHERE period <@ daterange('2020-12-01', '2020-12-08')$q$, $c$my_prefecture()$c$),
	('prefecture', $q$SELECT * FROM access.account WHERE subject LIKE '0110112489-%'$q$, $c$my_prefecture()$c$),
	('prefecture', $q$SELECT * FROM access.account WHERE starts_with(subject, '0110112489-')$q$, $c$my_prefecture()$c$);
GRANT SELECT ON look_up TO PUBLIC;
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"prefecture": 13, "institution": "0110112489", "organisation": 7}';
SET LOCAL enable_seqscan = off;
SELECT l.role || ': ' || l.query || E'\n    ' || plan(l.role, l.query, l.condition) AS "who: what, and how"
FROM look_up AS l
ORDER BY l.number
\g (format=unaligned tuples_only=on)
ROLLBACK;
