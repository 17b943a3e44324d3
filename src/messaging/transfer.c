/*-------------------------------------------------------------------------
 *
 * transfer.c
 *		Requests to gateways, many at a time, with libcurl's multi interface.
 *
 * libcurl tells which sockets it waits for; they stand in one epoll descriptor,
 * which the worker waits for beside its latch.
 *
 * Invariants
 *		Everything of libcurl's is local to the process and cleaned up when it
 *		ends.
 *		libcurl resolves names in threads of its own: every call that may start
 *		one runs with all signals blocked, which the threads inherit, so that
 *		PostgreSQL's signals reach PostgreSQL's thread alone.
 *		Callbacks neither allocate PostgreSQL memory nor raise errors.
 *		Redirects are not followed, proxies of the environment not used, and an
 *		address is looked at after it was resolved, so that no name leads to
 *		where an endpoint may not be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "common/settings.h"
#include "messaging/worker.h"

#define HANDLES_KEPT	128
#define HEADER_MOST		65536
#define SLOW_BASE		(INT64CONST(500) * 1000)
#define SLOW_MOST		(INT64CONST(60) * USECS_PER_SEC)

/* Microseconds from 1970 to 2000. */
#define UNIX_OFFSET		((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

static CURLM *multi = NULL;
static int	epoll = -1;
static TimestampTz curl_wants_at = DT_NOEND;
static CURL *spare[HANDLES_KEPT];
static int	spares = 0;

/* ---- callbacks -------------------------------------------------------- */

static int
on_socket(CURL *easy, curl_socket_t socket, int what, void *argument, void *known)
{
	struct epoll_event event = {.data.fd = socket};

	if (what == CURL_POLL_REMOVE)
	{
		(void) epoll_ctl(epoll, EPOLL_CTL_DEL, socket, NULL);
		return 0;
	}
	event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
	if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 && errno == ENOENT)
		(void) epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
	return 0;
}

static int
on_timer(CURLM *of, long timeout, void *argument)
{
	curl_wants_at = timeout < 0 ? DT_NOEND : GetCurrentTimestamp() + timeout * INT64CONST(1000);
	return 0;
}

/* Keeps the beginning of an answer; one that does not end is cut off. */
static size_t
on_answer(char *data, size_t size, size_t count, void *argument)
{
	Job		   *job = argument;
	size_t		length = size * count;
	size_t		kept = Min(length, sizeof(job->answer) - job->answer_length);

	memcpy(job->answer + job->answer_length, data, kept);
	job->answer_length += kept;
	job->answer_bytes += length;
	return job->answer_bytes > ANSWER_MOST ? 0 : length;
}

/* The value of a header of that name, in a line as it came; NULL when it is another. */
static const char *
header_value(const char *line, size_t length, const char *name, size_t *value_length)
{
	size_t		name_length = strlen(name);

	if (length <= name_length || pg_strncasecmp(line, name, name_length) != 0 || line[name_length] != ':')
		return NULL;
	line += name_length + 1;
	length -= name_length + 1;
	while (length > 0 && (*line == ' ' || *line == '\t'))
	{
		line++;
		length--;
	}
	while (length > 0 && (unsigned char) line[length - 1] <= ' ')
		length--;
	*value_length = length;
	return line;
}

static size_t
on_header(char *data, size_t size, size_t count, void *argument)
{
	static const char *const numbers[] = {"x-line-accepted-request-id", "x-line-request-id", "x-request-id"};
	Job		   *job = argument;
	size_t		length = size * count;
	size_t		value_length;
	const char *value = header_value(data, length, "retry-after", &value_length);

	job->header_bytes += length;
	if (job->header_bytes > HEADER_MOST)
		return 0;
	if (value != NULL)
		job->retry_after = ob_messaging_retry_after(value, value_length, GetCurrentTimestamp() + UNIX_OFFSET);
	for (int i = 0; i < lengthof(numbers); i++)
	{
		value = header_value(data, length, numbers[i], &value_length);
		if (value != NULL && (i == 0 || job->request[0] == '\0'))
		{
			size_t		at = 0;

			for (size_t c = 0; c < value_length && at < sizeof(job->request) - 1; c++)
				if ((unsigned char) value[c] > ' ' && (unsigned char) value[c] < 0x7f)
					job->request[at++] = value[c];
			job->request[at] = '\0';
		}
	}
	return length;
}

/* Gives SMTP the message. */
static size_t
on_read(char *into, size_t size, size_t count, void *argument)
{
	Job		   *job = argument;
	size_t		length = Min(size * count, job->body.length - job->read);

	memcpy(into, job->body.data + job->read, length);
	job->read += length;
	return length;
}

/* Opens a socket, unless the address is none that we may speak to. */
static curl_socket_t
on_open(void *argument, curlsocktype purpose, struct curl_sockaddr *address)
{
	Job		   *job = argument;
	bool		is_private = true;

	if (address->family == AF_INET)
		is_private = ob_messaging_is_private((const uint8_t *) &((struct sockaddr_in *) (void *) &address->addr)->sin_addr, 4);
	else if (address->family == AF_INET6)
		is_private = ob_messaging_is_private((const uint8_t *) &((struct sockaddr_in6 *) (void *) &address->addr)->sin6_addr, 16);
	else
	{
		job->is_private = true;
		return CURL_SOCKET_BAD;
	}
	if (is_private && !ob_messaging_allow_private)
	{
		job->is_private = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- beginning and end ------------------------------------------------ */

/* Blocks every signal, keeping the mask. */
static void
block_signals(sigset_t *kept)
{
	sigset_t	all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, kept);
}

static void
restore_signals(const sigset_t *kept)
{
	sigprocmask(SIG_SETMASK, kept, NULL);
}

void
ob_messaging_transfer_init(Worker *worker)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		elog(FATAL, "libcurl refuses to work");
	multi = curl_multi_init();
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (multi == NULL || epoll < 0)
		elog(FATAL, "libcurl refuses to work");
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long) ob_messaging_in_flight);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long) ob_messaging_in_flight);
	curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long) ob_messaging_in_flight);
	pg_prng_strong_seed(&pg_global_prng_state);
}

static Worker *of_this_process = NULL;

/* Takes a job off the network and lets go what libcurl holds of it. */
static void
let_go(Job *job)
{
	curl_multi_remove_handle(multi, job->easy);
	/* it must not point to the job any more, whatever libcurl does with its connection later */
	curl_easy_reset(job->easy);
	curl_slist_free_all(job->headers);
	curl_slist_free_all(job->recipients);
	if (spares < HANDLES_KEPT)
		spare[spares++] = job->easy;
	else
		curl_easy_cleanup(job->easy);
	job->easy = NULL;
}

void
ob_messaging_transfer_end(void)
{
	sigset_t	kept;

	if (multi == NULL)
		return;
	block_signals(&kept);
	if (of_this_process != NULL)
	{
		dlist_mutable_iter iter;

		dlist_foreach_modify(iter, &of_this_process->flying)
		{
			Job		   *job = dlist_container(Job, node, iter.cur);

			dlist_delete(iter.cur);
			if (job->easy != NULL)
				let_go(job);
		}
	}
	while (spares > 0)
		curl_easy_cleanup(spare[--spares]);
	curl_multi_cleanup(multi);
	multi = NULL;
	close(epoll);
	epoll = -1;
	curl_global_cleanup();
	restore_signals(&kept);
}

int
ob_messaging_transfer_wait(long *timeout)
{
	if (curl_wants_at == DT_NOEND)
		*timeout = -1;
	else
	{
		int64		left = curl_wants_at - GetCurrentTimestamp();

		*timeout = left <= 0 ? 0 : (long) ((left + 999) / 1000);
	}
	return epoll;
}

/* ---- sending ---------------------------------------------------------- */

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	char	   *line = psprintf("%s: %s", name, value);

	list = curl_slist_append(list, line);
	pfree(line);
	return list;
}

/* What is the same for every way of speaking. */
static void
set_common(CURL *easy, Job *job)
{
	Lane	   *lane = job->lane;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_URL, job->packed ? lane->pack_url : lane->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, ob_messaging_allow_http ? "https,http,smtps,smtp" : "https,smtps");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) (lane->timeout / 1000));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) Min(lane->timeout / 1000, 10000));
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "outbreak/" OUTBREAK_VERSION);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, job);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->error);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, job);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
}

static void
set_mail(CURL *easy, Job *job)
{
	Lane	   *lane = job->lane;

	job->recipients = curl_slist_append(NULL, job->to);
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, lane->sender);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, job->recipients);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, job);
	curl_easy_setopt(easy, CURLOPT_USE_SSL, (long) (ob_messaging_allow_http ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (lane->authorization != NULL)
		curl_easy_setopt(easy, CURLOPT_USERPWD, lane->authorization);
}

static void
set_http(CURL *easy, Job *job)
{
	Lane	   *lane = job->lane;

	/* no "100 Continue" first */
	job->headers = curl_slist_append(NULL, "Expect:");
	job->headers = add_header(job->headers, "Content-Type",
							  lane->style == STYLE_TWILIO ? "application/x-www-form-urlencoded" : "application/json");
	if (lane->style == STYLE_LINE)
		job->headers = add_header(job->headers, "X-Line-Retry-Key", job->id);
	else if (lane->style == STYLE_JSON)
		job->headers = add_header(job->headers, "Idempotency-Key", job->id);
	if (lane->authorization != NULL)
	{
		if (lane->style == STYLE_TWILIO)
			curl_easy_setopt(easy, CURLOPT_USERPWD, lane->authorization);
		else
			job->headers = curl_slist_append(job->headers, lane->authorization);
	}
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) job->body.length);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->body.data);
}

void
ob_messaging_transfer_start(Worker *worker, Job *job)
{
	sigset_t	kept;
	CURL	   *easy;

	of_this_process = worker;
	job->started_at = GetCurrentTimestamp();
	job->retry_after = -1;
	block_signals(&kept);
	easy = spares > 0 ? spare[--spares] : curl_easy_init();
	if (easy != NULL)
	{
		job->easy = easy;
		set_common(easy, job);
		if (job->lane->style == STYLE_SMTP)
			set_mail(easy, job);
		else
			set_http(easy, job);
		curl_multi_add_handle(multi, easy);
	}
	restore_signals(&kept);
	if (easy == NULL)
	{
		/* out of memory: as if the network had failed */
		dlist_delete(&job->node);
		job->lane->in_flight--;
		worker->in_flight--;
		ob_messaging_end_job(worker, job, "retry", 0, "out of memory", GetCurrentTimestamp() + job->lane->backoff_most);
	}
}

/* ---- answers ---------------------------------------------------------- */

/* The status of an answer; 0: none that can be relied on. */
static int
status_of(Job *job, CURLcode code)
{
	long		status = 0;

	curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
	if (job->lane->style == STYLE_SMTP)
		return code == CURLE_OK ? 250 : status >= 400 ? (int) status : 0;
	/* the status was read: what came after it does not matter */
	return status >= 200 && status <= 999 ? (int) status : 0;
}

/* Why it was not accepted, for people; nothing that tells who it was for. */
static void
describe(Job *job, CURLcode code, int status, char *reason)
{
	char		answer[REASON_MOST - 24];

	if (job->is_private)
		strlcpy(reason, "the address is private (outbreak.messaging_allow_private)", REASON_MOST);
	else if (status == 0)
		/* libcurl's own words for the kind of error: its details may hold a name or an address */
		snprintf(reason, REASON_MOST, "%s", curl_easy_strerror(code));
	else if (status >= 300 && status < 400 && job->lane->style != STYLE_SMTP)
		snprintf(reason, REASON_MOST, "%d: redirects are not followed", status);
	else
	{
		ob_messaging_redact(job->answer, job->answer_length, answer, sizeof(answer));
		snprintf(reason, REASON_MOST, answer[0] != '\0' ? "%d: %s" : "%d", status, answer);
	}
}

/* The gateway wants less: nothing goes for a while. Returns until when. */
static TimestampTz
slow_down(Job *job, TimestampTz now)
{
	Lane	   *lane = job->lane;
	int64		wait = job->retry_after;

	lane->slow_in_a_row = Min(lane->slow_in_a_row + 1, 30);
	if (wait < 0)
		wait = SLOW_BASE / 2 + ob_messaging_backoff(lane->slow_in_a_row, SLOW_BASE, SLOW_MOST, pg_prng_double(&pg_global_prng_state));
	ob_messaging_bucket_pause(&lane->bucket, now + wait);
	return now + wait;
}

/* One job has its answer, or waited for it in vain. */
static void
finish(Worker *worker, Job *job, CURLcode code)
{
	Lane	   *lane = job->lane;
	TimestampTz now = GetCurrentTimestamp();
	int			status = status_of(job, code);
	Verdict		verdict = ob_messaging_verdict(lane->style, status, ob_messaging_error_code(job->answer, job->answer_length));
	char		reason[REASON_MOST] = "";
	TimestampTz next_at = 0;
	const char *what;
	bool		failed;

	if (job->is_private)
		verdict = VERDICT_TROUBLE;
	failed = verdict == VERDICT_RETRY || verdict == VERDICT_TROUBLE;
	if (verdict != VERDICT_ACCEPTED && verdict != VERDICT_REPEATED)
		describe(job, code, status, reason);
	if (ob_messaging_breaker_answer(&lane->breaker, &lane->limits, failed, verdict == VERDICT_TROUBLE, now))
	{
		lane->breaker_changed = true;
		strlcpy(lane->breaker_reason, reason, sizeof(lane->breaker_reason));
	}

	if (verdict == VERDICT_SLOW)
		next_at = slow_down(job, now);
	else if (!failed)
		lane->slow_in_a_row = 0;
	if (failed || verdict == VERDICT_SLOW)
	{
		int64		wait = ob_messaging_backoff(job->attempt, lane->backoff, lane->backoff_most, pg_prng_double(&pg_global_prng_state));

		if (verdict == VERDICT_RETRY && job->retry_after > wait)
			wait = job->retry_after;
		/* while the lane rests nothing is tried, so nothing need come due before */
		next_at = Max(next_at, now + Max(wait, 1000));
		if (lane->breaker.state == BREAKER_OPEN)
			next_at = Max(next_at, lane->breaker.until_at);
	}
	what = verdict == VERDICT_ACCEPTED ? "accepted" : verdict == VERDICT_REPEATED ? "repeated" :
		failed || verdict == VERDICT_SLOW ? "retry" :
	/* one wrong recipient spoils the pack: each is asked by itself */
		job->packed ? "unpacked" :
		verdict == VERDICT_GONE ? "gone" : "refused";
	if (strcmp(what, "unpacked") == 0)
		lane->more = true;
	if (verdict == VERDICT_ACCEPTED || verdict == VERDICT_REPEATED)
		worker->accepted += job->count;

	dlist_delete(&job->node);
	let_go(job);
	lane->in_flight--;
	worker->in_flight--;
	ob_messaging_end_job(worker, job, what, status, reason, next_at);
}

void
ob_messaging_transfer_drive(Worker *worker)
{
	struct epoll_event events[64];
	sigset_t	kept;
	int			running;
	int			count;
	CURLMsg    *message;
	int			left;

	block_signals(&kept);
	do
	{
		count = epoll_wait(epoll, events, lengthof(events), 0);
		for (int i = 0; i < count; i++)
			curl_multi_socket_action(multi, events[i].data.fd,
									 (events[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
									 (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
									 (events[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0), &running);
	} while (count == lengthof(events));
	if (curl_wants_at <= GetCurrentTimestamp())
	{
		curl_wants_at = DT_NOEND;
		curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	while ((message = curl_multi_info_read(multi, &left)) != NULL)
	{
		Job		   *job;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **) &job);
		finish(worker, job, message->data.result);
	}
	restore_signals(&kept);
}
