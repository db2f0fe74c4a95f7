/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration of a timing model: plain data, the same structure for every model; each model
 * reads its own part. Bandwidths are in MiB/s (2^20 bytes).
 */
#ifndef SSD_TIME_CONFIG_H
#define SSD_TIME_CONFIG_H

#include <env/env.h>

#define MODEL_UNITS_MAX 1024
#define MODEL_CHANNELS_MAX 64
#define MODEL_DIES_MAX 4096

/* The simple model: a command is split over units, and each part waits for its unit.
 * Nanoseconds. */
struct model_simple_config {
	uint32_t read_delay_ns, read_time_ns, read_trailing_ns;
	uint32_t write_delay_ns, write_time_ns, write_trailing_ns;
	uint32_t units;      /* number of parallel units; 0: 8 */
	uint32_t unit_shift; /* a unit covers 2^n contiguous bytes; 0: 12 */
};

/* Geometry and timing of NAND flash behind a link; used by the models "parallel" and "nvmevirt1" */
struct model_nand_config {
	/* geometry */
	uint32_t channels;
	uint32_t dies_per_channel;
	uint32_t planes_per_die;
	uint32_t cell_bits;              /* 1 SLC, 2 MLC, 3 TLC, 4 QLC */
	uint32_t flash_page_nbytes;      /* size of one read (sense) */
	uint32_t oneshot_page_nbytes;    /* size of one program */
	uint32_t blocks_per_plane;       /* 0: from the capacity */
	uint64_t block_nbytes;           /* 0: from the capacity */
	uint64_t erase_nbytes;           /* size of one erase (erase_ns); 0: a block, of any size */
	uint64_t raw_nbytes;             /* NAND; 0: user capacity and overprovisioning */
	uint32_t overprovisioning_ppm;   /* of the user capacity: 70000 is 7 % */
	uint32_t partitions;             /* nvmevirt1: independent FTLs; 0: 1 */
	/* NAND times, one per page type (LSB, CSB, MSB, top) where they differ */
	uint32_t read_4k_ns[4];
	uint32_t read_ns[4];
	uint32_t program_ns;
	uint32_t erase_ns;
	/* buses */
	uint32_t channel_mib_s;
	uint32_t channel_transfer_nbytes; /* largest single transfer */
	uint32_t link_mib_s;
	/* firmware */
	uint32_t fw_read_4k_ns;
	uint32_t fw_read_ns;
	uint32_t fw_write_ns;            /* once per write */
	uint32_t fw_write_4k_ns;         /* for each 4 KiB of it */
	uint32_t fw_channel_4k_ns;       /* for each 4 KiB that crosses a channel */
	/* write buffer */
	uint64_t buffer_nbytes;
	uint64_t zone_buffer_nbytes;     /* one per zone; 0: the global one */
	uint32_t write_unit_nbytes;      /* 0: 512 */
	bool early_completion;           /* a write completes when it is in the buffer */
	/* zones, for "nvmevirt1" */
	uint64_t zone_nbytes;            /* 0: not zoned */
	uint32_t dies_per_zone;
	/* garbage collection */
	uint32_t line_pages;             /* 4 KiB pages of a superblock; 0: by the model */
	uint32_t gc_free_lines;          /* free lines that start collection; 0: by the model */
	char gc_policy[16];              /* "greedy", "cost-benefit", "d-choices"; empty: greedy */
	uint32_t gc_choices;             /* candidate lines of "d-choices"; 0: 8 */
	uint32_t gc_background_lines;    /* the same while idle; 0: never */
	uint32_t gc_idle_ns;             /* time without a command that counts as idle; 0: 1 ms */
	uint32_t wear_gap;               /* level wear when erase counts differ by more; 0: never */
	bool gc_separate_hot_cold;       /* pages that are rewritten soon go to separate lines */
	bool gc_all_owners;              /* twice the tables, less time: for pure simulation */
};

struct model_config {
	char name[16]; /* "null", "simple", "parallel", "nvmevirt1"; empty: null */
	struct model_simple_config simple;
	struct model_nand_config nand;
};

#endif /* SSD_TIME_CONFIG_H */
