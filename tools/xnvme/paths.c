/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme paths: the paths that the library selects for a device, the other supported ones, and why
 * the rest is unsupported.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "paths.h"
#include "xnvme.h"

struct xnvme_dev *
paths_open(const char *uri, const struct xnvme_opts *base, const char *path, uint32_t role)
{
	struct xnvme_opts opts = *base;

	if (role == XNVME_BE_ROLE_ASYNC) {
		opts.async = path;
	} else if (role == XNVME_BE_ROLE_SYNC) {
		opts.sync = path;
	} else if (role == XNVME_BE_ROLE_ADMIN) {
		opts.admin = path;
	} else {
		opts.mem = path;
	}
	return xnvme_dev_open(uri, &opts);
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

static void
print_choice(const struct xnvme_dev *dev)
{
	const struct xnvme_opts *opts = xnvme_dev_get_opts(dev);

	printf("  kind: '%s'\n  resolved: {async: '%s', sync: '%s', admin: '%s', mem: '%s'}\n",
	       xnvme_dev_get_kind(dev), or_empty(opts->async), or_empty(opts->sync),
	       or_empty(opts->admin), or_empty(opts->mem));
	printf("  features: ");
	tool_yaml_string(xnvme_dev_get_features(dev));
	printf("\n  note: ");
	tool_yaml_string(xnvme_dev_get_note(dev));
	printf("\n");
}

/* Print all paths of one role, each tested by opening the device */
static void
print_role(const char *uri, const struct xnvme_opts *base, const char *title, uint32_t role,
	   const char *chosen)
{
	const struct xnvme_be_attr_706 *attr;

	printf("  %s:\n", title);
	for (int idx = 0; (attr = xnvme_be_attr_get_706(idx)) != NULL; ++idx) {
		struct xnvme_dev *dev;
		bool is_chosen = chosen && !strcmp(chosen, attr->name);

		if (!(xnvme_be_attr_get_roles(idx) & role)) {
			continue;
		}
		xnvme_err_clear();
		dev = paths_open(uri, base, attr->name, role);
		printf("    - {name: '%s', works: %d, chosen: %d, why: ", attr->name, dev != NULL,
		       is_chosen);
		tool_yaml_string(dev ? or_empty(attr->descr) : xnvme_err_text());
		printf("}\n");
		xnvme_dev_close(dev);
	}
}

int
paths_list(struct xnvme_cli *cli, const char *uri)
{
	struct xnvme_opts base = xnvme_opts_default();
	char async[32] = "", sync[32] = "", admin[32] = "";
	const struct xnvme_opts *opts;
	struct xnvme_dev *dev;
	int err = xnvme_cli_to_opts(cli, &base);

	if (err) {
		xnvme_cli_perr("xnvme_cli_to_opts()", err);
		return err;
	}
	dev = xnvme_dev_open(uri, &base);
	if (!dev) {
		err = -errno;
		xnvme_cli_perr("xnvme_dev_open()", err);
		if (err == -ENOENT) {
			return err; /* each path would fail in the same way */
		}
	}
	printf("xnvme_paths:\n  uri: ");
	tool_yaml_string(uri);
	printf("\n");
	if (dev) {
		print_choice(dev);
		opts = xnvme_dev_get_opts(dev);
		snprintf(async, sizeof(async), "%s", or_empty(opts->async));
		snprintf(sync, sizeof(sync), "%s", or_empty(opts->sync));
		snprintf(admin, sizeof(admin), "%s", or_empty(opts->admin));
	}
	xnvme_dev_close(dev); /* some devices can be opened only once */
	print_role(uri, &base, "async", XNVME_BE_ROLE_ASYNC, async);
	print_role(uri, &base, "sync", XNVME_BE_ROLE_SYNC, sync);
	print_role(uri, &base, "admin", XNVME_BE_ROLE_ADMIN, admin);
	xnvme_err_clear(); /* the reasons of unsupported paths are already printed */
	return err;
}

int
xnvme_sub_paths(struct xnvme_cli *cli)
{
	bool demo = xnvme_cli_given(cli, XNVME_CLI_OPT_DEMO);

	if (demo && cli->args.posn_count) {
		return xnvme_cli_usage("--demo makes its own devices; leave out '%s'",
				       cli->args.posn[0]);
	}
	if (demo) {
		return paths_demo(cli);
	}
	if (cli->args.posn_count != 1) {
		return xnvme_cli_usage("give one <uri>, or --demo");
	}
	return paths_list(cli, cli->args.posn[0]);
}
