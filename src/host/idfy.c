/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identify pages, read once at open.
 *
 * Order:
 * 1. Controller (CNS 01h). A controller's handle needs no more.
 * 2. The command set: from the namespace identification descriptors (03h); else from the operating
 *    system; else by reading the pages of each set, since an old controller has no descriptors and
 *    an unprivileged user may not read them.
 * 3. Namespace (00h), for command sets that have this page.
 * 4. The command set's own pages (05h, 06h).
 */
#include <host/dev.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NIDT_CSI 4 /* Namespace Identifier Type; NVMe Base 2.0, Identify */
#define CSI_NONE 0xFF

/* Each page is read into one buffer, then interpreted by its type */
STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ctrlr) == sizeof(struct xnvme_spec_idfy), "a page");
STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ns) == sizeof(struct xnvme_spec_idfy), "a page");
STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ns) == sizeof(struct xnvme_spec_idfy), "a page");
STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_idfy_ns) == sizeof(struct xnvme_spec_idfy), "a page");

/* The outcome of reading a page */
struct answer {
	struct xnvme_spec_status status;
	bool explained; /* the error text is about this page, not about an earlier error */
};

static int
idfy_failed(struct xnvme_dev *dev, const char *what, const struct answer *answer, int err)
{
	char why[512] = "";

	ASSERT(err < 0);
	if (answer->explained) {
		(void)snprintf(why, sizeof(why), ": %.500s", xnvme_err_text());
	}
	return err_set(err, "'%s' was opened, but identify %s failed (status code type %u, code "
		       "0x%x)%s", dev->ident.uri, what, answer->status.sct, answer->status.sc,
		       why);
}

/* Reads one page into `buf`, which the device writes. Returns 0 or -errno. */
static int
ask(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf, uint8_t cns, uint32_t nsid, uint8_t csi,
    struct answer *answer)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint64_t texts = err_count();

	dev_open_check(dev);
	memset(buf, 0, sizeof(*buf));
	ctx.cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
	ctx.cmd.common.nsid = nsid;
	ctx.cmd.idfy.cns = cns;
	ctx.cmd.idfy.csi = csi;

	int err = xnvme_cmd_pass_admin(&ctx, buf, sizeof(*buf), NULL, 0);

	answer->status = ctx.cpl.status;
	answer->explained = err_count() != texts;
	return err ? err : xnvme_cmd_ctx_cpl_status(&ctx) ? -EIO : 0;
}

/* Copies a page to `*slot`, which the handle keeps: allocated on first use, reused when the page is
 * read again */
static int
keep(void *slot, const struct xnvme_spec_idfy *buf)
{
	void **page = slot;

	if (!*page) {
		*page = malloc(sizeof(*buf));
	}
	if (!*page) {
		return err_set(-ENOMEM, "no memory for an identify page");
	}
	memcpy(*page, buf, sizeof(*buf));
	return 0;
}

/* The command set in a namespace identification descriptor list; CSI_NONE when it has none */
static uint8_t
csi_of_descriptors(const uint8_t *list)
{
	size_t at = 0;

	while (at + 4 < sizeof(struct xnvme_spec_idfy)) {
		uint8_t nidt = list[at];
		uint8_t nidl = list[at + 1];

		if (!nidt || !nidl) {
			break;
		}
		if (nidt == NIDT_CSI) {
			return list[at + 4];
		}
		at += 4u + nidl;
	}
	return CSI_NONE;
}

/* A namespace has pages of its own command set only: NVMe Base 2.0, Identify (CNS 05h) */
static uint8_t
csi_of_pages(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf)
{
	uint32_t nsid = dev->ident.nsid;
	struct answer answer;

	ASSERT(nsid);
	if (!ask(dev, buf, XNVME_SPEC_IDFY_NS_IOCS, nsid, XNVME_SPEC_CSI_ZONED, &answer)) {
		const struct xnvme_spec_znd_idfy_ns *zns = (const void *)buf;

		if (zns->lbafe[0].zsze) {
			return XNVME_SPEC_CSI_ZONED;
		}
	}
	if (!ask(dev, buf, XNVME_SPEC_IDFY_NS_IOCS, nsid, XNVME_SPEC_CSI_KV, &answer)) {
		const struct xnvme_spec_kvs_idfy_ns *kvs = (const void *)buf;

		if (kvs->kvf[0].kml) {
			return XNVME_SPEC_CSI_KV;
		}
	}
	return XNVME_SPEC_CSI_NVM;
}

static uint8_t
find_csi(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf)
{
	struct answer answer;
	uint32_t nsid = dev->ident.nsid;

	ASSERT(nsid);
	if (dev->kind & (KIND_FILE | KIND_RAMDISK) &&
	    !ask(dev, buf, XNVME_SPEC_IDFY_CTRLR_IOCS, 0, XNVME_SPEC_CSI_FS, &answer)) {
		return XNVME_SPEC_CSI_FS;
	}
	if (!ask(dev, buf, XNVME_SPEC_IDFY_NSDSCR, nsid, 0, &answer)) {
		uint8_t csi = csi_of_descriptors((const uint8_t *)buf);

		if (csi != CSI_NONE) {
			return csi;
		}
	}
	return dev->ident.csi != CSI_NONE ? dev->ident.csi : csi_of_pages(dev, buf);
}

/* Command sets with blocks that this library can address */
static bool
has_blocks(uint8_t csi)
{
	return csi == XNVME_SPEC_CSI_NVM || csi == XNVME_SPEC_CSI_ZONED ||
	       csi == XNVME_SPEC_CSI_FS;
}

/* A zoned namespace's page of the NVM command set, on which its own set builds: only that page has
 * the size of the guards (ZNS Command Set 1.1, Identify; NVM Command Set 1.0, ELBAF) */
static int
idfy_formats(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf)
{
	struct answer answer;

	if (dev->ident.csi != XNVME_SPEC_CSI_ZONED || !dev->ctrlr->ctratt.extended_lba_formats ||
	    ask(dev, buf, XNVME_SPEC_IDFY_NS_IOCS, dev->ident.nsid, XNVME_SPEC_CSI_NVM, &answer)) {
		return 0;
	}
	return keep(&dev->ns_nvm, buf);
}

/* For opts.nsid 0: picks the first active namespace (NVMe Base 2.0, Active Namespace ID list) */
static int
find_namespace(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf)
{
	struct answer answer;
	int err = ask(dev, buf, XNVME_SPEC_IDFY_NSLIST, 0, 0, &answer);
	uint32_t first;

	ASSERT(!dev->ident.nsid && dev->ident.dtype != DTYPE_CONTROLLER);
	if (err) {
		return idfy_failed(dev, "list of active namespaces", &answer, err);
	}
	memcpy(&first, buf, sizeof(first));
	if (!first) {
		return err_set(-ENODEV, "'%s' has no active namespace: attach one first. A PCI "
			       "function's name with ',nsid=none' behind it opens the controller "
			       "alone", dev->ident.uri);
	}
	dev->ident.nsid = first;
	dev->opts.nsid = first;
	return 0;
}

static int
idfy_namespace(struct xnvme_dev *dev, struct xnvme_spec_idfy *buf)
{
	struct answer answer;
	int err = dev->ident.nsid ? 0 : find_namespace(dev, buf);

	ASSERT(dev->ctrlr && dev->ident.dtype != DTYPE_CONTROLLER);
	if (err) {
		return err;
	}
	dev->ident.csi = find_csi(dev, buf);
	if (has_blocks(dev->ident.csi)) { /* only these have CNS 00h: NVM CS 1.0, Identify */
		err = ask(dev, buf, XNVME_SPEC_IDFY_NS, dev->ident.nsid, 0, &answer);
		if (err) {
			return idfy_failed(dev, "namespace", &answer, err);
		}
		err = keep(&dev->ns, buf);
		if (err) {
			return err;
		}
	}
	err = ask(dev, buf, XNVME_SPEC_IDFY_NS_IOCS, dev->ident.nsid, dev->ident.csi, &answer);
	if (!err) {
		err = keep(&dev->ns_css, buf);
		if (err) {
			return err;
		}
	} else if (dev->ident.csi == XNVME_SPEC_CSI_ZONED || dev->ident.csi == XNVME_SPEC_CSI_KV) {
		return idfy_failed(dev, "namespace of its command set", &answer, err);
	}
	ASSERT(dev->ident.csi != XNVME_SPEC_CSI_ZONED || (dev->ns && dev->ns_css));
	ASSERT(!has_blocks(dev->ident.csi) || dev->ns);
	err = idfy_formats(dev, buf);
	if (err) {
		return err;
	}
	/* older controllers lack this page: xnvme_dev_get_ctrlr_css() then returns NULL */
	if (!ask(dev, buf, XNVME_SPEC_IDFY_CTRLR_IOCS, 0, dev->ident.csi, &answer)) {
		err = keep(&dev->ctrlr_css, buf);
		if (err) {
			return err;
		}
	}
	return 0;
}

int
dev_identify(struct xnvme_dev *dev)
{
	struct xnvme_spec_idfy *buf = xnvme_buf_alloc(dev, sizeof(*buf));
	struct answer answer;
	int err;

	dev_open_check(dev);
	if (!buf) {
		return -errno;
	}
	err = ask(dev, buf, XNVME_SPEC_IDFY_CTRLR, 0, 0, &answer);
	if (err) {
		err = idfy_failed(dev, "controller", &answer, err);
		goto out;
	}
	err = keep(&dev->ctrlr, buf);
	if (err) {
		goto out;
	}
	/* a name from the operating system is the device's own, even if this page is emulated */
	if (!dev->ident.subnqn[0]) {
		memcpy(dev->ident.subnqn, dev->ctrlr->subnqn, sizeof(dev->ident.subnqn));
		dev->ident.subnqn[sizeof(dev->ident.subnqn) - 1] = '\0';
	}
	if (dev->ident.dtype != DTYPE_CONTROLLER) {
		err = idfy_namespace(dev, buf);
	}
out:
	xnvme_buf_free(dev, buf);
	return err;
}
