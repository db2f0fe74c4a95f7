/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Servers that access a client's memory, correctly and incorrectly.
 */
#include <path/pcie/vfu_memory.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define IOVA 0x100000u

#define LIMIT_US 50000u

static struct {
	struct vfu_memory *memory;
	int server;
	uint8_t bytes[4096];
} rig;

struct request {
	struct vfu_header header;
	struct vfu_dma_access access;
};

static int
rig_make(void **state)
{
	int ends[2];

	(void)state;
	memset(rig.bytes, 0x11, sizeof(rig.bytes));
	rig.memory = vfu_memory_new();
	if (!rig.memory || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    vfu_memory_add(rig.memory, IOVA, rig.bytes, sizeof(rig.bytes))) {
		return -1;
	}
	rig.server = ends[0];
	return vfu_memory_serve(rig.memory, ends[1], LIMIT_US * 1000u);
}

static int
rig_free(void **state)
{
	(void)state;
	(void)close(rig.server);
	vfu_memory_free(rig.memory);
	return 0;
}

/* The start of a request for `count` bytes, with the first `sent` of them */
static void
ask(uint16_t command, uint64_t addr, uint64_t count, size_t sent)
{
	uint64_t data = command == VFU_DMA_WRITE ? count : 0;
	struct request request = {{.id = 7, .command = command}, {addr, count}};
	uint8_t content[4096];

	memset(content, 0x22, sizeof(content));
	request.header.nbytes = (uint32_t)(sizeof(request) + data);
	assert_int_equal(send(rig.server, &request, sizeof(request), 0), sizeof(request));
	assert_int_equal(send(rig.server, content, sent, 0), sent);
}

static void
expect(void *to, size_t nbytes)
{
	assert_int_equal(recv(rig.server, to, nbytes, MSG_WAITALL), nbytes);
}

static void
memory_is_read_and_written(void **state)
{
	struct request reply;
	uint8_t content[16];

	(void)state;
	(void)usleep(2 * LIMIT_US); /* a server may be idle for longer than the limit */
	ask(VFU_DMA_WRITE, IOVA + 100, 16, 16);
	expect(&reply, sizeof(reply));
	assert_int_equal(reply.header.flags, VFU_TYPE_REPLY);
	assert_int_equal(rig.bytes[99], 0x11);
	assert_int_equal(rig.bytes[100], 0x22);
	assert_int_equal(rig.bytes[116], 0x11);
	ask(VFU_DMA_READ, IOVA + 92, 16, 0);
	expect(&reply, sizeof(reply));
	expect(content, sizeof(content));
	assert_int_equal(content[7], 0x11);
	assert_int_equal(content[8], 0x22);
	/* one byte beyond the end: an error, and the connection continues */
	ask(VFU_DMA_READ, IOVA + sizeof(rig.bytes) - 1, 2, 0);
	expect(&reply.header, sizeof(reply.header));
	assert_true(reply.header.flags & VFU_ERROR);
	assert_int_equal(reply.header.error, EFAULT);
	ask(VFU_DMA_WRITE, IOVA, 4, 4);
	expect(&reply, sizeof(reply));
	assert_int_equal(rig.bytes[0], 0x22);
}

/* A server that stopped inside a write blocked the client's access to its own memory for ever */
static void
half_a_write_blocks_no_other(void **state)
{
	uint8_t byte;

	(void)state;
	ask(VFU_DMA_WRITE, IOVA, sizeof(rig.bytes), 10);
	(void)usleep(10000);
	(void)alarm(5);
	vfu_memory_remove(rig.memory, IOVA);
	(void)alarm(0);
	assert_int_equal(recv(rig.server, &byte, 1, 0), 0); /* the server sees the disconnect */
}

/* And so did one that does not receive the answer */
static void
an_answer_that_is_not_read_blocks_no_other(void **state)
{
	(void)state;
	for (int i = 0; i < 300; ++i) { /* more than fits into a socket */
		struct request request = {{.nbytes = sizeof(request), .command = VFU_DMA_READ},
					  {IOVA, sizeof(rig.bytes)}};

		if (send(rig.server, &request, sizeof(request), MSG_NOSIGNAL) < 0) {
			break;
		}
	}
	(void)alarm(5);
	vfu_memory_remove(rig.memory, IOVA);
	(void)alarm(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_is_read_and_written, rig_make, rig_free),
		cmocka_unit_test_setup_teardown(half_a_write_blocks_no_other, rig_make, rig_free),
		cmocka_unit_test_setup_teardown(an_answer_that_is_not_read_blocks_no_other,
						rig_make, rig_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
