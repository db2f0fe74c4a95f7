/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contract of the library as a program: each check is a promise, run against one URI with one
 * set of options. Exits 0 when all hold, 1 when one does not, 77 when the URI cannot be had here.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <libxnvme.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

/* ThreadSanitizer sleeps by itself, and a child of a process with threads cannot start its own */
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
	bool moves_data;  /* nil does not */
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

/* Fills `blocks` blocks so that no two blocks of two seeds are the same */
void pattern(void *buf, size_t nbytes, uint64_t seed);

/* Where a target's URI is "tmpfile:SIZE", "loop:SIZE" or "zram:SIZE": makes it and says what it is
 * called; at exit it goes away. NULL with a reason on stdout when it cannot be had. */
const char *fixture_make(const char *uri);

/* True when there are `pages` free huge pages; they are reserved where root can, and given back at
 * exit. Otherwise false, with a reason on stdout. */
bool fixture_hugepages(int pages);

/* A device that somebody else made: which error it answers with is its own choice */
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
