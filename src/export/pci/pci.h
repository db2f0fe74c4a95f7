/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PCI function of a virtual SSD: the registers in BAR0, and the handling of a command between
 * the submission queue in host memory and the engine, and back (NVMe over PCIe Transport 1.0 and
 * NVMe Base 2.0: Controller Properties, Queues, Data Layout). Freestanding: an export provides
 * memory, the time, and a few callbacks. This header is its interface; impl.h has the structures,
 * check.h their invariants, hot.h the fast path.
 *
 * Terms
 *   func     one controller: registers, queues, commands in flight.
 *   ring     the memory of a queue's entries. sq, cq: a ring with its doorbells.
 *   pending  a command that has started and is not yet due; a heap ordered by (due, sequence).
 *   xfer     the data of the one command that is being started, as a scatter of host memory.
 *   window   the last result of the export's translation.
 *   far      host memory that the export can only copy, without a pointer to it.
 *   vector   an interrupt vector and its state of coalescing.
 *
 * Life cycle of a command
 *   The host writes an entry and the tail doorbell. pci_run() -> arb_next() selects the queue ->
 *   sq_ready() counts the commands with space for their completions -> for each sq_take() copies
 *   the entry (once: later changes by the host have no effect) and reserves a completion entry;
 *   when it needs far memory that is not available it is taken in a later run (ahead.c) ->
 *   begin() -> func_admin_begin() for the function's own commands, ssd_begin() for all others; the
 *   engine transfers the data through xfer -> due now: cq_post(); due later: the heap, and
 *   cq_post() from a later pci_run() -> irq_completed() -> irq_flush() at the end of the run.
 *   The path of all commands is inline (hot.h). A Read or Write whose data ends in the page where
 *   it starts needs no walk through its PRPs: xfer_find_start() finds that page.
 *
 * States
 *   reset --(CC.EN 0 to 1: func_enable)--> ready --(CC.EN 1 to 0: func_reset)--> reset
 *   ready --(CC.SHN: func_shutdown)--> shutting down --(due: pci_run)--> shut down --> func_reset
 *   any --(pci_fail, or an invalid enable)--> failed (CSTS.CFS) --> func_reset
 *   any --(pci_remove)--> removed, for ever
 *   The state is CSTS; only regs.c and the functions named here write it.
 *
 * Ownership and lifetimes
 *   All memory is sized at init. Host memory is kept as an address only: the pointers of rings
 *   and shadow doorbells are looked up again, and the windows invalidated, at pci_memory_changed().
 *
 * Threads
 *   One at a time; the export ensures it. The host writes doorbells, queue entries and data
 *   concurrently: each such word is read once and validated.
 *
 * Errors
 *   Of a command: a status. A host that writes invalid doorbells: ignored and counted. An admin
 *   queue or a completion entry that is not accessible: the controller fails (CSTS.CFS). A
 *   submission queue that is not accessible waits until it is.
 *
 * What it does not do
 *   No controller memory buffer, persistent memory region, or boot partitions (reported in CAP and
 *   registers); no non-contiguous queues (CAP.CQR); no peer-to-peer.
 */
#ifndef EXPORT_PCI_PCI_H
#define EXPORT_PCI_PCI_H

#include <base/time.h>
#include <ssd/ssd.h>

struct pci_func;

/* Callbacks of the function into the export that offers it; called only from within the export's
 * own calls. */
struct pci_ops {
	/* The only access to host memory: a pointer to the host's address `addr`, or NULL when it
	 * is not mapped or the map does not allow this access. `*nbytes`: in, the requested length
	 * (never 0); out, the contiguous part of it (never 0, never more). */
	void *(*translate)(void *arg, uint64_t addr, uint64_t *nbytes, bool write);
	/* Is this host memory that the export can copy, but has no pointer to ("far")? Called where
	 * translate() returned NULL; `*nbytes` as there. NULL: there is no such memory. */
	bool (*far_reach)(void *arg, uint64_t addr, uint64_t *nbytes, bool write);
	/* Copy the whole range, for which far_reach() returned true; copies keep the order of the
	 * calls. False: the owner of the memory refused. */
	bool (*far_copy)(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host);
	/* Is this far memory available, or known to be refused, so that far_copy() from there does
	 * not wait? False: not yet; it is fetched after pci_run(), and a later pci_run() continues.
	 * With 0 bytes: may more be copied to far memory now? NULL: far_copy() may wait. */
	bool (*far_ready)(void *arg, uint64_t addr, uint64_t nbytes);
	/* The command for which memory was fetched has started: fetch it again for the next */
	void (*far_done)(void *arg);
	/* Fire message-signalled interrupt `vector` once */
	void (*interrupt)(void *arg, uint16_t vector);
	/* The interrupt pin's level, called when it changes; used while MSI-X is off. May be
	 * NULL. */
	void (*pin)(void *arg, bool level);
	/* The host resets the NVM subsystem: call pci_subsystem_reset() on every function of the
	 * SSD, including this one. NULL: it has no other. */
	void (*subsystem_reset)(void *arg);
};

struct pci_config {
	uint32_t ioq_max;         /* I/O queue pairs, 1 to 65534 */
	uint32_t entries_max;     /* entries of an I/O queue, 2 to 65536 */
	uint32_t inflight_max;    /* commands started and not yet due, over all queues */
	uint32_t vectors;         /* interrupt vectors, 1 to 2048 */
	uint32_t dstrd;           /* doorbells are 4 << dstrd bytes apart, 0 to 10 */
	uint32_t xfer_nbytes_max; /* maximum transfer of a command; at least 4096 */
	uint32_t timeout_500ms;   /* CAP.TO */
};

struct pci_stats {
	uint64_t commands;    /* taken from submission queues */
	uint64_t completions; /* posted */
	uint64_t interrupts;
	uint64_t invalid_doorbells; /* values outside the queue */
	uint64_t dma_refused;       /* addresses that translate() refused */
	uint64_t resets;
};

/* Bytes of state; 0 when the configuration is invalid */
size_t pci_bytes_needed(const struct pci_config *config);

/* Bytes of doorbells from BAR0 offset 0x1000 on, a multiple of 4096 */
size_t pci_doorbell_bytes(const struct pci_config *config);

/* `memory` (zeroed), `doorbells` (zeroed, may be mapped by the host), `ssd` and `ops` are borrowed
 * for the lifetime of the function. NULL: the configuration is invalid or `nbytes` is too small. */
struct pci_func *pci_init(void *memory, size_t nbytes, const struct pci_config *config,
			  void *doorbells, struct ssd *ssd, const struct pci_ops *ops, void *arg);

/* Where several clients send commands to the same SSD: a number unique to this one; see
 * ssd_next_event(). Call it before the first command. */
void pci_set_owner(struct pci_func *f, uint16_t owner);

/* Registers: BAR0 below 0x1000, and doorbells that the host does not write itself. Any offset and
 * size; undefined bytes read as zero and ignore writes. */
void pci_reg_read(struct pci_func *f, uint32_t offset, void *data, uint32_t nbytes);
void pci_reg_write(struct pci_func *f, ns_t now, uint32_t offset, const void *data,
		   uint32_t nbytes);

/* Do the work that is due at `now`: complete, fetch, start, interrupt. Returns the number of
 * commands started or completed (0: it was idle), and in `*next` the time of the next work that
 * needs no action of the host, NS_NEVER when there is none. Never blocks, unless far_copy()
 * does. */
uint32_t pci_run(struct pci_func *f, ns_t now, ns_t *next);

/* Call before waiting for a doorbell notification: requests the host, where it uses shadow
 * doorbells, to ring from now on. True: work arrived meanwhile, run again instead of waiting. */
bool pci_before_wait(struct pci_func *f);

/* The host's mapped memory changed: invalidate every cached address. Call before memory is
 * unmapped, and after memory was mapped. */
void pci_memory_changed(struct pci_func *f);

/* Is some of the host's mapped memory far? None is after pci_init(). */
void pci_far(struct pci_func *f, bool any);

/* Allow the function to read and write host memory (PCI Local Bus 3.0, Command Register, Bus
 * Master); allowed after pci_init(). Otherwise commands and completions wait, and so do interrupt
 * messages, which are writes; registers and the pin work. */
void pci_bus_master(struct pci_func *f, bool on);

/* Turn MSI-X on (messages) or off (pin) */
void pci_msix_enable(struct pci_func *f, bool on);

/* Function-level reset, bus reset, or disconnect of the client: everything but the content of the
 * SSD returns to the state after power-on */
void pci_reset(struct pci_func *f, ns_t now);

/* NVM subsystem reset, requested at any controller (NVMe Base 2.0, NVM Subsystem Reset): the same,
 * and CSTS.NSSRO is set until the host clears it */
void pci_subsystem_reset(struct pci_func *f, ns_t now);

/* Faults: the controller fails (CSTS.CFS; a reset recovers it), or is removed from the bus: every
 * register reads as ones, no command is fetched or completed, and no reset recovers it */
void pci_fail(struct pci_func *f);
void pci_remove(struct pci_func *f);

void pci_stats(const struct pci_func *f, struct pci_stats *stats);

#endif /* EXPORT_PCI_PCI_H */
