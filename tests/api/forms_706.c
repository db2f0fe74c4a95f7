/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The forms of the main line, by the version macro: the same functions as in forms_705.c.
 */
#define XNVME_API_VERSION 706
#include "forms.h"

static void
buffers(void)
{
	int (*diff_of)(const void *, const void *, size_t, size_t *) = xnvme_buf_diff;
	char buf[4] = "abc";
	size_t diff = 1000;

	CHECK(!diff_of("abcd", "abxy", 4, &diff) && diff == 2);
	CHECK(!xnvme_buf_diff("abcd", "abcd", 4, &diff) && diff == 0);
	CHECK(!xnvme_buf_clear(buf, sizeof(buf)) && !buf[0] && !buf[2]);
	CHECK(!xnvme_buf_memcpy(buf, "xyz", 3) && buf[2] == 'z');
	CHECK(!xnvme_buf_diff_pr("ab", "ac", 2, XNVME_PR_DEF));
	CHECK(xnvme_buf_diff_pr("ab", NULL, 2, XNVME_PR_DEF) < 0);
}

static void
configuration(void)
{
	struct printed out;

	printed_begin(&out);
	CHECK(strstr(printed_end(&out, xnvme_libconf_fpr(out.stream, xnvme_libconf_get(),
							 XNVME_PR_DEF)),
		     "  - 'conf: XNVME_BE_RAMDISK_ENABLED'\n"));
	CHECK(xnvme_libconf_pr(xnvme_libconf_get(), XNVME_PR_DEF) > 0);
}

static void
backends(void)
{
	const struct xnvme_be_attr *attr;
	struct printed out;
	const char *text;
	bool ramdisk = false;
	int count = 0;

	printed_begin(&out);
	text = printed_end(&out, xnvme_be_attr_list_fpr(out.stream, XNVME_PR_DEF));
	while ((attr = xnvme_be_attr_get(count))) {
		char line[64];

		ramdisk = ramdisk || (!strcmp(attr->name, "ramdisk") && attr->caps);
		CHECK(attr->descr && attr->descr[0]);
		snprintf(line, sizeof(line), "  - {name: '%s', descr: '", attr->name);
		CHECK(strstr(text, line));
		count += 1;
	}
	CHECK(ramdisk && count > 1);
	CHECK(xnvme_be_attr_list_pr(XNVME_PR_DEF) == (int)strlen(text));
	CHECK(xnvme_be_attr_pr(xnvme_be_attr_get(0), XNVME_PR_DEF) > 0);
	printf("\n");
}

int
main(void)
{
	buffers();
	configuration();
	backends();
	return 0;
}
