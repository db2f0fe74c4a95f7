/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   A virtual NVMe SSD as a function of time: state, command and instant in; status, bytes and the
 *   instant of completion out. This header is its interface to the exports.
 *
 * Terms
 *   SSD         one controller, one subsystem, up to 32 namespaces (struct ssd)
 *   row         the handler of an opcode; one table per command set, one row per opcode
 *   namespace   struct saved_ns survives power; struct ssd_ns is computed from it for speed
 *   kind        the command set of a namespace, as a table of functions (kind.h)
 *   capacity    bytes of user data of all namespaces, one after another; offsets in it index every
 *               table and are the addresses of the timing model
 *   media       what survives power: memory of the export, in the layout of layout.c
 *   work        one command while ssd_begin() runs
 *   event       the completion of a held command
 *
 * Life cycle of a command
 *   ssd_begin() finds the namespace and the row. The row checks the command, moves the bytes
 *   between the host's memory and the media, and gets the completion time from the timing model. A
 *   status other than success adds an entry to the Error Information log. All effects are complete
 *   when ssd_begin() returns; only the completion is delivered later.
 *
 * States
 *      new ──ssd_init──▶ ready ──fault or keep alive──▶ fatal ──ssd_reset──▶ ready
 *      ready ──ssd_shutdown──▶ clean ──ssd_begin──▶ ready
 *      ready, fatal, clean ──ssd_power_cut──▶ ready
 *
 * Ownership and lifetimes
 *   Memory and media belong to the export and are borrowed from ssd_init() on; there is no function
 *   to close an SSD. The host's memory is accessed within ssd_begin() only.
 *
 * Threads
 *   None: no clock, lock, allocator or C library either. The export that owns an SSD calls it from
 *   one thread at a time, only moves `now` forward, and delivers each completion at its instant, no
 *   earlier. No function blocks.
 *
 * Errors
 *   ssd_init() refuses an invalid configuration with a sentence; an invalid command completes with
 *   a status. No input of a host and no contents of old media trigger an assertion.
 *
 * What it does not do
 *   Queues, doorbells, PRPs, SGLs, interrupts: these belong to the export. Create and Delete I/O
 *   queue are processed there (over fabrics they are Invalid Opcode, as they are here).
 *
 * Files
 *   engine.h declares struct ssd; each folder declares its part of it in its state.h. The folders
 *   and their order are in docs/architecture.md, "Inside the engine".
 */
#ifndef SSD_SSD_H
#define SSD_SSD_H

#include <base/time.h>
#include <libxnvme_spec.h>
#include <ssd/time/model.h>

struct ssd;
struct ssd_config; /* ssd/config.h: plain data that describes an SSD */

/*
 * The host's memory of one command, as the export reaches it. The engine copies through this
 * structure during ssd_begin() and never sees a host address. `flat` and `meta_flat` are set when
 * all of the memory is contiguous and directly accessible; the engine then does not call `copy_*`
 * and `meta_*`. The functions return 0 or an NVMe status (SCT << 8 | SC), such as Data Transfer
 * Error.
 *
 * The meaning of a host's pointer depends on the length of the transfer (PRP2 is a page or a list;
 * NVMe Base 2.0, Physical Region Page Entry and List), and only the engine knows the length. So for
 * each command that moves bytes the engine calls ssd_dma_prepare() first, with the lengths it is
 * about to move, and reads `flat` and `meta_flat` only afterwards: with `prepare`, both are NULL
 * until it has run. A planned fault that reads a command's ranges calls it before the command does,
 * with the same arguments. `to_host`: data flows from the SSD to the host.
 *
 * The address of the first byte is known without the length. A Read or a Write without metadata
 * whose data end within the first `start_nbytes` may use these bytes at once, and then calls no
 * function.
 */
struct ssd_dma {
	uint8_t *start;
	uint64_t start_nbytes; /* contiguous from `start` on, accessed as the opcode requires; 0:
				* unknown, `start` is undefined */
	uint16_t (*prepare)(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes,
			    bool to_host); /* NULL: nothing to prepare */
	uint8_t *flat;
	uint8_t *meta_flat;
	uint64_t nbytes;      /* upper limit of what the host's data pointer can describe */
	uint64_t meta_nbytes; /* the same for its metadata pointer */
	uint16_t (*copy_in)(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes);
	uint16_t (*copy_out)(const struct ssd_dma *dma, uint64_t offset, const void *src,
			     size_t nbytes);
	uint16_t (*meta_in)(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes);
	uint16_t (*meta_out)(const struct ssd_dma *dma, uint64_t offset, const void *src,
			     size_t nbytes);
};

/* Returns 0, or the status to complete the command with */
static inline uint16_t
ssd_dma_prepare(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	return dma->prepare ? dma->prepare(dma, nbytes, meta_nbytes, to_host) : 0;
}

enum ssd_verdict {
	SSD_DONE, /* complete it at work.ready_at */
	SSD_HELD, /* no completion now; ssd_next_event() delivers it: an Asynchronous Event Request,
		   * or the first half of a fused operation */
	SSD_LOST, /* dropped by a planned fault: never complete it */
	SSD_CUT,  /* dropped, and power was cut: no command that started before completes either */
};

struct ssd_work {
	/* in */
	uint16_t owner;	     /* the owner of the queue: see ssd_next_event() */
	uint16_t sqid;	     /* 0: admin queue */
	struct ssd_dma *dma; /* never NULL; all zero for a command without data */
	/* out */
	enum ssd_verdict verdict;
	uint16_t status; /* SC | SCT << 8 | CRD << 11 | M << 13 | DNR << 14: the CQE without
			  * phase */
	uint64_t result; /* completion dwords 0 and 1 */
	ns_t ready_at;
};

/* The completion of a held command */
struct ssd_event {
	uint16_t owner;
	uint16_t sqid;
	uint16_t cid;
	uint16_t status;
	uint64_t result;
};

/* Bytes of volatile state for this configuration; 0 when the configuration is invalid. The memory
 * must be zeroed and aligned to 64 bytes. Pages may be backed on first touch: an SSD that stores
 * little touches little. */
size_t ssd_bytes_needed(const struct ssd_config *config);

/* Bytes of media, i.e. of everything that survives power: the drive's saved state (64 KiB), data of
 * all namespaces, their metadata, tables (written blocks, zones, keys). All zero is a new drive;
 * the media may be sparse. 0 without media, or when the configuration is invalid. */
uint64_t ssd_media_bytes(const struct ssd_config *config);

/* Create an SSD in `memory`. `media` is NULL exactly if the configuration has `no_media`. Media
 * left by an SSD of the same configuration are restored; media of another configuration are
 * refused. `memory` and `media` are borrowed until the SSD is no longer used; `config` is copied.
 * Returns 0, or -ENV_EINVAL with the reason in *why (static text). */
int ssd_init(struct ssd **ssd, void *memory, size_t nbytes, const struct ssd_config *config,
	     void *media, uint64_t seed, const char **why);

/* The latest instant passed in. After ssd_init() the instant at which its time begins: later than 0
 * when media were restored, see restore.c */
ns_t ssd_now(const struct ssd *ssd);

void ssd_begin(struct ssd *ssd, ns_t now, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

/* Do the internal work that is due at `now`; returns the next instant of interest or NS_NEVER */
ns_t ssd_tick(struct ssd *ssd, ns_t now);

/* The last command queried the progress of a background operation (Sanitize, a self-test), as a
 * host does that polls for its end. Returns an instant that is 1/100 of the operation ahead, at
 * most its end. With a clock that stands still, advance time to this instant, or the operation
 * never ends. Each query is reported once; 0: none since the last call. */
ns_t ssd_waits_until(struct ssd *ssd);

/* The last host has disconnected: finish the background operations and return the instant of their
 * end. Call before ssd_shutdown(). */
ns_t ssd_finish(struct ssd *ssd, ns_t now);

/* Fetch the next completion of a held command of `owner` that is due at `now`; false when there is
 * none. Several exports may submit commands to one SSD, each with its own queue numbers: `owner`
 * keeps their queues and completions apart. */
bool ssd_next_event(struct ssd *ssd, ns_t now, uint16_t owner, struct ssd_event *event);
/* Is such a completion due at the latest instant passed in? */
bool ssd_has_event(const struct ssd *ssd, uint16_t owner);

/* The owner's host violated the rules of its queues, which only the export can detect: report an
 * error event through an Asynchronous Event Request of that owner, now or when it submits one.
 * `info`: enum xnvme_spec_async_event_error. */
void ssd_raise_error(struct ssd *ssd, uint16_t owner, uint8_t info);

/* A queue of an owner was deleted (SSD_ALL_QUEUES: the owner disconnected): drop its held commands
 * and its completions that were not fetched */
enum { SSD_ALL_QUEUES = UINT16_MAX };
void ssd_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid);

/* CC.EN 1 to 0, or a conventional reset: drop the held commands of that owner and return features
 * to saved or default values; acknowledged data stay (NVMe Base 2.0, Controller Level Reset) */
enum { SSD_EVERYBODY = UINT16_MAX };
void ssd_reset(struct ssd *ssd, ns_t now, uint16_t owner);

/* CC.SHN: a normal shutdown makes the write cache durable; returns the instant when it is done */
ns_t ssd_shutdown(struct ssd *ssd, ns_t now, bool abrupt);

/* Power is cut at `now`: data in the volatile write cache that are not yet durable are lost. Then
 * the SSD is powered up again. */
void ssd_power_cut(struct ssd *ssd, ns_t now);

/* Number of planned power cuts (SSD_FAULT_POWER_CUT) so far: an export that shares the SSD detects
 * by a change that its own commands were lost */
uint32_t ssd_planned_cuts(const struct ssd *ssd);

/* CSTS.CFS: a planned fault, or an expired Keep Alive Timer, stopped the controller; every command
 * is lost until ssd_reset() */
bool ssd_is_fatal(const struct ssd *ssd);

/* CSTS.CFS because the drive was removed: neither a reset nor a power cycle clears it */
bool ssd_is_removed(const struct ssd *ssd);

/* Fingerprint of all commands and results of ssd_begin() so far: the same configuration, seed,
 * commands and instants give the same value on every machine */
uint64_t ssd_trace_hash(const struct ssd *ssd);

/* The contents of the host-readable logs, without a command. `stats` is zeroed and filled. */
struct ssd_stats {
	uint64_t read_cmds, write_cmds;	      /* SMART: Host Read and Write Commands */
	uint64_t read_sectors, write_sectors; /* of 512 bytes */
	uint64_t errors;		      /* commands that failed */
	uint64_t cache_dirty_nbytes;	      /* acknowledged, lost by a power cut */
	uint64_t busy_ns;
	uint64_t prepared_nbytes; /* counted as written before, by `precondition` */
	struct model_stats model; /* WAF = (user + gc) / user */
};
void ssd_stats(const struct ssd *ssd, struct ssd_stats *stats);

#endif /* SSD_SSD_H */
