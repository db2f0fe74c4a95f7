/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Serves a virtual SSD on a vfio-user socket.
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
