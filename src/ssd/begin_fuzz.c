/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as commands, host memory that is short, scattered or fails, resets and power cuts in
 * between: ssd_begin() completes each with a status, an SSD_HELD or an SSD_LOST, and accesses only
 * its own memory. Built for libFuzzer with -Dfuzzers=true, and driven by a seeded generator in
 * begin_test.c.
 *
 * With damage: the same, and in between the tables on the media are changed while the power is off.
 * The SSD refuses them with a sentence, or continues with the valid part, and accesses only its own
 * memory.
 */
#include <stdlib.h>
#include <string.h>
#include <ssd/begin_fuzz.h>
#include <ssd/engine.h>
#include <ssd/fault.h>
#include <ssd/layout.h>

#define HOST_NBYTES (256u << 10)
#define NS_NBYTES (1u << 20)
#define GUARD_NBYTES 4096u
#define GUARD_BYTE 0xA5

/* The bytes of the fuzzer, followed by zeroes */
struct bytes {
	const uint8_t *at;
	size_t left;
};

struct fuzz {
	struct ssd *ssd;
	uint8_t *memory, *media;
	uint64_t media_nbytes;
	size_t memory_nbytes;
	ns_t now;
	uint8_t host[HOST_NBYTES], meta[HOST_NBYTES];
	struct ssd_dma dma;
	bool fails;
	uint64_t moved;
	bool damages; /* media may be changed while the power is off */
	bool damaged; /* ... and have been */
	bool refused; /* the SSD refused the media */
};

static uint64_t
take(struct bytes *bytes, size_t nbytes)
{
	uint64_t value = 0;

	nbytes = nbytes < bytes->left ? nbytes : bytes->left;
	memcpy(&value, bytes->at, nbytes);
	bytes->at += nbytes;
	bytes->left -= nbytes;
	return value;
}

static struct fuzz *current;

static uint16_t
in(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes)
{
	(void)dma;
	if (offset + nbytes > HOST_NBYTES) {
		abort();
	}
	memcpy(dst, current->host + offset, nbytes);
	return current->fails && (current->moved += nbytes) > 8192 ? 0x0004 : 0;
}

static uint16_t
out(const struct ssd_dma *dma, uint64_t offset, const void *src, size_t nbytes)
{
	(void)dma;
	if (offset + nbytes > HOST_NBYTES) {
		abort();
	}
	memcpy(current->host + offset, src, nbytes);
	return current->fails && (current->moved += nbytes) > 8192 ? 0x0004 : 0;
}

/* Data placement instead of zones and keys */
static void
configure_placement(struct ssd_config *config)
{
	config->ns[2] = config->ns[3] = (struct ssd_ns_config){.nbytes = NS_NBYTES};
	config->ns[0].fdp_nhandles = 3;
	config->fdp = (struct ssd_fdp_config){.enabled = true,
					      .groups = 3,
					      .handles = 5,
					      .unit_nbytes = 65536,
					      .unit_seconds = 100};
}

static void
configure(struct ssd_config *config, uint64_t choice)
{
	ssd_config_default(config);
	config->mdts = 5;
	config->metadata = true;
	config->nvm_nbytes = 5u << 20;
	config->ns[0].nbytes = NS_NBYTES;
	config->ns[1].nbytes = NS_NBYTES;
	config->ns[1].lba_nbytes = 4096;
	config->ns[1].meta_nbytes = 16;
	config->ns[1].meta_extended = choice & 1;
	config->ns[1].pi_type = (uint8_t)((choice >> 1) & 3);
	config->ns[1].pi_guard_bits = choice & 8 ? 64 : 16;
	config->ns[2].kind = SSD_NS_ZNS;
	config->ns[2].nbytes = NS_NBYTES;
	config->ns[2].zns = (struct ssd_zns_config){.zone_nbytes = 65536,
						    .zone_cap_nbytes = 61440,
						    .max_open = 3,
						    .max_active = 5,
						    .zrwa_count = 2,
						    .zrwa_nbytes = 16384,
						    .zrwa_flush_nbytes = 4096,
						    .descriptor_nbytes = 64};
	config->ns[3].kind = SSD_NS_KV;
	config->ns[3].nbytes = NS_NBYTES;
	if (choice & 128) {
		configure_placement(config);
	}
	config->cache_nbytes = choice & 16 ? 128u << 10 : 0;
	config->power_loss = choice & 32 ? choice & 64 ? SSD_POWER_LOSS_TORN : SSD_POWER_LOSS_RANDOM
					 : SSD_POWER_LOSS_ALL;
	if (choice & 64) {
		memcpy(config->model.name, "simple", 7);
		config->model.simple = (struct model_simple_config){
			.read_delay_ns = 10, .read_time_ns = 20, .write_time_ns = 30};
	}
}

static void
power_up(struct fuzz *fuzz, const struct ssd_config *config)
{
	const char *why = NULL;

	memset(fuzz->memory, 0, fuzz->memory_nbytes);
	if (ssd_init(&fuzz->ssd, fuzz->memory, fuzz->memory_nbytes, config, fuzz->media, 7, &why)) {
		fuzz->refused = true;
		if (!fuzz->damaged || !why) {
			abort(); /* media of the same engine are always restored */
		}
	}
}

static void
begin_one(struct fuzz *fuzz, struct bytes *bytes)
{
	struct xnvme_spec_cmd cmd = {0};
	uint64_t shape = take(bytes, 2);
	struct ssd_work work = {.sqid = shape & 3, .dma = &fuzz->dma};
	uint8_t *raw = (uint8_t *)&cmd;

	raw[0] = (uint8_t)take(bytes, 1);
	raw[1] = (uint8_t)(shape & 0x100 ? take(bytes, 1) : 0);
	cmd.common.cid = (uint16_t)take(bytes, 1);
	/* mostly existing namespaces, so that commands succeed */
	cmd.common.nsid = shape & 0x200 ? (uint32_t)take(bytes, 4) : (uint32_t)(shape >> 4 & 3);
	for (uint32_t at = 40; at < 64; at += 4) {
		uint32_t size = shape & (0x400u << (at / 16 - 2)) ? 4 : 1;
		uint32_t value = (uint32_t)take(bytes, size);

		memcpy(raw + at, &value, 4);
	}
	fuzz->dma.flat = shape & 0x4000 ? NULL : fuzz->host;
	fuzz->dma.meta_flat = shape & 0x4000 ? NULL : fuzz->meta;
	fuzz->dma.nbytes = shape & 0x8000 ? take(bytes, 2) : HOST_NBYTES;
	fuzz->dma.meta_nbytes = shape & 0x8000 ? take(bytes, 1) : HOST_NBYTES;
	fuzz->dma.start = fuzz->host;
	fuzz->dma.start_nbytes = fuzz->dma.flat ? fuzz->dma.nbytes : 0;
	fuzz->fails = shape & 0x1000;
	fuzz->moved = 0;
	ssd_begin(fuzz->ssd, fuzz->now, &cmd, &work);
	if (work.ready_at < fuzz->now || work.verdict > SSD_CUT || (work.status & 0x8000)) {
		abort();
	}
	if (work.verdict == SSD_DONE && (shape & 4)) {
		fuzz->now = work.ready_at;
	}
}

/* Change bytes of the tables: few, like a bad sector or a wrong edit, and likely values */
static void
damage(struct fuzz *fuzz, struct bytes *bytes, const struct ssd_config *config)
{
	struct ssd_layout layout;
	uint64_t nbytes, at, span, value;

	if (!fuzz->damages || layout_of(config, &layout)) {
		return;
	}
	for (uint64_t count = take(bytes, 1) & 3; count < 4; ++count) {
		uint64_t place = take(bytes, 4);

		/* mostly in tables other than bitmaps and user data */
		at = place & 2 && layout.zones < layout.media_nbytes ? layout.zones : layout.saved;
		span = place & 1 ? sizeof(struct saved) : layout.media_nbytes - at;
		at += (place >> 2) % ns_min(span, layout.media_nbytes - at);
		nbytes = 1ULL << (take(bytes, 1) & 3);
		value = take(bytes, 1) & 1 ? take(bytes, 1) : take(bytes, 8);
		nbytes = ns_min(nbytes, layout.media_nbytes - at);
		memcpy(fuzz->media + at, &value, nbytes);
	}
	fuzz->damaged = true;
	power_up(fuzz, config);
}

static void
disturb(struct fuzz *fuzz, struct bytes *bytes, const struct ssd_config *config)
{
	struct ssd_fault fault = {.action = (enum ssd_fault_action)(take(bytes, 1) % 6),
				  .skip = take(bytes, 1) & 7,
				  .count = 1,
				  .status = 0x0006,
				  .delay_ns = take(bytes, 8)};

	switch (take(bytes, 1) & 7) {
	case 0:
		ssd_reset(fuzz->ssd, fuzz->now, SSD_EVERYBODY);
		break;
	case 1:
		ssd_power_cut(fuzz->ssd, fuzz->now);
		break;
	case 2:
		ssd_shutdown(fuzz->ssd, fuzz->now, take(bytes, 1) & 1);
		break;
	case 3:
		power_up(fuzz, config);
		break;
	case 4:
		fuzz->now += take(bytes, 5);
		ssd_tick(fuzz->ssd, fuzz->now);
		break;
	case 5:
		ssd_fault_plan(fuzz->ssd, &fault, 1);
		break;
	default:
		damage(fuzz, bytes, config);
		break;
	}
}

static void
check_guards(const struct fuzz *fuzz)
{
	for (uint32_t i = 0; i < GUARD_NBYTES; ++i) {
		if (fuzz->memory[fuzz->memory_nbytes + i] != GUARD_BYTE ||
		    fuzz->media[fuzz->media_nbytes + i] != GUARD_BYTE) {
			abort();
		}
	}
}

static uint64_t
fuzz_run(const uint8_t *data, size_t nbytes, bool damages)
{
	struct bytes bytes = {data, nbytes};
	struct ssd_config config;
	struct ssd_event event;
	struct fuzz *fuzz = calloc(1, sizeof(*fuzz));
	uint64_t hash;

	fuzz->damages = damages;
	configure(&config, take(&bytes, 1));
	config.journal = damages && take(&bytes, 1) & 1;
	fuzz->memory_nbytes = ssd_bytes_needed(&config);
	fuzz->media_nbytes = ssd_media_bytes(&config);
	fuzz->memory = aligned_alloc(64, (fuzz->memory_nbytes + GUARD_NBYTES + 63) / 64 * 64);
	fuzz->media = calloc(1, fuzz->media_nbytes + GUARD_NBYTES);
	memset(fuzz->memory + fuzz->memory_nbytes, GUARD_BYTE, GUARD_NBYTES);
	memset(fuzz->media + fuzz->media_nbytes, GUARD_BYTE, GUARD_NBYTES);
	fuzz->dma =
		(struct ssd_dma){.copy_in = in, .copy_out = out, .meta_in = in, .meta_out = out};
	current = fuzz;
	power_up(fuzz, &config);
	while (bytes.left > 0 && !fuzz->refused) {
		if (take(&bytes, 1) < 8) {
			disturb(fuzz, &bytes, &config);
		} else {
			begin_one(fuzz, &bytes);
		}
		while (!fuzz->refused && ssd_next_event(fuzz->ssd, fuzz->now, 0, &event)) {
		}
	}
	check_guards(fuzz);
	hash = fuzz->refused ? 0 : ssd_trace_hash(fuzz->ssd);
	free(fuzz->memory);
	free(fuzz->media);
	free(fuzz);
	return hash;
}

uint64_t
fuzz_begin(const uint8_t *data, size_t nbytes)
{
	return fuzz_run(data, nbytes, false);
}

uint64_t
fuzz_media(const uint8_t *data, size_t nbytes)
{
	return fuzz_run(data, nbytes, true);
}
