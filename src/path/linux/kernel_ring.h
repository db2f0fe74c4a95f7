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
	/* Submission: the kernel takes entries [head, tail). Both count up, modulo 2^32. */
	char *sqes;          /* sq_entries entries of 1 << sqe_shift bytes, in order */
	uint32_t *sq_head;   /* advanced by the kernel */
	uint32_t *sq_tail;   /* advanced by this process */
	uint32_t *sq_flags;  /* IORING_SQ_*: requests of the kernel */
	uint32_t sq_entries; /* a power of 2 */
	uint32_t sqe_shift;  /* 6, or 7 with IORING_SETUP_SQE128 */

	/* Completion: this process takes entries [head, tail) */
	struct io_uring_cqe *cqes; /* with IORING_SETUP_CQE32 each takes two slots */
	uint32_t *cq_head;   /* advanced by this process */
	uint32_t *cq_tail;   /* advanced by the kernel */
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

/* Create a ring of at least `entries` entries according to `params`, which receives the kernel's
 * answer. 0, or -errno of io_uring_setup(2) or mmap(2). */
int kernel_ring_make(struct kernel_ring *ring, uint32_t entries, struct io_uring_params *params);

/* Unmap and close the ring. The kernel frees it later, when nothing runs in it. */
void kernel_ring_free(struct kernel_ring *ring);

/* Register the ring with the calling thread (Linux 5.18), which makes io_uring_enter() cheaper;
 * from then on only this thread may use the ring. false: the kernel refused, and nothing
 * changed. */
bool kernel_ring_register_fd(struct kernel_ring *ring);

/* Wait until a completion is posted, at most `timeout_ns`; UINT64_MAX: without limit. Any other
 * timeout needs IORING_FEAT_EXT_ARG. 0 when a completion is there, or -errno: -ETIME, -EINTR,
 * ... */
int kernel_ring_wait(struct kernel_ring *ring, uint64_t timeout_ns);

/* Submit a copy of `entry` (1 << sqe_shift bytes), wait for its completion and take it. For
 * otherwise empty rings. Signals do not end the wait, since the kernel may write to the command's
 * buffer until then. Returns the completion's `res`, or the error of io_uring_enter(2). */
int kernel_ring_run(struct kernel_ring *ring, const void *entry);

#endif /* PATH_LINUX_KERNEL_RING_H */
