/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Data pointers: PRPs where the segments are pages, an SGL where the controller supports it and it
 * is shorter or the segments are not pages.
 */
#include <path/pcie/qpair.h>

#include <errno.h>
#include <host/err.h>
#include <path/pcie/ctrl.h>
#include <string.h>

#define PAGE_MASK (DMA_PAGE - 1ull)

bool
qpair_find(struct qpair *qp, const void *vaddr, uint64_t nbytes, uint64_t *iova)
{
	const struct dma_table *table = atomic_load_explicit(&qp->ctrl->dma.table,
							     memory_order_acquire);
	const struct dma_map *map = qp->last;

	/* the cached entry may come from an older table and be unmapped */
	if (!map || map < table->maps || map >= table->maps + table->count ||
	    !dma_map_holds(map, vaddr, nbytes)) {
		map = dma_find(&qp->ctrl->dma, vaddr, nbytes);
		if (!map) {
			*iova = (uintptr_t)vaddr;
			return qp->ctrl->bus->reaches_all;
		}
		qp->last = map;
	}
	*iova = (uintptr_t)vaddr + map->delta;
	return true;
}

/* One descriptor for a buffer that is contiguous for the controller */
static void
one_block(struct xnvme_spec_cmd *sqe, uint64_t iova, size_t nbytes)
{
	sqe->common.psdt = XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS;
	memset(&sqe->common.dptr.sgl, 0, sizeof(sqe->common.dptr.sgl));
	sqe->common.dptr.sgl.addr = iova;
	sqe->common.dptr.sgl.unkeyed.len = (uint32_t)nbytes;
}

static int
too_long(void)
{
	return err_set(-EINVAL, "a transfer of more than %u pages needs several commands",
		       QPAIR_PRPS);
}

/* Append consecutive pages, from the second page of a transfer on */
static int
add_pages(uint64_t *list, uint32_t *count, uint64_t iova, uint64_t nbytes)
{
	uint64_t npages = (nbytes + PAGE_MASK) / DMA_PAGE;

	if (npages > QPAIR_PRPS - *count) {
		return too_long();
	}
	for (uint64_t i = 0; i < npages; ++i) {
		list[(*count)++] = iova + i * DMA_PAGE;
	}
	return 0;
}

static void
set_prps(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid, uint64_t first, uint32_t count)
{
	const uint64_t *list =
		(const uint64_t *)(const void *)(qp->lists + (size_t)cid * QPAIR_LIST_NBYTES);

	sqe->common.dptr.prp.prp1 = first;
	if (count == 1) {
		sqe->common.dptr.prp.prp2 = list[0];
	} else if (count > 1) {
		sqe->common.dptr.prp.prp2 = qp->lists_iova + (uint64_t)cid * QPAIR_LIST_NBYTES;
	}
}

static int
describe_flat(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid, void *data, size_t nbytes)
{
	uint64_t *list = (uint64_t *)(void *)(qp->lists + (size_t)cid * QPAIR_LIST_NBYTES);
	uint64_t iova, first;
	uint32_t count = 0;
	int err;

	if (!qpair_iova(qp, data, nbytes, &iova)) {
		return QPAIR_CARRY;
	}
	if ((iova & 3) && (!qp->sgl || !qp->sgl_bytes)) {
		return QPAIR_CARRY;
	}
	if (qp->sgl && (nbytes > 2 * DMA_PAGE || (iova & 3))) {
		one_block(sqe, iova, nbytes);
		return 0;
	}
	first = DMA_PAGE - (iova & PAGE_MASK);
	if (nbytes > first) {
		err = add_pages(list, &count, iova + first, nbytes - first);
		if (err) {
			return err;
		}
	}
	set_prps(qp, sqe, cid, iova, count);
	return 0;
}

static int
describe_sgl(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid,
	     const struct payload *payload)
{
	struct xnvme_spec_sgl_descriptor *list =
		(void *)(qp->lists + (size_t)cid * QPAIR_LIST_NBYTES);
	struct xnvme_spec_sgl_descriptor *head = &sqe->common.dptr.sgl;
	uint32_t count = 0;

	for (uint32_t i = 0; i < payload->vec_cnt; ++i) {
		const struct iovec *vec = &payload->vec[i];
		uint64_t iova;

		if (vec->iov_len == 0) {
			continue;
		}
		if (count == QPAIR_SGLS || !qpair_iova(qp, vec->iov_base, vec->iov_len, &iova) ||
		    (!qp->sgl_bytes && ((iova | vec->iov_len) & 3))) {
			return QPAIR_CARRY;
		}
		memset(&list[count], 0, sizeof(list[count]));
		list[count].addr = iova;
		list[count].unkeyed.len = (uint32_t)vec->iov_len;
		count += 1;
	}
	sqe->common.psdt = XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS;
	memset(head, 0, sizeof(*head));
	head->addr = qp->lists_iova + (uint64_t)cid * QPAIR_LIST_NBYTES;
	head->unkeyed.type = XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT;
	head->unkeyed.len = count * (uint32_t)sizeof(*head);
	return 0;
}

/* PRPs: only the first segment may start inside a page, and only the last may end inside one */
static int
describe_vec_prp(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid,
		 const struct payload *payload)
{
	uint64_t *list = (uint64_t *)(void *)(qp->lists + (size_t)cid * QPAIR_LIST_NBYTES);
	uint64_t prp1 = 0, end = 0;
	uint32_t count = 0;
	bool any = false;

	for (uint32_t i = 0; i < payload->vec_cnt; ++i) {
		const struct iovec *vec = &payload->vec[i];
		uint64_t iova, nbytes = vec->iov_len, skip = 0;
		int err;

		if (nbytes == 0) {
			continue;
		}
		if (!qpair_iova(qp, vec->iov_base, nbytes, &iova) ||
		    (any && ((iova | end) & PAGE_MASK)) || (iova & 3)) {
			return QPAIR_CARRY;
		}
		if (!any) {
			prp1 = iova;
			skip = DMA_PAGE - (iova & PAGE_MASK);
			skip = skip < nbytes ? skip : nbytes;
		}
		any = true;
		end = iova + nbytes;
		err = add_pages(list, &count, iova + skip, nbytes - skip);
		if (err) {
			return err;
		}
	}
	set_prps(qp, sqe, cid, prp1, count);
	return 0;
}

static int
describe(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid, const struct payload *payload)
{
	uint64_t iova;
	int err = 0;

	sqe->common.mptr = 0;
	sqe->common.dptr.prp.prp1 = 0;
	sqe->common.dptr.prp.prp2 = 0;
	if (payload->data_nbytes > UINT32_MAX) {
		return err_set(-EINVAL, "%zu bytes are more than one command moves",
			       payload->data_nbytes);
	}
	if (payload->data_nbytes > 0 && !payload->data && payload->vec_cnt == 0) {
		return err_set(-EFAULT, "%zu bytes of data, but no buffer", payload->data_nbytes);
	}
	if (payload->vec_cnt > 0) {
		err = qp->sgl ? describe_sgl(qp, sqe, cid, payload)
			      : describe_vec_prp(qp, sqe, cid, payload);
	} else if (payload->data && payload->data_nbytes > 0) {
		err = describe_flat(qp, sqe, cid, payload->data, payload->data_nbytes);
	}
	if (!err && payload->meta && payload->meta_nbytes > 0) {
		if (!qpair_iova(qp, payload->meta, payload->meta_nbytes, &iova) || (iova & 3)) {
			return QPAIR_CARRY;
		}
		sqe->common.mptr = iova;
	}
	return err;
}

int
qpair_describe(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid,
	       const struct payload *payload)
{
	const uint64_t limit = (uint64_t)QPAIR_PRPS * DMA_PAGE;
	int err = describe(qp, sqe, cid, payload);

	/* before the bytes are copied: the length may be derived from what a device says */
	if (err == QPAIR_CARRY && (payload->data_nbytes > limit || payload->meta_nbytes > limit)) {
		return too_long();
	}
	return err;
}
