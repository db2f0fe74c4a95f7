/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Planned faults: data that selects commands and how they fail, for tests of the software above.
 */
#ifndef SSD_FAULT_H
#define SSD_FAULT_H

#include <ssd/ssd.h>

#define SSD_FAULTS_MAX 32

enum ssd_fault_action {
	SSD_FAULT_FAIL,		   /* completes with `status`, without effect */
	SSD_FAULT_DELAY,	   /* completes `delay_ns` later */
	SSD_FAULT_LOSE,		   /* is dropped, without effect */
	SSD_FAULT_LOSE_COMPLETION, /* takes effect, but never completes */
	SSD_FAULT_FATAL,	   /* the controller fails: CSTS.CFS; the command is dropped */
	SSD_FAULT_POWER_CUT,	   /* power is cut just before the command, which is dropped */
	SSD_FAULT_REMOVE,	   /* as FATAL, permanently, and the registers do not respond */
};

/* Which commands: those that meet all conditions that are set. The first `skip` of them pass, the
 * next `count` are affected (0: all that follow), each with the probability `ppm` / 10^6 (0:
 * always). */
struct ssd_fault {
	enum ssd_fault_action action;
	bool match_opcode, match_sqid;
	bool match_io; /* any queue but the admin queue */
	uint8_t opcode;
	uint16_t sqid;
	uint32_t nsid;	   /* 0: any */
	/* I/O that touches blocks of [lba, lba + nlb), in namespace `nsid`, or in any: this
	 * includes the ranges of Dataset Management and Copy (sources and destination), and the
	 * zone of a zone management command. nlb 0: any command */
	uint64_t lba, nlb;
	uint64_t skip, count;
	uint32_t ppm;
	uint16_t status; /* for FAIL: SC | SCT << 8 | DNR << 14 */
	ns_t delay_ns;	 /* for DELAY */
};

/* Install a plan, which is copied and replaces the previous one. The first entry that affects a
 * command wins. 0 entries: no faults. Returns 0, or -ENV_EINVAL for more than 32 entries. */
int ssd_fault_plan(struct ssd *ssd, const struct ssd_fault *plan, uint32_t count);

/* Commands affected so far by entry `index` of the plan */
uint64_t ssd_fault_hits(const struct ssd *ssd, uint32_t index);

struct fault_state {
	struct ssd_fault plan[SSD_FAULTS_MAX];
	uint64_t seen[SSD_FAULTS_MAX]; /* commands that matched an entry */
	uint64_t hits[SSD_FAULTS_MAX]; /* commands that the entry affected */
	uint32_t count;
	uint32_t cuts; /* power cuts since ssd_init() */
};

/* For the engine: the entry that affects this command, or NULL */
const struct ssd_fault *fault_look(struct ssd *ssd, const struct xnvme_spec_cmd *cmd,
				   const struct ssd_work *work);

/* Apply a fault before the command runs; true: the command does not run. With the verdict SSD_CUT
 * the caller cuts power. */
bool fault_before(struct ssd *ssd, const struct ssd_fault *fault, struct ssd_work *work);

/* Apply a fault to the completion */
void fault_after(const struct ssd_fault *fault, struct ssd_work *work);

#endif /* SSD_FAULT_H */
