/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of blocks, checked against a device's geometry. An invalid range has attr.is_valid false,
 * and the requested values in its fields.
 */
#include <host/dev.h>

static uint64_t
blocks_of(const struct xnvme_dev *dev)
{
	const struct xnvme_geo *geo = &dev->geo;

	geo_check(dev);
	switch (geo->type) {
	case XNVME_GEO_CONVENTIONAL:
	case XNVME_GEO_ZONED:
		return geo->nbytes ? geo->tbytes / geo->nbytes : 0;
	case XNVME_GEO_UNKNOWN:
	case XNVME_GEO_KV:
	default:
		return 0;
	}
}

struct xnvme_lba_range
xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba, uint64_t elba)
{
	struct xnvme_lba_range range = {.slba = slba, .elba = elba};
	uint64_t naddrs = elba - slba + 1;

	geo_check(dev);
	range.attr.is_zoned = dev->geo.type == XNVME_GEO_ZONED;
	if (slba > elba || elba >= blocks_of(dev) || naddrs > UINT32_MAX) {
		return range;
	}
	range.naddrs = (uint32_t)naddrs;
	range.nbytes = naddrs * dev->geo.nbytes;
	range.attr.is_valid = true;
	return range;
}

struct xnvme_lba_range
xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba, uint64_t naddrs)
{
	uint64_t elba;

	geo_check(dev);
	if (!naddrs || __builtin_add_overflow(slba, naddrs - 1, &elba)) {
		struct xnvme_lba_range range = {.slba = slba, .elba = slba};

		range.attr.is_zoned = dev->geo.type == XNVME_GEO_ZONED;
		return range;
	}
	return xnvme_lba_range_from_slba_elba(dev, slba, elba);
}

struct xnvme_lba_range
xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes)
{
	uint32_t block = dev->geo.nbytes;

	geo_check(dev);
	if (!block || offset % block || nbytes % block || !nbytes) {
		struct xnvme_lba_range range = {.nbytes = nbytes};

		range.slba = block ? offset / block : 0;
		range.elba = range.slba;
		range.attr.is_zoned = dev->geo.type == XNVME_GEO_ZONED;
		return range;
	}
	return xnvme_lba_range_from_slba_naddrs(dev, offset / block, nbytes / block);
}

struct xnvme_lba_range
xnvme_lba_range_from_zdescr(struct xnvme_dev *dev, struct xnvme_spec_znd_descr *zdescr)
{
	return xnvme_lba_range_from_slba_naddrs(dev, zdescr->zslba, zdescr->zcap);
}
