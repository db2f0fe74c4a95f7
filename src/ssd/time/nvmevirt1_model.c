/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt1 behind the model interface. The engine's requests cannot be refused, so a write that
 * finds the buffer full waits here for the release that admits it, and all later requests wait
 * behind it. With one queue NVMeVirt's dispatcher does the same, instant by instant.
 */
#include <ssd/time/nvmevirt1_internal.h>

static struct nvmevirt1 *
nv_of(struct model *model)
{
	return (struct nvmevirt1 *)model;
}

static size_t
model_bytes_needed(const struct model_config *config, uint64_t media_nbytes)
{
	return nvmevirt1_bytes_needed(config, nv_storage_nbytes(config, media_nbytes));
}

static int
model_init(struct model *model, const struct model_config *config, uint64_t media_nbytes,
	   uint64_t seed, const char **why)
{
	uint64_t storage_nbytes = nv_storage_nbytes(config, media_nbytes);

	(void)seed;
	if (nvmevirt1_namespace_nbytes(config, storage_nbytes) < media_nbytes) {
		*why = "raw_nbytes is too small: nvmevirt1 gives 100/107 of it (by "
		       "overprovisioning_ppm) to the host";
		return -ENV_EINVAL;
	}
	return nvmevirt1_init(nv_of(model), config, storage_nbytes, why);
}

static ns_t
model_begin(struct model *model, ns_t now, const struct model_io *io)
{
	struct nvmevirt1 *nv = nv_of(model);
	ns_t at = ns_max(now, nv->accepted_at);
	struct nvmevirt1_result result;

	nv_check(nv);
	if (io->op == MODEL_ZONE_RESET || io->op == MODEL_ZONE_FINISH) {
		nvmevirt1_zone_manage(nv, io->op == MODEL_ZONE_RESET ? NVMEVIRT1_RESET :
								       NVMEVIRT1_FINISH,
				      io->offset);
		return at;
	}
	nvmevirt1_release(nv, at);
	while (!nvmevirt1_submit(nv, at, io, &result)) {
		if (nv->releases.count == 0) {
			/* NVMeVirt would retry forever: its zone resets lose buffer bytes */
			return at;
		}
		at = nvmevirt1_next_release(nv);
		nvmevirt1_release(nv, at);
	}
	nv->accepted_at = at;
	return ns_max(result.done, now);
}

static ns_t
model_tick(struct model *model, ns_t now)
{
	(void)model;
	(void)now;
	return NS_NEVER;
}

static void
model_stats(const struct model *model, struct model_stats *stats)
{
	const struct nvmevirt1 *nv = (const struct nvmevirt1 *)model;
	struct nvmevirt1_totals totals;
	uint32_t erases;

	nvmevirt1_totals(nv, &totals);
	*stats = (struct model_stats){
		.user_program_bytes = totals.user_program_bytes,
		.gc_program_bytes = totals.gc_program_bytes,
		.user_program_ops = totals.user_program_ops,
		.gc_program_ops = totals.gc_program_ops,
		.user_read_ops = totals.user_read_ops,
		.gc_read_ops = totals.gc_read_ops,
		.user_read_bytes = totals.user_read_bytes,
		.gc_read_bytes = totals.gc_read_bytes,
		.gc_moves = totals.gc_read_bytes / NV_PAGE_NBYTES,
		.lines = totals.lines,
		.line_nbytes = (uint64_t)nv->line_pages * NV_PAGE_NBYTES,
		.free_lines = totals.free_lines,
		.erase_min = totals.lines ? UINT32_MAX : 0,
	};
	for (uint64_t line = 0; nvmevirt1_line_erases(nv, line, &erases); ++line) {
		stats->erases += erases;
		stats->erase_min = erases < stats->erase_min ? erases : stats->erase_min;
		stats->erase_max = erases > stats->erase_max ? erases : stats->erase_max;
	}
}

static bool
model_line_erases(const struct model *model, uint64_t line, uint32_t *erases)
{
	return nvmevirt1_line_erases((const struct nvmevirt1 *)model, line, erases);
}

const struct model_ops model_nvmevirt1 = {
	.name = "nvmevirt1",
	.bytes_needed = model_bytes_needed,
	.init = model_init,
	.begin = model_begin,
	.tick = model_tick,
	.stats = model_stats,
	.line_erases = model_line_erases,
};
