# The real pg_cron runs our jobs: registered where it is installed, from the printed statements where it is not;
# scheduling twice leaves one of each, and what a run did can be seen.
use strict;
use warnings;

use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $library = `pg_config --pkglibdir`;
chomp $library;
plan skip_all => 'pg_cron is not installed' unless -e "$library/pg_cron.so";

my $node = OutbreakNode->start('main');
$node->append_conf('postgresql.conf', <<"END");
shared_preload_libraries = 'pg_cron'
cron.database_name = 'here'
cron.use_background_workers = on
END
$node->restart;
$node->deployed('here');
$node->deployed('elsewhere');
$node->safe_psql('here', 'CREATE EXTENSION pg_cron');

my $names = q{SELECT string_agg(jobname, ',' ORDER BY jobname) FROM cron.job};
my @jobs = qw(apply_periods check_messages check_rollups check_stock close_arrivals complete_followup escalate fold_doses fold_rollups make_partitions plan_days publish_commitment publish_coverage purge purge_drafts purge_stock_keys remind reverify_credentials rotate_signing_keys shred_identities sign_audit take_answers take_unbooked_doses tend_bookings tend_messages verify_audit verify_bookings);
my $mine = join(',', map { "outbreak $_ here" } @jobs);
my $theirs = join(',', map { "outbreak $_ elsewhere" } @jobs);

# ---- registering

is($node->rows('here', 'SELECT string_agg(job, $$,$$ ORDER BY job) FROM ops.schedule_jobs() WHERE jobid IS NOT NULL AND statement IS NULL'),
	join(',', @jobs), 'every job is registered and has a number');
is($node->rows('here', $names), $mine, 'under a name that tells job and database');
$node->safe_psql('here', 'SELECT ops.schedule_jobs()');
is($node->rows('here', $names), $mine, 'scheduling twice leaves one of each');

$node->safe_psql('here', q{UPDATE ops.job SET schedule = '*/2 * * * *' WHERE name = 'remind'; SELECT ops.schedule_jobs()});
is($node->rows('here', q{SELECT schedule FROM cron.job WHERE jobname LIKE '% remind %'}), '*/2 * * * *', 'a changed schedule is taken over');
$node->safe_psql('here', q{INSERT INTO ops.job VALUES ('gone', '0 0 1 1 *', 'ops.remind', '1 year', 'test'); SELECT ops.schedule_jobs();
	DELETE FROM ops.job WHERE name = 'gone'; SELECT ops.schedule_jobs()});
is($node->rows('here', $names), $mine, 'a job that is gone is taken out');
$node->safe_psql('here', q{CREATE ROLE operator LOGIN SUPERUSER; SET ROLE operator; SELECT ops.schedule_jobs()});
is($node->rows('here', $names), $mine, 'nor does another role leave a second set');
is($node->rows('here', 'SELECT DISTINCT username FROM cron.job'), 'operator', 'the jobs run as who scheduled them last');
$node->safe_psql('here', 'SELECT ops.schedule_jobs()');

# ---- in a database where pg_cron is not

my $statements = $node->rows('elsewhere', 'SELECT statement FROM ops.schedule_jobs() WHERE jobid IS NULL');
is(() = $statements =~ /cron\.schedule_in_database/g, scalar @jobs, 'elsewhere the statements are printed');
$node->safe_psql('here', join(";\n", split /\n/, $statements)) for 1 .. 2;
is($node->rows('here', $names), join(',', sort split /,/, "$mine,$theirs"), 'run where pg_cron is, twice, they leave one of each');

# ---- running

my %since;
for my $database ('here', 'elsewhere')
{
	$node->safe_psql($database, <<'END');
SET ROLE outbreak_owner;
INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(1, 1), 'hospital', 'cron');
INSERT INTO gmis.daily (institution, on_date, beds_secured, reported_at) VALUES (outbreak.provisional_institution_code(1, 1), '2021-08-11', 10, '2021-08-12');
END
	is($node->rows($database, q{SELECT count(*) FROM gmis.daily_by_prefecture WHERE on_date = '2021-08-11'}), '0', "$database: a report that is not folded in yet");
	$since{$database} = $node->rows($database, 'SELECT clock_timestamp()');
}
for my $database ('here', 'elsewhere')
{
	ok($node->poll_query_until($database, qq{SELECT EXISTS (SELECT FROM ops.job_run WHERE job = 'fold_rollups' AND ok AND started_at > '$since{$database}')}), "$database: pg_cron ran the job");
	is($node->rows($database, q{SELECT sum(beds_secured) FROM gmis.daily_by_prefecture WHERE on_date = '2021-08-11'}), '10', "$database: the report is folded in");
	is($node->rows($database, q{SELECT missed, ok FROM ops.status WHERE job = 'fold_rollups'}), 'f|t', "$database: ops.status knows");
}
ok($node->poll_query_until('here', q{SELECT count(DISTINCT j.database) = 2 FROM cron.job_run_details d JOIN cron.job j USING (jobid)
	WHERE j.command LIKE '%fold_rollups%' AND d.status = 'succeeded'}), 'pg_cron says so too');

# ---- taking out

is($node->rows('here', 'SELECT count(*) FROM ops.unschedule_jobs()'), scalar @jobs, 'unscheduling takes out the jobs of this database');
is($node->rows('here', $names), $theirs, 'and leaves those of others');
$node->safe_psql('here', $node->rows('elsewhere', 'SELECT statement FROM ops.unschedule_jobs()'));
is($node->rows('here', 'SELECT count(*) FROM cron.job'), '0', 'the printed statement takes out the rest');
is($node->rows('here', 'SELECT count(*) FROM ops.unschedule_jobs()'), '0', 'doing it again does no harm');

$node->stop;
done_testing();
