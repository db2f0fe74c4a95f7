/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages of a local socket: descriptors in ancillary data (cmsg(3)), and the rest of a message
 * that was sent in part.
 */
#ifndef OS_MESSAGE_H
#define OS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Declares space for the ancillary data of up to `count` descriptors */
#define MESSAGE_ROOM(name, count)                                                                  \
	_Alignas(struct cmsghdr) char name[CMSG_SPACE(sizeof(int) * (count))]

/* `room`, with space for `count` descriptors, is borrowed; it must be valid until the message is
 * sent */
static inline void
message_attach(struct msghdr *msg, void *room, const int *fds, uint32_t count)
{
	struct cmsghdr *c;

	msg->msg_control = room;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * count);
	memset(room, 0, msg->msg_controllen);
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * count);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * count);
}

/* Appends the descriptors received with `msg` to the `*count` in `fds`; closes those beyond
 * `most` */
static inline void
message_detach(struct msghdr *msg, int *fds, uint32_t *count, uint32_t most)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t nbytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		for (size_t i = 0; i < nbytes / sizeof(int); ++i) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (*count < most) {
				fds[(*count)++] = fd;
			} else {
				(void)close(fd);
			}
		}
	}
}

static inline size_t
message_nbytes(const struct msghdr *msg)
{
	size_t nbytes = 0;

	for (size_t i = 0; i < msg->msg_iovlen; ++i) {
		nbytes += msg->msg_iov[i].iov_len;
	}
	return nbytes;
}

/* Removes the first `nbytes` bytes, which were sent, from `msg` */
static inline void
message_sent(struct msghdr *msg, size_t nbytes)
{
	if (nbytes > 0) { /* descriptors are sent with the first byte */
		msg->msg_control = NULL;
		msg->msg_controllen = 0;
	}
	for (size_t i = 0; i < msg->msg_iovlen && nbytes > 0; ++i) {
		struct iovec *vec = &msg->msg_iov[i];
		size_t part = nbytes < vec->iov_len ? nbytes : vec->iov_len;

		vec->iov_base = (char *)vec->iov_base + part;
		vec->iov_len -= part;
		nbytes -= part;
	}
}

#endif /* OS_MESSAGE_H */
