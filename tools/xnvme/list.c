/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme list, scan, library-info: the devices of this machine, the components of this library.
 */
#include <ctype.h>
#include <errno.h>
#include <sys/utsname.h>

#include "xnvme.h"

#define LIST_MAX 4096

static int
keep(const struct xnvme_ident *ident, void *arg)
{
	return xnvme_cli_enumeration_append(arg, ident);
}

/* Scan for devices without opening them. On failure prints the error and returns NULL. */
static struct xnvme_cli_enumeration *
scan(struct xnvme_cli *cli, int *err)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_cli_enumeration *list = NULL;

	*err = xnvme_cli_to_opts(cli, &opts);
	*err = *err ? *err : xnvme_cli_enumeration_alloc(&list, LIST_MAX);
	if (*err) {
		xnvme_cli_perr("xnvme_cli_enumeration_alloc()", *err);
		return NULL;
	}
	*err = xnvme_scan(cli->args.sys_uri, &opts, keep, list);
	if (*err) {
		xnvme_cli_perr("xnvme_scan()", *err);
		xnvme_cli_enumeration_free(list);
		return NULL;
	}
	return list;
}

/* List the URIs of devices that can be opened now: all except PCI functions bound to the kernel's
 * driver */
int
xnvme_sub_list(struct xnvme_cli *cli)
{
	struct xnvme_cli_enumeration *list, *kept = NULL;
	int err;

	list = scan(cli, &err);
	if (!list) {
		return err;
	}
	err = xnvme_cli_enumeration_alloc(&kept, LIST_MAX);
	for (uint32_t i = 0; !err && i < list->nentries; ++i) {
		if (list->entries[i].nsid) {
			err = xnvme_cli_enumeration_append(kept, &list->entries[i]);
		}
	}
	if (err) {
		xnvme_cli_perr("xnvme_cli_enumeration_append()", err);
	} else {
		xnvme_cli_enumeration_pp(kept, XNVME_PR_DEF);
	}
	xnvme_cli_enumeration_free(kept);
	xnvme_cli_enumeration_free(list);
	return err;
}

int
xnvme_sub_scan(struct xnvme_cli *cli)
{
	struct xnvme_cli_enumeration *list;
	int err;

	list = scan(cli, &err);
	if (!list) {
		return err;
	}
	printf("xnvme_scan:%s\n", list->nentries ? "" : " []");
	for (uint32_t i = 0; i < list->nentries; ++i) {
		printf("  - {");
		xnvme_ident_yaml(stdout, &list->entries[i], 0, ", ", 0);
		printf("}\n");
	}
	xnvme_cli_enumeration_free(list);
	return 0;
}

/* Print the paths of this build, by role */
static void
print_platform(void)
{
	const struct xnvme_be_attr_706 *attr;
	struct utsname system;

	uname(&system);
	for (char *at = system.sysname; *at; ++at) {
		*at = (char)tolower((unsigned char)*at);
	}
	printf("xnvme_platform:\n  name: '%s'\n  backends:\n", system.sysname);
	for (int idx = 0; (attr = xnvme_be_attr_get_706(idx)) != NULL; ++idx) {
		uint32_t roles = xnvme_be_attr_get_roles(idx);

		if (!roles) {
			continue;
		}
		printf("  - {name: '%s', async: '%s', sync: '%s', admin: '%s', descr: ", attr->name,
		       roles & XNVME_BE_ROLE_ASYNC ? attr->name : "",
		       roles & XNVME_BE_ROLE_SYNC ? attr->name : "",
		       roles & XNVME_BE_ROLE_ADMIN ? attr->name : "");
		tool_yaml_string(attr->descr);
		printf(", caps: 0x%x}\n", attr->caps);
	}
}

int
xnvme_sub_library_info(struct xnvme_cli *cli)
{
	(void)cli;
	xnvme_cli_pinf("xNVMe Library Information");
	printf("ver: {major: %d, minor: %d, patch: %d}\n", xnvme_ver_major(), xnvme_ver_minor(),
	       xnvme_ver_patch());
	xnvme_libconf_pr(XNVME_PR_DEF);
	print_platform();
	return 0;
}
