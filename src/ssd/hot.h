/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the straight way through a command is made of.
 */
#ifndef SSD_HOT_H
#define SSD_HOT_H

#include <ssd/engine.h>

#define TRACE_FACTOR                                                                               \
	0x9E3779B97F4A7C15ULL /* odd, its bits without pattern: 2^64 / golden ratio                \
			       */

/* What was asked, and when it is ready, into the fingerprint. Multiplying by an odd number and
 * exclusive or lose nothing, so no more mixing is needed until somebody looks at it. */
static inline void
trace_command(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, ns_t ready_at)
{
	const uint8_t *bytes = (const uint8_t *)cmd;
	uint64_t trace = ssd->trace;
	uint64_t head, lba, rest;

	memcpy(&head, bytes, 8);
	memcpy(&lba, bytes + 40, 8);
	memcpy(&rest, bytes + 48, 8);
	trace = ((trace ^ head) + rest) * TRACE_FACTOR;
	trace = (trace ^ lba) * TRACE_FACTOR;
	ssd->trace = trace + ready_at;
}

/* The controller is busy until then, not before now: SMART's Controller Busy Time is what is left
 * without idling */
static inline void
busy_until(struct ssd *ssd, ns_t ready_at)
{
	ns_t until = ssd->busy_until;

	if (ssd->now > until) {
		ssd->idle_ns += ssd->now - until;
	}
	ssd->busy_until = ns_max(until, ready_at);
}

/* The long way, for a command that cannot go the straight one (ns is not looked at) */
void begin_slowly(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		  struct ssd_work *work);

/* Account for a command that has not gone the straight way to its end */
void end_slowly(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

#endif /* SSD_HOT_H */
