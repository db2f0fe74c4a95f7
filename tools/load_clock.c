/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose time it is: latencies on a virtual SSD with a clock of its own are in that clock's time.
 */
#include <libnvmevirt.h>

#include "load.h"

void
load_clock_init(struct load_clock *clock, const struct xnvme_dev *dev)
{
	clock->ssd = NULL;
	clock->is_virtual =
		!nvmevirt_from_dev(dev, &clock->ssd) && nvmevirt_clock_is_virtual(clock->ssd);
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
