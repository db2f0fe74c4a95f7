/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * usage: guest_no_uring PROGRAM [ARGUMENT...]
 *
 * Runs a program under a seccomp filter that answers io_uring's three calls with EPERM, as the
 * default filters of container runtimes do.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* io_uring_setup, _enter and _register have the same numbers on all machines: 425 to 427 */
enum { URING_FIRST = 425, URING_LAST = 427 };

int
main(int argc, char **argv)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, URING_FIRST, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, URING_LAST, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(rules) / sizeof(rules[0]), rules};

	if (argc < 2) {
		(void)fprintf(stderr, "usage: guest_no_uring PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
		(void)fprintf(stderr, "no filter: %s\n", strerror(errno));
		return 1;
	}
	(void)execvp(argv[1], argv + 1);
	(void)fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
	return 1;
}
