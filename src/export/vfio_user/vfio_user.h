/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A server of the vfio-user protocol: it offers the PCI function of a virtual SSD to a driver in
 * another process, such as QEMU's vfio-user-pci device and thereby a guest's kernel, or SPDK, or
 * the driver of this library. This header is its interface; server.h has the structures, check.h
 * their invariants.
 *
 * Terms
 *   server   one SSD on one socket, with a thread.
 *   client   the connection that is served; one at a time. Others wait in the lobby until their
 *            first message, and then get an error: the server is busy (lobby.c).
 *   message  header, payload, descriptors (message.c); answered in order. A handler gets the
 *            message, the reply, and the part of the server that it works on.
 *   terms    what was negotiated with the client (version.c).
 *   device   the function as a driver sees it: regions (region.c) and interrupts (irq.c).
 *   region   a part of the function that is read and written.
 *   map      memory of the client: a file that it sent (memory.c), or memory that is read and
 *            written by messages (far.c).
 *
 * Life cycle of a client
 *   lobby -> VERSION -> DMA_MAP, GET_*, SET_IRQS -> REGION_WRITE enables the controller ->
 *   doorbells, by shared memory or by message -> it disconnects or dies -> client_drop(): the
 *   controller is reset, maps and descriptors are dropped, the SSD and its media stay for the next
 *   client.
 *
 * States
 *   listening --(lobby_look: a first message)--> connected --(dispatch: version)--> agreed
 *   connected, agreed --(client_drop)--> listening
 *
 * Ownership and lifetimes
 *   The instance lives as long as the server. Descriptors that came with a message belong to the
 *   message until a handler takes them; message_done() closes the others.
 *
 * Threads
 *   One per server; it does everything. vfio_user_stop() stops it by an eventfd.
 *
 * Errors
 *   An invalid request is answered with an errno. A client that breaks the framing, or does not
 *   receive its replies, is dropped. No action of a client ends the server.
 *
 * What it does not do
 *   No migration. No doorbells as ioeventfds: these lose the value that was written.
 */
#ifndef EXPORT_VFIO_USER_VFIO_USER_H
#define EXPORT_VFIO_USER_VFIO_USER_H

#include <base/text.h>
#include <stdbool.h>
#include <stdint.h>

struct server;

/* `name`: the part of a URI after "virt:". `poll`: doorbells are shared memory that a thread polls;
 * otherwise they are messages, and an idle SSD uses no processor time. A thread serves the SSD from
 * now on, one client after the other. 0, or -errno with *why. */
int vfio_user_serve(const char *name, const char *path, bool poll, struct server **server,
		    struct text *why);
void vfio_user_stop(struct server *server);

#endif /* EXPORT_VFIO_USER_VFIO_USER_H */
