/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A block device for the demo: a loop device on an unlinked file, which the kernel detaches when
 * its last descriptor is closed; without loop devices, a zram device. See loop(4), and
 * Documentation/admin-guide/blockdev/zram.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "demo.h"

#define BLOCK_NBYTES 512
#define ATTEMPTS 16

/* Another process may take the free number first: then request the next one */
static int
configure(struct demo_device *device, int control)
{
	struct loop_config config = {.block_size = BLOCK_NBYTES};

	config.fd = (uint32_t)device->fd;
	config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
	for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);
		int err;

		if (number < 0) {
			return -errno;
		}
		snprintf(device->uri, sizeof(device->uri), "/dev/loop%d", number);
		device->fd2 = open(device->uri, O_RDWR | O_CLOEXEC);
		if (device->fd2 < 0) {
			return -errno;
		}
		if (!ioctl(device->fd2, LOOP_CONFIGURE, &config)) {
			return 0;
		}
		err = -errno;
		close(device->fd2);
		device->fd2 = -1;
		if (err != -EBUSY) {
			return err;
		}
	}
	return -EBUSY;
}

static int
make_loop(struct demo_device *device)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int err;

	if (control < 0) {
		return -errno;
	}
	device->fd = demo_file_make(DEMO_NBYTES, device->uri, sizeof(device->uri));
	err = device->fd < 0 ? device->fd : configure(device, control);
	close(control);
	if (err && device->fd >= 0) {
		close(device->fd);
		device->fd = -1;
	}
	return err;
}

static int
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t wrote;

	if (fd < 0) {
		return -errno;
	}
	wrote = write(fd, text, strlen(text));
	close(fd);
	return wrote < 0 ? -errno : 0;
}

static int
make_zram(struct demo_device *device)
{
	char path[64], text[32] = "";
	int fd = open("/sys/class/zram-control/hot_add", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0) {
		return -errno;
	}
	got = read(fd, text, sizeof(text) - 1); /* creates a device and returns its number */
	close(fd);
	if (got <= 0 || sscanf(text, "%d", &device->number) != 1) {
		return -EIO;
	}
	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", device->number);
	snprintf(text, sizeof(text), "%llu", DEMO_NBYTES);
	snprintf(device->uri, sizeof(device->uri), "/dev/zram%d", device->number);
	return write_text(path, text);
}

void
demo_block_make(struct demo_device *device)
{
	int loop_err = make_loop(device);
	int zram_err = loop_err ? make_zram(device) : 0;

	if (!loop_err) {
		device->label = "block device (loop)";
		device->direct = true;
	} else if (!zram_err) {
		device->label = "block device (zram)";
		device->direct = true;
	} else {
		demo_block_remove(device);
		snprintf(device->missing, sizeof(device->missing),
			 "neither a loop device (%s) nor a zram device (%s) could be made; run as "
			 "root, with the module loop or zram loaded: modprobe loop",
			 strerror(-loop_err), strerror(-zram_err));
	}
}

void
demo_block_remove(struct demo_device *device)
{
	char path[64], text[32];

	if (device->fd2 >= 0) {
		close(device->fd2);
		device->fd2 = -1;
	}
	if (device->number < 0) {
		return;
	}
	snprintf(path, sizeof(path), "/sys/block/zram%d/reset", device->number);
	write_text(path, "1");
	snprintf(text, sizeof(text), "%d", device->number);
	write_text("/sys/class/zram-control/hot_remove", text);
	device->number = -1;
}
