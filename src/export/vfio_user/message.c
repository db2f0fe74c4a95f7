/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages on the socket: a header, a payload, descriptors beside them. They come in pieces, and
 * the SSD goes on working in between.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <export/vfio_user/server.h>

#define SEND_TIMEOUT_MS 2000 /* a client that does not read its replies for so long is dropped */

static void
keep_fds(struct message *in, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t nbytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		for (size_t i = 0; i < nbytes / sizeof(int); ++i) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (in->nfds < VFU_FDS_MAX) {
				in->fds[in->nfds++] = fd;
			} else {
				(void)close(fd);
			}
		}
	}
}

/* Up to `nbytes` more; how many, 0 for none now, -errno when the client is gone */
static ssize_t
receive(struct server *server, void *to, size_t nbytes)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * VFU_FDS_MAX)];
	struct iovec iov = {.iov_base = to, .iov_len = nbytes};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t got = recvmsg(server->client, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got < 0) {
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	}
	keep_fds(&server->in, &msg);
	if (msg.msg_flags & MSG_CTRUNC) {
		return -EPROTO; /* more descriptors than were agreed on: some are lost */
	}
	return got == 0 ? -ECONNRESET : got;
}

int
message_receive(struct server *server)
{
	struct message *in = &server->in;
	const uint32_t head = sizeof(in->header);
	ssize_t got;

	if (in->got < head) {
		got = receive(server, (uint8_t *)&in->header + in->got, head - in->got);
		if (got <= 0) {
			return (int)got;
		}
		in->got += (uint32_t)got;
		if (in->got < head) {
			return 0;
		}
		if (in->header.nbytes < head || in->header.nbytes - head > MESSAGE_MAX) {
			return -EPROTO; /* where the next message begins cannot be told */
		}
		in->nbytes = in->header.nbytes - head;
	}
	if (in->got - head < in->nbytes) {
		got = receive(server, in->payload + (in->got - head),
			      in->nbytes - (in->got - head));
		if (got <= 0) {
			return (int)got;
		}
		in->got += (uint32_t)got;
	}
	return in->got - head == in->nbytes;
}

/* The next message may come; descriptors that nobody took are closed */
void
message_done(struct server *server)
{
	struct message *in = &server->in;

	for (uint32_t i = 0; i < in->nfds; ++i) {
		if (in->fds[i] >= 0) {
			(void)close(in->fds[i]);
		}
	}
	in->nfds = 0;
	in->got = 0;
	in->nbytes = 0;
}

static void
attach_fd(struct msghdr *msg, char *control, size_t nbytes, int fd)
{
	struct cmsghdr *c;

	memset(control, 0, nbytes);
	msg->msg_control = control;
	msg->msg_controllen = nbytes;
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
}

static int
wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, SEND_TIMEOUT_MS) == 1 ? 0 : -ETIMEDOUT;
}

/* Answer server->in; an error is a header alone. 0, or -errno when the client is gone. */
int
message_reply(struct server *server, uint32_t error)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct vfu_header header = {.id = server->in.header.id,
				    .command = server->in.header.command,
				    .flags = VFU_TYPE_REPLY | (error ? VFU_ERROR : 0),
				    .error = error};
	struct iovec iov[2] = {{&header, sizeof(header)}, {server->out.payload, 0}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};

	if (server->in.header.flags & VFU_NO_REPLY) {
		return 0;
	}
	iov[1].iov_len = error ? 0 : server->out.nbytes;
	header.nbytes = (uint32_t)(sizeof(header) + iov[1].iov_len);
	if (!error && server->out.fd >= 0) {
		attach_fd(&msg, control, sizeof(control), server->out.fd);
	}
	while (iov[0].iov_len + iov[1].iov_len > 0) {
		ssize_t sent = sendmsg(server->client, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0) {
			int err = errno == EAGAIN ? wait_writable(server->client) : -errno;

			if (err && err != -EINTR) {
				return err;
			}
			continue;
		}
		msg.msg_controllen = 0; /* the descriptor went with the first byte */
		for (int i = 0; i < 2; ++i) {
			size_t part = (size_t)sent < iov[i].iov_len ? (size_t)sent : iov[i].iov_len;

			iov[i].iov_base = (uint8_t *)iov[i].iov_base + part;
			iov[i].iov_len -= part;
			sent -= (ssize_t)part;
		}
	}
	return 0;
}
