/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIM_ORACLE_INTERNAL_H
#define SIM_ORACLE_INTERNAL_H

#include <json-c/json_object.h>
#include <sim/csv.h>
#include <sim/replay.h>
#include <sim/sim.h>
#include <ssd/time/nvmevirt1.h>
#include <ssd/time/nvmevirt1_presets.h>

/* A recording that is being checked */
struct oracle {
	const char *path; /* of the CSV */
	const char *name; /* its file name */
	sim_say_fn say;
	void *say_arg;
	struct oracle_result *result;
	uint32_t shown; /* differences reported so far */
};

#define ORACLE_SHOWN_MAX 10

struct recording {
	json_object *json;
	struct model_config config;
	uint64_t storage_nbytes, namespace_nbytes;
	struct job jobs[JOBS_MAX];
	int job_count;
	struct replay_row *expected; /* from the CSV */
	uint64_t expected_count, index_end; /* number of rows; highest index plus 1 */
	struct nvmevirt1 *nv;
	size_t nv_nbytes;
	struct nvmevirt1_totals before; /* totals before the last job */
	struct replay_result result;
};

/* Read the JSON beside oracle->path. The caller always frees recording->json. */
int oracle_load(struct oracle *oracle, struct recording *recording);

/* The value at a path of names in the JSON ("/lat_ns/mean"); NULL when it is missing */
json_object *oracle_value(const struct recording *recording, const char *path);

/* Is it a number in range? */
bool oracle_u64(json_object *value, uint64_t *number);
bool oracle_double(json_object *value, double *number);

void oracle_say(struct oracle *oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Count a difference, and report the first few */
void oracle_differs(struct oracle *oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The preset named by the start of the file name, up to a `_`; NULL when there is none */
const struct nvmevirt1_preset *oracle_preset(const char *name);

/* Zeroed memory, allocated on first use of each page */
void *oracle_memory(size_t nbytes);
void oracle_memory_free(void *memory, size_t nbytes);

/* Call `compare` for each recipe of a path */
typedef int (*oracle_compare_fn)(struct oracle *oracle, struct oracle_compare_result *result);
int oracle_each(const char *path, sim_say_fn say, void *arg, oracle_compare_fn compare,
		struct oracle_compare_result *result);

int oracle_run_recipe(struct oracle *oracle);
int oracle_run_bus(struct oracle *oracle);
int oracle_run_zones(struct oracle *oracle);

#endif /* SIM_ORACLE_INTERNAL_H */
