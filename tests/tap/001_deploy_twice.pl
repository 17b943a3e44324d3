# The deployment engine: deploying twice changes nothing, failures leave nothing behind, what is somebody
# else's is not touched, migrations run once, and a plain DROP EXTENSION cannot take the systems along.
use strict;
use warnings;

use IPC::Run ();
use OutbreakNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = OutbreakNode->start('main');
my $schemas = q{SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace
	WHERE nspname IN (SELECT word FROM outbreak.word) OR nspname LIKE 'fake%'};
my $deployment = 'SELECT * FROM outbreak.deployment ORDER BY word';

# ---- at the same time, in a cluster where nothing of ours stands yet: roles are common to all databases

for my $database ('together', 'apart')
{
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'SET client_min_messages = warning; CREATE EXTENSION outbreak CASCADE');
}
for my $promise ('three at the same time all deploy', 'and deploy again')
{
	my @errors = ('') x 3;
	my @runs = map {
		my $i = $_;
		IPC::Run::start(
			[ 'psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($i < 2 ? 'together' : 'apart'),
				'-c', 'SET client_min_messages = warning', '-c', 'CALL outbreak.deploy()' ],
			'>', '/dev/null', '2>', \$errors[$i])
	} 0 .. 2;
	$_->finish for @runs;
	is(join('', @errors), '', $promise);
}

# ---- twice

$node->deployed('twice');
{
	my $schema = $node->dump_of('twice', '--schema-only');
	my $data = $node->dump_of('twice', '--data-only');
	my $rows = $node->rows('twice', $deployment);

	like($rows, qr/^registry\|/m, 'registry is deployed');
	$node->safe_psql('twice', 'SET client_min_messages = warning; CALL outbreak.deploy()');
	$node->same_text($node->dump_of('twice', '--schema-only'), $schema, 'the second deployment changes no object');
	$node->same_text($node->dump_of('twice', '--data-only'), $data, 'the second deployment changes no row');
	$node->same_text($node->dump_of('together', '--schema-only'), $schema, 'those that deployed at the same time have the same objects');
	is($node->rows('twice', $deployment), $rows, 'outbreak.deployment stays as it is, times included');

	$node->safe_psql('twice', "SET client_min_messages = warning; CALL outbreak.deploy('{access}')");
	$node->same_text($node->dump_of('twice', '--schema-only'), $schema, 'nor does deploying one word again');
}
is($node->rows('twice', 'BEGIN; CALL outbreak.deploy(); SELECT current_user, current_setting($$role$$); COMMIT;'),
	'postgres|none', 'the caller is left as who he was');

# ---- part of it

$node->deployed('partly', '{access}');
is($node->rows('partly', 'SELECT word FROM outbreak.deployment ORDER BY 1'), "access\nregistry", 'a word brings the words that it uses, and no others');
is($node->rows('partly', $schemas), 'access registry', 'other words make no schema');
$node->safe_psql('partly', 'SET client_min_messages = warning; CALL outbreak.deploy()');
is( $node->rows('partly', 'SELECT string_agg(word, $$ $$ ORDER BY word) FROM outbreak.deployment'),
	$node->rows('twice', 'SELECT string_agg(word, $$ $$ ORDER BY word) FROM outbreak.deployment'),
	'the rest can follow later');
$node->same_text($node->dump_of('partly', '--schema-only'), $node->dump_of('twice', '--schema-only'), 'and the result is the same');

# ---- refusals

$node->safe_psql('postgres', 'CREATE DATABASE refused');
$node->safe_psql('refused', 'SET client_min_messages = warning; CREATE EXTENSION outbreak CASCADE');
$node->safe_psql('refused', 'CREATE SCHEMA access; CREATE TABLE access.mine (a int)');
my $error = $node->fails('refused', 'CALL outbreak.deploy()', '42P06', 'a schema of that name which somebody else made is refused');
like($error, qr/schema "access" exists and was not made by outbreak\.deploy\(\)/, 'the error names the schema');
like($error, qr/HINT:.*ALTER SCHEMA access RENAME/, 'the hint says how to go on');
is($node->rows('refused', $schemas), 'access', 'nothing was made, not even the words before it');
is($node->rows('refused', $deployment), '', 'nothing is recorded');
$node->safe_psql('refused', 'ALTER SCHEMA access RENAME TO mine; SET client_min_messages = warning; CALL outbreak.deploy()');
is($node->rows('refused', 'SELECT count(*) FROM mine.mine'), '0', 'after the renaming that the hint proposes, deployment works');

$error = $node->fails('refused', "CALL outbreak.deploy('{registry,gmsi}')", '22023', 'an unknown word is refused');
like($error, qr/there is no word "gmsi".*HINT:  The words are: common, registry/s, 'the error names it, the hint the words there are');

$node->safe_psql('refused', 'CREATE ROLE someone LOGIN');
$node->fails('refused', 'SET ROLE someone; CALL outbreak.deploy()', '42501', 'nobody but a superuser may call it');
$node->safe_psql('refused', 'GRANT EXECUTE ON PROCEDURE outbreak.deploy(text[]) TO someone');
$error = $node->fails('refused', 'SET ROLE someone; CALL outbreak.deploy()', '42501', 'not even when it was granted by mistake');
like($error, qr/must be superuser to deploy/, 'which it says');
$node->fails('refused', "SET ROLE someone; CALL outbreak.deploy_part('x', 'tables', 'SELECT 1', 'postgres')", '42501', 'deploy_part is nobody\'s way in');

# ---- a failing part leaves nothing behind

$node->safe_psql('postgres', 'CREATE DATABASE failing');
$node->safe_psql('failing', <<'END');
SET client_min_messages = warning;
CREATE EXTENSION outbreak CASCADE;
INSERT INTO outbreak.word VALUES ('fake', 900, '{}');
INSERT INTO outbreak.blueprint (position, word, part, number, body) VALUES
	(9001, 'fake', 'tables', 0, 'CREATE TABLE fake.t (a integer); INSERT INTO fake.t VALUES (1);'),
	(9002, 'fake', 'functions', 0, E'CREATE FUNCTION fake.f() RETURNS integer LANGUAGE SQL IMMUTABLE AS ''SELECT 1'';\nSELECT 1 / 0;'),
	(9003, 'fake', 'grants', 0, 'GRANT USAGE ON SCHEMA fake TO outbreak_ministry;');
END
$error = $node->fails('failing', 'CALL outbreak.deploy()', '22012', 'a failing part keeps its SQLSTATE');
like($error, qr/deployment of "fake", part functions, failed: division by zero/, 'and is named');
is($node->rows('failing', $schemas), '', 'no schema is left, of this word or of those before it');
is($node->rows('failing', $deployment), '', 'nothing is recorded');
is($node->rows('failing', q{SELECT count(*) FROM pg_class WHERE relname = 't'}), '0', 'no table is left');

# ---- migrations

$node->safe_psql('failing', <<'END');
UPDATE outbreak.blueprint SET body = 'CREATE OR REPLACE FUNCTION fake.f() RETURNS integer LANGUAGE SQL IMMUTABLE AS ''SELECT 1'';' WHERE position = 9002;
SET client_min_messages = warning;
CALL outbreak.deploy();
INSERT INTO outbreak.blueprint (position, word, part, number, body) VALUES
	(9010, 'fake', 'migration', 1, 'ALTER TABLE fake.t ADD COLUMN b integer DEFAULT 7;'),
	(9011, 'fake', 'migration', 2, 'UPDATE fake.t SET b = b + 1;');
END
is($node->rows('failing', q{SELECT migration FROM outbreak.deployment WHERE word = 'fake'}), '0', 'deployed before the migration existed');
my $others = q{SELECT * FROM outbreak.deployment WHERE word <> 'fake' ORDER BY word};
my $before = $node->rows('failing', $others);
$node->safe_psql('failing', 'SET client_min_messages = warning; CALL outbreak.deploy()');
is($node->rows('failing', 'SELECT * FROM fake.t'), '1|8', 'pending migrations run in order, rows stay');
is($node->rows('failing', q{SELECT migration FROM outbreak.deployment WHERE word = 'fake'}), '2', 'they are recorded');
is($node->rows('failing', $others), $before, 'other words are as they were');
$node->safe_psql('failing', 'SET client_min_messages = warning; CALL outbreak.deploy()');
is($node->rows('failing', 'SELECT * FROM fake.t'), '1|8', 'they do not run again');

$node->safe_psql('failing', q{INSERT INTO outbreak.blueprint (position, word, part, number, body)
	VALUES (9012, 'fake', 'migration', 3, 'UPDATE fake.t SET b = 100; SELECT 1 / 0;')});
$error = $node->fails('failing', 'CALL outbreak.deploy()', '22012', 'a failing migration fails the deployment');
like($error, qr/"fake", part migration/, 'is named');
is($node->rows('failing', 'SELECT * FROM fake.t'), '1|8', 'and leaves the rows alone');

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', <<'END');
SET client_min_messages = warning;
CREATE EXTENSION outbreak CASCADE;
INSERT INTO outbreak.word VALUES ('fake', 900, '{}');
INSERT INTO outbreak.blueprint (position, word, part, number, body) VALUES
	(9001, 'fake', 'tables', 0, 'CREATE TABLE fake.t (a integer, b integer);'),
	(9010, 'fake', 'migration', 1, 'ALTER TABLE fake.t ADD COLUMN b integer;');
CALL outbreak.deploy('{fake}');
END
is($node->rows('fresh', 'SELECT * FROM outbreak.deployment'),
	$node->rows('fresh', 'SELECT word, version, 1, deployed_at FROM outbreak.deployment'),
	'a new deployment stands where the migrations lead, without running them');

# ---- DROP EXTENSION

$error = $node->fails('twice', 'DROP EXTENSION outbreak', '2BP01', 'DROP EXTENSION without CASCADE refuses while systems are deployed');
$node->fails('twice', 'DROP EXTENSION postgis', '2BP01', 'and so does that of PostGIS');
is($node->rows('twice', 'SELECT count(*) FROM registry.prefecture'), '47', 'nothing is lost');
$node->safe_psql('postgres', 'CREATE DATABASE undeployed');
$node->safe_psql('undeployed', 'SET client_min_messages = warning; CREATE EXTENSION outbreak CASCADE; DROP EXTENSION outbreak; CREATE EXTENSION outbreak');
is($node->rows('undeployed', q{SELECT extname FROM pg_extension WHERE extname = 'outbreak'}), 'outbreak', 'without systems it comes and goes, and comes again');

# ---- PostGIS somewhere else

$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('elsewhere', <<'END');
SET client_min_messages = warning;
CREATE SCHEMA "Geo data";
CREATE EXTENSION postgis SCHEMA "Geo data";
CREATE EXTENSION outbreak;
CALL outbreak.deploy();
CALL outbreak.deploy();
END
is( $node->rows('elsewhere', 'SELECT string_agg(word, $$ $$ ORDER BY word) FROM outbreak.deployment'),
	$node->rows('twice', 'SELECT string_agg(word, $$ $$ ORDER BY word) FROM outbreak.deployment'),
	'everything deploys with PostGIS in a schema with an awkward name');

$node->stop;
done_testing();
