/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keys and values of a virtual SSD: stored, queried, read into buffers of any size, deleted.
 */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct xnvme_dev *dev;
static uint8_t *buf;

static int
setup(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();

	(void)state;
	dev = xnvme_dev_open("virt:kv-prototype,size=64MiB", &opts);
	if (!dev) {
		print_error("%s\n", xnvme_err_text());
		return -1;
	}
	buf = xnvme_buf_alloc(dev, 8192);
	return buf ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	return 0;
}

/* Retrieve shares its opcode with Read, but its buffer may be of any size */
static void
values_in_buffers_of_any_size(void **state)
{
	static const uint32_t sizes[] = {1, 5, 512, 4096};
	static const uint32_t rooms[] = {1, 5, 512, 4096, 8192};
	struct xnvme_cmd_ctx ctx;

	(void)state;
	for (size_t i = 0; i < 4; ++i) {
		memset(buf, (int)('a' + i), sizes[i]);
		ctx = xnvme_cmd_ctx_from_dev(dev);
		assert_int_equal(xnvme_kvs_store(&ctx, 1, "key", 3, buf, sizes[i], 0), 0);
		for (size_t r = 0; r < 5; ++r) {
			uint32_t moved = sizes[i] < rooms[r] ? sizes[i] : rooms[r];

			memset(buf, 0, 8192);
			ctx = xnvme_cmd_ctx_from_dev(dev);
			assert_int_equal(
				xnvme_kvs_retrieve(&ctx, 1, "key", 3, buf, rooms[r], 0), 0);
			assert_int_equal(ctx.cpl.cdw0, sizes[i]);
			assert_int_equal(buf[moved - 1], 'a' + i);
			assert_int_equal(buf[moved], 0);
		}
	}
}

static void
keys_come_and_go(void **state)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	(void)state;
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "0123456789abcdef", 16, buf, 9, 0), 0);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_kvs_exist(&ctx, 1, "0123456789abcdef", 16), 0);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_not_equal(xnvme_kvs_exist(&ctx, 1, "0123456789abcde", 15), 0);
	assert_int_equal(ctx.cpl.status.sc, XNVME_SPEC_KV_SC_KEY_NOT_EXISTS);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_kvs_list(&ctx, 1, NULL, 0, buf, 4096), 0);
	assert_true(((struct xnvme_spec_kv_list *)buf)->nrk >= 1);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_kvs_delete(&ctx, 1, "0123456789abcdef", 16), 0);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_not_equal(xnvme_kvs_retrieve(&ctx, 1, "0123456789abcdef", 16, buf, 9, 0), 0);
	assert_int_equal(ctx.cpl.status.sc, XNVME_SPEC_KV_SC_KEY_NOT_EXISTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_in_buffers_of_any_size),
		cmocka_unit_test(keys_come_and_go),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
