/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The instant of completion of a command, from the timing model.
 */
#include <ssd/check.h>
#include <ssd/engine.h>
#include <ssd/schedule.h>

ns_t
time_of_stream(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba,
	       uint64_t nlb, bool fua, uint16_t stream)
{
	struct model_io io = {.op = op, .fua = fua, .stream = stream};
	ns_t ready;

	if (ssd->time_free) {
		return ssd->now;
	}
	if (ns) {
		ns_check(ssd, ns);
		ASSERT(nlb <= ns->nlba && lba <= ns->nlba - nlb);
		io.offset = ns->base + (lba << ns->shift);
		io.nbytes = nlb << ns->shift;
	}
	ready = ssd->time->begin(ssd->model, ssd->now, &io);
	return ns_max(ready, ssd->now);
}

ns_t
time_of(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
	bool fua)
{
	return time_of_stream(ssd, op, ns, lba, nlb, fua, 0);
}
