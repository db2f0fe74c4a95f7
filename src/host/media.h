/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands of the NVM set (and the file pseudo set) on anything that can be read and written at an
 * offset: a file, a block device, memory. The paths psync, block and ramdisk are this plus five
 * functions each.
 */
#ifndef HOST_MEDIA_H
#define HOST_MEDIA_H

#include <host/dev.h>
#include <sys/types.h>

struct media_ops {
	/* Bytes moved, fewer only at the end of the media; -errno */
	ssize_t (*readv)(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt,
			 uint64_t offset);
	/* `durable`: on stable storage when it returns */
	ssize_t (*writev)(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt,
			  uint64_t offset, bool durable);
	int (*flush)(struct xnvme_dev *dev);
	int (*zero)(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes, bool deallocate);
	int (*discard)(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes);
};

/* Runs the command in `ctx`; its bounds were checked for the opcodes of dev->bounded.
 * Returns what a path's `call` returns. */
int media_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload,
	       const struct media_ops *media);

/* What a read or write moves */
struct media_span {
	uint64_t offset;
	size_t nbytes;
	bool write;
	bool durable; /* FUA */
	bool exact;   /* a short transfer is an error */
};

/*
 * Is `ctx` a plain read or write, and of what? 1: yes, `span` is set. 0: it is another command.
 * -errno or -EIO with ctx->cpl set: it is one that cannot be: lengths that contradict each other,
 * metadata, or a write of a zone through the page cache.
 */
int media_span(struct xnvme_cmd_ctx *ctx, const struct payload *payload, struct media_span *span);

/* Zones are written in order, and a page cache writes pages, when it likes: bytes that were never
 * there, or nothing at all. True when writes to `dev` would go through one. */
static inline bool
media_disorders(const struct xnvme_dev *dev)
{
	return dev->geo.type == XNVME_GEO_ZONED && !dev->opts.direct;
}

/* Fills ctx->cpl from what a transfer returned; what a path's `call` returns */
int media_moved(struct xnvme_cmd_ctx *ctx, const struct media_span *span, ssize_t moved);

#endif /* HOST_MEDIA_H */
