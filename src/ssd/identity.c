/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Serial number and controller ID of an SSD, derived from its identity and seed.
 */
#include <base/assert.h>
#include <base/prng.h>
#include <ssd/identity.h>

/* Controller IDs FFF0h to FFFFh are reserved: NVMe Base 2.0, Controller Identifier */
#define CNTLID_MAX 0xFFEF

uint64_t
identity_hash(const struct ssd_config *config, uint64_t seed)
{
	uint64_t hash = prng_mix(seed + 1);

	for (uint32_t i = 0; i < sizeof(config->identity) && config->identity[i]; ++i) {
		hash = prng_mix((hash ^ (uint8_t)config->identity[i]) + 0x9E3779B97F4A7C15ULL);
	}
	return hash;
}

void
identity_fill(struct ssd_config *config, uint64_t seed)
{
	static const char alone[] = "XNVME0001", digits[] = "0123456789ABCDEF";
	uint64_t hash = identity_hash(config, seed);
	char serial[sizeof(config->serial)] = "XNV";

	STATIC_ASSERT(sizeof(serial) >= 3 + 16 + 1, "the serial number ends with a zero");
	if (config->identity[0] && !config->cntlid) {
		config->cntlid = (uint16_t)(1 + hash % CNTLID_MAX);
	}
	for (uint32_t i = 0; i < 16; ++i) {
		serial[3 + i] = digits[hash >> (60 - 4 * i) & 0xF];
	}
	if (!config->serial[0]) {
		memcpy(config->serial, config->identity[0] ? serial : alone,
		       config->identity[0] ? sizeof(serial) : sizeof(alone));
	}
}
