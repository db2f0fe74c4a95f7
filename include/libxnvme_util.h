/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Small helpers: minima, powers of two, a wall-clock timer
 *
 * @param t The timer
 * @param prefix First word of the line
 */
#ifndef LIBXNVME_UTIL_H
#define LIBXNVME_UTIL_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_UNIVERSAL_SECT_SH 9
/* Marks an unused parameter: `int main(int XNVME_UNUSED(argc), ...)`. It renames the parameter to
 * UNUSED_argc, so that a use of its original name does not compile. */
#define XNVME_UNUSED(x) UNUSED_##x __attribute__((unused))
#define XNVME_SIZEOF_MEMBER(type, member) (sizeof(((type *)0)->member))

#define XNVME_I8_FMT "%c%c%c%c%c%c%c%c"
#define XNVME_I8_TO_STR(val) \
	(((val) & 0x80ULL) ? '1' : '0'), (((val) & 0x40ULL) ? '1' : '0'), \
	(((val) & 0x20ULL) ? '1' : '0'), (((val) & 0x10ULL) ? '1' : '0'), \
	(((val) & 0x08ULL) ? '1' : '0'), (((val) & 0x04ULL) ? '1' : '0'), \
	(((val) & 0x02ULL) ? '1' : '0'), (((val) & 0x01ULL) ? '1' : '0')
#define XNVME_I16_FMT XNVME_I8_FMT XNVME_I8_FMT
#define XNVME_I16_TO_STR(val) XNVME_I8_TO_STR((val) >> 8), XNVME_I8_TO_STR(val)
#define XNVME_I32_FMT XNVME_I16_FMT XNVME_I16_FMT
#define XNVME_I32_TO_STR(val) XNVME_I16_TO_STR((val) >> 16), XNVME_I16_TO_STR(val)
#define XNVME_I64_FMT XNVME_I32_FMT XNVME_I32_FMT
#define XNVME_I64_TO_STR(val) XNVME_I32_TO_STR((val) >> 32), XNVME_I32_TO_STR(val)

/* For source compatibility only: the trace macros of upstream xNVMe; they print nothing */
#define XNVME_DEBUG(...) ((void)0)
#define XNVME_DEBUG_FCALL(x)

/** Wall-clock timer; start and stop are nanoseconds of CLOCK_MONOTONIC */
struct xnvme_timer {
	uint64_t start;
	uint64_t stop;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_timer) == 16, "incorrect size")

/** Floor of the base-2 logarithm of `x`; 0 for 0 */
static inline uint64_t
XNVME_ILOG2(uint64_t x)
{
	uint64_t n = 0;

	while (x >>= 1) {
		n += 1;
	}
	return n;
}

static inline int
XNVME_MIN(int x, int y)
{
	return x < y ? x : y;
}

static inline uint64_t
XNVME_MIN_U64(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

static inline int64_t
XNVME_MIN_S64(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

static inline int
XNVME_MAX(int x, int y)
{
	return x > y ? x : y;
}

/**
 * Get the current time
 *
 * @return Nanoseconds of CLOCK_MONOTONIC
 */
uint64_t xnvme_timer_now_ns(void);

static inline uint64_t
_xnvme_timer_clock_sample(void)
{
	return xnvme_timer_now_ns();
}

/**
 * Set `start` of a timer to the current time
 *
 * @return Nanoseconds of CLOCK_MONOTONIC
 */
static inline uint64_t
xnvme_timer_start(struct xnvme_timer *t)
{
	t->start = _xnvme_timer_clock_sample();
	return t->start;
}

/**
 * Set `stop` of a timer to the current time
 *
 * @return Nanoseconds of CLOCK_MONOTONIC
 */
static inline uint64_t
xnvme_timer_stop(struct xnvme_timer *t)
{
	t->stop = _xnvme_timer_clock_sample();
	return t->stop;
}

/**
 * Get the time between start and stop
 *
 * @return Nanoseconds
 */
static inline uint64_t
xnvme_timer_elapsed_nsecs(struct xnvme_timer *t)
{
	return t->stop - t->start;
}

/**
 * As xnvme_timer_elapsed_nsecs(), in seconds
 *
 * @return Seconds
 */
static inline double
xnvme_timer_elapsed_secs(struct xnvme_timer *t)
{
	return (double)xnvme_timer_elapsed_nsecs(t) / 1e9;
}

/** As xnvme_timer_elapsed_secs() */
static inline double
xnvme_timer_elapsed(struct xnvme_timer *t)
{
	return xnvme_timer_elapsed_secs(t);
}

/**
 * As xnvme_timer_elapsed_nsecs(), in milliseconds
 *
 * @return Milliseconds
 */
static inline double
xnvme_timer_elapsed_msecs(struct xnvme_timer *t)
{
	return (double)xnvme_timer_elapsed_nsecs(t) / 1e6;
}

/**
 * As xnvme_timer_elapsed_nsecs(), in microseconds
 *
 * @return Microseconds
 */
static inline double
xnvme_timer_elapsed_usecs(struct xnvme_timer *t)
{
	return (double)xnvme_timer_elapsed_nsecs(t) / 1e3;
}

/** Print the elapsed seconds on stdout, as one line of YAML */
static inline void
xnvme_timer_pr(struct xnvme_timer *t, const char *prefix)
{
	printf("%s: {elapsed: %lf}\n", prefix, xnvme_timer_elapsed(t));
}

/**
 * Print elapsed seconds, MiB and MiB per second on stdout, as one line of YAML
 *
 * @param nbytes Bytes moved between start and stop
 */
static inline void
xnvme_timer_bw_pr(struct xnvme_timer *t, const char *prefix, size_t nbytes)
{
	double secs = xnvme_timer_elapsed_secs(t);
	double mib = (double)nbytes / (double)(1 << 20);

	printf("%s: {elapsed: %.4f, mib: %.2f, mib_sec: %.2f}\n", prefix, secs, mib,
	       secs > 0 ? mib / secs : 0.0);
}

/**
 * Check whether a number is a power of two
 *
 * @param val The number
 * @return 1 if it is, else 0; 0 is none
 */
static inline int
xnvme_is_pow2(uint32_t val)
{
	return val && !(val & (val - 1));
}

/**
 * Get the value of a hexadecimal digit
 *
 * @param c The character
 * @return 0 to 15; -1 for any other character
 */
static inline int
xnvme_hex_digit_val(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	if (c >= 'A' && c <= 'F') {
		return c - 'A' + 10;
	}
	return -1;
}

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_UTIL_H */
