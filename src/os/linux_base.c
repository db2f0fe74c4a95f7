/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/os.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

size_t
os_page_nbytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void *
os_pages_map(size_t nbytes)
{
	void *pages = mmap(NULL, nbytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void
os_pages_unmap(void *pages, size_t nbytes)
{
	(void)munmap(pages, nbytes);
}

int
os_memory_file(const char *name, size_t nbytes, bool huge)
{
	int fd = memfd_create(name,
			      MFD_CLOEXEC | MFD_ALLOW_SEALING | (huge ? MFD_HUGETLB : 0));
	int err;

	if (fd < 0) {
		return -errno;
	}
	if (ftruncate(fd, (off_t)nbytes) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
		err = -errno;
		(void)close(fd);
		return err;
	}
	return fd;
}

int
os_event_open(void)
{
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	return event < 0 ? -errno : event;
}

void
os_event_signal(int event)
{
	const struct itimerspec at_once = {.it_value = {.tv_nsec = 1}};
	struct pollfd ready = {.fd = event, .events = POLLOUT};
	uint64_t one = 1;

	/* No write when the count is at its maximum: the event is signalled already, and the write
	 * could block, since the descriptor may belong to another program, in blocking mode */
	if (poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT)) {
		while (write(event, &one, sizeof(one)) < 0 && errno == EINTR) {
		}
		return;
	}
	(void)timerfd_settime(event, TFD_TIMER_ABSTIME, &at_once, NULL); /* if it is a timer */
}

void
os_event_clear(int event)
{
	uint64_t count;
	ssize_t rc;

	do {
		rc = read(event, &count, sizeof(count));
	} while (rc < 0 && errno == EINTR);
}

int
os_poll_readable(int fd, uint64_t timeout_ns)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	struct timespec ts = {(time_t)(timeout_ns / 1000000000ULL),
			      (long)(timeout_ns % 1000000000ULL)};
	int rc = ppoll(&pfd, 1, timeout_ns == UINT64_MAX ? NULL : &ts, NULL);

	if (rc < 0) {
		return errno == EINTR ? 0 : -errno;
	}
	return rc;
}

int
os_thread_start(pthread_t *thread, void *(*work)(void *), void *arg)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
	sigset_t mask, old;
	int err;

	(void)sigfillset(&mask);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); ++i) {
		(void)sigdelset(&mask, faults[i]);
	}
	/* blocked before the thread starts, since the thread inherits the mask */
	err = pthread_sigmask(SIG_SETMASK, &mask, &old);
	if (err) {
		return -err;
	}
	err = pthread_create(thread, NULL, work, arg);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

void
os_pause_ns(uint64_t ns)
{
	struct timespec ts = {(time_t)(ns / 1000000000ULL), (long)(ns % 1000000000ULL)};

	(void)nanosleep(&ts, NULL);
}

void
os_yield(void)
{
	(void)sched_yield();
}

uint64_t
os_clock_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}
