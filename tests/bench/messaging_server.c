/*-------------------------------------------------------------------------
 *
 * messaging_server.c
 *	  A gateway for the bench of the delivery worker: answers every request
 *	  200, after so many milliseconds, on a loopback port.
 *
 *	  cc -O2 tests/bench/messaging_server.c -o server && ./server 20
 *
 * Prints its port on the first line. On SIGUSR1 it prints "requests keys
 * recipients": requests answered, different keys among them, and recipients.
 *
 *-------------------------------------------------------------------------
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS	4096
#define ROOM		262144
#define KEYS		(1 << 23)

typedef struct Connection
{
	char	   *in;
	size_t		length;
	int64_t		answer_at;
	int			next;
} Connection;

static Connection connection[CONNECTIONS];
static uint64_t *seen;
static long requests,
			keys,
			recipients;
static volatile sig_atomic_t asked;

static void
on_signal(int number)
{
	(void) number;
	asked = 1;
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* Notes a key; the first 16 hexadecimal digits are enough to tell a few millions apart. */
static void
note_key(const char *text)
{
	uint64_t	key = 0;

	for (int digits = 0; digits < 16 && *text >= '-'; text++)
		if (*text != '-')
		{
			key = key << 4 | (uint64_t) (*text <= '9' ? *text - '0' : (*text | 32) - 'a' + 10);
			digits++;
		}
	key |= 1;
	for (uint64_t at = key * UINT64_C(0x9e3779b97f4a7c15) >> 41;; at = (at + 1) % KEYS)
	{
		if (seen[at] == key)
			return;
		if (seen[at] == 0)
		{
			seen[at] = key;
			keys++;
			return;
		}
	}
}

/* Takes a whole request out of the buffer; false when it is not whole yet. */
static int
take_request(Connection *c)
{
	char	   *end = memmem(c->in, c->length, "\r\n\r\n", 4);
	char	   *field;
	size_t		body = 0;
	size_t		whole;

	if (end == NULL)
		return 0;
	field = strcasestr(c->in, "\r\ncontent-length:");
	if (field != NULL && field < end)
		body = (size_t) atol(field + 17);
	whole = (size_t) (end + 4 - c->in) + body;
	if (c->length < whole)
		return 0;
	field = strcasestr(c->in, "\r\nx-line-retry-key: ");
	if (field != NULL && field < end)
		note_key(field + 20);
	requests++;
	/* a multicast has an array of recipients */
	if (body > 7 && memcmp(end + 4, "{\"to\":[", 7) == 0)
	{
		char	   *stop = memchr(end + 4, ']', body);

		for (char *p = end + 4 + 7; p < stop; p++)
			recipients += *p == 'U';
	}
	else
		recipients++;
	memmove(c->in, c->in + whole, c->length - whole);
	c->length -= whole;
	c->in[c->length] = '\0';
	return 1;
}

int
main(int argc, char **argv)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Line-Request-Id: bench\r\n\r\n{}";
	int64_t		delay = (argc > 1 ? atol(argv[1]) : 20) * 1000;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	length = sizeof(address);
	int			listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int			epoll = epoll_create1(0);
	int			first = -1;		/* answers that wait, in the order in which they are due */
	int			last = -1;
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};

	seen = calloc(KEYS, sizeof(*seen));
	if (seen == NULL || bind(listener, (struct sockaddr *) &address, sizeof(address)) != 0 || listen(listener, 1024) != 0 ||
		getsockname(listener, (struct sockaddr *) &address, &length) != 0)
		return 1;
	signal(SIGUSR1, on_signal);
	signal(SIGPIPE, SIG_IGN);
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;)
	{
		struct epoll_event events[256];
		int64_t		now = now_us();
		int			timeout = first < 0 ? 1000 : connection[first].answer_at <= now ? 0 : (int) ((connection[first].answer_at - now + 999) / 1000);
		int			count = epoll_wait(epoll, events, 256, timeout);

		if (asked)
		{
			asked = 0;
			printf("%ld %ld %ld\n", requests, keys, recipients);
			fflush(stdout);
		}
		now = now_us();
		for (int i = 0; i < count; i++)
		{
			int			fd = events[i].data.fd;
			Connection *c;
			ssize_t		got;

			if (fd == listener)
			{
				int			one = 1;

				fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
				if (fd < 0 || fd >= CONNECTIONS)
				{
					if (fd >= 0)
						close(fd);
					continue;
				}
				setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
				free(connection[fd].in);
				connection[fd] = (Connection) {.in = calloc(1, ROOM), .next = -1};
				event.data.fd = fd;
				epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
				continue;
			}
			c = &connection[fd];
			got = read(fd, c->in + c->length, ROOM - 1 - c->length);
			if (got <= 0)
			{
				if (got < 0 && errno == EAGAIN)
					continue;
				/* one that is still to be answered closes after its answer */
				if (c->answer_at == 0)
					close(fd);
				else
					epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
				continue;
			}
			c->length += (size_t) got;
			c->in[c->length] = '\0';
			if (c->answer_at == 0 && take_request(c))
			{
				c->answer_at = now + delay;
				c->next = -1;
				if (first < 0)
					first = fd;
				else
					connection[last].next = fd;
				last = fd;
			}
		}
		now = now_us();
		while (first >= 0 && connection[first].answer_at <= now)
		{
			int			fd = first;

			first = connection[fd].next;
			connection[fd].answer_at = 0;
			if (write(fd, answer, sizeof(answer) - 1) < 0)
				close(fd);
		}
	}
}
