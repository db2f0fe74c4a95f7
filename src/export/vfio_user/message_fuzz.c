/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes from a client, framed as messages so that they get far. Checks that each is answered or
 * disconnects the client, without other effect on the server. The first byte of a message selects
 * whether a descriptor comes with it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <export/vfio_user/server.h>
#include <os/message.h>

#define MESSAGES_MAX 40u
#define FILE_NBYTES (1u << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

static struct server *server;
static int file;

static void
start(void)
{
	char buf[256];
	struct text why = text_on(buf, sizeof(buf));

	server = calloc(1, sizeof(*server));
	if (server_init(server) || pci_virt_open(&server->device.pv, "null,size=16MiB", NULL, false,
						 &server_ops, server, &why)) {
		abort();
	}
	server->device.irqs.nvectors = server->device.pv.config.vectors;
	server->poll = true;
	atomic_store(&server->timeout_ms, 0); /* answers are there before the request */
	config_init(&server->device);
	pci_virt_bus_master(&server->device.pv, true); /* so that few messages are needed */
	file = memfd_create("fuzz", MFD_CLOEXEC);
	if (ftruncate(file, FILE_NBYTES)) {
		abort();
	}
}

static void
send_one(int to, const struct vfu_header *header, const uint8_t *payload, size_t nbytes, bool with)
{
	MESSAGE_ROOM(control, 1);
	struct iovec iov[2] = {{(void *)(uintptr_t)header, sizeof(*header)},
			       {(void *)(uintptr_t)payload, nbytes}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};

	if (with) {
		message_attach(&msg, control, &file, 1);
	}
	(void)sendmsg(to, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
close_twin(void)
{
	if (server->twin >= 0) {
		(void)close(server->twin);
		server->twin = -1;
	}
}

/* Let the server process what has arrived, and discard its answers */
static bool
serve(int other)
{
	char sink[65536];
	ns_t wait_ns;
	int got;

	while ((got = message_next(server)) > 0) {
		int err = dispatch(server);

		message_done(&server->in);
		if (err) {
			return false;
		}
		while (recv(other, sink, sizeof(sink), MSG_DONTWAIT) > 0) {
		}
	}
	(void)pci_virt_run(&server->device.pv, &wait_ns);
	for (uint32_t i = 0; i < 8 && !server->broken && far_exchange(server); ++i) {
		(void)pci_virt_run(&server->device.pv, &wait_ns);
	}
	irq_deliver(&server->device.irqs);
	return got == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	int pair[2];
	bool alive = true;

	if (!server) {
		start();
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		abort();
	}
	server->client = pair[0];
	server->terms.agreed = true;
	server->terms.write_multi = true;
	for (uint32_t i = 0; alive && i < MESSAGES_MAX && nbytes >= 4; ++i) {
		uint32_t size = data[1] % 128u;
		struct vfu_header header = {.id = data[2],
					    .command = data[0] % 20,
					    .flags = data[3] & 0x10u ? VFU_NO_REPLY : 0};
		uint8_t data_flags = data[3];
		bool with = data_flags & 1;

		if (data[3] & 0x20u) { /* an answer to the next possible request */
			header.id = (uint16_t)(server->asked + 1 + data[2] % 4);
			header.command = data[0] & 1 ? VFU_DMA_READ : VFU_DMA_WRITE;
			header.flags = data[3] & 0x40u ? VFU_TYPE_REPLY | VFU_ERROR
						       : VFU_TYPE_REPLY;
			size = data[0] & 1 ? 80 : 16; /* an entry of a queue, or its end */
		}

		if (header.command == VFU_VERSION) { /* it may be negotiated again */
			server->terms.agreed = false;
			close_twin();
		}
		data += 4;
		nbytes -= 4;
		size = size < nbytes ? size : (uint32_t)nbytes;
		header.nbytes = (uint32_t)sizeof(header) + size;
		send_one(pair[1], &header, data, size, with);
		data += size;
		nbytes -= size;
		if (!(data_flags & 0x20u)) { /* let the server process all messages sent together */
			alive = serve(pair[1]);
		}
		server->terms.agreed = true;
	}
	client_drop(server);
	pci_virt_bus_master(&server->device.pv, true); /* so that few messages are needed */
	(void)close(pair[1]);
	return 0;
}
