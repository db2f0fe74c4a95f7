/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device handle: what was named, what was chosen, what is known about it.
 */
#ifndef HOST_DEV_H
#define HOST_DEV_H

#include <host/path.h>

struct mem_ops; /* host/mem.h: where buffers come from */
struct kind;    /* host/paths.h: how the handle was opened */

/* xnvme_ident.dtype, numbers that programs know */
enum dev_type {
	DTYPE_UNKNOWN = 0,
	DTYPE_CONTROLLER = 1,
	DTYPE_NAMESPACE = 2,
	DTYPE_BLOCK = 3,
	DTYPE_FILE = 4,
	DTYPE_RAMDISK = 5,
};

/* The most blocks that one command names are 2^16: with blocks of this size 2^30 bytes, which every
 * system call moves at once */
#define LBA_SHIFT_PLAIN 14

struct xnvme_dev {
	enum handle_kind kind;
	int fd; /* -1 where the handle has none */

	const struct path *path[ROLE_COUNT];
	void *state[ROLE_COUNT]; /* each path's own, set by attach */
	void *handle;            /* the kind's own: ramdisk, virtual SSD, controller, ... */
	const struct mem_ops *mem;
	void *mem_state;
	char *registered;         /* memory that rings register as a whole; NULL: none */
	size_t registered_nbytes;

	/* Hot: needed by every read and write, derived at open */
	uint64_t nsze;            /* blocks in the namespace: the bound that is checked */
	uint64_t lba_nbytes; /* bytes that one block moves: data, and metadata when extended */
	uint32_t lba_shift;  /* log2 of the data bytes of a block */
	uint64_t plain_nsze; /* nsze where blocks are plain: at most 2^LBA_SHIFT_PLAIN bytes, which
			      * are all data; 0 where they are not */

	uint64_t file_nbytes;     /* KIND_FILE: when it was identified last */
	bool bounded[256]; /* by opcode: names a range of blocks that is checked against nsze */
	uint32_t mdts_cap_nbytes; /* a limit that the path knows of besides MDTS; 0: none */
	uint32_t refs;            /* atomic: one for the user, one per queue */
	const struct kind *how;
	int sibling_fd;      /* of an NVMe namespace's other node; -1 while it is not open */
	char sibling[64];    /* its name once a path has needed it */
	char be_name[48];    /* what opts.be says of the choice */
	char note[2048];     /* what was tried at open and did not work, for those who ask */
	char features[256];  /* what the async path uses of what the system offers */

	struct xnvme_dev *fork_next; /* see host/fork.h */
	struct xnvme_geo geo;
	struct xnvme_ident ident;
	struct xnvme_opts opts; /* effective: the names of what was chosen are filled in */

	struct xnvme_spec_idfy_ctrlr *ctrlr;
	struct xnvme_spec_idfy_ctrlr *ctrlr_css;
	struct xnvme_spec_idfy_ns *ns;
	struct xnvme_spec_idfy_ns *ns_css;
	struct xnvme_spec_idfy_ns *ns_nvm; /* a zoned namespace's page of the NVM command set */
};

/* Adds a sentence to dev->note; what does not fit is cut off */
void dev_note(struct xnvme_dev *dev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Picks paths and memory for a handle that is open, within what dev->opts asks for; attaches
 * them and fills dev->opts with their names. resolve.c */
int dev_resolve(struct xnvme_dev *dev);
/* Detaches what dev_resolve() attached */
void dev_release(struct xnvme_dev *dev);

/* Identify pages and geometry: asked once, at open, and again by xnvme_dev_derive_geo(). idfy.c */
int dev_identify(struct xnvme_dev *dev);
int dev_derive(struct xnvme_dev *dev);

/* The path that runs what is given to that of `role`: the sync path for one that stacks on it */
static inline const struct path *
dev_path_of(const struct xnvme_dev *dev, enum path_role role)
{
	return dev->path[dev->path[role]->bytes == BYTES_AS_SYNC ? ROLE_SYNC : role];
}

/* Is this an I/O command that changes what is stored, and the handle open for reading only? What
 * has a descriptor the kernel watches too, but not over a privileged user's passthrough. cmd.c */
bool dev_forbids(const struct xnvme_dev *dev, enum path_role role, uint8_t opcode);

/* One reference less; the last one closes everything. dev.c */
void dev_put(struct xnvme_dev *dev);

#endif /* HOST_DEV_H */
