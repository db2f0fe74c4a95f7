/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of xnvme_opts.be are consistent: open accepts each name in the list, a handle keeps the
 * name by which it was opened, and a name that the library chose is in the list.
 */
#include "forms.h"

static const char file[] = "be_names.img";
static const char *const uris[] = {file, "1MiB", "virt:null", "pci-virt:null"};
#define URI_CNT (sizeof(uris) / sizeof(uris[0]))

static bool
listed(const char *name)
{
	for (int i = 0; xnvme_be_attr_get(i); ++i) {
		if (!strcmp(xnvme_be_attr_get(i)->name, name)) {
			return xnvme_be_attr_get(i)->enabled;
		}
	}
	return false;
}

/* Opens each URI with the name, which is valid for some kinds of handles only; returns the number
 * of handles that opened */
static int
open_by(const char *name)
{
	int opened = 0;

	for (size_t i = 0; i < URI_CNT; ++i) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev;

		opts.be = name;
		dev = xnvme_dev_open(uris[i], &opts);
		if (!dev) {
			CHECK(!strstr(xnvme_err_text(), "unknown backend"));
			continue;
		}
		CHECK(!strcmp(xnvme_dev_get_opts(dev)->be, name));
		xnvme_dev_close(dev);
		opened += 1;
	}
	return opened;
}

/* Names of user-space drivers of other builds are accepted, also for a role and for memory */
static void
drivers(void)
{
	static const char *const names[] = {"spdk", "vfio", "libvfn", "upcie"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev;

		opts.be = names[i];
		opts.sync = "nvme";
		opts.async = names[i];
		opts.admin = "nvme";
		opts.mem = names[i];
		dev = xnvme_dev_open("pci-virt:null", &opts);
		CHECK(dev && !strcmp(xnvme_dev_get_opts(dev)->async, "pcie"));
		CHECK(!strcmp(xnvme_dev_get_opts(dev)->mem, "pcie"));
		CHECK(strstr(xnvme_dev_get_note(dev), names[i]));
		xnvme_dev_close(dev);
		opts.mem = NULL;
		CHECK(!xnvme_dev_open("1MiB", &opts)); /* a ramdisk has no user-space driver */
	}
}

int
main(void)
{
	FILE *made = fopen(file, "w");
	int fit = 0;

	CHECK(made && !fseek(made, (1 << 20) - 1, SEEK_SET) && fputc(0, made) == 0);
	CHECK(!fclose(made));
	for (size_t i = 0; i < URI_CNT; ++i) {
		struct xnvme_dev *dev = xnvme_dev_open(uris[i], NULL);

		CHECK(dev && listed(xnvme_dev_get_opts(dev)->be));
		xnvme_dev_close(dev);
	}
	for (int i = 0; xnvme_be_attr_get_706(i); ++i) {
		fit += open_by(xnvme_be_attr_get_706(i)->name) > 0;
	}
	drivers();
	remove(file);
	printf("%d names opened a handle\n", fit);
	return fit < 10;
}
