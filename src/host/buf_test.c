/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that buffers are filled from: a program that another thread starts does not inherit their
 * descriptors */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <dirent.h>
#include <errno.h>
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
	static char more[1 << 20]; /* more than the capacity of a pipe */

	(void)arg;
	return (void *)(intptr_t)xnvme_buf_to_file(more, sizeof(more), fifo);
}

/* Counts the descriptors of the FIFO except `own`; are all of them close-on-exec? */
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
		fd = open(fifo, way ? O_RDONLY : O_WRONLY); /* the thread has it open too */
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

/* Programs for xNVMe 0.7.5 request the physical address, and continue without it on ENOSYS */
static void
no_translation_is_enosys(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	uint64_t phys = 0;

	(void)state;
	assert_non_null(dev);
	assert_int_equal(xnvme_buf_vtophys(dev, buf, &phys), -ENOSYS);
	assert_null(xnvme_buf_phys_alloc(dev, 4096, &phys));
	assert_int_equal(errno, ENOSYS);
	xnvme_dev_close(dev);
	dev = xnvme_dev_open("pci-virt:null", NULL);
	assert_non_null(dev);
	void *mapped = xnvme_buf_phys_alloc(dev, 4096, &phys);

	assert_non_null(mapped);
	xnvme_buf_phys_free(dev, mapped);
	xnvme_dev_close(dev);
}

/* Programs compare the limits of a copy as int, and divide by them */
static void
limits_of_a_copy_fit_an_int(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);

	(void)state;
	assert_non_null(dev);
	const struct xnvme_spec_idfy_ns *ns = xnvme_dev_get_ns(dev);

	assert_true((int)ns->mcl > 0);
	assert_int_equal(XNVME_MIN(ns->msrc + 1, (int)ns->mcl), ns->msrc + 1);
	assert_true(ns->mcl <= (ns->msrc + 1U) * ns->mssrl);
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_this_programs),
		cmocka_unit_test(no_translation_is_enosys),
		cmocka_unit_test(limits_of_a_copy_fit_an_int),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
