# Names every CREATE FUNCTION of the given SQL files that leaves its volatility or its PARALLEL label to the
# default, and every CREATE AGGREGATE without a PARALLEL label. The catalog cannot tell choice from default.
use strict;
use warnings;

for my $file (@ARGV)
{
	open my $handle, '<', $file or die "$file: $!\n";
	local $/;
	my $text = <$handle>;

	# Bodies, strings and comments go; newlines stay so that lines can be counted. Of a quoted name the letters stay.
	my $blank = sub { my $s = shift; $s =~ s/[^\n]//g; $s };
	$text =~ s{('(?:[^']|'')*')|(--[^\n]*)|(\$(\w*)\$.*?\$\g{4}\$)|(/\*.*?\*/)|(\bBEGIN\s+ATOMIC\b.*?^END;)|("[^"\n]*")}
		{ defined $7 ? $7 =~ s/[^\w"]//gr : $blank->($&) . (defined $6 ? ';' : '') }gemsxi;

	while ($text =~ /\bCREATE\s+(?:OR\s+REPLACE\s+)?(FUNCTION|AGGREGATE)\s+([^\s(]+)([^;]*)/gi)
	{
		my ($kind, $name, $rest) = (lc $1, $2, $3);
		my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
		my @missing;

		push @missing, 'VOLATILE, STABLE or IMMUTABLE'
			if $kind eq 'function' && $rest !~ /\b(VOLATILE|STABLE|IMMUTABLE)\b/i;
		push @missing, 'a PARALLEL label'
			if $rest !~ /\bPARALLEL\s*=?\s*(SAFE|RESTRICTED|UNSAFE)\b/i;
		print "$file:$line | $kind $name | label | does not state ", join(' and ', @missing), "\n" if @missing;
	}
}
