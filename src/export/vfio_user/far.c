/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of the client for which it sent no file: bytes are read by a message for each piece
 * (DMA_READ), and written by a message (DMA_WRITE). A client that does not answer in time, or not
 * correctly, is dropped.
 *
 * No message is sent while the SSD is locked, since other hosts wait for that lock. The function
 * requests what it needs (far_ready) and continues without it; its writes are queued (far_copy).
 * Both are exchanged with the client when the SSD is unlocked (far_exchange), then the function
 * runs again. As on a real bus the function is not informed that a write was refused: the
 * controller fails then.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <export/vfio_user/server.h>

static int
channel(const struct server *server)
{
	ASSERT(server->client >= 0);
	return server->twin >= 0 ? server->twin : server->client;
}

/* Wait for the client's next reply; NULL: timeout, disconnect or invalid */
static struct message *
wait_answer(struct server *server)
{
	ns_t deadline = deadline_from_now(server);

	ASSERT(!server->broken);
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

/* Is it the answer to this request? The count in a write's reply has 4 bytes in the text of the
 * protocol, and 8 in what clients send. */
static bool
is_answer(const struct message *message, const struct vfu_header *asked,
	  const struct vfu_dma_access *access)
{
	bool read = asked->command == VFU_DMA_READ;
	uint32_t least = read ? (uint32_t)(sizeof(*access) + access->count) : 12;
	struct vfu_dma_access got;
	uint32_t count;

	message_whole_check(message);
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
	return got.addr == access->addr && count == access->count;
}

/* Send one request and receive its answer; false with `broken`, or when the client refuses */
static bool
ask(struct server *server, uint64_t addr, void *buf, uint32_t nbytes, bool to_host)
{
	struct vfu_dma_access access = {.addr = addr, .count = nbytes};
	struct vfu_header header = {.id = ++server->asked,
				    .command = to_host ? VFU_DMA_WRITE : VFU_DMA_READ};
	struct iovec iov[3] = {
		{&header, sizeof(header)}, {&access, sizeof(access)}, {buf, to_host ? nbytes : 0}};
	struct message *answer = NULL;
	bool granted;

	ASSERT(nbytes > 0 && nbytes <= server->terms.client_xfer_max);
	header.nbytes = (uint32_t)(sizeof(header) + sizeof(access) + iov[2].iov_len);
	if (message_send(server, channel(server), iov, 3, -1) == 0) {
		answer = wait_answer(server);
	}
	if (!answer || !is_answer(answer, &header, &access)) {
		server->broken = true;
		return false;
	}
	granted = !(answer->header.flags & VFU_ERROR);
	if (granted && !to_host) {
		memcpy(buf, answer->payload + sizeof(access), nbytes);
	}
	message_done(answer);
	return granted;
}

/* Split a request into as many bytes as the client accepts per message */
static bool
ask_all(struct server *server, uint64_t addr, uint8_t *at, uint64_t nbytes, bool to_host)
{
	terms_check(&server->terms);
	while (nbytes > 0) {
		uint32_t most = server->terms.client_xfer_max;
		uint32_t part = nbytes < most ? (uint32_t)nbytes : most;

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

/* ---- fetched memory ---- */

void
far_init(struct far_memory *far)
{
	far->wanted_end = &far->wanted;
	far->posted_end = &far->posted;
}

static struct far_piece **
bucket_of(struct far_memory *far, uint64_t addr)
{
	uint64_t page = addr / FAR_PAGE;

	return &far->fetched[(page ^ page >> 8) % FAR_BUCKETS];
}

/* The part of [addr, +nbytes) in the page of `addr` */
static uint32_t
part_of(uint64_t addr, uint64_t nbytes)
{
	uint64_t rest = FAR_PAGE - addr % FAR_PAGE;

	ASSERT(nbytes > 0);
	return (uint32_t)(nbytes < rest ? nbytes : rest);
}

/* The piece with `addr` and the most bytes after it; `*nbytes`: the part of the request in it */
static struct far_piece *
piece_of(struct far_memory *far, uint64_t addr, uint32_t *nbytes)
{
	struct far_piece *best = NULL;
	uint64_t most = 0;

	for (struct far_piece *p = *bucket_of(far, addr); p; p = p->next) {
		ASSERT(p->nbytes > 0 && p->addr % FAR_PAGE + p->nbytes <= FAR_PAGE);
		uint64_t behind = addr - p->addr < p->nbytes ? p->nbytes - (addr - p->addr) : 0;

		if (behind > most) {
			most = behind;
			best = p;
		}
	}
	*nbytes = best && most < *nbytes ? (uint32_t)most : *nbytes;
	ASSERT(*nbytes > 0 && *nbytes <= FAR_PAGE);
	return best;
}

static bool
want(struct far_memory *far, uint64_t addr, uint32_t nbytes, bool joined)
{
	struct far_piece **bucket = bucket_of(far, addr);
	struct far_piece *piece = malloc(sizeof(*piece) + nbytes);

	far_check(far);
	ASSERT(addr % FAR_PAGE + nbytes <= FAR_PAGE);
	if (!piece) {
		return false;
	}
	*piece = (struct far_piece){
		.next = *bucket, .addr = addr, .nbytes = nbytes, .joined = joined};
	*bucket = piece;
	*far->wanted_end = piece;
	far->wanted_end = &piece->next_wanted;
	far->nbytes += nbytes;
	return true;
}

bool
far_ready(struct far_memory *far, uint64_t addr, uint64_t nbytes)
{
	bool ready = true, joined = false;

	far_check(far);
	if (nbytes == 0) {
		return far->posted_nbytes < FAR_POSTED_MAX;
	}
	while (nbytes > 0) {
		uint32_t part = part_of(addr, nbytes);
		const struct far_piece *piece = piece_of(far, addr, &part);

		if (piece) {
			ready = ready && piece->state != FAR_WANTED;
			joined = false;
		} else if (far->nbytes > FAR_FETCHED_MAX || !want(far, addr, part, joined)) {
			return true; /* far_copy() will fail */
		} else {
			ready = false;
			joined = true;
		}
		addr += part;
		nbytes -= part;
	}
	return ready;
}

void
far_done(struct far_memory *far)
{
	far_check(far);
	if (far->nbytes == 0) {
		return;
	}
	for (uint32_t i = 0; i < FAR_BUCKETS; ++i) {
		while (far->fetched[i]) {
			struct far_piece *piece = far->fetched[i];

			far->fetched[i] = piece->next;
			free(piece);
		}
	}
	far->wanted = NULL;
	far->wanted_end = &far->wanted;
	far->nbytes = 0;
}

/* ---- queued writes ---- */

static bool
post(struct far_memory *far, uint64_t addr, const void *buf, uint64_t nbytes)
{
	struct far_post *far_post = malloc(sizeof(*far_post) + nbytes);

	far_check(far);
	ASSERT(nbytes > 0);
	if (!far_post) {
		return false;
	}
	*far_post = (struct far_post){.addr = addr, .nbytes = nbytes};
	memcpy(far_post->bytes, buf, nbytes);
	*far->posted_end = far_post;
	far->posted_end = &far_post->next;
	far->posted_nbytes += nbytes;
	return true;
}

static struct far_post *
take_post(struct far_memory *far)
{
	struct far_post *far_post = far->posted;

	far_check(far);
	ASSERT(far->posted && far->posted_nbytes >= far->posted->nbytes);
	far->posted = far_post->next;
	if (!far->posted) {
		far->posted_end = &far->posted;
	}
	far->posted_nbytes -= far_post->nbytes;
	return far_post;
}

/* Overlay queued writes on fetched bytes; true: they cover the whole range */
static bool
read_posted(const struct far_memory *far, uint64_t addr, uint8_t *to, uint64_t nbytes)
{
	bool all = false;

	ASSERT(nbytes > 0);
	for (const struct far_post *p = far->posted; p; p = p->next) {
		uint64_t from = p->addr > addr ? p->addr : addr;
		uint64_t p_last = p->addr + (p->nbytes - 1), last = addr + (nbytes - 1);

		last = p_last < last ? p_last : last; /* the end of memory is 0 */
		if (from <= last) {
			uint64_t part = last - from + 1;

			memcpy(to + (from - addr), p->bytes + (from - p->addr), part);
			all = all || part == nbytes;
		}
	}
	return all;
}

static bool
read_fetched(struct far_memory *far, uint64_t addr, uint8_t *to, uint64_t nbytes)
{
	while (nbytes > 0) {
		uint32_t part = part_of(addr, nbytes);
		const struct far_piece *piece = piece_of(far, addr, &part);

		if (!piece || piece->state != FAR_THERE) {
			return false;
		}
		ASSERT(addr - piece->addr + part <= piece->nbytes);
		memcpy(to, piece->bytes + (addr - piece->addr), part);
		addr += part;
		to += part;
		nbytes -= part;
	}
	return true;
}

bool
far_copy(struct far_memory *far, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	bool fetched;

	far_check(far);
	if (to_host) {
		return post(far, addr, buf, nbytes);
	}
	fetched = read_fetched(far, addr, buf, nbytes);
	return read_posted(far, addr, buf, nbytes) || fetched;
}

/* ---- the exchange ---- */

static void
send_posted(struct server *server)
{
	bool refused = false;

	device_check(&server->device);
	while (server->far.posted) {
		struct far_post *p = take_post(&server->far);

		refused = refused || !ask_all(server, p->addr, p->bytes, p->nbytes, true);
		free(p);
	}
	if (refused) {
		pci_virt_fail(&server->device.pv);
	}
}

/* Fetch adjacent pieces with one request. Returns the piece after them. */
static struct far_piece *
fetch(struct server *server, struct far_piece *first)
{
	struct far_piece *end = first->next_wanted;
	uint64_t nbytes = first->nbytes;
	enum far_state state = FAR_REFUSED;
	uint8_t *bytes;

	ASSERT(first->state == FAR_WANTED);
	while (end && end->joined && nbytes + end->nbytes <= server->terms.client_xfer_max) {
		nbytes += end->nbytes;
		end = end->next_wanted;
	}
	bytes = malloc(nbytes);
	if (bytes && ask_all(server, first->addr, bytes, nbytes, false)) {
		state = FAR_THERE;
	}
	for (struct far_piece *piece = first; piece != end; piece = piece->next_wanted) {
		ASSERT(piece->addr - first->addr + piece->nbytes <= nbytes);
		if (state == FAR_THERE) {
			memcpy(piece->bytes, bytes + (piece->addr - first->addr), piece->nbytes);
		}
		piece->state = state;
	}
	free(bytes);
	return end;
}

bool
far_exchange(struct server *server)
{
	struct far_piece *piece = server->far.wanted;
	bool any = piece || server->far.posted;

	server_check(server);
	if (!any) {
		return false;
	}
	send_posted(server);
	while (piece && !server->broken) {
		piece = fetch(server, piece);
	}
	server->far.wanted = NULL;
	server->far.wanted_end = &server->far.wanted;
	return true;
}

void
far_forget(struct far_memory *far)
{
	far_done(far);
	while (far->posted) {
		free(take_post(far));
	}
	ASSERT(far->posted_nbytes == 0 && far->nbytes == 0);
}
