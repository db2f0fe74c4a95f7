/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of the kernel's request queue behind an open block device.
 */
#ifndef PATH_LINUX_QUEUE_LIMIT_H
#define PATH_LINUX_QUEUE_LIMIT_H

#include <stdint.h>

/* A number from /sys/dev/block/MAJOR:MINOR/queue/NAME, for a partition that of the whole disk;
 * `otherwise` when it does not exist */
uint64_t queue_limit(int fd, const char *name, uint64_t otherwise);

/* The largest read or write, in bytes, that the kernel passes on as one request at any offset in a
 * page; UINT64_MAX when unknown */
uint64_t queue_limit_request_nbytes(int fd);

#endif /* PATH_LINUX_QUEUE_LIMIT_H */
