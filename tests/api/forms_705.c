/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Without the version macro a program gets the forms of xNVMe 0.7.5. Each function that the main
 * line declares differently is called as a program for 0.7.5 calls it.
 */
#include "forms.h"

static void
buffers(void)
{
	size_t (*diff)(const void *, const void *, size_t) = xnvme_buf_diff;
	char buf[4] = "abc";

	CHECK(diff("abcd", "abxy", 4) == 2);
	CHECK(xnvme_buf_diff("abcd", "abcd", 4) == 0);
	CHECK(xnvme_buf_clear(buf, sizeof(buf)) == buf && !buf[0] && !buf[2]);
	xnvme_buf_diff_pr("ab", "ac", 2, XNVME_PR_DEF);
}

static void
configuration(void)
{
	struct printed out;

	printed_begin(&out);
	CHECK(strstr(printed_end(&out, xnvme_libconf_fpr(out.stream, XNVME_PR_DEF)),
		     "  - 'conf: XNVME_BE_RAMDISK_ENABLED'\n"));
	CHECK(xnvme_libconf_pr(XNVME_PR_DEF) > 0);
}

static void
backends(void)
{
	struct xnvme_be_attr_list *list = NULL;
	struct printed out;
	const char *text;
	bool ramdisk = false;

	CHECK(!xnvme_be_attr_list_bundled(&list));
	CHECK(list->count > 0 && list->capacity == (uint32_t)list->count);
	printed_begin(&out);
	text = printed_end(&out, xnvme_be_attr_list_fpr(out.stream, list, XNVME_PR_DEF));
	for (int i = 0; i < list->count; ++i) {
		char line[64];

		ramdisk = ramdisk || (!strcmp(list->item[i].name, "ramdisk") &&
				      list->item[i].enabled);
		CHECK(!strcmp(list->item[i].name, xnvme_be_attr_get(i)->name));
		snprintf(line, sizeof(line), "  - {name: '%s', enabled: %d}\n", list->item[i].name,
			 list->item[i].enabled);
		CHECK(strstr(text, line));
	}
	CHECK(ramdisk && !xnvme_be_attr_get(list->count) && !xnvme_be_attr_get(-1));
	CHECK(xnvme_be_attr_list_pr(list, XNVME_PR_DEF) == (int)strlen(text));
	CHECK(xnvme_be_attr_pr(&list->item[0], XNVME_PR_DEF) > 0);
	printf("\n");
	free(list);
}

static void
zones(void)
{
	/* two zones whose descriptors have 64 bytes of extension each */
	struct xnvme_znd_report *report = calloc(1, sizeof(*report) + 2 * 128);

	CHECK(report);
	report->zrent_nbytes = 128;
	report->zdext_nbytes = 64;
	CHECK((uint8_t *)XNVME_ZND_REPORT_DESCR(report, 1) == report->storage + 128);
	CHECK((uint8_t *)XNVME_ZND_REPORT_DEXT(report, 1) == report->storage + 128 + 64);
	CHECK((uint8_t *)XNVME_ZND_REPORT_DEXT(report, 0 + 0) == report->storage + 64);
	free(report);
}

int
main(int XNVME_UNUSED(argc), char **XNVME_UNUSED(argv))
{
	buffers();
	configuration();
	backends();
	zones();
	return 0;
}
