/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices that exist for the duration of the test: a file, a loop device on it, a zram disk.
 */
#include "conform.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char file_path[64];
static char dev_path[64];
static int zram_number = -1;
static int hugepages_before = -1;

static int
run(const char *command)
{
	int rc = system(command);

	return rc;
}

static pid_t maker;

static void
fixture_clean(void)
{
	char command[256];

	if (getpid() != maker) {
		return; /* a forked child exits; the parent still uses it */
	}
	if (dev_path[0] && zram_number < 0) {
		(void)snprintf(command, sizeof(command), "losetup -d %s 2>/dev/null", dev_path);
		(void)run(command);
	}
	if (zram_number >= 0) {
		/* busy for a moment if a ring held the device: the kernel releases it later */
		(void)snprintf(command, sizeof(command), "for i in 1 2 3 4 5 6 7 8 9; do "
			       "{ echo 1 >/sys/block/zram%d/reset && "
			       "echo %d >/sys/class/zram-control/hot_remove; } 2>/dev/null && "
			       "break; sleep 0.2; done", zram_number, zram_number);
		(void)run(command);
	}
	if (file_path[0]) {
		(void)unlink(file_path);
	}
	if (hugepages_before >= 0) {
		(void)snprintf(command, sizeof(command), "echo %d >/proc/sys/vm/nr_hugepages",
			       hugepages_before);
		(void)run(command);
	}
}

static const char *
make_file(const char *size)
{
	const char *dir = getenv("XNVME_TEST_DIR");
	char command[256];
	int fd;

	(void)snprintf(file_path, sizeof(file_path), "%s/xnvme_conform_XXXXXX",
		       dir ? dir : "/var/tmp");
	fd = mkstemp(file_path);
	if (fd < 0) {
		printf("no file can be made in /var/tmp: %s\n", strerror(errno));
		file_path[0] = '\0';
		return NULL;
	}
	(void)close(fd);
	(void)snprintf(command, sizeof(command), "truncate -s %s %s", size, file_path);
	if (run(command)) {
		printf("'%s' failed\n", command);
		return NULL;
	}
	return file_path;
}

/* Returns the first line that a command prints */
static const char *
line_of(const char *command, char *line, size_t nbytes)
{
	FILE *pipe = popen(command, "r");
	char *got = pipe ? fgets(line, (int)nbytes, pipe) : NULL;

	if (pipe && pclose(pipe)) {
		got = NULL;
	}
	if (got) {
		line[strcspn(line, "\n")] = '\0';
	}
	return got;
}

static const char *
make_loop(const char *size)
{
	char command[256];

	if (geteuid()) {
		printf("a loop device needs root\n");
		return NULL;
	}
	if (!make_file(size)) {
		return NULL;
	}
	(void)snprintf(command, sizeof(command), "losetup --direct-io=on -f --show %s 2>/dev/null "
		       "|| losetup -f --show %s", file_path, file_path);
	if (!line_of(command, dev_path, sizeof(dev_path))) {
		printf("no loop device can be had: losetup failed\n");
		dev_path[0] = '\0';
		return NULL;
	}
	return dev_path;
}

static const char *
make_zram(const char *size)
{
	char line[64];
	char command[256];

	if (geteuid()) {
		printf("a zram disk needs root\n");
		return NULL;
	}
	(void)run("modprobe zram 2>/dev/null");
	if (!line_of("cat /sys/class/zram-control/hot_add 2>/dev/null", line, sizeof(line))) {
		printf("no zram disk can be had: there is no /sys/class/zram-control\n");
		return NULL;
	}
	zram_number = atoi(line);
	(void)snprintf(command, sizeof(command), "echo %s >/sys/block/zram%d/disksize", size,
		       zram_number);
	if (run(command)) {
		printf("'%s' failed\n", command);
		return NULL;
	}
	(void)snprintf(dev_path, sizeof(dev_path), "/dev/zram%d", zram_number);
	if (access(dev_path, F_OK)) { /* without udev: make the node */
		(void)snprintf(command, sizeof(command), "mknod %s b $(tr : ' ' "
			       "</sys/block/zram%d/dev)", dev_path, zram_number);
		if (run(command)) {
			printf("'%s' failed\n", command);
			return NULL;
		}
	}
	return dev_path;
}

static int
free_hugepages(void)
{
	char line[64];

	return line_of("awk '/HugePages_Free/ {print $2}' /proc/meminfo", line, sizeof(line))
		       ? atoi(line) : 0;
}

bool
fixture_hugepages(int pages)
{
	char line[64];
	char command[128];
	int missing = pages - free_hugepages();

	if (missing > 0 && !geteuid() &&
	    line_of("cat /proc/sys/vm/nr_hugepages", line, sizeof(line))) {
		hugepages_before = atoi(line);
		(void)snprintf(command, sizeof(command), "echo %d >/proc/sys/vm/nr_hugepages",
			       hugepages_before + missing);
		(void)run(command);
	}
	if (free_hugepages() >= pages) {
		return true;
	}
	printf("%d huge pages cannot be had, of which %d are free\n", pages, free_hugepages());
	return false;
}

const char *
fixture_make(const char *uri)
{
	maker = getpid();
	(void)atexit(fixture_clean);
	if (!strncmp(uri, "tmpfile:", 8)) {
		return make_file(uri + 8);
	}
	if (!strncmp(uri, "loop:", 5)) {
		return make_loop(uri + 5);
	}
	if (!strncmp(uri, "zram:", 5)) {
		return make_zram(uri + 5);
	}
	return uri;
}
