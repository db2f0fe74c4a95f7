/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sim/trace.h>

static int
parse(struct trace *trace, const char *text, char *why)
{
	char *copy = strdup(text);
	int rc = trace_parse(trace, copy, strlen(copy), TRACE_AUTO, why, 256);

	free(copy);
	return rc;
}

static void
expect(const char *text, bool timed, const struct trace_row *rows, uint64_t count)
{
	struct trace trace;
	char why[256] = "";
	int rc = parse(&trace, text, why);

	if (rc) {
		print_error("%s\n", why);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(trace.timed, timed);
	assert_int_equal(trace.count, count);
	for (uint64_t i = 0; i < count; ++i) {
		assert_int_equal(trace.rows[i].at, rows[i].at);
		assert_int_equal(trace.rows[i].op, rows[i].op);
		assert_int_equal(trace.rows[i].offset, rows[i].offset);
		assert_int_equal(trace.rows[i].nbytes, rows[i].nbytes);
		assert_int_equal(trace.rows[i].fua, rows[i].fua);
	}
	trace_free(&trace);
}

static void
own_format(void **state)
{
	static const struct trace_row rows[] = {
		{ 0, 0, 4096, MODEL_WRITE, false }, { 10, 4096, 512, MODEL_READ, false },
		{ 10, 0, 0, MODEL_FLUSH, false },   { 20, 0, 8192, MODEL_TRIM, false },
		{ 30, 512, 512, MODEL_WRITE, true },
	};

	(void)state;
	expect("at_ns,op,offset,nbytes\n0,W,0,4096\n10,R,4096,512\r\n5,F,0,0\n\n20,T,0,8192\n"
	       "30,W,512,512,fua\n", true, rows, 5);
}

static void
fio_version_2(void **state)
{
	static const struct trace_row rows[] = {
		{ 0, 0, 4096, MODEL_WRITE, false },
		{ 150000, 4096, 65536, MODEL_READ, false },
		{ 0, 0, 0, MODEL_FLUSH, false },
	};

	(void)state;
	expect("fio version 2 iolog\n/dev/x add\n/dev/x open\n/dev/x write 0 4096\n"
	       "/dev/x wait 100 0\n/dev/x wait 50 0\n/dev/x read 4096 65536\n/dev/x sync 0 0\n"
	       "/dev/x close\n", false, rows, 3);
}

static void
fio_version_3(void **state)
{
	static const struct trace_row rows[] = {
		{ 176000, 0, 65536, MODEL_WRITE, false },
		{ 51999000, 65536, 65536, MODEL_WRITE, false },
	};

	(void)state;
	expect("fio version 3 iolog\n18 /tmp/f add\n172 /tmp/f open\n176 /tmp/f write 0 65536\n"
	       "51999 /tmp/f write 65536 65536\n756482 /tmp/f close\n", true, rows, 2);
}

static void
blkparse_text(void **state)
{
	static const struct trace_row rows[] = {
		{ 0, 223490 * 512, 4096, MODEL_WRITE, false },
		{ 1500, 64 * 512, 8192, MODEL_READ, false },
		{ 2000, 0, 0, MODEL_FLUSH, false },
		{ 2000000000, 8 * 512, 512, MODEL_WRITE, true },
		{ 2000000001, 1024 * 512, 1048576, MODEL_TRIM, false },
	};

	(void)state;
	expect("  8,0    3        1     0.000000000   697  Q   W 223490 + 8 [kjournald]\n"
	       "  8,0    3        2     0.000000900   697  G   W 223490 + 8 [kjournald]\n"
	       "  8,0    3        3     0.000001500   697  Q  RA 64 + 16 [x y]\n"
	       "  8,0    3        4     0.000002000   697  Q FWS [x]\n"
	       "  8,0    3        5     2.000000000   697  Q WFS 8 + 1 [x]\n"
	       "  8,0    3        6     2.000000001   697  Q   D 1024 + 2048 [x]\n"
	       "CPU3 (8,0):\n Reads Queued:           1,        8KiB\n", true, rows, 5);
}

static void
recordings(void **state)
{
	static const struct trace_row rows[] = { { 120023, 131072, 131072, MODEL_READ, false } };

	(void)state;
	expect("idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,status\n"
	       "1,0,R,256,256,120023,120023,240046,0x0\n", true, rows, 1);
	/* columns are found by name, and others are ignored */
	expect("idx,note,t_submit_ns,nlb,op,slba\r\n1,,120023,256,R,256\r\n", true, rows, 1);
}

static void
errors_name_the_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "expected a trace" },
		{ "hello\n", "expected a trace" },
		{ "at_ns,op,offset,nbytes\n", "no request" },
		{ "at_ns,op,offset,nbytes\n0,W,0,4096\n1,X,0,4096\n", "line 3" },
		{ "at_ns,op,offset,nbytes\n0,W,0\n", "line 2" },
		{ "at_ns,op,offset,nbytes\n0,W,1,512\n", "whole blocks" },
		{ "at_ns,op,offset,nbytes\n0,W,0,0\n", "whole blocks" },
		{ "at_ns,op,offset,nbytes\n0,W,18446744073709551104,1024\n", "whole blocks" },
		{ "at_ns,op,offset,nbytes\n99999999999999999999,W,0,512\n", "line 2" },
		{ "at_ns,op,offset,nbytes\n-1,W,0,512\n", "line 2" },
		{ "fio version 4 iolog\n", "line 1" },
		{ "fio version 2 iolog\n/dev/x fly 0 512\n", "line 2" },
		{ "fio version 2 iolog\n/dev/x write 0 512\n/dev/y write 0 512\n", "one file" },
		{ "fio version 3 iolog\nx /dev/x write 0 512\n", "line 2" },
		{ "8,0 1 1 0.0 1 Q W 0 + 8 [x]\n", "nine digits" },
		{ "8,0 1 1 0.000000000 1 Q W 0 8 [x]\n", "sector + count" },
		{ "8,0 1 1 0.000000000 1 Q W 0 + 8 [x]\n8,0 1 2 0.0000\n", "line 2" },
		{ "8,0 1 1 0.000000000 1 Q W 0 + 8 [x]\n8,16 1 1 0.000000000 1 Q W 0 + 8 [x]\n",
		  "one device" },
		{ "idx,op,slba,nlb\n1,R,0,8\n", "'t_submit_ns'" },
		{ "idx,op,slba,nlb,t_submit_ns\n1,R,0,8,0\n2,R,0,8\n", "line 3: 4 fields" },
		{ "idx,op,slba,nlb,t_submit_ns\n1,R,0,8,x\n", "line 2" },
		{ "\x1f\x8b\x08\x01\x01", "gzip -d" },
		{ "8,0 1 1 0.000000000 1 C W 0 + 8 [x]\n", "no request" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct trace trace;
		char why[256] = "";

		assert_true(parse(&trace, cases[i].text, why) < 0);
		if (!strstr(why, cases[i].says)) {
			print_error("case %zu: %s\n", i, why);
		}
		assert_non_null(strstr(why, cases[i].says));
		assert_null(trace.rows);
	}
}

/* Delays that are valid one by one may exceed the maximum time in total */
static void
waits_add_up(void **state)
{
	struct trace trace;
	char why[256] = "";

	(void)state;
	assert_int_equal(parse(&trace, "fio version 2 iolog\nf wait 4000000000000000 0\n"
			       "f read 0 512\nf wait 4000000000000000 0\nf read 0 512\n", why),
			 -EINVAL);
	assert_non_null(strstr(why, "line 4"));
	assert_non_null(strstr(why, "century"));
}

static void
zero_bytes_are_refused(void **state)
{
	char text[] = "at_ns,op,offset,nbytes\n0,W,0,4096\n1,W,0,4096\0,fua\n", why[256] = "";
	struct trace trace;

	(void)state;
	assert_true(trace_parse(&trace, text, sizeof(text) - 1, TRACE_AUTO, why, 256) < 0);
	assert_non_null(strstr(why, "line 3: a zero byte"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_format),
		cmocka_unit_test(fio_version_2),
		cmocka_unit_test(fio_version_3),
		cmocka_unit_test(blkparse_text),
		cmocka_unit_test(recordings),
		cmocka_unit_test(errors_name_the_line),
		cmocka_unit_test(zero_bytes_are_refused),
		cmocka_unit_test(waits_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
