/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller: brought up once, shared by all handles and queues of this process that name it.
 */
#ifndef PATH_PCIE_CTRL_H
#define PATH_PCIE_CTRL_H

#include <path/pcie/qpair.h>

#define CTRL_AERS 1u /* event requests kept at the controller */

/* A command that a thread waits for */
struct ctrl_slot {
	struct xnvme_spec_cpl cpl;
	bool used;
	bool done;
	bool given_up; /* its thread went away: the identifier is free when it completes */
};

/* A queue pair for commands that somebody waits for: the admin queue, and one for I/O */
struct ctrl_shared {
	struct qpair qp;
	pthread_mutex_t lock; /* around qp and slots */
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

	pthread_mutex_t lock; /* around what follows: bring-up, reset, queues coming and going */
	uint32_t ioq_max;     /* I/O queues that the controller granted */
	uint8_t *qid_used;    /* ioq_max + 1 */
	bool up;

	uint32_t generation; /* atomic: counts resets; a queue of an older one is dead */
	bool gone;           /* atomic: the function does not answer; nothing will complete */
	uint64_t events;     /* asynchronous events seen */
	uint32_t last_event;
	uint16_t aer_cid;

	struct ctrl *next; /* in the list of all */
	uint32_t refs;
	bool changing; /* it is brought up or shut down: whoever wants it waits */
	char uri[XNVME_IDENT_URI_LEN];
};

/* The controller of that name, brought up; the same one while somebody holds it. 0, or -errno. */
int ctrl_get(const char *uri, bus_opener *open, const char *name, const struct xnvme_opts *opts,
	     struct ctrl **ctrl);
void ctrl_put(struct ctrl *ctrl);

/* Disable, enable, and start again; queues notice by `generation`. 0, or -errno. */
int ctrl_reset(struct ctrl *ctrl, bool subsystem);

/* The bus says that the function is no more */
void ctrl_gone(struct ctrl *ctrl);
static inline bool
ctrl_is_gone(const struct ctrl *ctrl)
{
	return __atomic_load_n(&ctrl->gone, __ATOMIC_RELAXED);
}
static inline uint32_t
ctrl_generation(const struct ctrl *ctrl)
{
	return __atomic_load_n(&ctrl->generation, __ATOMIC_ACQUIRE);
}

int ctrl_read4(struct ctrl *ctrl, uint32_t offset, uint32_t *value);

/* Does the controller still answer and work? 0, -EIO (it failed, or lost its power meanwhile: both
 * are believed at the second look only), -ENODEV (it is gone). */
int ctrl_check(struct ctrl *ctrl);
int ctrl_registers(struct ctrl *ctrl, void *data, size_t nbytes);

/* shared.c: one command, waited for. `payload` NULL: its data pointers are in the command already.
 * The completion is in `cpl`; 0, -EIO (it holds an error), or -errno or QPAIR_CARRY when there is
 * none. Any
 * thread. */
int shared_init(struct ctrl_shared *shared, struct ctrl *ctrl, uint32_t qid, uint32_t entries);
void shared_fini(struct ctrl_shared *shared);
int shared_call(struct ctrl_shared *shared, const struct xnvme_spec_cmd *cmd,
		const struct payload *payload, uint64_t timeout_ns, struct xnvme_spec_cpl *cpl);
int shared_post_aer(struct ctrl *ctrl);
void shared_poll(struct ctrl_shared *shared);

/* ioq.c: the admin commands that make and remove a queue pair. `vector` -1: no interrupts. */
int ioq_take_qid(struct ctrl *ctrl, uint32_t *qid);
void ioq_release_qid(struct ctrl *ctrl, uint32_t qid);
int ioq_create(struct ctrl *ctrl, struct qpair *qp, int vector);
int ioq_delete(struct ctrl *ctrl, struct qpair *qp);
int ioq_abort(struct ctrl *ctrl, uint32_t qid, uint32_t cid);

#endif /* PATH_PCIE_CTRL_H */
