/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What went wrong elsewhere, one check each; docs/defects.md says what each number is.
 *
 * A check gets a URI (a file, a loop device, a ramdisk, a virtual SSD) and returns when ours does
 * not have the defect; it ends the program when it has. Those on helpers look at no device.
 */
#ifndef DEFECTS_H
#define DEFECTS_H

#include <conform.h>

struct defect {
	const char *name; /* the number and what goes wrong, or does not */
	void (*run)(const char *uri);
};

extern const struct defect defects_open[];
extern const struct defect defects_io[];
extern const struct defect defects_queue[];
extern const struct defect defects_helpers[];

/* The device with this async path, NULL: the default one. It must open. */
struct xnvme_dev *open_with(const char *uri, const char *async);

/* Runs `use` with the device on each async path that it has; a path that it has not must be
 * refused with an errno and a sentence */
void on_each_path(const char *uri, void (*use)(struct xnvme_dev *dev));

/* Names of all paths that have `role`, of enum xnvme_be_role, from *idx on; NULL at the end */
const char *path_next(int *idx, uint32_t role);

bool is_kind(struct xnvme_dev *dev, const char *kind);
bool is_async(struct xnvme_dev *dev, const char *async);

/* How a command ended, for the callback note_ending() */
struct ending {
	int count;
	struct xnvme_spec_cpl cpl;
};

/* Keeps the completion in the struct ending of `arg`, and puts the context back */
void note_ending(struct xnvme_cmd_ctx *ctx, void *arg);

/* A context of the queue whose ending goes to `ending` */
struct xnvme_cmd_ctx *ctx_for(struct xnvme_queue *queue, struct ending *ending);

/* Of a completion, SCT << 8 | SC */
uint32_t status_of(const struct xnvme_spec_cpl *cpl);

#endif /* DEFECTS_H */
