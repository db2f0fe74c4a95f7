/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD as an instance: an engine with its memory, media, clock, lock and name. The exports
 * bring commands to it; this is what they have in common.
 */
#ifndef VIRT_VIRT_H
#define VIRT_VIRT_H

#include <stdatomic.h>
#include <ssd/ssd.h>
#include <virt/spec.h>

struct virt;

/* Status codes of commands that end before their time: NVMe Base 2.0, Generic Command
 * Status and Path Related Status, as SC | SCT << 8 */
enum virt_status {
	VIRT_STATUS_POWER_LOSS = 0x05,      /* Command Aborted due to Power Loss Notification */
	VIRT_STATUS_ABORT_REQUESTED = 0x07, /* Command Abort Requested */
	VIRT_STATUS_ABORTED_BY_HOST = 0x371,
};

/* Make an SSD, or share the one of that name. 0, or -errno with *why. Thread-safe, as
 * virt_close(), which takes back one open; the last one shuts the SSD down and ends it. */
int virt_open(const struct virt_spec *spec, struct virt **virt, struct text *why);
void virt_close(struct virt *virt);
/* One more open of what is open; returns it */
struct virt *virt_share(struct virt *virt);

/* Made by the process that forked this one: no call may change it here, and virt_close() leaves it
 * alone */
bool virt_is_inherited(const struct virt *virt);

const struct virt_spec *virt_spec_of(const struct virt *virt);

static inline bool
virt_spec_is_virtual(const struct virt_spec *spec)
{
	return spec->clock == VIRT_CLOCK_VIRTUAL;
}

/*
 * Somebody with completions that wait for their instant. Embedded in what the export keeps; known
 * to the SSD from virt_join() to virt_leave(), which take the lock.
 */
struct virt_client {
	struct virt_client *next;
	uint16_t id; /* from 1: the lowest that no other client of this SSD has */
	/* The next instant at which one becomes due, or NS_NEVER: written with the lock held, and
	 * may be read without it */
	_Atomic ns_t due;
	/* Everything that waits for an instant after `now` ends now, with `status`. Lock held. */
	void (*disrupt)(struct virt_client *client, ns_t now, uint16_t status);
	/* The answer to a held command of this client: true when it was one of its own. Lock held.
	 * */
	bool (*event)(struct virt_client *client, ns_t now, const struct ssd_event *event);
	/* Between virt_sleeps(client, true) and (false): there is an answer for it to fetch as an
	 * owner of its own. Lock held. */
	void (*wake)(struct virt_client *client);
	bool sleeps;
};
/* Lock held */
void virt_sleeps(struct virt *virt, struct virt_client *client, bool sleeps);
/* Lock held: wake whom an answer waits for; after the engine has worked for one who is an owner */
void virt_wake(struct virt *virt);
void virt_join(struct virt *virt, struct virt_client *client);
void virt_leave(struct virt *virt, struct virt_client *client);

/* The engine, its clock and what clients keep are used with the lock held, and only then */
void virt_lock(struct virt *virt);
void virt_unlock(struct virt *virt);

/* Lock held: the engine; call virt_clock_now() first, and virt_begun() after each ssd_begin() */
struct ssd *virt_ssd(struct virt *virt);
/* Lock held: the instant, after the engine did what was due until then. Never goes backwards. */
ns_t virt_clock_now(struct virt *virt);
/* The same when the caller has just read virt_monotonic_ns(), before it took the lock; on a virtual
 * clock that does not matter */
ns_t virt_clock_at(struct virt *virt, ns_t monotonic_ns);
/* Lock held: the engine may have new work; the answers to held commands go to their clients, except
 * that of (sqid, cid): true when it is in *event */
bool virt_begun(struct virt *virt, uint16_t sqid, uint16_t cid, struct ssd_event *event);
enum { VIRT_NO_SQID = UINT16_MAX };
/* Lock held: a command may have met a planned power cut. Then everybody's commands end with it;
 * virt_begun() looks by itself */
void virt_look_for_cut(struct virt *virt);
/* The owner of all queues of this process, whose number is the client's. What numbers its queues
 * by itself, as a PCI function does, is an owner of its own: its client's number. */
enum { VIRT_OWNER = 0 };
/* Lock held: 0, 1, 2, ... 65534, 0, ...: to tell commands apart */
uint16_t virt_next_cid(struct virt *virt);

/* Lock held, virtual clock: time goes on to the next instant when something becomes due for any
 * client, and `no_later_than` at the latest. Instants that passed already do not count: a queue
 * that nobody polls does not stop the clock of the others. False when nothing will ever become due.
 * */
bool virt_clock_step(struct virt *virt, ns_t no_later_than);

/* Real clock: CLOCK_MONOTONIC when the SSD's clock was 0 */
ns_t virt_epoch(const struct virt *virt);
ns_t virt_monotonic_ns(void);

/* Lock not held: */

/* The SSD's clock */
ns_t virt_now(struct virt *virt);
/* Virtual clock only: let `ns` pass; -EINVAL otherwise, or when it would pass the end of time */
int virt_advance(struct virt *virt, ns_t ns);

/* NVM subsystem reset and power cut, for every client: commands that wait for their instant end
 * with an error now; see ssd_reset(), ssd_power_cut() */
void virt_reset(struct virt *virt);
void virt_reset_locked(struct virt *virt); /* lock held */
void virt_power_cut(struct virt *virt);

/* How often that happened so far, and what it meant last; lock held */
struct virt_disruption {
	uint32_t count;
	uint16_t status;
	ns_t at;
};
struct virt_disruption virt_disrupted(const struct virt *virt);

/* See ssd/fault.h */
struct ssd_fault;
int virt_set_faults(struct virt *virt, const struct ssd_fault *faults, uint32_t count);
uint64_t virt_fault_hits(struct virt *virt, uint32_t index);

struct virt_stats {
	struct ssd_stats ssd;
	uint64_t trace_hash;
	ns_t now_ns;
	uint64_t media_nbytes;
	uint64_t state_nbytes;
	uint32_t nclients;
	bool media_was_left;
};
void virt_get_stats(struct virt *virt, struct virt_stats *stats);

#endif /* VIRT_VIRT_H */
