/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts: an eventfd per MSI-X vector, or one for the pin. Interrupts that occur while the SSD
 * is locked are signalled after unlocking: a descriptor of the client must not be used under a lock
 * that other hosts wait for.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <export/vfio_user/server.h>
#include <os/os.h>

static uint32_t
count_of(const struct irqs *irqs, uint32_t index)
{
	ASSERT(index < VFU_IRQS);
	switch (index) {
	case VFU_IRQ_INTX:
		return 1;
	case VFU_IRQ_MSIX:
		return irqs->nvectors;
	default:
		return 0; /* MSI, ERR, REQ: unsupported */
	}
}

uint32_t
irq_info(const struct irqs *irqs, const struct message *in, struct reply *out)
{
	struct vfu_irq_info info;

	irqs_check(irqs);
	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, in->payload, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= VFU_IRQS) {
		return EINVAL;
	}
	info.argsz = sizeof(info);
	info.count = count_of(irqs, info.index);
	info.flags = 0;
	if (info.index == VFU_IRQ_INTX) {
		info.flags = VFU_IRQ_EVENTFD | VFU_IRQ_MASKABLE | VFU_IRQ_AUTOMASKED;
	} else if (info.index == VFU_IRQ_MSIX) {
		info.flags = VFU_IRQ_EVENTFD; /* can be set one by one: not NORESIZE */
	}
	memcpy(out->payload, &info, sizeof(info));
	out->nbytes = sizeof(info);
	return 0;
}

static void
replace(int *slot, int fd)
{
	ASSERT(fd < 0 || fd != *slot); /* each is closed once */
	if (*slot >= 0) {
		(void)close(*slot);
	}
	*slot = fd;
}

/* The pin is used while it has a descriptor; messages otherwise */
static void
choose(struct device *device)
{
	device_check(device);
	pci_virt_msix(&device->pv, device->irqs.intx < 0);
}

void
irq_init(struct irqs *irqs)
{
	for (uint32_t i = 0; i < VECTORS_MAX; ++i) {
		irqs->msix[i] = -1;
	}
	irqs->intx = irqs->intx_on_mask = irqs->intx_on_unmask = -1;
}

void
irq_drop_all(struct device *device)
{
	struct irqs *irqs = &device->irqs;

	irqs_check(irqs);
	for (uint32_t i = 0; i < irqs->nvectors; ++i) {
		replace(&irqs->msix[i], -1);
	}
	replace(&irqs->intx, -1);
	replace(&irqs->intx_on_mask, -1);
	replace(&irqs->intx_on_unmask, -1);
	irqs->intx_level = false;
	irqs->intx_masked = false;
	choose(device);
}

void
irq_messages_allow(struct irqs *irqs, bool allow)
{
	irqs->msix_allowed = allow;
}

void
irq_messages_forget(struct irqs *irqs)
{
	irqs_check(irqs);
	while (irqs->nfired > 0) {
		irqs->fires[irqs->fired[--irqs->nfired]] = false;
	}
}

void
irq_message(struct irqs *irqs, uint16_t vector)
{
	irqs_check(irqs);
	if (vector < irqs->nvectors && !irqs->fires[vector]) {
		irqs->fires[vector] = true;
		ASSERT(irqs->nfired < irqs->nvectors);
		irqs->fired[irqs->nfired++] = vector;
	}
}

/* Automasked: after one signal the pin is masked until the client unmasks it */
static void
pin_signal(struct irqs *irqs)
{
	if (irqs->intx_level && irqs->intx_allowed && !irqs->intx_masked && irqs->intx >= 0) {
		irqs->intx_masked = true;
		irqs->intx_fires = true;
	}
}

void
irq_deliver(struct irqs *irqs)
{
	irqs_check(irqs);
	while (irqs->nfired > 0 && irqs->msix_allowed) {
		uint16_t vector = irqs->fired[--irqs->nfired];

		ASSERT(vector < irqs->nvectors && irqs->fires[vector]);
		irqs->fires[vector] = false;
		if (irqs->msix[vector] >= 0) {
			os_event_signal(irqs->msix[vector]);
		}
	}
	if (irqs->intx_fires && irqs->intx >= 0) {
		os_event_signal(irqs->intx);
	}
	irqs->intx_fires = false;
}

void
irq_pin(struct irqs *irqs, bool level)
{
	irqs->intx_level = level;
	pin_signal(irqs);
}

/* The command register's Interrupt Disable: the level is kept, but not signalled */
void
irq_pin_allow(struct irqs *irqs, bool allow)
{
	irqs->intx_allowed = allow;
	pin_signal(irqs);
}

static int *
slot_of(struct irqs *irqs, uint32_t index, uint32_t i)
{
	ASSERT(index == VFU_IRQ_INTX || index == VFU_IRQ_MSIX);
	ASSERT(i < count_of(irqs, index));
	return index == VFU_IRQ_INTX ? &irqs->intx : &irqs->msix[i];
}

/* Set descriptors of interrupts, or, without descriptors, disable them */
static uint32_t
set_fds(struct irqs *irqs, const struct vfu_irq_set *set, struct message *in)
{
	ASSERT(set->count > 0);
	if (in->nfds != 0 && in->nfds != set->count) {
		return EINVAL;
	}
	for (uint32_t i = 0; i < set->count; ++i) {
		int fd = in->nfds ? in->fds[i] : -1;

		replace(slot_of(irqs, set->index, set->start + i), fd);
		if (in->nfds) {
			in->fds[i] = -1; /* now owned here */
		}
	}
	if (set->index == VFU_IRQ_INTX) {
		irqs->intx_masked = false;
	}
	return 0;
}

static uint32_t
trigger(struct irqs *irqs, const struct vfu_irq_set *set, const uint8_t *bools)
{
	ASSERT(set->count > 0);
	for (uint32_t i = 0; i < set->count; ++i) {
		int fd = *slot_of(irqs, set->index, set->start + i);

		if (fd >= 0 && (!bools || bools[i])) {
			os_event_signal(fd);
		}
	}
	return 0;
}

/* Only for the pin; with a descriptor: the event that signals the client's masking or unmasking */
static uint32_t
mask(struct irqs *irqs, const struct vfu_irq_set *set, const uint8_t *bools, bool masked,
     struct message *in)
{
	int *told = masked ? &irqs->intx_on_mask : &irqs->intx_on_unmask;

	ASSERT(set->count > 0);
	if (set->index != VFU_IRQ_INTX) {
		return ENOTSUP; /* GET_IRQ_INFO reports it as not maskable */
	}
	if (set->flags & VFU_SET_EVENTFD) {
		if (in->nfds > 1) {
			return EINVAL;
		}
		replace(told, in->nfds ? in->fds[0] : -1);
		in->fds[0] = -1; /* now owned here */
	} else if (!bools || bools[0]) {
		irqs->intx_masked = masked;
		if (*told >= 0) {
			os_event_signal(*told);
		}
		pin_signal(irqs);
	}
	return 0;
}

/* Are all of them eventfds or similar, which have no file type? With a pipe or a socket whose other
 * end the client closed, an interrupt would raise SIGPIPE and end this process; a full one would
 * block. */
static bool
are_events(const struct message *in)
{
	struct stat st;

	message_check(in);
	for (uint32_t i = 0; i < in->nfds; ++i) {
		if (fstat(in->fds[i], &st) || (st.st_mode & S_IFMT)) {
			return false;
		}
	}
	return true;
}

uint32_t
irq_set(struct device *device, struct message *in)
{
	struct irqs *irqs = &device->irqs;
	const uint8_t *bools = NULL;
	struct vfu_irq_set set;
	uint32_t data, action, most, error;

	irqs_check(irqs);
	message_whole_check(in);
	if (in->nbytes < sizeof(set)) {
		return EINVAL;
	}
	memcpy(&set, in->payload, sizeof(set));
	data = set.flags & VFU_SET_DATA;
	action = set.flags & VFU_SET_ACTION;
	most = set.index < VFU_IRQS ? count_of(irqs, set.index) : 0;
	if ((set.flags & ~(VFU_SET_DATA | VFU_SET_ACTION)) || (data & (data - 1)) || !data ||
	    (action & (action - 1)) || !action || set.index >= VFU_IRQS || set.start > most ||
	    set.count > most - set.start || set.argsz < sizeof(set) ||
	    (data != VFU_SET_EVENTFD && in->nfds > 0) || !are_events(in)) {
		return EINVAL;
	}
	if (data == VFU_SET_BOOL) {
		if (in->nbytes - sizeof(set) < set.count ||
		    set.argsz - sizeof(set) < set.count) {
			return EINVAL;
		}
		bools = in->payload + sizeof(set);
	}
	if (set.count == 0) {
		if (data != VFU_SET_NONE || action != VFU_SET_TRIGGER || set.start > 0) {
			return EINVAL;
		}
		for (uint32_t i = 0; i < most; ++i) {
			replace(slot_of(irqs, set.index, i), -1);
		}
		choose(device);
		return 0;
	}
	if (action != VFU_SET_TRIGGER) {
		return mask(irqs, &set, bools, action == VFU_SET_MASK, in);
	}
	if (data != VFU_SET_EVENTFD) {
		return trigger(irqs, &set, bools);
	}
	error = set_fds(irqs, &set, in);
	if (!error) {
		choose(device);
	}
	return error;
}
