/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme doctor: what of this machine decides which paths work, and how fast.
 */
#ifndef TOOLS_DOCTOR_H
#define TOOLS_DOCTOR_H

#include "tool.h"

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_SLOW,	/* works, but costs time; the advice says how not to */
	DOCTOR_MISSING, /* something does not work until the advice is followed */
	DOCTOR_NONE,	/* does not apply to this machine */
};

/* What one check found, in words */
struct doctor_finding {
	enum doctor_verdict verdict;
	char found[240];
	char advice[800]; /* empty when there is nothing to do */
};

struct doctor_check {
	const char *name;
	const char *matters; /* for what */
	const char *paths;   /* which do not work when it says missing or none; NULL: no path */
	void (*run)(struct doctor_finding *finding);
};

/* The checks of this platform; a row without a name ends them. doctor_<os>.c */
extern const struct doctor_check doctor_checks[];

int doctor_sub(struct xnvme_cli *cli);

#endif /* TOOLS_DOCTOR_H */
