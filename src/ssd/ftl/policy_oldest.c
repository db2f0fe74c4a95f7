/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An example of a policy: the line that was closed first, whatever is in it. Simple, and under
 * uniform random writes nearly as good as greedy (Desnoyers 2014). To add your own, copy this file,
 * give it a name, declare it in policy.h and add it to the table in policy.c and to meson.build;
 * then say gc_policy = "that name" in the drive's description.
 */
#include <ssd/ftl/policy.h>

static uint32_t
pick(struct ftl *ftl)
{
	uint32_t oldest = FTL_NONE;

	for (uint32_t line = 0; line < ftl_lines(ftl); line++) {
		if (ftl_line_state(ftl, line) != FTL_LINE_CLOSED ||
		    ftl_line_valid(ftl, line) == ftl_line_pages(ftl)) {
			continue;
		}
		if (oldest == FTL_NONE || ftl_line_age(ftl, line) > ftl_line_age(ftl, oldest)) {
			oldest = line;
		}
	}
	return oldest;
}

const struct ftl_policy ftl_policy_oldest = { "oldest", pick };
