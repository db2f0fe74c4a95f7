/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A command's data in host memory: found once, when the engine says how much it moves, as pieces
 * that the export's translation vouches for. Nothing else of host memory can be reached from here.
 */
#include <export/pci/impl.h>

static struct xfer *
xfer_of(const struct ssd_dma *dma)
{
	return (struct xfer *)(uintptr_t)dma; /* base: first member */
}

/* Copy from host memory; false when some of it is not mapped */
bool
host_read(struct pci_func *f, uint64_t addr, void *dst, uint64_t nbytes)
{
	uint8_t *at = dst;

	while (nbytes > 0) {
		uint64_t got = nbytes;
		const uint8_t *src = f->ops->translate(f->arg, addr, &got, false);

		if (!src) {
			f->stats.dma_refused += 1;
			return false;
		}
		memcpy(at, src, got);
		at += got;
		addr += got;
		nbytes -= got;
	}
	return true;
}

static uint16_t
append(struct scatter *sc, uint8_t *ptr, uint64_t nbytes)
{
	struct seg *last = sc->nsegs > 0 ? &sc->segs[sc->nsegs - 1] : NULL;

	sc->nbytes += nbytes;
	if (last && (ptr ? last->ptr && last->ptr + last->nbytes == ptr : !last->ptr)) {
		last->nbytes += nbytes; /* pages that lie side by side are one piece */
		return STATUS_SUCCESS;
	}
	if (sc->nsegs == sc->segs_max) {
		return STATUS_INVALID_SGL_COUNT;
	}
	sc->segs[sc->nsegs++] = (struct seg){.ptr = ptr, .nbytes = nbytes};
	return STATUS_SUCCESS;
}

uint16_t
scatter_add(struct xfer *x, struct scatter *sc, uint64_t addr, uint64_t nbytes)
{
	struct pci_func *f = x->f;

	while (nbytes > 0) {
		uint64_t got = nbytes;
		uint8_t *ptr = f->ops->translate(f->arg, addr, &got, x->to_host);
		uint16_t status;

		if (!ptr) {
			f->stats.dma_refused += 1;
			return STATUS_DATA_TRANSFER_ERROR;
		}
		status = append(sc, ptr, got);
		if (status != STATUS_SUCCESS) {
			return status;
		}
		addr += got;
		nbytes -= got;
	}
	return STATUS_SUCCESS;
}

uint16_t
scatter_bucket(struct scatter *sc, uint64_t nbytes)
{
	return nbytes > 0 ? append(sc, NULL, nbytes) : STATUS_SUCCESS;
}

/* Copy between `buf` and the bytes from `offset` on; data for a bit bucket vanishes */
static uint16_t
scatter_copy(struct scatter *sc, uint64_t offset, uint8_t *buf, uint64_t nbytes, bool to_host)
{
	if (offset > sc->nbytes || nbytes > sc->nbytes - offset) {
		return STATUS_INTERNAL_ERROR; /* more than was announced to prepare() */
	}
	if (offset < sc->cursor_offset) {
		sc->cursor = 0;
		sc->cursor_offset = 0;
	}
	while (nbytes > 0) {
		const struct seg *seg = &sc->segs[sc->cursor];
		uint64_t at = offset - sc->cursor_offset, part;

		if (at >= seg->nbytes) {
			sc->cursor_offset += seg->nbytes;
			sc->cursor += 1;
			continue;
		}
		part = seg->nbytes - at < nbytes ? seg->nbytes - at : nbytes;
		if (seg->ptr) {
			memcpy(to_host ? seg->ptr + at : buf, to_host ? buf : seg->ptr + at, part);
		}
		buf += part;
		offset += part;
		nbytes -= part;
	}
	return STATUS_SUCCESS;
}

static uint16_t
copy_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	return scatter_copy(&xfer_of(dma)->data, offset, dst, nbytes, false);
}

static uint16_t
copy_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	return scatter_copy(&xfer_of(dma)->data, offset, (uint8_t *)(uintptr_t)src, nbytes, true);
}

static uint16_t
meta_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	return scatter_copy(&xfer_of(dma)->meta, offset, dst, nbytes, false);
}

static uint16_t
meta_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	return scatter_copy(&xfer_of(dma)->meta, offset, (uint8_t *)(uintptr_t)src, nbytes, true);
}

static void
scatter_clear(struct scatter *sc)
{
	sc->nsegs = 0;
	sc->nbytes = 0;
	sc->cursor = 0;
	sc->cursor_offset = 0;
}

static uint8_t *
flat_of(const struct scatter *sc)
{
	return sc->nsegs == 1 ? sc->segs[0].ptr : NULL;
}

static uint16_t
prepare_meta(struct xfer *x, uint64_t nbytes)
{
	uint64_t mptr = x->cmd->common.mptr;
	struct xnvme_spec_sgl_descriptor sgl;

	if (x->cmd->common.psdt == XNVME_SPEC_PSDT_SGL_MPTR_SGL) {
		/* exactly one descriptor lies there, qword aligned: NVMe Base 2.0, Submission
		 * Queue Entry */
		if (mptr & 7) {
			return STATUS_INVALID_FIELD;
		}
		if (!host_read(x->f, mptr, &sgl, sizeof(sgl))) {
			return STATUS_DATA_TRANSFER_ERROR;
		}
		return xfer_sgl(x, &x->meta, &sgl, nbytes, STATUS_META_SGL_LENGTH);
	}
	if (x->cmd->common.psdt == XNVME_SPEC_PSDT_PRP && (mptr & 3)) {
		return STATUS_INVALID_FIELD; /* dword aligned */
	}
	return scatter_add(x, &x->meta, mptr, nbytes);
}

static uint16_t
prepare(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	struct xfer *x = xfer_of(dma);
	const struct xnvme_spec_cmd_common *cmd = &x->cmd->common;
	uint16_t status = STATUS_SUCCESS;

	x->to_host = to_host;
	scatter_clear(&x->data);
	scatter_clear(&x->meta);
	if (nbytes > x->f->config.xfer_nbytes_max) {
		return STATUS_INVALID_FIELD;
	}
	if (cmd->psdt > XNVME_SPEC_PSDT_SGL_MPTR_SGL || (cmd->psdt != 0 && x->sqid == 0)) {
		return STATUS_INVALID_FIELD; /* admin commands use PRPs only over PCIe */
	}
	if (nbytes > 0) {
		status = cmd->psdt == XNVME_SPEC_PSDT_PRP
				 ? xfer_prp(x, nbytes)
				 : xfer_sgl(x, &x->data, &cmd->dptr.sgl, nbytes,
					    STATUS_DATA_SGL_LENGTH);
	}
	if (status == STATUS_SUCCESS && meta_nbytes > 0) {
		status = prepare_meta(x, meta_nbytes);
	}
	dma->flat = flat_of(&x->data);
	dma->meta_flat = flat_of(&x->meta);
	return status;
}

void
xfer_start(struct pci_func *f, const struct xnvme_spec_cmd *cmd, uint16_t sqid)
{
	struct xfer *x = &f->xfer;

	x->cmd = cmd;
	x->sqid = sqid;
	scatter_clear(&x->data);
	scatter_clear(&x->meta);
	x->dma = (struct ssd_dma){.prepare = prepare,
				  .nbytes = f->config.xfer_nbytes_max,
				  .meta_nbytes = f->config.xfer_nbytes_max,
				  .copy_in = copy_in,
				  .copy_out = copy_out,
				  .meta_in = meta_in,
				  .meta_out = meta_out};
}
