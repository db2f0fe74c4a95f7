/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PRP lists and SGLs, valid and invalid, and a host that writes arbitrary values anywhere.
 */
#include <base/prng.h>
#include <export/pci/pci_test_fake.h>

#define DATA 64u /* the first page that the tests use for data */

static int
setup(void **state)
{
	(void)state;
	fake_start(NULL);
	fake_enable(0);
	fake_create_cq(1, ENTRIES, 1);
	fake_create_sq(1, 1, ENTRIES, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_stop();
	return 0;
}

/* The pattern's bytes [from, from + nbytes) are at `addr` */
static void
expect(uint64_t addr, uint64_t from, uint64_t nbytes)
{
	const uint8_t *at = fake_at(addr);

	for (uint64_t i = 0; i < nbytes; ++i) {
		assert_int_equal(at[i], fake_pattern(from + i));
	}
}

static void
put_pattern(uint64_t addr, uint64_t from, uint64_t nbytes)
{
	uint8_t *at = fake_at(addr);

	for (uint64_t i = 0; i < nbytes; ++i) {
		at[i] = fake_pattern(from + i);
	}
}

static void
prp_one_and_two_pages(void **state)
{
	uint64_t a = fake_page(DATA), b = fake_page(DATA + 7);
	struct xnvme_spec_cmd cmd;

	(void)state;
	cmd = fake_cmd(2, 1, 512, a, 0xDEAD);
	assert_int_equal(fake_io(1, &cmd), 0);
	expect(a, 0, 512);
	assert_int_equal(*(uint8_t *)fake_at(a + 512), 0);
	cmd = fake_cmd(2, 2, 4096, a + 1024, b);
	assert_int_equal(fake_io(1, &cmd), 0);
	expect(a + 1024, 0, 3072);
	expect(b, 3072, 1024);
	cmd = fake_cmd(2, 2, 8192, a, b);
	assert_int_equal(fake_io(1, &cmd), 0);
	expect(a, 0, 4096);
	expect(b, 4096, 4096);
	cmd = fake_cmd(2, 3, 512, a + 2, 0);
	assert_int_equal(fake_io(1, &cmd), STATUS(PRP_OFFSET_INVALID));
	cmd = fake_cmd(2, 3, 8192, a, b + 4);
	assert_int_equal(fake_io(1, &cmd), STATUS(PRP_OFFSET_INVALID));
	cmd = fake_cmd(2, 3, 8192, a, fake_page(PAGES));
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	cmd = fake_cmd(2, 3, 128 * 1024 + 4, a, b);
	assert_int_equal(fake_io(1, &cmd), STATUS(INVALID_FIELD));
}

static void
prp_list_that_continues_on_another_page(void **state)
{
	uint64_t list = fake_page(60) + 4096 - 24, next = fake_page(61), at = 4096 - 100;
	uint64_t *entries = fake_at(list), *more = fake_at(next);
	struct xnvme_spec_cmd cmd = fake_cmd(2, 9, 28 * 4096, fake_page(DATA) + 100, list);

	(void)state;
	entries[0] = fake_page(DATA + 2);
	entries[1] = fake_page(DATA + 1);
	entries[2] = next; /* the last of its page, with more than a page of data left */
	for (uint32_t i = 0; i < 26; ++i) {
		more[i] = fake_page(DATA + 100 - 2 * i);
	}
	for (uint32_t piecewise = 0; piecewise < 2; ++piecewise) {
		fake.piecewise = piecewise;
		pci_memory_changed(fake.f);
		memset(fake_at(fake_page(DATA)), 0, 110 * PAGE);
		assert_int_equal(fake_io(1, &cmd), 0);
		expect(fake_page(DATA) + 100, 0, at);
		expect(fake_page(DATA + 2), at, 4096);
		expect(fake_page(DATA + 1), at + 4096, 4096);
		for (uint32_t i = 0; i < 25; ++i) {
			expect(fake_page(DATA + 100 - 2 * i), at + (2ull + i) * 4096, 4096);
		}
		expect(fake_page(DATA + 50), at + 27ull * 4096, 100);
		assert_int_equal(*(uint8_t *)fake_at(fake_page(DATA + 50) + 100), 0);
	}
	more[3] += 8;
	assert_int_equal(fake_io(1, &cmd), STATUS(PRP_OFFSET_INVALID));
	entries[2] = 0;
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	cmd.common.dptr.prp.prp2 += 4;
	assert_int_equal(fake_io(1, &cmd), STATUS(PRP_OFFSET_INVALID));
}

static void
prp_list_whose_last_entry_is_data(void **state)
{
	uint64_t list = fake_page(60) + 4096 - 16, *entries = fake_at(list);
	struct xnvme_spec_cmd cmd = fake_cmd(1, 9, 3 * 4096, fake_page(DATA), list);

	(void)state;
	entries[0] = fake_page(DATA + 4);
	entries[1] = fake_page(DATA + 2); /* last of the page, but only one page of data left */
	put_pattern(fake_page(DATA), 0, 4096);
	put_pattern(fake_page(DATA + 4), 4096, 4096);
	put_pattern(fake_page(DATA + 2), 8192, 4096);
	assert_int_equal(fake_io(1, &cmd), 0);
	for (uint32_t i = 0; i < 3 * 4096; ++i) {
		assert_int_equal(fake.taken[i], fake_pattern(i));
	}
}

static void
memory_that_may_only_be_read_is_not_written(void **state)
{
	struct xnvme_spec_cmd cmd = fake_cmd(2, 1, 512, fake_page(DATA), 0);

	(void)state;
	fake.read_only[DATA] = true;
	pci_memory_changed(fake.f);
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	assert_int_equal(*(uint8_t *)fake_at(fake_page(DATA)), 0);
	cmd.common.opcode = 1;
	assert_int_equal(fake_io(1, &cmd), 0);
}

/* So many bytes of a command's data are located before prepare() */
static void
expect_start(const struct xnvme_spec_cmd *cmd, uint64_t addr, uint64_t nbytes)
{
	fake_io(1, cmd);
	assert_int_equal(fake.dma.start_nbytes, nbytes);
	assert_null(fake.dma.flat);
	if (nbytes) {
		assert_ptr_equal(fake.dma.start, fake_at(addr));
	}
}

static void
where_data_start_is_known(void **state)
{
	uint64_t a = fake_page(DATA);
	struct xnvme_spec_cmd cmd = fake_cmd(2, 1, 512, a, 0);

	(void)state;
	for (uint8_t opcode = 1; opcode <= 2; ++opcode) {
		cmd.common.opcode = opcode;
		cmd.common.dptr.prp.prp1 = a;
		expect_start(&cmd, a, PAGE);
		cmd.common.dptr.prp.prp1 = a + PAGE - 512; /* the page, whatever follows it */
		expect_start(&cmd, a + PAGE - 512, 512);
		cmd.common.dptr.prp.prp1 = a - 3 * PAGE + 4;
		expect_start(&cmd, a - 3 * PAGE + 4, PAGE - 4);
		cmd.common.dptr.prp.prp1 = a + 2; /* refused by prepare() */
		expect_start(&cmd, 0, 0);
		cmd.common.dptr.prp.prp1 = fake_page(PAGES);
		expect_start(&cmd, 0, 0);
		cmd.common.dptr.prp.prp1 = IOVA - 512;
		expect_start(&cmd, 0, 0);
		cmd.common.dptr.prp.prp1 = fake_page(PAGES) - 512;
		expect_start(&cmd, fake_page(PAGES) - 512, 512);
	}
	cmd.common.dptr.prp.prp1 = a;
	cmd.common.psdt = XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS;
	expect_start(&cmd, 0, 0);
	cmd.common.psdt = XNVME_SPEC_PSDT_PRP;
	cmd.common.opcode = 0x80; /* only for Read and Write */
	expect_start(&cmd, 0, 0);
	cmd.common.opcode = 2;
	expect_start(&cmd, a, PAGE);
	fake.read_only[DATA] = true;
	pci_memory_changed(fake.f);
	expect_start(&cmd, 0, 0);
	cmd.common.opcode = 1;
	expect_start(&cmd, a, PAGE);
	fake.far[DATA] = true;
	pci_memory_changed(fake.f);
	expect_start(&cmd, 0, 0);
}

/* The page size is 64 KiB, the maximum transfer 4 KiB: no more is located */
static void
start_of_no_more_than_a_transfer(void **state)
{
	const struct pci_config config = {.ioq_max = 1,
					  .entries_max = 64,
					  .inflight_max = 64,
					  .vectors = 2,
					  .xfer_nbytes_max = 4096,
					  .timeout_500ms = 2};
	struct xnvme_spec_cmd cmd = fake_cmd(2, 1, 512, fake_page(DATA), 0);

	(void)state;
	fake_stop();
	fake_start(&config);
	fake_enable(0);
	fake_create_cq(1, ENTRIES, 1);
	fake_create_sq(1, 1, ENTRIES, 0);
	fake.f->page_nbytes = 65536;
	expect_start(&cmd, fake_page(DATA), 4096);
}

/* Queues, lists and data in memory without a pointer (far) */
static void
memory_that_can_only_be_copied(void **state)
{
	uint64_t list = fake_page(60), *entries = fake_at(list);
	struct xnvme_spec_cmd cmd = fake_cmd(2, 9, 4 * 4096, fake_page(DATA) + 512, list);

	(void)state;
	memset(fake.far, true, sizeof(fake.far));
	pci_memory_changed(fake.f);
	for (uint32_t i = 0; i < 4; ++i) {
		entries[i] = fake_page(DATA + 2 * i + 2);
	}
	for (uint32_t round = 0; round < 40; ++round) { /* the queues wrap */
		cmd.common.opcode = round & 1 ? 1 : 2;
		assert_int_equal(fake_io(1, &cmd), 0);
		expect(fake_page(DATA) + 512, 0, 4096 - 512);
		expect(fake_page(DATA + 2), 4096 - 512, 4096);
		assert_memory_equal(fake.taken + 4096 - 512, fake_at(fake_page(DATA + 2)),
				    round & 1 ? 4096 : 0);
	}
	assert_true(fake.far_copies > 40 * 4);
	fake.far[DATA + 4] = false; /* half near, half far */
	pci_memory_changed(fake.f);
	assert_int_equal(fake_io(1, &cmd), 0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	/* queues can be created, and the controller enabled, in such memory */
	fake_reg_set(REG_CC, 0);
	fake_enable(0);
	assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
	assert_int_equal(fake_io(1, &cmd), 0);
}

static void
far_memory_that_is_refused(void **state)
{
	struct xnvme_spec_cmd cmd = fake_cmd(2, 9, 4096, fake_page(DATA), 0);

	(void)state;
	fake.far[DATA] = fake.far_refused[DATA] = true;
	pci_memory_changed(fake.f);
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	cmd.common.opcode = 1;
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	fake.read_only[DATA] = true;
	fake.far_refused[DATA] = false;
	pci_memory_changed(fake.f);
	assert_int_equal(fake_io(1, &cmd), 0);
	cmd.common.opcode = 2;
	assert_int_equal(fake_io(1, &cmd), STATUS(DATA_TRANSFER_ERROR));
	fake.far[2] = fake.far_refused[2] = true; /* submission queue 1 */
	pci_memory_changed(fake.f);
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY | CSTS_CFS);
	fake.far_refused[2] = false;
	fake_reg_set(REG_CC, 0);
	fake_enable(0);
	assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
	fake.far[3] = fake.far_refused[3] = true; /* completion queue 1 */
	pci_memory_changed(fake.f);
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY | CSTS_CFS);
}

/* A queue may span several maps */
static void
queue_in_several_pieces(void **state)
{
	const struct pci_config config = {.ioq_max = 8,
					  .entries_max = 128,
					  .inflight_max = 64,
					  .vectors = 9,
					  .xfer_nbytes_max = 128 * 1024,
					  .timeout_500ms = 2};
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	fake_stop();
	fake_start(&config);
	fake_enable(0);
	assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
	fake.piecewise = true;
	fake.unmapped[5] = true; /* the second page of submission queue 2 */
	pci_memory_changed(fake.f);
	assert_int_equal(fake_create_sq(2, 1, 128, 0), STATUS(DATA_TRANSFER_ERROR));
	fake.unmapped[5] = false;
	pci_memory_changed(fake.f);
	assert_int_equal(fake_create_sq(2, 1, 128, 0), 0);
	fake.entries[2] = 128;
	for (uint16_t i = 0; i < 300; ++i) {
		cmd.common.cid = i;
		fake_put(2, &cmd);
		fake_ring(2);
		fake_run();
		assert_true(fake_reap(1, &cpl));
		assert_int_equal(cpl.cid, i);
	}
}

static struct xnvme_spec_sgl_descriptor
descriptor(uint32_t type, uint64_t addr, uint64_t nbytes)
{
	struct xnvme_spec_sgl_descriptor d = {.addr = addr};

	d.unkeyed.type = (uint8_t)(type & 15);
	d.unkeyed.len = (uint32_t)nbytes;
	return d;
}

static uint16_t
sgl_io(uint8_t opcode, uint32_t nbytes, struct xnvme_spec_sgl_descriptor d)
{
	struct xnvme_spec_cmd cmd = fake_cmd(opcode, 5, nbytes, 0, 0);

	cmd.common.psdt = XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS;
	cmd.common.dptr.sgl = d;
	return fake_io(1, &cmd);
}

static void
sgl_blocks_segments_and_buckets(void **state)
{
	struct xnvme_spec_sgl_descriptor *s = fake_at(fake_page(60)), *t = fake_at(fake_page(61));
	uint64_t a = fake_page(DATA) + 3; /* any alignment */

	(void)state;
	assert_int_equal(sgl_io(2, 9000, descriptor(0, a, 9000)), 0);
	expect(a, 0, 9000);
	s[0] = descriptor(0, a + 20000, 100);
	s[1] = descriptor(1, 0xDEAD, 1000); /* bit bucket */
	s[2] = descriptor(2, fake_page(61), 32);
	t[0] = descriptor(0, a + 30001, 1);
	t[1] = descriptor(3, fake_page(61) + 2048, 32);
	t[128] = descriptor(0, a + 40000, 0);
	t[129] = descriptor(0, a + 50000, 8000);
	assert_int_equal(sgl_io(2, 4000, descriptor(2, fake_page(60), 48)), 0);
	expect(a + 20000, 0, 100);
	expect(a + 30001, 1100, 1);
	expect(a + 50000, 1101, 4000 - 1101);
	assert_int_equal(*(uint8_t *)fake_at(a + 50000 + 4000 - 1101), 0); /* longer: unused */
	/* for a transfer to the SSD a bit bucket has no data */
	put_pattern(a + 20000, 0, 100);
	put_pattern(a + 30001, 100, 1);
	put_pattern(a + 50000, 101, 4000);
	assert_int_equal(sgl_io(1, 4000, descriptor(2, fake_page(60), 48)), 0);
	for (uint32_t i = 0; i < 4000; ++i) {
		assert_int_equal(fake.taken[i], fake_pattern(i));
	}
}

static void
sgl_that_breaks_the_rules(void **state)
{
	struct xnvme_spec_sgl_descriptor *s = fake_at(fake_page(60)), d;
	uint64_t a = fake_page(DATA), list = fake_page(60);

	(void)state;
	assert_int_equal(sgl_io(2, 512, descriptor(0, a, 511)), STATUS(DATA_SGL_LENGTH_INVALID));
	assert_int_equal(sgl_io(2, 512, descriptor(4, a, 512)), STATUS(SGL_TYPE_INVALID));
	assert_int_equal(sgl_io(2, 512, descriptor(15, a, 512)), STATUS(SGL_TYPE_INVALID));
	d = descriptor(0, a, 512);
	d.unkeyed.subtype = 1;
	assert_int_equal(sgl_io(2, 512, d), STATUS(SGL_TYPE_INVALID));
	assert_int_equal(sgl_io(2, 512, descriptor(2, list, 0)), STATUS(INVALID_SGL_SEGMENT));
	assert_int_equal(sgl_io(2, 512, descriptor(2, list, 24)), STATUS(INVALID_SGL_SEGMENT));
	assert_int_equal(sgl_io(2, 512, descriptor(2, list + 4, 16)), STATUS(INVALID_SGL_SEGMENT));
	assert_int_equal(sgl_io(2, 512, descriptor(3, fake_page(PAGES), 16)),
			 STATUS(DATA_TRANSFER_ERROR));
	s[0] = descriptor(2, list, 16); /* not the last of its segment */
	s[1] = descriptor(0, a, 512);
	assert_int_equal(sgl_io(2, 512, descriptor(2, list, 32)), STATUS(INVALID_SGL_SEGMENT));
	s[0] = descriptor(3, list, 16); /* in a last segment */
	assert_int_equal(sgl_io(2, 512, descriptor(3, list, 16)), STATUS(INVALID_SGL_SEGMENT));
	s[0] = descriptor(2, list, 16); /* itself, for ever */
	assert_int_equal(sgl_io(2, 512, descriptor(2, list, 16)), STATUS(INVALID_SGL_COUNT));
}

/* As many segments as the list has descriptors, none adjacent to another */
static void
sgl_of_many_pieces(void **state)
{
	struct xnvme_spec_sgl_descriptor *s = fake_at(fake_page(32));
	uint64_t a = fake_page(DATA);
	uint32_t count = 16 * PAGE / sizeof(*s);

	(void)state;
	for (uint32_t i = 0; i < count; ++i) {
		s[i] = descriptor(0, a + 8 * i, 1);
	}
	assert_int_equal(sgl_io(2, count, descriptor(3, fake_page(32), 16 * PAGE)), 0);
	for (uint32_t i = 0; i < count; ++i) {
		assert_int_equal(*(uint8_t *)fake_at(a + 8 * i), fake_pattern(i));
		assert_int_equal(*(uint8_t *)fake_at(a + 8 * i + 1), 0);
	}
}

static void
psdt_and_metadata(void **state)
{
	struct xnvme_spec_sgl_descriptor *s = fake_at(fake_page(60));
	struct xnvme_spec_cmd cmd = fake_cmd(1, 1, 512, fake_page(DATA), 0);

	(void)state;
	cmd.common.ndm = 64;
	cmd.common.mptr = fake_page(62) + 8;
	put_pattern(fake_page(62) + 8, 0, 64);
	assert_int_equal(fake_io(1, &cmd), 0);
	assert_memory_equal(fake.taken_meta, fake_at(fake_page(62) + 8), 64);
	cmd.common.mptr += 1;
	assert_int_equal(fake_io(1, &cmd), STATUS(INVALID_FIELD));
	cmd.common.psdt = 3;
	assert_int_equal(fake_io(1, &cmd), STATUS(INVALID_FIELD));
	cmd.common.psdt = XNVME_SPEC_PSDT_SGL_MPTR_SGL;
	cmd.common.dptr.sgl = descriptor(0, fake_page(DATA), 512);
	cmd.common.mptr = fake_page(60);
	s[0] = descriptor(0, fake_page(62) + 8, 64);
	memset(fake.taken_meta, 0, 64);
	assert_int_equal(fake_io(1, &cmd), 0);
	assert_memory_equal(fake.taken_meta, fake_at(fake_page(62) + 8), 64);
	s[0] = descriptor(0, fake_page(62) + 8, 63);
	assert_int_equal(fake_io(1, &cmd), STATUS(METADATA_SGL_LENGTH_INVALID));
	cmd.common.opcode = 6; /* admin commands have no SGLs over PCIe */
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(INVALID_FIELD));
}

/* Sometimes an address, sometimes small, sometimes any word */
static uint64_t
word(uint64_t *seed)
{
	uint64_t r = prng_next(seed);

	switch (r % 5) {
	case 0:
		return fake_page((uint32_t)((r >> 8) % (PAGES + 4))) + (r >> 32) % PAGE;
	case 1:
		return fake_page((uint32_t)((r >> 8) % (PAGES + 4)));
	case 2:
		return (r >> 8) % 4096;
	case 3:
		return (r >> 8) % 64;
	default:
		return prng_next(seed);
	}
}

/* For all writes of the host: no access outside mapped memory (the fake's memory is exactly that,
 * and a sanitizer build checks it), no assertion, no endless run, and a reset recovers the
 * controller */
static void
hostile_host(void **state)
{
	const char *given = getenv("XNVME_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : 20261120;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	for (uint32_t round = 0; round < 300; ++round) {
		for (uint32_t i = 0; i < 40; ++i) {
			uint64_t at = prng_next(&seed) % (32 * PAGE / 8), value = word(&seed);

			memcpy(fake.mem + 8 * at, &value, 8);
		}
		for (uint32_t i = 0; i < ENTRIES;
		     ++i) { /* likely opcodes, to reach more code */
			fake.mem[i * 64] = (uint8_t)(prng_next(&seed) % 13);
			fake.mem[i * 64 + 1] = 0;
		}
		for (uint32_t i = 0; i < 12; ++i) {
			uint32_t value = (uint32_t)word(&seed);
			uint32_t doorbell = 0x1000 + 4 * (uint32_t)(prng_next(&seed) % 20);

			pci_reg_write(fake.f, fake.now, doorbell, &(uint32_t){value % 9}, 4);
			if (prng_next(&seed) % 50 == 0) {
				pci_reg_write(fake.f, fake.now, value % 0x40, &value, 4);
			}
			if (prng_next(&seed) % 60 == 0) {
				fake.unmapped[value % PAGES] ^= true;
				pci_memory_changed(fake.f);
			}
			fake.event = prng_next(&seed) % 4 == 0;
			fake.now += prng_next(&seed) % 2000;
			for (uint32_t run = 0; run < 4; ++run) {
				ns_t next;

				pci_run(fake.f, fake.now, &next);
			}
			pci_before_wait(fake.f);
		}
		if (round % 10 == 9 || !(fake_reg(REG_CSTS) & CSTS_RDY)) {
			memset(fake.unmapped, 0, sizeof(fake.unmapped));
			fake_reg_set(REG_CC, 0);
			fake_enable(0);
			assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
			assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
		}
	}
}

/* All of it is far, and must be fetched before a command that needs it starts */
static int
setup_slow(void **state)
{
	setup(state);
	memset(fake.far, true, sizeof(fake.far));
	fake.far_slow = true;
	pci_far(fake.f, true);
	pci_memory_changed(fake.f);
	return 0;
}

static int
teardown_slow(void **state)
{
	assert_true(fake.far_waits > 0);
	return teardown(state);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define SLOW(name)                                                                                 \
	{                                                                                          \
#name " (slow)", name, setup_slow, teardown_slow, NULL                             \
	}
	const struct CMUnitTest tests[] = {
		T(prp_one_and_two_pages),
		T(prp_list_that_continues_on_another_page),
		T(prp_list_whose_last_entry_is_data),
		T(memory_that_may_only_be_read_is_not_written),
		T(where_data_start_is_known),
		T(start_of_no_more_than_a_transfer),
		T(sgl_blocks_segments_and_buckets),
		T(sgl_that_breaks_the_rules),
		T(sgl_of_many_pieces),
		T(memory_that_can_only_be_copied),
		T(far_memory_that_is_refused),
		T(queue_in_several_pieces),
		T(psdt_and_metadata),
		SLOW(prp_one_and_two_pages),
		SLOW(prp_list_that_continues_on_another_page),
		SLOW(prp_list_whose_last_entry_is_data),
		SLOW(sgl_blocks_segments_and_buckets),
		SLOW(sgl_that_breaks_the_rules),
		SLOW(sgl_of_many_pieces),
		SLOW(memory_that_can_only_be_copied),
		SLOW(psdt_and_metadata),
		T(hostile_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
