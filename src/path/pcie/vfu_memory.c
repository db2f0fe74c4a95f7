/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/vfu_memory.h>

#include <errno.h>
#include <fcntl.h>
#include <os/os.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PIECE_NBYTES 65536u

struct piece {
	struct piece *next;
	uint8_t *vaddr;
	uint64_t iova;
	uint64_t nbytes;
};

struct vfu_memory {
	pthread_mutex_t lock; /* around the list, and while somebody is in what it names */
	struct piece *pieces;
	int fd; /* what the thread serves; -1: there is none */
	pthread_t thread;
	uint8_t buf[PIECE_NBYTES]; /* of the lock's holder */
};

struct vfu_memory *
vfu_memory_new(void)
{
	struct vfu_memory *memory = calloc(1, sizeof(*memory));

	if (memory) {
		memory->fd = -1;
		(void)pthread_mutex_init(&memory->lock, NULL);
	}
	return memory;
}

void
vfu_memory_free(struct vfu_memory *memory)
{
	if (memory->fd >= 0) {
		(void)shutdown(memory->fd, SHUT_RDWR); /* the thread's wait ends */
		(void)pthread_join(memory->thread, NULL);
		(void)close(memory->fd);
	}
	while (memory->pieces) {
		struct piece *piece = memory->pieces;

		memory->pieces = piece->next;
		free(piece);
	}
	(void)pthread_mutex_destroy(&memory->lock);
	free(memory);
}

int
vfu_memory_add(struct vfu_memory *memory, uint64_t iova, void *vaddr, size_t nbytes)
{
	struct piece *piece = calloc(1, sizeof(*piece));

	if (!piece) {
		return -ENOMEM;
	}
	*piece = (struct piece){.vaddr = vaddr, .iova = iova, .nbytes = nbytes};
	(void)pthread_mutex_lock(&memory->lock);
	piece->next = memory->pieces;
	memory->pieces = piece;
	(void)pthread_mutex_unlock(&memory->lock);
	return 0;
}

void
vfu_memory_remove(struct vfu_memory *memory, uint64_t iova)
{
	(void)pthread_mutex_lock(&memory->lock);
	for (struct piece **at = &memory->pieces; *at; at = &(*at)->next) {
		struct piece *piece = *at;

		if (piece->iova == iova) {
			*at = piece->next;
			free(piece);
			break;
		}
	}
	(void)pthread_mutex_unlock(&memory->lock);
}

/* Where all of it is; NULL: not in what was mapped. Lock held. */
static uint8_t *
find(const struct vfu_memory *memory, uint64_t iova, uint64_t nbytes)
{
	for (const struct piece *piece = memory->pieces; piece; piece = piece->next) {
		uint64_t offset = iova - piece->iova;

		if (offset < piece->nbytes && nbytes <= piece->nbytes - offset) {
			return piece->vaddr + offset;
		}
	}
	return NULL;
}

static int
read_all(int fd, void *to, size_t nbytes)
{
	uint8_t *at = to;

	while (nbytes > 0) {
		ssize_t got = recv(fd, at, nbytes, MSG_WAITALL);

		if (got <= 0 && !(got < 0 && errno == EINTR)) {
			return got ? -errno : -ECONNRESET;
		}
		at += got > 0 ? got : 0;
		nbytes -= got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int
send_all(int fd, const void *from, size_t nbytes, int more)
{
	const uint8_t *at = from;

	while (nbytes > 0) {
		ssize_t sent = send(fd, at, nbytes, MSG_NOSIGNAL | more);

		if (sent < 0 && errno != EINTR) {
			return -errno;
		}
		at += sent > 0 ? sent : 0;
		nbytes -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

/* The last word at once and after all others: it may be the one with the phase of a completion,
 * which somebody watches */
static void
put(uint8_t *to, const uint8_t *from, size_t nbytes)
{
	size_t rest = nbytes >= 4 && ((uintptr_t)(to + nbytes) & 3) == 0 ? nbytes - 4 : nbytes;
	uint32_t word;

	memcpy(to, from, rest);
	if (rest < nbytes) {
		memcpy(&word, from + rest, sizeof(word));
		/* release: whoever sees it sees what was written before */
		__atomic_store_n((uint32_t *)(void *)(to + rest), word, __ATOMIC_RELEASE);
	}
}

/* What the server writes goes to `to`; NULL: nowhere, but it has to be read */
static int
take_data(struct vfu_memory *memory, int fd, uint8_t *to, uint64_t nbytes)
{
	while (nbytes > 0) {
		size_t part = nbytes < PIECE_NBYTES ? (size_t)nbytes : PIECE_NBYTES;
		int err = read_all(fd, memory->buf, part);

		if (err) {
			return err;
		}
		if (to) {
			put(to, memory->buf, part);
			to += part;
		}
		nbytes -= part;
	}
	return 0;
}

/* Lock held */
static int
answer(struct vfu_memory *memory, int fd, const struct vfu_header *header,
       const struct vfu_dma_access *wish)
{
	bool write = header->command == VFU_DMA_WRITE;
	uint8_t *at = find(memory, wish->addr, wish->count);
	struct {
		struct vfu_header header;
		struct vfu_dma_access access;
	} reply = {{.id = header->id, .command = header->command, .flags = VFU_TYPE_REPLY}, *wish};
	uint64_t data = at && !write ? wish->count : 0;
	size_t head = at ? sizeof(reply) : sizeof(reply.header);
	int err = write ? take_data(memory, fd, at, wish->count) : 0;

	if (err || (header->flags & VFU_NO_REPLY)) {
		return err;
	}
	if (!at) {
		reply.header.flags |= VFU_ERROR;
		reply.header.error = EFAULT;
	}
	reply.header.nbytes = (uint32_t)(head + data);
	err = send_all(fd, &reply, head, data ? MSG_MORE : 0);
	return err ? err : send_all(fd, at, (size_t)data, 0);
}

int
vfu_memory_answer(struct vfu_memory *memory, int fd, const struct vfu_header *header)
{
	bool write = header->command == VFU_DMA_WRITE;
	struct vfu_dma_access wish;
	int err;

	if ((header->flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND ||
	    (!write && header->command != VFU_DMA_READ) ||
	    header->nbytes < sizeof(*header) + sizeof(wish)) {
		return -EPROTO;
	}
	err = read_all(fd, &wish, sizeof(wish));
	if (err) {
		return err;
	}
	if (wish.count > VFU_XFER_DEFAULT ||
	    header->nbytes != sizeof(*header) + sizeof(wish) + (write ? wish.count : 0)) {
		return -EPROTO; /* more than we said that we take */
	}
	(void)pthread_mutex_lock(&memory->lock);
	err = answer(memory, fd, header, &wish);
	(void)pthread_mutex_unlock(&memory->lock);
	return err;
}

/* As long as it takes */
static int
wait_for_request(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	while (poll(&ready, 1, -1) < 0) {
		if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

static void *
work(void *arg)
{
	struct vfu_memory *memory = arg;
	struct vfu_header header;
	int err = 0;

	while (!err) {
		err = wait_for_request(memory->fd);
		err = err ? err : read_all(memory->fd, &header, sizeof(header));
		err = err ? err : vfu_memory_answer(memory, memory->fd, &header);
	}
	(void)shutdown(memory->fd, SHUT_RDWR); /* the server learns that nobody answers any more */
	return NULL;
}

int
vfu_memory_serve(struct vfu_memory *memory, int fd, const struct timeval *limit)
{
	int err;

	memory->fd = fd;
	(void)fcntl(fd, F_SETFL, 0); /* the thread waits in it, whatever the server made it */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, limit, sizeof(*limit));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, limit, sizeof(*limit));
	err = os_thread_start(&memory->thread, work, memory);
	if (err) {
		memory->fd = -1;
		(void)close(fd);
	}
	return err;
}
