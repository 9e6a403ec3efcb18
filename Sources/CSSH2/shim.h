// What Swift can't import by itself: libssh2's function-like macros, epoll and
// eventfd. Nothing here decides anything.
#pragma once
// Later versions deprecate what 1.10 has nothing else for.
#define LIBSSH2_DISABLE_DEPRECATION
#include <libssh2.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
