/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private header of the engine: the state of a virtual SSD, and the rows of its command tables.
 * Each folder declares its part of the state in its state.h, and its functions in its own headers.
 * Files outside the engine use ssd.h.
 */
#ifndef SSD_ENGINE_H
#define SSD_ENGINE_H

#include <base/assert.h>
#include <base/likely.h>
#include <base/time.h>
#include <libxnvme_spec.h>
#include <nvme/pi.h>
#include <nvme/status.h>
#include <ssd/config.h>
#include <ssd/ctrl/state.h>
#include <ssd/fault.h>
#include <ssd/fdp/state.h>
#include <ssd/kv/state.h>
#include <ssd/limits.h>
#include <ssd/media/state.h>
#include <ssd/nvm/state.h>
#include <ssd/saved.h>
#include <ssd/ssd.h>
#include <ssd/time/model.h>
#include <ssd/zns/state.h>

/* A status with Do Not Retry: a retry would fail the same way */
#define REFUSE(name) ((uint16_t)(STATUS(name) | STATUS_DNR))

struct ssd_ns;
struct ssd_kind; /* kind.h */

typedef void (*ssd_begin_fn)(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			     struct ssd_work *work);

typedef void(ssd_begin_row)(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			    struct ssd_work *work);

/* Effects of an opcode, abbreviated from xnvme_spec_log_effects */
#define EFFECT_SUPPORTED XNVME_SPEC_EFFECTS_CSUPP
#define EFFECT_DATA XNVME_SPEC_EFFECTS_LBCC
#define EFFECT_NS XNVME_SPEC_EFFECTS_NCC
#define EFFECT_INVENTORY XNVME_SPEC_EFFECTS_NIC
#define EFFECT_CONTROLLER XNVME_SPEC_EFFECTS_CCC
#define EFFECT_ALONE_NS (1u << XNVME_SPEC_EFFECTS_CSE_SHIFT) /* nothing else in that namespace */
#define EFFECT_ALONE (2u << XNVME_SPEC_EFFECTS_CSE_SHIFT)    /* nothing else in any namespace */

enum nsid_rule {
	NSID_ACTIVE = 0, /* one attached namespace */
	NSID_BROADCAST,	 /* or FFFFFFFFh: then `begin` gets ns NULL */
	NSID_OWN,	 /* `begin` checks the NSID itself */
};

/* One row per opcode */
struct ssd_row {
	ssd_begin_fn begin; /* NULL: Invalid Opcode */
	uint32_t effects;
	enum nsid_rule nsid;
};

/* Why a Read or a Write takes the slow path */
#define CARE_META 0x01u	   /* metadata or protection information */
#define CARE_BAD 0x02u	   /* a block is marked unreadable */
#define CARE_DULBE 0x04u   /* reading a deallocated block is an error */
#define CARE_CACHE 0x08u   /* overwritten data are copied to the undo log */
#define CARE_PROTECT 0x10u /* the namespace is write protected */
#define CARE_PATTERN 0x20u /* no media, and reads return a pattern other than zeroes */
#define CARE_PLACE 0x80u   /* data placement: writes are counted per reclaim unit */

/* A namespace at run time: what commands use, computed from the saved one by ns_refresh() */
struct ssd_ns {
	const ssd_begin_fn *fast;   /* [256] by opcode: the fast path, or begin_slowly() */
	const struct ssd_row *rows; /* [256]; all NULL for an inactive namespace */
	uint64_t nlba;
	uint64_t base;
	uint32_t read_nlb;  /* largest command of the fast path, in blocks: 0 when the fast */
	uint32_t write_nlb; /* path is closed, else limited by MDTS and the namespace */
	uint8_t shift;	    /* log2 of the block size */
	uint8_t care_read;
	uint8_t care_write;
	uint32_t nsid;
	uint64_t sector; /* index of its first bit in `written` and `bad` */
	uint32_t lba_nbytes;
	uint16_t meta_nbytes;
	uint8_t extended;
	uint8_t kind;
	struct pi_format pi; /* type 0: none */
	uint64_t meta;	     /* offset of its metadata, bytes from the start of all metadata */
	struct saved_ns *saved;
	uint64_t *written; /* the word that holds its first bit */
	const struct ssd_kind *ops;
	uint8_t rsvd[16];
};
STATIC_ASSERT(sizeof(struct ssd_ns) == 128, "a power of two is quicker to index");

/* Why all commands of ssd_begin() take the slow path */
#define ATTEND_FAULTS 0x01u
#define ATTEND_FATAL 0x02u
#define ATTEND_FUSED 0x04u
#define ATTEND_SANITIZE 0x08u

struct ssd {
	/* hot */
	ns_t now;
	ns_t fast_until;    /* commands before this instant may take the fast path; 0: none */
	uint32_t time_free; /* the timing model always returns `now`: skip it */
	uint8_t *data;	    /* NULL: no media */
	uint64_t *written;  /* one bit per 512 bytes of capacity */
	ns_t (*time_begin)(struct model *model, ns_t now, const struct model_io *io);
	const struct model_ops *time;
	struct model *model;
	struct saved *saved;
	struct journal *journal; /* NULL: the media end with the process */
	uint64_t trace;
	ns_t busy_until,
		idle_ns; /* since power on: end of the last busy time; idle time */
	ns_t timer_at;	 /* next instant at which timer.c has work; NS_NEVER: none */
	ns_t tick_at;	 /* the same for the timing model */
	uint32_t attend; /* why commands may not take the fast path: ATTEND_* */

	struct ssd_ns ns[SSD_NS_MAX];

	/* cold */
	const struct ssd_kind *const *kinds; /* by enum ssd_ns_kind; see kind.h */
	uint8_t *meta;
	uint64_t *bad;
	uint64_t *chunks; /* one bit per 4 KiB of `written`: a bit may be set in that part */
	uint64_t seed, random;
	ns_t powered_at; /* the instant of power on */
	bool fatal;
	bool removed; /* implies `fatal` */

	/* the state of each folder */
	struct fault_state fault;
	struct cache cache;
	struct flash_state flash;
	struct fdp_state fdp;
	struct features features;
	struct events events;
	struct logs logs;
	struct lba_status lba_status;
	struct timer timer;
	struct streams streams[SSD_NS_MAX];
	struct nvm_state nvm;
	struct zns_state zns;
	struct kv_state kv;

	/* fixed by the configuration */
	uint64_t pool_nbytes, meta_pool_nbytes;
	uint32_t ns_max;
	uint32_t nformats;

	uint8_t page[PAGE_NBYTES];			   /* scratch of one admin command */
	uint8_t block[BLOCK_NBYTES_MAX + META_NBYTES_MAX]; /* scratch of one block */
	struct ssd_config config;
};

static inline void
attend(struct ssd *ssd, uint32_t set, uint32_t clear)
{
	ssd->attend = (ssd->attend & ~clear) | set;
	ssd->fast_until = ssd->attend ? 0 : ssd->timer_at;
}

static inline struct ssd_ns *
ns_of(struct ssd *ssd, uint32_t nsid)
{
	/* NSID 0 wraps around and fails the comparison */
	return nsid - 1 < SSD_NS_MAX ? &ssd->ns[nsid - 1] : NULL;
}

static inline bool
ns_is_active(const struct ssd_ns *ns)
{
	return ns && ns->saved && ns->saved->exists && ns->saved->attached;
}

/* ---- properties of the drive ---- */

/* The volatile write cache exists and is enabled */
static inline bool
cache_is_on(const struct ssd *ssd)
{
	return ssd->config.cache_nbytes && (ssd->features.current[FEATURE_CACHE] & 1);
}

/* Must overwritten data be kept? With power_loss=all a drive without a cache (or with the cache
 * off) loses nothing, and its writes take the fast path. */
static inline bool
cache_keeps(const struct ssd *ssd)
{
	if (!ssd->data || !ssd->cache.nbytes) {
		return false;
	}
	/* with a model that takes no time, nothing is in flight */
	return cache_is_on(ssd) || (ssd->config.power_loss != SSD_POWER_LOSS_ALL &&
				    !(ssd->time_free && !ssd->config.cache_nbytes));
}

/* Flexible Data Placement. is_there: the drive is configured with it. is_on: it is also enabled */
static inline bool
fdp_is_there(const struct ssd *ssd)
{
	return ssd->config.fdp.enabled;
}

static inline bool
fdp_is_on(const struct ssd *ssd)
{
	return ssd->config.fdp.enabled && !ssd->saved->fdp.off;
}

#endif /* SSD_ENGINE_H */
