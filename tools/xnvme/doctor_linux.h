/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the checks of a Linux system: reading system files, and reporting results.
 */
#ifndef TOOLS_DOCTOR_LINUX_H
#define TOOLS_DOCTOR_LINUX_H

#include <stdarg.h>
#include <stddef.h>

#include "doctor.h"

/* A list of words up to a limit; words beyond it are counted */
struct doctor_names {
	char text[400];
	int count;
	int listed;
};

/* Read the first line of a file, without its newline; the path is formatted as by printf(). Returns
 * false when it cannot be read. */
bool doctor_line(char *line, size_t nbytes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Add a word */
void doctor_names_add(struct doctor_names *names, const char *name);

/* Returns the name of the next file in a folder; at the end closes the folder and returns NULL.
 * `prefix`: only names of this prefix and a digit; NULL: any name without a leading dot. */
const char *doctor_next(void **folder, const char *path, const char *prefix);

/* Set the result of a check, and the advice; `root` marks advice that needs root */
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
