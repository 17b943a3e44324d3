# pg_dump and a parallel pg_restore into a new database, of this cluster and of a new one, give the same data and a
# working system: rows, sequences, rules, history, findings, rejected rows; with what a DBA added to our tables, and
# with a survey that an administrator set up. Rules that became tighter do not keep old rows from coming back.
use strict;
use warnings;

use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main');
$node->deployed('before');

# ---- a life before the dump

$node->safe_psql('before', <<'SQL');
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja, designation, contact, location)
SELECT outbreak.provisional_institution_code(1 + n % 47, n), CASE WHEN n % 3 = 0 THEN 'clinic' ELSE 'hospital' END, '病院' || n,
	'{designated_infectious_disease}', '係' || n, format('SRID=4326;POINT(%s %s)', 130 + n % 15, 31 + n % 12)::public.geography
FROM generate_series(0, 93) AS n;
INSERT INTO registry.organisation (kind, name_ja, prefecture) VALUES ('medical_association', '北海道医師会', 1);
INSERT INTO registry.proxy (organisation, institution, valid)
SELECT o.organisation, outbreak.provisional_institution_code(1, 0), '[2020-01-01,)'
FROM registry.organisation AS o;
INSERT INTO access.account (login, prefecture) VALUES ('tokyo', 13);
INSERT INTO report.expected (form, institution)
SELECT 'gmis.daily', i.institution
FROM registry.institution AS i;

INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, inpatients, doctors, reported_at)
SELECT i.institution, d::date, 20, 18, extract(day FROM d)::integer % 19, 19, '通常', d + interval '30 hours'
FROM registry.institution AS i
CROSS JOIN generate_series(timestamptz '2020-12-01', '2020-12-14', '1 day') AS d;
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at)
SELECT i.institution, '2020-12-14', s.service, CASE s.position WHEN 1 THEN '停止' ELSE '通常' END, '2020-12-14 10:00+09'
FROM registry.institution AS i
CROSS JOIN gmis.service AS s;
INSERT INTO gmis.weekly_supply (institution, week_on, item, stock, used, expected_arrivals, reported_at)
SELECT i.institution, w::date, s.item, 1000, 50, 0, w + interval '12 hours'
FROM registry.institution AS i
CROSS JOIN gmis.supply_item AS s
CROSS JOIN generate_series(timestamptz '2020-12-07', '2020-12-14', '7 days') AS w;

-- corrections make history, surges make findings, one of which gets a reason
UPDATE gmis.daily SET beds_occupied = 7 WHERE on_date = '2020-12-10' AND prefecture = 13;
UPDATE gmis.daily SET beds_occupied = 19, inpatients = 30, beds_secured = 15, beds_ready = 15 WHERE on_date = '2020-12-14' AND prefecture = 27;
DELETE FROM gmis.daily WHERE on_date = '2020-12-02' AND prefecture = 1;
UPDATE report.finding SET reason = '他院からの転院', reason_at = '2020-12-15', reason_by = 'postgres' WHERE code = 'beds_occupied_within_beds_secured';

-- a row that is set aside
SET outbreak.on_invalid = 'quarantine';
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, reported_at)
VALUES (outbreak.provisional_institution_code(1, 0), '2020-12-15', 10, 11, '2020-12-15 10:00+09');
RESET outbreak.on_invalid;

-- what a DBA adds
ALTER TABLE gmis.daily ADD COLUMN remark text;
CREATE INDEX daily_occupied ON gmis.daily (beds_occupied) WHERE beds_occupied > 10;
CREATE TABLE public.seen (at timestamptz DEFAULT now(), n bigint);
ALTER TABLE public.seen OWNER TO outbreak_owner;
CREATE FUNCTION public.note_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.seen (n) SELECT count(*) FROM added;
	RETURN NULL;
END $$;
CREATE TRIGGER dba_note AFTER INSERT ON gmis.daily REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_statement();
UPDATE gmis.daily SET remark = 'checked' WHERE on_date = '2020-12-14' AND prefecture < 5;

-- the system takes what the DBA did as it is, and may be deployed over it
CALL outbreak.deploy();

-- a survey of an administrator, with a rule of its own
CREATE SCHEMA survey;
CREATE TABLE survey.oxygen (institution outbreak.institution_code, on_date date, cylinders integer, PRIMARY KEY (institution, on_date));
SELECT report.register('survey.oxygen', 'institution', 'on_date');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES ('survey.oxygen', 'cylinders_range', 'cylinders BETWEEN 0 AND 999', 'error', '0から999まで', '0 to 999');
INSERT INTO survey.oxygen (institution, on_date, cylinders)
SELECT i.institution, '2020-12-14', 5
FROM registry.institution AS i;

-- a rule that the stored rows would break, for days to come
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en, valid)
VALUES ('gmis.daily', 'doctors_answered', 'doctors IS NOT NULL AND doctors <> ''通常''', 'error', '医師', 'doctors', '[2021-01-01,)');
SQL

$node->fails('before', q{INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
	VALUES ('gmis.daily', 'doctors_exhausted', 'doctors <> ''通常''', 'error', '医師', 'doctors')}, 'OB005', 'a rule that stored rows would break is refused, so that every dump restores');

my $rows = q{SELECT
	(SELECT count(*) FROM gmis.daily), (SELECT count(*) FROM gmis.daily_history), (SELECT count(*) FROM report.finding),
	(SELECT count(*) FROM report.finding WHERE reason IS NOT NULL), (SELECT count(*) FROM report.rejected), (SELECT count(*) FROM gmis.daily WHERE remark IS NOT NULL)};
my $known = q{SELECT md5(string_agg(concat_ws(',', k.institution, k.on_date, k.beds_secured, k.beds_occupied), ' ' ORDER BY k.institution USING OPERATOR(outbreak.<), k.on_date))
	FROM (SELECT min(replaced_at) AS at FROM gmis.daily_history) AS h
	CROSS JOIN LATERAL report.as_known_at(NULL::gmis.daily, h.at - interval '1 microsecond') AS k};
my $seen = $node->rows('before', $rows);
my $knew = $node->rows('before', $known);
like($seen, qr/^\d+\|[1-9]\d*\|[1-9]\d*\|[1-9]\d*\|1\|[1-9]\d*$/, 'the life before the dump left history, findings, reasons and a rejected row');

# ---- dump, restore, compare

my $file = "$PostgreSQL::Test::Utils::tmp_check/before.dump";
command_ok([ 'pg_dump', '-Fc', '-f', $file, '-d', $node->connstr('before') ], 'pg_dump');
my $schema = $node->dump_of('before', '--schema-only');
my $data = sorted($node->dump_of('before', '--data-only'));

# a parallel restore fills tables in another order; which rows there are is what counts
sub sorted { return join("\n", sort split /\n/, shift) . "\n"; }

my $other = OutbreakNode->start('other');
{
	my ($roles) = run_command([ 'pg_dumpall', '--roles-only', '-d', $node->connstr('postgres') ]);
	$roles =~ s/^(CREATE|ALTER) ROLE postgres.*\n//mg;
	$other->safe_psql('postgres', $roles =~ s/^\\(un)?restrict .*\n//mgr);
}

for ([ $node, 'after', 'the same cluster' ], [ $other, 'after', 'another cluster' ])
{
	my ($server, $database, $where) = @$_;

	$server->safe_psql('postgres', "CREATE DATABASE $database");
	my ($out, $error) = run_command([ 'pg_restore', '-j4', '--exit-on-error', '-d', $server->connstr($database), $file ]);
	is($error, '', "$where: pg_restore -j4 has nothing to say");
	$server->same_text($server->plain_schema($server->dump_of($database, '--schema-only')), $node->plain_schema($schema), "$where: the same objects, those of the DBA among them");
	$server->same_text(sorted($server->dump_of($database, '--data-only')), $data, "$where: the same rows and sequences");
	is($server->rows($database, $rows), $seen, "$where: as many of each");
	is($server->rows($database, $known), $knew, "$where: what was known before the first correction is known again");

	# ---- it works

	# at once, before any deployment
	my $institution = 'outbreak.provisional_institution_code(13, 12)';
	my $error_text = $server->fails($database, "INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, reported_at)
		VALUES ($institution, '2020-12-20', 10, 11, '2020-12-20 10:00+09')", 'OB001', "$where: rules still refuse");
	like($error_text, qr/beds_ready_within_beds_secured/, "$where: and name the finding");
	$server->fails($database, "INSERT INTO survey.oxygen (institution, on_date, cylinders) VALUES ($institution, '2020-12-15', 1000)", 'OB001',
		"$where: those of the administrator's survey as well");
	$server->fails($database, "INSERT INTO gmis.daily (institution, on_date, doctors, reported_at) VALUES ($institution, '2021-01-01', '通常', '2021-01-01 10:00+09')", 'OB001',
		"$where: the tightened rule holds for its days");

	my $noted = $server->rows($database, 'SELECT count(*) FROM public.seen');
	$server->safe_psql($database, "INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_occupied, reported_at)
		VALUES ($institution, '2020-12-20', 10, 12, '2020-12-20 10:00+09')");
	is($server->rows($database, "SELECT code FROM report.finding WHERE period = '2020-12-20' ORDER BY code"), 'beds_occupied_within_beds_secured', "$where: warnings are found");
	is($server->rows($database, 'SELECT count(*) FROM public.seen'), $noted + 1, "$where: the DBA's trigger fires");

	$server->safe_psql($database, "UPDATE gmis.daily SET beds_occupied = 9 WHERE institution OPERATOR(outbreak.=) $institution AND on_date = '2020-12-20'");
	is($server->rows($database, "SELECT beds_occupied FROM gmis.daily_history WHERE on_date = '2020-12-20'"), '12', "$where: corrections make history");
	is($server->rows($database, "SELECT count(*) FROM report.finding WHERE period = '2020-12-20'"), '0', "$where: and settle what they mend");

	my ($largest, $next) = split /\|/, $server->rows($database,
		q{SELECT max(organisation) FROM registry.organisation}) . '|' . $server->rows($database,
		q{INSERT INTO registry.organisation (kind, name_ja, prefecture) VALUES ('medical_association', '東京都医師会', 13) RETURNING organisation});
	ok($next > $largest, "$where: sequences go on where they were");
	$server->safe_psql($database, "SET outbreak.on_invalid = 'quarantine'; INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, reported_at)
		VALUES ($institution, '2020-12-16', 10, 11, '2020-12-16 10:00+09')");
	is($server->rows($database, 'SELECT count(*), count(DISTINCT id) FROM report.rejected'), '2|2', "$where: rows are still set aside");

	# an institution sees its own rows and nobody else's
	is( $server->rows($database, "SET SESSION AUTHORIZATION outbreak_authenticator; SET ROLE outbreak_prefecture;
			SELECT set_config('request.jwt.claims', '{\"role\":\"outbreak_prefecture\",\"prefecture\":13}', false);
			SELECT DISTINCT prefecture FROM gmis.daily"),
		"{\"role\":\"outbreak_prefecture\",\"prefecture\":13}\n13", "$where: policies hold");

	# ---- and can be deployed again

	my $deployment = $server->rows($database, 'SELECT * FROM outbreak.deployment ORDER BY word');
	my $before = $server->plain_schema($server->dump_of($database, '--schema-only'));
	$server->safe_psql($database, 'SET client_min_messages = warning; CALL outbreak.deploy()');
	$server->same_text($server->plain_schema($server->dump_of($database, '--schema-only')), $before, "$where: deploying again changes nothing");
	is($server->rows($database, 'SELECT * FROM outbreak.deployment ORDER BY word'), $deployment, "$where: what is deployed is known from the dump");
	is($server->rows($database, "SELECT count(*) > 0 FROM gmis.daily WHERE remark = 'checked'"), 't', "$where: the DBA's column stays");
}

$other->stop;
$node->stop;
done_testing();
