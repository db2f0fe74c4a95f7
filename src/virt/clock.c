/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <time.h>
#include <base/assert.h>
#include <virt/own.h>

ns_t
virt_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (ns_t)now.tv_sec * NS_PER_S + (ns_t)now.tv_nsec;
}

ns_t
virt_epoch(const struct virt *virt)
{
	return virt->epoch;
}

/* Lets the engine run what is due by virt->now, and delivers its completions */
static void
tick(struct virt *virt)
{
	if (virt->next_tick <= virt->now) {
		virt->next_tick = ssd_tick(virt->ssd, virt->now);
		if (virt_deliver(virt)) {
			virt->next_tick = ssd_tick(virt->ssd, virt->now);
		}
		virt_wake(virt);
	}
}


/* Virtual clock: advances to `at`, running everything that is due until then */
static void
go_to(struct virt *virt, ns_t at)
{
	ASSERT(virt_spec_is_virtual(&virt->spec));
	tick(virt);
	while (virt->next_tick > virt->now && virt->next_tick < at) {
		virt->now = virt->next_tick;
		tick(virt);
	}
	virt->now = ns_max(virt->now, at);
	tick(virt);
}

bool
virt_clock_step(struct virt *virt, ns_t no_later_than)
{
	ns_t next = no_later_than;

	for (struct virt_client *client = virt->clients; client; client = client->next) {
		ns_t due = atomic_load_explicit(&client->due, memory_order_relaxed);

		if (due > virt->now) {
			next = ns_min(next, due);
		}
	}
	if (next == NS_NEVER) {
		return false;
	}
	go_to(virt, next);
	return true;
}

ns_t
virt_clock_at(struct virt *virt, ns_t monotonic_ns)
{
	if (!virt_spec_is_virtual(&virt->spec)) {
		/* never backwards: another thread may have read the clock later and arrived here
		 * first */
		virt->now = ns_max(virt->now, monotonic_ns - virt->epoch);
	} else {
		ns_t until = ssd_waits_until(virt->ssd);

		if (until > virt->now) {
			(void)virt_clock_step(virt, until);
		}
	}
	tick(virt);
	return virt->now;
}

ns_t
virt_clock_now(struct virt *virt)
{
	return virt_clock_at(virt, virt_spec_is_virtual(&virt->spec) ? 0 : virt_monotonic_ns());
}

ns_t
virt_now(struct virt *virt)
{
	ns_t now;

	virt_lock(virt);
	now = virt_clock_now(virt);
	virt_unlock(virt);
	return now;
}

int
virt_advance(struct virt *virt, ns_t ns)
{
	ns_t at;
	int err = -EINVAL;

	if (!virt_spec_is_virtual(&virt->spec)) {
		return err;
	}
	virt_lock(virt);
	if (!__builtin_add_overflow(virt->now, ns, &at) && at < NS_NEVER) {
		go_to(virt, at);
		err = 0;
	}
	virt_unlock(virt);
	return err;
}
