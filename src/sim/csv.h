/* SPDX-License-Identifier: BSD-3-Clause */
/* Text files of rows: read whole, then taken apart in place */
#ifndef SIM_CSV_H
#define SIM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_FIELDS_MAX 32

#define CSV_COLUMNS_MAX 16 /* that somebody asks for */

struct csv {
	char *text;
	size_t nbytes;
	char *at;
	uint64_t line; /* number of the last row, from 1 */
	size_t width;  /* with a header: fields of a row */
	size_t columns, column[CSV_COLUMNS_MAX]; /* the wanted ones, and where they are */
};

/* Read a file of at most `most` bytes, terminated; 0 or -errno. Free text with free(). */
int file_read(const char *path, size_t most, char **text, size_t *nbytes);

/* Is it text, and not compressed? Else a sentence in `why` that names the line */
bool text_is_plain(const char *text, size_t nbytes, char *why, size_t why_nbytes);

/* 0, or -errno with a sentence in `why` */
int csv_open(struct csv *csv, const char *path, char *why, size_t why_nbytes);
void csv_close(struct csv *csv);

/* The next line that is not empty, cut at `separator` in place; the number of its fields, 0 at
 * the end. Fields beyond CSV_FIELDS_MAX are dropped. */
size_t csv_row(struct csv *csv, char separator, char *fields[CSV_FIELDS_MAX]);

/* Rows under a header that names their columns. Read it and find `names`, in whatever order, with
 * any others beside them; -EINVAL and a sentence when one is not there. */
int csv_header(struct csv *csv, const char *const names[], size_t count, char *why,
	       size_t why_nbytes);

/* The wanted fields of the next row, in the order of `names`: 1, 0 at the end, or -EINVAL and a
 * sentence when the row has not as many fields as the header */
int csv_record(struct csv *csv, char *fields[CSV_COLUMNS_MAX], char *why, size_t why_nbytes);

/* A whole field as a number, decimal or 0x…; false when it is none or too large */
bool field_u64(const char *field, uint64_t *value);

#endif /* SIM_CSV_H */
