/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock of a load: latencies on a virtual SSD with a virtual clock are in that clock's time.
 */
#include <libnvmevirt.h>

#include "load.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* Whether the time-stamp counter has a constant rate in all power states (Intel SDM, volume 3,
 * Invariant TSC; AMD APM has the same bit) */
static bool
has_tsc(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d >> 8 & 1);
}
#else
static bool
has_tsc(void)
{
	return false;
}
#endif

#define PAIR_TRIES 64	   /* this thread may be preempted between the two reads */
#define FIRST_LOOK_NS 2000000 /* enough to time a run; results are calibrated after it */

/* Read the counter and the system's clock as simultaneously as possible */
static void
pair(const struct load_clock *clock, uint64_t *tick, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	*tick = *ns = 0;
	for (int i = 0; i < PAIR_TRIES; ++i) {
		uint64_t before = load_clock_ticks(clock);
		uint64_t now = xnvme_timer_now_ns();
		uint64_t after = load_clock_ticks(clock);

		if (after - before < best) {
			best = after - before;
			*tick = before + best / 2;
			*ns = now;
		}
	}
}

void
load_clock_calibrate(struct load_clock *clock)
{
	uint64_t tick, ns;

	if (!clock->is_tsc) {
		return;
	}
	do {
		pair(clock, &tick, &ns);
	} while (ns - clock->first_ns < FIRST_LOOK_NS);
	clock->ns_per_tick = (double)(ns - clock->first_ns) / (double)(tick - clock->first_tick);
}

void
load_clock_init(struct load_clock *clock, const struct xnvme_dev *dev)
{
	clock->ssd = NULL;
	clock->is_virtual =
		!nvmevirt_from_dev(dev, &clock->ssd) && nvmevirt_clock_is_virtual(clock->ssd);
	clock->is_tsc = !clock->is_virtual && has_tsc();
	clock->ns_per_tick = 1;
	clock->first_tick = clock->first_ns = 0;
	if (clock->is_tsc) {
		pair(clock, &clock->first_tick, &clock->first_ns);
		load_clock_calibrate(clock);
	}
}

void
load_clock_term(struct load_clock *clock)
{
	nvmevirt_destroy(clock->ssd);
	clock->ssd = NULL;
}

uint64_t
load_clock_now_ns(const struct load_clock *clock)
{
	return clock->is_virtual ? nvmevirt_clock_get_ns(clock->ssd) : xnvme_timer_now_ns();
}
