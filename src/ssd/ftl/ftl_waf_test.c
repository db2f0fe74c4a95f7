/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Write amplification in steady state compared with theory.
 *
 * Greedy collection under uniform random writes (Desnoyers, "Analytic Models of SSD Write
 * Performance", ACM Transactions on Storage 10(2), 2014): a line with i valid pages loses one in a
 * time proportional to 1/i, so the lines are spread over X+1..N valid pages with weights 1/i, where
 * N are the pages of a line and X those of a victim. Their mean is the drive's utilisation:
 *
 *    (N - X) / (H(N) - H(X)) = N * U / T,    WAF = N / (N - X)
 *
 * with U logical pages, T physical pages that hold data (all but the free and the open lines), and
 * H the harmonic numbers. For N to infinity it becomes the closed form with Lambert's W, WAF = a /
 * (a + W(-a exp(-a))), a = T/U.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <base/prng.h>
#include <ssd/ftl/collect_test.h>
#include <ssd/ftl/ftl.h>

/* H(x) for real x >= 1, by the asymptotic series of the digamma function (error below 1e-6) */
static double
harmonic(double x)
{
	double sum = 0;

	for (; x < 20; x += 1) {
		sum -= 1 / (x + 1);
	}
	return sum + log(x) + 0.57721566490153286 + 1 / (2 * x) - 1 / (12 * x * x);
}

static double
waf_of_theory(double line_pages, double utilisation)
{
	double low = 1, high = line_pages - 1e-9;

	for (int i = 0; i < 100; ++i) {
		double x = (low + high) / 2;
		double mean = (line_pages - x) / (harmonic(line_pages) - harmonic(x));

		if (mean < line_pages * utilisation) {
			low = x;
		} else {
			high = x;
		}
	}
	return line_pages / (line_pages - low);
}

static double
waf_infinite_lines(double utilisation)
{
	/* x = exp(-(1 - x) / u), the victim's valid share: the other form of Lambert's W */
	double x = 0.5;

	for (int i = 0; i < 10000; ++i) {
		x = exp(-(1 - x) / utilisation);
	}
	return 1 / (1 - x);
}

static struct ftl *
make(uint64_t logical, uint32_t rows, uint32_t lines, const char *policy, bool separate)
{
	struct ftl_config config = {
		.logical_pages = logical, .dies = 8, .line_dies = 8, .lanes = 4,
		.oneshot_pages = 4, .flash_page_pages = 4, .rows = rows, .lines = lines,
		.policy = policy, .policy_nbytes = strlen(policy), .seed = 1,
		.separate_hot_cold = separate,
	};
	struct ftl *ftl = calloc(1, ftl_bytes_needed(&config));
	const char *why;

	assert_non_null(ftl);
	assert_int_equal(ftl_init(ftl, &config, &why), 0);
	return ftl;
}

/* Fill, age with `turns` times the capacity, measure over the same amount again; `hot` percent of
 * the writes go to a fifth of the pages (0: uniform) */
static double
waf_measured(struct ftl *ftl, uint64_t logical, int turns, uint32_t hot)
{
	uint64_t rng = 42, host = 0, gc = 0;

	for (uint64_t i = 0; i < logical * (1 + 2 * (uint64_t)turns); ++i) {
		uint64_t page = i;
		enum ftl_stream stream;

		if (i >= logical && hot && prng_next(&rng) % 100 < hot) {
			page = prng_next(&rng) % (logical / 5);
		} else if (i >= logical && hot) {
			page = logical / 5 + prng_next(&rng) % (logical - logical / 5);
		} else if (i >= logical) {
			page = prng_next(&rng) % logical;
		}
		if (i == logical * (1 + (uint64_t)turns)) {
			host = ftl_counters(ftl)->host_pages;
			gc = ftl_counters(ftl)->gc_pages;
		}
		stream = ftl_stream_of(ftl, page, 0);
		while (ftl_is_starved(ftl, stream)) {
			collect(ftl);
		}
		ftl_write(ftl, page, stream);
	}
	host = ftl_counters(ftl)->host_pages - host;
	gc = ftl_counters(ftl)->gc_pages - gc;
	return (double)(host + gc) / (double)host;
}

static void
greedy_is_as_theory_says(void **state)
{
	static const struct {
		uint32_t rows, lines;
		double spare; /* T/U - 1 before the reserve */
	} cases[] = { { 1, 2048, 0.07 }, { 1, 2048, 0.15 }, { 4, 1024, 0.07 }, { 4, 1024, 0.28 },
		      { 16, 512, 0.12 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		uint32_t pages = cases[i].rows * 32;
		uint64_t physical = (uint64_t)pages * cases[i].lines;
		uint64_t logical = (uint64_t)((double)physical / (1 + cases[i].spare));
		struct ftl *ftl = make(logical, cases[i].rows, cases[i].lines, "greedy", false);
		double measured = waf_measured(ftl, logical, 3, 0);
		/* when a victim is taken, the user's and collection's lines are open and one is
		 * free */
		double holding = (double)(cases[i].lines - 3) * pages;
		double theory = waf_of_theory(pages, (double)logical / holding);

		print_message("%u pages a line, spare %.0f %%: WAF %.3f, theory %.3f (%+.2f %%; "
			      "endless lines %.3f)\n", pages, 100 * cases[i].spare, measured,
			      theory, 100 * (measured / theory - 1),
			      waf_infinite_lines((double)logical / holding));
		assert_true(fabs(measured / theory - 1) < 0.03);
		free(ftl);
	}
}

/*
 * Greedy takes the line with the fewest valid pages, hot or cold, so hot and cold lines become
 * victims at the same X, and by the formula above at the same WAF: separation gains little. A
 * policy that lets young lines wait gains twice, from the waiting and from the separation.
 */
static void
separation_of_hot_and_cold_lowers_it(void **state)
{
	static const char *const policies[] = { "greedy", "cost-benefit" };
	uint32_t lines = 1024;
	uint64_t logical = (uint64_t)(lines * 32 / 1.10);
	double waf[2][2];

	(void)state;
	for (int p = 0; p < 2; ++p) {
		for (int separate = 0; separate < 2; ++separate) {
			struct ftl *ftl = make(logical, 1, lines, policies[p], separate);

			waf[p][separate] = waf_measured(ftl, logical, 5, 80);
			free(ftl);
		}
		print_message("80 %% of the writes to 20 %%, %s: WAF %.3f, separated %.3f\n",
			      policies[p], waf[p][0], waf[p][1]);
	}
	assert_true(waf[0][1] < 0.99 * waf[0][0]);
	assert_true(waf[1][1] < 0.92 * waf[1][0]);
	assert_true(waf[1][1] < 0.80 * waf[0][0]);
}

static void
policies_are_ordered_as_known(void **state)
{
	static const char *const names[] = { "greedy", "d-choices", "oldest", "cost-benefit" };
	uint32_t lines = 512;
	uint64_t logical = (uint64_t)(lines * 32 / 1.12);
	double waf[4];

	(void)state;
	for (int i = 0; i < 4; ++i) {
		struct ftl *ftl = make(logical, 1, lines, names[i], false);

		waf[i] = waf_measured(ftl, logical, 3, 0);
		print_message("%s: WAF %.3f\n", names[i], waf[i]);
		free(ftl);
	}
	/* uniform load: greedy is best, d choices come close, the oldest is worst */
	for (int i = 1; i < 4; ++i) {
		assert_true(waf[i] > 0.995 * waf[0]);
		assert_true(waf[i] < 1.35 * waf[0]);
	}
}

static void
trim_helps(void **state)
{
	uint32_t lines = 1024;
	uint64_t logical = (uint64_t)(lines * 32 / 1.07);
	struct ftl *full = make(logical, 1, lines, "greedy", false);
	struct ftl *trimmed = make(logical, 1, lines, "greedy", false);
	double waf_full = waf_measured(full, logical, 2, 0), waf_trimmed;
	uint64_t used = logical / 4 * 3, rng = 9, host, gc;

	(void)state;
	waf_measured(trimmed, logical, 1, 0);
	ftl_trim(trimmed, used, logical - used);
	for (int turn = 0; turn < 2; ++turn) {
		host = ftl_counters(trimmed)->host_pages;
		gc = ftl_counters(trimmed)->gc_pages;
		for (uint64_t i = 0; i < 2 * logical; ++i) {
			while (ftl_is_starved(trimmed, FTL_USER)) {
				collect(trimmed);
			}
			ftl_write(trimmed, prng_next(&rng) % used, FTL_USER);
		}
	}
	host = ftl_counters(trimmed)->host_pages - host;
	gc = ftl_counters(trimmed)->gc_pages - gc;
	waf_trimmed = (double)(host + gc) / (double)host;
	print_message("WAF %.3f full, %.3f with a quarter trimmed, theory %.3f\n", waf_full,
		      waf_trimmed, waf_of_theory(32, (double)used / ((lines - 3) * 32.0)));
	assert_true(fabs(waf_trimmed / waf_of_theory(32, (double)used / ((lines - 3) * 32.0)) - 1)
		    < 0.03);
	assert_true(waf_trimmed < waf_full / 2);
	free(full);
	free(trimmed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greedy_is_as_theory_says),
		cmocka_unit_test(separation_of_hot_and_cold_lowers_it),
		cmocka_unit_test(policies_are_ordered_as_known),
		cmocka_unit_test(trim_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
