/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zones, with a simulated device: reports in pieces, short reports, and the fields of each command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include <errno.h>
#include <host/dev.h>
#include <host/mem.h>

extern const struct mem_ops mem_posix;

#define ZONE_SIZE 16
#define NZONES 100

static struct {
	struct xnvme_spec_cmd cmd; /* the last command */
	size_t data_nbytes;
	size_t meta_nbytes;
	uint32_t calls;
	uint32_t short_by; /* number of zones missing from each report */
	uint32_t fail_at;  /* number of the call that fails; 0: none */
} sim;

static void
report(const struct xnvme_spec_cmd *cmd, const struct payload *p)
{
	size_t entry = 64 + (cmd->znd.mgmt_recv.zra ? 64 : 0);
	uint64_t first = cmd->znd.mgmt_recv.slba / ZONE_SIZE;
	struct xnvme_spec_znd_report_hdr *head = p->data;
	uint64_t fit = (p->data_nbytes - 64) / entry;
	uint64_t left = NZONES - first;

	assert_int_equal((cmd->znd.mgmt_recv.ndwords + 1) * 4, p->data_nbytes);
	left = left > sim.short_by ? left - sim.short_by : 0;
	head->nzones = cmd->znd.mgmt_recv.partial && fit < left ? fit : left;
	for (uint64_t i = 0; i < fit && i < left; ++i) {
		struct xnvme_spec_znd_descr *d = (void *)((char *)p->data + 64 + i * entry);

		d->zt = XNVME_SPEC_ZND_TYPE_SEQWR;
		d->zs = (first + i) % 3 ? XNVME_SPEC_ZND_STATE_EMPTY : XNVME_SPEC_ZND_STATE_FULL;
		d->zslba = (first + i) * ZONE_SIZE;
		d->zcap = 12;
		if (entry > 64) {
			memset(d + 1, (int)(first + i), 64);
		}
	}
}

static int
answer(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *p)
{
	(void)role;
	sim.cmd = ctx->cmd;
	sim.data_nbytes = p->data_nbytes;
	sim.meta_nbytes = p->meta_nbytes;
	sim.calls += 1;
	if (sim.calls == sim.fail_at) {
		ctx->cpl.status.sc = XNVME_SPEC_SC_INTERNAL_ERROR;
		return -EIO;
	}
	if (ctx->cmd.common.opcode == XNVME_SPEC_ZND_OPC_MGMT_RECV) {
		report(&ctx->cmd, p);
	}
	return 0;
}

static const struct path fake = {.name = "fake", .call = answer};
static struct xnvme_spec_idfy_ns ns;
static struct xnvme_spec_znd_idfy_ns zns;
static struct xnvme_dev dev;

static int
setup(void **state)
{
	(void)state;
	memset(&sim, 0, sizeof(sim));
	memset(&dev, 0, sizeof(dev));
	memset(&ns, 0, sizeof(ns));
	memset(&zns, 0, sizeof(zns));
	zns.lbafe[17].zsze = ZONE_SIZE;
	zns.lbafe[17].zdes = 1;
	ns.flbas.format = 1; /* format 17 */
	ns.flbas.format_msb = 1;
	dev.kind = KIND_NVME_CHAR;
	dev.path[ROLE_SYNC] = &fake;
	dev.path[ROLE_ADMIN] = &fake;
	dev.mem = &mem_posix;
	dev.ident.nsid = 1;
	dev.ident.csi = XNVME_SPEC_CSI_ZONED;
	strcpy(dev.ident.uri, "fake");
	dev.geo.type = XNVME_GEO_ZONED;
	dev.geo.nzone = NZONES;
	dev.geo.nsect = ZONE_SIZE;
	dev.geo.nbytes = dev.geo.lba_nbytes = 4096;
	dev.geo.ssw = dev.lba_shift = 12;
	dev.lba_nbytes = 4096;
	dev.geo.nbytes_oob = 8;
	dev.geo.mdts_nbytes = 1024; /* fifteen descriptors per command */
	dev.nsze = NZONES * ZONE_SIZE;
	dev.ns = &ns;
	dev.ns_css = (struct xnvme_spec_idfy_ns *)&zns;
	return 0;
}

/* X38: in xNVMe 0.7.5, a report continues beyond the last zone */
static void
report_in_pieces(void **state)
{
	struct xnvme_znd_report *r = xnvme_znd_report_from_dev(&dev, 0, 0, 0);

	(void)state;
	assert_non_null(r);
	assert_int_equal(sim.calls, (NZONES + 14) / 15);
	assert_int_equal(r->nentries, NZONES);
	assert_int_equal(r->nzones, NZONES);
	assert_int_equal(r->zelba, (NZONES - 1) * ZONE_SIZE);
	for (uint32_t i = 0; i < NZONES; ++i) {
		struct xnvme_spec_znd_descr *d;
		void *ext = &ext;

		assert_int_equal(xnvme_znd_report_get_descr(r, i, &d, &ext), 0);
		assert_int_equal(d->zslba, i * ZONE_SIZE);
		assert_ptr_equal(d, XNVME_ZND_REPORT_DESCR(r, i));
		assert_null(ext);
	}
	assert_int_equal(xnvme_znd_report_get_descr(r, NZONES, NULL, NULL), -EINVAL);
	xnvme_buf_virt_free(r);
}

static void
extended_report_from_the_middle(void **state)
{
	struct xnvme_znd_report *r = xnvme_znd_report_from_dev(&dev, 40 * ZONE_SIZE, 9, 1);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->nentries, 9);
	assert_int_equal(r->zdext_nbytes, 64);
	assert_int_equal(sim.calls, 2); /* seven zones of 128 bytes per command */
	for (uint32_t i = 0; i < 9; ++i) {
		struct xnvme_spec_znd_descr *d;
		void *ext;

		assert_int_equal(xnvme_znd_report_get_descr(r, i, &d, &ext), 0);
		assert_int_equal(d->zslba, (40 + i) * ZONE_SIZE);
		assert_int_equal(*(uint8_t *)ext, 40 + i);
	}
	xnvme_buf_virt_free(r);
}

/* A device may claim any number of zones: only what it then reports takes memory */
static void
claimed_zones_take_no_memory(void **state)
{
	struct rusage before, after;

	(void)state;
	dev.geo.nzone = 1u << 24; /* 1 GiB of descriptors */
	sim.fail_at = 1;
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	assert_null(xnvme_znd_report_from_dev(&dev, 0, 0, 0));
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 512 * 1024);
}

/* X38: xNVMe 0.7.5 returns a report whose last entries are zeroes, without an error; the block
 * layer's: tests/guest/tools.sh */
static void
a_short_report_is_an_error(void **state)
{
	(void)state;
	sim.short_by = 1;
	errno = 0;
	assert_null(xnvme_znd_report_from_dev(&dev, 0, 0, 0));
	assert_int_equal(errno, EIO);
	assert_non_null(strstr(xnvme_err_text(), "9 zones from block 0x5a0 where it has 10"));
}

static void
each_call_may_fail(void **state)
{
	(void)state;
	for (sim.fail_at = 1; sim.fail_at <= 7; ++sim.fail_at) {
		sim.calls = 0;
		errno = 0;
		assert_null(xnvme_znd_report_from_dev(&dev, 0, 0, 0));
		assert_int_equal(errno, EIO);
		assert_int_equal(sim.calls, sim.fail_at);
	}
}

/* It requested reports of no zones forever */
static void
a_zone_larger_than_a_transfer(void **state)
{
	(void)state;
	zns.lbafe[17].zdes = 16;
	sim.fail_at = 100; /* ends an endless loop */
	errno = 0;
	assert_null(xnvme_znd_report_from_dev(&dev, 0, 0, 1));
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(sim.calls, 0);
	assert_non_null(strstr(xnvme_err_text(), "1088 bytes"));
}

static void
reports_that_are_refused(void **state)
{
	(void)state;
	assert_null(xnvme_znd_report_from_dev(&dev, NZONES * ZONE_SIZE, 1, 0));
	assert_int_equal(errno, EINVAL);
	dev.geo.type = XNVME_GEO_CONVENTIONAL;
	assert_null(xnvme_znd_report_from_dev(&dev, 0, 1, 0));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(sim.calls, 0);
}

static void
single_zones_and_counts(void **state)
{
	struct xnvme_spec_znd_descr d;
	uint64_t nzones = 0;

	(void)state;
	assert_int_equal(xnvme_znd_descr_from_dev(&dev, 5 * ZONE_SIZE, &d), 0);
	assert_int_equal(d.zslba, 5 * ZONE_SIZE);
	assert_int_equal(xnvme_znd_descr_from_dev_in_state(&dev, XNVME_SPEC_ZND_STATE_FULL, &d), 0);
	assert_int_equal(sim.cmd.znd.mgmt_recv.zrasf, XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_FULL);
	assert_int_equal(xnvme_znd_descr_from_dev_in_state(&dev, 0x7, &d), -EINVAL);
	assert_int_equal(xnvme_znd_stat(&dev, XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL, &nzones), 0);
	assert_int_equal(nzones, NZONES);
	sim.short_by = NZONES;
	assert_int_equal(xnvme_znd_descr_from_dev(&dev, 0, &d), -EIO);
}

static void
fields_of_each_command(void **state)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(&dev);
	static char buf[8192];

	(void)state;
	assert_int_equal(xnvme_znd_mgmt_send(&ctx, 3, 0x123456789, true,
					     XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN,
					     XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA, NULL), 0);
	assert_int_equal(sim.cmd.cdw[0] & 0xff, 0x79);
	assert_int_equal(sim.cmd.cdw[1], 3);
	assert_int_equal(sim.cmd.cdw[10], 0x23456789);
	assert_int_equal(sim.cmd.cdw[11], 1);
	assert_int_equal(sim.cmd.cdw[13], 0x303);
	assert_int_equal(sim.data_nbytes, 0);

	ctx = xnvme_cmd_ctx_from_dev(&dev);
	assert_int_equal(xnvme_znd_mgmt_send(&ctx, 1, 0, false,
					     XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, 0, buf), 0);
	assert_int_equal(sim.data_nbytes, 64);
	sim.data_nbytes = 1;
	assert_int_equal(xnvme_znd_mgmt_send(&ctx, 1, 0, false,
					     XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, 0, NULL),
			 -EINVAL);
	assert_int_equal(sim.data_nbytes, 1); /* was not submitted */

	ctx = xnvme_cmd_ctx_from_dev(&dev);
	assert_int_equal(xnvme_znd_zrwa_flush(&ctx, 1, 77), 0);
	assert_int_equal(sim.cmd.cdw[10], 77);
	assert_int_equal(sim.cmd.cdw[13], 0x11);

	/* PRINFO is in bits 29:26 */
	ctx = xnvme_cmd_ctx_from_dev(&dev);
	ctx.cmd.znd.append.prinfo = 0xf;
	assert_int_equal(xnvme_znd_append(&ctx, 1, 32, 1, buf, buf), 0);
	assert_int_equal(sim.cmd.cdw[0] & 0xff, 0x7d);
	assert_int_equal(sim.cmd.cdw[12], 0x3c000001);
	assert_int_equal(sim.data_nbytes, 8192);
	assert_int_equal(sim.meta_nbytes, 16);
}

static void
find_a_zone_in_a_state(void **state)
{
	struct xnvme_znd_report *r = xnvme_znd_report_from_dev(&dev, 0, 3, 0);
	uint64_t zlba = 1;

	(void)state;
	assert_non_null(r);
	for (int seed = 1; seed < 20; ++seed) {
		int err = xnvme_znd_report_find_arbitrary(r, XNVME_SPEC_ZND_STATE_FULL, &zlba,
							  seed);

		assert_int_equal(err, 0);
		assert_int_equal(zlba, 0);
	}
	assert_int_equal(xnvme_znd_report_find_arbitrary(r, XNVME_SPEC_ZND_STATE_RONLY, &zlba, 1),
			 -ENXIO);
	xnvme_buf_virt_free(r);
}

static void
changed_zone_list(void **state)
{
	struct xnvme_spec_znd_log_changes *changes = xnvme_znd_log_changes_from_dev(&dev);

	(void)state;
	assert_non_null(changes);
	assert_int_equal(sim.cmd.log.lid, XNVME_SPEC_LOG_ZND_CHANGES);
	assert_int_equal(sim.data_nbytes, 4096);
	xnvme_buf_free(&dev, changes);
	sim.fail_at = sim.calls + 1;
	errno = 0;
	assert_null(xnvme_znd_log_changes_from_dev(&dev));
	assert_int_equal(errno, EIO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(report_in_pieces, setup),
		cmocka_unit_test_setup(extended_report_from_the_middle, setup),
		cmocka_unit_test_setup(claimed_zones_take_no_memory, setup),
		cmocka_unit_test_setup(a_short_report_is_an_error, setup),
		cmocka_unit_test_setup(each_call_may_fail, setup),
		cmocka_unit_test_setup(a_zone_larger_than_a_transfer, setup),
		cmocka_unit_test_setup(reports_that_are_refused, setup),
		cmocka_unit_test_setup(single_zones_and_counts, setup),
		cmocka_unit_test_setup(fields_of_each_command, setup),
		cmocka_unit_test_setup(find_a_zone_in_a_state, setup),
		cmocka_unit_test_setup(changed_zone_list, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
