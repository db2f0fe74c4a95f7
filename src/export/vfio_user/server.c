/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's thread: start, one pass over all work, sleep, stop. See vfio_user.h for the
 * introduction of the folder.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <export/vfio_user/server.h>
#include <export/vfio_user/vfio_user.h>
#include <os/os.h>

#define SOCKET_EVERY 64u  /* runs between two checks of the socket, while busy */
#define YIELD_AFTER 1024u /* idle runs before the first yield */
#define CHECK_EVERY 4096u /* runs between two checks for truncated files */
#define LOBBY_EVERY 1024u /* runs between two checks for new connections */
#define PATIENCE_MS 5000u /* a client that does not answer for so long is dropped */
#define EVENT_SPINS 32u   /* idle runs before an event-driven server sleeps */

void
client_drop(struct server *server)
{
	ASSERT(server->client >= 0);
	message_forget_all(server);
	far_forget(&server->far);
	(void)close(server->client);
	server->client = -1;
	if (server->twin >= 0) {
		(void)close(server->twin);
		server->twin = -1;
	}
	server->broken = false;
	server->coming_until = NS_NEVER;
	version_defaults(&server->terms);
	pci_virt_reset(&server->device.pv);
	irq_drop_all(&server->device);
	memory_unmap_all(&server->device.pv);
	config_init(&server->device);
	server_check(server);
}

/* No more of a message has arrived; -ETIMEDOUT: its deadline has passed */
static int
check_half(struct server *server)
{
	message_check(&server->coming);
	if (server->coming.got == 0) {
		server->coming_until = NS_NEVER;
	} else if (server->coming_until == NS_NEVER) {
		server->coming_until = deadline_from_now(server);
	} else if (virt_monotonic_ns() >= server->coming_until) {
		return -ETIMEDOUT;
	}
	return 0;
}

/* Process every message that has arrived; a client that sends without end does not keep the server
 * from stopping */
static void
serve_socket(struct server *server)
{
	int got = 1;

	server_check(server);
	while (server->client >= 0 && got > 0 && !atomic_load(&server->stop)) {
		got = message_next(server);
		if (got == 0) {
			got = check_half(server);
		}
		if (got > 0) {
			server->coming_until = NS_NEVER;
			int err = dispatch(server);

			message_done(&server->in);
			got = err ? err : 1;
		}
		if (got < 0) {
			client_drop(server);
		}
	}
}

/* Sleep until a message, a connection, a stop, or `wait_ns` */
static void
sleep_until(struct server *server, ns_t wait_ns)
{
	struct pollfd fds[LOBBY_MAX + 3] = {
		{.fd = server->wake, .events = POLLIN},
		{.fd = server->client, .events = POLLIN}}; /* poll ignores -1 */
	uint32_t nfds = 2 + lobby_poll(server, fds + 2, &wait_ns);
	struct timespec ts;

	ASSERT(nfds <= LOBBY_MAX + 3);
	if (server->coming_until != NS_NEVER) {
		wait_ns = ns_min(wait_ns, atomic_load(&server->timeout_ms) * NS_PER_MS);
	}
	ts.tv_sec = (time_t)(wait_ns / NS_PER_S);
	ts.tv_nsec = (long)(wait_ns % NS_PER_S);
	(void)ppoll(fds, nfds, wait_ns == NS_NEVER ? NULL : &ts, NULL);
	if (fds[0].revents & POLLIN) {
		os_event_clear(server->wake);
	}
	lobby_look(server);
}

/* One pass over all work; `empty` counts idle runs */
static uint32_t
turn(struct server *server, uint32_t empty, uint32_t count)
{
	uint32_t done;
	ns_t wait_ns;

	ASSERT(server->client >= 0 && !server->broken);
	device_check(&server->device);
	done = pci_virt_run(&server->device.pv, &wait_ns);
	for (uint32_t i = 0; i < FAR_ROUNDS && !server->broken && far_exchange(server); ++i) {
		done += 1 + pci_virt_run(&server->device.pv, &wait_ns);
	}
	irq_deliver(&server->device.irqs);
	if (server->broken) {
		return 0; /* drop the client without further work for it */
	}
	if (done > 0) {
		if (count % SOCKET_EVERY == 0) {
			serve_socket(server);
		}
		return 0;
	}
	if (!server->poll || count % SOCKET_EVERY == 0) {
		serve_socket(server);
	}
	if (server->client < 0) {
		return 0;
	}
	if (server->poll) {
		if (empty > YIELD_AFTER && empty % 16 == 0) {
			(void)sched_yield();
		}
	} else if (empty > EVENT_SPINS && !pci_virt_before_wait(&server->device.pv)) {
		/* a shorter wait is not worth the cost of a sleep */
		if (wait_ns > 20 * NS_PER_US) {
			sleep_until(server, wait_ns);
			return 0;
		}
	}
	return empty + 1;
}

static void *
work(void *arg)
{
	struct server *server = arg;
	uint32_t empty = 0;

	for (uint32_t count = 0; !atomic_load_explicit(&server->stop, memory_order_relaxed);
	     ++count) {
		server_check(server);
		if (server->client < 0) {
			sleep_until(server, NS_NEVER);
			empty = 0;
			continue;
		}
		if (count % LOBBY_EVERY == 0) {
			lobby_look(server);
		}
		empty = turn(server, empty, count);
		if (count % CHECK_EVERY == 0 && memory_broken(&server->device.pv)) {
			server->broken = true;
		}
		if (server->client >= 0 && server->broken) {
			client_drop(server);
		}
	}
	if (server->client >= 0) {
		client_drop(server);
	}
	lobby_close(server);
	ASSERT(server->client < 0 && server->device.pv.nmaps == 0);
	return NULL;
}

/* ---- start and stop ---- */

int
server_init(struct server *server)
{
	ASSERT(!server->has_thread && !server->wake && !server->in.payload); /* zeroed */
	memory_sharer(true);
	server->listener = server->client = server->twin = server->wake = -1;
	irq_init(&server->device.irqs);
	far_init(&server->far);
	server->coming_until = NS_NEVER;
	for (uint32_t i = 0; i < LOBBY_MAX; ++i) {
		server->lobby[i].fd = -1;
	}
	server->deferred_end = &server->deferred;
	server->coming.payload = malloc(MESSAGE_MAX);
	server->in.payload = malloc(MESSAGE_MAX);
	server->answer.payload = malloc(MESSAGE_MAX);
	server->out.payload = malloc(REPLY_MAX);
	server->device.table = calloc(VECTORS_MAX, 16);
	server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	atomic_store(&server->timeout_ms, PATIENCE_MS);
	version_defaults(&server->terms);
	return server->coming.payload && server->in.payload && server->answer.payload &&
			       server->out.payload && server->device.table && server->wake >= 0
		       ? 0
		       : -ENOMEM;
}

static void
wake(void *arg)
{
	struct server *server = arg;

	ASSERT(server->wake >= 0);
	os_event_signal(server->wake);
}

static bool
copy_far(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	struct server *server = arg;

	return far_copy(&server->far, addr, buf, nbytes, to_host);
}

static bool
ready_far(void *arg, uint64_t addr, uint64_t nbytes)
{
	struct server *server = arg;

	return far_ready(&server->far, addr, nbytes);
}

static void
done_far(void *arg)
{
	struct server *server = arg;

	far_done(&server->far);
}

static void
interrupt(void *arg, uint16_t vector)
{
	struct server *server = arg;

	irq_message(&server->device.irqs, vector);
}

static void
pin(void *arg, bool level)
{
	struct server *server = arg;

	irq_pin(&server->device.irqs, level);
}

const struct pci_ops server_ops = {
	.far_copy = copy_far,
	.far_ready = ready_far,
	.far_done = done_far,
	.interrupt = interrupt,
	.pin = pin};

static int
start(struct server *server, const char *name, const char *path, struct text *why)
{
	char origin[2 * PATH_MAX], cwd[PATH_MAX];
	bool relative = path[0] != '/' && getcwd(cwd, sizeof(cwd));
	int err;

	server_check(server);
	/* SSDs without names are distinguished by the path of their socket */
	(void)snprintf(origin, sizeof(origin), "%s%s%s", relative ? cwd : "", relative ? "/" : "",
		       path);
	err = pci_virt_open(&server->device.pv, name, origin, false, &server_ops, server, why);
	if (err) {
		return err;
	}
	server->device.irqs.nvectors = server->device.pv.config.vectors;
	server->device.pv.wake = wake;
	config_init(&server->device);
	pci_virt_msix(&server->device.pv, true);
	err = listener_open(server, path, why);
	if (err) {
		return err;
	}
	err = os_thread_start(&server->thread, work, server);
	if (err) {
		text_str(why, "no thread for a server");
		return err;
	}
	server->has_thread = true;
	return 0;
}

int
vfio_user_serve(const char *name, const char *path, bool poll_doorbells, struct server **made,
		struct text *why)
{
	struct server *server = calloc(1, sizeof(*server));
	int err;

	if (!server) {
		text_str(why, "no memory for a server");
		return -ENOMEM;
	}
	server->poll = poll_doorbells;
	err = server_init(server);
	if (err) {
		text_str(why, "no memory for a server");
	} else {
		err = start(server, name, path, why);
	}
	if (err) {
		vfio_user_stop(server);
		return err;
	}
	*made = server;
	return 0;
}

void
vfio_user_stop(struct server *server)
{
	/* in a child of fork(): the thread, the socket's path and the client belong to the
	 * parent */
	if (server->device.pv.virt && virt_is_inherited(server->device.pv.virt)) {
		return;
	}
	if (server->has_thread) {
		atomic_store(&server->stop, true);
		os_event_signal(server->wake);
		(void)pthread_join(server->thread, NULL);
	}
	listener_close(server);
	memory_sharer(false);
	if (server->wake >= 0) {
		(void)close(server->wake);
	}
	if (server->device.pv.func) {
		pci_virt_close(&server->device.pv);
	}
	free(server->coming.payload);
	free(server->in.payload);
	free(server->answer.payload);
	free(server->out.payload);
	free(server->device.table);
	free(server);
}
