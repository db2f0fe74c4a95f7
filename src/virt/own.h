/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private structures of an instance; for this folder only.
 */
#ifndef VIRT_OWN_H
#define VIRT_OWN_H

#include <pthread.h>
#include <virt/media.h>
#include <virt/virt.h>

struct virt {
	pthread_mutex_t lock;
	struct ssd *ssd;
	ns_t now;       /* the last instant that was passed to the engine */
	ns_t next_tick; /* the instant of the next ssd_tick(); 0: call it to find out */
	ns_t epoch;
	uint16_t next_cid;
	struct virt_client *clients;
	uint32_t nsleeping; /* the number of clients with `sleeps` set */
	struct virt_disruption disruption;
	uint32_t cuts; /* planned power cuts that the clients have been notified of */

	void *memory;
	size_t memory_nbytes;
	struct media media;
	bool inherited; /* made by the parent, before fork(); only the parent uses it */
	struct virt_spec spec;
	uint32_t refs;     /* protected by the registry's lock, as is `next` */
	struct virt *next; /* in the registry */
};

/* Lock held: delivers due completions of held commands to the queues of this process; any? */
bool virt_deliver(struct virt *virt);

#endif /* VIRT_OWN_H */
