# The audit trail outside of the database and across servers: an outsider checks an entry with openssl alone; a restored
# dump brings the trail back as it was, adds nothing to it, and goes on; prepared transactions, connections that break and
# crashes leave no gap; reveals of a transaction that was rolled back stand in the server's log; a standby records nothing
# and so reveals nothing.
use strict;
use warnings;

use JSON::PP;
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main', allows_streaming => 1);
$node->append_conf('postgresql.conf', "max_prepared_transactions = 5\nlog_min_messages = log\n");
$node->restart;
$node->deployed('one');
$node->safe_psql('one', <<'SQL');
CREATE SCHEMA ward;
CREATE TABLE ward.patient (person uuid PRIMARY KEY, note text, name outbreak.sealed);
SELECT access.audit_table('ward.patient', 'person');
INSERT INTO ward.patient
SELECT ('cccccccc-0000-4000-8000-' || to_char(n, 'FM000000000000'))::uuid, 'note ' || n
FROM generate_series(1, 50) AS n;
UPDATE ward.patient SET note = 'changed' WHERE note LIKE '%7';
SQL

# ---- an outsider, with openssl and a few lines of perl

my $temporary = $PostgreSQL::Test::Utils::tmp_check;
my $id = $node->rows('one', q{SELECT id FROM access.audit WHERE relation = 'ward.patient' AND action = 'update' ORDER BY number LIMIT 1});
$node->safe_psql('one', 'SELECT count(*) FROM access.sign_audit()');
my $text = $node->rows('one', "SET ROLE outbreak_auditor; SELECT access.audit_proof($id)");
my $proof = decode_json($text);

sub written
{
	my ($name, $bytes) = @_;
	open(my $handle, '>:raw', "$temporary/$name") or die "$name: $!";
	print $handle $bytes;
	close($handle);
	return "$temporary/$name";
}

sub sha256
{
	my ($bytes) = @_;
	my ($out) = run_command([ 'openssl', 'dgst', '-sha256', '-r', written('bytes', $bytes) ]);
	return pack('H*', (split / /, $out)[0]);
}

# The checks that docs/security.md asks of an outsider: what is wrong with a proof, or the empty string.
sub wrong_with
{
	my ($proof) = @_;
	my $canonical = pack('H*', $proof->{canonical});

	# the fields are what the canonical bytes say
	my @fields = map { $_->[0] == 0xffffffff ? undef : $_->[1] } read_fields($canonical);
	my $entry = $proof->{entry};
	return 'fields' unless unpack('n', $fields[1]) == $entry->{chain}
	  && unpack('q>', $fields[2]) == $entry->{number}
	  && unpack('Q>', $fields[4]) == $entry->{transaction};
	my @names = qw(login role actor action relation);
	for my $i (0 .. $#names)
	{
		return $names[$i] unless ($fields[ 5 + $i ] // '(null)') eq ($entry->{ $names[$i] } // '(null)');
	}
	my $subject = defined $fields[10] ? unpack('H*', $fields[10]) : '';
	return 'subject' unless $subject eq ($entry->{subject} // '') =~ s/-//gr;
	return 'image hash' unless unpack('H*', $fields[11] // '') eq ($proof->{image_hash} // '');

	# the image is what was hashed
	if (defined $proof->{image})
	{
		my $image = $proof->{image};
		utf8::encode($image);
		return 'image' unless sha256(pack('H*', $proof->{salt}) . $image) eq $fields[11];
	}

	# entry and followers lead to the signed head
	my $hash = sha256(pack('H*', $proof->{previous_hash}) . sha256($canonical));
	return 'hash' unless $hash eq pack('H*', $proof->{hash});
	$hash = sha256($hash . pack('H*', $_)) for @{ $proof->{following} };
	my $head = $proof->{head};
	return 'head' unless $hash eq pack('H*', $head->{hash});
	return 'message' unless $head->{message} =~ /^chain $entry->{chain}\nnumber $head->{number}\nhash $head->{hash}\n/m;

	# and the head is signed: an Ed25519 key in DER is these twelve bytes and the key
	my $key = written('key.der', pack('H*', '302a300506032b6570032100') . pack('H*', $head->{public_key}));
	my $signed = system_quietly('openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', $key, '-rawin',
		'-in', written('message', $head->{message}), '-sigfile', written('signature', pack('H*', $head->{signature})));
	return $signed ? '' : 'signature';
}

sub system_quietly
{
	my ($out, $error);
	return IPC::Run::run(\@_, '>', \$out, '2>', \$error);
}

sub read_fields
{
	my ($bytes) = @_;
	my @fields;
	while (length $bytes)
	{
		my $length = unpack('N', substr($bytes, 0, 4, ''));
		push @fields, [ $length, $length == 0xffffffff ? undef : substr($bytes, 0, $length, '') ];
	}
	return @fields;
}

ok(@{ $proof->{following} } >= 3, 'entries follow up to the signed head');
is(wrong_with($proof), '', 'an outsider checks an entry with openssl');
for (
	[ 'fields', sub { shift->{entry}{number}++ } ],
	[ 'login', sub { shift->{entry}{login} = 'somebody' } ],
	[ 'subject', sub { shift->{entry}{subject} =~ tr/c/d/ } ],
	[ 'image', sub { shift->{image} =~ s/changed/Changed/ } ],
	[ 'hash', sub { shift->{previous_hash} =~ tr/0-9/1-90/ } ],
	[ 'head', sub { shift->{following}[1] =~ tr/0-9/1-90/ } ],
	[ 'head', sub { pop @{ shift->{following} } } ],
	[ 'message', sub { shift->{head}{message} =~ s/number /number 9/ } ],
	[ 'signature', sub { shift->{head}{message} =~ s/database /database x/ } ],
	[ 'signature', sub { shift->{head}{signature} =~ tr/0-9/1-90/ } ])
{
	my ($what, $change) = @$_;
	my $forged = decode_json($text);
	$change->($forged);
	is(wrong_with($forged), $what, "a forged proof is found out by its $what");
}

# ---- dump and restore

my $trail = q{SELECT count(*), md5(string_agg(a::text, ' ' ORDER BY a.chain, a.number)) FROM access.audit AS a};
my $broken = q{SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL};
my $before = $node->rows('one', $trail);
my $dump = "$temporary/one.dump";
command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $node->connstr('one') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE two');
command_ok([ 'pg_restore', '-j4', '--exit-on-error', '-d', $node->connstr('two'), $dump ], 'pg_restore');
is($node->rows('two', $trail), $before, 'a restored dump has the same trail, and no entry about being restored');
is($node->rows('two', $broken), '0', 'and it holds');
$node->safe_psql('two', q{INSERT INTO ward.patient SELECT gen_random_uuid(), 'since the restore' FROM generate_series(1, 20)}) for 1 .. 3;
is($node->rows('two', q{SELECT count(*) FROM access.audit WHERE image LIKE '%since the restore%'}), '60', 'it goes on where it was');
is($node->rows('two', $broken), '0', 'and still holds');
$node->fails('two', 'DELETE FROM access.audit', '42501', 'the restored trail does not change either');
# the data alone, into a database where everything is deployed
$node->safe_psql('postgres', 'CREATE DATABASE three');
command_ok([ 'pg_restore', '--section=pre-data', '--section=post-data', '-d', $node->connstr('three'), $dump ], 'schema first');
command_ok([ 'pg_restore', '--data-only', '--disable-triggers', '--exit-on-error', '-d', $node->connstr('three'), $dump ], 'then data, with triggers asleep');
is($node->rows('three', $trail), $before, 'adds nothing either');
is($node->rows('three', $broken), '0', 'and holds');

# ---- prepared transactions

my $count = q{SELECT count(*) FROM access.audit WHERE image LIKE '%prepared%'};
$node->safe_psql('one', <<'SQL');
SET outbreak.access_audit_chains = 2;
BEGIN; INSERT INTO ward.patient SELECT gen_random_uuid(), 'prepared'; PREPARE TRANSACTION 'kept';
BEGIN; INSERT INTO ward.patient SELECT gen_random_uuid(), 'prepared'; PREPARE TRANSACTION 'given up';
SQL
is($node->rows('one', $count), '0', 'a prepared transaction shows no entry yet');
$node->restart;
$node->fails('one', q{SET outbreak.access_audit_chains = 2; SET lock_timeout = '200ms'; INSERT INTO ward.patient SELECT gen_random_uuid(), 'waits'}, '55P03',
	'prepared transactions hold their chains, also over a restart');
$node->safe_psql('one', q{COMMIT PREPARED 'kept'});
$node->safe_psql('one', q{ROLLBACK PREPARED 'given up'});
$node->safe_psql('one', q{SET outbreak.access_audit_chains = 2; INSERT INTO ward.patient SELECT gen_random_uuid(), 'prepared' FROM generate_series(1, 2)}) for 1 .. 2;
is($node->rows('one', $count), '5', 'what was committed stands in the trail');
is($node->rows('one', $broken), '0', 'without a gap');

# ---- a crash

my $session = $node->background_psql('one');
$session->query_safe(q{BEGIN; INSERT INTO ward.patient SELECT gen_random_uuid(), 'crashed' FROM generate_series(1, 40000)});
$node->stop('immediate');
PostgreSQL::Test::Cluster::start($node);
is($node->rows('one', q{SELECT count(*) FROM access.audit WHERE image LIKE '%crashed%'}), '0', 'what a crash interrupted left no entry');
$node->safe_psql('one', q{INSERT INTO ward.patient SELECT gen_random_uuid(), 'later' FROM generate_series(1, 3)}) for 1 .. 3;
is($node->rows('one', $broken), '0', 'and no gap');
eval { $session->quit };

# ---- reveals that were rolled back

$node->safe_psql('one', <<'SQL');
CREATE ROLE doctor LOGIN;
GRANT outbreak_health_center TO doctor;
GRANT USAGE ON SCHEMA ward TO doctor;
GRANT SELECT ON ward.patient TO doctor;
INSERT INTO ward.patient
SELECT 'dddddddd-0000-4000-8000-000000000001', 'sealed', outbreak.seal('secret name', 'name', 'dddddddd-0000-4000-8000-000000000001');
SQL
my $log = -s $node->logfile;
$node->safe_psql('one', q{SET SESSION AUTHORIZATION doctor; BEGIN; SELECT outbreak.reveal(name, 'name', person) FROM ward.patient WHERE name IS NOT NULL; ROLLBACK});
my $lines = slurp_file($node->logfile, $log);
like($lines, qr/sealed values were revealed in a transaction that was rolled back/, 'a rolled-back transaction that revealed stands in the log');
like($lines, qr/login doctor, role doctor, actor -, purpose name, count 1, subjects dddddddd-0000-4000-8000-000000000001/, 'with who, what and of whom');
unlike($lines, qr/secret name/, 'and not the value');
is($node->rows('one', q{SELECT count(*) FROM access.audit WHERE login = 'doctor'}), '0', 'since the trail cannot hold it');

# ---- a standby

$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
bless $standby, 'OutbreakNode';
$standby->init_from_backup($node, 'copy', has_streaming => 1);
PostgreSQL::Test::Cluster::start($standby);
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->rows('one', $broken), '0', 'the trail can be checked on a standby');
$standby->fails('one', q{SELECT access.note('anything')}, '25006', 'nothing is noted there');
$standby->fails('one', q{SELECT outbreak.reveal(name, 'name', person) FROM ward.patient WHERE name IS NOT NULL}, '25006', 'so nothing is revealed there');

$standby->stop;
$node->stop;
done_testing();
