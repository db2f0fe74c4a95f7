/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/vfu_memory.h>

#include <errno.h>
#include <os/os.h>
#include <path/pcie/vfu_socket.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct piece {
	struct piece *next;
	uint8_t *vaddr;
	uint64_t iova;
	uint64_t nbytes;
};

struct vfu_memory {
	pthread_mutex_t lock; /* protects the list, and copies from and to its memory */
	struct piece *pieces;
	int fd;	 /* the socket that the thread serves; -1: none */
	int end; /* an event that stops the thread */
	uint64_t limit_ns;
	pthread_t thread;
};

struct vfu_memory *
vfu_memory_new(void)
{
	struct vfu_memory *memory = calloc(1, sizeof(*memory));

	if (memory) {
		memory->fd = memory->end = -1;
		(void)pthread_mutex_init(&memory->lock, NULL);
	}
	return memory;
}

void
vfu_memory_free(struct vfu_memory *memory)
{
	if (memory->fd >= 0) {
		os_event_signal(memory->end); /* wakes the thread when it waits for a request */
		(void)shutdown(memory->fd, SHUT_RDWR); /* and when it waits in a request */
		(void)pthread_join(memory->thread, NULL);
		(void)close(memory->fd);
		(void)close(memory->end);
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

/* The address of the whole range; NULL: not mapped. Lock held. */
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

/* Copies the last word in one store, after all others: it may be the word with the phase bit of a
 * completion that another thread polls */
static void
put(uint8_t *to, const uint8_t *from, size_t nbytes)
{
	size_t rest = nbytes >= 4 && ((uintptr_t)(to + nbytes) & 3) == 0 ? nbytes - 4 : nbytes;
	uint32_t word;

	memcpy(to, from, rest);
	if (rest < nbytes) {
		memcpy(&word, from + rest, sizeof(word));
		/* release: a reader of this word also sees what was written before */
		__atomic_store_n((uint32_t *)(void *)(to + rest), word, __ATOMIC_RELEASE);
	}
}

/* An error answer is a header alone */
struct answer {
	struct vfu_header header;
	struct vfu_dma_access access;
};

/* Copy between the memory and `data`; false: not all of it was mapped */
static bool
copy(struct vfu_memory *memory, const struct vfu_dma_access *access, uint8_t *data, bool write)
{
	uint8_t *at;

	(void)pthread_mutex_lock(&memory->lock);
	at = find(memory, access->addr, access->count);
	if (at && write) {
		put(at, data, access->count);
	} else if (at) {
		memcpy(data, at, access->count);
	}
	(void)pthread_mutex_unlock(&memory->lock);
	return at != NULL;
}

/* Copy and answer. Waits for the server happen before and after the copy, never while locked. */
static int
answer(struct vfu_memory *memory, int fd, const struct vfu_header *header,
       const struct vfu_dma_access *access, uint8_t *data, uint64_t deadline_ns)
{
	bool write = header->command == VFU_DMA_WRITE;
	struct answer reply = {{.id = header->id, .command = header->command}, *access};
	struct iovec iov[2] = {{&reply, sizeof(reply)}, {data, write ? 0 : access->count}};
	int passed = -1;
	int err = write ? vfu_receive(fd, data, access->count, &passed, deadline_ns) : 0;

	if (passed >= 0) {
		(void)close(passed);
	}
	if (err) {
		return err;
	}
	reply.header.flags = VFU_TYPE_REPLY;
	if (!copy(memory, access, data, write)) {
		reply.header.flags |= VFU_ERROR;
		reply.header.error = EFAULT;
		iov[0].iov_len = sizeof(reply.header);
		iov[1].iov_len = 0;
	}
	reply.header.nbytes = (uint32_t)(iov[0].iov_len + iov[1].iov_len);
	return header->flags & VFU_NO_REPLY ? 0 : vfu_send(fd, iov, 2, -1, deadline_ns);
}

int
vfu_memory_answer(struct vfu_memory *memory, int fd, const struct vfu_header *header,
		  uint64_t deadline_ns)
{
	bool write = header->command == VFU_DMA_WRITE;
	struct vfu_dma_access access;
	uint8_t *data;
	int passed = -1, err;

	if ((header->flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND ||
	    (!write && header->command != VFU_DMA_READ) ||
	    header->nbytes < sizeof(*header) + sizeof(access)) {
		return -EPROTO;
	}
	err = vfu_receive(fd, &access, sizeof(access), &passed, deadline_ns);
	if (passed >= 0) {
		(void)close(passed);
	}
	if (err) {
		return err;
	}
	if (access.count > VFU_XFER_DEFAULT ||
	    header->nbytes != sizeof(*header) + sizeof(access) + (write ? access.count : 0)) {
		return -EPROTO; /* more than the advertised maximum */
	}
	data = malloc(access.count + 1); /* of 0 bytes it may be NULL */
	if (!data) {
		return -ENOMEM;
	}
	err = answer(memory, fd, header, &access, data, deadline_ns);
	free(data);
	return err;
}

/* Without a time limit; the event ends it, whatever `fd` is */
static int
wait_for_request(const struct vfu_memory *memory)
{
	struct pollfd ready[2] = {{.fd = memory->fd, .events = POLLIN},
				  {.fd = memory->end, .events = POLLIN}};

	while (poll(ready, 2, -1) < 0) {
		if (errno != EINTR) {
			return -errno;
		}
	}
	return ready[1].revents ? -ECANCELED : 0;
}

static void *
work(void *arg)
{
	struct vfu_memory *memory = arg;
	struct vfu_header header;
	int err = 0;

	while (!err) {
		int passed = -1;
		uint64_t deadline_ns;

		err = wait_for_request(memory);
		deadline_ns = os_clock_ns() + memory->limit_ns;
		err = err ? err
			  : vfu_receive(memory->fd, &header, sizeof(header), &passed, deadline_ns);
		err = err ? err : vfu_memory_answer(memory, memory->fd, &header, deadline_ns);
		if (passed >= 0) {
			(void)close(passed);
		}
	}
	(void)shutdown(memory->fd, SHUT_RDWR); /* the server learns that answers have ended */
	return NULL;
}

int
vfu_memory_serve(struct vfu_memory *memory, int fd, uint64_t limit_ns)
{
	int err;

	memory->end = os_event_open();
	memory->fd = fd;
	memory->limit_ns = limit_ns;
	err = memory->end < 0 ? memory->end : os_thread_start(&memory->thread, work, memory);
	if (err) {
		(void)close(fd);
		if (memory->end >= 0) {
			(void)close(memory->end);
		}
		memory->fd = memory->end = -1;
	}
	return err;
}
