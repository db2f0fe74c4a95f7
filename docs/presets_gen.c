/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * docs/presets.md: what the presets do at queue depth 1, 32 and 128, in virtual time, beside the
 * data sheets of the drives that they name. Fails when a figure differs by more than 10 % and no
 * reason is given here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <sim/run.h>
#include <ssd/media/precondition.h>
#include <virt/spec.h>

enum { DEPTHS = 3, SMALL = 4096, LARGE = 131072, COMMANDS = 60000 };
static const double tolerance_percent = 10;
static const uint32_t depths[DEPTHS] = {1, 32, 128};

enum figure { READ_IOPS, WRITE_IOPS, READ_MB_S, WRITE_MB_S, FIGURES };
static const char *const names[FIGURES] = {
	"random read, 4 KiB, IOPS", "random write, 4 KiB, IOPS", "sequential read, 128 KiB, MB/s",
	"sequential write, 128 KiB, MB/s",
};

struct sheet {
	enum figure figure;
	uint32_t depth; /* index of the one that the data sheet is about */
	double value;
	const char *reason; /* why the preset differs; NULL: it does not */
};

static const struct drive {
	const char *preset, *size, *state, *source;
	bool zoned;
	uint32_t overwrites; /* before random writes */
	uint32_t nsheets;
	struct sheet sheets[10];
} drives[] = {
#include "presets_sheets.h"
};

struct load {
	enum model_op op;
	uint64_t random, left, places, next;
	uint32_t nbytes;
};

static int
load_next(void *state, struct model_io *io, ns_t *at)
{
	struct load *load = state;
	uint64_t place = load->next;

	(void)at;
	if (load->left == 0) {
		return 0;
	}
	load->left -= 1;
	load->next = (load->next + 1) % load->places;
	if (load->nbytes == SMALL) {
		place = prng_next(&load->random) % load->places;
	}
	*io = (struct model_io){.op = load->op, .offset = place * load->nbytes,
				.nbytes = load->nbytes};
	return 1;
}

static void
stop(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void
open_device(struct run_device *device, const struct drive *drive)
{
	static struct virt_spec spec;
	char uri[128], why_buf[256];
	struct text text = text_on(why_buf, sizeof(why_buf));
	const char *why = "out of memory";

	(void)snprintf(uri, sizeof(uri), "virt:%s,size=%s", drive->preset, drive->size);
	if (!virt_spec_parse(&spec, uri, &text)) {
		stop(uri, why_buf);
	}
	if (run_device_open(device, &spec.config.model, spec.config.ns[0].nbytes, 1, &why)) {
		stop(uri, why);
	}
}

static void
prepare(struct run_device *device, uint32_t overwrites)
{
	struct settling settling = {.ops = device->ops, .model = device->model};
	uint64_t random = precondition_random(1), pages = device->media_nbytes / SMALL;

	if (!device->ops->settle) {
		return;
	}
	settle_range(&settling, 0, device->media_nbytes);
	for (uint64_t left = overwrites * pages; left > 0; left -= 1) {
		settle_write(&settling, precondition_next(&random, pages) * SMALL, SMALL);
	}
	settle_end(&settling);
}

/* A figure of a new device; *latency_ns: mean of one command */
static double
measure(const struct drive *drive, enum figure figure, uint32_t depth, double *latency_ns)
{
	bool write = figure == WRITE_IOPS || figure == WRITE_MB_S;
	bool small = figure == READ_IOPS || figure == WRITE_IOPS;
	struct run_device device = {0};
	struct load load = {.op = write ? MODEL_WRITE : MODEL_READ, .random = 7,
			    .nbytes = small ? SMALL : LARGE};
	struct run_source source = {load_next, &load};
	struct run_options options = {.depth = depth};
	struct run_result result;
	double per_s;

	open_device(&device, drive);
	load.places = device.media_nbytes / load.nbytes;
	if (!write && drive->zoned) { /* all that is read is written before, in order */
		struct load before = {.op = MODEL_WRITE, .left = 20000, .nbytes = LARGE,
				      .places = load.places};
		struct run_source writes = {load_next, &before};
		struct run_options how = {.depth = 8};

		if (run_load(&device, &writes, &how, &result)) {
			stop(drive->preset, "out of memory");
		}
		options.started_at = result.elapsed + NS_PER_S;
		run_result_free(&result);
		load.places = 20000ULL * LARGE / load.nbytes;
	} else if (!write || (small && drive->overwrites)) {
		prepare(&device, write ? drive->overwrites : 0);
	}
	load.left = depth == 1 ? COMMANDS / 10 : COMMANDS;
	load.left *= small && write && drive->overwrites ? 5 : 1;
	per_s = (double)load.left;
	if (run_load(&device, &source, &options, &result)) {
		stop(drive->preset, "out of memory");
	}
	*latency_ns = (double)result.elapsed / per_s;
	per_s = per_s * 1e9 / (double)result.elapsed;
	run_result_free(&result);
	run_device_close(&device);
	return small ? per_s : per_s * (double)LARGE / 1e6;
}

static int
print_sheets(const struct drive *drive, double got[FIGURES][DEPTHS])
{
	int failed = 0;

	printf("\nBeside the data sheet (%s):\n\n| | data sheet | preset | difference |\n"
	       "|---|---|---|---|\n", drive->source);
	for (uint32_t i = 0; i < drive->nsheets; i += 1) {
		const struct sheet *sheet = &drive->sheets[i];
		double value = got[sheet->figure][sheet->depth];
		double percent = (value / sheet->value - 1) * 100;
		bool near = percent <= tolerance_percent && percent >= -tolerance_percent;

		printf("| %s, depth %u | %.0f | %.0f | %+.0f %%%s%s |\n", names[sheet->figure],
		       depths[sheet->depth], sheet->value, value, percent, near ? "" : ": ",
		       near || !sheet->reason ? "" : sheet->reason);
		if (!near && !sheet->reason) {
			fprintf(stderr, "%s, %s, depth %u: %.0f, data sheet %.0f, and no reason\n",
				drive->preset, names[sheet->figure], depths[sheet->depth], value,
				sheet->value);
			failed = 1;
		}
	}
	return failed;
}

static int
print_drive(const struct drive *drive)
{
	double got[FIGURES][DEPTHS] = {{0}}, latency_ns[FIGURES][DEPTHS];

	printf("\n## %s\n\n%s,size=%s; random writes: %s.\n\n| depth | 1 | 32 | 128 |\n"
	       "|---|---|---|---|\n", drive->preset, drive->preset, drive->size, drive->state);
	for (uint32_t f = 0; f < FIGURES; f += 1) {
		if (drive->zoned && f == WRITE_IOPS) {
			continue;
		}
		printf("| %s |", names[f]);
		for (uint32_t d = 0; d < DEPTHS; d += 1) {
			got[f][d] = measure(drive, (enum figure)f, depths[d], &latency_ns[f][d]);
			printf(" %.0f |", got[f][d]);
		}
		printf("\n");
	}
	printf("\nLatency at depth 1: read %.1f us", latency_ns[READ_IOPS][0] / 1e3);
	if (!drive->zoned) {
		printf(", write %.1f us", latency_ns[WRITE_IOPS][0] / 1e3);
	}
	printf(".\n");
	if (drive->nsheets == 0) {
		printf("%s\n", drive->source);
		return 0;
	}
	return print_sheets(drive, got);
}

int
main(void)
{
	int failed = 0;

	printf("# Presets beside their data sheets\n\n"
	       "Made by `BUILD/docs/presets_gen > docs/presets.md` from the timing models, in\n"
	       "virtual time; a test compares. The host, its driver and the export cost nothing\n"
	       "here. A figure is within 10 %% of its data sheet, or the reason is named. Reads\n"
	       "are of blocks that were written in order before.\n");
	for (size_t i = 0; i < sizeof(drives) / sizeof(drives[0]); i += 1) {
		failed |= print_drive(&drives[i]);
	}
	printf("\n`kv-prototype` and `zns-prototype` are prototypes without a data sheet, `null`\n"
	       "takes no time; `src/ssd/model` says where each number of a preset is from.\n");
	return failed;
}
