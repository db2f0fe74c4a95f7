/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Selects the handler of a message. Each handler checks the whole of its payload before it uses any
 * of it.
 */
#include <errno.h>
#include <string.h>
#include <export/vfio_user/server.h>

#define VFU_FEATURE_HEAD 8u /* argsz and flags, or argsz and size */

static uint32_t
device_info(struct server *server)
{
	struct vfu_device_info info;

	if (server->in.nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, server->in.payload, sizeof(info));
	if (info.argsz < sizeof(info)) {
		return EINVAL;
	}
	info = (struct vfu_device_info){.argsz = sizeof(info),
					.flags = VFU_DEVICE_RESET | VFU_DEVICE_PCI,
					.num_regions = VFU_REGIONS,
					.num_irqs = VFU_IRQS};
	memcpy(server->out.payload, &info, sizeof(info));
	server->out.nbytes = sizeof(info);
	return 0;
}

static uint32_t
reset(struct server *server)
{
	if (server->in.nbytes > 0) {
		return EINVAL;
	}
	pci_virt_reset(&server->pv);
	config_init(server);
	return 0;
}

static uint32_t
handle(struct server *server)
{
	switch (server->in.header.command) {
	case VFU_VERSION:
		return version_agree(server);
	case VFU_DMA_MAP:
		return memory_map(server);
	case VFU_DMA_UNMAP:
		return memory_unmap(server);
	case VFU_GET_INFO:
		return device_info(server);
	case VFU_GET_REGION_INFO:
		return region_info(server);
	case VFU_GET_REGION_IO_FDS:
		return region_io_fds(server);
	case VFU_GET_IRQ_INFO:
		return irq_info(server);
	case VFU_SET_IRQS:
		return irq_set(server);
	case VFU_REGION_READ:
		return region_read(server);
	case VFU_REGION_WRITE:
		return region_write(server);
	case VFU_RESET:
		return reset(server);
	case VFU_REGION_WRITE_MULTI:
		return server->write_multi ? region_write_multi(server) : EINVAL;
	case VFU_FEATURE: /* migration, and logging of writes for it: unsupported */
	case VFU_MIG_READ:
	case VFU_MIG_WRITE:
		return server->in.nbytes < VFU_FEATURE_HEAD ? EINVAL : ENOTSUP;
	default: /* DMA_READ and DMA_WRITE are sent by the server only */
		return EINVAL;
	}
}

int
dispatch(struct server *server)
{
	uint32_t error;

	if ((server->in.header.flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND) {
		return -EPROTO; /* a reply without a request */
	}
	far_done(server); /* a reset or a new map invalidates fetched memory */
	server->out.nbytes = 0;
	server->out.fd = -1;
	server->out.fd_given = false;
	if (!server->agreed && server->in.header.command != VFU_VERSION) {
		error = EINVAL;
	} else {
		error = handle(server);
	}
	irq_deliver(server); /* before the reply: interrupts that the request caused */
	atomic_fetch_add_explicit(&server->messages, 1, memory_order_relaxed);
	if (error) {
		atomic_fetch_add_explicit(&server->refused, 1, memory_order_relaxed);
	}
	int err = message_reply(server, error);

	return err ? err : !server->agreed ? -EPROTO : 0; /* version negotiation must come first */
}
