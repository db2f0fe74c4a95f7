/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NAND operations and the write buffer as NVMeVirt times them: a die is busy with one operation
 * at a time, a read ends with its transfer, a program starts with it.
 */
#include <ssd/time/nvmevirt1_internal.h>

/* The page type of a page of a block, counted in flash pages */
uint32_t
nv_cell(const struct nvmevirt1 *nv, uint32_t page_in_block)
{
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

	at = nvmevirt1_bus_transfer(die->channel, now, at, nv->nand.oneshot_page_nbytes);
	die->busy_until = at + nv->nand.program_ns;
	return die->busy_until;
}

/* The host's data arrive in the write buffer */
ns_t
nv_buffer_fill(struct nvmevirt1 *nv, ns_t now, uint64_t nbytes)
{
	uint64_t pages = (nbytes + NV_PAGE_NBYTES - 1) / NV_PAGE_NBYTES;
	ns_t at = now + nv->nand.fw_write_ns + nv->nand.fw_write_4k_ns * pages;

	return nvmevirt1_bus_transfer(nv->link, now, at, nbytes);
}

static void
release_sift_up(struct nvmevirt1 *nv, uint32_t at)
{
	struct nv_release moved = nv->releases[at];

	while (at > 0 && nv->releases[(at - 1) / 2].at > moved.at) {
		nv->releases[at] = nv->releases[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	nv->releases[at] = moved;
}

static void
release_sift_down(struct nvmevirt1 *nv)
{
	struct nv_release moved = nv->releases[0];
	uint32_t at = 0;

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= nv->release_count) {
			break;
		}
		if (child + 1 < nv->release_count &&
		    nv->releases[child + 1].at < nv->releases[child].at) {
			child++;
		}
		if (nv->releases[child].at >= moved.at) {
			break;
		}
		nv->releases[at] = nv->releases[child];
		at = child;
	}
	nv->releases[at] = moved;
}

void
nv_release_add(struct nvmevirt1 *nv, ns_t at, uint32_t nbytes, uint32_t zone)
{
	if (nv->release_count == NV_RELEASES_MAX) {
		/* only broken accounts get here: the bytes are given back early */
		struct nv_release first = nv->releases[0];

		nvmevirt1_release(nv, first.at);
	}
	nv->releases[nv->release_count] = (struct nv_release){ at, nbytes, zone };
	release_sift_up(nv, nv->release_count++);
}

ns_t
nvmevirt1_next_release(const struct nvmevirt1 *nv)
{
	return nv->release_count ? nv->releases[0].at : NS_NEVER;
}

bool
nvmevirt1_release(struct nvmevirt1 *nv, ns_t now)
{
	bool any = false;

	while (nv->release_count && nv->releases[0].at <= now) {
		struct nv_release first = nv->releases[0];

		if (first.zone == UINT32_MAX) {
			nv->buffer_nbytes += first.nbytes;
		} else {
			nv->zones[first.zone].buffer_nbytes += first.nbytes;
		}
		nv->releases[0] = nv->releases[--nv->release_count];
		if (nv->release_count) {
			release_sift_down(nv);
		}
		any = true;
	}
	return any;
}
