# A gateway for tests of the delivery worker: an HTTP server on a loopback port that does what a test tells it to.
#
#   my $gateway = Gateway->start($folder);
#   $gateway->url;                                # http://127.0.0.1:PORT
#   $gateway->behave('stall', 429, ...);          # what happens to the next requests, in turn; then 200
#   $gateway->always('500');                      # what happens to every request from now on
#   $gateway->seen;                               # requests so far: [{path, key, to => [...], answer}]
#   $gateway->stop;
#
# Behaviours: a status (200, 409, 500 …), 429:SECONDS (with Retry-After), stall (no answer), reset, late (takes the
# request, answers after two seconds), taken-reset (takes the request and resets), broken (headers that are none),
# huge (a body without end), endless-headers, redirect, once (200 the first time that a key comes, 409 afterwards).
# A request counts as taken when the gateway would deliver it: 200, 409, late, taken-reset, huge.
package Gateway;

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes ();

sub start
{
	my ($class, $folder) = @_;
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 512, ReuseAddr => 1) or die "no port: $!";
	my $self = bless { port => $listener->sockport, orders => "$folder/orders", log => "$folder/log" }, $class;

	mkdir $folder;
	unlink $self->{orders}, $self->{log};
	open(my $log, '>>', $self->{log}) or die $!;
	close($log);
	$self->{pid} = fork() // die "fork: $!";
	if ($self->{pid} == 0)
	{
		# nothing of the test's END blocks runs here
		eval { serve($self, $listener) };
		require POSIX;
		POSIX::_exit(0);
	}
	close($listener);
	return $self;
}

sub url { my ($self) = @_; return "http://127.0.0.1:$self->{port}"; }

sub order
{
	my ($self, $order) = @_;

	open(my $handle, '>', "$self->{orders}.new") or die $!;
	print $handle JSON::PP::encode_json($order);
	close($handle);
	rename("$self->{orders}.new", $self->{orders}) or die $!;
	# the server takes an order before it takes a connection
	return;
}

sub behave { my ($self, @behaviours) = @_; return $self->order({ next => \@behaviours, always => '200' }); }
sub always { my ($self, $behaviour) = @_; return $self->order({ next => [], always => $behaviour }); }

sub seen
{
	my ($self) = @_;
	open(my $handle, '<', $self->{log}) or die $!;
	return map { JSON::PP::decode_json($_) } grep { /\n\z/ } <$handle>;
}

sub stop
{
	my ($self) = @_;
	kill 'KILL', $self->{pid};
	waitpid($self->{pid}, 0);
	return;
}

# ---- the server

my (%next, %known);

sub serve
{
	my ($self, $listener) = @_;
	my $select = IO::Select->new($listener);
	my %buffer;
	my @late;
	my ($next, $always) = ([], '200');

	$SIG{PIPE} = 'IGNORE';
	open(my $log, '>>', $self->{log}) or die $!;
	$log->autoflush(1);
	my $read_orders = sub {
		return unless -e $self->{orders};
		open(my $handle, '<', $self->{orders}) or return;
		my $order = JSON::PP::decode_json(do { local $/; <$handle> });
		close($handle);
		unlink $self->{orders};
		($next, $always) = ($order->{next}, $order->{always});
	};
	for (;;)
	{
		my @ready = $select->can_read(0.05);

		while (@late && $late[0]{at} <= Time::HiRes::time())
		{
			my $one = shift @late;
			answer($one->{socket}, 200) if $select->exists($one->{socket});
		}
		for my $socket (@ready)
		{
			if ($socket == $listener)
			{
				my $new = $listener->accept or next;
				$new->blocking(0);
				$select->add($new);
				$buffer{$new} = '';
				next;
			}
			my $got = sysread($socket, $buffer{$socket}, 65536, length($buffer{$socket}));
			if (!$got)
			{
				$select->remove($socket);
				delete $buffer{$socket};
				close($socket);
				next;
			}
			next unless $buffer{$socket} =~ /\A(\S+) (\S+) .*?\r\n\r\n/s;
			my ($path, $head) = ($2, $&);
			my ($length) = $head =~ /^content-length: *(\d+)/im;
			next if length($buffer{$socket}) < length($head) + ($length // 0);
			my $body = substr($buffer{$socket}, length($head), $length // 0);
			substr($buffer{$socket}, 0, length($head) + ($length // 0)) = '';
			$read_orders->();
			my $behaviour = @$next ? shift @$next : $always;
			my ($key) = $head =~ /^(?:x-line-retry-key|idempotency-key): *(\S+)/im;
			my $json = eval { JSON::PP::decode_json($body) } // {};
			my $to = $json->{to} // '';
			my %entry = (path => $path, key => $key // '', to => ref $to ? $to : [$to], text => $json->{text} // $json->{messages}[0]{text}, token => ($head =~ /^authorization: *(.*?)\r$/im)[0],
				behaviour => $behaviour, at => Time::HiRes::time());

			if ($behaviour eq 'once')
			{
				$behaviour = $known{ $entry{key} }++ ? '409' : '200';
			}
			$entry{taken} = $behaviour =~ /^(200|409|late|taken-reset|huge)$/ ? 1 : 0;
			$known{ $entry{key} }++ if $entry{taken};
			print $log JSON::PP::encode_json(\%entry), "\n";

			if ($behaviour eq 'stall') { }
			elsif ($behaviour eq 'late') { push @late, { socket => $socket, at => Time::HiRes::time() + 2 }; }
			elsif ($behaviour =~ /reset$/)
			{
				setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
				$select->remove($socket);
				delete $buffer{$socket};
				close($socket);
			}
			elsif ($behaviour eq 'broken') { finish($select, \%buffer, $socket, "HTTP/1.1 2\x00\xff0 \r\n: \r\nTransfer-Encoding: chunked\r\nContent-Length: -5\r\n\r\nzz\r\n"); }
			elsif ($behaviour eq 'no-http') { finish($select, \%buffer, $socket, "220 smtp.example ESMTP\r\n\r\n"); }
			elsif ($behaviour eq 'huge') { finish($select, \%buffer, $socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" . ('x' x 4000000)); }
			elsif ($behaviour eq 'endless-headers') { finish($select, \%buffer, $socket, "HTTP/1.1 500 No\r\n" . join('', map { "X-$_: " . ('y' x 200) . "\r\n" } 1 .. 20000)); }
			elsif ($behaviour eq 'redirect') { finish($select, \%buffer, $socket, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:$self->{port}/elsewhere\r\nContent-Length: 0\r\n\r\n"); }
			elsif ($behaviour =~ /^429:(\d+)$/) { answer($socket, 429, "Retry-After: $1\r\n"); }
			else { answer($socket, $behaviour); }
		}
	}
}

sub answer
{
	my ($socket, $status, $headers) = @_;
	my $body = $status < 300 ? '{}' : '{"message":"no, +819012345678 and U0123456789abcdef0123456789abcdef"}';

	syswrite($socket, "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nX-Line-Request-Id: req-$status\r\n" . ($headers // '') . 'Content-Length: ' . length($body) . "\r\n\r\n$body");
	return;
}

sub finish
{
	my ($select, $buffer, $socket, $bytes) = @_;

	$socket->blocking(1);
	local $SIG{ALRM} = sub { die };
	eval { alarm(2); syswrite($socket, $bytes); alarm(0); };
	alarm(0);
	$select->remove($socket);
	delete $buffer->{$socket};
	close($socket);
	return;
}

1;
