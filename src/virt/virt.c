/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Opens, shares and closes instances, and passes what disrupts one to its clients. The folder is
 * explained in virt.h.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <base/assert.h>
#include <base/likely.h>
#include <ssd/fault.h>
#include <virt/own.h>

static struct {
	pthread_once_t fork_once;
	pthread_mutex_t lock; /* of what follows */
	struct virt *first;   /* all SSDs, named or not */
	uint64_t unnamed;     /* number of generated names so far */
} registry = {.fork_once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};

/* In a child of fork(): the SSDs belong to the parent. Their media may be a file that both map, and
 * their threads do not exist here, so the child only forgets them. The locks are reset, since one
 * may have been held. */
static void
forget_all(void)
{
	static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;

	for (struct virt *virt = registry.first; virt; virt = virt->next) {
		virt->inherited = true;
		virt->lock = unlocked;
	}
	registry.first = NULL;
	registry.lock = unlocked;
}

static void
watch_forks(void)
{
	(void)pthread_atfork(NULL, NULL, forget_all);
}

bool
virt_is_inherited(const struct virt *virt)
{
	return virt->inherited;
}

static struct virt *
find_named(const char *name)
{
	struct virt *virt = registry.first;

	while (virt && strcmp(virt->spec.name, name) != 0) {
		virt = virt->next;
	}
	return virt;
}

static int
make_engine(struct virt *virt, struct text *why)
{
	const struct ssd_config *config = &virt->spec.config;
	static const char nonsense[] = "this drive cannot be made";
	const char *engine_why = NULL;
	uint64_t media_nbytes = ssd_media_bytes(config);
	int err;

	virt->memory_nbytes = ssd_bytes_needed(config);
	if (virt->memory_nbytes == 0) { /* invalid: ssd_init() reports why */
		(void)ssd_init(&virt->ssd, NULL, 0, config, NULL, virt->spec.seed, &engine_why);
		virt_spec_blame(&virt->spec, engine_why ? engine_why : nonsense, why);
		return -EINVAL;
	}
	virt->memory = media_map_memory(virt->memory_nbytes);
	if (!virt->memory) {
		err = -errno;
		text_str(why, "no memory to map the state of this drive; make it smaller with "
			      "size=");
		return err;
	}
	err = media_open(&virt->media, &virt->spec, media_nbytes, why);
	if (err) {
		return err;
	}
	if (virt->media.identity[0]) {
		memcpy(virt->spec.config.identity, virt->media.identity, SSD_IDENTITY_NBYTES);
	}
	err = ssd_init(&virt->ssd, virt->memory, virt->memory_nbytes, config,
		       virt->media.bytes, virt->spec.seed, &engine_why);
	if (err) {
		virt_spec_blame(&virt->spec, engine_why ? engine_why : nonsense, why);
	}
	return err;
}

static void
virt_free(struct virt *virt, bool forget)
{
	media_close(&virt->media, &virt->spec, forget);
	if (virt->memory) {
		munmap(virt->memory, virt->memory_nbytes);
	}
	pthread_mutex_destroy(&virt->lock);
	free(virt);
}

/* Registry's lock held. Generates a name if the spec has none, and derives the identity, from which
 * serial number and other identifiers are made, from the user's serial number or the name. A media
 * file has its own identity (media.h). */
static void
name_it(struct virt_spec *spec)
{
	while (!spec->name[0] || find_named(spec->name)) {
		(void)snprintf(spec->name, sizeof(spec->name), "unnamed-%llu",
			       (unsigned long long)(registry.unnamed += 1));
	}
	if (!spec->config.identity[0] && spec->media != VIRT_MEDIA_FILE) {
		virt_identity_of(spec->config.identity,
				 spec->config.serial[0] ? spec->config.serial : spec->name);
	}
}

static int
virt_make(const struct virt_spec *spec, struct virt **out, struct text *why)
{
	struct virt *virt = calloc(1, sizeof(*virt));
	int err;

	if (!virt) {
		text_str(why, "out of memory");
		return -ENOMEM;
	}
	virt->spec = *spec;
	virt->spec.read_only = spec->read_only && spec->media == VIRT_MEDIA_FILE;
	name_it(&virt->spec);
	virt->media.fd = -1;
	virt->refs = 1;
	pthread_mutex_init(&virt->lock, NULL);
	err = make_engine(virt, why);
	if (!err) { /* the clock starts now, at the engine's time */
		virt->now = ssd_now(virt->ssd);
		virt->epoch = virt_monotonic_ns() - virt->now;
	}
	if (err) {
		virt_free(virt, true);
		return err;
	}
	*out = virt;
	return 0;
}

static int
share_named(struct virt *virt, const struct virt_spec *spec, struct text *why)
{
	const char *difference = spec->attach ? NULL : virt_spec_difference(&virt->spec, spec);

	if (difference) {
		text_str(why, "a virtual SSD named ");
		text_quote(why, span_of(spec->name));
		text_str(why, " exists and differs in ");
		text_str(why, difference);
		text_str(why, "; write virt:@");
		text_str(why, spec->name);
		text_str(why, " to use it as it is, or give another name=");
		return -EEXIST;
	}
	if (virt->spec.read_only && !spec->read_only) {
		text_str(why, "the virtual SSD named ");
		text_quote(why, span_of(spec->name));
		text_str(why, " was opened with rdonly, and its media file is not written; close "
			 "it first, or open it with rdonly here, too");
		return -EBUSY;
	}
	virt->refs += 1;
	return 0;
}

/* Makes the SSD under the registry's lock: of two threads that open the same name, one makes it */
static int
open_locked(const struct virt_spec *spec, struct virt **out, struct text *why)
{
	struct virt *virt = spec->name[0] ? find_named(spec->name) : NULL;
	int err;

	if (virt) {
		*out = virt;
		return share_named(virt, spec, why);
	}
	if (spec->attach) {
		text_str(why, "no virtual SSD of this process is named ");
		text_quote(why, span_of(spec->name));
		text_str(why, "; make it first, with name=");
		text_str(why, spec->name);
		return -ENOENT;
	}
	err = virt_make(spec, out, why);
	if (!err) {
		(*out)->next = registry.first;
		registry.first = *out;
	}
	return err;
}

int
virt_open(const struct virt_spec *spec, struct virt **virt, struct text *why)
{
	int err;

	pthread_once(&registry.fork_once, watch_forks);
	pthread_mutex_lock(&registry.lock);
	err = open_locked(spec, virt, why);
	pthread_mutex_unlock(&registry.lock);
	if (err) {
		*virt = NULL;
	}
	return err;
}

struct virt *
virt_share(struct virt *virt)
{
	pthread_mutex_lock(&registry.lock);
	virt->refs += 1;
	pthread_mutex_unlock(&registry.lock);
	return virt;
}

void
virt_close(struct virt *virt)
{
	struct virt **link = &registry.first;

	if (virt->inherited) {
		return;
	}
	pthread_mutex_lock(&registry.lock);
	virt->refs -= 1;
	if (virt->refs == 0) {
		ASSERT(!virt->clients);
		while (*link != virt) {
			link = &(*link)->next;
		}
		*link = virt->next;
		/* under the lock: the next open of the same file must find it closed */
		(void)ssd_shutdown(virt->ssd, ssd_finish(virt->ssd, virt_clock_now(virt)), false);
		virt_free(virt, false);
	}
	pthread_mutex_unlock(&registry.lock);
}

const struct virt_spec *
virt_spec_of(const struct virt *virt)
{
	return &virt->spec;
}

void
virt_lock(struct virt *virt)
{
	pthread_mutex_lock(&virt->lock);
}

void
virt_unlock(struct virt *virt)
{
	pthread_mutex_unlock(&virt->lock);
}

struct ssd *
virt_ssd(struct virt *virt)
{
	return virt->ssd;
}

static uint16_t
unused_id(const struct virt *virt)
{
	uint16_t id = 1;

	for (const struct virt_client *client = virt->clients; client;) {
		if (client->id == id) {
			id += 1;
			client = virt->clients; /* restart, since the list is not sorted */
		} else {
			client = client->next;
		}
	}
	return id;
}

uint16_t
virt_next_cid(struct virt *virt)
{
	uint16_t cid = virt->next_cid;

	virt->next_cid = (uint16_t)((cid + 1) % UINT16_MAX);
	return cid;
}

void
virt_join(struct virt *virt, struct virt_client *client)
{
	virt_lock(virt);
	client->id = unused_id(virt);
	client->next = virt->clients;
	virt->clients = client;
	virt_unlock(virt);
}

void
virt_leave(struct virt *virt, struct virt_client *client)
{
	struct virt_client **link = &virt->clients;

	virt_lock(virt);
	while (*link != client) {
		link = &(*link)->next;
	}
	*link = client->next;
	virt_sleeps(virt, client, false);
	virt_unlock(virt);
}

static void
give_to_client(struct virt *virt, const struct ssd_event *event)
{
	struct virt_client *client = virt->clients;

	while (client && !client->event(client, virt->now, event)) {
		client = client->next;
	}
}

static void
disrupt(struct virt *virt, ns_t now, uint16_t status)
{
	for (struct virt_client *client = virt->clients; client; client = client->next) {
		client->disrupt(client, now, status);
	}
	virt->disruption.count += 1;
	virt->disruption.at = now;
	virt->disruption.status = status;
	virt->next_tick = 0;
}

void
virt_check_for_cut(struct virt *virt)
{
	uint32_t cuts = ssd_planned_cuts(virt->ssd);

	if (UNLIKELY(cuts != virt->cuts)) {
		virt->cuts = cuts;
		disrupt(virt, virt->now, STATUS(ABORTED_POWER_LOSS));
	}
}

void
virt_sleeps(struct virt *virt, struct virt_client *client, bool sleeps)
{
	virt->nsleeping = virt->nsleeping + sleeps - client->sleeps;
	client->sleeps = sleeps;
}

void
virt_wake(struct virt *virt)
{
	struct virt_client *client = virt->nsleeping > 0 ? virt->clients : NULL;

	for (; client; client = client->next) {
		if (client->sleeps && ssd_has_event(virt->ssd, client->id)) {
			client->wake(client);
		}
	}
}

bool
virt_started(struct virt *virt, uint16_t sqid, uint16_t cid, struct ssd_event *event)
{
	virt->next_tick = 0;
	virt_check_for_cut(virt);
	virt_wake(virt);
	while (ssd_next_event(virt->ssd, virt->now, VIRT_OWNER, event)) {
		if (event->sqid == sqid && event->cid == cid) {
			return true;
		}
		give_to_client(virt, event);
	}
	return false;
}

bool
virt_deliver(struct virt *virt)
{
	struct ssd_event event;
	bool any = false;

	while (ssd_next_event(virt->ssd, virt->now, VIRT_OWNER, &event)) {
		give_to_client(virt, &event);
		any = true;
	}
	return any;
}

void
virt_reset_locked(struct virt *virt)
{
	ns_t now = virt_clock_now(virt);

	ssd_reset(virt->ssd, now, SSD_EVERYBODY);
	disrupt(virt, now, STATUS(ABORTED_BY_HOST));
}

void
virt_reset(struct virt *virt)
{
	virt_lock(virt);
	virt_reset_locked(virt);
	virt_unlock(virt);
}

void
virt_power_cut(struct virt *virt)
{
	ns_t now;

	virt_lock(virt);
	now = virt_clock_now(virt);
	ssd_power_cut(virt->ssd, now);
	disrupt(virt, now, STATUS(ABORTED_POWER_LOSS));
	virt_unlock(virt);
}

struct virt_disruption
virt_disrupted(const struct virt *virt)
{
	return virt->disruption;
}

int
virt_set_faults(struct virt *virt, const struct ssd_fault *faults, uint32_t count)
{
	int err;

	virt_lock(virt);
	err = ssd_fault_plan(virt->ssd, faults, count);
	virt_unlock(virt);
	return err;
}

uint64_t
virt_fault_hits(struct virt *virt, uint32_t index)
{
	uint64_t hits;

	virt_lock(virt);
	hits = ssd_fault_hits(virt->ssd, index);
	virt_unlock(virt);
	return hits;
}

void
virt_get_stats(struct virt *virt, struct virt_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	virt_lock(virt);
	stats->now_ns = virt_clock_now(virt);
	ssd_stats(virt->ssd, &stats->ssd);
	stats->trace_hash = ssd_trace_hash(virt->ssd);
	for (const struct virt_client *client = virt->clients; client; client = client->next) {
		stats->nclients += 1;
	}
	stats->media_nbytes = virt->media.nbytes;
	stats->state_nbytes = virt->memory_nbytes;
	stats->media_was_left = virt->media.was_left;
	virt_unlock(virt);
}
