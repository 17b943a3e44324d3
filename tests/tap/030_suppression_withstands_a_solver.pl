# Published tables are attacked with a linear solver (GLPK): no hidden cell is recovered, and every small one keeps
# the range that is promised. The same attack recovers cells where only the small ones are hidden, so it works.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use OutbreakNode;
use PostgreSQL::Test::Utils;
use SolverAttack;
use Test::More;
use Time::HiRes qw(time);

my $folder = PostgreSQL::Test::Utils::tempdir();
my $node = OutbreakNode->start('main');
$node->deployed('attacked', '{access}');

# ---- random tables

srand(20200413);

# Counts as cases are: many 0, most small, a few large.
sub count_of { my $scale = shift; return rand() < 0.15 ? 0 : int(-log(1 - rand()) * $scale) }

sub crossed
{
	my @names = ('');
	for my $labels (@_) { my @longer; for my $n (@names) { push @longer, $n eq '' ? $_ : "$n|$_" for @$labels } @names = @longer }
	return \@names;
}

sub atoms_of
{
	my ($shape, $scale) = @_;
	my @atoms;

	if ($shape eq 'rows and columns')
	{
		my ($rows, $columns) = (3 + int rand 5, 2 + int rand 4);
		for my $r (1 .. $rows) { for my $c (1 .. $columns) { push @atoms, { value => count_of($scale), cells => crossed([ "r$r", '*' ], [ "c$c", '*' ]) } } }
	}
	elsif ($shape eq 'three ways')
	{
		my ($rows, $columns) = (2 + int rand 3, 2 + int rand 2);
		for my $r (1 .. $rows) { for my $c (1 .. $columns) { for my $s ('f', 'm') { push @atoms, { value => count_of($scale), cells => crossed([ "r$r", '*' ], [ "c$c", '*' ], [ $s, '*' ]) } } } }
	}
	elsif ($shape eq 'towns in areas')
	{
		my $town = 0;
		for my $area (1 .. 2 + int rand 2) { for (1 .. 2 + int rand 3) { $town++; for my $s ('f', 'm') { push @atoms, { value => count_of($scale), cells => crossed([ "t$town", "a$area", '*' ], [ $s, '*' ]) } } } }
	}
	else
	{
		# medical areas and health centres cut the towns differently, and towns themselves are not published
		my $towns = 5 + int rand 6;
		for my $t (1 .. $towns) { my ($m, $h) = (int rand 3, int rand 3); for my $c (1 .. 2) { push @atoms, { value => count_of($scale), cells => crossed([ "medical area $m", "health centre $h", '*' ], [ "c$c", '*' ]) } } }
	}
	return \@atoms;
}

# Cases by town and sex on successive days: each day's, and all up to that day.
sub days_of
{
	my ($scale) = @_;
	my ($towns, $days) = (2 + int rand 3, 2 + int rand 4);
	my @releases = map { [] } 1 .. $days;

	for my $day (1 .. $days)
	{
		for my $town (1 .. $towns)
		{
			for my $sex ('f', 'm')
			{
				my $value = count_of($scale);
				for my $release ($day .. $days)
				{
					my @cells = @{ crossed([ "t$town", '*' ], [ $sex, '*' ], [ "day $day", map { "to day $_" } $day .. $release ]) };
					push @{ $releases[ $release - 1 ] }, { value => $value, cells => \@cells };
				}
			}
		}
	}
	return \@releases;
}

my @tables;
my @shapes = ('rows and columns', 'three ways', 'towns in areas', 'overlapping areas');
for my $n (0 .. 159)
{
	my $shape = $shapes[ $n % 4 ];
	push @tables, { shape => $shape, threshold => $n % 8 < 4 ? 10 : 4, releases => [ atoms_of($shape, 3 + rand() * 35) ] };
}
push @tables, { shape => 'successive days', threshold => $_ % 2 ? 10 : 4, releases => days_of(4 + rand() * 30) } for 0 .. 39;

# ---- they are published

sub array_literal { return '{' . join(',', map { "\"$_\"" } @_) . '}' }

my $sql = "CREATE TABLE atom (t int, release int, value bigint, cells text[]);\nCOPY atom FROM stdin;\n";
for my $t (0 .. $#tables)
{
	my $releases = $tables[$t]{releases};
	for my $r (0 .. $#$releases) { $sql .= join("\t", $t, $r, $_->{value}, array_literal(@{ $_->{cells} })) . "\n" for @{ $releases->[$r] } }
}
$node->safe_psql('attacked', "$sql\\.\nCREATE INDEX ON atom (t, release);");

my $begin = time;
my $answers = '';
for my $t (0 .. $#tables)
{
	my $table = $tables[$t];
	my $last = $#{ $table->{releases} };
	my $call = $last == 0
	  ? "outbreak.suppress('SELECT value, cells FROM atom WHERE t = $t', $table->{threshold})"
	  : "access.release('series $t', 'SELECT value, cells FROM atom WHERE t = $t AND release = %d', $table->{threshold})";
	$answers .= sprintf("SELECT $t, $_, cell, value FROM $call;\n", $_) for 0 .. $last;
}
$answers = $node->safe_psql('attacked', $answers);
note(sprintf '%d tables published in %.1f s', scalar @tables, time - $begin);

my $changed = 0;
for my $line (split /\n/, $answers)
{
	my ($t, $release, $cell, $value) = $line =~ /^(\d+)\|(\d+)\|(.*)\|(\d*)$/ or die "unexpected: $line";
	my $seen = $tables[$t]{seen} ||= {};

	$changed++ if exists $seen->{$cell} && $seen->{$cell} ne $value;
	$seen->{$cell} = $value;
}
is($changed, 0, 'a cell released again has the answer that it had');

# ---- the attack

# What the adversary is after: hidden cells, and small atoms, which differences might give away.
sub attacked
{
	my ($table, $hidden, $rule) = @_;
	my $atoms = $table->{releases}[-1];
	my (%truth, %sum, %shown);

	for my $atom (@$atoms) { $truth{$_} += $atom->{value} for @{ $atom->{cells} }; $sum{ join "\0", @{ $atom->{cells} } } += $atom->{value} }
	$shown{$_} = $truth{$_} for grep { !$hidden->{$_} } keys %truth;
	my (@small, %known);
	for my $i (0 .. $#$atoms)
	{
		my $key = join "\0", @{ $atoms->[$i]{cells} };
		push @small, "atom $i" if !$known{$key}++ && $sum{$key} > 0 && $sum{$key} < $table->{threshold};
	}
	return { atoms => $atoms, shown => \%shown, truth => \%truth, rule => $rule, small => \@small, aims => [ @small, map { "cell $_" } sort keys %$hidden ] };
}

my (@ours, @careless);
my ($hidden, $primary, $wrong) = (0, 0, 0);
for my $table (@tables)
{
	my %hidden = map { ($_ => 1) } grep { $table->{seen}{$_} eq '' } keys %{ $table->{seen} };
	my $ours = attacked($table, \%hidden, 1);
	my %small = map { ($_ => 1) } grep { $ours->{truth}{$_} > 0 && $ours->{truth}{$_} < $table->{threshold} } keys %{ $ours->{truth} };

	$wrong += grep { $table->{seen}{$_} ne '' && ($small{$_} || $table->{seen}{$_} != $ours->{truth}{$_}) } keys %{ $table->{seen} };
	$hidden += keys %hidden;
	$primary += keys %small;
	push @ours, $ours;
	push @careless, attacked($table, \%small, 0);
}
is($wrong, 0, 'what is shown is true and not small');
cmp_ok($primary, '>', 500, "there is something to hide: $primary small cells");

sub attack
{
	my ($attacked, $check) = @_;
	my @ranges = SolverAttack::ranges($folder, @$attacked);
	my ($recovered, $narrow, $low, $broken, $questions) = (0, 0, 0, 0, 0);

	for my $t (0 .. $#tables)
	{
		my $threshold = $tables[$t]{threshold};
		my $truth = $attacked->[$t]{truth};

		for my $aim (@{ $attacked->[$t]{aims} })
		{
			my ($least, $most) = @{ $ranges[$t]{$aim} };
			$questions++;
			if ($aim =~ /^atom/)
			{
				$low++ if $most < $threshold + 1 - 1e-6;
				next;
			}
			my ($cell) = $aim =~ /^cell (.*)/;
			$broken++ if $least > $truth->{$cell} + 1e-6 || $most < $truth->{$cell} - 1e-6;
			if ($most - $least < 0.5)
			{
				$recovered++;
				note("$tables[$t]{shape} $t: $cell is $truth->{$cell}, known as $least to $most") if $attacked->[$t]{rule};
			}
			$narrow++ if $truth->{$cell} < $threshold && $truth->{$cell} > 0 && ($most - $least < $threshold - 1e-6 || $most < $threshold + 1 - 1e-6);
		}
	}
	is($broken, 0, 'the solver never excludes the truth');
	return ($recovered, $narrow, $low, $questions);
}

my ($recovered, $narrow, $low, $questions) = attack(\@ours);
is($recovered, 0, "no hidden cell is recovered: $hidden hidden, $primary of them small");
is($narrow, 0, 'every small cell may be above the threshold, in a range as wide as it');
is($low, 0, 'no difference and no sum gives a small count: each may be above the threshold');

my ($found, undef, $exposed) = attack(\@careless);
cmp_ok($found, '>', $primary / 5, "where only small cells are hidden, the same attack recovers $found of $primary");
cmp_ok($exposed, '>', 0, "and bounds $exposed small counts below the threshold");
note(sprintf '%d ranges of ours, %d runs of glpsol, %.1f s in all', $questions, $SolverAttack::runs, time - $begin);

# what was published, and by whom, can be told from the audit trail
is( $node->rows('attacked', q{SELECT count(*) FROM access.release_series AS s
		WHERE NOT EXISTS (SELECT FROM access.audit AS a WHERE a.action = 'release' AND a.image::jsonb ->> 'series' = s.series)}),
	'0', 'every series that was released stands in the audit trail');
cmp_ok($node->rows('attacked', q{SELECT count(*) FROM access.audit WHERE action = 'release'}), '>=', 40, 'each release by itself');

$node->stop;
done_testing();
