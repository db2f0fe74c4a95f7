/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The insides of the vfio-user server; for the files of this folder. See server.c for the theory.
 */
#ifndef EXPORT_VFIO_USER_SERVER_H
#define EXPORT_VFIO_USER_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <export/pci_virt/pci_virt.h>
#include <nvme/vfio_user.h>

#define CONFIG_NBYTES 4096u
#define VECTORS_MAX 2048u
#define MESSAGE_MAX (VFU_XFER_DEFAULT + 4096u) /* the data and what stands before it */
#define REPLY_MAX MESSAGE_MAX
#define LOOK_MS 50 /* how often a wait for the client looks whether the server is to end */
#define FAR_PAGE 4096u
#define FAR_BUCKETS 256u
#define FAR_POSTED_MAX (1u << 20)    /* bytes that wait for the client before it is waited for */
#define FAR_FETCHED_MAX (512u << 20) /* bytes that are kept for commands not yet begun */
#define FAR_ROUNDS 256u		     /* exchanges before messages are looked at */
#define LOBBY_MAX 8u
#define LOBBY_LOOK_NS (10u * NS_PER_MS) /* how often half a first message is looked at */
#define DEFERRED_MAX 1024u		       /* commands that wait while the client is asked */
#define DEFERRED_NBYTES_MAX (8u << 20)	       /* and the bytes of them */

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
	int fd;	       /* lent; -1: none */
	bool fd_given; /* not lent: closed when it was sent */
};

/* A command that came while the client was being asked for memory */
struct deferred {
	struct deferred *next;
	struct message message;
	uint8_t payload[];
};

/* Memory of the client that it is asked for: a part of a page of FAR_PAGE bytes */
enum far_state { FAR_WANTED, FAR_THERE, FAR_REFUSED };
struct far_piece {
	struct far_piece *next, *next_wanted;
	uint64_t addr;
	uint32_t nbytes;
	enum far_state state;
	bool joined; /* goes on where the one that was wanted before ends */
	uint8_t bytes[];
};

/* What is to be written there */
struct far_post {
	struct far_post *next;
	uint64_t addr, nbytes;
	uint8_t bytes[];
};

/* Somebody who connected and is not the client; see lobby.c */
struct guest {
	int fd;	    /* -1: a free place */
	bool began; /* a part of its first message is there */
	ns_t until; /* it has to be there as a whole */
};

struct server {
	struct pci_virt pv; /* one SSD */
	char path[108];     /* of the socket: sizeof(sockaddr_un.sun_path) */
	dev_t path_device;  /* which file that is: what another put there instead is not ours */
	ino_t path_inode;
	int listener;
	int client; /* -1: there is none */
	struct guest lobby[LOBBY_MAX];
	int twin;   /* what we ask the client goes here; -1: to `client`, between its commands */
	int wake;   /* an eventfd that ends a wait */
	bool poll;  /* spin; else sleep when there is nothing to do */
	_Atomic bool stop;
	pthread_t thread;
	bool has_thread;

	/* of the client */
	bool agreed; /* the version */
	bool broken; /* it does not answer, or not what it was asked: it has to go */
	bool write_multi;
	uint32_t xfer_max;	  /* bytes that one of its messages may move */
	uint32_t client_xfer_max; /* the same of ours */
	uint32_t client_fds_max;  /* descriptors that it takes with a message */
	uint32_t maps_max;
	uint64_t page_nbytes;  /* maps are multiples of this */
	struct message coming; /* from `client`, perhaps only a part of it so far */
	ns_t coming_until;     /* all of it has to be there; NS_NEVER: nothing of it is */
	struct message in;     /* the one that is being handled */
	struct message answer; /* from `twin` */
	struct reply out;
	struct deferred *deferred, **deferred_end;
	uint32_t ndeferred, deferred_nbytes;
	struct far_piece *far_fetched[FAR_BUCKETS];
	struct far_piece *far_wanted, **far_wanted_end;
	struct far_post *far_posted, **far_posted_end;
	uint64_t far_nbytes, far_posted_nbytes; /* in all pieces; in all posts */
	uint16_t asked;		      /* identifier of what we asked last */
	_Atomic uint32_t patience_ms; /* with its answers */
	int msix[VECTORS_MAX];
	uint32_t nvectors;
	uint16_t fired[VECTORS_MAX]; /* to be signalled by irq_deliver(), each once */
	uint32_t nfired;
	bool fires[VECTORS_MAX];
	bool msix_allowed; /* by the capability; what fires before that waits */
	bool intx_fires;
	int intx, intx_on_mask, intx_on_unmask;
	_Atomic bool intx_level; /* falls also when another host resets the SSD */
	bool intx_masked;	 /* by the client, or until it has seen the last one */
	bool intx_allowed;	 /* by the command register */
	uint8_t config[CONFIG_NBYTES];
	uint8_t config_mask[CONFIG_NBYTES]; /* the bits that a host may write */
	uint8_t *table;                     /* the MSI-X table: bytes that only the host looks at */

	_Atomic uint64_t messages, refused, clients;
};

/* For so long, from now on, a client may keep the server waiting */
static inline ns_t
patience_until(const struct server *server)
{
	return virt_monotonic_ns() + atomic_load(&server->patience_ms) * NS_PER_MS;
}

/* message.c, each: 1 there is a whole message, 0 not yet, -errno the client is gone or broken */
int message_receive(int fd, struct message *message);
int message_next(struct server *server); /* into server->in */
int message_sort(struct server *server); /* a reply, in server->coming; commands are deferred */
void message_done(struct message *message);
void message_forget_all(struct server *server);
/* 0, or -errno */
int message_send(struct server *server, int to, struct iovec *iov, int count, int fd);
int message_reply(struct server *server, uint32_t error);

/* server.c: everything but the SSD; 0 or -ENOMEM */
int server_init(struct server *server);

/* listener.c: 0, or -errno with *why */
int listener_open(struct server *server, const char *path, struct text *why);
void listener_close(struct server *server);

/* lobby.c: take connections, make one the client if there is none, turn others away. Does not
 * wait. */
struct pollfd;
void lobby_look(struct server *server);
/* What to wait for beside that, at most LOBBY_MAX + 1, and for how long at most; how many */
uint32_t lobby_poll(struct server *server, struct pollfd *fds, ns_t *wait_ns);
void lobby_close(struct server *server);

/* far.c, the first three with the SSD locked: see struct pci_ops */
bool far_copy(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host);
bool far_ready(void *arg, uint64_t addr, uint64_t nbytes);
void far_done(void *arg);
/* What was written goes to the client, what is needed comes; false: there is nothing of either */
bool far_exchange(struct server *server);
void far_forget(struct server *server);

/* version.c: 0 or an errno for the reply */
uint32_t version_agree(struct server *server);
void version_defaults(struct server *server);

/* server.c: closes the client's sockets and forgets all that it said; media and drive stay */
void client_drop(struct server *server);

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
void irq_deliver(struct server *server); /* SSD not locked */
void irq_pin_allow(struct server *server, bool allow);
void irq_messages_allow(struct server *server, bool allow);
void irq_messages_forget(struct server *server); /* those that wait */

/* region.c */
void config_init(struct server *server);
uint32_t region_info(struct server *server);
uint32_t region_io_fds(struct server *server);
uint32_t region_read(struct server *server);
uint32_t region_write(struct server *server);
uint32_t region_write_multi(struct server *server);

#endif /* EXPORT_VFIO_USER_SERVER_H */
