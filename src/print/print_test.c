/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every printer gives valid YAML for any bytes, for a missing structure, and reports a stream that
 * fails; and the values that the samples do not show.
 */
#include <print/test_yaml.h>

#include <base/prng.h>
#include <errno.h>
#include <libxnvme.h>
#include <print/host.h>
#include <print/print.h>
#include <print/stdout.h>

union any {
	uint8_t bytes[8192];
	uint64_t align;
};

/* Every printer of a structure behind a pointer, with all that it may look at in `any` */
struct printer {
	const char *name;
	int (*print)(FILE *stream, union any *any);
};

#define PRINTER(name, call) \
	static int \
	run_##name(FILE *stream, union any *any) \
	{ \
		void *p = any; \
		return call; \
	}
#define BASIC(name) PRINTER(name, xnvme_##name##_fpr(stream, p, XNVME_PR_DEF))
#define LIST(X) \
	X(spec_log_health) X(spec_log_sanitize) X(spec_idfy_ns) X(spec_idfy_ctrlr) \
	X(spec_idfy_cs) X(spec_cmd) X(spec_nvm_scopy_fmt_zero) X(spec_nvm_idfy_ctrlr) \
	X(spec_nvm_idfy_ns) X(spec_znd_idfy_ctrlr) X(spec_znd_idfy_ns) X(spec_znd_log_changes) \
	X(spec_znd_descr) X(spec_znd_report_hdr) X(spec_kvs_idfy_ns) X(spec_ctrlr_bar) X(ident) \
	X(geo) X(lba_range)
#define MORE(X) \
	X(erri) X(fdp_conf) X(ruhu) X(stats) X(events) X(ruhs) X(drecv_idfy) X(srp) X(sgs) \
	X(scopy_range)
LIST(BASIC)
PRINTER(erri, xnvme_spec_log_erri_fpr(stream, p, 2, XNVME_PR_DEF))
PRINTER(fdp_conf, print_log_fdp_conf(stream, p))
PRINTER(ruhu, print_log_ruhu(stream, p, 16))
PRINTER(stats, print_log_fdp_stats(stream, p))
PRINTER(events, print_log_fdp_events(stream, p, 3))
PRINTER(ruhs, print_ruhs(stream, p, 16))
PRINTER(drecv_idfy, print_drecv_idfy(stream, p))
PRINTER(srp, print_drecv_srp(stream, p))
PRINTER(sgs, print_drecv_sgs(stream, p))
PRINTER(scopy_range, xnvme_spec_nvm_scopy_source_range_fpr(stream, p, 127, XNVME_PR_DEF))

#define ROW(name) {#name, run_##name},
static const struct printer printers[] = {LIST(ROW) MORE(ROW)};
#define COUNT (sizeof(printers) / sizeof(printers[0]))

static void
random_bytes(void **state)
{
	static union any any;
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 20; ++round) {
		for (size_t i = 0; i < sizeof(any.bytes); ++i) {
			any.bytes[i] = (uint8_t)prng_next(&seed);
		}
		/* what some printers follow has to lie inside: sizes and counts of what is there */
		((struct xnvme_spec_streams_dir_gs *)&any)->open_sc &= 0xfff;
		((struct xnvme_spec_log_fdp_conf *)&any)->size &= 0xfff;
		memset(&((struct xnvme_lba_range *)&any)->attr, 0, 2); /* a bool is 0 or 1 */
		for (size_t i = 0; i < COUNT; ++i) {
			FILE *stream = text_open();
			int printed = printers[i].print(stream, &any);

			text_close(stream, printed);
			free(text_at);
		}
	}
}

static void
nothing_is_null(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; ++i) {
		FILE *stream = text_open();
		int printed = printers[i].print(stream, NULL);

		assert_non_null(strstr(text_close(stream, printed), ": ~\n"));
		free(text_at);
	}
}

static void
full_device_is_an_error(void **state)
{
	static union any any;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (!full) {
		skip();
	}
	setvbuf(full, NULL, _IONBF, 0);
	for (size_t i = 0; i < COUNT; ++i) {
		assert_int_equal(printers[i].print(full, &any), -EIO);
	}
	fclose(full);
}

static void
text_cannot_break_out(void **state)
{
	struct xnvme_ident ident = {.uri = "it's: {a}, #b"};

	(void)state;
	strcpy(ident.subnqn, "\x1b[31m\"\\\xff\n");
	PRINTS("xnvme_ident:\n"
	       "  uri: 'it''s: {a}, #b'\n"
	       "  dtype: 0x0\n  nsid: 0x0\n  csi: 0x0\n  kernel_driver: ''\n"
	       "  subnqn: \"\\x1b[31m\\\"\\\\\\xff\\x0a\"\n",
	       xnvme_ident_fpr(stream, &ident, XNVME_PR_DEF));
}

static void
numbers_of_128_bits(void **state)
{
	static struct xnvme_spec_log_health_entry log;
	FILE *stream = text_open();
	const char *text;
	int printed;

	(void)state;
	memset(log.data_units_read, 0xff, 16);
	log.data_units_written[8] = 1;
	printed = xnvme_spec_log_health_fpr(stream, &log, XNVME_PR_DEF);
	text = text_close(stream, printed);
	assert_non_null(strstr(text, "read: 340282366920938463463374607431768211455\n"));
	assert_non_null(strstr(text, "written: 18446744073709551616\n"));
	free(text_at);
}

static void
features(void **state)
{
	struct xnvme_spec_feat feat = {.val = 343};
	const struct xnvme_spec_fdp_event_desc desc[] = {{.type = 0}, {.type = 0x80}};

	(void)state;
	PRINTS("feat: {tmpth: 343, tmpsel: 0x0, thsel: 0x0}\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_TEMP_THRESHOLD, feat, XNVME_PR_DEF));
	feat.val = 0x003f003f;
	PRINTS("feat: { nsqa: 63, ncqa: 63 }\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_NQUEUES, feat, XNVME_PR_DEF));
	feat.val = 0x10000;
	PRINTS("feat: {dulbe: 1, tler: 0}\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_ERROR_RECOVERY, feat, XNVME_PR_DEF));
	feat.val = 1;
	PRINTS("feat: { fdpe: 1, fdpci: 0 }\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_FDP_MODE, feat, XNVME_PR_DEF));
	PRINTS("feat: {fid: 0xee, val: 0x1}\n", xnvme_spec_feat_fpr(stream, 0xee, feat, 0));
	feat = (struct xnvme_spec_feat){.async_event = {.shcw = 0x1f, .nan = 1, .dlpcn = 1}};
	PRINTS("feat: {shcw: 0x1f, nan: 1, fan: 0, tln: 0, anacn: 0, plealcn: 0, lsin: 0, "
	       "egealpcn: 0, nnvmss: 0, zdcn: 0, dlpcn: 1}\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_ASYNC_EVENT, feat, XNVME_PR_DEF));
	feat.val = UINT32_MAX;
	PRINTS("feat: {kato: 4294967295}\n",
	       xnvme_spec_feat_fpr(stream, XNVME_SPEC_FEAT_KATO, feat, XNVME_PR_DEF));
	feat.val = 2;
	PRINTS("feat:\n  nevents: 2\n  event:\n"
	       "    - { type: 0, event enabled: 0 }\n    - { type: 0x80, event enabled: 0 }\n",
	       print_feat_fdp_events(stream, desc, feat));
	for (int fid = 0; fid < 256; ++fid) {
		FILE *stream = text_open();
		int printed = xnvme_spec_feat_fpr(stream, (uint8_t)fid, feat, XNVME_PR_DEF);

		text_close(stream, printed);
		free(text_at);
	}
}

static void
fdp_configurations(void **state)
{
	static uint64_t buf[88 / 8];
	struct xnvme_spec_log_fdp_conf *log = (void *)buf;
	struct xnvme_spec_fdp_conf_desc *desc = &log->conf_desc[0];

	(void)state;
	log->size = sizeof(buf);
	desc->ds = 72;
	desc->nrg = 1;
	desc->nruh = 2;
	desc->maxpids = 1;
	desc->nns = 256;
	desc->runs = 40960;
	desc->fdpa.val = 0x86;
	desc->ruh_desc[0].ruht = 1;
	desc->ruh_desc[1].ruht = 2;
	PRINTS("xnvme_spec_log_fdp_conf:\n  ncfg: 0\n  version: 0\n  size: 88\n  config_desc:\n"
	       "    - ds: 72\n"
	       "      fdp attributes: {rgif: 6, fdpvwc: 0, fdpcv: 1, val: 0x86}\n"
	       "      vss: 0\n      nrg: 1\n      nruh: 2\n      maxpids: 1\n      nns: 256\n"
	       "      runs: 40960\n      erutl: 0\n      ruht: [1, 2]\n",
	       print_log_fdp_conf(stream, log));
	desc->nruh = 9; /* more than its descriptor has room for */
	log->ncfg = 1;   /* and a second one that is not there */
	FILE *stream = text_open();
	int printed = print_log_fdp_conf(stream, log);
	const char *text = text_close(stream, printed);

	assert_non_null(strstr(text, "ruht: [1, 2]\n    - ~ # descriptor 1 does not fit"));
	free(text_at);
}

static void
registers(void **state)
{
	static struct xnvme_spec_ctrlr_bar bar;
	FILE *stream = text_open();
	const char *text;
	int printed;

	(void)state;
	bar.cap = 0x4008200f0107ffULL;
	bar.vs = 0x20000;
	bar.crto = 0x10001;
	printed = xnvme_spec_ctrlr_bar_fpr(stream, &bar, XNVME_PR_DEF);
	text = text_close(stream, printed);
	assert_non_null(strstr(text, "  cap: 0x4008200f0107ff\n  vs: 0x20000\n  intms: 0\n"));
	assert_non_null(strstr(text, "  crto: 0x10001\n"));
	free(text_at);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(xnvme_spec_csi_str(XNVME_SPEC_CSI_ZONED), "CSI_ZONED");
	assert_string_equal(xnvme_spec_znd_state_str(XNVME_SPEC_ZND_STATE_FULL), "ZND_STATE_FULL");
	assert_string_equal(xnvme_spec_znd_state_str(0), "ENOSYS");
	assert_string_equal(xnvme_spec_adm_opc_str(XNVME_SPEC_ADM_OPC_IDFY), "ADM_OPC_IDFY");
	assert_string_equal(
		xnvme_spec_znd_cmd_mgmt_send_action_str(XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET),
		"ZND_CMD_MGMT_SEND_RESET");
	assert_string_equal(xnvme_spec_flag_str(XNVME_SPEC_FLAG_FORCE_UNIT_ACCESS),
			    "FLAG_FORCE_UNIT_ACCESS");
}

/* Every value of the enumeration has words of its own */
static void
statuses(void **state)
{
	uint32_t named = 0;

	(void)state;
	assert_string_equal(xnvme_spec_sc_str(XNVME_SPEC_SC_INVALID_FIELD),
			    "Invalid Field in Command");
	assert_string_equal(xnvme_spec_sc_str(XNVME_SPEC_SC_ZND_IS_FULL), "Zone Is Full");
	assert_string_equal(xnvme_spec_sc_str((enum xnvme_spec_sc)(XNVME_SPEC_STATUS_DNR | 2)),
			    "Invalid Field in Command");
	assert_string_equal(xnvme_spec_sc_str((enum xnvme_spec_sc)0x705), "Vendor Specific");
	assert_string_equal(xnvme_spec_sc_str((enum xnvme_spec_sc)0x4ff), "Unknown Status");
	for (uint32_t sc = 0; sc < 0x700; ++sc) {
		named += strcmp(xnvme_spec_sc_str((enum xnvme_spec_sc)sc), "Unknown Status") != 0;
	}
	assert_int_equal(named, 130);
}

static void
options_without_a_name_are_null(void **state)
{
	struct xnvme_opts opts = {.be = "emu"};

	(void)state;
	PRINTS("xnvme_opts:\n  be: 'emu'\n  mem: ~\n  dev: ~\n  admin: ~\n  sync: ~\n  async: ~\n",
	       print_opts(stream, &opts, 0));
}

static void
lists_and_ranges(void **state)
{
	const uint64_t lbas[] = {1, 0xffffffffffffffffULL};
	const char *entries[] = {"a: b", NULL};
	struct xnvme_libconf conf = {.entries = entries};
	struct xnvme_lba_range range = {.slba = 1, .elba = 2, .naddrs = 2, .nbytes = 1024};

	(void)state;
	range.attr.is_valid = true;
	PRINTS("lbas:\n  - 0x0000000000000001\n  - 0xffffffffffffffff\n",
	       xnvme_lba_fprn(stream, lbas, 2, XNVME_PR_DEF));
	PRINTS("lbas: []\n", xnvme_lba_fprn(stream, lbas, 0, XNVME_PR_DEF));
	PRINTS("lba: 0x0000000000000007\n", xnvme_lba_fpr(stream, 7, XNVME_PR_DEF));
	PRINTS("xnvme_libconf:\n  entries:\n  - 'a: b'\n",
	       xnvme_libconf_fpr_706(stream, &conf, XNVME_PR_DEF));
	PRINTS("xnvme_lba_range:\n  slba: 0x0000000000000001\n  elba: 0x0000000000000002\n"
	       "  naddrs: 2\n  nbytes: 1024\n  attr: {is_zoned: 0, is_valid: 1}\n",
	       xnvme_lba_range_fpr(stream, &range, XNVME_PR_DEF));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(nothing_is_null),
		cmocka_unit_test(full_device_is_an_error),
		cmocka_unit_test(text_cannot_break_out),
		cmocka_unit_test(numbers_of_128_bits),
		cmocka_unit_test(features),
		cmocka_unit_test(fdp_configurations),
		cmocka_unit_test(registers),
		cmocka_unit_test(names),
		cmocka_unit_test(statuses),
		cmocka_unit_test(options_without_a_name_are_null),
		cmocka_unit_test(lists_and_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
