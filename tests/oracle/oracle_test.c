/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model nvmevirt1 reproduces the recorded times of NVMeVirt to the nanosecond, and the
 * comparison detects differences. Arguments: the folder of recordings, and "quick" (recordings
 * without long set-up) or "all".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sim/sim.h>

#include "../temp_dir.h"

#define HEADER "idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,status\n"
#define ROWS HEADER "0,0,R,0,8,0,0,110,0x0\n"
#define RECIPE "{\"storage_size\": 1048576, \"jobs\": \"seqread:bs=4k:n=2\"}"

static const char *folder;

static void
say(void *arg, const char *line)
{
	(void)arg;
	print_message("%s\n", line);
}

static void
check(const char *path, uint64_t rows_at_least)
{
	struct oracle_result result = { 0 };

	assert_int_equal(oracle_run(path, say, NULL, &result), 0);
	assert_int_equal(result.mismatches, 0);
	assert_true(result.rows >= rows_at_least);
}

static void
short_recordings_are_repeated(void **state)
{
	static const char *const names[] = {
		"unit_chmodel_450", "unit_chmodel_800_fw413", "unit_chmodel_3360",
		"zn540_state_machine", "970pro_fua_randwrite_4k_qd1", "970pro_randwrite_4k_qd32",
		"970pro_randread_unwritten_4k_qd1", "970pro_seqwrite_128k_qd32",
		"970pro_randrw70_4k_qd32", "kv_kvmix70_512b_8units_qd16", "optane_mixsz_rw70_qd16",
		"optane_write_flush_mix_4k_qd4", "zn540_zwrite_128k_qd4_1zone",
		"znsproto_zwrite_256k_qd1_128zones", "znsproto96_zwrite_192k_qd1_1zone",
	};
	char path[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
		snprintf(path, sizeof(path), "%s/%s.csv", folder, names[i]);
		check(path, 30);
	}
}

static void
all_recordings_are_repeated(void **state)
{
	(void)state;
	check(folder, 12000);
}

static void
recordings_elsewhere_are_repeated(void **state)
{
	const char *elsewhere = getenv("NVMEVIRT_ORACLE_DIR");

	(void)state;
	if (!elsewhere || !*elsewhere) {
		skip();
	}
	check(elsewhere, 1);
}

/* The model parallel has the same parameters without the quirks; its deviation is bounded */
static void
parallel_is_near(void **state)
{
	struct oracle_compare_result result = { 0 };

	(void)state;
	assert_int_equal(oracle_compare(folder, say, NULL, &result), 0);
	print_message("%llu runs: harmonic mean %.3f %%, mean %.3f %%, largest %.2f %%, %llu with "
		      "a reason\n", (unsigned long long)result.runs,
		      result.harmonic_mean_percent, result.mean_percent, result.largest_percent,
		      (unsigned long long)result.reasoned);
	assert_true(result.runs >= 36);
	assert_true(result.harmonic_mean_percent <= 1.17);
	assert_true(result.mean_percent <= 1.17);
	assert_true(result.largest_percent <= 5.0);
	assert_true(result.reasoned <= 12);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Two reads on one unit of 100 + 10 ns, with correct and with wrong recordings */
static void
differences_are_found(void **state)
{
	static const char json[] =
		"{\"storage_size\": 1048576, \"jobs\": \"seqread:bs=4k:n=2\", \"errors\": 0,"
		" \"cfg\": {\"read\": [100, 10, 0], \"write\": [1, 1, 0], \"units\": 1,"
		" \"shift\": 12}, \"elapsed_ns\": %d}";
	static const char csv[] = "idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,status\n"
				  "0,0,R,0,8,0,0,110,0x0\n1,0,R,8,8,110,110,%d,%s\n";
	static const struct {
		int elapsed, done;
		const char *status;
		uint64_t mismatches;
	} cases[] = {
		{ 220, 220, "0x0", 0 },
		{ 220, 221, "0x0", 1 },
		{ 221, 220, "0x0", 1 },
		{ 221, 219, "0x2", 2 },
	};
	char path[64], text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct oracle_result result = { 0 };

		snprintf(path, sizeof(path), "%s/optane_x.json", temp_dir);
		snprintf(text, sizeof(text), json, cases[i].elapsed);
		write_file(path, text);
		snprintf(path, sizeof(path), "%s/optane_x.csv", temp_dir);
		snprintf(text, sizeof(text), csv, cases[i].done, cases[i].status);
		write_file(path, text);
		assert_int_equal(oracle_run(path, NULL, NULL, &result), 0);
		assert_int_equal(result.rows, 2);
		assert_int_equal(result.mismatches, cases[i].mismatches);
	}
}

static void
what_cannot_be_read_is_an_error(void **state)
{
	struct oracle_result result = { 0 };

	(void)state;
	assert_true(oracle_run("/nonexistent/x.csv", NULL, NULL, &result) < 0);
	assert_true(oracle_run("/nonexistent", NULL, NULL, &result) < 0);
	assert_int_equal(result.rows, 0);
}

static void
keep_line(void *arg, const char *line)
{
	snprintf(arg, 512, "%s", line);
}

/* The message about an invalid recording names the line and the problem */
static void
errors_say_where(void **state)
{
	static const struct {
		const char *json, *csv, *says;
	} cases[] = {
		{ NULL, ROWS, "the jobs that set the drive up" },
		{ "{\"storage_size\": 1048576", ROWS, "byte 24" },
		{ "{\"jobs\": \"randread\"}", ROWS, "`storage_size`" },
		{ "{\"storage_size\": 1048576, \"jobs\": 5}", ROWS, "`jobs`, a string" },
		{ "{\"storage_size\": 1048576, \"jobs\": \"sleep:n=2\"}", ROWS, "no job type" },
		{ "{\"storage_size\": 1048576, \"jobs\": \"seqread:n=2\", \"cfg\": {}}", ROWS,
		  "`cfg` needs" },
		{ RECIPE, "", "line 1: the header names no column 'idx'" },
		{ RECIPE, "idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,status\n",
		  "line 1: the header names no column 't_done_ns'" },
		{ RECIPE, HEADER "0,0,R,0,8,0,0,110,0x0\n1,0,R,8,8,110,1\n", "line 3: 7 fields" },
		{ RECIPE, HEADER "0,0,X,0,8,0,0,110,0x0\n", "line 2: expected idx" },
		{ RECIPE, HEADER "2,0,R,0,8,0,0,110,0x0\n", "less than 2" },
		{ RECIPE, "\x1f\x8b\x08\x01\x01", "unpack it with gzip" },
	};
	char csv[64], json[64], said[512];

	(void)state;
	snprintf(csv, sizeof(csv), "%s/optane_x.csv", temp_dir);
	snprintf(json, sizeof(json), "%s/optane_x.json", temp_dir);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct oracle_result result = { 0 };

		said[0] = '\0';
		if (cases[i].json) {
			write_file(json, cases[i].json);
		}
		write_file(csv, cases[i].csv);
		assert_true(oracle_run(csv, keep_line, said, &result) < 0);
		if (!strstr(said, cases[i].says)) {
			fail_msg("case %zu: %s", i, said);
		}
	}
}

/* Accepts reordered columns, unknown columns, a byte order mark and CRLF line ends */
static void
columns_are_found_by_name(void **state)
{
	char csv[64], json[64];
	struct oracle_result result = { 0 };

	(void)state;
	snprintf(csv, sizeof(csv), "%s/optane_x.csv", temp_dir);
	snprintf(json, sizeof(json), "%s/optane_x.json", temp_dir);
	write_file(json, RECIPE);
	write_file(csv, "\xef\xbb\xbfnote,idx,sq,op,status,slba,nlb,t_done_ns,t_start_ns,"
			"t_submit_ns\r\n,1,0,R,0x0,8,8,11280,5640,5640\r\n");
	assert_int_equal(oracle_run(csv, say, NULL, &result), 0);
	assert_int_equal(result.rows, 1);
	assert_int_equal(result.mismatches, 1); /* 5389 + 5389: the preset's 3762 + 1627 */
	result = (struct oracle_result){ 0 };
	write_file(csv, "note,idx,sq,op,status,slba,nlb,t_done_ns,t_start_ns,t_submit_ns\r\n"
			"\r\n,1,0,R,0x0,8,8,10778,5389,5389\r\n");
	assert_int_equal(oracle_run(csv, say, NULL, &result), 0);
	assert_int_equal(result.mismatches, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest quick[] = {
		cmocka_unit_test(short_recordings_are_repeated),
		cmocka_unit_test_setup_teardown(differences_are_found, temp_dir_make,
						temp_dir_remove),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
		cmocka_unit_test_setup_teardown(errors_say_where, temp_dir_make,
						temp_dir_remove),
		cmocka_unit_test_setup_teardown(columns_are_found_by_name, temp_dir_make,
						temp_dir_remove),
	};
	const struct CMUnitTest all[] = {
		cmocka_unit_test(all_recordings_are_repeated),
		cmocka_unit_test(recordings_elsewhere_are_repeated),
		cmocka_unit_test(parallel_is_near),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: oracle_test FOLDER quick|all\n");
		return 2;
	}
	folder = argv[1];
	return strcmp(argv[2], "quick") == 0 ? cmocka_run_group_tests(quick, NULL, NULL) :
					       cmocka_run_group_tests(all, NULL, NULL);
}
