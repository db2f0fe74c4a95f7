/* SPDX-License-Identifier: BSD-3-Clause */
/* precondition=: a new drive behaves as if it had been written, and its media store that state */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../temp_dir.h"
#include "virt_test.h"

#define PREPARED "virt:samsung-970-pro,size=256MiB,clock=virtual,precondition="

enum { READS = 100, NLB = 8 };

/* Mean time of reads of 4 KiB at queue depth 1, across the drive */
static uint64_t
read_ns(struct nvmevirt *ssd)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(nvmevirt_get_uri(ssd), &opts);
	const struct xnvme_geo *geo;
	uint64_t start = nvmevirt_clock_get_ns(ssd);
	uint8_t *buf;

	assert_non_null(dev);
	geo = xnvme_dev_get_geo(dev);
	buf = xnvme_buf_alloc(dev, 4096);
	for (uint64_t i = 0; i < READS; i += 1) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		uint64_t slba = i * (geo->nsect / READS) / NLB * NLB;

		buf[0] = 1;
		assert_int_equal(xnvme_nvm_read(&ctx, 1, slba, NLB - 1, buf, NULL), 0);
		assert_int_equal(buf[0], 0);
	}
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	return (nvmevirt_clock_get_ns(ssd) - start) / READS;
}

static struct nvmevirt *
make(const char *uri)
{
	struct nvmevirt *ssd;

	if (nvmevirt_create(uri, &ssd)) {
		fail_msg("%s: %s", uri, nvmevirt_err_text());
	}
	return ssd;
}

static void
a_prepared_drive_reads_from_its_nand(void **state)
{
	static const char *const uris[] = {PREPARED "fill", PREPARED "random", PREPARED "random:1"};
	struct nvmevirt *ssd = make(PREPARED "none");
	uint64_t unwritten = read_ns(ssd);
	struct nvmevirt_stats stats;

	(void)state;
	nvmevirt_destroy(ssd);
	for (size_t i = 0; i < 3; i += 1) {
		ssd = make(uris[i]);
		assert_int_equal(nvmevirt_clock_get_ns(ssd), 0);
		nvmevirt_get_stats(ssd, &stats);
		assert_int_equal(stats.prepared_nbytes, 256 << 20);
		assert_int_equal(stats.write_nbytes + stats.write_cmds + stats.erases, 0);
		assert_int_equal(stats.user_program_nbytes + stats.gc_program_nbytes, 0);
		assert_true(read_ns(ssd) > unwritten + 20000); /* reads sense NAND */
		nvmevirt_destroy(ssd);
	}
}

/* On the real clock too: a drive that starts with busy NAND would not complete reads for seconds */
static void
preparing_takes_no_time_of_the_drive(void **state)
{
	struct nvmevirt *ssd = make("virt:samsung-970-pro,size=256MiB,precondition=random");

	(void)state;
	assert_true(read_ns(ssd) < 20000000);
	nvmevirt_destroy(ssd);
}

static void
media_remember_how_they_were_prepared(void **state)
{
	char uri[512];
	struct nvmevirt *ssd;
	struct nvmevirt_stats stats;

	(void)state;
	(void)snprintf(uri, sizeof(uri), PREPARED "random:1,media=%s/prepared", temp_dir);
	nvmevirt_destroy(make(uri));
	*strstr(uri, ",precondition=random:1") = '\0';
	(void)snprintf(uri + strlen(uri), 128, ",media=%s/prepared", temp_dir);
	ssd = make(uri); /* without the key: the stored precondition */
	nvmevirt_get_stats(ssd, &stats);
	assert_int_equal(stats.prepared_nbytes, 256 << 20);
	assert_true(stats.free_lines < 10);
	assert_true(read_ns(ssd) > 50000);
	nvmevirt_destroy(ssd);
	(void)snprintf(uri, sizeof(uri), PREPARED "random:2,media=%s/prepared", temp_dir);
	assert_int_equal(nvmevirt_create(uri, &ssd), -EINVAL);
	assert_non_null(strstr(nvmevirt_err_text(), "were made with another precondition"));
	(void)snprintf(uri, sizeof(uri), PREPARED "none,media=%s/plain", temp_dir);
	nvmevirt_destroy(make(uri));
	(void)snprintf(uri, sizeof(uri), PREPARED "fill,media=%s/plain", temp_dir);
	assert_int_equal(nvmevirt_create(uri, &ssd), -EINVAL);
}

/* Deallocated blocks stay deallocated after the drive is opened again, despite the precondition */
static void
what_the_host_deallocates_stays_deallocated(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	char uri[512];
	struct nvmevirt *ssd;
	uint64_t nsect;

	(void)state;
	(void)snprintf(uri, sizeof(uri), PREPARED "fill,media=%s/trimmed", temp_dir);
	for (int i = 0; i < 2; i += 1) {
		ssd = make(uri);
		if (i == 0) {
			dev = xnvme_dev_open(nvmevirt_get_uri(ssd), &opts);
			assert_non_null(dev);
			nsect = xnvme_dev_get_geo(dev)->nsect;
			struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
			struct xnvme_spec_dsm_range *range = xnvme_buf_alloc(dev, 4096);

			*range = (struct xnvme_spec_dsm_range){.llb = (uint32_t)nsect};
			assert_int_equal(xnvme_nvm_dsm(&ctx, 1, range, 0, true, false, false), 0);
			xnvme_buf_free(dev, range);
			xnvme_dev_close(dev);
		}
		assert_true(read_ns(ssd) < 30000);
		nvmevirt_destroy(ssd);
	}
}

static void
the_same_seed_prepares_the_same_drive(void **state)
{
	uint64_t ns[3];

	(void)state;
	for (int i = 0; i < 3; i += 1) {
		struct nvmevirt *ssd = make(i < 2 ? PREPARED "random,seed=3"
						  : PREPARED "random,seed=4");

		ns[i] = read_ns(ssd);
		nvmevirt_destroy(ssd);
	}
	assert_int_equal(ns[0], ns[1]);
	assert_int_not_equal(ns[0], ns[2]);
}

static void
what_has_no_steady_state_is_refused(void **state)
{
	static const struct {
		const char *uri, *says;
	} cases[] = {
		{"virt:null,size=64MiB,kind=zns,zone=4MiB,precondition=fill",
		 "zones are written in order"},
		{"virt:kv-prototype,precondition=random", "keys have no place of their own"},
		{"virt:null,ms=8,pi=1,precondition=fill", "the host chooses their tags"},
		{PREPARED "full", "none, fill, random or random:N"},
		{PREPARED "random:0", "1 to 100: change precondition"},
		{PREPARED "random:101", "1 to 100: change precondition"},
		{PREPARED "fill:2", "none, fill, random or random:N"},
	};
	struct nvmevirt *ssd;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i += 1) {
		assert_int_equal(nvmevirt_create(cases[i].uri, &ssd), -EINVAL);
		if (!strstr(nvmevirt_err_text(), cases[i].says)) {
			fail_msg("%s: %s", cases[i].uri, nvmevirt_err_text());
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prepared_drive_reads_from_its_nand),
		cmocka_unit_test(preparing_takes_no_time_of_the_drive),
		cmocka_unit_test(media_remember_how_they_were_prepared),
		cmocka_unit_test(what_the_host_deallocates_stays_deallocated),
		cmocka_unit_test(the_same_seed_prepares_the_same_drive),
		cmocka_unit_test(what_has_no_steady_state_is_refused),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
