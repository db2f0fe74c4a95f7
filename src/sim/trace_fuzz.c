/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a trace of every format, a recipe, and JSON: an error or a result, nothing else.
 * Built with -Dfuzzers=true; run as trace_fuzz CORPUS_FOLDER. */
#include <sim/job.h>
#include <sim/json.h>
#include <sim/trace.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	char *text = malloc(nbytes + 1);
	char why[256];

	if (!text) {
		return 0;
	}
	for (int format = TRACE_AUTO; format <= TRACE_ORACLE; format++) {
		struct trace trace;

		memcpy(text, data, nbytes);
		text[nbytes] = '\0';
		if (trace_parse(&trace, text, nbytes, (enum trace_format)format, why,
				sizeof(why)) == 0) {
			for (uint64_t i = 1; trace.timed && i < trace.count; i++) {
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
		struct json json, value;

		jobs_parse(text, jobs, why, sizeof(why));
		if (json_open(text, nbytes, &json)) {
			json_get(json, "lat_ns.mean", &value);
		}
	}
	free(text);
	return 0;
}
