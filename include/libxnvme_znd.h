/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set
 */
#ifndef LIBXNVME_ZND_H
#define LIBXNVME_ZND_H

#include <stdio.h>
#include <libxnvme_cmd.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A report of zones, assembled from one or more Zone Management Receive commands. Returned by
 * xnvme_znd_report_from_dev(), freed by xnvme_buf_virt_free().
 */
struct xnvme_znd_report {
	uint64_t nzones;       /**< zones of the namespace */
	uint32_t zd_nbytes;    /**< bytes of a zone descriptor */
	uint32_t zdext_nbytes; /**< bytes of a descriptor extension in the report; 0: none */
	uint64_t zslba;	       /**< LBA at which the report starts */
	uint64_t zelba;	       /**< first LBA of the last zone in the report */
	uint32_t nentries;     /**< zones in the report */
	uint8_t extended;      /**< not 0: with descriptor extensions */
	uint8_t _pad[3];
	uint64_t zrent_nbytes;	 /**< bytes per entry: descriptor and extension */
	uint64_t report_nbytes;	 /**< bytes of this structure and its entries */
	uint64_t entries_nbytes; /**< bytes of the entries */
	uint8_t storage[];	 /**< the entries */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_znd_report) == 64, "incorrect size")

/**
 * Get Identify Namespace of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * Valid until the device is closed. Does not block; any thread. NULL when there is none.
 */
const struct xnvme_spec_znd_idfy_ns *xnvme_znd_dev_get_ns(struct xnvme_dev *dev);

/**
 * Get Identify Controller of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * Valid until the device is closed. Does not block; any thread. NULL when there is none.
 */
const struct xnvme_spec_znd_idfy_ctrlr *xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev);

/**
 * Get the LBA format extension of the namespace's current format; ZNS Command Set 1.1, Identify
 *
 * Valid until the device is closed. Does not block; any thread. NULL and errno EINVAL when the
 * namespace is not zoned.
 */
const struct xnvme_spec_znd_idfy_lbafe *xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev);

/**
 * Zone Management Receive: `dbuf_nbytes` bytes of a report that starts at `slba`; ZNS Command Set
 * 1.1, Zone Management Receive
 *
 * `partial`: the header counts the zones in this report, else all that match `zrasf`. Blocks with
 * a context of a device, submits with one of a queue; `dbuf` must stay valid until the command is
 * complete. Returns 0; -EIO when the command completed with an error, -EINVAL when `dbuf_nbytes` is
 * less than 4, -EBUSY when the queue is full. One thread per context.
 */
int xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
			enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
			enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial,
			void *dbuf, uint32_t dbuf_nbytes);

/**
 * Get the descriptor of the zone that contains LBA `slba`; ZNS Command Set 1.1, Zone Management
 * Receive
 *
 * Blocks; any thread. Returns 0; -EINVAL when the namespace is not zoned, -EIO when the command
 * fails or the device reports no zone there, -ENOMEM.
 */
int xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba,
			     struct xnvme_spec_znd_descr *zdescr);

/**
 * Get the descriptor of the first zone in `state`; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread. Returns 0; -EINVAL when the namespace is not zoned or `state` is invalid,
 * -EIO when the command fails or no zone is in that state, -ENOMEM.
 */
int xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state,
				      struct xnvme_spec_znd_descr *zdescr);

/**
 * Set *nzones to the number of zones that match `sfield`; ZNS Command Set 1.1, Zone Management
 * Receive
 *
 * Blocks; any thread. Returns 0; -EINVAL when the namespace is not zoned, -EIO, -ENOMEM.
 */
int xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield,
		   uint64_t *nzones);

/**
 * Read the Changed Zone List (BFh), which clears it; ZNS Command Set 1.1, Get Log Page
 *
 * The caller owns the result and frees it with xnvme_buf_free(). Blocks; any thread. NULL and
 * errno: EIO when the device does not support the log, ENOMEM, or the error of the path.
 */
struct xnvme_spec_znd_log_changes *xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev);

/**
 * Zone Management Send: apply the action `zsa` to the zone at `zslba`, or to all zones; ZNS Command
 * Set 1.1, Zone Management Send
 *
 * `dbuf` is the descriptor extension of XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, else NULL; it must
 * stay valid until the command is complete. `zsa_so`: XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA, or 0.
 * Blocks with a context of a device, submits with one of a queue. Returns 0; -EIO when the command
 * completed with an error, -EBUSY when the queue is full. One thread per context.
 */
int xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all,
			enum xnvme_spec_znd_cmd_mgmt_send_action zsa,
			enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf);

/**
 * Zone Append: write `nlb` + 1 blocks at the write pointer of the zone at `zslba`; ZNS Command Set
 * 1.1, Zone Append
 *
 * ctx->cpl.result is the LBA of the first block written. `mbuf`: the metadata, or NULL. Buffers
 * must stay valid until the command is complete. Blocks with a context of a device, submits with
 * one of a queue. Returns 0; -EIO when the command completed with an error, -EBUSY when the queue
 * is full. One thread per context.
 */
int xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb,
		     const void *dbuf, const void *mbuf);

/**
 * Commit a zone's random write area up to and including block `lba`; ZNS Command Set 1.1, Zone
 * Management Send
 *
 * Blocking, threads and errors as for xnvme_znd_mgmt_send().
 */
int xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba);

/**
 * Get entry `index` of a report: descriptor and descriptor extension (NULL when the report has
 * none)
 *
 * The results point into the report and are valid until it is freed; either output pointer may be
 * NULL. Does not block; any thread. Returns 0, or -EINVAL when `index` is beyond the last entry.
 */
int xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index,
			       struct xnvme_spec_znd_descr **descr, void **ext);

/** Print a report to `stream`; conventions as in libxnvme_spec_pp.h */
int xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags);

/** Print a report to stdout; conventions as in libxnvme_spec_pp.h */
int xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags);

/**
 * Read a report of `limit` zones (0: all) from the zone that contains LBA `slba` on; ZNS Command
 * Set 1.1, Zone Management Receive
 *
 * `extended`: with descriptor extensions. The caller owns the result and frees it with
 * xnvme_buf_virt_free(). Blocks; uses several commands when the report exceeds the maximum
 * transfer size; any thread. NULL and errno: EINVAL when the namespace is not zoned or `slba` is
 * beyond its end, EIO when a command fails or the device reports fewer zones than it has, EMSGSIZE
 * when one zone with its extension exceeds the maximum transfer size, ENOMEM.
 */
struct xnvme_znd_report *xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba,
						   size_t limit, uint8_t extended);

/**
 * Set *zlba to the first LBA of a random zone of the report that is in `state`
 *
 * `opts` is the random seed (0: the time). Does not block; any thread. Returns 0, or -ENXIO when
 * no zone is in that state.
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

#pragma GCC diagnostic pop

#endif /* LIBXNVME_ZND_H */
