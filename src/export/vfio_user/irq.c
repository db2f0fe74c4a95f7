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
count_of(const struct server *server, uint32_t index)
{
	switch (index) {
	case VFU_IRQ_INTX:
		return 1;
	case VFU_IRQ_MSIX:
		return server->nvectors;
	default:
		return 0; /* MSI, ERR, REQ: unsupported */
	}
}

uint32_t
irq_info(struct server *server)
{
	struct vfu_irq_info info;

	if (server->in.nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, server->in.payload, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= VFU_IRQS) {
		return EINVAL;
	}
	info.argsz = sizeof(info);
	info.count = count_of(server, info.index);
	info.flags = 0;
	if (info.index == VFU_IRQ_INTX) {
		info.flags = VFU_IRQ_EVENTFD | VFU_IRQ_MASKABLE | VFU_IRQ_AUTOMASKED;
	} else if (info.index == VFU_IRQ_MSIX) {
		info.flags = VFU_IRQ_EVENTFD; /* can be set one by one: not NORESIZE */
	}
	memcpy(server->out.payload, &info, sizeof(info));
	server->out.nbytes = sizeof(info);
	return 0;
}

static void
replace(int *slot, int fd)
{
	if (*slot >= 0) {
		(void)close(*slot);
	}
	*slot = fd;
}

/* The pin is used while it has a descriptor; messages otherwise */
static void
choose(struct server *server)
{
	pci_virt_msix(&server->pv, server->intx < 0);
}

void
irq_drop_all(struct server *server)
{
	for (uint32_t i = 0; i < server->nvectors; ++i) {
		replace(&server->msix[i], -1);
	}
	replace(&server->intx, -1);
	replace(&server->intx_on_mask, -1);
	replace(&server->intx_on_unmask, -1);
	server->intx_level = false;
	server->intx_masked = false;
	choose(server);
}

void
irq_messages_allow(struct server *server, bool allow)
{
	server->msix_allowed = allow;
}

void
irq_messages_forget(struct server *server)
{
	while (server->nfired > 0) {
		server->fires[server->fired[--server->nfired]] = false;
	}
}

void
irq_message(void *arg, uint16_t vector)
{
	struct server *server = arg;

	if (vector < server->nvectors && !server->fires[vector]) {
		server->fires[vector] = true;
		server->fired[server->nfired++] = vector;
	}
}

/* Automasked: after one signal the pin is masked until the client unmasks it */
static void
pin_signal(struct server *server)
{
	if (server->intx_level && server->intx_allowed && !server->intx_masked &&
	    server->intx >= 0) {
		server->intx_masked = true;
		server->intx_fires = true;
	}
}

void
irq_deliver(struct server *server)
{
	while (server->nfired > 0 && server->msix_allowed) {
		uint16_t vector = server->fired[--server->nfired];

		server->fires[vector] = false;
		if (server->msix[vector] >= 0) {
			os_event_signal(server->msix[vector]);
		}
	}
	if (server->intx_fires && server->intx >= 0) {
		os_event_signal(server->intx);
	}
	server->intx_fires = false;
}

void
irq_pin(void *arg, bool level)
{
	struct server *server = arg;

	server->intx_level = level;
	pin_signal(server);
}

/* The command register's Interrupt Disable: the level is kept, but not signalled */
void
irq_pin_allow(struct server *server, bool allow)
{
	server->intx_allowed = allow;
	pin_signal(server);
}

static int *
slot_of(struct server *server, uint32_t index, uint32_t i)
{
	return index == VFU_IRQ_INTX ? &server->intx : &server->msix[i];
}

/* Set descriptors of interrupts, or, without descriptors, disable them */
static uint32_t
set_fds(struct server *server, const struct vfu_irq_set *set)
{
	struct message *in = &server->in;

	if (in->nfds != 0 && in->nfds != set->count) {
		return EINVAL;
	}
	for (uint32_t i = 0; i < set->count; ++i) {
		int fd = in->nfds ? in->fds[i] : -1;

		replace(slot_of(server, set->index, set->start + i), fd);
		if (in->nfds) {
			in->fds[i] = -1; /* now owned here */
		}
	}
	if (set->index == VFU_IRQ_INTX) {
		server->intx_masked = false;
	}
	choose(server);
	return 0;
}

static uint32_t
trigger(struct server *server, const struct vfu_irq_set *set, const uint8_t *bools)
{
	for (uint32_t i = 0; i < set->count; ++i) {
		int fd = *slot_of(server, set->index, set->start + i);

		if (fd >= 0 && (!bools || bools[i])) {
			os_event_signal(fd);
		}
	}
	return 0;
}

/* Only for the pin; with a descriptor: the event that signals the client's masking or unmasking */
static uint32_t
mask(struct server *server, const struct vfu_irq_set *set, const uint8_t *bools, bool masked)
{
	int *told = masked ? &server->intx_on_mask : &server->intx_on_unmask;
	struct message *in = &server->in;

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
		server->intx_masked = masked;
		if (*told >= 0) {
			os_event_signal(*told);
		}
		pin_signal(server);
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

	for (uint32_t i = 0; i < in->nfds; ++i) {
		if (fstat(in->fds[i], &st) || (st.st_mode & S_IFMT)) {
			return false;
		}
	}
	return true;
}

uint32_t
irq_set(struct server *server)
{
	const uint8_t *bools = NULL;
	struct vfu_irq_set set;
	uint32_t data, action, most;

	if (server->in.nbytes < sizeof(set)) {
		return EINVAL;
	}
	memcpy(&set, server->in.payload, sizeof(set));
	data = set.flags & VFU_SET_DATA;
	action = set.flags & VFU_SET_ACTION;
	most = set.index < VFU_IRQS ? count_of(server, set.index) : 0;
	if ((set.flags & ~(VFU_SET_DATA | VFU_SET_ACTION)) || (data & (data - 1)) || !data ||
	    (action & (action - 1)) || !action || set.index >= VFU_IRQS || set.start > most ||
	    set.count > most - set.start || set.argsz < sizeof(set) ||
	    (data != VFU_SET_EVENTFD && server->in.nfds > 0) || !are_events(&server->in)) {
		return EINVAL;
	}
	if (data == VFU_SET_BOOL) {
		if (server->in.nbytes - sizeof(set) < set.count ||
		    set.argsz - sizeof(set) < set.count) {
			return EINVAL;
		}
		bools = server->in.payload + sizeof(set);
	}
	if (set.count == 0) {
		if (data != VFU_SET_NONE || action != VFU_SET_TRIGGER || set.start > 0) {
			return EINVAL;
		}
		for (uint32_t i = 0; i < most; ++i) {
			replace(slot_of(server, set.index, i), -1);
		}
		choose(server);
		return 0;
	}
	if (action != VFU_SET_TRIGGER) {
		return mask(server, &set, bools, action == VFU_SET_MASK);
	}
	return data == VFU_SET_EVENTFD ? set_fds(server, &set) : trigger(server, &set, bools);
}
