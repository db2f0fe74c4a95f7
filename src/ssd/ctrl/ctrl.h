/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The controller: admin commands, and what a host learns and sets through them. It handles
 *   namespaces of all kinds alike, and reaches their command sets by kind.h only.
 *
 * Terms
 *   row          a table entry: an opcode (admin.c), CNS value (identify.c), feature (feature.c) or
 *                log page (log.c), with the function that processes it
 *   held         a command that completes later: Asynchronous Event Request
 *   event        what such a request reports (aer.c), or the completion of a held command
 *   owner        the export whose queues a command came from; each has its own requests and events
 *   timer        an operation in the background: sanitize, self-test, keep alive (timer.c)
 *   stream       data that a host groups by the Streams directive (directive.c)
 *
 * Life cycle of an admin command
 *   admin_begin() checks what all of them have in common, and calls the row. Pages are built in
 *   ssd->page and copied to the host from there. Nothing remains of the command but its effects.
 *
 * States
 *   Those of an event are in aer.c, those of a namespace in ns_management.c, those of a feature's
 *   value in feature.c. A timer runs from its start to its end in ssd->now; ssd_tick() returns the
 *   end, and a process that ends in between continues it at the next ssd_init().
 *
 * Ownership
 *   ctrl/state.h: features, events, logs, LBA status, timers and streams, all within struct ssd.
 *   Saved values of features, results of self-tests and the counters of SMART survive power, in
 *   saved.h.
 *
 * Threads
 *   The caller's, as for the whole engine.
 *
 * Errors
 *   Each check ends with a status in work->status, and nothing is changed. error_note() records it.
 *
 * What it does not do
 *   Queues of the host (export), I/O commands (nvm, zns, kv), erasing (media/erase.c).
 */
#ifndef SSD_CTRL_CTRL_H
#define SSD_CTRL_CTRL_H

#include <ssd/engine.h>

/* admin.c */
extern const struct ssd_row admin_rows[256];
void admin_begin(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

/* feature.c */
void feature_reset(struct ssd *ssd);
/* Saved or default values of one namespace */
void feature_reset_namespace(struct ssd *ssd, uint32_t index);

/* log.c */
void error_note(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);
uint8_t health_warnings(const struct ssd *ssd);
/* Time with at least one command in progress, over all power cycles */
uint64_t busy_ns(const struct ssd *ssd);

/* aer.c */
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

/* ns_management.c: report a changed namespace to the host */
void ns_changed(struct ssd *ssd, uint32_t nsid);

#endif /* SSD_CTRL_CTRL_H */
