/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The only interface below the host layer: what a path must provide. A path runs commands outside
 * of src/host/: by system calls, rings, threads, or a driver of this library.
 *
 * A path is a `static const struct path`. host/paths.c lists those that are compiled in and has one
 * table, as data: which roles a path may play for which kind of handle, and in what order of
 * preference. host/resolve.c picks the paths of a handle, once, at open. Asynchronous I/O calls
 * only `submit`, `submitv` and `reap`.
 *
 * Roles. `sync` and `admin` paths implement `call`, which blocks until the command is complete.
 * `async` paths implement the queue functions. A path may play several roles; thrpool and emu play
 * `async` on top of the path that plays `sync` for the handle.
 */
#ifndef HOST_PATH_H
#define HOST_PATH_H

#include <base/assert.h>
#include <libxnvme.h>

/* What a URI names. One bit per kind, so that a row of a table can cover several. */
enum handle_kind {
	KIND_FILE = 1 << 0,         /* regular file, or a path to be created */
	KIND_BLOCK = 1 << 1,        /* block device other than an NVMe namespace's */
	KIND_NVME_BLOCK = 1 << 2,   /* /dev/nvmeXnY */
	KIND_NVME_CHAR = 1 << 3,    /* /dev/ngXnY */
	KIND_NVME_CTRLR = 1 << 4,   /* /dev/nvmeX */
	KIND_RAMDISK = 1 << 5,      /* 1GB, 1GiB, 64MiB, ... */
	KIND_VIRT = 1 << 6,         /* virt:<preset or file.toml>[,key=value...] */
	KIND_PCI = 1 << 7,          /* 0000:03:00.0 */
	KIND_PCI_VIRT = 1 << 8,     /* pci-virt:<preset...> */
	KIND_VFIO_USER = 1 << 9,    /* vfio-user:/path/to/socket */
	KIND_FABRICS = 1 << 10,     /* host:port with subnqn */
};

enum path_role { ROLE_SYNC, ROLE_ASYNC, ROLE_ADMIN, ROLE_COUNT };

/*
 * The buffers of one command. Either `data` (flat) or `vec` with `vec_cnt` > 0 is used; the other
 * is NULL. `data_nbytes` is the total in both cases. Borrowed until the command completes.
 */
struct payload {
	void *data;
	const struct iovec *vec;
	uint32_t vec_cnt;
	size_t data_nbytes;
	void *meta;
	size_t meta_nbytes;
};

static inline void
payload_check(const struct payload *payload)
{
	ASSERT(!payload->vec == !payload->vec_cnt);
	ASSERT(!payload->vec || !payload->data);
}

/*
 * Operations on a controller that are not commands. Passed to ROLE_ADMIN's `call` as the opcode of
 * a context whose `opts` has CMD_OPTS_PSEUDO set. A path that does not support the operation
 * returns -ENOTSUP after err_set().
 */
#define CMD_OPTS_PSEUDO 0x100
STATIC_ASSERT(!(CMD_OPTS_PSEUDO & XNVME_CMD_MASK_IOMD), "a program can set the library's own bit");
enum pseudo_opcode {
	PSEUDO_SUBSYSTEM_RESET = 1,
	PSEUDO_CONTROLLER_RESET = 2,
	PSEUDO_NAMESPACE_RESCAN = 3,
	PSEUDO_GET_REGISTERS = 4, /* payload: struct xnvme_spec_ctrlr_bar */
};

/* Does the path support the file pseudo command set, which moves bytes at an offset? */
enum path_bytes {
	BYTES_NO, /* its opcodes are vendor specific commands to an NVMe device */
	BYTES_YES,
	BYTES_AS_SYNC, /* as the handle's sync path, on which this one stacks; nil moves no bytes */
};

/* See struct path, submit */
typedef int submit_fn(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		      size_t mbuf_nbytes, struct xnvme_queue *q);

/* A handler of reads and writes by their blocks, see struct queue_ways. The arguments are those of
 * xnvme_nvm_read(), in its order, with the queue in place of the namespace. */
typedef int blocks_fn(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		      void *dbuf, void *mbuf);

struct path {
	const char *name;  /* value of opts.sync, opts.async, opts.admin */
	const char *descr; /* one line for `xnvme library-info` */
	enum path_bytes bytes;

	/* Returns 0, or -errno after err_set() with the reason and a remedy. `dev->fd` and
	 * `dev->kind` are set. The path keeps its state in dev->state[role]. Either function may be
	 * NULL. */
	int (*attach)(struct xnvme_dev *dev, enum path_role role);
	void (*detach)(struct xnvme_dev *dev, enum path_role role);

	/* sync and admin: blocks until the command is complete and fills ctx->cpl. Returns 0; -EIO
	 * when the completion holds an error, so that checking the return value is enough; another
	 * -errno when the command could not start: ctx->cpl holds that too, see cpl_set_errno(). */
	int (*call)(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload);

	/* async: q->capacity, q->dev and q->opts are set. The path keeps its state in q->state. */
	int (*queue_init)(struct xnvme_queue *q);
	void (*queue_fini)(struct xnvme_queue *q);

	/* Hot. Returns 0 when the command is accepted: exactly one completion follows. -EBUSY or
	 * -EAGAIN: nothing has changed, retry after reap. Any other failure is a completion with an
	 * error (queue_fail()), not a return value. The caller has checked that q->outstanding <
	 * q->capacity, and has cleared ctx->cpl. On acceptance the path adds one to q->outstanding;
	 * queue_complete() and the queue_done() family do their own counting. The arguments are
	 * those of xnvme_cmd_pass(), in its order, then the queue, so that xnvme_cmd_pass() jumps
	 * here without moving any. */
	submit_fn *submit;
	int (*submitv)(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx,
		       const struct payload *payload);

	/* Hot. Submits what was batched, then completes up to `max` commands by queue_complete().
	 * `max` is never 0 and at most what was outstanding before. Returns the number of completed
	 * commands, or -errno. Never blocks. */
	int (*reap)(struct xnvme_queue *q, uint32_t max);

	/* Blocks until a completion may be available or `timeout_ns` has passed (UINT64_MAX: no
	 * limit). NULL: the host polls with a growing pause. */
	int (*wait)(struct xnvme_queue *q, uint64_t timeout_ns);

	/* Returns an eventfd that becomes readable when a completion may be available, or -errno.
	 * The path owns it and closes it in queue_fini. After a success it is not called again for
	 * the same queue. Nothing is outstanding at the call. */
	int (*event_fd)(struct xnvme_queue *q);
};

/* Has the path the functions of `role`? */
static inline void
path_check(const struct path *path, enum path_role role)
{
	ASSERT(role < ROLE_COUNT && path->name);
	ASSERT(role == ROLE_ASYNC || (path->call && path->bytes != BYTES_AS_SYNC));
	ASSERT(role != ROLE_ASYNC || (path->queue_init && path->queue_fini && path->event_fd));
	ASSERT(role != ROLE_ASYNC || (path->submitv && path->reap));
}

#endif /* HOST_PATH_H */
