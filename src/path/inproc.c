/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The path "virt": direct calls into an engine in this process. The only file that uses both the
 * library and the virtual SSD.
 *
 * A handle holds one open of its SSD. Queues map to queues of export/inproc one to one; sync and
 * admin commands are its blocking calls, from any thread.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <export/inproc/inproc.h>
#include <host/err.h>
#include <host/paths.h>
#include <host/queue.h>
#include <virt/public.h>
#include <base/likely.h>

enum {
	REAP_BATCH = 32,
	WHY_NBYTES = 1024,
};

/* As bits */
#define EXACT_OPCODES                                                                              \
	(1ULL << XNVME_SPEC_NVM_OPC_WRITE | 1ULL << XNVME_SPEC_NVM_OPC_READ |                      \
	 1ULL << XNVME_SPEC_NVM_OPC_COMPARE)

/* The engine's access to the host memory of one command */
struct virt_dma {
	struct ssd_dma dma;
	const struct payload *payload;
};

static struct virt *
virt_of(const struct xnvme_dev *dev)
{
	return dev->handle;
}

/* A queue, and the completions that reap has taken from it and not delivered yet. They belong to
 * the queue, not to one call: a callback that polls or drains delivers the rest of them. */
struct virt_queue {
	struct inproc_queue *queue;
	uint32_t next; /* index in cpls */
	uint32_t end;
	struct inproc_cpl cpls[REAP_BATCH];
};

static struct inproc_queue *
queue_of(const struct xnvme_queue *q)
{
	const struct virt_queue *vq = q->state;

	return vq->queue;
}

/* Copy between `flat` and the vectors of the payload, from byte `offset` of them */
static uint16_t
vec_copy(const struct payload *payload, uint64_t offset, uint8_t *flat, size_t nbytes, bool to_vec)
{
	for (uint32_t i = 0; i < payload->vec_cnt && nbytes; i += 1) {
		const struct iovec *vec = &payload->vec[i];
		size_t part;

		if (offset >= vec->iov_len) {
			offset -= vec->iov_len;
			continue;
		}
		part = vec->iov_len - offset < nbytes ? vec->iov_len - (size_t)offset : nbytes;
		if (to_vec) {
			memcpy((uint8_t *)vec->iov_base + offset, flat, part);
		} else {
			memcpy(flat, (uint8_t *)vec->iov_base + offset, part);
		}
		flat += part;
		nbytes -= part;
		offset = 0;
	}
	return nbytes ? STATUS(DATA_TRANSFER_ERROR) : 0;
}

static uint16_t
copy_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	return vec_copy(((const struct virt_dma *)dma)->payload, offset, dst, nbytes, false);
}

static uint16_t
copy_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	return vec_copy(((const struct virt_dma *)dma)->payload, offset, (uint8_t *)(uintptr_t)src,
			nbytes, true);
}

/* Metadata is always one flat buffer: without one no transfer is possible */
static uint16_t
no_meta_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	(void)dma;
	(void)offset;
	(void)dst;
	return nbytes ? STATUS(DATA_TRANSFER_ERROR) : 0;
}

static uint16_t
no_meta_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	(void)src;
	return no_meta_in(dma, offset, NULL, nbytes);
}

static uint16_t
check_length(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	const struct payload *payload = ((struct virt_dma *)dma)->payload;

	(void)meta_nbytes;
	(void)to_host;
	dma->flat = payload->data;
	dma->meta_flat = payload->meta;
	return dma->nbytes == nbytes ? 0 : STATUS(INVALID_FIELD) | STATUS_DNR;
}

/*
 * Commands whose length follows from their number of blocks: a buffer of another length is an error
 * of the caller, since only a part might be transferred. If the length is certainly right, the
 * engine takes its fast path; otherwise it calls check_length() before the transfer.
 */
static inline bool
needs_check(const struct xnvme_cmd_ctx *ctx, enum path_role role, uint64_t nbytes)
{
	const struct xnvme_dev *dev = ctx->dev;
	uint32_t opcode = ctx->cmd.common.opcode;

	if (role == ROLE_ADMIN || opcode >= 64 || !((EXACT_OPCODES >> opcode) & 1) ||
	    dev->ident.csi == XNVME_SPEC_CSI_KV) {
		return false;
	}
	return nbytes != (uint64_t)(ctx->cmd.nvm.nlb + 1) * dev->lba_nbytes ||
	       ctx->cmd.common.nsid != dev->ident.nsid || dev->geo.nbytes_oob;
}

static inline void
dma_init(struct virt_dma *to, const struct xnvme_cmd_ctx *ctx, enum path_role role,
	 const struct payload *payload)
{
	bool has_data = payload->data || payload->vec;

	to->payload = payload;
	to->dma = (struct ssd_dma){
		.start = payload->data, .start_nbytes = payload->data ? payload->data_nbytes : 0,
		.flat = payload->data, .meta_flat = payload->meta,
		.nbytes = has_data ? payload->data_nbytes : 0,
		.meta_nbytes = payload->meta ? payload->meta_nbytes : 0,
		.copy_in = copy_in, .copy_out = copy_out,
		.meta_in = no_meta_in, .meta_out = no_meta_out};
	if (UNLIKELY(needs_check(ctx, role, to->dma.nbytes))) {
		to->dma.prepare = check_length;
		to->dma.start_nbytes = 0; /* no fast path before check_length() */
		to->dma.flat = to->dma.meta_flat = NULL;
	}
}

static inline void
fill_cpl(struct xnvme_cmd_ctx *ctx, const struct inproc_cpl *cpl)
{
	ctx->cpl.result = cpl->result;
	ctx->cpl.cid = cpl->cid;
	ctx->cpl.status.val = (uint16_t)(cpl->status << 1); /* bit 0 is the phase */
	if (UNLIKELY(cpl->end == INPROC_TIMEOUT)) {
		(void)cpl_set_errno(ctx, -ETIMEDOUT);
	}
}

static const char *const media_names[] = {
	[VIRT_MEDIA_MEMORY] = "memory", [VIRT_MEDIA_FILE] = "file", [VIRT_MEDIA_NONE] = "none"};

static int
virt_kind_open(struct xnvme_dev *dev, const char *uri)
{
	struct virt_spec spec;
	struct virt *virt;
	struct virt_stats stats;
	char why_buf[WHY_NBYTES];
	struct text why = text_on(why_buf, sizeof(why_buf));
	int err;

	if (!virt_spec_parse(&spec, uri, &why)) {
		return err_set(-EINVAL, "'%s': %s", uri, why_buf);
	}
	spec.read_only = dev->opts.rdonly;
	err = virt_open(&spec, &virt, &why);
	if (err) {
		return err_set(err, "'%s': %s", uri, why_buf);
	}
	virt_get_stats(virt, &stats);
	if (stats.media_was_left) {
		dev_note(dev, "the media file was not closed when it was used last; what had "
			 "been written is there");
	}
	(void)snprintf(dev->features, sizeof(dev->features), "clock_%s,media_%s",
		       virt_spec_is_virtual(virt_spec_of(virt)) ? "virtual" : "real",
		       media_names[virt_spec_of(virt)->media]);
	dev->handle = virt;
	dev->ident.dtype = DTYPE_NAMESPACE;
	dev->ident.nsid = dev->opts.nsid;
	return 0;
}

static void
virt_kind_close(struct xnvme_dev *dev)
{
	virt_close(virt_of(dev));
	dev->handle = NULL;
}

extern const struct kind kind_virt;
const struct kind kind_virt = {
	.kind = KIND_VIRT,
	.open = virt_kind_open,
	.close = virt_kind_close,
	.dev_name = "virt",
};

int
nvmevirt_from_dev(const struct xnvme_dev *dev, struct nvmevirt **ssd)
{
	*ssd = NULL;
	if (dev->kind != KIND_VIRT) {
		return public_refuse(-ENOTSUP, "the device is not a virtual SSD of this process; "
				       "open one as virt:<preset>");
	}
	return public_from_virt(virt_share(virt_of(dev)), ssd);
}

static int
virt_pseudo(struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct virt *virt = virt_of(ctx->dev);

	(void)payload;
	switch (ctx->cmd.common.opcode) {
	case PSEUDO_SUBSYSTEM_RESET:
	case PSEUDO_CONTROLLER_RESET:
		virt_reset(virt);
		return 0;
	case PSEUDO_NAMESPACE_RESCAN: /* a handle has one namespace, and reads its state itself */
		return 0;
	default:
		return err_set(cpl_set_errno(ctx, -ENOTSUP), "a virtual SSD in the process has no "
			       "PCI registers to show; open it as pci-virt: to see some");
	}
}

static int
virt_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	struct virt_dma dma;
	struct inproc_cpl cpl;

	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return virt_pseudo(ctx, payload);
	}
	dma_init(&dma, ctx, role, payload);
	inproc_call(virt_of(ctx->dev), role == ROLE_ADMIN, &ctx->cmd, &dma.dma, &cpl);
	fill_cpl(ctx, &cpl);
	if (cpl.end == INPROC_TIMEOUT) {
		return err_set(-ETIMEDOUT, "the virtual SSD did not answer within 30 seconds of "
			       "its clock");
	}
	return xnvme_cmd_ctx_cpl_status(ctx) ? -EIO : 0;
}

static int
virt_queue_init(struct xnvme_queue *q)
{
	struct virt_queue *vq = calloc(1, sizeof(*vq));
	int err = vq ? inproc_queue_open(virt_of(q->dev), q->capacity, &vq->queue) : -ENOMEM;

	if (err) {
		free(vq);
		return err_set(err, "no memory for a queue of %u commands", q->capacity);
	}
	q->state = vq;
	return 0;
}

static void
virt_queue_fini(struct xnvme_queue *q)
{
	inproc_queue_close(queue_of(q));
	free(q->state);
	q->state = NULL;
}

/* Budget: bench/path_cost */
static int
virt_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct virt_dma dma;
	int err;

	dma_init(&dma, ctx, ROLE_ASYNC, payload);
	err = inproc_submit(queue_of(q), &ctx->cmd, &dma.dma, ctx);
	if (!err) {
		q->outstanding += 1;
	}
	return err;
}

static int
virt_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	    size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf,
				  .meta_nbytes = mbuf_nbytes};

	return virt_submitv(q, ctx, &payload);
}

/* Budget: bench/path_cost. Virtual time advances at most once, and not when completions were
 * delivered: commands submitted by callbacks belong to the time at which the callbacks ran. */
static int
virt_reap(struct xnvme_queue *q, uint32_t max)
{
	struct virt_queue *vq = q->state;
	uint32_t done = 0;
	bool more = true;

	do {
		if (vq->next == vq->end) {
			uint32_t want = max - done < REAP_BATCH ? max - done : REAP_BATCH;

			vq->end = inproc_reap(vq->queue, vq->cpls, want, done == 0);
			vq->next = 0;
			more = vq->end == want;
		}
		/* read again each time: callbacks may take from it, and fill it again */
		for (; vq->next != vq->end && done < max; done += 1) {
			const struct inproc_cpl *cpl = &vq->cpls[vq->next];
			struct xnvme_cmd_ctx *ctx = cpl->cookie;

			vq->next += 1;
			fill_cpl(ctx, cpl);
			queue_complete(q, ctx);
		}
	} while (more && done < max);
	return (int)done;
}

static int
virt_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	const struct virt_queue *vq = q->state;

	if (vq->next == vq->end) {
		inproc_wait(vq->queue, timeout_ns);
	}
	return 0;
}

static int
virt_event_fd(struct xnvme_queue *q)
{
	int fd = inproc_event_fd(queue_of(q));

	if (fd < 0) {
		return err_set(fd, "no timer for the completion descriptor: %s", strerror(-fd));
	}
	return fd;
}

extern const struct path path_virt;
const struct path path_virt = {
	.name = "virt",
	.descr = "Calls a virtual SSD in this process; completes at the SSD's instants",
	.call = virt_call,
	.queue_init = virt_queue_init,
	.queue_fini = virt_queue_fini,
	.submit = virt_submit,
	.submitv = virt_submitv,
	.reap = virt_reap,
	.wait = virt_wait,
	.event_fd = virt_event_fd,
};
