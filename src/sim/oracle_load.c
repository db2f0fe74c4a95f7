/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NAME.json of a recording: the recipe, the drive, the totals.
 */
#include <errno.h>
#include <sim/oracle_internal.h>
#include <stdio.h>
#include <string.h>

/* "cfg": {"read": [delay, time, trailing], "write": [..], "units": n, "shift": n} */
static bool
config_read(struct json json, struct model_simple_config *simple)
{
	uint32_t *ways[2][3] = {
		{ &simple->read_delay_ns, &simple->read_time_ns, &simple->read_trailing_ns },
		{ &simple->write_delay_ns, &simple->write_time_ns, &simple->write_trailing_ns },
	};
	const char *names[2] = { "read", "write" };
	struct json value;
	uint64_t number;

	for (int w = 0; w < 2; w++) {
		struct json element = { 0 };

		if (!json_get(json, names[w], &value)) {
			return false;
		}
		for (int i = 0; i < 3; i++) {
			if (!json_each(value, &element) || !json_u64(element, &number) ||
			    number > UINT32_MAX) {
				return false;
			}
			*ways[w][i] = (uint32_t)number;
		}
	}
	if (!json_get(json, "units", &value) || !json_u64(value, &number) || number == 0 ||
	    number > MODEL_UNITS_MAX) {
		return false;
	}
	simple->units = (uint32_t)number;
	if (!json_get(json, "shift", &value) || !json_u64(value, &number) || number < 9 ||
	    number > 30) {
		return false;
	}
	simple->unit_shift = (uint32_t)number;
	return true;
}

int
oracle_load(struct oracle *oracle, struct recording *recording)
{
	char path[4096], jobs[4096], why[256] = "";
	const struct nvmevirt1_preset *preset = oracle_preset(oracle->name);
	struct json value;
	size_t nbytes;
	int rc;

	if (!preset) {
		oracle_say(oracle, "no preset of that name: it starts with optane_, kv_, 970pro_, "
			   "znsproto_, znsproto96_ or zn540_");
		return -EINVAL;
	}
	recording->config = preset->config;
	snprintf(path, sizeof(path), "%.*s.json", (int)(strlen(oracle->path) - strlen(".csv")),
		 oracle->path);
	rc = file_read(path, 1 << 20, &recording->text, &nbytes);
	if (rc) {
		oracle_say(oracle, "%s: %s", path, strerror(-rc));
		return rc;
	}
	if (!json_open(recording->text, nbytes, &recording->json) ||
	    !json_get(recording->json, "storage_size", &value) ||
	    !json_u64(value, &recording->storage_nbytes) ||
	    !json_get(recording->json, "jobs", &value) ||
	    !json_string(value, jobs, sizeof(jobs))) {
		oracle_say(oracle, "%s needs `storage_size` and `jobs`", path);
		return -EINVAL;
	}
	if (json_get(recording->json, "cfg", &value) &&
	    !config_read(value, &recording->config.simple)) {
		oracle_say(oracle, "%s: `cfg` needs read, write, units and shift", path);
		return -EINVAL;
	}
	recording->job_count = jobs_parse(jobs, recording->jobs, why, sizeof(why));
	if (recording->job_count < 0) {
		oracle_say(oracle, "%s: %s", path, why);
		return recording->job_count;
	}
	return 0;
}
