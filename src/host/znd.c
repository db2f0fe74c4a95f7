/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace Command Set: report and manage zones, append to them.
 */
#include <host/dev.h>
#include <host/err.h>
#include <host/nvm.h>

#include <base/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The lengths in a report that report_new() has made */
static void
report_check(const struct xnvme_znd_report *report)
{
	ASSERT(report->nentries > 0 && report->nentries <= report->nzones);
	ASSERT(report->zrent_nbytes == report->zd_nbytes + report->zdext_nbytes);
	ASSERT(report->entries_nbytes == report->nentries * report->zrent_nbytes);
	ASSERT(report->report_nbytes == sizeof(*report) + report->entries_nbytes);
}

static bool
is_zoned(const struct xnvme_dev *dev)
{
	geo_check(dev);
	return dev->geo.type == XNVME_GEO_ZONED && dev->ns && dev->ns_css;
}

static int
not_zoned(const struct xnvme_dev *dev)
{
	ASSERT(!is_zoned(dev));
	return err_set(-EINVAL, "'%s' is no zoned namespace", dev->ident.uri);
}

const struct xnvme_spec_znd_idfy_ns *
xnvme_znd_dev_get_ns(struct xnvme_dev *dev)
{
	STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ns) <= 4096, "beyond an identify page");
	return (const void *)xnvme_dev_get_ns_css(dev);
}

const struct xnvme_spec_znd_idfy_ctrlr *
xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev)
{
	STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ctrlr) <= 4096,
		      "beyond an identify page");
	return (const void *)xnvme_dev_get_ctrlr_css(dev);
}

const struct xnvme_spec_znd_idfy_lbafe *
xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev)
{
	const struct xnvme_spec_znd_idfy_ns *zns = xnvme_znd_dev_get_ns(dev);
	unsigned int format;

	if (!is_zoned(dev)) {
		(void)not_zoned(dev);
		errno = EINVAL;
		return NULL;
	}
	/* The format index has two parts: NVM Command Set 1.0, Identify Namespace, FLBAS */
	format = dev->ns->flbas.format | (unsigned int)dev->ns->flbas.format_msb << 4;
	ASSERT(format < sizeof(zns->lbafe) / sizeof(zns->lbafe[0]));
	return &zns->lbafe[format];
}

int
xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
		    enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
		    enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial, void *dbuf,
		    uint32_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	if (dbuf_nbytes < 4) {
		return err_set(-EINVAL,
			       "a zone report needs a buffer of at least 64 bytes, its header");
	}
	ctx->cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_RECV;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.znd.mgmt_recv.slba = slba;
	ctx->cmd.znd.mgmt_recv.ndwords = dbuf_nbytes / 4 - 1;
	ctx->cmd.znd.mgmt_recv.zra = zra & 0xFFU;
	ctx->cmd.znd.mgmt_recv.zrasf = zrasf & 0xFFU;
	ctx->cmd.znd.mgmt_recv.partial = partial & 1U;
	return xnvme_cmd_pass(ctx, dbuf, dbuf_nbytes, NULL, 0);
}

int
xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all,
		    enum xnvme_spec_znd_cmd_mgmt_send_action zsa,
		    enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf)
{
	const struct xnvme_spec_znd_idfy_lbafe *lbafe;
	size_t nbytes = 0;

	dev_open_check(ctx->dev);
	if (zsa == XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR && !dbuf) {
		return err_set(-EINVAL, "to set a zone's descriptor extension takes its bytes: "
			       "none were given, and the device would read from address 0");
	}
	if (dbuf) { /* a zone's descriptor extension, in units of 64 bytes */
		lbafe = xnvme_znd_dev_get_lbafe(ctx->dev);
		if (!lbafe) {
			return -EINVAL;
		}
		nbytes = (size_t)lbafe->zdes * 64;
	}
	ctx->cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.znd.mgmt_send.slba = zslba;
	ctx->cmd.znd.mgmt_send.zsa = zsa & 0xFFU;
	ctx->cmd.znd.mgmt_send.select_all = select_all;
	ctx->cmd.znd.mgmt_send.zsaso = zsa_so & 1U;
	return xnvme_cmd_pass(ctx, dbuf, nbytes, NULL, 0);
}

int
xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb,
		 const void *dbuf, const void *mbuf)
{
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_ZND_OPC_APPEND;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.znd.append.zslba = zslba;
	ctx->cmd.znd.append.nlb = nlb;
	return nvm_pass_blocks(ctx, (void *)(uintptr_t)dbuf, (void *)(uintptr_t)mbuf);
}

int
xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba)
{
	return xnvme_znd_mgmt_send(ctx, nsid, lba, false, XNVME_SPEC_ZND_CMD_MGMT_SEND_FLUSH, 0,
				   NULL);
}

/* One synchronous report into a buffer of the device; returns -errno for any error */
static int
receive(struct xnvme_dev *dev, uint64_t slba, enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
	enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial, void *dbuf,
	uint32_t dbuf_nbytes)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	int err;

	dev_open_check(dev);
	ASSERT(dbuf && dbuf_nbytes >= sizeof(struct xnvme_spec_znd_report_hdr));
	memset(dbuf, 0, dbuf_nbytes);
	err = xnvme_znd_mgmt_recv(&ctx, dev->ident.nsid, slba, zra, zrasf, partial, dbuf,
				  dbuf_nbytes);
	if (err == -EIO && ctx.cpl.status.sct != XNVME_STATUS_CODE_TYPE_VENDOR) {
		return err_set(-EIO, "'%s' refuses to report zones from block %#llx: status 0x%x "
			       "of type %u", dev->ident.uri, (unsigned long long)slba,
			       ctx.cpl.status.sc, ctx.cpl.status.sct);
	}
	return err;
}

/* The header of a report and its first descriptor */
struct first {
	struct xnvme_spec_znd_report_hdr head;
	struct xnvme_spec_znd_descr descr;
};
STATIC_ASSERT(sizeof(struct first) == 128, "not as the device writes it");

static int
receive_first(struct xnvme_dev *dev, uint64_t slba,
	      enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial,
	      struct first *first)
{
	struct first *buf;
	int err;

	dev_open_check(dev);
	if (!is_zoned(dev)) {
		return not_zoned(dev);
	}
	buf = xnvme_buf_alloc(dev, sizeof(*buf));
	if (!buf) {
		return -errno;
	}
	err = receive(dev, slba, XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT, zrasf, partial, buf,
		      sizeof(*buf));
	*first = *buf;
	xnvme_buf_free(dev, buf);
	return err;
}

int
xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba, struct xnvme_spec_znd_descr *zdescr)
{
	struct first first = {0};
	int err = receive_first(dev, slba, XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL, 1, &first);

	if (err) {
		return err;
	}
	if (!first.head.nzones) {
		return err_set(-EIO, "'%s' reports no zone at block %#llx", dev->ident.uri,
			       (unsigned long long)slba);
	}
	*zdescr = first.descr;
	return 0;
}

/* The report filter for zones in `state`; -EINVAL for an invalid state */
static int
filter_of(enum xnvme_spec_znd_state state)
{
	switch (state) {
	case XNVME_SPEC_ZND_STATE_EMPTY:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EMPTY;
	case XNVME_SPEC_ZND_STATE_IOPEN:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN;
	case XNVME_SPEC_ZND_STATE_EOPEN:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EOPEN;
	case XNVME_SPEC_ZND_STATE_CLOSED:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_CLOSED;
	case XNVME_SPEC_ZND_STATE_FULL:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_FULL;
	case XNVME_SPEC_ZND_STATE_RONLY:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_RONLY;
	case XNVME_SPEC_ZND_STATE_OFFLINE:
		return XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_OFFLINE;
	default:
		return err_set(-EINVAL, "0x%x is no state of a zone", state);
	}
}

int
xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state,
				  struct xnvme_spec_znd_descr *zdescr)
{
	int filter = filter_of(state);
	struct first first = {0};
	int err;

	if (filter < 0) {
		return filter;
	}
	err = receive_first(dev, 0, (enum xnvme_spec_znd_cmd_mgmt_recv_action_sf)filter, 1, &first);
	if (err) {
		return err;
	}
	if (!first.head.nzones) {
		return err_set(-EIO, "no zone of '%s' is in state 0x%x", dev->ident.uri, state);
	}
	*zdescr = first.descr;
	return 0;
}

int
xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield,
	       uint64_t *nzones)
{
	struct first first = {0};
	int err = receive_first(dev, 0, sfield, 0, &first);

	if (!err) {
		*nzones = first.head.nzones;
	}
	return err;
}

struct xnvme_spec_znd_log_changes *
xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_spec_znd_log_changes *changes = xnvme_buf_alloc(dev, sizeof(*changes));
	int err;

	dev_open_check(dev);
	if (!changes) {
		return NULL;
	}
	memset(changes, 0, sizeof(*changes));
	err = xnvme_adm_log(&ctx, XNVME_SPEC_LOG_ZND_CHANGES, 0, 0, dev->ident.nsid, 0, changes,
			    sizeof(*changes));
	if (err == -EIO && ctx.cpl.status.sct != XNVME_STATUS_CODE_TYPE_VENDOR) {
		err = err_set(-EIO, "'%s' does not give its Changed Zone List, which is optional: "
			      "status 0x%x of type %u", dev->ident.uri, ctx.cpl.status.sc,
			      ctx.cpl.status.sct);
	}
	if (err) {
		xnvme_buf_free(dev, changes);
		errno = -err;
		return NULL;
	}
	return changes;
}

int
xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index,
			   struct xnvme_spec_znd_descr **descr, void **ext)
{
	uint8_t *entry;

	if (index >= report->nentries) {
		return err_set(-EINVAL, "the report has %u zones, none with index %u",
			       report->nentries, index);
	}
	entry = (uint8_t *)(uintptr_t)report->storage + index * report->zrent_nbytes;
	if (descr) {
		*descr = (struct xnvme_spec_znd_descr *)entry;
	}
	if (ext) {
		*ext = report->zdext_nbytes ? entry + report->zd_nbytes : NULL;
	}
	return 0;
}

/* The number of zones to report: from the zone of `slba` to the last, at most `limit` (0: all) */
static int
report_span(struct xnvme_dev *dev, uint64_t slba, size_t limit, uint32_t *nentries)
{
	uint64_t zsze = dev->geo.nsect;
	uint64_t left;

	ASSERT(is_zoned(dev));
	if (slba / zsze >= dev->geo.nzone) {
		return err_set(-EINVAL, "block %#llx is beyond the last zone of '%s'",
			       (unsigned long long)slba, dev->ident.uri);
	}
	left = dev->geo.nzone - slba / zsze;
	ASSERT(left > 0 && left <= UINT32_MAX);
	*nentries = (uint32_t)(limit && limit < left ? limit : left);
	return 0;
}

static struct xnvme_znd_report *
report_new(struct xnvme_dev *dev, uint64_t slba, uint32_t nentries, uint8_t extended)
{
	uint32_t ext = extended ? xnvme_znd_dev_get_lbafe(dev)->zdes * 64U : 0;
	uint64_t entry = sizeof(struct xnvme_spec_znd_descr) + ext;
	struct xnvme_znd_report *report;

	ASSERT(slba / dev->geo.nsect + nentries <= dev->geo.nzone);
	report = xnvme_buf_virt_alloc(4096, sizeof(*report) + entry * nentries);
	if (!report) {
		return NULL;
	}
	/* report_fill() writes the entries: touched here, they would be memory for as many zones as
	 * the device claims to have */
	memset(report, 0, sizeof(*report));
	report->nzones = dev->geo.nzone;
	report->zd_nbytes = sizeof(struct xnvme_spec_znd_descr);
	report->zdext_nbytes = ext;
	report->zslba = slba;
	report->zelba = (slba / dev->geo.nsect + nentries - 1) * dev->geo.nsect;
	report->nentries = nentries;
	report->extended = extended;
	report->zrent_nbytes = entry;
	report->entries_nbytes = entry * nentries;
	report->report_nbytes = sizeof(*report) + report->entries_nbytes;
	report_check(report);
	return report;
}

/* Reads zones in chunks that one command may transfer. A device that returns fewer zones than
 * requested, while more exist, has failed: cleared entries must not pass for zones. */
static int
report_fill(struct xnvme_dev *dev, struct xnvme_znd_report *report, void *buf, uint32_t buf_nbytes)
{
	const size_t head = sizeof(struct xnvme_spec_znd_report_hdr);
	uint32_t per_chunk = (uint32_t)((buf_nbytes - head) / report->zrent_nbytes);
	uint64_t slba = report->zslba;

	report_check(report);
	ASSERT(buf_nbytes >= head);
	if (!per_chunk) {
		return err_set(-EMSGSIZE, "a zone of '%s' with its extension takes %llu bytes of "
			       "a report, and a command transfers at most %u: ask for a report "
			       "that is not extended", dev->ident.uri,
			       (unsigned long long)report->zrent_nbytes, buf_nbytes);
	}
	for (uint32_t done = 0; done < report->nentries;) {
		uint32_t want = report->nentries - done;
		struct xnvme_spec_znd_report_hdr got;
		int err;

		want = want < per_chunk ? want : per_chunk;
		ASSERT(slba / dev->geo.nsect + want <= dev->geo.nzone);
		err = receive(dev, slba, report->extended
			      ? XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED
			      : XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT,
			      XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL, 1, buf,
			      (uint32_t)(head + want * report->zrent_nbytes));
		if (err) {
			return err;
		}
		memcpy(&got, buf, sizeof(got));
		if (got.nzones < want) {
			return err_set(-EIO, "'%s' reports %llu zones from block %#llx where it "
				       "has %u", dev->ident.uri, (unsigned long long)got.nzones,
				       (unsigned long long)slba, want);
		}
		memcpy(report->storage + done * report->zrent_nbytes, (char *)buf + head,
		       want * report->zrent_nbytes);
		done += want;
		slba = (slba / dev->geo.nsect + want) * dev->geo.nsect;
	}
	return 0;
}

struct xnvme_znd_report *
xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba, size_t limit, uint8_t extended)
{
	struct xnvme_znd_report *report = NULL;
	uint32_t nentries = 0;
	uint32_t nbytes;
	void *buf = NULL;
	int err;

	err = is_zoned(dev) ? report_span(dev, slba, limit, &nentries) : not_zoned(dev);
	if (!err) {
		nbytes = dev->geo.mdts_nbytes < 64 * 1024 ? dev->geo.mdts_nbytes : 64 * 1024;
		report = report_new(dev, slba, nentries, extended);
		buf = xnvme_buf_alloc(dev, nbytes);
		err = report && buf ? report_fill(dev, report, buf, nbytes)
				    : err_set(-ENOMEM, "no memory to report %u zones", nentries);
	}
	xnvme_buf_free(dev, buf);
	if (err) {
		xnvme_buf_virt_free(report);
		errno = -err;
		return NULL;
	}
	return report;
}

int
xnvme_znd_report_find_arbitrary(const struct xnvme_znd_report *report,
				enum xnvme_spec_znd_state state, uint64_t *zlba, int opts)
{
	unsigned int seed = opts ? (unsigned int)opts : (unsigned int)time(NULL);
	uint32_t from;

	if (!report->nentries) {
		return err_set(-ENXIO, "the report is empty");
	}
	from = (uint32_t)rand_r(&seed) % report->nentries;
	for (uint32_t i = 0; i < report->nentries; ++i) {
		const struct xnvme_spec_znd_descr *descr =
			XNVME_ZND_REPORT_DESCR(report, (from + i) % report->nentries);

		if (descr->zt == XNVME_SPEC_ZND_TYPE_SEQWR && descr->zs == state && descr->zcap) {
			*zlba = descr->zslba;
			return 0;
		}
	}
	return err_set(-ENXIO, "the report has no zone in state 0x%x", state);
}
