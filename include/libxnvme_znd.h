/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set
 *
 * @param slba LBA of a block in the zone
 * @param zslba LBA of the first block of the zone
 * @param report A report of xnvme_znd_report_from_dev()
 * @param zdescr Set to the descriptor
 * @param state State of the zones to find, enum xnvme_spec_znd_state
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
 * Valid until the device is closed. Does not block; any thread.
 *
 * @return The data, as read at open; NULL when there is none
 */
const struct xnvme_spec_znd_idfy_ns *xnvme_znd_dev_get_ns(struct xnvme_dev *dev);

/**
 * Get Identify Controller of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * Valid until the device is closed. Does not block; any thread.
 *
 * @return The data, as read at open; NULL when there is none
 */
const struct xnvme_spec_znd_idfy_ctrlr *xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev);

/**
 * Get the LBA format extension of the namespace's current format; ZNS Command Set 1.1, Identify
 *
 * Valid until the device is closed. Does not block; any thread.
 *
 * @return The format extension; NULL with errno
 * @error EINVAL The namespace is not zoned
 */
const struct xnvme_spec_znd_idfy_lbafe *xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev);

/**
 * Zone Management Receive: read a report of zones; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks with a context of a device, submits with one of a queue. One thread per context.
 *
 * @param slba LBA of a block in the first zone of the report
 * @param zra Zone Receive Action
 * @param zrasf Zone Receive Action Specific Field: the zones to report
 * @param partial 1: the header counts the zones in this report; 0: all that match `zrasf`
 * @param dbuf Receives the report; valid until the command is complete
 * @return 0 or -errno
 * @error EIO The command completed with an error, which is in ctx->cpl
 * @error EINVAL `dbuf_nbytes` is less than 4
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
			enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
			enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial,
			void *dbuf, uint32_t dbuf_nbytes);

/**
 * Get the descriptor of the zone that contains LBA `slba`; ZNS Command Set 1.1, Zone Management
 * Receive
 *
 * Blocks; any thread.
 *
 * @return 0 or -errno
 * @error EINVAL The namespace is not zoned
 * @error EIO The command failed, or the device reports no zone there
 * @error ENOMEM Out of memory
 */
int xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba,
			     struct xnvme_spec_znd_descr *zdescr);

/**
 * Get the descriptor of the first zone in a state; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread.
 *
 * @return 0 or -errno
 * @error EINVAL The namespace is not zoned, or `state` is invalid
 * @error EIO The command failed, or no zone is in that state
 * @error ENOMEM Out of memory
 */
int xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state,
				      struct xnvme_spec_znd_descr *zdescr);

/**
 * Count the zones that match a condition; ZNS Command Set 1.1, Zone Management Receive
 *
 * Blocks; any thread.
 *
 * @param sfield Zone Receive Action Specific Field: the zones to count
 * @param nzones Set to the number of zones
 * @return 0 or -errno
 * @error EINVAL The namespace is not zoned
 * @error EIO The command failed
 * @error ENOMEM Out of memory
 */
int xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield,
		   uint64_t *nzones);

/**
 * Read the Changed Zone List (BFh), which clears it; ZNS Command Set 1.1, Get Log Page
 *
 * Blocks; any thread.
 *
 * @return The list, which the caller frees with xnvme_buf_free(); NULL with errno, which may also
 *   be that of the path
 * @error EIO The device does not support the log
 * @error ENOMEM Out of memory
 */
struct xnvme_spec_znd_log_changes *xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev);

/**
 * Zone Management Send: apply an action to a zone, or to all zones; ZNS Command Set 1.1, Zone
 * Management Send
 *
 * Blocks with a context of a device, submits with one of a queue. One thread per context.
 *
 * @param select_all Apply the action to all zones; `zslba` is ignored
 * @param zsa Zone Send Action
 * @param zsa_so Zone Send Action Specific Option: XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA, or 0
 * @param dbuf Descriptor extension of XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, valid until the
 *   command is complete; else NULL
 * @return 0 or -errno
 * @error EIO The command completed with an error, which is in ctx->cpl
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all,
			enum xnvme_spec_znd_cmd_mgmt_send_action zsa,
			enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf);

/**
 * Zone Append: write blocks at the write pointer of a zone; ZNS Command Set 1.1, Zone Append
 *
 * ctx->cpl.result is the LBA of the first block written. Blocks with a context of a device, submits
 * with one of a queue. One thread per context.
 *
 * @param nlb Number of blocks, 0's based: 0 means one
 * @param dbuf Data of the blocks; valid until the command is complete
 * @return 0 or -errno
 * @error EIO The command completed with an error, which is in ctx->cpl
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb,
		     const void *dbuf, const void *mbuf);

/**
 * Commit a zone's random write area up to and including a block; ZNS Command Set 1.1, Zone
 * Management Send
 *
 * Blocks with a context of a device, submits with one of a queue. One thread per context.
 *
 * @param lba LBA of the last block to commit
 * @return 0 or -errno
 * @error EIO The command completed with an error, which is in ctx->cpl
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba);

/**
 * Get an entry of a report: descriptor and descriptor extension
 *
 * The results point into the report and are valid until it is freed; either output pointer may be
 * NULL. Does not block; any thread.
 *
 * @param index Index of the entry, from 0
 * @param descr Set to the descriptor
 * @param ext Set to the descriptor extension; to NULL when the report has none
 * @return 0 or -errno
 * @error EINVAL `index` is beyond the last entry
 */
int xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index,
			       struct xnvme_spec_znd_descr **descr, void **ext);

/**
 * Print a report of zones as YAML
 *
 * @param stream Where to print; the function blocks if the stream does
 * @param flags Output format, a value of enum xnvme_pr
 * @return The number of bytes printed, or -EIO when the stream fails
 */
int xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags);

/** As xnvme_znd_report_fpr(), to stdout */
int xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags);

/**
 * Read a report of zones; ZNS Command Set 1.1, Zone Management Receive
 *
 * Uses several commands when the report exceeds the maximum transfer size. Blocks; any thread.
 *
 * @param slba LBA of a block in the first zone of the report
 * @param limit Number of zones; 0: all
 * @param extended Not 0: with descriptor extensions
 * @return The report, which the caller frees with xnvme_buf_virt_free(); NULL with errno
 * @error EINVAL The namespace is not zoned, or `slba` is beyond its end
 * @error EIO A command failed, or the device reports fewer zones than it has
 * @error EMSGSIZE One zone with its extension exceeds the maximum transfer size
 * @error ENOMEM Out of memory
 */
struct xnvme_znd_report *xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba,
						   size_t limit, uint8_t extended);

/**
 * Find a random zone of a report that is in a state
 *
 * Does not block; any thread.
 *
 * @param zlba Set to the first LBA of the zone
 * @param opts Random seed; 0: the time
 * @return 0 or -errno
 * @error ENXIO No zone is in that state
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
