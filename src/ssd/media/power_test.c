/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Power cuts at random instants, against a model of the standard that is independent of the engine:
 *
 * * a write is durable when it had completed, and FUA, no cache, or a Flush that was submitted
 *   after its completion and had itself completed;
 * * each block holds the newest durable write to it, or any newer write, complete or in flight;
 * * a write of one atomic unit (AWUPF or NAWUPF, not across a boundary of NABSPF) is whole or
 *   absent;
 * * a zone keeps a prefix of its writes, at least the durable ones, and has no data beyond it;
 * * the number of active zones never exceeds MAR;
 * * the same seed gives the same state.
 *
 * usage: ssd_power [SEED [CUTS]]: CUTS power cuts for each drive; the seed is printed
 */
#include <base/prng.h>
#include <ssd/rig_test.h>

#define NLBA 256u
#define WRITES_MAX 400u
#define FLUSHES_MAX 40u
#define FUA (1u << 30)

static uint64_t the_seed = 1, the_cuts = 300;

struct drive {
	const char *name;
	enum ssd_power_loss policy;
	uint32_t cache_nbytes;
	uint32_t unit, boundary, offset; /* of atomic writes */
	bool no_time, zoned, meta;
};

static const struct drive *making;

static void
make(struct ssd_config *config)
{
	struct ssd_ns_config *ns = &config->ns[0];

	config->power_loss = making->policy;
	config->cache_nbytes = making->cache_nbytes;
	config->atomic_power_lba = making->unit;
	ns->nbytes = 2u << 20;
	ns->meta_nbytes = making->meta ? 8 : 0;
	ns->atomic_boundary_lba = making->boundary;
	ns->atomic_offset_lba = making->offset;
	if (making->zoned) {
		ns->kind = SSD_NS_ZNS;
		ns->zns.zone_nbytes = 64u << 10;
		ns->zns.zone_cap_nbytes = 48u << 10;
		ns->zns.max_active = ns->zns.max_open = 3;
	}
	if (!making->no_time) {
		memcpy(config->model.name, "simple", 7);
		config->model.simple = (struct model_simple_config){
			.write_delay_ns = 1000, .write_time_ns = 500, .units = 4};
	}
}

/* ---- blocks ---- */

struct write {
	uint32_t lba, nlb;
	ns_t submitted, ready;
	uint64_t order; /* of submission: several writes may share an instant */
	bool through;
};

struct world {
	struct rig *rig;
	const struct drive *drive;
	uint64_t random, hash;
	uint64_t orders;
	struct write writes[WRITES_MAX]; /* since the last cut; number i left i + 1 in its blocks */
	uint32_t nwrites;
	struct write flushes[FLUSHES_MAX];
	uint32_t nflushes;
	uint32_t base[NLBA]; /* contents before them: the state after the last cut, + WRITES_MAX */
	uint32_t torn, old, new;
};

static uint32_t
roll(struct world *world, uint32_t below)
{
	return (uint32_t)((prng_next(&world->random) >> 32) % below);
}

/* Submit a command; the clock is independent of it, so that it stays in flight */
static ns_t
submit(struct world *world, uint8_t opcode, uint32_t lba, uint32_t nlb, uint32_t flags)
{
	struct rig *rig = world->rig;
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.common.cdw12 = (nlb - 1) | flags;
	rig->work = (struct ssd_work){.sqid = 1, .dma = &rig->dma};
	ssd_begin(rig->ssd, rig->now, &cmd, &rig->work);
	assert_int_equal(rig->work.verdict, SSD_DONE);
	assert_int_equal(rig->work.status, 0);
	return rig->work.ready_at;
}

static void
fill(struct world *world, uint32_t nlb, uint32_t value)
{
	uint32_t *words = (uint32_t *)(void *)world->rig->buf;

	for (uint32_t i = 0; i < nlb * 128; ++i) {
		words[i] = value;
	}
	for (uint32_t i = 0; i < nlb * 2; ++i) {
		memcpy(world->rig->meta + i * 4, &value, 4);
	}
}

/* Does a write in flight overlap these blocks? Then their order would be undefined. */
static bool
is_busy(const struct world *world, uint32_t lba, uint32_t nlb)
{
	for (uint32_t i = 0; i < world->nwrites; ++i) {
		const struct write *write = &world->writes[i];

		if (write->ready > world->rig->now && write->lba < lba + nlb &&
		    lba < write->lba + write->nlb) {
			return true;
		}
	}
	return false;
}

static void
write_some(struct world *world)
{
	uint32_t nlb = 1 + roll(world, roll(world, 2) ? 4 : 32), lba = roll(world, NLBA - nlb + 1);
	bool fua = roll(world, 8) == 0;
	struct write *write = &world->writes[world->nwrites];

	if (world->nwrites == WRITES_MAX || is_busy(world, lba, nlb)) {
		return;
	}
	fill(world, nlb, world->nwrites + 1);
	*write = (struct write){.lba = lba, .nlb = nlb, .submitted = world->rig->now,
				.order = world->orders += 1,
				.through = fua || !world->drive->cache_nbytes};
	write->ready = submit(world, XNVME_SPEC_NVM_OPC_WRITE, lba, nlb, fua ? FUA : 0);
	world->nwrites += 1;
}

static void
flush(struct world *world)
{
	if (world->nflushes < FLUSHES_MAX) {
		struct write *flush = &world->flushes[world->nflushes++];

		flush->submitted = world->rig->now;
		flush->order = world->orders += 1;
		flush->ready = submit(world, XNVME_SPEC_NVM_OPC_FLUSH, 0, 1, 0);
	}
}

static bool
is_durable(const struct world *world, const struct write *write, ns_t now)
{
	if (write->through) {
		return write->ready <= now;
	}
	for (uint32_t i = 0; i < world->nflushes; ++i) {
		const struct write *flush = &world->flushes[i];

		if (flush->order > write->order && flush->submitted >= write->ready &&
		    flush->ready <= now) {
			return true;
		}
	}
	return false;
}

/* The contents of a block: 0, or the number of a write since the last cut plus 1, or WRITES_MAX and
 * more for earlier contents */
static uint32_t
look(struct world *world, uint32_t lba)
{
	const uint32_t *words = (const uint32_t *)(const void *)world->rig->buf;

	assert_ok(rig_read(world->rig, lba, 1));
	for (uint32_t i = 1; i < 128; ++i) {
		if (words[i] != words[0]) {
			fail_msg("block %u is torn in itself", lba);
		}
	}
	if (world->drive->meta && memcmp(world->rig->meta, words, 8) != 0) {
		fail_msg("block %u and its metadata are of different writes", lba);
	}
	return words[0];
}

static bool
covers(const struct write *write, uint32_t lba)
{
	return lba - write->lba < write->nlb;
}

static bool
is_atomic(const struct world *world, const struct write *write)
{
	const struct drive *drive = world->drive;
	uint32_t end = write->lba + write->nlb;

	if (write->nlb > drive->unit) {
		return false;
	}
	for (uint32_t lba = write->lba + 1; drive->boundary && lba < end; ++lba) {
		if ((lba + drive->boundary - drive->offset) % drive->boundary == 0) {
			return false;
		}
	}
	return true;
}

/* Of the blocks without a newer write: all of this write, or none */
static void
check_write(struct world *world, uint32_t number, const uint32_t *found)
{
	const struct write *write = &world->writes[number - 1];
	uint32_t here = 0, not = 0;

	for (uint32_t lba = write->lba; lba < write->lba + write->nlb; ++lba) {
		here += found[lba] == number;
		not += found[lba] < number || found[lba] > WRITES_MAX;
	}
	if (here && not && is_atomic(world, write)) {
		fail_msg("write %u of blocks %u+%u is torn, and it is atomic", number, write->lba,
			 write->nlb);
	}
	world->torn += here && not;
	world->new += here && !not;
	world->old += not && !here;
}

static void
check_block(struct world *world, uint32_t lba, uint32_t found, ns_t now)
{
	uint32_t i = world->nwrites;

	for (; i > 0; --i) {
		const struct write *write = &world->writes[i - 1];

		if (!covers(write, lba)) {
			continue;
		}
		if (found == i) {
			return;
		}
		if (is_durable(world, write, now)) {
			fail_msg("block %u holds %u, but write %u is durable", lba, found, i);
		}
	}
	if (found != world->base[lba]) {
		fail_msg("block %u holds %u, which no write left there", lba, found);
	}
}

static void
cut_blocks(struct world *world)
{
	ns_t now = world->rig->now;
	uint32_t found[NLBA];

	ssd_power_cut(world->rig->ssd, now);
	for (uint32_t lba = 0; lba < NLBA; ++lba) {
		found[lba] = look(world, lba);
		check_block(world, lba, found[lba], now);
		world->hash = prng_mix(world->hash ^ found[lba]);
	}
	for (uint32_t i = 1; i <= world->nwrites; ++i) {
		check_write(world, i, found);
	}
	/* the current contents are the start for later cuts: renumber them */
	world->nwrites = world->nflushes = 0;
	for (uint32_t lba = 0; lba < NLBA; ++lba) {
		world->base[lba] = WRITES_MAX + 1 + lba;
		fill(world, 1, world->base[lba]);
		world->rig->now = submit(world, XNVME_SPEC_NVM_OPC_WRITE, lba, 1, FUA);
	}
}

static void
run_blocks(struct world *world)
{
	for (uint64_t cut = 0; cut < the_cuts; ++cut) {
		for (uint32_t steps = roll(world, 60); steps > 0; --steps) {
			if (roll(world, 10) == 0) {
				flush(world);
			} else {
				write_some(world);
			}
			world->rig->now += roll(world, 3000);
		}
		cut_blocks(world);
	}
}

static uint64_t
run(const struct drive *drive, uint64_t seed, void (*body)(struct world *world))
{
	struct world *world = calloc(1, sizeof(*world));
	uint64_t hash;

	assert_non_null(world);
	making = drive;
	world->drive = drive;
	world->rig = rig_new(make);
	world->random = seed;
	body(world);
	printf("%-28s %u torn, %u old, %u new\n", drive->name, world->torn, world->old, world->new);
	if (drive->policy == SSD_POWER_LOSS_TORN && the_cuts >= 100) {
		assert_true(world->torn && world->old && world->new);
	} else if (drive->policy == SSD_POWER_LOSS_RANDOM) {
		assert_true(world->torn == 0);
	}
	hash = world->hash;
	rig_free(world->rig);
	free(world);
	return hash;
}

static void
blocks_are_what_was_promised(void **state)
{
	static const struct drive drives[] = {
		{"all, cache", SSD_POWER_LOSS_ALL, .cache_nbytes = 1 << 20, .unit = 1},
		{"all, small cache", SSD_POWER_LOSS_ALL, .cache_nbytes = 65536, .unit = 1},
		{"all, no cache", SSD_POWER_LOSS_ALL, .unit = 1},
		{"random, cache", SSD_POWER_LOSS_RANDOM, .cache_nbytes = 1 << 20, .unit = 1},
		{"random, no cache", SSD_POWER_LOSS_RANDOM, .unit = 1},
		{"torn, cache", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 1},
		{"torn, small cache", SSD_POWER_LOSS_TORN, .cache_nbytes = 65536, .unit = 4},
		{"torn, no cache", SSD_POWER_LOSS_TORN, .unit = 1},
		{"torn, no cache, unit of 8", SSD_POWER_LOSS_TORN, .unit = 8},
		{"torn, borders", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 8,
		 .boundary = 16, .offset = 5},
		{"torn, metadata", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 2,
		 .meta = true},
		{"torn, no time", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 1,
		 .no_time = true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(drives) / sizeof(drives[0]); ++i) {
		run(&drives[i], the_seed + i, run_blocks);
	}
}

/* ---- zones ---- */

#define ZONES 32u
#define ZONE_NLB 128u
#define ZONE_CAP 96u

struct zone {
	uint32_t numbers[ZONE_CAP]; /* the write that each block belongs to */
	ns_t ready[ZONE_CAP];
	uint64_t order[ZONE_CAP];
	bool through[ZONE_CAP];
	uint32_t written;
	bool finished;
};

static struct zone zones[ZONES];
static uint32_t next_number;

static uint16_t
zone_write(struct world *world, uint32_t index, uint32_t nlb, bool append, bool fua)
{
	struct rig *rig = world->rig;
	struct xnvme_spec_cmd cmd = {0};
	struct zone *zone = &zones[index];

	cmd.common.opcode = append ? XNVME_SPEC_ZND_OPC_APPEND : XNVME_SPEC_NVM_OPC_WRITE;
	cmd.common.nsid = 1;
	cmd.nvm.slba = index * ZONE_NLB + (append ? 0 : zone->written);
	cmd.common.cdw12 = (nlb - 1) | (fua ? FUA : 0);
	fill(world, nlb, next_number += 1);
	rig->work = (struct ssd_work){.sqid = 1, .dma = &rig->dma};
	ssd_begin(rig->ssd, rig->now, &cmd, &rig->work);
	if (rig->work.status) {
		return rig->work.status & 0x7FF;
	}
	world->orders += 1;
	for (uint32_t i = zone->written; i < zone->written + nlb; ++i) {
		zone->order[i] = world->orders;
		zone->numbers[i] = next_number;
		zone->ready[i] = rig->work.ready_at;
		zone->through[i] = fua || !world->drive->cache_nbytes;
	}
	zone->written += nlb;
	return 0;
}

static void
zone_manage(struct world *world, uint32_t index, uint32_t action)
{
	struct rig *rig = world->rig;
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	cmd.common.nsid = 1;
	cmd.nvm.slba = index * ZONE_NLB;
	cmd.common.cdw13 = action;
	assert_ok(rig_io(rig, &cmd));
	if (action == XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET) {
		memset(&zones[index], 0, sizeof(zones[index]));
	} else {
		zones[index].finished = true;
	}
}

static void
zone_step(struct world *world)
{
	uint32_t index = roll(world, ZONES), nlb = 1 + roll(world, 32);
	struct zone *zone = &zones[index];
	uint32_t kind = roll(world, 40);
	uint16_t status;

	if (kind == 0) {
		flush(world);
	} else if (zone->finished || zone->written == ZONE_CAP) {
		if (kind < 12) {
			zone_manage(world, index, XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET);
		}
	} else if (kind < 3 && zone->written) {
		zone_manage(world, index, XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH);
	} else {
		nlb = nlb < ZONE_CAP - zone->written ? nlb : ZONE_CAP - zone->written;
		status = zone_write(world, index, nlb, kind & 1, kind % 7 == 0);
		if (status) { /* the only expected error */
			assert_int_equal(status, STATUS(ZND_TOO_MANY_ACTIVE));
		}
	}
}

static uint32_t
durable_of(const struct world *world, const struct zone *zone, ns_t now)
{
	uint32_t durable = 0;

	for (uint32_t i = 0; i < zone->written; ++i) {
		struct write write = {.ready = zone->ready[i], .order = zone->order[i],
				      .through = zone->through[i]};

		if (is_durable(world, &write, now)) {
			durable = i + 1; /* and all earlier ones: a zone has no holes */
		}
	}
	return durable;
}

/* The write pointer within the zone, and its state */
static uint32_t
report(struct world *world, uint32_t index, uint8_t *state)
{
	struct xnvme_spec_znd_descr descr;
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_RECV;
	cmd.common.nsid = 1;
	cmd.znd.mgmt_recv.slba = index * ZONE_NLB;
	cmd.znd.mgmt_recv.ndwords = 31;
	cmd.znd.mgmt_recv.partial = 1;
	assert_ok(rig_io(world->rig, &cmd));
	memcpy(&descr, world->rig->buf + 64, sizeof(descr));
	*state = descr.zs;
	return descr.zs == XNVME_SPEC_ZND_STATE_FULL ? ZONE_CAP
						     : (uint32_t)(descr.wp - descr.zslba);
}

static bool
check_zone(struct world *world, uint32_t index, ns_t now)
{
	struct zone *zone = &zones[index];
	uint32_t durable = durable_of(world, zone, now), written = zone->written, wp;
	uint8_t state;

	wp = report(world, index, &state);
	if (zone->finished) {
		assert_int_equal(state, XNVME_SPEC_ZND_STATE_FULL);
	} else {
		if (wp < durable || wp > written) {
			fail_msg("zone %u has its write pointer at %u; %u durable, %u written",
				 index, wp, durable, written);
		}
		/* at the end of a write, or within it? */
		bool within = wp && wp < written && zone->numbers[wp] == zone->numbers[wp - 1];

		world->new += wp == written;
		world->old += wp < written && !within;
		world->torn += within;
		zone->written = wp;
	}
	for (uint32_t i = 0; i < ZONE_CAP; ++i) {
		uint32_t found = look(world, index * ZONE_NLB + i);

		if (found != (i < zone->written ? zone->numbers[i] : 0)) {
			fail_msg("zone %u, block %u holds %u, not %u; write pointer %u", index, i,
				 found, zone->numbers[i], wp);
		}
	}
	for (uint32_t i = 0; i < zone->written; ++i) { /* the surviving blocks are durable */
		zone->ready[i] = 0;
		zone->through[i] = true;
	}
	world->hash = prng_mix(world->hash ^ wp);
	return state != XNVME_SPEC_ZND_STATE_EMPTY && state != XNVME_SPEC_ZND_STATE_FULL;
}

static void
run_zones(struct world *world)
{
	memset(zones, 0, sizeof(zones));
	next_number = 0;
	for (uint64_t cut = 0; cut < the_cuts; ++cut) {
		uint32_t active = 0;
		ns_t now;

		for (uint32_t steps = roll(world, 120); steps > 0; --steps) {
			zone_step(world);
			world->rig->now += roll(world, 4000);
		}
		now = world->rig->now;
		ssd_power_cut(world->rig->ssd, now);
		for (uint32_t i = 0; i < ZONES; ++i) {
			active += check_zone(world, i, now);
		}
		assert_true(active <= 3);
		world->nflushes = 0;
	}
}

static const struct drive zoned_drives[] = {
	{"zones: all, cache", SSD_POWER_LOSS_ALL, .cache_nbytes = 1 << 20, .unit = 1,
	 .zoned = true},
	{"zones: random, small cache", SSD_POWER_LOSS_RANDOM, .cache_nbytes = 65536, .unit = 1,
	 .zoned = true},
	{"zones: torn, cache", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 1,
	 .zoned = true},
	{"zones: torn, no cache", SSD_POWER_LOSS_TORN, .unit = 2, .zoned = true},
	{"zones: all, no cache", SSD_POWER_LOSS_ALL, .unit = 1, .zoned = true},
	{"zones: torn, no time", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20, .unit = 4,
	 .zoned = true, .no_time = true},
};

static void
zones_are_what_was_promised(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(zoned_drives) / sizeof(zoned_drives[0]); ++i) {
		run(&zoned_drives[i], the_seed + 100 + i, run_zones);
	}
}

static void
the_same_seed_leaves_the_same(void **state)
{
	const struct drive drive = {"twice", SSD_POWER_LOSS_TORN, .cache_nbytes = 1 << 20,
				    .unit = 1};
	uint64_t cuts = the_cuts;

	(void)state;
	the_cuts = 20;
	assert_true(run(&drive, the_seed, run_blocks) == run(&drive, the_seed, run_blocks));
	assert_true(run(&drive, the_seed, run_blocks) != run(&drive, the_seed + 1, run_blocks));
	assert_true(run(&zoned_drives[2], the_seed, run_zones) ==
		    run(&zoned_drives[2], the_seed, run_zones));
	the_cuts = cuts;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_what_was_promised),
		cmocka_unit_test(zones_are_what_was_promised),
		cmocka_unit_test(the_same_seed_leaves_the_same),
	};

	if (argc > 1) {
		the_seed = strtoull(argv[1], NULL, 0);
	}
	if (argc > 2) {
		the_cuts = strtoull(argv[2], NULL, 0);
	}
	printf("seed=%llu\n", (unsigned long long)the_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
