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
device_info(const struct message *in, struct reply *out)
{
	struct vfu_device_info info;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, in->payload, sizeof(info));
	if (info.argsz < sizeof(info)) {
		return EINVAL;
	}
	info = (struct vfu_device_info){.argsz = sizeof(info),
					.flags = VFU_DEVICE_RESET | VFU_DEVICE_PCI,
					.num_regions = VFU_REGIONS,
					.num_irqs = VFU_IRQS};
	memcpy(out->payload, &info, sizeof(info));
	out->nbytes = sizeof(info);
	return 0;
}

static uint32_t
reset(struct device *device, const struct message *in)
{
	message_whole_check(in);
	if (in->nbytes > 0) {
		return EINVAL;
	}
	pci_virt_reset(&device->pv);
	config_init(device);
	return 0;
}

static uint32_t
handle(struct server *server)
{
	struct device *device = &server->device;
	const struct terms *terms = &server->terms;
	struct message *in = &server->in;
	struct reply *out = &server->out;

	ASSERT(terms->agreed || in->header.command == VFU_VERSION);
	switch (in->header.command) {
	case VFU_VERSION:
		return version_agree(&server->terms, in, out, &server->twin);
	case VFU_DMA_MAP:
		return memory_map(&device->pv, terms, in);
	case VFU_DMA_UNMAP:
		return memory_unmap(&device->pv, in, out);
	case VFU_GET_INFO:
		return device_info(in, out);
	case VFU_GET_REGION_INFO:
		return region_info(device, server->poll && terms->client_fds_max > 0, in, out);
	case VFU_GET_REGION_IO_FDS:
		return region_io_fds(in, out);
	case VFU_GET_IRQ_INFO:
		return irq_info(&device->irqs, in, out);
	case VFU_SET_IRQS:
		return irq_set(device, in);
	case VFU_REGION_READ:
		return region_read(device, terms, in, out);
	case VFU_REGION_WRITE:
		return region_write(device, terms, in, out);
	case VFU_RESET:
		return reset(device, in);
	case VFU_REGION_WRITE_MULTI:
		return terms->write_multi ? region_write_multi(device, terms, in, out) : EINVAL;
	case VFU_FEATURE: /* migration, and logging of writes for it: unsupported */
	case VFU_MIG_READ:
	case VFU_MIG_WRITE:
		return in->nbytes < VFU_FEATURE_HEAD ? EINVAL : ENOTSUP;
	default: /* DMA_READ and DMA_WRITE are sent by the server only */
		return EINVAL;
	}
}

int
dispatch(struct server *server)
{
	uint32_t error;

	server_check(server);
	device_check(&server->device);
	message_whole_check(&server->in);
	if ((server->in.header.flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND) {
		return -EPROTO; /* a reply without a request */
	}
	far_done(&server->far); /* a reset or a new map invalidates fetched memory */
	server->out.nbytes = 0;
	server->out.fd = -1;
	server->out.fd_given = false;
	if (!server->terms.agreed && server->in.header.command != VFU_VERSION) {
		error = EINVAL;
	} else {
		error = handle(server);
	}
	/* before the reply: interrupts that the request caused */
	irq_deliver(&server->device.irqs);
	atomic_fetch_add_explicit(&server->messages, 1, memory_order_relaxed);
	if (error) {
		atomic_fetch_add_explicit(&server->refused, 1, memory_order_relaxed);
	}
	int err = message_reply(server, error);

	if (!err && !server->terms.agreed) {
		err = -EPROTO; /* version negotiation must come first */
	}
	return err;
}
