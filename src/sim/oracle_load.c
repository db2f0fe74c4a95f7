/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Loads NAME.json of a recording: the recipe, the drive, the totals.
 */
#include <errno.h>
#include <json-c/json_pointer.h>
#include <json-c/json_tokener.h>
#include <sim/oracle_internal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JSON_NBYTES_MAX (1 << 24)
#define JSON_DEPTH_MAX 16

json_object *
oracle_value(const struct recording *recording, const char *path)
{
	json_object *value = NULL;

	return json_pointer_get(recording->json, path, &value) ? NULL : value;
}

bool
oracle_u64(json_object *value, uint64_t *number)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0) {
		return false;
	}
	*number = json_object_get_uint64(value);
	return true;
}

bool
oracle_double(json_object *value, double *number)
{
	*number = json_object_get_double(value);
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static bool
u32_of(json_object *value, uint32_t least, uint32_t most, uint32_t *number)
{
	uint64_t wide;

	if (!oracle_u64(value, &wide) || wide < least || wide > most) {
		return false;
	}
	*number = (uint32_t)wide;
	return true;
}

/* "cfg": {"read": [delay, time, trailing], "write": [..], "units": n, "shift": n} */
static bool
config_read(const struct recording *recording, struct model_simple_config *simple)
{
	static const char *const paths[2][3] = {
		{ "/cfg/read/0", "/cfg/read/1", "/cfg/read/2" },
		{ "/cfg/write/0", "/cfg/write/1", "/cfg/write/2" },
	};
	uint32_t *ways[2][3] = {
		{ &simple->read_delay_ns, &simple->read_time_ns, &simple->read_trailing_ns },
		{ &simple->write_delay_ns, &simple->write_time_ns, &simple->write_trailing_ns },
	};

	for (int w = 0; w < 2; ++w) {
		for (int i = 0; i < 3; ++i) {
			if (!u32_of(oracle_value(recording, paths[w][i]), 0, UINT32_MAX,
				    ways[w][i])) {
				return false;
			}
		}
	}
	return u32_of(oracle_value(recording, "/cfg/units"), 1, MODEL_UNITS_MAX,
		      &simple->units) &&
	       u32_of(oracle_value(recording, "/cfg/shift"), 9, 30, &simple->unit_shift);
}

/* Parse the whole file as one strict JSON value */
static int
json_load(struct oracle *oracle, const char *path, json_object **json)
{
	struct json_tokener *reader = json_tokener_new_ex(JSON_DEPTH_MAX);
	char why[128] = "out of memory", *text = NULL;
	size_t nbytes;
	int rc = reader ? file_read(path, JSON_NBYTES_MAX, &text, &nbytes) : -ENOMEM;

	if (rc) {
		snprintf(why, sizeof(why), "%s", strerror(-rc));
	} else if (!text_is_plain(text, nbytes, why, sizeof(why))) {
		rc = -EINVAL;
	} else {
		json_tokener_set_flags(reader, JSON_TOKENER_STRICT);
		*json = json_tokener_parse_ex(reader, text, (int)nbytes + 1);
		if (!*json) {
			snprintf(why, sizeof(why), "byte %zu: %s",
				 json_tokener_get_parse_end(reader),
				 json_tokener_error_desc(json_tokener_get_error(reader)));
			rc = -EINVAL;
		}
	}
	if (rc) {
		oracle_say(oracle, "%s: %s%s", path, why,
			   rc == -ENOENT ? ": it holds the jobs that set the drive up" : "");
	}
	json_tokener_free(reader);
	free(text);
	return rc;
}

int
oracle_load(struct oracle *oracle, struct recording *recording)
{
	char path[4096], why[256] = "";
	const struct nvmevirt1_preset *preset = oracle_preset(oracle->name);
	json_object *jobs;
	int rc;

	if (!preset) {
		oracle_say(oracle, "no preset of that name: it starts with optane_, kv_, 970pro_, "
			   "znsproto_, znsproto96_ or zn540_");
		return -EINVAL;
	}
	recording->config = preset->config;
	snprintf(path, sizeof(path), "%.*s.json", (int)(strlen(oracle->path) - strlen(".csv")),
		 oracle->path);
	rc = json_load(oracle, path, &recording->json);
	if (rc) {
		return rc;
	}
	jobs = oracle_value(recording, "/jobs");
	if (!json_object_is_type(jobs, json_type_string) ||
	    !oracle_u64(oracle_value(recording, "/storage_size"), &recording->storage_nbytes)) {
		oracle_say(oracle, "%s needs `storage_size`, a number, and `jobs`, a string", path);
		return -EINVAL;
	}
	if (oracle_value(recording, "/cfg") &&
	    !config_read(recording, &recording->config.simple)) {
		oracle_say(oracle, "%s: `cfg` needs read, write, units and shift", path);
		return -EINVAL;
	}
	recording->job_count = jobs_parse(json_object_get_string(jobs), recording->jobs, why,
					  sizeof(why));
	if (recording->job_count < 0) {
		oracle_say(oracle, "%s: %s", path, why);
		return recording->job_count;
	}
	return 0;
}
