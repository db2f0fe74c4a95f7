/* SPDX-License-Identifier: BSD-3-Clause */
/* Rings of each shape, in the layout of the present kernel and liburing */
#include <path/linux/kernel_ring.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ENTRIES = 4, ROUNDS = 3 * ENTRIES + 1 }; /* more than one pass of both rings */
#define NVME_SHAPE (IORING_SETUP_SQE128 | IORING_SETUP_CQE32)

/* false: this system does not support rings of that shape */
static bool
make(struct kernel_ring *ring, uint32_t shape)
{
	struct io_uring_params params = {.flags = shape};
	int err = kernel_ring_make(ring, ENTRIES, &params);

	if (err) {
		print_message("no ring of shape %x: %s\n", shape, strerror(-err));
		return false;
	}
	assert_int_equal(ring->setup_flags & shape, shape);
	assert_int_equal(ring->sq_entries, ENTRIES);
	assert_int_equal(ring->sqe_shift, shape & IORING_SETUP_SQE128 ? 7 : 6);
	return true;
}

/* A command that reads a byte from a pipe, which is already there; each a different one, so that a
 * wrong entry or completion is detected */
static void
read_bytes(struct kernel_ring *ring)
{
	struct {
		struct io_uring_sqe sqe;
		char rest[64];
	} entry = {0};
	char byte = 0;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	for (char i = 1; i <= ROUNDS; ++i) {
		assert_int_equal(write(ends[1], &i, 1), 1);
		io_uring_prep_read(&entry.sqe, ends[0], &byte, 1, (uint64_t)-1);
		assert_int_equal(kernel_ring_run(ring, &entry), 1);
		assert_int_equal(byte, i);
	}
	(void)close(ends[0]);
	io_uring_prep_read(&entry.sqe, ends[0], &byte, 1, (uint64_t)-1);
	assert_int_equal(kernel_ring_run(ring, &entry), -EBADF);
	(void)close(ends[1]);
}

static void
rings_of_each_shape_work(void **state)
{
	const uint32_t shapes[] = {0, IORING_SETUP_SUBMIT_ALL, IORING_SETUP_SQPOLL, NVME_SHAPE};
	struct kernel_ring ring;
	int made = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
		if (make(&ring, shapes[i])) {
			read_bytes(&ring);
			if (kernel_ring_register_fd(&ring)) {
				read_bytes(&ring);
			}
			kernel_ring_free(&ring);
			made += 1;
		}
	}
	if (!made) {
		skip();
	}
}

static void
a_wait_ends_at_its_time(void **state)
{
	struct kernel_ring ring;

	(void)state;
	if (!make(&ring, 0)) {
		skip();
	}
	if (ring.features & IORING_FEAT_EXT_ARG) {
		assert_int_equal(kernel_ring_wait(&ring, 1000000), -ETIME);
	}
	/* a no-op, which completes at once */
	memset(ring.sqes, 0, 64);
	__atomic_store_n(ring.sq_tail, *ring.sq_tail + 1, __ATOMIC_RELEASE);
	assert_int_equal(io_uring_enter((unsigned int)ring.fd, 1, 0, 0, NULL), 1);
	assert_int_equal(kernel_ring_wait(&ring, UINT64_MAX), 0);
	kernel_ring_free(&ring);
}

/* The kernel's limit is 32768 entries */
static void
what_the_kernel_refuses_leaves_nothing(void **state)
{
	struct io_uring_params params = {0};
	struct kernel_ring ring;
	int before = dup(0);
	int after;

	(void)state;
	(void)close(before);
	assert_true(kernel_ring_make(&ring, 1U << 20, &params) < 0);
	after = dup(0);
	(void)close(after);
	assert_int_equal(after, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_of_each_shape_work),
		cmocka_unit_test(a_wait_ends_at_its_time),
		cmocka_unit_test(what_the_kernel_refuses_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
