/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linux' /sys: one value per file, read as text. Names of files are made like printf does.
 */
#ifndef OS_SYSFS_H
#define OS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSFS_NAME_NBYTES 64 /* a device's name: DISK_NAME_LEN is 32 */

/* Where sysfs is mounted: "/sys"; a unit test puts a made tree in its place */
void sysfs_set_root(const char *root);

/* The text of a file without its last newline, cut to `nbytes` - 1. 0 or -errno. */
int sysfs_text(char *text, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The number in a file, decimal or 0x. 0 or -errno. */
int sysfs_number(uint64_t *value, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The last part of what a link points to: the name of a driver or a parent. 0 or -errno. */
int sysfs_link_name(char *name, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

bool sysfs_exists(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Names in a folder that `wanted` (NULL: all) says yes to, in natural order: n2 before n10. A
 * folder that is not there is empty. The number of names, or -ENOMEM; free(*names). */
int sysfs_list(const char *folder, bool (*wanted)(const char *name),
	       char (**names)[SYSFS_NAME_NBYTES]);

/* strcmp, but digits compare as numbers */
int natural_compare(const char *a, const char *b);

#endif /* OS_SYSFS_H */
