/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all operations of the engine keep true, checked at their entry. Nothing here depends on a
 * command, on the contents of media or on the host's memory: those are checked in every build.
 */
#ifndef SSD_CHECK_H
#define SSD_CHECK_H

#include <ssd/engine.h>

static inline void
ssd_check(const struct ssd *ssd)
{
	ASSERT(ssd->saved && ssd->written && ssd->time && ssd->ns_max <= SSD_NS_MAX);
	ASSERT(ssd->events.npending <= EVENTS_MAX && ssd->logs.nchanged_ns <= SSD_NS_MAX);
	ASSERT(ssd->fault.count <= SSD_FAULTS_MAX);
	ASSERT(ssd->powered_at <= ssd->now);
	ASSERT(!ssd->removed || ssd->fatal);
	/* each reason to attend closes the fast path */
	ASSERT(ssd->fast_until == (ssd->attend ? 0 : ssd->timer_at));
}

/* A namespace at run time: ns_refresh() was called after the last change of its saved entry */
static inline void
ns_check(const struct ssd *ssd, const struct ssd_ns *ns)
{
	ASSERT(ns == &ssd->ns[ns->nsid - 1] && ns->saved == &ssd->saved->ns[ns->nsid - 1]);
	ASSERT(ns->nlba == ns->saved->nlba && ns->base == ns->saved->base);
	ASSERT(ns->lba_nbytes == 1U << ns->shift && ns->lba_nbytes <= BLOCK_NBYTES_MAX);
	ASSERT(ns->meta_nbytes <= META_NBYTES_MAX);
	ASSERT(ns->base + (ns->nlba << ns->shift) <= ssd->pool_nbytes);
	ASSERT(ns->read_nlb <= ns->nlba && ns->write_nlb <= ns->nlba);
}

/* A command that starts, in an active namespace, or (NULL) in none */
static inline void
command_check(const struct ssd *ssd, const struct ssd_ns *ns, const struct ssd_work *work)
{
	ASSERT(!ns || ns_is_active(ns));
	ASSERT(work->status == STATUS(SUCCESS) && work->verdict == SSD_DONE);
	ASSERT(work->ready_at >= ssd->now);
}

#endif /* SSD_CHECK_H */
