/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One synchronous read.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libxnvme.h>

static int
read_first_block(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	size_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	void *buf;
	int err;

	printf("# Allocate a payload-buffer of nbytes: %zu\n", nbytes);
	buf = xnvme_buf_alloc(dev, nbytes);
	if (!buf) {
		fprintf(stderr, "xnvme_buf_alloc(): %s\n", xnvme_err_text());
		return -ENOMEM;
	}
	err = xnvme_nvm_read(&ctx, xnvme_dev_get_nsid(dev), 0, 0, buf, NULL);
	if (err || xnvme_cmd_ctx_cpl_status(&ctx)) {
		xnvme_cmd_ctx_pr(&ctx, XNVME_PR_DEF);
		fprintf(stderr, "xnvme_nvm_read(): %s\n", xnvme_err_text());
		err = err ? err : -EIO;
	} else {
		printf("# Submitted and completed command succesfully\n");
	}
	xnvme_buf_free(dev, buf);
	return err;
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	int err;

	if (argc != 2) {
		fprintf(stderr, "usage: %s URI\n", argv[0]);
		return 2;
	}
	dev = xnvme_dev_open(argv[1], &opts);
	if (!dev) {
		fprintf(stderr, "xnvme_dev_open(): %s: %s\n", strerror(errno), xnvme_err_text());
		return 1;
	}
	err = read_first_block(dev);
	xnvme_dev_close(dev);
	if (fflush(stdout)) { /* the output is incomplete, e.g. on a full disk */
		perror("stdout");
		return 1;
	}
	return err ? 1 : 0;
}
