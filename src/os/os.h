/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What both sides need from an operating system: files, pages, events, threads and the clock, so
 * that src/host includes no platform header.
 *
 * Terms
 *   file type  what a name is for the system: a file, a block device, a character device, ...
 *   pages      memory of the system, mapped in whole pages
 *   event      a descriptor that can be polled
 *   message    bytes and descriptors on a local socket (message.h)
 *   scan       the list of the devices of this machine (scan.h, sysfs.h, linux_nvme.h)
 *
 * Life cycle, states
 *   Those of the system's objects: each is opened by one function and closed by another.
 *
 * Ownership
 *   Descriptors and pages belong to the caller.
 *
 * Threads
 *   All functions may be called from any thread.
 *
 * Errors
 *   0 or a count, or -errno. No error text: the caller has the context for one.
 *
 * What it does not do
 *   No I/O rings, no ioctls of one device type: those are paths. One file per subject and operating
 *   system (linux_*.c); the build picks.
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

/* The type of the file `path`, symbolic links followed */
int os_file_type(const char *path, enum os_file_type *type);

/* Size in bytes of an open file or block device */
int os_fd_size(int fd, uint64_t *nbytes);

/* Move all of `cnt` vectors at `offset`, in as many calls as necessary; stop early only at the end
 * of the file. Return the number of bytes moved, or -errno. `durable`: the bytes are on stable
 * storage on return. */
ssize_t os_fd_readv(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset);
ssize_t os_fd_writev(int fd, const struct iovec *vec, uint32_t cnt, uint64_t offset, bool durable);

int os_fd_flush(int fd);

/* Makes a range read as zeroes; with `deallocate` it may free the space */
int os_fd_zero(int fd, uint64_t offset, uint64_t nbytes, bool deallocate);

/* Deallocates a range; its contents are undefined afterwards. A file system or device without
 * support ignores it. */
int os_fd_discard(int fd, uint64_t offset, uint64_t nbytes);

/* Has the device under this open node been removed? False for a file that is not a device node, and
 * where the system does not report it. */
bool os_fd_is_gone(int fd);

/* Does a thread of this machine serve this block device (loop, nbd, ublk)? Then a spinning waiter
 * may take the processor that this thread needs. */
bool os_fd_works_in_thread(int fd);

/* Pages: page-aligned, zeroed, not resident until the first access */
size_t os_page_nbytes(void);
void *os_pages_map(size_t nbytes);
void os_pages_unmap(void *pages, size_t nbytes);

/* Creates a file in memory, zeroed, to be mapped and passed to another process. It is sealed, so
 * that the other process cannot shrink it, which would cause SIGBUS in processes that map it.
 * `huge`: in huge pages of the system's default size. Returns a descriptor, or -errno. */
int os_memory_file(const char *name, size_t nbytes, bool huge);

/* An event: a descriptor that polls readable from os_event_signal() until it is read. A timer's
 * descriptor (of timerfd_create(2)) can be signalled too: it expires at once. os_event_signal()
 * does not block, also for a descriptor in blocking mode. */
int os_event_open(void);
void os_event_signal(int event);
void os_event_clear(int event);

/* Waits until `fd` polls readable or `timeout_ns` has passed (UINT64_MAX: no limit). Returns 1 when
 * readable, 0 after the timeout or a signal, or -errno. */
int os_poll_readable(int fd, uint64_t timeout_ns);

/* Starts a thread of the library: `work(arg)`. It blocks all signals except those that are raised
 * by its own faults, so that the program's signals are delivered to other threads. Returns 0 or
 * -errno. */
int os_thread_start(pthread_t *thread, void *(*work)(void *), void *arg);

/* Sleeps for about this long */
void os_pause_ns(uint64_t ns);

/* Yields the processor to another thread that is ready to run; returns at once when there is
 * none */
void os_yield(void);

uint64_t os_clock_ns(void);

#endif /* OS_OS_H */
