/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Known results of each check, from its standard or from the catalogue of CRC algorithms, and every
 * length and split against the definition, bit by bit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <nvme/crc.h>

static uint16_t
slow16(const uint8_t *at, size_t nbytes)
{
	uint16_t crc = 0;

	for (size_t i = 0; i < nbytes; ++i) {
		crc = (uint16_t)(crc ^ at[i] << 8);
		for (int bit = 0; bit < 8; ++bit) {
			crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x8bb7 : 0));
		}
	}
	return crc;
}

/* `poly` is reversed: bit 0 is the highest power */
static uint64_t
slow_reflected(uint64_t poly, uint64_t ones, const uint8_t *at, size_t nbytes)
{
	uint64_t crc = ones;

	for (size_t i = 0; i < nbytes; ++i) {
		crc ^= at[i];
		for (int bit = 0; bit < 8; ++bit) {
			crc = crc >> 1 ^ (crc & 1 ? poly : 0);
		}
	}
	return crc ^ ones;
}

static void
check_value(void **state)
{
	(void)state;
	assert_int_equal(crc16_t10dif(0, "123456789", 9), 0xd0db);
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_true(crc64_nvme(0, "123456789", 9) == 0xae8b14860a799888ULL);
	assert_int_equal(crc16_t10dif(0, "", 0), 0);
	assert_int_equal(crc32c(0, "", 0), 0);
	assert_true(crc64_nvme(0, "", 0) == 0);
}

/* RFC 3720, B.4 */
static void
crc32c_of_rfc3720(void **state)
{
	uint8_t buf[32];

	(void)state;
	memset(buf, 0, sizeof(buf));
	assert_int_equal(crc32c(0, buf, sizeof(buf)), 0x8a9136aa);
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(crc32c(0, buf, sizeof(buf)), 0x62a8ab43);
	for (size_t i = 0; i < sizeof(buf); ++i) {
		buf[i] = (uint8_t)i;
	}
	assert_int_equal(crc32c(0, buf, sizeof(buf)), 0x46dd794e);
	for (size_t i = 0; i < sizeof(buf); ++i) {
		buf[i] = (uint8_t)(31 - i);
	}
	assert_int_equal(crc32c(0, buf, sizeof(buf)), 0x113fdb5c);
}

/*
 * NVM Command Set 1.0, End-to-end Data Protection: 64b CRC test cases, a 4 KiB block without
 * metadata
 */
static void
crc64_of_the_standard(void **state)
{
	static uint8_t buf[4096];

	(void)state;
	memset(buf, 0, sizeof(buf));
	assert_true(crc64_nvme(0, buf, sizeof(buf)) == 0x6482d367eb22b64eULL);
	memset(buf, 0xff, sizeof(buf));
	assert_true(crc64_nvme(0, buf, sizeof(buf)) == 0xc0ddba7302eca3acULL);
	for (size_t i = 0; i < sizeof(buf); ++i) {
		buf[i] = (uint8_t)i;
	}
	assert_true(crc64_nvme(0, buf, sizeof(buf)) == 0x3e729f5f6750449cULL);
	for (size_t i = 0; i < sizeof(buf); ++i) {
		buf[i] = (uint8_t)(255 - i);
	}
	assert_true(crc64_nvme(0, buf, sizeof(buf)) == 0x9a2df64b8e9e517eULL);
}

static void
every_length_and_split(void **state)
{
	static uint8_t buf[300];
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(buf); ++i) {
		buf[i] = (uint8_t)prng_next(&seed);
	}
	for (size_t n = 0; n <= sizeof(buf) - 3; ++n) {
		const uint8_t *at = buf + n % 4;
		size_t part = n ? prng_next(&seed) % n : 0;
		uint16_t c16 = slow16(at, n);
		uint64_t c32 = slow_reflected(0x82f63b78, 0xffffffff, at, n);
		uint64_t c64 = slow_reflected(0x9a6c9329ac4bc9b5ULL, ~0ULL, at, n);

		assert_int_equal(crc16_t10dif(0, at, n), c16);
		assert_true(crc32c(0, at, n) == c32);
		assert_true(crc64_nvme(0, at, n) == c64);
		assert_int_equal(crc16_t10dif(crc16_t10dif(0, at, part), at + part, n - part), c16);
		assert_true(crc32c(crc32c(0, at, part), at + part, n - part) == c32);
		assert_true(crc64_nvme(crc64_nvme(0, at, part), at + part, n - part) == c64);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_value),
		cmocka_unit_test(crc32c_of_rfc3720),
		cmocka_unit_test(crc64_of_the_standard),
		cmocka_unit_test(every_length_and_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
