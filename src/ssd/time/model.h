/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timing models: when will it be ready? A model knows nothing of NVMe but the shape of an I/O, and
 * holds no data. The engine asks once per command and believes the answer.
 */
#ifndef SSD_TIME_MODEL_H
#define SSD_TIME_MODEL_H

#include <base/time.h>

enum model_op {
	MODEL_READ,
	MODEL_WRITE,
	MODEL_ZONE_APPEND,
	MODEL_FLUSH,
	MODEL_TRIM,       /* deallocate: DSM, write zeroes with DEAC, format, sanitize */
	MODEL_ZONE_RESET,
	MODEL_ZONE_FINISH,
	MODEL_KV_STORE,
	MODEL_KV_RETRIEVE,
	MODEL_OTHER,
};

struct model_io {
	enum model_op op;
	uint32_t nsid;
	uint64_t offset; /* bytes from the start of the media of all namespaces; 512-byte granular */
	uint64_t nbytes;
	bool fua;
	uint16_t stream; /* placement handle or stream, 0 when there is none */
};

struct model; /* the state of one model, laid out by itself in memory that the engine lends */
struct model_config; /* ssd/config.h */

struct model_stats {
	uint64_t user_program_bytes, gc_program_bytes; /* WAF = (user + gc) / user */
	uint64_t user_read_ops, gc_read_ops, erases;
	uint64_t free_lines, gc_moves;
};

struct model_ops {
	const char *name; /* "null", "simple", "parallel", "nvmevirt1" */
	size_t (*bytes_needed)(const struct model_config *config, uint64_t media_nbytes);
	int (*init)(struct model *model, const struct model_config *config, uint64_t media_nbytes,
		    uint64_t seed, const char **why);
	ns_t (*begin)(struct model *model, ns_t now, const struct model_io *io); /* hot */
	ns_t (*tick)(struct model *model, ns_t now); /* background work; next instant of interest */
	void (*stats)(const struct model *model, struct model_stats *stats);
};

#endif /* SSD_TIME_MODEL_H */
