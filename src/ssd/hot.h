/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Building blocks of the fast path of a command.
 */
#ifndef SSD_HOT_H
#define SSD_HOT_H

#include <ssd/check.h>
#include <ssd/engine.h>

#define TRACE_FACTOR                                                                               \
	0x9E3779B97F4A7C15ULL /* odd, no bit pattern: 2^64 / golden ratio */

/* Add a command and its completion time to the fingerprint. Multiplication by an odd number and
 * exclusive or lose no information, so further mixing is left to ssd_trace_hash(). */
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

/* The controller is busy from now to `ready_at`: SMART's Controller Busy Time is the time since
 * power on without the idle time */
static inline void
busy_until(struct ssd *ssd, ns_t ready_at)
{
	ns_t until = ssd->busy_until;

	ASSERT(ready_at >= ssd->now);
	if (ssd->now > until) {
		ssd->idle_ns += ssd->now - until;
	}
	ssd->busy_until = ns_max(until, ready_at);
}

/* The slow path, for a command that the fast path cannot process (ns is ignored) */
void begin_slowly(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		  struct ssd_work *work);

/* Account for a command of the slow path at its end */
void end_slowly(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

#endif /* SSD_HOT_H */
