/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual SSDs: create, control, inspect, inject faults, serve to other processes.
 *
 * A virtual SSD runs inside the process. A program does I/O to it through libxnvme, as to any other
 * device: it opens the URI that nvmevirt_get_uri() returns. For I/O alone this header is optional:
 * xnvme_dev_open("virt:optane-p4800x,size=4GiB", NULL) creates and opens a virtual SSD.
 *
 * @param ssd The virtual SSD
 *
 * @note Any thread. A function that fails returns NULL or -errno; nvmevirt_err_text() then has the
 *   reason and what to do.
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
 * Get the reason why this thread's last failed nvmevirt function failed, and what to do about it
 *
 * Valid until this thread's next call of an nvmevirt function.
 *
 * @return One or more sentences; never NULL; empty when no call has failed
 */
const char *
nvmevirt_err_text(void);

/**
 * Get a preset by index, in alphabetical order
 *
 * Does not block.
 *
 * @param index From 0
 * @return The preset, static and constant; NULL beyond the last
 */
const struct nvmevirt_preset *
nvmevirt_preset_get(uint32_t index);

/**
 * Create a virtual SSD, or share the existing one of the given name
 *
 * The URI is virt:<preset>, virt:<file.toml> or virt:@<name of an existing SSD>, followed by
 * ,key=value: size, lba, clock=real|virtual, media=memory|none|FILE, name, seed, and every setting
 * of a description as table.key. Without name= the SSD gets a unique name. May block: reads and
 * creates files.
 *
 * @param uri The URI
 * @param ssd Set to the SSD, which the caller releases with nvmevirt_destroy(); to NULL on error
 * @return 0 or -errno, which may also be that of a file access
 * @error EINVAL The URI or the settings are invalid
 * @error EEXIST An SSD of that name exists and differs
 * @error ENOENT The SSD of virt:@<name> does not exist
 * @error EBUSY The media file is in use
 * @error ENOMEM Out of memory
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
 * Get a key of a description or of a URI by index
 *
 * Does not block.
 *
 * @param index From 0
 * @param key Set; on error only the strings in it may have changed
 * @return 0 or -errno
 * @error ENOENT `index` is beyond the last key
 */
int
nvmevirt_key_get(uint32_t index, struct nvmevirt_key *key);

/**
 * As nvmevirt_create(), from a description in memory
 *
 * @param toml The description, copied; docs/toml.md documents the format
 * @param nbytes Bytes of `toml`
 * @param keys "key=value,key=value" as in a URI, or NULL
 */
int
nvmevirt_create_from_toml(const char *toml, size_t nbytes, const char *keys,
			  struct nvmevirt **ssd);

struct xnvme_dev;

/**
 * Get the virtual SSD behind a device handle
 *
 * @param dev The handle
 * @param ssd Set to the SSD, which the caller releases with nvmevirt_destroy()
 * @return 0 or -errno
 * @error ENOTSUP The device is not a virtual SSD of this process
 * @error ENOMEM Out of memory
 */
int
nvmevirt_from_dev(const struct xnvme_dev *dev, struct nvmevirt **ssd);

/**
 * Release a virtual SSD; it is destroyed when its last user closes it
 *
 * @param ssd The virtual SSD; NULL is allowed
 */
void
nvmevirt_destroy(struct nvmevirt *ssd);

/**
 * Get the URI with which xnvme_dev_open() opens the SSD
 *
 * Valid until nvmevirt_destroy(). An SSD that was created without name= has a unique name. The
 * option nsid selects the namespace to open.
 *
 * @return virt:@<name>
 */
const char *
nvmevirt_get_uri(const struct nvmevirt *ssd);

/**
 * Read the counters; sends no command and does not change the SSD's state
 *
 * @param stats Set
 */
void
nvmevirt_get_stats(struct nvmevirt *ssd, struct nvmevirt_stats *stats);

/**
 * Get a hash over all commands and completions of the SSD, their times included
 *
 * With clock=virtual and one thread the same seed, settings and commands give the same value on
 * every machine and with every compiler.
 *
 * @return The hash
 */
uint64_t
nvmevirt_get_trace_hash(struct nvmevirt *ssd);

/**
 * Get the SSD's clock
 *
 * @return Nanoseconds since the SSD was created
 */
uint64_t
nvmevirt_clock_get_ns(struct nvmevirt *ssd);

/**
 * Check whether the SSD's clock is virtual
 *
 * A virtual clock advances only when a thread waits for a completion.
 *
 * @return True if it is
 */
bool
nvmevirt_clock_is_virtual(const struct nvmevirt *ssd);

/**
 * Advance a virtual clock; the SSD does its background work meanwhile
 *
 * Completions that become due are delivered by the next poll of their queues.
 *
 * @param ns Nanoseconds to advance by
 * @return 0 or -errno
 * @error EINVAL The SSD's clock is the real one
 */
int
nvmevirt_clock_advance(struct nvmevirt *ssd, uint64_t ns);

/**
 * Reset the SSD, for all its hosts; NVMe Base 2.0, NVM Subsystem Reset
 *
 * Pending commands end with Command Aborted By Host. Acknowledged writes are kept. PCI functions
 * are disabled afterwards, with CSTS.NSSRO set.
 */
void
nvmevirt_reset(struct nvmevirt *ssd);

/**
 * Cut the power and restore it
 *
 * Writes that are not durable (in the volatile write cache, or in flight) are lost, whole or in
 * part, as the setting drive.power_loss defines. Pending commands end with Commands Aborted due to
 * Power Loss Notification.
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
 * Set the faults to inject from now on; they replace the previous ones
 *
 * If several faults hit a command, the first one applies. A lost command ends as a timeout (an
 * error of the host: ETIMEDOUT) 30 seconds later on the SSD's clock.
 *
 * @param faults The faults, copied
 * @param count Number of faults; 0 removes all
 * @return 0 or -errno
 * @error EINVAL `count` exceeds NVMEVIRT_FAULTS_MAX, or an action is unknown
 */
int
nvmevirt_set_faults(struct nvmevirt *ssd, const struct nvmevirt_fault *faults, uint32_t count);

/**
 * Get the number of commands that a fault has hit
 *
 * @param index Index in the array of nvmevirt_set_faults()
 * @return The number; 0 when there is no such fault
 */
uint64_t
nvmevirt_get_fault_hits(struct nvmevirt *ssd, uint32_t index);

/**
 * Write all settings of the SSD to a buffer, as a description that creates an equal SSD
 *
 * The text is NUL-terminated, and truncated to the buffer.
 *
 * @param buf Receives the text
 * @param nbytes Bytes of `buf`
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
 * A new thread serves one client at a time. Each client gets the controller in its power-on state,
 * with the media as the previous client left them. The function creates the socket. It replaces a
 * stale socket there (without a listening server) and leaves any other file as it is. Stopping the
 * server removes the socket, unless another file has replaced it. Does not wait for a client.
 *
 * @param uri As for nvmevirt_create(): the SSD is created, or shared if its name exists
 * @param path Of the socket, at most 107 bytes
 * @param flags Bits of enum nvmevirt_serve_flags, or 0
 * @param server Set to the server, which the caller stops with nvmevirt_server_stop(); to NULL on
 *   error
 * @return 0 or -errno, which may also be that of nvmevirt_create()
 * @error EADDRINUSE Another server listens on `path`, or `path` is a file other than a socket
 * @error ENAMETOOLONG `path` is longer than 107 bytes
 * @error EINVAL The URI or `flags` are invalid
 */
int
nvmevirt_serve_vfio_user(const char *uri, const char *path, uint32_t flags,
			 struct nvmevirt_server **server);

/**
 * Stop serving: disconnect the client, if any, and release the SSD
 *
 * @param server The server; NULL is allowed
 */
void
nvmevirt_server_stop(struct nvmevirt_server *server);

#ifdef __cplusplus
}
#endif

#endif /* LIBNVMEVIRT_H */
