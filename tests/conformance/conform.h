/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Conformance checks: each tests one guarantee of the library with one URI and one set of options.
 * Exits 0 when all pass, 1 when one fails, 77 when the URI is unavailable on this machine.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <libxnvme.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

/* ThreadSanitizer itself sleeps, and a forked child of a process with threads cannot start
 * threads */
#if defined(__SANITIZE_THREAD__)
enum { UNDER_TSAN = 1 };
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
enum { UNDER_TSAN = 1 };
#else
enum { UNDER_TSAN = 0 };
#endif
#else
enum { UNDER_TSAN = 0 };
#endif

struct target {
	const char *uri;
	struct xnvme_opts opts;
	bool moves_data;  /* false: nil */
	bool has_extras;  /* write zeroes, compare, copy, dataset management */
	uint64_t scratch; /* first block that checks may overwrite */
	uint32_t blocks;  /* how many */
};

struct check {
	const char *name;
	void (*run)(const struct target *target);
};

extern const struct check checks_basic[];
extern const struct check checks_blocks[];
extern const struct check checks_queue[];
extern const struct check checks_callback[];
extern const struct check checks_memory[];
extern const struct check checks_fork[];
extern const struct check checks_error[];

_Noreturn void check_failed(const char *file, int line, const char *what);

#define CHECK(cond)                                             \
	do {                                                    \
		if (!(cond)) {                                  \
			check_failed(__FILE__, __LINE__, #cond); \
		}                                               \
	} while (0)

struct xnvme_dev *target_open(const struct target *target);
struct xnvme_queue *target_queue(struct xnvme_dev *dev, uint16_t capacity);
void *target_buf(struct xnvme_dev *dev, uint32_t blocks);

/* Fills `nbytes` bytes so that blocks differ from each other and between seeds */
void pattern(void *buf, size_t nbytes, uint64_t seed);

/* For "tmpfile:SIZE", "loop:SIZE" or "zram:SIZE" makes the file or device and returns its path;
 * removes it at exit. NULL, with the reason on stdout, when it is unavailable. */
const char *fixture_make(const char *uri);

/* True when `pages` huge pages are free; as root it reserves them, and releases them at exit.
 * Otherwise false, with the reason on stdout. */
bool fixture_hugepages(int pages);

/* A device other than the library's virtual SSDs: its error status may differ */
static inline bool
is_foreign(struct xnvme_dev *dev)
{
	static const char ours[] = "nqn.2024-01.io.xnvme:";
	const char *kind = xnvme_dev_get_kind(dev);

	return !strcmp(xnvme_dev_get_opts(dev)->sync, "nvme") || !strcmp(kind, "pci") ||
	       (!strcmp(kind, "vfio_user") &&
		strncmp(xnvme_dev_get_ident(dev)->subnqn, ours, sizeof(ours) - 1) != 0);
}

#endif /* CONFORM_H */
