/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose time it is: latencies on a virtual SSD with a clock of its own are in that clock's time.
 */
#include "load.h"

void
load_clock_init(struct load_clock *clock, struct xnvme_dev *dev)
{
	clock->dev = dev;
	clock->is_virtual = false;
}

uint64_t
load_clock_now_ns(const struct load_clock *clock)
{
	(void)clock;
	return xnvme_timer_now_ns();
}
