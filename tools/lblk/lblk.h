/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The families of sub-commands of `lblk`; `zoned` uses its read and write, too.
 */
#ifndef TOOLS_LBLK_H
#define TOOLS_LBLK_H

#include "../common/tool.h"

/* The data and metadata buffers of one command on `--nlb` blocks */
struct lblk_bufs {
	struct xnvme_dev *dev;
	void *data;
	size_t data_nbytes;
	void *meta; /* NULL: no metadata, or part of the data (extended LBA) */
	size_t meta_nbytes;
};

int lblk_bufs_alloc(struct xnvme_cli *cli, struct lblk_bufs *bufs, bool fill);
void lblk_bufs_free(struct lblk_bufs *bufs);

/* rw.c */
int lblk_sub_read(struct xnvme_cli *cli);
int lblk_sub_write(struct xnvme_cli *cli);
int lblk_sub_compare(struct xnvme_cli *cli);
int lblk_sub_write_zeros(struct xnvme_cli *cli);
int lblk_sub_write_uncor(struct xnvme_cli *cli);

/* dir.c */
int lblk_sub_dir_send(struct xnvme_cli *cli);
int lblk_sub_dir_receive(struct xnvme_cli *cli);
int lblk_sub_write_dir(struct xnvme_cli *cli);

/* pi.c */
int lblk_sub_write_read_pi(struct xnvme_cli *cli);

/* idfy.c */
int lblk_sub_enum(struct xnvme_cli *cli);
int lblk_sub_idfy(struct xnvme_cli *cli);

#endif /* TOOLS_LBLK_H */
