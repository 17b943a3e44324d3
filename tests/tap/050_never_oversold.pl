# Thirty-two clients on one slot of 1,000 places, with more people than places: exactly 1,000 have one, whether they book
# at once or ask in the queue, and whatever breaks meanwhile. An allocator that is killed in the middle of a batch and a
# server that is stopped without a warning lose nothing that was acknowledged and do nothing twice. In a storm of
# bookings, moves, cancellations and waiting no place is lost: at the end all can be given back, and all booked again.
use strict;
use warnings;

use IPC::Run ();
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $clients = 32;
my $places = 1000;
my $each = 40;
my $people = $clients * $each;

my $node = OutbreakNode->start('main');
$node->append_conf('postgresql.conf', "max_connections = 60\nrestart_after_crash = on\nlog_min_messages = fatal");
$node->restart;
$node->deployed('one', '{vsys}');
my $folder = PostgreSQL::Test::Utils::tempdir_short();

# ---- a town, its people, and a slot for each trial: 1 is booked directly, 2 in a queue, 3 and 4 see the storm

$node->safe_psql('one', <<"END");
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区');
INSERT INTO registry.institution (institution, municipality, kind, name_ja) VALUES ('1310000018', '131016', 'hospital', '千代田見本病院');
INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, min_age, route)
VALUES ('load_p', '試験ワクチン', 'Test vaccine', '試験', 195, 6, 2, 18, 21, 12, 'carrier');
INSERT INTO vsys.programme (programme, name_ja, name_en, valid, first_dose, last_dose) VALUES ('load', '試験接種', 'Test course', '[2021-01-01,2200-01-01)', 1, 2);
INSERT INTO vsys.programme_product VALUES ('load', 'load_p');
INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en) VALUES ('load_all', 901, '試験', 'Test');
INSERT INTO vsys.site (site, municipality, kind, public, reservation, state) VALUES ('1310000018', '131016', 'basic', true, 'vsys', 'open');
INSERT INTO vsys.site_product (site, product) VALUES ('1310000018', 'load_p');
SELECT vsys.issue_tickets((
	SELECT jsonb_agg(jsonb_build_object('number', to_char(trial * 10000 + n, 'FM0000000000'), 'birth_on', '1951-01-02', 'priority_group', 'load_all'))
	FROM generate_series(1, 4) AS trial, generate_series(1, $people) AS n), 'load', '131016');
SELECT vsys.make_sessions('1310000018', 'load', 'load_p', jsonb_build_array(jsonb_build_object('weekday', extract(isodow FROM d.day), 'start', '09:00', 'end', d.until, 'minutes', 60, 'capacity', d.capacity)), d.day, d.day, mode => d.mode)
FROM (VALUES (current_date + 10, '10:00', $places, 'direct'), (current_date + 11, '10:00', $places, 'queue'), (current_date + 12, '11:00', 100, 'direct')) AS d (day, until, capacity, mode);
CREATE TABLE public.place AS SELECT row_number() OVER (ORDER BY starts_at)::integer AS number, slot, session FROM vsys.slot;
CREATE SEQUENCE public.deadlocks;
END
$node->safe_psql('one', <<'SQL');
CREATE FUNCTION public.slot(number integer) RETURNS bigint LANGUAGE SQL STABLE RETURN (SELECT p.slot FROM public.place AS p WHERE p.number = slot.number);
CREATE FUNCTION public.ticket(n integer) RETURNS text LANGUAGE SQL IMMUTABLE RETURN to_char(n, 'FM0000000000');
-- what a client is told: a booking, or why there is none; anything else is an error of the test
CREATE FUNCTION public.book(n integer, place integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN vsys.book(public.slot(place), '131016', public.ticket(n), '1951-01-02');
EXCEPTION
	WHEN SQLSTATE 'OB073' THEN RETURN 'sold out';
	WHEN SQLSTATE 'OB074' THEN RETURN 'already';
END
$$;
-- something that a person does in the storm, on slots 3 and 4
CREATE FUNCTION public.storm(n integer, what integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	mine bigint := (SELECT b.booking FROM vsys.booking AS b WHERE b.number = public.ticket(n) AND b.in_force);
	waits bigint;
	place integer := 3 + what % 2;
	holder text;
BEGIN
	IF what <= 40 THEN
		PERFORM vsys.book(public.slot(place), '131016', public.ticket(n), '1951-01-02');
	ELSIF what <= 65 AND mine IS NOT NULL THEN
		PERFORM vsys.cancel(mine, '131016', public.ticket(n), '1951-01-02');
	ELSIF what <= 75 THEN
		-- of those who have a place in the other slot, or wait: of everybody, too few do while there is room to move
		SELECT b.booking, b.number INTO mine, holder FROM vsys.booking AS b WHERE b.slot = public.slot(7 - place) AND b.in_force ORDER BY random() LIMIT 1;
		IF found THEN
			PERFORM vsys.rebook(mine, public.slot(place), '131016', holder, '1951-01-02');
		END IF;
	ELSIF what <= 92 THEN
		PERFORM vsys.join_waiting_list((SELECT p.session FROM public.place AS p WHERE p.number = 3), '131016', public.ticket(n), '1951-01-02');
	ELSIF what <= 96 THEN
		SELECT w.waiting, w.number INTO waits, holder FROM vsys.waiting AS w WHERE w.state = 'waiting' ORDER BY random() LIMIT 1;
		IF found THEN
			PERFORM vsys.leave_waiting_list(waits, '131016', holder, '1951-01-02');
		END IF;
	ELSIF what > 96 THEN
		PERFORM vsys.set_capacity(public.slot(place), 95 + n % 11);
	END IF;
EXCEPTION
	WHEN SQLSTATE 'OB073' OR SQLSTATE 'OB074' OR SQLSTATE 'OB075' OR SQLSTATE 'OB078' OR SQLSTATE 'OB079' THEN
		NULL;
	WHEN deadlock_detected THEN
		PERFORM nextval('public.deadlocks');
END
$$;
-- what must hold of a slot whatever was done: its count is its bookings, of as many people, and not above what it has
CREATE FUNCTION public.sound(number integer) RETURNS text LANGUAGE SQL STABLE
RETURN (
	SELECT concat_ws(' ', s.taken, (SELECT count(*) FROM vsys.booking AS b WHERE b.slot = s.slot AND b.in_force), (SELECT count(DISTINCT b.person) FROM vsys.booking AS b WHERE b.slot = s.slot AND b.state = 'booked'),
		CASE WHEN s.taken > s.capacity THEN 'oversold' END, (SELECT string_agg(c.problem, ', ') FROM vsys.check_slots() AS c),
		(SELECT 'twice' FROM vsys.booking AS b WHERE b.in_force GROUP BY b.person, b.programme, b.dose HAVING count(*) > 1 LIMIT 1))
	FROM vsys.slot AS s
	WHERE s.slot = public.slot(sound.number));
SQL

# Many psql at once, each with a script of its own; one shell starts them all.
sub start_clients
{
	my ($script_of) = @_;
	for my $client (0 .. $clients - 1)
	{
		unlink "$folder/script$client";
		append_to_file("$folder/script$client", $script_of->($client));
	}
	my $each_of = join(' ', 0 .. $clients - 1);
	return IPC::Run::start([ 'sh', '-c', qq{cd $folder; for i in $each_of; do psql -XAtq -F ' ' -v ON_ERROR_STOP=1 -d "\$1" -f script\$i >out\$i 2>error\$i & done; wait}, 'sh', $node->connstr('one') ]);
}

# Waits for them. What they were told, as rows of words: psql prints a row when its statement is committed.
sub told
{
	my @rows;
	$_->finish for @_;
	for my $client (0 .. $clients - 1)
	{
		push @rows, map { [ split / / ] } split /\n/, slurp_file("$folder/out$client");
	}
	return @rows;
}

sub errors
{
	return join('', map { slurp_file("$folder/error$_") } 0 .. $clients - 1);
}

# ---- directly: everybody tries twice, from two clients

my @direct = told(start_clients(sub {
	my ($client) = @_;
	return join('', map { my $n = 10001 + ($client * $each + $_ * 7 % (2 * $each)) % $people; "SELECT $n, replace(public.book($n, 1), ' ', '_');\n" } 0 .. 2 * $each - 1);
}));
is(errors(), '', 'no client has an error');
is(scalar(@direct), 2 * $people, 'everybody is answered twice');
my %booked = map { $_->[1] => $_->[0] } grep { $_->[1] =~ /^\d+$/ } @direct;
is(scalar(keys %booked), $places, 'as many as there are places are told that they have one');
is($node->rows('one', 'SELECT public.sound(1)'), "$places $places $places", 'and have it: count, bookings and people');
is($node->rows('one', "SELECT string_agg(booking || '=' || number::integer, ',' ORDER BY booking) FROM vsys.booking WHERE slot = public.slot(1)"),
	join(',', map { "$_=$booked{$_}" } sort { $a <=> $b } keys %booked), 'each has the booking that was told');

# ---- in the queue

my $ask = sub {
	my ($n) = @_;
	return "SELECT $n, r.request, r.claim FROM vsys.request_booking(ARRAY[public.slot(2)], '131016', public.ticket($n), '1951-01-02') AS r;\n";
};
# number of each request that a client was told, to ticket and key
my %acknowledged;
# those who were not acknowledged ask (again)
sub everybody_asks
{
	my %asked = map { (split / /)[0] => 1 } values %acknowledged;
	my @others = grep { !$asked{$_} } 20001 .. 20000 + $people;
	return start_clients(sub { my ($client) = @_; return join('', map { $ask->($others[$_]) } grep { $_ % $clients == $client } 0 .. $#others); });
}
sub note_told
{
	$acknowledged{ $_->[1] } = "$_->[0] $_->[2]" for grep { @$_ == 3 } @_;
	return;
}
sub start_allocators
{
	return map { IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('one'), '-c', 'CALL vsys.run_allocator(600, 20)' ], '<', \undef, '>', "$folder/allocator$_", '2>&1') } 1 .. 2;
}
my $states = "SELECT concat_ws(' ', count(*) FILTER (WHERE q.state = 'waiting'), count(*) FILTER (WHERE q.state = 'granted'), count(*) FILTER (WHERE q.state <> ALL ('{waiting,granted}'::text[]))) FROM vsys.queue_request AS q";
# all that was acknowledged is there, of the same person and with the key that was told
sub acknowledged_is_there
{
	my ($promise) = @_;
	my $rows = join(',', map { qq("$_ $acknowledged{$_}") } keys %acknowledged);
	is($node->rows('one', "SELECT count(*) FROM vsys.queue_request AS q WHERE concat_ws(' ', q.request, q.number::integer, q.claim) = ANY ('{$rows}'::text[])"), scalar(keys %acknowledged), $promise);
	return;
}

# The first five are in the queue. Somebody keeps the row of the third locked, so the first batch has bookings and counts
# written, and cannot end; the second allocator waits for its turn, and everybody else goes on asking.
note_told(map { [ split /\|/ ] } split /\n/, $node->rows('one', join('', map { $ask->($_) } 20001 .. 20005)));
my ($third) = grep { $acknowledged{$_} =~ /^20003 / } keys %acknowledged;
my $locker = $node->background($node->connstr('one'));
$locker->query_safe("BEGIN; SELECT FROM vsys.queue_request AS q WHERE q.request = $third FOR UPDATE");
my @allocators = start_allocators();
ok($node->poll_query_until('one', "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CALL vsys.run_allocator%' AND wait_event_type = 'Lock'"), 'an allocator is in the middle of a batch');
my @asking = everybody_asks();
ok($node->poll_query_until('one', "SELECT count(*) >= $people / 3 FROM vsys.queue_request"), 'requests are taken down meanwhile');
kill 'KILL', $node->rows('one', "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL vsys.run_allocator%' AND wait_event_type = 'Lock'");
note_told(told(@asking));
eval { $locker->quit };
$_->finish for @allocators;
ok($node->poll_query_until('one', 'SELECT true'), 'the allocator was killed, and the server is back');
acknowledged_is_there('every request that was acknowledged is there');
like($node->rows('one', $states), qr/^\d+ 0 0$/, 'the batch that was cut off left no request decided');
is($node->rows('one', 'SELECT public.sound(2)'), '0 0 0', 'and no place taken');

# The others ask, two allocators work, and the server is stopped without a warning.
@allocators = start_allocators();
@asking = everybody_asks();
ok($node->poll_query_until('one', "SELECT count(*) >= $places / 4 FROM vsys.queue_request WHERE state = 'granted'"), 'two allocators grant as requests come');
$node->stop('immediate');
note_told(told(@asking));
$_->finish for @allocators;
$node->PostgreSQL::Test::Cluster::start;
acknowledged_is_there('the server was stopped and started: every request that was acknowledged is there');
my ($taken, $bookings, $granted) = split / /, $node->rows('one', "SELECT public.sound(2)");
is($node->rows('one', "SELECT concat_ws(' ', public.sound(2), count(*)) FROM vsys.queue_request WHERE state = 'granted'"), "$taken $taken $taken $taken", 'requests granted, bookings and count agree');
$node->safe_psql('one', "CREATE TABLE public.left_over AS SELECT request FROM vsys.queue_request WHERE state = 'waiting'");

# To the end.
@allocators = start_allocators();
note_told(told(everybody_asks()));
is(errors(), '', 'no client has an error');
is(scalar(keys %{ { map { (split / /)[0] => 1 } values %acknowledged } }), $people, 'everybody has asked');
ok($node->poll_query_until('one', "SELECT NOT EXISTS (SELECT FROM vsys.queue_request WHERE state = 'waiting')"), 'every request is decided');
$node->rows('one', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL vsys.run_allocator%'");
$_->finish for @allocators;
acknowledged_is_there('none is lost');
is($node->rows('one', 'SELECT public.sound(2)'), "$places $places $places", 'as many have a place as there are: count, bookings and people');
is($node->rows('one', "SELECT concat_ws(' ', count(*), count(DISTINCT q.person), count(b.booking)) FROM vsys.queue_request AS q LEFT JOIN vsys.booking AS b ON b.booking = q.booking AND b.person = q.person AND b.slot = q.slots[1] AND b.in_force WHERE q.state = 'granted'"),
	"$places $places $places", 'each by one request, with the booking that it names');
is($node->rows('one', "SELECT count(*) FROM (SELECT q.person FROM vsys.queue_request AS q GROUP BY q.person HAVING bool_or(q.state = 'refused' AND q.reason = 'sold_out') AND NOT bool_or(q.state = 'granted')) AS p"),
	$people - $places, 'the others are told that all is taken');
is($node->rows('one', "SELECT count(*) FROM vsys.queue_request WHERE state = 'refused' AND reason <> ALL ('{sold_out,already_booked}'::text[])"), '0', 'and nobody anything else');
is($node->rows('one', "SELECT count(*) FROM vsys.queue_request AS q JOIN public.left_over AS l USING (request) WHERE q.reason = 'sold_out' AND q.request < (SELECT max(g.request) FROM vsys.queue_request AS g JOIN public.left_over AS o USING (request) WHERE g.state = 'granted')"),
	'0', 'who was in the queue when the server came back was served in order');

# ---- the storm: 900 people on 200 places

append_to_file("$folder/storm", "\\set n random(30001, 30900)\n\\set what random(1, 100)\nSELECT public.storm(:n, :what);\n");
my ($out, $error) = run_command([ 'pgbench', '-n', '-c', $clients, '-j', 2, '-t', 60, '-f', "$folder/storm", '-h', $node->host, '-p', $node->port, 'one' ]);
like($out, qr{number of transactions actually processed: (\d+)/\1\b}, 'everything in the storm ends as somebody wants it, or is refused with a reason') or diag($error);
is($node->rows('one', 'SELECT is_called FROM public.deadlocks'), 'f', 'and nobody waits in a circle');
$node->safe_psql('one', 'SELECT vsys.tend_bookings()');
my $after = "SELECT concat_ws(' ', (SELECT string_agg(c.problem, ', ') FROM vsys.check_slots() AS c), max(CASE WHEN s.taken > s.capacity THEN 'oversold' END), (SELECT count(*) - count(DISTINCT (b.person, b.dose)) FROM vsys.booking AS b WHERE b.in_force)) FROM vsys.slot AS s";
is($node->rows('one', $after), '0', 'counts are bookings, nothing is oversold, nobody has two places');
is($node->rows('one', "SELECT sum(s.capacity - s.taken) FROM vsys.slot AS s JOIN public.place AS p ON p.slot = s.slot WHERE p.number > 2 AND EXISTS (SELECT FROM vsys.waiting AS w WHERE w.state = 'waiting')") || '0', '0', 'no place is free while somebody waits');
my %happened = map { split / / } split /\n/, $node->rows('one', "SELECT concat_ws(' ', b.state, count(*)) FROM vsys.booking AS b JOIN public.place AS p ON p.slot = b.slot WHERE p.number > 2 GROUP BY b.state UNION ALL SELECT concat_ws(' ', w.state || '_wait', count(*)) FROM vsys.waiting AS w GROUP BY w.state");
note(join(' ', map { "$_ $happened{$_}" } sort keys %happened));
for my $what ('booked', 'cancelled', 'moved', 'promoted_wait', 'left_wait')
{
	cmp_ok($happened{$what} // 0, '>', 0, "$what: it was such a storm");
}
is($node->rows('one', "SELECT count(*) FROM vsys.waiting AS w LEFT JOIN vsys.booking AS b ON b.booking = w.booking AND b.person = w.person AND b.source = 'waiting' WHERE w.state = 'promoted' AND b.booking IS NULL"), '0', 'who was promoted has a booking by it');
is($node->rows('one', "SELECT (SELECT count(*) FROM vsys.booking WHERE source = 'waiting') = (SELECT count(*) FROM vsys.waiting WHERE state = 'promoted')"), 't', 'and nobody has one twice');

# everybody leaves, and everything is given back once
$node->safe_psql('one', <<'END');
SELECT count(vsys.set_capacity(p.slot, 110)) FROM public.place AS p WHERE p.number > 2;
SELECT count(vsys.leave_waiting_list(w.waiting, w.municipality, w.number, '1951-01-02')) FROM (SELECT * FROM vsys.waiting WHERE state = 'waiting' OFFSET 0) AS w;
SELECT count(vsys.cancel(b.booking, b.municipality, b.number, '1951-01-02')) FROM (SELECT b.* FROM vsys.booking AS b JOIN public.place AS p ON p.slot = b.slot WHERE p.number > 2 AND b.in_force ORDER BY b.booking OFFSET 0) AS b;
END
is($node->rows('one', 'SELECT public.sound(3)'), '0 0 0', 'every place of one slot is given back');
is($node->rows('one', 'SELECT public.sound(4)'), '0 0 0', 'and of the other');
my @again = told(start_clients(sub { my ($client) = @_; return join('', map { my $n = 40001 + $client + $clients * $_; "SELECT $n, replace(public.book($n, 3 + $_ % 2), ' ', '_');\n" } 0 .. 11); }));
is(errors(), '', 'no client has an error');
is(scalar(grep { $_->[1] =~ /^\d+$/ } @again), 220, 'and all can be booked again');
is($node->rows('one', 'SELECT public.sound(3)'), '110 110 110', 'one slot to its end');
is($node->rows('one', 'SELECT public.sound(4)'), '110 110 110', 'and the other');

done_testing();
