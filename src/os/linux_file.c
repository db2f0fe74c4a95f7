/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/os.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

/* The kernel's name of a device node, independent of the name of the node: the last component of
 * the link /sys/dev/{block,char}/MAJOR:MINOR */
static bool
device_name(bool block, dev_t rdev, char *name, size_t name_nbytes)
{
	char link[64];
	char target[PATH_MAX];
	ssize_t len;

	(void)snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u", block ? "block" : "char",
		       major(rdev), minor(rdev));
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0) {
		return false;
	}
	target[len] = '\0';

	const char *base = strrchr(target, '/');

	(void)snprintf(name, name_nbytes, "%.200s", base ? base + 1 : target);
	return true;
}

/* Whole namespaces of the NVMe driver such as "nvme0n1" and "nvme3c3n1"; not "nvme0n1p2" */
static bool
is_nvme_namespace(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(name, prefix, len)) {
		return false;
	}
	const char *p = name + len;
	const char *digits = p;

	while (*p >= '0' && *p <= '9') {
		p += 1;
	}
	if (p == digits || *p != 'n') {
		return false;
	}
	digits = ++p;
	while (*p >= '0' && *p <= '9') {
		p += 1;
	}
	return p != digits && !*p;
}

static bool
is_nvme_controller(const char *name)
{
	const char *p = name + 4;

	if (strncmp(name, "nvme", 4) || !*p) {
		return false;
	}
	while (*p >= '0' && *p <= '9') {
		p += 1;
	}
	return !*p;
}

static enum os_file_type
type_of_device(bool block, dev_t rdev)
{
	char name[256];

	if (!device_name(block, rdev, name, sizeof(name))) {
		return block ? OS_FILE_BLOCK : OS_FILE_OTHER;
	}
	if (block) {
		return is_nvme_namespace(name, "nvme") ? OS_FILE_NVME_BLOCK : OS_FILE_BLOCK;
	}
	if (is_nvme_namespace(name, "ng")) {
		return OS_FILE_NVME_CHAR;
	}
	return is_nvme_controller(name) ? OS_FILE_NVME_CTRLR : OS_FILE_OTHER;
}

int
os_file_type(const char *path, enum os_file_type *type)
{
	struct stat st;

	if (stat(path, &st)) {
		return -errno;
	}
	switch (st.st_mode & S_IFMT) {
	case S_IFREG:
		*type = OS_FILE_REGULAR;
		return 0;
	case S_IFDIR:
		*type = OS_FILE_DIRECTORY;
		return 0;
	case S_IFBLK:
	case S_IFCHR:
		*type = type_of_device((st.st_mode & S_IFMT) == S_IFBLK, st.st_rdev);
		return 0;
	default:
		*type = OS_FILE_OTHER;
		return 0;
	}
}

int
os_fd_size(int fd, uint64_t *nbytes)
{
	struct stat st;

	if (fstat(fd, &st)) {
		return -errno;
	}
	if (S_ISBLK(st.st_mode)) {
		return ioctl(fd, BLKGETSIZE64, nbytes) ? -errno : 0;
	}
	*nbytes = (uint64_t)st.st_size;
	return 0;
}

bool
os_fd_is_gone(int fd)
{
	struct stat st;
	char name[256];

	/* while the node is open, its numbers are not given to another device */
	return !fstat(fd, &st) && (S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)) &&
	       !access("/sys/dev/block", F_OK) &&
	       !device_name(S_ISBLK(st.st_mode), st.st_rdev, name, sizeof(name)) &&
	       errno == ENOENT; /* another errno may come from a sandbox without access */
}

bool
os_fd_works_in_thread(int fd)
{
	static const char *const drivers[] = {"loop", "nbd", "ublk"};
	struct stat st;
	char name[256];

	if (fstat(fd, &st) || !S_ISBLK(st.st_mode) ||
	    !device_name(true, st.st_rdev, name, sizeof(name))) {
		return false;
	}
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); ++i) {
		if (!strncmp(name, drivers[i], strlen(drivers[i]))) {
			return true;
		}
	}
	return false;
}

/* Repeats preadv2/pwritev2 until all bytes are moved. Leaves `vec` unchanged: each call gets a copy
 * of at most 64 entries, whose first one begins after the bytes that are done. */
static ssize_t
move_all(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset, bool write, int flags)
{
	size_t moved = 0;
	size_t skip = 0; /* bytes of vec[0] that are done */

	while (cnt) {
		struct iovec window[64];
		int n = cnt < 64 ? (int)cnt : 64;
		ssize_t rc;

		memcpy(window, vec, sizeof(window[0]) * (size_t)n);
		window[0].iov_base = (char *)window[0].iov_base + skip;
		window[0].iov_len -= skip;
		rc = write ? pwritev2(fd, window, n, (off_t)(offset + moved), flags)
			   : preadv2(fd, window, n, (off_t)(offset + moved), flags);
		if (rc < 0 && errno == EINTR) {
			continue;
		}
		if (rc < 0) {
			return -errno;
		}
		moved += (size_t)rc;

		size_t left = (size_t)rc + skip;

		while (cnt && left >= vec->iov_len) {
			left -= vec->iov_len;
			vec += 1;
			cnt -= 1;
			n -= 1;
		}
		skip = left;
		if (!rc && n > 0) {
			break; /* the end of the file: some bytes were not moved */
		}
	}
	return (ssize_t)moved;
}

ssize_t
os_fd_readv(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset)
{
	return move_all(fd, vec, cnt, offset, false, 0);
}

ssize_t
os_fd_writev(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset, bool durable)
{
	return move_all(fd, vec, cnt, offset, true, durable ? RWF_DSYNC : 0);
}

int
os_fd_flush(int fd)
{
	int rc;

	do {
		rc = fdatasync(fd);
	} while (rc && errno == EINTR); /* network and FUSE file systems are interruptible */
	return rc ? -errno : 0;
}

/* fallocate(2), repeated after a signal. Returns 0 or -errno. */
static int
allocate(int fd, int mode, uint64_t offset, uint64_t nbytes)
{
	int rc;

	do {
		rc = fallocate(fd, mode, (off_t)offset, (off_t)nbytes);
	} while (rc && errno == EINTR);
	return rc ? -errno : 0;
}

static int
write_zeroes(int fd, uint64_t offset, uint64_t nbytes)
{
	enum { CHUNK = 64 * 1024 };
	_Alignas(4096) static const char zeroes[CHUNK];

	while (nbytes) {
		struct iovec vec = {(void *)(uintptr_t)zeroes, nbytes < CHUNK ? nbytes : CHUNK};
		ssize_t rc = os_fd_writev(fd, &vec, 1, offset, false);

		if (rc <= 0) {
			return rc ? (int)rc : -EIO;
		}
		offset += (uint64_t)rc;
		nbytes -= (uint64_t)rc;
	}
	return 0;
}

int
os_fd_zero(int fd, uint64_t offset, uint64_t nbytes, bool deallocate)
{
	static const int modes[2] = {FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
				     FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE};

	if (!nbytes) {
		return 0;
	}
	for (int i = 0; i < 2; ++i) {
		int err = allocate(fd, modes[deallocate ? 1 - i : i], offset, nbytes);

		if (err != -EOPNOTSUPP && err != -ENOSYS && err != -EINVAL) {
			return err;
		}
	}
	return write_zeroes(fd, offset, nbytes); /* neither mode is supported */
}

int
os_fd_discard(int fd, uint64_t offset, uint64_t nbytes)
{
	uint64_t range[2] = {offset, nbytes};
	struct stat st;

	if (!nbytes) {
		return 0;
	}
	if (fstat(fd, &st)) {
		return -errno;
	}
	if (S_ISBLK(st.st_mode)) {
		if (ioctl(fd, BLKDISCARD, range) && errno != EOPNOTSUPP && errno != EINVAL) {
			return -errno;
		}
		return 0;
	}

	int err = allocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, nbytes);

	return err == -EOPNOTSUPP || err == -ENOSYS ? 0 : err;
}
