/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PCI function of a virtual SSD, as the exports that offer it see it. See func.c for the
 * theory.
 */
#ifndef EXPORT_PCI_PCI_H
#define EXPORT_PCI_PCI_H

#include <base/time.h>
#include <ssd/ssd.h>

struct pci_func;

/* What the function asks of the export that offers it. Called from the export's own calls only. */
struct pci_ops {
	/* The one way to host memory: where the export can reach what the host calls `addr`, or
	 * NULL when nothing is mapped there that allows this access. `*nbytes` comes in as what is
	 * wanted (never 0) and goes out as what of it lies in one piece there (never 0, never
	 * more). */
	void *(*translate)(void *arg, uint64_t addr, uint64_t *nbytes, bool write);
	/* Host memory that the export has no pointer to, only a way to copy it ("far"). Asked where
	 * translate() found nothing; `*nbytes` as there. NULL: there is no such memory. */
	bool (*far_reach)(void *arg, uint64_t addr, uint64_t *nbytes, bool write);
	/* Copy all of it, which far_reach() vouched for; false: whoever has it did not let us. In
	 * the order of the calls. */
	bool (*far_copy)(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host);
	/* Is this far memory at hand, or known to be refused, so that far_copy() from there does
	 * not wait? False: not yet; it is fetched after pci_run(), and a later pci_run() goes on.
	 * Of 0 bytes: may more be copied to far memory now? NULL: far_copy() may wait. */
	bool (*far_ready)(void *arg, uint64_t addr, uint64_t nbytes);
	/* The command that something was fetched for has begun: fetch it again for the next */
	void (*far_done)(void *arg);
	/* Message-signalled interrupt `vector` fires once */
	void (*interrupt)(void *arg, uint16_t vector);
	/* The interrupt pin's level, called when it changes; used while MSI-X is off. May be
	 * NULL. */
	void (*pin)(void *arg, bool level);
	/* The host resets the NVM subsystem: pci_subsystem_reset() is due on every function that
	 * the SSD has, this one too. NULL: it has no other. */
	void (*subsystem_reset)(void *arg);
};

struct pci_config {
	uint32_t ioq_max;         /* I/O queue pairs, 1 to 65534 */
	uint32_t entries_max;     /* entries of an I/O queue, 2 to 65536 */
	uint32_t inflight_max;    /* commands begun and not yet due, over all queues */
	uint32_t vectors;         /* interrupt vectors, 1 to 2048 */
	uint32_t dstrd;           /* doorbells are 4 << dstrd bytes apart, 0 to 10 */
	uint32_t xfer_nbytes_max; /* the most that one command moves; at least 4096 */
	uint32_t timeout_500ms;   /* CAP.TO */
};

struct pci_stats {
	uint64_t commands;    /* taken from submission queues */
	uint64_t completions; /* posted */
	uint64_t interrupts;
	uint64_t invalid_doorbells; /* values that no correct driver writes */
	uint64_t dma_refused;       /* addresses that the translation refused */
	uint64_t resets;
};

/* Bytes of state; 0 when the configuration makes no sense */
size_t pci_bytes_needed(const struct pci_config *config);

/* Bytes of doorbells from BAR0 offset 0x1000 on, a multiple of 4096 */
size_t pci_doorbell_bytes(const struct pci_config *config);

/* `memory` (zeroed), `doorbells` (zeroed, may be mapped by the host), `ssd` and `ops` are lent
 * until the function is forgotten. NULL: the configuration makes no sense or `nbytes` is too
 * little. */
struct pci_func *pci_init(void *memory, size_t nbytes, const struct pci_config *config,
			  void *doorbells, struct ssd *ssd, const struct pci_ops *ops, void *arg);

/* Where others bring commands to the same SSD: a number that none of them has; see
 * ssd_next_event(). Before the first command. */
void pci_set_owner(struct pci_func *f, uint16_t owner);

/* Registers: BAR0 below 0x1000, and doorbells that the host does not write itself. Any offset and
 * size; what is not there reads as zero and ignores writes. */
void pci_reg_read(struct pci_func *f, uint32_t offset, void *data, uint32_t nbytes);
void pci_reg_write(struct pci_func *f, ns_t now, uint32_t offset, const void *data,
		   uint32_t nbytes);

/* Do what is due at `now`: complete, fetch, begin, interrupt. Returns how many commands were begun
 * or completed (0: it was idle) and in `*next` the next instant at which there is something to do
 * without the host doing anything, NS_NEVER when there is none. */
uint32_t pci_run(struct pci_func *f, ns_t now, ns_t *next);

/* The export is about to wait to be told of doorbells: ask the host, where it uses shadow
 * doorbells, to ring from now on. True: work arrived meanwhile, run again instead of waiting. */
bool pci_before_wait(struct pci_func *f);

/* What the host has mapped changed: forget every address that was looked up. Called before memory
 * goes away, and after memory appeared. */
void pci_memory_changed(struct pci_func *f);

/* Is some of what the host has mapped far? None is after pci_init(). */
void pci_far(struct pci_func *f, bool any);

/* The function may read and write host memory (PCI Local Bus 3.0, Command Register, Bus Master), as
 * it may after pci_init(). While it may not, commands and completions wait, interrupt messages too,
 * which are writes; registers work, and so does the pin. */
void pci_bus_master(struct pci_func *f, bool on);

/* MSI-X is on (messages) or off (pin) */
void pci_msix_enable(struct pci_func *f, bool on);

/* Function-level reset, bus reset, or a client that went away: everything but the SSD's own content
 * returns to the state after power-on */
void pci_reset(struct pci_func *f, ns_t now);

/* NVM subsystem reset, whichever controller was told to (NVMe Base 2.0, NVM Subsystem Reset): the
 * same, and CSTS.NSSRO says so until the host clears it */
void pci_subsystem_reset(struct pci_func *f, ns_t now);

/* Faults: the controller gives up (CSTS.CFS; a reset revives it), or vanishes from the bus: every
 * register reads as ones, nothing is fetched or completed, and no reset brings it back */
void pci_fail(struct pci_func *f);
void pci_remove(struct pci_func *f);

void pci_stats(const struct pci_func *f, struct pci_stats *stats);

#endif /* EXPORT_PCI_PCI_H */
