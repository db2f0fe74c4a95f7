/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The insides of an instance; for the files of this folder only.
 */
#ifndef VIRT_OWN_H
#define VIRT_OWN_H

#include <pthread.h>
#include <virt/media.h>
#include <virt/virt.h>

struct virt {
	pthread_mutex_t lock;
	struct ssd *ssd;
	ns_t now;       /* the last instant that the engine was told */
	ns_t next_tick; /* when ssd_tick() wants to be called; 0: ask it */
	ns_t epoch;
	uint16_t next_cid;
	struct virt_client *clients;
	uint32_t nsleeping; /* of them */
	struct virt_disruption disruption;
	uint32_t cuts; /* planned power cuts that the clients have been told of */

	void *memory;
	size_t memory_nbytes;
	struct media media;
	bool inherited; /* made by the process that forked this one, which goes on using it */
	struct virt_spec spec;
	uint32_t refs;     /* under the registry's lock, as `next` */
	struct virt *next; /* in the registry */
};

/* Lock held: answers to held commands that are due go to the queues of this process; any? */
bool virt_deliver(struct virt *virt);

#endif /* VIRT_OWN_H */
