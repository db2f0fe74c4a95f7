/* SPDX-License-Identifier: BSD-3-Clause */
#include <cli/cli.h>

struct cli_process cli_process = {.errors = {.lock = PTHREAD_MUTEX_INITIALIZER}};
