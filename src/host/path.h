/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one seam of the host's bank: what a way out of the process has to offer.
 *
 * A path is a `static const struct path`; host/paths.c lists all that are compiled in and says in
 * one table (as data) which role each may play for which kind of handle, and in what order of
 * preference. host/resolve.c picks, once, at open. Nothing here is called on an I/O path but
 * `submit`, `submitv` and `reap`.
 *
 * Roles. `sync` and `admin` answer in `call`, which blocks until the command is complete. `async`
 * answers in the five queue verbs. A path may play several roles; thrpool and emu play `async` on
 * top of whatever plays `sync` for the handle.
 */
#ifndef HOST_PATH_H
#define HOST_PATH_H

#include <libxnvme.h>

/* What a URI turned out to name. A bit each, so that the table can say "any of these". */
enum handle_kind {
	KIND_FILE = 1 << 0,         /* regular file, or a path to be created */
	KIND_BLOCK = 1 << 1,        /* block device without an NVMe character sibling */
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
 * The bytes that go with one command. Either `data` (flat) or `vec` with `vec_cnt` > 0; the other
 * is NULL. `data_nbytes` is the total in both cases. Lent until the command completes.
 */
struct payload {
	void *data;
	const struct iovec *vec;
	uint32_t vec_cnt;
	size_t data_nbytes;
	void *meta;
	size_t meta_nbytes;
};

/*
 * What a controller can be told by other means than a command. Passed to ROLE_ADMIN's `call` as
 * the opcode of a context whose `opts` has CMD_OPTS_PSEUDO set; a path that does not know it
 * answers -ENOTSUP with a sentence.
 */
#define CMD_OPTS_PSEUDO 0x100
enum pseudo_opcode {
	PSEUDO_SUBSYSTEM_RESET = 1,
	PSEUDO_CONTROLLER_RESET = 2,
	PSEUDO_NAMESPACE_RESCAN = 3,
	PSEUDO_GET_REGISTERS = 4, /* payload: struct xnvme_spec_ctrlr_bar */
};

/* Does a path take bytes at an offset, the commands of the file pseudo set? */
enum path_bytes {
	BYTES_NO, /* to an NVMe device their opcodes are some vendor's commands */
	BYTES_YES,
	BYTES_AS_SYNC, /* as the handle's sync path, on which this one stacks; or it moves none */
};

/* See struct path, submit */
typedef int submit_fn(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		      size_t mbuf_nbytes, struct xnvme_queue *q);

/* A read or write by its blocks, see struct queue_ways. The arguments stand where xnvme_nvm_read()
 * has them, with the queue in the place of the namespace. */
typedef int blocks_fn(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		      void *dbuf, void *mbuf);

struct path {
	const char *name;  /* what opts.sync / opts.async / opts.admin call it */
	const char *descr; /* one line for `xnvme library-info` */
	enum path_bytes bytes;

	/* 0, or -errno with err_set() having said why and what would help. `dev->fd` and
	 * `dev->kind` are set. The path keeps its state in dev->state[role]. Either may be NULL. */
	int (*attach)(struct xnvme_dev *dev, enum path_role role);
	void (*detach)(struct xnvme_dev *dev, enum path_role role);

	/* sync and admin: blocks until complete; ctx->cpl is filled. Returns 0, or -EIO when the
	 * completion holds an error (so that the return value alone tells), other -errno when the
	 * command could not start: then ctx->cpl holds it too, see cpl_set_errno(). */
	int (*call)(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload);

	/* async: q->capacity, q->dev, q->opts are set; the path keeps its state in q->state. */
	int (*queue_init)(struct xnvme_queue *q);
	void (*queue_fini)(struct xnvme_queue *q);

	/* Hot. 0: accepted, exactly one completion follows. -EBUSY / -EAGAIN: nothing happened, try
	 * again after reap. Any other trouble is a completion with an error (queue_fail()), not a
	 * return value. The caller has checked that q->outstanding < q->capacity, and cleared
	 * ctx->cpl. On acceptance the path adds one to q->outstanding; queue_complete() and the
	 * queue_done() family do their own counting. The arguments stand in the order of
	 * xnvme_cmd_pass() with the queue behind them, so that it jumps here without moving any. */
	submit_fn *submit;
	int (*submitv)(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx,
		       const struct payload *payload);

	/* Hot. Hands what was batched to the other side, then completes up to `max` (never 0, at
	 * most what was outstanding before) commands by queue_complete() and returns how many, or
	 * -errno. Never blocks. */
	int (*reap)(struct xnvme_queue *q, uint32_t max);

	/* Blocks until something may be reaped or `timeout_ns` passed (UINT64_MAX: for ever).
	 * NULL: the host falls back on polling with a growing pause. */
	int (*wait)(struct xnvme_queue *q, uint64_t timeout_ns);

	/* An eventfd that becomes readable when something may be reaped; -errno otherwise. The path
	 * owns it and closes it in queue_fini. Asked for at most once per queue, with nothing
	 * outstanding. */
	int (*event_fd)(struct xnvme_queue *q);
};

#endif /* HOST_PATH_H */
