/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The simple model: U units work in parallel, unit u holds every U-th piece of 2^shift bytes. A
 * request first waits `delay` without occupying a unit (so that latency does not cost bandwidth).
 * Then each of its pieces takes `time` on its own unit, after the unit's earlier work; the request
 * completes with its last piece.
 *
 *   latency of one piece on an idle SSD = delay + time
 *   bandwidth = units * 2^shift / (time + trailing)
 *
 * NVMeVirt's simple model, which has the same parameters, runs the pieces one after another,
 * overwrites the busy times of all units but the first, and lets the delay occupy the unit;
 * nvmevirt1.c reproduces it exactly.
 */
#include <base/assert.h>
#include <base/likely.h>
#include <ssd/time/model.h>

#define UNITS_DEFAULT 8 /* NVMeVirt's nr_io_units and io_unit_shift */
#define UNIT_SHIFT_DEFAULT 12

/* One direction: a request waits `delay`, then needs `time` for each piece */
struct way {
	ns_t delay_ns, time_ns;
	ns_t trailing_ns; /* the unit stays busy for this time after its piece is ready */
};

struct simple {
	struct way read, write;
	uint32_t units;
	uint32_t unit_shift;
	uint64_t unit_mask;   /* units - 1 when units is a power of two, else 0 */
	uint64_t piece_mask;  /* mask of the offset in a piece */
	uint64_t mask_nbytes; /* size of a piece when units is a power of two, else 0 */
	ns_t busy_until[];
};

static void
simple_check(const struct simple *simple)
{
	ASSERT(simple->units > 0 && simple->units <= MODEL_UNITS_MAX);
	ASSERT(simple->unit_mask == 0 || simple->unit_mask == simple->units - 1);
	ASSERT(simple->piece_mask == (1ULL << simple->unit_shift) - 1);
}

static struct simple *
simple_of(struct model *model)
{
	return (struct simple *)model;
}

static uint32_t
units_of(const struct model_simple_config *config)
{
	return config->units ? config->units : UNITS_DEFAULT;
}

static uint32_t
unit_shift_of(const struct model_simple_config *config)
{
	return config->unit_shift ? config->unit_shift : UNIT_SHIFT_DEFAULT;
}

static const char *
simple_wrong(const struct model_simple_config *config)
{
	if (units_of(config) > MODEL_UNITS_MAX) {
		return "the simple model has at most 1024 units: lower `units`";
	}
	if (unit_shift_of(config) < 9 || unit_shift_of(config) > 30) {
		return "a unit of the simple model covers 2^9 to 2^30 bytes: change `unit_shift`";
	}
	return NULL;
}

static size_t
simple_bytes_needed(const struct model_config *config, uint64_t media_nbytes)
{
	(void)media_nbytes;
	if (simple_wrong(&config->simple)) {
		return 0;
	}
	return sizeof(struct simple) + units_of(&config->simple) * sizeof(ns_t);
}

static int
simple_init(struct model *model, const struct model_config *config, uint64_t media_nbytes,
	    uint64_t seed, const char **why)
{
	const struct model_simple_config *from = &config->simple;
	struct simple *simple = simple_of(model);
	uint32_t units = units_of(from);

	(void)media_nbytes;
	(void)seed;
	*why = simple_wrong(from);
	if (*why) {
		return -ENV_EINVAL;
	}
	*simple = (struct simple){
		.read = {from->read_delay_ns, from->read_time_ns, from->read_trailing_ns},
		.write = {from->write_delay_ns, from->write_time_ns, from->write_trailing_ns},
		.units = units,
		.unit_shift = unit_shift_of(from),
		.unit_mask = (units & (units - 1)) == 0 ? units - 1 : 0,
		.piece_mask = (1ULL << unit_shift_of(from)) - 1,
		.mask_nbytes = (units & (units - 1)) == 0 ? 1ULL << unit_shift_of(from) : 0,
	};
	memset(simple->busy_until, 0, units * sizeof(ns_t));
	simple_check(simple);
	return 0;
}

static uint32_t
first_unit(const struct simple *simple, uint64_t piece)
{
	simple_check(simple);
	if (simple->unit_mask || simple->units == 1) {
		return (uint32_t)(piece & simple->unit_mask);
	}
	return (uint32_t)(piece % simple->units);
}

/* Reserve the units of `nbytes` at `offset`; returns the instant when the last piece is done */
static ns_t __attribute__((noinline))
transfer_pieces(struct simple *simple, ns_t now, uint64_t offset, uint64_t nbytes,
		const struct way *way)
{
	uint32_t units = simple->units;
	uint32_t shift = simple->unit_shift;
	uint64_t in_first = offset & ((1ULL << shift) - 1);
	uint64_t pieces = (in_first + nbytes + (1ULL << shift) - 1) >> shift;
	uint32_t unit = first_unit(simple, offset >> shift);
	uint64_t share = 1, longer = pieces;
	ns_t start = now + way->delay_ns;
	ns_t done = start;

	if (pieces > units) { /* the first `longer` units get one piece more than the others */
		share = pieces / units + 1;
		longer = pieces % units;
		pieces = units;
	}
	ASSERT(unit < units && pieces <= units);
	for (uint64_t i = 0; i < pieces; ++i) {
		uint64_t count = i < longer ? share : share - 1;
		ns_t end = ns_max(start, simple->busy_until[unit]) + count * way->time_ns;

		simple->busy_until[unit] = end + way->trailing_ns;
		done = ns_max(done, end);
		unit = unit + 1 == units ? 0 : unit + 1;
	}
	return done;
}

/* The same: most requests are one piece */
static inline ns_t
simple_transfer(struct simple *simple, ns_t now, uint64_t offset, uint64_t nbytes,
		const struct way *way)
{
	ns_t *busy_until;
	ns_t end;

	simple_check(simple);
	if (UNLIKELY((offset & simple->piece_mask) + nbytes - 1 >= simple->mask_nbytes)) {
		return transfer_pieces(simple, now, offset, nbytes, way);
	}
	busy_until = &simple->busy_until[(offset >> simple->unit_shift) & simple->unit_mask];
	ASSERT(busy_until < simple->busy_until + simple->units);
	end = ns_max(now + way->delay_ns, *busy_until) + way->time_ns;
	*busy_until = end + way->trailing_ns;
	return end;
}

static ns_t
simple_flush(const struct simple *simple, ns_t now)
{
	simple_check(simple);
	for (uint32_t unit = 0; unit < simple->units; ++unit) {
		now = ns_max(now, simple->busy_until[unit]);
	}
	return now;
}

/* A value starts on its own unit, by Fibonacci hashing (Knuth 6.4) of its offset */
static uint64_t
key_place(const struct simple *simple, const struct model_io *io)
{
	simple_check(simple);
	return ((io->offset * 0x9E3779B97F4A7C15ULL) >> 32) << simple->unit_shift;
}

/* Operations other than a read or a write */
static ns_t __attribute__((noinline))
begin_other(struct simple *simple, ns_t now, const struct model_io *io)
{
	ASSERT(io->op != MODEL_READ && io->op != MODEL_WRITE);
	switch (io->op) {
	case MODEL_ZONE_APPEND:
		return simple_transfer(simple, now, io->offset, io->nbytes, &simple->write);
	case MODEL_KV_RETRIEVE:
		return simple_transfer(simple, now, key_place(simple, io), io->nbytes,
				       &simple->read);
	case MODEL_KV_STORE:
		return simple_transfer(simple, now, key_place(simple, io), io->nbytes,
				       &simple->write);
	case MODEL_FLUSH:
		return simple_flush(simple, now);
	case MODEL_READ:
	case MODEL_WRITE:
	case MODEL_TRIM:
	case MODEL_ZONE_RESET:
	case MODEL_ZONE_FINISH:
	case MODEL_OTHER:
	default:
		return now;
	}
}

/* Budget: 120 instructions including the engine; measured by bench/engine_cost.py */
static ns_t
simple_begin(struct model *model, ns_t now, const struct model_io *io)
{
	struct simple *simple = simple_of(model);

	if (LIKELY(io->op == MODEL_READ)) {
		return simple_transfer(simple, now, io->offset, io->nbytes, &simple->read);
	}
	if (LIKELY(io->op == MODEL_WRITE)) {
		return simple_transfer(simple, now, io->offset, io->nbytes, &simple->write);
	}
	return begin_other(simple, now, io);
}

static ns_t
simple_tick(struct model *model, ns_t now)
{
	(void)model;
	(void)now;
	return NS_NEVER;
}

static void
simple_stats(const struct model *model, struct model_stats *stats)
{
	(void)model;
	*stats = (struct model_stats){0};
}

static bool
simple_line_erases(const struct model *model, uint64_t line, uint32_t *erases)
{
	(void)model;
	(void)line;
	(void)erases;
	return false;
}

const struct model_ops model_simple = {
	.name = "simple",
	.bytes_needed = simple_bytes_needed,
	.init = simple_init,
	.begin = simple_begin,
	.tick = simple_tick,
	.stats = simple_stats,
	.line_erases = simple_line_erases,
};
