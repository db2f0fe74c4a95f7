/* SPDX-License-Identifier: BSD-3-Clause */
/* Zoned namespaces: states, write pointers, limits, append, reports, random write areas */
#include <ssd/rig_test.h>
#include <base/panic_test.h>
#include <ssd/zns/zns.h>

#define ZONE_NLB 256u /* 128 KiB of 512 bytes */
#define CAP_NLB 200u
#define ZONES 16u

static void
zoned(struct ssd_config *config)
{
	config->ns[0].kind = SSD_NS_ZNS;
	config->ns[0].nbytes = ZONES * ZONE_NLB * 512;
	config->ns[0].zns.zone_nbytes = ZONE_NLB * 512;
	config->ns[0].zns.zone_cap_nbytes = CAP_NLB * 512;
	config->ns[0].zns.max_open = 3;
	config->ns[0].zns.max_active = 5;
	config->ns[0].zns.zrwa_count = 1;
	config->ns[0].zns.zrwa_nbytes = 32 * 512;
	config->ns[0].zns.zrwa_flush_nbytes = 8 * 512;
	config->ns[0].zns.descriptor_nbytes = 64;
}

static void
zoned_cached(struct ssd_config *config)
{
	zoned(config);
	config->cache_nbytes = 1u << 20;
}

static uint16_t
send(struct rig *rig, uint8_t action, uint64_t lba, bool all, bool option)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	cmd.common.nsid = 1;
	cmd.znd.mgmt_send.slba = lba;
	cmd.znd.mgmt_send.zsa = action;
	cmd.znd.mgmt_send.select_all = all;
	cmd.znd.mgmt_send.zsaso = option;
	return rig_io(rig, &cmd);
}

static uint16_t
report(struct rig *rig, uint64_t lba, uint8_t action, uint8_t filter, bool partial, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, nbytes);
	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_RECV;
	cmd.common.nsid = 1;
	cmd.znd.mgmt_recv.slba = lba;
	cmd.znd.mgmt_recv.ndwords = nbytes / 4 - 1;
	cmd.znd.mgmt_recv.zra = action;
	cmd.znd.mgmt_recv.zrasf = filter;
	cmd.znd.mgmt_recv.partial = partial;
	return rig_io(rig, &cmd);
}

static struct xnvme_spec_znd_descr
zone_of(struct rig *rig, uint32_t zone)
{
	struct xnvme_spec_znd_descr descr;

	assert_ok(report(rig, zone * ZONE_NLB, 0, 0, true, 128));
	memcpy(&descr, rig->buf + 64, sizeof(descr));
	assert_int_equal(descr.zslba, zone * ZONE_NLB);
	assert_int_equal(descr.zcap, CAP_NLB);
	return descr;
}

static uint16_t
append(struct rig *rig, uint64_t zslba, uint32_t nlb)
{
	return rig_blocks(rig, XNVME_SPEC_ZND_OPC_APPEND, 1, zslba, nlb, 0);
}

static void
a_zone_is_written_in_order(void **state)
{
	struct rig *rig = rig_new(zoned);

	(void)state;
	assert_int_equal(zone_of(rig, 1).zs, XNVME_SPEC_ZND_STATE_EMPTY);
	assert_status(rig_write(rig, ZONE_NLB + 1, 1, 1), STATUS(ZND_INVALID_WRITE));
	assert_ok(rig_write(rig, ZONE_NLB, 8, 1));
	assert_int_equal(zone_of(rig, 1).zs, XNVME_SPEC_ZND_STATE_IOPEN);
	assert_int_equal(zone_of(rig, 1).wp, ZONE_NLB + 8);
	assert_status(rig_write(rig, ZONE_NLB, 1, 1), STATUS(ZND_INVALID_WRITE));
	assert_ok(append(rig, ZONE_NLB, 4));
	assert_int_equal(rig->work.result, ZONE_NLB + 8);
	assert_status(append(rig, ZONE_NLB + 1, 4), STATUS(INVALID_FIELD));
	assert_status(rig_write(rig, ZONE_NLB + 12, CAP_NLB - 11, 1), STATUS(ZND_BOUNDARY_ERROR));
	assert_status(append(rig, ZONE_NLB, CAP_NLB - 11), STATUS(ZND_BOUNDARY_ERROR));
	assert_ok(rig_write(rig, ZONE_NLB + 12, CAP_NLB - 12, 2));
	assert_int_equal(zone_of(rig, 1).zs, XNVME_SPEC_ZND_STATE_FULL);
	assert_int_equal(zone_of(rig, 1).wp, UINT64_MAX);
	assert_status(rig_write(rig, ZONE_NLB + CAP_NLB, 1, 1), STATUS(ZND_IS_FULL));
	assert_status(append(rig, ZONE_NLB, 1), STATUS(ZND_IS_FULL));
	assert_ok(rig_read(rig, ZONE_NLB + 12, 8));
	assert_bytes(rig->buf, 2, 4096);
	assert_status(rig_read(rig, 2 * ZONE_NLB - 1, 2), STATUS(ZND_BOUNDARY_ERROR));
	assert_status(rig_write(rig, ZONES * ZONE_NLB, 1, 1), STATUS(LBA_OUT_OF_RANGE));
	assert_status(append(rig, ZONES * ZONE_NLB, 1), STATUS(LBA_OUT_OF_RANGE));
	assert_ok(send(rig, 4, ZONE_NLB, false, false));
	assert_int_equal(zone_of(rig, 1).zs, XNVME_SPEC_ZND_STATE_EMPTY);
	assert_ok(rig_read(rig, ZONE_NLB, 16));
	assert_bytes(rig->buf, 0, 8192);
	rig_free(rig);
}

static void
limits_hold(void **state)
{
	struct rig *rig = rig_new(zoned);

	(void)state;
	/* three explicitly open: no fourth, not even through a write */
	for (uint32_t i = 0; i < 3; ++i) {
		assert_ok(send(rig, 3, i * ZONE_NLB, false, false));
	}
	assert_status(send(rig, 3, 3 * ZONE_NLB, false, false), STATUS(ZND_TOO_MANY_OPEN));
	assert_status(rig_write(rig, 3 * ZONE_NLB, 1, 1), STATUS(ZND_TOO_MANY_OPEN));
	assert_ok(send(rig, 1, 0, false, false));
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_CLOSED);
	assert_ok(rig_write(rig, 3 * ZONE_NLB, 1, 1));
	/* an implicitly open one is closed */
	assert_ok(rig_write(rig, 4 * ZONE_NLB, 1, 1));
	assert_int_equal(zone_of(rig, 3).zs, XNVME_SPEC_ZND_STATE_CLOSED);
	/* five active */
	assert_status(rig_write(rig, 5 * ZONE_NLB, 1, 1), STATUS(ZND_TOO_MANY_ACTIVE));
	assert_ok(send(rig, 2, 3 * ZONE_NLB, false, false));
	assert_int_equal(zone_of(rig, 3).zs, XNVME_SPEC_ZND_STATE_FULL);
	assert_ok(rig_write(rig, 5 * ZONE_NLB, 1, 1));
	/* all of them */
	assert_ok(send(rig, 1, 0, true, false));
	assert_ok(send(rig, 4, 0, true, false));
	for (uint32_t i = 0; i < ZONES; ++i) {
		assert_int_equal(zone_of(rig, i).zs, XNVME_SPEC_ZND_STATE_EMPTY);
	}
	/* and the counts are correct again */
	for (uint32_t i = 0; i < 5; ++i) {
		assert_ok(rig_write(rig, i * ZONE_NLB, 1, 1));
	}
	assert_status(rig_write(rig, 5 * ZONE_NLB, 1, 1), STATUS(ZND_TOO_MANY_ACTIVE));
	rig_free(rig);
}

static void
actions_that_make_no_sense(void **state)
{
	struct rig *rig = rig_new(zoned);

	(void)state;
	assert_status(send(rig, 1, 0, false, false), STATUS(ZND_INVALID_TRANS));
	assert_status(send(rig, 5, 0, false, false), STATUS(ZND_INVALID_TRANS));
	assert_ok(send(rig, 2, 0, false, false));
	assert_status(send(rig, 3, 0, false, false), STATUS(ZND_INVALID_TRANS));
	assert_status(send(rig, 4, 7, false, false), STATUS(INVALID_FIELD));
	assert_status(send(rig, 4, ZONES * ZONE_NLB, false, false), STATUS(LBA_OUT_OF_RANGE));
	assert_status(send(rig, 4, UINT64_MAX, false, false), STATUS(LBA_OUT_OF_RANGE));
	for (uint32_t action = 0; action < 256; ++action) {
		if (action == 0 || (action > 5 && action != 0x10 && action != 0x11)) {
			assert_status(send(rig, (uint8_t)action, 0, false, false),
				      STATUS(INVALID_FIELD));
			assert_status(send(rig, (uint8_t)action, 0, true, false),
				      STATUS(INVALID_FIELD));
		}
	}
	assert_status(send(rig, 0x11, 0, false, false), STATUS(ZND_INVALID_ZONE_OP));
	assert_status(rig_blocks(rig, 0x19, 1, 0, 1, 0), STATUS(INVALID_OPCODE));
	rig_free(rig);
}

static void
reports(void **state)
{
	struct rig *rig = rig_new(zoned);
	struct xnvme_spec_znd_report_hdr header;

	(void)state;
	assert_ok(rig_write(rig, 2 * ZONE_NLB, 1, 1));
	assert_ok(rig_write(rig, 9 * ZONE_NLB, 1, 1));
	assert_ok(report(rig, 0, 0, 0, false, 64 + 3 * 64));
	memcpy(&header, rig->buf, sizeof(header));
	assert_int_equal(header.nzones, ZONES);
	assert_ok(report(rig, 0, 0, 0, true, 64 + 3 * 64));
	memcpy(&header, rig->buf, sizeof(header));
	assert_int_equal(header.nzones, 3);
	assert_ok(report(rig, 0, 0, XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN, false, 4096));
	memcpy(&header, rig->buf, sizeof(header));
	assert_int_equal(header.nzones, 2);
	assert_bytes(rig->buf + 64 + 2 * 64, 0, 4096 - 192);
	assert_ok(report(rig, 3 * ZONE_NLB, 0, XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN, false, 4096));
	memcpy(&header, rig->buf, sizeof(header));
	assert_int_equal(header.nzones, 1);
	assert_status(report(rig, ZONES * ZONE_NLB, 0, 0, false, 4096), STATUS(LBA_OUT_OF_RANGE));
	assert_status(report(rig, 0, 2, 0, false, 4096), STATUS(INVALID_FIELD));
	assert_status(report(rig, 0, 0, 8, false, 4096), STATUS(INVALID_FIELD));
	assert_status(report(rig, 0, 0, 0, false, 60), STATUS(INVALID_FIELD));
	rig->dma.nbytes = 1000;
	assert_status(report(rig, 0, 0, 0, false, 1004), STATUS(DATA_SGL_LENGTH_INVALID));
	rig_free(rig);
}

static void
descriptors_stay_with_their_zone(void **state)
{
	struct rig *rig = rig_new(zoned);

	(void)state;
	memset(rig->buf, 0x42, 64);
	assert_ok(send(rig, 0x10, 3 * ZONE_NLB, false, false));
	assert_int_equal(zone_of(rig, 3).zs, XNVME_SPEC_ZND_STATE_CLOSED);
	assert_int_equal(zone_of(rig, 3).za.zdev, 1);
	assert_status(send(rig, 0x10, 3 * ZONE_NLB, false, false), STATUS(ZND_INVALID_TRANS));
	ssd_power_cut(rig->ssd, rig->now);
	assert_ok(report(rig, 3 * ZONE_NLB, 1, 0, true, 64 + 128));
	assert_bytes(rig->buf + 128, 0x42, 64);
	assert_ok(send(rig, 4, 3 * ZONE_NLB, false, false));
	assert_ok(report(rig, 3 * ZONE_NLB, 1, 0, true, 64 + 128));
	assert_bytes(rig->buf + 128, 0, 64);
	rig_free(rig);
}

static void
random_write_area(void **state)
{
	struct rig *rig = rig_new(zoned);

	(void)state;
	assert_ok(send(rig, 3, 0, false, true));
	assert_int_equal(zone_of(rig, 0).za.zrwav, 1);
	assert_status(send(rig, 3, ZONE_NLB, false, true), STATUS(ZND_NOZRWA));
	assert_ok(rig_write(rig, 20, 4, 1));
	assert_ok(rig_write(rig, 3, 4, 1));
	assert_ok(rig_write(rig, 20, 4, 2));
	assert_int_equal(zone_of(rig, 0).wp, 0);
	assert_status(append(rig, 0, 1), STATUS(ZND_INVALID_ZONE_OP));
	assert_ok(send(rig, 0x11, 7, false, false));
	assert_int_equal(zone_of(rig, 0).wp, 8);
	assert_status(rig_write(rig, 7, 1, 1), STATUS(ZND_INVALID_WRITE));
	assert_status(send(rig, 0x11, 8, false, false), STATUS(INVALID_FIELD));
	assert_status(send(rig, 0x11, 47, false, false), STATUS(INVALID_FIELD));
	/* beyond the area: an implicit flush, in units of eight */
	assert_ok(rig_write(rig, 41, 1, 1));
	assert_int_equal(zone_of(rig, 0).wp, 16);
	assert_status(rig_write(rig, 80, 1, 1), STATUS(ZND_INVALID_WRITE));
	for (uint32_t lba = 42; lba < CAP_NLB; ++lba) {
		assert_ok(rig_write(rig, lba, 1, 1));
	}
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_FULL);
	assert_ok(send(rig, 3, ZONE_NLB, false, true));
	rig_free(rig);
}

static void
power_and_reset_close_zones(void **state)
{
	struct rig *rig = rig_new(zoned_cached);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0));
	assert_ok(rig_write(rig, 8, 8, 2));
	assert_ok(send(rig, 3, ZONE_NLB, false, false));
	assert_ok(rig_write(rig, 2 * ZONE_NLB, 8, 3));
	/* unflushed data are lost, and the write pointer goes back */
	ssd_power_cut(rig->ssd, rig->now);
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_CLOSED);
	assert_int_equal(zone_of(rig, 0).wp, 8);
	assert_int_equal(zone_of(rig, 1).zs, XNVME_SPEC_ZND_STATE_EMPTY);
	assert_int_equal(zone_of(rig, 2).zs, XNVME_SPEC_ZND_STATE_EMPTY);
	assert_ok(rig_write(rig, 8, 8, 4));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_int_equal(zone_of(rig, 0).wp, 16);
	rig_reopen(rig);
	assert_int_equal(zone_of(rig, 0).wp, 16);
	/* a full zone whose last blocks are lost is not full */
	assert_ok(rig_write(rig, 16, CAP_NLB - 16, 5));
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_FULL);
	ssd_power_cut(rig->ssd, rig->now);
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_CLOSED);
	assert_ok(rig_write(rig, 16, 1, 5));
	assert_ok(send(rig, 2, 0, false, false));
	ssd_power_cut(rig->ssd, rig->now);
	assert_int_equal(zone_of(rig, 0).zs, XNVME_SPEC_ZND_STATE_FULL);
	rig_free(rig);
}

/* Zones support the commands of the NVM command set, except that Copy cannot write to them */
static void
blocks_of_zones_are_blocks(void **state)
{
	struct xnvme_spec_dsm_range range = {.slba = 2, .llb = 3};
	struct rig *rig = rig_new(zoned_cached);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	assert_ok(rig_blocks(rig, 0x0C, 1, 0, 8, 0));
	assert_status(rig_blocks(rig, 0x0C, 1, ZONE_NLB - 1, 2, 0), STATUS(ZND_BOUNDARY_ERROR));
	/* unreadable blocks advance the write pointer like others */
	assert_status(rig_blocks(rig, 4, 1, 7, 1, 0), STATUS(ZND_INVALID_WRITE));
	assert_ok(rig_blocks(rig, 4, 1, 8, 2, 0));
	assert_int_equal(zone_of(rig, 0).wp, 10);
	assert_status(rig_read(rig, 8, 1), STATUS(UNRECOVERED_READ_ERROR));
	assert_status(rig_blocks(rig, 0x0C, 1, 8, 1, 0), STATUS(UNRECOVERED_READ_ERROR));
	/* deallocated blocks read as zeroes, also after a power cut */
	memcpy(rig->buf, &range, sizeof(range));
	cmd.common.opcode = 9;
	cmd.common.nsid = 1;
	cmd.dsm.ad = 1;
	assert_ok(rig_io(rig, &cmd));
	assert_int_equal(zone_of(rig, 0).wp, 10);
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0));
	ssd_power_cut(rig->ssd, rig->now);
	assert_int_equal(zone_of(rig, 0).wp, 10);
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf, 1, 1024);
	assert_bytes(rig->buf + 1024, 0, 3 * 512);
	assert_bytes(rig->buf + 5 * 512, 1, 3 * 512);
	assert_ok(send(rig, 4, 0, false, false));
	assert_ok(rig_read(rig, 8, 1)); /* a reset makes them readable */
	rig_free(rig);
}

static void
identify_zoned(void **state)
{
	struct rig *rig = rig_new(zoned);
	const struct xnvme_spec_znd_idfy_ns *zns = (const void *)rig->buf;
	const struct xnvme_spec_idfy_ns *ns = (const void *)rig->buf;

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS_IOCS, 1, XNVME_SPEC_CSI_ZONED));
	assert_int_equal(zns->mor, 2);
	assert_int_equal(zns->mar, 4);
	assert_int_equal(zns->lbafe[0].zsze, ZONE_NLB);
	assert_int_equal(zns->lbafe[1].zsze, ZONE_NLB / 8);
	assert_int_equal(zns->zrwas, 32);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR_IOCS, 0, XNVME_SPEC_CSI_ZONED));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NSLIST_IOCS, 0, XNVME_SPEC_CSI_ZONED));
	assert_int_equal(rig->buf[0], 1);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NSLIST_IOCS, 0, XNVME_SPEC_CSI_NVM));
	assert_int_equal(rig->buf[0], 0);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 1, 0));
	assert_int_equal(ns->nsze, ZONES * ZONE_NLB);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_CSAE, 4096));
	rig_free(rig);
}

static void
open_zone_0(void *rig)
{
	(void)send(rig, 3, 0, false, false);
}

/* zns_check() and zone_check() can fail */
static void
damage_panics(void **state)
{
	(void)state;
	for (int damage = 0; damage < 3; ++damage) {
		struct rig *rig = rig_new(zoned);

		if (damage == 0) {
			zns_zones(rig->ssd, &rig->ssd->ns[0])[0].state = 7;
		} else if (damage == 1) {
			zns_zones(rig->ssd, &rig->ssd->ns[0])[0].written = CAP_NLB + 1;
		} else {
			rig->ssd->zns.count[0].open = rig->ssd->zns.count[0].active + 1;
		}
		assert_panics(open_zone_0, rig);
		rig_free(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_is_written_in_order),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(actions_that_make_no_sense),
		cmocka_unit_test(reports),
		cmocka_unit_test(descriptors_stay_with_their_zone),
		cmocka_unit_test(random_write_area),
		cmocka_unit_test(power_and_reset_close_zones),
		cmocka_unit_test(blocks_of_zones_are_blocks),
		cmocka_unit_test(identify_zoned),
		cmocka_unit_test(damage_panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
