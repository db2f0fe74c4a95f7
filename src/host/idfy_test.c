/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's error texts for devices with faults, and its commands to correct ones */
#include <host/dev.h>
#include <host/err.h>
#include <host/mem.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

extern const struct mem_ops mem_posix;

static const char *reason; /* the path's error text when it fails; NULL: none */
static uint32_t calls;

static int
refuse(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	(void)role;
	(void)payload;
	calls += 1;
	return reason ? err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)), "%s", reason)
		      : cpl_set_status(ctx, STATUS(INVALID_FIELD));
}

static const struct path refusing = {.name = "refusing", .call = refuse};

static void
dev_init(struct xnvme_dev *dev)
{
	memset(dev, 0, sizeof(*dev));
	dev->kind = KIND_NVME_CTRLR;
	dev->path[ROLE_SYNC] = dev->path[ROLE_ADMIN] = &refusing;
	dev->mem = &mem_posix;
	strcpy(dev->ident.uri, "fake");
	calls = 0;
}

/* For a refusal by the device, the text contained that of an earlier, unrelated failure */
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

/* For a buffer of less than a dword, the zeroes based number of dwords became that of 16 GiB */
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

/* A controller writes as many bytes as the command implies, whatever the size of the buffer: memory
 * after the buffer was overwritten where the controller writes by itself */
static void
nothing_is_filled_behind_a_buffer(void **state)
{
	static const char *const uris[] = {"1MiB", "virt:null,size=1MiB",
					   "pci-virt:null,size=1MiB"};

	(void)state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); ++i) {
		struct xnvme_dev *dev = xnvme_dev_open(uris[i], NULL);
		uint8_t *buf = xnvme_buf_alloc(dev, 8192);
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		assert_non_null(buf);
		memset(buf, 0xEE, 8192);
		assert_int_equal(xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, UINT32_MAX, 0,
					       buf, 5), 0);
		assert_int_equal(buf[3], 100); /* available spare */
		assert_int_equal(buf[5] & buf[6] & buf[7] & buf[8], 0xEE);
		assert_true(xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, UINT32_MAX, 0, NULL,
					  5) < 0);

		memset(buf, 0xEE, 8192);
		ctx = xnvme_cmd_ctx_from_dev(dev);
		xnvme_prep_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, UINT32_MAX, 0, 512);
		assert_int_equal(xnvme_cmd_pass_admin(&ctx, buf, 508, NULL, 0), -EINVAL);
		assert_non_null(strstr(xnvme_err_text(), "fills 512 bytes"));
		ctx = xnvme_cmd_ctx_from_dev(dev);
		ctx.cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
		ctx.cmd.idfy.cns = XNVME_SPEC_IDFY_CTRLR;
		assert_int_equal(xnvme_cmd_pass_admin(&ctx, buf, 512, NULL, 0), -EINVAL);
		assert_int_equal(ctx.cpl.status.sc, EINVAL);
		assert_int_equal(buf[0] & buf[512], 0xEE);
		assert_int_equal(xnvme_cmd_pass_admin(&ctx, buf, 4096, NULL, 0), 0);
		xnvme_buf_free(dev, buf);
		xnvme_dev_close(dev);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_filled_behind_a_buffer),
		cmocka_unit_test(another_failure_is_no_reason),
		cmocka_unit_test(a_directive_into_less_than_a_dword),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
