/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of the client that it did not send as a file: it is asked for the bytes, a message for
 * each piece (DMA_READ), and told what to write (DMA_WRITE). The SSD waits meanwhile. A client that
 * keeps it waiting, or answers something else, is dropped.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <export/vfio_user/server.h>

static int
channel(const struct server *server)
{
	return server->twin >= 0 ? server->twin : server->client;
}

/* The client's next reply; NULL: there is none to be had */
static struct message *
wait_answer(struct server *server)
{
	ns_t deadline = patience_until(server);

	for (;;) {
		struct pollfd p = {.fd = channel(server), .events = POLLIN};
		int got = server->twin >= 0 ? message_receive(server->twin, &server->answer)
					    : message_sort(server);

		if (got > 0) {
			return server->twin >= 0 ? &server->answer : &server->coming;
		}
		if (got < 0 || virt_monotonic_ns() >= deadline || atomic_load(&server->stop)) {
			return NULL;
		}
		lobby_look(server);
		(void)poll(&p, 1, LOOK_MS);
	}
	return NULL;
}

/* Does it answer what was asked? The count of a write's reply has 4 bytes in the text of the
 * protocol, and 8 in what clients send. */
static bool
is_answer(const struct message *message, const struct vfu_header *asked,
	  const struct vfu_dma_access *wish)
{
	bool read = asked->command == VFU_DMA_READ;
	uint32_t least = read ? (uint32_t)(sizeof(*wish) + wish->count) : 12;
	struct vfu_dma_access got;
	uint32_t count;

	if ((message->header.flags & VFU_TYPE_MASK) != VFU_TYPE_REPLY ||
	    message->header.command != asked->command || message->header.id != asked->id) {
		return false;
	}
	if (message->header.flags & VFU_ERROR) {
		return message->nbytes == 0;
	}
	if (message->nbytes < least || message->nbytes > (read ? least : sizeof(got))) {
		return false;
	}
	memcpy(&got.addr, message->payload, sizeof(got.addr));
	memcpy(&count, message->payload + sizeof(got.addr), sizeof(count));
	return got.addr == wish->addr && count == wish->count;
}

/* One message and its answer; false with `broken`, or when the client says no */
static bool
ask(struct server *server, uint64_t addr, void *buf, uint32_t nbytes, bool to_host)
{
	struct vfu_dma_access wish = {.addr = addr, .count = nbytes};
	struct vfu_header header = {.id = ++server->asked,
				    .command = to_host ? VFU_DMA_WRITE : VFU_DMA_READ};
	struct iovec iov[3] = {
		{&header, sizeof(header)}, {&wish, sizeof(wish)}, {buf, to_host ? nbytes : 0}};
	struct message *answer = NULL;
	bool granted;

	header.nbytes = (uint32_t)(sizeof(header) + sizeof(wish) + iov[2].iov_len);
	if (message_send(server, channel(server), iov, 3, -1) == 0) {
		answer = wait_answer(server);
	}
	if (!answer || !is_answer(answer, &header, &wish)) {
		server->broken = true;
		return false;
	}
	granted = !(answer->header.flags & VFU_ERROR);
	if (granted && !to_host) {
		memcpy(buf, answer->payload + sizeof(wish), nbytes);
	}
	message_done(answer);
	return granted;
}

bool
far_copy(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	struct server *server = arg;
	uint8_t *at = buf;

	while (nbytes > 0) {
		uint32_t part = nbytes < server->client_xfer_max ? (uint32_t)nbytes
								 : server->client_xfer_max;

		if (server->broken || atomic_load(&server->stop) ||
		    !ask(server, addr, at, part, to_host)) {
			return false;
		}
		addr += part;
		at += part;
		nbytes -= part;
	}
	return true;
}
