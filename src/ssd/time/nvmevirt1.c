/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMeVirt's models with identical results, as of May 2026, so that published results can be
 * reproduced: the simple device (and key-value, which has the same timing), the conventional SSD,
 * zones. Written from a description of their behaviour and checked against recorded runs
 * (sim/oracle.c).
 *
 * The kind: zones when nand.zone_nbytes is set, conventional when nand.channels is, else simple.
 *
 * Kept on purpose: everything that a recorded run shows, even where it is wrong. A request that
 * would crash NVMeVirt (a transfer larger than the write buffer) gets an error status.
 */
#include <base/bump.h>
#include <nvme/status.h>
#include <ssd/time/nvmevirt1_internal.h>

static enum nv_kind
kind_of(const struct model_config *config)
{
	if (config->nand.channels == 0) {
		return NV_SIMPLE;
	}
	return config->nand.zone_nbytes ? NV_ZONED : NV_CONVENTIONAL;
}

static uint32_t
one_if_zero(uint32_t value)
{
	return value ? value : 1;
}

uint64_t
nvmevirt1_namespace_nbytes(const struct model_config *config, uint64_t storage_nbytes)
{
	uint64_t ppm = config->nand.overprovisioning_ppm;

	if (kind_of(config) != NV_CONVENTIONAL || ppm == 0) {
		return storage_nbytes;
	}
	ppm += 1000000; /* NVMeVirt: bytes * 100 / 107; exact up to 2^44 bytes with this order */
	return storage_nbytes / ppm * 1000000 + storage_nbytes % ppm * 1000000 / ppm;
}

/* The storage size for namespaces of `media_nbytes` */
uint64_t
nv_storage_nbytes(const struct model_config *config, uint64_t media_nbytes)
{
	uint64_t unit = config->nand.zone_nbytes ? config->nand.zone_nbytes : NV_PAGE_NBYTES;
	uint64_t ppm = config->nand.overprovisioning_ppm;

	if (kind_of(config) == NV_SIMPLE) {
		return media_nbytes;
	}
	if (config->nand.raw_nbytes) {
		return config->nand.raw_nbytes;
	}
	if (kind_of(config) == NV_CONVENTIONAL) {
		media_nbytes += media_nbytes / 1000000 * ppm + ppm + 1;
	}
	return (media_nbytes + unit - 1) / unit * unit;
}

static const char *
simple_wrong(const struct model_simple_config *simple)
{
	if (simple->units > MODEL_UNITS_MAX) {
		return "nvmevirt1 has at most 1024 units: lower `units`";
	}
	if (simple->unit_shift && (simple->unit_shift < 9 || simple->unit_shift > 30)) {
		return "a unit of nvmevirt1 covers 2^9 to 2^30 bytes: change `unit_shift`";
	}
	return NULL;
}

static const char *
nand_wrong(const struct model_nand_config *nand)
{
	uint64_t dies = (uint64_t)nand->channels * nand->dies_per_channel;

	if (nand->channels > MODEL_CHANNELS_MAX || dies == 0 || dies > MODEL_DIES_MAX) {
		return "nvmevirt1 needs 1 to 64 channels with 1 to 4096 dies in all: change "
		       "channels or dies_per_channel";
	}
	if (nand->planes_per_die > 1) {
		return "NVMeVirt does not model planes: nvmevirt1 needs `planes_per_die` = 1";
	}
	if (nand->flash_page_nbytes < NV_PAGE_NBYTES || nand->flash_page_nbytes % NV_PAGE_NBYTES ||
	    nand->oneshot_page_nbytes < nand->flash_page_nbytes ||
	    nand->oneshot_page_nbytes % nand->flash_page_nbytes ||
	    nand->oneshot_page_nbytes > 1U << 24) {
		return "the one-shot page must be a multiple of the flash page, that one of 4 KiB: "
		       "change oneshot_page_nbytes or flash_page_nbytes";
	}
	if (model_cells_wrong(nand)) {
		return model_cells_wrong(nand);
	}
	if (nand->channel_mib_s == 0 || nand->link_mib_s == 0 || nand->channel_mib_s > 1U << 20 ||
	    nand->link_mib_s > 1U << 20 || nand->channel_transfer_nbytes == 0) {
		return "nvmevirt1 needs channel_mib_s and link_mib_s, 1 to 2^20 MiB/s, and "
		       "channel_transfer_nbytes";
	}
	if (nand->channels % one_if_zero(nand->partitions)) {
		return "the channels must divide evenly among the partitions";
	}
	return NULL;
}

static const char *
zones_wrong(const struct model_nand_config *nand, uint64_t storage_nbytes)
{
	if (nand->zone_nbytes % NV_PAGE_NBYTES || storage_nbytes % nand->zone_nbytes ||
	    storage_nbytes / nand->zone_nbytes > UINT32_MAX - 1) {
		return "the storage must be a whole number of zones, a zone of 4 KiB pages: change "
		       "nbytes or zone_nbytes";
	}
	if (nand->dies_per_zone == 0 ||
	    nand->dies_per_zone > nand->channels * nand->dies_per_channel) {
		return "a zone of zone_nbytes spans at least one die and at most all: set "
		       "dies_per_zone";
	}
	return NULL;
}

static const char *
wrong(const struct model_config *config, uint64_t storage_nbytes)
{
	enum nv_kind kind = kind_of(config);
	const char *why = kind == NV_SIMPLE ? simple_wrong(&config->simple) :
					      nand_wrong(&config->nand);

	if (why) {
		return why;
	}
	if (storage_nbytes == 0 || storage_nbytes > 1ULL << 43) {
		return "nvmevirt1 models drives of up to 8 TiB: lower nbytes";
	}
	return kind == NV_ZONED ? zones_wrong(&config->nand, storage_nbytes) : NULL;
}

static void
geometry(struct nvmevirt1 *nv, const struct model_config *config, uint64_t storage_nbytes)
{
	struct model_nand_config *nand = &nv->nand;
	uint64_t of_block, bytes;

	nv->kind = kind_of(config);
	nv->nand = config->nand;
	nv->storage_nbytes = storage_nbytes;
	nv->namespace_nbytes = nvmevirt1_namespace_nbytes(config, storage_nbytes);
	nv->units = config->simple.units ? config->simple.units : 8;
	nv->unit_shift = config->simple.unit_shift ? config->simple.unit_shift : 12;
	nv->read = (struct nv_simple_way){ config->simple.read_delay_ns,
					   config->simple.read_time_ns,
					   config->simple.read_trailing_ns };
	nv->write = (struct nv_simple_way){ config->simple.write_delay_ns,
					    config->simple.write_time_ns,
					    config->simple.write_trailing_ns };
	if (nv->kind == NV_SIMPLE) {
		return;
	}
	nand->write_unit_nbytes = nand->write_unit_nbytes ? nand->write_unit_nbytes : 512;
	ASSERT(nand->channels > 0);
	nv->partitions = nv->kind == NV_ZONED ? 1 : one_if_zero(nand->partitions);
	nv->channels_of_partition = nand->channels / nv->partitions;
	nv->dies_of_partition = nv->channels_of_partition * nand->dies_per_channel;
	nv->die_count = nand->channels * nand->dies_per_channel;
	nv->pages_per_oneshot = nand->oneshot_page_nbytes / NV_PAGE_NBYTES;
	nv->pages_per_flash_page = nand->flash_page_nbytes / NV_PAGE_NBYTES;
	if (nv->kind == NV_ZONED) {
		nv->zone_count = storage_nbytes / nand->zone_nbytes;
		return;
	}
	/* blocks are rounded up to whole one-shot pages: the origin of NVMeVirt's uneven spare
	 * space */
	bytes = storage_nbytes / nv->partitions;
	of_block = (uint64_t)NV_LINES * nv->dies_of_partition;
	bytes = (bytes + of_block - 1) / of_block;
	bytes = (bytes + nand->oneshot_page_nbytes - 1) / nand->oneshot_page_nbytes;
	nv->block_pages = (uint32_t)(bytes * nv->pages_per_oneshot);
	ASSERT(nv->pages_per_oneshot % nv->pages_per_flash_page == 0);
	nv->line_pages = nv->block_pages * nv->dies_of_partition;
	nv->partition_pages = (uint64_t)nv->line_pages * NV_LINES;
}

/* Lay out the state after its head; with `from->memory` NULL only compute the size */
static void
layout(struct nvmevirt1 *nv, struct bump *from)
{
	ASSERT(nv->kind == NV_SIMPLE ? nv->units > 0 : nv->die_count > 0);
	if (nv->kind == NV_SIMPLE) {
		nv->unit_busy = bump_alloc(from, nv->units, sizeof(*nv->unit_busy));
		return;
	}
	nv->link = bump_alloc(from, 1, sizeof(*nv->link));
	nv->channels = bump_alloc(from, nv->nand.channels, sizeof(*nv->channels));
	nv->dies = bump_alloc(from, nv->die_count, sizeof(*nv->dies));
	nv->releases.items = bump_alloc(from, NV_RELEASES_MAX, sizeof(*nv->releases.items));
	nv->releases.capacity = NV_RELEASES_MAX;
	if (nv->kind == NV_ZONED) {
		nv->zones = bump_alloc(from, nv->zone_count, sizeof(*nv->zones));
		return;
	}
	nv->partition = bump_alloc(from, nv->partitions, sizeof(*nv->partition));
	for (uint32_t p = 0; p < nv->partitions; ++p) {
		struct nv_partition part = { 0 };
		uint64_t page_count = nv->partition_pages;

		part.map = bump_alloc(from, page_count, sizeof(*part.map));
		part.owner = bump_alloc(from, page_count, sizeof(*part.owner));
		part.lines = bump_alloc(from, NV_LINES, sizeof(*part.lines));
		part.heap = bump_alloc(from, NV_LINES + 1, sizeof(*part.heap));
		if (nv->partition) {
			nv->partition[p] = part;
		}
	}
}

size_t
nvmevirt1_bytes_needed(const struct model_config *config, uint64_t storage_nbytes)
{
	struct nvmevirt1 nv = { 0 };
	struct bump measure = { 0 };

	if (wrong(config, storage_nbytes)) {
		return 0;
	}
	geometry(&nv, config, storage_nbytes);
	bump_alloc(&measure, 1, sizeof(nv));
	layout(&nv, &measure);
	return measure.used;
}

int
nvmevirt1_init(struct nvmevirt1 *nv, const struct model_config *config, uint64_t storage_nbytes,
	       const char **why)
{
	struct bump from = { .memory = (uint8_t *)nv };

	*why = wrong(config, storage_nbytes);
	if (*why) {
		return -ENV_EINVAL;
	}
	geometry(nv, config, storage_nbytes);
	bump_alloc(&from, 1, sizeof(*nv));
	layout(nv, &from);
	if (nv->kind == NV_SIMPLE) {
		return 0;
	}
	nvmevirt1_bus_init(nv->link, nv->nand.link_mib_s, 0);
	for (uint32_t i = 0; i < nv->nand.channels; ++i) {
		nvmevirt1_bus_init(&nv->channels[i], nv->nand.channel_mib_s,
				   nv->nand.fw_channel_4k_ns);
	}
	for (uint32_t i = 0; i < nv->die_count; ++i) {
		uint32_t p = i / nv->dies_of_partition, die = i % nv->dies_of_partition;

		nv->dies[i].channel = &nv->channels[p * nv->channels_of_partition +
						    die % nv->channels_of_partition];
	}
	nv->buffer_nbytes = (int64_t)nv->nand.buffer_nbytes;
	if (nv->kind == NV_CONVENTIONAL) {
		nv_conv_init(nv);
	}
	ASSERT(nv->kind == NV_ZONED || nv->zone_count == 0);
	for (uint64_t z = 0; z < nv->zone_count; ++z) {
		nv->zones[z].state = 1;
		nv->zones[z].buffer_nbytes = (int64_t)nv->nand.zone_buffer_nbytes;
	}
	return 0;
}

/* Pieces run one after another; the busy times of all units but the first are ignored and
 * overwritten */
static ns_t
simple_transfer(struct nvmevirt1 *nv, ns_t now, uint64_t offset, uint64_t nbytes,
		const struct nv_simple_way *way)
{
	uint64_t size = 1ULL << nv->unit_shift;
	uint32_t unit = (uint32_t)((offset >> nv->unit_shift) % nv->units);
	uint64_t pieces = (nbytes + size - 1) >> nv->unit_shift;
	uint64_t units = pieces < nv->units ? pieces : nv->units;
	ns_t at = ns_max(now, nv->unit_busy[unit]) + way->delay_ns;

	ASSERT(nv->kind == NV_SIMPLE && unit < nv->units);
	do {
		at += way->time_ns;
		nv->unit_busy[unit] = at + (units > 0 ? way->trailing_ns : 0);
		units -= units > 0;
		nbytes -= nbytes < size ? nbytes : size;
		unit = unit + 1 == nv->units ? 0 : unit + 1;
	} while (nbytes > 0);
	return at;
}

static ns_t
flush(const struct nvmevirt1 *nv, ns_t now)
{
	ns_t done = now;

	nv_check(nv);
	if (nv->kind == NV_SIMPLE) {
		done = 0; /* kept on purpose: the busiest unit, even in the past */
		for (uint32_t i = 0; i < nv->units; ++i) {
			done = ns_max(done, nv->unit_busy[i]);
		}
		return done;
	}
	return ns_max(now, nvmevirt1_idle_at(nv));
}

ns_t
nvmevirt1_idle_at(const struct nvmevirt1 *nv)
{
	ns_t idle = 0;

	nv_check(nv);
	for (uint32_t i = 0; i < nv->die_count; ++i) {
		idle = ns_max(idle, nv->dies[i].busy_until);
	}
	return idle;
}

static bool
request_is_possible(const struct nvmevirt1 *nv, const struct model_io *io)
{
	bool zone_buffers = nv->kind == NV_ZONED && nv->nand.zone_buffer_nbytes;
	uint64_t buffer = zone_buffers ? nv->nand.zone_buffer_nbytes : nv->nand.buffer_nbytes;
	uint64_t end;

	nv_check(nv);
	if (nv->kind == NV_SIMPLE) {
		return true;
	}
	if (io->nbytes == 0 || __builtin_add_overflow(io->offset, io->nbytes, &end) ||
	    end > nv->namespace_nbytes) {
		return false;
	}
	return io->op == MODEL_READ || io->nbytes <= buffer;
}

bool
nvmevirt1_submit(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		 struct nvmevirt1_result *result)
{
	nv_check(nv);
	*result = (struct nvmevirt1_result){ .done = now };
	switch (io->op) {
	case MODEL_FLUSH:
		result->done = flush(nv, now);
		return true;
	case MODEL_READ:
	case MODEL_WRITE:
	case MODEL_ZONE_APPEND:
		break;
	case MODEL_KV_STORE:
	case MODEL_KV_RETRIEVE:
		if (nv->kind == NV_SIMPLE) { /* all keys are on the first unit */
			result->done = simple_transfer(
				nv, now, 0, io->nbytes,
				io->op == MODEL_KV_STORE ? &nv->write : &nv->read);
		}
		return true;
	default:
		return true;
	}
	if (!request_is_possible(nv, io)) {
		result->status = STATUS(INVALID_FIELD);
		return true;
	}
	if (nv->kind == NV_SIMPLE) {
		result->done = simple_transfer(nv, now, io->offset, io->nbytes,
					       io->op == MODEL_READ ? &nv->read : &nv->write);
		return true;
	}
	if (io->op == MODEL_READ) {
		if (nv->kind == NV_ZONED) {
			nv_zns_read(nv, now, io, result);
		} else {
			nv_conv_read(nv, now, io, result);
		}
		return true;
	}
	return nv->kind == NV_ZONED ? nv_zns_write(nv, now, io, result) :
				      nv_conv_write(nv, now, io, result);
}

void
nvmevirt1_totals(const struct nvmevirt1 *nv, struct nvmevirt1_totals *totals)
{
	nv_check(nv);
	*totals = nv->totals;
	totals->buffer_remaining = nv->buffer_nbytes;
	totals->zones_active = nv->zones_active;
	totals->zones_open = nv->zones_open;
	if (nv->kind == NV_CONVENTIONAL) {
		totals->lines = (uint64_t)NV_LINES * nv->partitions;
		for (uint32_t p = 0; p < nv->partitions; ++p) {
			totals->free_lines += nv->partition[p].free_count;
		}
	}
}

bool
nvmevirt1_line_erases(const struct nvmevirt1 *nv, uint64_t line, uint32_t *erases)
{
	nv_check(nv);
	if (nv->kind != NV_CONVENTIONAL || line >= (uint64_t)NV_LINES * nv->partitions) {
		return false;
	}
	*erases = nv->partition[line / NV_LINES].lines[line % NV_LINES].erases;
	return true;
}
