/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Internals of the vfio-user server, for the files of this folder. See vfio_user.h for the
 * introduction.
 */
#ifndef EXPORT_VFIO_USER_SERVER_H
#define EXPORT_VFIO_USER_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <base/assert.h>
#include <export/pci_virt/pci_virt.h>
#include <nvme/vfio_user.h>

#define CONFIG_NBYTES 4096u
#define VECTORS_MAX 2048u
#define MESSAGE_MAX (VFU_XFER_DEFAULT + 4096u) /* the data and the structure before it */
#define REPLY_MAX MESSAGE_MAX
#define LOOK_MS 50 /* how often a wait for the client checks for the server's stop */
#define FAR_PAGE 4096u
#define FAR_BUCKETS 256u
#define FAR_POSTED_MAX (1u << 20)    /* bytes queued for the client before the function waits */
#define FAR_FETCHED_MAX (512u << 20) /* limit of bytes kept for commands that have not started */
#define FAR_ROUNDS 256u		     /* exchanges between two checks for messages */
#define LOBBY_MAX 8u
#define LOBBY_LOOK_NS (10u * NS_PER_MS) /* how often an incomplete first message is checked */
#define DEFERRED_MAX 1024u		       /* commands queued while waiting for an answer */
#define DEFERRED_NBYTES_MAX (8u << 20)	       /* and their bytes */

/* A message that is being received */
struct message {
	struct vfu_header header;
	uint32_t got;     /* bytes of header and payload so far */
	uint8_t *payload; /* MESSAGE_MAX bytes */
	uint32_t nbytes;  /* of the payload */
	int fds[VFU_FDS_MAX];
	uint32_t nfds;
};

/* The reply of a handler: errno, or 0 with the payload and optionally a descriptor */
struct reply {
	uint8_t *payload; /* REPLY_MAX bytes */
	uint32_t nbytes;
	int fd;	       /* borrowed; -1: none */
	bool fd_given; /* owned by the reply: closed after it is sent */
};

/* A command that arrived while the server waited for an answer of the client */
struct deferred {
	struct deferred *next;
	struct message message;
	uint8_t payload[];
};

/* What was negotiated with the client, and the limits that follow from it; see version.c */
struct terms {
	bool agreed; /* the version was negotiated */
	bool write_multi;
	uint32_t xfer_max;	  /* most bytes in one of its messages */
	uint32_t client_xfer_max; /* most bytes in one of the server's */
	uint32_t client_fds_max;  /* most descriptors that it accepts with a message */
	uint32_t maps_max;	  /* of files, and of memory that is far */
	uint32_t share;		  /* of files: see memory_share() */
	uint64_t page_nbytes;	  /* maps are multiples of this */
};

/* The interrupts of the function; see irq.c */
struct irqs {
	int msix[VECTORS_MAX];
	uint32_t nvectors;
	uint16_t fired[VECTORS_MAX]; /* to be signalled by irq_deliver(), each once */
	uint32_t nfired;
	bool fires[VECTORS_MAX];
	bool msix_allowed; /* by the capability; earlier interrupts wait */
	bool intx_fires;
	int intx, intx_on_mask, intx_on_unmask;
	_Atomic bool intx_level; /* also cleared when another client resets the SSD */
	bool intx_masked;	 /* by the client, or by a signal until the client unmasks it */
	bool intx_allowed;	 /* by the command register */
};

/* The function as its driver sees it: registers, interrupts, configuration space; see region.c */
struct device {
	struct pci_virt pv; /* one SSD */
	struct irqs irqs;
	uint8_t config[CONFIG_NBYTES];
	uint8_t config_mask[CONFIG_NBYTES]; /* the bits that a host may write */
	uint8_t *table;			    /* the MSI-X table: only stored for the host */
};

/* Memory fetched from the client: a part of a page of FAR_PAGE bytes */
enum far_state { FAR_WANTED, FAR_THERE, FAR_REFUSED };
struct far_piece {
	struct far_piece *next, *next_wanted;
	uint64_t addr;
	uint32_t nbytes;
	enum far_state state;
	bool joined; /* starts at the end of the one that was requested before it */
	uint8_t bytes[];
};

/* Bytes to be written to the client's memory */
struct far_post {
	struct far_post *next;
	uint64_t addr, nbytes;
	uint8_t bytes[];
};

/* The far memory that was fetched or requested, and the writes to it that are queued; see far.c */
struct far_memory {
	struct far_piece *fetched[FAR_BUCKETS];
	struct far_piece *wanted, **wanted_end;
	struct far_post *posted, **posted_end;
	uint64_t nbytes, posted_nbytes; /* in all pieces; in all posts */
};

/* A connection that is not (yet) the client; see lobby.c */
struct guest {
	int fd;	    /* -1: unused */
	bool began; /* a part of its first message has arrived */
	ns_t until; /* the whole message must arrive by then */
};

struct server {
	struct device device;
	char path[108];    /* of the socket: sizeof(sockaddr_un.sun_path) */
	dev_t path_device;  /* identity of the socket file: others at the path are left alone */
	ino_t path_inode;
	int listener;
	int client; /* -1: none */
	struct guest lobby[LOBBY_MAX];
	int twin;   /* socket for the server's requests; -1: `client`, between its commands */
	int wake;   /* an eventfd that wakes the server */
	bool poll;  /* spin; otherwise sleep when idle */
	_Atomic bool stop;
	pthread_t thread;
	bool has_thread;

	/* of the client */
	struct terms terms;
	bool broken; /* it did not answer, or not correctly: it must be dropped */
	struct message coming; /* from `client`, perhaps incomplete */
	ns_t coming_until;     /* deadline for the whole message; NS_NEVER: none has started */
	struct message in;     /* the one that is being processed */
	struct message answer; /* from `twin` */
	struct reply out;
	struct deferred *deferred, **deferred_end;
	uint32_t ndeferred, deferred_nbytes;
	struct far_memory far;
	uint16_t asked;		      /* identifier of the last request to the client */
	_Atomic uint32_t timeout_ms; /* time limit for its answers */

	_Atomic uint64_t messages, refused, clients;
};

/* The deadline for the client, from now */
static inline ns_t
deadline_from_now(const struct server *server)
{
	ASSERT(server->client >= 0 || server->listener >= 0);
	return virt_monotonic_ns() + atomic_load(&server->timeout_ms) * NS_PER_MS;
}

/* message.c, each: 1: a whole message is there, 0: not yet, -errno: disconnected or invalid */
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

/* lobby.c: accept connections, make one the client if there is none, refuse others. Does not
 * wait. */
struct pollfd;
void lobby_look(struct server *server);
/* The descriptors to poll for that, at most LOBBY_MAX + 1, and the longest wait; returns their
 * number */
uint32_t lobby_poll(struct server *server, struct pollfd *fds, ns_t *wait_ns);
void lobby_close(struct server *server);

/* The callbacks of the function, whose argument is the server */
extern const struct pci_ops server_ops;

/* far.c, the first three with the SSD locked: see struct pci_ops */
bool far_copy(struct far_memory *far, uint64_t addr, void *buf, uint64_t nbytes, bool to_host);
bool far_ready(struct far_memory *far, uint64_t addr, uint64_t nbytes);
void far_done(struct far_memory *far);
void far_init(struct far_memory *far);
/* Send writes to the client and fetch what is needed; false: there was neither */
bool far_exchange(struct server *server);
void far_forget(struct far_memory *far);

/* server.c: closes the client's sockets and clears its state; media and instance stay */
void client_drop(struct server *server);

/* dispatch.c: 0, or -errno when the client must be dropped */
int dispatch(struct server *server);

/* ---- handlers of messages, each: 0 or a positive errno for the reply ---- */

/* version.c; `*twin`: a socket for the server's requests, if the client wants one */
uint32_t version_agree(struct terms *terms, const struct message *in, struct reply *out, int *twin);
void version_defaults(struct terms *terms);

/* memory.c */
uint32_t memory_map(struct pci_virt *pv, const struct terms *terms, const struct message *in);
uint32_t memory_unmap(struct pci_virt *pv, const struct message *in, struct reply *out);
void memory_unmap_all(struct pci_virt *pv);
bool memory_broken(const struct pci_virt *pv);
/* The most files that a client may map, and the servers that share the mappings of the process */
uint32_t memory_share(void);
void memory_sharer(bool starts);

/* irq.c; irq_set() takes the descriptors out of the message */
uint32_t irq_info(const struct irqs *irqs, const struct message *in, struct reply *out);
uint32_t irq_set(struct device *device, struct message *in);
void irq_init(struct irqs *irqs);
void irq_drop_all(struct device *device);
void irq_message(struct irqs *irqs, uint16_t vector);
void irq_pin(struct irqs *irqs, bool level);
void irq_deliver(struct irqs *irqs); /* call with the SSD unlocked */
void irq_pin_allow(struct irqs *irqs, bool allow);
void irq_messages_allow(struct irqs *irqs, bool allow);
void irq_messages_forget(struct irqs *irqs); /* pending ones */

/* region.c; `mapped`: the client may map the doorbells */
void config_init(struct device *device);
uint32_t region_info(const struct device *device, bool mapped, const struct message *in,
		     struct reply *out);
uint32_t region_io_fds(const struct message *in, struct reply *out);
uint32_t region_read(struct device *device, const struct terms *terms, const struct message *in,
		     struct reply *out);
uint32_t region_write(struct device *device, const struct terms *terms, const struct message *in,
		      struct reply *out);
uint32_t region_write_multi(struct device *device, const struct terms *terms,
			    const struct message *in, struct reply *out);

#include <export/vfio_user/check.h>

#endif /* EXPORT_VFIO_USER_SERVER_H */
