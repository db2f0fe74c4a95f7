/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual SSDs from a program: make one, drive it, look inside, break it.
 *
 * A virtual SSD lives in the process. I/O goes to it through libxnvme like to any other device:
 * open the URI that nvmevirt_get_uri() gives. Without this header a URI alone is enough:
 * xnvme_dev_open("virt:optane-p4800x,size=4GiB", NULL).
 */
#ifndef LIBNVMEVIRT_H
#define LIBNVMEVIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A virtual SSD of this process; counted: it lives until everyone who opened it has closed it */
struct nvmevirt;

/** A description that is compiled into the library */
struct nvmevirt_preset {
	const char *name;  /* what a URI calls it: virt:<name> */
	const char *descr; /* one line */
	const char *toml;  /* all of it; docs/toml.md says what may stand there */
};

/** What happened to a virtual SSD since it was made, and what it is */
struct nvmevirt_stats {
	uint64_t now_ns; /* its clock */

	/* What the host did */
	uint64_t read_cmds, write_cmds;
	uint64_t read_nbytes, write_nbytes;
	uint64_t error_cmds;         /* commands that ended with an error status */
	uint64_t cache_dirty_nbytes; /* acknowledged, and lost if power were cut now */

	/* What the drive did inside, in its life, like the above: media that it was closed with add
	 * theirs. All 0 with a timing model that has no such thing. */
	uint64_t user_program_nbytes; /* NAND programmed for the host */
	uint64_t gc_program_nbytes;   /* NAND programmed by garbage collection */
	uint64_t user_read_ops, gc_read_ops;
	uint64_t erases;              /* blocks or lines erased, as the model counts */
	uint64_t lines, free_lines;   /* superblock lines */
	uint64_t gc_moves;            /* pages that garbage collection moved */
	uint64_t wear_moves;          /* those of them that were moved to level wear */
	uint64_t buffer_hits;         /* reads answered from the write buffer */
	uint32_t erase_min, erase_max; /* over the lines; since it was made or opened */
	/* (user + gc) / user programmed bytes, in millionths: 1000000 is 1; 0 when nothing was
	 * programmed */
	uint64_t waf_ppm;

	uint64_t trace_hash;   /* see nvmevirt_get_trace_hash() */
	uint64_t media_nbytes; /* address space of what survives; backed as it is written */
	uint64_t state_nbytes; /* address space of what does not */
	uint32_t nqueues;      /* that are open on it */
	bool media_was_left;   /* the media file had not been closed when it was used last */
	uint64_t prepared_nbytes; /* as if written before the host did: precondition= */
};

/**
 * Why this thread's last failed nvmevirt_*() call failed, and what to do about it
 *
 * Never NULL; empty when nothing failed yet. Lent until this thread's next nvmevirt_*() call.
 */
const char *
nvmevirt_err_text(void);

/**
 * The presets, by index from 0, in alphabetical order
 *
 * What it points to is constant and lives as long as the library. Never blocks; thread-safe.
 *
 * @return NULL beyond the last
 */
const struct nvmevirt_preset *
nvmevirt_preset_get(uint32_t index);

/**
 * Make a virtual SSD, or share the one of that name
 *
 * `uri` is virt:<preset>, virt:<file.toml> or virt:@<name of one that exists>, followed by
 * ,key=value: size, lba, clock=real|virtual, media=memory|none|FILE, name, seed, and every setting
 * of a description as table.key. Without name= it gets a name of its own. The result is the
 * caller's until nvmevirt_destroy(). May read and create files. Thread-safe.
 *
 * @return 0; -EINVAL when the URI or the drive makes no sense, -EEXIST when one of that name exists
 * and differs, -ENOENT when @name does not, -EBUSY when the media file is in use, -ENOMEM, or the
 * -errno of the file. nvmevirt_err_text() says more.
 */
int
nvmevirt_create(const char *uri, struct nvmevirt **ssd);

/** A key of a description or of a URI, as the table says that reads them */
struct nvmevirt_key {
	char name[64];      /* table.key, in a description and in a URI; empty: of a URI only */
	char alias[32];     /* its short name in a URI; empty: it has none */
	char values[192];   /* which it takes, in words */
	char standard[96];  /* the value where nothing is said */
	const char *unit;   /* static: "bytes", "ns", ... "number"; empty: not a number */
	const char *meaning; /* static */
	char when[192];      /* with which models, kinds and other keys it has an effect, else it
			      * is refused; empty: always */
};

/**
 * Look up a key by its number, from 0 on
 *
 * @return 0, or -ENOENT and *key untouched but for its strings: there are no more
 */
int
nvmevirt_key_get(uint32_t index, struct nvmevirt_key *key);

/**
 * The same from a description in memory: `toml` of `nbytes`, copied, and "key=value,key=value" as
 * in a URI, or NULL
 */
int
nvmevirt_create_from_toml(const char *toml, size_t nbytes, const char *keys,
			  struct nvmevirt **ssd);

struct xnvme_dev;

/**
 * The virtual SSD behind a device handle, to be given up by nvmevirt_destroy() like one that was
 * made
 *
 * @return 0; -ENOTSUP when the device is not a virtual SSD of this process, or -ENOMEM
 */
int
nvmevirt_from_dev(const struct xnvme_dev *dev, struct nvmevirt **ssd);

/** Give up one virtual SSD; it ends when no device handle uses it any more. NULL is fine. */
void
nvmevirt_destroy(struct nvmevirt *ssd);

/**
 * What xnvme_dev_open() takes to open it: virt:@<name>
 *
 * Lent until nvmevirt_destroy(). An SSD that was given no name has one of its own. Each namespace
 * is opened by the option nsid.
 */
const char *
nvmevirt_get_uri(const struct nvmevirt *ssd);

/** Look at the counters, without a command and without disturbing the SSD; thread-safe */
void
nvmevirt_get_stats(struct nvmevirt *ssd, struct nvmevirt_stats *stats);

/**
 * Fingerprint of everything that the SSD was asked and answered, instants included
 *
 * With clock=virtual and one thread the same seed, settings and commands give the same value on
 * every machine and with every compiler.
 */
uint64_t
nvmevirt_get_trace_hash(struct nvmevirt *ssd);

/** The SSD's clock: nanoseconds since it was made; thread-safe */
uint64_t
nvmevirt_clock_get_ns(struct nvmevirt *ssd);

/** Is its clock virtual: does it stand still until somebody waits for a completion? */
bool
nvmevirt_clock_is_virtual(const struct nvmevirt *ssd);

/**
 * Let time pass on a virtual clock: background work of the drive is done on the way
 *
 * Completions that become due are delivered by the next poll of their queues.
 *
 * @return 0, or -EINVAL when its clock is the real one
 */
int
nvmevirt_clock_advance(struct nvmevirt *ssd, uint64_t ns);

/**
 * Reset the SSD, for all its hosts: commands that wait for their instant end with Command Aborted
 * By Host; what was acknowledged stays; PCI functions are found disabled, with CSTS.NSSRO set.
 * NVMe Base 2.0, NVM Subsystem Reset. Thread-safe.
 */
void
nvmevirt_reset(struct nvmevirt *ssd);

/**
 * Cut the power now and bring it back: writes that are not durable (in the volatile write cache, or
 * in flight) are lost, whole or in part, as the setting drive.power_loss says; commands that wait
 * for their instant end with Commands Aborted due to Power Loss Notification. Thread-safe.
 */
void
nvmevirt_power_cut(struct nvmevirt *ssd);

/** What happens to a command that a fault hits */
enum nvmevirt_fault_action {
	NVMEVIRT_FAULT_FAIL = 0x0,	      ///< ends with `status`, without effect
	NVMEVIRT_FAULT_DELAY = 0x1,	      ///< is ready `delay_ns` later
	NVMEVIRT_FAULT_LOSE = 0x2,	      ///< disappears, without effect
	NVMEVIRT_FAULT_LOSE_COMPLETION = 0x3, ///< has its effect, but never completes
	NVMEVIRT_FAULT_FATAL = 0x4,	      ///< the controller gives up, until it is reset
	NVMEVIRT_FAULT_POWER_CUT = 0x5,	      ///< the power is cut just before it
	NVMEVIRT_FAULT_REMOVE = 0x6,	      ///< the SSD is removed, and stays so for good
};

enum { NVMEVIRT_FAULTS_MAX = 32 };

/**
 * One fault: which commands it hits, and what happens to them
 *
 * All conditions that are set must hold. Of the commands that match, `skip` pass, the next `count`
 * are hit (0: all that follow), each with the probability ppm / 10^6 (0: always, by the SSD's
 * seed).
 */
struct nvmevirt_fault {
	enum nvmevirt_fault_action action;
	bool match_opcode;
	uint8_t opcode;
	bool admin_only, io_only; /* opcodes mean different things on the two */
	uint32_t nsid;	   /* 0: any */
	uint64_t lba, nlb; /* I/O that touches a block of [lba, lba + nlb), ranges of Dataset
			    * Management and Copy and managed zones included; nlb 0: any command */
	uint64_t skip, count;
	uint32_t ppm;
	uint16_t status; /* of FAIL: SC | SCT << 8 | DNR << 14; NVMe Base 2.0, Status Field */
	uint64_t delay_ns; /* of DELAY */
};

/**
 * Plan what goes wrong from now on, instead of what was planned before; `faults` are copied
 *
 * For each command the first fault that hits it counts. 0 faults: nothing goes wrong any more. A
 * command that disappears ends as a timeout (an error of the host: ETIMEDOUT) 30 seconds later on
 * the SSD's clock. Thread-safe.
 *
 * @return 0, or -EINVAL when there are more than NVMEVIRT_FAULTS_MAX or one has no such action
 */
int
nvmevirt_set_faults(struct nvmevirt *ssd, const struct nvmevirt_fault *faults, uint32_t count);

/** How many commands fault `index` of the plan has hit so far; 0 when there is no such fault */
uint64_t
nvmevirt_get_fault_hits(struct nvmevirt *ssd, uint32_t index);

/**
 * The full settings of the SSD as a description that would make it again, terminated
 *
 * What does not fit into `nbytes` is cut off.
 *
 * @return bytes that the whole would take, the terminator included
 */
size_t
nvmevirt_get_toml(const struct nvmevirt *ssd, char *buf, size_t nbytes);

/** A virtual SSD on offer to other processes */
struct nvmevirt_server;

/** How nvmevirt_serve_vfio_user() notices doorbells */
enum nvmevirt_serve_flags {
	/* They are memory that the client maps, and a thread watches it all the time: fastest.
	 * Without: each is a message, and an SSD with nothing to do takes no processor time. */
	NVMEVIRT_SERVE_POLL = 1 << 0,
};

/**
 * Offer a virtual SSD as a PCI function on a vfio-user socket, for QEMU (vfio-user-pci), SPDK or
 * vfio-user:PATH
 *
 * `uri` is what nvmevirt_create() takes; the SSD is made, or shared when one of that name exists.
 * A thread serves one client after the other from now on; each finds the controller as after
 * power-on, with the media that the last one left. The socket `path` is made. A socket there that
 * no server listens on any more is replaced; any other file there stays as it is. At the end the
 * socket is removed, unless another file took its place. The result is the caller's until
 * nvmevirt_server_stop(). Does not block; thread-safe.
 *
 * @return 0; -EADDRINUSE when another server listens on `path`, or a file is there that is no
 * socket, -ENAMETOOLONG when it is longer than 107 bytes, or what nvmevirt_create() returns.
 * nvmevirt_err_text() says more.
 */
int
nvmevirt_serve_vfio_user(const char *uri, const char *path, uint32_t flags,
			 struct nvmevirt_server **server);

/** Stop serving: the client, if any, is disconnected, and the SSD given up. NULL is fine. */
void
nvmevirt_server_stop(struct nvmevirt_server *server);

#ifdef __cplusplus
}
#endif

#endif /* LIBNVMEVIRT_H */
