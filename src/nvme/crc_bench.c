/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of the checks over a block of 4 KiB that stays in the L1 cache: build/src/crc_bench
 */
#include <nvme/crc.h>

#include <libxnvme.h>
#include <stdio.h>

#define BLOCK_NBYTES 4096
#define ROUNDS 50000

static uint64_t
run16(const uint8_t *buf)
{
	return crc16_t10dif(0, buf, BLOCK_NBYTES);
}

static uint64_t
run32(const uint8_t *buf)
{
	return crc32c(0, buf, BLOCK_NBYTES);
}

static uint64_t
run64(const uint8_t *buf)
{
	return crc64_nvme(0, buf, BLOCK_NBYTES);
}

static void
measure(const char *name, uint64_t (*run)(const uint8_t *buf))
{
	static uint8_t buf[BLOCK_NBYTES];
	uint64_t start = xnvme_timer_now_ns(), elapsed_ns;

	for (uint32_t i = 0; i < ROUNDS; ++i) {
		buf[i % BLOCK_NBYTES] ^= (uint8_t)run(buf); /* depends on the round before */
	}
	elapsed_ns = xnvme_timer_now_ns() - start;
	printf("%s: {ns_per_block: %.0f, mib_sec: %.0f}\n", name, (double)elapsed_ns / ROUNDS,
	       (double)BLOCK_NBYTES * ROUNDS / (double)(1 << 20) / ((double)elapsed_ns / 1e9));
}

int
main(void)
{
	measure("crc16_t10dif", run16);
	measure("crc32c", run32);
	measure("crc64_nvme", run64);
	return 0;
}
