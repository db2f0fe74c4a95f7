/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Converts text to numbers. The whole text must be the number.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/cli.h>

/*
 * `base` 10: decimal, or hexadecimal with 0x; 16: hexadecimal with or without 0x. Returns 0;
 * -EINVAL when the text is not a number or has signs or blanks; -ERANGE when the number exceeds 64
 * bits.
 */
int
cli_value_num(const char *text, int base, uint64_t *value)
{
	bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = prefixed ? text + 2 : text;
	unsigned long long number;
	char *end = NULL;

	base = prefixed ? 16 : base;
	/* strtoull() accepts signs, blanks and a second 0x; reject them */
	if (!isxdigit((unsigned char)digits[0]) ||
	    (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))) {
		return -EINVAL;
	}
	errno = 0;
	number = strtoull(digits, &end, base);
	if (end == digits || *end) {
		return -EINVAL;
	}
	if (errno == ERANGE) {
		return -ERANGE;
	}
	*value = number;
	return 0;
}

/*
 * A number of bytes: as above, or a decimal number with a unit. KiB MiB GiB TiB and the equivalent
 * K M G T and k m g t are powers of 1024; kB MB GB TB are powers of 1000. Returns 0; -EINVAL when
 * the text is not a size; -ERANGE when the size exceeds 64 bits.
 */
int
cli_value_size(const char *text, uint64_t *value)
{
	size_t ndigits = strspn(text, "0123456789");
	uint64_t count, unit;
	char one[8];
	int err = cli_value_num(text, 10, value);

	if (err != -EINVAL || !ndigits || strlen(text + ndigits) + 2 > sizeof(one)) {
		return err;
	}
	one[0] = '1';
	strcpy(one + 1, text + ndigits);
	if (!span_to_bytes(span_of(one), &unit)) {
		return -EINVAL;
	}
	if (!span_to_u64((struct span){.at = text, .nbytes = ndigits}, &count) ||
	    __builtin_mul_overflow(count, unit, value)) {
		return -ERANGE;
	}
	return 0;
}

static int
cpu_add(uint16_t *cpus, uint16_t *ncpus, uint64_t cpu)
{
	if (cpu >= XNVME_CLI_CPU_MAX_ID) {
		return -ERANGE;
	}
	for (uint16_t i = 0; i < *ncpus; ++i) {
		if (cpus[i] == cpu) {
			return -EEXIST;
		}
	}
	cpus[(*ncpus)++] = (uint16_t)cpu;
	return 0;
}

/* 0x5: processors 0 and 2. Any number of digits, for more than 64 processors. */
static int
cpus_of_mask(const char *text, uint16_t *cpus, uint16_t *ncpus)
{
	size_t ndigits;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
	}
	ndigits = strlen(text);
	if (!ndigits || strspn(text, "0123456789abcdefABCDEF") != ndigits) {
		return -EINVAL;
	}
	for (size_t i = 0; i < ndigits; ++i) {
		int digit = xnvme_hex_digit_val(text[ndigits - 1 - i]);

		for (unsigned int bit = 0; bit < 4; ++bit) {
			int err = (digit >> bit) & 1 ? cpu_add(cpus, ncpus, i * 4 + bit) : 0;

			if (err) {
				return err;
			}
		}
	}
	return *ncpus ? 0 : -EINVAL;
}

/* Parse one decimal number at *text and advance *text beyond it */
static int
take_cpu(const char **text, uint64_t *cpu)
{
	char *end = NULL;

	if (!isdigit((unsigned char)**text)) {
		return -EINVAL;
	}
	errno = 0;
	*cpu = strtoull(*text, &end, 10);
	*text = end;
	return errno || *cpu >= XNVME_CLI_CPU_MAX_ID ? -ERANGE : 0;
}

/* 0,2-3: processors 0, 2 and 3 */
static int
cpus_of_list(const char *text, uint16_t *cpus, uint16_t *ncpus)
{
	for (;; ++text) {
		uint64_t first, last;
		int err = take_cpu(&text, &first);

		last = first;
		if (!err && *text == '-') {
			text += 1;
			err = take_cpu(&text, &last);
		}
		if (err || last < first) {
			return err ? err : -EINVAL;
		}
		for (uint64_t cpu = first; cpu <= last; ++cpu) {
			err = cpu_add(cpus, ncpus, cpu);
			if (err) {
				return err;
			}
		}
		if (*text != ',') {
			return *text ? -EINVAL : 0;
		}
	}
}

/* Store the processors of the list or mask `text` in cpus[XNVME_CLI_CPU_MAX_ID]. Returns 0; -EINVAL
 * when the text is neither list nor mask or selects no processor; -ERANGE when a number is beyond
 * XNVME_CLI_CPU_MAX_ID; -EEXIST when a number is listed twice. */
int
cli_value_cpus(const char *text, bool mask, uint16_t *cpus, uint16_t *ncpus)
{
	*ncpus = 0;
	return mask ? cpus_of_mask(text, cpus, ncpus) : cpus_of_list(text, cpus, ncpus);
}
