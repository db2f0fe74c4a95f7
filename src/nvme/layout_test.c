/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The offset of every named field of the public structures, asserted at compile time; the place of
 * every bit-field, checked by setting it alone and looking at the bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <libxnvme.h>
#include <libxnvme_cli.h>

#define AT(type, field, off) \
	XNVME_STATIC_ASSERT(offsetof(struct type, field) == (off), "misplaced " #type "." #field)

AT(xnvme_be_attr, name, 0)
AT(xnvme_be_attr, descr, 8)
AT(xnvme_be_attr, caps, 16)
AT(xnvme_be_attr, _rsvd, 20)
AT(xnvme_cli_args, dev, 0)
AT(xnvme_cli_args, uri, 8)
AT(xnvme_cli_args, sys_uri, 16)
AT(xnvme_cli_args, subnqn, 24)
AT(xnvme_cli_args, hostnqn, 32)
AT(xnvme_cli_args, cmd_input, 40)
AT(xnvme_cli_args, cmd_output, 48)
AT(xnvme_cli_args, data_nbytes, 56)
AT(xnvme_cli_args, data_input, 64)
AT(xnvme_cli_args, data_output, 72)
AT(xnvme_cli_args, meta_nbytes, 80)
AT(xnvme_cli_args, meta_input, 88)
AT(xnvme_cli_args, meta_output, 96)
AT(xnvme_cli_args, cdw, 104)
AT(xnvme_cli_args, lbafl, 168)
AT(xnvme_cli_args, lba, 176)
AT(xnvme_cli_args, llb, 184)
AT(xnvme_cli_args, nlb, 188)
AT(xnvme_cli_args, slba, 192)
AT(xnvme_cli_args, elba, 200)
AT(xnvme_cli_args, uuid, 208)
AT(xnvme_cli_args, nsid, 212)
AT(xnvme_cli_args, dev_nsid, 216)
AT(xnvme_cli_args, cns, 220)
AT(xnvme_cli_args, csi, 224)
AT(xnvme_cli_args, index, 232)
AT(xnvme_cli_args, setid, 240)
AT(xnvme_cli_args, cntid, 248)
AT(xnvme_cli_args, lid, 256)
AT(xnvme_cli_args, lsp, 260)
AT(xnvme_cli_args, lpo_nbytes, 264)
AT(xnvme_cli_args, rae, 272)
AT(xnvme_cli_args, clear, 276)
AT(xnvme_cli_args, lbafu, 280)
AT(xnvme_cli_args, ses, 284)
AT(xnvme_cli_args, sel, 288)
AT(xnvme_cli_args, mset, 292)
AT(xnvme_cli_args, ause, 296)
AT(xnvme_cli_args, ovrpat, 300)
AT(xnvme_cli_args, owpass, 304)
AT(xnvme_cli_args, oipbp, 308)
AT(xnvme_cli_args, nodas, 309)
AT(xnvme_cli_args, sanact, 312)
AT(xnvme_cli_args, zsa, 316)
AT(xnvme_cli_args, pi, 320)
AT(xnvme_cli_args, pil, 324)
AT(xnvme_cli_args, fid, 328)
AT(xnvme_cli_args, feat, 332)
AT(xnvme_cli_args, seed, 336)
AT(xnvme_cli_args, iosize, 340)
AT(xnvme_cli_args, qdepth, 344)
AT(xnvme_cli_args, direct, 348)
AT(xnvme_cli_args, limit, 352)
AT(xnvme_cli_args, count, 360)
AT(xnvme_cli_args, offset, 368)
AT(xnvme_cli_args, opcode, 376)
AT(xnvme_cli_args, flags, 384)
AT(xnvme_cli_args, all, 392)
AT(xnvme_cli_args, status, 396)
AT(xnvme_cli_args, save, 400)
AT(xnvme_cli_args, reset, 404)
AT(xnvme_cli_args, verbose, 408)
AT(xnvme_cli_args, help, 412)
AT(xnvme_cli_args, be, 416)
AT(xnvme_cli_args, alt_be, 424)
AT(xnvme_cli_args, mem, 432)
AT(xnvme_cli_args, sync, 440)
AT(xnvme_cli_args, async, 448)
AT(xnvme_cli_args, admin, 456)
AT(xnvme_cli_args, shm_id, 464)
AT(xnvme_cli_args, host_heap_size, 472)
AT(xnvme_cli_args, device_heap_size, 480)
AT(xnvme_cli_args, main_core, 488)
AT(xnvme_cli_args, core_mask, 496)
AT(xnvme_cli_args, iova_mode, 504)
AT(xnvme_cli_args, gpu_id, 512)
AT(xnvme_cli_args, css, 516)
AT(xnvme_cli_args, use_cmb_sqs, 524)
AT(xnvme_cli_args, adrfam, 528)
AT(xnvme_cli_args, poll_io, 536)
AT(xnvme_cli_args, poll_sq, 540)
AT(xnvme_cli_args, register_files, 544)
AT(xnvme_cli_args, register_buffers, 548)
AT(xnvme_cli_args, truncate, 552)
AT(xnvme_cli_args, rdonly, 556)
AT(xnvme_cli_args, wronly, 560)
AT(xnvme_cli_args, rdwr, 564)
AT(xnvme_cli_args, create, 568)
AT(xnvme_cli_args, create_mode, 572)
AT(xnvme_cli_args, nr, 576)
AT(xnvme_cli_args, ad, 580)
AT(xnvme_cli_args, idw, 581)
AT(xnvme_cli_args, idr, 582)
AT(xnvme_cli_args, vec_cnt, 584)
AT(xnvme_cli_args, dtype, 588)
AT(xnvme_cli_args, dspec, 592)
AT(xnvme_cli_args, doper, 596)
AT(xnvme_cli_args, endir, 600)
AT(xnvme_cli_args, tgtdir, 604)
AT(xnvme_cli_args, nsr, 608)
AT(xnvme_cli_args, lsi, 612)
AT(xnvme_cli_args, pid, 616)
AT(xnvme_cli_args, kv_key, 624)
AT(xnvme_cli_args, kv_val, 632)
AT(xnvme_cli_args, kv_store_add, 640)
AT(xnvme_cli_args, kv_store_update, 641)
AT(xnvme_cli_args, kv_store_compress, 642)
AT(xnvme_cli_args, pract, 643)
AT(xnvme_cli_args, prchk, 644)
AT(xnvme_cli_args, apptag, 648)
AT(xnvme_cli_args, apptag_mask, 652)
AT(xnvme_cli_args, sdlba, 656)
AT(xnvme_cli_args, runtime, 664)
AT(xnvme_cli_args, iopattern, 672)
AT(xnvme_cli_args, cpumask, 680)
AT(xnvme_cli_args, cpulist, 688)
AT(xnvme_cli_args, cpus, 696)
AT(xnvme_cli_args, ncpus, 2744)
AT(xnvme_cli_args, nqueues, 2748)
AT(xnvme_cli_args, posn, 2752)
AT(xnvme_cli_args, posn_count, 2760)
AT(xnvme_cli_opt_attr, opt, 0)
AT(xnvme_cli_opt_attr, vtype, 4)
AT(xnvme_cli_opt_attr, name, 8)
AT(xnvme_cli_opt_attr, descr, 16)
AT(xnvme_cli_opt_attr, getoptval, 24)
AT(xnvme_cli_sub_opt, opt, 0)
AT(xnvme_cli_sub_opt, type, 4)
AT(xnvme_cli, title, 0)
AT(xnvme_cli, descr_short, 8)
AT(xnvme_cli, descr_long, 16)
AT(xnvme_cli, nsubs, 24)
AT(xnvme_cli, subs, 32)
AT(xnvme_cli, ver_pr, 40)
AT(xnvme_cli, argc, 48)
AT(xnvme_cli, argv, 56)
AT(xnvme_cli, args, 64)
AT(xnvme_cli, given, 2832)
AT(xnvme_cli, sub, 3376)
AT(xnvme_cli, timer, 3384)
AT(xnvme_cli_sub, name, 0)
AT(xnvme_cli_sub, descr_short, 8)
AT(xnvme_cli_sub, descr_long, 16)
AT(xnvme_cli_sub, command, 24)
AT(xnvme_cli_sub, opts, 32)
AT(xnvme_cli_enumeration, capacity, 0)
AT(xnvme_cli_enumeration, nentries, 4)
AT(xnvme_cli_enumeration, entries, 8)
AT(xnvme_cmd_ctx_async, queue, 0)
AT(xnvme_cmd_ctx_async, cb, 8)
AT(xnvme_cmd_ctx_async, cb_arg, 16)
AT(xnvme_cmd_ctx, cmd, 0)
AT(xnvme_cmd_ctx, cpl, 64)
AT(xnvme_cmd_ctx, dev, 80)
AT(xnvme_cmd_ctx, async, 88)
AT(xnvme_cmd_ctx, opts, 112)
AT(xnvme_cmd_ctx, be_rsvd, 116)
AT(xnvme_geo, type, 0)
AT(xnvme_geo, npugrp, 4)
AT(xnvme_geo, npunit, 8)
AT(xnvme_geo, nzone, 12)
AT(xnvme_geo, nsect, 16)
AT(xnvme_geo, nbytes, 24)
AT(xnvme_geo, nbytes_oob, 28)
AT(xnvme_geo, tbytes, 32)
AT(xnvme_geo, ssw, 40)
AT(xnvme_geo, mdts_nbytes, 48)
AT(xnvme_geo, lba_nbytes, 52)
AT(xnvme_geo, lba_extended, 56)
AT(xnvme_geo, pi_type, 57)
AT(xnvme_geo, pi_loc, 58)
AT(xnvme_geo, pi_format, 59)
AT(xnvme_geo, _rsvd, 60)
AT(xnvme_ident, subnqn, 0)
AT(xnvme_ident, uri, 256)
AT(xnvme_ident, dtype, 640)
AT(xnvme_ident, nsid, 644)
AT(xnvme_ident, csi, 648)
AT(xnvme_ident, kernel_driver, 649)
AT(xnvme_ident, rsvd, 681)
AT(xnvme_lba_range_attr, is_zoned, 0)
AT(xnvme_lba_range_attr, is_valid, 1)
AT(xnvme_lba_range, slba, 0)
AT(xnvme_lba_range, elba, 8)
AT(xnvme_lba_range, naddrs, 16)
AT(xnvme_lba_range, nbytes, 24)
AT(xnvme_lba_range, attr, 32)
AT(xnvme_libconf, entries, 0)
AT(xnvme_opts_css, value, 0)
AT(xnvme_opts_css, given, 4)
AT(xnvme_opts, be, 0)
AT(xnvme_opts, dev, 8)
AT(xnvme_opts, mem, 16)
AT(xnvme_opts, sync, 24)
AT(xnvme_opts, async, 32)
AT(xnvme_opts, admin, 40)
AT(xnvme_opts, nsid, 48)
AT(xnvme_opts, rdonly, 52)
AT(xnvme_opts, wronly, 53)
AT(xnvme_opts, rdwr, 54)
AT(xnvme_opts, create, 55)
AT(xnvme_opts, truncate, 56)
AT(xnvme_opts, direct, 57)
AT(xnvme_opts, create_mode, 60)
AT(xnvme_opts, poll_io, 64)
AT(xnvme_opts, poll_sq, 65)
AT(xnvme_opts, register_files, 66)
AT(xnvme_opts, register_buffers, 67)
AT(xnvme_opts, css, 68)
AT(xnvme_opts, use_cmb_sqs, 76)
AT(xnvme_opts, shm_id, 80)
AT(xnvme_opts, main_core, 84)
AT(xnvme_opts, core_mask, 88)
AT(xnvme_opts, iova_mode, 96)
AT(xnvme_opts, adrfam, 104)
AT(xnvme_opts, subnqn, 112)
AT(xnvme_opts, hostnqn, 120)
AT(xnvme_opts, admin_timeout, 128)
AT(xnvme_opts, command_timeout, 132)
AT(xnvme_opts, spdk_fabrics, 136)
AT(xnvme_opts, keep_alive_timeout_ms, 140)
AT(xnvme_opts, host_heap_size, 144)
AT(xnvme_opts, device_heap_size, 152)
AT(xnvme_opts, gpu_id, 160)
AT(xnvme_pi_ctx, block_size, 0)
AT(xnvme_pi_ctx, md_size, 4)
AT(xnvme_pi_ctx, guard_interval, 8)
AT(xnvme_pi_ctx, pi_flags, 12)
AT(xnvme_pi_ctx, md_interleave, 16)
AT(xnvme_pi_ctx, pi_type, 18)
AT(xnvme_pi_ctx, pi_format, 20)
AT(xnvme_pi_ctx, init_ref_tag, 24)
AT(xnvme_pi_ctx, app_tag, 32)
AT(xnvme_pi_ctx, apptag_mask, 34)
AT(xnvme_spec_ctrlr_bar, cap, 0)
AT(xnvme_spec_ctrlr_bar, vs, 8)
AT(xnvme_spec_ctrlr_bar, intms, 12)
AT(xnvme_spec_ctrlr_bar, intmc, 16)
AT(xnvme_spec_ctrlr_bar, cc, 20)
AT(xnvme_spec_ctrlr_bar, rsvd24, 24)
AT(xnvme_spec_ctrlr_bar, csts, 28)
AT(xnvme_spec_ctrlr_bar, nssr, 32)
AT(xnvme_spec_ctrlr_bar, aqa, 36)
AT(xnvme_spec_ctrlr_bar, asq, 40)
AT(xnvme_spec_ctrlr_bar, acq, 48)
AT(xnvme_spec_ctrlr_bar, cmbloc, 56)
AT(xnvme_spec_ctrlr_bar, cmbsz, 60)
AT(xnvme_spec_ctrlr_bar, bpinfo, 64)
AT(xnvme_spec_ctrlr_bar, bprsel, 68)
AT(xnvme_spec_ctrlr_bar, bpmbl, 72)
AT(xnvme_spec_ctrlr_bar, cmbmsc, 80)
AT(xnvme_spec_ctrlr_bar, cmbsts, 88)
AT(xnvme_spec_ctrlr_bar, rsvd92, 92)
AT(xnvme_spec_ctrlr_bar, pmrcap, 3584)
AT(xnvme_spec_ctrlr_bar, pmrctl, 3588)
AT(xnvme_spec_ctrlr_bar, pmrsts, 3592)
AT(xnvme_spec_ctrlr_bar, pmrebs, 3596)
AT(xnvme_spec_ctrlr_bar, pmrswtp, 3600)
AT(xnvme_spec_ctrlr_bar, pmrmscl, 3604)
AT(xnvme_spec_ctrlr_bar, pmrmscu, 3608)
AT(xnvme_spec_ctrlr_bar, css, 3612)
AT(xnvme_spec_status, val, 0)
AT(xnvme_spec_cpl, cdw0, 0)
AT(xnvme_spec_cpl, rsvd1, 4)
AT(xnvme_spec_cpl, result, 0)
AT(xnvme_spec_cpl, sqhd, 8)
AT(xnvme_spec_cpl, sqid, 10)
AT(xnvme_spec_cpl, cid, 12)
AT(xnvme_spec_cpl, status, 14)
AT(xnvme_spec_log_health_entry, crit_warn, 0)
AT(xnvme_spec_log_health_entry, comp_temp, 1)
AT(xnvme_spec_log_health_entry, avail_spare, 3)
AT(xnvme_spec_log_health_entry, avail_spare_thresh, 4)
AT(xnvme_spec_log_health_entry, pct_used, 5)
AT(xnvme_spec_log_health_entry, eg_crit_warn_sum, 6)
AT(xnvme_spec_log_health_entry, rsvd8, 7)
AT(xnvme_spec_log_health_entry, data_units_read, 32)
AT(xnvme_spec_log_health_entry, data_units_written, 48)
AT(xnvme_spec_log_health_entry, host_read_cmds, 64)
AT(xnvme_spec_log_health_entry, host_write_cmds, 80)
AT(xnvme_spec_log_health_entry, ctrlr_busy_time, 96)
AT(xnvme_spec_log_health_entry, pwr_cycles, 112)
AT(xnvme_spec_log_health_entry, pwr_on_hours, 128)
AT(xnvme_spec_log_health_entry, unsafe_shutdowns, 144)
AT(xnvme_spec_log_health_entry, mdi_errs, 160)
AT(xnvme_spec_log_health_entry, nr_err_logs, 176)
AT(xnvme_spec_log_health_entry, warn_comp_temp_time, 192)
AT(xnvme_spec_log_health_entry, crit_comp_temp_time, 196)
AT(xnvme_spec_log_health_entry, temp_sens, 200)
AT(xnvme_spec_log_health_entry, tmt1tc, 216)
AT(xnvme_spec_log_health_entry, tmt2tc, 220)
AT(xnvme_spec_log_health_entry, tttmt1, 224)
AT(xnvme_spec_log_health_entry, tttmt2, 228)
AT(xnvme_spec_log_health_entry, rsvd, 232)
AT(xnvme_spec_log_sanitize_entry, sprog, 0)
AT(xnvme_spec_log_sanitize_entry, sstat, 2)
AT(xnvme_spec_log_sanitize_entry, sstat.val, 2)
AT(xnvme_spec_log_sanitize_entry, scdw10, 4)
AT(xnvme_spec_log_sanitize_entry, eto, 8)
AT(xnvme_spec_log_sanitize_entry, etbe, 12)
AT(xnvme_spec_log_sanitize_entry, etce, 16)
AT(xnvme_spec_log_sanitize_entry, etodmm, 20)
AT(xnvme_spec_log_sanitize_entry, etbenmm, 24)
AT(xnvme_spec_log_sanitize_entry, etcenmm, 28)
AT(xnvme_spec_log_sanitize_entry, etpvds, 32)
AT(xnvme_spec_log_sanitize_entry, ssi, 36)
AT(xnvme_spec_log_sanitize_entry, rsvd, 37)
AT(xnvme_spec_log_erri_entry, ecnt, 0)
AT(xnvme_spec_log_erri_entry, sqid, 8)
AT(xnvme_spec_log_erri_entry, cid, 10)
AT(xnvme_spec_log_erri_entry, status, 12)
AT(xnvme_spec_log_erri_entry, eloc, 14)
AT(xnvme_spec_log_erri_entry, lba, 16)
AT(xnvme_spec_log_erri_entry, nsid, 24)
AT(xnvme_spec_log_erri_entry, ven_si, 28)
AT(xnvme_spec_log_erri_entry, trtype, 29)
AT(xnvme_spec_log_erri_entry, reserved30, 30)
AT(xnvme_spec_log_erri_entry, cmd_si, 32)
AT(xnvme_spec_log_erri_entry, trtype_si, 40)
AT(xnvme_spec_log_erri_entry, reserved42, 42)
AT(xnvme_spec_ruh_desc, ruht, 0)
AT(xnvme_spec_ruh_desc, rsvd, 1)
AT(xnvme_spec_fdp_conf_desc, ds, 0)
AT(xnvme_spec_fdp_conf_desc, fdpa, 2)
AT(xnvme_spec_fdp_conf_desc, fdpa.val, 2)
AT(xnvme_spec_fdp_conf_desc, vss, 3)
AT(xnvme_spec_fdp_conf_desc, nrg, 4)
AT(xnvme_spec_fdp_conf_desc, nruh, 8)
AT(xnvme_spec_fdp_conf_desc, maxpids, 10)
AT(xnvme_spec_fdp_conf_desc, nns, 12)
AT(xnvme_spec_fdp_conf_desc, runs, 16)
AT(xnvme_spec_fdp_conf_desc, erutl, 24)
AT(xnvme_spec_fdp_conf_desc, rsvd28, 28)
AT(xnvme_spec_fdp_conf_desc, ruh_desc, 64)
AT(xnvme_spec_log_fdp_conf, ncfg, 0)
AT(xnvme_spec_log_fdp_conf, version, 2)
AT(xnvme_spec_log_fdp_conf, rsvd1, 3)
AT(xnvme_spec_log_fdp_conf, size, 4)
AT(xnvme_spec_log_fdp_conf, rsvd2, 8)
AT(xnvme_spec_log_fdp_conf, conf_desc, 16)
AT(xnvme_spec_ruhu_desc, ruha, 0)
AT(xnvme_spec_ruhu_desc, rsvd, 1)
AT(xnvme_spec_log_ruhu, nruh, 0)
AT(xnvme_spec_log_ruhu, rsvd, 2)
AT(xnvme_spec_log_ruhu, ruhu_desc, 8)
AT(xnvme_spec_log_fdp_stats, hbmw, 0)
AT(xnvme_spec_log_fdp_stats, mbmw, 16)
AT(xnvme_spec_log_fdp_stats, mbe, 32)
AT(xnvme_spec_log_fdp_stats, rsvd48, 48)
AT(xnvme_spec_fdp_event_media_reallocated, sef, 0)
AT(xnvme_spec_fdp_event_media_reallocated, sef.val, 0)
AT(xnvme_spec_fdp_event_media_reallocated, rsvd1, 1)
AT(xnvme_spec_fdp_event_media_reallocated, nlbam, 2)
AT(xnvme_spec_fdp_event_media_reallocated, lba, 4)
AT(xnvme_spec_fdp_event_media_reallocated, rsvd2, 12)
AT(xnvme_spec_fdp_event, type, 0)
AT(xnvme_spec_fdp_event, fdpef, 1)
AT(xnvme_spec_fdp_event, fdpef.val, 1)
AT(xnvme_spec_fdp_event, pid, 2)
AT(xnvme_spec_fdp_event, timestamp, 4)
AT(xnvme_spec_fdp_event, nsid, 12)
AT(xnvme_spec_fdp_event, type_specific, 16)
AT(xnvme_spec_fdp_event, rgid, 32)
AT(xnvme_spec_fdp_event, ruhid, 34)
AT(xnvme_spec_fdp_event, rsvd1, 36)
AT(xnvme_spec_fdp_event, vs, 40)
AT(xnvme_spec_log_fdp_events, nevents, 0)
AT(xnvme_spec_log_fdp_events, rsvd, 4)
AT(xnvme_spec_log_fdp_events, event, 64)
AT(xnvme_spec_fdp_event_desc, type, 0)
AT(xnvme_spec_fdp_event_desc, fdpeta, 1)
AT(xnvme_spec_fdp_event_desc, fdpeta.val, 1)
AT(xnvme_spec_ruhs_desc, pi, 0)
AT(xnvme_spec_ruhs_desc, ruhi, 2)
AT(xnvme_spec_ruhs_desc, earutr, 4)
AT(xnvme_spec_ruhs_desc, ruamw, 8)
AT(xnvme_spec_ruhs_desc, rsvd, 16)
AT(xnvme_spec_ruhs, rsvd, 0)
AT(xnvme_spec_ruhs, nruhsd, 14)
AT(xnvme_spec_ruhs, desc, 16)
AT(xnvme_spec_lbaf, ms, 0)
AT(xnvme_spec_lbaf, ds, 2)
AT(xnvme_spec_idfy_ns, nsze, 0)
AT(xnvme_spec_idfy_ns, ncap, 8)
AT(xnvme_spec_idfy_ns, nuse, 16)
AT(xnvme_spec_idfy_ns, nsfeat, 24)
AT(xnvme_spec_idfy_ns, nlbaf, 25)
AT(xnvme_spec_idfy_ns, flbas, 26)
AT(xnvme_spec_idfy_ns, mc, 27)
AT(xnvme_spec_idfy_ns, dpc, 28)
AT(xnvme_spec_idfy_ns, dpc.val, 28)
AT(xnvme_spec_idfy_ns, dps, 29)
AT(xnvme_spec_idfy_ns, dps.val, 29)
AT(xnvme_spec_idfy_ns, nmic, 30)
AT(xnvme_spec_idfy_ns, nsrescap, 31)
AT(xnvme_spec_idfy_ns, nsrescap.val, 31)
AT(xnvme_spec_idfy_ns, fpi, 32)
AT(xnvme_spec_idfy_ns, fpi.val, 32)
AT(xnvme_spec_idfy_ns, dlfeat, 33)
AT(xnvme_spec_idfy_ns, dlfeat.bits, 33)
AT(xnvme_spec_idfy_ns, dlfeat.val, 33)
AT(xnvme_spec_idfy_ns, nawun, 34)
AT(xnvme_spec_idfy_ns, nawupf, 36)
AT(xnvme_spec_idfy_ns, nacwu, 38)
AT(xnvme_spec_idfy_ns, nabsn, 40)
AT(xnvme_spec_idfy_ns, nabo, 42)
AT(xnvme_spec_idfy_ns, nabspf, 44)
AT(xnvme_spec_idfy_ns, noiob, 46)
AT(xnvme_spec_idfy_ns, nvmcap, 48)
AT(xnvme_spec_idfy_ns, npwg, 64)
AT(xnvme_spec_idfy_ns, npwa, 66)
AT(xnvme_spec_idfy_ns, npdg, 68)
AT(xnvme_spec_idfy_ns, npda, 70)
AT(xnvme_spec_idfy_ns, nows, 72)
AT(xnvme_spec_idfy_ns, mssrl, 74)
AT(xnvme_spec_idfy_ns, mcl, 76)
AT(xnvme_spec_idfy_ns, msrc, 80)
AT(xnvme_spec_idfy_ns, reserved81, 81)
AT(xnvme_spec_idfy_ns, anagrpid, 92)
AT(xnvme_spec_idfy_ns, reserved96, 96)
AT(xnvme_spec_idfy_ns, nsattr, 99)
AT(xnvme_spec_idfy_ns, nvmsetid, 100)
AT(xnvme_spec_idfy_ns, endgid, 102)
AT(xnvme_spec_idfy_ns, nguid, 104)
AT(xnvme_spec_idfy_ns, eui64, 120)
AT(xnvme_spec_idfy_ns, lbaf, 128)
AT(xnvme_spec_idfy_ns, vendor_specific, 384)
AT(xnvme_pif, g16, 0)
AT(xnvme_pif, g16.guard, 0)
AT(xnvme_pif, g16.app_tag, 2)
AT(xnvme_pif, g16.stor_ref_space, 4)
AT(xnvme_pif, g64, 0)
AT(xnvme_pif, g64.guard, 0)
AT(xnvme_pif, g64.app_tag, 8)
AT(xnvme_pif, g64.stor_ref_space_p1, 10)
AT(xnvme_pif, g64.stor_ref_space_p2, 12)
AT(xnvme_spec_power_state, mp, 0)
AT(xnvme_spec_power_state, reserved1, 2)
AT(xnvme_spec_power_state, enlat, 4)
AT(xnvme_spec_power_state, exlat, 8)
AT(xnvme_spec_power_state, idlp, 16)
AT(xnvme_spec_power_state, reserved8, 19)
AT(xnvme_spec_power_state, actp, 20)
AT(xnvme_spec_power_state, reserved10, 23)
AT(xnvme_spec_idfy_ctrlr, vid, 0)
AT(xnvme_spec_idfy_ctrlr, ssvid, 2)
AT(xnvme_spec_idfy_ctrlr, sn, 4)
AT(xnvme_spec_idfy_ctrlr, mn, 24)
AT(xnvme_spec_idfy_ctrlr, fr, 64)
AT(xnvme_spec_idfy_ctrlr, rab, 72)
AT(xnvme_spec_idfy_ctrlr, ieee, 73)
AT(xnvme_spec_idfy_ctrlr, cmic, 76)
AT(xnvme_spec_idfy_ctrlr, cmic.val, 76)
AT(xnvme_spec_idfy_ctrlr, mdts, 77)
AT(xnvme_spec_idfy_ctrlr, cntlid, 78)
AT(xnvme_spec_idfy_ctrlr, ver, 80)
AT(xnvme_spec_idfy_ctrlr, rtd3r, 84)
AT(xnvme_spec_idfy_ctrlr, rtd3e, 88)
AT(xnvme_spec_idfy_ctrlr, oaes, 92)
AT(xnvme_spec_idfy_ctrlr, oaes.val, 92)
AT(xnvme_spec_idfy_ctrlr, ctratt, 96)
AT(xnvme_spec_idfy_ctrlr, ctratt.val, 96)
AT(xnvme_spec_idfy_ctrlr, rrls, 100)
AT(xnvme_spec_idfy_ctrlr, reserved_102, 102)
AT(xnvme_spec_idfy_ctrlr, cntrltype, 111)
AT(xnvme_spec_idfy_ctrlr, fguid, 112)
AT(xnvme_spec_idfy_ctrlr, crdt1, 128)
AT(xnvme_spec_idfy_ctrlr, crdt2, 130)
AT(xnvme_spec_idfy_ctrlr, crdt3, 132)
AT(xnvme_spec_idfy_ctrlr, reserved_134, 134)
AT(xnvme_spec_idfy_ctrlr, nvmsr, 253)
AT(xnvme_spec_idfy_ctrlr, nvmsr.val, 253)
AT(xnvme_spec_idfy_ctrlr, vwci, 254)
AT(xnvme_spec_idfy_ctrlr, vwci.val, 254)
AT(xnvme_spec_idfy_ctrlr, mec, 255)
AT(xnvme_spec_idfy_ctrlr, mec.val, 255)
AT(xnvme_spec_idfy_ctrlr, oacs, 256)
AT(xnvme_spec_idfy_ctrlr, oacs.val, 256)
AT(xnvme_spec_idfy_ctrlr, acl, 258)
AT(xnvme_spec_idfy_ctrlr, aerl, 259)
AT(xnvme_spec_idfy_ctrlr, frmw, 260)
AT(xnvme_spec_idfy_ctrlr, frmw.val, 260)
AT(xnvme_spec_idfy_ctrlr, lpa, 261)
AT(xnvme_spec_idfy_ctrlr, lpa.val, 261)
AT(xnvme_spec_idfy_ctrlr, elpe, 262)
AT(xnvme_spec_idfy_ctrlr, npss, 263)
AT(xnvme_spec_idfy_ctrlr, avscc, 264)
AT(xnvme_spec_idfy_ctrlr, avscc.val, 264)
AT(xnvme_spec_idfy_ctrlr, apsta, 265)
AT(xnvme_spec_idfy_ctrlr, apsta.val, 265)
AT(xnvme_spec_idfy_ctrlr, wctemp, 266)
AT(xnvme_spec_idfy_ctrlr, cctemp, 268)
AT(xnvme_spec_idfy_ctrlr, mtfa, 270)
AT(xnvme_spec_idfy_ctrlr, hmpre, 272)
AT(xnvme_spec_idfy_ctrlr, hmmin, 276)
AT(xnvme_spec_idfy_ctrlr, tnvmcap, 280)
AT(xnvme_spec_idfy_ctrlr, unvmcap, 296)
AT(xnvme_spec_idfy_ctrlr, rpmbs, 312)
AT(xnvme_spec_idfy_ctrlr, rpmbs.reserved2, 313)
AT(xnvme_spec_idfy_ctrlr, rpmbs.total_size, 314)
AT(xnvme_spec_idfy_ctrlr, rpmbs.access_size, 315)
AT(xnvme_spec_idfy_ctrlr, rpmbs.val, 312)
AT(xnvme_spec_idfy_ctrlr, edstt, 316)
AT(xnvme_spec_idfy_ctrlr, dsto, 318)
AT(xnvme_spec_idfy_ctrlr, dsto.bits, 318)
AT(xnvme_spec_idfy_ctrlr, dsto.val, 318)
AT(xnvme_spec_idfy_ctrlr, fwug, 319)
AT(xnvme_spec_idfy_ctrlr, kas, 320)
AT(xnvme_spec_idfy_ctrlr, hctma, 322)
AT(xnvme_spec_idfy_ctrlr, hctma.bits, 322)
AT(xnvme_spec_idfy_ctrlr, hctma.val, 322)
AT(xnvme_spec_idfy_ctrlr, mntmt, 324)
AT(xnvme_spec_idfy_ctrlr, mxtmt, 326)
AT(xnvme_spec_idfy_ctrlr, sanicap, 328)
AT(xnvme_spec_idfy_ctrlr, sanicap.bits, 328)
AT(xnvme_spec_idfy_ctrlr, sanicap.val, 328)
AT(xnvme_spec_idfy_ctrlr, hmminds, 332)
AT(xnvme_spec_idfy_ctrlr, hmmaxd, 336)
AT(xnvme_spec_idfy_ctrlr, nsetidmax, 338)
AT(xnvme_spec_idfy_ctrlr, endgidmax, 340)
AT(xnvme_spec_idfy_ctrlr, anatt, 342)
AT(xnvme_spec_idfy_ctrlr, anacap, 343)
AT(xnvme_spec_idfy_ctrlr, anacap.bits, 343)
AT(xnvme_spec_idfy_ctrlr, anacap.val, 343)
AT(xnvme_spec_idfy_ctrlr, anagrpmax, 344)
AT(xnvme_spec_idfy_ctrlr, nanagrpid, 348)
AT(xnvme_spec_idfy_ctrlr, pels, 352)
AT(xnvme_spec_idfy_ctrlr, domain_identifier, 356)
AT(xnvme_spec_idfy_ctrlr, reserved_358, 358)
AT(xnvme_spec_idfy_ctrlr, megcap, 368)
AT(xnvme_spec_idfy_ctrlr, reserved_384, 384)
AT(xnvme_spec_idfy_ctrlr, sqes, 512)
AT(xnvme_spec_idfy_ctrlr, sqes.val, 512)
AT(xnvme_spec_idfy_ctrlr, cqes, 513)
AT(xnvme_spec_idfy_ctrlr, cqes.val, 513)
AT(xnvme_spec_idfy_ctrlr, maxcmd, 514)
AT(xnvme_spec_idfy_ctrlr, nn, 516)
AT(xnvme_spec_idfy_ctrlr, oncs, 520)
AT(xnvme_spec_idfy_ctrlr, oncs.val, 520)
AT(xnvme_spec_idfy_ctrlr, fuses, 522)
AT(xnvme_spec_idfy_ctrlr, fna, 524)
AT(xnvme_spec_idfy_ctrlr, fna.val, 524)
AT(xnvme_spec_idfy_ctrlr, vwc, 525)
AT(xnvme_spec_idfy_ctrlr, vwc.val, 525)
AT(xnvme_spec_idfy_ctrlr, awun, 526)
AT(xnvme_spec_idfy_ctrlr, awupf, 528)
AT(xnvme_spec_idfy_ctrlr, nvscc, 530)
AT(xnvme_spec_idfy_ctrlr, nwpc, 531)
AT(xnvme_spec_idfy_ctrlr, acwu, 532)
AT(xnvme_spec_idfy_ctrlr, cdfs, 534)
AT(xnvme_spec_idfy_ctrlr, cdfs.val, 534)
AT(xnvme_spec_idfy_ctrlr, sgls, 536)
AT(xnvme_spec_idfy_ctrlr, sgls.val, 536)
AT(xnvme_spec_idfy_ctrlr, mnan, 540)
AT(xnvme_spec_idfy_ctrlr, maxdna, 544)
AT(xnvme_spec_idfy_ctrlr, maxcna, 560)
AT(xnvme_spec_idfy_ctrlr, reserved_564, 564)
AT(xnvme_spec_idfy_ctrlr, subnqn, 768)
AT(xnvme_spec_idfy_ctrlr, reserved_1024, 1024)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific, 1792)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.ioccsz, 1792)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.iorcsz, 1796)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.icdoff, 1800)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.ctrattr, 1802)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.msdbd, 1803)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.ofcs, 1804)
AT(xnvme_spec_idfy_ctrlr, nvmf_specific.reserved, 1806)
AT(xnvme_spec_idfy_ctrlr, psd, 2048)
AT(xnvme_spec_idfy_ctrlr, vs, 3072)
AT(xnvme_spec_cs_vector, val, 0)
AT(xnvme_spec_idfy_cs, iocsc, 0)
AT(xnvme_spec_idfy, ctrlr, 0)
AT(xnvme_spec_idfy, ns, 0)
AT(xnvme_spec_idfy, cs, 0)
AT(xnvme_spec_idfy_dir_rp, directives_supported, 0)
AT(xnvme_spec_idfy_dir_rp, directives_supported.rsvd2, 1)
AT(xnvme_spec_idfy_dir_rp, directives_enabled, 32)
AT(xnvme_spec_idfy_dir_rp, directives_enabled.rsvd2, 33)
AT(xnvme_spec_idfy_dir_rp, directives_persistence, 64)
AT(xnvme_spec_idfy_dir_rp, directives_persistence.rsvd2, 65)
AT(xnvme_spec_idfy_dir_rp, rsvd4, 96)
AT(xnvme_spec_streams_dir_rp, msl, 0)
AT(xnvme_spec_streams_dir_rp, nssa, 2)
AT(xnvme_spec_streams_dir_rp, nsso, 4)
AT(xnvme_spec_streams_dir_rp, nssc, 6)
AT(xnvme_spec_streams_dir_rp, nssc.bits, 6)
AT(xnvme_spec_streams_dir_rp, nssc.val, 6)
AT(xnvme_spec_streams_dir_rp, reserved1, 7)
AT(xnvme_spec_streams_dir_rp, sws, 16)
AT(xnvme_spec_streams_dir_rp, sgs, 20)
AT(xnvme_spec_streams_dir_rp, nsa, 22)
AT(xnvme_spec_streams_dir_rp, nso, 24)
AT(xnvme_spec_streams_dir_rp, reserved2, 26)
AT(xnvme_spec_streams_dir_gs, open_sc, 0)
AT(xnvme_spec_streams_dir_gs, sid, 2)
AT(xnvme_spec_alloc_resource, bits, 0)
AT(xnvme_spec_alloc_resource, val, 0)
AT(xnvme_spec_feat, temp_threshold, 0)
AT(xnvme_spec_feat, error_recovery, 0)
AT(xnvme_spec_feat, nqueues, 0)
AT(xnvme_spec_feat, fdp_mode, 0)
AT(xnvme_spec_feat, val, 0)
AT(xnvme_spec_dsm_range, cattr, 0)
AT(xnvme_spec_dsm_range, llb, 4)
AT(xnvme_spec_dsm_range, slba, 8)
AT(xnvme_spec_sgl_descriptor, addr, 0)
AT(xnvme_spec_sgl_descriptor, generic, 8)
AT(xnvme_spec_sgl_descriptor, unkeyed, 8)
AT(xnvme_spec_cmd_common, cid, 2)
AT(xnvme_spec_cmd_common, nsid, 4)
AT(xnvme_spec_cmd_common, cdw02, 8)
AT(xnvme_spec_cmd_common, cdw03, 12)
AT(xnvme_spec_cmd_common, mptr, 16)
AT(xnvme_spec_cmd_common, dptr, 24)
AT(xnvme_spec_cmd_common, dptr.prp, 24)
AT(xnvme_spec_cmd_common, dptr.prp.prp1, 24)
AT(xnvme_spec_cmd_common, dptr.prp.prp2, 32)
AT(xnvme_spec_cmd_common, dptr.sgl, 24)
AT(xnvme_spec_cmd_common, dptr.lnx_ioctl, 24)
AT(xnvme_spec_cmd_common, dptr.lnx_ioctl.data, 24)
AT(xnvme_spec_cmd_common, dptr.lnx_ioctl.metadata_len, 32)
AT(xnvme_spec_cmd_common, dptr.lnx_ioctl.data_len, 36)
AT(xnvme_spec_cmd_common, ndt, 40)
AT(xnvme_spec_cmd_common, ndm, 44)
AT(xnvme_spec_cmd_common, cdw12, 48)
AT(xnvme_spec_cmd_common, cdw13, 52)
AT(xnvme_spec_cmd_common, cdw14, 56)
AT(xnvme_spec_cmd_common, cdw15, 60)
AT(xnvme_spec_cmd_sanitize, cdw00_09, 0)
AT(xnvme_spec_cmd_sanitize, ovrpat, 44)
AT(xnvme_spec_cmd_sanitize, cdw12_15, 48)
AT(xnvme_spec_cmd_format, cdw00_09, 0)
AT(xnvme_spec_cmd_format, cdw11_15, 44)
AT(xnvme_spec_cmd_gfeat, cdw00_09, 0)
AT(xnvme_spec_cmd_gfeat, cdw10, 40)
AT(xnvme_spec_cmd_gfeat, cdw10.val, 40)
AT(xnvme_spec_cmd_gfeat, cdw11, 44)
AT(xnvme_spec_cmd_gfeat, cdw12_15, 48)
AT(xnvme_spec_cmd_sfeat, cdw00_09, 0)
AT(xnvme_spec_cmd_sfeat, cdw10, 40)
AT(xnvme_spec_cmd_sfeat, cdw10.val, 40)
AT(xnvme_spec_cmd_sfeat, feat, 44)
AT(xnvme_spec_cmd_sfeat, cdw12, 48)
AT(xnvme_spec_cmd_sfeat, cdw13_15, 52)
AT(xnvme_spec_cmd_dsend, cdw00_09, 0)
AT(xnvme_spec_cmd_dsend, numd, 40)
AT(xnvme_spec_cmd_dsend, cdw12, 48)
AT(xnvme_spec_cmd_dsend, cdw12.val, 48)
AT(xnvme_spec_cmd_dsend, cdw13_15, 52)
AT(xnvme_spec_cmd_drecv, cdw00_09, 0)
AT(xnvme_spec_cmd_drecv, numd, 40)
AT(xnvme_spec_cmd_drecv, cdw12, 48)
AT(xnvme_spec_cmd_drecv, cdw12.val, 48)
AT(xnvme_spec_cmd_drecv, cdw13_15, 52)
AT(xnvme_spec_cmd_idfy, cdw00_09, 0)
AT(xnvme_spec_cmd_idfy, cdw12_13, 48)
AT(xnvme_spec_cmd_idfy, cdw15, 60)
AT(xnvme_spec_cmd_log, cdw00_09, 0)
AT(xnvme_spec_cmd_log, lpol, 48)
AT(xnvme_spec_cmd_log, lpou, 52)
AT(xnvme_spec_cmd_log, cdw15, 60)
AT(xnvme_spec_cmd_nvm, cdw00_09, 0)
AT(xnvme_spec_cmd_nvm, slba, 40)
AT(xnvme_spec_cmd_nvm, cdw13, 52)
AT(xnvme_spec_cmd_nvm, cdw13.val, 52)
AT(xnvme_spec_cmd_dsm, cdw00_09, 0)
AT(xnvme_spec_cmd_dsm, cdw12_15, 48)
AT(xnvme_spec_nvm_write_zeroes, cdw00_09, 0)
AT(xnvme_spec_nvm_write_zeroes, slba, 40)
AT(xnvme_spec_nvm_write_zeroes, cdw_13, 52)
AT(xnvme_spec_nvm_scopy_fmt_zero, rsvd0, 0)
AT(xnvme_spec_nvm_scopy_fmt_zero, slba, 8)
AT(xnvme_spec_nvm_scopy_fmt_zero, eilbrt, 20)
AT(xnvme_spec_nvm_scopy_fmt_zero, elbatm, 24)
AT(xnvme_spec_nvm_scopy_fmt_zero, elbat, 28)
AT(xnvme_spec_nvm_scopy_source_range, entry, 0)
AT(xnvme_spec_nvm_cmd_scopy, cdw00_09, 0)
AT(xnvme_spec_nvm_cmd_scopy, sdlba, 40)
AT(xnvme_spec_nvm_cmd_scopy, ilbrt, 56)
AT(xnvme_spec_nvm_cmd_scopy_fmt_srclen, start, 0)
AT(xnvme_spec_nvm_cmd_scopy_fmt_srclen, len, 8)
AT(xnvme_spec_nvm_cmd, scopy, 0)
AT(xnvme_spec_nvm_idfy_ctrlr, vsl, 0)
AT(xnvme_spec_nvm_idfy_ctrlr, wzsl, 1)
AT(xnvme_spec_nvm_idfy_ctrlr, wusl, 2)
AT(xnvme_spec_nvm_idfy_ctrlr, dmrl, 3)
AT(xnvme_spec_nvm_idfy_ctrlr, dmrsl, 4)
AT(xnvme_spec_nvm_idfy_ctrlr, dmsl, 8)
AT(xnvme_spec_nvm_idfy_ctrlr, reserved16, 16)
AT(xnvme_spec_nvm_idfy_ns, lbstm, 0)
AT(xnvme_spec_nvm_idfy_ns, pic, 8)
AT(xnvme_spec_nvm_idfy_ns, pic.val, 8)
AT(xnvme_spec_nvm_idfy_ns, reserved9, 9)
AT(xnvme_spec_nvm_idfy_ns, elbaf, 12)
AT(xnvme_spec_nvm_idfy_ns, reserved268, 268)
AT(xnvme_spec_nvm_idfy, base, 0)
AT(xnvme_spec_nvm_idfy, ctrlr, 0)
AT(xnvme_spec_nvm_idfy, ns, 0)
AT(xnvme_spec_znd_cmd_mgmt_send, cdw00_09, 0)
AT(xnvme_spec_znd_cmd_mgmt_send, slba, 40)
AT(xnvme_spec_znd_cmd_mgmt_send, nrange, 48)
AT(xnvme_spec_znd_cmd_mgmt_send, cdw14_15, 56)
AT(xnvme_spec_znd_cmd_mgmt_recv, cdw00_09, 0)
AT(xnvme_spec_znd_cmd_mgmt_recv, slba, 40)
AT(xnvme_spec_znd_cmd_mgmt_recv, ndwords, 48)
AT(xnvme_spec_znd_cmd_mgmt_recv, addrs_dst, 56)
AT(xnvme_spec_znd_cmd_append, cdw00_09, 0)
AT(xnvme_spec_znd_cmd_append, zslba, 40)
AT(xnvme_spec_znd_cmd_append, cdw13_15, 52)
AT(xnvme_spec_znd_cmd, mgmt_send, 0)
AT(xnvme_spec_znd_cmd, mgmt_recv, 0)
AT(xnvme_spec_znd_cmd, append, 0)
AT(xnvme_spec_io_mgmt_recv_cmd, cdw00_09, 0)
AT(xnvme_spec_io_mgmt_recv_cmd, numd, 44)
AT(xnvme_spec_io_mgmt_recv_cmd, cdw12_15, 48)
AT(xnvme_spec_io_mgmt_send_cmd, cdw00_09, 0)
AT(xnvme_spec_io_mgmt_send_cmd, cdw11_15, 44)
AT(xnvme_spec_io_mgmt_cmd, mgmt_recv, 0)
AT(xnvme_spec_io_mgmt_cmd, mgmt_send, 0)
AT(xnvme_spec_kvs_cmd, cdw0, 0)
AT(xnvme_spec_kvs_cmd, nsid, 4)
AT(xnvme_spec_kvs_cmd, key, 8)
AT(xnvme_spec_kvs_cmd, mptr, 16)
AT(xnvme_spec_kvs_cmd, cdw06, 24)
AT(xnvme_spec_kvs_cmd, cdw07, 28)
AT(xnvme_spec_kvs_cmd, cdw08, 32)
AT(xnvme_spec_kvs_cmd, cdw09, 36)
AT(xnvme_spec_kvs_cmd, cdw10, 40)
AT(xnvme_spec_kvs_cmd, cdw11, 44)
AT(xnvme_spec_kvs_cmd, cdw11.kl, 44)
AT(xnvme_spec_kvs_cmd, cdw11.ro, 45)
AT(xnvme_spec_kvs_cmd, cdw11.rsvd, 46)
AT(xnvme_spec_kvs_cmd, cdw12, 48)
AT(xnvme_spec_kvs_cmd, cdw13, 52)
AT(xnvme_spec_kvs_cmd, key_hi, 56)
AT(xnvme_spec_nvm_compare, cdw00_09, 0)
AT(xnvme_spec_nvm_compare, slba, 40)
AT(xnvme_spec_nvm_compare, cdw_13, 52)
AT(xnvme_spec_cmd, common, 0)
AT(xnvme_spec_cmd, sanitize, 0)
AT(xnvme_spec_cmd, format, 0)
AT(xnvme_spec_cmd, log, 0)
AT(xnvme_spec_cmd, gfeat, 0)
AT(xnvme_spec_cmd, sfeat, 0)
AT(xnvme_spec_cmd, idfy, 0)
AT(xnvme_spec_cmd, dsend, 0)
AT(xnvme_spec_cmd, drecv, 0)
AT(xnvme_spec_cmd, nvm, 0)
AT(xnvme_spec_cmd, dsm, 0)
AT(xnvme_spec_cmd, scopy, 0)
AT(xnvme_spec_cmd, write_zeroes, 0)
AT(xnvme_spec_cmd, znd, 0)
AT(xnvme_spec_cmd, mgmt, 0)
AT(xnvme_spec_cmd, kvs, 0)
AT(xnvme_spec_cmd, compare, 0)
AT(xnvme_spec_znd_idfy_ctrlr, zasl, 0)
AT(xnvme_spec_znd_idfy_ctrlr, rsvd8, 1)
AT(xnvme_spec_znd_idfy_lbafe, zsze, 0)
AT(xnvme_spec_znd_idfy_lbafe, zdes, 8)
AT(xnvme_spec_znd_idfy_lbafe, rsvd, 9)
AT(xnvme_spec_znd_idfy_ns, zoc, 0)
AT(xnvme_spec_znd_idfy_ns, zoc.bits, 0)
AT(xnvme_spec_znd_idfy_ns, zoc.val, 0)
AT(xnvme_spec_znd_idfy_ns, ozcs, 2)
AT(xnvme_spec_znd_idfy_ns, ozcs.bits, 2)
AT(xnvme_spec_znd_idfy_ns, ozcs.val, 2)
AT(xnvme_spec_znd_idfy_ns, mar, 4)
AT(xnvme_spec_znd_idfy_ns, mor, 8)
AT(xnvme_spec_znd_idfy_ns, rrl, 12)
AT(xnvme_spec_znd_idfy_ns, frl, 16)
AT(xnvme_spec_znd_idfy_ns, rsvd12, 20)
AT(xnvme_spec_znd_idfy_ns, numzrwa, 44)
AT(xnvme_spec_znd_idfy_ns, zrwafg, 48)
AT(xnvme_spec_znd_idfy_ns, zrwas, 50)
AT(xnvme_spec_znd_idfy_ns, zrwacap, 52)
AT(xnvme_spec_znd_idfy_ns, zrwacap.bits, 52)
AT(xnvme_spec_znd_idfy_ns, zrwacap.val, 52)
AT(xnvme_spec_znd_idfy_ns, rsvd53, 53)
AT(xnvme_spec_znd_idfy_ns, lbafe, 2816)
AT(xnvme_spec_znd_idfy_ns, rsvd3072, 3072)
AT(xnvme_spec_znd_idfy_ns, vs, 3840)
AT(xnvme_spec_znd_idfy, base, 0)
AT(xnvme_spec_znd_idfy, zctrlr, 0)
AT(xnvme_spec_znd_idfy, zns, 0)
AT(xnvme_spec_znd_log_changes, nidents, 0)
AT(xnvme_spec_znd_log_changes, rsvd2, 2)
AT(xnvme_spec_znd_log_changes, idents, 8)
AT(xnvme_spec_znd_descr, za, 2)
AT(xnvme_spec_znd_descr, za.val, 2)
AT(xnvme_spec_znd_descr, rsvd7, 3)
AT(xnvme_spec_znd_descr, zcap, 8)
AT(xnvme_spec_znd_descr, zslba, 16)
AT(xnvme_spec_znd_descr, wp, 24)
AT(xnvme_spec_znd_descr, rsvd63, 32)
AT(xnvme_spec_znd_report_hdr, nzones, 0)
AT(xnvme_spec_znd_report_hdr, rsvd, 8)
AT(xnvme_spec_kvs_idfy_ns_format, kml, 0)
AT(xnvme_spec_kvs_idfy_ns_format, rsvd2, 2)
AT(xnvme_spec_kvs_idfy_ns_format, fopt, 3)
AT(xnvme_spec_kvs_idfy_ns_format, vml, 4)
AT(xnvme_spec_kvs_idfy_ns_format, mnk, 8)
AT(xnvme_spec_kvs_idfy_ns_format, rsvd12, 12)
AT(xnvme_spec_kvs_idfy_ns, nsze, 0)
AT(xnvme_spec_kvs_idfy_ns, rsvd8, 8)
AT(xnvme_spec_kvs_idfy_ns, nuse, 16)
AT(xnvme_spec_kvs_idfy_ns, nsfeat, 24)
AT(xnvme_spec_kvs_idfy_ns, nkvf, 25)
AT(xnvme_spec_kvs_idfy_ns, nmic, 26)
AT(xnvme_spec_kvs_idfy_ns, rescap, 27)
AT(xnvme_spec_kvs_idfy_ns, fpi, 28)
AT(xnvme_spec_kvs_idfy_ns, rsvd29, 29)
AT(xnvme_spec_kvs_idfy_ns, novg, 32)
AT(xnvme_spec_kvs_idfy_ns, anagrpid, 36)
AT(xnvme_spec_kvs_idfy_ns, rsvd40, 40)
AT(xnvme_spec_kvs_idfy_ns, nsattr, 43)
AT(xnvme_spec_kvs_idfy_ns, nvmsetid, 44)
AT(xnvme_spec_kvs_idfy_ns, endgid, 46)
AT(xnvme_spec_kvs_idfy_ns, nguid, 48)
AT(xnvme_spec_kvs_idfy_ns, eui64, 64)
AT(xnvme_spec_kvs_idfy_ns, kvf, 72)
AT(xnvme_spec_kvs_idfy_ns, rsvd328, 328)
AT(xnvme_spec_kvs_idfy_ns, vs, 3840)
AT(xnvme_spec_kvs_idfy, base, 0)
AT(xnvme_spec_kvs_idfy, ns, 0)
AT(xnvme_subsystem, dev, 0)
AT(xnvme_subsystem, controllers, 8)
AT(xnvme_controller, dev, 0)
AT(xnvme_controller, namespaces, 8)
AT(xnvme_namespace, dev, 0)
AT(xnvme_timer, start, 0)
AT(xnvme_timer, stop, 8)
AT(xnvme_znd_report, nzones, 0)
AT(xnvme_znd_report, zd_nbytes, 8)
AT(xnvme_znd_report, zdext_nbytes, 12)
AT(xnvme_znd_report, zslba, 16)
AT(xnvme_znd_report, zelba, 24)
AT(xnvme_znd_report, nentries, 32)
AT(xnvme_znd_report, extended, 36)
AT(xnvme_znd_report, _pad, 37)
AT(xnvme_znd_report, zrent_nbytes, 40)
AT(xnvme_znd_report, report_nbytes, 48)
AT(xnvme_znd_report, entries_nbytes, 56)
AT(xnvme_znd_report, storage, 64)
AT(xnvme_spec_fs_idfy_ctrlr, byte0_519, 0)
AT(xnvme_spec_fs_idfy_ctrlr, caps, 520)
AT(xnvme_spec_fs_idfy_ctrlr, limits, 528)
AT(xnvme_spec_fs_idfy_ctrlr, limits.file_data_size, 528)
AT(xnvme_spec_fs_idfy_ctrlr, limits.file_name_len, 536)
AT(xnvme_spec_fs_idfy_ctrlr, limits.path_name_len, 544)
AT(xnvme_spec_fs_idfy_ctrlr, limits.number_of_files, 552)
AT(xnvme_spec_fs_idfy_ctrlr, properties, 560)
AT(xnvme_spec_fs_idfy_ctrlr, iosizes, 568)
AT(xnvme_spec_fs_idfy_ctrlr, iosizes.min, 568)
AT(xnvme_spec_fs_idfy_ctrlr, iosizes.max, 572)
AT(xnvme_spec_fs_idfy_ctrlr, iosizes.opt, 576)
AT(xnvme_spec_fs_idfy_ctrlr, rsvd, 580)
AT(xnvme_spec_fs_idfy_ctrlr, ac, 4089)
AT(xnvme_spec_fs_idfy_ctrlr, dc, 4090)
AT(xnvme_spec_fs_idfy_ns, nsze, 0)
AT(xnvme_spec_fs_idfy_ns, ncap, 8)
AT(xnvme_spec_fs_idfy_ns, nuse, 16)
AT(xnvme_spec_fs_idfy_ns, rsvd, 24)
AT(xnvme_spec_fs_idfy_ns, vendor_specific, 3840)
AT(xnvme_spec_fs_idfy_ns, ac, 4094)
AT(xnvme_spec_fs_idfy_ns, dc, 4095)

/* Only the bits [first, first + width) of the bytes may be set */
static void
only_bits(const uint8_t *bytes, size_t nbytes, size_t first, size_t width, const char *what)
{
	for (size_t bit = 0; bit < nbytes * 8; ++bit) {
		int set = (bytes[bit / 8] >> (bit % 8)) & 1;
		int want = bit >= first && bit < first + width;

		if (set != want) {
			print_error("%s: bit %zu\n", what, bit);
		}
		assert_int_equal(set, want);
	}
}

#define BITS(type, field, first, width) \
	do { \
		static union { \
			struct type s; \
			uint8_t b[sizeof(struct type)]; \
		} u; \
		memset(&u, 0, sizeof(u)); \
		u.s.field = (uint64_t)~0ULL >> (64 - (width)); \
		only_bits(u.b, sizeof(u.b), (first), (width), #type "." #field); \
	} while (0)

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
}

static void
bit_fields_01(void **state)
{
	(void)state;
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
}

static void
bit_fields_02(void **state)
{
	(void)state;
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
	BITS(xnvme_spec_idfy_ctrlr, ctratt.delete_endurance_group, 781, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.delete_nvm_set, 782, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.extended_lba_formats, 783, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.reserved1, 784, 3);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.flexible_data_placement, 787, 1);
	BITS(xnvme_spec_idfy_ctrlr, ctratt.reserved2, 788, 12);
	BITS(xnvme_spec_idfy_ctrlr, nvmsr.nvmesd, 2024, 1);
}

static void
bit_fields_03(void **state)
{
	(void)state;
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
	BITS(xnvme_spec_idfy_ctrlr, rpmbs.reserved1, 2502, 2);
	BITS(xnvme_spec_idfy_ctrlr, dsto.bits.one_only, 2544, 1);
}

static void
bit_fields_04(void **state)
{
	(void)state;
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
}

static void
bit_fields_05(void **state)
{
	(void)state;
	BITS(xnvme_spec_idfy_ctrlr, cdfs.format1, 4273, 1);
	BITS(xnvme_spec_idfy_ctrlr, cdfs.reserved, 4274, 14);
	BITS(xnvme_spec_idfy_ctrlr, sgls.supported, 4288, 2);
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
	BITS(xnvme_spec_streams_dir_rp, nssc.bits.multi_host, 48, 1);
	BITS(xnvme_spec_streams_dir_rp, nssc.bits.reserved, 49, 7);
	BITS(xnvme_spec_alloc_resource, bits.nsa, 0, 16);
	BITS(xnvme_spec_alloc_resource, bits.rsvd, 16, 16);
	BITS(xnvme_spec_feat, temp_threshold.tmpth, 0, 16);
	BITS(xnvme_spec_feat, temp_threshold.tmpsel, 16, 4);
	BITS(xnvme_spec_feat, temp_threshold.thsel, 20, 3);
}

static void
bit_fields_06(void **state)
{
	(void)state;
	BITS(xnvme_spec_feat, temp_threshold.rsvd, 23, 9);
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
}

static void
bit_fields_07(void **state)
{
	(void)state;
	BITS(xnvme_spec_cmd_dsend, doper, 352, 8);
	BITS(xnvme_spec_cmd_dsend, dtype, 360, 8);
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
	BITS(xnvme_spec_cmd_idfy, cns, 320, 8);
	BITS(xnvme_spec_cmd_idfy, rsvd1, 328, 8);
	BITS(xnvme_spec_cmd_idfy, cntid, 336, 16);
	BITS(xnvme_spec_cmd_idfy, nvmsetid, 352, 16);
	BITS(xnvme_spec_cmd_idfy, rsvd2, 368, 8);
	BITS(xnvme_spec_cmd_idfy, csi, 376, 8);
	BITS(xnvme_spec_cmd_idfy, uuid, 448, 7);
	BITS(xnvme_spec_cmd_idfy, rsvd3, 455, 25);
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
	BITS(xnvme_spec_cmd_nvm, rsvd2, 408, 2);
	BITS(xnvme_spec_cmd_nvm, prinfo, 410, 4);
	BITS(xnvme_spec_cmd_nvm, fua, 414, 1);
	BITS(xnvme_spec_cmd_nvm, lr, 415, 1);
	BITS(xnvme_spec_cmd_nvm, cdw13.af, 416, 4);
	BITS(xnvme_spec_cmd_nvm, cdw13.al, 420, 2);
	BITS(xnvme_spec_cmd_nvm, cdw13.sr, 422, 1);
}

static void
bit_fields_08(void **state)
{
	(void)state;
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
	BITS(xnvme_spec_nvm_idfy_ns, pic.gpists, 64, 1);
	BITS(xnvme_spec_nvm_idfy_ns, pic.gpistm, 65, 1);
	BITS(xnvme_spec_nvm_idfy_ns, pic.stcrs, 66, 1);
}

static void
bit_fields_09(void **state)
{
	(void)state;
	BITS(xnvme_spec_nvm_idfy_ns, pic.reserved3, 67, 5);
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
	BITS(xnvme_spec_znd_cmd_append, prinfo, 408, 4);
	BITS(xnvme_spec_znd_cmd_append, rsvd2, 412, 2);
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
	BITS(xnvme_spec_nvm_compare, stc, 408, 1);
	BITS(xnvme_spec_nvm_compare, rsvd2, 409, 1);
	BITS(xnvme_spec_nvm_compare, prinfo, 410, 4);
	BITS(xnvme_spec_nvm_compare, fua, 414, 1);
	BITS(xnvme_spec_nvm_compare, lr, 415, 1);
	BITS(xnvme_spec_nvm_compare, ilbrt, 448, 32);
	BITS(xnvme_spec_nvm_compare, lbat, 480, 16);
	BITS(xnvme_spec_nvm_compare, lbatm, 496, 16);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.vzcap, 0, 1);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.zae, 1, 1);
	BITS(xnvme_spec_znd_idfy_ns, zoc.bits.rsvd, 2, 14);
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.razb, 16, 1);
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.zrwasup, 17, 1);
	BITS(xnvme_spec_znd_idfy_ns, ozcs.bits.rsvd, 18, 14);
	BITS(xnvme_spec_znd_idfy_ns, zrwacap.bits.expflushsup, 416, 1);
	BITS(xnvme_spec_znd_idfy_ns, zrwacap.bits.rsvd0, 417, 7);
}

static void
bit_fields_10(void **state)
{
	(void)state;
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
	BITS(xnvme_spec_fs_idfy_ctrlr, caps.direct, 4160, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, caps.rsvd, 4161, 63);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.permissions_posix, 4480, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.permissions_acl, 4481, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_creation, 4482, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_access, 4483, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_change, 4484, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_archive, 4485, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.hardlinks, 4486, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.symlinks, 4487, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.case_sensitive, 4488, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.case_preserving, 4489, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.journaling_block, 4490, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.journaling_meta, 4491, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.snapshotting, 4492, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.compressed, 4493, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.encrypted, 4494, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.rsvd, 4495, 48);
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
		cmocka_unit_test(bit_fields_06),
		cmocka_unit_test(bit_fields_07),
		cmocka_unit_test(bit_fields_08),
		cmocka_unit_test(bit_fields_09),
		cmocka_unit_test(bit_fields_10),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
