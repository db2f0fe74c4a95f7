/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The path "pcie" as a table of functions: its kinds of handle, its memory, how it attaches to a
 * controller. The folder is explained in pcie.h.
 */
#include <path/pcie/pcie.h>

#include <errno.h>
#include <host/dev.h>
#include <host/err.h>
#include <host/mem.h>
#include <host/paths.h>
#include <stdio.h>
#include <string.h>

#define TRANSFER_MAX (QPAIR_PRPS * DMA_PAGE) /* capacity of one page of PRP entries */

/* ---- the handle ---- */

/* Suffix of a name that means the controller itself, without a namespace */
#define BARE ",nsid=none"

static int
open_on(struct xnvme_dev *dev, const char *uri, const char *scheme,
	bus_opener *bus_open)
{
	char name[XNVME_IDENT_URI_LEN]; /* all handles of one controller share it */
	size_t nbytes = strlen(uri), end = strlen(BARE);
	bool bare = nbytes > end && !strcmp(uri + nbytes - end, BARE);
	struct ctrl *ctrl;
	int err;

	(void)snprintf(name, sizeof(name), "%.*s", (int)(bare ? nbytes - end : nbytes), uri);
	err = ctrl_get(name, bus_open, name + strlen(scheme), &dev->opts, &ctrl);
	if (err) {
		return err;
	}
	dev->handle = ctrl;
	(void)snprintf(dev->features, sizeof(dev->features), "%s%s%s",
		       ctrl->bus->access ? ctrl->bus->access : ctrl->bus->ops->name,
		       ctrl->sgl ? ",sgl" : "", ctrl->shadow ? ",shadow_doorbells" : "");
	dev->opts.nsid = bare ? 0 : dev->opts.nsid;
	dev->ident.nsid = dev->opts.nsid;
	dev->ident.dtype = bare ? DTYPE_CONTROLLER : DTYPE_NAMESPACE;
	dev->mdts_cap_nbytes = TRANSFER_MAX;
	return 0;
}

static void
close_any(struct xnvme_dev *dev)
{
	ctrl_put(dev->handle);
}

static int
open_pci_virt(struct xnvme_dev *dev, const char *uri)
{
	return open_on(dev, uri, "pci-virt:", bus_inproc_open);
}

const struct kind kind_pci_virt = {
	.kind = KIND_PCI_VIRT,
	.open = open_pci_virt,
	.close = close_any,
	.dev_name = "pcie",
};

static int
open_vfio_user(struct xnvme_dev *dev, const char *uri)
{
	return open_on(dev, uri, "vfio-user:", bus_vfio_user_open);
}

const struct kind kind_vfio_user = {
	.kind = KIND_VFIO_USER,
	.open = open_vfio_user,
	.close = close_any,
	.dev_name = "pcie",
};

/* Normalize the name: a handle of "03:00.0" shares the controller of "0000:03:00.0" */
static int
open_pci(struct xnvme_dev *dev, const char *uri)
{
	char full[XNVME_IDENT_URI_LEN];
	bool has_domain = strchr(strchr(uri, ':') + 1, ':') != NULL;

	(void)snprintf(full, sizeof(full), "%s%s", has_domain ? "" : "0000:", uri);
	return open_on(dev, full, "", bus_vfio_open);
}

const struct kind kind_pci = {
	.kind = KIND_PCI,
	.open = open_pci,
	.close = close_any,
	.dev_name = "pcie",
};

/* ---- memory ---- */

static struct dma *
dma_of(struct xnvme_dev *dev)
{
	struct ctrl *ctrl = dev->handle;

	return &ctrl->dma;
}

static void *
mem_alloc(struct xnvme_dev *dev, size_t nbytes)
{
	return dma_alloc(dma_of(dev), nbytes);
}

static void
mem_free(struct xnvme_dev *dev, void *buf)
{
	dma_free(dma_of(dev), buf);
}

static size_t
mem_nbytes(struct xnvme_dev *dev, void *buf)
{
	return dma_nbytes(dma_of(dev), buf);
}

static int
mem_map(struct xnvme_dev *dev, void *vaddr, size_t nbytes)
{
	return dma_map_user(dma_of(dev), vaddr, nbytes);
}

static int
mem_unmap(struct xnvme_dev *dev, void *vaddr)
{
	return dma_unmap_user(dma_of(dev), vaddr);
}

static int
mem_vtophys(struct xnvme_dev *dev, void *vaddr, uint64_t *phys)
{
	const struct dma_map *map = dma_find(dma_of(dev), vaddr, 1);

	if (!map) {
		return err_set(-EINVAL, "the controller cannot reach %p", vaddr);
	}
	*phys = (uintptr_t)vaddr + map->delta;
	return 0;
}

const struct mem_ops mem_pcie = {
	.name = "pcie",
	.alloc = mem_alloc,
	.free = mem_free,
	.nbytes = mem_nbytes,
	.map = mem_map,
	.unmap = mem_unmap,
	.vtophys = mem_vtophys,
};

const struct path path_pcie = {
	.name = "pcie",
	.descr = "NVMe driver in user space: PCIe by VFIO, vfio-user, or a virtual SSD's registers",
	.call = pcie_call,
	.queue_init = pcie_queue_init,
	.queue_fini = pcie_queue_fini,
	.submit = pcie_submit,
	.submitv = pcie_submitv,
	.reap = pcie_reap,
	.event_fd = pcie_event_fd,
};
