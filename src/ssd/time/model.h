/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timing models: when will it be ready? A model knows nothing of NVMe but the shape of an I/O, and
 * holds no data. The engine asks once per command and believes the answer.
 *
 * The engine has checked the command before it asks: the range lies on the media, a zone write lies
 * at the write pointer of an open zone (an append comes with the address that it was given).
 * `now` never moves backwards. Deterministic: same configuration, seed and calls, same answers.
 */
#ifndef SSD_TIME_MODEL_H
#define SSD_TIME_MODEL_H

#include <base/time.h>
#include <ssd/time/config.h>

#define MODEL_EINVAL 22 /* EINVAL everywhere; errno.h is not ours to include */

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
	/* these three share a word: most commands set it at once */
	enum model_op op;
	uint16_t stream; /* placement handle or stream, 0 when there is none */
	bool fua;
	uint64_t offset; /* bytes from the start of the media of all namespaces; 512-granular */
	uint64_t nbytes;
};

struct model; /* the state of one model, laid out by itself in memory that the engine lends */

struct model_stats {
	uint64_t user_program_bytes, gc_program_bytes; /* WAF = (user + gc) / user */
	uint64_t user_program_ops, gc_program_ops;
	uint64_t user_read_ops, gc_read_ops, erases;
	uint64_t user_read_bytes, gc_read_bytes;
	uint64_t lines, free_lines, gc_moves, wear_moves;
	uint64_t buffer_hits, partial_flushes;
	uint32_t erase_min, erase_max; /* over the lines */
	uint64_t line_nbytes;	       /* that one erase takes */
};

struct model_ops {
	const char *name; /* "null", "simple", "parallel", "nvmevirt1" */
	/* 0 when the configuration makes no sense; init says why, and touches no memory. That is
	 * 64-byte aligned, zeroed, and need not be backed until it is touched. */
	size_t (*bytes_needed)(const struct model_config *config, uint64_t media_nbytes);
	/* 0, or -EINVAL with *why a static text */
	int (*init)(struct model *model, const struct model_config *config, uint64_t media_nbytes,
		    uint64_t seed, const char **why);
	ns_t (*begin)(struct model *model, ns_t now, const struct model_io *io); /* hot */
	ns_t (*tick)(struct model *model, ns_t now); /* background work; next instant of interest */
	/* It was written, long ago: takes no time, and costs nothing but the state that it leaves.
	 * nbytes 0: that was all. NULL: `begin` has to do it. */
	void (*settle)(struct model *model, uint64_t offset, uint64_t nbytes);
	void (*stats)(const struct model *model, struct model_stats *stats);
	/* Erases of one line; false when there is no such line */
	bool (*line_erases)(const struct model *model, uint64_t line, uint32_t *erases);
};

extern const struct model_ops model_null;
extern const struct model_ops model_simple;
extern const struct model_ops model_parallel;
extern const struct model_ops model_nvmevirt1;

/* What is wrong with the cells of NAND and the times of their page types, or NULL */
const char *model_cells_wrong(const struct model_nand_config *nand);

/* The model of that name in a field of `nbytes`, the null model for an empty one, else NULL */
const struct model_ops *model_find(const char *name, size_t nbytes);

#endif /* SSD_TIME_MODEL_H */
