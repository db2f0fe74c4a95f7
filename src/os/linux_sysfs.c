/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/sysfs.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
make_path(char path[PATH_MAX], const char *fmt, va_list args)
{
	int len = snprintf(path, PATH_MAX, "%s/", sysfs_root());
	int more = vsnprintf(path + len, PATH_MAX - (size_t)len, fmt, args);

	return more < 0 || len + more >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static int
read_text(const char *path, char *text, size_t nbytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int err;

	if (fd < 0) {
		return -errno;
	}
	do {
		len = read(fd, text, nbytes - 1);
	} while (len < 0 && errno == EINTR);
	err = len < 0 ? -errno : 0;
	(void)close(fd);
	if (err) {
		return err;
	}
	while (len && isspace((unsigned char)text[len - 1])) {
		len -= 1;
	}
	text[len] = '\0';
	return 0;
}

int
sysfs_text(char *text, size_t nbytes, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	int err;

	va_start(args, fmt);
	err = make_path(path, fmt, args);
	va_end(args);
	return err ? err : read_text(path, text, nbytes);
}

int
sysfs_number(uint64_t *value, const char *fmt, ...)
{
	char path[PATH_MAX];
	char text[64];
	char *end;
	va_list args;
	int err;

	va_start(args, fmt);
	err = make_path(path, fmt, args);
	va_end(args);
	if (!err) {
		err = read_text(path, text, sizeof(text));
	}
	if (err) {
		return err;
	}
	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno || end == text || *end ? -EINVAL : 0;
}

int
sysfs_link_name(char *name, size_t nbytes, const char *fmt, ...)
{
	char path[PATH_MAX];
	char target[PATH_MAX];
	const char *last;
	va_list args;
	ssize_t len;
	int err;

	va_start(args, fmt);
	err = make_path(path, fmt, args);
	va_end(args);
	if (err) {
		return err;
	}
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0) {
		return -errno;
	}
	target[len] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) >= nbytes) {
		return -ENAMETOOLONG;
	}
	memcpy(name, last, strlen(last) + 1);
	return 0;
}

bool
sysfs_exists(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	int err;

	va_start(args, fmt);
	err = make_path(path, fmt, args);
	va_end(args);
	return !err && !access(path, F_OK);
}

int
natural_compare(const char *a, const char *b)
{
	while (*a && *b) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			char *a_end, *b_end;
			unsigned long long x = strtoull(a, &a_end, 10);
			unsigned long long y = strtoull(b, &b_end, 10);

			if (x != y) {
				return x < y ? -1 : 1;
			}
			a = a_end;
			b = b_end;
			continue;
		}
		if (*a != *b) {
			break;
		}
		a += 1;
		b += 1;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int
compare_names(const void *a, const void *b)
{
	return natural_compare(a, b);
}

int
sysfs_list(const char *folder, bool (*wanted)(const char *name), char (**names)[SYSFS_NAME_NBYTES])
{
	char path[PATH_MAX];
	struct dirent *entry;
	size_t capacity = 0;
	int cnt = 0;
	DIR *dir;

	*names = NULL;
	(void)snprintf(path, sizeof(path), "%s/%s", sysfs_root(), folder);
	dir = opendir(path);
	if (!dir) {
		return 0;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= SYSFS_NAME_NBYTES ||
		    (wanted && !wanted(entry->d_name))) {
			continue;
		}
		if ((size_t)cnt == capacity) {
			void *more;

			capacity = capacity ? capacity * 2 : 16;
			more = realloc(*names, capacity * sizeof(**names));
			if (!more) {
				free(*names);
				*names = NULL;
				(void)closedir(dir);
				return -ENOMEM;
			}
			*names = more;
		}
		memcpy((*names)[cnt], entry->d_name, strlen(entry->d_name) + 1);
		cnt += 1;
	}
	(void)closedir(dir);
	if (cnt) {
		qsort(*names, (size_t)cnt, sizeof(**names), compare_names);
	}
	return cnt;
}
