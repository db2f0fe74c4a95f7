/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bus with credits: time is divided into intervals of 4 us, each with a capacity in units of 128
 * bytes. A transfer takes its units from the interval where it starts and the following ones. It
 * costs its nominal time, plus 4 us for each interval beyond those it would need on an empty bus.
 * Credits are reserved in the order of calls, not in the order of time.
 *
 * Kept on purpose: a transfer that starts in the past, or beyond the window, is free; the capacity
 * of an interval is truncated to the low eight bits.
 */
#include <ssd/time/nvmevirt1_internal.h>

size_t
nvmevirt1_bus_nbytes(void)
{
	return sizeof(struct nvmevirt1_bus);
}

void
nvmevirt1_bus_init(struct nvmevirt1_bus *bus, uint32_t mib_s, uint32_t fw_4k_ns)
{
	uint64_t bytes_per_s = (uint64_t)mib_s << 20;

	ASSERT(mib_s > 0);
	bus->tick_ns = (uint32_t)(NV_UNIT_NBYTES * NS_PER_S / bytes_per_s) +
		       fw_4k_ns * NV_UNIT_NBYTES / 4096;
	bus->credits = (uint32_t)(bytes_per_s * NV_INTERVAL_NS / NS_PER_S / NV_UNIT_NBYTES);
	bus->per_interval = (uint8_t)bus->credits;
	bus->first = 0;
}

static void
window_move(struct nvmevirt1_bus *bus, uint64_t to)
{
	ASSERT(to > bus->first);
	if (to - bus->first >= NV_RING) {
		memset(bus->taken, 0, sizeof(bus->taken));
		bus->first = to;
		return;
	}
	for (; bus->first < to; ++bus->first) {
		bus->taken[bus->first % NV_RING] = 0;
	}
}

ns_t
nvmevirt1_bus_transfer(struct nvmevirt1_bus *bus, ns_t now, ns_t at, uint64_t nbytes)
{
	uint64_t units = (nbytes + NV_UNIT_NBYTES - 1) / NV_UNIT_NBYTES;
	uint64_t interval, end, need = units, beyond = 0, full;

	if (now / NV_INTERVAL_NS > bus->first) {
		window_move(bus, now / NV_INTERVAL_NS);
	}
	interval = at / NV_INTERVAL_NS;
	end = bus->first + NV_WINDOW;
	if (at < now || interval >= end) {
		return at;
	}
	ASSERT(interval >= bus->first);
	full = bus->credits ? need / bus->credits : 0;
	for (;;) {
		uint8_t *taken = &bus->taken[interval % NV_RING];
		uint64_t left = (uint64_t)(bus->per_interval - *taken);
		ASSERT(*taken <= bus->per_interval);
		uint64_t take = need < left ? need : left;

		*taken = (uint8_t)(*taken + take);
		need -= take;
		if (need == 0 || ++interval == end) {
			break;
		}
		beyond += 1;
	}
	return at + bus->tick_ns * units + (beyond > full ? (beyond - full) * NV_INTERVAL_NS : 0);
}
