/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the host half asks of an operating system.
 *
 * What this is. A thin layer: files, pages, events and the clock, so that src/host has no platform
 * header. One file per subject and operating system; the build picks.
 * Nouns. A file type, a run of pages, an event (a descriptor that can be polled).
 * Ownership. Descriptors and pages belong to the caller.
 * Threads. Everything here may be called from any thread.
 * Errors. 0 or a count, or -errno. No sentence: the caller knows what it was for.
 * What it does not do. No I/O rings, no ioctls of one device type: those are paths.
 */
#ifndef OS_OS_H
#define OS_OS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct iovec;

enum os_file_type {
	OS_FILE_REGULAR,
	OS_FILE_BLOCK,
	OS_FILE_NVME_BLOCK,
	OS_FILE_NVME_CHAR,
	OS_FILE_NVME_CTRLR,
	OS_FILE_DIRECTORY,
	OS_FILE_OTHER,
};

/* What `path` names, symbolic links followed */
int os_file_type(const char *path, enum os_file_type *type);

/* Bytes in an open file or block device */
int os_fd_size(int fd, uint64_t *nbytes);

/* All of `cnt` vectors at `offset`, in as many calls as it takes; stops early only at the end of
 * the file. Bytes moved, or -errno. `durable`: on stable storage when it returns. */
ssize_t os_fd_readv(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset);
ssize_t os_fd_writev(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset, bool durable);

int os_fd_flush(int fd);

/* Makes a range read as zeroes; may give the space back when `deallocate` */
int os_fd_zero(int fd, uint64_t offset, uint64_t nbytes, bool deallocate);

/* Says that a range is no longer needed; what it reads as afterwards is undefined. A file system
 * or device that cannot take the hint ignores it. */
int os_fd_discard(int fd, uint64_t offset, uint64_t nbytes);

/* Has the device under this open node been removed? False for what is no device node, and where the
 * system does not tell. */
bool os_fd_is_gone(int fd);

/* Does a thread of this machine do what this block device is asked (loop, nbd, ublk)? Then whoever
 * waits for it by spinning may be taking the processor that the work needs. */
bool os_fd_works_in_thread(int fd);

/* Pages: page-aligned, zeroed by the first touch, not resident until then */
size_t os_page_nbytes(void);
void *os_pages_map(size_t nbytes);
void os_pages_unmap(void *pages, size_t nbytes);

/* A file of memory, zeroed, to be mapped and given to another process: sealed, so that the other
 * cannot cut it short, which would be a SIGBUS for whoever mapped it. `huge`: in huge pages of the
 * system's default size. A descriptor, or -errno. */
int os_memory_file(const char *name, size_t nbytes, bool huge);

/* An event: a descriptor that polls readable from os_event_signal() until it is read. A timer's
 * descriptor (of timerfd_create(2)) can be signalled too: it expires at once. To signal does not
 * block, in whatever mode the descriptor is. */
int os_event_open(void);
void os_event_signal(int event);
void os_event_clear(int event);

/* Waits until `fd` polls readable or `timeout_ns` passed (UINT64_MAX: for ever). 1, 0, -errno. */
int os_poll_readable(int fd, uint64_t timeout_ns);

/* Starts a thread of the library's own: `work(arg)`. The program's signals are not delivered to it,
 * but for those that a fault of the thread itself raises. 0 or -errno. */
int os_thread_start(pthread_t *thread, void *(*work)(void *), void *arg);

/* Lets others run for about this long */
void os_pause_ns(uint64_t ns);

/* Lets another thread that is ready to run have this processor; returns at once when none is */
void os_yield(void);

uint64_t os_clock_ns(void);

#endif /* OS_OS_H */
