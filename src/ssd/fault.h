/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults by plan: data that says which commands go wrong, and how. For tests of what is above.
 */
#ifndef SSD_FAULT_H
#define SSD_FAULT_H

#include <ssd/ssd.h>

#define SSD_FAULTS_MAX 32

enum ssd_fault_action {
	SSD_FAULT_FAIL,		   /* ends with `status`, without effect */
	SSD_FAULT_DELAY,	   /* is ready `delay_ns` later */
	SSD_FAULT_LOSE,		   /* disappears, without effect */
	SSD_FAULT_LOSE_COMPLETION, /* has its effect, but never completes */
	SSD_FAULT_FATAL,	   /* the controller gives up: CSTS.CFS; the command disappears */
	SSD_FAULT_POWER_CUT,	   /* power is cut just before it; the command disappears */
	SSD_FAULT_REMOVE,	   /* as FATAL, for good, and registers do not answer */
};

/* Which commands: all conditions that are set hold. Then `skip` matching ones pass, the next
 * `count` are hit (0: all that follow), each with the probability `ppm` / 10^6 (0: always). */
struct ssd_fault {
	enum ssd_fault_action action;
	bool match_opcode, match_sqid;
	bool match_io; /* any queue but the admin queue */
	uint8_t opcode;
	uint16_t sqid;
	uint32_t nsid;	   /* 0: any */
	/* I/O that touches blocks of [lba, lba + nlb), in namespace `nsid`, or in any: ranges of
	 * Dataset Management and Copy (sources and destination) count, a zone that is managed as
	 * well. nlb 0: any command */
	uint64_t lba, nlb;
	uint64_t skip, count;
	uint32_t ppm;
	uint16_t status; /* for FAIL: SC | SCT << 8 | DNR << 14 */
	ns_t delay_ns;	 /* for DELAY */
};

/* Arm a plan, replacing the one before; it is copied. The first entry that hits a command counts.
 * 0 entries: nothing goes wrong any more. 0, or -SSD_EINVAL when there are more than 32. */
int ssd_fault_plan(struct ssd *ssd, const struct ssd_fault *plan, uint32_t count);

/* Commands hit so far by entry `index` of the plan */
uint64_t ssd_fault_hits(const struct ssd *ssd, uint32_t index);

/* For the engine: the entry that hits this command, or NULL */
const struct ssd_fault *fault_look(struct ssd *ssd, const struct xnvme_spec_cmd *cmd,
				   const struct ssd_work *work);

/* Do what stands in the way of the command; true: it goes no further */
bool fault_before(struct ssd *ssd, const struct ssd_fault *fault, struct ssd_work *work);

/* Change how it ends */
void fault_after(const struct ssd_fault *fault, struct ssd_work *work);

#endif /* SSD_FAULT_H */
