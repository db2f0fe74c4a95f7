/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Background operations of the controller: each has an instant when it ends, or NS_NEVER.
 *
 *   idle ──timer_sanitize, timer_self_test──▶ running ──timer_run──▶ idle
 *
 * The progress survives power loss, so that an operation ends even if every period of power is
 * short.
 */
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/timer.h>

static void
timer_check(const struct ssd *ssd)
{
	const struct timer *timer = &ssd->timer;

	ASSERT(ssd->timer_at <= timer->keep_alive_until && ssd->timer_at <= timer->sanitize_until);
	ASSERT(ssd->timer_at <= timer->self_test_until);
	/* only a sanitize operation closes the fast path for its time */
	ASSERT((timer->sanitize_until != NS_NEVER) == ((ssd->attend & ATTEND_SANITIZE) != 0));
}

static void
set_next(struct ssd *ssd)
{
	const struct timer *timer = &ssd->timer;

	ssd->timer_at = ns_min(timer->keep_alive_until,
			       ns_min(timer->self_test_until, timer->sanitize_until));
	attend(ssd, 0, 0);
}

void
timer_init(struct ssd *ssd)
{
	ssd->timer.keep_alive_until = NS_NEVER;
	ssd->timer.self_test_until = NS_NEVER;
	ssd->timer.sanitize_until = NS_NEVER;
	set_next(ssd);
}

void
timer_self_test_end(struct ssd *ssd, uint8_t result)
{
	struct saved *saved = ssd->saved;
	struct timer *timer = &ssd->timer;
	struct xnvme_spec_selftest_result *entry = &saved->self_test[0];

	if (timer->self_test_until == NS_NEVER) {
		return;
	}
	if (saved->self_tests < SELF_TEST_RESULTS) {
		saved->self_tests += 1;
	}
	ASSERT(saved->self_tests > 0 && saved->self_tests <= SELF_TEST_RESULTS);
	memmove(entry + 1, entry, (saved->self_tests - 1u) * sizeof(*entry));
	memset(entry, 0, sizeof(*entry));
	entry->dsts = (uint8_t)(timer->self_test_code << 4 | result);
	entry->valid = 1;
	entry->nsid = timer->self_test_nsid;
	entry->poh = (saved->powered_ns + (ssd->now - ssd->powered_at)) / (3600 * NS_PER_S);
	timer->self_test_until = NS_NEVER;
	saved->self_test_code = 0;
	set_next(ssd);
}

static void
sanitize_end(struct ssd *ssd)
{
	struct saved *saved = ssd->saved;
	uint32_t passes = saved->sanitize_cdw10 >> 4 & 15; /* OWPASS, 0 for 16 */
	bool nodas = saved->sanitize_nodas;

	ASSERT(ssd->timer.sanitize_until != NS_NEVER);
	ssd->timer.sanitize_until = NS_NEVER;
	attend(ssd, 0, ATTEND_SANITIZE);
	saved->sanitize_status = nodas ? XNVME_SPEC_SANITIZE_SOS_COMPLETED_NODAS
				       : XNVME_SPEC_SANITIZE_SOS_COMPLETED;
	if ((saved->sanitize_cdw10 & 7) == XNVME_SPEC_SANITIZE_OVERWRITE) {
		saved->sanitize_passes = (uint16_t)(passes ? passes : 16);
	}
	saved->erased_at = saved->write_cmds + saved->other_write_cmds;
	aer_raise(ssd, XNVME_SPEC_ASYNC_EVENT_IOCS,
		  nodas ? XNVME_SPEC_ASYNC_IOCS_SANITIZE_DEALLOCATION
			: XNVME_SPEC_ASYNC_IOCS_SANITIZE_COMPLETED,
		  XNVME_SPEC_LOG_SANITIZE);
}

static void
save_progress(struct ssd *ssd)
{
	const struct timer *timer = &ssd->timer;

	timer_check(ssd);
	if (timer->sanitize_until != NS_NEVER) {
		ssd->saved->sanitize_done_ns = ssd->now - timer->sanitize_from;
	}
	if (timer->self_test_until != NS_NEVER) {
		ssd->saved->self_test_done_ns = ssd->now - timer->self_test_from;
	}
}

void
timer_run(struct ssd *ssd)
{
	struct timer *timer = &ssd->timer;

	timer_check(ssd);
	if (ssd->timer_at == NS_NEVER) {
		return;
	}
	save_progress(ssd);
	if (ssd->now < ssd->timer_at) {
		return;
	}
	if (ssd->now >= timer->sanitize_until) {
		sanitize_end(ssd);
	}
	if (ssd->now >= timer->self_test_until) {
		timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_OK);
	}
	if (ssd->now >= timer->keep_alive_until) {
		/* the host has failed: NVMe Base 2.0, Keep Alive */
		timer->keep_alive_until = NS_NEVER;
		ssd->fatal = true;
		attend(ssd, ATTEND_FATAL, 0);
	}
	set_next(ssd);
}

/*
 * A reset ends a short self-test; an extended one and sanitize continue: NVMe Base 2.0, Device
 * Self-test Operations, Sanitize Operations
 */
void
timer_reset(struct ssd *ssd)
{
	timer_check(ssd);
	if (ssd->timer.self_test_code == XNVME_SPEC_SELFTEST_SHORT) {
		timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_RESET);
	}
	ssd->timer.keep_alive_until = NS_NEVER;
	set_next(ssd);
}

void
timer_power_cut(struct ssd *ssd)
{
	struct saved *saved = ssd->saved;

	ASSERT(ssd->powered_at <= ssd->now);
	saved->busy_ns = busy_ns(ssd);
	saved->powered_ns += ssd->now - ssd->powered_at;
	ssd->powered_at = ssd->now;
	ssd->busy_until = ssd->now;
	ssd->idle_ns = 0;
	ssd->features.timestamp = (struct timestamp){.at = ssd->now};
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (saved->ns[i].protect == XNVME_SPEC_NS_WRITE_PROTECT_UNTIL_POWER_CYCLE) {
			saved->ns[i].protect = XNVME_SPEC_NS_WRITE_PROTECT_NONE;
			ssd->features.ns_current[i][FEATURE_PROTECT] = 0;
		}
	}
}

void
timer_keep_alive(struct ssd *ssd, uint32_t timeout_ms)
{
	timer_check(ssd);
	/* rounded up to whole units of KAS, a second */
	uint64_t seconds = ((uint64_t)timeout_ms + 999) / 1000;

	ssd->timer.keep_alive_until = seconds ? ssd->now + seconds * NS_PER_S : NS_NEVER;
	set_next(ssd);
}

void
keep_alive_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		 struct ssd_work *work)
{
	command_check(ssd, ns, work);
	(void)ns;
	(void)cmd;
	(void)work;
	timer_keep_alive(ssd, ssd->features.current[FEATURE_KEEP_ALIVE]);
}

void
timer_self_test(struct ssd *ssd, uint8_t code, uint32_t nsid, ns_t duration, ns_t done)
{
	ASSERT(ssd->timer.self_test_until == NS_NEVER && duration > 0);
	done = ns_min(done, duration);
	ssd->timer.self_test_code = ssd->saved->self_test_code = code;
	ssd->timer.self_test_nsid = ssd->saved->self_test_nsid = nsid;
	/* may wrap around: only differences are used */
	ssd->timer.self_test_from = ssd->now - done;
	ssd->timer.self_test_until = ssd->now + (duration - done);
	ssd->saved->self_test_done_ns = done;
	set_next(ssd);
}

void
timer_sanitize(struct ssd *ssd, ns_t duration, ns_t done)
{
	ASSERT(ssd->timer.sanitize_until == NS_NEVER && duration > 0);
	done = ns_min(done, duration);
	ssd->timer.sanitize_from = ssd->now - done;
	ssd->timer.sanitize_until = ssd->now + (duration - done);
	ssd->saved->sanitize_done_ns = done;
	attend(ssd, ATTEND_SANITIZE, 0);
	set_next(ssd);
}

#define ASKING_PARTS 100 /* part of an operation that passes during one query of its progress */

static ns_t
asked_of(ns_t now, ns_t from, ns_t until)
{
	return until == NS_NEVER ? NS_NEVER : ns_min(until, now + (until - from) / ASKING_PARTS);
}

void
timer_asked(struct ssd *ssd)
{
	struct timer *timer = &ssd->timer;
	ns_t sanitize = asked_of(ssd->now, timer->sanitize_from, timer->sanitize_until);
	ns_t test = asked_of(ssd->now, timer->self_test_from, timer->self_test_until);
	ns_t until = ns_min(sanitize, test);

	timer_check(ssd);
	timer->asked_until = until == NS_NEVER ? 0 : until;
}

ns_t
ssd_waits_until(struct ssd *ssd)
{
	ns_t until = ssd->timer.asked_until;

	timer_check(ssd);
	ssd->timer.asked_until = 0;
	return until;
}

ns_t
ssd_finish(struct ssd *ssd, ns_t now)
{
	struct timer *timer = &ssd->timer;

	timer_check(ssd);
	ssd->now = ns_max(now, ssd->now);
	timer->keep_alive_until = NS_NEVER; /* no host is left that could time out */
	set_next(ssd);
	while (ssd->timer_at != NS_NEVER) {
		ssd->now = ns_max(ssd->now, ssd->timer_at);
		timer_run(ssd);
	}
	timer_check(ssd);
	return ssd->now;
}

uint32_t
timer_progress(const struct ssd *ssd, ns_t from, ns_t until, uint32_t scale)
{
	uint64_t done = ssd->now - from;
	uint64_t all = until - from;

	ASSERT(all > 0 && scale > 0);
	if (done >= all) {
		return scale;
	}
	/* the product of nanoseconds and scale could overflow after 78 hours: divide first for long
	 * times */
	return (uint32_t)(all > UINT32_MAX ? done / (all / scale) : done * scale / all);
}

uint16_t
sanitize_refusal(const struct ssd *ssd)
{
	if (ssd->saved->sanitize_status == XNVME_SPEC_SANITIZE_SOS_FAILED) {
		return REFUSE(SANITIZE_FAILED);
	}
	return STATUS(SANITIZE_IN_PROGRESS);
}
