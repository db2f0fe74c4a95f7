/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NAND operations and the write buffer with NVMeVirt's timing: a die runs one operation at a time,
 * a read ends with its transfer, a program starts with it.
 */
#include <ssd/time/nvmevirt1_internal.h>

/* The page type of a page of a block, in flash pages */
uint32_t
nv_cell(const struct nvmevirt1 *nv, uint32_t page_in_block)
{
	ASSERT(nv->pages_per_flash_page > 0 && nv->nand.cell_bits > 0);
	return page_in_block / nv->pages_per_flash_page % nv->nand.cell_bits;
}

ns_t
nv_nand_read(struct nvmevirt1 *nv, struct nv_die *die, ns_t now, ns_t start, uint32_t page,
	     uint32_t nbytes, bool to_host)
{
	uint32_t cell = nv_cell(nv, page);
	ns_t at = ns_max(die->busy_until, start) +
		  (nbytes == NV_PAGE_NBYTES ? nv->nand.read_4k_ns[cell] : nv->nand.read_ns[cell]);
	ns_t done = at;

	ASSERT(die->channel && nbytes > 0);
	while (nbytes > 0) {
		uint32_t chunk = nv->nand.channel_transfer_nbytes;

		chunk = nbytes < chunk ? nbytes : chunk;
		at = nvmevirt1_bus_transfer(die->channel, now, at, chunk);
		done = to_host ? nvmevirt1_bus_transfer(nv->link, now, at, chunk) : at;
		nbytes -= chunk;
	}
	die->busy_until = at;
	return done;
}

ns_t
nv_nand_program(struct nvmevirt1 *nv, struct nv_die *die, ns_t now, ns_t start)
{
	ns_t at = ns_max(die->busy_until, start);

	ASSERT(die->channel);
	at = nvmevirt1_bus_transfer(die->channel, now, at, nv->nand.oneshot_page_nbytes);
	die->busy_until = at + nv->nand.program_ns;
	return die->busy_until;
}

/* Transfer the host's data to the write buffer */
ns_t
nv_buffer_fill(struct nvmevirt1 *nv, ns_t now, uint64_t nbytes)
{
	uint64_t pages = (nbytes + NV_PAGE_NBYTES - 1) / NV_PAGE_NBYTES;
	ns_t at = now + nv->nand.fw_write_ns + nv->nand.fw_write_4k_ns * pages;

	ASSERT(nbytes > 0);
	return nvmevirt1_bus_transfer(nv->link, now, at, nbytes);
}

void
nv_release_add(struct nvmevirt1 *nv, ns_t at, uint32_t nbytes, uint32_t zone)
{
	ASSERT(zone == UINT32_MAX || zone < nv->zone_count);
	if (nv->releases.count == nv->releases.capacity) {
		/* only wrong accounting reaches this: the bytes are released early */
		nvmevirt1_release(nv, release_next(&nv->releases));
	}
	release_push(&nv->releases, (struct release){ at, nbytes, zone });
}

ns_t
nvmevirt1_next_release(const struct nvmevirt1 *nv)
{
	nv_check(nv);
	return release_next(&nv->releases);
}

bool
nvmevirt1_release(struct nvmevirt1 *nv, ns_t now)
{
	bool any = false;

	nv_check(nv);
	while (release_next(&nv->releases) <= now && nv->releases.count) {
		struct release first = release_pop(&nv->releases);

		if (first.owner == UINT32_MAX) {
			nv->buffer_nbytes += first.amount;
		} else {
			nv->zones[first.owner].buffer_nbytes += first.amount;
		}
		any = true;
	}
	return any;
}
