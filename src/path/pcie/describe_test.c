/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The data pointers from the controller's view, walked as the standard specifies (NVMe Base 2.0,
 * Physical Region Page Entry and List; Scatter Gather List): exactly the same bytes in the same
 * order, for all offsets and lengths at which they may begin and end.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <libxnvme.h>
#include <path/pcie/ctrl.h>

#define HEAP_NBYTES (16u << 20)
#define AREA_NBYTES (6u << 20)
#define VECS_MAX 40u
#define ROUNDS 4000u
#define CID 3u

static int
map(struct bus *bus, const struct dma_region *region)
{
	(void)bus;
	(void)region;
	return 0;
}

static int
unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	(void)bus;
	(void)iova;
	(void)nbytes;
	return 0;
}

static const struct bus_ops ops = {.name = "fake", .map = map, .unmap = unmap};
/* memory of the user is out of the controller's range, and gets other addresses */
static struct bus bus = {.ops = &ops, .iova_end = 1ull << 39};

static struct {
	struct ctrl ctrl;
	struct qpair qp;
	uint8_t *areas[2]; /* in the heap; of the user */
	uint64_t seed;
} t;

struct piece {
	uint64_t iova, nbytes;
};

struct pieces {
	struct piece list[2 * QPAIR_PRPS];
	uint32_t count;
};

static int
set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	t.seed = 11;
	t.ctrl.bus = &bus;
	assert_int_equal(dma_open(&t.ctrl.dma, &bus, HEAP_NBYTES), 0);
	assert_int_equal(qpair_alloc(&t.qp, &t.ctrl, 1, 8, 8), 0);
	t.areas[0] = dma_alloc(&t.ctrl.dma, AREA_NBYTES);
	t.areas[1] = aligned_alloc(DMA_PAGE, AREA_NBYTES);
	assert_non_null(t.areas[0]);
	assert_int_equal(dma_map_user(&t.ctrl.dma, t.areas[1], AREA_NBYTES), 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	qpair_free(&t.qp);
	dma_close(&t.ctrl.dma);
	free(t.areas[1]);
	return 0;
}

static uint64_t
random_below(uint64_t end)
{
	return prng_next(&t.seed) % end;
}

/* Adjacent segments are merged, however they were described */
static void
add(struct pieces *to, uint64_t iova, uint64_t nbytes)
{
	struct piece *last = to->count ? &to->list[to->count - 1] : NULL;

	if (nbytes == 0) {
		return;
	}
	if (last && last->iova + last->nbytes == iova) {
		last->nbytes += nbytes;
		return;
	}
	assert_true(to->count < sizeof(to->list) / sizeof(to->list[0]));
	to->list[to->count++] = (struct piece){.iova = iova, .nbytes = nbytes};
}

/* The page for lists at the controller's address: only the one of the command's identifier */
static const void *
list_at(uint64_t iova, uint64_t nbytes)
{
	assert_true(iova >= t.qp.lists_iova + CID * QPAIR_LIST_NBYTES);
	assert_true(iova + nbytes <= t.qp.lists_iova + (CID + 1) * QPAIR_LIST_NBYTES);
	return t.qp.lists + (iova - t.qp.lists_iova);
}

static void
walk_prp(const struct xnvme_spec_cmd *sqe, uint64_t nbytes, struct pieces *to)
{
	uint64_t prp1 = sqe->common.dptr.prp.prp1, prp2 = sqe->common.dptr.prp.prp2;
	uint64_t first = DMA_PAGE - prp1 % DMA_PAGE;

	assert_int_equal(prp1 & 3, 0);
	first = first < nbytes ? first : nbytes;
	add(to, prp1, first);
	nbytes -= first;
	if (nbytes == 0) {
		assert_int_equal(prp2, 0);
	} else if (nbytes <= DMA_PAGE) {
		assert_int_equal(prp2 % DMA_PAGE, 0);
		add(to, prp2, nbytes);
	} else {
		uint64_t count = (nbytes + DMA_PAGE - 1) / DMA_PAGE;
		const uint64_t *list = list_at(prp2, count * sizeof(*list));

		for (uint64_t i = 0; i < count; ++i) {
			uint64_t part = nbytes < DMA_PAGE ? nbytes : DMA_PAGE;

			assert_int_equal(list[i] % DMA_PAGE, 0);
			add(to, list[i], part);
			nbytes -= part;
		}
	}
}

static void
walk_sgl(const struct xnvme_spec_cmd *sqe, uint64_t nbytes, struct pieces *to)
{
	const struct xnvme_spec_sgl_descriptor *head = &sqe->common.dptr.sgl, *list = head;
	uint64_t count = 1, sum = 0;

	if (head->unkeyed.type == XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT) {
		assert_int_equal(head->unkeyed.len % sizeof(*list), 0);
		count = head->unkeyed.len / sizeof(*list);
		list = list_at(head->addr, head->unkeyed.len);
	}
	for (uint64_t i = 0; i < count; ++i) {
		assert_int_equal(list[i].unkeyed.type, XNVME_SPEC_SGL_DESCR_TYPE_DATA_BLOCK);
		assert_int_equal(list[i].unkeyed.subtype, 0);
		add(to, list[i].addr, list[i].unkeyed.len);
		sum += list[i].unkeyed.len;
	}
	assert_int_equal(sum, nbytes);
}

static void
check_same(const struct payload *payload, const struct pieces *want)
{
	struct xnvme_spec_cmd cmd, *sqe = &cmd;
	struct pieces got = {.count = 0};

	memset(&cmd, 0xA5, sizeof(cmd));
	cmd.common.psdt = XNVME_SPEC_PSDT_PRP;
	assert_int_equal(qpair_describe(&t.qp, sqe, CID, payload), 0);
	if (cmd.common.psdt == XNVME_SPEC_PSDT_PRP) {
		walk_prp(sqe, payload->data_nbytes, &got);
	} else {
		assert_true(t.qp.sgl);
		assert_int_equal(cmd.common.psdt, XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS);
		walk_sgl(sqe, payload->data_nbytes, &got);
	}
	assert_int_equal(got.count, want->count);
	for (uint32_t i = 0; i < got.count; ++i) {
		assert_int_equal(got.list[i].iova, want->list[i].iova);
		assert_int_equal(got.list[i].nbytes, want->list[i].nbytes);
	}
	assert_int_equal(cmd.common.mptr,
			 payload->meta ? dma_iova(&t.ctrl.dma, payload->meta) : 0);
}

/* One buffer with any offset that `align` allows, up to 2 MiB; sometimes metadata */
static void
flat_buffers(uint64_t align)
{
	for (uint32_t i = 0; i < ROUNDS; ++i) {
		uint8_t *area = t.areas[i & 1];
		uint64_t offset = random_below(2 << 20) / align * align;
		uint64_t most = i % 4 ? 4 * DMA_PAGE : QPAIR_PRPS * DMA_PAGE;
		struct payload payload = {.data = area + offset,
					  .data_nbytes = 1 + random_below(most)};
		struct pieces want = {.count = 0};

		if (i % 3 == 0) {
			payload.meta = area + (5u << 20) + random_below(1000) * 4;
			payload.meta_nbytes = 64;
		}
		add(&want, dma_iova(&t.ctrl.dma, payload.data), payload.data_nbytes);
		check_same(&payload, &want);
	}
}

static void
flat_by_prp(void **state)
{
	(void)state;
	flat_buffers(4);
}

static void
flat_by_sgl(void **state)
{
	(void)state;
	t.qp.sgl = true;
	flat_buffers(4);
	t.qp.sgl_bytes = true;
	flat_buffers(1);
}

static void
pieces_by_sgl(void **state)
{
	(void)state;
	t.qp.sgl = true;
	for (uint32_t i = 0; i < ROUNDS; ++i) {
		uint64_t align = i % 2 ? 4 : 1;
		struct iovec vecs[VECS_MAX];
		struct payload payload = {.vec = vecs,
					  .vec_cnt = 1 + (uint32_t)random_below(VECS_MAX)};
		struct pieces want = {.count = 0};

		t.qp.sgl_bytes = align == 1;
		for (uint32_t v = 0; v < payload.vec_cnt; ++v) {
			vecs[v].iov_base = t.areas[random_below(2)] +
					   random_below(4 << 20) / align * align;
			vecs[v].iov_len = random_below(3 * DMA_PAGE) / align * align;
			payload.data_nbytes += vecs[v].iov_len;
			add(&want, dma_iova(&t.ctrl.dma, vecs[v].iov_base), vecs[v].iov_len);
		}
		if (payload.data_nbytes > 0) {
			check_same(&payload, &want);
		}
	}
}

/* The first may begin inside a page, and the last may end inside one */
static void
pieces_by_prp(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ROUNDS; ++i) {
		struct iovec vecs[VECS_MAX];
		struct payload payload = {.vec = vecs,
					  .vec_cnt = 1 + (uint32_t)random_below(VECS_MAX)};
		struct pieces want = {.count = 0};

		for (uint32_t v = 0; v < payload.vec_cnt; ++v) {
			uint64_t skip = v == 0 ? random_below(DMA_PAGE) & ~3ull : 0;
			bool last = v + 1 == payload.vec_cnt;

			vecs[v].iov_base = t.areas[random_below(2)] + random_below(500) * DMA_PAGE +
					   skip;
			vecs[v].iov_len = (1 + random_below(6)) * DMA_PAGE - skip -
					  (last ? random_below(DMA_PAGE - skip) : 0);
			payload.data_nbytes += vecs[v].iov_len;
			add(&want, dma_iova(&t.ctrl.dma, vecs[v].iov_base), vecs[v].iov_len);
		}
		check_same(&payload, &want);
	}
}

static void
expect(int err, struct payload payload)
{
	struct xnvme_spec_cmd sqe = {0};

	assert_int_equal(qpair_describe(&t.qp, &sqe, CID, &payload), err);
}

static void
what_cannot_be_described(void **state)
{
	uint8_t *heap = t.areas[0];
	struct iovec holes[] = {{heap, 100}, {heap + DMA_PAGE, 100}};
	struct iovec many[QPAIR_SGLS + 1];
	uint8_t foreign[64];
	_Alignas(4) uint8_t aligned[64];

	(void)state;
	expect(QPAIR_CARRY, (struct payload){.data = foreign, .data_nbytes = 64});
	expect(-EFAULT, (struct payload){.data_nbytes = 64});
	expect(QPAIR_CARRY, (struct payload){.data = heap, .data_nbytes = 64, .meta = foreign,
					     .meta_nbytes = 8});
	expect(QPAIR_CARRY, (struct payload){.data = heap, .data_nbytes = 64, .meta = heap + 2,
					     .meta_nbytes = 8});
	expect(QPAIR_CARRY, (struct payload){.data = t.areas[1] + AREA_NBYTES - 32,
					     .data_nbytes = 64});
	expect(QPAIR_CARRY, (struct payload){.data = heap + 1, .data_nbytes = 64});
	expect(-EINVAL, (struct payload){.data = heap, .data_nbytes = 3 << 20});
	expect(QPAIR_CARRY, (struct payload){.vec = holes, .vec_cnt = 2, .data_nbytes = 200});
	expect(QPAIR_CARRY, (struct payload){.data = heap + 1, .data_nbytes = 2 << 20});
	expect(-EINVAL, (struct payload){.data = foreign, .data_nbytes = (2 << 20) + 1});
	expect(-EINVAL, (struct payload){.data = foreign, .data_nbytes = 1u << 31});
	expect(-EINVAL, (struct payload){.data = heap, .data_nbytes = 64, .meta = foreign,
					 .meta_nbytes = 1u << 31});
	t.qp.sgl = true;
	expect(-EINVAL, (struct payload){.data = foreign, .data_nbytes = 1u << 31});
	expect(0, (struct payload){.vec = holes, .vec_cnt = 2, .data_nbytes = 200});
	expect(QPAIR_CARRY, (struct payload){.data = heap + 1, .data_nbytes = 64});
	for (uint32_t i = 0; i <= QPAIR_SGLS; ++i) {
		many[i] = (struct iovec){heap + 8 * i, 4};
	}
	expect(0, (struct payload){.vec = many, .vec_cnt = QPAIR_SGLS, .data_nbytes = 1024});
	expect(QPAIR_CARRY, (struct payload){.vec = many, .vec_cnt = QPAIR_SGLS + 1,
					     .data_nbytes = 1028});
	bus.reaches_all = true; /* by virtual address */
	expect(0, (struct payload){.data = aligned, .data_nbytes = 64});
	bus.reaches_all = false;
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(flat_by_prp),   T(flat_by_sgl),   T(pieces_by_sgl),
		T(pieces_by_prp), T(what_cannot_be_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
