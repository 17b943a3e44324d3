# A server of its own for a TAP test, with the extension of this checkout found in $ENV{OUTBREAK_INSTALL}.
#
#   my $node = OutbreakNode->start('main');            # initialised, configured, running
#   $node->deployed('one');                            # a database with everything deployed
#   $node->fails('one', 'SQL', '42P06', 'promise');    # SQL fails with this SQLSTATE; returns the whole error
#   $node->rows('one', 'SQL');                         # unaligned answer, as a string
#   $node->background('host=...');                     # a session that stays open; ->query('SQL')
#   $node->dump_of('one', '--schema-only');            # pg_dump's text without what differs from run to run
package OutbreakNode;

use strict;
use warnings;

use PostgreSQL::Test::BackgroundPsql;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @ISA = ('PostgreSQL::Test::Cluster');

# The superuser has one name, whoever runs the tests.
$ENV{PGUSER} = 'postgres';

sub start
{
	my ($class, $name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	die "OUTBREAK_INSTALL is not set: run 'tests/run tap'\n" unless $ENV{OUTBREAK_INSTALL};
	bless $node, $class;
	$node->init(extra => [ '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8' ], %options);
	# preloading does not look into extension_destdir
	my ($library) = run_command([ 'pg_config', '--pkglibdir' ]);
	$node->new_key(1);
	$node->append_conf('postgresql.conf', <<"END");
dynamic_library_path = '$ENV{OUTBREAK_INSTALL}$library:\$libdir'
shared_preload_libraries = 'outbreak'
outbreak.access_key_file = '${\ $node->key_file}'
extension_destdir = '$ENV{OUTBREAK_INSTALL}'
timezone = 'Asia/Tokyo'
max_wal_size = 2GB
# a deployment of everything is one transaction, and these servers have few connections
max_locks_per_transaction = 256
jit = off
log_statement = none
END
	$node->SUPER::start;
	return $node;
}

# The file of the node's master keys; new_key(2) adds a second one.
sub key_file
{
	my ($node) = @_;
	return $node->basedir . '/master.key';
}

sub new_key
{
	my ($node, $version) = @_;
	my $file = $node->key_file;
	my ($key) = run_command([ 'openssl', 'rand', '-hex', '32' ]);

	open(my $handle, '>>', $file) or die "$file: $!";
	chmod 0600, $file;
	print $handle "$version $key\n";
	close($handle);
	return;
}

# Creates a database where the extension is created and the given words (all by default) are deployed.
sub deployed
{
	my ($node, $database, $words) = @_;
	my $argument = defined $words ? "'$words'" : '';

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, <<"END");
SET client_min_messages = warning;
CREATE EXTENSION outbreak CASCADE;
CALL outbreak.deploy($argument);
END
	return;
}

# A psql that stays connected to wherever the connection string says (a pooler), for statements one after another.
sub background
{
	my ($node, $connection) = @_;
	return PostgreSQL::Test::BackgroundPsql->new(0,
		[ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $connection, '-f', '-' ], undef, 1);
}

# As PostgreSQL::Test::Cluster's, but an error says what psql said, and not the whole script once more.
sub safe_psql
{
	my ($node, $database, $sql, %options) = @_;
	my ($result, $out, $error) = $node->psql($database, $sql, on_error_stop => 1, on_error_die => 0, %options);

	die "psql on $database failed: $error\n" if $result != 0;
	return $out;
}

sub rows
{
	my ($node, $database, $sql) = @_;
	return $node->safe_psql($database, $sql);
}

# The statement fails with the SQLSTATE. Returns the error with its detail and hint.
sub fails
{
	my ($node, $database, $sql, $state, $promise) = @_;
	my ($result, $out, $error) =
	  $node->psql($database, "\\set VERBOSITY verbose\nSET client_min_messages = warning;\n$sql", on_error_stop => 1);
	my ($seen) = ($error // '') =~ /(?:ERROR|FATAL):  ([0-9A-Z]{5}):/;

	is($seen // 'no error', $state, $promise) or diag($error);
	return $error;
}

# What pg_dump writes, without the random key of \restrict.
sub dump_of
{
	my ($node, $database, @options) = @_;
	my ($out, $error) = run_command([ 'pg_dump', @options, '-d', $node->connstr($database) ]);

	# a table that refers to itself is no matter: data-only dumps are compared here, not restored
	$error =~ s/^pg_dump: warning: there are circular foreign-key constraints on this table:\n(pg_dump: (detail|hint): .*\n?)+//mg;
	is($error, '', "pg_dump of $database says nothing") if $error ne '';
	$out =~ s/^\\(un)?restrict .*\n//mg;
	return $out;
}

# A dump's objects in a form that does not depend on how often they were dumped and restored: a restored expression
# may gain or lose parentheses (BETWEEN inside AND), a column without a name gets that of its type, and the roles of a
# policy stand in the order of their OIDs.
sub plain_schema
{
	my ($node, $text) = @_;
	$text =~ s{^(CREATE POLICY .*? TO )([\w, ]+?)( USING| WITH CHECK|;)}{ $1 . join(', ', sort split /, /, $2) . $3 }gme;
	$text =~ s/[()]//g;
	$text =~ s/ AS (?:text|int2|int4|int8|numeric|bool|date|timestamptz|uuid|jsonb|institution_code|municipality_code)\b//g;
	$text =~ s/[ \t]+/ /g;
	return $text;
}

# Compares two long texts without printing them whole.
sub same_text
{
	my ($node, $one, $two, $promise) = @_;
	return pass($promise) if $one eq $two;

	my @one = split /\n/, $one;
	my @two = split /\n/, $two;
	my %one = map { $_ => 1 } @one;
	my %two = map { $_ => 1 } @two;
	fail($promise);
	my @gone = grep { !$two{$_} } @one;
	my @new = grep { !$one{$_} } @two;
	diag("lines: " . @one . " and " . @two);
	diag("- $_") for @gone[ 0 .. ($#gone > 19 ? 19 : $#gone) ];
	diag("+ $_") for @new[ 0 .. ($#new > 19 ? 19 : $#new) ];
	return;
}

1;
