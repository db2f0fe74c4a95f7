/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/adopt.h>

#include <errno.h>
#include <host/err.h>
#include <inttypes.h>
#include <os/os.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Is all of it private, anonymous, readable and writable? Other memory may be shared already. */
static bool
is_own(uintptr_t from, uintptr_t to)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	bool own = maps != NULL;

	while (own && from < to && fgets(line, sizeof(line), maps)) {
		uintptr_t start, end;
		unsigned long inode;
		char perms[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %lu", &start, &end, perms,
			   &inode) != 4 ||
		    end <= from) {
			continue;
		}
		own = start <= from && !strncmp(perms, "rw", 2) && perms[3] == 'p' && inode == 0;
		from = end;
	}
	if (maps) {
		(void)fclose(maps);
	}
	return own && from >= to;
}

static int
fill(int fd, const uint8_t *from, size_t nbytes)
{
	while (nbytes > 0) {
		ssize_t written = write(fd, from, nbytes);

		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written <= 0) {
			return err_set(-errno, "cannot share %zu bytes of memory: %s", nbytes,
				       strerror(errno));
		}
		from += written;
		nbytes -= (size_t)written;
	}
	return 0;
}

int
adopt_memory(void *vaddr, size_t nbytes)
{
	int fd, err;

	if (!is_own((uintptr_t)vaddr, (uintptr_t)vaddr + nbytes)) {
		return err_set(-ENOTSUP,
			       "the %zu bytes at %p are not private memory that can be "
			       "shared with the SSD's process; use xnvme_buf_alloc()",
			       nbytes, vaddr);
	}
	fd = os_memory_file("xnvme-adopted", nbytes, false);
	if (fd < 0) {
		return err_set(fd, "cannot share %zu bytes of memory: %s", nbytes, strerror(-fd));
	}
	err = fill(fd, vaddr, nbytes);
	if (!err && mmap(vaddr, nbytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
			    MAP_FAILED) {
		err = err_set(-errno, "cannot share %zu bytes at %p: %s", nbytes, vaddr,
			      strerror(errno));
	}
	if (err) {
		(void)close(fd);
		return err;
	}
	return fd;
}

int
adopt_return(void *vaddr, size_t nbytes)
{
	void *copy = mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (copy == MAP_FAILED) {
		return err_set(-errno, "no memory to take %zu bytes back: %s", nbytes,
			       strerror(errno));
	}
	memcpy(copy, vaddr, nbytes);
	if (mremap(copy, nbytes, nbytes, MREMAP_MAYMOVE | MREMAP_FIXED, vaddr) == MAP_FAILED) {
		int err = err_set(-errno, "cannot take %zu bytes at %p back: %s", nbytes, vaddr,
				  strerror(errno));

		(void)munmap(copy, nbytes);
		return err;
	}
	return 0;
}
