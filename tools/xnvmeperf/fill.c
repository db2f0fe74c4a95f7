/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Preparing a device for the measurement: --fill writes it completely. Without --fill a note
 * reports reads of unwritten blocks, since most drives serve those without accessing the media.
 */
#include <errno.h>
#include <inttypes.h>
#include <libnvmevirt.h>
#include <stdlib.h>
#include <string.h>

#include "../common/tool_stop.h"
#include "perf.h"

#define FILL_NBYTES (128u << 10)
#define FILL_QDEPTH 32

/* The largest command size up to FILL_NBYTES that divides the device without a remainder */
static uint32_t
fill_iosize(const struct xnvme_geo *geo)
{
	uint32_t nbytes = FILL_NBYTES;

	if (geo->mdts_nbytes && geo->mdts_nbytes < nbytes) {
		nbytes = geo->mdts_nbytes;
	}
	if (geo->tbytes < nbytes) {
		nbytes = (uint32_t)geo->tbytes;
	}
	if (!geo->lba_nbytes) {
		return 0;
	}
	nbytes -= nbytes % geo->lba_nbytes;
	while (nbytes > geo->lba_nbytes && geo->tbytes % nbytes) {
		nbytes -= geo->lba_nbytes;
	}
	return nbytes;
}

static int
fill(struct perf_target *target)
{
	struct load_spec spec = {
		.pattern = LOAD_WRITE,
		.iosize = fill_iosize(xnvme_dev_get_geo(target->dev)),
		.qdepth = FILL_QDEPTH,
		.once = true,
	};
	struct load_queue *q = calloc(1, sizeof(*q));
	uint64_t cpu_ns;
	int err = q ? load_queue_init(q, target->dev, &spec, 0, 1) : -ENOMEM;

	if (err) {
		free(q);
		return err;
	}
	err = load_run(&q, 1, &tool_stop, &cpu_ns);
	if (!err && q->nfailed) {
		char why[160];

		tool_status(&q->first_failure, why, sizeof(why));
		err = xnvme_cli_refuse(-EIO, "%s: it could not be filled: %s", target->uri, why);
	}
	err = err ? err : tool_stop_report("the device was not filled, and not measured");
	load_queue_term(q);
	free(q);
	return err;
}

int
perf_fill(const struct perf_run *run)
{
	int err = 0;

	for (uint32_t i = 0; i < run->ntargets && !err; ++i) {
		err = fill(&run->targets[i]);
	}
	return err;
}

/* Bytes in use by NUSE of Identify Namespace, if the controller counts them (with thin
 * provisioning, or without); else UINT64_MAX. A controller that does not count reports all blocks
 * as used. */
static uint64_t
used_nbytes(const struct xnvme_dev *dev)
{
	const struct xnvme_spec_idfy_ns *ns = xnvme_dev_get_ns(dev);

	if (!ns || ns->nuse >= ns->nsze || (ns->nuse == 0 && !ns->nsfeat.thin_prov)) {
		return UINT64_MAX;
	}
	return ns->nuse * xnvme_dev_get_geo(dev)->lba_nbytes;
}

/* An upper bound of the written bytes: for a virtual SSD all that was ever written, for another
 * drive used_nbytes(); UINT64_MAX: unknown */
static uint64_t
written_nbytes(const struct perf_target *target)
{
	struct nvmevirt_stats stats;
	struct nvmevirt *ssd;

	if (nvmevirt_from_dev(target->dev, &ssd)) {
		return used_nbytes(target->dev);
	}
	nvmevirt_get_stats(ssd, &stats);
	nvmevirt_destroy(ssd);
	return stats.write_nbytes + stats.prepared_nbytes;
}

void
perf_note_unwritten(const struct perf_run *run)
{
	bool is_read = run->spec.pattern == LOAD_READ || run->spec.pattern == LOAD_RANDREAD;

	for (uint32_t i = 0; i < run->ntargets && is_read; ++i) {
		const struct perf_target *target = &run->targets[i];
		uint64_t nbytes = xnvme_dev_get_geo(target->dev)->tbytes;
		uint64_t written = written_nbytes(target);

		if (written < nbytes) {
			xnvme_cli_pinf("%s: at most %" PRIu64 " of %" PRIu64 " bytes were ever "
				       "written or are in use; blocks that never were may be "
				       "read faster than others: --fill writes all of them first",
				       target->uri, written, nbytes);
		}
	}
}
