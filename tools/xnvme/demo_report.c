/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Results of the demo: a human-readable table, or a record for programs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "demo.h"

static const char *
verdict(const struct demo_row *row)
{
	if (row->err == -EINTR) {
		return "stopped";
	}
	return row->err ? "FAILED" : "ok";
}

static void
table_row(const struct demo_row *row)
{
	char library[24] = "-";

	if (row->library_ns) {
		snprintf(library, sizeof(library), "%" PRIu64, row->library_ns);
	}
	printf(" %-26s %-18s %-34s %4" PRIu64 " MiB %-7s %10.0f %8.1f %8.1f %8.1f %8" PRIu64 " %"
	       "7s\n",
	       row->device->label, row->path, row->resolved, row->verified_nbytes >> 20,
	       verdict(row), row->iops, (double)row->p50_ns / 1e3, (double)row->p99_ns / 1e3,
	       (double)row->p99_9_ns / 1e3, row->cpu_ns, library);
}

static void
table(const struct demo *demo)
{
	uint64_t verified = 0;
	uint32_t npaths = 0;

	printf(" %-26s %-18s %-34s %-16s %10s %8s %8s %8s %8s %7s\n", "device", "path",
	       "resolved: async/sync/admin/mem", "verified", "IOPS", "p50 us", "p99 us", "p99.9 us",
	       "CPU ns", "lib ns");
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		if (!demo->rows[i].skipped[0]) {
			table_row(&demo->rows[i]);
			verified += demo->rows[i].verified_nbytes;
			npaths += 1;
		}
	}
	printf("\n%u paths, %" PRIu64 " MiB written and verified in %.1f s. Random reads of 4 KiB: "
	       "async at queue depth 32, sync one at a time.\n",
	       npaths, verified >> 20, (double)demo->elapsed_ns / 1e9);
	printf("CPU ns: processor time of the process, all its threads, per command. lib ns: of "
	       "that, the library's own (get, prepare, pass, poke, callback, put), measured on "
	       "async nil.\n");
	printf("On a virtual clock, IOPS and latencies are in the time of the virtual SSD.\n");
}

/* Not NULL if the path was skipped because it does not support devices of this kind: there is
 * nothing to fix, so it is reported briefly */
static const char *
misfit(const struct demo_row *row)
{
	return strstr(row->skipped, "cannot be used with it");
}

/* One line for the unsupported paths of a device in one role: their names, and what is supported
 * instead */
static void
misfits(const struct demo *demo, const struct demo_device *device, const char *role)
{
	const char *fits = NULL;

	for (uint32_t i = 0; i < demo->nrows; ++i) {
		const struct demo_row *row = &demo->rows[i];
		const char *name = strchr(row->path, ' ');

		if (row->device != device || strncmp(row->path, role, strlen(role)) ||
		    !misfit(row)) {
			continue;
		}
		if (fits) {
			printf(",%s", name);
		} else {
			printf(" %-26s %s paths that do not fit it:%s", device->label, role, name);
		}
		fits = strstr(row->skipped, "; ");
	}
	if (fits) {
		printf("%s\n", fits);
	}
}

static bool
verified_somewhere(const struct demo *demo, const char *name)
{
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		const char *row_name = strchr(demo->rows[i].path, ' ');

		if (!demo->rows[i].skipped[0] && row_name && !strcmp(row_name + 1, name)) {
			return true;
		}
	}
	return false;
}

/* Paths to devices that the demo cannot create */
static void
unused(const struct demo *demo)
{
	const uint32_t carries = XNVME_BE_ROLE_ASYNC | XNVME_BE_ROLE_SYNC;
	const struct xnvme_be_attr_706 *attr;
	bool any = false;

	for (int idx = 0; (attr = xnvme_be_attr_get_706(idx)) != NULL; ++idx) {
		if (!(xnvme_be_attr_get_roles(idx) & carries) || !strcmp(attr->name, "nil") ||
		    verified_somewhere(demo, attr->name)) {
			continue;
		}
		printf("%s %-26s %s\n",
		       any ? ""
			   : "\nFor devices of yours, which the demo does not write to; "
			     "`xnvme paths URI` tries them:\n",
		       attr->name, attr->descr);
		any = true;
	}
}

static void
skipped(const struct demo *demo)
{
	printf("\nSkipped:\n");
	for (uint32_t i = 0; i < demo->ndevices; ++i) {
		const struct demo_device *device = &demo->devices[i];

		if (device->missing[0]) {
			printf(" %-26s %s\n", device->label, device->missing);
		}
		for (uint32_t k = 0; k < demo->nrows; ++k) {
			const struct demo_row *row = &demo->rows[k];

			/* nil transfers no data: the text above the list describes its purpose */
			if (row->device == device && row->skipped[0] && !misfit(row) &&
			    strcmp(row->path, "async nil")) {
				printf(" %-26s %s: %s\n", device->label, row->path, row->skipped);
			}
		}
		misfits(demo, device, "async");
		misfits(demo, device, "sync");
		misfits(demo, device, "mem");
	}
}

static void
record_row(const struct demo_row *row)
{
	printf("    - device: '%s'\n      path: '%s'\n      resolved: '%s'\n"
	       "      verified_nbytes: %" PRIu64 "\n      verdict: '%s'\n      clock: '%s'\n",
	       row->device->label, row->path, row->resolved, row->verified_nbytes, verdict(row),
	       row->clock_is_virtual ? "virtual" : "real");
	printf("      iops: %.2f\n      latency_ns: {p50: %" PRIu64 ", p99: %" PRIu64
	       ", p99_9: %" PRIu64 "}\n      cpu_ns_per_io: %" PRIu64 "\n",
	       row->iops, row->p50_ns, row->p99_ns, row->p99_9_ns, row->cpu_ns);
	if (row->library_ns) {
		printf("      library_ns_per_io: %" PRIu64 "\n", row->library_ns);
	} else {
		printf("      library_ns_per_io: ~\n");
	}
}

static void
record_skip(const char *device, const char *path, const char *why)
{
	printf("    - {device: '%s', path: '%s', why: ", device, path);
	tool_yaml_string(why);
	printf("}\n");
}

static void
record(const struct demo *demo)
{
	uint32_t nrun = 0, nskipped = 0;

	for (uint32_t i = 0; i < demo->nrows; ++i) {
		nskipped += demo->rows[i].skipped[0] != '\0';
	}
	nrun = demo->nrows - nskipped;
	for (uint32_t i = 0; i < demo->ndevices; ++i) {
		nskipped += demo->devices[i].missing[0] != '\0';
	}
	printf("xnvme_paths_demo:\n  seed: %" PRIu64 "\n  elapsed_ns: %" PRIu64 "\n  paths:%s\n",
	       demo->seed, demo->elapsed_ns, nrun ? "" : " []");
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		if (!demo->rows[i].skipped[0]) {
			record_row(&demo->rows[i]);
		}
	}
	printf("  skipped:%s\n", nskipped ? "" : " []");
	for (uint32_t i = 0; i < demo->ndevices; ++i) {
		if (demo->devices[i].missing[0]) {
			record_skip(demo->devices[i].label, "", demo->devices[i].missing);
		}
	}
	for (uint32_t i = 0; i < demo->nrows; ++i) {
		const struct demo_row *row = &demo->rows[i];

		if (row->skipped[0]) {
			record_skip(row->device->label, row->path, row->skipped);
		}
	}
}

void
demo_report(const struct demo *demo, enum xnvme_cli_output output)
{
	if (output != XNVME_CLI_OUTPUT_TEXT) {
		record(demo);
		return;
	}
	table(demo);
	skipped(demo);
	unused(demo);
}
