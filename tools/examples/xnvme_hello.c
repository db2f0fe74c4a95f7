/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open a device, print its properties, close it. Start here.
 *
 *   xnvme_hello 1GiB
 *   xnvme_hello /dev/nvme0n1
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libxnvme.h>

int
main(int argc, char **argv)
{
	/* `xnvme_hello hw URI` is the older form of the command line */
	int at = argc == 3 && !strcmp(argv[1], "hw") ? 2 : 1;
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	if (at + 1 != argc) {
		fprintf(stderr, "usage: %s URI\n", argv[0]);
		return 2;
	}
	dev = xnvme_dev_open(argv[at], &opts);
	if (!dev) {
		fprintf(stderr, "xnvme_dev_open(): %s: %s\n", strerror(errno), xnvme_err_text());
		return 1;
	}
	xnvme_dev_pr(dev, XNVME_PR_DEF);
	xnvme_dev_close(dev);
	if (fflush(stdout)) { /* the output is incomplete, e.g. on a full disk */
		perror("stdout");
		return 1;
	}
	return 0;
}
