/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of this folder: a host's memory in which only some pages are mapped, an engine that
 * does what the command's own dwords say, and a driver of a few lines.
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

/* What the fake engine does: CDW10 bytes of data, CDW11 bytes of metadata; CDW12 latency in ns;
 * CDW13 status; CDW14 verdict. Opcode 1 takes data, 2 gives a pattern, 6 gives 4096
 * bytes of it, others move nothing. */
struct fake {
	uint8_t *mem;
	bool unmapped[PAGES];
	bool read_only[PAGES];
	bool far[PAGES];	 /* there is no pointer to it, only a way to copy it */
	bool far_refused[PAGES]; /* and that fails */
	uint32_t far_copies;
	bool far_slow;		   /* it has to be asked for before it is copied */
	uint8_t hand[PAGES * PAGE]; /* of each byte: 0, 1 asked for, 2 at hand */
	uint32_t far_waits;	   /* how often something was not at hand */
	bool piecewise; /* translate a page at a time, never more */
	uint32_t interrupts[16];
	bool pin;
	uint8_t taken[1 << 20];
	uint8_t taken_meta[4096];
	uint16_t order[4096]; /* sqid of each command in the order of beginning */
	uint32_t begun;
	struct ssd_dma dma; /* of the last command, before it was prepared */
	uint32_t resets;
	uint16_t event_cid;
	bool event;
	uint32_t errors[2]; /* raised: invalid doorbells, invalid values */
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
