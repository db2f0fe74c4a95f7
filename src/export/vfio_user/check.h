/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Invariants of the server's structures, checked in builds with assertions where an operation
 * starts that relies on them. None depends on what a client sends: that is checked by the handlers
 * and answered with an errno.
 */
#ifndef EXPORT_VFIO_USER_CHECK_H
#define EXPORT_VFIO_USER_CHECK_H

#include <export/vfio_user/server.h>

/* A message, perhaps incomplete */
static inline void
message_check(const struct message *message)
{
	ASSERT(message->payload && message->nbytes <= MESSAGE_MAX);
	ASSERT(message->got <= sizeof(message->header) + message->nbytes);
	ASSERT(message->nfds <= VFU_FDS_MAX);
}

/* A message that was received completely: a handler may read all of its payload */
static inline void
message_whole_check(const struct message *message)
{
	message_check(message);
	ASSERT(message->got == sizeof(message->header) + message->nbytes);
}

static inline void
reply_check(const struct reply *reply)
{
	ASSERT(reply->payload && reply->nbytes <= REPLY_MAX);
	ASSERT(!reply->fd_given || reply->fd >= 0);
}

/* Each value is the server's, or one of the client that was limited to the server's */
static inline void
terms_check(const struct terms *terms)
{
	ASSERT(terms->xfer_max > 0 && terms->xfer_max <= VFU_XFER_DEFAULT);
	ASSERT(terms->client_xfer_max > 0 && terms->client_xfer_max <= VFU_XFER_DEFAULT);
	ASSERT(terms->client_fds_max <= VFU_FDS_MAX);
	ASSERT(terms->share > 0 && terms->share <= HOST_MAPS_MAX);
	ASSERT(terms->maps_max > 0 && terms->maps_max <= HOST_MAPS_MAX);
	ASSERT(terms->page_nbytes >= FAR_PAGE &&
	       (terms->page_nbytes & (terms->page_nbytes - 1)) == 0);
}

/* Each vector that fires is in the list once */
static inline void
irqs_check(const struct irqs *irqs)
{
	ASSERT(irqs->nvectors > 0 && irqs->nvectors <= VECTORS_MAX);
	ASSERT(irqs->nfired <= irqs->nvectors);
	ASSERT(irqs->nfired == 0 || irqs->fires[irqs->fired[irqs->nfired - 1]]);
}

static inline void
device_check(const struct device *device)
{
	pci_virt_check(&device->pv);
	irqs_check(&device->irqs);
	ASSERT(device->irqs.nvectors == device->pv.config.vectors);
	ASSERT(device->table);
}

/* Both lists end where their ends point */
static inline void
far_check(const struct far_memory *far)
{
	ASSERT(!*far->wanted_end && !*far->posted_end);
	ASSERT(!far->wanted == (far->wanted_end == &far->wanted));
	ASSERT(!far->posted == (far->posted_end == &far->posted));
	ASSERT(!far->posted == (far->posted_nbytes == 0));
	ASSERT(!far->wanted || far->nbytes > 0);
}

/* Commands that wait for the end of the one that is processed */
static inline void
deferred_check(const struct server *server)
{
	ASSERT(server->ndeferred <= DEFERRED_MAX);
	ASSERT(server->deferred_nbytes <= DEFERRED_NBYTES_MAX);
	ASSERT(!server->deferred == (server->ndeferred == 0));
	ASSERT(!*server->deferred_end);
}

/* Whatever belongs to a client exists only while there is one */
static inline void
server_check(const struct server *server)
{
	ASSERT(server->client >= 0 || server->twin < 0);
	ASSERT(server->client >= 0 || !server->broken);
	ASSERT(server->client >= 0 || server->device.pv.nmaps == 0);
	terms_check(&server->terms);
	far_check(&server->far);
	deferred_check(server);
}

#endif /* EXPORT_VFIO_USER_CHECK_H */
