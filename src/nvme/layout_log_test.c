/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Layout of registers, completions, log pages, zones and protection information:
 * the place of every bit-field, checked by setting it alone and looking at the bytes.
 */
#include <nvme/layout_test.h>
#include <nvme/layout_log_at.h>

static void
bit_fields_00(void **state)
{
	(void)state;
	BITS(xnvme_spec_status, p, 0, 1);
	BITS(xnvme_spec_status, sc, 1, 8);
	BITS(xnvme_spec_status, sct, 9, 3);
	BITS(xnvme_spec_status, rsvd2, 12, 2);
	BITS(xnvme_spec_status, m, 14, 1);
	BITS(xnvme_spec_status, dnr, 15, 1);
	BITS(xnvme_spec_log_sanitize_entry, sstat.sos, 16, 3);
	BITS(xnvme_spec_log_sanitize_entry, sstat.opc, 19, 5);
	BITS(xnvme_spec_log_sanitize_entry, sstat.gde, 24, 1);
	BITS(xnvme_spec_log_sanitize_entry, sstat.mvcncld, 25, 1);
	BITS(xnvme_spec_log_sanitize_entry, sstat.rsvd, 26, 6);
	BITS(xnvme_spec_fdp_conf_desc, fdpa.rgif, 16, 4);
	BITS(xnvme_spec_fdp_conf_desc, fdpa.fdpvwc, 20, 1);
	BITS(xnvme_spec_fdp_conf_desc, fdpa.rsvd1, 21, 2);
	BITS(xnvme_spec_fdp_conf_desc, fdpa.fdpcv, 23, 1);
	BITS(xnvme_spec_fdp_event_media_reallocated, sef.lbav, 0, 1);
	BITS(xnvme_spec_fdp_event_media_reallocated, sef.rsvd, 1, 7);
	BITS(xnvme_spec_fdp_event, fdpef.piv, 8, 1);
	BITS(xnvme_spec_fdp_event, fdpef.nsidv, 9, 1);
	BITS(xnvme_spec_fdp_event, fdpef.lv, 10, 1);
	BITS(xnvme_spec_fdp_event, fdpef.rsvd1, 11, 5);
	BITS(xnvme_spec_fdp_event_desc, fdpeta.ee, 8, 1);
	BITS(xnvme_spec_fdp_event_desc, fdpeta.rsvd, 9, 7);
	BITS(xnvme_spec_streams_dir_rp, nssc.bits.multi_host, 48, 1);
	BITS(xnvme_spec_streams_dir_rp, nssc.bits.reserved, 49, 7);
	BITS(xnvme_spec_alloc_resource, bits.nsa, 0, 16);
	BITS(xnvme_spec_alloc_resource, bits.rsvd, 16, 16);
	BITS(xnvme_spec_znd_descr, zt, 0, 4);
	BITS(xnvme_spec_znd_descr, rsvd0, 4, 4);
	BITS(xnvme_spec_znd_descr, rsvd1, 8, 4);
	BITS(xnvme_spec_znd_descr, zs, 12, 4);
	BITS(xnvme_spec_znd_descr, za.zfc, 16, 1);
	BITS(xnvme_spec_znd_descr, za.zfr, 17, 1);
	BITS(xnvme_spec_znd_descr, za.rzr, 18, 1);
	BITS(xnvme_spec_znd_descr, za.zrwav, 19, 1);
	BITS(xnvme_spec_znd_descr, za.rsvd3, 20, 3);
	BITS(xnvme_spec_znd_descr, za.zdev, 23, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bit_fields_00),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
