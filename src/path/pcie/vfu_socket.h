/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes to and from a vfio-user server, until a deadline. The other side may stop at any byte, or
 * send one now and then: the deadline is that of all bytes together.
 */
#ifndef PATH_PCIE_VFU_SOCKET_H
#define PATH_PCIE_VFU_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* `deadline_ns`: of os_clock_ns(). Each: 0, -ETIMEDOUT, -ECONNRESET when the other side closed, or
 * another -errno; then the stream is of no more use. */

/* All of `iov`, which is changed; `pass` goes along, -1: nothing does */
int vfu_send(int fd, struct iovec *iov, size_t count, int pass, uint64_t deadline_ns);

/* Exactly `nbytes`. The first descriptor that comes goes to `*passed` if that is -1; others are
 * closed. -EMFILE: the kernel could not give this process one that was sent. */
int vfu_receive(int fd, void *to, size_t nbytes, int *passed, uint64_t deadline_ns);

#endif /* PATH_PCIE_VFU_SOCKET_H */
