/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <sim/csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NBYTES_MAX (1ULL << 34)

int
file_read(const char *path, size_t most, char **text, size_t *nbytes)
{
	FILE *file = fopen(path, "rb");
	size_t room = 0, used = 0, got;
	char *buffer = NULL;
	int rc = 0;

	if (!file) {
		return -errno;
	}
	do {
		if (room - used < 2) {
			char *larger;

			room = room ? room * 2 : 65536;
			larger = realloc(buffer, room);
			if (!larger) {
				rc = -ENOMEM;
				break;
			}
			buffer = larger;
		}
		got = fread(buffer + used, 1, room - used - 1, file);
		used += got;
		if (used > most) {
			rc = -EFBIG;
		}
	} while (got > 0 && rc == 0);
	if (rc == 0 && ferror(file)) {
		rc = -EIO;
	}
	fclose(file);
	if (rc) {
		free(buffer);
		return rc;
	}
	buffer[used] = '\0';
	*text = buffer;
	*nbytes = used;
	return 0;
}

bool
text_is_plain(const char *text, size_t nbytes, char *why, size_t why_nbytes)
{
	static const struct {
		const char *magic, *name;
	} packed[] = { { "\x1f\x8b", "gzip" }, { "\x28\xb5\x2f\xfd", "zstd" },
		       { "\xfd\x37zXZ", "xz" }, { "BZh", "bzip2" } };
	const char *zero = memchr(text, '\0', nbytes);
	uint64_t line = 1;

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); ++i) {
		size_t length = strlen(packed[i].magic);

		if (nbytes > length && memcmp(text, packed[i].magic, length) == 0) {
			snprintf(why, why_nbytes, "the file is compressed: unpack it with %s -d "
				 "first", packed[i].name);
			return false;
		}
	}
	if (!zero) {
		return true;
	}
	for (const char *at = text; at < zero; ++at) {
		line += *at == '\n';
	}
	snprintf(why, why_nbytes, "line %llu: a zero byte, this is not text",
		 (unsigned long long)line);
	return false;
}

int
csv_open(struct csv *csv, const char *path, char *why, size_t why_nbytes)
{
	int rc;

	*csv = (struct csv){ 0 };
	rc = file_read(path, FILE_NBYTES_MAX, &csv->text, &csv->nbytes);
	if (rc) {
		snprintf(why, why_nbytes, "%s", strerror(-rc));
		return rc;
	}
	csv->at = csv->text;
	if (!text_is_plain(csv->text, csv->nbytes, why, why_nbytes)) {
		csv_close(csv);
		return -EINVAL;
	}
	return 0;
}

void
csv_close(struct csv *csv)
{
	free(csv->text);
	csv->text = NULL;
}

/* Split at a character, or at runs of white space if that is a space */
static size_t
line_cut(char *line, char separator, char *fields[CSV_FIELDS_MAX])
{
	size_t count = 0;

	while (count < CSV_FIELDS_MAX) {
		char *end;

		if (separator == ' ') {
			line += strspn(line, " \t");
			if (*line == '\0') {
				break;
			}
			end = line + strcspn(line, " \t");
		} else {
			end = strchr(line, separator);
		}
		fields[count++] = line;
		if (!end || *end == '\0') {
			break;
		}
		*end = '\0';
		line = end + 1;
	}
	return count;
}

size_t
csv_row(struct csv *csv, char separator, char *fields[CSV_FIELDS_MAX])
{
	while (csv->at < csv->text + csv->nbytes) {
		char *line = csv->at;
		char *end = memchr(line, '\n', (size_t)(csv->text + csv->nbytes - line));
		size_t count;

		csv->line += 1;
		csv->at = end ? end + 1 : csv->text + csv->nbytes;
		if (end) {
			*end = '\0';
			if (end > line && end[-1] == '\r') {
				end[-1] = '\0';
			}
		}
		count = line[0] ? line_cut(line, separator, fields) : 0;
		if (count) {
			return count;
		}
	}
	return 0;
}

int
csv_header(struct csv *csv, const char *const names[], size_t count, char *why, size_t why_nbytes)
{
	char *fields[CSV_FIELDS_MAX];

	if (csv->nbytes >= 3 && memcmp(csv->at, "\xef\xbb\xbf", 3) == 0) {
		csv->at += 3; /* skip the byte order mark of UTF-8 */
	}
	csv->width = csv_row(csv, ',', fields);
	for (csv->columns = 0; csv->columns < count; ++csv->columns) {
		const char *name = names[csv->columns];
		size_t i = 0;

		while (i < csv->width && strcmp(fields[i], name) != 0) {
			i += 1;
		}
		if (i == csv->width) {
			snprintf(why, why_nbytes, "line %llu: the header names no column '%s'",
				 (unsigned long long)(csv->line ? csv->line : 1), name);
			return -EINVAL;
		}
		csv->column[csv->columns] = i;
	}
	return 0;
}

int
csv_record(struct csv *csv, char *fields[CSV_COLUMNS_MAX], char *why, size_t why_nbytes)
{
	char *all[CSV_FIELDS_MAX];
	size_t count = csv_row(csv, ',', all);

	if (count == 0) {
		return 0;
	}
	if (count != csv->width) {
		snprintf(why, why_nbytes, "line %llu: %zu fields, the header has %zu",
			 (unsigned long long)csv->line, count, csv->width);
		return -EINVAL;
	}
	for (size_t i = 0; i < csv->columns; ++i) {
		fields[i] = all[csv->column[i]];
	}
	return 1;
}

bool
field_u64(const char *field, uint64_t *value)
{
	char *end;

	if (*field < '0' || *field > '9') {
		return false;
	}
	errno = 0;
	*value = strtoull(field, &end, field[0] == '0' && (field[1] | 32) == 'x' ? 16 : 10);
	return errno == 0 && *end == '\0';
}
