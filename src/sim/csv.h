/* SPDX-License-Identifier: BSD-3-Clause */
/* Text files of rows: read whole, then taken apart in place */
#ifndef SIM_CSV_H
#define SIM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_FIELDS_MAX 32

struct csv {
	char *text;
	size_t nbytes;
	char *at;
	uint64_t line; /* number of the last row, from 1 */
};

/* Read a file of at most `most` bytes, terminated; 0 or -errno. Free text with free(). */
int file_read(const char *path, size_t most, char **text, size_t *nbytes);

int csv_open(struct csv *csv, const char *path);
void csv_close(struct csv *csv);
/* The next line that is not empty, cut at `separator` in place; the number of its fields, 0 at
 * the end. Fields beyond CSV_FIELDS_MAX are dropped. */
size_t csv_row(struct csv *csv, char separator, char *fields[CSV_FIELDS_MAX]);

/* A whole field as a number, decimal or 0x…; false when it is none or too large */
bool field_u64(const char *field, uint64_t *value);

#endif /* SIM_CSV_H */
