/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands passed through the kernel's NVMe driver, one system call each: every command of every
 * command set, admin and I/O, blocking.
 */
#include <path/linux/passthru.h>

#include <errno.h>
#include <fcntl.h>
#include <host/dev.h>
#include <os/linux_nvme.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Open the controller's own node: resets are ioctls of it, for any node of the handle */
static int
open_ctrlr(struct xnvme_dev *dev, char ctrlr[SYSFS_NAME_NBYTES])
{
	char path[SYSFS_NAME_NBYTES + 8];
	char name[SYSFS_NAME_NBYTES];
	int fd;

	if (nvme_name_of_fd(dev->fd, name, sizeof(name)) ||
	    !nvme_controller_of(name, ctrlr, SYSFS_NAME_NBYTES)) {
		return err_set(-ENODEV, "cannot tell the controller of '%s': /sys does not know it",
			       dev->ident.uri);
	}
	(void)snprintf(path, sizeof(path), "/dev/%s", ctrlr);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? err_set(-errno, "cannot open the controller '%s' of '%s': %s%s", path,
				dev->ident.uri, strerror(errno),
				errno == EACCES ? "; run as root" : "")
		      : fd;
}

static int
ask_ctrlr(struct xnvme_dev *dev, unsigned long request, const char *what)
{
	char ctrlr[SYSFS_NAME_NBYTES];
	int fd = open_ctrlr(dev, ctrlr);
	int err = 0;

	if (fd < 0) {
		return fd;
	}
	if (ioctl(fd, request) < 0) {
		err = errno;
		err = err_set(-err, "%s of '%s' failed: %s%s", what, ctrlr, strerror(err),
			      err == EACCES || err == EPERM ? "; it needs CAP_SYS_ADMIN" :
			      err == ENOTTY ? "; the controller has none (CAP.NSSRS)" : "");
	}
	if (!err && request == NVME_IOCTL_SUBSYS_RESET && ioctl(fd, NVME_IOCTL_RESET) < 0 &&
	    errno != EBUSY) { /* a driver already resets it */
		/* without this, hosts notice only when a command times out, a minute later */
		err = err_set(-errno, "the subsystem of '%s' was reset, but the controller did not "
			      "come back: %s", ctrlr, strerror(errno));
	}
	(void)close(fd);
	return err;
}

/* Read registers by words, as the standard requires: NVMe base 2.0, Controller Properties */
static void
copy_words(void *to, const volatile void *from, size_t nbytes)
{
	const volatile uint32_t *word = from;
	uint32_t *out = to;

	for (size_t i = 0; i < nbytes / sizeof(*out); ++i) {
		out[i] = word[i];
	}
}

/* Read the properties that every fabrics controller has, by commands; the others are reserved or
 * undefined there: NVMe base 2.0, 3.1.3 and Property Get */
static int
get_properties(struct xnvme_dev *dev, const char *ctrlr, const struct payload *payload)
{
	static const struct {
		uint32_t at;
		uint32_t nbytes;
	} properties[] = {
		{offsetof(struct xnvme_spec_ctrlr_bar, cap), 8},
		{offsetof(struct xnvme_spec_ctrlr_bar, vs), 4},
		{offsetof(struct xnvme_spec_ctrlr_bar, cc), 4},
		{offsetof(struct xnvme_spec_ctrlr_bar, csts), 4},
	};
	const struct payload none = {0};

	memset(payload->data, 0, payload->data_nbytes);
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); ++i) {
		uint32_t at = properties[i].at, nbytes = properties[i].nbytes;
		struct xnvme_cmd_ctx ctx = {.dev = dev};

		ctx.cmd.prop.opcode = XNVME_SPEC_ADM_OPC_FABRICS;
		ctx.cmd.prop.fctype = XNVME_SPEC_FABRICS_PROPERTY_GET;
		ctx.cmd.prop.attrib = nbytes == 8;
		ctx.cmd.prop.ofst = at;
		if (passthru_submit(&ctx, dev->fd, NVME_IOCTL_ADMIN64_CMD, dev->opts.admin_timeout,
				    &none)) {
			return err_set(-EIO, "%s is no PCI device, and does not tell property "
				       "0x%x: status 0x%x of type %u", ctrlr, at,
				       ctx.cpl.status.sc, ctx.cpl.status.sct);
		}
		if (at + nbytes <= payload->data_nbytes) {
			memcpy((char *)payload->data + at, &ctx.cpl.result, nbytes);
		}
	}
	return 0;
}

static int
show_regs(struct xnvme_dev *dev, const struct payload *payload)
{
	char path[SYSFS_NAME_NBYTES + 64];
	char ctrlr[SYSFS_NAME_NBYTES];
	char name[SYSFS_NAME_NBYTES];
	void *bar;
	int fd;

	if (nvme_name_of_fd(dev->fd, name, sizeof(name)) ||
	    !nvme_controller_of(name, ctrlr, sizeof(ctrlr))) {
		return err_set(-ENODEV, "cannot tell the controller of '%s'", dev->ident.uri);
	}
	(void)snprintf(path, sizeof(path), "/sys/class/nvme/%s/device/resource0", ctrlr);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		return get_properties(dev, ctrlr, payload);
	}
	if (fd < 0) {
		return err_set(-errno, "cannot open the registers of %s (%s): %s", ctrlr, path,
			       strerror(errno));
	}
	bar = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (bar == MAP_FAILED) {
		return err_set(-errno, "cannot map the registers of %s: %s%s", ctrlr,
			       strerror(errno), errno == EINVAL || errno == EPERM
			       ? "; the kernel keeps them to its driver unless it is started with "
				 "iomem=relaxed and without lockdown" : "");
	}
	copy_words(payload->data, bar, payload->data_nbytes);
	(void)munmap(bar, (size_t)sysconf(_SC_PAGESIZE));
	return 0;
}

static int
pseudo(struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct xnvme_dev *dev = ctx->dev;
	int err;

	switch (ctx->cmd.common.opcode) {
	case PSEUDO_CONTROLLER_RESET:
		err = ask_ctrlr(dev, NVME_IOCTL_RESET, "reset");
		break;
	case PSEUDO_SUBSYSTEM_RESET:
		err = ask_ctrlr(dev, NVME_IOCTL_SUBSYS_RESET, "subsystem reset");
		break;
	case PSEUDO_NAMESPACE_RESCAN:
		err = ask_ctrlr(dev, NVME_IOCTL_RESCAN, "rescan");
		break;
	case PSEUDO_GET_REGISTERS:
		err = show_regs(dev, payload);
		break;
	default:
		err = err_set(-ENOTSUP, "there is no such request to a controller");
		break;
	}
	if (err) {
		(void)cpl_set_errno(ctx, err);
	}
	return err;
}

static int
nvme_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	struct xnvme_dev *dev = ctx->dev;

	if (role == ROLE_ADMIN) {
		return ctx->opts & CMD_OPTS_PSEUDO
			? pseudo(ctx, payload)
			: passthru_submit(ctx, dev->fd, NVME_IOCTL_ADMIN64_CMD,
					  dev->opts.admin_timeout, payload);
	}
	if (dev->kind == KIND_NVME_CTRLR) {
		(void)cpl_set_errno(ctx, ENOTSUP);
		return err_set(-ENOTSUP, "'%s' is a controller: for I/O commands open one of its "
			       "namespaces", dev->ident.uri);
	}
	struct passthru_shape shape = passthru_shape(dev);
	const void *data = payload->vec_cnt ? (const void *)payload->vec : payload->data;

	if (!passthru_fits(&shape, shape.meta_nbytes, &ctx->cmd, data, payload->data_nbytes,
			   payload->meta_nbytes)) {
		return passthru_misfit(ctx, data, payload->data_nbytes, payload->meta_nbytes);
	}
	return passthru_submit(ctx, dev->fd,
			       payload->vec_cnt ? NVME_IOCTL_IO64_CMD_VEC : NVME_IOCTL_IO64_CMD,
			       dev->opts.command_timeout, payload);
}

static int
nvme_attach(struct xnvme_dev *dev, enum path_role role)
{
	(void)role;
	return passthru_try(dev, dev->fd);
}

const struct path path_nvme = {
	.name = "nvme",
	.descr = "Linux NVMe driver, passthrough by ioctl",
	.attach = nvme_attach,
	.call = nvme_call,
};
