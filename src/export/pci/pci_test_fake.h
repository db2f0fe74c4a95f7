/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of this folder: host memory in which only some pages are mapped, an engine that is
 * controlled by the command's own dwords, and a minimal driver.
 */
#ifndef EXPORT_PCI_TEST_FAKE_H
#define EXPORT_PCI_TEST_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <export/pci/impl.h>

#define IOVA 0x100000000ull
#define PAGE 4096u
#define PAGES 256u
#define ENTRIES 8u

/* The fake engine: CDW10 bytes of data, CDW11 bytes of metadata; CDW12 latency in ns; CDW13 status;
 * CDW14 verdict. Opcode 1 reads data from the host, 2 returns a pattern, 6 returns 4096 bytes of
 * it, others transfer nothing. */
struct fake {
	uint8_t *mem;
	bool unmapped[PAGES];
	bool read_only[PAGES];
	bool far[PAGES];	 /* no pointer, only copies */
	bool far_refused[PAGES]; /* and a copy fails */
	uint32_t far_copies;
	bool far_slow;		   /* must be requested before it is copied */
	uint8_t hand[PAGES * PAGE]; /* of each byte: 0, 1 requested, 2 available */
	uint32_t far_waits;	   /* how often memory was not available */
	bool piecewise; /* translate at most a page at a time */
	uint32_t interrupts[16];
	bool pin;
	uint8_t taken[1 << 20];
	uint8_t taken_meta[4096];
	uint16_t order[4096]; /* sqid of each command in the order of their start */
	uint32_t started;
	struct ssd_dma dma; /* of the last command, before prepare() */
	uint32_t resets;
	uint16_t event_cid;
	bool event;
	uint32_t errors[2]; /* raised events: invalid doorbells, invalid values */
	bool fatal, removed;
	void *state;
	void *doorbells;
	struct pci_func *f;
	uint32_t sq_tail[16], cq_head[16], cq_phase[16], entries[16];
	ns_t now;
};

extern struct fake fake;

void fake_start(const struct pci_config *config);
void fake_stop(void);
void fake_enable(uint32_t cc_extra);
uint64_t fake_page(uint32_t page); /* its host address */
void *fake_at(uint64_t addr);      /* its bytes */
uint64_t fake_sq(uint32_t qid);
uint64_t fake_cq(uint32_t qid);
void fake_put(uint32_t qid, const struct xnvme_spec_cmd *cmd); /* without a doorbell */
void fake_ring(uint32_t qid);
void fake_run(void);
bool fake_reap(uint32_t qid, struct xnvme_spec_cpl *cpl);
uint16_t fake_admin(const struct xnvme_spec_cmd *cmd, uint64_t *result);
uint16_t fake_io(uint32_t qid, const struct xnvme_spec_cmd *cmd);
uint16_t fake_create_cq(uint32_t qid, uint32_t entries, uint32_t vector);
uint16_t fake_create_sq(uint32_t qid, uint32_t cqid, uint32_t entries, uint32_t prio);
uint16_t fake_delete(bool cq, uint32_t qid);
uint32_t fake_reg(uint32_t offset);
void fake_reg_set(uint32_t offset, uint32_t value);
struct xnvme_spec_cmd fake_cmd(uint8_t opcode, uint16_t cid, uint32_t nbytes, uint64_t prp1,
			       uint64_t prp2);
uint8_t fake_pattern(uint64_t offset);

#endif /* EXPORT_PCI_TEST_FAKE_H */
