/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Connections that are not yet the client. One becomes the client when its first message has
 * arrived completely, so that a silent or incomplete one blocks no other. While there is a client,
 * others get an immediate error: the server is busy.
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <export/vfio_user/server.h>

/* The part of a first message that must be there: a version message is shorter */
#define FIRST_NBYTES 8192u
#define ACCEPT_MAX 16u /* connections accepted per call */

static void
leave(struct guest *guest)
{
	ASSERT(guest->fd >= 0);
	(void)close(guest->fd);
	guest->fd = -1;
}

void
lobby_close(struct server *server)
{
	for (uint32_t i = 0; i < LOBBY_MAX; ++i) {
		if (server->lobby[i].fd >= 0) {
			leave(&server->lobby[i]);
		}
	}
}

/* Read the header of the first message without removing it. 1: enough of the message is there, 0:
 * not yet, -1: disconnected. */
static int
peek(struct guest *guest, struct vfu_header *header)
{
	ssize_t got = recv(guest->fd, header, sizeof(*header), MSG_PEEK | MSG_DONTWAIT);
	int queued = 0;
	uint32_t needed;

	ASSERT(guest->fd >= 0);
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		return -1;
	}
	guest->began = got > 0;
	if (got < (ssize_t)sizeof(*header) || ioctl(guest->fd, FIONREAD, &queued)) {
		return 0;
	}
	needed = header->nbytes < FIRST_NBYTES ? header->nbytes : FIRST_NBYTES;
	return (uint32_t)queued >= needed;
}

/* The reply is a header, which always fits into a socket without earlier data */
static void
turn_away(struct guest *guest, const struct vfu_header *asked)
{
	const struct vfu_header busy = {.id = asked->id,
					.command = asked->command,
					.nbytes = sizeof(busy),
					.flags = VFU_TYPE_REPLY | VFU_ERROR,
					.error = EBUSY};
	uint8_t sink[FIRST_NBYTES];

	ASSERT(guest->began); /* a whole header has arrived */
	(void)recv(guest->fd, sink, sizeof(sink), MSG_DONTWAIT);
	(void)send(guest->fd, &busy, sizeof(busy), MSG_DONTWAIT | MSG_NOSIGNAL);
	leave(guest);
}

/* Has the client disconnected, with unread messages left? Then it will be replaced shortly. */
static bool
is_leaving(const struct server *server)
{
	struct pollfd p = {.fd = server->client};

	ASSERT(server->client >= 0);
	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR));
}

static void
look_at(struct server *server, struct guest *guest, ns_t now)
{
	struct vfu_header header;
	int there = peek(guest, &header);

	server_check(server);
	ASSERT(guest->until != NS_NEVER);
	if (there < 0 || (there == 0 && now >= guest->until)) {
		leave(guest);
	} else if (there > 0 && server->client < 0) {
		server->client = guest->fd;
		guest->fd = -1;
		atomic_fetch_add_explicit(&server->clients, 1, memory_order_relaxed);
	} else if (there > 0 && !is_leaving(server)) {
		turn_away(guest, &header);
	}
}

/* A free slot; NULL: others wait in the socket's queue until one is free */
static struct guest *
place(struct server *server)
{
	uint32_t i = 0;

	while (i < LOBBY_MAX && server->lobby[i].fd >= 0) {
		i += 1;
	}
	return i < LOBBY_MAX ? &server->lobby[i] : NULL;
}

void
lobby_look(struct server *server)
{
	ns_t now = virt_monotonic_ns();

	ASSERT(server->listener >= 0);
	for (uint32_t count = 0; count < ACCEPT_MAX; ++count) {
		struct guest *guest;
		int fd;

		for (uint32_t i = 0; i < LOBBY_MAX; ++i) {
			if (server->lobby[i].fd >= 0) {
				look_at(server, &server->lobby[i], now);
			}
		}
		guest = place(server);
		fd = guest ? accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)
			   : -1;
		if (fd < 0) {
			return;
		}
		*guest = (struct guest){.fd = fd, .until = deadline_from_now(server)};
	}
}

uint32_t
lobby_poll(struct server *server, struct pollfd *fds, ns_t *wait_ns)
{
	ns_t now = virt_monotonic_ns();
	uint32_t count = 0;

	ASSERT(server->listener >= 0);
	if (place(server)) {
		fds[count++] = (struct pollfd){.fd = server->listener, .events = POLLIN};
	}
	for (uint32_t i = 0; i < LOBBY_MAX; ++i) {
		const struct guest *guest = &server->lobby[i];

		if (guest->fd < 0) {
			continue;
		}
		*wait_ns = ns_min(*wait_ns, guest->until > now ? guest->until - now : 0);
		if (guest->began) { /* its socket stays readable: poll would not wait */
			*wait_ns = ns_min(*wait_ns, LOBBY_LOOK_NS);
		} else {
			fds[count++] = (struct pollfd){.fd = guest->fd, .events = POLLIN};
		}
	}
	ASSERT(count <= LOBBY_MAX + 1);
	return count;
}
