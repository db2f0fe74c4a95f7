/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the verbs of guest_io */
#ifndef GUEST_IO_H
#define GUEST_IO_H

#include <libxnvme.h>
#include <stdbool.h>
#include <stdint.h>

/* Parameters of a verb, besides the options of open */
struct request {
	uint32_t qd;
	uint32_t count;   /* of commands */
	uint32_t seconds;
	uint32_t vectors; /* pieces of a command's data; 0: one flat buffer */
	uint32_t must_fail; /* storm: 0 no command may fail, 1 some must, 2 some may */
};

int verb_show(struct xnvme_dev *dev, const struct request *request);
int verb_verify(struct xnvme_dev *dev, const struct request *request);
int verb_coherent(struct xnvme_dev *dev, const struct request *request);
int verb_append(struct xnvme_dev *dev, const struct request *request);
int verb_pi(struct xnvme_dev *dev, const struct request *request);
int verb_limits(struct xnvme_dev *dev, const struct request *request);
int verb_narrowed(struct xnvme_dev *dev, const struct request *request);
int verb_meta(struct xnvme_dev *dev, const struct request *request);
int verb_outlive(struct xnvme_dev *dev, const struct request *request);
int verb_storm(struct xnvme_dev *dev, const struct request *request);

/* Prints what failed and the library's message; returns a negative errno */
int complain(const char *what, int err);

/* Returns 0 when `truth` holds; otherwise prints the message and returns -EIO */
int require(bool truth, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Fills `buf` with bytes that depend on `seed` and differ between seeds */
void pattern_fill(void *buf, size_t nbytes, uint64_t seed);

#endif /* GUEST_IO_H */
