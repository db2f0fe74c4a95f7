/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/vfu_socket.h>

#include <errno.h>
#include <os/message.h>
#include <os/os.h>
#include <poll.h>
#include <sys/time.h>
#include <time.h>

#define PASSED_MAX 4u /* descriptors received with a message: one is used */

static int
wait_ready(int fd, short events, uint64_t deadline_ns)
{
	struct pollfd ready = {.fd = fd, .events = events};
	uint64_t now = os_clock_ns(), left = deadline_ns > now ? deadline_ns - now : 0;
	struct timespec ts = {.tv_sec = (time_t)(left / 1000000000u),
			      .tv_nsec = (long)(left % 1000000000u)};
	int rc = left ? ppoll(&ready, 1, &ts, NULL) : 0;

	return rc < 0 && errno != EINTR ? -errno : rc == 0 ? -ETIMEDOUT : 0;
}

/* Waits inside recv(2), with a timeout, since a poke of a queue may come here and must not sleep
 * elsewhere. If the peer passed a socket that it had made non-blocking, waits in poll(2). */
static int
wait_readable(int fd, uint64_t deadline_ns)
{
	uint64_t now = os_clock_ns(), left_us = deadline_ns > now ? (deadline_ns - now) / 1000 : 0;
	const struct timeval limit = {.tv_sec = (time_t)(left_us / 1000000),
				      .tv_usec = (suseconds_t)(left_us % 1000000)};
	uint8_t byte;

	if (left_us == 0) {
		return -ETIMEDOUT;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit))) {
		return -errno;
	}
	if (recv(fd, &byte, 1, MSG_PEEK) >= 0 || errno == EINTR) {
		return 0;
	}
	return errno == EAGAIN ? wait_ready(fd, POLLIN, deadline_ns) : -errno;
}

int
vfu_send(int fd, struct iovec *iov, size_t count, int pass, uint64_t deadline_ns)
{
	MESSAGE_ROOM(control, 1);
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = count};

	if (pass >= 0) {
		message_attach(&msg, control, &pass, 1);
	}
	while (message_nbytes(&msg) > 0) {
		ssize_t sent = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		int err = 0;

		if (sent < 0 && errno != EINTR) {
			err = errno == EAGAIN ? wait_ready(fd, POLLOUT, deadline_ns) : -errno;
		} else if (os_clock_ns() >= deadline_ns) {
			err = -ETIMEDOUT;
		}
		message_sent(&msg, sent > 0 ? (size_t)sent : 0);
		if (err) {
			return err;
		}
	}
	return 0;
}

int
vfu_receive(int fd, void *to, size_t nbytes, int *passed, uint64_t deadline_ns)
{
	MESSAGE_ROOM(control, PASSED_MAX);
	uint8_t *at = to;

	while (nbytes > 0) {
		struct iovec iov = {.iov_base = at, .iov_len = nbytes};
		struct msghdr msg = {.msg_iov = &iov,
				     .msg_iovlen = 1,
				     .msg_control = control,
				     .msg_controllen = sizeof(control)};
		ssize_t got = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
		int err = got == 0 ? -ECONNRESET : 0;

		if (got < 0 && errno != EINTR) {
			err = errno == EAGAIN ? wait_readable(fd, deadline_ns) : -errno;
		} else if (got > 0) {
			uint32_t nfds = *passed >= 0;

			message_detach(&msg, passed, &nfds, 1);
			err = msg.msg_flags & MSG_CTRUNC	  ? -EMFILE
			      : os_clock_ns() >= deadline_ns ? -ETIMEDOUT
								  : 0;
			at += got;
			nbytes -= (size_t)got;
		}
		if (err) {
			return err;
		}
	}
	return 0;
}
