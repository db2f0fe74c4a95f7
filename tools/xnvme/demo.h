/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme paths --demo: creates a device of every kind that this machine supports, verifies data
 * through every path that supports it, and prints one table.
 */
#ifndef TOOLS_DEMO_H
#define TOOLS_DEMO_H

#include <stdatomic.h>

#include "../load/load.h"
#include "paths.h"

#define DEMO_NBYTES (64ULL << 20) /* of a device that the demo creates */
#define DEMO_ROWS_MAX 128
#define DEMO_DEVICES_MAX 16

/* A device of the demo */
struct demo_device {
	const char *label;
	char uri[512];
	bool direct; /* bypass the page cache, so that the device itself is measured */
	int fd;	     /* of the backing file, or -1 */
	int fd2;     /* of the block device, which exists while this is open, or -1 */
	int number;  /* of a zram device to remove at the end, or -1 */
	char missing[512]; /* why the device is missing, and what to do; else empty */
	uint64_t library_ns; /* the library's own cost per command, on async nil */
};

/* Results of one path on one device */
struct demo_row {
	const struct demo_device *device;
	char path[40];
	char resolved[96];
	char skipped[512]; /* why the path was skipped; else empty */
	int err;	   /* of verification or measurement */
	uint64_t verified_nbytes;
	bool clock_is_virtual;
	double iops;
	uint64_t p50_ns, p99_ns, p99_9_ns;
	uint64_t cpu_ns;     /* per command */
	uint64_t library_ns; /* per command; 0: not measured for this path */
};

struct demo {
	uint64_t seed;
	atomic_bool *stop;
	struct demo_device devices[DEMO_DEVICES_MAX];
	uint32_t ndevices;
	struct demo_row rows[DEMO_ROWS_MAX];
	uint32_t nrows;
	uint64_t elapsed_ns;
};

/* demo_devices.c */
void demo_devices_make(struct demo *demo);
void demo_devices_remove(struct demo *demo);

/* demo_file.c: files that vanish when their descriptor is closed, however the process ends */
int demo_file_make(uint64_t nbytes, char *path, size_t path_nbytes);

/* demo_block.c: a block device on such a file, or in compressed memory */
void demo_block_make(struct demo_device *device);
void demo_block_remove(struct demo_device *device);

/* demo_measure.c */
int demo_measure_async(struct demo *demo, struct xnvme_dev *dev, struct demo_row *row);
int demo_measure_sync(struct demo *demo, struct xnvme_dev *dev, struct demo_row *row);
uint64_t demo_measure_library(struct xnvme_dev *dev);

/* demo_report.c */
void demo_report(const struct demo *demo, enum xnvme_cli_output output);

#endif /* TOOLS_DEMO_H */
