/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes of long ago: the FTL places pages and collects as it does for the host, and nothing takes
 * time. So a drive of 1 GiB reaches its steady state in some 0.1 s of processor time.
 */
#include <ssd/time/parallel.h>

/* Pad the incomplete one-shot pages */
static void
streams_pad(struct parallel *p)
{
	ASSERT(p->untimed);
	for (uint32_t i = 0; i < FTL_STREAMS; ++i) {
		struct ftl_place next;

		while (ftl_stream_next(p->ftl, (enum ftl_stream)i, &next) &&
		       next.position % p->group_pages) {
			ftl_pad(p->ftl, (enum ftl_stream)i);
		}
	}
}

void
conv_settle(struct parallel *p, uint64_t offset, uint64_t nbytes)
{
	uint64_t page = offset / PAGE_NBYTES;
	uint64_t end = (offset + nbytes + PAGE_NBYTES - 1) / PAGE_NBYTES;

	ASSERT(!p->untimed && end <= p->pages);
	p->untimed = true;
	for (; page < end && nbytes; ++page) {
		enum ftl_stream stream = FTL_USER;

		if (p->nand.gc_separate_hot_cold) {
			stream = ftl_stream_of(p->ftl, page, 0);
		}
		gc_free_lines(p, 0, stream);
		ftl_write(p->ftl, page, stream);
		gc_after_page(p, 0);
	}
	if (nbytes == 0) {
		gc_finish(p);
		streams_pad(p);
		p->settled.gc_pages = ftl_counters(p->ftl)->gc_pages;
		p->settled.erases = ftl_counters(p->ftl)->erases;
		p->settled.wear_pages = ftl_counters(p->ftl)->wear_pages;
	}
	p->untimed = false;
}
