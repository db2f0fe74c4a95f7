/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The entry points: ssd_init() and the restore of media, ssd_begin() with its fast and its slow
 * path, ticks, resets and power cuts. ssd.h explains the engine.
 */
#include <base/bits.h>
#include <base/prng.h>
#include <ssd/check.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/timer.h>
#include <ssd/fault.h>
#include <ssd/fdp/fdp.h>
#include <ssd/hot.h>
#include <ssd/identity.h>
#include <ssd/kind.h>
#include <ssd/layout.h>
#include <ssd/media/cache.h>
#include <ssd/media/media.h>
#include <ssd/nvm/fused.h>
#include <ssd/nvm/nvm.h>

#define SAVED_MAGIC 0x31445353766E7658ULL /* "XvnvSSD1" */
#define SAVED_VERSION 2

static void
bind(struct ssd *ssd, const struct ssd_layout *layout, uint8_t *memory, uint8_t *media)
{
	uint8_t *tables = media ? media : memory + layout->tables;

	ASSERT((media == NULL) == (layout->media_nbytes == 0));
	ssd->data = media ? media + layout->data : NULL;
	ssd->meta = media && layout->meta_nbytes ? media + layout->meta : NULL;
	ssd->saved = (struct saved *)(void *)(tables + layout->saved);
	if (media && ssd->config.journal) {
		ssd->journal = (struct journal *)(void *)(media + layout->journal);
	}
	ssd->written = (uint64_t *)(void *)(tables + layout->written);
	ssd->bad = (uint64_t *)(void *)(tables + layout->bad);
	ssd->chunks = (uint64_t *)(void *)(tables + layout->chunks);
	ssd->zns.zones = (struct saved_zone *)(void *)(tables + layout->zones);
	ssd->zns.descriptors = tables + layout->zone_descriptors;
	ssd->zns.zone_nbytes_min = layout->zone_nbytes_min;
	ssd->zns.descriptor_nbytes = layout->zone_descriptor_nbytes;
	ssd->kv.tables = tables + layout->kv;
	ssd->kv.chunks = (uint64_t *)(void *)(tables + layout->kv_chunks);
	ssd->pool_nbytes = layout->pool_nbytes;
	ssd->meta_pool_nbytes = layout->meta_nbytes;
	ssd->model = (struct model *)(void *)(memory + layout->model);
	cache_init(&ssd->cache, memory + layout->ring, cache_memory_nbytes(&ssd->config));
}

/* Restore the state on the media, or initialize new media. *was_left: the last shutdown was
 * unclean */
static const char *
restore(struct ssd *ssd, uint64_t fingerprint, bool *was_left)
{
	struct saved *saved = ssd->saved;
	bool is_new = saved->magic == 0;
	const char *why;

	if (is_new) {
		(void)precondition_remember(ssd, true);
		saved->version = SAVED_VERSION;
		saved->fingerprint = fingerprint;
		memset(saved->ns, 0, sizeof(saved->ns));
		ns_create_configured(ssd);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		saved->magic = SAVED_MAGIC; /* last: the process may end before */
	} else if (saved->magic != SAVED_MAGIC || saved->version != SAVED_VERSION) {
		return "the media holds something else: choose another file, or empty this one";
	} else if (saved->fingerprint != fingerprint) {
		return "the media was made by an SSD of another capacity or other namespaces: give "
		       "the "
		       "same configuration, or choose another file";
	} else if (!journal_undo(ssd)) {
		return "the media's journal is damaged: choose another file, or empty this one";
	}
	ns_saved_undo(ssd);
	if (!ns_saved_is_sane(ssd) || !fdp_saved_is_sane(ssd)) {
		return "the media's namespace table is damaged: choose another file, or empty this "
		       "one";
	}
	why = is_new ? NULL : precondition_remember(ssd, false);
	if (why) {
		return why;
	}
	*was_left = saved->power_cycles > 0 && !saved->clean;
	saved->unsafe_shutdowns += *was_left;
	saved->power_cycles += 1;
	saved->clean = 0;
	return NULL;
}

/* Start each namespace from its saved state. `restored`: power was off, other state is lost */
static void
start_namespaces(struct ssd *ssd, bool restored, bool was_left)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_kind *kind = ssd->ns[i].ops;

		if (was_left && kind->recover) {
			kind->recover(ssd, i);
		}
		if (restored && kind->restore) {
			kind->restore(ssd, i);
		}
		if (kind->reset) {
			kind->reset(ssd, i);
		}
	}
}

static void
fill_defaults(struct ssd_config *config)
{
	struct ssd_config plain;

	ssd_config_default(&plain);
	config->io_queues = config->io_queues ? config->io_queues : plain.io_queues;
	config->queue_entries = config->queue_entries ? config->queue_entries : plain.queue_entries;
	config->doorbell_stride =
		config->doorbell_stride ? config->doorbell_stride : plain.doorbell_stride;
	config->aer_limit = config->aer_limit ? config->aer_limit : plain.aer_limit;
	config->atomic_lba = config->atomic_lba ? config->atomic_lba : plain.atomic_lba;
	config->atomic_power_lba =
		config->atomic_power_lba ? config->atomic_power_lba : plain.atomic_power_lba;
	config->ns_max = config->ns_max ? config->ns_max : plain.ns_max;
	config->temperature_k = config->temperature_k ? config->temperature_k : plain.temperature_k;
	config->fdp.groups = config->fdp.groups ? config->fdp.groups : 1;
	config->fdp.handles = config->fdp.handles ? config->fdp.handles : SSD_FDP_HANDLES_DEFAULT;
	config->fdp.unit_nbytes = config->fdp.unit_nbytes ? config->fdp.unit_nbytes : 64ULL << 20;
}

int
ssd_init(struct ssd **out, void *memory, size_t nbytes, const struct ssd_config *config,
	 void *media, uint64_t seed, const char **why)
{
	struct ssd_layout layout;
	struct ssd *ssd = memory;
	bool was_left = false;

	*why = layout_of(config, &layout);
	if (!*why && nbytes < layout.memory_nbytes) {
		*why = "too little memory for the state: give ssd_bytes_needed()";
	}
	if (!*why && config->no_media != (media == NULL)) {
		*why = "media is given exactly if the configuration does not say no_media";
	}
	if (*why) {
		return -ENV_EINVAL;
	}
	ssd->kinds = ssd_kinds;
	ssd->config = *config;
	fill_defaults(&ssd->config);
	identity_fill(&ssd->config, seed);
	ssd->seed = ssd->random = seed;
	ssd->ns_max = ssd->config.ns_max;
	ssd->nformats = lba_format_count(&ssd->config);
	bind(ssd, &layout, memory, media);
	ssd->time = model_find(config->model.name, sizeof(config->model.name));
	if (ssd->time->init(ssd->model, &ssd->config.model, layout.pool_nbytes, seed, why)) {
		return -ENV_EINVAL;
	}
	ssd->time_begin = ssd->time->begin;
	ssd->time_free = ssd->time == &model_null;
	*why = restore(ssd, config_fingerprint(&ssd->config, &layout), &was_left);
	if (*why) {
		return -ENV_EINVAL;
	}
	timer_init(ssd);
	ssd->tick_at = ssd->time_free ? NS_NEVER : 0;
	feature_reset(ssd);
	ns_refresh_all(ssd);
	start_namespaces(ssd, true, was_left);
	restore_model(ssd);
	flash_count_begin(ssd);
	fdp_restore(ssd);
	self_test_resume(ssd);
	sanitize_resume(ssd);
	ssd_check(ssd);
	*out = ssd;
	return 0;
}

/* Find the row and call it, with a check of every special case */
static void
begin_any(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	struct ssd_ns *ns = ns_of(ssd, cmd->common.nsid);
	const struct ssd_row *row;

	ssd_check(ssd);
	if (fused_take(ssd, cmd, work)) {
		return;
	}
	if (work->sqid == 0) {
		admin_begin(ssd, cmd, work);
	} else if (ssd->attend & ATTEND_SANITIZE) {
		work->status = STATUS(SANITIZE_IN_PROGRESS);
	} else if (ns_is_active(ns)) {
		row = &ns->rows[cmd->common.opcode];
		if (!row->begin) {
			work->status = REFUSE(INVALID_OPCODE);
		} else if (row->nsid == NSID_ACTIVE && ns_is_refused(ssd, work, ns)) {
			work->status = REFUSE(INVALID_NS_OR_FORMAT);
		} else {
			row->begin(ssd, ns, cmd, work);
		}
	} else {
		row = &nvm_rows[cmd->common.opcode];
		if (cmd->common.nsid == NSID_ALL && row->nsid == NSID_BROADCAST && row->begin) {
			row->begin(ssd, NULL, cmd, work);
		} else {
			work->status = ns_refusal(ssd, cmd->common.nsid);
		}
	}
}

/* The slow path: every command that the fast path does not process */
static void
begin_with_checks(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	const struct ssd_fault *fault = NULL;

	ssd_check(ssd);
	timer_run(ssd);
	if (ssd->fatal) {
		work->verdict = SSD_LOST;
		return;
	}
	if (ssd->attend & ATTEND_FAULTS) {
		fault = fault_look(ssd, cmd, work);
	}
	if (fault && fault_before(ssd, fault, work)) {
		if (work->verdict == SSD_CUT) {
			ssd_power_cut(ssd, ssd->now);
		}
		return;
	}
	begin_any(ssd, cmd, work);
	if (ssd->timer_at != NS_NEVER && (work->sqid == 0 || (ssd->attend & ATTEND_SANITIZE))) {
		timer_asked(ssd);
	}
	if (fault) {
		fault_after(fault, work);
	}
}

void
end_slowly(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	ssd_check(ssd);
	ASSERT(work->ready_at >= ssd->now);
	if (work->status) {
		error_note(ssd, cmd, work);
	}
	ssd->trace ^= ((uint64_t)work->status << 32 | work->verdict) + work->result * TRACE_FACTOR;
	trace_command(ssd, cmd, work->ready_at);
	journal_end(ssd);
	if (ssd->cache.fresh) {
		cache_command_ends(ssd, work->verdict == SSD_LOST ? NS_NEVER : work->ready_at);
	}
}

void
begin_slowly(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work)
{
	command_check(ssd, NULL, work);
	(void)ns;
	begin_with_checks(ssd, cmd, work);
	busy_until(ssd, work->ready_at);
	end_slowly(ssd, cmd, work);
}

STATIC_ASSERT(SSD_DONE == 0 && STATUS(SUCCESS) == 0, "a command begins as if it will end well");
STATIC_ASSERT(offsetof(struct ssd_work, ready_at) == offsetof(struct ssd_work, verdict) + 16,
	      "verdict, status and result are cleared in one go");

/* Budget: 80 instructions with the null model, 120 with the simple one, without the copy of the
 * data; measured by begin_bench.c */
void
ssd_begin(struct ssd *ssd, ns_t now, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t index = cmd->common.nsid - 1;

	ssd_check(ssd);
	now = ns_max(now, ssd->now);
	ssd->now = now;
	memset(&work->verdict, 0, 16);
	work->ready_at = now;
	if (LIKELY(now < ssd->fast_until && index < SSD_NS_MAX && work->sqid != 0 &&
		   cmd->common.fuse == 0)) {
		struct ssd_ns *ns = &ssd->ns[index];

		ns->fast[cmd->common.opcode](ssd, ns, cmd, work);
		return;
	}
	begin_slowly(ssd, NULL, cmd, work);
}

ns_t
ssd_now(const struct ssd *ssd)
{
	return ssd->now;
}

ns_t
ssd_tick(struct ssd *ssd, ns_t now)
{
	ns_t next;

	ssd_check(ssd);
	ssd->now = ns_max(now, ssd->now);
	timer_run(ssd);
	if (!ssd->time_free) {
		ssd->tick_at = ssd->time->tick(ssd->model, ssd->now);
	}
	next = ns_min(ssd->tick_at, ssd->timer_at);
	ssd_check(ssd);
	return ns_min(next, event_due(ssd));
}

void
ssd_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid)
{
	ssd_check(ssd);
	aer_forget(ssd, owner, sqid);
	event_forget(ssd, owner, sqid);
	fused_forget(ssd, owner, sqid);
}

void
ssd_reset(struct ssd *ssd, ns_t now, uint16_t owner)
{
	ssd_check(ssd);
	ssd->now = ns_max(now, ssd->now);
	timer_run(ssd);
	ssd_forget(ssd, owner, SSD_ALL_QUEUES);
	if (!ssd->removed) {
		ssd->fatal = false;
		attend(ssd, 0, ATTEND_FATAL);
	}
	feature_reset(ssd);
	timer_reset(ssd);
	memset(ssd->streams, 0, sizeof(ssd->streams));
	ssd->lba_status.frozen = false;
	ns_refresh_all(ssd);
	start_namespaces(ssd, false, false);
	ssd->saved->clean = 0;
}

ns_t
ssd_shutdown(struct ssd *ssd, ns_t now, bool abrupt)
{
	ns_t done;

	ssd_check(ssd);
	ssd->now = ns_max(now, ssd->now);
	fdp_save_counters(ssd);
	done = ssd->now;
	if (!abrupt) {
		cache_flush(ssd, NSID_ALL);
		done = ns_max(done, time_of(ssd, MODEL_FLUSH, NULL, 0, 0, false));
		ssd->saved->clean = 1;
	}
	flash_count_save(ssd);
	return done;
}

void
ssd_power_cut(struct ssd *ssd, ns_t now)
{
	struct saved *saved = ssd->saved;

	ssd_check(ssd);
	ssd->now = ns_max(now, ssd->now);
	fdp_save_counters(ssd);
	flash_count_save(ssd);
	if (!saved->clean) {
		saved->unsafe_shutdowns += 1;
	}
	cache_lose(ssd);
	fdp_power_up(ssd);
	saved->power_cycles += 1;
	ssd->logs.nerrors = 0;
	ssd->logs.nchanged_ns = 0;
	timer_power_cut(ssd);
	ssd_reset(ssd, now, SSD_EVERYBODY);
}

bool
ssd_is_fatal(const struct ssd *ssd)
{
	ssd_check(ssd);
	return ssd->fatal;
}

bool
ssd_is_removed(const struct ssd *ssd)
{
	ssd_check(ssd);
	return ssd->removed;
}

uint64_t
ssd_trace_hash(const struct ssd *ssd)
{
	return prng_mix(ssd->trace ^ ssd->seed);
}

void
ssd_stats(const struct ssd *ssd, struct ssd_stats *stats)
{
	const struct saved *saved = ssd->saved;

	ssd_check(ssd);
	memset(stats, 0, sizeof(*stats));
	flash_count_stats(ssd, &stats->model);
	stats->read_cmds = saved->read_cmds;
	stats->write_cmds = saved->write_cmds;
	stats->read_sectors = saved->read_nbytes / SECTOR_NBYTES;
	stats->write_sectors = saved->write_nbytes / SECTOR_NBYTES;
	stats->prepared_nbytes = saved->prepared_nbytes;
	stats->errors = saved->errors;
	stats->busy_ns = busy_ns(ssd);
	stats->cache_dirty_nbytes = ssd->cache.dirty_nbytes;
}
