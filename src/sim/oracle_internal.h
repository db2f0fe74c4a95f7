/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIM_ORACLE_INTERNAL_H
#define SIM_ORACLE_INTERNAL_H

#include <json-c/json_object.h>
#include <libnvmevirt_sim.h>
#include <sim/csv.h>
#include <sim/replay.h>
#include <ssd/time/nvmevirt1.h>
#include <ssd/time/nvmevirt1_presets.h>

/* One recording that is being checked */
struct oracle {
	const char *path; /* of the CSV */
	const char *name; /* its last part */
	nvmevirt_say_fn say;
	void *say_arg;
	struct nvmevirt_oracle_result *result;
	uint32_t shown; /* lines about differences so far */
};

#define ORACLE_SHOWN_MAX 10

struct recording {
	json_object *json;
	struct model_config config;
	uint64_t storage_nbytes, namespace_nbytes;
	struct job jobs[JOBS_MAX];
	int job_count;
	struct replay_row *expected; /* from the CSV */
	uint64_t expected_count, index_end; /* rows; beyond the highest index of one */
	struct nvmevirt1 *nv;
	size_t nv_nbytes;
	struct nvmevirt1_totals before; /* the last job */
	struct replay_result result;
};

/* Read the JSON beside oracle->path; recording->json is the caller's to put back, always */
int oracle_load(struct oracle *oracle, struct recording *recording);

/* What the JSON says at a path of names ("/lat_ns/mean"); NULL when it is not there */
json_object *oracle_value(const struct recording *recording, const char *path);

/* Is it a number that fits? */
bool oracle_u64(json_object *value, uint64_t *number);
bool oracle_double(json_object *value, double *number);

void oracle_say(struct oracle *oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A difference: counted, and said while there are few */
void oracle_differs(struct oracle *oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The preset whose name starts the file's name, up to a `_`; NULL when there is none */
const struct nvmevirt1_preset *oracle_preset(const char *name);

/* Zeroed, unbacked until touched */
void *oracle_memory(size_t nbytes);
void oracle_memory_free(void *memory, size_t nbytes);

/* Do something with each recipe of a path */
typedef int (*oracle_compare_fn)(struct oracle *oracle, struct nvmevirt_compare_result *result);
int oracle_each(const char *path, nvmevirt_say_fn say, void *arg, oracle_compare_fn compare,
		struct nvmevirt_compare_result *result);

int oracle_run_recipe(struct oracle *oracle);
int oracle_run_bus(struct oracle *oracle);
int oracle_run_zones(struct oracle *oracle);

#endif /* SIM_ORACLE_INTERNAL_H */
