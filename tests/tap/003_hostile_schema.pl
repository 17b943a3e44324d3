# Somebody who may create objects waits for the superuser who creates the extension and deploys. Whatever stands
# in the way is refused, and none of the functions and operators that he planted is ever called: not while the
# extension is created, not while it is deployed, not by what was deployed.
use strict;
use warnings;

use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main');
$node->safe_psql('postgres', 'CREATE ROLE mallory LOGIN');

# ---- the schema of the extension

sub refused
{
	my ($name, $setup, $reason) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, "SET client_min_messages = warning; CREATE EXTENSION postgis; $setup");
	my $error = $node->fails($name, 'CREATE EXTENSION outbreak', '42P15', "a schema outbreak that $reason is refused");
	like($error, qr/schema "outbreak" $reason/, 'for that reason');
	is($node->rows($name, q{SELECT count(*) FROM pg_extension WHERE extname = 'outbreak'}), '0', 'nothing is left');
	return;
}
refused('owned', 'CREATE SCHEMA outbreak AUTHORIZATION mallory', 'belongs to a role that is not a superuser');
refused('shared', 'CREATE SCHEMA outbreak; GRANT CREATE ON SCHEMA outbreak TO mallory', 'lets others create objects in it');
refused('open', 'CREATE SCHEMA outbreak; GRANT CREATE ON SCHEMA outbreak TO PUBLIC', 'lets others create objects in it');
refused('planted', <<'SQL', 'is not empty');
CREATE SCHEMA outbreak;
GRANT CREATE ON SCHEMA outbreak TO mallory;
SET ROLE mallory;
CREATE FUNCTION outbreak.percent(integer, integer) RETURNS integer LANGUAGE SQL RETURN 100;
RESET ROLE;
REVOKE CREATE ON SCHEMA outbreak FROM mallory;
SQL
$node->safe_psql('postgres', 'CREATE DATABASE prepared');
$node->safe_psql('prepared', 'SET client_min_messages = warning; CREATE SCHEMA outbreak; CREATE EXTENSION outbreak CASCADE; CALL outbreak.deploy()');
is($node->rows('prepared', q{SELECT outbreak.version() = extversion FROM pg_extension WHERE extname = 'outbreak'}), 't', 'an empty schema of a superuser is taken');

# ---- tempting signatures

# Of every function and operator of pg_catalog a copy in public, which the search path finds first, and exact
# signatures where pg_catalog has polymorphic ones. Each says so in the server's log, then fails.
$node->safe_psql('postgres', 'CREATE DATABASE hijacked');
$node->safe_psql('hijacked', <<'SQL');
SET client_min_messages = warning;
CREATE SCHEMA gis;
CREATE EXTENSION postgis SCHEMA gis;
GRANT CREATE ON SCHEMA public TO mallory;
SET SESSION AUTHORIZATION mallory;
DO $$
DECLARE
	signature record;
	planted integer := 0;
BEGIN
	FOR signature IN
		SELECT DISTINCT p.proname AS name,
			pg_catalog.oidvectortypes(p.proargtypes) AS arguments
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'pg_catalog'::regnamespace
			AND p.prokind = 'f'
			AND p.provariadic = 0
			AND NOT EXISTS (
				SELECT
				FROM unnest(p.proargtypes) AS a (type)
				JOIN pg_catalog.pg_type t ON t.oid = a.type
				WHERE t.typtype = 'p'
			)
		UNION
		VALUES ('unnest', 'text[]'), ('array_position', 'text[], text'), ('array_append', 'text[], text'),
			('array_cat', 'text[], text[]'), ('array_to_string', 'text[], text'), ('cardinality', 'text[]'),
			('format', 'text, text'), ('format', 'text, name'), ('concat_ws', 'text, text, text'), ('concat', 'text, text'),
			('to_jsonb', 'text'), ('to_jsonb', 'integer'), ('to_jsonb', 'date'), ('jsonb_build_object', 'text, text'),
			('lower', 'daterange'), ('upper', 'daterange'), ('isempty', 'daterange')
	LOOP
		BEGIN
			EXECUTE pg_catalog.format($f$CREATE FUNCTION public.%I(%s) RETURNS boolean LANGUAGE plpgsql AS
				'BEGIN RAISE LOG ''HIJACKED %s''; RAISE EXCEPTION ''HIJACKED %s''; END'$f$,
				signature.name, signature.arguments, signature.name, signature.name);
			planted := planted + 1;
		EXCEPTION WHEN undefined_object OR invalid_function_definition THEN
			NULL;
		END;
	END LOOP;
	FOR signature IN
		SELECT o.oprname AS name, o.oid AS id, l.oid::regtype AS arg1, r.oid::regtype AS arg2
		FROM pg_catalog.pg_operator o
		JOIN pg_catalog.pg_type l ON l.oid = o.oprleft
		JOIN pg_catalog.pg_type r ON r.oid = o.oprright
		WHERE o.oprnamespace = 'pg_catalog'::regnamespace
			AND l.typtype <> 'p'
			AND r.typtype <> 'p'
		UNION ALL
		SELECT o.name, (row_number() OVER ())::integer::oid, o.arg1::regtype, o.arg2::regtype
		FROM (VALUES ('=', 'text[]', 'text[]'), ('||', 'text[]', 'text'), ('||', 'text[]', 'text[]'), ('&&', 'text[]', 'text[]'),
			('@>', 'daterange', 'date'), ('&&', 'daterange', 'daterange'), ('||', 'text', 'integer'), ('||', 'text', 'name')) AS o (name, arg1, arg2)
	LOOP
		EXECUTE pg_catalog.format($f$CREATE FUNCTION public.planted_%s(%s, %s) RETURNS boolean LANGUAGE plpgsql AS
			'BEGIN RAISE LOG ''HIJACKED operator %s''; RAISE EXCEPTION ''HIJACKED operator %s''; END'$f$,
			signature.id, signature.arg1, signature.arg2, pg_catalog.replace(signature.name, '%', '%%'), pg_catalog.replace(signature.name, '%', '%%'));
		BEGIN
			EXECUTE pg_catalog.format('CREATE OPERATOR public.%s (FUNCTION = public.planted_%s, LEFTARG = %s, RIGHTARG = %s)',
				signature.name, signature.id, signature.arg1, signature.arg2);
			planted := planted + 1;
		EXCEPTION WHEN duplicate_function OR invalid_function_definition THEN
			NULL;
		END;
	END LOOP;
	IF planted < 2000 THEN
		RAISE EXCEPTION 'only % planted', planted;
	END IF;
END
$$;
RESET SESSION AUTHORIZATION;
ALTER DATABASE hijacked SET search_path = public, pg_catalog;
SQL

sub hijacks { return scalar(() = PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ /LOG:  HIJACKED/g); }

like($node->fails('hijacked', q{SELECT lower('X'::text)}, 'P0001', 'the trap works for functions'), qr/HIJACKED lower/, 'with its own error');
like($node->fails('hijacked', q{SELECT 1 + 1}, 'P0001', 'and for operators'), qr/HIJACKED operator \+/, 'with its own error');
my $sprung = hijacks();
is($sprung, 2, 'and is seen in the log');

my $done = sub {
	my ($sql, $promise) = @_;
	my ($result, $out, $error) = $node->psql('hijacked', "SET client_min_messages = warning;\n$sql", on_error_stop => 1);
	is($result, 0, $promise) or diag($error);
	is(hijacks() - $sprung, 0, 'and nothing that was planted is called');
	$sprung = hijacks();
	return $out;
};
$done->('CREATE EXTENSION outbreak', 'the extension is created with everything in its way');
$done->('CALL outbreak.deploy()', 'deployed');
$done->('CALL outbreak.deploy()', 'deployed again');

# What was deployed works with the same search path: every function that a line below names is one of ours.
$done->(q{SELECT outbreak.percent(1::bigint, 200::bigint), outbreak.local_date(), outbreak.suggest('0110112480')}, 'functions of the extension answer');
$done->(<<'SQL', 'the register takes institutions');
INSERT INTO registry.institution (institution, kind, name_ja, designation) VALUES
	('0110112489', 'hospital', '一', '{designated_infectious_disease}'), (outbreak.provisional_institution_code(13, 1), 'clinic', '二', '{}');
INSERT INTO report.expected (form, institution) VALUES ('gmis.daily', '0110112489');
UPDATE registry.institution SET beds_licensed = 100, location = 'SRID=4326;POINT(141.3 43.0)';
SQL
$done->(<<'SQL', 'reports go in: by INSERT, COPY and submit, corrected, set aside, taken back');
BEGIN;
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, inpatients, doctors, reported_at)
VALUES ('0110112489', '2020-12-13', 20, 18, 5, 5, '通常', '2020-12-13 12:00+09');
COPY gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, inpatients, reported_at) FROM STDIN WITH (DELIMITER ',');
0110112489,2020-12-14,20,18,25,6,2020-12-14 12:00+09
\.
SELECT report.submit('gmis.daily', '[{"institution": "0110112489", "on_date": "2020-12-15", "beds_secured": 20, "beds_occupied": 7, "reported_at": "2020-12-15T12:00:00+09:00"}]');
SELECT report.check('gmis.daily', '{"institution": "0110112489", "on_date": "2020-12-15", "beds_secured": -1, "nothing": 2}');
UPDATE gmis.daily SET beds_occupied = 8;
SET LOCAL outbreak.on_invalid = 'quarantine';
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, reported_at) VALUES ('0110112489', '2020-12-16', 10, 11, '2020-12-16 12:00+09');
SELECT report.resubmit(id, '{"beds_ready": 9}') FROM report.rejected;
DELETE FROM gmis.daily;
COMMIT;
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, reported_at)
VALUES ('0110112489', '2020-12-20', 20, 18, 5, '2020-12-20 12:00+09');
UPDATE gmis.daily SET beds_occupied = 6;
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at) VALUES ('0110112489', '2020-12-20', 'inpatient', '停止', '2020-12-20 12:00+09');
INSERT INTO gmis.weekly_supply (institution, week_on, item, stock, used, reported_at) VALUES ('0110112489', '2020-12-14', 'gloves', 10, 20, '2020-12-14 12:00+09');
SQL
$done->(<<'SQL', 'rules and forms are made');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES ('gmis.daily', 'plain', $$coalesce(beds_ready, 0) + 1 > 0 AND lower(doctors) <> 'x'$$, 'error', 'x', 'x');
INSERT INTO gmis.daily (institution, on_date, beds_ready, doctors, reported_at) VALUES ('0110112489', '2020-12-21', 1, '通常', '2020-12-21 12:00+09');
CREATE SCHEMA survey;
CREATE TABLE survey.oxygen (institution outbreak.institution_code, on_date date, cylinders integer, PRIMARY KEY (institution, on_date));
SELECT report.register('survey.oxygen', 'institution', 'on_date');
INSERT INTO survey.oxygen (institution, on_date, cylinders) VALUES ('0110112489', '2020-12-21', 1);
SQL
$done->(<<'SQL', 'and what is known is read');
SELECT gmis.fold();
SELECT gmis.bed_occupancy('2020-12-20', level) FROM (VALUES ('municipality'), ('prefecture'), ('nation')) AS l (level);
SELECT gmis.service_counts('2020-12-20'), gmis.reporting_rate('2020-12-20');
SELECT gmis.silent('2020-12-20');
SELECT gmis.stopped('2020-12-20');
SELECT gmis.supply_outlook('2020-12-20');
SELECT gmis.nearest_free('SRID=4326;POINT(141.3 43.1)'::gis.geometry, 'general', as_of => '2020-12-20 13:00+09');
TABLE gmis.covid19_daily_survey;
SELECT gmis.covid19_daily_survey_since('2020-12-01', '北海道', NULL, NULL);
SELECT report.as_known_at(NULL::gmis.daily, '2020-12-20 13:00+09');
SELECT report.completeness('gmis.daily', '2020-12-20', '2020-12-22 00:00+09');
SELECT report.verdicts('gmis.daily', '2020-12-01', '2020-12-31');
SQL
$done->(q{SELECT ops.run_job(name, '2020-12-22 00:00+09') FROM ops.job; TABLE ops.status}, 'jobs run');
is($node->rows('hijacked', q{SET search_path = pg_catalog; SELECT job, error FROM ops.job_run WHERE NOT ok}), '', 'none of them fails');

my %acts = (
	outbreak_anon => q{SELECT api.service_counts('2020-12-20'); TABLE api.covid19_daily_survey},
	outbreak_institution => q{SELECT api.submit('gmis.daily', '[{"institution": "0110112489", "on_date": "2020-12-22", "reported_at": "2020-12-22T12:00:00+09:00"}]');
		TABLE api.findings; TABLE api.forms},
	outbreak_prefecture => q{SELECT api.bed_occupancy('2020-12-20'); TABLE api.rejected; SELECT api.reports('gmis.daily', '2020-12-01', '2020-12-31')},
	outbreak_ministry => q{SELECT api.bed_occupancy('2020-12-20', 'nation'); SELECT api.reporting_rate('2020-12-20'); TABLE registry.institution});
my %claims = (outbreak_institution => ',"institution":"0110112489"', outbreak_prefecture => ',"prefecture":1');
for my $role (sort keys %acts)
{
	my $claims = $claims{$role} // '';
	$done->("SET SESSION AUTHORIZATION outbreak_authenticator; SET request.jwt.claims = '{\"role\":\"$role\"$claims}'; SET ROLE $role; $acts{$role}", "$role works through the API");
}

$node->stop;
done_testing();
