/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for which the client sent no file: the server accesses it by messages (DMA_READ,
 * DMA_WRITE), on the client's socket or on the twin socket.
 */
#include <time.h>
#include <export/vfio_user/client_test.h>
#include <export/vfio_user/server.h>

#define TWIN "\"twin_socket\":{\"supported\":true}"

/* A client without files, with these capabilities */
static void
begin_far(const char *capabilities)
{
	char json[256];

	snprintf(json, sizeof(json), "{\"capabilities\":{%s}}", capabilities);
	assert_int_equal(say_version(0, 1, json), 0);
	if (strstr(capabilities, TWIN)) {
		assert_non_null(strstr((const char *)t.reply + sizeof(struct vfu_version),
				       "\"twin_socket\":{\"supported\":true,\"fd_index\":0}"));
		assert_true(t.fd >= 0);
		t.twin = t.fd;
		t.fd = -1;
	} else {
		assert_int_equal(t.fd, -1);
	}
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, false), 0);
	t.far = true;
	t.refuse = 0;
	t.more = 0;
}

static void
a_controller_works_by_messages(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 4; ++round) {
		t.reads = t.writes = t.longest = 0;
		begin_far(round & 1 ? TWIN : "\"max_data_xfer_size\":512");
		identify();
		assert_true(t.reads >= 1);
		assert_true(t.writes >= (round & 1 ? 3 : 10)); /* 4096 bytes, and the completion */
		assert_true(t.longest <= (round & 1 ? 4096 : 512));
		reconnect();
	}
}

/* On a single socket the client's commands are deferred meanwhile, and answered in their order */
static void
commands_between_a_request_and_its_answer(void **state)
{
	const struct vfu_region_access a = {REG_VS, VFU_REGION_BAR0, 4};
	const struct vfu_device_info info = {.argsz = sizeof(info)};
	struct {
		struct vfu_region_access a;
		uint32_t value;
	} ring = {{REG_DOORBELLS, VFU_REGION_BAR0, 4}, 1};
	struct vfu_dma_access access;
	struct vfu_header header;

	(void)state;
	begin_far("");
	enable();
	put_identify();
	send_message(VFU_REGION_WRITE, VFU_NO_REPLY, &ring, 20, NULL, 0);
	assert_true(take_request(&header, &access, 5000));
	assert_int_equal(header.command, VFU_DMA_READ);
	assert_int_equal(access.addr, IOVA);
	assert_int_equal(access.count, 64);
	for (uint32_t i = 0; i < 20; ++i) {
		send_message(VFU_REGION_READ, 0, &a, sizeof(a), NULL, 0);
		send_message(VFU_GET_INFO, 0, &info, sizeof(info), &t.mem_fd, 1);
	}
	answer_request(&header, &access);
	for (uint32_t i = 0; i < 40; ++i) {
		assert_int_equal(receive(), 0);
		assert_int_equal(t.header.command, i & 1 ? VFU_GET_INFO : VFU_REGION_READ);
	}
	assert_true(t.writes > 0);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
}

/* A client that refuses access: the command fails or, if it affects a queue, the controller; the
 * client stays connected */
static void
a_client_that_refuses(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 2; ++round) {
		begin_far(round ? TWIN : "");
		enable();
		put_identify();
		t.refuse = EFAULT;
		write4(REG_DOORBELLS, 1);
		for (uint32_t tries = 0; tries < 5000; ++tries) {
			struct vfu_dma_access access;
			struct vfu_header header;

			if (t.twin >= 0 && take_request(&header, &access, 1)) {
				answer_request(&header, &access);
			}
			if (read4(VFU_REGION_BAR0, REG_CSTS) & CSTS_CFS) {
				break;
			}
		}
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY | CSTS_CFS);
		t.refuse = 0;
		write4(REG_CC, 0);
		identify();
		reconnect();
	}
}

static bool
hung_up(void)
{
	struct pollfd p = {.fd = t.socket, .events = POLLIN};
	uint8_t byte;

	return poll(&p, 1, 5000) == 1 && recv(t.socket, &byte, 1, 0) <= 0;
}

/* A reply that does not match the request disconnects the client, without other effect */
static void
answers_that_make_no_sense(void **state)
{
	(void)state;
	for (uint32_t what = 0; what < 16; ++what) {
		struct vfu_dma_access access;
		struct vfu_header header;

		begin_far(what & 1 ? TWIN : "");
		enable();
		put_identify();
		write4(REG_DOORBELLS, 1);
		assert_true(take_request(&header, &access, 5000));
		header.id ^= what / 2 == 0 ? 1 : 0;
		header.command ^= what / 2 == 1 ? VFU_DMA_READ ^ VFU_DMA_WRITE : 0;
		access.addr += what / 2 == 2 ? 4096 : 0;
		access.count -= what / 2 == 3;
		t.more = what / 2 == 4 ? 8 : what / 2 == 5 ? -8 : 0;
		if (what / 2 == 6) { /* an error is a header alone */
			t.refuse = EIO;
			t.more = 16;
		}
		if (what / 2 == 7) { /* half of it, then a disconnect */
			shutdown(t.twin >= 0 ? t.twin : t.socket, SHUT_WR);
		} else {
			answer_request(&header, &access);
		}
		assert_true(hung_up());
		reconnect();
	}
	begin_far("");
	identify();
}

static void
a_client_that_does_not_answer(void **state)
{
	const struct vfu_device_info info = {.argsz = sizeof(info)};

	(void)state;
	for (uint32_t round = 0; round < 3; ++round) {
		struct vfu_dma_access access;
		struct vfu_header header;

		atomic_store(&t.server->timeout_ms, round == 2 ? 60000 : 100);
		begin_far(round == 1 ? TWIN : "");
		enable();
		put_identify();
		write4(REG_DOORBELLS, 1);
		assert_true(take_request(&header, &access, 5000));
		if (round == 2) { /* many commands, but no answer */
			for (uint32_t i = 0; i < DEFERRED_MAX + 10; ++i) {
				send_message(VFU_GET_INFO, 0, &info, sizeof(info), NULL, 0);
			}
		}
		assert_true(hung_up());
		reconnect();
	}
	atomic_store(&t.server->timeout_ms, 60000);
	begin_far("");
	identify();
}

/* More replies than fit into a socket, all unread; then the start of a long message */
static void
ask_and_do_not_listen(void)
{
	const struct vfu_region_access a = {0, VFU_REGION_CONFIG, 4096};
	const struct vfu_header header = {
		.id = 77, .command = VFU_REGION_WRITE, .nbytes = 1 << 20};

	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint32_t i = 0; i < 300; ++i) {
		send_message(VFU_REGION_READ, 0, &a, sizeof(a), NULL, 0);
	}
	send_raw(&header, sizeof(header), NULL, 0);
}

/* Sending byte by byte does not keep the client connected, nor the server from stopping */
static void
a_client_that_does_not_listen(void **state)
{
	bool gone = false;
	time_t begin;

	atomic_store(&t.server->timeout_ms, 200);
	ask_and_do_not_listen();
	for (uint32_t i = 0; i < 200 && !gone; ++i) {
		usleep(20000);
		gone = send(t.socket, "", 1, MSG_NOSIGNAL) < 0;
	}
	assert_true(gone);
	atomic_store(&t.server->timeout_ms, 60000);
	reconnect();
	ask_and_do_not_listen();
	usleep(50000);
	begin = time(NULL);
	vfio_user_stop(t.server);
	assert_true(time(NULL) - begin < 30);
	close(t.socket);
	close(t.mem_fd);
	munmap(t.mem, MEM_NBYTES);
	start_polled(state); /* stopped by the teardown of this test */
}

/* The server requests no access that the map forbids */
static void
memory_that_allows_one_way_only(void **state)
{
	(void)state;
	for (uint32_t flags = 1; flags <= 2; ++flags) {
		for (uint32_t with_fd = 0; with_fd < 2; ++with_fd) {
			assert_int_equal(say_version(0, 1, NULL), 0);
			assert_int_equal(map(IOVA, 4096, 0, 1, with_fd), 0); /* read only */
			assert_int_equal(map(IOVA + 4096, 4096, 4096, flags, with_fd), 0);
			enable();
			assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS),
					 flags == 2 ? CSTS_RDY : CSTS_CFS);
			reconnect();
			assert_int_equal(say_version(0, 1, NULL), 0);
			assert_int_equal(map(IOVA, 4096, 0, flags, with_fd), 0);
			assert_int_equal(map(IOVA + 4096, 4096, 4096, 2, with_fd), 0);
			enable();
			assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS),
					 flags == 1 ? CSTS_RDY : CSTS_CFS);
			reconnect();
		}
	}
}

static void
a_queued_write_at_the_end_of_memory_is_read_back(void **state)
{
	const uint64_t at = UINT64_MAX - 15;
	uint8_t written[16], got[16] = {0};
	struct far_memory far = {0};

	(void)state;
	memset(written, 0xA5, sizeof(written));
	far_init(&far);
	assert_true(far_copy(&far, at, written, sizeof(written), true));
	assert_true(far_copy(&far, at, got, sizeof(got), false));
	assert_memory_equal(got, written, sizeof(got));
	far_forget(&far);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start_polled, stop)
#define E(name)                                                                                    \
	{                                                                                          \
#name " (event)", name, start_event, stop, NULL                                    \
	}
	const struct CMUnitTest tests[] = {
		T(a_controller_works_by_messages),
		E(a_controller_works_by_messages),
		T(commands_between_a_request_and_its_answer),
		E(commands_between_a_request_and_its_answer),
		T(a_client_that_refuses),
		E(a_client_that_refuses),
		T(answers_that_make_no_sense),
		E(a_client_that_does_not_answer),
		E(a_client_that_does_not_listen),
		T(memory_that_allows_one_way_only),
		cmocka_unit_test(a_queued_write_at_the_end_of_memory_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
