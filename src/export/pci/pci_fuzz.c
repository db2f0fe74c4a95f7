/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host with arbitrary behavior: registers, doorbells, queue entries, PRPs, SGLs, memory that is
 * mapped and unmapped. The input is a list of steps. No access may leave the mapped pages (separate
 * allocations, so that the sanitizer detects it), no step may hang, and a reset must recover the
 * controller.
 */
#include <export/pci/impl.h>
#include <ssd/config.h>
#include <stdlib.h>

#define IOVA 0x10000u
#define PAGE 4096u
#define PAGES 24u
#define STEPS_MAX 400u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

static uint8_t *pages[PAGES]; /* each a separate allocation */
static bool mapped[PAGES];
static bool far[PAGES];	    /* without a pointer, only copies */
static bool refuses[PAGES]; /* although mapped */

static uint8_t *
find(uint64_t addr, uint64_t *nbytes, bool is_far)
{
	uint64_t page = (addr - IOVA) / PAGE, offset = (addr - IOVA) % PAGE;

	if (addr < IOVA || page >= PAGES || !mapped[page] || far[page] != is_far) {
		return NULL;
	}
	*nbytes = *nbytes < PAGE - offset ? *nbytes : PAGE - offset;
	return pages[page] + offset;
}

static void *
translate(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	(void)arg;
	(void)write;
	return find(addr, nbytes, false);
}

static bool
far_reach(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	(void)arg;
	(void)write;
	return find(addr, nbytes, true) != NULL;
}

static bool
far_copy(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	uint8_t *at = buf;

	(void)arg;
	while (nbytes > 0) {
		uint64_t got = nbytes;
		uint8_t *page = find(addr, &got, true);

		ASSERT(page); /* far_reach() returned true */
		if (refuses[(addr - IOVA) / PAGE]) {
			return false;
		}
		memcpy(to_host ? page : at, to_host ? at : page, got);
		at += got;
		addr += got;
		nbytes -= got;
	}
	return true;
}

static void
interrupt(void *arg, uint16_t vector)
{
	(void)arg;
	ASSERT(vector < 4);
}

static void
pin(void *arg, bool level)
{
	(void)arg;
	(void)level;
}

static const struct pci_ops ops = {.translate = translate,
				   .far_reach = far_reach,
				   .far_copy = far_copy,
				   .interrupt = interrupt,
				   .pin = pin};
static const struct pci_config config = {.ioq_max = 3,
					 .entries_max = 16,
					 .inflight_max = 8,
					 .vectors = 4,
					 .xfer_nbytes_max = 64 * 1024,
					 .timeout_500ms = 1};

struct input {
	const uint8_t *at;
	size_t left;
};

static uint32_t
take(struct input *in, uint32_t nbytes)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < nbytes && in->left > 0; ++i, ++in->at, --in->left) {
		value |= (uint32_t)*in->at << 8 * i;
	}
	return value;
}

static void
reg(struct pci_func *f, ns_t now, uint32_t offset, uint64_t value, uint32_t nbytes)
{
	pci_reg_write(f, now, offset, &value, nbytes);
}

static void
tell_memory(struct pci_func *f)
{
	bool any = false;

	for (uint32_t i = 0; i < PAGES; ++i) {
		any = any || (mapped[i] && far[i]);
	}
	pci_far(f, any);
	pci_memory_changed(f);
}

static void
enable(struct pci_func *f, ns_t now, uint32_t extra)
{
	for (uint32_t i = 0; i < PAGES; ++i) {
		mapped[i] = true;
		refuses[i] = false;
	}
	tell_memory(f);
	reg(f, now, REG_CC, 0, 4);
	reg(f, now, REG_AQA, 15 | 15 << 16, 4);
	reg(f, now, REG_ASQ, IOVA, 8);
	reg(f, now, REG_ACQ, IOVA + PAGE, 8);
	reg(f, now, REG_CC, 1 | 6 << 16 | 4 << 20 | extra, 4);
}

static void
step(struct pci_func *f, struct input *in, ns_t *now)
{
	uint32_t what = take(in, 1), a = take(in, 1), b = take(in, 2);
	uint64_t word = take(in, 4);
	ns_t next;

	switch (what % 9) {
	case 0: /* any register */
		reg(f, *now, a % 0x40 & ~3u, word, a & 1 ? 8 : 4);
		break;
	case 1: /* any word of memory, often as an address */
		word = b & 1 ? IOVA + word % (PAGES * PAGE) : word;
		memcpy(pages[a % PAGES] + (b % (PAGE - 8)), &word, 8);
		break;
	case 2:
		reg(f, *now, 0x1000 + 4 * (a % 10), b % 20, 4);
		break;
	case 3:
		mapped[a % PAGES] = b & 1;
		far[a % PAGES] = b & 2;
		refuses[a % PAGES] = (b & 12) == 12;
		tell_memory(f);
		break;
	case 4:
		*now += word % 100000;
		break;
	case 5: /* a whole queue entry */
		for (uint32_t i = 0; i < 16; ++i) {
			uint32_t value = i == 6 || i == 8 ? IOVA + take(in, 3) % (PAGES * PAGE)
							  : take(in, i == 0 ? 4 : 2);

			memcpy(pages[a % 8 & ~1u] + 64 * (b % 16) + 4 * i, &value, 4);
		}
		break;
	case 6:
		enable(f, *now, (word & 1 ? CC_AMS_WEIGHTED << 11 : 0));
		break;
	case 7:
		pci_msix_enable(f, a & 1);
		(void)pci_before_wait(f);
		break;
	default:
		for (uint32_t i = 0; i < 3; ++i) {
			(void)pci_run(f, *now, &next);
		}
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	static struct ssd_config drive;
	struct input in = {data, nbytes};
	const char *why = NULL;
	struct ssd *ssd = NULL;
	void *memory, *state, *media, *doorbells;
	ns_t now = 0, next;

	ssd_config_default(&drive);
	drive.ns[0].nbytes = 1 << 20;
	memory = aligned_alloc(64, (ssd_bytes_needed(&drive) + 63) & ~(size_t)63);
	memset(memory, 0, ssd_bytes_needed(&drive));
	media = calloc(1, ssd_media_bytes(&drive));
	state = calloc(1, pci_bytes_needed(&config));
	doorbells = calloc(1, pci_doorbell_bytes(&config));
	if (ssd_init(&ssd, memory, ssd_bytes_needed(&drive), &drive, media, 1, &why)) {
		abort();
	}
	for (uint32_t i = 0; i < PAGES; ++i) {
		pages[i] = calloc(1, PAGE);
		far[i] = nbytes > 0 && data[0] & 0x80 && i % 3 == data[0] % 3u;
	}
	struct pci_func *f =
		pci_init(state, pci_bytes_needed(&config), &config, doorbells, ssd, &ops, NULL);

	enable(f, now, 0);
	for (uint32_t i = 0; i < STEPS_MAX && in.left > 0; ++i) {
		step(f, &in, &now);
	}
	/* after all steps a reset recovers it */
	pci_reset(f, now);
	enable(f, now, 0);
	uint32_t csts;

	pci_reg_read(f, REG_CSTS, &csts, 4);
	ASSERT((csts & ~CSTS_NSSRO) == CSTS_RDY);
	(void)pci_run(f, now, &next);
	for (uint32_t i = 0; i < PAGES; ++i) {
		free(pages[i]);
	}
	free(doorbells);
	free(state);
	free(media);
	free(memory);
	return 0;
}
