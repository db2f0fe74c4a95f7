/* SPDX-License-Identifier: BSD-3-Clause */
#include <export/pci/pci_test_fake.h>

struct fake fake;

struct ssd {
	int nothing;
};

static struct ssd the_ssd;

uint8_t
fake_pattern(uint64_t offset)
{
	return (uint8_t)(offset * 31 + offset / 251 + 7);
}

static uint16_t
move(const struct xnvme_spec_cmd *cmd, struct ssd_dma *dma)
{
	bool identify = cmd->common.opcode == 6;
	uint64_t nbytes = identify ? 4096 : cmd->common.ndt, meta = identify ? 0 : cmd->common.ndm;
	bool to_host = cmd->common.opcode != 1;
	uint16_t status = ssd_dma_prepare(dma, nbytes, meta, to_host);

	for (uint64_t at = 0; at < nbytes && status == 0; at += 96) { /* 96: not a divisor */
		uint64_t part = nbytes - at < 96 ? nbytes - at : 96;
		uint8_t buf[96];

		for (uint64_t i = 0; i < part; ++i) {
			buf[i] = fake_pattern(at + i);
		}
		status = to_host ? dma->copy_out(dma, at, buf, part)
				 : dma->copy_in(dma, at, fake.taken + at, part);
	}
	if (status == 0 && meta > 0) {
		status = to_host ? dma->meta_out(dma, 0, fake.taken_meta, meta)
				 : dma->meta_in(dma, 0, fake.taken_meta, meta);
	}
	return status;
}

void
ssd_begin(struct ssd *ssd, ns_t now, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	assert_ptr_equal(ssd, &the_ssd);
	fake.order[fake.started++ % 4096] = work->sqid;
	fake.dma = *work->dma;
	work->result = 0xABCD00000000ull | cmd->common.cid;
	work->status = (uint16_t)cmd->common.cdw13;
	work->ready_at = now + cmd->common.cdw12;
	work->verdict = (enum ssd_verdict)(cmd->common.cdw14 % 4);
	if (cmd->common.opcode == 1 || cmd->common.opcode == 2 || cmd->common.opcode == 6) {
		uint16_t status = move(cmd, work->dma);

		work->status = status ? status : work->status;
	}
	if (work->verdict == SSD_HELD) {
		fake.event_cid = cmd->common.cid;
	}
}

ns_t
ssd_tick(struct ssd *ssd, ns_t now)
{
	(void)ssd;
	(void)now;
	return NS_NEVER;
}

bool
ssd_next_event(struct ssd *ssd, ns_t now, uint16_t owner, struct ssd_event *event)
{
	bool is = fake.event;

	(void)ssd;
	(void)now;
	(void)owner;
	*event = (struct ssd_event){.cid = fake.event_cid, .result = 0x42};
	fake.event = false;
	return is;
}

bool
ssd_has_event(const struct ssd *ssd, uint16_t owner)
{
	(void)ssd;
	(void)owner;
	return fake.event;
}

void
ssd_raise_error(struct ssd *ssd, uint16_t owner, uint8_t info)
{
	(void)ssd;
	(void)owner;
	fake.errors[info & 1] += 1;
}

void
ssd_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid)
{
	(void)ssd;
	(void)owner;
	(void)sqid;
}

void
ssd_reset(struct ssd *ssd, ns_t now, uint16_t owner)
{
	(void)ssd;
	(void)now;
	(void)owner;
	fake.resets += 1;
}

bool
ssd_is_fatal(const struct ssd *ssd)
{
	(void)ssd;
	return fake.fatal;
}

bool
ssd_is_removed(const struct ssd *ssd)
{
	(void)ssd;
	return fake.removed;
}

ns_t
ssd_shutdown(struct ssd *ssd, ns_t now, bool abrupt)
{
	(void)ssd;
	return now + (abrupt ? 10 : 1000);
}

static void *
find(void *arg, uint64_t addr, uint64_t *nbytes, bool write, bool far)
{
	uint64_t offset = addr - IOVA, pages = 0, got;

	assert_ptr_equal(arg, &fake);
	assert_true(*nbytes > 0);
	if (addr < IOVA || offset >= PAGES * PAGE) {
		return NULL;
	}
	while (offset / PAGE + pages < PAGES &&
	       (pages == 0 || pages * PAGE - offset % PAGE < *nbytes)) {
		uint64_t page = offset / PAGE + pages;

		if (fake.unmapped[page] || fake.far[page] != far ||
		    (write && fake.read_only[page])) {
			break;
		}
		pages += 1;
		if (fake.piecewise) {
			break;
		}
	}
	if (pages == 0) {
		return NULL;
	}
	got = pages * PAGE - offset % PAGE;
	*nbytes = got < *nbytes ? got : *nbytes;
	return fake.mem + offset;
}

static void *
translate(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	return find(arg, addr, nbytes, write, false);
}

static bool
far_reach(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	return find(arg, addr, nbytes, write, true) != NULL;
}

static bool
far_ready(void *arg, uint64_t addr, uint64_t nbytes)
{
	uint8_t *hand = fake.hand + (nbytes ? addr - IOVA : 0);
	bool ready = true;

	assert_ptr_equal(arg, &fake);
	for (uint64_t i = 0; fake.far_slow && i < nbytes; ++i) {
		hand[i] = hand[i] ? hand[i] : 1;
		ready = ready && hand[i] == 2;
	}
	fake.far_waits += !ready;
	return ready;
}

static void
far_done(void *arg)
{
	assert_ptr_equal(arg, &fake);
	memset(fake.hand, 0, sizeof(fake.hand));
}

static bool
far_copy(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	uint64_t got = nbytes;
	uint8_t *at = find(arg, addr, &got, to_host, true);

	assert_non_null(at);
	assert_int_equal(got, nbytes);
	fake.far_copies += 1;
	for (uint64_t i = 0; fake.far_slow && !to_host && i < nbytes; ++i) {
		assert_int_equal(fake.hand[addr - IOVA + i], 2);
	}
	if (to_host) { /* written memory is available */
		memset(fake.hand + (addr - IOVA), 2, nbytes);
	}
	if (fake.far_refused[(addr - IOVA) / PAGE]) {
		return false;
	}
	memcpy(to_host ? at : buf, to_host ? buf : at, nbytes);
	return true;
}

static void
interrupt(void *arg, uint16_t vector)
{
	(void)arg;
	fake.interrupts[vector] += 1;
}

static void
pin(void *arg, bool level)
{
	(void)arg;
	fake.pin = level;
}

static const struct pci_ops ops = {.translate = translate,
				   .far_reach = far_reach,
				   .far_copy = far_copy,
				   .far_ready = far_ready,
				   .far_done = far_done,
				   .interrupt = interrupt,
				   .pin = pin};

void
fake_start(const struct pci_config *config)
{
	static const struct pci_config usual = {.ioq_max = 8,
						.entries_max = 64,
						.inflight_max = 64,
						.vectors = 9,
						.xfer_nbytes_max = 128 * 1024,
						.timeout_500ms = 2};
	size_t nbytes;

	config = config ? config : &usual;
	nbytes = pci_bytes_needed(config);
	memset(&fake, 0, sizeof(fake));
	fake.mem = calloc(PAGES, PAGE);
	fake.state = calloc(1, nbytes);
	fake.doorbells = calloc(1, pci_doorbell_bytes(config));
	fake.f = pci_init(fake.state, nbytes, config, fake.doorbells, &the_ssd, &ops, &fake);
	assert_non_null(fake.f);
	pci_msix_enable(fake.f, true);
}

void
fake_stop(void)
{
	free(fake.mem);
	free(fake.state);
	free(fake.doorbells);
}

uint64_t
fake_page(uint32_t page)
{
	return IOVA + (uint64_t)page * PAGE;
}

void *
fake_at(uint64_t addr)
{
	return fake.mem + (addr - IOVA);
}

/* Queues are in the first 32 pages: page 2n is SQ n, page 2n + 1 is CQ n */
uint64_t
fake_sq(uint32_t qid)
{
	return fake_page(2 * qid);
}

uint64_t
fake_cq(uint32_t qid)
{
	return fake_page(2 * qid + 1);
}

uint32_t
fake_reg(uint32_t offset)
{
	uint32_t value;

	pci_reg_read(fake.f, offset, &value, 4);
	return value;
}

void
fake_reg_set(uint32_t offset, uint32_t value)
{
	pci_reg_write(fake.f, fake.now, offset, &value, 4);
}

static void
forget_queue(uint32_t qid, uint32_t entries)
{
	fake.sq_tail[qid] = fake.cq_head[qid] = 0;
	fake.cq_phase[qid] = 1;
	fake.entries[qid] = entries;
	memset(fake_at(fake_cq(qid)), 0, PAGE);
}

void
fake_enable(uint32_t cc_extra)
{
	uint64_t asq = fake_sq(0), acq = fake_cq(0);

	forget_queue(0, ENTRIES);
	fake_reg_set(REG_AQA, (ENTRIES - 1) | (ENTRIES - 1) << 16);
	pci_reg_write(fake.f, fake.now, REG_ASQ, &asq, 8);
	pci_reg_write(fake.f, fake.now, REG_ACQ, &acq, 8);
	fake_reg_set(REG_CC, 1 | 6u << 16 | 4u << 20 | cc_extra);
}

void
fake_put(uint32_t qid, const struct xnvme_spec_cmd *cmd)
{
	memcpy(fake_at(fake_sq(qid) + fake.sq_tail[qid] * 64ull), cmd, 64);
	fake.sq_tail[qid] = (fake.sq_tail[qid] + 1) % fake.entries[qid];
}

void
fake_ring(uint32_t qid)
{
	fake_reg_set(reg_doorbell(qid, false, fake.f->config.dstrd), fake.sq_tail[qid]);
}

void
fake_run(void)
{
	ns_t next;

	uint32_t waits;

	do {
		waits = fake.far_waits;
		while (pci_run(fake.f, fake.now, &next) > 0) {
		}
		for (size_t i = 0; fake.far_slow && i < sizeof(fake.hand); ++i) {
			fake.hand[i] = fake.hand[i] ? 2 : 0;
		}
	} while (fake.far_waits != waits);
}

bool
fake_reap(uint32_t qid, struct xnvme_spec_cpl *cpl)
{
	memcpy(cpl, fake_at(fake_cq(qid) + fake.cq_head[qid] * 16ull), 16);
	if (cpl->status.p != fake.cq_phase[qid]) {
		return false;
	}
	fake.cq_head[qid] = (fake.cq_head[qid] + 1) % fake.entries[qid];
	fake.cq_phase[qid] ^= fake.cq_head[qid] == 0;
	fake_reg_set(reg_doorbell(qid, true, fake.f->config.dstrd), fake.cq_head[qid]);
	return true;
}

uint16_t
fake_io(uint32_t qid, const struct xnvme_spec_cmd *cmd)
{
	struct xnvme_spec_cpl cpl;

	fake_put(qid, cmd);
	fake_ring(qid);
	fake_run();
	assert_true(fake_reap(qid, &cpl));
	assert_int_equal(cpl.cid, cmd->common.cid);
	assert_int_equal(cpl.sqid, qid);
	assert_int_equal(cpl.sqhd, fake.sq_tail[qid]);
	return cpl.status.val >> 1;
}

uint16_t
fake_admin(const struct xnvme_spec_cmd *cmd, uint64_t *result)
{
	struct xnvme_spec_cpl cpl;

	fake_put(0, cmd);
	fake_ring(0);
	fake_run();
	assert_true(fake_reap(0, &cpl));
	assert_int_equal(cpl.cid, cmd->common.cid);
	if (result) {
		*result = cpl.result;
	}
	return cpl.status.val >> 1;
}

uint16_t
fake_create_cq(uint32_t qid, uint32_t entries, uint32_t vector)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = 5;
	cmd.common.dptr.prp.prp1 = fake_cq(qid % 16);
	cmd.common.ndt = qid | (entries - 1) << 16;
	cmd.common.ndm = 3 | vector << 16;
	forget_queue(qid % 16, entries);
	return fake_admin(&cmd, NULL);
}

uint16_t
fake_create_sq(uint32_t qid, uint32_t cqid, uint32_t entries, uint32_t prio)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = 1;
	cmd.common.dptr.prp.prp1 = fake_sq(qid % 16);
	cmd.common.ndt = qid | (entries - 1) << 16;
	cmd.common.ndm = 1 | prio << 1 | cqid << 16;
	return fake_admin(&cmd, NULL);
}

uint16_t
fake_delete(bool cq, uint32_t qid)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = cq ? 4 : 0;
	cmd.common.ndt = qid;
	return fake_admin(&cmd, NULL);
}

struct xnvme_spec_cmd
fake_cmd(uint8_t opcode, uint16_t cid, uint32_t nbytes, uint64_t prp1, uint64_t prp2)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.cid = cid;
	cmd.common.ndt = nbytes;
	cmd.common.dptr.prp.prp1 = prp1;
	cmd.common.dptr.prp.prp2 = prp2;
	return cmd;
}
