/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Erases a namespace for Format NVM, Sanitize and the deletion of namespaces. This is permanent: a
 * power cut restores nothing.
 */
#include <ssd/kind.h>
#include <ssd/media/blocks.h>
#include <ssd/media/cache.h>
#include <ssd/media/media.h>
#include <ssd/ns.h>

void
ns_erase(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];

	ns_check(ssd, ns);
	ASSERT(ns->saved->exists);
	cache_flush(ssd, index + 1); /* nothing in it can be undone */
	/* first the tables that locate the data: the process may end in between */
	if (ns->ops->erase) {
		ns->ops->erase(ssd, index);
	}
	blocks_forget(ssd, ns, 0, ns->nlba);
	if (ns->saved->bad_lba) {
		bits_clear(ssd->bad, ns->sector, ns->nlba);
		ns->saved->bad_lba = 0;
	}
	ns_refresh(ssd, index);
}
