/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Key Value commands as a path receives them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <host/dev.h>
#include <host/mem.h>

extern const struct mem_ops mem_posix;

static struct {
	struct xnvme_spec_cmd cmd;
	struct payload payload;
	uint32_t calls;
} seen;

static int
record(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	assert_int_equal(role, ROLE_SYNC);
	seen.cmd = ctx->cmd;
	seen.payload = *payload;
	seen.calls += 1;
	return 0;
}

static const struct path fake = {.name = "fake", .call = record};

static struct xnvme_dev
dev_of(uint8_t csi)
{
	struct xnvme_dev dev = {.kind = KIND_NVME_CHAR, .mem = &mem_posix,
				.path = {[ROLE_SYNC] = &fake, [ROLE_ADMIN] = &fake}};

	dev.ident.csi = csi;
	strcpy(dev.ident.uri, "fake");
	seen.calls = 0;
	return dev;
}

static void
fields_of_each_command(void **state)
{
	struct xnvme_dev dev = dev_of(XNVME_SPEC_CSI_KV);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(&dev);
	char value[100];

	(void)state;
	assert_int_equal(xnvme_kvs_store(&ctx, 7, "0123456789abcdef", 16, value, 99,
					 XNVME_KVS_STORE_OPT_COMPRESS), 0);
	assert_int_equal(seen.cmd.common.opcode, 0x01);
	assert_int_equal(seen.cmd.common.nsid, 7);
	assert_memory_equal(&seen.cmd.cdw[2], "01234567", 8);
	assert_memory_equal(&seen.cmd.cdw[14], "89abcdef", 8);
	assert_int_equal(seen.cmd.cdw[10], 99);
	assert_int_equal(seen.cmd.cdw[11], 16 | XNVME_KVS_STORE_OPT_COMPRESS << 8);
	assert_ptr_equal(seen.payload.data, value);
	assert_int_equal(seen.payload.data_nbytes, 99);

	/* a shorter key in the same context keeps no bytes of the longer one */
	assert_int_equal(xnvme_kvs_exist(&ctx, 7, "k", 1), 0);
	assert_int_equal(seen.cmd.common.opcode, 0x14);
	assert_memory_equal(&seen.cmd.cdw[2], "k\0\0\0\0\0\0\0", 8);
	assert_memory_equal(&seen.cmd.cdw[14], "\0\0\0\0\0\0\0\0", 8);
	assert_int_equal(seen.cmd.cdw[10], 0);
	assert_int_equal(seen.cmd.cdw[11], 1);
	assert_int_equal(seen.payload.data_nbytes, 0);

	assert_int_equal(xnvme_kvs_retrieve(&ctx, 7, "key", 3, value, 100, 1), 0);
	assert_int_equal(seen.cmd.common.opcode, 0x02);
	assert_int_equal(seen.cmd.cdw[11], 3 | 1 << 8);
	assert_int_equal(xnvme_kvs_delete(&ctx, 7, "key", 3), 0);
	assert_int_equal(seen.cmd.common.opcode, 0x10);
	assert_int_equal(seen.cmd.cdw[11], 3);
	assert_int_equal(xnvme_kvs_list(&ctx, 7, NULL, 0, value, 100), 0);
	assert_int_equal(seen.cmd.common.opcode, 0x06);
	assert_int_equal(seen.cmd.cdw[10], 100);
	assert_int_equal(seen.cmd.cdw[11], 0);
	assert_int_equal(seen.calls, 5);
}

static void
keys_that_are_refused(void **state)
{
	struct xnvme_dev dev = dev_of(XNVME_SPEC_CSI_KV);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(&dev);
	char value[4];

	(void)state;
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "k", 0, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "0123456789abcdefg", 17, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "k", 255, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_store(&ctx, 1, NULL, 4, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "k", 1, NULL, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "k", 1, value, 4, 3), -EINVAL);
	assert_int_equal(xnvme_kvs_retrieve(&ctx, 1, "k", 17, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_delete(&ctx, 1, "k", 0), -EINVAL);
	assert_int_equal(xnvme_kvs_exist(&ctx, 1, "k", 17), -EINVAL);
	assert_int_equal(xnvme_kvs_list(&ctx, 1, "k", 17, value, 4), -EINVAL);
	assert_int_equal(seen.calls, 0);
}

/* Upstream's ramdisk executed a store as a write to a random block */
static void
other_namespaces_never_see_them(void **state)
{
	struct xnvme_dev dev = dev_of(XNVME_SPEC_CSI_NVM);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(&dev);
	char value[4];

	(void)state;
	assert_int_equal(xnvme_kvs_store(&ctx, 1, "k", 1, value, 4, 0), -EINVAL);
	assert_int_equal(xnvme_kvs_list(&ctx, 1, NULL, 0, value, 4), -EINVAL);
	assert_int_equal(seen.calls, 0);
	assert_string_equal(xnvme_err_text(), "'fake' is no key value namespace");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_each_command),
		cmocka_unit_test(keys_that_are_refused),
		cmocka_unit_test(other_namespaces_never_see_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
