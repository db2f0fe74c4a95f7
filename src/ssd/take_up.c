/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Media that an SSD left behind holds its data, but not where in NAND they lay: which physical
 * page, in which line, beside which other data. The timing model is told anew: what is written is
 * written once more, in order of addresses, before the SSD's time begins (ssd_now()). So a block
 * that was written takes as long to read as any other, over-provisioning is what it was, and
 * nothing depends on whether the SSD was shut down or its process killed. What is lost is history:
 * how scattered data were, and how often each line had been erased.
 */
#include <base/bits.h>
#include <ssd/engine.h>

#define PIECE_NBYTES (128ULL << 10) /* no model wants more at once than its write buffer holds */

static void
write_again(struct ssd *ssd, const struct ssd_ns *ns, uint64_t sector, uint64_t count)
{
	uint64_t lba_max = PIECE_NBYTES >> ns->shift;

	while (count > 0) {
		uint64_t nlb = count < lba_max ? count : lba_max;
		struct model_io io = {.op = MODEL_WRITE,
				      .offset = ns->base + ((sector - ns->sector) << ns->shift),
				      .nbytes = nlb << ns->shift};

		ssd->now = ns_max(ssd->now, ssd->time->begin(ssd->model, ssd->now, &io));
		sector += nlb;
		count -= nlb;
	}
}

static void
take_up_ns(struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t at = ns->sector, end = ns->sector + ns->nlba;

	while (at < end) {
		uint64_t chunk = at / SECTORS_PER_CHUNK;
		uint64_t stop = (chunk + 1) * SECTORS_PER_CHUNK;

		stop = stop < end ? stop : end;
		while (bits_get(ssd->chunks, chunk) && at < stop) {
			uint64_t from = bits_find(ssd->written, at, stop - at, true);

			at = bits_find(ssd->written, from, stop - from, false);
			write_again(ssd, ns, from, at - from);
		}
		at = stop; /* a chunk without a bit was never written to */
	}
}

void
take_up_model(struct ssd *ssd)
{
	struct model_io flush = {.op = MODEL_FLUSH};

	if (precondition_take_up(ssd)) {
		return;
	}
	if (ssd->time_free || ssd->time == &model_simple) {
		return; /* they remember nothing of what was written */
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; i++) {
		if (ssd->ns[i].nlba && ssd->ns[i].kind != SSD_NS_KV) {
			take_up_ns(ssd, &ssd->ns[i]);
		}
	}
	if (ssd->now > 0) {
		ssd->now = ns_max(ssd->now, ssd->time->begin(ssd->model, ssd->now, &flush));
	}
	ssd->powered_at = ssd->busy_until = ssd->now;
}
