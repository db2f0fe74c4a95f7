/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages on the socket: a header, a payload, and descriptors. They may arrive in parts, and the
 * SSD works in between.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <export/vfio_user/server.h>
#include <os/message.h>

/* Receive up to `nbytes` more; their number, 0 for none now, -errno when the client is gone */
static ssize_t
receive(int from, struct message *in, void *to, size_t nbytes)
{
	MESSAGE_ROOM(control, VFU_FDS_MAX);
	struct iovec iov = {.iov_base = to, .iov_len = nbytes};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t got = recvmsg(from, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	ASSERT(nbytes > 0); /* otherwise 0 would not mean that the client is gone */
	if (got < 0) {
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	}
	message_detach(&msg, in->fds, &in->nfds, VFU_FDS_MAX);
	if (msg.msg_flags & MSG_CTRUNC) {
		return -EPROTO; /* more descriptors than negotiated: some are lost */
	}
	return got == 0 ? -ECONNRESET : got;
}

int
message_receive(int fd, struct message *in)
{
	const uint32_t head = sizeof(in->header);
	ssize_t got;

	message_check(in);
	if (in->got < head) {
		got = receive(fd, in, (uint8_t *)&in->header + in->got, head - in->got);
		if (got <= 0) {
			return (int)got;
		}
		in->got += (uint32_t)got;
		if (in->got < head) {
			return 0;
		}
		if (in->header.nbytes < head || in->header.nbytes - head > MESSAGE_MAX) {
			return -EPROTO; /* the start of the next message is unknown */
		}
		in->nbytes = in->header.nbytes - head;
	}
	if (in->got - head < in->nbytes) {
		got = receive(fd, in, in->payload + (in->got - head),
			      in->nbytes - (in->got - head));
		if (got <= 0) {
			return (int)got;
		}
		in->got += (uint32_t)got;
	}
	return in->got - head == in->nbytes;
}

/* Prepare for the next message; close descriptors that no handler took */
void
message_done(struct message *in)
{
	message_check(in);
	for (uint32_t i = 0; i < in->nfds; ++i) {
		if (in->fds[i] >= 0) {
			(void)close(in->fds[i]);
		}
	}
	in->nfds = 0;
	in->got = 0;
	in->nbytes = 0;
}

/* ---- deferred commands ---- */

static int
defer(struct server *server)
{
	struct message *coming = &server->coming;
	struct deferred *deferred;

	deferred_check(server);
	message_whole_check(coming);
	if (server->ndeferred == DEFERRED_MAX ||
	    server->deferred_nbytes + coming->nbytes > DEFERRED_NBYTES_MAX) {
		return -EPROTO; /* it sends commands without end instead of its answer */
	}
	deferred = malloc(sizeof(*deferred) + coming->nbytes);
	if (!deferred) {
		return -ENOMEM;
	}
	deferred->next = NULL;
	deferred->message = *coming;
	memcpy(deferred->payload, coming->payload, coming->nbytes);
	*server->deferred_end = deferred;
	server->deferred_end = &deferred->next;
	server->ndeferred += 1;
	server->deferred_nbytes += coming->nbytes;
	coming->nfds = 0; /* moved with the message */
	message_done(coming);
	return 0;
}

/* Move the oldest into `to`, which keeps its own payload buffer */
static void
take_deferred(struct server *server, struct message *to)
{
	struct deferred *deferred = server->deferred;
	uint8_t *payload = to->payload;

	deferred_check(server);
	ASSERT(to->nfds == 0); /* its descriptors would be lost */
	server->deferred = deferred->next;
	if (!server->deferred) {
		server->deferred_end = &server->deferred;
	}
	server->ndeferred -= 1;
	server->deferred_nbytes -= deferred->message.nbytes;
	*to = deferred->message;
	to->payload = payload;
	memcpy(payload, deferred->payload, to->nbytes);
	free(deferred);
	message_whole_check(to);
}

int
message_next(struct server *server)
{
	int got;

	ASSERT(server->client >= 0);
	ASSERT(server->in.got == 0 && server->in.nfds == 0); /* see message_done() */
	if (server->deferred) {
		take_deferred(server, &server->in);
		return 1;
	}
	got = message_receive(server->client, &server->coming);
	if (got > 0) {
		struct message whole = server->coming;

		server->coming = server->in; /* already processed: its buffer is free */
		server->in = whole;
	}
	return got;
}

int
message_sort(struct server *server)
{
	int got;

	ASSERT(server->client >= 0);
	while ((got = message_receive(server->client, &server->coming)) > 0) {
		if ((server->coming.header.flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND) {
			return 1;
		}
		got = defer(server);
		if (got) {
			return got;
		}
	}
	return got;
}

void
message_forget_all(struct server *server)
{
	while (server->deferred) {
		take_deferred(server, &server->in);
		message_done(&server->in);
	}
	message_done(&server->in);
	message_done(&server->coming);
	message_done(&server->answer);
	deferred_check(server);
}

/* ---- sending ---- */

/* Wait once for the socket to become writable. Meanwhile also receive: if the client is blocked in
 * sending too, each side would wait for the other. Received bytes do not extend the deadline, which
 * a slow sender could delay for ever. */
static int
wait_writable(struct server *server, int fd, ns_t deadline)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLOUT},
			      {.fd = server->client, .events = POLLIN}};

	ASSERT(fd == server->client || fd == server->twin);
	ASSERT(deadline != NS_NEVER);
	if (atomic_load(&server->stop) || virt_monotonic_ns() >= deadline) {
		return -ETIMEDOUT;
	}
	lobby_look(server);
	(void)poll(p, 2, LOOK_MS);
	if (p[0].revents || !p[1].revents) {
		return 0; /* sendmsg() reports errors */
	}
	return message_sort(server) ? -EPROTO : 0; /* disconnected, or a reply without request */
}

/* A client that does not receive all of it by its deadline is dropped */
int
message_send(struct server *server, int to, struct iovec *iov, int count, int fd)
{
	MESSAGE_ROOM(control, 1);
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = (size_t)count};
	ns_t deadline = NS_NEVER; /* set at the first full socket */
	size_t left = message_nbytes(&msg);

	ASSERT(to >= 0 && left >= sizeof(struct vfu_header));
	if (fd >= 0) {
		message_attach(&msg, control, &fd, 1);
	}
	while (left > 0) {
		ssize_t sent = sendmsg(to, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0) {
			int err = -errno;

			if (err == -EAGAIN) {
				deadline = ns_min(deadline, deadline_from_now(server));
				err = wait_writable(server, to, deadline);
			}
			if (err && err != -EINTR) {
				return err;
			}
			continue;
		}
		ASSERT((size_t)sent <= left);
		left -= (size_t)sent;
		message_sent(&msg, (size_t)sent);
	}
	return 0;
}

/* Answer server->in; an error is a header alone. 0, or -errno when the client is gone. */
int
message_reply(struct server *server, uint32_t error)
{
	struct reply *out = &server->out;
	struct vfu_header header = {.id = server->in.header.id,
				    .command = server->in.header.command,
				    .flags = VFU_TYPE_REPLY | (error ? VFU_ERROR : 0),
				    .error = error};
	struct iovec iov[2] = {{&header, sizeof(header)}, {out->payload, error ? 0 : out->nbytes}};
	int err = 0;

	reply_check(out);
	message_check(&server->in);
	header.nbytes = (uint32_t)(sizeof(header) + iov[1].iov_len);
	if (!(server->in.header.flags & VFU_NO_REPLY)) {
		err = message_send(server, server->client, iov, 2, error ? -1 : out->fd);
	}
	if (out->fd_given) {
		(void)close(out->fd);
	}
	return err;
}
