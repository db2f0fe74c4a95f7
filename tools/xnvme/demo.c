/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme paths --demo: creates devices, tests every path, reports the results, and removes the
 * devices on every exit path.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../common/tool_stop.h"
#include "../load/verify.h"
#include "demo.h"

#define VERIFY_NBYTES (8ULL << 20)
#define VERIFY_IOSIZE 32768
#define VERIFY_QDEPTH 32
#define SEED_DEFAULT 2026

static struct demo_row *
new_row(struct demo *demo, const struct demo_device *device, const char *path, const char *role)
{
	struct demo_row *row = &demo->rows[demo->nrows];

	if (demo->nrows == DEMO_ROWS_MAX) {
		return NULL;
	}
	demo->nrows += 1;
	memset(row, 0, sizeof(*row));
	row->device = device;
	snprintf(row->path, sizeof(row->path), "%s %s", role, path);
	return row;
}

static const char *
or_dash(const char *text)
{
	return text ? text : "-";
}

static void
note_choice(struct demo_row *row, const struct xnvme_dev *dev, bool async)
{
	const struct xnvme_opts *opts = xnvme_dev_get_opts(dev);

	/* a row of synchronous commands uses no queue: the name of its path would mislead */
	snprintf(row->resolved, sizeof(row->resolved), "%s/%s/%s/%s",
		 async ? or_dash(opts->async) : "-", or_dash(opts->sync), or_dash(opts->admin),
		 or_dash(opts->mem));
}

/* Each row has its own seed, so that data of an earlier row fail the verification */
static int
verify_row(struct demo *demo, struct xnvme_dev *dev, struct demo_row *row, bool async)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct verify v = {
		.dev = dev,
		.iosize = VERIFY_IOSIZE,
		.qdepth = async ? VERIFY_QDEPTH : 0,
		.seed = demo->seed + demo->nrows,
		.stop = demo->stop,
	};
	int err;

	if (geo->mdts_nbytes && geo->mdts_nbytes < v.iosize) {
		v.iosize = geo->mdts_nbytes - geo->mdts_nbytes % geo->lba_nbytes;
	}
	v.nios = XNVME_MIN_U64(VERIFY_NBYTES, geo->tbytes) / v.iosize;
	err = verify_check_sizes(&v);
	err = err ? err : verify_run(&v);
	row->verified_nbytes = v.nverified * v.iosize;
	return err;
}

static void
try_path(struct demo *demo, struct demo_device *device, const char *name, uint32_t role)
{
	bool async = role != XNVME_BE_ROLE_SYNC;
	const char *title = role == PATHS_ROLE_MEM ? "mem" : (async ? "async" : "sync");
	struct demo_row *row = new_row(demo, device, name, title);
	struct xnvme_opts base = xnvme_opts_default();
	struct xnvme_dev *dev;

	if (!row) {
		return;
	}
	base.direct = device->direct;
	xnvme_err_clear();
	dev = paths_open(device->uri, &base, name, role);
	if (!dev) {
		snprintf(row->skipped, sizeof(row->skipped), "%s", xnvme_err_text());
		return;
	}
	note_choice(row, dev, async);
	if (async && !strcmp(name, "nil")) {
		snprintf(row->skipped, sizeof(row->skipped),
			 "it moves no data: the library's own cost per command is measured on it");
		device->library_ns = demo_measure_library(dev);
		xnvme_dev_close(dev);
		return;
	}
	row->err = verify_row(demo, dev, row, async);
	if (!row->err) {
		row->err = async ? demo_measure_async(demo, dev, row)
				 : demo_measure_sync(demo, dev, row);
	}
	xnvme_dev_close(dev);
}

static void
try_device(struct demo *demo, struct demo_device *device)
{
	static const uint32_t roles[] = {XNVME_BE_ROLE_ASYNC, XNVME_BE_ROLE_SYNC};
	const struct xnvme_be_attr *attr;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); ++i) {
		for (int idx = 0; (attr = xnvme_be_attr_get(idx)) != NULL; ++idx) {
			if (atomic_load(&tool_stop)) {
				return;
			}
			if (xnvme_be_attr_get_roles(idx) & roles[i]) {
				try_path(demo, device, attr->name, roles[i]);
			}
		}
	}
	try_path(demo, device, "hugepage", PATHS_ROLE_MEM);
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		struct demo_row *row = &demo->rows[i];

		if (row->device == device && strncmp(row->path, "sync", 4)) {
			row->library_ns = device->library_ns;
		}
	}
}

/* Returns 0 when at least one path was tested and all tested paths returned the written data */
static int
judge(const struct demo *demo)
{
	uint32_t nverified = 0;
	int err = tool_stop_report("not every path was tried");

	if (err) {
		return err;
	}
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		const struct demo_row *row = &demo->rows[i];
		char what[128];

		if (row->skipped[0]) {
			continue;
		}
		if (row->err) {
			snprintf(what, sizeof(what), "%s through %s", row->device->label,
				 row->path);
			xnvme_cli_perr(what, row->err);
			return row->err;
		}
		nverified += 1;
	}
	if (!nverified) {
		xnvme_cli_perr("there was no device to verify", -ENODEV);
		return -ENODEV;
	}
	return 0;
}

int
paths_demo(struct xnvme_cli *cli)
{
	static struct demo demo;
	uint64_t begin_ns = xnvme_timer_now_ns();

	demo.seed = cli->given[XNVME_CLI_OPT_SEED] ? cli->args.seed : SEED_DEFAULT;
	demo.stop = &tool_stop;
	tool_stop_catch();
	demo_devices_make(&demo);
	for (uint32_t i = 0; i < demo.ndevices && !atomic_load(&tool_stop); ++i) {
		xnvme_cli_progress(demo.devices[i].label, i + 1, demo.ndevices + 2);
		if (!demo.devices[i].missing[0]) {
			try_device(&demo, &demo.devices[i]);
		}
	}
	xnvme_cli_progress("", 1, 1);
	demo_devices_remove(&demo);
	demo.elapsed_ns = xnvme_timer_now_ns() - begin_ns;
	demo_report(&demo, xnvme_cli_get_output(cli));
	return judge(&demo);
}
