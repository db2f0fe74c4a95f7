/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/kernel_ring.h>

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SQE_SHIFT = 6, CQE_SHIFT = 4 }; /* log2 of the bytes of an entry */

static void *
map(int fd, size_t nbytes, uint64_t offset)
{
	return mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
		    (off_t)offset);
}

static uint32_t *
counter(const struct kernel_ring *ring, uint32_t offset)
{
	return (uint32_t *)(void *)((char *)ring->rings + offset);
}

/* Offsets and sizes of the shared memory, as the kernel returned them */
static void
learn_layout(struct kernel_ring *ring, const struct io_uring_params *params)
{
	size_t cqe_nbytes = (size_t)1 << (CQE_SHIFT + !!(params->flags & IORING_SETUP_CQE32));
	size_t sq_end = params->sq_off.array + params->sq_entries * sizeof(uint32_t);
	size_t cq_end = params->cq_off.cqes + params->cq_entries * cqe_nbytes;

	ring->setup_flags = params->flags;
	ring->features = params->features;
	ring->sq_entries = params->sq_entries;
	ring->sqe_shift = SQE_SHIFT + !!(params->flags & IORING_SETUP_SQE128);
	ring->cq_mask = params->cq_entries - 1;
	ring->rings_nbytes = sq_end > cq_end ? sq_end : cq_end;
	ring->sqes_nbytes = (size_t)params->sq_entries << ring->sqe_shift;
}

static int
map_memory(struct kernel_ring *ring, const struct io_uring_params *params)
{
	ring->rings = map(ring->fd, ring->rings_nbytes, IORING_OFF_SQ_RING);
	if (ring->rings == MAP_FAILED) {
		return -errno;
	}
	ring->sqes = map(ring->fd, ring->sqes_nbytes, IORING_OFF_SQES);
	if (ring->sqes == MAP_FAILED) {
		int err = -errno;

		(void)munmap(ring->rings, ring->rings_nbytes);
		return err;
	}
	ring->sq_head = counter(ring, params->sq_off.head);
	ring->sq_tail = counter(ring, params->sq_off.tail);
	ring->sq_flags = counter(ring, params->sq_off.flags);
	ring->cq_head = counter(ring, params->cq_off.head);
	ring->cq_tail = counter(ring, params->cq_off.tail);
	ring->cqes = (struct io_uring_cqe *)(void *)((char *)ring->rings + params->cq_off.cqes);
	return 0;
}

int
kernel_ring_make(struct kernel_ring *ring, uint32_t entries, struct io_uring_params *params)
{
	int fd = io_uring_setup(entries, params);
	int err;

	memset(ring, 0, sizeof(*ring));
	if (fd < 0) {
		return fd;
	}
	ring->fd = fd;
	ring->enter_fd = fd;
	learn_layout(ring, params);
	/* since Linux 5.4 one mapping contains both rings */
	err = params->features & IORING_FEAT_SINGLE_MMAP ? map_memory(ring, params) : -ENOTSUP;
	if (err) {
		(void)close(fd);
		return err;
	}
	/* Entries are submitted in array order. (NO_SQARRAY of Linux 6.6 would save this table of
	 * indices, which the kernel reads; it is not used.) */
	for (uint32_t i = 0; i < ring->sq_entries; ++i) {
		counter(ring, params->sq_off.array)[i] = i;
	}
	return 0;
}

/* Fails in a thread other than the ring's: then the entry stays in that thread's table until it
 * ends */
static void
unregister_fd(struct kernel_ring *ring)
{
	struct io_uring_rsrc_update entry = {.offset = (uint32_t)ring->enter_fd};

	if (ring->enter_flags & IORING_ENTER_REGISTERED_RING) {
		(void)io_uring_register((unsigned int)ring->fd, IORING_UNREGISTER_RING_FDS, &entry,
					1);
	}
}

void
kernel_ring_free(struct kernel_ring *ring)
{
	unregister_fd(ring);
	(void)munmap(ring->sqes, ring->sqes_nbytes);
	(void)munmap(ring->rings, ring->rings_nbytes);
	(void)close(ring->fd);
}

bool
kernel_ring_register_fd(struct kernel_ring *ring)
{
	struct io_uring_rsrc_update entry = {.offset = UINT32_MAX, /* any free one */
					     .data = (uint64_t)ring->fd};

	if (io_uring_register((unsigned int)ring->fd, IORING_REGISTER_RING_FDS, &entry, 1) != 1) {
		return false;
	}
	ring->enter_fd = (int)entry.offset;
	ring->enter_flags = IORING_ENTER_REGISTERED_RING;
	return true;
}

static bool
is_empty(const struct kernel_ring *ring)
{
	return *ring->cq_head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
}

int
kernel_ring_wait(struct kernel_ring *ring, uint64_t timeout_ns)
{
	struct __kernel_timespec ts = {
		.tv_sec = (int64_t)(timeout_ns / 1000000000ULL),
		.tv_nsec = (long long)(timeout_ns % 1000000000ULL),
	};
	struct io_uring_getevents_arg arg = {.sigmask_sz = _NSIG / 8, .ts = (uintptr_t)&ts};
	uint32_t flags = ring->enter_flags | IORING_ENTER_GETEVENTS;
	int rc = 0;

	while (rc >= 0 && is_empty(ring)) {
		/* liburing declares the argument as a signal mask or as void, depending on its
		 * version */
		rc = timeout_ns == UINT64_MAX ?
		     io_uring_enter((unsigned int)ring->enter_fd, 0, 1, flags, NULL) :
		     io_uring_enter2((unsigned int)ring->enter_fd, 0, 1,
				     flags | IORING_ENTER_EXT_ARG, (void *)&arg, sizeof(arg));
	}
	return rc < 0 ? rc : 0;
}

int
kernel_ring_run(struct kernel_ring *ring, const void *entry)
{
	uint32_t flags = ring->enter_flags | IORING_ENTER_GETEVENTS;
	uint32_t tail = *ring->sq_tail, head = *ring->cq_head;
	size_t mask = ring->sq_entries - 1;
	int rc;

	/* a submission thread of the kernel may sleep */
	flags |= ring->setup_flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0;
	memcpy(ring->sqes + ((tail & mask) << ring->sqe_shift), entry,
	       (size_t)1 << ring->sqe_shift);
	/* release: the entry is filled before the kernel may take it */
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	do {
		uint32_t left = tail + 1 - __atomic_load_n(ring->sq_head, __ATOMIC_RELAXED);

		rc = io_uring_enter((unsigned int)ring->enter_fd, left, 1, flags, NULL);
	} while (is_empty(ring) && (rc >= 0 || rc == -EINTR));
	if (is_empty(ring)) {
		return rc;
	}
	rc = ring->cqes[(size_t)(head & ring->cq_mask)
			<< !!(ring->setup_flags & IORING_SETUP_CQE32)].res;
	/* release: after the entry was read */
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return rc;
}
