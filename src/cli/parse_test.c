/* SPDX-License-Identifier: BSD-3-Clause */
/* Parsing argv into cli->args, and the error messages for invalid command lines */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cli/cli.h>

static struct xnvme_cli_sub subs[] = {
	{"info",
	 "Ask a device",
	 "Ask a device",
	 NULL,
	 {{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
	  {XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
	  {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
	  XNVME_CLI_ASYNC_OPTS}},
	{"read",
	 "Read blocks",
	 "Read blocks",
	 NULL,
	 {{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
	  {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ},
	  {XNVME_CLI_OPT_NLB, XNVME_CLI_LREQ},
	  {XNVME_CLI_OPT_ALL, XNVME_CLI_LFLG},
	  {XNVME_CLI_OPT_PRCHK, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_PRACT, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_CDW00, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_CDW15, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_CLOCK, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_DEMO, XNVME_CLI_LFLG},
	  XNVME_CLI_SYNC_OPTS}},
	{"run",
	 "Run",
	 "Run",
	 NULL,
	 {{XNVME_CLI_OPT_URI, XNVME_CLI_POSN},
	  {XNVME_CLI_OPT_CPULIST, XNVME_CLI_LOPT},
	  {XNVME_CLI_OPT_CPUMASK, XNVME_CLI_LOPT},
	  XNVME_CLI_CORE_OPTS,
	  XNVME_CLI_CORE_OPTS}},
	{"write-read",
	 "Both",
	 "Both",
	 NULL,
	 {{XNVME_CLI_OPT_URI, XNVME_CLI_POSA}, {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_POSA}}},
};

static struct xnvme_cli cli = {.title = "Test", .nsubs = 4, .subs = subs};

/* Parses a command line of words separated by blanks */
static int
parse(const char *words)
{
	static char text[512];
	static char *argv[32];
	int argc = 0;

	snprintf(text, sizeof(text), "%s", words);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	cli_line_scan(&cli_process.line, argc, argv);
	return cli_line_parse(&cli_process.line, &cli, argc, argv);
}

static void
wrong(const char *words, const char *why)
{
	assert_int_equal(parse(words), -EINVAL);
	if (!strstr(cli_process.line.why, why)) {
		fail_msg("'%s' gave: %s", words, cli_process.line.why);
	}
}

static void
values_reach_their_members(void **state)
{
	(void)state;
	assert_int_equal(parse("/usr/bin/lblk read 1GB --slba ff --nlb 16 --all --cdw15=0x7 "
			       "--prchk 7 --direct --sync nvme --data-output o --clock virtual "
			       "--demo"),
			 0);
	assert_string_equal(cli_process.line.tool, "lblk");
	assert_ptr_equal(cli.sub, &subs[1]);
	assert_string_equal(cli.args.uri, "1GB");
	assert_int_equal(cli.args.slba, 0xff);
	assert_int_equal(cli.args.nlb, 16);
	assert_int_equal(cli.args.cdw[15], 7);
	assert_int_equal(cli.args.cdw[0], 0);
	assert_int_equal(cli.args.prchk, 7);
	assert_true(cli.args.all);
	assert_true(cli.args.direct);
	assert_string_equal(cli.args.sync, "nvme");
	assert_string_equal(cli.args.data_output, "o");
	assert_true(cli.given[XNVME_CLI_OPT_SLBA]);
	assert_false(cli.given[XNVME_CLI_OPT_CDW00]);
	assert_true(xnvme_cli_given(&cli, XNVME_CLI_OPT_NLB));
	assert_true(xnvme_cli_given(&cli, XNVME_CLI_OPT_DEMO));
	assert_int_equal(xnvme_cli_get_num(&cli, XNVME_CLI_OPT_DEMO), 1);
	assert_string_equal(xnvme_cli_get_str(&cli, XNVME_CLI_OPT_CLOCK), "virtual");
	assert_null(xnvme_cli_get_str(&cli, XNVME_CLI_OPT_SIZE));
}

static void
a_second_parse_forgets_the_first(void **state)
{
	(void)state;
	assert_int_equal(parse("t read u --slba 1 --nlb 1 --demo"), 0);
	assert_int_equal(parse("t info u"), 0);
	assert_false(xnvme_cli_given(&cli, XNVME_CLI_OPT_SLBA));
	assert_false(xnvme_cli_given(&cli, XNVME_CLI_OPT_DEMO));
	assert_int_equal(cli.args.slba, 0);
}

static void
numbers_are_decimal_or_hexadecimal(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_int_equal(cli_value_num("10", 10, &value), 0);
	assert_int_equal(value, 10);
	assert_int_equal(cli_value_num("0x10", 10, &value), 0);
	assert_int_equal(value, 16);
	assert_int_equal(cli_value_num("10", 16, &value), 0);
	assert_int_equal(value, 16);
	assert_int_equal(cli_value_num("0xffffffffffffffff", 16, &value), 0);
	assert_int_equal(value, UINT64_MAX);
	assert_int_equal(cli_value_num("010", 10, &value), 0);
	assert_int_equal(value, 10);
	for (size_t i = 0; i < 10; ++i) {
		static const char *const bad[] = {"",	"-1", "+1",  " 1",    "1 ",
						  "0x", "zz", "1.5", "0x0x1", "12a"};
		value = 77;
		assert_int_equal(cli_value_num(bad[i], 10, &value), -EINVAL);
		assert_int_equal(value, 77);
	}
	assert_int_equal(cli_value_num("18446744073709551616", 10, &value), -ERANGE);
	assert_int_equal(cli_value_num("10000000000000000", 16, &value), -ERANGE);
}

static void
wrong_lines_are_explained(void **state)
{
	(void)state;
	wrong("xnvme bogus", "there is no command 'bogus'; 'xnvme --help' lists them all");
	wrong("xnvme inf", "did you mean 'info'");
	wrong("xnvme --be x info", "'--be' comes before the command");
	wrong("xnvme info", "<uri> is missing");
	wrong("xnvme info a b", "'b' is one argument too many");
	wrong("xnvme info 1GB --bogus 1", "there is no option '--bogus'");
	wrong("xnvme info 1GB --asinc x", "did you mean '--async'");
	wrong("xnvme info 1GB --async", "'--async' needs a value: --async STRING");
	wrong("xnvme info 1GB --async --be x", "'--async' needs a value");
	wrong("xnvme info 1GB --async=", "'async' is empty");
	wrong("xnvme info 1GB --direct 2", "'2' is one argument too many");
	wrong("xnvme info 1GB --poll_io 2", "'2' is too large");
	wrong("lblk read 1GB --slba 0", "'--nlb NUM' is missing");
	wrong("lblk read 1GB --slba zz --nlb 0", "'zz' is not a number; 'slba' takes a "
						 "hexadecimal");
	wrong("lblk read 1GB --slba 0 --nlb 1f", "'1f' is not a number; 'nlb' takes a decimal");
	wrong("lblk read 1GB --slba 0 --nlb -1", "'-1' is not a number");
	wrong("lblk read 1GB --slba 0 --nlb 65536", "is too large; 'nlb' takes at most 0xffff");
	wrong("lblk read 1GB --slba 10000000000000000 --nlb 0", "is too large");
	wrong("lblk read 1GB --slba 0 --nlb 0 --prchk 100", "'prchk' takes at most 0x7");
	wrong("lblk read 1GB --slba 0 --nlb 0 --pract 2", "'pract' takes at most 0x1");
	wrong("lblk read 1GB --slba 0 --nlb 0 --all=2", "'--all' takes no value but 0 and 1");
	wrong("lblk read 1GB --slba 0 --nlb 0 --clock warp", "it takes one of: real virtual");
	wrong("lblk read 1GB --slba 0 --nlb 0 --output xml", "it takes one of: text yaml json");
	wrong("x write-read f 12q", "'12q' is not a size; 'data-nbytes' takes bytes, or a number "
				    "with a unit: KiB MiB GiB TiB");
	wrong("x write-read f 0x4k", "'0x4k' is not a size");
	wrong("x write-read f k", "'k' is not a size");
	wrong("x write-read f -4k", "'-4k' is not a size");
	wrong("x write-read f 16777216TiB", "is too large");
	wrong("lblk read 1GB --slba 0 --nlb 4k", "'4k' is not a number");
	wrong("x run a --cpulist 3-1", "names no processors");
	wrong("x run a --cpulist 1,", "names no processors");
	wrong("x run a --cpulist 1024", "names no processors");
	wrong("x run a --cpulist 0,0", "'0,0' names a processor twice");
	wrong("x run a --cpulist 5,0-6", "names a processor twice");
	wrong("x run a --cpumask 0", "names no processors");
	wrong("x run a --cpumask 1 --cpulist 1", "say the same thing");
}

static void
sizes_have_one_meaning(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} sizes[] = {
		{"4096", 4096},		{"0x1000", 4096},	{"0", 0},
		{"4k", 4096},		{"4K", 4096},		{"4KiB", 4096},
		{"4kB", 4000},		{"4KB", 4000},		{"1M", 1 << 20},
		{"1m", 1 << 20},	{"1MiB", 1 << 20},	{"1MB", 1000000},
		{"1G", 1 << 30},	{"1GiB", 1 << 30},	{"1GB", 1000000000},
		{"1TiB", 1ULL << 40},	{"2TB", 2000000000000}, {"16777215TiB", 16777215ULL << 40},
		{"512B", 512},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
		char line[64];

		snprintf(line, sizeof(line), "x write-read f %s", sizes[i].text);
		assert_int_equal(parse(line), 0);
		assert_int_equal(cli.args.data_nbytes, sizes[i].value);
	}
	assert_string_equal(cli_opt_placeholder(cli_opt_get(XNVME_CLI_OPT_IOSIZE)), "SIZE");
	assert_string_equal(cli_opt_placeholder(cli_opt_get(XNVME_CLI_OPT_QDEPTH)), "NUM");
}

/* A flag and an option with a value (0 or 1) are equivalent, since scripts use either form */
static void
booleans_come_alone_or_with_a_value(void **state)
{
	static const struct {
		const char *words;
		uint32_t direct, poll_io;
	} lines[] = {
		{"x info u --direct", 1, 0},		{"x info u --direct 1", 1, 0},
		{"x info u --direct 0", 0, 0},		{"x info u --direct=1", 1, 0},
		{"x info u --direct=0", 0, 0},		{"x info --direct u", 1, 0},
		{"x info u --direct 1 --poll_io 1", 1, 1}, {"x info u --poll_io", 0, 1},
		{"x info u --poll_io --direct", 1, 1},	{"x info u --poll-io 0", 0, 0},
		{"x info u --poll-io=1", 0, 1},		{"x info --direct 1 u", 1, 0},
		{"x info --direct 0 u", 0, 0},		{"x info --direct 1 -- u", 1, 0},
		{"x info --direct 1 --be 1 u", 1, 0},	{"x info --direct 1 --direct 0 u", 0, 0},
		{"x info --direct 1 --be=1 u", 1, 0},	{"x info --direct 0 --poll_io 1 u", 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); ++i) {
		assert_int_equal(parse(lines[i].words), 0);
		assert_string_equal(cli.args.uri, "u");
		assert_int_equal(cli.args.direct, lines[i].direct);
		assert_int_equal(cli.args.poll_io, lines[i].poll_io);
	}
	/* a device may be named 1 */
	assert_int_equal(parse("x info --direct 1"), 0);
	assert_string_equal(cli.args.uri, "1");
	assert_int_equal(cli.args.direct, 1);
	assert_int_equal(parse("x info --direct 1 --be 1"), 0);
	assert_string_equal(cli.args.uri, "1");
	assert_int_equal(parse("x info --direct 0 1"), 0);
	assert_string_equal(cli.args.uri, "1");
	assert_int_equal(cli.args.direct, 0);
	assert_int_equal(parse("x info --direct 1 1 1"), -EINVAL);
}

/* Option names are those of upstream: programs of users depend on them */
static void
names_are_upstreams(void **state)
{
	(void)state;
	assert_string_equal(xnvme_cli_get_opt_attr(XNVME_CLI_OPT_ALT_BE)->name, "alt-be");
	assert_string_equal(xnvme_cli_get_opt_attr(XNVME_CLI_OPT_SHM_ID)->name, "shm_id");
	assert_int_equal(parse("x info u --shm-id 3 --dev_nsid 2"), 0);
	assert_int_equal(cli.args.shm_id, 3);
	assert_int_equal(cli.args.dev_nsid, 2);
	wrong("x info u --shmid 3", "there is no option '--shmid', did you mean '--shm_id'");
}

static void
processors_come_as_list_or_mask(void **state)
{
	(void)state;
	assert_int_equal(parse("x run a --cpulist 5,0-2"), 0);
	assert_int_equal(cli.args.ncpus, 4);
	assert_int_equal(cli.args.cpus[0], 5);
	assert_int_equal(cli.args.cpus[3], 2);
	assert_int_equal(parse("x run a --cpumask 0x10000000000000005"), 0);
	assert_int_equal(cli.args.ncpus, 3);
	assert_int_equal(cli.args.cpus[0], 0);
	assert_int_equal(cli.args.cpus[1], 2);
	assert_int_equal(cli.args.cpus[2], 64);
	assert_int_equal(parse("x run a --cpulist 0-1023"), 0);
	assert_int_equal(cli.args.ncpus, 1024);
}

static void
many_positionals_are_counted(void **state)
{
	(void)state;
	assert_int_equal(parse("x run a --be y b -- --c"), 0);
	assert_int_equal(cli.args.posn_count, 3);
	assert_string_equal(cli.args.posn[0], "a");
	assert_string_equal(cli.args.posn[1], "b");
	assert_string_equal(cli.args.posn[2], "--c");
	assert_string_equal(cli.args.uri, "a");
	assert_string_equal(cli.args.be, "y");
	assert_int_equal(parse("x run"), 0);
	assert_int_equal(cli.args.posn_count, 0);
}

static void
help_and_version_need_no_complete_line(void **state)
{
	(void)state;
	assert_int_equal(parse("x"), 0);
	assert_int_equal(cli_process.line.want, CLI_WANT_HELP);
	assert_int_equal(parse("x info --help"), 0);
	assert_int_equal(cli_process.line.want, CLI_WANT_HELP);
	assert_ptr_equal(cli_process.line.sub, &subs[0]);
	assert_int_equal(parse("x --version"), 0);
	assert_int_equal(cli_process.line.want, CLI_WANT_VERSION);
	assert_int_equal(parse("x info --version --output json"), 0);
	assert_int_equal(cli_process.line.want, CLI_WANT_VERSION);
	assert_int_equal(cli_process.line.output, XNVME_CLI_OUTPUT_JSON);
}

/* The option table: each row has its own number, names are unique among a sub-command's options */
static void
the_table_is_consistent(void **state)
{
	int nrows = 0;

	(void)state;
	for (int opt = 1; opt < XNVME_CLI_OPT_EXT_END; ++opt) {
		const struct xnvme_cli_opt_attr *attr = xnvme_cli_get_opt_attr(opt);

		if (opt >= XNVME_CLI_OPT_END && opt < XNVME_CLI_OPT_EXT_BEGIN) {
			assert_null(attr);
			continue;
		}
		assert_non_null(attr);
		assert_int_equal(attr->opt, opt);
		if (attr->vtype == XNVME_CLI_OPT_VTYPE_SKIP) {
			continue;
		}
		nrows += 1;
		assert_true(strlen(attr->name) > 0 && strlen(attr->descr) > 0);
		for (int other = 1; other < opt; ++other) {
			const struct xnvme_cli_opt_attr *b = xnvme_cli_get_opt_attr(other);

			/* the option SYS_URI shares its name with the positional URI */
			if (b && *b->name && opt != XNVME_CLI_OPT_SYS_URI) {
				assert_string_not_equal(attr->name, b->name);
			}
		}
	}
	assert_true(nrows > 130);
	assert_null(xnvme_cli_get_opt_attr((enum xnvme_cli_opt) - 1));
	assert_null(xnvme_cli_get_opt_attr(XNVME_CLI_OPT_EXT_END));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_reach_their_members),
		cmocka_unit_test(a_second_parse_forgets_the_first),
		cmocka_unit_test(numbers_are_decimal_or_hexadecimal),
		cmocka_unit_test(wrong_lines_are_explained),
		cmocka_unit_test(sizes_have_one_meaning),
		cmocka_unit_test(booleans_come_alone_or_with_a_value),
		cmocka_unit_test(names_are_upstreams),
		cmocka_unit_test(processors_come_as_list_or_mask),
		cmocka_unit_test(many_positionals_are_counted),
		cmocka_unit_test(help_and_version_need_no_complete_line),
		cmocka_unit_test(the_table_is_consistent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
