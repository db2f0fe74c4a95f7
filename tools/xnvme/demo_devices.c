/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The devices of the demo.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"

static struct demo_device *
new_device(struct demo *demo, const char *label)
{
	struct demo_device *device = &demo->devices[demo->ndevices++];

	memset(device, 0, sizeof(*device));
	device->label = label;
	device->fd = -1;
	device->fd2 = -1;
	device->number = -1;
	return device;
}

/* Add a device that needs only a URI. Test here whether this build supports it, to report a missing
 * one once instead of once per path. */
static void
named(struct demo *demo, const char *label, const char *uri)
{
	struct demo_device *device = new_device(demo, label);
	struct xnvme_dev *dev;

	snprintf(device->uri, sizeof(device->uri), "%s", uri);
	xnvme_err_clear();
	dev = xnvme_dev_open(uri, NULL);
	if (!dev) {
		snprintf(device->missing, sizeof(device->missing), "%s", xnvme_err_text());
	}
	xnvme_dev_close(dev);
}

static void
file(struct demo *demo)
{
	struct demo_device *device = new_device(demo, "file");

	device->fd = demo_file_make(DEMO_NBYTES, device->uri, sizeof(device->uri));
	if (device->fd < 0) {
		snprintf(device->missing, sizeof(device->missing),
			 "no temporary file could be made: %s; set TMPDIR to where there is room",
			 strerror(-device->fd));
	}
}

void
demo_devices_make(struct demo *demo)
{
	demo->ndevices = 0;
	named(demo, "virtual SSD", "virt:optane-p4800x,size=64MiB");
	named(demo, "virtual SSD, virtual clock", "virt:optane-p4800x,size=64MiB,clock=virtual");
	named(demo, "virtual SSD behind PCI", "pci-virt:optane-p4800x,size=64MiB");
	named(demo, "ramdisk", "64MiB");
	file(demo);
	demo_block_make(new_device(demo, "block device"));
}

void
demo_devices_remove(struct demo *demo)
{
	for (uint32_t i = 0; i < demo->ndevices; ++i) {
		struct demo_device *device = &demo->devices[i];

		demo_block_remove(device);
		if (device->fd >= 0) {
			close(device->fd);
			device->fd = -1;
		}
	}
}
