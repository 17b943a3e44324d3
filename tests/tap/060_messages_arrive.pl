# Messages arrive whatever the gateway does: it stalls, resets, is late, answers 429, 409 and 500, redirects, sends broken
# headers and bodies without end; and whatever happens to the worker and the server: stopped, reloaded, killed, crashed.
# Every message is delivered at least once and, since its key never changes, takes effect once; nothing is lost.
use strict;
use utf8;
use warnings;

use Gateway;
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = OutbreakNode->start('main');
my $gateway = Gateway->start($node->basedir . '/gateway');
my $secrets = $node->basedir . '/messaging.secrets';

append_to_file($secrets, "line first-token\nline.channel s\nsms sms-token\n");
chmod 0600, $secrets;
$node->append_conf('postgresql.conf', <<"END");
outbreak.messaging_databases = 'one, missing, postgres'
outbreak.messaging_allow_http = on
outbreak.messaging_allow_private = on
outbreak.messaging_secret_file = '$secrets'
outbreak.messaging_lease = 3
outbreak.messaging_poll = 1
outbreak.messaging_linger = 500
outbreak.messaging_grace = 1500
restart_after_crash = on
END
$node->reload;
$node->deployed('one', '{messaging}');
my $url = $gateway->url;
$node->safe_psql('one', <<"END");
INSERT INTO messaging.template (template, language, body) VALUES ('t', 'ja', '{{n}}番: 体調はいかがですか。'), ('same', 'ja', 'みなさまへ');
UPDATE messaging.quiet_hours SET quiet_from = '00:00', quiet_until = '00:00';
INSERT INTO registry.person (person, prefecture) SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 13 FROM generate_series(1, 400) AS n;
INSERT INTO messaging.contact (person, channel, address, prefecture) SELECT person, 'line', outbreak.seal('U' || md5(person::text), 'line', person), 13 FROM registry.person;
UPDATE messaging.endpoint SET url = '$url', enabled = true, pack = 1, timeout = '1 s', backoff = '20 ms', backoff_most = '300 ms', break_after = 100000, in_flight = 20, most_attempts = 60;
END

sub queue
{
	my ($kind, $count, $template) = @_;
	$template //= 't';
	$node->safe_psql('one', "INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters)
		SELECT outbreak.local_date(), outbreak.message_key(person, outbreak.local_date(), '$kind'), person, prefecture, '$kind', '$template', jsonb_build_object('n', row_number() OVER (ORDER BY person))
		FROM registry.person ORDER BY person LIMIT $count");
	return;
}

sub waiting { return $node->rows('one', 'SELECT count(*) FROM messaging.message WHERE next_at IS NOT NULL'); }

# Waits until nothing is queued any more.
sub drained
{
	my ($promise, $seconds) = @_;
	my $end = time + ($seconds // 60);

	while (time < $end)
	{
		return pass($promise) if waiting() eq '0';
		sleep 0.1;
	}
	fail($promise);
	diag($node->rows('one', "SELECT state, channel, attempts, next_at, reason, count(*) FROM messaging.message WHERE next_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5 LIMIT 10"));
	diag($node->rows('one', 'SELECT problems FROM messaging.health'));
	return;
}

# Every message of a kind is accepted, and was taken under its own key by the gateway.
sub arrived
{
	my ($kind, $promise) = @_;
	my %taken = map { $_->{key} => 1 } grep { $_->{taken} } $gateway->seen;
	my @keys = split /\n/, $node->rows('one', "SELECT coalesce(pack, key) FROM messaging.message WHERE kind = '$kind'");
	my $accepted = $node->rows('one', "SELECT count(*) FROM messaging.message WHERE kind = '$kind' AND state = 'accepted'");

	is($accepted, scalar @keys, "$promise: all accepted") or diag($node->rows('one', "SELECT state, reason, count(*) FROM messaging.message WHERE kind = '$kind' GROUP BY 1, 2"));
	is(scalar(grep { !$taken{$_} } @keys), 0, "$promise: none that the gateway did not take");
	return;
}

sub of_kind
{
	my ($kind) = @_;
	my %keys = map { $_ => 1 } split /\n/, $node->rows('one', "SELECT key FROM messaging.message WHERE kind = '$kind'");
	return grep { $keys{ $_->{key} } } $gateway->seen;
}

# ---- plain: at once, with the right request, each once

my $start = time;
queue('plain', 50);
drained('messages go as soon as they are committed');
cmp_ok(time - $start, '<', 20, '... woken by the commit and not by the clock');
arrived('plain', 'plain');
my @plain = of_kind('plain');
is(scalar @plain, 50, 'each message is one request');
is($plain[0]{path}, '/push', 'to the push of LINE');
is($plain[0]{token}, 'Bearer first-token', 'with the token of the secret file');
like($plain[0]{to}[0], qr/^U[0-9a-f]{32}$/, 'to one user');
like($plain[0]{text}, qr/^\d+番: 体調はいかがですか。$/, 'with the text of its template');
is($node->rows('one', 'SELECT count(*), count(DISTINCT key) FROM messaging.attempt'), '50|50', 'evidence of each try');
is($node->rows('one', 'SELECT count(*) FROM messaging.acceptance WHERE stands'), '50', 'evidence of each acceptance');

# ---- each behaviour

my %outcome = (
	'500' => 'retry', '503' => 'retry', '408' => 'retry', '409' => 'repeated', 'stall' => 'retry', 'reset' => 'retry', 'taken-reset' => 'retry', 'late' => 'retry',
	'broken' => 'retry', 'no-http' => 'retry', 'huge' => 'accepted', 'endless-headers' => 'retry', '429' => 'retry');
for my $behaviour (sort keys %outcome)
{
	(my $kind = "b-$behaviour") =~ s/\W/_/g;
	$gateway->behave(($behaviour) x 5);
	queue($kind, 10);
	drained("$behaviour: drained");
	arrived($kind, $behaviour);
	my $outcomes = $node->rows('one', "SELECT DISTINCT a.outcome FROM messaging.attempt AS a JOIN messaging.message AS m USING (day, key) WHERE m.kind = '$kind' AND a.outcome " . ($outcome{$behaviour} eq 'accepted' ? "= 'accepted'" : "<> 'accepted'"));
	if ($behaviour =~ /reset/)
	{
		# libcurl itself asks again, with the same retry key, when a connection that was kept open turns out to be closed
		like($outcomes, qr/^(retry)?$/, "$behaviour counts as retry, where libcurl has not asked again itself");
	}
	else
	{
		is($outcomes, $outcome{$behaviour}, "$behaviour counts as $outcome{$behaviour}");
	}
}
# a retry is the same request: key, recipient and text
my %texts;
push @{ $texts{ $_->{key} } }, "$_->{to}[0] $_->{text}" for of_kind('b_500');
is(scalar(grep { my %one = map { $_ => 1 } @$_; keys %one > 1 } values %texts), 0, 'a retry repeats the request as it was');
cmp_ok(scalar(grep { @$_ > 1 } values %texts), '>=', 5, '... and there were retries');

# ---- Retry-After holds the whole endpoint back

$gateway->behave('429:2');
queue('slow', 10);
drained('429 with Retry-After: drained');
my @slow = of_kind('slow');
my ($said) = grep { $_->{behaviour} eq '429:2' } @slow;
# requests that were on their way already may come in the same moment
my ($next) = sort { $a <=> $b } grep { $_ > $said->{at} + 0.7 } map { $_->{at} } @slow;
cmp_ok($next - $said->{at}, '>=', 1.9, 'nothing is sent before the time that Retry-After names');
arrived('slow', 'Retry-After');

# ---- refused for good

$gateway->behave('400');
queue('refused', 1);
drained('400: ends');
like($node->rows('one', "SELECT state, attempts, reason FROM messaging.message WHERE kind = 'refused'"),
	qr/^failed\|1\|400: \{"message":"no, \W+ and \W+"\}$/, '400 is never tried again, and its reason names no address');
$gateway->behave('410');
queue('gone', 1);
drained('410: ends');
is($node->rows('one', "SELECT m.state, c.state FROM messaging.message AS m JOIN messaging.contact AS c USING (person, channel) WHERE m.kind = 'gone'"), 'failed|blocked', 'who is gone is not written to any more');
$node->safe_psql('one', "UPDATE messaging.contact SET state = 'active'");

# ---- redirects are not followed, and a token that is refused opens the breaker: nothing is thrown away

for my $behaviour ('redirect', '401')
{
	my $kind = "trouble-$behaviour";
	$node->safe_psql('one', "UPDATE messaging.endpoint SET break_pause = '700 ms'");
	$gateway->always($behaviour);
	queue($kind, 5);
	for (1 .. 100) { last if $node->rows('one', "SELECT state FROM messaging.breaker") eq 'open'; sleep 0.1; }
	is($node->rows('one', 'SELECT state FROM messaging.breaker'), 'open', "$behaviour opens the breaker");
	like($node->rows('one', "SELECT problems FROM messaging.health WHERE channel = 'line'"), qr/nothing is sent for a while/, '... and the health view says so');
	$gateway->always('200');
	drained("$behaviour: goes on when it is mended");
	arrived($kind, $behaviour);
	is($node->rows('one', 'SELECT state FROM messaging.breaker'), 'closed', '... and the breaker is closed');
}
is(scalar(grep { $_->{path} =~ /elsewhere/ } $gateway->seen), 0, 'no redirect was followed');

# ---- a breaker that is open stays so through a restart, and lets one probe go

$node->safe_psql('one', "UPDATE messaging.endpoint SET break_pause = '10 s', break_after = 3");
$gateway->always('500');
queue('breaker', 30);
for (1 .. 100) { last if $node->rows('one', 'SELECT state FROM messaging.breaker') eq 'open'; sleep 0.1; }
is($node->rows('one', 'SELECT state FROM messaging.breaker'), 'open', 'failures open the breaker');
$node->restart;
my $before = scalar(of_kind('breaker'));
sleep 1;
is(scalar(of_kind('breaker')), $before, 'after a restart it is still open');
for (1 .. 300) { last if scalar(of_kind('breaker')) > $before; sleep 0.1; }
sleep 0.5;
is(scalar(of_kind('breaker')), $before + 1, 'then one probe goes');
$gateway->always('200');
$node->safe_psql('one', "UPDATE messaging.endpoint SET break_pause = '300 ms', break_after = 100000");
$node->safe_psql('one', "UPDATE messaging.breaker SET pause = '300 ms'");
drained('a good probe lets the others go', 90);
arrived('breaker', 'breaker');

# ---- poison, and too long: parked for a human

$node->safe_psql('one', 'UPDATE messaging.endpoint SET most_attempts = 3');
$gateway->always('500');
queue('poison', 3);
drained('poison: parked');
is($node->rows('one', "SELECT DISTINCT state, attempts FROM messaging.message WHERE kind = 'poison'"), 'parked|3', 'after most_attempts a message waits for a human');
$gateway->always('200');
$node->safe_psql('one', "SELECT messaging.resume(day, key) FROM messaging.message WHERE kind = 'poison'");
drained('resumed: drained');
arrived('poison', 'resumed');
$node->safe_psql('one', 'UPDATE messaging.endpoint SET most_attempts = 60');

# ---- packs

$node->safe_psql('one', 'UPDATE messaging.endpoint SET pack = 40');
sleep 6;    # the worker that is there looks at its endpoints every 5 seconds
$gateway->behave('taken-reset', '500', 'stall');
queue('pack', 100, 'same');
drained('packs: drained');
arrived('pack', 'packs');
my %packs;
for my $one (grep { $_->{path} eq '/multicast' } $gateway->seen)
{
	push @{ $packs{ $one->{key} } }, join(',', sort @{ $one->{to} });
}
is(join(' ', sort { $a <=> $b } map { scalar(split /,/, $_->[0]) } values %packs), '20 40 40', 'a hundred messages of one text are three requests');
is(scalar(grep { my %one = map { $_ => 1 } @$_; keys %one > 1 } values %packs), 0, 'a retry repeats the same pack under the same key');
cmp_ok(scalar(grep { @$_ > 1 } values %packs), '>=', 2, '... and there were retries');
# a pack that is refused falls apart
$gateway->behave('400');
queue('unpacked', 20, 'same');
drained('unpacked: drained');
is($node->rows('one', "SELECT state, count(*), count(pack) FROM messaging.message WHERE kind = 'unpacked' GROUP BY state"), 'accepted|20|0', 'a refused pack goes one by one');
$node->safe_psql('one', 'UPDATE messaging.endpoint SET pack = 1');
sleep 6;

# ---- another channel, by a gateway of its own

$node->safe_psql('one', <<"END");
INSERT INTO messaging.endpoint (endpoint, kind, style, url, secret, sender, enabled, timeout, backoff) VALUES ('sms', 'sms', 'json', '$url/sms', 'sms', '+81500000', true, '1 s', '20 ms');
INSERT INTO messaging.contact (person, channel, address, prefecture, preference) SELECT person, 'sms', outbreak.seal('+8190' || right(person::text, 8), 'phone', person), 13, 2 FROM registry.person;
UPDATE messaging.contact SET state = 'blocked' WHERE channel = 'line' AND right(person::text, 3)::integer % 2 = 0;
END
queue('either', 10);
drained('another channel: drained');
is($node->rows('one', "SELECT channel, state, count(*) FROM messaging.message WHERE kind = 'either' GROUP BY 1, 2 ORDER BY 1"), "line|accepted|5\nsms|accepted|5", 'who is not reached by LINE is reached by SMS');
my ($sms) = grep { $_->{path} eq '/sms' } $gateway->seen;
like("$sms->{token} $sms->{to}[0]", qr{^Bearer sms-token \+81900000000[2468]|^Bearer sms-token \+819000000010}, '... with its own token, to the number');
like($sms->{key}, qr/^\d{8}-[0-9a-f]{8}-/, '... and a key that says the day');
$node->safe_psql('one', "UPDATE messaging.contact SET state = 'active'; UPDATE messaging.endpoint SET enabled = false WHERE endpoint = 'sms'");

# ---- whatever happens to the worker

sub worker
{
	for (1 .. 200)
	{
		my $pid = $node->rows('one', 'SELECT coalesce(worker, 0) FROM outbreak.messaging_worker()');
		return $pid if $pid;
		sleep 0.05;
	}
	return 0;
}

$gateway->always('once');
queue('terminated', 300);
for (1 .. 5)
{
	my $pid = worker();
	$node->safe_psql('one', "SELECT pg_terminate_backend($pid)") if $pid;
	sleep 0.2;
}
drained('pg_terminate_backend of the worker: drained');
is($node->rows('one', "SELECT state, count(*) FROM messaging.message WHERE kind = 'terminated' GROUP BY state"), 'accepted|300', '... nothing is lost');

queue('reloaded', 300);
for (1 .. 5) { $node->reload; sleep 0.1; }
drained('reloads: drained');
is($node->rows('one', "SELECT state, count(*) FROM messaging.message WHERE kind = 'reloaded' GROUP BY state"), 'accepted|300', '... nothing is lost');

# A secret that is exchanged counts from the next look at the endpoints.
open(my $handle, '>', $secrets) or die $!;
print $handle "line second-token\n";
close($handle);
$node->reload;
sleep 1;
queue('new-secret', 1);
drained('a new secret: drained');
is((of_kind('new-secret'))[-1]{token}, 'Bearer second-token', 'a new secret is used after a reload');
chmod 0644, $secrets;
$node->reload;
queue('open-secret', 1);
sleep 2;
is($node->rows('one', "SELECT state FROM messaging.message WHERE kind = 'open-secret'"), 'queued', 'a secret file that others can read sends nothing');
chmod 0600, $secrets;
$node->reload;
drained('... until it is closed', 30);

for my $mode ('kill -9 of the worker', 'immediate shutdown', 'fast restart', 'kill -9 of the server')
{
	(my $kind = $mode) =~ s/\W+/_/g;
	queue($kind, 400);
	sleep 0.15;
	if ($mode =~ /worker/)
	{
		my $pid = worker();
		kill 'KILL', $pid if $pid;
		# the server restarts itself
		$node->poll_query_until('postgres', 'SELECT true');
	}
	elsif ($mode =~ /immediate/) { $node->stop('immediate'); $node->PostgreSQL::Test::Cluster::start; }
	elsif ($mode =~ /restart/) { my $from = time; $node->restart; cmp_ok(time - $from, '<', 20, 'a fast shutdown does not wait for gateways'); }
	else
	{
		my $postmaster = $node->{_pid};
		$node->kill9;
		# until it is gone for the system too, its lock file counts
		for (1 .. 300) { last unless kill 0, $postmaster; sleep 0.1; }
		$node->PostgreSQL::Test::Cluster::start;
	}
	$node->poll_query_until('postgres', 'SELECT true');
	drained("$mode: drained", 90);
	is($node->rows('one', "SELECT state, count(*) FROM messaging.message WHERE kind = '$kind' GROUP BY state"), 'accepted|400', "$mode: nothing is lost");
}

# ---- at the end: at least once, and by its key once

my (%effect, %requests);
for my $one ($gateway->seen)
{
	$requests{ $one->{key} }++;
	$effect{ $one->{key} }++ if $one->{taken} || ($one->{behaviour} eq 'once');
}
my @all = split /\n/, $node->rows('one', "SELECT CASE channel WHEN 'line' THEN '' ELSE to_char(day, 'YYYYMMDD-') END || coalesce(pack, key) FROM messaging.message WHERE state = 'accepted'");
is(scalar(grep { !$effect{$_} } @all), 0, 'every accepted message was delivered at least once');
my %known = map { $_ => 1 } split /\n/, $node->rows('one', "SELECT CASE channel WHEN 'line' THEN '' ELSE to_char(day, 'YYYYMMDD-') END || key FROM messaging.message UNION SELECT pack::text FROM messaging.pack");
is(scalar(grep { !$known{$_} } keys %requests), 0, 'no request had a key that is not that of a message or pack: none took effect twice');
is($node->rows('one', "SELECT count(*) FROM messaging.message AS m LEFT JOIN messaging.acceptance AS a ON a.day = m.day AND a.key = m.key WHERE (m.state = 'accepted') <> coalesce(a.stands, false)"), '0', 'evidence and state agree');
# nothing of it is in the log: no token, no address
my $log = slurp_file($node->logfile);
unlike($log, qr/first-token|second-token|sms-token/, 'no secret is in the log of the server');
unlike($log, qr/U[0-9a-f]{32}/, 'no address is in the log of the server');

$gateway->stop;
done_testing();
