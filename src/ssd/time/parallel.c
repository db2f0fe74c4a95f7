/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parallel model: a PCIe link in each direction, channels, dies and planes with their page
 * types, a write buffer, the firmware's time, and an FTL or zones above. Every busy resource is
 * reserved for exact instants: buses span by span (bus.c), dies operation after operation.
 *
 * Differences from NVMeVirt's model, which has the same parameters: no transfer is rounded to 4 us
 * and no bandwidth to eight bits; the link is full duplex; buffered data are read from the buffer;
 * reads of pages that were never written cost firmware and link; partial pages are read before they
 * are programmed; FUA and Flush program incomplete one-shot pages; collection programs after it has
 * read; erases take time; over-provisioning is the NAND capacity beyond the drive's.
 *
 * A drive's `partitions` are its lanes: consecutive 4 KiB pages go to this number of dies.
 */
#include <base/bump.h>
#include <ssd/time/parallel.h>

#define LINES_WANTED 8192u  /* superblocks of a drive that is large enough */
#define GC_START_LINES 3u
#define LINES_OPEN 2u /* the host's and collection's */
#define GC_IDLE_NS NS_PER_MS
#define GC_CHOICES_MAX 1024u
#define IN_FLIGHT_MIN 256u

struct geometry {
	struct ftl_config ftl;
	uint64_t zone_count;
	uint64_t release_count;
	uint32_t in_flight_count;
};

static uint32_t
one_if_zero(uint32_t value)
{
	return value ? value : 1;
}

static const char *
nand_wrong(const struct model_nand_config *nand)
{
	uint64_t dies = (uint64_t)nand->channels * nand->dies_per_channel;
	uint64_t planes = one_if_zero(nand->planes_per_die);

	if (nand->channels == 0 || nand->channels > MODEL_CHANNELS_MAX || dies == 0 ||
	    dies > MODEL_DIES_MAX || planes > 16) {
		return "the parallel model needs 1 to 64 channels, 1 to 4096 dies in all, and at "
		       "most 16 planes in each: set channels, dies_per_channel, planes_per_die";
	}
	if (nand->flash_page_nbytes < PAGE_NBYTES || nand->flash_page_nbytes % PAGE_NBYTES ||
	    nand->flash_page_nbytes > FTL_UNIT_PAGES_MAX * PAGE_NBYTES ||
	    nand->oneshot_page_nbytes == 0 || nand->oneshot_page_nbytes > 1U << 24 ||
	    nand->oneshot_page_nbytes % (nand->flash_page_nbytes * planes)) {
		return "a one-shot page is a multiple of the flash page times the planes, a flash "
		       "page of 4 KiB (1 MiB at most): set oneshot_page_nbytes, flash_page_nbytes";
	}
	if (model_cells_wrong(nand)) {
		return model_cells_wrong(nand);
	}
	if (nand->channel_mib_s == 0 || nand->link_mib_s == 0 ||
	    nand->channel_mib_s > 1U << 20 || nand->link_mib_s > 1U << 20) {
		return "channel_mib_s and link_mib_s are 1 to 2^20 MiB/s";
	}
	if (one_if_zero(nand->partitions) > LANES_MAX || dies % one_if_zero(nand->partitions)) {
		return "the partitions (at most 64) must divide the dies: change partitions";
	}
	if (nand->gc_choices > GC_CHOICES_MAX) {
		return "d-choices looks at 1024 lines at most, beyond which it is greedy: lower "
		       "gc_choices, or set gc_policy to greedy";
	}
	if (nand->erase_nbytes > UINT32_MAX) {
		return "erase_nbytes is less than 4 GiB: it is an erase block of one plane";
	}
	if (nand->zone_nbytes == 0 && nand->block_nbytes && (nand->block_nbytes % PAGE_NBYTES ||
	    nand->block_nbytes * planes % nand->oneshot_page_nbytes)) {
		return "an erase block holds whole one-shot pages of its plane: set block_nbytes";
	}
	return NULL;
}

/* The size of the write buffer, or of each zone's */
static uint64_t
buffer_nbytes_of(const struct model_nand_config *nand)
{
	ASSERT(nand->flash_page_nbytes >= PAGE_NBYTES);
	return nand->zone_nbytes && nand->zone_buffer_nbytes ? nand->zone_buffer_nbytes :
							       nand->buffer_nbytes;
}

static const char *
buffers_wrong(const struct model_nand_config *nand)
{
	uint64_t lanes = one_if_zero(nand->partitions);
	uint64_t buffer = buffer_nbytes_of(nand);

	if (nand->buffer_nbytes > 1ULL << 34 || nand->zone_buffer_nbytes > 1ULL << 31) {
		return "a write buffer has at most 16 GiB, that of a zone 2 GiB: lower "
		       "buffer_nbytes or zone_buffer_nbytes";
	}
	if (nand->zone_nbytes == 0 && buffer < 2 * lanes * nand->oneshot_page_nbytes) {
		return "the write buffer must hold two one-shot pages for each partition: raise "
		       "buffer_nbytes";
	}
	if (nand->zone_nbytes && buffer < 2ULL * nand->oneshot_page_nbytes) {
		return "a zone's write buffer must hold two one-shot pages: raise "
		       "zone_buffer_nbytes or buffer_nbytes";
	}
	return NULL;
}

/* Pages of a superblock: as configured, from the size or number of the blocks, or from the
 * capacity */
static uint64_t
lines_wanted_pages(const struct ftl_config *ftl, const struct model_nand_config *nand,
		   uint64_t raw_pages)
{
	uint64_t planes = one_if_zero(nand->planes_per_die);

	ASSERT(ftl->dies > 0);
	if (nand->line_pages) {
		return nand->line_pages;
	}
	if (nand->block_nbytes && !nand->blocks_per_plane) {
		return nand->block_nbytes / PAGE_NBYTES * planes * ftl->dies;
	}
	return raw_pages / (nand->blocks_per_plane ? nand->blocks_per_plane : LINES_WANTED);
}

/* Scale the erase time: a drive of another capacity has smaller or larger blocks. The cost to erase
 * a byte is constant, or a small drive would spend most of its time erasing. */
static uint32_t
erase_ns_of(const struct model_nand_config *nand, uint64_t block_nbytes)
{
	uint64_t ns = nand->erase_ns;

	if (nand->erase_nbytes == 0 || ns == 0) {
		return nand->erase_ns;
	}
	ns = ns * (block_nbytes < UINT32_MAX ? block_nbytes : UINT32_MAX) / nand->erase_nbytes;
	return ns == 0 ? 1 : ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
}

/* Superblocks: on all dies, or on fewer when few pages are configured */
static void
lines_plan(struct ftl_config *ftl, const struct model_nand_config *nand, uint64_t raw_nbytes)
{
	uint64_t per_row = (uint64_t)ftl->dies * ftl->oneshot_pages;
	uint64_t raw_pages = raw_nbytes / PAGE_NBYTES;
	uint64_t wanted = lines_wanted_pages(ftl, nand, raw_pages);
	uint64_t rows, line_pages;

	ASSERT(per_row > 0 && ftl->dies % ftl->lanes == 0);
	ftl->line_dies = ftl->dies;
	if (nand->line_pages && wanted < per_row) {
		uint64_t dies = wanted / ftl->oneshot_pages / ftl->lanes * ftl->lanes;

		while (dies > ftl->lanes && ftl->dies % dies) {
			dies -= ftl->lanes;
		}
		ftl->line_dies = dies ? (uint32_t)dies : ftl->lanes;
	}
	ASSERT(ftl->line_dies % ftl->lanes == 0 && ftl->dies % ftl->line_dies == 0);
	rows = (wanted + (uint64_t)ftl->line_dies * ftl->oneshot_pages / 2) /
	       ((uint64_t)ftl->line_dies * ftl->oneshot_pages);
	ftl->rows = rows ? (uint32_t)rows : 1;
	line_pages = (uint64_t)ftl->line_dies * ftl->oneshot_pages * ftl->rows;
	/* lines alternate between the sets of dies; the rest is less than a line on each set */
	ftl->lines = (uint32_t)(raw_pages / line_pages < UINT32_MAX ? raw_pages / line_pages :
								      UINT32_MAX - 1);
	if (nand->raw_nbytes == 0 && !(nand->blocks_per_plane && nand->block_nbytes) &&
	    ftl->lines < UINT32_MAX / 2) {
		/* Over-provisioning is the space that collection gains from. The lines that are
		 * free or open are negligible compared with that of a large drive, but a fifth of
		 * that of a small one, so they are added. */
		ftl->lines += GC_START_LINES + LINES_OPEN;
	}
}

static uint64_t
raw_nbytes_of(const struct model_nand_config *nand, uint64_t media_nbytes)
{
	uint64_t ppm = nand->overprovisioning_ppm;

	ASSERT(media_nbytes > 0);
	if (nand->raw_nbytes) {
		return nand->raw_nbytes;
	}
	if (nand->blocks_per_plane && nand->block_nbytes) {
		return (uint64_t)nand->blocks_per_plane * nand->block_nbytes * nand->channels *
		       nand->dies_per_channel * one_if_zero(nand->planes_per_die);
	}
	return media_nbytes + media_nbytes / 1000000 * ppm +
	       media_nbytes % 1000000 * ppm / 1000000;
}

static const char *
plan(struct geometry *plan, const struct model_config *config, uint64_t media_nbytes,
     uint64_t seed)
{
	const struct model_nand_config *nand = &config->nand;
	const char *why = nand_wrong(nand);
	uint64_t buffer_pages, dies = (uint64_t)nand->channels * nand->dies_per_channel;
	/* greedy gains nothing from separation, see ftl_waf_test.c */
	bool by_age = nand->gc_separate_hot_cold && !nand->gc_policy[0];

	why = why ? why : buffers_wrong(nand);
	if (why) {
		return why;
	}
	if (media_nbytes == 0 || media_nbytes > (nand->zone_nbytes ? 1ULL << 48 : 1ULL << 44)) {
		return "the parallel model is for drives of up to 16 TiB, zoned ones of 256 TiB: "
		       "lower nbytes";
	}
	*plan = (struct geometry){ 0 };
	buffer_pages = nand->buffer_nbytes / PAGE_NBYTES;
	if (nand->zone_nbytes) {
		if (nand->dies_per_zone == 0 || nand->dies_per_zone > dies ||
		    nand->zone_nbytes % PAGE_NBYTES) {
			return "a zone is a multiple of 4 KiB and spans 1 to all of the dies: "
			       "change zone_nbytes or dies_per_zone";
		}
		plan->zone_count = (media_nbytes + nand->zone_nbytes - 1) / nand->zone_nbytes;
		if (plan->zone_count > 1U << 24) {
			return "there are at most 2^24 zones: raise zone_nbytes";
		}
		if (nand->zone_buffer_nbytes) {
			buffer_pages = nand->zone_buffer_nbytes / 512 * plan->zone_count;
		}
		plan->release_count = buffer_pages < 1U << 20 ? buffer_pages : 1U << 20;
	} else {
		plan->release_count = buffer_pages;
		plan->ftl = (struct ftl_config){
			.logical_pages = (media_nbytes + PAGE_NBYTES - 1) / PAGE_NBYTES,
			.dies = (uint32_t)dies,
			.lanes = one_if_zero(nand->partitions),
			.oneshot_pages = nand->oneshot_page_nbytes / PAGE_NBYTES,
			.flash_page_pages = nand->flash_page_nbytes / PAGE_NBYTES,
			.policy = by_age ? "cost-benefit" : nand->gc_policy,
			.policy_nbytes = by_age ? sizeof("cost-benefit") : sizeof(nand->gc_policy),
			.choices = nand->gc_choices,
			.wear_gap = nand->wear_gap,
			.separate_hot_cold = nand->gc_separate_hot_cold,
			.all_owners = nand->gc_all_owners,
			.seed = seed,
		};
		lines_plan(&plan->ftl, nand, raw_nbytes_of(nand, media_nbytes));
	}
	plan->release_count += 64;
	plan->in_flight_count = IN_FLIGHT_MIN;
	while (plan->in_flight_count < 1U << 16 &&
	       (uint64_t)plan->in_flight_count * nand->oneshot_page_nbytes <
		       8 * buffer_nbytes_of(nand)) {
		plan->in_flight_count *= 2;
	}
	ASSERT((plan->in_flight_count & (plan->in_flight_count - 1)) == 0);
	return NULL;
}

static void
layout(struct parallel *p, const struct geometry *plan, const struct model_nand_config *nand,
       struct bump *from)
{
	uint64_t dies = (uint64_t)nand->channels * nand->dies_per_channel;

	ASSERT(dies > 0 && plan->release_count <= UINT32_MAX);
	p->to_host = bump_alloc(from, 1, sizeof(*p->to_host));
	p->from_host = bump_alloc(from, 1, sizeof(*p->from_host));
	p->channel = bump_alloc(from, nand->channels, sizeof(*p->channel));
	p->die = bump_alloc(from, dies, sizeof(*p->die));
	p->plane = bump_alloc(from, dies * one_if_zero(nand->planes_per_die), sizeof(*p->plane));
	p->releases.items = bump_alloc(from, plan->release_count, sizeof(*p->releases.items));
	p->releases.capacity = (uint32_t)plan->release_count;
	p->in_flight = bump_alloc(from, plan->in_flight_count, sizeof(*p->in_flight));
	if (plan->zone_count) {
		p->zone = bump_alloc(from, plan->zone_count, sizeof(*p->zone));
	} else {
		p->stream = bump_alloc(from, FTL_STREAMS, sizeof(*p->stream));
		p->ftl = bump_alloc(from, ftl_bytes_needed(&plan->ftl), 1);
	}
}

static size_t
parallel_bytes_needed(const struct model_config *config, uint64_t media_nbytes)
{
	struct bump measure = { 0 };
	struct geometry geometry;
	struct parallel p;

	if (plan(&geometry, config, media_nbytes, 0) ||
	    (geometry.zone_count == 0 && ftl_bytes_needed(&geometry.ftl) == 0)) {
		return 0;
	}
	bump_alloc(&measure, 1, sizeof(p));
	layout(&p, &geometry, &config->nand, &measure);
	return measure.used;
}

static void
parts_init(struct parallel *p, const struct model_nand_config *nand)
{
	ASSERT(p->dies > 0 && p->planes > 0);
	bus_init(p->to_host, nand->link_mib_s, 0);
	bus_init(p->from_host, nand->link_mib_s, 0);
	for (uint32_t i = 0; i < nand->channels; ++i) {
		bus_init(&p->channel[i], nand->channel_mib_s, nand->fw_channel_4k_ns);
	}
	for (uint32_t i = 0; i < p->dies; ++i) {
		p->die[i].channel = &p->channel[i % nand->channels];
		p->die[i].first_plane = i * p->planes;
	}
	p->buffer_free = nand->buffer_nbytes / PAGE_NBYTES * PAGE_NBYTES;
	for (uint64_t i = 0; i < p->zone_count; ++i) {
		p->zone[i].buffer_free = nand->zone_buffer_nbytes;
		p->zone[i].erased = true;
	}
}

/* The free lines in reserve, and the lines that the host and collection fill, are no space that
 * collection gains from: with few spare lines, keep fewer in reserve, or collection would move a
 * thousand pages for one */
static uint32_t
gc_start_lines_of(uint64_t spare)
{
	ASSERT(spare >= LINES_OPEN + 2); /* checked by ftl_init() */
	return spare > LINES_OPEN + GC_START_LINES ? GC_START_LINES
						   : (uint32_t)(spare - LINES_OPEN - 1);
}

static int
parallel_init(struct model *model, const struct model_config *config, uint64_t media_nbytes,
	      uint64_t seed, const char **why)
{
	struct parallel *p = (struct parallel *)model;
	struct bump from = { .memory = (uint8_t *)model };
	const struct model_nand_config *nand = &config->nand;
	struct geometry geometry;
	uint64_t spare;

	*why = plan(&geometry, config, media_nbytes, seed);
	if (*why) {
		return -ENV_EINVAL;
	}
	if (geometry.zone_count == 0 && ftl_bytes_needed(&geometry.ftl) == 0) {
		return ftl_init(NULL, &geometry.ftl, why); /* only the reason: there is no memory */
	}
	bump_alloc(&from, 1, sizeof(*p));
	layout(p, &geometry, nand, &from);
	p->nand = *nand;
	if (p->nand.channel_transfer_nbytes == 0) {
		p->nand.channel_transfer_nbytes = nand->flash_page_nbytes;
	}
	p->lanes = one_if_zero(nand->partitions);
	p->oneshot_pages = nand->oneshot_page_nbytes / PAGE_NBYTES;
	p->flash_page_pages = nand->flash_page_nbytes / PAGE_NBYTES;
	p->planes = one_if_zero(nand->planes_per_die);
	p->dies = nand->channels * nand->dies_per_channel;
	p->group_pages = p->lanes * p->oneshot_pages;
	p->media_nbytes = media_nbytes;
	p->zoned = geometry.zone_count > 0;
	p->zone_count = geometry.zone_count;
	p->in_flight_mask = geometry.in_flight_count - 1;
	parts_init(p, nand);
	if (p->zoned) {
		return 0;
	}
	p->line_dies = geometry.ftl.line_dies;
	p->line_pages = geometry.ftl.line_dies * geometry.ftl.oneshot_pages * geometry.ftl.rows;
	p->line_rows = geometry.ftl.rows;
	p->nand.erase_ns = erase_ns_of(nand, (uint64_t)p->line_rows * nand->oneshot_page_nbytes /
						     p->planes);
	ASSERT(p->line_dies && p->line_dies % p->lanes == 0 && p->dies % p->line_dies == 0);
	p->row_groups = p->line_dies / p->lanes;
	p->sets = p->dies / p->line_dies;
	p->pages = geometry.ftl.logical_pages;
	spare = geometry.ftl.lines - (p->pages + p->line_pages - 1) / p->line_pages;
	ASSERT(geometry.ftl.lines > p->pages / p->line_pages);
	p->gc_start_lines = nand->gc_free_lines ? nand->gc_free_lines : gc_start_lines_of(spare);
	p->gc_background_lines = nand->gc_background_lines < spare / 2 ?
					 nand->gc_background_lines : (uint32_t)(spare / 2);
	p->gc_idle_ns = nand->gc_idle_ns ? nand->gc_idle_ns : GC_IDLE_NS;
	return ftl_init(p->ftl, &geometry.ftl, why);
}

/* Dispatch a request; its range is on the media */
static ns_t
zoned_begin(struct parallel *p, ns_t now, const struct model_io *io)
{
	parallel_check(p);
	ASSERT(io->offset / p->nand.zone_nbytes < p->zone_count);
	switch (io->op) {
	case MODEL_READ:
	case MODEL_KV_RETRIEVE:
		return zone_read(p, now, io);
	case MODEL_WRITE:
	case MODEL_ZONE_APPEND:
	case MODEL_KV_STORE:
		return zone_write(p, now, io);
	case MODEL_FLUSH:
		return zone_flush(p, now);
	case MODEL_ZONE_RESET:
		return zone_reset(p, now, io);
	case MODEL_ZONE_FINISH:
		return zone_finish(p, now, io);
	case MODEL_TRIM:
	case MODEL_OTHER:
	default:
		return now;
	}
}

static ns_t
conventional_begin(struct parallel *p, ns_t now, const struct model_io *io)
{
	parallel_check(p);
	ASSERT(io->op != MODEL_READ && io->op != MODEL_WRITE);
	switch (io->op) {
	case MODEL_READ:
	case MODEL_KV_RETRIEVE:
		return conv_read(p, now, io);
	case MODEL_WRITE:
	case MODEL_ZONE_APPEND:
	case MODEL_KV_STORE:
		return conv_write(p, now, io);
	case MODEL_FLUSH:
		return conv_flush(p, now);
	case MODEL_TRIM:
	case MODEL_ZONE_RESET:
		return conv_trim(p, now, io);
	case MODEL_ZONE_FINISH:
	case MODEL_OTHER:
	default:
		return now;
	}
}

static bool
moves_data(enum model_op op)
{
	return op <= MODEL_ZONE_APPEND || op == MODEL_KV_STORE || op == MODEL_KV_RETRIEVE;
}

/* Budget: 400 instructions for a 4 KiB read or write without collection, including the engine;
 * measured by bench/engine_cost.py */
static ns_t
parallel_begin(struct model *model, ns_t now, const struct model_io *io)
{
	struct parallel *p = (struct parallel *)model;

	/* the engine refuses ranges beyond the end; this check protects the tables */
	if (io->offset >= p->media_nbytes || io->nbytes > p->media_nbytes - io->offset ||
	    (io->nbytes == 0 && moves_data(io->op))) {
		return now;
	}
	if (p->zoned) {
		return zoned_begin(p, now, io);
	}
	parallel_check(p);
	if (p->gc_background_lines) {
		gc_background(p, now); /* independent of how often the caller ticks */
		p->last_command_at = now;
	}
	if (LIKELY(io->op == MODEL_READ)) {
		return conv_read(p, now, io);
	}
	if (LIKELY(io->op == MODEL_WRITE)) {
		return conv_write(p, now, io);
	}
	return conventional_begin(p, now, io);
}

static ns_t
parallel_tick(struct model *model, ns_t now)
{
	struct parallel *p = (struct parallel *)model;

	parallel_check(p);
	return p->zoned ? NS_NEVER : gc_background(p, now);
}

static void
parallel_settle(struct model *model, uint64_t offset, uint64_t nbytes)
{
	struct parallel *p = (struct parallel *)model;

	parallel_check(p);
	if (!p->zoned && offset < p->media_nbytes && nbytes <= p->media_nbytes - offset) {
		conv_settle(p, offset, nbytes);
	}
}

static void
parallel_stats(const struct model *model, struct model_stats *stats)
{
	const struct parallel *p = (const struct parallel *)model;
	struct ftl_counters counters;

	parallel_check(p);
	*stats = p->stats;
	if (p->zoned) {
		return;
	}
	counters = *ftl_counters(p->ftl);
	ASSERT(p->settled.gc_pages <= counters.gc_pages && p->settled.erases <= counters.erases);
	counters.gc_pages -= p->settled.gc_pages;
	counters.erases -= p->settled.erases;
	counters.wear_pages -= p->settled.wear_pages;
	/* one-shot pages may hold pages of both kinds: moved pages count as collection's */
	stats->user_program_bytes += stats->gc_program_bytes;
	stats->gc_program_bytes = counters.gc_pages * PAGE_NBYTES;
	if (stats->gc_program_bytes > stats->user_program_bytes) {
		stats->gc_program_bytes = stats->user_program_bytes;
	}
	stats->user_program_bytes -= stats->gc_program_bytes;
	stats->erases = counters.erases;
	stats->gc_moves = counters.gc_pages;
	stats->wear_moves = counters.wear_pages;
	stats->lines = ftl_lines(p->ftl);
	stats->line_nbytes = (uint64_t)ftl_line_pages(p->ftl) * PAGE_NBYTES;
	stats->free_lines = ftl_free_lines(p->ftl);
	stats->erase_min = UINT32_MAX;
	for (uint32_t line = 0; line < ftl_lines(p->ftl); ++line) {
		uint32_t erases = ftl_line_erases(p->ftl, line);

		stats->erase_min = erases < stats->erase_min ? erases : stats->erase_min;
		stats->erase_max = erases > stats->erase_max ? erases : stats->erase_max;
	}
}

static bool
parallel_line_erases(const struct model *model, uint64_t line, uint32_t *erases)
{
	const struct parallel *p = (const struct parallel *)model;

	parallel_check(p);
	if (p->zoned || line >= ftl_lines(p->ftl)) {
		return false;
	}
	*erases = ftl_line_erases(p->ftl, (uint32_t)line);
	return true;
}

const struct model_ops model_parallel = {
	.name = "parallel",
	.bytes_needed = parallel_bytes_needed,
	.init = parallel_init,
	.begin = parallel_begin,
	.tick = parallel_tick,
	.settle = parallel_settle,
	.stats = parallel_stats,
	.line_erases = parallel_line_erases,
};
