/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of huge pages on a system without any: ordinary pages replace them */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* Replaces the C library's */
void *
mmap(void *addr, size_t nbytes, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, addr, nbytes, prot, flags & ~MAP_HUGETLB, fd, offset);
}

static struct xnvme_dev *
open_with(uint8_t register_buffers, size_t heap_nbytes)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.mem = "hugepage";
	opts.register_buffers = register_buffers;
	opts.host_heap_size = heap_nbytes;
	return xnvme_dev_open("1MiB", &opts);
}

/* Registration was dropped without a note */
static void
what_is_not_registered_is_said(void **state)
{
	struct xnvme_dev *dev = open_with(1, 0);

	(void)state;
	assert_non_null(dev);
	assert_non_null(strstr(xnvme_dev_get_note(dev), "register_buffers was dropped"));
	xnvme_dev_close(dev);
	dev = open_with(0, 0);
	assert_non_null(dev);
	assert_null(strstr(xnvme_dev_get_note(dev), "register_buffers"));
	xnvme_dev_close(dev);
}

static void
a_heap_has_a_limit(void **state)
{
	struct xnvme_dev *dev = open_with(0, 4UL << 20);
	void *a, *b;

	(void)state;
	assert_non_null(dev);
	a = xnvme_buf_alloc(dev, 2UL << 20);
	b = xnvme_buf_alloc(dev, 2UL << 20);
	assert_non_null(a);
	assert_non_null(b);
	memset(a, 1, 2UL << 20);
	memset(b, 2, 2UL << 20);
	errno = 0;
	assert_null(xnvme_buf_alloc(dev, 4096));
	assert_int_equal(errno, ENOMEM);
	xnvme_buf_free(dev, a);
	a = xnvme_buf_alloc(dev, 4096);
	assert_non_null(a);
	xnvme_buf_free(dev, a);
	xnvme_buf_free(dev, b);
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_registered_is_said),
		cmocka_unit_test(a_heap_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
