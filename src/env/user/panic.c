/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <env/env.h>

_Noreturn void
env_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "xnvme: assertion failed: %s (%s:%d)\n", what, file, line);
	abort();
}
