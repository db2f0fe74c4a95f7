/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands of the NVM set (and the file pseudo set) on a medium that can be read and written at an
 * offset: a file, a block device, memory. Each of the paths psync, block and ramdisk is this plus
 * five functions.
 */
#ifndef HOST_MEDIA_H
#define HOST_MEDIA_H

#include <host/dev.h>
#include <sys/types.h>

struct media_ops {
	/* Returns the number of bytes moved, which is less than requested only at the end of the
	 * medium; -errno on failure */
	ssize_t (*readv)(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt,
			 uint64_t offset);
	/* `durable`: the bytes are on stable storage on return */
	ssize_t (*writev)(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt,
			  uint64_t offset, bool durable);
	int (*flush)(struct xnvme_dev *dev);
	int (*zero)(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes, bool deallocate);
	int (*discard)(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes);
};

static inline void
media_check(const struct media_ops *media)
{
	ASSERT(media->readv && media->writev && media->flush);
	ASSERT(media->zero && media->discard);
}

/* Runs the command in `ctx`, whose bounds were checked for the opcodes of dev->bounded. Returns
 * what a path's `call` returns. */
int media_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload,
	       const struct media_ops *media);

/* The bytes that a read or write moves */
struct media_span {
	uint64_t offset;
	size_t nbytes;
	bool write;
	bool durable; /* FUA */
	bool exact;   /* a short transfer is an error */
};

/*
 * Decodes a read or write. Returns 1 and sets `span` for one; 0 for another command; -errno or -EIO
 * with ctx->cpl set for an invalid one: lengths that contradict each other, metadata, or a write to
 * a zone through the page cache.
 */
int media_span(struct xnvme_cmd_ctx *ctx, const struct payload *payload, struct media_span *span);

/* Zones must be written in order. A page cache writes back whole pages at any time: in another
 * order, with bytes that the caller did not write, or not at all. True when writes to `dev` go
 * through the page cache. */
static inline bool
media_disorders(const struct xnvme_dev *dev)
{
	geo_check(dev);
	return dev->geo.type == XNVME_GEO_ZONED && !dev->opts.direct;
}

/* Fills ctx->cpl from the result of a transfer; returns what a path's `call` returns */
int media_moved(struct xnvme_cmd_ctx *ctx, const struct media_span *span, ssize_t moved);

#endif /* HOST_MEDIA_H */
