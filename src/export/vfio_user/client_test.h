/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of this folder: a server, and a client that implements the protocol directly.
 */
#ifndef EXPORT_VFIO_USER_CLIENT_TEST_H
#define EXPORT_VFIO_USER_CLIENT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>
#include <export/vfio_user/vfio_user.h>
#include <nvme/regs.h>
#include <nvme/vfio_user.h>

#define IOVA 0x40000000ull
#define MEM_NBYTES (1u << 20)
#define USUAL "null,size=16MiB"

struct client_test {
	char path[64];
	struct server *server;
	int socket;
	struct vfu_header header; /* of the last reply */
	uint8_t reply[8192];
	uint32_t nbytes; /* of its payload */
	int fd;          /* that came with it */
	int mem_fd;
	uint8_t *mem;

	/* memory without a file, which the server must request */
	int twin;     /* socket of the server's requests; -1: `socket` */
	bool far;     /* answer requests while waiting for replies */
	int refuse;   /* errno for every answer; 0: return the requested bytes */
	int32_t more; /* surplus bytes in the answers */
	uint32_t reads, writes, longest;
};

extern struct client_test t;

void connect_to_server(void);
int start(bool poll_doorbells, const char *name);
int start_polled(void **state);
int start_event(void **state);
int stop(void **state);
void send_raw(const void *data, size_t nbytes, const int *fds, uint32_t nfds);
void send_message(uint16_t command, uint32_t flags, const void *payload, uint32_t nbytes,
		  const int *fds, uint32_t nfds);
int receive(void);
int ask(uint16_t command, const void *payload, uint32_t nbytes);
int say_version(uint16_t major, uint16_t minor, const char *json);
int map(uint64_t addr, uint64_t nbytes, uint64_t offset, uint32_t flags, bool with_fd);
int unmap(uint64_t addr, uint64_t nbytes, uint32_t flags);
int access_region(bool write, uint32_t region, uint64_t offset, uint32_t count,
		  const void *data);
uint32_t read4(uint32_t region, uint64_t offset);
void write4(uint64_t offset, uint32_t value);
/* The command register of configuration space */
#define COMMAND_MEMORY_AND_MASTER 0x0006u
void set_command(uint16_t value);
void set_messages(uint16_t control); /* of MSI-X: 8000h enables, 4000h masks all */
int set_irqs(uint32_t flags, uint32_t index, uint32_t first, uint32_t count, const int *fds,
	     uint32_t nfds);
void reconnect(void);
/* Enables the controller and has it execute Identify, with the doorbell as a message */
void enable(void);
void put_identify(void);
void identify(void);

/* Wait for a request of the server; answer it. False: it timed out, or the server disconnected. */
bool take_request(struct vfu_header *header, struct vfu_dma_access *access, int wait_ms);
void answer_request(const struct vfu_header *header, const struct vfu_dma_access *access);

#endif /* EXPORT_VFIO_USER_CLIENT_TEST_H */
