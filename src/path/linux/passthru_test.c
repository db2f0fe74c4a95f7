/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/passthru.h>

#include <setjmp.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include <cmocka.h>

static struct nvme_passthru_cmd64 seen;
static uint64_t result;

/* Replaces the C library's: records the kernel's argument, and returns `result` */
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

/* X05: in xNVMe 0.7.5, a reused completion becomes the timeout of an ioctl. Here the ioctl has its
 * own structure; tests/guest/zones.sh appends over emu and thrpool. */
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

/* With PRACT any buffer was accepted, and the device transferred beyond its end */
static void
inserted_protection_leaves_no_buffer_short(void **state)
{
	static const struct {
		uint32_t oob;
		bool extended;
		size_t data, meta; /* transfer of two blocks */
	} cases[] = {{8, true, 1024, 0}, {16, true, 1056, 0}, {8, false, 1024, 0},
		     {16, false, 1024, 32}};
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_NVM_OPC_READ}};
	char buf[2048];

	(void)state;
	cmd.nvm.nlb = 1;
	cmd.nvm.prinfo = XNVME_SPEC_PRINFO_PRACT;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct xnvme_dev dev = {.geo = {.type = XNVME_GEO_CONVENTIONAL, .pi_type = 1,
						.nbytes = 512, .nbytes_oob = cases[i].oob,
						.lba_extended = cases[i].extended}};

		dev.geo.lba_nbytes = 512 + (cases[i].extended ? cases[i].oob : 0);
		struct passthru_shape shape = passthru_shape(&dev);
		size_t data = cases[i].data, meta = cases[i].meta;

		assert_true(passthru_fits(&shape, shape.meta_nbytes, &cmd, buf, data, meta));
		assert_false(passthru_fits(&shape, shape.meta_nbytes, &cmd, buf, data - 8, meta));
		assert_false(passthru_fits(&shape, shape.meta_nbytes, &cmd, buf, 512, meta));
		assert_true(!meta || !passthru_fits(&shape, shape.meta_nbytes, &cmd, buf, data,
						    meta - 8));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x05_a_result_is_no_timeout),
		cmocka_unit_test(inserted_protection_leaves_no_buffer_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
