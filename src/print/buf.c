/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where two buffers differ.
 */
#include <errno.h>
#include <libxnvme_buf.h>
#include <print/print.h>
#include <stdio.h>

int
xnvme_buf_diff_pr_706(const void *expected, const void *actual, size_t nbytes, int opts)
{
	const uint8_t *exp = expected, *act = actual;
	struct out o = out_to(stdout);
	size_t diffs = 0;
	int printed;

	(void)opts;
	if (nbytes > 0 && (!expected || !actual)) {
		return -EINVAL;
	}
	for (size_t i = 0; i < nbytes; ++i) {
		diffs += exp[i] != act[i];
	}
	out(&o, "comparison:\n  diffs:%s\n", diffs ? "" : " []");
	for (size_t i = 0; i < nbytes; ++i) {
		if (exp[i] != act[i]) {
			out(&o, "    - {byte: '%06zu', expected: 0x%x, actual: 0x%x}\n", i, exp[i],
			    act[i]);
		}
	}
	out(&o, "  nbytes: %zu\n  nbytes_diff: %zu\n", nbytes, diffs);
	printed = out_end(&o);
	return printed < 0 ? printed : 0;
}

void
xnvme_buf_diff_pr(const void *expected, const void *actual, size_t nbytes, int opts)
{
	(void)xnvme_buf_diff_pr_706(expected, actual, nbytes, opts);
}
