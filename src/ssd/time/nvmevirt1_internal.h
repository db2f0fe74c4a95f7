/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private header of nvmevirt1: its state, and the functions that its files share. nvmevirt1.c
 * describes the model.
 */
#ifndef SSD_TIME_NVMEVIRT1_INTERNAL_H
#define SSD_TIME_NVMEVIRT1_INTERNAL_H

#include <base/assert.h>
#include <ssd/time/nvmevirt1.h>
#include <ssd/time/release.h>

#define NV_PAGE_NBYTES 4096u
#define NV_LINES 8192u         /* blocks per plane of the 970 PRO preset */
#define NV_GC_FREE_LINES 2u    /* collect at this number of free lines */
#define NV_INTERVAL_NS 4000u   /* granularity of the credits */
#define NV_WINDOW 98304u       /* intervals that can be reserved in advance, 393.216 ms */
#define NV_RING 131072u        /* power of two above the window */
#define NV_UNIT_NBYTES 128u    /* one credit */
#define NV_RELEASES_MAX 65536u /* more pending ones are merged with the latest */

struct nvmevirt1_bus {
	uint32_t tick_ns;   /* per credit */
	uint32_t credits;   /* per interval as computed, to count intervals */
	uint8_t per_interval; /* capacity of an interval: NVMeVirt keeps only eight bits */
	uint64_t first;     /* interval of the window's start */
	uint8_t taken[NV_RING];
};

enum nv_kind { NV_SIMPLE, NV_CONVENTIONAL, NV_ZONED };

struct nv_die {
	ns_t busy_until;
	struct nvmevirt1_bus *channel;
};

struct nv_line {
	uint32_t valid, invalid; /* pages */
	uint32_t heap_position;  /* 1-based; 0: not in the heap */
	uint32_t next_free;
	uint32_t erases;
};

struct nv_write_pointer {
	uint32_t line;
	uint32_t page; /* in the line's order of allocation */
};

struct nv_partition {
	struct nv_die *dies; /* [lun * channels + channel] */
	uint32_t *map;       /* local page -> physical page + 1 */
	uint32_t *owner;     /* physical page -> local page + 1 */
	struct nv_line *lines;
	uint32_t *heap;      /* 1-based: lines with invalid pages, fewest valid first */
	uint32_t heap_count;
	uint32_t free_head, free_tail, free_count;
	struct nv_write_pointer user, gc;
	uint32_t credit, refill;
};

struct nv_zone {
	uint64_t wp_page_nbytes; /* byte offset of the write pointer in the zone */
	int64_t buffer_nbytes;
	uint8_t state;
};

struct nv_simple_way {
	uint32_t delay_ns, time_ns, trailing_ns;
};

struct nvmevirt1 {
	enum nv_kind kind;
	struct model_nand_config nand;
	uint64_t storage_nbytes, namespace_nbytes;
	/* simple */
	struct nv_simple_way read, write;
	uint32_t units, unit_shift;
	ns_t *unit_busy;
	/* NAND */
	struct nvmevirt1_bus *link, *channels;
	struct nv_die *dies;
	uint32_t die_count;
	uint32_t partitions, channels_of_partition, dies_of_partition;
	uint32_t pages_per_oneshot, pages_per_flash_page;
	uint32_t block_pages, line_pages;
	uint64_t partition_pages; /* physical */
	struct nv_partition *partition;
	/* zones */
	struct nv_zone *zones;
	uint64_t zone_count;
	uint32_t zones_active, zones_open;
	/* write buffer */
	int64_t buffer_nbytes;
	struct release_heap releases;
	ns_t accepted_at; /* for the model interface: requests are accepted in order */
	struct nvmevirt1_totals totals;
};

/* What every operation keeps true */
static inline void
nv_check(const struct nvmevirt1 *nv)
{
	ASSERT(nv->kind == NV_SIMPLE ? nv->units > 0 : nv->die_count > 0);
	ASSERT(nv->kind != NV_CONVENTIONAL || nv->line_pages > 0);
	ASSERT(nv->zones_open <= nv->zones_active && nv->zones_active <= nv->zone_count);
	ASSERT(nv->releases.count <= nv->releases.capacity);
}

static inline void
nv_zone_check(const struct nvmevirt1 *nv, const struct nv_zone *zone)
{
	ASSERT(zone >= nv->zones && zone < nv->zones + nv->zone_count);
	ASSERT(zone->wp_page_nbytes <= nv->nand.zone_nbytes);
	ASSERT((zone->state >= 1 && zone->state <= 4) || zone->state == 0xe);
}

/* The victims of a partition, and its free lines */
static inline void
part_check(const struct nv_partition *part)
{
	ASSERT(part->heap_count + part->free_count <= NV_LINES);
	ASSERT(part->free_count == 0 || part->lines[part->free_tail].next_free == UINT32_MAX);
}

uint64_t nv_storage_nbytes(const struct model_config *config, uint64_t media_nbytes);
uint32_t nv_cell(const struct nvmevirt1 *nv, uint32_t page_in_block);
ns_t nv_nand_read(struct nvmevirt1 *nv, struct nv_die *die, ns_t now, ns_t start, uint32_t page,
		  uint32_t nbytes, bool to_host);
ns_t nv_nand_program(struct nvmevirt1 *nv, struct nv_die *die, ns_t now, ns_t start);
ns_t nv_buffer_fill(struct nvmevirt1 *nv, ns_t now, uint64_t nbytes);
void nv_release_add(struct nvmevirt1 *nv, ns_t at, uint32_t nbytes, uint32_t zone);

void nv_conv_init(struct nvmevirt1 *nv);
bool nv_conv_write(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		   struct nvmevirt1_result *result);
void nv_conv_read(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		  struct nvmevirt1_result *result);

bool nv_zns_write(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		  struct nvmevirt1_result *result);
void nv_zns_read(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		 struct nvmevirt1_result *result);

#endif /* SSD_TIME_NVMEVIRT1_INTERNAL_H */
