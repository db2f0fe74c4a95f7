/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/sysfs.h>

const char *
sysfs_root(void)
{
	return "/sys";
}
