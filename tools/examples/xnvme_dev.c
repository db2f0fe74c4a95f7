/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open the same device through every path: prints the path that the library selects, and the reason
 * for each path that it refuses. A path is one word in the options.
 *
 *   xnvme_dev 1GiB
 *   xnvme_dev /dev/nvme0n1
 */
#include <stdio.h>

#include <libxnvme.h>

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	const struct xnvme_be_attr *attr;
	struct xnvme_dev *dev;

	if (argc != 2) {
		fprintf(stderr, "usage: %s URI\n", argv[0]);
		return 2;
	}
	dev = xnvme_dev_open(argv[1], &opts);
	xnvme_dev_pr(dev, XNVME_PR_DEF); /* NULL, if open failed, prints `xnvme_dev: ~` */
	if (!dev) {
		fprintf(stderr, "xnvme_dev_open(): %s\n", xnvme_err_text());
		return 1;
	}
	xnvme_dev_close(dev);

	printf("async:\n");
	for (int idx = 0; (attr = xnvme_be_attr_get(idx)); ++idx) {
		if (!(xnvme_be_attr_get_roles(idx) & XNVME_BE_ROLE_ASYNC)) {
			continue;
		}
		opts = xnvme_opts_default();
		opts.async = attr->name;
		dev = xnvme_dev_open(argv[1], &opts);
		printf("  - {name: '%s', works: %s}\n", attr->name, dev ? "true" : "false");
		if (!dev) {
			fprintf(stderr, "%s: %s\n", attr->name, xnvme_err_text());
		}
		xnvme_dev_close(dev);
	}
	if (fflush(stdout)) { /* the output is incomplete, e.g. on a full disk */
		perror("stdout");
		return 1;
	}
	return 0;
}
