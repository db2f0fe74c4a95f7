/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Preloaded before the C library: when armed with N, the Nth call of an allocation or system call
 * fails; those before and after it work. The program that is run asks by the two functions below.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

void inject_arm(long nth);
long inject_calls(void);
const char *inject_what(void);

static long countdown; /* fails when it reaches 0; below: not armed */
static long calls;
static const char *what = "";

void
inject_arm(long nth)
{
	__atomic_store_n(&calls, 0, __ATOMIC_SEQ_CST);
	what = "";
	__atomic_store_n(&countdown, nth, __ATOMIC_SEQ_CST);
}

/* How many calls there were since it was armed */
long
inject_calls(void)
{
	return __atomic_load_n(&calls, __ATOMIC_SEQ_CST);
}

/* The function that failed; "" when none did */
const char *
inject_what(void)
{
	return what;
}

static int
due(const char *name)
{
	if (__atomic_load_n(&countdown, __ATOMIC_RELAXED) <= 0) {
		return 0;
	}
	(void)__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	if (__atomic_sub_fetch(&countdown, 1, __ATOMIC_RELAXED)) {
		return 0;
	}
	what = name;
	return 1;
}

/* The C library's own: looked up on first use, which never allocates after the first dlsym */
#define REAL(type, name)                                          \
	static type real;                                          \
	if (!real) {                                               \
		*(void **)&real = dlsym(RTLD_NEXT, #name);         \
	}

typedef void *(*calloc_fn)(size_t, size_t);
typedef void *(*malloc_fn)(size_t);
typedef void *(*aligned_fn)(size_t, size_t);
typedef int (*open_fn)(const char *, int, ...);
typedef int (*eventfd_fn)(unsigned int, int);
typedef int (*stat_fn)(const char *, struct stat64 *);
typedef int (*fstat_fn)(int, struct stat64 *);
typedef ssize_t (*rwv_fn)(int, const struct iovec *, int, off_t, int);
typedef int (*fd_fn)(int);
typedef int (*falloc_fn)(int, int, off_t, off_t);
typedef void *(*mmap_fn)(void *, size_t, int, int, int, off_t);
typedef int (*create_fn)(void *, const void *, void *(*)(void *), void *);
typedef long (*syscall_fn)(long, ...);
typedef int (*ring_params_fn)(unsigned int, void *, void *);
typedef int (*ring_setup_fn)(unsigned int, void *);
typedef int (*ring_reg_fn)(unsigned int, unsigned int, const void *, unsigned int);
typedef int (*aio_init_fn)(int, void *);
typedef int (*aio_submit_fn)(void *, long, void *);
typedef int (*aio_get_fn)(void *, long, long, void *, void *);

void *
calloc(size_t n, size_t size)
{
	static char early[4096]; /* dlsym itself asks, before it has told where the real one is */
	static size_t used;
	static int looking;

	if (looking) {
		void *p = early + used;

		used += (n * size + 15) & ~(size_t)15;
		return used <= sizeof(early) ? p : NULL;
	}
	looking = 1;
	REAL(calloc_fn, calloc);
	looking = 0;
	if (due("calloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real(n, size);
}

void *
malloc(size_t size)
{
	REAL(malloc_fn, malloc);
	if (due("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real(size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	REAL(aligned_fn, aligned_alloc);
	if (due("aligned_alloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real(alignment, size);
}

#define FAIL_INT(name, err, ...)                \
	do {                                     \
		if (due(#name)) {                \
			errno = err;             \
			return -1;               \
		}                                \
		return real(__VA_ARGS__);        \
	} while (0)

/* For functions that return an error number as a negative value */
#define FAIL_NEGATIVE(name, err, ...)            \
	do {                                      \
		if (due(#name)) {                 \
			return -(err);            \
		}                                 \
		return real(__VA_ARGS__);         \
	} while (0)

int open64(const char *path, int flags, ...);

int
open64(const char *path, int flags, ...)
{
	va_list ap;
	unsigned int mode;

	va_start(ap, flags);
	mode = va_arg(ap, unsigned int);
	va_end(ap);
	REAL(open_fn, open64);
	FAIL_INT(open64, EMFILE, path, flags, mode);
}

int eventfd(unsigned int count, int flags);

int
eventfd(unsigned int count, int flags)
{
	REAL(eventfd_fn, eventfd);
	FAIL_INT(eventfd, EMFILE, count, flags);
}

int
stat64(const char *path, struct stat64 *st)
{
	REAL(stat_fn, stat64);
	FAIL_INT(stat64, EIO, path, st);
}

int
fstat64(int fd, struct stat64 *st)
{
	REAL(fstat_fn, fstat64);
	FAIL_INT(fstat64, EIO, fd, st);
}

ssize_t preadv64v2(int fd, const struct iovec *vec, int n, off_t offset, int flags);

ssize_t
preadv64v2(int fd, const struct iovec *vec, int n, off_t offset, int flags)
{
	REAL(rwv_fn, preadv64v2);
	FAIL_INT(preadv64v2, EIO, fd, vec, n, offset, flags);
}

ssize_t pwritev64v2(int fd, const struct iovec *vec, int n, off_t offset, int flags);

ssize_t
pwritev64v2(int fd, const struct iovec *vec, int n, off_t offset, int flags)
{
	REAL(rwv_fn, pwritev64v2);
	FAIL_INT(pwritev64v2, ENOSPC, fd, vec, n, offset, flags);
}

int
fdatasync(int fd)
{
	REAL(fd_fn, fdatasync);
	FAIL_INT(fdatasync, EIO, fd);
}

int fallocate64(int fd, int mode, off_t offset, off_t len);

int
fallocate64(int fd, int mode, off_t offset, off_t len)
{
	REAL(falloc_fn, fallocate64);
	FAIL_INT(fallocate64, ENOSPC, fd, mode, offset, len);
}

void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t offset);

void *
mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	REAL(mmap_fn, mmap64);
	if (due("mmap64")) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return real(addr, len, prot, flags, fd, offset);
}

int pthread_create(void *thread, const void *attr, void *(*run)(void *), void *arg);

int
pthread_create(void *thread, const void *attr, void *(*run)(void *), void *arg)
{
	REAL(create_fn, pthread_create);
	if (due("pthread_create")) {
		return EAGAIN;
	}
	return real(thread, attr, run, arg);
}

/* io_uring_enter, which the library calls by its number */
long
syscall(long number, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; ++i) {
		a[i] = va_arg(ap, long);
	}
	va_end(ap);
	REAL(syscall_fn, syscall);
	if (due("syscall")) {
		errno = EAGAIN; /* what passes by itself: nothing may be lost by it */
		return -1;
	}
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int io_uring_queue_init_params(unsigned int entries, void *ring, void *params);

int
io_uring_queue_init_params(unsigned int entries, void *ring, void *params)
{
	REAL(ring_params_fn, io_uring_queue_init_params);
	FAIL_NEGATIVE(io_uring_queue_init_params, ENOMEM, entries, ring, params);
}

int io_uring_setup(unsigned int entries, void *params);

int
io_uring_setup(unsigned int entries, void *params)
{
	REAL(ring_setup_fn, io_uring_setup);
	FAIL_NEGATIVE(io_uring_setup, EPERM, entries, params);
}

int io_uring_register(unsigned int fd, unsigned int opcode, const void *arg, unsigned int n);

int
io_uring_register(unsigned int fd, unsigned int opcode, const void *arg, unsigned int n)
{
	REAL(ring_reg_fn, io_uring_register);
	FAIL_NEGATIVE(io_uring_register, ENOMEM, fd, opcode, arg, n);
}

int io_queue_init(int n, void *io);

int
io_queue_init(int n, void *io)
{
	REAL(aio_init_fn, io_queue_init);
	FAIL_NEGATIVE(io_queue_init, EAGAIN, n, io);
}

int io_submit(void *io, long n, void *iocbs);

int
io_submit(void *io, long n, void *iocbs)
{
	REAL(aio_submit_fn, io_submit);
	FAIL_NEGATIVE(io_submit, EINVAL, io, n, iocbs);
}

int io_getevents(void *io, long least, long most, void *events, void *timeout);

int
io_getevents(void *io, long least, long most, void *events, void *timeout)
{
	REAL(aio_get_fn, io_getevents);
	FAIL_NEGATIVE(io_getevents, EINTR, io, least, most, events, timeout);
}
