/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the tests of virtual SSDs: open one, write and read single blocks, random numbers.
 */
#ifndef TESTS_VIRT_VIRT_TEST_H
#define TESTS_VIRT_VIRT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <libnvmevirt.h>
#include <libxnvme.h>

enum { LBA_NBYTES = 4096 };

static inline struct xnvme_dev *
open_dev(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(uri, &opts);

	if (!dev) {
		fail_msg("%s: %s", uri, xnvme_err_text());
	}
	return dev;
}

static inline struct nvmevirt *
ssd_of(struct xnvme_dev *dev)
{
	struct nvmevirt *ssd;

	assert_int_equal(nvmevirt_from_dev(dev, &ssd), 0);
	return ssd;
}

static inline int
write_lba(struct xnvme_dev *dev, uint64_t lba, uint8_t byte)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);
	int err;

	memset(buf, byte, nbytes);
	err = xnvme_nvm_write(&ctx, xnvme_dev_get_nsid(dev), lba, 0, buf, NULL);
	xnvme_buf_free(dev, buf);
	return err;
}

static inline uint8_t
read_lba(struct xnvme_dev *dev, uint64_t lba)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);
	uint8_t byte;

	memset(buf, 0xEE, nbytes);
	assert_int_equal(xnvme_nvm_read(&ctx, xnvme_dev_get_nsid(dev), lba, 0, buf, NULL), 0);
	byte = buf[0];
	for (uint32_t i = 1; i < nbytes; i += 1) {
		assert_int_equal(buf[i], byte);
	}
	xnvme_buf_free(dev, buf);
	return byte;
}

/* xorshift64 (Marsaglia 2003); the state must not be 0 */
static inline uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* TESTS_VIRT_VIRT_TEST_H */
