/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds memory whose physical addresses are contiguous and stay: huge pages, which Linux does not
 * migrate. Their physical addresses are in /proc/self/pagemap, one word per 4 KiB page
 * (Documentation/admin-guide/mm/pagemap.rst). They come in no order: they are sorted, and the
 * longest contiguous run is kept.
 */
#include <path/pcie/physical.h>

#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE (2ull << 20)
#define SMALL_PAGE 4096u
#define PAGEMAP_FRAME ((1ull << 55) - 1)
#define PAGEMAP_PRESENT (1ull << 63)

struct page {
	uint64_t address;
	uint32_t number; /* in the file */
};

int
physical_address(const void *vaddr, uint64_t *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t word = 0;
	ssize_t got = -1;

	if (fd >= 0) {
		got = pread(fd, &word, sizeof(word),
			    (off_t)((uintptr_t)vaddr / SMALL_PAGE * sizeof(word)));
		(void)close(fd);
	}
	if (got != sizeof(word) || !(word & PAGEMAP_PRESENT) || !(word & PAGEMAP_FRAME)) {
		return err_set(-EPERM,
			       "the kernel does not say where in the machine's memory %p is "
			       "(/proc/self/pagemap): run this as root",
			       vaddr);
	}
	*address = (word & PAGEMAP_FRAME) * SMALL_PAGE + (uintptr_t)vaddr % SMALL_PAGE;
	return 0;
}

static int
by_address(const void *a, const void *b)
{
	const struct page *left = a, *right = b;

	return left->address < right->address ? -1 : left->address > right->address;
}

/* The start and the length of the longest contiguous run of pages */
static uint32_t
longest_row(const struct page *pages, uint32_t count, uint32_t *length)
{
	uint32_t best = 0, start = 0;

	*length = 0;
	for (uint32_t i = 0; i < count; ++i) {
		if (i > 0 && pages[i].address != pages[i - 1].address + HUGE_PAGE) {
			start = i;
		}
		if (i - start + 1 > *length) {
			*length = i - start + 1;
			best = start;
		}
	}
	return best;
}

/* Reserve aligned address space for that many hugepages */
static uint8_t *
reserve(size_t nbytes)
{
	uint8_t *base = mmap(NULL, nbytes + HUGE_PAGE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before;

	if (base == MAP_FAILED) {
		return NULL;
	}
	before = (size_t)(-(uintptr_t)base & (HUGE_PAGE - 1));
	if (before > 0) {
		(void)munmap(base, before);
	}
	(void)munmap(base + before + nbytes, HUGE_PAGE - before);
	return base + before;
}

/* Map the pages of the run in physical order; free the others */
static int
arrange(int fd, const struct page *pages, uint32_t count, uint32_t first, uint32_t length,
	void **base)
{
	uint8_t *room = reserve(length * HUGE_PAGE);
	int err = room ? 0 : -errno;

	for (uint32_t i = 0; i < count && !err; ++i) {
		off_t offset = (off_t)(pages[i].number * HUGE_PAGE);
		bool kept = i >= first && i - first < length;

		if (!kept) {
			(void)fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset,
					(off_t)HUGE_PAGE);
		} else if (mmap(room + (i - first) * HUGE_PAGE, HUGE_PAGE, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, offset) == MAP_FAILED) {
			err = -errno;
		}
	}
	if (err && room) {
		(void)munmap(room, length * HUGE_PAGE);
	}
	*base = room;
	return err ? err_set(err, "hugepages cannot be mapped: %s", strerror(-err)) : 0;
}

/* The physical address of each page of the file */
static int
locate(int fd, uint32_t count, struct page *pages)
{
	size_t nbytes = count * HUGE_PAGE;
	uint8_t *all = mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	int err = 0;

	if (all == MAP_FAILED) {
		return -errno;
	}
	for (uint32_t i = 0; i < count && !err; ++i) {
		all[i * HUGE_PAGE] = 0; /* touch it, so that it is resident */
		pages[i].number = i;
		err = physical_address(all + i * HUGE_PAGE, &pages[i].address);
	}
	(void)munmap(all, nbytes);
	if (!err) {
		qsort(pages, count, sizeof(*pages), by_address);
	}
	return err;
}

/* A file of at most `count` hugepages: as many as the system has */
static int
take(uint32_t *count, struct page *pages)
{
	int err = -ENOMEM;

	for (; *count > 0; *count /= 2) {
		int fd = memfd_create("xnvme-heap", MFD_CLOEXEC | MFD_HUGETLB);

		if (fd < 0) {
			break;
		}
		err = ftruncate(fd, (off_t)(*count * HUGE_PAGE)) ? -errno : 0;
		err = err ? err : locate(fd, *count, pages);
		if (!err) {
			return fd;
		}
		(void)close(fd);
		if (err == -EPERM) {
			return err;
		}
	}
	return err_set(-ENOMEM, "no hugepages of 2 MiB are free: xnvme-driver hugepages 64");
}

int
physical_alloc(size_t least, size_t most, void **base, size_t *nbytes)
{
	uint32_t count = (uint32_t)(most / HUGE_PAGE), first, length;
	struct page *pages = calloc(count, sizeof(*pages));
	int fd, err;

	if (!pages) {
		return err_set(-ENOMEM, "no memory for a list of %u hugepages", count);
	}
	fd = take(&count, pages);
	if (fd < 0) {
		free(pages);
		return fd;
	}
	first = longest_row(pages, count, &length);
	if (length * HUGE_PAGE < least) {
		err = err_set(-ENOMEM,
			      "%zu bytes in one piece are needed, and of %u free hugepages only %u "
			      "follow each other: reserve them at boot (hugepages=COUNT)",
			      least, count, length);
	} else {
		err = arrange(fd, pages, count, first, length, base);
		*nbytes = length * HUGE_PAGE;
	}
	free(pages);
	if (err) {
		(void)close(fd);
		return err;
	}
	return fd;
}
