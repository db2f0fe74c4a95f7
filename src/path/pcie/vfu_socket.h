/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sends bytes to and receives bytes from a vfio-user server, until a deadline. The peer may stop at
 * any byte or send slowly: the deadline covers all bytes together.
 */
#ifndef PATH_PCIE_VFU_SOCKET_H
#define PATH_PCIE_VFU_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* `deadline_ns`: of os_clock_ns(). Each returns 0, -ETIMEDOUT, -ECONNRESET when the peer closed, or
 * another -errno; after an error the stream is unusable. */

/* Send all of `iov`, which is modified, with the descriptor `pass` (-1: none) */
int vfu_send(int fd, struct iovec *iov, size_t count, int pass, uint64_t deadline_ns);

/* Receive exactly `nbytes`. The first descriptor received goes to `*passed` if that is -1; others
 * are closed. -EMFILE: the kernel could not install a descriptor that was sent. */
int vfu_receive(int fd, void *to, size_t nbytes, int *passed, uint64_t deadline_ns);

#endif /* PATH_PCIE_VFU_SOCKET_H */
