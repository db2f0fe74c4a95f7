/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIM_ORACLE_INTERNAL_H
#define SIM_ORACLE_INTERNAL_H

#include <libnvmevirt_sim.h>
#include <sim/csv.h>
#include <sim/json.h>
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

int oracle_run_recipe(struct oracle *oracle);
int oracle_run_bus(struct oracle *oracle);
int oracle_run_zones(struct oracle *oracle);

#endif /* SIM_ORACLE_INTERNAL_H */
