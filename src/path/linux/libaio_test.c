/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks for libaio when a handle is opened: a clear answer, in little time */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <libaio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int refusal; /* the error of a filter */
static int made;

/* Replaces the library's */
int
io_setup(int nevents, io_context_t *io)
{
	(void)io;
	made += nevents > 0;
	return refusal ? refusal : nevents > 0 ? 0 : -EINVAL;
}

int
io_destroy(io_context_t io)
{
	(void)io;
	return 0;
}

/* Ending a context takes tens of milliseconds: a handle without a queue must not create one */
static void
opens_without_a_context(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	refusal = 0;
	opts.async = "libaio";
	dev = xnvme_dev_open(*state, &opts);
	assert_non_null(dev);
	assert_string_equal(xnvme_dev_get_opts(dev)->async, "libaio");
	assert_int_equal(made, 0);
	xnvme_dev_close(dev);
}

static void
is_refused_where_it_cannot_be_had(void **state)
{
	static const int refusals[] = {-ENOSYS, -EPERM};
	struct xnvme_opts opts = xnvme_opts_default();

	opts.async = "libaio";
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); ++i) {
		refusal = refusals[i];
		assert_null(xnvme_dev_open(*state, &opts));
		assert_int_equal(errno, -refusals[i]);
		assert_non_null(strstr(xnvme_err_text(), "async=thrpool"));
	}
}

int
main(void)
{
	static char file[] = "/tmp/xnvme_libaio_test_XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(opens_without_a_context, file),
		cmocka_unit_test_prestate(is_refused_where_it_cannot_be_had, file),
	};
	int fd = mkstemp(file);
	int failed;

	if (fd < 0 || ftruncate(fd, 1 << 20)) {
		return 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)close(fd);
	(void)unlink(file);
	return failed;
}
