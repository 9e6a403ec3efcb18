// The least that running lines over SSH costs: libssh2 in C, one thread, epoll, and
// nothing around it. No pool, no deadlines, no host keys checked, nothing kept.
//
//   floor hosts=A,B port=N user=NAME key=FILE [connections=1] [inflight=8]
//         [lines=2000] [line=true]
//
// `connections` is per host, `inflight` per connection. Like ours it gives libssh2 two
// queues in place of a socket, and reads once and sends once each time it wakes up.
#include <arpa/inet.h>
#include <errno.h>
#include <libssh2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SESSIONS = 64, MOST_CHANNELS = 256, WINDOW = 1 << 20, PACKET = 32768 };

struct queue {
    char *bytes;
    size_t start, end, room;
};

struct channel {
    enum { IDLE, OPENING, STARTING, RUNNING, CLOSING } stage;
    LIBSSH2_CHANNEL *handle;
};

struct session {
    int fd, wants_room, has_ended;
    enum { SHAKING_HANDS, LOGGING_IN, READY } stage;
    LIBSSH2_SESSION *handle;
    struct queue in, out;
    struct channel channels[MOST_CHANNELS], *opening;
};

static const char *hosts = "127.0.0.1", *user = "root", *key = "", *line = "true";
static int port = 22, connections = 1, in_flight = 8;
static long lines = 2000, started, ended, succeeded;
static struct session sessions[MOST_SESSIONS];
static int session_count, ready_count;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double processor(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec)
        + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

// Queues

static void append(struct queue *queue, const void *bytes, size_t count)
{
    if (queue->start == queue->end) queue->start = queue->end = 0;
    if (queue->end + count > queue->room) {
        queue->room = (queue->end + count) * 2;
        queue->bytes = realloc(queue->bytes, queue->room);
        if (queue->bytes == NULL) fail("no memory");
    }
    memcpy(queue->bytes + queue->end, bytes, count);
    queue->end += count;
}

static ssize_t take_all(int fd, const void *bytes, size_t count, int flags, void **abstract)
{
    (void)fd, (void)flags;
    append(&((struct session *)*abstract)->out, bytes, count);
    return (ssize_t)count;
}

static ssize_t give_what_is_there(int fd, void *bytes, size_t count, int flags, void **abstract)
{
    (void)fd, (void)flags;
    struct session *session = *abstract;
    size_t there = session->in.end - session->in.start;
    if (there == 0) return session->has_ended ? 0 : -EAGAIN;
    if (count > there) count = there;
    memcpy(bytes, session->in.bytes + session->in.start, count);
    session->in.start += count;
    return (ssize_t)count;
}

// One line's way

static int is_over(struct session *session, struct channel *channel)
{
    static char bytes[65536];
    ssize_t out, err;
    while ((out = libssh2_channel_read_ex(channel->handle, 0, bytes, sizeof bytes)) > 0) { }
    while ((err = libssh2_channel_read_ex(channel->handle, 1, bytes, sizeof bytes)) > 0) { }
    (void)session;
    if (out < 0 && out != LIBSSH2_ERROR_EAGAIN) fail("a read failed");
    return libssh2_channel_eof(channel->handle)
        && libssh2_channel_wait_closed(channel->handle) == 0;
}

// Goes one stage further; 0 when that has to wait.
static int advance(struct session *session, struct channel *channel)
{
    int code;
    switch (channel->stage) {
    case IDLE:
        if (started == lines || session->opening != NULL) return 0;
        started++;
        session->opening = channel;
        channel->stage = OPENING;
        return 1;
    case OPENING:
        channel->handle = libssh2_channel_open_ex(
            session->handle, "session", 7, WINDOW, PACKET, NULL, 0);
        if (channel->handle == NULL) {
            if (libssh2_session_last_errno(session->handle) == LIBSSH2_ERROR_EAGAIN) return 0;
            fail("a channel was refused");
        }
        session->opening = NULL;
        channel->stage = STARTING;
        return 1;
    case STARTING:
        code = libssh2_channel_process_startup(
            channel->handle, "exec", 4, line, (unsigned)strlen(line));
        if (code == LIBSSH2_ERROR_EAGAIN) return 0;
        if (code != 0) fail("a line was refused");
        channel->stage = RUNNING;
        return 1;
    case RUNNING:
        if (!is_over(session, channel)) return 0;
        if (libssh2_channel_get_exit_status(channel->handle) == 0) succeeded++;
        channel->stage = CLOSING;
        return 1;
    case CLOSING:
        if (libssh2_channel_free(channel->handle) != 0) return 0;
        ended++;
        channel->stage = IDLE;
        return 1;
    }
    return 0;
}

// A session's way

static void log_in(struct session *session)
{
    int code = 0;
    if (session->stage == SHAKING_HANDS) {
        code = libssh2_session_handshake(session->handle, session->fd);
        if (code == 0) session->stage = LOGGING_IN;
    }
    if (session->stage == LOGGING_IN && code == 0) {
        code = libssh2_userauth_publickey_fromfile_ex(
            session->handle, user, (unsigned)strlen(user), NULL, key, NULL);
        if (code == 0) session->stage = READY, ready_count++;
    }
    if (code != 0 && code != LIBSSH2_ERROR_EAGAIN) fail("nobody lets us in");
}

// What has arrived goes into libssh2 first: a call that waits for its own answer drops
// another's.
static void pump(struct session *session)
{
    char nothing;
    for (int i = 0; i < in_flight; i++)
        if (session->channels[i].stage >= STARTING && session->channels[i].stage < CLOSING) {
            libssh2_channel_read_ex(session->channels[i].handle, 7, &nothing, 0);
            return;
        }
}

static void drive(struct session *session)
{
    int has_advanced = 1;
    pump(session);
    while (has_advanced) {
        has_advanced = 0;
        for (int i = 0; i < in_flight; i++)
            while (advance(session, &session->channels[i])) has_advanced = 1;
    }
}

static void flush(int poll, struct session *session)
{
    struct queue *out = &session->out;
    if (out->end > out->start) {
        ssize_t count = send(
            session->fd, out->bytes + out->start, out->end - out->start, MSG_NOSIGNAL);
        if (count > 0) out->start += (size_t)count;
    }
    int wants_room = out->end > out->start;
    if (wants_room == session->wants_room) return;
    session->wants_room = wants_room;
    struct epoll_event event = {EPOLLIN | (wants_room ? EPOLLOUT : 0), {.ptr = session}};
    epoll_ctl(poll, EPOLL_CTL_MOD, session->fd, &event);
}

static void receive(struct session *session)
{
    static char bytes[256 << 10];
    ssize_t count = read(session->fd, bytes, sizeof bytes);
    if (count > 0) append(&session->in, bytes, (size_t)count);
    if (count == 0) session->has_ended = 1;
}

static void connect_to(const char *host, int poll)
{
    if (session_count == MOST_SESSIONS) fail("too many connections");
    struct session *session = &sessions[session_count++];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;
    session->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(session->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    inet_pton(AF_INET, host, &address.sin_addr);
    if (connect(session->fd, (struct sockaddr *)&address, sizeof address) != 0
        && errno != EINPROGRESS)
        fail("can't connect");
    session->handle = libssh2_session_init_ex(NULL, NULL, NULL, session);
    libssh2_session_set_blocking(session->handle, 0);
    libssh2_session_callback_set(session->handle, LIBSSH2_CALLBACK_SEND, (void *)take_all);
    libssh2_session_callback_set(
        session->handle, LIBSSH2_CALLBACK_RECV, (void *)give_what_is_there);
    session->wants_room = 1;
    struct epoll_event event = {EPOLLIN | EPOLLOUT, {.ptr = session}};
    epoll_ctl(poll, EPOLL_CTL_ADD, session->fd, &event);
}

static void turn(int poll)
{
    struct epoll_event events[MOST_SESSIONS];
    int count = epoll_wait(poll, events, MOST_SESSIONS, -1);
    for (int i = 0; i < count; i++) {
        struct session *session = events[i].data.ptr;
        if (events[i].events & ~(unsigned)EPOLLOUT) receive(session);
        if (session->stage != READY) log_in(session);
        else if (ready_count == session_count) drive(session);
        flush(poll, session);
    }
}

// The whole

static void read_option(char *option)
{
    char *value = strchr(option, '=');
    if (value == NULL) fail("options look like name=value");
    *value++ = 0;
    if (!strcmp(option, "hosts")) hosts = value;
    else if (!strcmp(option, "port")) port = atoi(value);
    else if (!strcmp(option, "user")) user = value;
    else if (!strcmp(option, "key")) key = value;
    else if (!strcmp(option, "connections")) connections = atoi(value);
    else if (!strcmp(option, "inflight")) in_flight = atoi(value);
    else if (!strcmp(option, "lines")) lines = atol(value);
    else if (!strcmp(option, "line")) line = value;
    else fail("an unknown option");
    if (in_flight > MOST_CHANNELS) fail("too many in flight");
}

static void run_lines(int poll, long count)
{
    lines = count;
    started = ended = succeeded = 0;
    for (int i = 0; i < session_count; i++) drive(&sessions[i]), flush(poll, &sessions[i]);
    while (ended < lines) turn(poll);
}

int main(int count, char **options)
{
    double begun = now();
    for (int i = 1; i < count; i++) read_option(options[i]);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (libssh2_init(0) != 0 || poll < 0) fail("no libssh2, or no epoll");
    char *list = strdup(hosts);
    for (char *host = strtok(list, ","); host != NULL; host = strtok(NULL, ","))
        for (int i = 0; i < connections; i++) connect_to(host, poll);
    while (ready_count < session_count) turn(poll);
    double connected = now(), connecting = processor();
    long wanted = lines;
    run_lines(poll, 1);
    double first = now();
    double used = processor();
    run_lines(poll, wanted);
    double took = now() - first;
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("ok=%ld seconds=%.4f processor=%.4f connected=%.4f first=%.4f connecting=%.4f peak=%ld\n",
        succeeded, took, processor() - used, connected - begun, first - begun, connecting,
        use.ru_maxrss);
    return 0;
}
