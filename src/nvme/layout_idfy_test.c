/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Layout of Identify:
 * the place of every bit-field, checked by setting it alone and looking at the bytes.
 */
#include <nvme/layout_test.h>
#include <nvme/layout_idfy_at.h>

static void
bit_fields_00(void **state)
{
	(void)state;
	BITS(xnvme_spec_lbaf, rp, 24, 2);
	BITS(xnvme_spec_lbaf, rsvd, 26, 6);
	BITS(xnvme_spec_idfy_ns, nsfeat.thin_prov, 192, 1);
	BITS(xnvme_spec_idfy_ns, nsfeat.ns_atomic_write_unit, 193, 1);
	BITS(xnvme_spec_idfy_ns, nsfeat.dealloc_or_unwritten_error, 194, 1);
	BITS(xnvme_spec_idfy_ns, nsfeat.guid_never_reused, 195, 1);
	BITS(xnvme_spec_idfy_ns, nsfeat.optimal_performance, 196, 1);
	BITS(xnvme_spec_idfy_ns, nsfeat.reserved1, 197, 3);
	BITS(xnvme_spec_idfy_ns, flbas.format, 208, 4);
	BITS(xnvme_spec_idfy_ns, flbas.extended, 212, 1);
	BITS(xnvme_spec_idfy_ns, flbas.format_msb, 213, 2);
	BITS(xnvme_spec_idfy_ns, flbas.reserved2, 215, 1);
	BITS(xnvme_spec_idfy_ns, mc.extended, 216, 1);
	BITS(xnvme_spec_idfy_ns, mc.pointer, 217, 1);
	BITS(xnvme_spec_idfy_ns, mc.reserved3, 218, 6);
	BITS(xnvme_spec_idfy_ns, dpc.pit1, 224, 1);
	BITS(xnvme_spec_idfy_ns, dpc.pit2, 225, 1);
	BITS(xnvme_spec_idfy_ns, dpc.pit3, 226, 1);
	BITS(xnvme_spec_idfy_ns, dpc.md_start, 227, 1);
	BITS(xnvme_spec_idfy_ns, dpc.md_end, 228, 1);
	BITS(xnvme_spec_idfy_ns, dpc.reserved, 229, 3);
	BITS(xnvme_spec_idfy_ns, dps.pit, 232, 3);
	BITS(xnvme_spec_idfy_ns, dps.md_start, 235, 1);
	BITS(xnvme_spec_idfy_ns, dps.reserved4, 236, 4);
	BITS(xnvme_spec_idfy_ns, nmic.can_share, 240, 1);
	BITS(xnvme_spec_idfy_ns, nmic.reserved, 241, 7);
	BITS(xnvme_spec_idfy_ns, nsrescap.persist, 248, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.write_exclusive, 249, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.exclusive_access, 250, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.write_exclusive_reg_only, 251, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.exclusive_access_reg_only, 252, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.write_exclusive_all_reg, 253, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.exclusive_access_all_reg, 254, 1);
	BITS(xnvme_spec_idfy_ns, nsrescap.ignore_existing_key, 255, 1);
	BITS(xnvme_spec_idfy_ns, fpi.percentage_remaining, 256, 7);
	BITS(xnvme_spec_idfy_ns, fpi.fpi_supported, 263, 1);
	BITS(xnvme_spec_idfy_ns, dlfeat.bits.read_value, 264, 3);
	BITS(xnvme_spec_idfy_ns, dlfeat.bits.write_zero_deallocate, 267, 1);
	BITS(xnvme_spec_idfy_ns, dlfeat.bits.guard_value, 268, 1);
	BITS(xnvme_spec_idfy_ns, dlfeat.bits.reserved, 269, 3);
	BITS(xnvme_spec_elbaf, sts, 0, 7);
	BITS(xnvme_spec_elbaf, pif, 7, 2);
	BITS(xnvme_spec_elbaf, rsvd, 9, 23);
	BITS(xnvme_spec_power_state, mps, 24, 1);
	BITS(xnvme_spec_power_state, nops, 25, 1);
}

static void
bit_fields_01(void **state)
{
	(void)state;
	BITS(xnvme_spec_power_state, reserved2, 26, 6);
	BITS(xnvme_spec_power_state, rrt, 96, 5);
	BITS(xnvme_spec_power_state, reserved3, 101, 3);
	BITS(xnvme_spec_power_state, rrl, 104, 5);
	BITS(xnvme_spec_power_state, reserved4, 109, 3);
	BITS(xnvme_spec_power_state, rwt, 112, 5);
	BITS(xnvme_spec_power_state, reserved5, 117, 3);
	BITS(xnvme_spec_power_state, rwl, 120, 5);
	BITS(xnvme_spec_power_state, reserved6, 125, 3);
	BITS(xnvme_spec_power_state, reserved7, 144, 6);
	BITS(xnvme_spec_power_state, ips, 150, 2);
	BITS(xnvme_spec_power_state, apw, 176, 3);
	BITS(xnvme_spec_power_state, reserved9, 179, 3);
	BITS(xnvme_spec_power_state, aps, 182, 2);
	BITS(xnvme_spec_idfy_ctrlr, cmic.multi_port, 608, 1);
	BITS(xnvme_spec_idfy_ctrlr, cmic.multi_host, 609, 1);
	BITS(xnvme_spec_idfy_ctrlr, cmic.sr_iov, 610, 1);
	BITS(xnvme_spec_idfy_ctrlr, cmic.ana_rprt, 611, 1);
	BITS(xnvme_spec_idfy_ctrlr, cmic.reserved, 612, 4);
	BITS(xnvme_spec_idfy_ctrlr, oaes.reserved1, 736, 8);
	BITS(xnvme_spec_idfy_ctrlr, oaes.ns_attribute_notices, 744, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.fw_activation_notices, 745, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.reserved2, 746, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.ana_notices, 747, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.pleal_notices, 748, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.lba_sia_notices, 749, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.egea_notices, 750, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.normal_nvm_ss, 751, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.reserved3, 752, 11);
	BITS(xnvme_spec_idfy_ctrlr, oaes.zone_changes, 763, 1);
	BITS(xnvme_spec_idfy_ctrlr, oaes.reserved4, 764, 3);
	BITS(xnvme_spec_idfy_ctrlr, oaes.discovery_log_notices, 767, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.host_id_exhid_supported, 768, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.non_operational_power_state_permissive_mode, 769, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.nvm_sets, 770, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.read_recovery_levels, 771, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.endurance_groups, 772, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.predictable_latency_mode, 773, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.tbkas, 774, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.namespace_granularity, 775, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.sq_associations, 776, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.uuid_list, 777, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.multi_domain_subsystem, 778, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.fixed_capacity_management, 779, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.variable_capacity_management, 780, 1);
}

static void
bit_fields_02(void **state)
{
	(void)state;
	BITS(xnvme_spec_idfy_ctrlr, ctratt.delete_endurance_group, 781, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.delete_nvm_set, 782, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.extended_lba_formats, 783, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.reserved1, 784, 3);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.flexible_data_placement, 787, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.reserved2, 788, 12);
	BITS(xnvme_spec_idfy_ctrlr, nvmsr.nvmesd, 2024, 1);
	BITS(xnvme_spec_idfy_ctrlr, nvmsr.nvmee, 2025, 1);
	BITS(xnvme_spec_idfy_ctrlr, nvmsr.nvmsr_rsvd, 2026, 6);
	BITS(xnvme_spec_idfy_ctrlr, vwci.vwcr, 2032, 7);
	BITS(xnvme_spec_idfy_ctrlr, vwci.vwcrv, 2039, 1);
	BITS(xnvme_spec_idfy_ctrlr, mec.smbusme, 2040, 1);
	BITS(xnvme_spec_idfy_ctrlr, mec.pcieme, 2041, 1);
	BITS(xnvme_spec_idfy_ctrlr, mec.mec_rsvd, 2042, 6);
	BITS(xnvme_spec_idfy_ctrlr, oacs.security, 2048, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.format, 2049, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.firmware, 2050, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.ns_manage, 2051, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.device_self_test, 2052, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.directives, 2053, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.nvme_mi, 2054, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.virtualization_management, 2055, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.doorbell_buffer_config, 2056, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.lba_status, 2057, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.cmd_feature_lockdown, 2058, 1);
	BITS(xnvme_spec_idfy_ctrlr, oacs.oacs_rsvd, 2059, 5);
	BITS(xnvme_spec_idfy_ctrlr, frmw.slot1_ro, 2080, 1);
	BITS(xnvme_spec_idfy_ctrlr, frmw.num_slots, 2081, 3);
	BITS(xnvme_spec_idfy_ctrlr, frmw.activation_without_reset, 2084, 1);
	BITS(xnvme_spec_idfy_ctrlr, frmw.mul_update_detection, 2085, 1);
	BITS(xnvme_spec_idfy_ctrlr, frmw.frmw_rsvd, 2086, 2);
	BITS(xnvme_spec_idfy_ctrlr, lpa.ns_smart, 2088, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.celp, 2089, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.edlp, 2090, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.telemetry, 2091, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.pel, 2092, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.mel, 2093, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.tel_da4, 2094, 1);
	BITS(xnvme_spec_idfy_ctrlr, lpa.lpa_rsvd, 2095, 1);
	BITS(xnvme_spec_idfy_ctrlr, avscc.spec_format, 2112, 1);
	BITS(xnvme_spec_idfy_ctrlr, avscc.avscc_rsvd, 2113, 7);
	BITS(xnvme_spec_idfy_ctrlr, apsta.supported, 2120, 1);
	BITS(xnvme_spec_idfy_ctrlr, apsta.apsta_rsvd, 2121, 7);
	BITS(xnvme_spec_idfy_ctrlr, rpmbs.num_rpmb_units, 2496, 3);
	BITS(xnvme_spec_idfy_ctrlr, rpmbs.auth_method, 2499, 3);
}

static void
bit_fields_03(void **state)
{
	(void)state;
	BITS(xnvme_spec_idfy_ctrlr, rpmbs.reserved1, 2502, 2);
	BITS(xnvme_spec_idfy_ctrlr, dsto.bits.one_only, 2544, 1);
	BITS(xnvme_spec_idfy_ctrlr, dsto.bits.reserved, 2545, 7);
	BITS(xnvme_spec_idfy_ctrlr, hctma.bits.supported, 2576, 1);
	BITS(xnvme_spec_idfy_ctrlr, hctma.bits.reserved, 2577, 15);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.crypto_erase, 2624, 1);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.block_erase, 2625, 1);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.overwrite, 2626, 1);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.reserved, 2627, 26);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.ndi, 2653, 1);
	BITS(xnvme_spec_idfy_ctrlr, sanicap.bits.nodmmas, 2654, 2);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.optimize, 2744, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.non_optimize, 2745, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.inaccessible, 2746, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.persist_loss, 2747, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.change, 2748, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.reserved1, 2749, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.ns_anagrpid, 2750, 1);
	BITS(xnvme_spec_idfy_ctrlr, anacap.bits.mgt_anagrpid, 2751, 1);
	BITS(xnvme_spec_idfy_ctrlr, sqes.min, 4096, 4);
	BITS(xnvme_spec_idfy_ctrlr, sqes.max, 4100, 4);
	BITS(xnvme_spec_idfy_ctrlr, cqes.min, 4104, 4);
	BITS(xnvme_spec_idfy_ctrlr, cqes.max, 4108, 4);
	BITS(xnvme_spec_idfy_ctrlr, oncs.compare, 4160, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.write_unc, 4161, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.dsm, 4162, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.write_zeroes, 4163, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.set_features_save, 4164, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.reservations, 4165, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.timestamp, 4166, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.verify, 4167, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.copy, 4168, 1);
	BITS(xnvme_spec_idfy_ctrlr, oncs.reserved, 4169, 7);
	BITS(xnvme_spec_idfy_ctrlr, fna.format_all_ns, 4192, 1);
	BITS(xnvme_spec_idfy_ctrlr, fna.erase_all_ns, 4193, 1);
	BITS(xnvme_spec_idfy_ctrlr, fna.crypto_erase_supported, 4194, 1);
	BITS(xnvme_spec_idfy_ctrlr, fna.nsid_ffffffff, 4195, 1);
	BITS(xnvme_spec_idfy_ctrlr, fna.reserved, 4196, 4);
	BITS(xnvme_spec_idfy_ctrlr, vwc.present, 4200, 1);
	BITS(xnvme_spec_idfy_ctrlr, vwc.flush_broadcast, 4201, 2);
	BITS(xnvme_spec_idfy_ctrlr, vwc.reserved, 4203, 5);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.format0, 4272, 1);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.format1, 4273, 1);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.reserved, 4276, 12);
	BITS(xnvme_spec_idfy_ctrlr, sgls.supported, 4288, 2);
}

static void
bit_fields_04(void **state)
{
	(void)state;
	BITS(xnvme_spec_idfy_ctrlr, sgls.keyed_sgl, 4290, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.reserved1, 4291, 5);
	BITS(xnvme_spec_idfy_ctrlr, sgls.sgl_desc_threshold, 4296, 8);
	BITS(xnvme_spec_idfy_ctrlr, sgls.bit_bucket_descriptor, 4304, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.metadata_pointer, 4305, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.oversized_sgl, 4306, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.metadata_address, 4307, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.sgl_offset, 4308, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.transport_sgl, 4309, 1);
	BITS(xnvme_spec_idfy_ctrlr, sgls.reserved2, 4310, 10);
	BITS(xnvme_spec_idfy_ctrlr, nvmf_specific.ctrattr.ctrlr_model, 14416, 1);
	BITS(xnvme_spec_idfy_ctrlr, nvmf_specific.ctrattr.reserved, 14417, 7);
	BITS(xnvme_spec_idfy_ctrlr, nvmf_specific.ofcs.disc_del, 14432, 1);
	BITS(xnvme_spec_idfy_ctrlr, nvmf_specific.ofcs.reserved, 14433, 15);
	BITS(xnvme_spec_cs_vector, nvm, 0, 1);
	BITS(xnvme_spec_cs_vector, kv, 1, 1);
	BITS(xnvme_spec_cs_vector, zns, 2, 1);
	BITS(xnvme_spec_cs_vector, rsvd, 3, 61);
	BITS(xnvme_spec_idfy_dir_rp, directives_supported.identify, 0, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_supported.streams, 1, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_supported.data_placement, 2, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_supported.rsvd1, 3, 5);
	BITS(xnvme_spec_idfy_dir_rp, directives_enabled.identify, 256, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_enabled.streams, 257, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_enabled.data_placement, 258, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_enabled.rsvd1, 259, 5);
	BITS(xnvme_spec_idfy_dir_rp, directives_persistence.identify, 512, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_persistence.streams, 513, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_persistence.data_placement, 514, 1);
	BITS(xnvme_spec_idfy_dir_rp, directives_persistence.rsvd1, 515, 5);
	BITS(xnvme_spec_cmd_idfy, cns, 320, 8);
	BITS(xnvme_spec_cmd_idfy, rsvd1, 328, 8);
	BITS(xnvme_spec_cmd_idfy, cntid, 336, 16);
	BITS(xnvme_spec_cmd_idfy, nvmsetid, 352, 16);
	BITS(xnvme_spec_cmd_idfy, rsvd2, 368, 8);
	BITS(xnvme_spec_cmd_idfy, csi, 376, 8);
	BITS(xnvme_spec_cmd_idfy, uuid, 448, 7);
	BITS(xnvme_spec_cmd_idfy, rsvd3, 455, 25);
	BITS(xnvme_spec_nvm_idfy_ns, pic.gpists, 64, 1);
	BITS(xnvme_spec_nvm_idfy_ns, pic.gpistm, 65, 1);
	BITS(xnvme_spec_nvm_idfy_ns, pic.stcrs, 66, 1);
	BITS(xnvme_spec_nvm_idfy_ns, pic.reserved3, 67, 5);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.vzcap, 0, 1);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.zae, 1, 1);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.rsvd, 2, 14);
}

static void
bit_fields_05(void **state)
{
	(void)state;
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.razb, 16, 1);
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.zrwasup, 17, 1);
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.rsvd, 18, 14);
	BITS(xnvme_spec_znd_idfy_ns, zrwacap.bits.expflushsup, 416, 1);
	BITS(xnvme_spec_znd_idfy_ns, zrwacap.bits.rsvd0, 417, 7);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.format2, 4274, 1);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.format3, 4275, 1);
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
