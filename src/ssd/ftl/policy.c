/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The common policies: greedy; cost-benefit (Rosenblum and Ousterhout 1992: the maximum of free
 * space times age over the cost of a read and a write); the best of d random lines (Li, Lee and Lui
 * 2013, Van Houdt 2013), which needs no index and comes close to greedy at d about 10.
 */
#include <base/prng.h>
#include <base/text.h>
#include <ssd/ftl/internal.h>

#define CHOICES_DEFAULT 8

uint32_t
ftl_policy_greedy(struct ftl *ftl)
{
	ftl_check(ftl);
	ASSERT(ftl->bucketed);
	while (ftl->bucket_min < ftl->line_pages && ftl->bucket[ftl->bucket_min] == 0) {
		ftl->bucket_min += 1;
	}
	/* the last bucket holds lines without invalid pages */
	return ftl->bucket_min < ftl->line_pages ? ftl->bucket[ftl->bucket_min] - 1 : FTL_NONE;
}

uint32_t
ftl_policy_random(struct ftl *ftl, uint32_t bound)
{
	ASSERT(bound > 0);
	return (uint32_t)(((prng_next(&ftl->rng) >> 32) * bound) >> 32);
}

uint32_t
ftl_policy_choices(const struct ftl *ftl)
{
	return ftl->choices ? ftl->choices : CHOICES_DEFAULT;
}

static bool
is_worth_it(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return ftl_line_state(ftl, line) == FTL_LINE_CLOSED &&
	       ftl_line_valid(ftl, line) < ftl_line_pages(ftl);
}

/* (1 - u) age / 2u; as fractions, compared by cross multiplication. Ages are limited to 2^20 and
 * pages are counted in at most 2^20 parts, so that 64 bits are sufficient. */
static bool
is_of_more_benefit(const struct ftl *ftl, uint32_t a, uint32_t b)
{
	uint32_t coarse = ftl_line_pages(ftl) >> 20 ? 4 : 0; /* lines have at most 2^24 pages */
	uint32_t lines[2] = { a, b };
	uint64_t benefit[2], cost[2];

	for (int i = 0; i < 2; ++i) {
		uint64_t age = ftl_line_age(ftl, lines[i]) + 1;
		uint32_t valid = ftl_line_valid(ftl, lines[i]);

		age = age < 1U << 20 ? age : 1U << 20;
		benefit[i] = age * ((ftl_line_pages(ftl) - valid) >> coarse);
		cost[i] = 2ULL * (valid >> coarse) + 1;
	}
	return benefit[0] * cost[1] > benefit[1] * cost[0];
}

static uint32_t
pick_cost_benefit(struct ftl *ftl)
{
	return ftl_policy_best(ftl, is_of_more_benefit);
}

static uint32_t
pick_d_choices(struct ftl *ftl)
{
	uint32_t best = FTL_NONE;

	ftl_check(ftl);
	for (uint32_t i = 0; i < ftl_policy_choices(ftl); ++i) {
		uint32_t line = ftl_policy_random(ftl, ftl_lines(ftl));

		if (is_worth_it(ftl, line) &&
		    (best == FTL_NONE || ftl_line_valid(ftl, line) < ftl_line_valid(ftl, best))) {
			best = line;
		}
	}
	return best == FTL_NONE ? ftl_policy_greedy(ftl) : best;
}

static const struct ftl_policy greedy = { "greedy", ftl_policy_greedy };
static const struct ftl_policy cost_benefit = { "cost-benefit", pick_cost_benefit };
static const struct ftl_policy d_choices = { "d-choices", pick_d_choices };

static const struct ftl_policy *const policies[] = {
	&greedy,
	&cost_benefit,
	&d_choices,
	&ftl_policy_oldest,
};

const struct ftl_policy *
ftl_policy_find(const char *name, size_t nbytes)
{
	struct span wanted = span_of_field(name, nbytes);

	if (wanted.nbytes == 0) {
		return &greedy;
	}
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); ++i) {
		if (span_equal(wanted, policies[i]->name)) {
			return policies[i];
		}
	}
	return NULL;
}
