/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD that can be opened: an engine (ssd/) together with what the engine needs from its
 * owner, which is memory, media, a clock, and one caller at a time. The exports pass commands to
 * it; this file is what they share.
 *
 * Terms
 *   spec      the contents of a URI (spec.h)
 *   SSD       an instance (struct virt)
 *   client    a user of the SSD whose commands are pending until their completion time
 *   registry  all SSDs of the process, looked up by name
 *   media     what survives a power cut: memory, a file, or nothing (media.h)
 *
 * Life cycle of an SSD
 *   virt_open() parses nothing; it takes a spec, maps memory and media, and lets the engine check
 *   both. Exports join, take the lock, read the clock, pass commands to the engine, and keep its
 *   completions until they are due. The last virt_close() shuts the engine down (its write cache
 *   becomes durable) and marks a file of media as closed.
 *
 * Clocks
 *   Real: CLOCK_MONOTONIC, from 0 when the SSD is made. Virtual: stands still while the host works,
 *   and advances to the next event when a client requests that (virt_clock_step()), so that an hour
 *   of the SSD takes as long as its commands take to simulate. With one thread everything that
 *   happens is a function of the seed and the commands.
 *
 * Ownership and lifetimes
 *   An SSD lives from the first virt_open() to the last virt_close(); a client joins and leaves in
 *   between and holds no reference of its own. Memory and media are mapped once; nothing is
 *   allocated for a command.
 *
 * Threads
 *   None of its own. One lock per SSD protects the engine, the clock and the state of clients; only
 *   a client's `due` is read without it. One lock for the registry, taken first.
 *
 * Errors
 *   Could not start: -errno and an error text. Started and failed: the engine's status.
 *
 * What it does not do
 *   It moves no commands and interprets none, it does not print, and it does not sync media to the
 *   disk: a file's media survives the death of the process, not that of the machine.
 */
#ifndef VIRT_VIRT_H
#define VIRT_VIRT_H

#include <stdatomic.h>
#include <nvme/status.h>
#include <ssd/ssd.h>
#include <virt/spec.h>

struct virt;

/* Makes an SSD, or shares the one of that name. Returns 0, or -errno with *why. Thread-safe, like
 * virt_close(), which releases one open; the last one shuts the SSD down and frees it. */
int virt_open(const struct virt_spec *spec, struct virt **virt, struct text *why);
void virt_close(struct virt *virt);
/* Adds one open of an open SSD; returns it */
struct virt *virt_share(struct virt *virt);

/* Made by the parent, before fork(): no call may change it here, and virt_close() does nothing */
bool virt_is_inherited(const struct virt *virt);

const struct virt_spec *virt_spec_of(const struct virt *virt);

static inline bool
virt_spec_is_virtual(const struct virt_spec *spec)
{
	return spec->clock == VIRT_CLOCK_VIRTUAL;
}

/*
 * A user of the SSD with completions that are pending until they are due. Embedded in a structure
 * of the export; in the SSD's list from virt_join() to virt_leave(), which take the lock.
 */
struct virt_client {
	struct virt_client *next;
	uint16_t id; /* from 1: the lowest that is free in this SSD */
	/* The instant of the next due completion, or NS_NEVER: written with the lock held, may be
	 * read without it */
	_Atomic ns_t due;
	/* Everything that is due after `now` completes now, with `status`. Lock held. */
	void (*disrupt)(struct virt_client *client, ns_t now, uint16_t status);
	/* The completion of a held command. Returns true when the command is this client's. Lock
	 * held. */
	bool (*event)(struct virt_client *client, ns_t now, const struct ssd_event *event);
	/* Between virt_sleeps(client, true) and (false): the client, as an owner of its own, has a
	 * completion to fetch. Lock held. */
	void (*wake)(struct virt_client *client);
	bool sleeps;
};
/* Lock held */
void virt_sleeps(struct virt *virt, struct virt_client *client, bool sleeps);
/* Lock held: wakes sleeping clients that have a completion to fetch. Call it after the engine has
 * run for a client that is an owner of its own. */
void virt_wake(struct virt *virt);
void virt_join(struct virt *virt, struct virt_client *client);
void virt_leave(struct virt *virt, struct virt_client *client);

/* Protects the engine, its clock and the state of clients: use them with the lock held only */
void virt_lock(struct virt *virt);
void virt_unlock(struct virt *virt);

/* Lock held: the engine. Call virt_clock_now() first, and virt_started() after each ssd_begin(). */
struct ssd *virt_ssd(struct virt *virt);
/* Lock held: runs what is due and returns the current instant. Never goes backwards. */
ns_t virt_clock_now(struct virt *virt);
/* The same with the result of virt_monotonic_ns(), which the caller read before it took the lock; a
 * virtual clock ignores it */
ns_t virt_clock_at(struct virt *virt, ns_t monotonic_ns);
/* Lock held: the engine may have new work. Delivers completions of held commands to their clients,
 * except that of (sqid, cid): returns true when it is in *event. */
bool virt_started(struct virt *virt, uint16_t sqid, uint16_t cid, struct ssd_event *event);
enum { VIRT_NO_SQID = UINT16_MAX };
/* Lock held: checks for a planned power cut, which completes the commands of all clients;
 * virt_started() includes this check */
void virt_check_for_cut(struct virt *virt);
/* The owner of all queues of this process; their numbers are those of the clients. A client that
 * numbers its queues itself, such as a PCI function, is an owner of its own, with its client's
 * number. */
enum { VIRT_OWNER = 0 };
/* Lock held: 0, 1, 2, ... 65534, 0, ...: a command identifier */
uint16_t virt_next_cid(struct virt *virt);

/* Lock held, virtual clock: advances to the next instant at which a completion of any client
 * becomes due, at most to `no_later_than`. Past instants do not count: a queue that is not polled
 * does not stop the clock of the others. Returns false when nothing will ever become due. */
bool virt_clock_step(struct virt *virt, ns_t no_later_than);

/* Real clock: CLOCK_MONOTONIC at time 0 of the SSD's clock */
ns_t virt_epoch(const struct virt *virt);
ns_t virt_monotonic_ns(void);

/* Lock not held: */

/* The SSD's clock */
ns_t virt_now(struct virt *virt);
/* Virtual clock only: advances by `ns`; -EINVAL for a real clock, or beyond the end of time */
int virt_advance(struct virt *virt, ns_t ns);

/* NVM subsystem reset and power cut, for all clients: pending commands complete with an error now;
 * see ssd_reset(), ssd_power_cut() */
void virt_reset(struct virt *virt);
void virt_reset_locked(struct virt *virt); /* lock held */
void virt_power_cut(struct virt *virt);

/* Number of resets and power cuts so far, and the last one's status and instant; lock held */
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
