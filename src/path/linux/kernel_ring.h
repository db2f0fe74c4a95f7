/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory that an io_uring of the kernel shares with this process, by the kernel's own
 * interface: io_uring_setup(2), mmap(2) at the offsets that it returns, io_uring_enter(2),
 * io_uring_register(2). That interface is stable. liburing's `struct io_uring` is not used: its
 * fields belong to liburing, which counts entries by them, and what they point to differs between
 * its versions.
 */
#ifndef PATH_LINUX_KERNEL_RING_H
#define PATH_LINUX_KERNEL_RING_H

#include <liburing.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_ring {
	/* Submission: entries [head, tail) are the kernel's to take. Both count up, modulo 2^32. */
	char *sqes;          /* sq_entries entries of 1 << sqe_shift bytes, in order */
	uint32_t *sq_head;   /* the kernel moves it on */
	uint32_t *sq_tail;   /* this process moves it on */
	uint32_t *sq_flags;  /* IORING_SQ_*: what the kernel asks for */
	uint32_t sq_entries; /* a power of 2 */
	uint32_t sqe_shift;  /* 6, or 7 with IORING_SETUP_SQE128 */

	/* Completion: entries [head, tail) are this process' to take */
	struct io_uring_cqe *cqes; /* with IORING_SETUP_CQE32 each takes two places */
	uint32_t *cq_head;   /* this process moves it on */
	uint32_t *cq_tail;   /* the kernel moves it on */
	uint32_t cq_mask;

	int fd;
	int enter_fd;         /* what io_uring_enter() takes: fd, or its index */
	uint32_t enter_flags; /* IORING_ENTER_REGISTERED_RING or 0 */
	uint32_t setup_flags; /* IORING_SETUP_* in force */
	uint32_t features;    /* IORING_FEAT_* */
	void *rings;          /* both rings' counters and the completions: one mapping */
	size_t rings_nbytes;
	size_t sqes_nbytes;
};

/* Makes a ring of at least `entries` entries as `params` says, which receives what the kernel
 * answers. 0, or -errno: what io_uring_setup(2) or mmap(2) failed with. */
int kernel_ring_make(struct kernel_ring *ring, uint32_t entries, struct io_uring_params *params);

/* Unmaps and closes it. The kernel frees it later, when nothing of it is running. */
void kernel_ring_free(struct kernel_ring *ring);

/* Registers it with the calling thread (Linux 5.18), which makes io_uring_enter() cheaper; the ring
 * is then this thread's alone. false: the kernel refuses, and nothing changed. */
bool kernel_ring_register_fd(struct kernel_ring *ring);

/* Waits until a completion is posted, at most `timeout_ns`; UINT64_MAX: without limit. Needs
 * IORING_FEAT_EXT_ARG but for UINT64_MAX. 0 when one is there, or -errno: -ETIME, -EINTR, ... */
int kernel_ring_wait(struct kernel_ring *ring, uint64_t timeout_ns);

/* Submits a copy of `entry` (1 << sqe_shift bytes), waits for its completion and takes it. For
 * rings with nothing else in them. No signal ends the wait: the kernel may write to the command's
 * buffer until then. The completion's `res`, or what io_uring_enter(2) failed with. */
int kernel_ring_run(struct kernel_ring *ring, const void *entry);

#endif /* PATH_LINUX_KERNEL_RING_H */
