# A backup is taken by a role that may read everything and passes row-level security. It is then the dump of a
# superuser, row for row; a role that lacks either right gets an error, and never a dump with rows missing.
use strict;
use warnings;

use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main');
$node->deployed('country');
$node->safe_psql('country', <<'SQL');
SET client_min_messages = warning;
CREATE ROLE ob_backup LOGIN BYPASSRLS;
GRANT pg_read_all_data TO ob_backup;
CREATE ROLE ob_reader LOGIN;
GRANT pg_read_all_data TO ob_reader;
CREATE ROLE ob_passer LOGIN BYPASSRLS;
INSERT INTO registry.institution (institution, kind, name_ja)
SELECT outbreak.provisional_institution_code(1 + n % 47, n), 'hospital', '病院' || n
FROM generate_series(0, 46) AS n;
INSERT INTO gmis.daily (institution, on_date, beds_secured, reported_at)
SELECT i.institution, '2020-12-01', 10, '2020-12-01 12:00+09'
FROM registry.institution AS i;
INSERT INTO access.account (login, prefecture) VALUES ('ob_reader', 13);
CREATE TABLE public.kept (of uuid, name outbreak.sealed);
INSERT INTO public.kept
SELECT u, outbreak.seal('山田 太郎', 'name', u)
FROM gen_random_uuid() AS u;
SQL

sub dump_by
{
	my ($role) = @_;
	my ($result, $out, $error);

	$result = IPC::Run::run([ 'pg_dump', '--data-only', '-U', $role, '-d', $node->connstr('country') ], '>', \$out, '2>', \$error);
	# random lines of a dump aside, rows in any order
	$out = join("\n", sort grep { !/^\\(un)?restrict / } split /\n/, $out // '');
	return ($result, $out, $error);
}

my ($ok, $whole) = dump_by($ENV{PGUSER} // getpwuid($<));
ok($ok, 'a superuser dumps');
my ($also, $backup, $complaint) = dump_by('ob_backup');
ok($also, 'the backup role dumps') or diag($complaint);
ok($backup eq $whole, 'the same rows');
like($backup, qr/\t2020-12-01\t/, 'reports are among them');
like($backup, qr/ob1\./, 'sealed values as envelopes');
unlike($backup, qr/山田/, 'and no name');

my ($reads, undef, $refusal) = dump_by('ob_reader');
ok(!$reads, 'who may read every table, but not pass policies, gets no dump');
like($refusal, qr/row-level security/, 'and is told why');
my ($passes, undef, $denial) = dump_by('ob_passer');
ok(!$passes, 'who passes policies, but may not read, gets none either');
like($denial, qr/permission denied/, 'and is told why');

$node->stop;
done_testing();
