/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Defects of xNVMe 0.7.5, and of software that was built on it since, found by reading and running
 * it: the interface of this library is that of 0.7.5. Each has a number and a check that fails if
 * this library has the defect. A comment at the check states the defect, then what this library
 * does. The checks of some are elsewhere; `git grep -E 'X[0-9]+b?:'` lists all, and the test
 * defects_numbers verifies that each number has one.
 *
 * A check gets a URI (a file, a loop device, a ramdisk, a virtual SSD) and returns if this library
 * does not have the defect; otherwise it exits with 1. Checks of helper functions use no device.
 */
#ifndef DEFECTS_H
#define DEFECTS_H

#include <conform.h>

struct defect {
	const char *name; /* the number, and the defect or the correct behaviour */
	void (*run)(const char *uri);
};

extern const struct defect defects_open[];
extern const struct defect defects_io[];
extern const struct defect defects_queue[];
extern const struct defect defects_helpers[];

/* Opens the device with this async path (NULL: the default one); fails the check if it does not */
struct xnvme_dev *open_with(const char *uri, const char *async);

/* Runs `use` with the device on each async path that it supports; an unsupported path must be
 * refused with an errno and a message */
void on_each_path(const char *uri, void (*use)(struct xnvme_dev *dev));

/* Iterates the names of paths with `role` (enum xnvme_be_role) from *idx on; NULL at the end */
const char *path_next(int *idx, uint32_t role);

bool is_kind(struct xnvme_dev *dev, const char *kind);
bool is_async(struct xnvme_dev *dev, const char *async);

/* Completion of a command, recorded by the callback note_ending() */
struct ending {
	int count;
	struct xnvme_spec_cpl cpl;
};

/* Callback: stores the completion in `arg`, a struct ending, and puts the context back */
void note_ending(struct xnvme_cmd_ctx *ctx, void *arg);

/* Returns a context of the queue whose completion is recorded in `ending` */
struct xnvme_cmd_ctx *ctx_for(struct xnvme_queue *queue, struct ending *ending);

/* Status of a completion: SCT << 8 | SC */
uint32_t status_of(const struct xnvme_spec_cpl *cpl);

#endif /* DEFECTS_H */
