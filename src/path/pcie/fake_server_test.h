/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A small NVMe controller on a vfio-user socket, served by a thread, with one fault that a client
 * must survive.
 */
#ifndef PATH_PCIE_FAKE_SERVER_TEST_H
#define PATH_PCIE_FAKE_SERVER_TEST_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
	FAULT_NONE,
	FAULT_BUSY,		/* refuses VERSION with EBUSY */
	FAULT_SILENT,		/* answers nothing */
	FAULT_DRIP,		/* sends its answer to VERSION byte by byte, never all */
	FAULT_ENDLESS_DMA,	/* sends DMA requests for ever instead of answering */
	FAULT_ENDLESS_MUTE,	/* the same, without reading the answers */
	FAULT_DOORBELLS_SHORT,	/* the file of the doorbells is shorter than their area */
	FAULT_DOORBELLS_UNSEALED, /* long enough at first, and truncated after the first read */
	FAULT_CUTS_MEMORY,	/* truncates the files that it receives */
	FAULT_STRAY,		/* before each admin completion: unknown command identifiers */
	FAULT_STRAY_ENDLESS,	/* I/O queues: only completions with unknown identifiers */
	FAULT_NO_SIGNAL, /* like SPDK's target: fails when the pin or messages are enabled without
			  * an eventfd; the client before left messages enabled */
	FAULT_FAILS_ONCE,	/* one read of CSTS returns Controller Fatal Status */
	FAULT_TINY_QUEUES,	/* I/O queues of at most 48 entries: not a power of two */
	FAULT_TWIN_PIPE,	/* the socket for its own requests is a pipe */
};

struct fake_server;

/* Serves one client at `path`; the socket file is removed at the end */
struct fake_server *fake_server_start(const char *path, enum fault fault);
void fake_server_stop(struct fake_server *server);

/* Memory files received, and how many of these could be truncated */
uint32_t fake_server_files(const struct fake_server *server);
uint32_t fake_server_cut(const struct fake_server *server);
/* How often the controller was enabled */
uint32_t fake_server_enabled(const struct fake_server *server);

#endif /* PATH_PCIE_FAKE_SERVER_TEST_H */
