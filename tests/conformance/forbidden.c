/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where io_uring is forbidden (here: by a seccomp filter, as in many containers), the library uses
 * the next best path and reports it; an open that requires io_uring is refused with a message.
 */
#include <libxnvme.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK(cond)                                                                        \
	do {                                                                               \
		if (!(cond)) {                                                             \
			printf("FAILED line %d: %s: %s\n", __LINE__, #cond, xnvme_err_text()); \
			exit(1);                                                           \
		}                                                                          \
	} while (0)

static int
forbid_io_uring(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {sizeof(filter) / sizeof(filter[0]), filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}

static void
falls_back_and_says_so(const char *file)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(file, &opts);
	struct xnvme_queue *queue = NULL;

	CHECK(dev);
	CHECK(strcmp(xnvme_dev_get_opts(dev)->async, "io_uring") != 0);
	CHECK(strstr(xnvme_dev_get_note(dev), "io_uring was skipped"));
	CHECK(!xnvme_queue_init(dev, 8, 0, &queue));
	printf("took %s: %s\n", xnvme_dev_get_opts(dev)->async, xnvme_dev_get_note(dev));
	CHECK(!xnvme_queue_term(queue));
	xnvme_dev_close(dev);
}

static void
refuses_who_insists(const char *file)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.async = "io_uring";
	CHECK(!xnvme_dev_open(file, &opts));
	CHECK(errno == EPERM);
	CHECK(strstr(xnvme_err_text(), "async=libaio"));
	opts = xnvme_opts_default();
	opts.be = "io_uring_file";
	CHECK(!xnvme_dev_open(file, &opts));
	CHECK(errno == EPERM);
	printf("refused: %s\n", xnvme_err_text());
}

int
main(void)
{
	char file[] = "/tmp/xnvme_forbidden_XXXXXX";
	int fd = mkstemp(file);

	if (fd < 0 || ftruncate(fd, 1 << 20)) {
		printf("no file can be made in /tmp\n");
		return 77;
	}
	if (forbid_io_uring()) {
		printf("no seccomp filter can be installed here: %s\n", strerror(errno));
		(void)unlink(file);
		return 77;
	}
	falls_back_and_says_so(file);
	refuses_who_insists(file);
	(void)close(fd);
	(void)unlink(file);
	return 0;
}
