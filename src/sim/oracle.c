/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recorded runs: finds the files, and selects the check for each.
 */
#include <base/assert.h>
#include <dirent.h>
#include <errno.h>
#include <sim/oracle_internal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static void
say_va(struct oracle *oracle, const char *format, va_list args)
{
	char line[512];
	int used;

	if (!oracle->say) {
		return;
	}
	used = snprintf(line, sizeof(line), "%s: ", oracle->name);
	if (used > 0 && (size_t)used < sizeof(line)) {
		vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
	}
	oracle->say(oracle->say_arg, line);
}

void
oracle_say(struct oracle *oracle, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_va(oracle, format, args);
	va_end(args);
}

void
oracle_differs(struct oracle *oracle, const char *format, ...)
{
	va_list args;

	oracle->result->mismatches += 1;
	if (oracle->shown++ >= ORACLE_SHOWN_MAX) {
		return;
	}
	va_start(args, format);
	say_va(oracle, format, args);
	va_end(args);
}

const struct nvmevirt1_preset *
oracle_preset(const char *name)
{
	return nvmevirt1_preset_of((struct span){.at = name, .nbytes = strcspn(name, "_.")});
}

void *
oracle_memory(size_t nbytes)
{
	void *memory = mmap(NULL, nbytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void
oracle_memory_free(void *memory, size_t nbytes)
{
	if (memory) {
		munmap(memory, nbytes);
	}
}

static bool
ends_with(const char *text, const char *end)
{
	size_t text_nbytes = strlen(text), end_nbytes = strlen(end);

	return text_nbytes >= end_nbytes && strcmp(text + text_nbytes - end_nbytes, end) == 0;
}

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
is_recipe(const char *name)
{
	return strncmp(name, "unit_chmodel_", strlen("unit_chmodel_")) != 0 &&
	       !ends_with(name, "_state_machine.csv");
}

static int
is_recording(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".csv") && !ends_with(entry->d_name, ".windows.csv") &&
	       !strstr(entry->d_name, "anomaly_");
}

/* The action on each file of a path */
struct each {
	sim_say_fn say;
	void *say_arg;
	oracle_compare_fn compare; /* NULL: check row by row */
	struct oracle_compare_result *compared;
	struct oracle_result *checked;
	bool (*stop)(void);
};

static int
check_file(struct oracle *oracle, struct oracle_result *result)
{
	uint64_t rows = result->rows, mismatches = result->mismatches;
	int rc;

	oracle->result = result;
	if (is_recipe(oracle->name)) {
		rc = oracle_run_recipe(oracle);
	} else if (ends_with(oracle->name, "_state_machine.csv")) {
		rc = oracle_run_zones(oracle);
	} else {
		rc = oracle_run_bus(oracle);
	}
	if (rc == 0) {
		result->files += 1;
		oracle_say(oracle, "%llu rows, %llu mismatches",
			   (unsigned long long)(result->rows - rows),
			   (unsigned long long)(result->mismatches - mismatches));
	}
	return rc;
}

/* `path` is a CSV */
static int
each_file(const char *path, const struct each *each)
{
	struct oracle oracle = { .path = path, .name = name_of(path), .say = each->say,
				 .say_arg = each->say_arg };

	if (ends_with(oracle.name, ".windows.csv")) {
		return 0; /* compared together with the recording of that name */
	}
	if (each->stop && each->stop()) {
		return -EINTR;
	}
	if (!each->compare) {
		return check_file(&oracle, each->checked);
	}
	return is_recipe(oracle.name) ? each->compare(&oracle, each->compared) : 0;
}

static int
each_in_folder(const char *path, const struct each *each)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_recording, alphasort);
	int rc = 0;

	if (count < 0) {
		return -errno;
	}
	for (int i = 0; i < count; ++i) {
		char file[4096];
		int used = snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		int one = used < (int)sizeof(file) ? each_file(file, each) : -ENAMETOOLONG;

		rc = rc ? rc : one;
		free(entries[i]);
	}
	free(entries);
	if (count == 0) {
		struct oracle oracle = { .name = path, .say = each->say,
					 .say_arg = each->say_arg };

		oracle_say(&oracle, "no recordings (NAME.csv with NAME.json) in this folder");
		return -ENOENT;
	}
	return rc;
}

static int
each_of(const char *path, const struct each *each)
{
	struct oracle oracle = { .name = path, .say = each->say, .say_arg = each->say_arg };
	struct stat stat_of;
	char file[4096];
	size_t nbytes = strlen(path);

	if (nbytes + sizeof(".csv") > sizeof(file)) {
		return -ENAMETOOLONG;
	}
	memcpy(file, path, nbytes + 1);
	if (stat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode)) {
		return each_in_folder(path, each);
	}
	if (ends_with(file, ".json")) {
		memcpy(file + nbytes - strlen(".json"), ".csv", sizeof(".csv"));
	} else if (!ends_with(file, ".csv")) {
		memcpy(file + nbytes, ".csv", sizeof(".csv"));
	}
	if (stat(file, &stat_of)) {
		int rc = -errno;

		oracle_say(&oracle, "cannot be opened (%s): name a recording's .csv or .json, or "
			   "a folder of them", strerror(-rc));
		return rc;
	}
	return each_file(file, each);
}

int
oracle_run(const char *path, sim_say_fn say, void *arg,
		    struct oracle_result *result)
{
	struct each each = { .say = say, .say_arg = arg, .checked = result, .stop = result->stop };

	return each_of(path, &each);
}

int
oracle_each(const char *path, sim_say_fn say, void *arg, oracle_compare_fn compare,
	    struct oracle_compare_result *result)
{
	struct each each = { .say = say, .say_arg = arg, .compare = compare,
			     .compared = result, .stop = result->stop };

	return each_of(path, &each);
}
