/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The data of a command in host memory: looked up once, when the engine requests the transfer, as
 * segments that the export's translation returned. No other host memory is accessible here. Far
 * memory is copied when the engine requests it; all other memory is accessed by pointer.
 */
#include <export/pci/hot.h>

static struct xfer *
xfer_of(const struct ssd_dma *dma)
{
	struct xfer *x = (struct xfer *)(uintptr_t)dma; /* base: first member */

	ASSERT(x == &x->f->xfer);
	return x;
}

/* Translate as much contiguous memory as possible: the next access is probably near, and one at a
 * lower address makes the window wider */
uint8_t *
near_move(struct pci_func *f, uint64_t addr, uint64_t *nbytes, bool write)
{
	uint64_t got = addr < UINT64_MAX ? UINT64_MAX - addr : 1;
	uint8_t *base = f->ops->translate(f->arg, addr, &got, write);

	ASSERT(!base || (got > 0 && got <= UINT64_MAX - addr + (addr == UINT64_MAX)));
	if (base) {
		f->near[write] = (struct window){.addr = addr, .nbytes = got, .base = base};
		*nbytes = got < *nbytes ? got : *nbytes;
	}
	return base;
}

/* Look up host memory, and the contiguous part of `*nbytes` from there on: a pointer, NULL and far,
 * or NULL and unmapped */
uint8_t *
host_find(struct pci_func *f, uint64_t addr, uint64_t *nbytes, bool write, bool *far)
{
	uint64_t wanted = *nbytes;
	uint8_t *here = near_find(f, addr, nbytes, write);

	*far = false;
	if (!here && f->ops->far_reach) {
		*nbytes = wanted;
		*far = f->ops->far_reach(f->arg, addr, nbytes, write);
	}
	ASSERT((!here && !*far) || (*nbytes > 0 && *nbytes <= wanted)); /* see struct pci_ops */
	return here;
}

/* The same without counting refused accesses: the value may not be an address */
bool
host_peek(struct pci_func *f, uint64_t addr, void *dst, uint64_t nbytes)
{
	uint64_t refused = f->stats.dma_refused;
	bool done = host_read(f, addr, dst, nbytes);

	ASSERT(f->stats.dma_refused == refused + !done);
	f->stats.dma_refused = refused;
	return done;
}

/* Copy from host memory; false when some of it is not mapped */
bool
host_read(struct pci_func *f, uint64_t addr, void *dst, uint64_t nbytes)
{
	uint8_t *at = dst;

	while (nbytes > 0) {
		uint64_t got = nbytes;
		bool far;
		const uint8_t *src = host_find(f, addr, &got, false, &far);

		if (src) {
			memcpy(at, src, got);
		} else if (!far || !f->ops->far_copy(f->arg, addr, at, got, false)) {
			f->stats.dma_refused += 1;
			return false;
		}
		at += got;
		addr += got;
		nbytes -= got;
	}
	return true;
}

/* Does a segment at `ptr`, or far at `addr`, start where another one ends? */
static bool
goes_on(const struct seg *last, const uint8_t *ptr, uint64_t addr)
{
	ASSERT(last->nbytes > 0);
	if (ptr || last->ptr) {
		return ptr && last->ptr && last->ptr + last->nbytes == ptr;
	}
	if (addr == NO_ADDR || last->addr == NO_ADDR) {
		return addr == last->addr;
	}
	return last->addr + last->nbytes == addr;
}

static uint16_t
append(struct scatter *sc, uint8_t *ptr, uint64_t addr, uint64_t nbytes)
{
	struct seg *last = sc->nsegs > 0 ? &sc->segs[sc->nsegs - 1] : NULL;

	scatter_check(sc);
	ASSERT(nbytes > 0);
	sc->nbytes += nbytes;
	if (last && goes_on(last, ptr, addr)) {
		last->nbytes += nbytes; /* merge adjacent pages */
		return STATUS(SUCCESS);
	}
	if (sc->nsegs == sc->segs_max) {
		return STATUS(INVALID_SGL_COUNT);
	}
	sc->segs[sc->nsegs++] = (struct seg){.ptr = ptr, .addr = addr, .nbytes = nbytes};
	return STATUS(SUCCESS);
}

uint16_t
scatter_add(struct xfer *x, struct scatter *sc, uint64_t addr, uint64_t nbytes)
{
	struct pci_func *f = x->f;

	while (nbytes > 0) {
		uint64_t got = nbytes;
		bool far;
		uint8_t *ptr = host_find(f, addr, &got, x->to_host, &far);
		uint16_t status;

		if (!ptr && !far) {
			f->stats.dma_refused += 1;
			return STATUS(DATA_TRANSFER_ERROR);
		}
		ASSERT(got > 0 && got <= nbytes);
		status = append(sc, ptr, addr, got);
		if (status != STATUS(SUCCESS)) {
			return status;
		}
		addr += got;
		nbytes -= got;
	}
	return STATUS(SUCCESS);
}

uint16_t
scatter_bucket(struct scatter *sc, uint64_t nbytes)
{
	return nbytes > 0 ? append(sc, NULL, NO_ADDR, nbytes) : STATUS(SUCCESS);
}

/* Copy between `buf` and the bytes from `offset` on; data for a bit bucket is discarded */
static uint16_t
scatter_copy(struct xfer *x, struct scatter *sc, uint64_t offset, uint8_t *buf, uint64_t nbytes,
	     bool to_host)
{
	struct pci_func *f = x->f;

	if (offset > sc->nbytes || nbytes > sc->nbytes - offset) {
		return STATUS(INTERNAL_ERROR); /* more than was requested in prepare() */
	}
	if (offset < sc->cursor_offset) {
		sc->cursor = 0;
		sc->cursor_offset = 0;
	}
	while (nbytes > 0) {
		const struct seg *seg = &sc->segs[sc->cursor];
		uint64_t at = offset - sc->cursor_offset, part;

		ASSERT(sc->cursor < sc->nsegs && sc->cursor_offset <= offset);
		if (at >= seg->nbytes) {
			sc->cursor_offset += seg->nbytes;
			sc->cursor += 1;
			continue;
		}
		part = seg->nbytes - at < nbytes ? seg->nbytes - at : nbytes;
		if (seg->ptr) {
			memcpy(to_host ? seg->ptr + at : buf, to_host ? buf : seg->ptr + at, part);
		} else if (seg->addr != NO_ADDR &&
			   !f->ops->far_copy(f->arg, seg->addr + at, buf, part, to_host)) {
			f->stats.dma_refused += 1;
			return STATUS(DATA_TRANSFER_ERROR);
		}
		buf += part;
		offset += part;
		nbytes -= part;
	}
	return STATUS(SUCCESS);
}

static uint16_t
copy_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	return scatter_copy(xfer_of(dma), &xfer_of(dma)->data, offset, dst, nbytes, false);
}

static uint16_t
copy_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	return scatter_copy(xfer_of(dma), &xfer_of(dma)->data, offset, (uint8_t *)(uintptr_t)src,
			    nbytes, true);
}

static uint16_t
meta_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	return scatter_copy(xfer_of(dma), &xfer_of(dma)->meta, offset, dst, nbytes, false);
}

static uint16_t
meta_out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	return scatter_copy(xfer_of(dma), &xfer_of(dma)->meta, offset, (uint8_t *)(uintptr_t)src,
			    nbytes, true);
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
	ASSERT(sc->nsegs != 1 || sc->segs[0].nbytes == sc->nbytes);
	return sc->nsegs == 1 ? sc->segs[0].ptr : NULL;
}

static uint16_t
prepare_meta(struct xfer *x, uint64_t nbytes)
{
	uint64_t mptr = x->cmd->common.mptr;
	struct xnvme_spec_sgl_descriptor sgl;

	scatter_check(&x->meta);
	if (x->cmd->common.psdt == XNVME_SPEC_PSDT_SGL_MPTR_SGL) {
		/* MPTR points to exactly one descriptor, qword aligned: NVMe Base 2.0, Submission
		 * Queue Entry */
		if (mptr & 7) {
			return STATUS(INVALID_FIELD);
		}
		if (!host_read(x->f, mptr, &sgl, sizeof(sgl))) {
			return STATUS(DATA_TRANSFER_ERROR);
		}
		return xfer_sgl(x, &x->meta, &sgl, nbytes, STATUS(METADATA_SGL_LENGTH_INVALID));
	}
	if (x->cmd->common.psdt == XNVME_SPEC_PSDT_PRP && (mptr & 3)) {
		return STATUS(INVALID_FIELD); /* dword aligned */
	}
	return scatter_add(x, &x->meta, mptr, nbytes);
}

static uint16_t
prepare(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	struct xfer *x = xfer_of(dma);
	const struct xnvme_spec_cmd_common *cmd = &x->cmd->common;
	uint16_t status = STATUS(SUCCESS);

	ASSERT(x->sqid <= x->f->config.ioq_max);
	x->to_host = to_host;
	scatter_clear(&x->data);
	scatter_clear(&x->meta);
	if (nbytes > x->f->config.xfer_nbytes_max) {
		return STATUS(INVALID_FIELD);
	}
	if (cmd->psdt > XNVME_SPEC_PSDT_SGL_MPTR_SGL || (cmd->psdt != 0 && x->sqid == 0)) {
		return STATUS(INVALID_FIELD); /* admin commands use PRPs only over PCIe */
	}
	if (nbytes > 0) {
		status = cmd->psdt == XNVME_SPEC_PSDT_PRP
				 ? xfer_prp(x, nbytes)
				 : xfer_sgl(x, &x->data, &cmd->dptr.sgl, nbytes,
					    STATUS(DATA_SGL_LENGTH_INVALID));
	}
	if (status == STATUS(SUCCESS) && meta_nbytes > 0) {
		status = prepare_meta(x, meta_nbytes);
	}
	ASSERT(status != STATUS(SUCCESS) || x->data.nbytes == nbytes);
	ASSERT(status != STATUS(SUCCESS) || x->meta.nbytes == meta_nbytes);
	dma->flat = flat_of(&x->data);
	dma->meta_flat = flat_of(&x->meta);
	return status;
}

void
xfer_init(struct pci_func *f)
{
	ASSERT(f->xfer.data.segs && f->xfer.meta.segs);
	f->xfer.f = f;
	f->xfer.dma = (struct ssd_dma){.prepare = prepare,
				       .nbytes = f->config.xfer_nbytes_max,
				       .meta_nbytes = f->config.xfer_nbytes_max,
				       .copy_in = copy_in,
				       .copy_out = copy_out,
				       .meta_in = meta_in,
				       .meta_out = meta_out};
}
