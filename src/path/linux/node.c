/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMe devices in sysfs and /dev: controllers, and namespaces with one node or two.
 */
#include <path/linux/linux.h>

#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <host/paths.h>
#include <linux/nvme_ioctl.h>
#include <os/linux_nvme.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int
open_flags(const struct xnvme_opts *opts)
{
	int flags = O_CLOEXEC;

	flags |= opts->rdonly ? O_RDONLY : opts->wronly ? O_WRONLY : O_RDWR;
	return flags | (opts->direct ? O_DIRECT : 0);
}

static int
open_failed(const char *path, int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return err_set(-err, "no permission to open '%s': run as root, or let your user in "
			       "(for example: setfacl -m u:$USER:rw %s)", path, path);
	case EBUSY:
		return err_set(-err, "'%s' is in exclusive use, by a file system or another "
			       "program", path);
	case ENXIO:
	case ENODEV:
		return err_set(-err, "'%s' has no working device behind it: removed or failed",
			       path);
	case EROFS:
		return err_set(-err, "'%s' is write-protected; open it with rdonly", path);
	default:
		return err_set(-err, "cannot open '%s': %s", path, strerror(err));
	}
}

static int
open_node(struct xnvme_dev *dev, const char *uri, bool direct_means_something)
{
	int flags = open_flags(&dev->opts);

	if (dev->opts.create || dev->opts.truncate) {
		return err_set(-EINVAL, "'%s' is a device: create and truncate are for files", uri);
	}
	if (!direct_means_something) {
		flags &= ~O_DIRECT; /* passthrough bypasses the page cache */
	}
	dev->fd = open(uri, flags);
	return dev->fd < 0 ? open_failed(uri, errno) : 0;
}

/* Read the node's attributes from sysfs; without sysfs (some containers) they stay empty */
static void
describe(struct xnvme_dev *dev)
{
	char name[SYSFS_NAME_NBYTES];

	if (nvme_name_of_fd(dev->fd, name, sizeof(name))) {
		return;
	}
	nvme_subnqn(name, dev->ident.subnqn, sizeof(dev->ident.subnqn));
	nvme_driver(name, dev->ident.kernel_driver, sizeof(dev->ident.kernel_driver));
	dev->mdts_cap_nbytes = nvme_transfer_nbytes_max(name);
	dev->ident.csi = nvme_csi(name);
}

static int
open_namespace(struct xnvme_dev *dev, const char *uri)
{
	int err = open_node(dev, uri, dev->kind == KIND_NVME_BLOCK);
	int nsid;

	if (err) {
		return err;
	}
	nsid = ioctl(dev->fd, NVME_IOCTL_ID);
	if (nsid <= 0) {
		err = err_set(nsid ? -errno : -ENODEV, "'%s' does not tell its namespace: %s", uri,
			      nsid ? strerror(errno) : "it has the number 0");
		(void)close(dev->fd);
		return err;
	}
	dev->ident.dtype = DTYPE_NAMESPACE;
	dev->ident.nsid = (uint32_t)nsid;
	dev->opts.nsid = (uint32_t)nsid;
	describe(dev);
	return 0;
}

static int
open_controller(struct xnvme_dev *dev, const char *uri)
{
	int err = open_node(dev, uri, false);

	if (err) {
		return err;
	}
	dev->ident.dtype = DTYPE_CONTROLLER;
	dev->ident.nsid = 0;
	describe(dev);
	return 0;
}

static void
close_node(struct xnvme_dev *dev)
{
	if (dev->sibling_fd >= 0) {
		(void)close(dev->sibling_fd);
	}
	(void)close(dev->fd);
}

static const char *
want_text(enum handle_kind want)
{
	return want == KIND_NVME_CHAR ? "character device (/dev/ng*; Linux 5.13 or later)"
				      : "block device";
}

int
node_fd(struct xnvme_dev *dev, enum handle_kind want)
{
	char name[SYSFS_NAME_NBYTES];
	char path[SYSFS_NAME_NBYTES];
	int nsid;

	if (dev->kind == want) {
		return dev->fd;
	}
	if (dev->sibling_fd >= 0) {
		return dev->sibling_fd;
	}
	if (nvme_name_of_fd(dev->fd, name, sizeof(name)) ||
	    !nvme_sibling(name, path, sizeof(path))) {
		return err_set(-ENODEV, "the kernel has no %s for the namespace of '%s'",
			       want_text(want), dev->ident.uri);
	}
	dev->sibling_fd = open(path, open_flags(&dev->opts) &
			       (want == KIND_NVME_CHAR ? ~O_DIRECT : ~0));
	if (dev->sibling_fd < 0) {
		return open_failed(path, errno);
	}
	nsid = ioctl(dev->sibling_fd, NVME_IOCTL_ID);
	if (nsid != (int)dev->ident.nsid) {
		(void)close(dev->sibling_fd);
		dev->sibling_fd = -1;
		return err_set(-ENODEV, "'%s' is namespace %d, '%s' is %u: not the same device",
			       path, nsid, dev->ident.uri, dev->ident.nsid);
	}
	(void)snprintf(dev->sibling, sizeof(dev->sibling), "%s", path);
	return dev->sibling_fd;
}

const struct kind kind_nvme_block = {
	.kind = KIND_NVME_BLOCK,
	.open = open_namespace,
	.close = close_node,
	.dev_name = "linux",
};

const struct kind kind_nvme_char = {
	.kind = KIND_NVME_CHAR,
	.open = open_namespace,
	.close = close_node,
	.dev_name = "linux",
};

const struct kind kind_nvme_ctrlr = {
	.kind = KIND_NVME_CTRLR,
	.open = open_controller,
	.close = close_node,
	.dev_name = "linux",
};
