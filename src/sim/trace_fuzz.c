/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a trace of every format, a recipe, and a table: each gives an error or a result.
 * Built with -Dfuzzers=true; run as trace_fuzz CORPUS_FOLDER. */
#include <sim/csv.h>
#include <sim/job.h>
#include <sim/trace.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

static void
table_read(char *text, size_t nbytes, char *why, size_t why_nbytes)
{
	static const char *const names[] = { "idx", "status" };
	struct csv csv = { .text = text, .nbytes = nbytes, .at = text };
	char *fields[CSV_COLUMNS_MAX];
	uint64_t number;

	if (csv_header(&csv, names, 2, why, why_nbytes) == 0) {
		while (csv_record(&csv, fields, why, why_nbytes) > 0) {
			field_u64(fields[0], &number);
			field_u64(fields[1], &number);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	char *text = malloc(nbytes + 1);
	char why[256];

	if (!text) {
		return 0;
	}
	for (int format = TRACE_AUTO; format <= TRACE_ORACLE; ++format) {
		struct trace trace;

		memcpy(text, data, nbytes);
		text[nbytes] = '\0';
		if (trace_parse(&trace, text, nbytes, (enum trace_format)format, why,
				sizeof(why)) == 0) {
			for (uint64_t i = 1; trace.timed && i < trace.count; ++i) {
				if (trace.rows[i].at < trace.rows[i - 1].at) {
					abort();
				}
			}
			trace_free(&trace);
		}
	}
	memcpy(text, data, nbytes);
	text[nbytes] = '\0';
	if (strlen(text) == nbytes) {
		struct job jobs[JOBS_MAX];

		jobs_parse(text, jobs, why, sizeof(why));
	}
	table_read(text, nbytes, why, sizeof(why));
	free(text);
	return 0;
}
