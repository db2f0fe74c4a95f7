/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's heap and its table of memory, on a bus that only records what is mapped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <libxnvme.h>
#include <path/pcie/dma.h>
#include <path/pcie/physical.h>

static struct {
	uint32_t mapped;
	int refuse; /* errno of the next map */
} fake;

static int
map(struct bus *bus, const struct dma_region *region)
{
	(void)bus;
	assert_true(region->nbytes > 0);
	if (fake.refuse) {
		return -fake.refuse;
	}
	fake.mapped += 1;
	return 0;
}

static int
unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	(void)bus;
	assert_true(iova != 0 && nbytes > 0);
	fake.mapped -= 1;
	return 0;
}

static const struct bus_ops ops = {.name = "fake", .map = map, .unmap = unmap};
static struct bus bus = {.ops = &ops, .iova_end = 1ull << 39};

static void
buffers_do_not_overlap_and_come_back(void **state)
{
	enum { COUNT = 200 };
	struct {
		uint8_t *buf;
		size_t nbytes;
	} live[COUNT] = {{NULL, 0}};
	uint64_t seed = 7;
	struct dma dma;

	(void)state;
	fake.mapped = 0;
	assert_int_equal(dma_open(&dma, &bus, 4 << 20), 0);
	for (uint32_t i = 0; i < 20000; ++i) {
		uint32_t at = (uint32_t)(prng_next(&seed) % COUNT);
		uint8_t mark = (uint8_t)at;

		if (live[at].buf) {
			assert_int_equal(live[at].buf[0], mark);
			assert_int_equal(live[at].buf[live[at].nbytes - 1], mark);
			assert_in_range(dma_nbytes(&dma, live[at].buf), live[at].nbytes,
					live[at].nbytes + DMA_PAGE - 1);
			dma_free(&dma, live[at].buf);
			live[at].buf = NULL;
		} else {
			live[at].nbytes = 1 + prng_next(&seed) % 30000;
			live[at].buf = dma_alloc(&dma, live[at].nbytes);
			assert_non_null(live[at].buf);
			assert_int_equal((uintptr_t)live[at].buf % DMA_PAGE, 0);
			assert_int_equal(live[at].buf[live[at].nbytes / 2], 0);
			/* its own address, unless a sanitizer uses that range */
			assert_true(dma_iova(&dma, live[at].buf) + live[at].nbytes <= bus.iova_end);
			assert_int_equal(dma_iova(&dma, live[at].buf) % DMA_PAGE, 0);
			memset(live[at].buf, mark, live[at].nbytes);
		}
	}
	assert_int_equal(fake.mapped, 1); /* freed memory is reused */
	dma_close(&dma);
	assert_int_equal(fake.mapped, 0);
}

static void
a_heap_that_is_full_grows(void **state)
{
	struct dma dma;
	uint8_t *big, *small;

	(void)state;
	fake.mapped = 0;
	assert_int_equal(dma_open(&dma, &bus, 2 << 20), 0);
	big = dma_alloc(&dma, 3 << 20);
	small = dma_alloc(&dma, 1);
	assert_non_null(big);
	assert_non_null(small);
	assert_int_equal(fake.mapped, 2);
	assert_non_null(dma_find(&dma, big + (3 << 20) - 1, 1));
	fake.refuse = ENOMEM;
	assert_null(dma_alloc(&dma, 600ull << 20));
	fake.refuse = 0;
	assert_null(dma_alloc(&dma, 0));
	dma_close(&dma);
	assert_int_equal(fake.mapped, 0);
}

/* The heap was closed twice: by dma_open(), and by the cleanup of the controller */
static void
a_heap_that_cannot_be_had(void **state)
{
	struct dma dma;

	(void)state;
	fake.mapped = 0;
	fake.refuse = ENOMEM;
	assert_int_equal(dma_open(&dma, &bus, 2 << 20), -ENOMEM);
	fake.refuse = 0;
	assert_null(dma.table);
	assert_int_equal(fake.mapped, 0);
}

/* Without an IOMMU the kernel must not move memory whose address the controller has */
static void
memory_that_nothing_translates(void **state)
{
	struct bus physical = {.ops = &ops, .iova_end = UINT64_MAX, .physical = true};
	uint8_t *mine = aligned_alloc(DMA_PAGE, DMA_PAGE);
	uint64_t address = 0;
	struct dma dma;
	uint8_t *buf;

	(void)state;
	fake.mapped = 0;
	if (dma_open(&dma, &physical, 2 << 20)) {
		print_message("%s\n", xnvme_err_text());
		free(mine);
		skip(); /* no hugepages here, or not root: the guest test has both */
	}
	buf = dma_alloc(&dma, 3 * DMA_PAGE);
	assert_non_null(buf);
	for (size_t page = 0; page < 3; ++page) {
		assert_int_equal(physical_address(buf + page * DMA_PAGE, &address), 0);
		assert_int_equal(dma_iova(&dma, buf) + page * DMA_PAGE, address);
	}
	assert_null(dma_alloc(&dma, 1ull << 39)); /* not contiguous: an error */
	assert_int_equal(dma_map_user(&dma, mine, DMA_PAGE), -ENOTSUP);
	dma_close(&dma);
	free(mine);
}

static void
memory_of_the_user(void **state)
{
	uint8_t *mine = aligned_alloc(DMA_PAGE, 16 * DMA_PAGE);
	const struct dma_map *found;
	struct dma dma;

	(void)state;
	fake.mapped = 0;
	assert_int_equal(dma_open(&dma, &bus, 2 << 20), 0);
	assert_null(dma_find(&dma, mine, 1));
	assert_int_equal(dma_map_user(&dma, mine + 1, DMA_PAGE), -EINVAL);
	assert_int_equal(dma_map_user(&dma, mine, DMA_PAGE - 1), -EINVAL);
	assert_int_equal(dma_map_user(&dma, mine + DMA_PAGE, 4 * DMA_PAGE), 0);
	assert_int_equal(dma_map_user(&dma, mine + 4 * DMA_PAGE, 4 * DMA_PAGE), -EEXIST);
	assert_int_equal(dma_map_user(&dma, mine, 2 * DMA_PAGE), -EEXIST);
	assert_int_equal(dma_map_user(&dma, mine + 5 * DMA_PAGE, DMA_PAGE), 0);
	found = dma_find(&dma, mine + DMA_PAGE, 4 * DMA_PAGE);
	assert_non_null(found);
	/* its virtual address is beyond 39 bits: it has another IOVA */
	assert_true((uintptr_t)mine + DMA_PAGE + found->delta < 1ull << 39);
	assert_null(dma_find(&dma, mine + DMA_PAGE, 5 * DMA_PAGE)); /* a range across two maps */
	assert_null(dma_find(&dma, mine, 1));
	assert_null(dma_find(&dma, mine + 6 * DMA_PAGE, 1));
	assert_int_equal(dma_unmap_user(&dma, mine), -EINVAL);
	assert_int_equal(dma_unmap_user(&dma, mine + DMA_PAGE), 0);
	assert_null(dma_find(&dma, mine + DMA_PAGE, 1));
	assert_int_equal(dma_unmap_user(&dma, mine + DMA_PAGE), -EINVAL);
	assert_int_equal(dma_unmap_user(&dma, mine + 5 * DMA_PAGE), 0);
	dma_close(&dma);
	assert_int_equal(fake.mapped, 0);
	free(mine);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_do_not_overlap_and_come_back),
		cmocka_unit_test(a_heap_that_is_full_grows),
		cmocka_unit_test(a_heap_that_cannot_be_had),
		cmocka_unit_test(memory_that_nothing_translates),
		cmocka_unit_test(memory_of_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
