/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set
 */
#ifndef LIBXNVME_ZND_H
#define LIBXNVME_ZND_H

#include <stdio.h>
#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A report of zones, put together from as many commands as it takes. Made by
 * xnvme_znd_report_from_dev(), freed by xnvme_buf_virt_free().
 */
struct xnvme_znd_report {
	uint64_t nzones;
	uint32_t zd_nbytes;
	uint32_t zdext_nbytes;
	uint64_t zslba;
	uint64_t zelba;
	uint32_t nentries;
	uint8_t extended;
	uint8_t _pad[3];
	uint64_t zrent_nbytes;
	uint64_t report_nbytes;
	uint64_t entries_nbytes;
	uint8_t storage[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_znd_report) == 64, "incorrect size")

/**
 * Identify Namespace of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * Lent until the device is closed. Does not block; any thread. NULL when there is none.
 */
const struct xnvme_spec_znd_idfy_ns *xnvme_znd_dev_get_ns(struct xnvme_dev *dev);

/**
 * Identify Controller of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * Lent until the device is closed. Does not block; any thread. NULL when there is none.
 */
const struct xnvme_spec_znd_idfy_ctrlr *xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev);

/**
 * The LBA format extension that the namespace is formatted with; ZNS Command Set 1.1, Identify
 *
 * Lent until the device is closed. Does not block; any thread. NULL and errno EINVAL when the
 * namespace is not zoned.
 */
const struct xnvme_spec_znd_idfy_lbafe *xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev);

/**
 * Zone Management Receive: `dbuf_nbytes` of a report that starts at `slba`; ZNS Command Set 1.1,
 * Zone Management Receive
 *
 * `partial`: the header counts the zones in this report, not all that match `zrasf`. Blocks with
 * a context of a device, submits with one of a queue; `dbuf` is lent until the completion. 0,
 * -EIO when the command ended with an error, -EINVAL when `dbuf_nbytes` is less than 4, -EBUSY
 * when the queue is full. One thread per context.
 */
int xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
			enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
			enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial,
			void *dbuf, uint32_t dbuf_nbytes);

/**
 * The descriptor of the zone that holds block `slba`; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread. 0, -EINVAL when the namespace is not zoned, -EIO when the device refuses or
 * reports no zone there, -ENOMEM.
 */
int xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba,
			     struct xnvme_spec_znd_descr *zdescr);

/**
 * The descriptor of the first zone in `state`; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread. 0, -EINVAL when the namespace is not zoned or there is no such state, -EIO
 * when the device refuses or no zone is in that state, -ENOMEM.
 */
int xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state,
				      struct xnvme_spec_znd_descr *zdescr);

/**
 * How many zones match `sfield`; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread. 0 with *nzones set, -EINVAL when the namespace is not zoned, -EIO, -ENOMEM.
 */
int xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield,
		   uint64_t *nzones);

/**
 * The Changed Zone List (BFh), which reading clears; ZNS Command Set 1.1, Get Log Page
 *
 * The caller's, to be freed by xnvme_buf_free(). Blocks; any thread. NULL and errno: EIO when the
 * device has no such log, ENOMEM, or what the path said.
 */
struct xnvme_spec_znd_log_changes *xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev);

/**
 * Zone Management Send: do `zsa` to the zone at `zslba`, or to all; ZNS Command Set 1.1, Zone
 * Management Send
 *
 * `dbuf` is the descriptor extension of XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, else NULL; lent
 * until the completion. `zsa_so`: XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA, or 0. Blocks with a context
 * of a device, submits with one of a queue. 0, -EIO when the command ended with an error, -EBUSY
 * when the queue is full. One thread per context.
 */
int xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all,
			enum xnvme_spec_znd_cmd_mgmt_send_action zsa,
			enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf);

/**
 * Zone Append: write `nlb` + 1 blocks to where the zone at `zslba` ends; ZNS Command Set 1.1,
 * Zone Append
 *
 * ctx->cpl.result is the first block that was written. `mbuf`: their metadata, or NULL. Buffers
 * are lent until the completion. Blocks with a context of a device, submits with one of a queue.
 * 0, -EIO when the command ended with an error, -EBUSY when the queue is full. One thread per
 * context.
 */
int xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb,
		     const void *dbuf, const void *mbuf);

/**
 * Commit a zone's random write area up to and with block `lba`; ZNS Command Set 1.1, Zone
 * Management Send
 *
 * As xnvme_znd_mgmt_send().
 */
int xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba);

/**
 * Entry `index` of a report: its descriptor and its extension (NULL when the report has none)
 *
 * Both are lent as long as the report lives; either pointer may be NULL. Does not block; any
 * thread. 0, or -EINVAL when the report has no such entry.
 */
int xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index,
			       struct xnvme_spec_znd_descr **descr, void **ext);

/** Print a report to `stream`; as all in libxnvme_spec_pp.h */
int xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags);

/** Print a report to stdout; as all in libxnvme_spec_pp.h */
int xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags);

/**
 * Report `limit` zones (0: all) from the one that holds block `slba`; ZNS Command Set 1.1, Zone
 * Management Receive
 *
 * `extended`: with descriptor extensions. The caller's, to be freed by xnvme_buf_virt_free().
 * Blocks, for as many commands as the device's largest transfer demands; any thread. NULL and
 * errno: EINVAL when the namespace is not zoned or `slba` is beyond it, EIO when the device
 * refuses or reports fewer zones than it has, EMSGSIZE when a command cannot transfer one zone
 * with its extension, ENOMEM.
 */
struct xnvme_znd_report *xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba,
						   size_t limit, uint8_t extended);

/**
 * First block of some zone of the report that is in `state`; `opts` is the seed (0: the time)
 *
 * Does not block; any thread. 0, or -ENXIO when there is none.
 */
int xnvme_znd_report_find_arbitrary(const struct xnvme_znd_report *report,
				    enum xnvme_spec_znd_state state, uint64_t *zlba, int opts);

/* Pointer to descriptor `nth` of a report of plain (not extended) descriptors */
#define XNVME_ZND_REPORT_DESCR(rprt, nth) \
	((struct xnvme_spec_znd_descr *)&(rprt)->storage[(nth) * (rprt)->zrent_nbytes])

/* Pointer to the descriptor extension of zone `nth` of a report of extended descriptors: it follows
 * the descriptor and has zdext_nbytes bytes */
#define XNVME_ZND_REPORT_DEXT(rprt, nth) \
	((void *)&(rprt)->storage[(nth) * (rprt)->zrent_nbytes + \
				  sizeof(struct xnvme_spec_znd_descr)])

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ZND_H */
