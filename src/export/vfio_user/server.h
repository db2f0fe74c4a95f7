/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The insides of the vfio-user server; for the files of this folder. See server.c for the theory.
 */
#ifndef EXPORT_VFIO_USER_SERVER_H
#define EXPORT_VFIO_USER_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <export/pci_virt/pci_virt.h>
#include <nvme/vfio_user.h>

#define CONFIG_NBYTES 4096u
#define VECTORS_MAX 2048u
#define MESSAGE_MAX (VFU_XFER_DEFAULT + 4096u) /* the data and what stands before it */
#define REPLY_MAX MESSAGE_MAX

/* A message while it comes in */
struct message {
	struct vfu_header header;
	uint32_t got;     /* bytes of header and payload so far */
	uint8_t *payload; /* MESSAGE_MAX bytes */
	uint32_t nbytes;  /* of the payload */
	int fds[VFU_FDS_MAX];
	uint32_t nfds;
};

/* What a handler answers: errno, or 0 with the payload and perhaps a descriptor */
struct reply {
	uint8_t *payload; /* REPLY_MAX bytes */
	uint32_t nbytes;
	int fd; /* lent; -1: none */
};

struct server {
	struct pci_virt pv; /* one SSD */
	char path[108];     /* of the socket: sizeof(sockaddr_un.sun_path) */
	int listener;
	int client; /* -1: nobody is connected */
	int wake;   /* an eventfd that ends a wait */
	bool poll;  /* spin; else sleep when there is nothing to do */
	_Atomic bool stop;
	pthread_t thread;
	bool has_thread;

	/* of the client */
	bool agreed; /* the version */
	bool write_multi;
	uint32_t xfer_max;
	struct message in;
	struct reply out;
	int msix[VECTORS_MAX];
	uint32_t nvectors;
	int intx;
	bool intx_level, intx_masked, intx_sent;
	uint8_t config[CONFIG_NBYTES];
	uint8_t config_mask[CONFIG_NBYTES]; /* the bits that a host may write */
	uint8_t *table;                     /* the MSI-X table: bytes that only the host looks at */

	_Atomic uint64_t messages, refused, clients;
};

/* message.c: 1 a whole message is in server->in, 0 not yet, -errno the client is gone or broken */
int message_receive(struct server *server);
void message_done(struct server *server);
int message_reply(struct server *server, uint32_t error);

/* dispatch.c: 0, or -errno when the client must go */
int dispatch(struct server *server);

/* memory.c, each: 0 or a positive errno for the reply */
uint32_t memory_map(struct server *server);
uint32_t memory_unmap(struct server *server);
void memory_unmap_all(struct server *server);
bool memory_broken(struct server *server);

/* irq.c */
uint32_t irq_info(struct server *server);
uint32_t irq_set(struct server *server);
void irq_drop_all(struct server *server);
void irq_message(void *arg, uint16_t vector);
void irq_pin(void *arg, bool level);

/* region.c */
void config_init(struct server *server);
uint32_t region_info(struct server *server);
uint32_t region_io_fds(struct server *server);
uint32_t region_read(struct server *server);
uint32_t region_write(struct server *server);
uint32_t region_write_multi(struct server *server);

#endif /* EXPORT_VFIO_USER_SERVER_H */
