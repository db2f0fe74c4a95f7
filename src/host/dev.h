/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device handle: its name, the paths chosen for it, and its properties.
 */
#ifndef HOST_DEV_H
#define HOST_DEV_H

#include <host/path.h>
#include <stdatomic.h>

struct mem_ops; /* host/mem.h: where buffers come from */
struct kind;    /* host/paths.h: how the handle was opened */

/* Values of xnvme_ident.dtype, part of the public interface */
enum dev_type {
	DTYPE_UNKNOWN = 0,
	DTYPE_CONTROLLER = 1,
	DTYPE_NAMESPACE = 2,
	DTYPE_BLOCK = 3,
	DTYPE_FILE = 4,
	DTYPE_RAMDISK = 5,
};

/* A command names at most 2^16 blocks. With blocks of this size these are 2^30 bytes, which every
 * system call moves at once. */
#define LBA_SHIFT_PLAIN 14
STATIC_ASSERT(16 + LBA_SHIFT_PLAIN <= 30, "more than a system call moves at once");

struct xnvme_dev {
	enum handle_kind kind;
	int fd; /* -1 for handles without a descriptor */

	const struct path *path[ROLE_COUNT];
	void *state[ROLE_COUNT]; /* private to each path, set by attach */
	void *handle;            /* private to the kind: ramdisk, virtual SSD, controller, ... */
	const struct mem_ops *mem;
	void *mem_state;
	char *registered;         /* memory that rings register as a whole; NULL: none */
	size_t registered_nbytes;

	/* Hot: needed by every read and write, derived at open */
	uint64_t nsze;            /* blocks in the namespace: the bound of commands */
	uint64_t lba_nbytes; /* bytes that one block moves: data, and metadata when extended */
	uint32_t lba_shift;  /* log2 of the data bytes of a block */
	uint64_t plain_nsze; /* nsze if blocks are plain: at most 2^LBA_SHIFT_PLAIN bytes, all of
			      * them data; 0 otherwise */

	_Atomic uint64_t file_nbytes; /* KIND_FILE: the size at the last identify */
	bool bounded[256]; /* by opcode: the command's range of blocks is checked against nsze */
	uint32_t mdts_cap_nbytes; /* the path's own limit besides MDTS; 0: none */
	_Atomic uint32_t refs;    /* one of the user, one per queue */
	const struct kind *how;
	int sibling_fd;      /* the other node of an NVMe namespace; -1 while it is not open */
	char sibling[64];    /* its name, set when a path first needs it */
	char be_name[48];    /* the value of opts.be for the chosen paths */
	char note[2048];     /* what failed at open and was skipped, for xnvme_dev_get_note() */
	char features[256];  /* system features that the async path uses */

	struct xnvme_dev *fork_next; /* see host/fork.h */
	struct xnvme_geo geo;
	struct xnvme_ident ident;
	struct xnvme_opts opts; /* effective: names of the chosen paths and memory filled in */

	struct xnvme_spec_idfy_ctrlr *ctrlr;
	struct xnvme_spec_idfy_ctrlr *ctrlr_css;
	struct xnvme_spec_idfy_ns *ns;
	struct xnvme_spec_idfy_ns *ns_css;
	struct xnvme_spec_idfy_ns *ns_nvm; /* a zoned namespace's page of the NVM command set */
};

/* A handle has one kind, and a path's state only with the path. At any time */
static inline void
dev_check(const struct xnvme_dev *dev)
{
	ASSERT(dev->kind && !((uint32_t)dev->kind & ((uint32_t)dev->kind - 1)));
	ASSERT(dev->path[ROLE_SYNC] || !dev->state[ROLE_SYNC]);
	ASSERT(dev->path[ROLE_ASYNC] || !dev->state[ROLE_ASYNC]);
	ASSERT(dev->path[ROLE_ADMIN] || !dev->state[ROLE_ADMIN]);
}

/* What dev_resolve() provides: two roles are played and buffers can be allocated */
static inline void
dev_open_check(const struct xnvme_dev *dev)
{
	dev_check(dev);
	ASSERT(dev->path[ROLE_SYNC] && dev->path[ROLE_ADMIN] && dev->mem);
}

/* The geometry agrees with itself and with the copies that reads and writes use */
static inline void
geo_check(const struct xnvme_dev *dev)
{
	const struct xnvme_geo *geo = &dev->geo;

	ASSERT(dev->lba_shift == geo->ssw && dev->lba_nbytes == geo->lba_nbytes);
	ASSERT(!geo->nbytes || (geo->ssw < 32 && geo->nbytes == 1u << geo->ssw));
	ASSERT(geo->lba_nbytes == geo->nbytes + (geo->lba_extended ? geo->nbytes_oob : 0));
	ASSERT(geo->type != XNVME_GEO_ZONED || geo->nsect);
	ASSERT(!dev->plain_nsze || (dev->plain_nsze == dev->nsze && !geo->nbytes_oob &&
				    geo->ssw <= LBA_SHIFT_PLAIN));
}

/* Appends a sentence to dev->note, which is truncated when it is full */
void dev_note(struct xnvme_dev *dev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Picks the paths and the memory of an open handle within the constraints of dev->opts, attaches
 * them and fills dev->opts with their names. resolve.c */
int dev_resolve(struct xnvme_dev *dev);
/* Detaches what dev_resolve() attached */
void dev_release(struct xnvme_dev *dev);

/* Read the identify pages and derive the geometry: once, at open, and again by
 * xnvme_dev_derive_geo(). idfy.c, geo.c */
int dev_identify(struct xnvme_dev *dev);
int dev_derive(struct xnvme_dev *dev);

/* The path that runs the commands of `role`: the sync path for a path that stacks on it */
static inline const struct path *
dev_path_of(const struct xnvme_dev *dev, enum path_role role)
{
	ASSERT(role < ROLE_COUNT && dev->path[role]);
	return dev->path[dev->path[role]->bytes == BYTES_AS_SYNC ? ROLE_SYNC : role];
}

/* Is this an I/O command that changes stored data, on a handle that was opened read-only? The
 * kernel enforces this too for handles with a descriptor, but not for a privileged user's
 * passthrough commands. cmd.c */
bool dev_forbids(const struct xnvme_dev *dev, enum path_role role, uint8_t opcode);

/* Drops one reference; the last one closes everything. dev.c */
void dev_put(struct xnvme_dev *dev);

#endif /* HOST_DEV_H */
