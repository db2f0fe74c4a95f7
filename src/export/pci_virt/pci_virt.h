/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD behind a PCI function: the common part of the exports that offer registers,
 * independent of their transport. It joins an instance (virt/), the function (export/pci)
 * and the table of the host's mapped memory.
 *
 * Terms
 *   map      a range of host addresses and, unless it is far, where the export accesses it.
 *   far      a map without a pointer: the export copies its bytes, and may have to fetch them.
 *   export   the user of this folder: it has the thread and the transport.
 *
 * Life cycle
 *   pci_virt_open() -> the host maps memory, writes registers and doorbells -> pci_virt_run(),
 *   again and again -> pci_virt_close().
 *
 * States
 *   Those of the function, see export/pci/pci.h.
 *
 * Ownership and lifetimes
 *   Mapped memory belongs to the export: it stays valid from host_memory_add() to
 *   host_memory_remove().
 *
 * Threads
 *   Any: every call takes the instance's lock, which other clients of the instance take too. The
 *   callbacks of pci_ops are called with the lock held and must not call functions declared here.
 *
 * Errors
 *   -errno with a sentence in `why`. The function handles errors of the host.
 *
 * What it does not do
 *   It has no thread and does not wait. An export whose far memory takes time fetches it between
 *   two runs, when the instance is not locked (far_ready of pci_ops).
 */
#ifndef EXPORT_PCI_VIRT_PCI_VIRT_H
#define EXPORT_PCI_VIRT_PCI_VIRT_H

#include <base/assert.h>
#include <export/pci/pci.h>
#include <virt/virt.h>

#define HOST_MAPS_MAX 65535u /* the default maximum of a vfio-user client */

/* The export accesses the host's [addr, addr + nbytes) at `base`; NULL: by ops->far_copy() or,
 * without one, not at all */
struct host_map {
	uint64_t addr;
	uint64_t nbytes;
	uint8_t *base;
	uint32_t slot; /* private to the export */
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
	int doorbells_fd; /* a memory file that can be passed to a host */
	const struct pci_ops *ops;
	struct pci_ops own_ops;
	void *arg;
	void (*wake)(void *arg); /* set by an export that sleeps, see pci_virt_before_wait() */
	struct host_map *maps; /* by addr, not overlapping */
	uint32_t nmaps;
	uint32_t nfar; /* far ones among them */
	uint32_t last; /* index of the last translation */
};

/* `name`: the part of a URI after "virt:". `origin`: see virt_spec_identify(), or NULL.
 * `read_only`: a media file must exist and is not written. Of `ops`,
 * `translate` is called for addresses outside the table of maps, and may be NULL. Unused:
 * `far_reach`, replaced by the table; `subsystem_reset`, which affects all clients of the instance.
 * `far_copy`, `far_ready` and `far_done` are called with the lock held. */
int pci_virt_open(struct pci_virt *pv, const char *name, const char *origin, bool read_only,
		  const struct pci_ops *ops, void *arg, struct text *why);
void pci_virt_close(struct pci_virt *pv);

/* Let the function work. Returns the amount of work done; `*wait_ns`: the time until the next work
 * that needs no action of the host, NS_NEVER when there is none. */
uint32_t pci_virt_run(struct pci_virt *pv, ns_t *wait_ns);
/* True: do not wait, there is work. Otherwise `wake` is called once, with the lock held, when other
 * clients create work; not for actions of the host itself. */
bool pci_virt_before_wait(struct pci_virt *pv);

void pci_virt_read(struct pci_virt *pv, uint32_t offset, void *data, uint32_t nbytes);
void pci_virt_write(struct pci_virt *pv, uint32_t offset, const void *data, uint32_t nbytes);
void pci_virt_reset(struct pci_virt *pv);
/* Returns when every callback of pci_ops that began before this call has returned. Must not be
 * called from such a callback. */
void pci_virt_settle(struct pci_virt *pv);
void pci_virt_fail(struct pci_virt *pv); /* see pci_fail() */
void pci_virt_bus_master(struct pci_virt *pv, bool on);
void pci_virt_msix(struct pci_virt *pv, bool on);

/* It is open; with or without the lock */
static inline void
pci_virt_check(const struct pci_virt *pv)
{
	ASSERT(pv->virt && pv->func && pv->maps && pv->doorbells);
	ASSERT(pv->client.id > 0); /* a client of the instance, and an owner of its own */
}

/* Lock held: the map at this index, if there is one, is behind the one before it */
static inline void
host_map_check(const struct pci_virt *pv, uint32_t at)
{
	ASSERT(pv->nmaps <= HOST_MAPS_MAX && pv->nfar <= pv->nmaps);
	ASSERT(at >= pv->nmaps || pv->maps[at].nbytes > 0);
	ASSERT(at >= pv->nmaps || pv->maps[at].addr + pv->maps[at].nbytes - 1 >= pv->maps[at].addr);
	ASSERT(at == 0 || at >= pv->nmaps ||
	       (pv->maps[at].addr > pv->maps[at - 1].addr &&
		pv->maps[at].addr - pv->maps[at - 1].addr >= pv->maps[at - 1].nbytes));
}

/* 0, -EEXIST (it overlaps), -ENOSPC, -EINVAL (it wraps or is empty) */
int host_memory_add(struct pci_virt *pv, const struct host_map *map);
/* Remove the map with exactly this range: 0 with it in `*removed`, or -ENOENT */
int host_memory_remove(struct pci_virt *pv, uint64_t addr, uint64_t nbytes,
		       struct host_map *removed);
/* Any one map, for a loop that removes them all; false when there is none */
bool host_memory_any(struct pci_virt *pv, struct host_map *map);

#endif /* EXPORT_PCI_VIRT_PCI_VIRT_H */
