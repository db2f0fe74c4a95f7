/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMeVirt's models with identical results, below the model interface. A request may be refused
 * (the write buffer is full); the caller then submits it again after the next release, as
 * NVMeVirt's dispatcher does. Zoned requests return a status. The replay of recorded traces uses
 * this interface; the engine uses model_nvmevirt1, which waits for the release itself.
 */
#ifndef SSD_TIME_NVMEVIRT1_H
#define SSD_TIME_NVMEVIRT1_H

#include <ssd/time/model.h>

struct nvmevirt1;

enum nvmevirt1_action {
	NVMEVIRT1_CLOSE = 1, /* the values of Zone Send Action */
	NVMEVIRT1_FINISH = 2,
	NVMEVIRT1_OPEN = 3,
	NVMEVIRT1_RESET = 4,
};

struct nvmevirt1_result {
	ns_t done;
	uint16_t status; /* SCT << 8 | SC */
	uint64_t result; /* of a zone append: the assigned LBA (512 bytes) */
};

struct nvmevirt1_zone {
	uint8_t state;   /* as in a zone descriptor: 1 empty .. 0xe full */
	uint64_t wp_lba; /* 512 bytes */
};

struct nvmevirt1_totals {
	uint64_t user_read_ops, user_read_bytes, user_program_ops, user_program_bytes;
	uint64_t gc_read_ops, gc_read_bytes, gc_program_ops, gc_program_bytes, gc_erase_ops;
	uint64_t lines, free_lines;
	int64_t buffer_remaining; /* of the shared one */
	uint32_t zones_active, zones_open;
};

size_t nvmevirt1_bytes_needed(const struct model_config *config, uint64_t storage_nbytes);
int nvmevirt1_init(struct nvmevirt1 *nv, const struct model_config *config,
		   uint64_t storage_nbytes, const char **why);

/* The namespace size for `storage_nbytes` */
uint64_t nvmevirt1_namespace_nbytes(const struct model_config *config, uint64_t storage_nbytes);

/* Submit a request at `now`; false when it is refused */
bool nvmevirt1_submit(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
		      struct nvmevirt1_result *result);

/* The next release of the write buffer, NS_NEVER if there is none; apply the releases due at
 * `now` */
ns_t nvmevirt1_next_release(const struct nvmevirt1 *nv);
bool nvmevirt1_release(struct nvmevirt1 *nv, ns_t now);

/* The instant when all dies are idle */
ns_t nvmevirt1_idle_at(const struct nvmevirt1 *nv);

uint16_t nvmevirt1_zone_manage(struct nvmevirt1 *nv, enum nvmevirt1_action action,
			       uint64_t offset);
bool nvmevirt1_zone(const struct nvmevirt1 *nv, uint64_t zone, struct nvmevirt1_zone *out);

void nvmevirt1_totals(const struct nvmevirt1 *nv, struct nvmevirt1_totals *totals);
bool nvmevirt1_line_erases(const struct nvmevirt1 *nv, uint64_t line, uint32_t *erases);

/* The bus alone: zeroed memory of nvmevirt1_bus_nbytes() */
struct nvmevirt1_bus;
size_t nvmevirt1_bus_nbytes(void);
void nvmevirt1_bus_init(struct nvmevirt1_bus *bus, uint32_t mib_s, uint32_t fw_4k_ns);
ns_t nvmevirt1_bus_transfer(struct nvmevirt1_bus *bus, ns_t now, ns_t at, uint64_t nbytes);

#endif /* SSD_TIME_NVMEVIRT1_H */
