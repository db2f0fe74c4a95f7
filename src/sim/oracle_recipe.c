/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recorded run: NAME.json holds the recipe and the totals, NAME.csv the first rows of the last
 * job, NAME.windows.csv (if there) its progress over time. All but the last job set the state up.
 */
#include <errno.h>
#include <math.h>
#include <sim/oracle_internal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STARTED_AT 1000000 /* of the first job */
#define JOB_PAUSE NS_PER_S /* between jobs, then up to the next interval of the bus */
#define JOB_ALIGN 4000

static const char *
text_or(const char *text, const char *other)
{
	return text[0] ? text : other;
}

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

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (field[0] == ops[i].name && field[1] == '\0') {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

/* idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,status */
static bool
row_read(char *fields[], size_t count, struct replay_row *row)
{
	uint64_t queue, slba, nlb, status;
	bool key_value;

	if (count != 9 || !field_u64(fields[0], &row->index) || !field_u64(fields[1], &queue) ||
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
rows_load(struct oracle *oracle, struct recording *recording)
{
	char *fields[CSV_FIELDS_MAX];
	uint64_t room = 0;
	struct csv csv;
	size_t count;
	int rc = csv_open(&csv, oracle->path);

	if (rc) {
		return rc;
	}
	csv_row(&csv, ',', fields);
	while (rc == 0 && (count = csv_row(&csv, ',', fields)) > 0) {
		if (recording->expected_count == room) {
			void *larger;

			room = room ? room * 2 : 4096;
			larger = realloc(recording->expected, room * sizeof(struct replay_row));
			if (!larger) {
				rc = -ENOMEM;
				break;
			}
			recording->expected = larger;
		}
		recording->expected[recording->expected_count] = (struct replay_row){ 0 };
		if (!row_read(fields, count, &recording->expected[recording->expected_count++])) {
			oracle_say(oracle, "line %llu: expected idx,sq,op,slba,nlb,t_submit,"
				   "t_start,t_done,status", (unsigned long long)csv.line);
			rc = -EINVAL;
		}
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

	result->rows_max = recording->expected_count;
	result->rows = calloc(result->rows_max + 1, sizeof(*result->rows));
	result->latency_max_count = job->count;
	result->latencies = malloc(job->count * sizeof(*result->latencies));
	for (uint64_t i = 0; result->rows && i < result->rows_max; i++) {
		result->rows[i].index = UINT64_MAX; /* not completed */
	}
	return result->rows && result->latencies ? 0 : -ENOMEM;
}

/* Jobs in turn; everything drains between them */
static int
jobs_run(struct oracle *oracle, struct recording *recording)
{
	ns_t started_at = STARTED_AT;
	char why[256] = "";
	int rc = 0;

	for (int j = 0; j < recording->job_count && rc == 0; j++) {
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
	oracle->result->rows++;
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

/* A total that is recorded must be the same; one that is not is not asked for */
static void
total_u64(struct oracle *oracle, struct json json, const char *path, uint64_t got)
{
	struct json value;
	int64_t recorded;

	if (json_get(json, path, &value) && (!json_i64(value, &recorded) ||
					     (uint64_t)recorded != got)) {
		oracle_differs(oracle, "%s: %lld, recorded %.*s", path, (long long)got,
			       (int)value.nbytes, value.at);
	}
}

static void
total_double(struct oracle *oracle, struct json json, const char *path, double got,
	     double grain)
{
	struct json value;
	double recorded;

	if (json_get(json, path, &value) &&
	    (!json_double(value, &recorded) || fabs(recorded - got) > grain)) {
		oracle_differs(oracle, "%s: %f, recorded %.*s", path, got, (int)value.nbytes,
			       value.at);
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
latencies_compare(struct oracle *oracle, struct json json, const char *prefix,
		  const uint64_t *sorted, uint64_t count)
{
	static const struct {
		const char *name;
		uint64_t part;
	} parts[] = { { "min", 0 },    { "p50", 5000 },  { "p90", 9000 }, { "p99", 9900 },
		      { "p999", 9990 }, { "p9999", 9999 }, { "max", 10000 } };
	char path[64];
	double sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		sum += (double)(sorted[i] >> 1);
	}
	snprintf(path, sizeof(path), "%s.mean", prefix);
	total_double(oracle, json, path, count ? sum / (double)count : 0, 0.0006);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(path, sizeof(path), "%s.%s", prefix, parts[i].name);
		total_u64(oracle, json, path, rank(sorted, count, parts[i].part));
	}
}

/* All, reads only, writes only */
static void
all_latencies_compare(struct oracle *oracle, const struct recording *recording)
{
	static const char *const names[] = { "lat_read_ns", "lat_write_ns" };
	uint64_t *all = recording->result.latencies;
	uint64_t count = recording->result.requests;
	struct json value;

	qsort(all, count, sizeof(*all), latency_order);
	latencies_compare(oracle, recording->json, "lat_ns", all, count);
	for (uint64_t writes = 0; writes < 2; writes++) {
		uint64_t *some, found = 0;

		if (!json_get(recording->json, names[writes], &value)) {
			continue;
		}
		some = malloc((count + 1) * sizeof(*some));
		for (uint64_t i = 0; some && i < count; i++) {
			if ((all[i] & 1) == writes) {
				some[found++] = all[i];
			}
		}
		latencies_compare(oracle, recording->json, names[writes], some, found);
		free(some);
	}
}

static void
nand_compare(struct oracle *oracle, const struct recording *recording)
{
	const struct nvmevirt1_totals *was = &recording->before;
	struct nvmevirt1_totals now;
	struct json json = recording->json;
	uint64_t user, gc;

	nvmevirt1_totals(recording->nv, &now);
	user = now.user_program_bytes - was->user_program_bytes;
	gc = now.gc_program_bytes - was->gc_program_bytes;
	total_u64(oracle, json, "nand.user_read_ops", now.user_read_ops - was->user_read_ops);
	total_u64(oracle, json, "nand.user_read_bytes",
		  now.user_read_bytes - was->user_read_bytes);
	total_u64(oracle, json, "nand.user_program_ops",
		  now.user_program_ops - was->user_program_ops);
	total_u64(oracle, json, "nand.user_program_bytes", user);
	total_u64(oracle, json, "nand.gc_read_ops", now.gc_read_ops - was->gc_read_ops);
	total_u64(oracle, json, "nand.gc_read_bytes", now.gc_read_bytes - was->gc_read_bytes);
	total_u64(oracle, json, "nand.gc_program_ops", now.gc_program_ops - was->gc_program_ops);
	total_u64(oracle, json, "nand.gc_program_bytes", gc);
	total_u64(oracle, json, "nand.gc_erase_ops", now.gc_erase_ops - was->gc_erase_ops);
	total_double(oracle, json, "write_amplification",
		     user ? (double)(user + gc) / (double)user : 0, 0.0000006);
	total_u64(oracle, json, "free_lines_end", now.free_lines);
	total_u64(oracle, json, "write_buffer.remaining_after_drain",
		  (uint64_t)now.buffer_remaining);
}

static void
erases_compare(struct oracle *oracle, const struct recording *recording)
{
	uint32_t erases, least = UINT32_MAX, most = 0;
	uint64_t *histogram, lines = 0, sum = 0;
	struct json value, element = { 0 };

	if (!json_get(recording->json, "line_erase_count.hist", &value)) {
		return;
	}
	for (; nvmevirt1_line_erases(recording->nv, lines, &erases); lines++) {
		least = erases < least ? erases : least;
		most = erases > most ? erases : most;
		sum += erases;
	}
	histogram = calloc((size_t)most + 1, sizeof(*histogram));
	for (uint64_t i = 0; histogram && nvmevirt1_line_erases(recording->nv, i, &erases); i++) {
		histogram[erases]++;
	}
	total_u64(oracle, recording->json, "line_erase_count.min", least);
	total_u64(oracle, recording->json, "line_erase_count.max", most);
	total_double(oracle, recording->json, "line_erase_count.mean",
		     lines ? (double)sum / (double)lines : 0, 0.00006);
	for (uint64_t i = 0; histogram && json_each(value, &element); i++) {
		total_u64(oracle, element, "", i <= most ? histogram[i] : 0);
	}
	free(histogram);
}

static void
totals_compare(struct oracle *oracle, const struct recording *recording)
{
	const struct replay_result *result = &recording->result;
	struct json json = recording->json, value;
	double seconds = (double)result->elapsed / 1e9;
	char text[32], fingerprint[32];

	total_u64(oracle, json, "ns_size", recording->namespace_nbytes);
	total_u64(oracle, json, "requests", result->requests);
	total_u64(oracle, json, "reads", result->reads);
	total_u64(oracle, json, "writes", result->writes);
	total_u64(oracle, json, "errors", result->errors);
	total_u64(oracle, json, "retries_buffer_full", result->refusals);
	total_u64(oracle, json, "hang", result->hang);
	total_u64(oracle, json, "t0_abs_ns", result->started_at);
	total_u64(oracle, json, "elapsed_ns", result->elapsed);
	total_u64(oracle, json, "bytes", result->nbytes);
	total_double(oracle, json, "MiB_per_s",
		     result->elapsed ? (double)result->nbytes / seconds / 1048576 : 0, 0.0006);
	total_double(oracle, json, "IOPS",
		     result->elapsed ? (double)result->requests / seconds : 0, 0.06);
	snprintf(fingerprint, sizeof(fingerprint), "%016llx",
		 (unsigned long long)result->fingerprint);
	if (json_get(json, "fnv1a64_idx_start_done_in_completion_order", &value) &&
	    (!json_string(value, text, sizeof(text)) || strcmp(text, fingerprint) != 0)) {
		oracle_differs(oracle, "fingerprint of the whole run: %s, recorded %s",
			       fingerprint, text_or(text, "none"));
	}
	all_latencies_compare(oracle, recording);
	nand_compare(oracle, recording);
	erases_compare(oracle, recording);
}

/* window_end_ms,completed_bytes,gc_programs,gc_erases */
static int
windows_compare(struct oracle *oracle, const struct recording *recording)
{
	const struct replay_result *result = &recording->result;
	char path[4096], *fields[CSV_FIELDS_MAX];
	struct csv csv;
	size_t count;

	snprintf(path, sizeof(path), "%.*s.windows.csv",
		 (int)(strlen(oracle->path) - strlen(".csv")), oracle->path);
	if (result->window_count == 0 || csv_open(&csv, path)) {
		return 0; /* optional */
	}
	csv_row(&csv, ',', fields);
	for (uint64_t i = 0; (count = csv_row(&csv, ',', fields)) > 0; i++) {
		const struct replay_window *window = &result->windows[i];
		uint64_t nbytes, programs, erases;

		if (count != 4 || !field_u64(fields[1], &nbytes) ||
		    !field_u64(fields[2], &programs) || !field_u64(fields[3], &erases)) {
			oracle_say(oracle, "%s line %llu: expected end,bytes,programs,erases",
				   path, (unsigned long long)csv.line);
			csv_close(&csv);
			return -EINVAL;
		}
		oracle->result->rows++;
		if (i >= result->window_count || window->nbytes != nbytes ||
		    window->gc_programs != programs || window->gc_erases != erases ||
		    fabs((double)window->end / 1e6 - strtod(fields[0], NULL)) > 0.0006) {
			oracle_differs(oracle, "window %llu: end %llu ns, %llu bytes, %llu gc "
				       "programs, %llu erases, recorded %llu %llu %llu",
				       (unsigned long long)i, (unsigned long long)window->end,
				       (unsigned long long)window->nbytes,
				       (unsigned long long)window->gc_programs,
				       (unsigned long long)window->gc_erases,
				       (unsigned long long)nbytes, (unsigned long long)programs,
				       (unsigned long long)erases);
		}
	}
	csv_close(&csv);
	return 0;
}

int
oracle_run_recipe(struct oracle *oracle)
{
	struct recording recording = { 0 };
	int rc = oracle_load(oracle, &recording);

	rc = rc ? rc : rows_load(oracle, &recording);
	rc = rc ? rc : device_make(oracle, &recording);
	rc = rc ? rc : jobs_run(oracle, &recording);
	for (uint64_t i = 0; rc == 0 && i < recording.expected_count; i++) {
		const struct replay_row *row = &recording.expected[i];

		if (row->index >= recording.result.rows_max) {
			oracle_differs(oracle, "row %llu is out of order",
				       (unsigned long long)row->index);
			continue;
		}
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
	free(recording.text);
	return rc;
}
