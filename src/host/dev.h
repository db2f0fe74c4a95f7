/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device handle: what was named, what was chosen, what is known about it.
 */
#ifndef HOST_DEV_H
#define HOST_DEV_H

#include <host/path.h>

struct mem_ops; /* host/mem.h: where buffers come from */

struct xnvme_dev {
	enum handle_kind kind;
	int fd; /* -1 where the handle has none */

	const struct path *path[ROLE_COUNT];
	void *state[ROLE_COUNT]; /* each path's own, set by attach */
	void *handle;            /* the kind's own: ramdisk, virtual SSD, controller, ... */
	const struct mem_ops *mem;
	void *mem_state;

	/* Hot: needed by every read and write, derived at open */
	uint32_t lba_nbytes; /* bytes that one block moves: data, and metadata when extended */
	uint32_t lba_shift;  /* log2 of the data bytes of a block */
	uint64_t nsze;       /* blocks in the namespace: the bound that is checked */

	struct xnvme_geo geo;
	struct xnvme_ident ident;
	struct xnvme_opts opts; /* effective: the names of what was chosen are filled in */

	struct xnvme_spec_idfy_ctrlr *ctrlr;
	struct xnvme_spec_idfy_ctrlr *ctrlr_css;
	struct xnvme_spec_idfy_ns *ns;
	struct xnvme_spec_idfy_ns *ns_css;
};

#endif /* HOST_DEV_H */
