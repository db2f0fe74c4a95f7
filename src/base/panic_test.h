/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does an assertion fail? `run` is called in a child process, so that a test can damage a structure
 * and see that the check of the next operation finds it. A build without assertions skips.
 */
#ifndef BASE_PANIC_TEST_H
#define BASE_PANIC_TEST_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static inline void
assert_panics(void (*run)(void *), void *arg)
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t pid;

#ifdef NDEBUG
	skip();
#endif
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &no_core);
		if (!freopen("/dev/null", "w", stderr)) {
			_exit(1);
		}
		run(arg);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

#endif /* BASE_PANIC_TEST_H */
