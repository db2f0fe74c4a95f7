/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocates the function in the memory that the export provides, once.
 */
#include <base/bump.h>
#include <export/pci/impl.h>

#define DOORBELL_PAGE 4096u
#define META_SEGS_MAX 64u

/* Segments for the longest PRP transfer, which may start and end inside pages; and as many as an
 * SGL may have descriptors */
static uint32_t
data_segs(const struct pci_config *config)
{
	uint32_t pages = config->xfer_nbytes_max / 4096 + 2;

	ASSERT(config->xfer_nbytes_max >= PAGE_NBYTES_MIN);
	return pages > SGL_DESCRIPTORS_MAX + 1 ? pages : SGL_DESCRIPTORS_MAX + 1;
}

static bool
makes_sense(const struct pci_config *config)
{
	return config->ioq_max >= 1 && config->ioq_max <= 65534 && config->entries_max >= 2 &&
	       config->entries_max <= 65536 && config->inflight_max >= 1 && config->vectors >= 1 &&
	       config->vectors <= 2048 && config->dstrd <= 10 && config->xfer_nbytes_max >= 4096 &&
	       config->timeout_500ms <= 255;
}

static void
layout(struct pci_func *f, struct bump *c, const struct pci_config *config)
{
	uint32_t nqueues = config->ioq_max + 1;

	ASSERT(config->ioq_max < UINT16_MAX); /* a queue identifier has 16 bits */
	f->sqs = bump_alloc(c, nqueues, sizeof(*f->sqs));
	f->cqs = bump_alloc(c, nqueues, sizeof(*f->cqs));
	f->active = bump_alloc(c, nqueues, sizeof(*f->active));
	f->heap = bump_alloc(c, config->inflight_max, sizeof(*f->heap));
	f->vectors = bump_alloc(c, config->vectors, sizeof(*f->vectors));
	f->xfer.data.segs_max = data_segs(config);
	f->xfer.data.segs = bump_alloc(c, f->xfer.data.segs_max, sizeof(struct seg));
	f->xfer.meta.segs_max = META_SEGS_MAX;
	f->xfer.meta.segs = bump_alloc(c, META_SEGS_MAX, sizeof(struct seg));
}

size_t
pci_bytes_needed(const struct pci_config *config)
{
	struct bump c = {0};
	struct pci_func f = {0};

	if (!makes_sense(config)) {
		return 0;
	}
	bump_alloc(&c, 1, sizeof(struct pci_func));
	layout(&f, &c, config);
	return c.used;
}

size_t
pci_doorbell_bytes(const struct pci_config *config)
{
	size_t nbytes = reg_doorbell(config->ioq_max + 1, false, config->dstrd) - REG_DOORBELLS;

	return (nbytes + DOORBELL_PAGE - 1) & ~(size_t)(DOORBELL_PAGE - 1);
}

static uint64_t
capabilities(const struct pci_config *config)
{
	uint32_t css = CAP_CSS_NVM | CAP_CSS_IOCS | CAP_CSS_ADMIN_ONLY;

	/* each value fits its field, which is not masked */
	ASSERT(config->entries_max - 1 <= 0xFFFF && config->timeout_500ms <= 0xFF);
	ASSERT(config->dstrd <= 0xF);
	return REG_PUT(config->entries_max - 1, 0) | REG_PUT(1, 16) /* CQR */ |
	       REG_PUT(1, 17) /* AMS: weighted round robin */ | REG_PUT(config->timeout_500ms, 24) |
	       REG_PUT(config->dstrd, 32) | REG_PUT(1, 36) /* NSSRS */ | REG_PUT(css, 37) |
	       REG_PUT(0, 48) /* MPSMIN 4 KiB */ | REG_PUT(4, 52) /* MPSMAX 64 KiB */ |
	       REG_PUT(1, 59) /* CRMS: ready with media, mandatory since NVMe Base 2.0 */;
}

struct pci_func *
pci_init(void *memory, size_t nbytes, const struct pci_config *config, void *doorbells,
	 struct ssd *ssd, const struct pci_ops *ops, void *arg)
{
	struct bump c = {.memory = memory};
	struct pci_func *f = memory;
	size_t needed = pci_bytes_needed(config);

	if (needed == 0 || nbytes < needed) {
		return NULL;
	}
	ASSERT(ops->translate && ops->interrupt);
	ASSERT(!ops->far_reach || ops->far_copy);
	ASSERT((uintptr_t)doorbells % sizeof(uint32_t) == 0);
	bump_alloc(&c, 1, sizeof(*f));
	layout(f, &c, config);
	ASSERT(c.used == needed);
	f->config = *config;
	f->ops = ops;
	f->arg = arg;
	f->ssd = ssd;
	f->doorbells = doorbells;
	f->cap = capabilities(config);
	xfer_init(f);
	for (uint32_t qid = 0; qid <= config->ioq_max; ++qid) {
		uint8_t *at = f->doorbells - REG_DOORBELLS;

		f->sqs[qid].doorbell =
			(uint32_t *)(void *)(at + reg_doorbell(qid, false, config->dstrd));
		f->cqs[qid].doorbell =
			(uint32_t *)(void *)(at + reg_doorbell(qid, true, config->dstrd));
	}
	f->shutdown_due = NS_NEVER;
	f->tick_due = NS_NEVER;
	f->bus_master = true;
	func_forget(f);
	func_check(f);
	return f;
}
