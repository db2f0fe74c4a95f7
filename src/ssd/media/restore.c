/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Restored media hold the data of an SSD, but not their NAND locations: the physical page, its
 * line, the data beside them. So the timing model's state is rebuilt: all written data are written
 * once more, in order of addresses, before the SSD's time begins (ssd_now()). Then a written block
 * takes as long to read as any other, over-provisioning is as before, and it makes no difference
 * whether the SSD was shut down or its process killed. The history is lost: how scattered the data
 * were, and the erase counts of the lines.
 */
#include <base/bits.h>
#include <ssd/media/blocks.h>
#include <ssd/media/media.h>

#define PIECE_NBYTES (128ULL << 10) /* within the write buffer of every model */

static void
write_again(struct ssd *ssd, const struct ssd_ns *ns, uint64_t sector, uint64_t count)
{
	uint64_t lba_max = PIECE_NBYTES >> ns->shift;

	ASSERT(sector >= ns->sector && sector + count <= ns->sector + ns->nlba);
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
restore_ns(struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t at = ns->sector, end = ns->sector + ns->nlba;

	ns_check(ssd, ns);
	while (at < end) {
		uint64_t chunk = at / SECTORS_PER_CHUNK;
		uint64_t stop = (chunk + 1) * SECTORS_PER_CHUNK;

		stop = stop < end ? stop : end;
		while (bits_get(ssd->chunks, chunk) && at < stop) {
			uint64_t from = bits_find(ssd->written, at, stop - at, true);

			at = bits_find(ssd->written, from, stop - from, false);
			write_again(ssd, ns, from, at - from);
		}
		at = stop; /* a chunk without a bit was never written */
	}
}

void
restore_model(struct ssd *ssd)
{
	struct model_io flush = {.op = MODEL_FLUSH};

	if (precondition_restore(ssd)) {
		return;
	}
	if (ssd->time_free || ssd->time == &model_simple) {
		return; /* these models keep no state of writes */
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->ns[i].nlba && ssd->ns[i].kind != SSD_NS_KV) {
			restore_ns(ssd, &ssd->ns[i]);
		}
	}
	if (ssd->now > 0) {
		ssd->now = ns_max(ssd->now, ssd->time->begin(ssd->model, ssd->now, &flush));
	}
	ssd->powered_at = ssd->busy_until = ssd->now;
}
