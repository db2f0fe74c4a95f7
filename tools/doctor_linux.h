/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the checks of a Linux system share: how to look, and how to say what was found.
 */
#ifndef TOOLS_DOCTOR_LINUX_H
#define TOOLS_DOCTOR_LINUX_H

#include <stdarg.h>
#include <stddef.h>

#include "doctor.h"

/* Words that are collected until there is no room; what does not fit is counted */
struct doctor_names {
	char text[400];
	int count;
	int listed;
};

/* The first line of a file without its newline; false when it cannot be read. The path is made
 * like printf does. */
bool doctor_line(char *line, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a word */
void doctor_names_add(struct doctor_names *names, const char *name);

/* The name of the next file in a folder, or NULL at the end, when the folder is closed. `prefix`:
 * what a name begins with, followed by a digit; NULL: any name without a leading dot. */
const char *doctor_next(void **folder, const char *path, const char *prefix);

/* What was found, and what to do about it; `root` marks what only root may do */
void doctor_found(struct doctor_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_advise(struct doctor_finding *f, enum doctor_verdict verdict, bool root,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* doctor_linux_latency.c */
void doctor_poll_queues(struct doctor_finding *f);
void doctor_scheduler(struct doctor_finding *f);
void doctor_governor(struct doctor_finding *f);
void doctor_drive_power(struct doctor_finding *f);
void doctor_link_power(struct doctor_finding *f);

#endif /* TOOLS_DOCTOR_LINUX_H */
