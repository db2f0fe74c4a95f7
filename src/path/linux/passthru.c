/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/passthru.h>

#include <os/linux_nvme.h>
#include <stdlib.h>
#include <sys/ioctl.h>

/* Explain a command whose size or alignment the kernel refuses. The limit is read again: it is
 * lower than at open when a multipath head has gained a path to a controller with a lower limit. */
static int
explain_shape(const struct xnvme_dev *dev, const struct payload *payload, int err)
{
	char name[SYSFS_NAME_NBYTES];
	uint32_t now = nvme_name_of_fd(dev->fd, name, sizeof(name)) ? 0
		: nvme_transfer_nbytes_max(name);

	if (now && now < dev->geo.mdts_nbytes && payload->data_nbytes > now) {
		return err_set(-err, "the kernel refused a command with %zu bytes of data to '%s': "
			       "its limit was %u bytes when it was opened and is %u now, close "
			       "it and open it again to use that", payload->data_nbytes,
			       dev->ident.uri, dev->geo.mdts_nbytes, now);
	}
	return err_set(-err, "the kernel refused a command with %zu bytes of data and %zu of "
		       "metadata to '%s': it takes at most %u bytes at once, aligned to 4, and a "
		       "page less for each piece of a vector that begins or ends within one",
		       payload->data_nbytes, payload->meta_nbytes, dev->ident.uri,
		       dev->geo.mdts_nbytes);
}

/* Explain an error so that the user can act on it. `nsid`: NULL when any namespace is allowed */
static int
explain(const struct xnvme_dev *dev, const struct payload *payload, const uint32_t *nsid, int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return err_set(-err, "the kernel does not let this user pass this command to '%s': "
			       "run as root or with CAP_SYS_ADMIN (since Linux 6.2 reading and "
			       "writing need only access to the device node)", dev->ident.uri);
	case ENOTTY:
		return err_set(-err, "this kernel does not know this form of passthrough on '%s': "
			       "64-bit results need Linux 5.5, vectors need 5.18", dev->ident.uri);
	case EINVAL:
		if (nsid && *nsid != dev->ident.nsid && dev->ident.nsid) {
			return err_set(-err, "the kernel passes only commands for its own "
				       "namespace, 0x%x, through '%s': this one names 0x%x",
				       dev->ident.nsid, dev->ident.uri, *nsid);
		}
		return explain_shape(dev, payload, err);
	case ENODEV:
	case ENXIO:
		return err_set(-err, "'%s' is gone: it was removed, or its controller failed",
			       dev->ident.uri);
	case EINTR:
		return err_set(-err, "the driver ended a command to '%s': its controller timed out "
			       "or was reset; try again", dev->ident.uri);
	case EAGAIN:
		return err_set(-err, "the controller of '%s' takes no commands now, as while it is "
			       "reset: try again", dev->ident.uri);
	default:
		return err_set(-err, "passing a command to '%s' failed: %s", dev->ident.uri,
			       strerror(err));
	}
}

int
passthru_submit(struct xnvme_cmd_ctx *ctx, int fd, unsigned long request, uint32_t timeout_us,
		const struct payload *payload)
{
	bool vectored = request == NVME_IOCTL_IO64_CMD_VEC;
	const uint32_t named = ctx->cmd.common.nsid;
	/* an admin command may have any NSID */
	const uint32_t *nsid = request == NVME_IOCTL_ADMIN64_CMD ? NULL : &named;
	union passthru kernel;
	int rc;

	if (payload->data_nbytes > UINT32_MAX || payload->meta_nbytes > UINT32_MAX) {
		(void)cpl_set_errno(ctx, EINVAL);
		return explain(ctx->dev, payload, NULL, EINVAL);
	}
	if (!payload->data && !payload->vec_cnt && payload->data_nbytes) {
		return passthru_misfit(ctx, NULL, payload->data_nbytes, payload->meta_nbytes);
	}
	kernel.whole.timeout_ms = passthru_timeout_ms(timeout_us);
	kernel.whole.rsvd2 = 0;
	passthru_fill(&kernel.head, &ctx->cmd,
		      vectored ? (const void *)payload->vec : payload->data,
		      vectored ? payload->vec_cnt : (uint32_t)payload->data_nbytes, payload->meta,
		      (uint32_t)payload->meta_nbytes);
	kernel.whole.result = 0;
	rc = ioctl(fd, request, &kernel.whole);
	if (rc < 0) {
		rc = errno;
		if (dev_fd_gone(ctx)) {
			return -ENODEV;
		}
		(void)cpl_set_errno(ctx, rc);
		return explain(ctx->dev, payload, nsid, rc);
	}
	passthru_cpl(&ctx->cpl, (uint32_t)rc, kernel.whole.result);
	return rc ? -EIO : 0;
}

int
passthru_try(struct xnvme_dev *dev, int fd)
{
	struct xnvme_cmd_ctx ctx = {.dev = dev};
	struct payload payload = {0};
	void *page;
	int err;

	page = aligned_alloc(4096, sizeof(struct xnvme_spec_idfy));
	if (!page) {
		return err_set(-ENOMEM, "no memory to identify '%s'", dev->ident.uri);
	}
	ctx.cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
	ctx.cmd.idfy.cns = XNVME_SPEC_IDFY_CTRLR;
	payload.data = page;
	payload.data_nbytes = sizeof(struct xnvme_spec_idfy);
	err = passthru_submit(&ctx, fd, NVME_IOCTL_ADMIN64_CMD, dev->opts.admin_timeout, &payload);
	free(page);
	return err == -EIO ? err_set(-EIO, "the controller of '%s' refuses to identify itself: "
				     "status 0x%x of type %u", dev->ident.uri,
				     ctx.cpl.status.sc, ctx.cpl.status.sct)
			   : err;
}

