/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Layout of commands and features:
 * the place of every bit-field, checked by setting it alone and looking at the bytes.
 */
#include <nvme/layout_test.h>
#include <nvme/layout_cmd_at.h>

static void
bit_fields_00(void **state)
{
	(void)state;
	BITS(xnvme_spec_feat, temp_threshold.tmpth, 0, 16);
	BITS(xnvme_spec_feat, temp_threshold.tmpsel, 16, 4);
	BITS(xnvme_spec_feat, temp_threshold.thsel, 20, 2);
	BITS(xnvme_spec_feat, temp_threshold.rsvd, 22, 10);
	BITS(xnvme_spec_feat, error_recovery.tler, 0, 16);
	BITS(xnvme_spec_feat, error_recovery.dulbe, 16, 1);
	BITS(xnvme_spec_feat, error_recovery.rsvd, 17, 15);
	BITS(xnvme_spec_feat, nqueues.nsqa, 0, 16);
	BITS(xnvme_spec_feat, nqueues.ncqa, 16, 16);
	BITS(xnvme_spec_feat, fdp_mode.fdpe, 0, 1);
	BITS(xnvme_spec_feat, fdp_mode.rsvd1, 1, 7);
	BITS(xnvme_spec_feat, fdp_mode.fdpci, 8, 8);
	BITS(xnvme_spec_feat, fdp_mode.rsvd2, 16, 16);
	BITS(xnvme_spec_sgl_descriptor, generic.rsvd, 64, 56);
	BITS(xnvme_spec_sgl_descriptor, generic.subtype, 120, 4);
	BITS(xnvme_spec_sgl_descriptor, generic.type, 124, 4);
	BITS(xnvme_spec_sgl_descriptor, unkeyed.len, 64, 32);
	BITS(xnvme_spec_sgl_descriptor, unkeyed.rsvd, 96, 24);
	BITS(xnvme_spec_sgl_descriptor, unkeyed.subtype, 120, 4);
	BITS(xnvme_spec_sgl_descriptor, unkeyed.type, 124, 4);
	BITS(xnvme_spec_cmd_common, opcode, 0, 8);
	BITS(xnvme_spec_cmd_common, fuse, 8, 2);
	BITS(xnvme_spec_cmd_common, rsvd, 10, 4);
	BITS(xnvme_spec_cmd_common, psdt, 14, 2);
	BITS(xnvme_spec_cmd_sanitize, sanact, 320, 3);
	BITS(xnvme_spec_cmd_sanitize, ause, 323, 1);
	BITS(xnvme_spec_cmd_sanitize, owpass, 324, 4);
	BITS(xnvme_spec_cmd_sanitize, oipbp, 328, 1);
	BITS(xnvme_spec_cmd_sanitize, nodas, 329, 1);
	BITS(xnvme_spec_cmd_sanitize, rsvd, 330, 22);
	BITS(xnvme_spec_cmd_format, lbafl, 320, 4);
	BITS(xnvme_spec_cmd_format, mset, 324, 1);
	BITS(xnvme_spec_cmd_format, pi, 325, 3);
	BITS(xnvme_spec_cmd_format, pil, 328, 1);
	BITS(xnvme_spec_cmd_format, ses, 329, 3);
	BITS(xnvme_spec_cmd_format, lbafu, 332, 2);
	BITS(xnvme_spec_cmd_format, rsvd, 334, 18);
	BITS(xnvme_spec_cmd_gfeat, cdw10.fid, 320, 8);
	BITS(xnvme_spec_cmd_gfeat, cdw10.sel, 328, 3);
	BITS(xnvme_spec_cmd_gfeat, cdw10.rsvd10, 331, 21);
	BITS(xnvme_spec_cmd_sfeat, cdw10.fid, 320, 8);
	BITS(xnvme_spec_cmd_sfeat, cdw10.rsvd10, 328, 23);
	BITS(xnvme_spec_cmd_sfeat, cdw10.save, 351, 1);
	BITS(xnvme_spec_cmd_dsend, doper, 352, 8);
	BITS(xnvme_spec_cmd_dsend, dtype, 360, 8);
}

static void
bit_fields_01(void **state)
{
	(void)state;
	BITS(xnvme_spec_cmd_dsend, dspec, 368, 16);
	BITS(xnvme_spec_cmd_dsend, cdw12.endir, 384, 1);
	BITS(xnvme_spec_cmd_dsend, cdw12.rsvd1, 385, 7);
	BITS(xnvme_spec_cmd_dsend, cdw12.tdtype, 392, 8);
	BITS(xnvme_spec_cmd_dsend, cdw12.rsvd2, 400, 16);
	BITS(xnvme_spec_cmd_drecv, doper, 352, 8);
	BITS(xnvme_spec_cmd_drecv, dtype, 360, 8);
	BITS(xnvme_spec_cmd_drecv, dspec, 368, 16);
	BITS(xnvme_spec_cmd_drecv, cdw12.nsr, 384, 16);
	BITS(xnvme_spec_cmd_drecv, cdw12.rsvd, 400, 16);
	BITS(xnvme_spec_cmd_log, lid, 320, 8);
	BITS(xnvme_spec_cmd_log, lsp, 328, 7);
	BITS(xnvme_spec_cmd_log, rae, 335, 1);
	BITS(xnvme_spec_cmd_log, numdl, 336, 16);
	BITS(xnvme_spec_cmd_log, numdu, 352, 16);
	BITS(xnvme_spec_cmd_log, lsi, 368, 16);
	BITS(xnvme_spec_cmd_log, uuidx, 448, 7);
	BITS(xnvme_spec_cmd_log, rsvd1, 455, 16);
	BITS(xnvme_spec_cmd_log, ot, 471, 1);
	BITS(xnvme_spec_cmd_log, csi, 472, 8);
	BITS(xnvme_spec_cmd_nvm, nlb, 384, 16);
	BITS(xnvme_spec_cmd_nvm, rsvd, 400, 4);
	BITS(xnvme_spec_cmd_nvm, dtype, 404, 4);
	BITS(xnvme_spec_cmd_nvm, rsvd2, 409, 1);
	BITS(xnvme_spec_cmd_nvm, prinfo, 410, 4);
	BITS(xnvme_spec_cmd_nvm, fua, 414, 1);
	BITS(xnvme_spec_cmd_nvm, lr, 415, 1);
	BITS(xnvme_spec_cmd_nvm, cdw13.af, 416, 4);
	BITS(xnvme_spec_cmd_nvm, cdw13.al, 420, 2);
	BITS(xnvme_spec_cmd_nvm, cdw13.sr, 422, 1);
	BITS(xnvme_spec_cmd_nvm, cdw13.incom, 423, 1);
	BITS(xnvme_spec_cmd_nvm, cdw13.rsvd3, 424, 8);
	BITS(xnvme_spec_cmd_nvm, cdw13.dspec, 432, 16);
	BITS(xnvme_spec_cmd_nvm, ilbrt, 448, 32);
	BITS(xnvme_spec_cmd_nvm, lbat, 480, 16);
	BITS(xnvme_spec_cmd_nvm, lbatm, 496, 16);
	BITS(xnvme_spec_cmd_dsm, nr, 320, 8);
	BITS(xnvme_spec_cmd_dsm, rsvd1, 328, 24);
	BITS(xnvme_spec_cmd_dsm, idr, 352, 1);
	BITS(xnvme_spec_cmd_dsm, idw, 353, 1);
	BITS(xnvme_spec_cmd_dsm, ad, 354, 1);
	BITS(xnvme_spec_cmd_dsm, rsvd2, 355, 29);
	BITS(xnvme_spec_nvm_write_zeroes, nlb, 384, 16);
	BITS(xnvme_spec_nvm_write_zeroes, rsvd1, 400, 8);
	BITS(xnvme_spec_nvm_write_zeroes, stc, 408, 1);
}

static void
bit_fields_02(void **state)
{
	(void)state;
	BITS(xnvme_spec_nvm_write_zeroes, deac, 409, 1);
	BITS(xnvme_spec_nvm_write_zeroes, prinfo, 410, 4);
	BITS(xnvme_spec_nvm_write_zeroes, fua, 414, 1);
	BITS(xnvme_spec_nvm_write_zeroes, lr, 415, 1);
	BITS(xnvme_spec_nvm_write_zeroes, ilbrt, 448, 32);
	BITS(xnvme_spec_nvm_write_zeroes, lbat, 480, 16);
	BITS(xnvme_spec_nvm_write_zeroes, lbatm, 496, 16);
	BITS(xnvme_spec_nvm_scopy_fmt_zero, nlb, 128, 16);
	BITS(xnvme_spec_nvm_scopy_fmt_zero, rsvd20, 144, 16);
	BITS(xnvme_spec_nvm_cmd_scopy, nr, 384, 8);
	BITS(xnvme_spec_nvm_cmd_scopy, df, 392, 4);
	BITS(xnvme_spec_nvm_cmd_scopy, prinfor, 396, 4);
	BITS(xnvme_spec_nvm_cmd_scopy, rsvd1, 400, 4);
	BITS(xnvme_spec_nvm_cmd_scopy, dtype, 404, 4);
	BITS(xnvme_spec_nvm_cmd_scopy, rsvd2, 408, 2);
	BITS(xnvme_spec_nvm_cmd_scopy, prinfow, 410, 4);
	BITS(xnvme_spec_nvm_cmd_scopy, fua, 414, 1);
	BITS(xnvme_spec_nvm_cmd_scopy, lr, 415, 1);
	BITS(xnvme_spec_nvm_cmd_scopy, rsvd3, 416, 16);
	BITS(xnvme_spec_nvm_cmd_scopy, dspec, 432, 16);
	BITS(xnvme_spec_nvm_cmd_scopy, lbat, 480, 16);
	BITS(xnvme_spec_nvm_cmd_scopy, lbatm, 496, 16);
	BITS(xnvme_spec_znd_cmd_mgmt_send, zsa, 416, 8);
	BITS(xnvme_spec_znd_cmd_mgmt_send, select_all, 424, 1);
	BITS(xnvme_spec_znd_cmd_mgmt_send, zsaso, 425, 1);
	BITS(xnvme_spec_znd_cmd_mgmt_send, rsvd, 426, 22);
	BITS(xnvme_spec_znd_cmd_mgmt_recv, zra, 416, 8);
	BITS(xnvme_spec_znd_cmd_mgmt_recv, zrasf, 424, 8);
	BITS(xnvme_spec_znd_cmd_mgmt_recv, partial, 432, 1);
	BITS(xnvme_spec_znd_cmd_mgmt_recv, rsvd, 433, 15);
	BITS(xnvme_spec_znd_cmd_append, nlb, 384, 16);
	BITS(xnvme_spec_znd_cmd_append, rsvd, 400, 4);
	BITS(xnvme_spec_znd_cmd_append, dtype, 404, 4);
	BITS(xnvme_spec_znd_cmd_append, prinfo, 410, 4);
	BITS(xnvme_spec_znd_cmd_append, rsvd2, 408, 1);
	BITS(xnvme_spec_znd_cmd_append, fua, 414, 1);
	BITS(xnvme_spec_znd_cmd_append, lr, 415, 1);
	BITS(xnvme_spec_io_mgmt_recv_cmd, mo, 320, 8);
	BITS(xnvme_spec_io_mgmt_recv_cmd, rsvd, 328, 8);
	BITS(xnvme_spec_io_mgmt_recv_cmd, mos, 336, 16);
	BITS(xnvme_spec_io_mgmt_send_cmd, mo, 320, 8);
	BITS(xnvme_spec_io_mgmt_send_cmd, rsvd, 328, 8);
	BITS(xnvme_spec_io_mgmt_send_cmd, mos, 336, 16);
	BITS(xnvme_spec_nvm_compare, nlb, 384, 16);
	BITS(xnvme_spec_nvm_compare, rsvd1, 400, 8);
}

static void
bit_fields_03(void **state)
{
	(void)state;
	BITS(xnvme_spec_nvm_compare, stc, 408, 1);
	BITS(xnvme_spec_nvm_compare, rsvd2, 409, 1);
	BITS(xnvme_spec_nvm_compare, prinfo, 410, 4);
	BITS(xnvme_spec_nvm_compare, fua, 414, 1);
	BITS(xnvme_spec_nvm_compare, lr, 415, 1);
	BITS(xnvme_spec_nvm_compare, ilbrt, 448, 32);
	BITS(xnvme_spec_nvm_compare, lbat, 480, 16);
	BITS(xnvme_spec_nvm_compare, lbatm, 496, 16);
	BITS(xnvme_spec_znd_cmd_append, piremap, 409, 1);
	BITS(xnvme_spec_cmd_nvm, stc, 408, 1);
	BITS(xnvme_spec_feat, arbitration.ab, 0, 3);
	BITS(xnvme_spec_feat, arbitration.lpw, 8, 8);
	BITS(xnvme_spec_feat, arbitration.mpw, 16, 8);
	BITS(xnvme_spec_feat, arbitration.hpw, 24, 8);
	BITS(xnvme_spec_feat, pwr_mgmt.ps, 0, 5);
	BITS(xnvme_spec_feat, pwr_mgmt.wh, 5, 3);
	BITS(xnvme_spec_feat, lba_range.num, 0, 6);
	BITS(xnvme_spec_feat, vwcache.wce, 0, 1);
	BITS(xnvme_spec_feat, intr_coalescing.thr, 0, 8);
	BITS(xnvme_spec_feat, intr_coalescing.time, 8, 8);
	BITS(xnvme_spec_feat, intr_vector.iv, 0, 16);
	BITS(xnvme_spec_feat, intr_vector.cd, 16, 1);
	BITS(xnvme_spec_feat, write_atomicity.dn, 0, 1);
	BITS(xnvme_spec_feat, async_event.shcw, 0, 8);
	BITS(xnvme_spec_feat, async_event.nan, 8, 1);
	BITS(xnvme_spec_feat, async_event.fan, 9, 1);
	BITS(xnvme_spec_feat, async_event.tln, 10, 1);
	BITS(xnvme_spec_feat, async_event.anacn, 11, 1);
	BITS(xnvme_spec_feat, async_event.plealcn, 12, 1);
	BITS(xnvme_spec_feat, async_event.lsin, 13, 1);
	BITS(xnvme_spec_feat, async_event.egealpcn, 14, 1);
	BITS(xnvme_spec_feat, async_event.nnvmss, 15, 1);
	BITS(xnvme_spec_feat, async_event.zdcn, 27, 1);
	BITS(xnvme_spec_feat, async_event.dlpcn, 31, 1);
	BITS(xnvme_spec_feat, apst.apste, 0, 1);
	BITS(xnvme_spec_feat, hmb.ehm, 0, 1);
	BITS(xnvme_spec_feat, hmb.mr, 1, 1);
	BITS(xnvme_spec_feat, hctm.tmt2, 0, 16);
	BITS(xnvme_spec_feat, hctm.tmt1, 16, 16);
	BITS(xnvme_spec_feat, nopsc.noppme, 0, 1);
	BITS(xnvme_spec_feat, iocs_profile.iocsci, 0, 9);
	BITS(xnvme_spec_feat, host_id.exhid, 0, 1);
	BITS(xnvme_spec_feat, ns_write_protect.wps, 0, 3);
	BITS(xnvme_spec_cmd_create_sq, pc, 352, 1);
	BITS(xnvme_spec_cmd_create_sq, qprio, 353, 2);
}

static void
bit_fields_04(void **state)
{
	(void)state;
	BITS(xnvme_spec_cmd_create_cq, pc, 352, 1);
	BITS(xnvme_spec_cmd_create_cq, ien, 353, 1);
	BITS(xnvme_spec_cmd_selftest, stc, 320, 4);
	BITS(xnvme_spec_cmd_fw_commit, fs, 320, 3);
	BITS(xnvme_spec_cmd_fw_commit, ca, 323, 3);
	BITS(xnvme_spec_cmd_fw_commit, bpid, 351, 1);
	BITS(xnvme_spec_cmd_ns_mgmt, sel, 320, 4);
	BITS(xnvme_spec_cmd_ns_mgmt, csi, 376, 8);
	BITS(xnvme_spec_cmd_ns_attach, sel, 320, 4);
	BITS(xnvme_spec_cmd_resv, action, 320, 3);
	BITS(xnvme_spec_cmd_resv, iekey, 323, 1);
	BITS(xnvme_spec_cmd_resv, rtype, 328, 8);
	BITS(xnvme_spec_cmd_resv, cptpl, 350, 2);
	BITS(xnvme_spec_cmd_resv_report, eds, 352, 1);
}

static void
bit_fields_05(void **state)
{
	(void)state;
	UNION_BITS(xnvme_spec_vs_register, bits.ter, 0, 8);
	UNION_BITS(xnvme_spec_vs_register, bits.mnr, 8, 8);
	UNION_BITS(xnvme_spec_vs_register, bits.mjr, 16, 16);
	BITS(xnvme_spec_cmd_create_cq, rsvd11, 354, 14);
	BITS(xnvme_spec_cmd_create_sq, rsvd11, 355, 13);
	BITS(xnvme_spec_cmd_fw_commit, rsvd10, 326, 25);
	BITS(xnvme_spec_cmd_ns_attach, rsvd10, 324, 28);
	BITS(xnvme_spec_cmd_ns_mgmt, rsvd10, 324, 28);
	BITS(xnvme_spec_cmd_ns_mgmt, rsvd11, 352, 24);
	BITS(xnvme_spec_cmd_resv, rsvd10, 324, 4);
	BITS(xnvme_spec_cmd_resv, rsvd10_16, 336, 14);
	BITS(xnvme_spec_cmd_resv_report, rsvd11, 353, 31);
	BITS(xnvme_spec_cmd_selftest, rsvd10, 324, 28);
	BITS(xnvme_spec_feat, arbitration.rsvd, 3, 5);
	BITS(xnvme_spec_feat, pwr_mgmt.rsvd, 8, 24);
	BITS(xnvme_spec_feat, lba_range.rsvd, 6, 26);
	BITS(xnvme_spec_feat, vwcache.rsvd, 1, 31);
	BITS(xnvme_spec_feat, intr_coalescing.rsvd, 16, 16);
	BITS(xnvme_spec_feat, intr_vector.rsvd, 17, 15);
	BITS(xnvme_spec_feat, write_atomicity.rsvd, 1, 31);
	BITS(xnvme_spec_feat, async_event.rsvd1, 16, 11);
	BITS(xnvme_spec_feat, async_event.rsvd2, 28, 3);
	BITS(xnvme_spec_feat, apst.rsvd, 1, 31);
	BITS(xnvme_spec_feat, hmb.rsvd, 2, 30);
	BITS(xnvme_spec_feat, nopsc.rsvd, 1, 31);
	BITS(xnvme_spec_feat, iocs_profile.rsvd, 9, 23);
	BITS(xnvme_spec_feat, host_id.rsvd, 1, 31);
	BITS(xnvme_spec_feat, ns_write_protect.rsvd, 3, 29);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bit_fields_00),
		cmocka_unit_test(bit_fields_01),
		cmocka_unit_test(bit_fields_02),
		cmocka_unit_test(bit_fields_03),
		cmocka_unit_test(bit_fields_04),
		cmocka_unit_test(bit_fields_05),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
