/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host says about devices that do not answer as they should, and asks of those that do */
#include <host/dev.h>
#include <host/err.h>
#include <host/mem.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

extern const struct mem_ops mem_posix;

static const char *reason; /* what the path says when it fails; NULL: nothing */
static uint32_t calls;

static int
refuse(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	(void)role;
	(void)payload;
	calls += 1;
	return reason ? err_set(cpl_set_status(ctx, 0, SC_INVALID_FIELD), "%s", reason)
		      : cpl_set_status(ctx, 0, SC_INVALID_FIELD);
}

static const struct path refusing = {.name = "refusing", .call = refuse};

static void
dev_init(struct xnvme_dev *dev)
{
	memset(dev, 0, sizeof(*dev));
	dev->path[ROLE_ADMIN] = &refusing;
	dev->mem = &mem_posix;
	strcpy(dev->ident.uri, "fake");
	calls = 0;
}

/* The reason of a refusal by the device was the sentence of whatever had failed before */
static void
another_failure_is_no_reason(void **state)
{
	static struct xnvme_dev dev;

	(void)state;
	dev_init(&dev);
	reason = NULL;
	(void)err_set(-ENOENT, "an older story");
	assert_int_equal(dev_identify(&dev), -EIO);
	assert_non_null(strstr(xnvme_err_text(), "identify controller failed"));
	assert_non_null(strstr(xnvme_err_text(), "code 0x2)"));
	assert_null(strstr(xnvme_err_text(), "an older story"));

	reason = "out of paper";
	assert_int_equal(dev_identify(&dev), -EIO);
	assert_non_null(strstr(xnvme_err_text(), "code 0x2): out of paper"));
	assert_int_equal(calls, 2);
}

/* A count of dwords that is zeroes based became that of 16 GiB for a buffer of less than one */
static void
a_directive_into_less_than_a_dword(void **state)
{
	static struct xnvme_dev dev;
	struct xnvme_cmd_ctx ctx;
	uint32_t word = 0;

	(void)state;
	dev_init(&dev);
	ctx = xnvme_cmd_ctx_from_dev(&dev);
	for (size_t nbytes = 1; nbytes < 4; ++nbytes) {
		assert_int_equal(xnvme_adm_dir_recv(&ctx, 1, 1, 0, 0, &word, nbytes), -EINVAL);
	}
	assert_int_equal(calls, 0);
	assert_int_equal(xnvme_adm_dir_recv(&ctx, 1, 1, 0, 0, &word, 4), -EIO);
	assert_int_equal(calls, 1);
	assert_int_equal(ctx.cmd.drecv.numd, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_failure_is_no_reason),
		cmocka_unit_test(a_directive_into_less_than_a_dword),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
