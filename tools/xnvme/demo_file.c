/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unlinked temporary files: the file is unlinked as soon as it is open, and accessed through its
 * descriptor. So nothing is left behind, even after SIGKILL.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demo.h"

/* Returns the descriptor, and in `path` a name that opens the file in this process; or a negative
 * errno */
int
demo_file_make(uint64_t nbytes, char *path, size_t path_nbytes)
{
	const char *dir = getenv("TMPDIR");
	char name[400];
	int fd, err = 0;

	snprintf(name, sizeof(name), "%s/xnvme-demo-XXXXXX", dir && *dir ? dir : "/var/tmp");
	fd = mkstemp(name);
	if (fd < 0) {
		return -errno;
	}
	if (unlink(name) || ftruncate(fd, (off_t)nbytes)) {
		err = -errno;
		close(fd);
		return err;
	}
	snprintf(path, path_nbytes, "/proc/self/fd/%d", fd);
	return fd;
}
