/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Preloaded before the C library: when armed with N, the Nth call of an allocation or system call
 * fails; the others succeed. The program under test controls it by the functions below.
 *
 * The C library's headers are not included: each function is declared here as it is called, with
 * its structures as opaque pointers.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

typedef long count_t; /* ssize_t and off_t */

void inject_arm(long nth);
void inject_disarm(void);
const char *inject_what(void);
long inject_live(void);

static long live; /* allocations not freed yet */
static long countdown; /* the call that decrements it to 0 fails; 0 or less: disarmed */
static const char *what = "";

void
inject_arm(long nth)
{
	__atomic_store_n(&what, "", __ATOMIC_SEQ_CST);
	__atomic_store_n(&countdown, nth, __ATOMIC_SEQ_CST);
}

/* Disarms; inject_what() keeps its value */
void
inject_disarm(void)
{
	__atomic_store_n(&countdown, 0, __ATOMIC_SEQ_CST);
}

/* Returns the name of the function that failed; "" if none did */
const char *
inject_what(void)
{
	return __atomic_load_n(&what, __ATOMIC_SEQ_CST);
}

long
inject_live(void)
{
	return __atomic_load_n(&live, __ATOMIC_SEQ_CST);
}

static void *
counted(void *p)
{
	(void)__atomic_add_fetch(&live, p != NULL, __ATOMIC_RELAXED);
	return p;
}

static int
due(const char *name)
{
	if (__atomic_load_n(&countdown, __ATOMIC_RELAXED) <= 0 ||
	    __atomic_sub_fetch(&countdown, 1, __ATOMIC_RELAXED)) {
		return 0;
	}
	__atomic_store_n(&what, name, __ATOMIC_SEQ_CST);
	return 1;
}

/* Defines a function that calls the next one of that name, unless it is due to fail */
#define INJECT(type, name, params, args, on_failure) \
	INJECT_AND(type, name, params, args, on_failure, )
#define INJECT_AND(type, name, params, args, on_failure, count)      \
	type name params;                                             \
	type name params                                              \
	{                                                             \
		static type (*real) params;                           \
		if (!real) {                                          \
			*(void **)&real = dlsym(RTLD_NEXT, #name);    \
		}                                                     \
		if (due(#name)) {                                     \
			on_failure;                                   \
		}                                                     \
		return count(real args);                              \
	}

#define FAIL(value, err) do { errno = (err); return (value); } while (0)
#define NONE(err) FAIL(NULL, err)
#define MINUS_1(err) FAIL(-1, err)
#define NO_MAPPING FAIL((void *)-1, ENOMEM)
/* Functions of liburing and libaio return the negative error number */
#define NEGATIVE(err) return -(err)

void *calloc(size_t n, size_t size);

/* dlsym itself allocates memory while it resolves calloc */
static void *
early_calloc(size_t n, size_t size)
{
	static _Alignas(16) char early[4096];
	static size_t used;
	void *p = early + used;

	used += (n * size + 15) & ~(size_t)15;
	return used <= sizeof(early) ? p : NULL;
}

void *
calloc(size_t n, size_t size)
{
	static void *(*real)(size_t n, size_t size);
	static int looking;

	if (looking) {
		return early_calloc(n, size);
	}
	if (!real) {
		looking = 1;
		*(void **)&real = dlsym(RTLD_NEXT, "calloc");
		looking = 0;
	}
	if (due("calloc")) {
		NONE(ENOMEM);
	}
	return counted(real(n, size));
}

void free(void *p);

void
free(void *p)
{
	static void (*real)(void *p);

	if (!real) {
		*(void **)&real = dlsym(RTLD_NEXT, "free");
	}
	(void)__atomic_sub_fetch(&live, p != NULL, __ATOMIC_RELAXED);
	real(p);
}

/* Memory */
INJECT_AND(void *, malloc, (size_t size), (size), NONE(ENOMEM), counted)
INJECT(void *, realloc, (void *p, size_t size), (p, size), NONE(ENOMEM))
INJECT_AND(void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size),
	   NONE(ENOMEM), counted)
INJECT(void *, mmap64, (void *addr, size_t len, int prot, int flags, int fd, count_t offset),
       (addr, len, prot, flags, fd, offset), NO_MAPPING)
INJECT(int, pthread_create, (void *thread, const void *attr, void *(*run)(void *), void *arg),
       (thread, attr, run, arg), return EAGAIN)

/* Descriptors */
INJECT(int, open64, (const char *path, int flags, unsigned int mode), (path, flags, mode),
       MINUS_1(EMFILE))
INJECT(void *, fopen64, (const char *path, const char *mode), (path, mode), NONE(EMFILE))
INJECT(int, dup, (int fd), (fd), MINUS_1(EMFILE))
INJECT(int, eventfd, (unsigned int count, int flags), (count, flags), MINUS_1(EMFILE))
INJECT(int, memfd_create, (const char *name, unsigned int flags), (name, flags), MINUS_1(EMFILE))
INJECT(int, timerfd_create, (int clock, int flags), (clock, flags), MINUS_1(EMFILE))

/* Files and block devices */
INJECT(int, stat64, (const char *path, void *st), (path, st), MINUS_1(EIO))
INJECT(int, fstat64, (int fd, void *st), (fd, st), MINUS_1(EIO))
INJECT(int, fstatvfs64, (int fd, void *st), (fd, st), MINUS_1(EIO))
INJECT(int, ioctl, (int fd, unsigned long request, void *arg), (fd, request, arg), MINUS_1(EIO))
INJECT(int, flock, (int fd, int operation), (fd, operation), MINUS_1(ENOLCK))
INJECT(int, ftruncate64, (int fd, count_t len), (fd, len), MINUS_1(ENOSPC))
INJECT(int, fallocate64, (int fd, int mode, count_t offset, count_t len), (fd, mode, offset, len),
       MINUS_1(ENOSPC))
INJECT(int, fdatasync, (int fd), (fd), MINUS_1(EIO))
INJECT(count_t, preadv64v2, (int fd, const void *vec, int n, count_t offset, int flags),
       (fd, vec, n, offset, flags), MINUS_1(EIO))
INJECT(count_t, pwritev64v2, (int fd, const void *vec, int n, count_t offset, int flags),
       (fd, vec, n, offset, flags), MINUS_1(ENOSPC))

/* POSIX aio */
INJECT(int, aio_read64, (void *cb), (cb), MINUS_1(EAGAIN))
INJECT(int, aio_write64, (void *cb), (cb), MINUS_1(ENOSYS))
INJECT(int, aio_fsync64, (int operation, void *cb), (operation, cb), MINUS_1(EAGAIN))
INJECT(int, aio_suspend64, (const void *list, int n, const void *timeout), (list, n, timeout),
       MINUS_1(EINTR))

/* io_uring: io_uring_enter may fail temporarily, without losing commands */
INJECT(int, io_uring_setup, (unsigned int entries, void *params), (entries, params),
       NEGATIVE(EPERM))
INJECT(int, io_uring_register, (unsigned int fd, unsigned int op, const void *arg, unsigned int n),
       (fd, op, arg, n), NEGATIVE(ENOMEM))
INJECT(int, io_uring_enter, (unsigned int fd, unsigned int submit, unsigned int least,
       unsigned int flags, void *signals), (fd, submit, least, flags, signals), NEGATIVE(EAGAIN))
INJECT(int, io_uring_enter2, (unsigned int fd, unsigned int submit, unsigned int least,
       unsigned int flags, void *arg, unsigned long nbytes),
       (fd, submit, least, flags, arg, nbytes), NEGATIVE(EINTR))

/* libaio */
INJECT(int, io_queue_init, (int n, void *io), (n, io), NEGATIVE(EAGAIN))
INJECT(int, io_submit, (void *io, long n, void *iocbs), (io, n, iocbs), NEGATIVE(EINVAL))
INJECT(int, io_getevents, (void *io, long least, long most, void *events, void *timeout),
       (io, least, most, events, timeout), NEGATIVE(EINTR))
