/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller: initialized once, shared by all handles and queues of this process with its URI.
 */
#ifndef PATH_PCIE_CTRL_H
#define PATH_PCIE_CTRL_H

#include <path/pcie/qpair.h>

#define CTRL_AERS 1u /* Asynchronous Event Requests kept outstanding */

/* A command that a thread waits for */
struct ctrl_slot {
	struct xnvme_spec_cpl cpl;
	bool used;
	bool done;
	bool abandoned; /* its thread stopped waiting: the identifier becomes free on completion */
};

/* A queue pair for synchronous commands: the admin queue, and one for I/O */
struct ctrl_shared {
	struct qpair qp;
	pthread_mutex_t lock; /* protects qp and slots */
	struct ctrl_slot *slots;
	bool ready;
};

struct ctrl {
	struct bus *bus;
	struct dma dma;
	uint64_t cap;
	uint32_t dstrd;
	bool sgl, sgl_bytes, extended_formats;
	uint8_t *shadow;      /* two pages: shadow doorbells, event indices; NULL: not used */
	uint32_t mdts_nbytes; /* 0: no limit */
	uint32_t ready_timeout_ms;
	uint64_t admin_timeout_ns, command_timeout_ns;
	uint64_t vwc; /* Identify Controller: a volatile write cache is present */

	struct ctrl_shared admin;
	struct ctrl_shared io;

	pthread_mutex_t lock; /* protects the rest: bring-up, reset, queue creation and deletion */
	uint32_t ioq_max;     /* I/O queues that the controller allocated */
	uint8_t *qid_used;    /* ioq_max + 1 */
	bool up;

	_Atomic uint32_t generation; /* counts resets; a queue of an older generation is dead */
	_Atomic bool gone;   /* function removed or bus failed; nothing completes */
	uint64_t events;     /* asynchronous events seen */
	uint32_t last_event;
	uint16_t aer_cid;

	struct ctrl *next; /* in the list of all controllers */
	uint32_t refs;
	bool changing; /* being brought up or shut down: other openers wait */
	char uri[XNVME_IDENT_URI_LEN];
};

/* The controller of that URI, brought up on first use and shared until the last ctrl_put(). Blocks.
 * 0, or -errno. */
int ctrl_get(const char *uri, bus_opener *open, const char *name, const struct xnvme_opts *opts,
	     struct ctrl **ctrl);
void ctrl_put(struct ctrl *ctrl);

/* Disable the controller and initialize it again; queues notice by `generation`. Blocks. 0, or
 * -errno. */
int ctrl_reset(struct ctrl *ctrl, bool subsystem);

/* Mark the function as removed: its bus failed or its registers read as ones */
void ctrl_gone(struct ctrl *ctrl);
static inline bool
ctrl_is_gone(const struct ctrl *ctrl)
{
	return atomic_load_explicit(&ctrl->gone, memory_order_relaxed);
}
static inline uint32_t
ctrl_generation(const struct ctrl *ctrl)
{
	return atomic_load_explicit(&ctrl->generation, memory_order_acquire);
}

int ctrl_read4(struct ctrl *ctrl, uint32_t offset, uint32_t *value);

/* Read CSTS: does the controller answer and work? 0; -EIO: it failed, or it lost power and is not
 * ready, in two reads in a row; -ENODEV: it was removed. */
int ctrl_check(struct ctrl *ctrl);
int ctrl_registers(struct ctrl *ctrl, void *data, size_t nbytes);

/* shared.c: one synchronous command, from any thread. `payload` NULL: the data pointers in the
 * command are already set. The completion is in `cpl`. 0, -EIO (`cpl` holds an error), or, without
 * a completion, -errno or QPAIR_CARRY. */
int shared_init(struct ctrl_shared *shared, struct ctrl *ctrl, uint32_t qid, uint32_t entries);
void shared_fini(struct ctrl_shared *shared);
int shared_call(struct ctrl_shared *shared, const struct xnvme_spec_cmd *cmd,
		const struct payload *payload, uint64_t timeout_ns, struct xnvme_spec_cpl *cpl);
int shared_post_aer(struct ctrl *ctrl);
void shared_poll(struct ctrl_shared *shared);

/* ioq.c: the admin commands that create and delete a queue pair. `vector` -1: no interrupts. */
int ioq_take_qid(struct ctrl *ctrl, uint32_t *qid);
void ioq_release_qid(struct ctrl *ctrl, uint32_t qid);
int ioq_create(struct ctrl *ctrl, struct qpair *qp, int vector);
int ioq_delete(struct ctrl *ctrl, struct qpair *qp);
int ioq_abort(struct ctrl *ctrl, uint32_t qid, uint32_t cid);

#endif /* PATH_PCIE_CTRL_H */
