/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme doctor: checks the properties of this machine that decide which paths work, and how fast.
 */
#ifndef TOOLS_DOCTOR_H
#define TOOLS_DOCTOR_H

#include "../common/tool.h"

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_SLOW,	/* works, but costs time; the advice avoids that */
	DOCTOR_MISSING, /* something does not work until the advice is followed */
	DOCTOR_NONE,	/* does not apply to this machine */
};

/* The result of one check, in words */
struct doctor_finding {
	enum doctor_verdict verdict;
	char found[240];
	char advice[800]; /* what to do; empty: nothing */
};

struct doctor_check {
	const char *name;
	const char *matters; /* what the check affects */
	const char *paths;   /* paths that fail with verdict missing or none; NULL: no path */
	void (*run)(struct doctor_finding *finding);
};

/* The checks of this platform; the last row has no name. In doctor_<os>.c. */
extern const struct doctor_check doctor_checks[];

int doctor_sub(struct xnvme_cli *cli);

#endif /* TOOLS_DOCTOR_H */
