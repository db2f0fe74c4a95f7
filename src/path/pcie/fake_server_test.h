/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A small NVMe controller on a vfio-user socket, served by a thread, which in one point does not
 * behave: what a client has to survive.
 */
#ifndef PATH_PCIE_FAKE_SERVER_TEST_H
#define PATH_PCIE_FAKE_SERVER_TEST_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
	FAULT_NONE,
	FAULT_BUSY,		/* refuses VERSION with EBUSY */
	FAULT_SILENT,		/* answers nothing */
	FAULT_DRIP,		/* sends its answer to VERSION a byte at a time, and never all */
	FAULT_ENDLESS_DMA,	/* asks for memory for ever instead of answering */
	FAULT_ENDLESS_MUTE,	/* the same, without taking the answers */
	FAULT_DOORBELLS_SHORT,	/* the file of the doorbells is shorter than their area */
	FAULT_DOORBELLS_UNSEALED, /* it is long enough, and is cut short after the first read */
	FAULT_CUTS_MEMORY,	/* cuts off the files that it is sent */
	FAULT_STRAY,		/* before each admin completion: identifiers that no command has */
	FAULT_STRAY_ENDLESS,	/* I/O queues: nothing but such completions */
	FAULT_NO_SIGNAL, /* as SPDK's target: fails when the pin or messages are enabled and it has
			  * no descriptor for them; messages are, by the client that was before */
	FAULT_FAILS_ONCE,	/* one look at CSTS says that it failed */
	FAULT_TINY_QUEUES,	/* I/O queues of 48 entries at most: no power of two */
	FAULT_TWIN_PIPE,	/* the socket to ask on is a pipe */
};

struct fake_server;

/* Serves one client at `path`; the file is removed at the end */
struct fake_server *fake_server_start(const char *path, enum fault fault);
void fake_server_stop(struct fake_server *server);

/* Memory files that were sent, and how many of these let themselves be cut off */
uint32_t fake_server_files(const struct fake_server *server);
uint32_t fake_server_cut(const struct fake_server *server);
/* How often the controller was enabled */
uint32_t fake_server_enabled(const struct fake_server *server);

#endif /* PATH_PCIE_FAKE_SERVER_TEST_H */
