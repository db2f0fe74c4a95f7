/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of the kernel's request queue behind an open block device.
 */
#ifndef PATH_LINUX_QUEUE_LIMIT_H
#define PATH_LINUX_QUEUE_LIMIT_H

#include <stdint.h>

/* A number of /sys/dev/block/MAJOR:MINOR/queue/NAME, of the whole disk when it is a partition;
 * `otherwise` when there is none */
uint64_t queue_limit(int fd, const char *name, uint64_t otherwise);

/* The most bytes of one read or write that the kernel passes on as one request, wherever in a page
 * they begin; UINT64_MAX when it does not say */
uint64_t queue_limit_request_nbytes(int fd);

#endif /* PATH_LINUX_QUEUE_LIMIT_H */
