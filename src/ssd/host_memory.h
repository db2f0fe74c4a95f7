/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Access to the host's memory of a command.
 */
#ifndef SSD_HOST_MEMORY_H
#define SSD_HOST_MEMORY_H

#include <ssd/engine.h>

/* Does the transfer exceed MDTS? */
static inline bool
is_too_long(const struct ssd *ssd, uint64_t nbytes)
{
	return ssd->config.mdts && nbytes > (uint64_t)PAGE_NBYTES << ssd->config.mdts;
}

/* Called once by each command that moves bytes, before the first access, with the lengths and the
 * direction */
static inline uint16_t
host_prepare(const struct ssd_work *work, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	struct ssd_dma *dma = work->dma;

	if (nbytes > dma->nbytes) {
		return REFUSE(DATA_SGL_LENGTH_INVALID);
	}
	if (meta_nbytes > dma->meta_nbytes) {
		return REFUSE(METADATA_SGL_LENGTH_INVALID);
	}
	return dma->prepare ? dma->prepare(dma, nbytes, meta_nbytes, to_host) : STATUS(SUCCESS);
}

/* Move bytes within the prepared lengths */
static inline uint16_t
host_push(const struct ssd_work *work, uint64_t offset, const void *src, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->nbytes);
	if (dma->flat) {
		memcpy(dma->flat + offset, src, nbytes);
		return STATUS(SUCCESS);
	}
	return nbytes ? dma->copy_out(dma, offset, src, nbytes) : STATUS(SUCCESS);
}

static inline uint16_t
host_pull(const struct ssd_work *work, uint64_t offset, void *dst, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->nbytes);
	if (dma->flat) {
		memcpy(dst, dma->flat + offset, nbytes);
		return STATUS(SUCCESS);
	}
	return nbytes ? dma->copy_in(dma, offset, dst, nbytes) : STATUS(SUCCESS);
}

static inline uint16_t
host_push_meta(const struct ssd_work *work, uint64_t offset, const void *src, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->meta_nbytes);
	if (dma->meta_flat) {
		memcpy(dma->meta_flat + offset, src, nbytes);
		return STATUS(SUCCESS);
	}
	return nbytes ? dma->meta_out(dma, offset, src, nbytes) : STATUS(SUCCESS);
}

static inline uint16_t
host_pull_meta(const struct ssd_work *work, uint64_t offset, void *dst, size_t nbytes)
{
	const struct ssd_dma *dma = work->dma;

	ASSERT(offset + nbytes <= dma->meta_nbytes);
	if (dma->meta_flat) {
		memcpy(dst, dma->meta_flat + offset, nbytes);
		return STATUS(SUCCESS);
	}
	return nbytes ? dma->meta_in(dma, offset, dst, nbytes) : STATUS(SUCCESS);
}

/* The whole transfer of a command, in one piece */
static inline uint16_t
host_give(const struct ssd_work *work, const void *src, size_t nbytes)
{
	uint16_t status = host_prepare(work, nbytes, 0, true);

	return status ? status : host_push(work, 0, src, nbytes);
}

static inline uint16_t
host_take(const struct ssd_work *work, void *dst, size_t nbytes)
{
	uint16_t status = host_prepare(work, nbytes, 0, false);

	return status ? status : host_pull(work, 0, dst, nbytes);
}

#endif /* SSD_HOST_MEMORY_H */
