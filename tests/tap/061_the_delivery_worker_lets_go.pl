# The delivery worker keeps nothing from happening: databases are dropped, the extension and the systems come and go, a
# standby stays quiet until it is promoted, tables are locked, rights are taken away, endpoints are private or unsafe.
use strict;
use warnings;

use Gateway;
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = OutbreakNode->start('main', allows_streaming => 1);
my $gateway = Gateway->start($node->basedir . '/gateway');
my $secrets = $node->basedir . '/messaging.secrets';
my $url = $gateway->url;

append_to_file($secrets, "line token\n");
chmod 0600, $secrets;
$node->append_conf('postgresql.conf', <<"END");
outbreak.messaging_databases = 'one, two, Three, bare, made_later'
outbreak.messaging_allow_http = on
outbreak.messaging_allow_private = on
outbreak.messaging_secret_file = '$secrets'
outbreak.messaging_lease = 3
outbreak.messaging_poll = 1
outbreak.messaging_linger = 500
outbreak.messaging_grace = 1000
END
$node->reload;

sub settled
{
	my ($database) = @_;
	$node->deployed($database, '{messaging}');
	$node->safe_psql($database, <<"END");
INSERT INTO messaging.template (template, language, body) VALUES ('t', 'ja', 'お知らせ');
UPDATE messaging.quiet_hours SET quiet_from = '00:00', quiet_until = '00:00';
INSERT INTO registry.person (person, prefecture) SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 13 FROM generate_series(1, 50) AS n;
INSERT INTO messaging.contact (person, channel, address, prefecture) SELECT person, 'line', outbreak.seal('U' || md5(person::text), 'line', person), 13 FROM registry.person;
UPDATE messaging.endpoint SET url = '$url', enabled = true, pack = 1, timeout = '1 s', backoff = '20 ms', backoff_most = '200 ms', break_after = 100000;
END
	return;
}

sub queue
{
	my ($database, $kind, $count) = @_;
	$node->safe_psql($database, "SELECT count(messaging.send(person, '$kind', 't')) FROM (SELECT person FROM registry.person ORDER BY person LIMIT $count) AS p");
	return;
}

sub drained
{
	my ($database, $promise, $seconds) = @_;
	my $end = time + ($seconds // 30);

	while (time < $end)
	{
		return pass($promise) if $node->rows($database, 'SELECT count(*) FROM messaging.message WHERE next_at IS NOT NULL') eq '0';
		sleep 0.1;
	}
	fail($promise);
	diag($node->rows($database, 'SELECT problems FROM messaging.health LIMIT 1'));
	return;
}

sub workers { return $node->rows('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'outbreak messaging worker'"); }

sub workers_gone
{
	for (1 .. 100) { return 1 if workers() eq '0'; sleep 0.1; }
	return 0;
}

# ---- nothing to do

is($node->rows('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'outbreak messaging launcher' AND datname IS NULL"), '1', 'the launcher is there, in no database');
$node->safe_psql('postgres', 'CREATE DATABASE bare');
sleep 2.5;
ok(workers_gone(), 'where nothing is deployed no worker stays');
unlike(slurp_file($node->logfile), qr/(ERROR|FATAL|PANIC)/, '... and nothing is said');
# a schema of the same name that is somebody else's
$node->safe_psql('bare', 'CREATE SCHEMA messaging; CREATE TABLE messaging.message (key uuid, next_at timestamptz); CREATE TABLE messaging.breaker (x integer)');
sleep 2.5;
ok(workers_gone(), 'nor where a schema has the name by chance');
unlike(slurp_file($node->logfile), qr/(ERROR|FATAL|PANIC)/, '... and nothing is said');
$node->safe_psql('postgres', 'DROP DATABASE bare');
pass('and the database is dropped as any other');

# ---- several databases, names with capitals, and one that is made later

settled('one');
settled('two');
queue('one', 'a', 20);
queue('two', 'a', 20);
drained('one', 'one database is served');
drained('two', 'and another');
settled('made_later');
queue('made_later', 'a', 5);
drained('made_later', 'and one that is made later');
settled('stranger');
queue('stranger', 'a', 5);
sleep 2;
is($node->rows('stranger', 'SELECT count(*) FROM messaging.message WHERE next_at IS NOT NULL'), '5', 'one that is not named is left alone');
like($node->rows('stranger', "SELECT problems FROM messaging.health WHERE channel = 'line'"), qr/not in outbreak.messaging_databases/, '... and its health view says so');

# ---- what was not committed wakes nobody, and is not sent

my $requests = scalar $gateway->seen;
$node->safe_psql('one', "BEGIN; SELECT messaging.send('00000000-0000-4000-8000-000000000001', 'never', 't'); SELECT pg_sleep(1); ROLLBACK");
$node->safe_psql('one', "BEGIN; SAVEPOINT s; SELECT messaging.send('00000000-0000-4000-8000-000000000001', 'never', 't'); ROLLBACK TO s; COMMIT");
sleep 1.5;
is(scalar $gateway->seen, $requests, 'what is rolled back is never sent');
# a prepared transaction wakes nobody; the clock finds it
$node->append_conf('postgresql.conf', 'max_prepared_transactions = 5');
$node->restart;
$node->safe_psql('one', "BEGIN; SELECT messaging.send('00000000-0000-4000-8000-000000000001', 'prepared', 't'); PREPARE TRANSACTION 'p'");
$node->safe_psql('one', "COMMIT PREPARED 'p'");
drained('one', 'what a prepared transaction queued is found by the clock');
is($node->rows('one', "SELECT state FROM messaging.message WHERE kind = 'prepared'"), 'accepted', '... and sent');

# ---- dropping databases

queue('two', 'b', 10);
drained('two', 'two has had work');
my $from = time;
$node->safe_psql('postgres', 'DROP DATABASE two');
cmp_ok(time - $from, '<', 10, 'a database that was just served is dropped without FORCE');
$gateway->always('stall');
queue('made_later', 'stalls', 20);
sleep 0.5;
$from = time;
$node->safe_psql('postgres', 'DROP DATABASE stranger');
cmp_ok(time - $from, '<', 10, 'another database is dropped while a worker waits for a gateway that stalls');
$from = time;
$node->safe_psql('postgres', 'DROP DATABASE made_later WITH (FORCE)');
cmp_ok(time - $from, '<', 10, 'its own is dropped with FORCE');
$gateway->always('200');
queue('one', 'after', 5);
drained('one', 'the others are served as before');

# ---- locks, truncation, and the extension

$gateway->always('stall');
queue('one', 'locked', 5);
sleep 0.7;
$from = time;
$node->safe_psql('one', "SET lock_timeout = '5 s'; BEGIN; LOCK TABLE messaging.message IN ACCESS EXCLUSIVE MODE; COMMIT");
cmp_ok(time - $from, '<', 3, 'no lock is held while a gateway stalls');
$gateway->always('200');
my $locker = $node->background_psql('one');
$locker->query_safe('BEGIN; LOCK TABLE messaging.message IN ACCESS EXCLUSIVE MODE');
sleep 0.5;
$from = time;
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type LIKE 'outbreak messaging%'");
for (1 .. 100) { last if workers() eq '0'; sleep 0.1; }
$from = time;
$locker->query_safe('COMMIT');
$locker->quit;
drained('one', 'after the lock the messages go', 60);
ok(workers_gone(), 'the worker goes when there is nothing to do');
$node->safe_psql('one', "DROP EXTENSION outbreak CASCADE");
sleep 2;
ok(workers_gone(), 'without the extension no worker stays');
$node->safe_psql('postgres', 'DROP DATABASE one');

# ---- rights

settled('one');
queue('one', 'before', 3);
drained('one', 'served anew under the same name', 60);
$node->safe_psql('one', 'REVOKE UPDATE ON messaging.message FROM outbreak_worker');
queue('one', 'revoked', 3);
for (1 .. 100) { last if $node->rows('one', "SELECT problems FROM messaging.health WHERE channel = 'line'") =~ /worker fails/; sleep 0.1; }
like($node->rows('one', "SELECT problems FROM messaging.health WHERE channel = 'line'"), qr/the worker fails: permission denied for table message/, 'a worker without rights says so');
is($node->rows('one', "SELECT count(*) FROM messaging.message WHERE kind = 'revoked' AND state = 'queued'"), '3', '... and its messages wait');
$node->safe_psql('one', 'GRANT UPDATE ON messaging.message TO outbreak_worker');
drained('one', '... until it has them again', 90);
$node->append_conf('postgresql.conf', "outbreak.messaging_role = 'nobody_there'");
$node->reload;
ok(workers_gone(), 'idle');
queue('one', 'no_role', 1);
for (1 .. 100) { last if $node->rows('one', "SELECT problems FROM messaging.health WHERE channel = 'line'") =~ /worker fails/; sleep 0.1; }
like($node->rows('one', "SELECT problems FROM messaging.health WHERE channel = 'line'"), qr/the worker fails: role \W+nobody_there\W+ does not exist/, 'a role that is not there is named');
$node->append_conf('postgresql.conf', "outbreak.messaging_role = 'outbreak_worker'");
$node->reload;
drained('one', '... and nothing is lost', 90);
# the worker is no superuser, and cannot become one
$node->safe_psql('one', <<'END');
CREATE TABLE public.heard (who text, super text, tried text);
GRANT INSERT ON public.heard TO PUBLIC;
CREATE FUNCTION public.listen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	tried text := 'it could';
BEGIN
	BEGIN
		RESET ROLE;
		SET SESSION AUTHORIZATION DEFAULT;
	EXCEPTION WHEN OTHERS THEN
		tried := SQLSTATE;
	END;
	INSERT INTO public.heard VALUES (current_user, (SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user), tried);
	RETURN NEW;
END $$;
CREATE TRIGGER listen BEFORE UPDATE ON messaging.message FOR EACH ROW EXECUTE FUNCTION public.listen();
END
queue('one', 'heard', 1);
drained('one', 'with a trigger of somebody else');
is($node->rows('one', 'SELECT DISTINCT who, super, tried FROM public.heard'), 'outbreak_worker|false|42501', 'what runs in the worker has the rights of outbreak_worker, and cannot take more');
$node->safe_psql('one', 'DROP TRIGGER listen ON messaging.message');

# ---- where messages may go

$node->append_conf('postgresql.conf', 'outbreak.messaging_allow_private = off');
$node->reload;
$requests = scalar $gateway->seen;
queue('one', 'private', 2);
for (1 .. 100) { last if $node->rows('one', 'SELECT count(*) FROM messaging.breaker WHERE state = \'open\'') eq '1'; sleep 0.1; }
like($node->rows('one', 'SELECT reason FROM messaging.breaker'), qr/the address is private/, 'a private address is refused after it was resolved');
is(scalar $gateway->seen, $requests, '... and nothing was sent there');
$node->append_conf('postgresql.conf', "outbreak.messaging_allow_private = on\noutbreak.messaging_allow_http = off");
$node->safe_psql('one', "UPDATE messaging.breaker SET state = 'closed'");
$node->restart;
sleep 3;
is(scalar $gateway->seen, $requests, 'nothing goes to a URL without TLS unless it is allowed');
$node->append_conf('postgresql.conf', 'outbreak.messaging_allow_http = on');
$node->restart;
drained('one', '... and then it goes', 60);

# ---- a standby

$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
bless $standby, 'OutbreakNode';
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->PostgreSQL::Test::Cluster::start;
$node->wait_for_catchup($standby);
is($standby->rows('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'outbreak messaging%'"), '0', 'on a standby nothing runs');
is($standby->rows('one', 'SELECT launcher_runs FROM messaging.health LIMIT 1'), 'f', '... and the health view says so');
$gateway->always('stall');
queue('one', 'handed_over', 10);
sleep 0.5;
$node->wait_for_catchup($standby);
$node->stop('immediate');
$gateway->always('200');
$standby->promote;
my $end = time + 60;
while (time < $end && $standby->rows('one', 'SELECT count(*) FROM messaging.message WHERE next_at IS NOT NULL') ne '0') { sleep 0.2; }
is($standby->rows('one', "SELECT state, count(*) FROM messaging.message WHERE kind = 'handed_over' GROUP BY state"), 'accepted|10', 'a standby that is promoted sends what was queued');

# ---- a server that stops does not wait for gateways

$gateway->always('stall');
$standby->safe_psql('one', "SELECT count(messaging.send(person, 'last', 't')) FROM registry.person");
sleep 0.7;
$from = time;
$standby->stop('fast');
cmp_ok(time - $from, '<', 8, 'a fast shutdown waits no longer than outbreak.messaging_grace');
$gateway->always('200');
$standby->PostgreSQL::Test::Cluster::start;
$end = time + 60;
while (time < $end && $standby->rows('one', 'SELECT count(*) FROM messaging.message WHERE next_at IS NOT NULL') ne '0') { sleep 0.2; }
is($standby->rows('one', "SELECT state, count(*) FROM messaging.message WHERE kind = 'last' GROUP BY state"), 'accepted|50', '... and after the start they are sent');

$gateway->stop;
done_testing();
