/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The virtual SSD, as its exports see it.
 *
 * An SSD is a function of time: given its state, a command and an instant, it says which status,
 * which bytes, and ready at which instant. It has no clock, no thread, no lock, no allocator and no
 * C library. Whoever owns it (an export) calls it from one thread at a time, moves `now` forward
 * only, and delivers each completion at its instant, no earlier.
 */
#ifndef SSD_SSD_H
#define SSD_SSD_H

#include <base/time.h>
#include <libxnvme_spec.h>
#include <ssd/time/model.h>

struct ssd;
struct ssd_config; /* ssd/config.h: what kind of SSD; plain data */

#define SSD_EINVAL 22 /* EINVAL of every system we know; errno.h is not ours to include */

/*
 * The host's memory of one command, as the export can reach it. The engine pulls and pushes through
 * these while in ssd_begin(); it never sees a host address. `flat` and `meta_flat` are set when the
 * whole of it lies in one piece that the engine may touch directly: then `copy_*` is not called.
 * The functions return 0 or an NVMe status (SCT << 8 | SC), such as Data Transfer Error.
 *
 * What a host's pointer means depends on the length of the transfer (PRP2 is a page or a list;
 * NVMe Base 2.0, Physical Region Page Entry and List), which only the engine knows. So for each
 * command that moves bytes the engine calls ssd_dma_prepare() first, with what it is about to
 * move, and looks at `flat` and `meta_flat` only after that: with `prepare`, both are NULL until
 * it has run. A planned fault that reads a command's ranges calls it before the command does, with
 * the same arguments. `to_host`: data flow from the SSD to the host.
 *
 * One thing can be known before: where the data start, whatever their length. A Read or a Write
 * without metadata whose data end within the first `start_nbytes` may use these at once, and then
 * calls nothing.
 */
struct ssd_dma {
	uint8_t *start;
	uint64_t start_nbytes; /* in one piece from `start` on, to be touched as the opcode says;
				* 0: not known, and `start` means nothing */
	uint16_t (*prepare)(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes,
			    bool to_host); /* NULL: nothing to prepare */
	uint8_t *flat;
	uint8_t *meta_flat;
	uint64_t nbytes;      /* the most that the host's data pointer can describe */
	uint64_t meta_nbytes; /* the same of its metadata pointer */
	uint16_t (*copy_in)(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes);
	uint16_t (*copy_out)(const struct ssd_dma *dma, uint64_t offset, const void *src,
			     size_t nbytes);
	uint16_t (*meta_in)(const struct ssd_dma *dma, uint64_t offset, void *dst, size_t nbytes);
	uint16_t (*meta_out)(const struct ssd_dma *dma, uint64_t offset, const void *src,
			     size_t nbytes);
};

/* 0, or the status that the command must end with */
static inline uint16_t
ssd_dma_prepare(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	return dma->prepare ? dma->prepare(dma, nbytes, meta_nbytes, to_host) : 0;
}

enum ssd_verdict {
	SSD_DONE, /* complete it at work.ready_at */
	SSD_HELD, /* no completion now, ssd_next_event() brings it: an Asynchronous Event Request,
		   * or the first half of a fused operation */
	SSD_LOST, /* a planned fault swallowed it: never complete it */
	SSD_CUT,  /* the same, and power was cut: nothing that was begun before completes either */
};

struct ssd_work {
	/* in */
	uint16_t owner;	     /* whose queue: see ssd_next_event() */
	uint16_t sqid;	     /* 0: admin queue */
	struct ssd_dma *dma; /* not NULL; of a command without data, all zero */
	/* out */
	enum ssd_verdict verdict;
	uint16_t status; /* SC | SCT << 8 | CRD << 11 | M << 13 | DNR << 14: the CQE's without phase
			  */
	uint64_t result; /* completion dwords 0 and 1 */
	ns_t ready_at;
};

/* An answer to a held command */
struct ssd_event {
	uint16_t owner;
	uint16_t sqid;
	uint16_t cid;
	uint16_t status;
	uint64_t result;
};

/* Bytes of volatile state for such an SSD; 0 when the configuration makes no sense. The memory must
 * be zeroed, aligned to 64, and need not be backed until touched: a drive that holds little uses
 * little. */
size_t ssd_bytes_needed(const struct ssd_config *config);

/* Bytes of media, i.e. of everything that survives power: the drive's saved state (64 KiB), data of
 * all namespaces, their metadata, tables (which blocks are written, zones, keys). All zero is a new
 * drive; sparse backing is welcome. 0 without media, or when the configuration makes no sense. */
uint64_t ssd_media_bytes(const struct ssd_config *config);

/* `media` is NULL exactly if the configuration says `no_media`. Media that an SSD of the same
 * configuration left behind is taken up again; that of another one is refused.
 * `memory` and `media` are lent until the SSD is forgotten; `config` is copied.
 * 0, or -SSD_EINVAL with *why (static text) saying what is wrong. */
int ssd_init(struct ssd **ssd, void *memory, size_t nbytes, const struct ssd_config *config,
	     void *media, uint64_t seed, const char **why);

/* The last instant that it was told; after ssd_init() the one at which its time begins: later than
 * 0 when it took up media, see take_up.c */
ns_t ssd_now(const struct ssd *ssd);

void ssd_begin(struct ssd *ssd, ns_t now, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

/* Do the internal work that is due at `now`; returns the next instant of interest or NS_NEVER */
ns_t ssd_tick(struct ssd *ssd, ns_t now);

/* The last command asked the controller something while it works for itself (Sanitize, a
 * self-test), as a host does that waits for the end of that. On a clock that stands still let time
 * pass until then, or the end never comes. Says so once; 0: nobody waits. */
ns_t ssd_waits_until(struct ssd *ssd);

/* No host is left: the controller ends what it does for itself, and this is the instant when it
 * has. Before ssd_shutdown(). */
ns_t ssd_finish(struct ssd *ssd, ns_t now);

/* The next answer to a command of `owner` that was held and is due at `now`; false when there is
 * none. Several exports may bring commands to one SSD, each numbering its queues as it likes: work
 * with different `owner` never meets in a queue, and nobody takes another's answers. */
bool ssd_next_event(struct ssd *ssd, ns_t now, uint16_t owner, struct ssd_event *event);
/* Is there one, as of the last instant that the SSD was told? */
bool ssd_has_event(const struct ssd *ssd, uint16_t owner);

/* The owner's host broke the rules of its queues, as nothing but the export sees: it is told, if it
 * holds an Asynchronous Event Request. `info`: enum xnvme_spec_async_event_error. */
void ssd_raise_error(struct ssd *ssd, uint16_t owner, uint8_t info);

/* That queue of that owner is gone (SSD_ALL_QUEUES: the owner is): what is held for it, and what
 * waits to be fetched, is forgotten */
enum { SSD_ALL_QUEUES = UINT16_MAX };
void ssd_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid);

/* CC.EN 1 to 0, or a conventional reset: held commands of that owner are forgotten, features
 * return to saved or default values, what was acknowledged stays (NVMe Base 2.0, Controller Level
 * Reset) */
enum { SSD_EVERYBODY = UINT16_MAX };
void ssd_reset(struct ssd *ssd, ns_t now, uint16_t owner);

/* CC.SHN: normal shutdown makes the write cache durable; returns the instant when it is done */
ns_t ssd_shutdown(struct ssd *ssd, ns_t now, bool abrupt);

/* Power is cut at `now`: what was in the volatile write cache and not yet durable is lost; then it
 * is powered up again */
void ssd_power_cut(struct ssd *ssd, ns_t now);

/* Power cuts by plan (SSD_FAULT_POWER_CUT) so far: whoever brings commands to an SSD beside others
 * sees by it that one of theirs has met one */
uint32_t ssd_planned_cuts(const struct ssd *ssd);

/* CSTS.CFS: a planned fault, or an expired Keep Alive Timer, made the controller give up; every
 * command is lost until ssd_reset() */
bool ssd_is_fatal(const struct ssd *ssd);

/* ... because it was removed: no reset and no power cycle ends that */
bool ssd_is_removed(const struct ssd *ssd);

/* Fingerprint of everything that ssd_begin() was asked and answered so far: the same configuration,
 * seed, commands and instants give the same on every machine */
uint64_t ssd_trace_hash(const struct ssd *ssd);

/* What the host could read from the logs, without a command; zeroed and filled */
struct ssd_stats {
	uint64_t read_cmds, write_cmds;	      /* SMART: Host Read and Write Commands */
	uint64_t read_sectors, write_sectors; /* of 512 bytes */
	uint64_t errors;		      /* commands that ended badly */
	uint64_t cache_dirty_nbytes;	      /* acknowledged, would be lost by a power cut */
	uint64_t busy_ns;
	uint64_t prepared_nbytes; /* as if written before, by `precondition` */
	struct model_stats model; /* WAF = (user + gc) / user */
};
void ssd_stats(const struct ssd *ssd, struct ssd_stats *stats);

#endif /* SSD_SSD_H */
