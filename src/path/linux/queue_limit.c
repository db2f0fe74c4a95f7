/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/queue_limit.h>

#include <os/linux_nvme.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

uint64_t
queue_limit(int fd, const char *name, uint64_t otherwise)
{
	static const char *const forms[] = {"/sys/dev/block/%u:%u/queue/%s",
					    "/sys/dev/block/%u:%u/../queue/%s"};
	unsigned long long value;
	struct stat st;

	if (fstat(fd, &st)) {
		return otherwise;
	}
	for (size_t i = 0; i < 2; ++i) {
		char path[128];

		(void)snprintf(path, sizeof(path), i ? forms[1] : forms[0], major(st.st_rdev),
			       minor(st.st_rdev), name);
		FILE *file = fopen(path, "re");

		if (!file) {
			continue;
		}
		int got = fscanf(file, "%llu", &value);

		(void)fclose(file);
		if (got == 1) {
			return value;
		}
	}
	return otherwise;
}

uint64_t
queue_limit_request_nbytes(int fd)
{
	uint64_t kib = queue_limit(fd, "max_sectors_kb", 0);
	uint64_t segments = queue_limit(fd, "max_segments", 0);

	return kib && segments ? nvme_request_nbytes(kib, segments) : UINT64_MAX;
}
