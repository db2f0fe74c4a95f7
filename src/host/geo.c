/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The geometry of a namespace, derived from its identify pages.
 */
#include <host/dev.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <string.h>

#define MDTS_DEFAULT_NBYTES (1024u * 1024u)

/* Opcodes of commands with SLBA and NLB where xnvme_spec_cmd_nvm has them */
static const uint8_t bounded_opcodes[] = {
	XNVME_SPEC_NVM_OPC_WRITE,
	XNVME_SPEC_NVM_OPC_READ,
	XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE,
	XNVME_SPEC_NVM_OPC_COMPARE,
	XNVME_SPEC_NVM_OPC_WRITE_ZEROES,
	0x0C, /* verify */
};

STATIC_ASSERT(sizeof(((struct xnvme_spec_idfy_ns *)0)->lbaf) /
	      sizeof(struct xnvme_spec_lbaf) == 64, "an index of six bits is beyond the formats");
STATIC_ASSERT(sizeof(((struct xnvme_spec_znd_idfy_ns *)0)->lbafe) /
	      sizeof(struct xnvme_spec_znd_idfy_lbafe) == 64, "one entry per format");

/* A format index above 15 needs the upper bits of FLBAS: NVM Command Set 1.0, Identify Namespace */
static uint32_t
format_index(const struct xnvme_spec_idfy_ns *ns)
{
	uint32_t index = ns->flbas.format;

	return ns->nlbaf > 15 ? index | (uint32_t)ns->flbas.format_msb << 4 : index;
}

/* MDTS is a power of two in units of the minimum memory page size, CAP.MPSMIN. That register is not
 * available here; all known controllers have 4096 bytes. */
static uint32_t
mdts_of(const struct xnvme_dev *dev)
{
	uint32_t mdts = dev->ctrlr->mdts;
	uint64_t nbytes = MDTS_DEFAULT_NBYTES;

	if (mdts && mdts < 20) {
		nbytes = 1ULL << (mdts + 12);
	} else if (mdts) {
		nbytes = UINT32_MAX & ~4095u; /* exceeds the field of the geometry */
	}
	if (dev->mdts_cap_nbytes && nbytes > dev->mdts_cap_nbytes) {
		nbytes = dev->mdts_cap_nbytes;
	}
	ASSERT(nbytes <= UINT32_MAX);
	return (uint32_t)nbytes;
}

static void
derive_pi(const struct xnvme_dev *dev, uint32_t index, struct xnvme_geo *geo)
{
	bool zoned = dev->ident.csi == XNVME_SPEC_CSI_ZONED;
	const struct xnvme_spec_nvm_idfy_ns *nvm = (const void *)(zoned ? dev->ns_nvm
									: dev->ns_css);

	ASSERT(index < sizeof(nvm->elbaf) / sizeof(nvm->elbaf[0]));
	geo->pi_type = dev->ns->dps.pit;
	geo->pi_loc = dev->ns->dps.md_start;
	geo->pi_format = XNVME_SPEC_NVM_NS_16B_GUARD;
	if (nvm && (zoned || dev->ident.csi == XNVME_SPEC_CSI_NVM) &&
	    dev->ctrlr->ctratt.extended_lba_formats) {
		geo->pi_format = nvm->elbaf[index].pif & 0x3;
	}
}

/* What a namespace says of its blocks becomes lengths of buffers. No buffer of the caller is as
 * large as a block that cannot be transferred. */
static int
check_blocks(const struct xnvme_dev *dev, const struct xnvme_geo *geo)
{
	ASSERT(geo->ssw < 32 && geo->lba_nbytes >= geo->nbytes);
	if (geo->nbytes > geo->mdts_nbytes) {
		return err_set(-EIO, "'%s' says that its blocks have %u bytes, but that it "
			       "transfers at most %u per command: none of them can be read or "
			       "written", dev->ident.uri, geo->nbytes, geo->mdts_nbytes);
	}
	if (dev->ns->nsze > UINT64_MAX >> geo->ssw) {
		return err_set(-EIO, "'%s' says that it has %llu blocks of %u bytes, which are "
			       "more than 2^64 bytes", dev->ident.uri,
			       (unsigned long long)dev->ns->nsze, geo->nbytes);
	}
	return 0;
}

static int
derive_blocks(struct xnvme_dev *dev, struct xnvme_geo *geo)
{
	uint32_t index = format_index(dev->ns);
	const struct xnvme_spec_lbaf *format = &dev->ns->lbaf[index];

	ASSERT(dev->ctrlr && geo->mdts_nbytes);
	if (!dev->ns->nsze && !format->ds) { /* all zero; NVMe Base 2.0, Namespaces */
		return err_set(-ENODEV, "'%s' has no active namespace %u; list those that it has "
			       "with `xnvme idfy --cns 2`, or attach it first", dev->ident.uri,
			       dev->ident.nsid);
	}
	if (format->ds < 9 || format->ds > 31) {
		return err_set(-EIO, "'%s' says that its blocks have 2^%u bytes (LBA format %u); "
			       "the standard begins at 2^9", dev->ident.uri, format->ds, index);
	}
	geo->nbytes = 1u << format->ds;
	geo->nbytes_oob = format->ms;
	geo->lba_extended = dev->ns->flbas.extended && format->ms;
	geo->lba_nbytes = geo->nbytes + (geo->lba_extended ? format->ms : 0u);
	geo->ssw = format->ds;
	derive_pi(dev, index, geo);
	return check_blocks(dev, geo);
}

static int
derive_zones(struct xnvme_dev *dev, struct xnvme_geo *geo)
{
	const struct xnvme_spec_znd_idfy_ns *zns = (const void *)dev->ns_css;
	uint64_t zsze;

	ASSERT(zns && geo->nbytes); /* dev_identify() fails without this page */
	zsze = zns->lbafe[format_index(dev->ns)].zsze;
	if (!zsze) {
		return err_set(-EIO, "'%s' is zoned, and its zone size is 0 blocks",
			       dev->ident.uri);
	}
	if (dev->ns->nsze / zsze > UINT32_MAX) {
		return err_set(-EIO, "'%s' says that it has %llu zones, which are more than 2^32",
			       dev->ident.uri, (unsigned long long)(dev->ns->nsze / zsze));
	}
	geo->type = XNVME_GEO_ZONED;
	geo->nzone = (uint32_t)(dev->ns->nsze / zsze);
	geo->nsect = zsze;
	geo->tbytes = geo->nzone * geo->nsect * geo->nbytes;
	return 0;
}

static void
publish(struct xnvme_dev *dev, const struct xnvme_geo *geo, uint64_t nsze)
{
	bool blocks = geo->type == XNVME_GEO_CONVENTIONAL || geo->type == XNVME_GEO_ZONED;

	dev->geo = *geo;
	dev->nsze = nsze;
	dev->lba_nbytes = geo->lba_nbytes;
	dev->lba_shift = (uint32_t)geo->ssw;
	dev->plain_nsze = blocks && !geo->nbytes_oob && geo->ssw <= LBA_SHIFT_PLAIN ? nsze : 0;
	for (size_t i = 0; i < sizeof(bounded_opcodes); ++i) {
		dev->bounded[bounded_opcodes[i]] = blocks;
	}
	geo_check(dev);
	ASSERT(blocks || !nsze);
}

int
dev_derive(struct xnvme_dev *dev)
{
	struct xnvme_geo geo = {.type = XNVME_GEO_UNKNOWN};
	uint64_t nsze;
	int err;

	ASSERT(dev->ctrlr);
	if (dev->ident.dtype == DTYPE_CONTROLLER) {
		publish(dev, &geo, 0);
		return 0;
	}
	geo.npugrp = 1;
	geo.npunit = 1;
	geo.nzone = 1;
	geo.mdts_nbytes = mdts_of(dev);
	if (dev->ident.csi == XNVME_SPEC_CSI_KV) {
		geo = (struct xnvme_geo){.type = XNVME_GEO_KV, .mdts_nbytes = geo.mdts_nbytes};
		publish(dev, &geo, 0);
		return 0;
	}
	if (!dev->ns) { /* unknown command set: only the caller interprets commands */
		geo = (struct xnvme_geo){.type = XNVME_GEO_UNKNOWN, .mdts_nbytes = geo.mdts_nbytes};
		publish(dev, &geo, 0);
		return 0;
	}
	err = derive_blocks(dev, &geo);
	if (err) {
		return err;
	}
	nsze = dev->ns->nsze;
	if (dev->ident.csi == XNVME_SPEC_CSI_ZONED) {
		err = derive_zones(dev, &geo);
		if (err) {
			return err;
		}
	} else {
		geo.type = XNVME_GEO_CONVENTIONAL;
		geo.nsect = nsze;
		/* a file's bytes after its last whole block are accessible by offset */
		geo.tbytes = dev->kind == KIND_FILE ? dev->file_nbytes : nsze * geo.nbytes;
	}
	publish(dev, &geo, nsze);
	return 0;
}

int
xnvme_dev_derive_geo(struct xnvme_dev *dev)
{
	int err = dev_identify(dev);

	geo_check(dev);
	return err ? err : dev_derive(dev);
}
