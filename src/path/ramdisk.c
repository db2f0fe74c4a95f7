/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory as a namespace: "1GiB". Blocks of 512 bytes, zero until written, gone at close.
 */
#include <host/adm_emul.h>
#include <host/err.h>
#include <host/media.h>
#include <host/paths.h>
#include <host/uri.h>
#include <path/path.h>

#include <errno.h>
#include <os/os.h>
#include <stdlib.h>
#include <string.h>

#define LBADS 9

struct ramdisk {
	char *bytes;
	uint64_t nbytes;
	struct adm_emul emul;
};

static struct ramdisk *
ramdisk_of(const struct xnvme_dev *dev)
{
	return dev->handle;
}

static int
ramdisk_open(struct xnvme_dev *dev, const char *uri)
{
	struct ramdisk *disk = calloc(1, sizeof(*disk));

	if (!disk || !uri_size(uri, &disk->nbytes) || !disk->nbytes) {
		bool memory = !disk;

		free(disk);
		return memory ? err_set(-ENOMEM, "no memory for a ramdisk")
			      : err_set(-EINVAL, "a ramdisk of '%s' has no bytes", uri);
	}
	disk->bytes = os_pages_map(disk->nbytes);
	if (!disk->bytes) {
		free(disk);
		return err_set(-ENOMEM, "a ramdisk of %s does not fit in the address space; name "
			       "a smaller one", uri);
	}
	adm_emul_init(&disk->emul);
	disk->emul.model = "xnvme ramdisk";
	disk->emul.file_set = true;
	disk->emul.discard_zeroes = true;
	disk->emul.nbytes = disk->nbytes;
	disk->emul.nsze = disk->nbytes >> LBADS;
	dev->handle = disk;
	dev->ident.dtype = DTYPE_RAMDISK;
	dev->ident.nsid = 1;
	dev->opts.nsid = 1;
	return 0;
}

static void
ramdisk_close(struct xnvme_dev *dev)
{
	struct ramdisk *disk = ramdisk_of(dev);

	os_pages_unmap(disk->bytes, disk->nbytes);
	free(disk);
	dev->handle = NULL;
}

extern const struct kind kind_ramdisk;
const struct kind kind_ramdisk = {
	.kind = KIND_RAMDISK,
	.open = ramdisk_open,
	.close = ramdisk_close,
	.dev_name = "ramdisk",
};

/* The part of `nbytes` at `offset` that is on the disk: the file pseudo command set may exceed
 * it */
static size_t
clip(const struct ramdisk *disk, uint64_t offset, size_t nbytes)
{
	if (offset >= disk->nbytes) {
		return 0;
	}
	return nbytes < disk->nbytes - offset ? nbytes : (size_t)(disk->nbytes - offset);
}

static ssize_t
ram_move(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt, uint64_t offset, bool write)
{
	const struct ramdisk *disk = ramdisk_of(dev);
	size_t moved = 0;

	for (uint32_t i = 0; i < cnt; ++i) {
		size_t part = clip(disk, offset + moved, vec[i].iov_len);

		if (write) {
			memcpy(disk->bytes + offset + moved, vec[i].iov_base, part);
		} else {
			memcpy(vec[i].iov_base, disk->bytes + offset + moved, part);
		}
		moved += part;
		if (part < vec[i].iov_len) {
			break;
		}
	}
	return write && !moved && cnt && vec[0].iov_len ? -ENOSPC : (ssize_t)moved;
}

static ssize_t
ram_readv(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt, uint64_t offset)
{
	return ram_move(dev, vec, cnt, offset, false);
}

static ssize_t
ram_writev(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt, uint64_t offset,
	   bool durable)
{
	(void)durable; /* memory has no durable level */
	return ram_move(dev, vec, cnt, offset, true);
}

static int
ram_flush(struct xnvme_dev *dev)
{
	(void)dev;
	return 0;
}

static int
ram_zero(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes, bool deallocate)
{
	const struct ramdisk *disk = ramdisk_of(dev);

	(void)deallocate;
	memset(disk->bytes + offset, 0, clip(disk, offset, nbytes));
	return 0;
}

static int
ram_discard(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes)
{
	return ram_zero(dev, offset, nbytes, true);
}

static const struct media_ops media_ram = {
	.readv = ram_readv,
	.writev = ram_writev,
	.flush = ram_flush,
	.zero = ram_zero,
	.discard = ram_discard,
};

/* Fast path: a read or write of whole blocks within the disk, in one flat buffer of their size and
 * without metadata. For any other command it returns false and changes nothing. */
static bool
move_plain(struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	const struct xnvme_dev *dev = ctx->dev;
	uint64_t slba = ctx->cmd.nvm.slba, nlb = ctx->cmd.nvm.nlb;
	bool write = ctx->cmd.common.opcode == XNVME_SPEC_NVM_OPC_WRITE;
	char *bytes;

	if ((!write && ctx->cmd.common.opcode != XNVME_SPEC_NVM_OPC_READ) || !payload->data ||
	    payload->meta || payload->data_nbytes != (nlb + 1) << LBADS ||
	    slba >= dev->plain_nsze || nlb >= dev->plain_nsze - slba) {
		return false;
	}
	bytes = ramdisk_of(dev)->bytes + (slba << LBADS);
	memcpy(write ? bytes : payload->data, write ? payload->data : bytes, payload->data_nbytes);
	ctx->cpl.result = payload->data_nbytes;
	return true;
}

static int
ramdisk_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	if (role == ROLE_ADMIN) {
		return adm_emul_call(ctx, payload, &ramdisk_of(ctx->dev)->emul);
	}
	return move_plain(ctx, payload) ? 0 : media_call(ctx, payload, &media_ram);
}

extern const struct path path_ramdisk;
const struct path path_ramdisk = {
	.name = "ramdisk",
	.descr = "Copies from and to memory of this process",
	.bytes = BYTES_YES,
	.call = ramdisk_call,
};
