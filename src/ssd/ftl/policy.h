/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which line to collect? A policy is one function in one file and one row in policy.c's table.
 * policy_oldest.c is an example to start from.
 */
#ifndef SSD_FTL_POLICY_H
#define SSD_FTL_POLICY_H

#include <ssd/ftl/ftl.h>

struct ftl_policy {
	const char *name;
	/* A line whose state is FTL_LINE_CLOSED and that has fewer valid pages than it has pages;
	 * FTL_NONE when there is none. Called for each line that is collected, and now and then
	 * for those that would be next. Asks through ftl_line_*(), ftl_policy_best(),
	 * ftl_policy_greedy() and ftl_policy_random(); changes and remembers nothing. */
	uint32_t (*pick)(struct ftl *ftl);
};

/* Is line a a better victim than b? */
typedef bool ftl_before_fn(const struct ftl *ftl, uint32_t a, uint32_t b);

/* The policy of that name in a field of `nbytes`; greedy for an empty one; else NULL */
const struct ftl_policy *ftl_policy_find(const char *name, size_t nbytes);

/* The closed line with the fewest valid pages, in constant time; FTL_NONE */
uint32_t ftl_policy_greedy(struct ftl *ftl);
/* The closed line with something to gain that comes before all others; the first of equals.
 * Looks at all lines: of the next ones that a policy would take it finds many in one go. */
uint32_t ftl_policy_best(struct ftl *ftl, ftl_before_fn *before);
/* A number below `bound`, from the drive's seed */
uint32_t ftl_policy_random(struct ftl *ftl, uint32_t bound);
/* How many lines d-choices looks at */
uint32_t ftl_policy_choices(const struct ftl *ftl);

extern const struct ftl_policy ftl_policy_oldest;

#endif /* SSD_FTL_POLICY_H */
