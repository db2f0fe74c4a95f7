/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An example of a policy: the line that was closed first, whatever its contents. Simple, and under
 * uniform random writes nearly as good as greedy (Desnoyers 2014). To add your own, copy this file,
 * give it a name, declare it in policy.h and add it to the table in policy.c and to meson.build;
 * then set gc_policy = "that name" in the drive's description.
 */
#include <ssd/ftl/policy.h>

static bool
older(const struct ftl *ftl, uint32_t a, uint32_t b)
{
	return ftl_line_age(ftl, a) > ftl_line_age(ftl, b);
}

static uint32_t
pick(struct ftl *ftl)
{
	return ftl_policy_best(ftl, older);
}

const struct ftl_policy ftl_policy_oldest = { "oldest", pick };
