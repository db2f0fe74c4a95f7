/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recorded run: NAME.json contains the recipe and the totals, NAME.csv the first rows of the last
 * job, NAME.windows.csv (optional) its progress over time. All jobs but the last prepare the state.
 */
#include <errno.h>
#include <math.h>
#include <sim/oracle_internal.h>
#include <sim/grow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STARTED_AT 1000000 /* of the first job */
#define JOB_PAUSE NS_PER_S /* between jobs, then rounded up to an interval of the bus */
#define JOB_ALIGN 4000
#define FINGERPRINT "fnv1a64_idx_start_done_in_completion_order"

static bool
op_read(const char *field, enum model_op *op)
{
	static const struct {
		char name;
		enum model_op op;
	} ops[] = {
		{ 'R', MODEL_READ },     { 'W', MODEL_WRITE },    { 'A', MODEL_ZONE_APPEND },
		{ 'F', MODEL_FLUSH },    { 'S', MODEL_KV_STORE }, { 'G', MODEL_KV_RETRIEVE },
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); ++i) {
		if (field[0] == ops[i].name && field[1] == '\0') {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

static const char *const row_columns[] = {
	"idx", "sq", "op", "slba", "nlb", "t_submit_ns", "t_start_ns", "t_done_ns", "status",
};

#define ROW_COLUMNS (sizeof(row_columns) / sizeof(row_columns[0]))

static bool
row_read(char *fields[], struct replay_row *row)
{
	uint64_t queue, slba, nlb, status;
	bool key_value;

	if (!field_u64(fields[0], &row->index) || !field_u64(fields[1], &queue) ||
	    !op_read(fields[2], &row->io.op) || !field_u64(fields[3], &slba) ||
	    !field_u64(fields[4], &nlb) || !field_u64(fields[5], &row->submit) ||
	    !field_u64(fields[6], &row->start) || !field_u64(fields[7], &row->done) ||
	    !field_u64(fields[8], &status) || queue > 65535 || status > 65535) {
		return false;
	}
	key_value = row->io.op == MODEL_KV_STORE || row->io.op == MODEL_KV_RETRIEVE;
	row->queue = (uint32_t)queue;
	row->io.offset = key_value ? slba : slba * 512;
	row->io.nbytes = key_value ? nlb : nlb * 512;
	row->status = (uint16_t)status;
	return true;
}

static int
row_add(struct recording *recording, const struct replay_row *row, uint64_t *room)
{
	struct replay_row *expected = grow_by_one(recording->expected, recording->expected_count,
						  room, sizeof(*expected));

	if (!expected) {
		return -ENOMEM;
	}
	recording->expected = expected;
	expected[recording->expected_count++] = *row;
	if (row->index >= recording->index_end) {
		recording->index_end = row->index + 1;
	}
	return 0;
}

static int
rows_load(struct oracle *oracle, struct recording *recording)
{
	const struct job *job = &recording->jobs[recording->job_count - 1];
	char *fields[CSV_COLUMNS_MAX], why[256] = "";
	uint64_t room = 0;
	struct csv csv;
	int rc = csv_open(&csv, oracle->path, why, sizeof(why));

	if (rc == 0) {
		rc = csv_header(&csv, row_columns, ROW_COLUMNS, why, sizeof(why));
	}
	while (rc == 0 && (rc = csv_record(&csv, fields, why, sizeof(why))) > 0) {
		struct replay_row row = { 0 };

		if (!row_read(fields, &row) || row.index >= job->count) {
			snprintf(why, sizeof(why), "line %llu: expected idx (less than %llu, the n "
				 "of the job),sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,"
				 "status", (unsigned long long)csv.line,
				 (unsigned long long)job->count);
			rc = -EINVAL;
			break;
		}
		rc = row_add(recording, &row, &room);
	}
	if (rc) {
		oracle_say(oracle, "%s", why[0] ? why : strerror(-rc));
	}
	csv_close(&csv);
	return rc;
}

static int
device_make(struct oracle *oracle, struct recording *recording)
{
	const char *why = "";
	int rc = -EINVAL;

	recording->namespace_nbytes =
		nvmevirt1_namespace_nbytes(&recording->config, recording->storage_nbytes);
	recording->nv_nbytes =
		nvmevirt1_bytes_needed(&recording->config, recording->storage_nbytes);
	recording->nv = oracle_memory(recording->nv_nbytes ? recording->nv_nbytes : 4096);
	if (!recording->nv) {
		return -ENOMEM;
	}
	rc = nvmevirt1_init(recording->nv, &recording->config, recording->storage_nbytes, &why);
	if (rc) {
		oracle_say(oracle, "%s", why);
	}
	return rc;
}

static int
results_allocate(struct recording *recording, const struct job *job)
{
	struct replay_result *result = &recording->result;

	result->rows_max = recording->index_end;
	result->rows = calloc(result->rows_max + 1, sizeof(*result->rows));
	result->latency_max_count = job->count;
	result->latencies = malloc(job->count * sizeof(*result->latencies));
	for (uint64_t i = 0; result->rows && i < result->rows_max; ++i) {
		result->rows[i].index = UINT64_MAX; /* not completed */
	}
	return result->rows && result->latencies ? 0 : -ENOMEM;
}

/* Run the jobs one after another; all requests complete in between */
static int
jobs_run(struct oracle *oracle, struct recording *recording)
{
	ns_t started_at = STARTED_AT;
	char why[256] = "";
	int rc = 0;

	for (int j = 0; j < recording->job_count && rc == 0; ++j) {
		const struct job *job = &recording->jobs[j];
		struct replay_result setup = { 0 };
		bool last = j == recording->job_count - 1;
		struct replay_result *result = last ? &recording->result : &setup;

		if (last) {
			nvmevirt1_totals(recording->nv, &recording->before);
			rc = results_allocate(recording, job);
			if (rc) {
				return rc;
			}
		}
		rc = replay_job(recording->nv, job, recording->namespace_nbytes,
				recording->config.nand.zone_nbytes, started_at, result, why,
				sizeof(why));
		if (rc) {
			oracle_say(oracle, "%s", why);
		}
		started_at = result->last_event;
		if (recording->config.nand.zone_nbytes == 0) {
			started_at = ns_max(started_at, nvmevirt1_idle_at(recording->nv));
		}
		started_at += JOB_PAUSE + JOB_ALIGN - 1;
		started_at -= started_at % JOB_ALIGN;
		free(setup.windows);
	}
	return rc;
}

static void
row_compare(struct oracle *oracle, const struct replay_row *got, const struct replay_row *row)
{
	oracle->result->rows += 1;
	if (got->index == row->index && got->queue == row->queue && got->io.op == row->io.op &&
	    got->io.offset == row->io.offset && got->io.nbytes == row->io.nbytes &&
	    got->submit == row->submit && got->start == row->start && got->done == row->done &&
	    got->status == row->status) {
		return;
	}
	oracle_differs(oracle,
		       "row %llu: op %d offset %llu+%llu submit %llu start %llu done %llu status "
		       "%x, recorded op %d %llu+%llu, %llu %llu %llu %x",
		       (unsigned long long)row->index, (int)got->io.op,
		       (unsigned long long)got->io.offset, (unsigned long long)got->io.nbytes,
		       (unsigned long long)got->submit, (unsigned long long)got->start,
		       (unsigned long long)got->done, got->status, (int)row->io.op,
		       (unsigned long long)row->io.offset, (unsigned long long)row->io.nbytes,
		       (unsigned long long)row->submit, (unsigned long long)row->start,
		       (unsigned long long)row->done, row->status);
}

/* Compare a total, if it was recorded */
static void
total_i64(struct oracle *oracle, const struct recording *recording, const char *path, int64_t got)
{
	json_object *value = oracle_value(recording, path);

	if (value && (!json_object_is_type(value, json_type_int) ||
		      json_object_get_int64(value) != got)) {
		oracle_differs(oracle, "%s: %lld, recorded %s", path + 1, (long long)got,
			       json_object_get_string(value));
	}
}

static void
total_u64(struct oracle *oracle, const struct recording *recording, const char *path,
	  uint64_t got)
{
	total_i64(oracle, recording, path, (int64_t)got);
}

static void
total_double(struct oracle *oracle, const struct recording *recording, const char *path,
	     double got, double grain)
{
	json_object *value = oracle_value(recording, path);
	double recorded;

	if (value && (!oracle_double(value, &recorded) || fabs(recorded - got) > grain)) {
		oracle_differs(oracle, "%s: %f, recorded %s", path + 1, got,
			       json_object_get_string(value));
	}
}

static int
latency_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a >> 1, y = *(const uint64_t *)b >> 1;

	return x < y ? -1 : x > y;
}

/* Nearest rank, `part` in 1/10000 */
static uint64_t
rank(const uint64_t *sorted, uint64_t count, uint64_t part)
{
	uint64_t at = (count * part + 9999) / 10000;

	return count ? sorted[at ? at - 1 : 0] >> 1 : 0;
}

static void
latencies_compare(struct oracle *oracle, const struct recording *recording,
		  const char *prefix, const uint64_t *sorted, uint64_t count)
{
	static const struct {
		const char *name;
		uint64_t part;
	} parts[] = { { "min", 0 },    { "p50", 5000 },  { "p90", 9000 }, { "p99", 9900 },
		      { "p999", 9990 }, { "p9999", 9999 }, { "max", 10000 } };
	char path[64];
	double sum = 0;

	for (uint64_t i = 0; i < count; ++i) {
		sum += (double)(sorted[i] >> 1);
	}
	snprintf(path, sizeof(path), "%s/mean", prefix);
	total_double(oracle, recording, path, count ? sum / (double)count : 0, 0.0006);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); ++i) {
		snprintf(path, sizeof(path), "%s/%s", prefix, parts[i].name);
		total_u64(oracle, recording, path, rank(sorted, count, parts[i].part));
	}
}

/* For all requests, for reads, for writes */
static void
all_latencies_compare(struct oracle *oracle, const struct recording *recording)
{
	static const char *const names[] = { "/lat_read_ns", "/lat_write_ns" };
	uint64_t *all = recording->result.latencies;
	uint64_t count = recording->result.requests;

	qsort(all, count, sizeof(*all), latency_order);
	latencies_compare(oracle, recording, "/lat_ns", all, count);
	for (uint64_t writes = 0; writes < 2; ++writes) {
		uint64_t *some, found = 0;

		if (!oracle_value(recording, names[writes])) {
			continue;
		}
		some = malloc((count + 1) * sizeof(*some));
		for (uint64_t i = 0; some && i < count; ++i) {
			if ((all[i] & 1) == writes) {
				some[found++] = all[i];
			}
		}
		latencies_compare(oracle, recording, names[writes], some, found);
		free(some);
	}
}

static void
nand_compare(struct oracle *oracle, const struct recording *recording)
{
	const struct nvmevirt1_totals *was = &recording->before;
	struct nvmevirt1_totals now;
	uint64_t user, gc;

	nvmevirt1_totals(recording->nv, &now);
	user = now.user_program_bytes - was->user_program_bytes;
	gc = now.gc_program_bytes - was->gc_program_bytes;
	total_u64(oracle, recording, "/nand/user_read_ops", now.user_read_ops - was->user_read_ops);
	total_u64(oracle, recording, "/nand/user_read_bytes",
		  now.user_read_bytes - was->user_read_bytes);
	total_u64(oracle, recording, "/nand/user_program_ops",
		  now.user_program_ops - was->user_program_ops);
	total_u64(oracle, recording, "/nand/user_program_bytes", user);
	total_u64(oracle, recording, "/nand/gc_read_ops", now.gc_read_ops - was->gc_read_ops);
	total_u64(oracle, recording, "/nand/gc_read_bytes", now.gc_read_bytes - was->gc_read_bytes);
	total_u64(oracle, recording, "/nand/gc_program_ops",
		  now.gc_program_ops - was->gc_program_ops);
	total_u64(oracle, recording, "/nand/gc_program_bytes", gc);
	total_u64(oracle, recording, "/nand/gc_erase_ops", now.gc_erase_ops - was->gc_erase_ops);
	total_double(oracle, recording, "/write_amplification",
		     user ? (double)(user + gc) / (double)user : 0, 0.0000006);
	total_u64(oracle, recording, "/free_lines_end", now.free_lines);
	total_i64(oracle, recording, "/write_buffer/remaining_after_drain",
		  now.buffer_remaining);
}

static void
erases_compare(struct oracle *oracle, const struct recording *recording)
{
	uint32_t erases, least = UINT32_MAX, most = 0;
	uint64_t *histogram, lines = 0, sum = 0;
	json_object *recorded = oracle_value(recording, "/line_erase_count/hist");

	if (!json_object_is_type(recorded, json_type_array)) {
		return;
	}
	for (; nvmevirt1_line_erases(recording->nv, lines, &erases); ++lines) {
		least = erases < least ? erases : least;
		most = erases > most ? erases : most;
		sum += erases;
	}
	histogram = calloc((size_t)most + 1, sizeof(*histogram));
	for (uint64_t i = 0; histogram && nvmevirt1_line_erases(recording->nv, i, &erases); ++i) {
		histogram[erases] += 1;
	}
	total_u64(oracle, recording, "/line_erase_count/min", least);
	total_u64(oracle, recording, "/line_erase_count/max", most);
	total_double(oracle, recording, "/line_erase_count/mean",
		     lines ? (double)sum / (double)lines : 0, 0.00006);
	for (uint64_t i = 0; histogram && i < json_object_array_length(recorded); ++i) {
		char path[48];

		snprintf(path, sizeof(path), "/line_erase_count/hist/%llu", (unsigned long long)i);
		total_u64(oracle, recording, path, i <= most ? histogram[i] : 0);
	}
	free(histogram);
}

static void
totals_compare(struct oracle *oracle, const struct recording *recording)
{
	const struct replay_result *result = &recording->result;
	json_object *recorded = oracle_value(recording, "/" FINGERPRINT);
	double seconds = (double)result->elapsed / 1e9;
	char fingerprint[32];

	total_u64(oracle, recording, "/ns_size", recording->namespace_nbytes);
	total_u64(oracle, recording, "/requests", result->requests);
	total_u64(oracle, recording, "/reads", result->reads);
	total_u64(oracle, recording, "/writes", result->writes);
	total_u64(oracle, recording, "/errors", result->errors);
	total_u64(oracle, recording, "/retries_buffer_full", result->refusals);
	total_u64(oracle, recording, "/hang", result->hang);
	total_u64(oracle, recording, "/t0_abs_ns", result->started_at);
	total_u64(oracle, recording, "/elapsed_ns", result->elapsed);
	total_u64(oracle, recording, "/bytes", result->nbytes);
	total_double(oracle, recording, "/MiB_per_s",
		     result->elapsed ? (double)result->nbytes / seconds / 1048576 : 0, 0.0006);
	total_double(oracle, recording, "/IOPS",
		     result->elapsed ? (double)result->requests / seconds : 0, 0.06);
	snprintf(fingerprint, sizeof(fingerprint), "%016llx",
		 (unsigned long long)result->fingerprint);
	if (recorded && strcmp(json_object_get_string(recorded), fingerprint) != 0) {
		oracle_differs(oracle, "fingerprint of the whole run: %s, recorded %s",
			       fingerprint, json_object_get_string(recorded));
	}
	all_latencies_compare(oracle, recording);
	nand_compare(oracle, recording);
	erases_compare(oracle, recording);
}

static void
window_compare(struct oracle *oracle, const struct replay_result *result, uint64_t index,
	       double end_ms, const struct replay_window *recorded)
{
	struct replay_window none = { 0 };
	const struct replay_window *got = index < result->window_count ? &result->windows[index] :
									  &none;

	oracle->result->rows += 1;
	if (got->nbytes != recorded->nbytes || got->gc_programs != recorded->gc_programs ||
	    got->gc_erases != recorded->gc_erases ||
	    fabs((double)got->end / 1e6 - end_ms) > 0.0006) {
		oracle_differs(oracle, "window %llu: end %llu ns, %llu bytes, %llu gc programs, "
			       "%llu erases, recorded %.3f ms %llu %llu %llu",
			       (unsigned long long)index, (unsigned long long)got->end,
			       (unsigned long long)got->nbytes,
			       (unsigned long long)got->gc_programs,
			       (unsigned long long)got->gc_erases, end_ms,
			       (unsigned long long)recorded->nbytes,
			       (unsigned long long)recorded->gc_programs,
			       (unsigned long long)recorded->gc_erases);
	}
}

static int
windows_compare(struct oracle *oracle, const struct recording *recording)
{
	static const char *const columns[] = { "window_end_ms", "completed_bytes", "gc_programs",
					       "gc_erases" };
	char path[4096], *fields[CSV_COLUMNS_MAX], why[256] = "";
	struct csv csv;
	int rc;

	snprintf(path, sizeof(path), "%.*s.windows.csv",
		 (int)(strlen(oracle->path) - strlen(".csv")), oracle->path);
	rc = csv_open(&csv, path, why, sizeof(why));
	if (rc == -ENOENT) {
		return 0; /* optional */
	}
	if (rc == 0) {
		rc = csv_header(&csv, columns, 4, why, sizeof(why));
	}
	for (uint64_t i = 0; rc == 0 && (rc = csv_record(&csv, fields, why, sizeof(why))) > 0;
	     ++i) {
		struct replay_window window = { 0 };
		char *end;
		double end_ms = strtod(fields[0], &end);

		rc = 0;
		if (end == fields[0] || *end || !field_u64(fields[1], &window.nbytes) ||
		    !field_u64(fields[2], &window.gc_programs) ||
		    !field_u64(fields[3], &window.gc_erases)) {
			snprintf(why, sizeof(why), "line %llu: expected end,bytes,programs,erases",
				 (unsigned long long)csv.line);
			rc = -EINVAL;
			break;
		}
		window_compare(oracle, &recording->result, i, end_ms, &window);
	}
	if (rc) {
		oracle_say(oracle, "%s: %s", path, why);
	}
	csv_close(&csv);
	return rc;
}

int
oracle_run_recipe(struct oracle *oracle)
{
	struct recording recording = { 0 };
	int rc = oracle_load(oracle, &recording);

	rc = rc ? rc : rows_load(oracle, &recording);
	rc = rc ? rc : device_make(oracle, &recording);
	rc = rc ? rc : jobs_run(oracle, &recording);
	for (uint64_t i = 0; rc == 0 && i < recording.expected_count; ++i) {
		const struct replay_row *row = &recording.expected[i];

		row_compare(oracle, &recording.result.rows[row->index], row);
	}
	if (rc == 0) {
		totals_compare(oracle, &recording);
		rc = windows_compare(oracle, &recording);
	}
	oracle_memory_free(recording.nv, recording.nv_nbytes ? recording.nv_nbytes : 4096);
	free(recording.result.rows);
	free(recording.result.latencies);
	free(recording.result.windows);
	free(recording.expected);
	json_object_put(recording.json);
	return rc;
}
