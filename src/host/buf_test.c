/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that buffers are filled from: no program that is started meanwhile gets them too */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/xnvme_buf_test_XXXXXX";
static char fifo[64];
static char buf[16];

static void *
fill(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)xnvme_buf_from_file(buf, sizeof(buf), fifo);
}

static void *
save(void *arg)
{
	static char more[1 << 20]; /* than a pipe holds */

	(void)arg;
	return (void *)(intptr_t)xnvme_buf_to_file(more, sizeof(more), fifo);
}

/* Descriptors of the FIFO but for `own`, and whether all of them are closed by exec */
static int
count_others(int own, bool *closed)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int count = 0;

	*closed = true;
	while ((entry = readdir(dir))) {
		char target[128] = "";
		int fd = atoi(entry->d_name);

		if (readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1) > 0 &&
		    fd != own && !strcmp(target, fifo)) {
			count += 1;
			*closed &= (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
		}
	}
	(void)closedir(dir);
	return count;
}

static void
a_file_is_this_programs(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	for (int way = 0; way < 2; ++way) {
		pthread_t thread;
		bool closed;
		void *rc;
		int fd;

		assert_int_equal(pthread_create(&thread, NULL, way ? save : fill, NULL), 0);
		fd = open(fifo, way ? O_RDONLY : O_WRONLY); /* the thread has it open, too */
		assert_true(fd >= 0);
		while (count_others(fd, &closed) == 0) {
			(void)usleep(1000);
		}
		assert_true(closed);
		while (way && read(fd, buf, sizeof(buf)) > 0) {
			;
		}
		assert_int_equal(close(fd), 0);
		assert_int_equal(pthread_join(thread, &rc), 0);
		assert_int_equal((intptr_t)rc, 0);
	}
	assert_int_equal(unlink(fifo), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_is_this_programs)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
