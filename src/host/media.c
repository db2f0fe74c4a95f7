/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/media.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host/media_fd.h>
#include <string.h>

#define SCRATCH_NBYTES (32 * 1024)

/* What cmd.c has checked, by dev->bounded, and offsets in bytes rely on */
static void
blocks_check(const struct xnvme_cmd_ctx *ctx)
{
	geo_check(ctx->dev);
	ASSERT(ctx->dev->bounded[ctx->cmd.common.opcode]);
	ASSERT(ctx->cmd.nvm.slba < ctx->dev->nsze &&
	       ctx->cmd.nvm.nlb < ctx->dev->nsze - ctx->cmd.nvm.slba);
}

static int
refuse_meta(struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	const struct xnvme_dev *dev = ctx->dev;

	ASSERT(payload->meta && payload->meta_nbytes);
	(void)cpl_set_errno(ctx, ENOTSUP);
	return dev->geo.nbytes_oob ?
		err_set(-ENOTSUP, "a command has %zu bytes of metadata, but reads and writes of "
			"'%s' as a file or block device carry none: pass it through as a command "
			"(async=io_uring_cmd, sync=nvme)", payload->meta_nbytes, dev->ident.uri) :
		err_set(-ENOTSUP, "a command has %zu bytes of metadata, but the blocks of '%s' "
			"have none: pass no buffer for them", payload->meta_nbytes,
			dev->ident.uri);
}

/* Metadata cannot be moved: a write would drop it, and a read would leave the buffer empty */
static bool
has_meta(const struct payload *payload)
{
	return payload->meta && payload->meta_nbytes;
}

int
media_span(struct xnvme_cmd_ctx *ctx, const struct payload *payload, struct media_span *span)
{
	const struct xnvme_dev *dev = ctx->dev;
	size_t data_nbytes = payload->data_nbytes;
	uint32_t opcode = ctx->cmd.common.opcode;
	size_t nbytes = ((size_t)ctx->cmd.nvm.nlb + 1) << dev->lba_shift;

	payload_check(payload);
	switch (opcode) {
	case XNVME_SPEC_NVM_OPC_READ:
	case XNVME_SPEC_NVM_OPC_WRITE:
		if (data_nbytes != nbytes) {
			return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
				       "the command names %u blocks, which are %zu bytes, but the "
				       "buffer has %zu", ctx->cmd.nvm.nlb + 1u, nbytes,
				       data_nbytes);
		}
		blocks_check(ctx);
		span->offset = ctx->cmd.nvm.slba << dev->lba_shift;
		span->write = opcode == XNVME_SPEC_NVM_OPC_WRITE;
		span->durable = ctx->cmd.nvm.fua;
		span->exact = true;
		break;
	case XNVME_SPEC_FS_OPC_READ:
	case XNVME_SPEC_FS_OPC_WRITE:
		span->offset = ctx->cmd.nvm.slba;
		span->write = opcode == XNVME_SPEC_FS_OPC_WRITE;
		span->durable = ctx->cmd.nvm.fua;
		span->exact = span->write;
		if (span->offset > INT64_MAX || data_nbytes > INT64_MAX - span->offset) {
			return err_set(cpl_set_errno(ctx, EOVERFLOW), "%zu bytes at offset %llu: "
				       "no file is that long", data_nbytes,
				       (unsigned long long)span->offset);
		}
		break;
	default:
		return 0;
	}
	if (has_meta(payload)) {
		return refuse_meta(ctx, payload);
	}
	if (span->write && media_disorders(dev)) {
		return err_set(cpl_set_errno(ctx, ENOTSUP), "the zones of '%s' are written in "
			       "order, which the page cache does not keep: open with direct",
			       dev->ident.uri);
	}
	span->nbytes = data_nbytes;
	return 1;
}

static const char *
why_moved(int err)
{
	return err == EILSEQ ? "protection information and data do not match (a guard or a tag)"
			     : strerror(err);
}

int
media_moved(struct xnvme_cmd_ctx *ctx, const struct media_span *span, ssize_t moved)
{
	bool is_short = moved < 0 || (span->exact && (size_t)moved != span->nbytes);

	ASSERT(moved < 0 || (size_t)moved <= span->nbytes);
	if (is_short && dev_fd_gone(ctx)) {
		return -ENODEV;
	}
	if (moved < 0 && dev_fd_unaligned(ctx, (int)moved)) {
		return -EINVAL;
	}
	if (moved < 0) {
		return err_set(cpl_set_errno(ctx, (int)moved), "%s %zu bytes at offset %llu: %s",
			       span->write ? "writing" : "reading", span->nbytes,
			       (unsigned long long)span->offset, why_moved((int)-moved));
	}
	if (is_short) {
		return err_set(cpl_set_errno(ctx, EIO), "%s at offset %llu moved %zd of %zu bytes: "
			       "the device or file is shorter than when it was opened",
			       span->write ? "writing" : "reading",
			       (unsigned long long)span->offset, moved, span->nbytes);
	}
	ctx->cpl.result = (uint64_t)moved;
	return 0;
}

static int
failed(struct xnvme_cmd_ctx *ctx, const char *what, int err)
{
	ASSERT(err < 0);
	return dev_fd_gone(ctx) ? -ENODEV :
		err_set(cpl_set_errno(ctx, err), "%s: %s", what, strerror(-err));
}

static int
transfer(struct xnvme_cmd_ctx *ctx, const struct payload *payload, const struct media_ops *media,
	 const struct media_span *span)
{
	struct iovec flat = {payload->data, payload->data_nbytes};
	const struct iovec *vec = payload->vec ? payload->vec : &flat;
	uint32_t cnt = payload->vec ? payload->vec_cnt : 1;
	ssize_t moved;

	media_check(media);
	payload_check(payload);
	ASSERT(span->nbytes == payload->data_nbytes);
	if (!payload->vec && !payload->data && payload->data_nbytes) {
		return err_set(cpl_set_errno(ctx, EFAULT), "a command of %zu bytes has no buffer",
			       payload->data_nbytes);
	}
	moved = span->write ? media->writev(ctx->dev, vec, cnt, span->offset, span->durable)
			    : media->readv(ctx->dev, vec, cnt, span->offset);
	return media_moved(ctx, span, moved);
}

/* Copies `nbytes` bytes of the payload, from offset `skip` on, to `dst` */
static void
gather(const struct payload *payload, size_t skip, void *dst, size_t nbytes)
{
	payload_check(payload);
	ASSERT(skip <= payload->data_nbytes && nbytes <= payload->data_nbytes - skip);
	if (!payload->vec) {
		memcpy(dst, (const char *)payload->data + skip, nbytes);
		return;
	}
	char *out = dst;

	for (uint32_t i = 0; i < payload->vec_cnt && nbytes; ++i) {
		size_t len = payload->vec[i].iov_len;

		if (skip >= len) {
			skip -= len;
			continue;
		}
		size_t part = len - skip < nbytes ? len - skip : nbytes;

		memcpy(out, (const char *)payload->vec[i].iov_base + skip, part);
		out += part;
		nbytes -= part;
		skip = 0;
	}
	ASSERT(!nbytes); /* the pieces hold the total, see xnvme_cmd_pass_iov() */
}

static int
read_exact(struct xnvme_dev *dev, const struct media_ops *media, void *buf, size_t nbytes,
	   uint64_t offset)
{
	struct iovec vec = {buf, nbytes};
	ssize_t moved = media->readv(dev, &vec, 1, offset);

	ASSERT(nbytes > 0 && nbytes <= SCRATCH_NBYTES);
	return moved < 0 ? (int)moved : (size_t)moved == nbytes ? 0 : -EIO;
}

static int
compare(struct xnvme_cmd_ctx *ctx, const struct payload *payload, const struct media_ops *media)
{
	_Alignas(4096) char stored[SCRATCH_NBYTES];
	char given[4096];
	size_t nbytes = ((size_t)ctx->cmd.nvm.nlb + 1) << ctx->dev->lba_shift;
	uint64_t offset = ctx->cmd.nvm.slba << ctx->dev->lba_shift;

	blocks_check(ctx);
	if (payload->data_nbytes != nbytes || (!payload->data && !payload->vec)) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "compare names %zu bytes, but the buffer has %zu", nbytes,
			       payload->data_nbytes);
	}
	for (size_t done = 0; done < nbytes;) {
		size_t part = nbytes - done < sizeof(stored) ? nbytes - done : sizeof(stored);
		int err = read_exact(ctx->dev, media, stored, part, offset + done);

		if (err) {
			return failed(ctx, "reading what is to be compared", err);
		}
		for (size_t at = 0; at < part; at += sizeof(given)) {
			size_t n = part - at < sizeof(given) ? part - at : sizeof(given);

			gather(payload, done + at, given, n);
			if (memcmp(stored + at, given, n) != 0) {
				return err_set(cpl_set_status(ctx, STATUS(COMPARE_FAILURE)),
					       "the data differ from what is stored");
			}
		}
		done += part;
	}
	return 0;
}

/* Reads the range and discards the bytes: NVM Command Set 1.0, Verify */
static int
verify(struct xnvme_cmd_ctx *ctx, const struct media_ops *media)
{
	_Alignas(4096) char stored[SCRATCH_NBYTES];
	size_t nbytes = ((size_t)ctx->cmd.nvm.nlb + 1) << ctx->dev->lba_shift;
	uint64_t offset = ctx->cmd.nvm.slba << ctx->dev->lba_shift;

	blocks_check(ctx);
	for (size_t done = 0; done < nbytes;) {
		size_t part = nbytes - done < sizeof(stored) ? nbytes - done : sizeof(stored);
		int err = read_exact(ctx->dev, media, stored, part, offset + done);

		if (err) {
			return failed(ctx, "reading what is to be verified", err);
		}
		done += part;
	}
	return 0;
}

static int
write_zeroes(struct xnvme_cmd_ctx *ctx, const struct media_ops *media)
{
	const struct xnvme_dev *dev = ctx->dev;
	uint64_t nbytes = ((uint64_t)ctx->cmd.write_zeroes.nlb + 1) << dev->lba_shift;
	int err;

	blocks_check(ctx);
	err = media->zero(ctx->dev, ctx->cmd.write_zeroes.slba << dev->lba_shift, nbytes,
			  ctx->cmd.write_zeroes.deac);
	if (!err && ctx->cmd.write_zeroes.fua) {
		err = media->flush(ctx->dev);
	}
	return err ? failed(ctx, "writing zeroes", err) : 0;
}

static bool
range_fits(const struct xnvme_dev *dev, uint64_t slba, uint64_t count)
{
	return slba <= dev->nsze && count <= dev->nsze - slba;
}

/* Copies the ranges of a DSM or copy into `ranges`, so that a vectored payload works too */
static int
take_ranges(struct xnvme_cmd_ctx *ctx, const struct payload *payload, void *ranges, size_t nbytes)
{
	ASSERT(nbytes > 0 && nbytes % 16 == 0);
	payload_check(payload);
	if (payload->data_nbytes < nbytes || (!payload->data && !payload->vec)) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "the command's ranges take %zu bytes, but the buffer has %zu",
			       nbytes, payload->data_nbytes);
	}
	gather(payload, 0, ranges, nbytes);
	return 0;
}

static int
dataset_management(struct xnvme_cmd_ctx *ctx, const struct payload *payload,
		   const struct media_ops *media)
{
	struct xnvme_spec_dsm_range ranges[256];
	size_t cnt = ctx->cmd.dsm.nr + 1u;
	int err = take_ranges(ctx, payload, ranges, cnt * sizeof(ranges[0]));

	ASSERT(cnt <= sizeof(ranges) / sizeof(ranges[0]));
	for (size_t i = 0; i < cnt && !err; ++i) {
		if (!range_fits(ctx->dev, ranges[i].slba, ranges[i].llb)) {
			err = err_set(cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE)),
				      "range %zu of the dataset management is beyond the end", i);
		}
	}
	if (err || !ctx->cmd.dsm.ad) {
		return err; /* the other attributes are hints without a use here */
	}
	for (size_t i = 0; i < cnt; ++i) {
		err = media->discard(ctx->dev, ranges[i].slba << ctx->dev->lba_shift,
				     (uint64_t)ranges[i].llb << ctx->dev->lba_shift);
		if (err) {
			return failed(ctx, "deallocating", err);
		}
	}
	return 0;
}

static int
copy_range(struct xnvme_dev *dev, const struct media_ops *media, uint64_t from, uint64_t to,
	   uint64_t nbytes, bool durable)
{
	_Alignas(4096) char scratch[SCRATCH_NBYTES];

	ASSERT(!(nbytes & ((1ULL << dev->lba_shift) - 1)));
	while (nbytes) {
		size_t part = nbytes < sizeof(scratch) ? (size_t)nbytes : sizeof(scratch);
		struct iovec vec = {scratch, part};
		int err = read_exact(dev, media, scratch, part, from);
		ssize_t moved = err ? err : media->writev(dev, &vec, 1, to, durable);

		if (moved != (ssize_t)part) {
			return moved < 0 ? (int)moved : -EIO;
		}
		from += part;
		to += part;
		nbytes -= part;
	}
	return 0;
}

static int
copy(struct xnvme_cmd_ctx *ctx, const struct payload *payload, const struct media_ops *media)
{
	struct xnvme_spec_nvm_scopy_fmt_zero ranges[256];
	struct xnvme_dev *dev = ctx->dev;
	size_t cnt = ctx->cmd.scopy.nr + 1u;
	uint64_t to = ctx->cmd.scopy.sdlba;
	uint64_t total = 0;

	ASSERT(cnt <= sizeof(ranges) / sizeof(ranges[0]));
	if (ctx->cmd.scopy.df) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "descriptor format %u of a copy is not supported here; use format 0",
			       ctx->cmd.scopy.df);
	}
	int err = take_ranges(ctx, payload, ranges, cnt * sizeof(ranges[0]));

	for (size_t i = 0; i < cnt && !err; ++i) {
		total += ranges[i].nlb + 1ULL;
		if (!range_fits(dev, ranges[i].slba, ranges[i].nlb + 1ULL)) {
			err = err_set(cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE)),
				      "source %zu of the copy is beyond the end", i);
		}
	}
	if (!err && !range_fits(dev, to, total)) {
		err = err_set(cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE)),
			      "the destination of the copy is beyond the end");
	}
	for (size_t i = 0; i < cnt && !err; ++i) {
		uint64_t count = ranges[i].nlb + 1ULL;

		err = copy_range(dev, media, ranges[i].slba << dev->lba_shift,
				 to << dev->lba_shift, count << dev->lba_shift,
				 ctx->cmd.scopy.fua);
		if (err) {
			return failed(ctx, "copying", err);
		}
		to += count;
	}
	ASSERT(err || to == ctx->cmd.scopy.sdlba + total);
	return err;
}

static int
invalid_opcode(struct xnvme_cmd_ctx *ctx)
{
	return err_set(cpl_set_status(ctx, STATUS(INVALID_OPCODE)),
		       "there is no command 0x%02x for '%s': it takes read, write, flush, "
		       "write zeroes, compare, verify, dataset management and copy",
		       ctx->cmd.common.opcode, ctx->dev->ident.uri);
}

int
media_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload, const struct media_ops *media)
{
	struct media_span span;
	int rc = media_span(ctx, payload, &span);

	dev_open_check(ctx->dev);
	media_check(media);
	if (rc) {
		return rc < 0 ? rc : transfer(ctx, payload, media, &span);
	}
	if (has_meta(payload)) {
		return refuse_meta(ctx, payload);
	}
	switch (ctx->cmd.common.opcode) {
	case XNVME_SPEC_NVM_OPC_FLUSH:
	case XNVME_SPEC_FS_OPC_FLUSH:
		rc = media->flush(ctx->dev);
		return rc ? failed(ctx, "flushing", rc) : 0;
	case XNVME_SPEC_NVM_OPC_COMPARE:
		return compare(ctx, payload, media);
	case XNVME_SPEC_NVM_OPC_VERIFY:
		return verify(ctx, media);
	case XNVME_SPEC_NVM_OPC_WRITE_ZEROES:
		return write_zeroes(ctx, media);
	case XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT:
		return dataset_management(ctx, payload, media);
	case XNVME_SPEC_NVM_OPC_SCOPY:
		return copy(ctx, payload, media);
	default:
		return invalid_opcode(ctx);
	}
}
