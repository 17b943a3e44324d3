# Many clients share few connections through pgbouncer in transaction mode, as PostgREST and others do: each sees what
# its own claims or its own login allow, after errors, rollbacks and lost clients of others too. What a client leaves
# behind in the session (SET without LOCAL, held cursors, prepared statements) reaches the next one: that is
# pgbouncer's doing, and why claims are set for one transaction.
use strict;
use warnings;

use IPC::Run ();
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $bouncer = '/usr/sbin/pgbouncer';
plan skip_all => 'pgbouncer is not installed' unless -x $bouncer;

my $node = OutbreakNode->start('main', allows_streaming => 1);
$node->deployed('one');
$node->safe_psql('one', <<'END');
CREATE ROLE tokyo LOGIN;
CREATE ROLE osaka LOGIN;
GRANT outbreak_prefecture TO tokyo, osaka;
INSERT INTO access.account (login, prefecture) VALUES ('tokyo', 13), ('osaka', 27);
INSERT INTO access.account (subject, role, prefecture) VALUES ('aichi', 'outbreak_prefecture', 23);
CREATE TABLE public.many AS SELECT (n % 47 + 1)::smallint AS prefecture, n FROM generate_series(1, 4700) AS n;
CREATE INDEX ON public.many (prefecture);
ALTER TABLE public.many ENABLE ROW LEVEL SECURITY;
CREATE POLICY prefecture ON public.many TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture());
GRANT SELECT ON public.many TO outbreak_prefecture;
END

# ---- pgbouncer, two connections for each login

my $folder = PostgreSQL::Test::Utils::tempdir_short();
my $server = 'host=' . $node->host . ' port=' . $node->port;
append_to_file("$folder/users", qq{"outbreak_authenticator" ""\n"tokyo" ""\n"osaka" ""\n});
append_to_file("$folder/pgbouncer.ini", <<"END");
[databases]
* = $server
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
logfile = $folder/log
pidfile = $folder/pid
END
my $pgbouncer = IPC::Run::start([ $bouncer, '-q', "$folder/pgbouncer.ini" ], '<', \undef, '>', "$folder/out", '2>&1');
for (1 .. 100)
{
	last if -S "$folder/.s.PGSQL.6432";
	select(undef, undef, undef, 0.1);
}
ok(-S "$folder/.s.PGSQL.6432", 'pgbouncer listens in the folder of the test') or BAIL_OUT(slurp_file("$folder/log"));

sub client
{
	my ($user) = @_;
	return $node->background("host=$folder port=6432 dbname=one user=$user");
}

# What a client gets; the SQLSTATE of the error when it gets one.
sub answer
{
	my ($session, $sql) = @_;
	$session->{stderr} = '';
	my $answer = $session->query($sql);
	return $1 if $session->{stderr} =~ /(?:ERROR|FATAL):  ([0-9A-Z]{5})/;
	return $answer;
}

my $seen = q{SELECT coalesce(outbreak.my_prefecture()::text, 'nothing') || ' ' || count(*) || ' ' || coalesce(string_agg(DISTINCT prefecture::text, ','), '') FROM public.many};

# A request as PostgREST sends it.
sub request
{
	my ($session, $claims, $sql) = @_;
	return answer($session, "BEGIN; SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', '$claims', true) \\g /dev/null\n$sql; COMMIT");
}

# ---- taking turns

my %api = map { $_ => client('outbreak_authenticator') } 1 .. 4;
my %claims = (1 => '{"prefecture": 13}', 2 => '{"prefecture": 27}', 3 => '{"sub": "aichi", "prefecture": 1}', 4 => '{}');
my %right = (1 => '13 100 13', 2 => '27 100 27', 3 => '23 100 23', 4 => 'nothing 0 ');
for my $round (1 .. 3)
{
	is(request($api{$_}, $claims{$_}, $seen), $right{$_}, "client $_ of 4 on 2 connections, turn $round") for 1 .. 4;
}
cmp_ok($node->rows('one', q{SELECT count(*) FROM pg_stat_activity WHERE usename = 'outbreak_authenticator' AND backend_type = 'client backend'}), '<=', 2, 'which are two');

# two transactions open at once, statement by statement
answer($api{$_}, "BEGIN; SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', '$claims{$_}', true)") for 1, 2;
is(answer($api{$_}, $seen), $right{$_}, "client $_, interleaved") for 1, 2, 1, 2;
is(answer($api{1}, 'SELECT 1 / 0'), '22012', 'one of them fails');
is(answer($api{2}, $seen), $right{2}, 'the other goes on');
answer($api{$_}, 'ROLLBACK') for 1, 2;
is(request($api{$_}, $claims{$_}, $seen), $right{$_}, "client $_, after the rollback of others") for 4, 3, 1;

# a client that is lost in the middle
my $lost = client('outbreak_authenticator');
answer($lost, q{BEGIN; SELECT set_config('request.jwt.claims', '{"prefecture": 40}', true)});
kill 9, $lost->{run}->{KIDS}->[0]->{PID};
eval { $lost->{run}->finish };
is(request($api{$_}, $claims{$_}, $seen), $right{$_}, "client $_, after another was lost") for 4, 1, 4, 2;

# a savepoint that sets other claims and is taken back
is(request($api{1}, $claims{1}, "SAVEPOINT s; SELECT set_config('request.jwt.claims', '{\"prefecture\": 2}', true) \\g /dev/null\n$seen; ROLLBACK TO s; $seen"), "2 100 2\n13 100 13", 'claims of a savepoint go with it');

# a withdrawal counts from the next transaction on
$node->safe_psql('one', q{UPDATE access.account SET withdrawn_at = now() WHERE subject = 'aichi'});
is(request($api{3}, $claims{3}, $seen), 'nothing 0 ', 'a withdrawn account sees nothing, whatever its token claims');

# ---- logins of their own

my %login = map { $_ => client($_) } 'tokyo', 'osaka';
for (1 .. 2)
{
	is(answer($login{tokyo}, $seen), '13 100 13', 'a direct login has the scope of its account');
	is(answer($login{osaka}, $seen), '27 100 27', 'and another its own, though both go through the pooler');
}
is(answer($login{tokyo}, "BEGIN; SET LOCAL request.jwt.claims = '{\"prefecture\": 27}'; $seen; COMMIT"), '13 100 13', 'claims give a direct login nothing');

# ---- what pgbouncer lets through: the state of a session

my $single = client('outbreak_authenticator');
# both connections of the pool
answer($api{$_}, 'BEGIN') for 1, 2;
is(answer($api{$_}, q{SET request.jwt.claims = '{"prefecture": 1}'; SET ROLE outbreak_prefecture}), '', "client $_ sets claims without LOCAL") for 1, 2;
answer($api{$_}, 'COMMIT') for 1, 2;
is(answer($single, $seen), '1 100 1', 'the next client on the connection has them: a leak of the pooler, if it sets none of its own');
is(request($single, '{"prefecture": 27}', $seen), '27 100 27', 'set for its transaction, its own count');
is(request($single, '{}', $seen), 'nothing 0 ', 'and none are none');
is(request($single, '', $seen), 'nothing 0 ', 'also when it sets them empty');
answer($api{$_}, 'BEGIN') for 1, 2;
answer($api{$_}, 'RESET ALL; RESET ROLE') for 1, 2;
answer($api{$_}, 'COMMIT') for 1, 2;
is(answer($single, q{SELECT outbreak.scope() ->> 'source'}), 'none', 'the connections are clean again');

# a statement that one client prepared, run by another under its own claims
answer($api{$_}, 'BEGIN') for 1, 2;
answer($api{$_}, "SET LOCAL ROLE outbreak_prefecture; SET plan_cache_mode = force_generic_plan; PREPARE pooled AS $seen; SET LOCAL request.jwt.claims = '{\"prefecture\": 13}'; EXECUTE pooled") for 1, 2;
answer($api{$_}, 'COMMIT') for 1, 2;
is(request($single, '{"prefecture": 27}', 'EXECUTE pooled'), '27 100 27', 'a prepared statement of another client runs under the claims of who executes it');
is(request($single, '{}', 'EXECUTE pooled'), 'nothing 0 ', 'and under none');
is(answer($single, 'EXECUTE pooled'), '42501', 'and with the rights of who executes it');

# a held cursor is a result, not a query
answer($api{$_}, 'BEGIN') for 1, 2;
answer($api{$_}, q{SET LOCAL ROLE outbreak_prefecture; SET LOCAL request.jwt.claims = '{"prefecture": 13}'; DECLARE held CURSOR WITH HOLD FOR SELECT DISTINCT prefecture FROM public.many}) for 1, 2;
answer($api{$_}, 'COMMIT') for 1, 2;
is(request($single, '{"prefecture": 27}', 'FETCH ALL FROM held'), '13', 'a held cursor of another client gives the rows it holds: a leak of the pooler');

$_->quit for values %api, values %login, $single;

# ---- many at once: every transaction checks its own scope and fails when it is another's

append_to_file("$folder/script", <<'END');
\set p random(1, 47)
\set way random(1, 10)
BEGIN;
SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', format('{"prefecture": %s}', :p::integer), true);
SELECT 1 / (outbreak.my_prefecture() = :p)::integer;
SELECT 1 / (count(*) = 100 AND bool_and(prefecture = :p))::integer FROM public.many;
\if :way = 1
ROLLBACK;
\else
COMMIT;
\endif
BEGIN;
SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', '{}', true);
SELECT 1 / (count(*) = 0)::integer FROM public.many;
COMMIT;
END
for my $mode ('simple', 'extended')
{
	my ($out, $error) = run_command([ 'pgbench', '-n', '-M', $mode, '-c', 12, '-j', 2, '-t', 60, '-f', "$folder/script", '-h', $folder, '-p', 6432, '-U', 'outbreak_authenticator', 'one' ]);
	like($out, qr{number of transactions actually processed: 720/720}, "12 clients on 2 connections, $mode protocol: every transaction had its own scope") or diag("$out\n$error");
}

$pgbouncer->kill_kill(grace => 2);

# ---- what somebody may reveal in an hour is counted over all sessions

my $person = '0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e';
$node->safe_psql('one', "CREATE TABLE public.secret AS SELECT outbreak.seal('Hanako', 'name', '$person') AS name; GRANT SELECT ON public.secret TO PUBLIC");
$node->append_conf('postgresql.conf', 'outbreak.access_reveal_limit = 3');
$node->reload;
sub reveal
{
	my ($user, $claims) = @_;
	my $set = defined $claims ? "SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', '$claims', true) \\g /dev/null\n" : '';
	my ($result, $out, $error) = $node->psql('one', "\\set VERBOSITY sqlstate\nBEGIN; ${set}SELECT outbreak.reveal(name, 'name', '$person') FROM public.secret; COMMIT", extra_params => [ '-U', $user ]);
	return $error =~ /ERROR:\s+(\w+)/ ? $1 : $out;
}
is(join(' ', map { reveal('tokyo') } 1 .. 4), 'Hanako Hanako Hanako OB023', 'the fourth session of a login is refused');
is(reveal('osaka'), 'Hanako', 'another login has its own allowance');
is(join(' ', map { reveal('outbreak_authenticator', '{"sub": "one"}') } 1 .. 4), 'Hanako Hanako Hanako OB023', 'so is the fourth request of a subject');
is(reveal('outbreak_authenticator', '{"sub": "other"}'), 'Hanako', 'and another subject has its own');
is(reveal('outbreak_authenticator', '{"sub": "tokyo"}'), 'Hanako', 'also one that is named like a login');

# ---- on a standby the same, and requests are counted there too

$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is($standby->safe_psql('one', "SET SESSION AUTHORIZATION outbreak_authenticator; BEGIN READ ONLY; SELECT set_config('role', 'outbreak_prefecture', true), set_config('request.jwt.claims', '{\"prefecture\": 13}', true) \\g /dev/null\n$seen; COMMIT"), '13 100 13', 'a standby knows scopes');
is($standby->safe_psql('one', q{SELECT bool_and(outbreak.take_token('one', 0.001, 3) = '0') FROM generate_series(1, 3); SELECT outbreak.take_token('one', 0.001, 3) > '900 s'}), "t\nt", 'and counts requests');

$standby->stop;
$node->stop;
done_testing();
