/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   A virtual SSD with a PCI function in front of it: what the exports that offer registers have in
 *   common, however their hosts reach them. It joins an instance (virt/), the function (export/pci)
 *   and the table of what memory the host has mapped.
 *
 * The life of one
 *   pci_virt_open() -> the host maps memory, writes registers and doorbells -> pci_virt_run(),
 * again and again -> pci_virt_close().
 *
 * Ownership and lifetimes
 *   The memory that is mapped belongs to the export: it stays valid from host_memory_add() to
 *   host_memory_remove().
 *
 * Threads
 *   Any: every call takes the instance's lock, which its other users take too. The callbacks of
 *   pci_ops come with the lock held and call nothing here.
 *
 * Errors
 *   -errno with a sentence in `why`. A host's mistakes are the function's business.
 *
 * What it does not do
 *   It has no thread and does not wait. An export whose far memory takes time has it fetched
 *   between two runs, when the instance is not locked (far_ready of pci_ops).
 */
#ifndef EXPORT_PCI_VIRT_PCI_VIRT_H
#define EXPORT_PCI_VIRT_PCI_VIRT_H

#include <export/pci/pci.h>
#include <virt/virt.h>

#define HOST_MAPS_MAX 65535u /* what a vfio-user client may count on when nothing was said */

/* What the host calls [addr, addr + nbytes), the export reaches at `base`; NULL: by ops->far_copy()
 * or, without one, not at all */
struct host_map {
	uint64_t addr;
	uint64_t nbytes;
	uint8_t *base;
	uint32_t slot; /* the export's own */
	bool readable, writable; /* by the SSD */
};

struct pci_virt {
	struct virt_client client; /* base: must be first */
	struct virt *virt;
	struct pci_func *func;
	struct pci_config config;
	void *memory;
	size_t memory_nbytes;
	uint8_t *doorbells;
	size_t doorbells_nbytes;
	int doorbells_fd; /* a memory file that a host may be given */
	const struct pci_ops *ops;
	struct pci_ops own_ops;
	void *arg;
	void (*wake)(void *arg); /* set by an export that sleeps, see pci_virt_before_wait() */
	struct host_map *maps; /* by addr, not overlapping */
	uint32_t nmaps;
	uint32_t nfar; /* of them */
	uint32_t last; /* where the last translation was found */
};

/* `name`: what follows "virt:" in a URI. `origin`: see virt_spec_identify(), or NULL. Of
 * `ops`, `translate` is asked for what is not in the table of maps, and may be NULL. Not used:
 * `far_reach`, since the table is; `subsystem_reset`, which concerns all clients of the instance.
 * `far_copy`, `far_ready` and `far_done` are called with the lock held. */
int pci_virt_open(struct pci_virt *pv, const char *name, const char *origin,
		  const struct pci_ops *ops, void *arg, struct text *why);
void pci_virt_close(struct pci_virt *pv);

/* Let the function work. How much it did; `*wait_ns`: how long nothing will happen unless the host
 * does something, NS_NEVER when for ever. */
uint32_t pci_virt_run(struct pci_virt *pv, ns_t *wait_ns);
/* True: do not wait, there is work. Else `wake` is called when others make some, once, with the
 * lock held; not for what the host itself does. */
bool pci_virt_before_wait(struct pci_virt *pv);

void pci_virt_read(struct pci_virt *pv, uint32_t offset, void *data, uint32_t nbytes);
void pci_virt_write(struct pci_virt *pv, uint32_t offset, const void *data, uint32_t nbytes);
void pci_virt_reset(struct pci_virt *pv);
/* Returns when every callback of pci_ops that began before this call has returned. Not to be called
 * by one of them. */
void pci_virt_settle(struct pci_virt *pv);
void pci_virt_fail(struct pci_virt *pv); /* see pci_fail() */
void pci_virt_bus_master(struct pci_virt *pv, bool on);
void pci_virt_msix(struct pci_virt *pv, bool on);

/* 0, -EEXIST (it overlaps), -ENOSPC, -EINVAL (it wraps or is empty) */
int host_memory_add(struct pci_virt *pv, const struct host_map *map);
/* Exactly what was added: 0 with it in `*removed`, or -ENOENT */
int host_memory_remove(struct pci_virt *pv, uint64_t addr, uint64_t nbytes,
		       struct host_map *removed);
/* Any one map, to remove them all; false when there is none */
bool host_memory_any(struct pci_virt *pv, struct host_map *map);

#endif /* EXPORT_PCI_VIRT_PCI_VIRT_H */
