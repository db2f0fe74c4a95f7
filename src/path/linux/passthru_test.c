/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/passthru.h>

#include <setjmp.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include <cmocka.h>

static struct nvme_passthru_cmd64 seen;
static uint64_t result;

/* In the C library's place: notes what the kernel would get, and answers with `result` */
int
ioctl(int fd, unsigned long request, ...)
{
	struct nvme_passthru_cmd64 *cmd;
	va_list ap;

	(void)fd;
	(void)request;
	va_start(ap, request);
	cmd = va_arg(ap, struct nvme_passthru_cmd64 *);
	va_end(ap);
	seen = *cmd;
	cmd->result = result;
	return 0;
}

/* Upstream let the kernel read the timeout where the last completion's result was (X05) */
static void
x05_a_result_is_no_timeout(void **state)
{
	struct xnvme_dev dev = {0};
	struct xnvme_cmd_ctx ctx = {.dev = &dev};
	struct payload payload = {0};

	(void)state;
	ctx.cmd.common.opcode = XNVME_SPEC_NVM_OPC_FLUSH;
	for (uint64_t i = 1; i < 4; ++i) {
		result = i * 40960 << (i == 3 ? 32 : 0);
		assert_int_equal(passthru_submit(&ctx, -1, NVME_IOCTL_IO64_CMD, 30000000,
						 &payload), 0);
		assert_int_equal(seen.timeout_ms, 30000);
		assert_int_equal(seen.rsvd2, 0);
		assert_int_equal(seen.result, 0);
		assert_true(ctx.cpl.result == result);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(x05_a_result_is_no_timeout)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
