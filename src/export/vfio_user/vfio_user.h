/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Offer a virtual SSD on a vfio-user socket.
 */
#ifndef EXPORT_VFIO_USER_VFIO_USER_H
#define EXPORT_VFIO_USER_VFIO_USER_H

#include <base/text.h>
#include <stdbool.h>
#include <stdint.h>

struct server;

/* `name`: what follows "virt:" in a URI. `poll`: doorbells are shared memory and a thread watches
 * them; else they are messages, and an idle SSD costs nothing. A thread serves it from now on, one
 * client after the other. 0, or -errno with *why. */
int vfio_user_serve(const char *name, const char *path, bool poll, struct server **server,
		    struct text *why);
void vfio_user_stop(struct server *server);

#endif /* EXPORT_VFIO_USER_VFIO_USER_H */
