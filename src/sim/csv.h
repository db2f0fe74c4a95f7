/* SPDX-License-Identifier: BSD-3-Clause */
/* Text files of rows: read whole, then split in place */
#ifndef SIM_CSV_H
#define SIM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_FIELDS_MAX 32

#define CSV_COLUMNS_MAX 16 /* that a caller may request */

struct csv {
	char *text;
	size_t nbytes;
	char *at;
	uint64_t line; /* number of the last row, from 1 */
	size_t width;  /* with a header: number of fields in a row */
	size_t columns, column[CSV_COLUMNS_MAX]; /* requested columns: their number and indices */
};

/* Read a file of at most `most` bytes, terminated; 0 or -errno. Free text with free(). */
int file_read(const char *path, size_t most, char **text, size_t *nbytes);

/* Is it uncompressed text? Otherwise a sentence in `why`, with the line number */
bool text_is_plain(const char *text, size_t nbytes, char *why, size_t why_nbytes);

/* 0, or -errno with a sentence in `why` */
int csv_open(struct csv *csv, const char *path, char *why, size_t why_nbytes);
void csv_close(struct csv *csv);

/* Read the next non-empty line and split it at `separator` in place; returns the number of its
 * fields, 0 at the end. Fields beyond CSV_FIELDS_MAX are dropped. */
size_t csv_row(struct csv *csv, char separator, char *fields[CSV_FIELDS_MAX]);

/* Read a header with the names of the columns and find `names`, in any order and among others. 0,
 * or -EINVAL with a sentence when one is missing. */
int csv_header(struct csv *csv, const char *const names[], size_t count, char *why,
	       size_t why_nbytes);

/* Read the requested fields of the next row, in the order of `names`: 1, 0 at the end, or -EINVAL
 * with a sentence when the row and the header differ in their number of fields */
int csv_record(struct csv *csv, char *fields[CSV_COLUMNS_MAX], char *why, size_t why_nbytes);

/* Parse a whole field as a number, decimal or 0x…; false when it is invalid or too large */
bool field_u64(const char *field, uint64_t *value);

#endif /* SIM_CSV_H */
