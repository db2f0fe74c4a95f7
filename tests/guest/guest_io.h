/* SPDX-License-Identifier: BSD-3-Clause */
/* What the verbs of guest_io share */
#ifndef GUEST_IO_H
#define GUEST_IO_H

#include <libxnvme.h>
#include <stdbool.h>
#include <stdint.h>

/* What a script may say besides how to open the device */
struct wish {
	uint32_t qd;
	uint32_t count;   /* of commands */
	uint32_t seconds;
	uint32_t vectors; /* pieces that a command's data comes in; 0: one flat buffer */
	uint32_t must_fail; /* storm: 0 no command may fail, 1 some must, 2 some may */
};

int verb_show(struct xnvme_dev *dev, const struct wish *wish);
int verb_verify(struct xnvme_dev *dev, const struct wish *wish);
int verb_coherent(struct xnvme_dev *dev, const struct wish *wish);
int verb_append(struct xnvme_dev *dev, const struct wish *wish);
int verb_pi(struct xnvme_dev *dev, const struct wish *wish);
int verb_limits(struct xnvme_dev *dev, const struct wish *wish);
int verb_narrowed(struct xnvme_dev *dev, const struct wish *wish);
int verb_meta(struct xnvme_dev *dev, const struct wish *wish);
int verb_outlive(struct xnvme_dev *dev, const struct wish *wish);
int verb_storm(struct xnvme_dev *dev, const struct wish *wish);

/* Prints what failed and the library's sentence; a negative errno */
int complain(const char *what, int err);

/* 0 when `truth` holds; otherwise prints what was expected and returns -EIO */
int require(bool truth, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Bytes that depend on `seed`, never the same for two of them */
void pattern_fill(void *buf, size_t nbytes, uint64_t seed);

#endif /* GUEST_IO_H */
