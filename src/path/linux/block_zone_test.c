/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zones of a device whose last one is smaller than the others, as on disks. The fake behaves like
 * the block layer, which requires ranges to end at the device's end, and applies an action to all
 * zones of a range.
 */
#include <path/linux/block_zone.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <linux/blkzoned.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

enum { ZONE = 16, COUNT = 3, SECTORS = 40, FD = 1000 };

static uint8_t conds[COUNT] = {BLK_ZONE_COND_EMPTY, BLK_ZONE_COND_EMPTY, BLK_ZONE_COND_EMPTY};

static int
report_zones(struct blk_zone_report *report)
{
	uint32_t room = report->nr_zones;

	report->nr_zones = 0;
	for (uint64_t at = report->sector; at < SECTORS && report->nr_zones < room; at += ZONE) {
		report->zones[report->nr_zones++] = (struct blk_zone){
			.start = at, .len = at + ZONE < SECTORS ? ZONE : SECTORS - at, .wp = at,
			.type = BLK_ZONE_TYPE_SEQWRITE_REQ, .cond = conds[at / ZONE]};
	}
	return 0;
}

/* The new state of a zone; 0: the device refuses */
static uint8_t
follow(uint8_t cond, unsigned long request)
{
	switch (request) {
	case BLKRESETZONE:
		return BLK_ZONE_COND_EMPTY;
	case BLKOPENZONE:
		return cond == BLK_ZONE_COND_FULL ? 0 : BLK_ZONE_COND_EXP_OPEN;
	case BLKCLOSEZONE:
		return cond == BLK_ZONE_COND_EMPTY || cond == BLK_ZONE_COND_FULL
			       ? 0 : BLK_ZONE_COND_CLOSED;
	case BLKFINISHZONE:
		return BLK_ZONE_COND_FULL;
	default:
		return 0;
	}
}

static int
manage(const struct blk_zone_range *range, unsigned long request)
{
	uint64_t end = range->sector + range->nr_sectors;

	if (end > SECTORS || range->sector % ZONE || (end % ZONE && end != SECTORS)) {
		errno = EINVAL;
		return -1;
	}
	for (uint64_t i = range->sector / ZONE; i * ZONE < end; ++i) {
		uint8_t cond = follow(conds[i], request);

		if (!cond) {
			errno = EIO;
			return -1;
		}
		conds[i] = cond;
	}
	return 0;
}

/* Replaces the C library's */
int
ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	assert_int_equal(fd, FD);
	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	switch (request) {
	case BLKGETZONESZ:
		*(uint32_t *)arg = ZONE;
		return 0;
	case BLKGETNRZONES:
		*(uint32_t *)arg = COUNT;
		return 0;
	case BLKREPORTZONE:
		return report_zones(arg);
	case BLKRESETZONE:
	case BLKOPENZONE:
	case BLKCLOSEZONE:
	case BLKFINISHZONE:
		return manage(arg, request);
	default:
		errno = ENOTTY;
		return -1;
	}
}

static int
send_action(struct xnvme_dev *dev, uint64_t slba, bool all, uint8_t zsa)
{
	struct xnvme_cmd_ctx ctx = {.dev = dev};
	struct payload none = {0};

	ctx.cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	ctx.cmd.znd.mgmt_send.slba = slba;
	ctx.cmd.znd.mgmt_send.select_all = all;
	ctx.cmd.znd.mgmt_send.zsa = zsa;
	return block_zone_call(&ctx, &none, FD);
}

static int
reset(struct xnvme_dev *dev, uint64_t slba, bool all)
{
	return send_action(dev, slba, all, XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET);
}

static void
a_smaller_last_zone(void **state)
{
	struct xnvme_dev dev = {.nsze = SECTORS, .geo = {.ssw = 9}};
	struct xnvme_cmd_ctx ctx = {.dev = &dev};
	struct {
		struct xnvme_spec_znd_report_hdr head;
		struct xnvme_spec_znd_descr descrs[COUNT];
	} report;
	struct payload payload = {.data = &report, .data_nbytes = sizeof(report)};

	(void)state;
	ctx.cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_RECV;
	ctx.cmd.znd.mgmt_recv.ndwords = sizeof(report) / 4 - 1;
	assert_int_equal(block_zone_call(&ctx, &payload, FD), 0);
	assert_int_equal(report.head.nzones, COUNT);
	assert_int_equal(report.descrs[2].zslba, 32);
	assert_int_equal(report.descrs[2].zcap, 8);
	for (uint64_t slba = 0; slba < SECTORS; slba += ZONE) {
		assert_int_equal(reset(&dev, slba, false), 0);
	}
	assert_int_equal(reset(&dev, 0, true), 0);
	assert_int_not_equal(reset(&dev, 8, false), 0);
	assert_int_not_equal(reset(&dev, SECTORS, false), 0);
	ctx.cmd.znd.mgmt_recv.slba = SECTORS; /* in a full-size zone it would be in the last */
	assert_int_not_equal(block_zone_call(&ctx, &payload, FD), 0);
}

static void
expect(uint8_t zsa, const uint8_t before[COUNT], const uint8_t after[COUNT])
{
	struct xnvme_dev dev = {.nsze = SECTORS, .geo = {.ssw = 9}};

	memcpy(conds, before, sizeof(conds));
	assert_int_equal(send_action(&dev, 0, true, zsa), 0);
	assert_memory_equal(conds, after, sizeof(conds));
}

/* ZNS Command Set 1.1, Zone Management Send, Select All: not every zone, and in particular no empty
 * one, which finish would fill */
static void
all_are_those_of_some_states(void **state)
{
	enum { E = BLK_ZONE_COND_EMPTY, I = BLK_ZONE_COND_IMP_OPEN, X = BLK_ZONE_COND_EXP_OPEN,
	       C = BLK_ZONE_COND_CLOSED, F = BLK_ZONE_COND_FULL };

	(void)state;
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH, (uint8_t[]){E, I, C}, (uint8_t[]){E, F, F});
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH, (uint8_t[]){X, E, E}, (uint8_t[]){F, E, E});
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE, (uint8_t[]){E, X, F}, (uint8_t[]){E, C, F});
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE, (uint8_t[]){I, C, E}, (uint8_t[]){C, C, E});
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN, (uint8_t[]){F, C, E}, (uint8_t[]){F, X, E});
	expect(XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET, (uint8_t[]){F, C, X}, (uint8_t[]){E, E, E});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_smaller_last_zone),
		cmocka_unit_test(all_are_those_of_some_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
