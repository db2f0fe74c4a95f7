/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller with arbitrary behavior, behind the driver and the library above it: registers,
 * completions and data come from the input. Like a real controller it knows the addresses of the
 * queues, and completes commands, mostly with their own identifiers; it cannot access unmapped
 * memory. Time counts reads of the clock, so that timeouts take no real time.
 */
#include <errno.h>
#include <host/err.h>
#include <libxnvme.h>
#include <nvme/regs.h>
#include <os/os.h>
#include <path/pcie/ctrl.h>
#include <stdlib.h>
#include <string.h>

#define URI "vfio-user:/fuzz"
#define REGIONS_MAX 64u
#define QUEUES_MAX 64u
#define CLOCK_STEP_NS 20000000ull
#define POKES 300u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);
uint64_t __wrap_os_clock_ns(void);
void __wrap_os_pause_ns(uint64_t ns);

static struct {
	struct bus bus; /* base: must be first */
	const uint8_t *data;
	size_t left;
	uint64_t now_ns;
	uint64_t cap, asq, acq;
	uint32_t cc, aqa;
	bool rung;
	struct dma_region regions[REGIONS_MAX];
	struct {
		uint64_t sq, cq;
		uint32_t entries, head, doorbell, tail, phase;
	} queues[QUEUES_MAX];
} c;

uint64_t
__wrap_os_clock_ns(void)
{
	c.now_ns += CLOCK_STEP_NS;
	return c.now_ns;
}

void
__wrap_os_pause_ns(uint64_t ns)
{
	c.now_ns += ns;
}

static uint8_t
byte(void)
{
	c.left -= c.left > 0;
	return c.left ? *c.data++ : 0;
}

static uint64_t
word(uint32_t nbytes)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < nbytes; ++i) {
		value = value << 8 | byte();
	}
	return value;
}

/* Memory of the host, if all of it is mapped */
static void *
reach(uint64_t iova, uint64_t nbytes)
{
	for (uint32_t i = 0; i < REGIONS_MAX; ++i) {
		const struct dma_region *r = &c.regions[i];

		if (iova - r->iova < r->nbytes && nbytes <= r->nbytes - (iova - r->iova)) {
			return (uint8_t *)r->vaddr + (iova - r->iova);
		}
	}
	return NULL;
}

static void
post(uint32_t qid, uint16_t cid, uint32_t status, uint32_t dw0)
{
	uint32_t *cqe = reach(c.queues[qid].cq + 16ull * c.queues[qid].tail, 16);

	if (!cqe || c.queues[qid].entries == 0) {
		return;
	}
	cqe[0] = dw0;
	cqe[1] = 0;
	cqe[2] = c.queues[qid].head | qid << 16;
	cqe[3] = cid | c.queues[qid].phase << 16 | status << 17;
	c.queues[qid].tail += 1;
	if (c.queues[qid].tail >= c.queues[qid].entries) {
		c.queues[qid].tail = 0;
		c.queues[qid].phase ^= 1;
	}
}

/* Data of a command: valid in a few fields, the rest from the input */
static void
fill(const struct xnvme_spec_cmd *cmd)
{
	uint8_t *to = reach(cmd->common.dptr.prp.prp1, 64);
	uint8_t *page = reach(cmd->common.dptr.prp.prp1, 4096);
	uint32_t count = byte() % 16;

	if (page && cmd->common.opcode == XNVME_SPEC_ADM_OPC_IDFY) {
		memset(page, 0, 4096);
		if (cmd->idfy.cns == XNVME_SPEC_IDFY_CTRLR) {
			page[77] = 5;
			page[512] = 0x66;
			page[513] = 0x44;
			page[516] = 1;
		} else if (cmd->idfy.cns == XNVME_SPEC_IDFY_NS) {
			page[1] = page[9] = page[17] = 1;
			page[130] = 9;
		} else {
			page[0] = 1;
		}
		for (uint32_t i = 0; i < count; ++i) {
			page[word(2) % 4096] = byte();
		}
	} else if (to) {
		memset(to, byte(), 64);
	}
}

static void
execute(uint32_t qid, const struct xnvme_spec_cmd *cmd)
{
	uint8_t how = byte();
	uint32_t at = cmd->common.ndt & 0xFFFF, dw0 = 0;

	if (qid == 0 && at < QUEUES_MAX) {
		if (cmd->common.opcode == XNVME_SPEC_ADM_OPC_CREATE_CQ) {
			memset(&c.queues[at], 0, sizeof(c.queues[at]));
			c.queues[at].cq = cmd->common.dptr.prp.prp1;
			c.queues[at].entries = (cmd->common.ndt >> 16) + 1;
			c.queues[at].phase = 1;
		} else if (cmd->common.opcode == XNVME_SPEC_ADM_OPC_CREATE_SQ) {
			c.queues[at].sq = cmd->common.dptr.prp.prp1;
		} else if (cmd->common.opcode == XNVME_SPEC_ADM_OPC_SFEAT) {
			dw0 = 0x00070007;
		}
	}
	if (qid == 0 && cmd->common.opcode == XNVME_SPEC_ADM_OPC_ASYNC_EVENT && how < 0xF0) {
		return;
	}
	if ((how & 0x70) == 0x70) {
		return; /* lost command */
	}
	if ((cmd->common.opcode & 2) && (how & 1)) {
		fill(cmd);
	}
	post(qid, cmd->common.cid, (how & 0x78) == 0x60 ? (uint32_t)word(2) & 0x7FFF : 0,
	     (how & 0x78) == 0x58 ? (uint32_t)word(4) : dw0);
	if ((how & 0x78) == 0x50) { /* maybe an unknown identifier */
		post(qid, (uint16_t)word(2), 0, (uint32_t)word(4));
	}
}

static void
run(struct bus *bus)
{
	(void)bus;
	if (!c.rung) {
		return;
	}
	c.rung = false;
	for (uint32_t qid = 0; qid < QUEUES_MAX && c.left > 0; ++qid) {
		for (uint32_t n = 0; c.queues[qid].entries && n < c.queues[qid].entries &&
				     c.queues[qid].head != c.queues[qid].doorbell;
		     ++n) {
			const void *at = reach(c.queues[qid].sq + 64ull * c.queues[qid].head, 64);
			struct xnvme_spec_cmd cmd;

			if (!at) {
				break;
			}
			memcpy(&cmd, at, sizeof(cmd));
			c.queues[qid].head = (c.queues[qid].head + 1) % c.queues[qid].entries;
			execute(qid, &cmd);
		}
	}
}

static int
bus_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	uint64_t value = 0;
	uint8_t odd;

	(void)bus;
	if (c.left == 0) {
		return -ENODEV; /* end of the input: the controller is removed */
	}
	odd = byte();
	switch (offset) {
	case REG_CAP:
		value = c.cap;
		break;
	case REG_CC:
		value = c.cc;
		break;
	case REG_CSTS:
		value = (c.cc & 1) | (c.cc >> 14 & 3 ? CSTS_SHST_COMPLETE << 2 : 0);
		value ^= odd > 0xF0 ? odd & 0x0F : 0;
		break;
	default:
		value = odd;
	}
	memcpy(data, &value, nbytes);
	return 0;
}

static int
bus_write(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes)
{
	uint64_t value = 0;
	uint32_t number;

	(void)bus;
	memcpy(&value, data, nbytes);
	if (offset >= REG_DOORBELLS) {
		number = (offset - REG_DOORBELLS) / (4u << CAP_DSTRD(c.cap));
		if (number % 2 == 0 && number / 2 < QUEUES_MAX) {
			c.queues[number / 2].doorbell = (uint32_t)value;
			c.rung = true;
		}
	} else if (offset == REG_ASQ) {
		c.asq = value;
	} else if (offset == REG_ACQ) {
		c.acq = value;
	} else if (offset == REG_AQA) {
		c.aqa = (uint32_t)value;
	} else if (offset == REG_CC) {
		c.cc = (uint32_t)value;
		memset(c.queues, 0, sizeof(c.queues));
		c.queues[0].sq = c.asq;
		c.queues[0].cq = c.acq;
		c.queues[0].entries = c.cc & 1 ? (c.aqa & 0xFFF) + 1 : 0;
		c.queues[0].phase = 1;
	}
	return 0;
}

static int
bus_map(struct bus *bus, const struct dma_region *region)
{
	(void)bus;
	for (uint32_t i = 0; i < REGIONS_MAX; ++i) {
		if (c.regions[i].nbytes == 0) {
			c.regions[i] = *region;
			return 0;
		}
	}
	return err_set(-ENOSPC, "too many maps");
}

static int
bus_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	(void)bus;
	for (uint32_t i = 0; i < REGIONS_MAX; ++i) {
		if (c.regions[i].iova == iova && c.regions[i].nbytes == nbytes) {
			c.regions[i].nbytes = 0;
		}
	}
	return 0;
}

static int
bus_vector(struct bus *bus, uint32_t vector, int event)
{
	(void)bus;
	(void)vector;
	(void)event;
	return 0;
}

static void
bus_close(struct bus *bus)
{
	(void)bus;
	memset(c.regions, 0, sizeof(c.regions));
}

static const struct bus_ops ops = {.name = "fuzz",
				   .read = bus_read,
				   .write = bus_write,
				   .map = bus_map,
				   .unmap = bus_unmap,
				   .vector = bus_vector,
				   .run = run,
				   .close = bus_close};

static int
open_bus(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus)
{
	(void)name;
	(void)timeout_ns;
	(void)read_only;
	c.bus = (struct bus){.ops = &ops, .vectors = 9, .iova_end = UINT64_MAX};
	*bus = &c.bus;
	return 0;
}

static void
on_done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	(void)arg;
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static void
use_queue(struct xnvme_dev *dev, void *buf, uint32_t nsid)
{
	struct xnvme_queue *queue = NULL;

	if (xnvme_queue_init(dev, 8, 0, &queue)) {
		return;
	}
	(void)xnvme_queue_set_cb(queue, on_done, NULL);
	for (uint32_t i = 0; i < POKES; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		if (ctx && xnvme_nvm_read(ctx, nsid, i, 0, buf, NULL)) {
			(void)xnvme_queue_put_cmd_ctx(queue, ctx);
		}
		(void)xnvme_queue_poke(queue, 0);
	}
	(void)xnvme_queue_term(queue);
}

static void
use(struct xnvme_dev *dev, uint32_t nsid)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	void *buf = xnvme_buf_alloc(dev, 65536);
	uint8_t own[4096];

	if (!buf || !geo) {
		abort();
	}
	(void)xnvme_nvm_read(&ctx, nsid, 0, 0, buf, NULL);
	(void)xnvme_nvm_read(&ctx, nsid, 0, 0, own, NULL);
	(void)xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, UINT32_MAX, 0, own, 512);
	use_queue(dev, buf, nsid);
	(void)xnvme_controller_reset(dev);
	(void)xnvme_nvm_read(&ctx, nsid, 0, 0, buf, NULL);
	xnvme_buf_free(dev, buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = NULL;
	struct ctrl *ctrl = NULL;

	if (nbytes < 16) {
		return 0;
	}
	memset(&c, 0, sizeof(c));
	c.data = data;
	c.left = nbytes;
	opts.nsid = byte() % 3;
	opts.admin_timeout = opts.command_timeout = 1000000;
	opts.host_heap_size = 4 << 20;
	/* MQES 63, contiguous queues, the NVM command set; a few bits from the input */
	c.cap = 63 | 1u << 16 | 1ull << 37;
	c.cap ^= word(2) & 0x3F;
	c.cap |= (uint64_t)(byte() & 3) << 32 | (uint64_t)(byte() & 0x0F) << 37;
	if (ctrl_get(URI, open_bus, "", &opts, &ctrl) == 0) {
		dev = xnvme_dev_open(URI, &opts); /* the controller of that name is already up */
		if (dev) {
			use(dev, opts.nsid);
			xnvme_dev_close(dev);
		}
		ctrl_put(ctrl);
	}
	return 0;
}
