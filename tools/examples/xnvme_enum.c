/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Enumerate the devices that can be opened; each is opened in turn.
 *
 *   xnvme_enum                 all devices of this machine
 *   xnvme_enum virt:null       one device
 */
#include <stdio.h>
#include <string.h>

#include <libxnvme.h>

static int
on_device(struct xnvme_dev *dev, void *arg)
{
	int *count = arg;

	*count += 1;
	xnvme_dev_pr(dev, XNVME_PR_DEF);
	return XNVME_ENUMERATE_DEV_CLOSE; /* or keep it open and close it later */
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	int count = 0;
	int err;

	if (argc > 2) {
		fprintf(stderr, "usage: %s [URI]\n", argv[0]);
		return 2;
	}
	err = xnvme_enumerate(argc > 1 ? argv[1] : NULL, &opts, on_device, &count);
	if (err) {
		fprintf(stderr, "xnvme_enumerate(): %s: %s\n", strerror(-err), xnvme_err_text());
		return 1;
	}
	printf("# %d devices\n", count);
	if (fflush(stdout)) { /* the output is incomplete, e.g. on a full disk */
		perror("stdout");
		return 1;
	}
	return 0;
}
