/* SPDX-License-Identifier: BSD-3-Clause */
/* Files whose calls are interrupted, and vectors with empty entries */
#include <os/os.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

static int interruptions; /* calls that a signal is still to interrupt */

static bool
interrupted(void)
{
	if (interruptions > 0) {
		interruptions -= 1;
		errno = EINTR;
		return true;
	}
	return false;
}

/* Replaces the C library's function */
int
fallocate(int fd, int mode, off_t offset, off_t len)
{
	return interrupted() ? -1 : (int)syscall(SYS_fallocate, fd, mode, offset, len);
}

int
fdatasync(int fd)
{
	return interrupted() ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static int
make_file(void)
{
	char name[] = "/tmp/xnvme_file_test_XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	return fd;
}

static void
signals_end_no_call(void **state)
{
	char bytes[8192];
	struct iovec vec = {bytes, sizeof(bytes)};
	int fd = make_file();

	(void)state;
	memset(bytes, 7, sizeof(bytes));
	assert_int_equal(os_fd_writev(fd, &vec, 1, 0, false), sizeof(bytes));
	interruptions = 3;
	assert_int_equal(os_fd_flush(fd), 0);
	assert_int_equal(interruptions, 0);
	interruptions = 3;
	assert_int_equal(os_fd_zero(fd, 0, 4096, false), 0);
	assert_int_equal(interruptions, 0);
	interruptions = 3;
	assert_int_equal(os_fd_discard(fd, 4096, 4096), 0);
	assert_int_equal(interruptions, 0);
	assert_int_equal(os_fd_readv(fd, &vec, 1, 0), sizeof(bytes));
	for (size_t i = 0; i < 4096; ++i) {
		assert_int_equal(bytes[i], 0);
	}
	assert_int_equal(close(fd), 0);
}

/* A call takes 64 entries: when all of these were empty, the rest was not moved */
static void
empty_vectors_are_no_end(void **state)
{
	struct iovec vec[200] = {{0}};
	char out[3] = "abc", back[3] = "";
	int fd = make_file();

	(void)state;
	vec[70] = (struct iovec){out, 1};
	vec[127] = (struct iovec){out + 1, 1};
	vec[199] = (struct iovec){out + 2, 1};
	assert_int_equal(os_fd_writev(fd, vec, 200, 0, false), 3);
	vec[70].iov_base = back;
	vec[127].iov_base = back + 1;
	vec[199].iov_base = back + 2;
	assert_int_equal(os_fd_readv(fd, vec, 200, 0), 3);
	assert_memory_equal(back, "abc", 3);
	assert_int_equal(os_fd_readv(fd, vec, 200, 1), 2);
	assert_int_equal(os_fd_readv(fd, vec, 200, 3), 0);
	assert_int_equal(os_fd_readv(fd, vec, 4, 0), 0);
	assert_int_equal(close(fd), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_end_no_call),
		cmocka_unit_test(empty_vectors_are_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
