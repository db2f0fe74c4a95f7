/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linux's /sys: one value per file, read as text. File names are given as for printf.
 */
#ifndef OS_SYSFS_H
#define OS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSFS_NAME_NBYTES 64 /* a device's name: DISK_NAME_LEN is 32 */

/* Where sysfs is mounted: "/sys". Alone in its file, so that a test can define another one, which
 * the linker then takes in place of the library's. */
const char *sysfs_root(void);

/* Reads a file without its last newline, truncated to `nbytes` - 1. Returns 0 or -errno. */
int sysfs_text(char *text, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads the number in a file, decimal or 0x. Returns 0 or -errno. */
int sysfs_number(uint64_t *value, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Reads the last component of a link's target: the name of a driver or a parent. Returns 0 or
 * -errno. */
int sysfs_link_name(char *name, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

bool sysfs_exists(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Lists the names in a folder that `wanted` accepts (NULL: all), in natural order: n2 before n10. A
 * missing folder is empty. Returns the number of names, or -ENOMEM; the caller frees *names. */
int sysfs_list(const char *folder, bool (*wanted)(const char *name),
	       char (**names)[SYSFS_NAME_NBYTES]);

/* strcmp that compares digits as numbers */
int natural_compare(const char *a, const char *b);

#endif /* OS_SYSFS_H */
