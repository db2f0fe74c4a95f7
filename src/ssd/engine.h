/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private header of the engine: the state of a virtual SSD, and the functions that the files of
 * this folder share. Files outside this folder use ssd.h.
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
#include <ssd/fault.h>
#include <ssd/ssd.h>
#include <ssd/time/model.h>
#include <ssd/timestamp.h>

/* A status with Do Not Retry: a retry would fail the same way */
#define REFUSE(name) ((uint16_t)(STATUS_##name | STATUS_DNR))

#define PAGE_NBYTES 4096u
#define SECTOR_NBYTES 512u
#define SECTOR_SHIFT 9
#define BLOCK_NBYTES_MAX 4096u
#define META_NBYTES_MAX 64u
#define NSID_ALL XNVME_SPEC_NSID_ALL
#define ERROR_LOG_ENTRIES 64u
#define SELF_TEST_RESULTS 20u
#define AER_MAX 16u

#define EXTENT_NBYTES (1ULL << 20) /* namespaces start and end on whole MiB of capacity */

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
#define CARE_KIND 0x40u	   /* zoned */
#define CARE_PLACE 0x80u   /* data placement: writes are counted per reclaim unit */

/* A namespace as stored on the media. All zero: no namespace. */
struct saved_ns {
	uint8_t exists;
	uint8_t attached;
	uint8_t kind;	/* enum ssd_ns_kind */
	uint8_t format; /* index of the LBA format */
	uint8_t extended;
	uint8_t pi_type;
	uint8_t pi_first;
	uint8_t protect; /* Namespace Write Protection Config state */
	uint8_t slot;	 /* the struct ssd_ns_config with the parameters of its kind */
	uint8_t nhandles;
	uint8_t handles_of_host; /* `handles` was listed by the host or the configuration */
	uint8_t rsvd[5];
	uint64_t base;	 /* byte offset of its data; a multiple of 1 MiB */
	uint64_t nbytes; /* capacity that it occupies */
	uint64_t nlba;
	uint64_t bad_lba;		/* blocks marked unreadable */
	uint64_t keys, sectors, cursor; /* key-value: in use; start of the next search */
	uint8_t eui64[8];
	uint8_t nguid[16];
	uint8_t uuid[16];
	uint16_t handles[SSD_FDP_HANDLES_MAX];
};

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

/* Rows of features whose value is one dword; see feature.c */
#define FEATURE_ROWS 24
#define FEATURE_TIMESTAMP_NBYTES 8

/* Events of flexible data placement: one log page of 4 KiB holds all of them; see fdp.c */
#define FDP_EVENTS_MAX 63
#define FDP_UNITS_MAX 512 /* pairs of reclaim group and reclaim unit handle */
struct fdp_ring {
	uint64_t next; /* events so far; the newest is at next - 1, modulo FDP_EVENTS_MAX */
	uint64_t count; /* events still stored */
	struct xnvme_spec_fdp_event event[FDP_EVENTS_MAX];
};

/* Counters of flash operations; see flash_count.c */
struct flash_counts {
	uint64_t program_nbytes, gc_program_nbytes; /* all; the part of garbage collection */
	uint64_t user_read_ops, gc_read_ops;
	uint64_t erases, gc_moves, wear_moves;
	uint64_t buffer_hits;
};
#define FLASH_COUNTS (sizeof(struct flash_counts) / sizeof(uint64_t))

/* The state that survives power, besides data and metadata. All zero: a new drive. */
struct saved {
	uint64_t magic;
	uint64_t version;
	uint64_t fingerprint; /* of the configuration that determines the layout */
	struct saved_ns ns[SSD_NS_MAX];
	/* saved values of features; bit i of has_saved: row i has one */
	uint32_t feature[FEATURE_ROWS];
	uint32_t has_saved;
	uint32_t ns_feature[SSD_NS_MAX][FEATURE_ROWS];
	uint32_t ns_has_saved[SSD_NS_MAX];
	/* SMART */
	uint64_t read_nbytes, write_nbytes;
	uint64_t read_cmds, write_cmds;
	uint64_t busy_ns, powered_ns;
	uint64_t power_cycles, unsafe_shutdowns;
	uint64_t media_errors, errors;
	uint8_t clean; /* no data are dirty: set by shutdown, cleared by init */
	/* sanitize: SSTAT bits 0..2 and the parameters of the command */
	uint16_t sanitize_status;
	uint16_t sanitize_passes;
	uint32_t sanitize_cdw10;
	uint8_t sanitize_nodas;	   /* the current one must not deallocate */
	uint64_t other_write_cmds; /* commands that change blocks and that SMART does not count */
	uint64_t erased_at;	   /* write_cmds + other_write_cmds at the last full erase */
	uint16_t lba_status_generation; /* LSGC */
	uint8_t self_tests;	 /* number of results, newest first */
	uint8_t self_test_code;	 /* of the running test; 0: none */
	uint32_t self_test_nsid;
	struct xnvme_spec_selftest_result self_test[SELF_TEST_RESULTS];
	/* flexible data placement */
	uint64_t fdp_host_nbytes, fdp_media_nbytes, fdp_erased_nbytes;
	uint64_t fdp_written[FDP_UNITS_MAX]; /* bytes in each reclaim unit that is being written */
	uint8_t fdp_events[SSD_FDP_HANDLES_MAX]; /* enabled event types, by reclaim unit handle */
	struct fdp_ring fdp_ring[2];		 /* of the controller, of the host */
	uint8_t fdp_off;			 /* disabled by the host */
	uint64_t flash[FLASH_COUNTS]; /* struct flash_counts; zero in media of older versions */
	/* progress of the running operations; zero in media of older versions: they start over */
	uint64_t sanitize_done_ns, self_test_done_ns;
	/* the entry of `ns` that a command is changing, before the change; its index + 1, or 0 */
	struct saved_ns ns_before;
	uint32_t ns_changing;
	/* how the drive was prepared when new: PRECONDITION_*, then the number of overwrites */
	uint32_t precondition, overwrites;
	uint64_t prepared_nbytes;
};
enum { PRECONDITION_BEGUN = 1, PRECONDITION_DONE };

/* One zone as stored on the media. All zero: an empty zone. */
struct saved_zone {
	uint64_t written; /* blocks from the zone's start to its write pointer */
	uint8_t state;	  /* enum xnvme_spec_znd_state; 0 means empty */
	uint8_t attributes;
	uint8_t rsvd[6];
};
#define ZONE_HAS_AREA 0x01u	  /* attributes: a random write area */
#define ZONE_HAS_DESCRIPTOR 0x02u /* a descriptor extension */

/* Zone resources in use in a namespace; see zone.c */
struct zns_count {
	uint32_t open, active, areas;
	uint32_t unsettled; /* upper bound of full zones that a power cut may shorten */
	uint64_t cursor; /* where the search for a zone to close starts */
};

struct held {
	uint16_t sqid;
	uint16_t cid;
};

/* The first half of a fused operation, held until its second half arrives */
#define FUSED_SLOTS 8
#define FUSED_LBA_MAX 4u /* ACWU + 1 */
#define FUSED_DATA_NBYTES (FUSED_LBA_MAX * (BLOCK_NBYTES_MAX + META_NBYTES_MAX))
struct fused {
	bool used;
	uint16_t owner;
	uint16_t sqid;
	struct xnvme_spec_cmd cmd;
	uint16_t status; /* of the check and of the transfer from the host */
	uint32_t data_nbytes, meta_nbytes;
	uint8_t data[FUSED_DATA_NBYTES];
	uint8_t meta[FUSED_LBA_MAX * META_NBYTES_MAX];
};

struct pending_event {
	ns_t due;
	struct ssd_event event;
};
#define AER_OWNERS_MAX 8 /* owners of event requests; those of others are refused */
#define EVENTS_MAX (48 + AER_OWNERS_MAX * AER_MAX)

/* An event to report through an Asynchronous Event Request; see aer.c */
struct async_event {
	uint8_t type; /* enum xnvme_spec_async_event_type */
	uint8_t info;
	uint8_t log; /* reading this log page enables the next event of this type */
};
#define AER_WAITING_MAX 16
struct aer {
	uint16_t owner; /* 0: unused, except in the first entry, which belongs to owner 0 */
	struct held held[AER_MAX];
	uint32_t nheld;
	struct async_event waiting[AER_WAITING_MAX];
	uint32_t nwaiting;
	uint32_t reported; /* bit type: reported, and its log page not read since */
	uint8_t log[8];	   /* the log page to read, by type */
};

/* The undo log of the volatile write cache and of writes in flight; see cache.c */
struct cache {
	uint8_t *ring;
	uint64_t nbytes;
	uint64_t head, tail; /* oldest record, end of the newest */
	uint64_t newest;
	uint32_t count;
	uint32_t fresh;	       /* newest records, of the current command */
	uint64_t dirty_nbytes; /* user data that are not flushed yet */
};

/* State of the Streams directive in one namespace; see directive.c */
#define STREAMS_MAX 16
struct streams {
	bool enabled;
	uint8_t allocated;
	uint8_t nopen;
	uint16_t open[STREAMS_MAX];
};

/* Background operations of the controller; see timer.c. A time of NS_NEVER: not running. */
struct timer {
	ns_t sanitize_from, sanitize_until;
	ns_t self_test_from, self_test_until;
	uint8_t self_test_code;
	uint32_t self_test_nsid;
	ns_t keep_alive_until;
	ns_t asked_until; /* the instant that ssd_waits_until() returns; 0: none */
};

struct fault_state {
	struct ssd_fault plan[SSD_FAULTS_MAX];
	uint64_t seen[SSD_FAULTS_MAX]; /* commands that matched an entry */
	uint64_t hits[SSD_FAULTS_MAX]; /* commands that the entry affected */
	uint32_t count;
	uint32_t cuts; /* power cuts since ssd_init() */
};

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
	struct saved_zone *zones;
	uint8_t *zone_descriptors;
	uint8_t *kv;
	uint64_t *kv_chunks; /* one bit per KV_CHUNK_NBYTES: that part may have keys */
	uint64_t zone_nbytes_min;
	uint32_t zone_descriptor_nbytes;
	uint64_t seed, random;
	ns_t powered_at; /* the instant of power on */
	bool fatal;
	bool removed; /* implies `fatal` */
	bool was_left; /* while media are restored: the last shutdown was unclean */

	struct aer aer[AER_OWNERS_MAX];
	struct pending_event events[EVENTS_MAX];
	uint32_t nevents;
	struct fused fused[FUSED_SLOTS];
	struct cache cache;
	struct fault_state fault;

	/* current values of features */
	uint32_t feature[FEATURE_ROWS];
	uint32_t ns_feature[SSD_NS_MAX][FEATURE_ROWS];
	struct timestamp timestamp;
	uint8_t host_behavior[512];
	uint8_t host_id[16];
	struct xnvme_spec_log_erri_entry error[ERROR_LOG_ENTRIES];
	uint64_t nerrors; /* since power on; the newest is at nerrors - 1, modulo
			   * ERROR_LOG_ENTRIES */
	uint32_t changed_ns[SSD_NS_MAX];
	uint32_t nchanged_ns;
	struct timer timer;
	struct streams streams[SSD_NS_MAX];
	struct zns_count zns[SSD_NS_MAX];
	uint8_t telemetry_generation;
	/* LBA Status Information: blocks became unreadable since the host last read the log; the
	 * log page as it was when the host started to read it */
	bool lba_status_new, lba_status_frozen;
	uint8_t lba_status_page[PAGE_NBYTES];
	/* values of the timing model's counters at the last fdp_save_counters() */
	uint64_t fdp_programmed_nbytes, fdp_erased_nbytes;
	uint64_t flash_seen[FLASH_COUNTS]; /* the same at the last flash_count_save() */
	uint64_t fdp_moved_pages; /* pages moved by garbage collection that events have reported */
	ns_t fdp_opened[FDP_UNITS_MAX]; /* first write to each unit that has data */

	/* fixed by the configuration */
	uint64_t pool_nbytes, meta_pool_nbytes;
	uint32_t ns_max;
	uint32_t nformats;

	uint8_t page[PAGE_NBYTES];			   /* scratch of one admin command */
	uint8_t block[BLOCK_NBYTES_MAX + META_NBYTES_MAX]; /* scratch of one block */
	uint8_t block2[BLOCK_NBYTES_MAX + META_NBYTES_MAX];
	struct ssd_config config;
};

/* ---- layout.c: the layout of media and memory ---- */
struct ssd_layout {
	/* offsets in the media, or in memory without media */
	uint64_t data, meta, saved, journal, written, bad, chunks, zones, zone_descriptors, kv;
	uint64_t kv_chunks;
	uint64_t media_nbytes;
	uint64_t zone_nbytes_min;
	uint32_t zone_descriptor_nbytes;
	uint64_t pool_nbytes, data_nbytes, meta_nbytes;
	/* offsets in memory */
	uint64_t ring, model, tables, memory_nbytes;
};
const char *layout_of(const struct ssd_config *config, struct ssd_layout *layout);
uint64_t config_fingerprint(const struct ssd_config *config, const struct ssd_layout *layout);

/* ---- journal.c: blocks that a command is changing, for media that outlive the process ---- */
#define JOURNAL_DATA_NBYTES (1ULL << 20)
#define JOURNAL_META_NBYTES (JOURNAL_DATA_NBYTES / SECTOR_NBYTES * META_NBYTES_MAX)
#define JOURNAL_NBYTES (PAGE_NBYTES + JOURNAL_DATA_NBYTES + JOURNAL_META_NBYTES)
/* Is a change of `nlb` blocks undone when the process ends in the middle of it? Always true without
 * a journal: the media then end with the process. */
static inline bool
journal_keeps(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t nlb)
{
	return !ssd->journal || nlb <= JOURNAL_DATA_NBYTES >> ns->shift;
}
void journal_begin(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);
void journal_end(struct ssd *ssd);
/* Undo the change that the last process did not finish; false: the journal is invalid */
bool journal_take_back(struct ssd *ssd);

/* ---- restore.c: the timing model's state for restored media ---- */
void take_up_model(struct ssd *ssd);

/* precondition.c. The media record how they were prepared. Returns NULL, or the reason why they
 * cannot be prepared as configured. */
const char *precondition_remember(struct ssd *ssd, bool is_new);

/* Prepare the drive as recorded in its media; false: nothing is recorded */
bool precondition_take_up(struct ssd *ssd);

/* flash_count.c */
void flash_count_begin(struct ssd *ssd);
void flash_count_save(struct ssd *ssd);
void flash_count_stats(const struct ssd *ssd, struct model_stats *stats);

/* ---- format table (ns.c) ---- */
struct lba_format {
	uint8_t shift;
	uint8_t meta_nbytes;
	uint8_t guard;	     /* enum xnvme_spec_nvm_ns_pif */
	uint8_t performance; /* RP: 0 best */
};
#define LBA_FORMATS 12
extern const struct lba_format lba_formats[LBA_FORMATS];
uint32_t lba_format_count(const struct ssd_config *config);
/* Index of the format with these properties; LBA_FORMATS when there is none */
uint32_t lba_format_find(uint32_t lba_nbytes, uint32_t meta_nbytes, uint32_t guard_bits);

/* ---- ns.c ---- */
void ns_create_configured(struct ssd *ssd);
/* Enclose a change of an entry of the saved table: the change is undone when the process ends in
 * between */
void ns_saved_begin(struct ssd *ssd, uint32_t index);
void ns_saved_end(struct ssd *ssd);
/* While media are restored: undo the change that was not finished */
void ns_saved_take_back(struct ssd *ssd);
bool ns_saved_is_sane(const struct ssd *ssd); /* of the table of restored media */
/* Find `nbytes` of contiguous free capacity; false when there is none */
bool ns_place(const struct ssd *ssd, uint64_t nbytes, uint64_t *base);
uint8_t storage_nbits_of(uint8_t guard);
void ns_fill(struct ssd *ssd, struct saved_ns *saved, uint32_t slot, bool configured);
void ns_refresh(struct ssd *ssd, uint32_t index);
void ns_refresh_all(struct ssd *ssd);
/* Protection information with larger guards needs a host that enabled it (Host Behavior Support,
 * LBAFEE); NVM Command Set 1.2, LBA Format Extensions. The host of this process, owner 0, always
 * supports it: it is built from the same sources. */
#define HOST_KNOWS_EXTENSIONS_AT 2
static inline bool
guard_is_refused(const struct ssd *ssd, const struct ssd_work *work, uint8_t pi_type, uint8_t guard)
{
	return pi_type && guard != XNVME_SPEC_NVM_NS_16B_GUARD && work->owner != 0 &&
	       !ssd->host_behavior[HOST_KNOWS_EXTENSIONS_AT];
}

static inline bool
ns_is_refused(const struct ssd *ssd, const struct ssd_work *work, const struct ssd_ns *ns)
{
	return guard_is_refused(ssd, work, ns->pi.type, ns->pi.guard);
}

/* The status of a command whose NSID is not an active namespace */
uint16_t ns_refusal(const struct ssd *ssd, uint32_t nsid);
uint64_t ns_unallocated_nbytes(const struct ssd *ssd);
/* Erase the whole namespace permanently (media/erase.c) */
void ns_erase(struct ssd *ssd, uint32_t index);
void ns_changed(struct ssd *ssd, uint32_t nsid);
/* The atomic unit across a power failure; NVM Command Set 1.0, Atomic Operation */
struct atomic_unit {
	uint64_t nlb;	   /* size of one write: NAWUPF, or AWUPF */
	uint64_t boundary; /* NABSPF: blocks between boundaries; 0: none */
	uint64_t offset;   /* NABO: offset of the first boundary */
};
struct atomic_unit ns_atomic_unit(const struct ssd *ssd, const struct ssd_ns *ns);

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

/* ---- admin.c ---- */
extern const struct ssd_row admin_rows[256];
void admin_begin(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

/* ---- feature.c ---- */
enum feature_row {
	FEATURE_ARBITRATION,
	FEATURE_POWER,
	FEATURE_TEMPERATURE_OVER,
	FEATURE_TEMPERATURE_UNDER,
	FEATURE_ERROR_RECOVERY,
	FEATURE_CACHE,
	FEATURE_QUEUES,
	FEATURE_COALESCING,
	FEATURE_VECTOR,
	FEATURE_ATOMICITY,
	FEATURE_ASYNC_EVENTS,
	FEATURE_TIMESTAMP,
	FEATURE_KEEP_ALIVE,
	FEATURE_HOST_BEHAVIOR,
	FEATURE_SANITIZE,
	FEATURE_FDP,
	FEATURE_FDP_EVENTS,
	FEATURE_PROGRESS,
	FEATURE_HOST_ID,
	FEATURE_PROTECT,
	FEATURE_LBA_STATUS,
	FEATURE_COMMAND_SETS,
	FEATURE_KV,
	FEATURE_COUNT,
};
STATIC_ASSERT(FEATURE_COUNT <= FEATURE_ROWS, "too few rows for the features");
void feature_reset(struct ssd *ssd);
/* Saved or default values of one namespace */
void feature_reset_namespace(struct ssd *ssd, uint32_t index);
static inline bool
cache_is_on(const struct ssd *ssd)
{
	return ssd->config.cache_nbytes && (ssd->feature[FEATURE_CACHE] & 1);
}

/* ---- log.c ---- */
void error_note(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);
uint8_t health_warnings(const struct ssd *ssd);
/* Time with at least one command in progress, over all power cycles */
uint64_t busy_ns(const struct ssd *ssd);

/* ---- aer.c ---- */
void aer_raise(struct ssd *ssd, uint8_t type, uint8_t info, uint8_t log);
void aer_log_read(struct ssd *ssd, uint16_t owner, uint8_t log);
void aer_meet(struct ssd *ssd, uint16_t owner);
/* Complete a held command at `due`; events of the same instant keep the order of the calls */
void event_add(struct ssd *ssd, ns_t due, const struct ssd_event *event);
ns_t event_due(const struct ssd *ssd);
/* A queue was deleted, see ssd_forget(): drop its requests, and its completions */
void aer_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid);
void event_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid);
/* Is this queue one of those that were deleted? */
static inline bool
queue_is_of(uint16_t owner, uint16_t sqid, uint16_t gone, uint16_t gone_sqid)
{
	return gone == SSD_EVERYBODY ||
	       (owner == gone && (gone_sqid == SSD_ALL_QUEUES || sqid == gone_sqid));
}

/* ---- nvm.c and the files of its command set ---- */
ns_t time_of_stream(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba,
		    uint64_t nlb, bool fua, uint16_t stream);
ns_t time_of(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
	     bool fua);

/* ---- access to the host's memory ---- */

/* Does the transfer exceed MDTS? */
static inline bool
is_too_long(const struct ssd *ssd, uint64_t nbytes)
{
	return ssd->config.mdts && nbytes > (uint64_t)PAGE_NBYTES << ssd->config.mdts;
}

/* Called once by each command that moves bytes, before the first access, with the lengths and the
 * direction */
static inline uint16_t
host_prepare(const struct ssd_work *work, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	struct ssd_dma *dma = work->dma;

	if (nbytes > dma->nbytes) {
		return REFUSE(DATA_SGL_LENGTH);
	}
	if (meta_nbytes > dma->meta_nbytes) {
		return REFUSE(META_SGL_LENGTH);
	}
	return dma->prepare ? dma->prepare(dma, nbytes, meta_nbytes, to_host) : STATUS_SUCCESS;
}

/* Move bytes within the prepared lengths */
static inline uint16_t
host_push(const struct ssd_work *work, uint64_t offset, const void *src, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->nbytes);
	if (dma->flat) {
		memcpy(dma->flat + offset, src, nbytes);
		return STATUS_SUCCESS;
	}
	return nbytes ? dma->copy_out(dma, offset, src, nbytes) : STATUS_SUCCESS;
}

static inline uint16_t
host_pull(const struct ssd_work *work, uint64_t offset, void *dst, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->nbytes);
	if (dma->flat) {
		memcpy(dst, dma->flat + offset, nbytes);
		return STATUS_SUCCESS;
	}
	return nbytes ? dma->copy_in(dma, offset, dst, nbytes) : STATUS_SUCCESS;
}

static inline uint16_t
host_push_meta(const struct ssd_work *work, uint64_t offset, const void *src, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->meta_nbytes);
	if (dma->meta_flat) {
		memcpy(dma->meta_flat + offset, src, nbytes);
		return STATUS_SUCCESS;
	}
	return nbytes ? dma->meta_out(dma, offset, src, nbytes) : STATUS_SUCCESS;
}

static inline uint16_t
host_pull_meta(const struct ssd_work *work, uint64_t offset, void *dst, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->meta_nbytes);
	if (dma->meta_flat) {
		memcpy(dst, dma->meta_flat + offset, nbytes);
		return STATUS_SUCCESS;
	}
	return nbytes ? dma->meta_in(dma, offset, dst, nbytes) : STATUS_SUCCESS;
}

/* The whole transfer of a command, in one piece */
static inline uint16_t
host_give(const struct ssd_work *work, const void *src, size_t nbytes)
{
	uint16_t status = host_prepare(work, nbytes, 0, true);

	return status ? status : host_push(work, 0, src, nbytes);
}

static inline uint16_t
host_take(const struct ssd_work *work, void *dst, size_t nbytes)
{
	uint16_t status = host_prepare(work, nbytes, 0, false);

	return status ? status : host_pull(work, 0, dst, nbytes);
}

#endif /* SSD_ENGINE_H */
