/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Policies that choose the line to collect. A policy is one function in one file and one row in the
 * table of policy.c. policy_oldest.c is an example to start from.
 */
#ifndef SSD_FTL_POLICY_H
#define SSD_FTL_POLICY_H

#include <ssd/ftl/ftl.h>

struct ftl_policy {
	const char *name;
	/* Returns a line in state FTL_LINE_CLOSED with fewer valid pages than it has pages;
	 * FTL_NONE if there is none. Called for each line that is collected, and occasionally for
	 * the predicted next ones. Reads through ftl_line_*(), ftl_policy_best(),
	 * ftl_policy_greedy() and ftl_policy_random(); changes no state and keeps none. */
	uint32_t (*pick)(struct ftl *ftl);
};

/* Is line a a better victim than b? */
typedef bool ftl_before_fn(const struct ftl *ftl, uint32_t a, uint32_t b);

/* Find a policy by the name in a field of `nbytes`: greedy for an empty name, NULL if unknown */
const struct ftl_policy *ftl_policy_find(const char *name, size_t nbytes);

/* The closed line with the fewest valid pages, in constant time; FTL_NONE */
uint32_t ftl_policy_greedy(struct ftl *ftl);
/* The closed line with invalid pages that is ordered before all others; the first of equals. Scans
 * all lines; the scan also finds many of the next victims. */
uint32_t ftl_policy_best(struct ftl *ftl, ftl_before_fn *before);
/* A number below `bound`, from the drive's seed */
uint32_t ftl_policy_random(struct ftl *ftl, uint32_t bound);
/* The number of candidates of d-choices */
uint32_t ftl_policy_choices(const struct ftl *ftl);

extern const struct ftl_policy ftl_policy_oldest;

#endif /* SSD_FTL_POLICY_H */
