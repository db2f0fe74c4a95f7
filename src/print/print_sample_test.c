/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What scripts know: the text that upstream prints for an emulated device, for the same structures.
 *
 * Where upstream's text is no YAML or no single value, ours differs on purpose: cdfs stood twice,
 * acwu was "0u", ieee is hexadecimal digits that YAML would read as a number, and media errors were
 * left out of the health log.
 */
#include <print/test_yaml.h>

#include <libxnvme.h>
#include <print/host.h>
#include <print/stdout.h>

static const char idfy_ctrlr_text[] =
	"xnvme_spec_idfy_ctrlr:\n"
	"  vid: 0x1b36\n"
	"  ssvid: 0x1af4\n"
	"  sn: 'beef0000            '\n"
	"  mn: 'QEMU NVMe Ctrl                          '\n"
	"  fr: '11.1.3  '\n"
	"  rab: 6\n"
	"  ieee: '525400'\n"
	"  cmic: 0\n"
	"  mdts: 7\n"
	"  cntlid: 0\n"
	"  ver: 0x10400\n"
	"  rtd3r: 0\n"
	"  rtd3e: 0\n"
	"  oaes: 0x100\n"
	"  ctratt: 0x8000\n"
	"  rrls: 0\n"
	"  cntrltype: 0x1\n"
	"  crdt1: 0\n"
	"  crdt2: 0\n"
	"  crdt3: 0\n"
	"  nvmsr: 0\n"
	"  vwci: 0\n"
	"  mec: 0\n"
	"  oacs: 0x12b\n"
	"  acl: 3\n"
	"  aerl: 3\n"
	"  frmw: 0x3\n"
	"  lpa: { ns_smart: 1, celp: 1, edlp: 1, telemetry: 0, pel: 0, mel: 0, "
	"tel_da4: 0, val: 0x7}\n"
	"  elpe: 0\n"
	"  npss: 0\n"
	"  avscc: 0\n"
	"  apsta: 0\n"
	"  wctemp: 343\n"
	"  cctemp: 373\n"
	"  mtfa: 0\n"
	"  hmpre: 0\n"
	"  hmmin: 0\n"
	"  tnvmcap: [0, 0]\n"
	"  unvmcap: [0, 0]\n"
	"  rpmbs: 0\n"
	"  edstt: 0\n"
	"  dsto: 0\n"
	"  fwug: 0\n"
	"  kas: 0\n"
	"  hctma: 0\n"
	"  mntmt: 0\n"
	"  mxtmt: 0\n"
	"  sanicap: 0\n"
	"  hmminds: 0\n"
	"  hmmaxd: 0\n"
	"  nsetidmax: 0\n"
	"  endgidmax: 0\n"
	"  anatt: 0\n"
	"  anacap: 0\n"
	"  anagrpmax: 0\n"
	"  nanagrpid: 0\n"
	"  pels: 0\n"
	"  domain_identifier: 0\n"
	"  megcap: [0, 0]\n"
	"  sqes: 0x66\n"
	"  cqes: 0x44\n"
	"  maxcmd: 0\n"
	"  nn: 256\n"
	"  oncs:\n"
	"    compare: 1\n"
	"    write_unc: 0\n"
	"    dsm: 1\n"
	"    write_zeroes: 1\n"
	"    set_features_save: 1\n"
	"    reservations: 0\n"
	"    timestamp: 1\n"
	"    verify: 0\n"
	"    copy: 1\n"
	"  fuses: 0\n"
	"  fna: 0\n"
	"  vwc: 0x7\n"
	"  awun: 0\n"
	"  awupf: 0\n"
	"  nvscc: 0\n"
	"  acwu: 0\n"
	"  cdfs:\n"
	"    val: 0xf\n"
	"    format0: 1\n"
	"    format1: 1\n"
	"    format2: 1\n"
	"    format3: 1\n"
	"  sgls: 0x80001\n"
	"  mnan: 0\n"
	"  maxdna: [0, 0]\n"
	"  maxcna: 0\n"
	"  subnqn: 'nqn.2019-08.org.qemu:beef0000'\n";

static void
idfy_ctrlr(void **state)
{
	static struct xnvme_spec_idfy_ctrlr c;

	(void)state;
	c.vid = 0x1b36;
	c.ssvid = 0x1af4;
	memcpy(c.sn, "beef0000            ", 20);
	memcpy(c.mn, "QEMU NVMe Ctrl                          ", 40);
	memcpy(c.fr, "11.1.3  ", 8);
	c.rab = 6;
	memcpy(c.ieee, "\x00\x54\x52", 3);
	c.mdts = 7;
	c.ver.val = 0x10400;
	c.oaes.val = 0x100;
	c.ctratt.val = 0x8000;
	c.cntrltype = 1;
	c.oacs.val = 0x12b;
	c.acl = 3;
	c.aerl = 3;
	c.frmw.val = 3;
	c.lpa.val = 7;
	c.wctemp = 343;
	c.cctemp = 373;
	c.sqes.val = 0x66;
	c.cqes.val = 0x44;
	c.nn = 256;
	c.oncs.val = 0x15d & ~0x81;
	c.oncs.compare = 1;
	c.vwc.val = 7;
	c.cdfs.val = 0xf;
	c.sgls.val = 0x80001;
	strcpy((char *)c.subnqn, "nqn.2019-08.org.qemu:beef0000");
	PRINTS(idfy_ctrlr_text, xnvme_spec_idfy_ctrlr_fpr(stream, &c, XNVME_PR_DEF));
}

static const char idfy_ns_text[] =
	"xnvme_spec_idfy_ns:\n"
	"  nsze: 261123\n"
	"  ncap: 261123\n"
	"  nuse: 261123\n"
	"  nlbaf: 7\n"
	"  nsfeat:\n"
	"    thin_prov: 0\n"
	"    ns_atomic_write_unit: 0\n"
	"    dealloc_or_unwritten_error: 1\n"
	"    guid_never_reused: 0\n"
	"    optimal_performance: 1\n"
	"    reserved1: 1\n"
	"  flbas:\n"
	"    format_lsb: 6\n"
	"    extended: 0\n"
	"    format_msb: 0\n"
	"    reserved2: 0\n"
	"  mc:\n"
	"    extended: 1\n"
	"    pointer: 1\n"
	"    reserved3: 0\n"
	"  dpc: 0x1f\n"
	"  dps: 0x1\n"
	"  nsrescap: 0\n"
	"  fpi: 0\n"
	"  dlfeat: 0x9\n"
	"  nawun: 0\n"
	"  nawupf: 0\n"
	"  nacwu: 0\n"
	"  nabsn: 0\n"
	"  nabspf: 0\n"
	"  noiob: 0\n"
	"  nvmcap:\n"
	"    - 0\n"
	"    - 0\n"
	"  npwg: 0\n"
	"  npwa: 0\n"
	"  npdg: 0\n"
	"  npda: 0\n"
	"  nows: 0\n"
	"  mssrl: 128\n"
	"  mcl: 128\n"
	"  msrc: 127\n"
	"  anagrpid: 0\n"
	"  nsattr: 0\n"
	"  nvmsetid: 0\n"
	"  endgid: 0x1\n"
	"  nguid: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"
	"  eui64: 0\n"
	"  # ms: meta-data-size-in-nbytes\n"
	"  # ds: data-size in 2^ds bytes\n"
	"  # rp: relative performance 00b, 1b 10b, 11b\n"
	"  lbaf:\n"
	"    - {ms: 0, ds: 9, rp: 0}\n"
	"    - {ms: 8, ds: 9, rp: 0}\n"
	"    - {ms: 16, ds: 9, rp: 0}\n"
	"    - {ms: 64, ds: 9, rp: 0}\n"
	"    - {ms: 0, ds: 12, rp: 0}\n"
	"    - {ms: 8, ds: 12, rp: 0}\n"
	"    - {ms: 16, ds: 12, rp: 0}\n"
	"    - {ms: 64, ds: 12, rp: 0}\n";

static void
idfy_ns(void **state)
{
	static struct xnvme_spec_idfy_ns ns;

	(void)state;
	ns.nsze = ns.ncap = ns.nuse = 261123;
	ns.nsfeat.dealloc_or_unwritten_error = 1;
	ns.nsfeat.optimal_performance = 1;
	ns.nsfeat.reserved1 = 1;
	ns.nlbaf = 7;
	ns.flbas.format = 6;
	ns.mc.extended = 1;
	ns.mc.pointer = 1;
	ns.dpc.val = 0x1f;
	ns.dps.val = 1;
	ns.dlfeat.val = 9;
	ns.mssrl = 128;
	ns.mcl = 128;
	ns.msrc = 127;
	ns.endgid = 1;
	for (int i = 0; i < 8; ++i) {
		static const uint16_t ms[] = {0, 8, 16, 64};

		ns.lbaf[i].ms = ms[i % 4];
		ns.lbaf[i].ds = i < 4 ? 9 : 12;
	}
	PRINTS(idfy_ns_text, xnvme_spec_idfy_ns_fpr(stream, &ns, XNVME_PR_DEF));
}

static const char idfy_zoned_ns_text[] =
	"xnvme_spec_znd_idfy_ns:\n"
	"  zoc: { vzcap: 0, zae: 0 }\n"
	"  ozcs:\n"
	"    val: 0x2\n"
	"    razb: 0\n"
	"    zrwasup: 1\n"
	"  mar: 255\n"
	"  mor: 255\n"
	"  rrl: 0\n"
	"  frl: 0\n"
	"  lbafe:\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 8192, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  - { zsze: 0, zdes: 0 }\n"
	"  numzrwa: 256\n"
	"  zrwas: 32\n"
	"  zrwafg: 16\n"
	"  zrwacap:\n"
	"    val: 0x1\n"
	"    expflushsup: 1\n";

static void
idfy_zoned_ns(void **state)
{
	static struct xnvme_spec_znd_idfy_ns zns;

	(void)state;
	zns.ozcs.val = 2;
	zns.mar = 255;
	zns.mor = 255;
	zns.numzrwa = 256;
	zns.zrwas = 32;
	zns.zrwafg = 16;
	zns.zrwacap.val = 1;
	for (int i = 0; i < 8; ++i) {
		zns.lbafe[i].zsze = 8192;
	}
	PRINTS(idfy_zoned_ns_text, xnvme_spec_znd_idfy_ns_fpr(stream, &zns, XNVME_PR_DEF));
}

static void
idfy_command_sets(void **state)
{
	static struct xnvme_spec_idfy_cs cs;

	(void)state;
	cs.iocsc[0].val = 5;
	PRINTS("xnvme_spec_idfy_cs:\n" "  - { iocsci: 0, val: 0x5, nvm: 1, kv: 0, zns: 1 }\n",
	       xnvme_spec_idfy_cs_fpr(stream, &cs, XNVME_PR_DEF));
	cs.iocsc[0].val = 0;
	PRINTS("xnvme_spec_idfy_cs: []\n", xnvme_spec_idfy_cs_fpr(stream, &cs, XNVME_PR_DEF));
}

static const char log_health_text[] =
	"xnvme_spec_log_health_entry:\n"
	"  crit_warn: 0\n"
	"  comp_temp: 50\n"
	"  avail_spare: 0\n"
	"  avail_spare_thresh: 0\n"
	"  pct_used: 0\n"
	"  eg_crit_warn_sum: 0\n"
	"  data_units_read: 1\n"
	"  data_units_written: 0\n"
	"  host_read_cmds: 4\n"
	"  host_write_cmds: 0\n"
	"  ctrlr_busy_time: 0\n"
	"  pwr_cycles: 0\n"
	"  pwr_on_hours: 0\n"
	"  unsafe_shutdowns: 0\n"
	"  mdi_errs: 0\n"
	"  nr_err_logs: 0\n"
	"  warn_comp_temp_time: 0\n"
	"  crit_comp_temp_time: 0\n"
	"  temp_sens1: 0\n"
	"  temp_sens2: 0\n"
	"  temp_sens3: 0\n"
	"  temp_sens4: 0\n"
	"  temp_sens5: 0\n"
	"  temp_sens6: 0\n"
	"  temp_sens7: 0\n"
	"  temp_sens8: 0\n"
	"  tmt1tc: 0\n"
	"  tmt2tc: 0\n"
	"  tttmt1: 0\n"
	"  tttmt2: 0\n";

static void
log_health(void **state)
{
	static struct xnvme_spec_log_health_entry log;

	(void)state;
	log.comp_temp = 50;
	log.data_units_read[0] = 1;
	log.host_read_cmds[0] = 4;
	PRINTS(log_health_text, xnvme_spec_log_health_fpr(stream, &log, XNVME_PR_DEF));
}

static const char log_errors_text[] =
	"xnvme_spec_log_erri:\n"
	"  - {ecnt: 0, sqid: 0, cid: 0, status: 0, eloc: 0, lba: 0, nsid: 0, "
	"ven_si: 0, trtype: 0, cmd_si: 0, trtype_si: 0}\n"
	"  - {ecnt: 0, sqid: 0, cid: 0, status: 0, eloc: 0, lba: 0, nsid: 0, "
	"ven_si: 0, trtype: 0, cmd_si: 0, trtype_si: 0}\n";

static void
log_errors(void **state)
{
	static struct xnvme_spec_log_erri_entry log[2];

	(void)state;
	PRINTS(log_errors_text, xnvme_spec_log_erri_fpr(stream, log, 2, XNVME_PR_DEF));
	PRINTS("xnvme_spec_log_erri: []\n", xnvme_spec_log_erri_fpr(stream, log, 0, XNVME_PR_DEF));
}

static const char zone_report_text[] =
	"xnvme_znd_report:\n"
	"  report_nbytes: 192\n"
	"  entries_nbytes: 128\n"
	"  zd_nbytes: 64\n"
	"  zdext_nbytes: 0\n"
	"  zrent_nbytes: 64\n"
	"  zslba: 0x0000000000002000\n"
	"  zelba: 0x0000000000004000\n"
	"  nzones: 32\n"
	"  nentries: 2\n"
	"  extended: 0\n"
	"  entries:\n"
	"    - {zslba: 0x0000000000002000, wp: 0x0000000000002000, zcap: 7168, "
	"zt: 0x2, zs:   ZND_STATE_EMPTY, za: '0b00000000'}\n"
	"    - {zslba: 0x0000000000004000, wp: 0x0000000000004000, zcap: 7168, "
	"zt: 0x2, zs:   ZND_STATE_EMPTY, za: '0b00000000'}\n";

static void
zone_report(void **state)
{
	struct xnvme_znd_report *report = calloc(1, sizeof(*report) + 128);

	(void)state;
	assert_non_null(report);
	report->report_nbytes = 192;
	report->entries_nbytes = 128;
	report->zd_nbytes = 64;
	report->zrent_nbytes = 64;
	report->zslba = 0x2000;
	report->zelba = 0x4000;
	report->nzones = 32;
	report->nentries = 2;
	for (uint32_t i = 0; i < 2; ++i) {
		struct xnvme_spec_znd_descr *d = XNVME_ZND_REPORT_DESCR(report, i);

		d->zslba = d->wp = 0x2000 + 0x2000 * i;
		d->zcap = 7168;
		d->zt = XNVME_SPEC_ZND_TYPE_SEQWR;
		d->zs = XNVME_SPEC_ZND_STATE_EMPTY;
	}
	PRINTS(zone_report_text, xnvme_znd_report_fpr(stream, report, XNVME_PR_DEF));
	report->nentries = 0;
	FILE *stream = text_open();
	int printed = xnvme_znd_report_fpr(stream, report, XNVME_PR_DEF);

	assert_non_null(strstr(text_close(stream, printed), "  entries: []\n"));
	free(text_at);
	free(report);
}

static const char directives_text[] =
	"xnvme_spec_idfy_dir_rp:\n"
	"  directives_supported:\n"
	"    identify: 1\n"
	"    streams: 0\n"
	"    data placement: 0\n"
	"  directives_enabled:\n"
	"    identify: 1\n"
	"    streams: 0\n"
	"    data_placement: 0\n"
	"  directives_persistence:\n"
	"    identify: 0\n"
	"    streams: 0\n"
	"    data_placement: 0\n";

static void
directives(void **state)
{
	static struct xnvme_spec_idfy_dir_rp rp;

	(void)state;
	rp.directives_supported.identify = 1;
	rp.directives_enabled.identify = 1;
	PRINTS(directives_text, print_drecv_idfy(stream, &rp));
}

static const char command_text[] =
	"xnvme_spec_cmd:\n"
	"  - '00000000000000000000000000000010'\n"
	"  - '00000000000000000000000000000001'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n"
	"  - '00000000000000000000000000000000'\n";

static void
command(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	cmd.common.opcode = 2;
	cmd.common.nsid = 1;
	PRINTS(command_text, xnvme_spec_cmd_fpr(stream, &cmd, XNVME_PR_DEF));
}

static const char ident_text[] =
	"xnvme_ident:\n"
	"  uri: '/dev/ng1n1'\n"
	"  dtype: 0x2\n"
	"  nsid: 0x1\n"
	"  csi: 0x2\n"
	"  kernel_driver: ''\n"
	"  subnqn: 'nqn.2019-08.org.qemu:beef0001'\n";

static const char opts_text[] =
	"xnvme_opts:\n"
	"  be: 'emu'\n"
	"  mem: 'posix'\n"
	"  dev: 'linux'\n"
	"  admin: 'nvme'\n"
	"  sync: 'nvme'\n"
	"  async: 'emu'\n";

static const char geo_text[] =
	"xnvme_geo:\n"
	"  type: XNVME_GEO_ZONED\n"
	"  npugrp: 1\n"
	"  npunit: 1\n"
	"  nzone: 32\n"
	"  nsect: 8192\n"
	"  nbytes: 4096\n"
	"  nbytes_oob: 0\n"
	"  tbytes: 1073741824\n"
	"  mdts_nbytes: 516096\n"
	"  lba_nbytes: 4096\n"
	"  lba_extended: 0\n"
	"  ssw: 12\n"
	"  pi_type: 0\n"
	"  pi_loc: 0\n"
	"  pi_format: 0\n";

static void
device(void **state)
{
	struct xnvme_ident ident = {.uri = "/dev/ng1n1", .dtype = 2, .nsid = 1, .csi = 2};
	struct xnvme_opts opts = {.be = "emu",     .mem = "posix", .dev = "linux",
				  .admin = "nvme", .sync = "nvme", .async = "emu"};
	struct xnvme_geo geo = {.type = XNVME_GEO_ZONED,
				.npugrp = 1,
				.npunit = 1,
				.nzone = 32,
				.nsect = 8192,
				.nbytes = 4096,
				.tbytes = 1073741824,
				.mdts_nbytes = 516096,
				.lba_nbytes = 4096,
				.ssw = 12};

	(void)state;
	strcpy(ident.subnqn, "nqn.2019-08.org.qemu:beef0001");
	PRINTS(ident_text, xnvme_ident_fpr(stream, &ident, XNVME_PR_DEF));
	PRINTS(opts_text, print_opts(stream, &opts, 0));
	PRINTS(geo_text, xnvme_geo_fpr(stream, &geo, XNVME_PR_DEF));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idfy_ctrlr),
		cmocka_unit_test(idfy_ns),
		cmocka_unit_test(idfy_zoned_ns),
		cmocka_unit_test(idfy_command_sets),
		cmocka_unit_test(log_health),
		cmocka_unit_test(log_errors),
		cmocka_unit_test(zone_report),
		cmocka_unit_test(directives),
		cmocka_unit_test(command),
		cmocka_unit_test(device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
