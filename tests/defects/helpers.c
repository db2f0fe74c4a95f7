/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Defects of helper functions.
 */
#include "defects.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* X26: namespace IDs and log offsets are truncated. Here the 8-bit signature stays; every other
 * function is as wide as the standard. */
static void
x26_wide_numbers_are_not_cut(const char *uri)
{
	struct xnvme_cmd_ctx ctx = {0};
	struct xnvme_dev *dev = open_with(uri, NULL);
	void *page = xnvme_buf_alloc(dev, 4096);

	xnvme_prep_adm_log(&ctx, 0x02, 0, 0x123456789ABCULL, 0x12345678, 0, 512);
	CHECK(ctx.cmd.log.lpol == 0x56789ABC && ctx.cmd.log.lpou == 0x1234);
	CHECK(ctx.cmd.common.nsid == 0x12345678);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	/* 257 truncated to eight bits is 1, and namespace 1 exists */
	CHECK(page && xnvme_adm_idfy_ns(&ctx, 257, page) == -EIO);
	CHECK(ctx.cmd.common.nsid == 257);
	xnvme_buf_free(dev, page);
	xnvme_dev_close(dev);
}

/* X34: a count is not reset; an alignment of 0 divides by zero. Here it is set; it is refused. */
static void
x34_a_count_of_differences_is_set_not_added_to(const char *uri)
{
	size_t diff = 1000;

	(void)uri;
	CHECK(!xnvme_buf_diff_706("abcd", "abxy", 4, &diff) && diff == 2);
	CHECK(!xnvme_buf_diff_706("abcd", "abcd", 4, &diff) && diff == 0);
	CHECK(!xnvme_buf_virt_alloc(0, 100) && errno == EINVAL);
}

/* X34: random contents differ from run to run. */
static void
x34_rand_k_is_the_same_in_each_run(const char *uri)
{
	char one[4096], two[4096];

	(void)uri;
	CHECK(!xnvme_buf_fill(one, sizeof(one), "rand-k"));
	CHECK(!xnvme_buf_fill(two, sizeof(two), "rand-k"));
	CHECK(!memcmp(one, two, sizeof(one)));
	CHECK(!xnvme_buf_fill(one, sizeof(one), "rand-t"));
	CHECK(memcmp(one, two, sizeof(one)));
}

/* X34: a file that is written is not truncated. Here it is replaced. */
static void
x34_a_written_file_has_these_bytes_only(const char *uri)
{
	char path[] = "/tmp/xnvme_defects_XXXXXX";
	char bytes[4096] = "content";
	int fd = mkstemp(path);
	struct stat st;

	(void)uri;
	CHECK(fd >= 0);
	CHECK(!xnvme_buf_to_file(bytes, 4096, path) && !fstat(fd, &st) && st.st_size == 4096);
	CHECK(!xnvme_buf_to_file(bytes, 100, path) && !stat(path, &st) && st.st_size == 100);
	(void)close(fd);
	(void)unlink(path);
}

/* X40: the version does not change when the interface does. Here it is 0.8.0, and programs are
 * compiled against the interface: tests/api/signatures.c. */
static void
x40_the_version_is_later_than_the_interface_it_extends(const char *uri)
{
	(void)uri;
	CHECK(xnvme_ver_major() * 10000 + xnvme_ver_minor() * 100 + xnvme_ver_patch() > 705);
}

const struct defect defects_helpers[] = {
	{"x26_wide_numbers_are_not_cut", x26_wide_numbers_are_not_cut},
	{"x34_a_count_of_differences_is_set_not_added_to",
	 x34_a_count_of_differences_is_set_not_added_to},
	{"x34_rand_k_is_the_same_in_each_run", x34_rand_k_is_the_same_in_each_run},
	{"x34_a_written_file_has_these_bytes_only", x34_a_written_file_has_these_bytes_only},
	{"x40_the_version_is_later_than_the_interface_it_extends",
	 x40_the_version_is_later_than_the_interface_it_extends},
	{NULL, NULL},
};
