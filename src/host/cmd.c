/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Passing a command: make the cheap checks, then submit it to the path.
 *
 * Budget of the asynchronous case: get, prepare, pass, poke, callback and put together take at most
 * 60 instructions in addition to those of the path; bench/path_cost measures it.
 */
#include <host/carry.h>
#include <host/err.h>
#include <host/queue.h>

#include <base/assert.h>
#include <base/likely.h>
#include <errno.h>
#include <string.h>

struct xnvme_cmd_ctx
xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = {.dev = dev, .opts = XNVME_CMD_SYNC};

	return ctx;
}

struct xnvme_cmd_ctx *
xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue)
{
	return xnvme_queue_get_cmd_ctx(queue);
}

void
xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx)
{
	memset(&ctx->cmd, 0, sizeof(ctx->cmd));
	memset(&ctx->cpl, 0, sizeof(ctx->cpl));
}

/* Are blocks beyond the end of the namespace? `nlb` is zeroes based: slba + nlb is the last
 * block. */
static inline bool
out_of_bounds(const struct xnvme_dev *dev, const struct xnvme_cmd_ctx *ctx)
{
	uint64_t last;

	geo_check(dev);
	if (!dev->bounded[ctx->cmd.common.opcode]) {
		return false;
	}
	return UNLIKELY(__builtin_add_overflow(ctx->cmd.nvm.slba, ctx->cmd.nvm.nlb,
					       &last) || last >= dev->nsze);
}

/* Bit 0 of an opcode: the host sends data to the controller (NVMe Base 2.0, Opcodes). Exceptions:
 * some commands that change stored data send none, and Compare sends data but changes nothing. On a
 * path with bytes at an offset, the opcodes of the file pseudo set are not vendor specific and have
 * their meaning for files. */
bool
dev_forbids(const struct xnvme_dev *dev, enum path_role role, uint8_t opcode)
{
	ASSERT(role != ROLE_ADMIN); /* see forbids_admin() */
	if (!dev->opts.rdonly) {
		return false;
	}
	if (dev_path_of(dev, role)->bytes == BYTES_YES &&
	    (opcode == XNVME_SPEC_FS_OPC_FLUSH || opcode == XNVME_SPEC_FS_OPC_WRITE)) {
		return opcode == XNVME_SPEC_FS_OPC_WRITE;
	}
	switch (opcode) {
	case XNVME_SPEC_NVM_OPC_COMPARE:
		return dev->ident.csi == XNVME_SPEC_CSI_KV;
	case XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE:
	case XNVME_SPEC_NVM_OPC_WRITE_ZEROES:
		return true;
	case XNVME_SPEC_KV_OPC_DELETE:
		return dev->ident.csi == XNVME_SPEC_CSI_KV;
	default:
		return opcode & 1;
	}
}

/* Admin commands that change stored data, or what the controller does with it, are refused, and so
 * are resets, which end other users' commands. A rescan makes the kernel read again. */
static bool
forbids_admin(const struct xnvme_cmd_ctx *ctx)
{
	uint8_t opcode = ctx->cmd.common.opcode;

	dev_open_check(ctx->dev);
	if (!ctx->dev->opts.rdonly) {
		return false;
	}
	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return opcode == PSEUDO_SUBSYSTEM_RESET || opcode == PSEUDO_CONTROLLER_RESET;
	}
	switch (opcode) {
	case XNVME_SPEC_ADM_OPC_SFEAT:
	case XNVME_SPEC_ADM_OPC_NS_MGMT:
	case XNVME_SPEC_ADM_OPC_FW_COMMIT:
	case XNVME_SPEC_ADM_OPC_FW_DOWNLOAD:
	case XNVME_SPEC_ADM_OPC_NS_ATTACH:
	case XNVME_SPEC_ADM_OPC_DSEND:
	case XNVME_SPEC_ADM_OPC_VIRT_MGMT:
	case XNVME_SPEC_ADM_OPC_MI_SEND:
	case XNVME_SPEC_ADM_OPC_CAPACITY_MGMT:
	case XNVME_SPEC_ADM_OPC_LOCKDOWN:
	case XNVME_SPEC_ADM_OPC_FORMAT:
	case XNVME_SPEC_ADM_OPC_SECURITY_SEND:
	case XNVME_SPEC_ADM_OPC_SANITIZE:
		return true;
	default:
		return false;
	}
}

static int
forbidden(struct xnvme_cmd_ctx *ctx)
{
	ASSERT(ctx->dev->opts.rdonly);
	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return err_set(cpl_set_errno(ctx, -EBADF), "a reset is not for '%s', which was "
			       "opened with rdonly", ctx->dev->ident.uri);
	}
	return err_set(cpl_set_errno(ctx, -EBADF), "command 0x%02x changes what '%s' holds, "
		       "which was opened with rdonly", ctx->cmd.common.opcode,
		       ctx->dev->ident.uri);
}

int
pass_forbidden(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes, struct xnvme_queue *q)
{
	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	ASSERT(q->dev->opts.rdonly && q->outstanding < q->capacity);
	return queue_fail(q, ctx, forbidden(ctx));
}

static int
pass_sync(struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct xnvme_dev *dev = ctx->dev;

	dev_open_check(dev);
	payload_check(payload);
	path_check(dev->path[ROLE_SYNC], ROLE_SYNC);
	cpl_clear(ctx);
	if (UNLIKELY(dev->opts.rdonly) &&
	    dev_forbids(dev, ROLE_SYNC, ctx->cmd.common.opcode)) {
		return forbidden(ctx);
	}
	if (out_of_bounds(dev, ctx)) {
		return err_set(cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE)),
			       "blocks %llu and the %u after it are not all on the device: it "
			       "ends before block %llu",
			       (unsigned long long)ctx->cmd.nvm.slba, ctx->cmd.nvm.nlb,
			       (unsigned long long)dev->nsze);
	}
	return dev->path[ROLE_SYNC]->call(ctx, ROLE_SYNC, payload);
}

static int
pass_beyond(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	queue_check(q);
	ASSERT(out_of_bounds(ctx->dev, ctx));
	(void)cpl_set_status(ctx, STATUS(LBA_OUT_OF_RANGE));
	return queue_done(q, ctx);
}

/* Out of line, with the arguments of pass_checked() in place: keeps the code for a valid command
 * short */
static __attribute__((noinline)) int
pass_flat_beyond(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		 size_t mbuf_nbytes, struct xnvme_queue *q)
{
	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	ASSERT(q == ctx->async.queue);
	return pass_beyond(q, ctx);
}

static __attribute__((noinline)) int
pass_sync_flat(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf,
				  .meta_nbytes = mbuf_nbytes};

	return pass_sync(ctx, &payload);
}

int
pass_checked(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	queue_check(q);
	ASSERT(q->outstanding < q->capacity && q->submit);
	if (out_of_bounds(ctx->dev, ctx)) {
		return pass_flat_beyond(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	return q->submit(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
}

int
xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes)
{
	if (UNLIKELY(!(ctx->opts & XNVME_CMD_ASYNC))) {
		return pass_sync_flat(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes);
	}
	struct xnvme_queue *q = ctx->async.queue;

	queue_check(q);
	if (UNLIKELY(q->outstanding >= q->capacity)) {
		return -EBUSY;
	}
	cpl_clear(ctx);
	return q->pass[ctx->cmd.common.opcode](ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
}

/* The total must be the sum of the entries, since paths rely on it */
static int
check_vec(const struct iovec *vec, size_t cnt, size_t nbytes)
{
	size_t total = 0;

	if (cnt > UINT32_MAX || (cnt && !vec)) {
		return err_set(-EINVAL, "a command's vector has %zu entries at address %p", cnt,
			       (const void *)vec);
	}
	for (size_t i = 0; i < cnt; ++i) {
		if (__builtin_add_overflow(total, vec[i].iov_len, &total)) {
			return err_set(-EINVAL, "a command's vector holds more than 2^64 bytes");
		}
		if (!vec[i].iov_base && vec[i].iov_len) {
			return err_set(-EINVAL, "entry %zu of a command's vector has %zu bytes, "
				       "but no buffer: NULL", i, vec[i].iov_len);
		}
	}
	if (total != nbytes) {
		return err_set(-EINVAL, "a command's vector holds %zu bytes, but %zu were named",
			       total, nbytes);
	}
	return 0;
}

/* `err` is the result of check_vec() */
static int
pass_vec(struct xnvme_cmd_ctx *ctx, const struct payload *payload, int err)
{
	if (!(ctx->opts & XNVME_CMD_ASYNC)) {
		cpl_clear(ctx);
		return err ? cpl_set_errno(ctx, err) : pass_sync(ctx, payload);
	}
	struct xnvme_queue *q = ctx->async.queue;

	queue_check(q);
	if (q->outstanding >= q->capacity) {
		return -EBUSY;
	}
	cpl_clear(ctx);
	if (err) {
		return queue_fail(q, ctx, err);
	}
	if (dev_forbids(ctx->dev, ROLE_ASYNC, ctx->cmd.common.opcode)) {
		return queue_fail(q, ctx, forbidden(ctx));
	}
	if (out_of_bounds(ctx->dev, ctx)) {
		return pass_beyond(q, ctx);
	}
	payload_check(payload);
	return q->path->submitv(q, ctx, payload);
}

int
xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		   size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes)
{
	struct payload payload = {.vec = dvec, .vec_cnt = (uint32_t)dvec_cnt,
				  .data_nbytes = dvec_nbytes, .meta = mbuf,
				  .meta_nbytes = mbuf_nbytes};

	if (!dvec_cnt) {
		return xnvme_cmd_pass(ctx, NULL, dvec_nbytes, mbuf, mbuf_nbytes);
	}
	/* before the number of elements is reduced to 32 bits in `payload` */
	return pass_vec(ctx, &payload, check_vec(dvec, dvec_cnt, dvec_nbytes));
}

int
xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes)
{
	int err = check_vec(mvec, mvec_cnt, mvec_cnt ? mvec_nbytes : 0);

	if (err) {
		struct xnvme_queue *q = ctx->opts & XNVME_CMD_ASYNC ? ctx->async.queue : NULL;

		cpl_clear(ctx);
		if (!q) {
			return cpl_set_errno(ctx, err);
		}
		return q->outstanding < q->capacity ? queue_fail(q, ctx, err) : -EBUSY;
	}
	ASSERT(mvec || !mvec_cnt);
	if (mvec_cnt > 1 && mvec_nbytes) {
		return carry_meta_vec(ctx, dvec, dvec_cnt, dvec_nbytes, mvec, mvec_cnt,
				     mvec_nbytes);
	}
	return xnvme_cmd_pass_iov(ctx, dvec, dvec_cnt, dvec_nbytes,
				  mvec_cnt ? mvec->iov_base : NULL, mvec_cnt ? mvec_nbytes : 0);
}

/* The number of bytes that the controller writes, computed from the command: NVMe Base 2.0,
 * Identify and Get Log Page. The command does not carry the size of the buffer. */
static uint64_t
filled_nbytes(const struct xnvme_cmd_ctx *ctx)
{
	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return 0;
	}
	switch (ctx->cmd.common.opcode) {
	case XNVME_SPEC_ADM_OPC_IDFY:
		return sizeof(struct xnvme_spec_idfy);
	case XNVME_SPEC_ADM_OPC_LOG:
		return ((uint64_t)ctx->cmd.log.numdu << 16 | ctx->cmd.log.numdl) * 4 + 4;
	default:
		return 0;
	}
}

int
xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		     size_t mbuf_nbytes)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf,
				  .meta_nbytes = mbuf_nbytes};
	struct xnvme_dev *dev = ctx->dev;

	dev_open_check(dev);
	path_check(dev->path[ROLE_ADMIN], ROLE_ADMIN);
	payload_check(&payload);
	cpl_clear(ctx);
	if (forbids_admin(ctx)) {
		return forbidden(ctx);
	}
	if (dbuf_nbytes < filled_nbytes(ctx)) {
		return err_set(cpl_set_errno(ctx, -EINVAL), "admin command 0x%02x fills %llu "
			       "bytes, but the buffer has %zu", ctx->cmd.common.opcode,
			       (unsigned long long)filled_nbytes(ctx), dbuf_nbytes);
	}
	return dev->path[ROLE_ADMIN]->call(ctx, ROLE_ADMIN, &payload);
}
