/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Connections that do not become the client: silent ones block no slot, others get an error at
 * once, since the server is busy; and a client that stops inside a message is dropped.
 */
#include <export/vfio_user/client_test.h>
#include <export/vfio_user/server.h>

#define SILENT 12u /* more than the lobby holds */

static int silent[SILENT];

/* Another connection; t.socket is unchanged */
static int
connect_another(void)
{
	int first = t.socket, other;

	connect_to_server();
	other = t.socket;
	t.socket = first;
	return other;
}

static int
version_on(int fd)
{
	int first = t.socket, err;

	t.socket = fd;
	err = say_version(0, 1, NULL);
	t.socket = first;
	return err;
}

static bool
hangs_up(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint8_t byte;

	return poll(&p, 1, 30000) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

/* Without a byte, with one, with a header alone */
static void
silent_ones_hold_no_slot(void **state)
{
	static const struct vfu_header half = {.command = VFU_VERSION, .nbytes = 100};

	(void)state;
	atomic_store(&t.server->timeout_ms, 200);
	for (uint32_t i = 0; i < SILENT; ++i) {
		static const size_t said[] = {0, 1, sizeof(half)};

		silent[i] = connect_another();
		(void)send(silent[i], &half, said[i % 3], MSG_NOSIGNAL);
	}
	reconnect(); /* after all of these */
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	atomic_store(&t.server->timeout_ms, 60000);
	identify();
	for (uint32_t i = 0; i < SILENT; ++i) {
		close(silent[i]);
	}
}

/* And they are dropped after a client's time limit */
static void
silent_ones_are_not_kept(void **state)
{
	(void)state;
	atomic_store(&t.server->timeout_ms, 50);
	silent[0] = connect_another();
	silent[1] = connect_another();
	(void)send(silent[1], "", 1, MSG_NOSIGNAL);
	assert_true(hangs_up(silent[0]));
	assert_true(hangs_up(silent[1]));
	close(silent[0]);
	close(silent[1]);
}

static void
others_are_told_that_it_is_busy(void **state)
{
	int other;

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint32_t i = 0; i < 20; ++i) {
		other = connect_another();
		assert_int_equal(version_on(other), EBUSY);
		assert_true(hangs_up(other));
		close(other);
	}
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	identify();
	reconnect(); /* the server accepts the next client as soon as this one has left */
	assert_int_equal(say_version(0, 1, NULL), 0);
}

/* ... also while it waits for the client */
static void
it_says_so_while_it_waits_for_the_client(void **state)
{
	struct vfu_dma_access access;
	struct vfu_header header;
	int other;

	(void)state;
	atomic_store(&t.server->timeout_ms, 60000);
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, false), 0);
	enable();
	put_identify();
	write4(REG_DOORBELLS, 1);
	assert_true(take_request(&header, &access, 5000));
	other = connect_another();
	assert_int_equal(version_on(other), EBUSY);
	close(other);
	answer_request(&header, &access);
}

static void
half_a_message_is_not_waited_for(void **state)
{
	const struct vfu_header header = {.command = VFU_GET_INFO, .nbytes = 32};
	uint8_t half[20] = {0};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	atomic_store(&t.server->timeout_ms, 50);
	memcpy(half, &header, sizeof(header));
	(void)send(t.socket, half, sizeof(half), MSG_NOSIGNAL);
	assert_true(hangs_up(t.socket));
	reconnect();
	assert_int_equal(say_version(0, 1, NULL), 0);
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
		T(silent_ones_hold_no_slot),
		E(silent_ones_hold_no_slot),
		T(silent_ones_are_not_kept),
		E(silent_ones_are_not_kept),
		T(others_are_told_that_it_is_busy),
		E(others_are_told_that_it_is_busy),
		T(it_says_so_while_it_waits_for_the_client),
		E(it_says_so_while_it_waits_for_the_client),
		T(half_a_message_is_not_waited_for),
		E(half_a_message_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
