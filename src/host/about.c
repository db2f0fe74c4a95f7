/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The library's version and the contents of this build.
 */
#include <host/paths.h>

#include <base/assert.h>
#include <host/err.h>
#include <errno.h>
#include <host_built.h>
#include <os/os.h>
#include <stdio.h>
#include <string.h>

/* "0.8.0", defined in meson.build only */
static int
version_part(int index)
{
	int part[3] = {0, 0, 0};
	int parsed = sscanf(BUILT_VERSION, "%d.%d.%d", &part[0], &part[1], &part[2]);

	ASSERT(parsed == 3 && index >= 0 && index < 3);
	(void)parsed;
	return part[index];
}

int
xnvme_ver_major(void)
{
	return version_part(0);
}

int
xnvme_ver_minor(void)
{
	return version_part(1);
}

int
xnvme_ver_patch(void)
{
	return version_part(2);
}

uint64_t
xnvme_timer_now_ns(void)
{
	return os_clock_ns();
}

#define ENTRY_PATH(name) "path: " #name,
#define ENTRY_KIND(name) "handle: " #name,
#define ENTRY_MEM(name) "mem: " #name,
static const char *const entries[] = {
	"version: " BUILT_VERSION,
	BUILT_PATHS(ENTRY_PATH) BUILT_KINDS(ENTRY_KIND) BUILT_MEMS(ENTRY_MEM)
	BUILT_ENTRIES NULL,
};
/* The public structure lets its reader write to the list; the list is constant all the same */
static const struct xnvme_libconf libconf = {.entries = (const char **)(uintptr_t)entries};

const struct xnvme_libconf *
xnvme_libconf_get(void)
{
	return &libconf;
}

int
xnvme_ident_from_uri(const char *uri, struct xnvme_ident *ident)
{
	if (!uri || strlen(uri) >= sizeof(ident->uri)) {
		return err_set(-EINVAL, "the name of a device has from 1 to %zu bytes",
			       sizeof(ident->uri) - 1);
	}
	memset(ident, 0, sizeof(*ident));
	memcpy(ident->uri, uri, strlen(uri));
	ident->nsid = 0xFFFFFFFF;
	ident->csi = 0xFF;
	return 0;
}
