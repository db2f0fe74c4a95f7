/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Structures of the PCI function. See pci.h for the introduction.
 */
#ifndef EXPORT_PCI_IMPL_H
#define EXPORT_PCI_IMPL_H

#include <base/assert.h>
#include <base/likely.h>
#include <export/pci/pci.h>
#include <nvme/regs.h>
#include <nvme/status.h>

#define SQE_NBYTES 64u
#define CQE_NBYTES 16u
#define PRIO_COUNT 4u /* urgent, high, medium, low */
#define RUN_BATCH 64u /* commands started per run, so that completions are not delayed */
#define NO_DEADLINE NS_NEVER
/* more than any driver needs for one command, and few enough to limit the cost of a list without
 * end */
#define SGL_DESCRIPTORS_MAX 8192u

/* The address of a queue's memory: looked up when the queue is created and again after each change
 * of the mapped memory. NULL while it is not contiguous: then each entry is looked up on its
 * own. */
struct ring {
	uint64_t addr;
	uint8_t *base;
	uint32_t entries; /* 0: the queue does not exist */
};

struct cq {
	struct ring ring;
	uint32_t head;     /* as last read from the doorbell */
	uint32_t tail;     /* next entry to post */
	uint32_t reserved; /* entries reserved for commands that have started */
	uint32_t sqs;      /* submission queues that use it */
	uint16_t phase;
	uint16_t vector;
	bool interrupts;
	uint32_t *doorbell;  /* in BAR0 */
	uint32_t *shadow;    /* in host memory; NULL: not used */
	uint32_t *event_idx; /* in host memory */
	uint32_t refused;    /* the last doorbell value that was accepted, or counted as invalid */
};

struct sq {
	struct ring ring;
	uint32_t head; /* next entry to fetch */
	uint32_t tail; /* as last read from the doorbell */
	uint16_t qid;
	uint16_t cqid;
	uint8_t prio;
	uint32_t held; /* commands of this queue held by the SSD */
	uint32_t *doorbell;
	uint32_t *shadow;
	uint32_t *event_idx;
	uint32_t refused;
};

/* A command that has started and is not yet due. In a binary heap ordered by (due, seq). */
struct pending {
	ns_t due; /* NS_NEVER: lost by a planned fault; only an abort or a reset ends it */
	uint64_t seq;
	uint64_t result;
	uint16_t sqid;
	uint16_t cid;
	uint16_t status;
};

struct vector {
	uint32_t count; /* completions since the last interrupt */
	ns_t deadline;  /* the latest time to fire */
	bool no_coalescing;
	bool fire; /* fire at the end of this run */
};

/* The last result of translate(): [addr, addr + nbytes) of host memory is at `base` */
struct window {
	uint64_t addr;
	uint64_t nbytes; /* 0: empty, since the mapped memory changed */
	uint8_t *base;
};

/* One segment of a command's data in host memory */
struct seg {
	uint8_t *ptr;  /* NULL: far, or a bit bucket */
	uint64_t addr; /* of far memory; NO_ADDR: a bit bucket */
	uint64_t nbytes;
};
#define NO_ADDR UINT64_MAX

/* A sequence of segments */
struct scatter {
	struct seg *segs;
	uint32_t segs_max;
	uint32_t nsegs;
	uint64_t nbytes; /* in all segments */
	uint32_t cursor; /* segment of the last access: the next is probably in it or after it */
	uint64_t cursor_offset; /* offset of that segment */
};

/* The data and metadata of the one command that is being started. It can be transferred only after
 * prepare(), except for the part that the fast path may use: see struct ssd_dma. */
struct xfer {
	struct ssd_dma dma; /* base: must be first */
	struct pci_func *f;
	const struct xnvme_spec_cmd *cmd;
	uint16_t sqid;
	bool to_host;
	struct scatter data;
	struct scatter meta;
};

struct pci_func {
	struct pci_config config;
	const struct pci_ops *ops;
	void *arg;
	struct ssd *ssd;
	uint8_t *doorbells;

	uint64_t cap;
	uint32_t cc;
	uint32_t csts;
	uint32_t intm;
	uint32_t aqa;
	uint64_t asq;
	uint64_t acq;

	uint16_t owner; /* passed to the SSD: separates these commands from other clients' */
	bool removed;
	bool bus_master; /* host memory may be accessed */
	bool far;	 /* some of the mapped memory is far */
	bool msix;
	bool pin;
	bool any_fire;
	ns_t shutdown_due; /* time at which SHST becomes complete */
	ns_t tick_due;

	uint32_t page_nbytes;                /* CC.MPS */
	uint32_t sq_allocated, cq_allocated; /* feature 07h */
	uint32_t held;                       /* commands held by the SSD, over all queues */
	struct ssd_event event; /* taken from the SSD, waits for space in its completion queue */
	bool event_waits;
	uint32_t coalesce_time_100us, coalesce_threshold; /* feature 08h; threshold is 0's based */
	uint32_t arbitration;                             /* feature 01h as set */
	uint32_t arb_burst;              /* feature 01h: commands, UINT32_MAX for no limit */
	uint32_t arb_weight[PRIO_COUNT]; /* commands per round; [0] unused */
	uint32_t arb_credit[PRIO_COUNT];
	uint32_t arb_last[PRIO_COUNT]; /* index in active[] of the last queue served */

	uint64_t dbbuf_shadow, dbbuf_event_idx; /* 0: none */

	struct sq *sqs; /* array of ioq_max + 1 */
	struct cq *cqs;
	uint32_t *active; /* identifiers of the existing I/O submission queues */
	uint32_t nactive;

	struct pending *heap;
	uint32_t nheap;
	uint64_t seq;

	struct vector *vectors;
	ns_t vector_deadline; /* the earliest of all vectors */

	struct window near[2]; /* for reads, for writes */
	struct xfer xfer;
	struct pci_stats stats;
};

/* queue.c */
void ring_find(struct pci_func *f, struct ring *ring, uint32_t entry_nbytes, bool write);
bool ring_is_mapped(struct pci_func *f, const struct ring *ring, uint32_t entry_nbytes, bool write);
void cq_refresh_head(struct pci_func *f, struct cq *cq);
uint32_t cq_free(struct pci_func *f, struct cq *cq);
uint32_t sq_waiting(struct pci_func *f, struct sq *sq);
uint32_t sq_ready(struct pci_func *f, struct sq *sq, uint32_t most);
void queue_start_admin(struct pci_func *f);
uint16_t queue_create_cq(struct pci_func *f, const struct xnvme_spec_cmd *cmd);
uint16_t queue_create_sq(struct pci_func *f, const struct xnvme_spec_cmd *cmd);
uint16_t queue_delete_cq(struct pci_func *f, uint32_t qid);
uint16_t queue_delete_sq(struct pci_func *f, uint32_t qid);
void queue_shadow_find(struct pci_func *f, uint32_t qid);
void queue_forget_all(struct pci_func *f);
void queue_ask_ring(struct pci_func *f, struct sq *sq);

/* pending.c */
void pending_add(struct pci_func *f, const struct pending *p);
bool pending_due(const struct pci_func *f, ns_t now);
struct pending pending_pop(struct pci_func *f);
bool pending_abort(struct pci_func *f, uint16_t sqid, uint16_t cid);
void pending_abort_queue(struct pci_func *f, uint16_t sqid);

/* arb.c */
struct sq *arb_next(struct pci_func *f, uint32_t *burst);
void arb_spent(struct pci_func *f, const struct sq *sq, uint32_t ncommands);
void arb_configure(struct pci_func *f, uint32_t cdw11);

/* admin.c */
bool func_admin_begin(struct pci_func *f, ns_t now, const struct xnvme_spec_cmd *cmd,
		      struct ssd_work *work);
void func_admin_end(struct pci_func *f, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);
bool func_feature_begin(struct pci_func *f, const struct xnvme_spec_cmd *cmd,
			struct ssd_work *work);
void func_feature_reset(struct pci_func *f);

/* ahead.c: false: far memory that it needs is not yet available */
bool ahead_ready(struct pci_func *f, const struct xnvme_spec_cmd *cmd, uint16_t sqid);
bool ahead_entry_ready(struct pci_func *f, uint64_t addr);

/* data.c, prp.c, sgl.c */
void xfer_init(struct pci_func *f);
uint8_t *host_find(struct pci_func *f, uint64_t addr, uint64_t *nbytes, bool write, bool *far);
bool host_read(struct pci_func *f, uint64_t addr, void *dst, uint64_t nbytes);
bool host_peek(struct pci_func *f, uint64_t addr, void *dst, uint64_t nbytes);
uint16_t scatter_add(struct xfer *x, struct scatter *sc, uint64_t addr, uint64_t nbytes);
uint16_t scatter_bucket(struct scatter *sc, uint64_t nbytes);
uint16_t xfer_prp(struct xfer *x, uint64_t nbytes);
uint16_t xfer_sgl(struct xfer *x, struct scatter *sc, const struct xnvme_spec_sgl_descriptor *first,
		  uint64_t nbytes, uint16_t too_short);

/* irq.c */
void irq_flush(struct pci_func *f, ns_t now);
void irq_reset(struct pci_func *f);
void irq_pin_update(struct pci_func *f);

/* regs.c */
void func_forget(struct pci_func *f);
void func_reset(struct pci_func *f, ns_t now);

static inline uint32_t
ring_next(uint32_t index, uint32_t entries)
{
	ASSERT(index < entries);
	return index + 1 == entries ? 0 : index + 1;
}

/* The number of steps from one index forward to another */
static inline uint32_t
ring_distance(uint32_t from, uint32_t to, uint32_t entries)
{
	ASSERT(from < entries); /* `to` may be the host's, and not yet validated */
	return to >= from ? to - from : to + entries - from;
}

/* Words that the host and the function both write: accessed whole, and ordered with the entries
 * that they announce */
static inline uint32_t
shared_read(const uint32_t *word)
{
	ASSERT((uintptr_t)word % sizeof(*word) == 0); /* otherwise the access is not atomic */
	/* acquire: the entries that this word announces are read after it */
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void
shared_write(uint32_t *word, uint32_t value)
{
	ASSERT((uintptr_t)word % sizeof(*word) == 0); /* otherwise the access is not atomic */
	/* release: earlier stores are visible to a reader of this value */
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

#include <export/pci/check.h>

#endif /* EXPORT_PCI_IMPL_H */
