/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual SSDs: create, control, inspect, inject faults, serve to other processes.
 *
 * A virtual SSD runs inside the process. A program does I/O to it through libxnvme, as to any other
 * device: it opens the URI that nvmevirt_get_uri() returns. For I/O alone this header is optional:
 * xnvme_dev_open("virt:optane-p4800x,size=4GiB", NULL) creates and opens a virtual SSD.
 */
#ifndef LIBNVMEVIRT_H
#define LIBNVMEVIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A reference to a virtual SSD of this process
 *
 * The SSD is reference-counted: it exists until the last struct nvmevirt, device handle and server
 * that uses it is closed.
 */
struct nvmevirt;

/** A description that is compiled into the library */
struct nvmevirt_preset {
	const char *name;  /* its name in a URI: virt:<name> */
	const char *descr; /* one line */
	const char *toml;  /* the full description; docs/toml.md documents the format */
};

/** Counters and state of a virtual SSD */
struct nvmevirt_stats {
	uint64_t now_ns; /* the SSD's clock: nanoseconds since it was created */

	/* Commands of the host, over the SSD's lifetime (restored with the media) */
	uint64_t read_cmds, write_cmds;
	uint64_t read_nbytes, write_nbytes;
	uint64_t error_cmds;         /* commands that completed with an error status */
	uint64_t cache_dirty_nbytes; /* acknowledged, and lost by a power cut now */

	/* Internal operations, over the SSD's lifetime (restored with the media). A counter is 0
	 * if the timing model does not simulate the operation. */
	uint64_t user_program_nbytes; /* NAND programmed for the host */
	uint64_t gc_program_nbytes;   /* NAND programmed by garbage collection */
	uint64_t user_read_ops, gc_read_ops;
	uint64_t erases;              /* blocks or lines erased, as the model counts */
	uint64_t lines, free_lines;   /* superblock lines */
	uint64_t gc_moves;            /* pages that garbage collection moved */
	uint64_t wear_moves;          /* those of gc_moves that wear leveling moved */
	uint64_t buffer_hits;         /* reads served from the write buffer */
	uint32_t erase_min, erase_max; /* erases per line, since the SSD was created or opened */
	/* Write amplification: (user + gc) / user programmed bytes, in millionths (1000000 is 1);
	 * 0 when nothing was programmed */
	uint64_t waf_ppm;

	uint64_t trace_hash;   /* see nvmevirt_get_trace_hash() */
	uint64_t media_nbytes; /* address space of persistent state; allocated on first write */
	uint64_t state_nbytes; /* address space of volatile state */
	uint32_t nqueues;      /* queues that are open on the SSD */
	bool media_was_left;   /* the last user of the media file did not close it */
	uint64_t prepared_nbytes; /* filled by precondition=, before the host's writes */
};

/**
 * The reason why this thread's last failed nvmevirt_*() call failed, and what to do about it
 *
 * Never NULL; empty when no call has failed. Valid until this thread's next nvmevirt_*() call.
 */
const char *
nvmevirt_err_text(void);

/**
 * Get a preset by index, from 0, in alphabetical order
 *
 * Does not block; thread-safe.
 *
 * @return The preset, static and constant; NULL beyond the last
 */
const struct nvmevirt_preset *
nvmevirt_preset_get(uint32_t index);

/**
 * Create a virtual SSD, or share the existing one of the given name
 *
 * `uri` is virt:<preset>, virt:<file.toml> or virt:@<name of an existing SSD>, followed by
 * ,key=value: size, lba, clock=real|virtual, media=memory|none|FILE, name, seed, and every setting
 * of a description as table.key. Without name= the SSD gets a unique name. The caller owns the
 * result and releases it with nvmevirt_destroy(). May block: reads and creates files. Thread-safe.
 *
 * @return 0; -EINVAL when the URI or the settings are invalid, -EEXIST when an SSD of that name
 * exists and differs, -ENOENT when the SSD of virt:@<name> does not exist, -EBUSY when the media
 * file is in use, -ENOMEM, or the -errno of the file access. nvmevirt_err_text() has the details.
 */
int
nvmevirt_create(const char *uri, struct nvmevirt **ssd);

/** A key of a description or of a URI: name, valid values, default, meaning */
struct nvmevirt_key {
	char name[64];      /* table.key, in a description and in a URI; empty: URI only */
	char alias[32];     /* short name in a URI; empty: none */
	char values[192];   /* the valid values, in words */
	char standard[96];  /* the default value */
	const char *unit;   /* static: "bytes", "ns", ... "number"; empty: not a number */
	const char *meaning; /* static */
	char when[192];      /* models, kinds and other keys with which the key is valid; with
			      * others it is refused; empty: always valid */
};

/**
 * Get a key by index, from 0
 *
 * @return 0, or -ENOENT beyond the last; then only the strings in *key may have changed
 */
int
nvmevirt_key_get(uint32_t index, struct nvmevirt_key *key);

/**
 * As nvmevirt_create(), from a description in memory
 *
 * `toml` has `nbytes` bytes and is copied. `keys` is "key=value,key=value" as in a URI, or NULL.
 */
int
nvmevirt_create_from_toml(const char *toml, size_t nbytes, const char *keys,
			  struct nvmevirt **ssd);

struct xnvme_dev;

/**
 * Get the virtual SSD behind a device handle
 *
 * The caller owns the result and releases it with nvmevirt_destroy().
 *
 * @return 0; -ENOTSUP when the device is not a virtual SSD of this process, or -ENOMEM
 */
int
nvmevirt_from_dev(const struct xnvme_dev *dev, struct nvmevirt **ssd);

/** Release a virtual SSD; it is destroyed when its last user closes it. NULL is allowed. */
void
nvmevirt_destroy(struct nvmevirt *ssd);

/**
 * Get the URI with which xnvme_dev_open() opens the SSD: virt:@<name>
 *
 * Valid until nvmevirt_destroy(). An SSD that was created without name= has a unique name. The
 * option nsid selects the namespace to open.
 */
const char *
nvmevirt_get_uri(const struct nvmevirt *ssd);

/** Read the counters; sends no command and does not change the SSD's state; thread-safe */
void
nvmevirt_get_stats(struct nvmevirt *ssd, struct nvmevirt_stats *stats);

/**
 * Get a hash over all commands and completions of the SSD, their times included
 *
 * With clock=virtual and one thread the same seed, settings and commands give the same value on
 * every machine and with every compiler.
 */
uint64_t
nvmevirt_get_trace_hash(struct nvmevirt *ssd);

/** Get the SSD's clock: nanoseconds since it was created; thread-safe */
uint64_t
nvmevirt_clock_get_ns(struct nvmevirt *ssd);

/** Whether the SSD's clock is virtual: it advances only when a thread waits for a completion */
bool
nvmevirt_clock_is_virtual(const struct nvmevirt *ssd);

/**
 * Advance a virtual clock by `ns` nanoseconds; the SSD does its background work meanwhile
 *
 * Completions that become due are delivered by the next poll of their queues.
 *
 * @return 0, or -EINVAL when the SSD's clock is the real one
 */
int
nvmevirt_clock_advance(struct nvmevirt *ssd, uint64_t ns);

/**
 * Reset the SSD, for all its hosts; NVMe Base 2.0, NVM Subsystem Reset
 *
 * Pending commands end with Command Aborted By Host. Acknowledged writes are kept. PCI functions
 * are disabled afterwards, with CSTS.NSSRO set. Thread-safe.
 */
void
nvmevirt_reset(struct nvmevirt *ssd);

/**
 * Cut the power and restore it
 *
 * Writes that are not durable (in the volatile write cache, or in flight) are lost, whole or in
 * part, as the setting drive.power_loss defines. Pending commands end with Commands Aborted due to
 * Power Loss Notification. Thread-safe.
 */
void
nvmevirt_power_cut(struct nvmevirt *ssd);

/** The effect of a fault on the command that it hits */
enum nvmevirt_fault_action {
	NVMEVIRT_FAULT_FAIL = 0x0,	      ///< completes with `status`, without effect
	NVMEVIRT_FAULT_DELAY = 0x1,	      ///< completes `delay_ns` later
	NVMEVIRT_FAULT_LOSE = 0x2,	      ///< is lost: has no effect and never completes
	NVMEVIRT_FAULT_LOSE_COMPLETION = 0x3, ///< has its effect, but never completes
	NVMEVIRT_FAULT_FATAL = 0x4,	      ///< the controller fails fatally, until a reset
	NVMEVIRT_FAULT_POWER_CUT = 0x5,	      ///< the power is cut just before the command
	NVMEVIRT_FAULT_REMOVE = 0x6,	      ///< the SSD is removed permanently
};

enum { NVMEVIRT_FAULTS_MAX = 32 };

/**
 * One fault: the commands that it hits, and its effect on them
 *
 * A command matches if it meets all conditions that are set. The first `skip` matching commands
 * pass unharmed; the next `count` (0: all that follow) are hit, each with the probability
 * ppm / 10^6 (0: always), drawn from the SSD's random seed.
 */
struct nvmevirt_fault {
	enum nvmevirt_fault_action action;
	bool match_opcode;
	uint8_t opcode;
	bool admin_only, io_only; /* admin and I/O commands share opcode values */
	uint32_t nsid;	   /* 0: any */
	uint64_t lba, nlb; /* I/O that touches a block of [lba, lba + nlb), ranges of Dataset
			    * Management and Copy and managed zones included; nlb 0: any command */
	uint64_t skip, count;
	uint32_t ppm;
	uint16_t status; /* of FAIL: SC | SCT << 8 | DNR << 14; NVMe Base 2.0, Status Field */
	uint64_t delay_ns; /* of DELAY */
};

/**
 * Set the faults to inject from now on; they replace the previous ones. `faults` is copied
 *
 * If several faults hit a command, the first one applies. `count` 0 removes all faults. A lost
 * command ends as a timeout (an error of the host: ETIMEDOUT) 30 seconds later on the SSD's clock.
 * Thread-safe.
 *
 * @return 0, or -EINVAL when `count` exceeds NVMEVIRT_FAULTS_MAX or an action is unknown
 */
int
nvmevirt_set_faults(struct nvmevirt *ssd, const struct nvmevirt_fault *faults, uint32_t count);

/** Get the number of commands that fault `index` has hit; 0 when there is no such fault */
uint64_t
nvmevirt_get_fault_hits(struct nvmevirt *ssd, uint32_t index);

/**
 * Write all settings of the SSD to `buf`, as a description that creates an equal SSD
 *
 * The text is NUL-terminated, and truncated to `nbytes`.
 *
 * @return Bytes of the complete text, the terminator included
 */
size_t
nvmevirt_get_toml(const struct nvmevirt *ssd, char *buf, size_t nbytes);

/** A server that exports a virtual SSD to other processes */
struct nvmevirt_server;

/** How nvmevirt_serve_vfio_user() detects doorbell writes */
enum nvmevirt_serve_flags {
	/* Doorbells are memory that the client maps, and a thread polls it: fastest. Without this
	 * flag each doorbell write is a message, and an idle SSD takes no processor time. */
	NVMEVIRT_SERVE_POLL = 1 << 0,
};

/**
 * Export a virtual SSD as a PCI function on a vfio-user socket, for QEMU (vfio-user-pci), SPDK or
 * vfio-user:PATH
 *
 * `uri` is as for nvmevirt_create(): the SSD is created, or shared if its name exists. A new thread
 * serves one client at a time. Each client gets the controller in its power-on state, with the
 * media as the previous client left them. The function creates the socket `path`. It replaces a
 * stale socket there (without a listening server) and leaves any other file as it is. Stopping the
 * server removes the socket, unless another file has replaced it. The caller owns the result and
 * stops it with nvmevirt_server_stop(). Does not wait for a client; thread-safe.
 *
 * @return 0; -EADDRINUSE when another server listens on `path`, or `path` is a file other than a
 * socket, -ENAMETOOLONG when `path` is longer than 107 bytes, or what nvmevirt_create() returns.
 * nvmevirt_err_text() has the details.
 */
int
nvmevirt_serve_vfio_user(const char *uri, const char *path, uint32_t flags,
			 struct nvmevirt_server **server);

/** Stop serving: disconnect the client, if any, and release the SSD. NULL is allowed. */
void
nvmevirt_server_stop(struct nvmevirt_server *server);

#ifdef __cplusplus
}
#endif

#endif /* LIBNVMEVIRT_H */
