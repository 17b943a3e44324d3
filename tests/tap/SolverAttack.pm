# An adversary with a linear solver, for published tables whose small cells are hidden.
#
#   my @range = SolverAttack::ranges($folder, \@table, ...);
#
# A table is { atoms => [ { cells => [names] }, ... ], shown => { cell => value }, hidden => [cells], rule => 0 or 1,
# aims => [ 'cell NAME', 'atom 3', ... ] }. He knows which atoms count in which cells, what is shown, that atoms are
# not negative and, with rule, that a hidden cell is 1 at least. For each table comes back { aim => [least, most] }.
#
# One run of glpsol answers many questions: the program holds a copy of the table's equations for each end of each
# range, side by side, and the sum of their objectives is least when each of them is. What he may think of is bounded
# by TOP, so that no range is infinite.
package SolverAttack;

use strict;
use warnings;

use constant TOP => 100000;
use constant COLUMNS_A_RUN => 3000;

our $runs = 0;

# Atoms that count in the same cells cannot be told apart: one column for all of them. A shown 0 leaves no column.
sub columns
{
	my ($table) = @_;
	my (%column, @cells, @of_atom);

	for my $i (0 .. $#{ $table->{atoms} })
	{
		my @names = sort @{ $table->{atoms}[$i]{cells} };
		next if grep { exists $table->{shown}{$_} && $table->{shown}{$_} == 0 } @names;
		my $key = join("\0", @names);
		if (!defined $column{$key})
		{
			$column{$key} = scalar @cells;
			push @cells, \@names;
		}
		$of_atom[$i] = $column{$key};
	}
	return (\@cells, \@of_atom);
}

# The questions of a table: one for each end of the range of each aim.
sub questions
{
	my ($number, $table) = @_;
	my ($cells, $of_atom) = columns($table);
	my (%member, @questions);

	for my $i (0 .. $#$cells)
	{
		push @{ $member{$_} }, $i for @{ $cells->[$i] };
	}
	for my $aim (@{ $table->{aims} })
	{
		my ($kind, $name) = split / /, $aim, 2;
		my $sum = $kind eq 'cell' ? $member{$name} : defined $of_atom->[$name] ? [ $of_atom->[$name] ] : [];

		push @questions,
		  map { { table => $table, number => $number, aim => $aim, end => $_, sum => $sum || [], columns => scalar @$cells, member => \%member } } 0, 1;
	}
	return @questions;
}

# Writes some questions as one program in GLPK's own format, has it solved, and stores the answers.
sub ask
{
	my ($folder, $questions, $answers) = @_;
	my ($rows, $columns, $nonzeros) = (0, 0, 0);
	my ($body, $objective) = ('', '');
	my @first;

	for my $q (@$questions)
	{
		my $table = $q->{table};

		push @first, $columns;
		for my $cell (sort keys %{ $q->{member} })
		{
			if (exists $table->{shown}{$cell}) { $rows++; $body .= "i $rows s $table->{shown}{$cell}\n" }
			elsif ($table->{rule}) { $rows++; $body .= "i $rows l 1\n" }
			else { next }
			for my $i (@{ $q->{member}{$cell} })
			{
				$body .= sprintf "a %d %d 1\n", $rows, $columns + 1 + $i;
				$nonzeros++;
			}
		}
		$body .= sprintf "j %d d 0 %d\n", $columns + $_, TOP for 1 .. $q->{columns};
		$objective .= sprintf "a 0 %d %d\n", $columns + 1 + $_, $q->{end} ? -1 : 1 for @{ $q->{sum} };
		$columns += $q->{columns};
	}
	my $in = "$folder/attack.glp";
	my $out = "$folder/attack.sol";
	open(my $handle, '>', $in) or die "$in: $!";
	print $handle "p lp min $rows $columns $nonzeros\n$body${objective}e o f\n";
	close($handle);
	unlink $out;
	my $said = qx(glpsol --glp $in -w $out 2>&1);
	$runs++;
	open($handle, '<', $out) or die "glpsol left no solution: $said";
	my (@value, $status);
	while (<$handle>)
	{
		$status = $1 if /^s bas \d+ \d+ (\w \w) /;
		$value[$1] = $2 if /^j (\d+) \w (\S+)/;
	}
	close($handle);
	die "not solved ($status): $said" unless defined $status && $status eq 'f f';
	for my $n (0 .. $#$questions)
	{
		my $q = $questions->[$n];
		my $sum = 0;

		$sum += $value[ $first[$n] + 1 + $_ ] for @{ $q->{sum} };
		$answers->[ $q->{number} ]{ $q->{aim} }[ $q->{end} ] = $sum;
	}
	return;
}

sub ranges
{
	my ($folder, @tables) = @_;
	my @questions = map { questions($_, $tables[$_]) } 0 .. $#tables;
	my @answers = map { {} } @tables;

	while (@questions)
	{
		my @some = shift @questions;
		my $columns = $some[0]{columns};

		while (@questions && $columns + $questions[0]{columns} <= COLUMNS_A_RUN)
		{
			push @some, shift @questions;
			$columns += $some[-1]{columns};
		}
		ask($folder, \@some, \@answers);
	}
	return @answers;
}

1;
