/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cyclic redundancy checks, eight bytes per step: slicing by eight, as Kounavis and Berry describe
 * it ("A Systematic Approach to Building High Performance Software-based CRC Generators", 2005).
 *
 * A table is linear: its entry for a byte is the exclusive or of its entries for the bits of that
 * byte. So eight constants define a whole slice of 256 entries, and the compiler fills it in.
 */
#include <nvme/crc.h>

#include <base/assert.h>

#define BIT(byte, bit, k) (((byte) >> (bit) & 1) ? (k) : 0)
#define ENTRY(b, k0, k1, k2, k3, k4, k5, k6, k7) \
	BIT(b, 0, k0) ^ BIT(b, 1, k1) ^ BIT(b, 2, k2) ^ BIT(b, 3, k3) ^ \
	BIT(b, 4, k4) ^ BIT(b, 5, k5) ^ BIT(b, 6, k6) ^ BIT(b, 7, k7)
#define ENTRY4(b, ...) \
	ENTRY(b, __VA_ARGS__), ENTRY((b) + 1, __VA_ARGS__), \
	ENTRY((b) + 2, __VA_ARGS__), ENTRY((b) + 3, __VA_ARGS__)
#define ENTRY16(b, ...) \
	ENTRY4(b, __VA_ARGS__), ENTRY4((b) + 4, __VA_ARGS__), \
	ENTRY4((b) + 8, __VA_ARGS__), ENTRY4((b) + 12, __VA_ARGS__)
#define ENTRY64(b, ...) \
	ENTRY16(b, __VA_ARGS__), ENTRY16((b) + 16, __VA_ARGS__), \
	ENTRY16((b) + 32, __VA_ARGS__), ENTRY16((b) + 48, __VA_ARGS__)
#define SLICE(...) \
	ENTRY64(0, __VA_ARGS__), ENTRY64(64, __VA_ARGS__), \
	ENTRY64(128, __VA_ARGS__), ENTRY64(192, __VA_ARGS__)

/* Polynomial 8BB7h, most significant bit first: T10 SBC-4, 4.22.4 */
static const uint16_t t10dif[8][256] = {
	{SLICE(0x8bb7, 0x9cd9, 0xb205, 0xefbd,
	       0x54cd, 0xa99a, 0xd883, 0x3ab1)},
	{SLICE(0x7562, 0xeac4, 0x5e3f, 0xbc7e,
	       0xf34b, 0x6d21, 0xda42, 0x3f33)},
	{SLICE(0x7e66, 0xfccc, 0x722f, 0xe45e,
	       0x430b, 0x8616, 0x879b, 0x8481)},
	{SLICE(0x82b5, 0x8edd, 0x960d, 0xa7ad,
	       0xc4ed, 0x026d, 0x04da, 0x09b4)},
	{SLICE(0x1368, 0x26d0, 0x4da0, 0x9b40,
	       0xbd37, 0xf1d9, 0x6805, 0xd00a)},
	{SLICE(0x2ba3, 0x5746, 0xae8c, 0xd6af,
	       0x26e9, 0x4dd2, 0x9ba4, 0xbcff)},
	{SLICE(0xf249, 0x6f25, 0xde4a, 0x3723,
	       0x6e46, 0xdc8c, 0x32af, 0x655e)},
	{SLICE(0xcabc, 0x1ecf, 0x3d9e, 0x7b3c,
	       0xf678, 0x6747, 0xce8e, 0x16ab)},
};

/* Polynomial 1EDC6F41h (Castagnoli), least significant bit first: RFC 3720, 12.1 */
static const uint32_t castagnoli[8][256] = {
	{SLICE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf,
	       0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78)},
	{SLICE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8,
	       0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9)},
	{SLICE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5,
	       0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743)},
	{SLICE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6,
	       0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f)},
	{SLICE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91,
	       0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c)},
	{SLICE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f,
	       0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6)},
	{SLICE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53,
	       0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4)},
	{SLICE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da,
	       0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664)},
};

/*
 * Polynomial AD93D23594C93659h, least significant bit first: NVM Command Set 1.0, End-to-end Data
 * Protection
 */
static const uint64_t nvme64[8][256] = {
	{SLICE(0x7f6ef0c830358979ULL, 0xfedde190606b12f2ULL,
	       0xc962e5739841b68fULL, 0xa61cecb46814fe75ULL,
	       0x78e0ff3b88be6f81ULL, 0xf1c1fe77117cdf02ULL,
	       0xd75adabd7a6e2d6fULL, 0x9a6c9329ac4bc9b5ULL)},
	{SLICE(0x8776a97d73bddf69ULL, 0x3a3474a9bfec2db9ULL,
	       0x7468e9537fd85b72ULL, 0xe8d1d2a6ffb0b6e4ULL,
	       0xe57a831ea7f6fea3ULL, 0xfe2c206e177a6e2dULL,
	       0xc881668f76634f31ULL, 0xa5dbeb4db4510d09ULL)},
	{SLICE(0xff6e4e1f4e4038beULL, 0xca05ba6dc417e217ULL,
	       0xa0d25288d0b85745ULL, 0x757d8342f9e73de1ULL,
	       0xeafb0685f3ce7bc2ULL, 0xe12f2b58bf0b64efULL,
	       0xf68770e226815ab5ULL, 0xd9d7c79715952601ULL)},
	{SLICE(0x8211147cbaf96306ULL, 0x30fb0eaa2d655567ULL,
	       0x61f61d545acaaaceULL, 0xc3ec3aa8b595559cULL,
	       0xb301530233bd3853ULL, 0x52db80573fede3cdULL,
	       0xa5b700ae7fdbc79aULL, 0x7fb7270fa7201c5fULL)},
	{SLICE(0x373d15f784905d1eULL, 0x6e7a2bef0920ba3cULL,
	       0xdcf457de12417478ULL, 0x8d3189ef7c157b9bULL,
	       0x2eba358da0bd645dULL, 0x5d746b1b417ac8baULL,
	       0xbae8d63682f59174ULL, 0x41088a3e5d7cb183ULL)},
	{SLICE(0xe9742a79ef04a5d4ULL, 0xe63172a0869ed8c3ULL,
	       0xf8bbc31255aa22edULL, 0xc5aea077f3c3d6b1ULL,
	       0xbf8466bcbf103e09ULL, 0x4bd1eb2a26b7ef79ULL,
	       0x97a3d6544d6fdef2ULL, 0x1b9e8afbc2482e8fULL)},
	{SLICE(0xfc5d27f6bf353971ULL, 0xcc6369be26fde189ULL,
	       0xac1ff52f156c5079ULL, 0x6ce6cc0d724f3399ULL,
	       0xd9cd981ae49e6732ULL, 0x8742166691ab5d0fULL,
	       0x3a5d0a9e7bc12975ULL, 0x74ba153cf78252eaULL)},
	{SLICE(0x21e9761e252621acULL, 0x43d2ec3c4a4c4358ULL,
	       0x87a5d878949886b0ULL, 0x3b9296a271a69e0bULL,
	       0x77252d44e34d3c16ULL, 0xee4a5a89c69a782cULL,
	       0xe84d9340d5a36333ULL, 0xe44200d2f3d1550dULL)},
};

static uint64_t
load_le64(const uint8_t *at)
{
	uint64_t word = 0;

	for (uint32_t i = 0; i < 8; ++i) {
		word |= (uint64_t)at[i] << (8 * i); /* compiles to one load */
	}
	return word;
}

uint16_t
crc16_t10dif(uint16_t crc, const void *buf, size_t nbytes)
{
	const uint8_t *at = buf;

	ASSERT(buf || nbytes == 0);
	for (; nbytes >= 8; nbytes -= 8, at += 8) {
		crc = t10dif[7][at[0] ^ crc >> 8] ^ t10dif[6][at[1] ^ (crc & 0xff)] ^
		      t10dif[5][at[2]] ^ t10dif[4][at[3]] ^ t10dif[3][at[4]] ^
		      t10dif[2][at[5]] ^ t10dif[1][at[6]] ^ t10dif[0][at[7]];
	}
	for (; nbytes > 0; --nbytes, ++at) {
		crc = (uint16_t)(crc << 8) ^ t10dif[0][crc >> 8 ^ *at];
	}
	return crc;
}

uint32_t
crc32c(uint32_t crc, const void *buf, size_t nbytes)
{
	const uint8_t *at = buf;

	ASSERT(buf || nbytes == 0);
	crc = ~crc;
	for (; nbytes >= 8; nbytes -= 8, at += 8) {
		uint64_t word = load_le64(at) ^ crc;

		crc = castagnoli[7][word & 0xff] ^ castagnoli[6][word >> 8 & 0xff] ^
		      castagnoli[5][word >> 16 & 0xff] ^ castagnoli[4][word >> 24 & 0xff] ^
		      castagnoli[3][word >> 32 & 0xff] ^ castagnoli[2][word >> 40 & 0xff] ^
		      castagnoli[1][word >> 48 & 0xff] ^ castagnoli[0][word >> 56];
	}
	for (; nbytes > 0; --nbytes, ++at) {
		crc = crc >> 8 ^ castagnoli[0][(crc ^ *at) & 0xff];
	}
	return ~crc;
}

uint64_t
crc64_nvme(uint64_t crc, const void *buf, size_t nbytes)
{
	const uint8_t *at = buf;

	ASSERT(buf || nbytes == 0);
	crc = ~crc;
	for (; nbytes >= 8; nbytes -= 8, at += 8) {
		uint64_t word = load_le64(at) ^ crc;

		crc = nvme64[7][word & 0xff] ^ nvme64[6][word >> 8 & 0xff] ^
		      nvme64[5][word >> 16 & 0xff] ^ nvme64[4][word >> 24 & 0xff] ^
		      nvme64[3][word >> 32 & 0xff] ^ nvme64[2][word >> 40 & 0xff] ^
		      nvme64[1][word >> 48 & 0xff] ^ nvme64[0][word >> 56];
	}
	for (; nbytes > 0; --nbytes, ++at) {
		crc = crc >> 8 ^ nvme64[0][(crc ^ *at) & 0xff];
	}
	return ~crc;
}
