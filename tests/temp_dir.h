/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A temporary folder for a test or a group of tests: made before it, removed with its contents
 * after it. The two functions are a setup and a teardown for cmocka.
 */
#ifndef TESTS_TEMP_DIR_H
#define TESTS_TEMP_DIR_H

#include <stdio.h>
#include <stdlib.h>

#define TEMP_DIR_TEMPLATE "/tmp/xnvme-test-XXXXXX"

static char temp_dir[sizeof(TEMP_DIR_TEMPLATE)];

static inline int
temp_dir_make(void **state)
{
	(void)state;
	(void)snprintf(temp_dir, sizeof(temp_dir), "%s", TEMP_DIR_TEMPLATE);
	return mkdtemp(temp_dir) ? 0 : -1;
}

static inline int
temp_dir_remove(void **state)
{
	char command[sizeof(temp_dir) + 16];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", temp_dir);
	return system(command);
}

#endif /* TESTS_TEMP_DIR_H */
