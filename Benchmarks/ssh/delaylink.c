// A link with a delay, for kernels without netem: two TUN devices, one here and one in
// a network namespace, and a queue between them each way. Needs root.
//
//   delaylink NAMESPACE MILLISECONDS HERE THERE
//
// The delay is each way; HERE and THERE are the devices' addresses, as 10.77.1.1/30.
// Says "up" once packets pass, and ends with its stdin.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_PACKET = 65536, QUEUED = 65536 };

struct packet {
    int64_t due;
    ssize_t count;
    char *bytes;
};

// What waits to leave by a device.
struct way {
    struct packet packets[QUEUED];
    unsigned first, next;
};

static struct way ways[2];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int make_device(const char *name, const char *address)
{
    char command[256];
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) fail("/dev/net/tun");
    snprintf(command, sizeof command,
        "ip link set lo up; ip addr add %s dev %s && ip link set %s up txqueuelen 10000",
        address, name, name);
    if (system(command) != 0) fail(command);
    return fd;
}

static void enter(const char *namespace)
{
    char path[256];
    snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) fail(path);
}

static void take_packets(int fd, struct way *way, int64_t delay)
{
    static char bytes[LARGEST_PACKET];
    ssize_t count;
    // A full queue drops packets, as a router does.
    while (way->next - way->first < QUEUED && (count = read(fd, bytes, sizeof bytes)) > 0) {
        struct packet *packet = &way->packets[way->next++ % QUEUED];
        *packet = (struct packet){now() + delay, count, malloc((size_t)count)};
        if (packet->bytes == NULL) fail("no memory");
        memcpy(packet->bytes, bytes, (size_t)count);
    }
}

static void deliver_packets(int fd, struct way *way)
{
    while (way->first != way->next && way->packets[way->first % QUEUED].due <= now()) {
        struct packet *packet = &way->packets[way->first++ % QUEUED];
        // What the device doesn't take is lost; TCP sends it again.
        if (write(fd, packet->bytes, (size_t)packet->count) < 0) { }
        free(packet->bytes);
    }
}

// Nanoseconds until the next packet is due, a second at most.
static int64_t pause_length(void)
{
    int64_t pause = 1000000000;
    for (int i = 0; i < 2; i++) {
        if (ways[i].first == ways[i].next) continue;
        int64_t left = ways[i].packets[ways[i].first % QUEUED].due - now();
        if (left < pause) pause = left < 0 ? 0 : left;
    }
    return pause;
}

int main(int count, char **words)
{
    if (count != 5) {
        fprintf(stderr, "usage: delaylink NAMESPACE MILLISECONDS HERE THERE\n");
        return 64;
    }
    int64_t delay = (int64_t)(atof(words[2]) * 1e6);
    char name[IFNAMSIZ];
    snprintf(name, sizeof name, "bwd%d", getpid());
    int devices[2] = {make_device(name, words[3])};
    enter(words[1]);
    devices[1] = make_device(name, words[4]);
    printf("up\n");
    fflush(stdout);
    while (1) {
        struct pollfd polled[] = {{devices[0], POLLIN, 0}, {devices[1], POLLIN, 0}, {0, POLLIN, 0}};
        int64_t pause = pause_length();
        struct timespec time = {pause / 1000000000, pause % 1000000000};
        ppoll(polled, 3, &time, NULL);
        char byte;
        if (polled[2].revents != 0 && read(0, &byte, 1) <= 0) return 0;
        for (int i = 0; i < 2; i++) take_packets(devices[i], &ways[i], delay);
        for (int i = 0; i < 2; i++) deliver_packets(devices[!i], &ways[i]);
    }
}
