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

int
csv_open(struct csv *csv, const char *path)
{
	int rc;

	*csv = (struct csv){ 0 };
	rc = file_read(path, FILE_NBYTES_MAX, &csv->text, &csv->nbytes);
	csv->at = csv->text;
	return rc;
}

void
csv_close(struct csv *csv)
{
	free(csv->text);
	csv->text = NULL;
}

/* Cut at a character, or at runs of white space when that is a space */
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

		csv->line++;
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
