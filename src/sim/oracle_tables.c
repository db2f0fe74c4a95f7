/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recorded tables: transfers on one bus, and zone commands 5 ms apart on a few zones.
 */
#include <errno.h>
#include <sim/oracle_internal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONES 128 /* of the drive for a table of zone commands, which uses few */

/* unit_chmodel_<MiB/s>[_fw<ns>].csv */
static bool
bus_parameters(const char *name, uint32_t *mib_s, uint32_t *fw_4k_ns)
{
	*fw_4k_ns = 0;
	return sscanf(name, "unit_chmodel_%u_fw%u", mib_s, fw_4k_ns) >= 1 && *mib_s > 0;
}

/* Compares one row; false when it is invalid */
typedef bool (*table_row_fn)(struct oracle *oracle, void *state, char *fields[]);

/* Call `row` for every row of a table with these columns */
static int
table_read(struct oracle *oracle, const char *const columns[], size_t count, table_row_fn row,
	   void *state)
{
	char *fields[CSV_COLUMNS_MAX], why[256] = "";
	struct csv csv;
	int rc = csv_open(&csv, oracle->path, why, sizeof(why));

	if (rc == 0) {
		rc = csv_header(&csv, columns, count, why, sizeof(why));
	}
	while (rc == 0 && (rc = csv_record(&csv, fields, why, sizeof(why))) > 0) {
		rc = 0;
		if (!row(oracle, state, fields)) {
			snprintf(why, sizeof(why), "line %llu: a field is no number, or the "
				 "operation none", (unsigned long long)csv.line);
			rc = -EINVAL;
		}
	}
	if (rc) {
		oracle_say(oracle, "%s", why);
	}
	csv_close(&csv);
	return rc;
}

static bool
bus_row(struct oracle *oracle, void *state, char *fields[])
{
	uint64_t values[5], got;

	for (size_t i = 0; i < 5; ++i) {
		if (!field_u64(fields[i], &values[i])) {
			return false;
		}
	}
	got = nvmevirt1_bus_transfer(state, values[1], values[2], values[3]);
	oracle->result->rows += 1;
	if (got != values[4]) {
		oracle_differs(oracle, "call %s: %llu ns, recorded %s", fields[0],
			       (unsigned long long)got, fields[4]);
	}
	return true;
}

int
oracle_run_bus(struct oracle *oracle)
{
	static const char *const columns[] = { "call", "cur_time_ns", "request_time_ns", "length",
					       "result_ns" };
	struct nvmevirt1_bus *bus;
	uint32_t mib_s, fw_4k_ns;
	int rc;

	if (!bus_parameters(oracle->name, &mib_s, &fw_4k_ns)) {
		oracle_say(oracle, "the name must hold the bandwidth: unit_chmodel_<MiB/s>.csv");
		return -EINVAL;
	}
	bus = calloc(1, nvmevirt1_bus_nbytes());
	if (!bus) {
		return -ENOMEM;
	}
	nvmevirt1_bus_init(bus, mib_s, fw_4k_ns);
	rc = table_read(oracle, columns, 5, bus_row, bus);
	free(bus);
	return rc;
}

struct zone_row {
	uint64_t step, slba, nlb, start, done, status, zone, state, wp, result, active, open;
	char op;
};

static const char *const zone_columns[] = {
	"step", "op", "slba", "nlb", "t_start_ns", "t_done_ns", "status", "zone", "zone_state",
	"wp", "result", "active_acquired", "open_acquired",
};

#define ZONE_COLUMNS (sizeof(zone_columns) / sizeof(zone_columns[0]))

static bool
zone_row_read(char *fields[], struct zone_row *row)
{
	uint64_t *to[ZONE_COLUMNS] = { &row->step, NULL, &row->slba, &row->nlb, &row->start,
				       &row->done, &row->status, &row->zone, &row->state,
				       &row->wp, &row->result, &row->active, &row->open };

	for (size_t i = 0; i < ZONE_COLUMNS; ++i) {
		if (to[i] && !field_u64(fields[i], to[i])) {
			return false;
		}
	}
	row->op = fields[1][0];
	return fields[1][1] == '\0';
}

/* 0, or -EINVAL for an unknown operation */
static int
zone_step(struct nvmevirt1 *nv, const struct zone_row *row, struct nvmevirt1_result *answer)
{
	struct model_io io = { .offset = row->slba * 512, .nbytes = row->nlb * 512 };

	*answer = (struct nvmevirt1_result){ .done = row->start };
	nvmevirt1_release(nv, row->start);
	switch (row->op) {
	case 'o':
		answer->status = nvmevirt1_zone_manage(nv, NVMEVIRT1_OPEN, io.offset);
		return 0;
	case 'c':
		answer->status = nvmevirt1_zone_manage(nv, NVMEVIRT1_CLOSE, io.offset);
		return 0;
	case 'f':
		answer->status = nvmevirt1_zone_manage(nv, NVMEVIRT1_FINISH, io.offset);
		return 0;
	case 'r':
		answer->status = nvmevirt1_zone_manage(nv, NVMEVIRT1_RESET, io.offset);
		return 0;
	case 'R':
		io.op = MODEL_READ;
		break;
	case 'W':
		io.op = MODEL_WRITE;
		break;
	case 'A':
		io.op = MODEL_ZONE_APPEND;
		break;
	default:
		return -EINVAL;
	}
	return nvmevirt1_submit(nv, row->start, &io, answer) ? 0 : -EAGAIN;
}

static void
zone_compare(struct oracle *oracle, const struct nvmevirt1 *nv, const struct zone_row *row,
	     const struct nvmevirt1_result *answer)
{
	struct nvmevirt1_totals totals;
	struct nvmevirt1_zone zone = { 0 };

	oracle->result->rows += 1;
	nvmevirt1_totals(nv, &totals);
	if (!nvmevirt1_zone(nv, row->zone, &zone)) {
		oracle_differs(oracle, "step %llu: no such zone", (unsigned long long)row->step);
		return;
	}
	if (answer->done != row->done || answer->status != row->status ||
	    zone.state != row->state || zone.wp_lba != row->wp || answer->result != row->result ||
	    totals.zones_active != row->active || totals.zones_open != row->open) {
		oracle_differs(oracle,
			       "step %llu: done %llu status %x state %x wp %llu result %llu "
			       "active %u open %u, recorded %llu %llx %llx %llu %llu %llu %llu",
			       (unsigned long long)row->step, (unsigned long long)answer->done,
			       answer->status, zone.state, (unsigned long long)zone.wp_lba,
			       (unsigned long long)answer->result, totals.zones_active,
			       totals.zones_open, (unsigned long long)row->done,
			       (unsigned long long)row->status, (unsigned long long)row->state,
			       (unsigned long long)row->wp, (unsigned long long)row->result,
			       (unsigned long long)row->active, (unsigned long long)row->open);
	}
}

static bool
zone_row_check(struct oracle *oracle, void *nv, char *fields[])
{
	struct nvmevirt1_result answer;
	struct zone_row row;
	int rc;

	if (!zone_row_read(fields, &row)) {
		return false;
	}
	rc = zone_step(nv, &row, &answer);
	if (rc == -EAGAIN) {
		oracle->result->rows += 1;
		oracle_differs(oracle, "step %llu: refused, the buffer is full",
			       (unsigned long long)row.step);
		return true;
	}
	if (rc == 0) {
		zone_compare(oracle, nv, &row, &answer);
	}
	return rc == 0;
}

int
oracle_run_zones(struct oracle *oracle)
{
	const struct nvmevirt1_preset *preset = oracle_preset(oracle->name);
	const char *why = NULL;
	uint64_t storage;
	size_t nbytes;
	void *memory;
	int rc;

	if (!preset || preset->config.nand.zone_nbytes == 0) {
		oracle_say(oracle, "the name must start with a zoned preset: zn540, znsproto or "
			   "znsproto96");
		return -EINVAL;
	}
	storage = preset->config.nand.zone_nbytes * ZONES;
	nbytes = nvmevirt1_bytes_needed(&preset->config, storage);
	memory = oracle_memory(nbytes);
	if (!memory) {
		return -ENOMEM;
	}
	rc = nvmevirt1_init(memory, &preset->config, storage, &why);
	if (rc == 0) {
		rc = table_read(oracle, zone_columns, ZONE_COLUMNS, zone_row_check, memory);
	}
	oracle_memory_free(memory, nbytes);
	return rc;
}
