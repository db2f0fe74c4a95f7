/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands of the largest size of the geometry, one block smaller and one larger: from memory that
 * is page aligned, that is not, and that is in pieces; and from memory of which no two adjacent
 * pages are physically contiguous, so that the kernel cannot merge them. By the synchronous path
 * and by the queue.
 */
#include "guest_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PIECES = 5, PAGE = 4096 };

struct limits {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: synchronous path */
	size_t block;
	bool scattered;
	char *out;
	char *in;
};

/* Layouts of a command's data: the offset into a page, and the number of pieces. Each piece that
 * ends within a page reduces the largest command by one page. */
static const struct layout {
	const char *name;
	size_t offset;
	size_t pieces;
} layouts[] = {
	{"whole pages", 0, 1},
	{"512 bytes into a page", 512, 1},
	{"4 bytes into a page", 4, 1},
	{"pieces of pages", 0, PIECES},
	{"pieces, each 512 bytes into a page", 512, PIECES},
};

/* Maps pages in the reverse order of their allocation; NULL: no memory */
static char *
scattered(size_t nbytes)
{
	size_t pages = (nbytes + PAGE - 1) / PAGE;
	int fd = memfd_create("scattered", 0);
	char *at = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool ok = fd >= 0 && at != MAP_FAILED && !ftruncate(fd, (off_t)(pages * PAGE));

	for (size_t i = 0; i < pages && ok; ++i) {
		ok = pwrite(fd, "", 1, (off_t)(i * PAGE)) == 1 &&
		     mmap(at + (pages - 1 - i) * PAGE, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_FIXED, fd, (off_t)(i * PAGE)) != MAP_FAILED;
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	return ok ? at : NULL;
}

/* Splits the bytes at `at` into consecutive pieces of multiples of 4 KiB: each but the last is half
 * of the rest */
static size_t
split(struct iovec vec[PIECES], size_t pieces, char *at, size_t nbytes)
{
	size_t cnt = 0;

	while (nbytes) {
		size_t piece = nbytes / 2 / 4096 * 4096;

		piece = cnt + 1 == pieces || !piece ? nbytes : piece;
		vec[cnt].iov_base = at;
		vec[cnt++].iov_len = piece;
		at += piece;
		nbytes -= piece;
	}
	return cnt;
}

/* One command for the first `blocks` blocks; returns 0 or an error, the completion in *ctx */
static int
io(struct limits *l, const struct layout *layout, uint8_t opcode, uint32_t blocks, char *buf,
   struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_cmd_ctx *used = l->queue ? xnvme_queue_get_cmd_ctx(l->queue) : ctx;
	size_t nbytes = blocks * l->block;
	struct iovec vec[PIECES];
	int err;

	*ctx = xnvme_cmd_ctx_from_dev(l->dev);
	if (l->queue) {
		xnvme_cmd_ctx_clear(used);
	}
	xnvme_prep_nvm(used, opcode, xnvme_dev_get_nsid(l->dev), 0, (uint16_t)(blocks - 1));
	if (layout->pieces > 1) {
		size_t cnt = split(vec, layout->pieces, buf + layout->offset, nbytes);

		err = xnvme_cmd_pass_iov(used, vec, cnt, nbytes, NULL, 0);
	} else {
		err = xnvme_cmd_pass(used, buf + layout->offset, nbytes, NULL, 0);
	}
	if (l->queue) {
		err = err ? err : xnvme_queue_drain(l->queue) != 1;
		ctx->cpl = used->cpl;
		err = err ? err : xnvme_cmd_ctx_cpl_status(ctx) ? -EIO : 0;
		(void)xnvme_queue_put_cmd_ctx(l->queue, used);
	}
	return err;
}

/* Writes and reads back; returns 0 or the error, which is printed unless it is permitted */
static int
there_and_back(struct limits *l, const struct layout *layout, uint32_t blocks, bool may_fail)
{
	size_t nbytes = blocks * l->block;
	struct xnvme_cmd_ctx ctx;
	int err;

	pattern_fill(l->out + layout->offset, nbytes, blocks + layout->offset);
	memset(l->in, 0, nbytes + layout->offset);
	err = io(l, layout, XNVME_SPEC_NVM_OPC_WRITE, blocks, l->out, &ctx);
	err = err ? err : io(l, layout, XNVME_SPEC_NVM_OPC_READ, blocks, l->in, &ctx);
	if (err) {
		int status = require(ctx.cpl.status.val, "failed without a status: %d", err);

		return status ? status : may_fail ? 0
			: require(false, "%zu bytes%s, %s, %s: %d, sct %u sc 0x%x", nbytes,
				  l->scattered ? " of scattered pages" : "", layout->name,
				  l->queue ? "queued" : "at once", err, ctx.cpl.status.sct,
				  ctx.cpl.status.sc);
	}
	return require(!memcmp(l->out + layout->offset, l->in + layout->offset, nbytes),
		       "%zu bytes, %s: not what was written", nbytes, layout->name);
}

static int
all_layouts(struct limits *l, uint32_t nbytes)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]) && !err; ++i) {
		size_t within = layouts[i].offset ? layouts[i].pieces - 1 : 0;
		uint32_t most = (uint32_t)((nbytes - within * PAGE) / l->block);

		err = there_and_back(l, &layouts[i], 1, false);
		err = err ? err : there_and_back(l, &layouts[i], most - 1, false);
		err = err ? err : there_and_back(l, &layouts[i], most, false);
		/* one block more: done, or refused with a status; never partially done */
		err = err ? err : there_and_back(l, &layouts[i], most + 1, true);
	}
	return err;
}

/* Runs both paths with the memory in `l` */
static int
both_paths(struct limits *l, uint32_t nbytes)
{
	int err = all_layouts(l, nbytes);

	err = err ? err : xnvme_queue_init(l->dev, 1, 0, &l->queue);
	err = err ? err : all_layouts(l, nbytes);
	(void)(l->queue && xnvme_queue_term(l->queue));
	l->queue = NULL;
	return err;
}

int
verb_limits(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct limits l = {.dev = dev, .block = geo->lba_nbytes};
	uint32_t most = geo->mdts_nbytes / geo->lba_nbytes;
	size_t nbytes = geo->mdts_nbytes + l.block + PAGE;
	int err;

	(void)request;
	err = require(most > 1 && most < 65536, "commands of at most %u bytes: too few or too many "
		      "for this test", geo->mdts_nbytes);
	if (err) {
		return err;
	}
	l.out = xnvme_buf_alloc(dev, nbytes);
	l.in = xnvme_buf_alloc(dev, nbytes);
	err = l.out && l.in ? both_paths(&l, geo->mdts_nbytes) : -ENOMEM;
	xnvme_buf_free(dev, l.out);
	xnvme_buf_free(dev, l.in);
	if (!err) {
		l.out = scattered(nbytes);
		l.in = scattered(nbytes);
		l.scattered = true;
		err = l.out && l.in ? both_paths(&l, geo->mdts_nbytes) : -ENOMEM;
		(void)(l.out && munmap(l.out, nbytes));
		(void)(l.in && munmap(l.in, nbytes));
	}
	(void)printf("at most %u blocks of %zu bytes\n", most, l.block);
	return err;
}

/* Writes commands of the largest size until one is refused; the message must name both limits. Then
 * opens the device again: commands of the new limit must pass on every path. */
int
verb_narrowed(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct limits l = {.dev = dev, .block = geo->lba_nbytes};
	struct xnvme_opts opts = *xnvme_dev_get_opts(dev);
	time_t end = time(NULL) + (time_t)request->seconds;
	const uint32_t most = geo->mdts_nbytes;
	struct xnvme_cmd_ctx ctx;
	int err = 0;

	l.out = xnvme_buf_alloc(dev, most);
	(void)printf("begun\n");
	(void)fflush(stdout);
	while (l.out && !err && time(NULL) < end) {
		err = io(&l, &layouts[0], XNVME_SPEC_NVM_OPC_WRITE, most / geo->lba_nbytes, l.out,
			 &ctx);
	}
	err = !l.out ? -ENOMEM
		: require(err == -EINVAL && strstr(xnvme_err_text(), "when it was opened and is"),
			  "%u bytes: %d, and not the refusal that names both limits", most, err);
	l.dev = err ? NULL : xnvme_dev_open(xnvme_dev_get_ident(dev)->uri, &opts);
	err = err || l.dev ? err : -errno;
	if (!err) {
		uint32_t now = xnvme_dev_get_geo(l.dev)->mdts_nbytes;

		err = require(now < most, "opened anew: still %u bytes", now);
		for (int i = 0; i < 8 && !err; ++i) {
			err = io(&l, &layouts[0], XNVME_SPEC_NVM_OPC_WRITE,
				 now / geo->lba_nbytes, l.out, &ctx);
		}
	}
	xnvme_buf_free(dev, l.out);
	xnvme_dev_close(l.dev);
	return err;
}
