/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's form of a command that it passes through to an NVMe device.
 *
 * It is built from the context, never overlaid on it: the kernel's structure is longer than the
 * command of the standard, and the bytes that follow the command in a context (an old completion)
 * would be taken for a timeout.
 */
#ifndef PATH_LINUX_PASSTHRU_H
#define PATH_LINUX_PASSTHRU_H

#include <base/assert.h>
#include <errno.h>
#include <host/dev.h>
#include <host/err.h>
#include <host/media_fd.h>
#include <linux/nvme_ioctl.h>
#include <string.h>

/* io_uring takes the first part of the ioctl's structure */
union passthru {
	struct nvme_uring_cmd head;
	struct nvme_passthru_cmd64 whole;
};
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, timeout_ms) ==
	      offsetof(struct nvme_passthru_cmd64, timeout_ms), "the head is not the same");
STATIC_ASSERT(sizeof(struct nvme_uring_cmd) == 72, "one that io_uring would not take");

/* Words with equal content at equal offsets are copied: opcode to NSID (without PSDT and CID, which
 * the kernel sets), dwords 2 and 3, dwords 10 to 15. */
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, nsid) ==
	      offsetof(struct xnvme_spec_cmd_common, nsid), "dword 1 is elsewhere");
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, cdw2) ==
	      offsetof(struct xnvme_spec_cmd_common, cdw02), "dword 2 is elsewhere");
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, cdw10) ==
	      offsetof(struct xnvme_spec_cmd_common, ndt), "dword 10 is elsewhere");
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, timeout_ms) == sizeof(struct xnvme_spec_cmd),
	      "the kernel's structure does not go on where the command ends");
#define PASSTHRU_FIRST_MASK 0xFFFFFFFF000003FFULL /* opcode, FUSE and NSID */

/* Fill in all but the timeout. `data_len` is a count of vectors for the vectored forms. */
static inline void
passthru_fill(struct nvme_uring_cmd *out, const struct xnvme_spec_cmd *cmd, const void *data,
	      uint32_t data_len, const void *meta, uint32_t meta_nbytes)
{
	uint64_t first;

	memcpy(&first, cmd, sizeof(first));
	first &= PASSTHRU_FIRST_MASK;
	memcpy(out, &first, sizeof(first));
	memcpy(&out->cdw2, &cmd->common.cdw02, 8);
	out->metadata = (uintptr_t)meta;
	out->addr = (uintptr_t)data;
	out->metadata_len = meta_nbytes;
	out->data_len = data_len;
	memcpy(&out->cdw10, &cmd->common.ndt, 24);
}

/* A return value of the kernel above 0 is the completion's status without its phase bit */
static inline void
passthru_cpl(struct xnvme_spec_cpl *cpl, uint32_t status, uint64_t result)
{
	cpl->result = result;
	cpl->status.val = (uint16_t)(status << 1);
}

/* Bytes of data and of separate metadata per block; block_nbytes 0 where commands do not address
 * blocks (key-value) */
struct passthru_shape {
	uint32_t fast_nbytes; /* block_nbytes, if 65536 blocks have fewer than 2^32 bytes; otherwise
			       * a value that matches no command */
	uint32_t block_nbytes;
	uint32_t meta_nbytes;
	uint32_t pract_block_nbytes; /* the same where the controller inserts and strips the */
	uint32_t pract_meta_nbytes;  /* protection information (PRACT) */
};

static inline struct passthru_shape
passthru_shape(const struct xnvme_dev *dev)
{
	const struct xnvme_geo *geo = &dev->geo;
	bool blocks = geo->type == XNVME_GEO_CONVENTIONAL || geo->type == XNVME_GEO_ZONED;
	uint32_t meta_nbytes = blocks && !geo->lba_extended ? geo->nbytes_oob : 0;
	/* stripped where it is all of the metadata: NVM Command Set 1.0, End-to-end Data
	 * Protection */
	uint32_t pi_nbytes = geo->pi_format == XNVME_SPEC_NVM_NS_16B_GUARD ? 8 : 16;
	bool stripped = geo->pi_type && geo->nbytes_oob == pi_nbytes;

	return (struct passthru_shape){
		.fast_nbytes = blocks && geo->lba_nbytes <= UINT16_MAX ? geo->lba_nbytes
								       : UINT32_MAX,
		.block_nbytes = blocks ? geo->lba_nbytes : 0,
		.meta_nbytes = meta_nbytes,
		.pract_block_nbytes = stripped ? geo->nbytes : geo->lba_nbytes,
		.pract_meta_nbytes = stripped ? 0 : meta_nbytes,
	};
}

/*
 * Do the buffers match the transfer of the command? No other code checks: the kernel maps the
 * buffer, and the device moves as much as the command specifies, beyond the end of a buffer that is
 * too short. With PRACT the transfer may be shorter than the buffers. `data` is NULL where there is
 * none.
 */
static inline bool
passthru_fits_other(const struct passthru_shape *shape, const struct xnvme_spec_cmd *cmd,
		    const void *data, size_t data_nbytes, size_t meta_nbytes)
{
	const uint64_t checked = 1 << XNVME_SPEC_NVM_OPC_READ | 1 << XNVME_SPEC_NVM_OPC_WRITE |
				 1 << XNVME_SPEC_NVM_OPC_COMPARE;
	uint32_t opcode = cmd->common.opcode;
	uint64_t count = (uint64_t)cmd->nvm.nlb + 1; /* same offset for Zone Append */

	if ((!data && data_nbytes) || data_nbytes > UINT32_MAX || meta_nbytes > UINT32_MAX) {
		return false; /* the kernel would silently map nothing */
	}
	if (!((opcode < 64 && checked >> opcode & 1) || opcode == XNVME_SPEC_ZND_OPC_APPEND)) {
		return true;
	}
	if (cmd->nvm.prinfo & XNVME_SPEC_PRINFO_PRACT && shape->block_nbytes) {
		return data_nbytes >= count * shape->pract_block_nbytes &&
		       meta_nbytes >= count * shape->pract_meta_nbytes;
	}
	return (data_nbytes == count * shape->block_nbytes &&
		meta_nbytes >= count * shape->meta_nbytes) || !shape->block_nbytes;
}

/* Fast check: a buffer of exactly nlb + 1 blocks is valid for any opcode. `meta_per_block` is the
 * shape's, as a constant where the caller has one. */
static inline bool
passthru_fits_exactly(const struct passthru_shape *shape, uint32_t meta_per_block,
		      const struct xnvme_spec_cmd *cmd, const void *data, size_t data_nbytes,
		      size_t meta_nbytes)
{
	uint64_t count = (uint64_t)cmd->nvm.nlb + 1;

	return data && data_nbytes == count * shape->fast_nbytes &&
	       meta_nbytes == count * meta_per_block;
}

static inline bool
passthru_fits(const struct passthru_shape *shape, uint32_t meta_per_block,
	      const struct xnvme_spec_cmd *cmd, const void *data, size_t data_nbytes,
	      size_t meta_nbytes)
{
	return passthru_fits_exactly(shape, meta_per_block, cmd, data, data_nbytes, meta_nbytes) ||
	       passthru_fits_other(shape, cmd, data, data_nbytes, meta_nbytes);
}

/* Report buffers that do not match the command: -EINVAL */
static inline int
passthru_misfit(struct xnvme_cmd_ctx *ctx, const void *data, size_t data_nbytes,
		size_t meta_nbytes)
{
	if (!data && data_nbytes) {
		return err_set(cpl_set_errno(ctx, -EINVAL), "a command has %zu bytes of data, but "
			       "no buffer: NULL was passed", data_nbytes);
	}
	struct passthru_shape shape = passthru_shape(ctx->dev);
	unsigned int count = ctx->cmd.nvm.nlb + 1U;

	return err_set(cpl_set_errno(ctx, -EINVAL), "a command for %u blocks moves %llu bytes of "
		       "data and %llu of metadata, but its buffers have %zu and %zu", count,
		       (unsigned long long)count * shape.block_nbytes,
		       (unsigned long long)count * shape.meta_nbytes, data_nbytes, meta_nbytes);
}

/* Options are in microseconds, 0 for the kernel's default; the kernel takes milliseconds */
static inline uint32_t
passthru_timeout_ms(uint32_t timeout_us)
{
	return timeout_us / 1000 + (timeout_us % 1000 ? 1 : 0);
}

/* One command by ioctl `request`, blocking; the return value is that of a path's `call` */
int passthru_submit(struct xnvme_cmd_ctx *ctx, int fd, unsigned long request, uint32_t timeout_us,
		    const struct payload *payload);

/* Check once, with a command that changes nothing, whether this user may pass commands through
 * `fd`, so that a handle falls back on the block layer at open instead of failing later. 0 or
 * -errno with err_set(). */
int passthru_try(struct xnvme_dev *dev, int fd);

#endif /* PATH_LINUX_PASSTHRU_H */
