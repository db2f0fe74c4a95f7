/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues: slots, the heap of completions that are not yet due, and waits. See inproc.h for the
 * introduction of the folder.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <base/assert.h>
#include <base/heap.h>
#include <base/likely.h>
#include <export/inproc/inproc.h>

/* The timeout for a command that the SSD never completes; the same as in Linux' nvme driver */
#define TIMEOUT_NS (30 * NS_PER_S)

/* A sleep ends late by the timer slack (50 us by default, prctl(2)) and by the time until the
 * thread is scheduled; so the last part of a wait, and all of a short wait, is spent spinning */
#define SPIN_NS (100 * NS_PER_US)

/* A completion that is due within this time is already taken out of its queue and returned at its
 * due time: taking it, which needs about as long, does not delay it. */
#define GRAB_NS 150

struct slot {
	void *cookie;
	uint64_t result;
	uint16_t status;
	bool lost; /* the SSD never completes it: the heap has the time of the host's timeout */
	bool held; /* completed later by an event */
};

struct inproc_queue {
	struct virt_client client;
	struct virt *virt;
	bool is_virtual; /* the clock */
	int timer_fd; /* -1 until requested */
	ns_t epoch;
	struct heap heap; /* of slots whose completion is not yet due */
	struct slot *slots;
	uint32_t *free; /* a stack of slots */
	uint32_t nfree;
	uint32_t depth;
};

/* Lock held: each slot is free or waits in the heap; one that inproc_submit() is using may be
 * neither */
static inline void
queue_check(const struct inproc_queue *queue)
{
	ASSERT(queue->depth > 0 && queue->heap.capacity == queue->depth);
	ASSERT(queue->heap.count + queue->nfree <= queue->depth);
	ASSERT(queue->heap.count + queue->nfree + 1 >= queue->depth);
	ASSERT(queue->heap.count == 0 || queue->heap.items[0].slot < queue->depth);
	ASSERT(queue->nfree == 0 || queue->free[queue->nfree - 1] < queue->depth);
}

static struct inproc_queue *
queue_of(struct virt_client *client)
{
	return (struct inproc_queue *)client; /* its first member */
}

/* Arms the descriptor, if requested, for the time at which the next completion is due. On the
 * virtual clock that is at once: polling advances time. */
static void
arm_timer(struct inproc_queue *queue, ns_t due)
{
	struct itimerspec when = {.it_value = {0, 0}};

	ASSERT(queue->timer_fd >= 0);
	if (due != NS_NEVER) {
		ns_t at = queue->is_virtual ? 1 : queue->epoch + due;

		when.it_value.tv_sec = (time_t)(at / NS_PER_S);
		when.it_value.tv_nsec = (long)(at % NS_PER_S);
	}
	(void)timerfd_settime(queue->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* The heap changed; the lock is held */
static inline void
note_due(struct inproc_queue *queue)
{
	ns_t due = heap_next(&queue->heap);

	queue_check(queue);
	atomic_store_explicit(&queue->client.due, due, memory_order_relaxed);
	if (UNLIKELY(queue->timer_fd >= 0)) {
		arm_timer(queue, due);
	}
}

/* Completions due after `now` are cancelled: they end now, with `status` */
static void
queue_disrupt(struct virt_client *client, ns_t now, uint16_t status)
{
	struct inproc_queue *queue = queue_of(client);
	uint32_t count = queue->heap.count;

	queue_check(queue);
	/* in place: item i is read before the new heap, of at most i items, grows over it */
	queue->heap.count = 0;
	for (uint32_t i = 0; i < count; i += 1) {
		struct heap_item item = queue->heap.items[i];
		struct slot *slot = &queue->slots[item.slot];

		ASSERT(queue->heap.count == i && item.slot < queue->depth);
		if (item.at > now) {
			slot->status = status;
			slot->result = 0;
			slot->lost = slot->held = false;
		}
		heap_push(&queue->heap, ns_min(item.at, now), item.slot);
	}
	note_due(queue);
}

static bool
queue_event(struct virt_client *client, ns_t now, const struct ssd_event *event)
{
	struct inproc_queue *queue = queue_of(client);
	struct slot *slot;

	queue_check(queue);
	if (event->sqid != client->id || event->cid >= queue->depth ||
	    !queue->slots[event->cid].held) {
		return false;
	}
	slot = &queue->slots[event->cid];
	ASSERT(slot->lost); /* a held command, too: until an event comes */
	slot->held = slot->lost = false;
	slot->status = event->status;
	slot->result = event->result;
	(void)ALWAYS(heap_decrease_key(&queue->heap, event->cid, now));
	note_due(queue);
	return true;
}

int
inproc_queue_open(struct virt *virt, uint32_t depth, struct inproc_queue **out)
{
	struct inproc_queue *queue = calloc(1, sizeof(*queue));
	struct heap_item *items = calloc(depth, sizeof(*items));
	struct slot *slots = calloc(depth, sizeof(*slots));
	uint32_t *unused = calloc(depth, sizeof(*unused));

	ASSERT(depth > 0 && depth <= UINT16_MAX); /* a slot's number is a command identifier */
	*out = NULL;
	if (!queue || !items || !slots || !unused) {
		free(queue);
		free(items);
		free(slots);
		free(unused);
		return -ENOMEM;
	}
	queue->virt = virt;
	queue->is_virtual = virt_spec_is_virtual(virt_spec_of(virt));
	queue->epoch = virt_epoch(virt);
	queue->timer_fd = -1;
	queue->heap = (struct heap){.items = items, .capacity = depth};
	queue->slots = slots;
	queue->free = unused;
	queue->nfree = queue->depth = depth;
	for (uint32_t i = 0; i < depth; i += 1) {
		unused[i] = depth - 1 - i; /* slot 0 is on top of the stack */
	}
	atomic_init(&queue->client.due, NS_NEVER);
	queue->client.disrupt = queue_disrupt;
	queue->client.event = queue_event;
	virt_join(virt, &queue->client);
	*out = queue;
	return 0;
}

void
inproc_queue_close(struct inproc_queue *queue)
{
	ASSERT(queue->nfree == queue->depth); /* no command is waiting */
	virt_lock(queue->virt);
	ssd_forget(virt_ssd(queue->virt), VIRT_OWNER, queue->client.id);
	virt_unlock(queue->virt);
	virt_leave(queue->virt, &queue->client);
	if (queue->timer_fd >= 0) {
		close(queue->timer_fd);
	}
	free(queue->heap.items);
	free(queue->slots);
	free(queue->free);
	free(queue);
}

/* Read once for each submission and each poll, before the lock is taken: reading the clock costs as
 * much as all the rest */
static inline ns_t
look_at_clock(const struct inproc_queue *queue)
{
	return queue->is_virtual ? 0 : virt_monotonic_ns();
}

/* Out of line: a command that the SSD holds or never completes */
static __attribute__((noinline)) ns_t
submit_slow(struct slot *slot, const struct ssd_work *work, ns_t now)
{
	ASSERT(work->verdict != SSD_DONE);
	slot->lost = true; /* unless an event comes first */
	slot->held = work->verdict == SSD_HELD;
	return now + TIMEOUT_NS;
}

int
inproc_submit(struct inproc_queue *queue, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
	      void *cookie)
{
	struct ssd_work work = {.sqid = queue->client.id, .dma = dma};
	struct ssd_event event;
	struct slot *slot;
	uint32_t index;
	ns_t clock = look_at_clock(queue), now, ready_at;

	if (UNLIKELY(queue->nfree == 0)) {
		return -EBUSY;
	}
	queue->nfree -= 1;
	index = queue->free[queue->nfree];
	slot = &queue->slots[index];
	cmd->common.cid = (uint16_t)index;

	virt_lock(queue->virt);
	queue_check(queue);
	now = virt_clock_at(queue->virt, clock);
	ssd_begin(virt_ssd(queue->virt), now, cmd, &work);
	slot->cookie = cookie;
	slot->status = work.status;
	slot->result = work.result;
	slot->lost = slot->held = false;
	ready_at = ns_max(ns_min(work.ready_at, INPROC_LATEST), now);
	if (UNLIKELY(work.verdict != SSD_DONE)) {
		ready_at = submit_slow(slot, &work, now);
	}
	ASSERT(ready_at >= now && ready_at != NS_NEVER); /* NS_NEVER: nothing is waiting */
	heap_push(&queue->heap, ready_at, index);
	note_due(queue);
	(void)virt_started(queue->virt, VIRT_NO_SQID, 0, &event);
	virt_unlock(queue->virt);
	return 0;
}

/* Does a poll have work? Checked without the lock: what becomes due meanwhile can wait. */
static inline bool
may_be_due(const struct inproc_queue *queue, ns_t *clock)
{
	ns_t due = atomic_load_explicit(&queue->client.due, memory_order_relaxed);

	if (due == NS_NEVER) {
		return false;
	}
	*clock = look_at_clock(queue);
	return queue->is_virtual || queue->epoch + due <= *clock + GRAB_NS;
}

/* Arm the descriptor again: its expiration may have been read for another due time */
static __attribute__((noinline)) void
rearm(struct inproc_queue *queue)
{
	ASSERT(queue->timer_fd >= 0);
	virt_lock(queue->virt);
	note_due(queue);
	virt_unlock(queue->virt);
}

uint32_t
inproc_reap(struct inproc_queue *queue, struct inproc_cpl *cpls, uint32_t max, bool may_step)
{
	uint32_t count = 0;
	ns_t clock, now, limit;

	if (!may_be_due(queue, &clock)) {
		if (UNLIKELY(queue->timer_fd >= 0)) {
			rearm(queue);
		}
		return 0;
	}
	virt_lock(queue->virt);
	queue_check(queue);
	now = virt_clock_at(queue->virt, clock);
	if (queue->is_virtual && may_step && heap_next(&queue->heap) > now) {
		(void)virt_clock_step(queue->virt, NS_NEVER);
		now = virt_clock_now(queue->virt);
	}
	limit = now;
	if (!queue->is_virtual && heap_next(&queue->heap) <= now + GRAB_NS) {
		limit = ns_max(now, heap_next(&queue->heap)); /* this due time, and none after it */
	}
	while (count < max && heap_next(&queue->heap) <= limit) {
		struct heap_item item = heap_pop(&queue->heap);
		const struct slot *slot = &queue->slots[item.slot];

		cpls[count] = (struct inproc_cpl){
			.cookie = slot->cookie, .end = slot->lost ? INPROC_TIMEOUT : INPROC_ENDED,
			.cid = (uint16_t)item.slot, .status = slot->status,
			.result = slot->result, .ready_at = item.at};
		ASSERT(queue->nfree < queue->depth && item.slot < queue->depth);
		queue->free[queue->nfree] = item.slot;
		queue->nfree += 1;
		count += 1;
	}
	note_due(queue);
	virt_unlock(queue->virt);
	while (limit > now) { /* wait for the due time */
		now = virt_monotonic_ns() - queue->epoch;
	}
	return count;
}

static void
sleep_until(ns_t monotonic)
{
	struct timespec when = {.tv_sec = (time_t)(monotonic / NS_PER_S),
				.tv_nsec = (long)(monotonic % NS_PER_S)};

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
}

void
inproc_wait_until(ns_t due)
{
	for (ns_t now = virt_monotonic_ns(); now < due; now = virt_monotonic_ns()) {
		if (due - now > SPIN_NS) {
			sleep_until(due - SPIN_NS);
		}
	}
}

void
inproc_wait(struct inproc_queue *queue, uint64_t timeout_ns)
{
	ns_t now = virt_monotonic_ns(), end, due;

	if (queue->is_virtual) {
		return; /* the next poll advances time */
	}
	if (__builtin_add_overflow(now, timeout_ns, &end)) {
		end = NS_NEVER;
	}
	for (;;) {
		/* read each time: a reset makes completions due earlier */
		due = atomic_load_explicit(&queue->client.due, memory_order_relaxed);
		due = due == NS_NEVER ? end : ns_min(end, queue->epoch + due);
		if (now >= due || due == NS_NEVER) {
			return;
		}
		if (due - now > SPIN_NS) {
			sleep_until(due - SPIN_NS);
		}
		now = virt_monotonic_ns();
	}
}

int
inproc_event_fd(struct inproc_queue *queue)
{
	int fd;

	if (queue->timer_fd >= 0) {
		return queue->timer_fd;
	}
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd < 0) {
		return -errno;
	}
	virt_lock(queue->virt);
	queue->timer_fd = fd;
	note_due(queue);
	virt_unlock(queue->virt);
	return fd;
}
