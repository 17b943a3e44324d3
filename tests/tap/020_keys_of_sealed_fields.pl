# The keys of sealed fields outside of the database: a key file that is not fit for use is refused with words that show
# nothing of it; keys rotate while others read and write; a person who was forgotten cannot be revealed from an older
# dump once the key of that time is destroyed; a standby searches and does not reveal.
use strict;
use warnings;

use File::Find;
use IPC::Run;
use OutbreakNode;
use POSIX;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main', allows_streaming => 1);
my $file = $node->key_file;
my $anna = 'aaaaaaaa-0000-4000-8000-000000000001';
my $berta = 'bbbbbbbb-0000-4000-8000-000000000002';
my $look = "SELECT subject, outbreak.reveal(name, 'name', subject) FROM person ORDER BY subject";

$node->deployed('one');
$node->safe_psql('one', <<"SQL");
CREATE TABLE person (subject uuid PRIMARY KEY, name outbreak.sealed);
INSERT INTO person VALUES ('$anna', outbreak.seal('SECRET ANNA', 'name', '$anna')), ('$berta', outbreak.seal('SECRET BERTA', 'name', '$berta'));
SQL
my $both = "$anna|SECRET ANNA\n$berta|SECRET BERTA";
is($node->rows('one', $look), $both, 'sealed values open');

# ---- a key file that is not fit for use

my $good = slurp_file($file);
my ($key) = $good =~ /^1 ([0-9a-f]{64})$/m;
my $other = '5e' x 32;
my $errors = '';

sub write_file
{
	my ($text, $mode) = @_;
	unlink($file);
	rmdir($file);
	open(my $handle, '>', $file) or die "$file: $!";
	print $handle $text;
	close($handle);
	chmod($mode // 0600, $file);
	return;
}

sub refused
{
	my ($promise, $detail) = @_;
	for my $sql ($look, "SELECT outbreak.seal('x', 'name', '$anna')", "SELECT outbreak.seal_lookup('x', 'name')", 'SELECT access.rotate_keys()')
	{
		my $error = $node->fails('one', $sql, 'OB021', "$promise: $sql");
		like($error, qr/no usable master key\nDETAIL:  \Q$detail\E\n/, $promise);
		$errors .= $error;
	}
	return;
}

sub taken
{
	my ($promise) = @_;
	is($node->rows('one', $look), $both, $promise);
	return;
}

unlink($file);
refused('a missing file is refused', 'The key file does not exist.');
mkdir($file);
refused('a directory is refused', 'The key file is not a regular file.');
rmdir($file);
POSIX::mkfifo($file, 0600);
refused('a pipe is refused, and waited for by nobody', 'The key file is not a regular file.');

my $mode = 'Others than its owner can read or change the key file; its mode must be 0600 or 0400, or 0640 when it belongs to root.';
for my $bits (0644, 0640, 0604, 0620, 0602, 0700)
{
	write_file($good, $bits);
	refused(sprintf('mode %04o is refused', $bits), $mode);
}
write_file($good, 0400);
taken('mode 0400 is taken');
SKIP:
{
	skip 'root reads everything', 8 if $> == 0;
	write_file($good, 0);
	refused('a file that cannot be read is refused', 'The server may not read the key file.');
}
SKIP:
{
	my $foreign;
	no warnings 'File::Find';
	find({ no_chdir => 1, wanted => sub {
		my @stat = lstat($_);
		$foreign //= $_ if @stat && -f _ && -r _ && $stat[4] != 0 && $stat[4] != $>;
	} }, '/var/cache', '/var/lib');
	skip 'no readable file of another user is here', 8 unless defined $foreign;
	unlink($file);
	symlink($foreign, $file);
	refused('the file of another user is refused', 'The key file belongs to another user than the one that the server runs as.');
}
unlink($file);
write_file($good);
rename($file, "$file.there");
symlink("$file.there", $file);
taken('a link to a good file is taken');
unlink("$file.there");

my $line = 'is not a version and 64 hexadecimal digits.';
for my $case (
	[ '', 'The key file holds no key.', 'an empty file' ],
	[ "# a comment\n\n", 'The key file holds no key.', 'a file of comments' ],
	[ "$key\n", "Line 1 of the key file $line", 'a key without a version' ],
	[ "1 " . substr($key, 1) . "\n", "Line 1 of the key file $line", 'a short key' ],
	[ "1 ${key}0\n", "Line 1 of the key file $line", 'a long key' ],
	[ "1 " . substr($key, 1) . "g\n", "Line 1 of the key file $line", 'a digit that is none' ],
	[ "1 $key $other\n", "Line 1 of the key file $line", 'two keys in a line' ],
	[ "0 $key\n", "Line 1 of the key file $line", 'version 0' ],
	[ "-1 $key\n", "Line 1 of the key file $line", 'a negative version' ],
	[ "2147483648 $key\n", "Line 1 of the key file $line", 'a version that is too high' ],
	[ "1 $key\n\n# new\n2 cut", "Line 4 of the key file $line", 'a line that was cut' ],
	[ "1 $key\n2 $other\n1 $other\n", 'Version 1 stands in the key file twice.', 'a version that stands there twice' ],
	[ '#' x 70000, 'The key file is too large to be one.', 'a large file' ],
	[ join('', map { "$_ $other\n" } 1 .. 257), 'The key file has more than 256 keys.', 'a file of very many keys' ],
	[ "1 $other\n", 'Version 1 in the key file is not the key that this database was sealed with.', 'another key of the same version' ],
	[ "7 $other\n", 'The key file holds no version that this database was sealed with.', 'a file of another database' ],
  )
{
	my ($text, $detail, $what) = @$case;
	write_file($text);
	if ($what eq 'another key of the same version')
	{
		$node->fails('one', $look, 'OB020', "$what opens nothing");
		for my $sql ("SELECT outbreak.seal('x', 'name', '$anna')", "SELECT outbreak.seal_lookup('x', 'name')")
		{
			like($node->fails('one', $sql, 'OB021', "$what is refused"), qr/\Q$detail\E/, "$what is refused: $sql");
		}
		next;
	}
	if ($what eq 'a file of another database')
	{
		like($node->fails('one', $look, 'OB021', "$what opens nothing"), qr/The key file does not hold version 1\./, "$what lacks the version");
		like($node->fails('one', "SELECT outbreak.seal('x', 'name', '$anna')", 'OB021', "$what is refused"), qr/\Q$detail\E/, "$what is refused");
		next;
	}
	refused("$what is refused", $detail);
}
for my $text ("# comment\r\n  1\t" . uc($key) . "  \r\n\r\n", "1 $key")
{
	write_file($text);
	taken('spaces, capitals, comments and line ends of another system are taken');
}
write_file($good);
my $log = slurp_file($node->logfile);
unlike($errors, qr/[0-9a-f]{16}/i, 'no error shows a byte of a key');
unlike($errors, qr/\Q$file\E/, 'nor where the file is');
unlike($log, qr/\Q$key\E|\Q$other\E|5e5e5e5e/i, 'nor does the log show a key');
like($log, qr/DETAIL:  The key file does not exist\. The file is "\Q$file\E"\./, 'the log says which file it is');

$node->safe_psql('one', 'CREATE ROLE somebody LOGIN');
$node->fails('one', 'SET ROLE somebody; SHOW outbreak.access_key_file', '42501', 'where the file is, is for superusers');
is($node->rows('one', "SELECT count(*) FROM pg_settings WHERE name = 'outbreak.access_key_file'"), '0', 'and SHOW ALL does not show it');

# ---- a dump holds no plain text

my $dump = "$PostgreSQL::Test::Utils::tmp_check/before.dump";
command_ok([ 'pg_dump', '-Fp', '-f', $dump, '-d', $node->connstr('one') ], 'dumped');
my $text = slurp_file($dump);
unlike($text, qr/SECRET/, 'a dump holds no plain text');
like($text, qr/ob1\.AQ/, 'but envelopes');

# ---- rotation, while others read and write

$node->safe_psql('one', "INSERT INTO person SELECT u, outbreak.seal('SECRET ' || n, 'name', u) FROM (SELECT n, md5(n::text)::uuid AS u FROM generate_series(1, 3000) AS n) AS s");
my $script = "$PostgreSQL::Test::Utils::tmp_check/busy.sql";
append_to_file($script, <<'SQL');
\set n random(1, 3000)
SELECT 1 / (outbreak.reveal(name, 'name', subject) = 'SECRET ' || :n)::int FROM person WHERE subject = md5(:n::text)::uuid;
SELECT 1 / (outbreak.reveal(outbreak.seal('x', 'name', u), 'name', u) = 'x')::int FROM (SELECT gen_random_uuid() AS u) AS s;
SELECT 1 / (count(*) = 1)::int FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('secret ' || :n, 'name');
SQL
my ($out, $err) = ('', '');
my $busy = IPC::Run::start([ 'pgbench', '-n', '-c', '3', '-T', '8', '-f', $script, '-h', $node->host, '-p', $node->port, 'one' ], '>', \$out, '2>', \$err);
sleep(1);
$node->new_key(2);
my @left;
for (1 .. 400)
{
	push @left, $node->rows('one', 'SELECT access.rotate_keys(500)');
	last if $left[-1] == 0;
	sleep(0.05);
}
is($left[-1], 0, 'rotation ends');
cmp_ok($left[0], '>', 2000, 'a batch at a time');
$busy->finish;
is($busy->result(0), 0, 'nobody who read or wrote meanwhile noticed') or diag($err);
unlike($err, qr/ERROR/, 'not once');
is($node->rows('one', 'SELECT DISTINCT version FROM access.data_key'), '2', 'every key is of the new version');
is($node->rows('one', 'SELECT version, tag_key IS NULL, retired_at IS NULL FROM access.master_key ORDER BY 1'), "1|t|f\n2|f|t", 'the old version is retired');
my ($second) = slurp_file($file) =~ /^(2 .*\n)/m;
write_file($second);
taken_some();

sub taken_some
{
	is($node->rows('one', "$look LIMIT 5000") =~ /\Q$anna|SECRET ANNA\E/ ? 1 : 0, 1, 'the old version is not needed any more');
	is($node->rows('one', "SELECT count(*) FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('secret anna', 'name')"), '1', 'what was sealed before is still found');
	return;
}

# ---- transactions that go on while the file changes

my $psql = 'psql -qXAt -h ' . $node->host . ' -p ' . $node->port . ' -d one -c';
my ($third, $fourth) = map { "$_ " . (run_command([ 'openssl', 'rand', '-hex', '32' ]))[0] . "\n" } 3, 4;
append_to_file("$file.3", $second . $third);
append_to_file("$file.4", $third . $fourth);
append_to_file("$file.only4", $fourth);
my $open = sub { my ($u) = @_; "SELECT outbreak.reveal(outbreak.seal('made', 'name', '$u'), 'name', '$u');" };
is($node->rows('one', <<"SQL"), "made\n1\nmade", 'rotation does not end while a transaction that has sealed is open');
BEGIN;
@{[ $open->('dddddddd-0000-4000-8000-000000000004') ]}
\\! cat "$file.3" > "$file"; $psql "SELECT access.rotate_keys(100000)" | sed '/^[1-9]/!d'
@{[ $open->('dddddddd-0000-4000-8000-000000000004') ]}
COMMIT;
SQL
is($node->rows('one', 'SELECT access.rotate_keys(100000)'), '0', 'and ends when it has');
is($node->rows('one', <<"SQL"), "SECRET BERTA\n0\nSECRET BERTA\nmade", 'a transaction that looked into the file before goes on with the new one');
BEGIN;
SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta';
\\! cat "$file.4" > "$file"; $psql "SELECT access.rotate_keys(100000)"; cat "$file.only4" > "$file"
SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta';
@{[ $open->('eeeeeeee-0000-4000-8000-000000000005') ]}
COMMIT;
SQL
is($node->rows('one', "SELECT string_agg(DISTINCT version::text, ',') FROM access.data_key WHERE wrapped IS NOT NULL"), '4', 'every key is of the newest version, those made meanwhile too');
$second .= $third . $fourth;

# ---- what forgetting means for older copies

write_file($good . $second);
is($node->rows('one', "SELECT access.forget('$anna')"), 't', 'forgotten');
$node->fails('one', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$anna'", 'OB020', 'not revealed any more');
is($node->rows('one', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta'"), 'SECRET BERTA', 'others are');

is($node->rows('one', "SELECT action, subject, count(*) FROM access.audit WHERE action = 'forget' GROUP BY 1, 2"), "forget|$anna|1", 'noted in the audit trail')
  or diag($node->rows('one', "SELECT action, image FROM access.audit WHERE action = 'forget'"));
cmp_ok($node->rows('one', "SELECT count(*) FROM access.audit WHERE action = 'rotate'"), '>', 5, 'as are rotations');
cmp_ok($node->rows('one', "SELECT count(*) FROM access.audit WHERE action = 'reveal' AND image LIKE '%$anna%'"), '>', 5, 'and what was revealed of whom');
is($node->rows('one', "SELECT count(*) FROM access.audit WHERE image LIKE '%SECRET%'"), '0', 'but not what it said');

sub restored
{
	my ($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	command_ok([ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr($database), '-o', '/dev/null' ], 'the older dump is restored');
	return;
}
restored('two');
is($node->rows('two', $look), $both, 'while the key of that time is in the file, an older copy still opens');
write_file($second);
my $error = $node->fails('two', $look, 'OB021', 'with that key destroyed, it does not');
like($error, qr/The key file does not hold version 1\./, 'and says which version is missing');
$node->fails('two', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta'", 'OB021', 'nobody of the older copy can be revealed');
$node->fails('two', "SELECT outbreak.seal('x', 'name', '$anna')", 'OB021', 'nor sealed');
restored('three');
$node->fails('three', $look, 'OB021', 'nor from one that is restored now');
is($node->rows('one', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta'"), 'SECRET BERTA', 'the database itself goes on');

# a dump of now carries the forgetting with it
command_ok([ 'pg_dump', '-Fp', '-f', "$dump.now", '-d', $node->connstr('one') ], 'dumped');
$dump .= '.now';
restored('four');
$node->fails('four', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$anna'", 'OB020', 'a newer copy knows who was forgotten');
$node->fails('four', "SELECT outbreak.seal('x', 'name', '$anna')", 'OB022', 'and seals nothing for them');
is($node->rows('four', "SELECT outbreak.reveal(name, 'name', subject) FROM person WHERE subject = '$berta'"), 'SECRET BERTA', 'and opens what others sealed');

# ---- a standby

$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
bless $standby, 'OutbreakNode';
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->PostgreSQL::Test::Cluster::start;
$node->safe_psql('one', "INSERT INTO person VALUES ('cccccccc-0000-4000-8000-000000000003', outbreak.seal('SECRET CARLA', 'name', 'cccccccc-0000-4000-8000-000000000003'))");
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->rows('one', "SELECT subject FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('secret carla', 'name')"), 'cccccccc-0000-4000-8000-000000000003', 'a standby searches');
like($standby->fails('one', $look, '25006', 'it does not reveal'), qr/cannot reveal a sealed value in a read-only transaction/, 'and says why');
is($standby->rows('one', "SELECT outbreak.seal('x', 'name', '$berta') OPERATOR(outbreak.=) outbreak.seal_lookup('X', 'name')"), 't', 'it seals for whoever has a key');
like($standby->fails('one', "SELECT outbreak.seal('x', 'name', gen_random_uuid())", '25006', 'it makes no key'), qr/cannot execute the first outbreak\.seal\(\) of a subject in a read-only transaction/, 'and says why');
$standby->fails('one', "SELECT access.forget('$berta')", '25006', 'it forgets nobody');
$standby->fails('one', 'SELECT access.rotate_keys()', '25006', 'and rotates nothing');
my ($pages) = run_command([ 'grep', '-rlaE', 'SECRET (ANNA|BERTA|CARLA)', $standby->data_dir ]);
is($pages, '', 'and no file of it holds a plain value');
$standby->stop;

$log = slurp_file($node->logfile);
unlike($log, qr/\Q$key\E/, 'no key is in the log');
$node->stop;
done_testing();
