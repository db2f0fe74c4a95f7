/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The description of an SSD: plain data, filled by a preset, a file or a program, copied by
 * ssd_init().
 *
 * ssd_config_default() gives a usable drive; change the members you need. Zero means "the default"
 * wherever zero is no valid value. ssd_init() checks everything and reports the first error in one
 * sentence. The host can later format and rearrange the namespaces of a valid configuration, within
 * the capacity that is fixed here.
 */
#ifndef SSD_CONFIG_H
#define SSD_CONFIG_H

#include <ssd/time/config.h>

#define SSD_NS_MAX 32 /* namespaces of one controller; NSIDs are 1..32 */
#define SSD_LBA_FORMATS_MAX 16
#define SSD_FDP_HANDLES_MAX 128
#define SSD_FDP_HANDLES_DEFAULT 8
#define SSD_IDENTITY_NBYTES 65

enum ssd_ns_kind {
	SSD_NS_NVM, /* blocks, any order */
	SSD_NS_ZNS, /* blocks in zones, written in order */
	SSD_NS_KV,  /* keys and values */
};

/* One zoned namespace: sizes in bytes of user data */
struct ssd_zns_config {
	uint64_t zone_nbytes;	    /* need not be a power of two of blocks; 0: 64 MiB */
	uint64_t zone_cap_nbytes;   /* writable part of a zone; 0: all of it */
	uint32_t max_open;	    /* 0: no limit */
	uint32_t max_active;	    /* 0: no limit */
	uint32_t zrwa_count;	    /* zones that may have a random write area; 0: none */
	uint32_t zrwa_nbytes;	    /* size of each such area */
	uint32_t zrwa_flush_nbytes; /* flush granularity; 0: one block */
	uint8_t append_limit;	    /* ZASL: 2^n pages of 4 KiB; 0: as MDTS */
	bool read_across;	    /* reads may cross zone boundaries */
	uint16_t descriptor_nbytes; /* zone descriptor extension; a multiple of 64; 0: none */
};

/* One key-value namespace */
struct ssd_kv_config {
	uint32_t key_max;   /* bytes, 1..16; 0: 16 */
	uint32_t value_max; /* bytes; 0: 2 MiB */
	uint32_t keys_max;  /* 0: one per 4 KiB of capacity */
};

struct ssd_ns_config {
	enum ssd_ns_kind kind;
	bool detached;	       /* allocated, but not attached to the controller */
	uint64_t nbytes;       /* user data, metadata not counted; 0: this slot is empty */
	uint32_t lba_nbytes;   /* 512 or 4096; 0: 512 */
	uint16_t meta_nbytes;  /* metadata of each block: 0, 8, 16 or 64 */
	bool meta_extended;    /* interleaved with the data; else in a separate buffer */
	uint8_t pi_type;       /* protection information: 0 (none), 1, 2, 3 */
	bool pi_first;	       /* in the first bytes of the metadata; else in the last */
	uint8_t pi_guard_bits; /* 16, 32, 64; 0: 16. 32 and 64 need 4096-byte blocks */
	/* Atomicity of this namespace across a power failure, in blocks */
	uint32_t atomic_power_lba;    /* NAWUPF + 1; 0: the drive's atomic_power_lba */
	uint32_t atomic_boundary_lba; /* NABSPF + 1: writes across a boundary are not atomic; 0:
				       * none */
	uint32_t atomic_offset_lba;   /* NABO: offset of the first boundary */
	uint8_t eui64[8];      /* all zero: derived from `identity` */
	uint8_t nguid[16];
	uint8_t uuid[16];
	struct ssd_zns_config zns;
	struct ssd_kv_config kv;
	uint8_t fdp_nhandles; /* placement handles of this namespace; 0: one, handle 0 */
	uint16_t fdp_handles[SSD_FDP_HANDLES_MAX]; /* reclaim unit handles; all zero: 0, 1, 2 ... */
};

struct ssd_fdp_config {
	bool enabled;
	uint16_t groups;	    /* reclaim groups; 0: 1 */
	uint16_t handles;	    /* reclaim unit handles; 0: 8 */
	uint64_t unit_nbytes;	    /* reclaim unit; 0: 64 MiB */
	uint32_t unit_seconds;	    /* time limit of writing to one unit; 0: no limit */
	bool persistently_isolated; /* else initially isolated */
};

/* What a drive without media returns for written blocks */
enum ssd_pattern {
	SSD_PATTERN_ZERO,
	SSD_PATTERN_LBA, /* each 8 bytes hold their own byte offset in the namespace */
};

/* Effect of a power cut on acknowledged writes that were not flushed, and on writes in flight. In
 * all cases a zone keeps a prefix of what was written, and key-value pairs stay whole. */
enum ssd_power_loss {
	SSD_POWER_LOSS_ALL,    /* the contents of the cache are lost; without a cache, nothing */
	SSD_POWER_LOSS_RANDOM, /* each command survives or not by the seed, in any order */
	SSD_POWER_LOSS_TORN,   /* the same for each atomic write unit (AWUPF) of each command */
};

/* Values of Identify Controller that depend on the export */
struct ssd_transport_config {
	uint32_t sgls;	 /* SGL Support; 0: PRPs only */
	uint16_t maxcmd; /* 0: not reported */
	/* fabrics only; NVMe Base 2.0, Identify Controller, bytes 1792 and following */
	uint32_t ioccsz, iorcsz; /* I/O queue capsule sizes, in units of 16 bytes */
	uint16_t icdoff;
	uint8_t msdbd;
};

struct ssd_config {
	/* Identity: padded with spaces as the standard requires */
	char serial[21]; /* empty: derived from `identity` */
	char model_number[41];
	char firmware[9];
	char subnqn[224]; /* empty: derived from the serial number */
	uint16_t vid;
	uint16_t ssvid;
	uint8_t ieee_oui[3];
	uint16_t cntlid; /* 0: derived from `identity` */

	/* Limits */
	uint8_t mdts;		/* data limit of one command, 2^n pages of 4 KiB; 0: no limit */
	uint16_t io_queues;	/* pairs granted by Number of Queues; 0: 64 */
	uint16_t queue_entries; /* entries of the longest queue (MQES + 1); 0: 4096 */
	uint16_t doorbell_stride; /* of a PCI function: bytes between doorbells; 0: 4 */
	uint16_t aer_limit;	/* Asynchronous Event Requests held at once; 0: 4 */
	uint32_t atomic_lba;	/* blocks of an atomic write (AWUN + 1); 0: 128 */
	uint32_t atomic_power_lba; /* the same across a power failure (AWUPF + 1); 0: 1 */
	uint8_t ns_max;		   /* highest NSID that may exist (NN); 0: 32 */

	/* Capacity that namespace management can allocate; 0: the sum of `ns` */
	uint64_t nvm_nbytes;
	bool metadata; /* the host may format with metadata even if no namespace has it */

	/* Volatile write cache, bytes; 0: none, every acknowledged write is durable */
	uint64_t cache_nbytes;
	enum ssd_power_loss power_loss;

	bool journal; /* media outlive the process, and its end tears no block */
	bool no_media;		  /* data are discarded: for drives larger than the memory */
	enum ssd_pattern pattern; /* what a read returns without media */
	uint16_t temperature_k;	  /* 0: 313 */
	char precondition[16];	  /* preparation of a new drive: "fill", "random:2"; empty: none */

	struct ssd_ns_config ns[SSD_NS_MAX]; /* ns[i] has NSID i + 1 */
	struct ssd_fdp_config fdp;
	struct model_config model;
	struct ssd_transport_config transport;

	/* Distinguishes this SSD from every other one. Serial number, controller ID, NGUID, EUI64
	 * and UUID are derived from it and from the seed where they are not set. It is the last
	 * member because the owner of the SSD chooses this default; it is no property of the drive:
	 * see virt_spec_difference(). */
	char identity[SSD_IDENTITY_NBYTES];
};

/* One NVM namespace of 1 GiB with 512-byte blocks, no cache, no model */
void ssd_config_default(struct ssd_config *config);

#endif /* SSD_CONFIG_H */
