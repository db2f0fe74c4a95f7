/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of namespaces: management, attachment, format, sanitize, restored media */
#include <ssd/engine.h>
#include <ssd/rig_test.h>
#include <sys/mman.h>

static void
with_unallocated(struct ssd_config *config)
{
	config->nvm_nbytes = 64u << 20;
	config->metadata = true;
}

static uint16_t
create(struct rig *rig, uint64_t nlba, uint8_t format)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_idfy_ns *ns = (void *)rig->buf;

	memset(rig->buf, 0, 4096);
	ns->nsze = ns->ncap = nlba;
	ns->flbas.format = format & 15u;
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	return rig_admin(rig, &cmd);
}

static uint16_t
delete_ns(struct rig *rig, uint32_t nsid)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	cmd.common.nsid = nsid;
	cmd.common.ndt = XNVME_SPEC_NS_MGMT_DELETE;
	return rig_admin(rig, &cmd);
}

static uint16_t
attach(struct rig *rig, uint32_t nsid, uint32_t select)
{
	struct xnvme_spec_idfy_ctrlrlist *list = (void *)rig->buf;
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0, 4096);
	list->num = 1;
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_ATTACH;
	cmd.common.nsid = nsid;
	cmd.common.ndt = select;
	return rig_admin(rig, &cmd);
}

static uint16_t
format(struct rig *rig, uint32_t nsid, uint32_t cdw10)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
	cmd.common.nsid = nsid;
	cmd.common.ndt = cdw10;
	return rig_admin(rig, &cmd);
}

static void
create_attach_use_delete(void **state)
{
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_ok(create(rig, 4096, 1));
	assert_int_equal(rig->work.result, 2);
	assert_status(rig_blocks(rig, 2, 2, 0, 1, 0), STATUS(INVALID_FIELD));
	assert_ok(attach(rig, 2, 0));
	assert_status(attach(rig, 2, 0), STATUS(NS_ALREADY_ATTACHED));
	memset(rig->buf, 9, 4096);
	assert_ok(rig_blocks(rig, 1, 2, 4095, 1, 0));
	assert_status(rig_blocks(rig, 1, 2, 4096, 1, 0), STATUS(LBA_OUT_OF_RANGE));
	assert_ok(attach(rig, 2, 1));
	assert_status(attach(rig, 2, 1), STATUS(NS_NOT_ATTACHED));
	assert_status(rig_blocks(rig, 2, 2, 0, 1, 0), STATUS(INVALID_FIELD));
	assert_ok(delete_ns(rig, 2));
	assert_status(delete_ns(rig, 2), STATUS(INVALID_FIELD));
	assert_status(delete_ns(rig, 99), STATUS(INVALID_NS_OR_FORMAT));
	/* a new namespace shows no data of an old one at the same place */
	assert_ok(create(rig, 4096, 1));
	assert_ok(attach(rig, 2, 0));
	assert_ok(rig_blocks(rig, 2, 2, 4095, 1, 0));
	assert_bytes(rig->buf, 0, 4096);
	rig_free(rig);
}

static void
capacity_and_identifiers_run_out(void **state)
{
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_status(create(rig, 1u << 20, 0), STATUS(NS_INSUFFICIENT_CAPACITY));
	assert_status(create(rig, UINT64_MAX, 0), STATUS(NS_INSUFFICIENT_CAPACITY));
	assert_status(create(rig, 0, 0), STATUS(NS_INSUFFICIENT_CAPACITY));
	assert_status(create(rig, 1, 12), STATUS(INVALID_FORMAT));
	for (uint32_t i = 0; i < 31; ++i) {
		assert_ok(create(rig, 2048, 0));
	}
	assert_status(create(rig, 2048, 0), STATUS(NSID_UNAVAILABLE));
	assert_ok(delete_ns(rig, 0xFFFFFFFF));
	assert_ok(create(rig, 64u << 11, 0));
	assert_int_equal(rig->work.result, 1);
	assert_status(create(rig, 1, 0), STATUS(NS_INSUFFICIENT_CAPACITY));
	rig_free(rig);
}

static void
attach_list_is_checked(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_ok(create(rig, 2048, 0));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_ATTACH;
	cmd.common.nsid = 2;
	memset(rig->buf, 0, 4096);
	assert_status(rig_admin(rig, &cmd), STATUS(CTRLR_LIST_INVALID));
	memset(rig->buf, 0xFF, 4096);
	assert_status(rig_admin(rig, &cmd), STATUS(CTRLR_LIST_INVALID));
	cmd.common.ndt = 7;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	rig->dma.nbytes = 100;
	cmd.common.ndt = 0;
	assert_status(rig_admin(rig, &cmd), STATUS(DATA_SGL_LENGTH_INVALID));
	rig_free(rig);
}

static void
changes_are_announced(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	struct xnvme_spec_cmd cmd = {0};
	struct ssd_event event;
	uint32_t list[2];

	(void)state;
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_ASYNC_EVENT, 0x100, false));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_ASYNC_EVENT;
	rig_admin(rig, &cmd);
	assert_ok(create(rig, 2048, 0));
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_ok(attach(rig, 2, 0));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.result, 0x040002);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_CHNS, 4096));
	memcpy(list, rig->buf, 8);
	assert_int_equal(list[0], 2);
	assert_int_equal(list[1], 0);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_CHNS, 4096));
	assert_bytes(rig->buf, 0, 4096);
	rig_free(rig);
}

static void
format_changes_blocks(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	const struct xnvme_spec_idfy_ns *ns = (const void *)rig->buf;

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(format(rig, 1, 1));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 1, 0));
	assert_int_equal(ns->nsze, 4096);
	assert_int_equal(ns->flbas.format, 1);
	assert_ok(rig_read(rig, 0, 1));
	assert_bytes(rig->buf, 0, 4096);
	assert_status(rig_read(rig, 4096, 1), STATUS(LBA_OUT_OF_RANGE));
	assert_status(format(rig, 1, 13), STATUS(INVALID_FORMAT));
	assert_status(format(rig, 1, 1 << 5), STATUS(INVALID_FORMAT));	  /* PI without metadata */
	assert_status(format(rig, 1, 4 << 5 | 2), STATUS(INVALID_FORMAT)); /* PI of type 4 */
	assert_status(format(rig, 1, 3 << 9), STATUS(INVALID_FIELD));
	assert_status(format(rig, 2, 0), STATUS(INVALID_FIELD));
	assert_status(format(rig, 0, 0), STATUS(INVALID_NS_OR_FORMAT));
	assert_ok(format(rig, 0xFFFFFFFF, 0));
	assert_ok(rig_write(rig, 32767, 1, 1));
	rig_free(rig);
}

static void
format_is_for_good(void **state)
{
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(rig_blocks(rig, 4, 1, 100, 1, 0));
	assert_ok(format(rig, 1, 1 << 9));
	assert_ok(rig_read(rig, 100, 1));
	ssd_power_cut(rig->ssd, rig->now);
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf, 0, 4096);
	rig_free(rig);
}

static void
sanitize_locks_the_door(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	const struct xnvme_spec_log_sanitize_entry *log = (const void *)rig->buf;
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_SANITIZE;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.sanitize.sanact = XNVME_SPEC_SANITIZE_BLOCK_ERASE;
	assert_ok(rig_admin(rig, &cmd));
	assert_status(rig_read(rig, 0, 8), STATUS(SANITIZE_IN_PROGRESS));
	assert_status(format(rig, 1, 0), STATUS(SANITIZE_IN_PROGRESS));
	assert_status(rig_admin(rig, &cmd), STATUS(SANITIZE_IN_PROGRESS));
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SANITIZE, 512));
	assert_int_equal(log->sstat.sos, XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS);
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_status(rig_read(rig, 0, 8), STATUS(SANITIZE_IN_PROGRESS));
	rig->now += 2 * NS_PER_S;
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf, 0, 4096);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SANITIZE, 512));
	assert_int_equal(log->sprog, 0xFFFF);
	assert_int_equal(log->sstat.val, 0x0101);
	assert_int_equal(log->scdw10, 2);
	rig_free(rig);
}

static uint16_t
sanitize(struct rig *rig, uint32_t cdw10)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_SANITIZE;
	cmd.common.ndt = cdw10;
	return rig_admin(rig, &cmd);
}

/* SSTAT: the status in bits 2:0, overwrite passes in 7:3, Global Data Erased in 8 */
static uint16_t
sanitize_status(struct rig *rig)
{
	const struct xnvme_spec_log_sanitize_entry *log = (const void *)rig->buf;

	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SANITIZE, 512));
	return log->sstat.val;
}

static void
erased_until_written(void **state)
{
	static const uint32_t writes[] = {1, 4, 8, 0x19};
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_int_equal(sanitize_status(rig), 0x100); /* a new drive */
	for (uint32_t i = 0; i < 4; ++i) {
		memset(rig->buf, 0, 4096);
		assert_ok(rig_blocks(rig, (uint8_t)writes[i], 1, 100, 1, 0));
		assert_int_equal(sanitize_status(rig) & 0x100, 0);
		assert_ok(sanitize(rig, XNVME_SPEC_SANITIZE_OVERWRITE | i << 4));
		assert_int_equal(sanitize_status(rig), XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS);
		rig->now += 2 * NS_PER_S;
		assert_int_equal(sanitize_status(rig), 0x101 | (i ? i : 16) << 3);
		assert_ok(rig_read(rig, 100, 1));
		assert_int_equal(sanitize_status(rig) & 0x100, 0x100);
	}
	rig_free(rig);
}

/* Blocks are always deallocated; feature 17h selects how a host that forbids it is notified */
static void
deallocation_is_told_of(void **state)
{
	const uint32_t nodas = XNVME_SPEC_SANITIZE_BLOCK_ERASE | 1u << 9;
	struct rig *rig = rig_new(with_unallocated);
	struct xnvme_spec_cmd cmd = {0};
	struct ssd_event event;

	(void)state;
	assert_status(sanitize(rig, nodas), STATUS(INVALID_FIELD));
	assert_int_equal(sanitize_status(rig), 0x100);
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_SANITIZE, 1, false));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_ASYNC_EVENT;
	rig_admin(rig, &cmd);
	assert_ok(sanitize(rig, nodas));
	rig->now += 2 * NS_PER_S;
	assert_int_equal(sanitize_status(rig), 0x104);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.result, 0x810206);
	rig_free(rig);
}

static void
sanitize_goes_on_after_power_was_off(void **state)
{
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(sanitize(rig, XNVME_SPEC_SANITIZE_CRYPTO_ERASE));
	rig_reopen(rig);
	assert_status(rig_read(rig, 0, 8), STATUS(SANITIZE_IN_PROGRESS));
	ssd_power_cut(rig->ssd, rig->now);
	assert_status(rig_read(rig, 0, 8), STATUS(SANITIZE_IN_PROGRESS));
	rig->now += 2 * NS_PER_S;
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf, 0, 4096);
	assert_int_equal(sanitize_status(rig), 0x101);
	rig_reopen(rig);
	assert_ok(rig_read(rig, 0, 8));
	rig_free(rig);
}

/* Each process is killed long before the end: the operation ends nevertheless, and never goes
 * back */
static void
sanitize_ends_over_many_short_lives(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	uint16_t before = 0;

	(void)state;
	assert_ok(sanitize(rig, XNVME_SPEC_SANITIZE_CRYPTO_ERASE));
	for (int i = 0; i < 9; ++i) {
		uint16_t progress;

		rig_reopen(rig);
		rig->now = ssd_now(rig->ssd);
		assert_int_equal(sanitize_status(rig), XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS);
		memcpy(&progress, rig->buf, 2);
		assert_true(i == 0 || progress > before);
		before = progress;
		rig->now += NS_PER_S / 9;
		ssd_tick(rig->ssd, rig->now);
	}
	rig_reopen(rig);
	ssd_tick(rig->ssd, ssd_now(rig->ssd) + 10);
	rig->now = ssd_now(rig->ssd);
	assert_int_equal(sanitize_status(rig), 0x101);
	rig_free(rig);
}

static void
write_protection(void **state)
{
	struct rig *rig = rig_new(with_unallocated);

	(void)state;
	assert_ok(rig_write(rig, 0, 1, 7));
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_NS_WRITE_PROTECT, 1, false));
	assert_status(rig_write(rig, 0, 1, 8), STATUS(NS_WRITE_PROTECTED));
	assert_status(rig_blocks(rig, 8, 1, 0, 1, 1u << 25), STATUS(NS_WRITE_PROTECTED));
	assert_status(rig_blocks(rig, 4, 1, 0, 1, 0), STATUS(NS_WRITE_PROTECTED));
	assert_status(format(rig, 1, 0), STATUS(NS_WRITE_PROTECTED));
	assert_status(delete_ns(rig, 1), STATUS(NS_WRITE_PROTECTED));
	assert_status(delete_ns(rig, 0xFFFFFFFF), STATUS(NS_WRITE_PROTECTED));
	assert_ok(rig_read(rig, 0, 1));
	assert_bytes(rig->buf, 7, 512);
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_NS_WRITE_PROTECT, 2, false));
	assert_status(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_NS_WRITE_PROTECT, 0, false),
		      STATUS(FEATURE_NOT_CHANGEABLE));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_status(rig_write(rig, 0, 1, 8), STATUS(NS_WRITE_PROTECTED));
	ssd_power_cut(rig->ssd, rig->now);
	assert_ok(rig_write(rig, 0, 1, 8));
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_NS_WRITE_PROTECT, 3, false));
	rig_reopen(rig);
	assert_status(rig_write(rig, 0, 1, 8), STATUS(NS_WRITE_PROTECTED));
	rig_free(rig);
}

static void
media_are_restored(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	const char *why = NULL;
	struct ssd_config other;
	struct ssd *ssd;

	(void)state;
	assert_ok(rig_write(rig, 3, 1, 7));
	assert_ok(create(rig, 2048, 0));
	assert_ok(attach(rig, 2, 0));
	rig_reopen(rig);
	assert_ok(rig_read(rig, 3, 1));
	assert_bytes(rig->buf, 7, 512);
	assert_ok(rig_blocks(rig, 2, 2, 0, 1, 0));
	other = rig->config;
	other.ns[0].nbytes = 32u << 20;
	memset(rig->memory, 0, ssd_bytes_needed(&other));
	assert_int_equal(
		ssd_init(&ssd, rig->memory, ssd_bytes_needed(&other), &other, rig->media, 1, &why),
		-ENV_EINVAL);
	assert_non_null(strstr(why, "another capacity"));
	memset(rig->media, 0x55, 65536);
	assert_int_equal(ssd_init(&ssd, rig->memory, ssd_bytes_needed(&rig->config), &rig->config,
				  rig->media, 1, &why),
			 -ENV_EINVAL);
	assert_non_null(strstr(why, "something else"));
	rig_free(rig);
}

static void
damaged_media_are_refused(void **state)
{
	struct rig *rig = rig_new(with_unallocated);
	const char *why = NULL;
	struct ssd *ssd;
	uint8_t *saved = malloc(65536);
	uint64_t random = 1;

	(void)state;
	memcpy(saved, rig->media, 65536);
	for (uint32_t i = 0; i < 4000; ++i) {
		/* any damage is refused, or does not affect later commands */
		memcpy(rig->media, saved, 65536);
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		((uint8_t *)rig->media)[24 + (random >> 33) % (i & 1 ? 120 : 30000)] ^=
			(uint8_t)(random >> 20);
		memset(rig->memory, 0, ssd_bytes_needed(&rig->config));
		if (ssd_init(&ssd, rig->memory, ssd_bytes_needed(&rig->config), &rig->config,
			     rig->media, 1, &why) == 0) {
			rig->ssd = ssd;
			rig->now = 0;
			rig_write(rig, 0, 8, 1);
			rig_read(rig, 0, 8);
			format(rig, 0xFFFFFFFF, 1);
			delete_ns(rig, 0xFFFFFFFF);
		}
	}
	free(saved);
	rig_free(rig);
}

static void
with_flash(struct ssd_config *config)
{
	config->nvm_nbytes = 64u << 20;
	memcpy(config->model.name, "parallel", 9);
	rig_small_nand(config, 256, 1u << 20, 4096);
}

/* A process that was killed while it created or deleted a namespace leaves part of its row */
static void
nothing_is_believed_of_a_namespace_that_does_not_exist(void **state)
{
	struct rig *rig = rig_new(with_flash);
	struct saved_ns *row = &rig->ssd->saved->ns[1];

	(void)state;
	assert_ok(rig_write(rig, 3, 1, 7));
	assert_false(row->exists);
	row->base = 1ULL << 56;
	row->nbytes = 1ULL << 40;
	row->nlba = 8;
	row->kind = 200;
	row->format = 200;
	rig_reopen(rig);
	assert_ok(rig_read(rig, 3, 1));
	assert_bytes(rig->buf, 7, 512);
	assert_ok(create(rig, 2048, 0));
	assert_ok(attach(rig, 2, 0));
	assert_ok(rig_blocks(rig, 2, 2, 0, 1, 0));
	rig_free(rig);
}

static size_t
resident_nbytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long all = 0, resident = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu %lu", &all, &resident), 2);
	fclose(file);
	return resident * 4096;
}

static void *
map(size_t nbytes)
{
	void *memory = mmap(NULL, nbytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static void
a_large_drive_that_holds_little_uses_little(void **state)
{
	struct xnvme_spec_dsm_range range = {.llb = 1u << 30};
	struct rig *rig = calloc(1, sizeof(*rig));
	struct xnvme_spec_cmd cmd = {0};
	const char *why = NULL;
	size_t before, memory_nbytes, media_nbytes;

	(void)state;
	ssd_config_default(&rig->config);
	rig->config.ns[0].nbytes = 4ULL << 40;
	rig->config.ns[0].lba_nbytes = 4096;
	memory_nbytes = ssd_bytes_needed(&rig->config);
	media_nbytes = ssd_media_bytes(&rig->config);
	before = resident_nbytes();
	rig->memory = map(memory_nbytes);
	rig->media = map(media_nbytes);
	rig->dma = (struct ssd_dma){.start = rig->buf,
				    .start_nbytes = sizeof(rig->buf),
				    .flat = rig->buf,
				    .nbytes = sizeof(rig->buf)};
	assert_int_equal(
		ssd_init(&rig->ssd, rig->memory, memory_nbytes, &rig->config, rig->media, 1, &why),
		0);
	for (uint64_t i = 0; i < 64; ++i) {
		assert_ok(rig_write(rig, i << 24, 1, 7));
	}
	assert_ok(rig_read(rig, 1u << 29, 1));
	memcpy(rig->buf, &range, sizeof(range));
	cmd.common.opcode = 9;
	cmd.common.nsid = 1;
	cmd.dsm.ad = 1;
	assert_ok(rig_io(rig, &cmd));
	assert_ok(rig_read(rig, 1u << 24, 1));
	assert_bytes(rig->buf, 0, 4096);
	assert_ok(format(rig, 1, 0));
	assert_true(resident_nbytes() - before < 4u << 20);
	munmap(rig->memory, memory_nbytes);
	munmap(rig->media, media_nbytes);
	free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_attach_use_delete),
		cmocka_unit_test(capacity_and_identifiers_run_out),
		cmocka_unit_test(attach_list_is_checked),
		cmocka_unit_test(changes_are_announced),
		cmocka_unit_test(format_changes_blocks),
		cmocka_unit_test(format_is_for_good),
		cmocka_unit_test(sanitize_locks_the_door),
		cmocka_unit_test(erased_until_written),
		cmocka_unit_test(deallocation_is_told_of),
		cmocka_unit_test(sanitize_goes_on_after_power_was_off),
		cmocka_unit_test(sanitize_ends_over_many_short_lives),
		cmocka_unit_test(write_protection),
		cmocka_unit_test(media_are_restored),
		cmocka_unit_test(damaged_media_are_refused),
		cmocka_unit_test(nothing_is_believed_of_a_namespace_that_does_not_exist),
		cmocka_unit_test(a_large_drive_that_holds_little_uses_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
