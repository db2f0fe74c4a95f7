/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process ends in the middle of a command: at each piece of data that a write pulls from the
 * host, the engine is abandoned, and another one restores the media.
 */
#include <ssd/rig_test.h>

static jmp_buf death;
static int pieces_left;

/* Half of the requested data, then the end of the process */
static uint16_t
die_in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	(void)dma;
	(void)offset;
	if (pieces_left-- == 0) {
		memset(dst, 0xBB, nbytes / 2);
		longjmp(death, 1);
	}
	memset(dst, 0xBB, nbytes);
	return 0;
}

static void
with_journal(struct ssd_config *config)
{
	config->journal = true;
}

static void
with_journal_and_metadata(struct ssd_config *config)
{
	config->journal = true;
	config->ns[0].lba_nbytes = 4096;
	config->ns[0].meta_nbytes = 8;
}

static void
without_journal(struct ssd_config *config)
{
	config->journal = false;
}

static void
with_journal_and_large_writes(struct ssd_config *config)
{
	config->journal = true;
	config->mdts = 0;
}

/* A write that is abandoned at piece `at`; false: it has no such piece */
static bool
write_blocks_and_die(struct rig *rig, uint64_t lba, uint16_t nlb, int at)
{
	struct ssd_dma dma = {.copy_in = die_in, .meta_in = die_in, .nbytes = 4 << 20,
			      .meta_nbytes = 1 << 16};
	struct xnvme_spec_cmd cmd = {0};

	pieces_left = at;
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_WRITE;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.nvm.nlb = (uint16_t)(nlb - 1u);
	rig->work = (struct ssd_work){.sqid = 1, .dma = &dma};
	if (setjmp(death)) {
		return true;
	}
	ssd_begin(rig->ssd, rig->now, &cmd, &rig->work);
	return false;
}

static bool
write_and_die(struct rig *rig, uint64_t lba, int at)
{
	return write_blocks_and_die(rig, lba, 8, at);
}

static void
an_unfinished_write_is_taken_back(void **state)
{
	(void)state;
	for (int metadata = 0; metadata < 2; ++metadata) {
		struct rig *rig = rig_new(metadata ? with_journal_and_metadata : with_journal);
		uint32_t lba_nbytes = metadata ? 4096 : 512;
		int at = 0;

		memset(rig->meta, 0x11, sizeof(rig->meta));
		assert_ok(rig_write(rig, 0, 64, 0x11));
		while (write_and_die(rig, 16, at)) {
			at += 1;
			rig_reopen(rig);
			memset(rig->meta, 0xEE, sizeof(rig->meta));
			assert_ok(rig_read(rig, 0, 64));
			assert_bytes(rig->buf, 0x11, 64 * lba_nbytes);
			assert_bytes(rig->meta, metadata ? 0x11 : 0xEE, 64 * 8);
			assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
			assert_int_equal(rig->buf[144], at); /* Unsafe Shutdowns */
		}
		assert_int_equal(at, metadata ? 16 : 1);
		/* a complete write stays, though the process ends after it */
		rig_reopen(rig);
		assert_ok(rig_read(rig, 16, 8));
		assert_bytes(rig->buf, 0xBB, 8 * lba_nbytes);
		assert_ok(rig_write(rig, 16, 8, 0x33));
		rig_reopen(rig);
		assert_ok(rig_read(rig, 16, 8));
		assert_bytes(rig->buf, 0x33, 8 * lba_nbytes);
		rig_free(rig);
	}
}

/* The failure that the test above would find without a journal */
static void
without_a_journal_a_block_is_torn(void **state)
{
	struct rig *rig = rig_new(without_journal);

	(void)state;
	assert_ok(rig_write(rig, 0, 64, 0x11));
	assert_true(write_and_die(rig, 16, 0));
	rig_reopen(rig);
	assert_ok(rig_read(rig, 16, 8));
	assert_bytes(rig->buf, 0xBB, 4 * 512);
	assert_bytes(rig->buf + 4 * 512, 0x11, 4 * 512);
	rig_free(rig);
}

static uint8_t ranges[2][32]; /* of a Copy */

static uint16_t
tell_ranges_and_die(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	(void)dma;
	if (pieces_left-- == 0) {
		longjmp(death, 1);
	}
	memcpy(dst, (uint8_t *)ranges + offset, nbytes);
	return 0;
}

/* Twice 1 MiB from block 0 on; the process ends between them */
static void
copy_and_die(struct rig *rig, uint64_t lba)
{
	struct ssd_dma dma = {.copy_in = tell_ranges_and_die, .nbytes = sizeof(ranges)};
	struct xnvme_spec_cmd cmd = {0};

	for (int i = 0; i < 2; ++i) {
		memcpy(ranges[i] + 16, &(uint16_t){2047}, 2);
	}
	pieces_left = 3; /* both ranges are checked first */
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_SCOPY;
	cmd.common.nsid = 1;
	cmd.scopy.sdlba = lba;
	cmd.scopy.nr = 1;
	rig->work = (struct ssd_work){.sqid = 1, .dma = &dma};
	if (setjmp(death) == 0) {
		ssd_begin(rig->ssd, rig->now, &cmd, &rig->work);
		fail();
	}
}

/* A change larger than the journal stays as the process left it; but it counts as written, so that
 * erasing the namespace erases it too */
static void
an_erase_finds_what_no_journal_keeps(void **state)
{
	(void)state;
	for (int copies = 0; copies < 2; ++copies) {
		struct rig *rig = rig_new(with_journal_and_large_writes);
		struct xnvme_spec_cmd cmd = {0};

		if (copies) {
			assert_ok(rig_write(rig, 0, 2048, 0xBB));
			copy_and_die(rig, 8192);
		} else {
			assert_true(write_blocks_and_die(rig, 8192, 4096, 0));
		}
		rig_reopen(rig);
		assert_ok(rig_read(rig, 8192, 8));
		assert_bytes(rig->buf, 0xBB, 8 * 512);
		cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
		cmd.common.nsid = 1;
		assert_ok(rig_admin(rig, &cmd));
		assert_ok(rig_read(rig, 8192, 8));
		assert_bytes(rig->buf, 0, 8 * 512);
		rig_free(rig);
	}
}

static void
a_clean_end_is_not_unsafe(void **state)
{
	struct rig *rig = rig_new(with_journal);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 0x11));
	ssd_shutdown(rig->ssd, rig->now, false);
	rig_reopen(rig);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
	assert_int_equal(rig->buf[144], 0);
	assert_int_equal(rig->buf[112], 2); /* Power Cycles */
	rig_free(rig);
}

/* For any contents of the journal: a sentence, or consistent media */
static void
a_damaged_journal_is_refused(void **state)
{
	(void)state;
	for (int word = 0; word < 5; ++word) {
		struct rig *rig = rig_new(with_journal);
		size_t nbytes = ssd_bytes_needed(&rig->config);
		uint64_t *journal = (uint64_t *)((uint8_t *)rig->media + (64 << 10));
		const char *why = NULL;

		assert_ok(rig_write(rig, 0, 64, 0x11));
		assert_true(write_and_die(rig, 16, 0));
		assert_int_equal(journal[0], 1);
		assert_int_equal(journal[1], 16 * 512);
		assert_int_equal(journal[2], 8 * 512);
		journal[word] = UINT64_MAX - 100;
		memset(rig->memory, 0, nbytes);
		assert_int_equal(ssd_init(&rig->ssd, rig->memory, nbytes, &rig->config, rig->media,
					  rig->seed, &why), -ENV_EINVAL);
		assert_non_null(strstr(why, "journal"));
		rig_free(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unfinished_write_is_taken_back),
		cmocka_unit_test(without_a_journal_a_block_is_torn),
		cmocka_unit_test(an_erase_finds_what_no_journal_keeps),
		cmocka_unit_test(a_clean_end_is_not_unsafe),
		cmocka_unit_test(a_damaged_journal_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
