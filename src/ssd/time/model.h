/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interface of a timing model, which computes when an I/O completes; time.h introduces the
 * folder. A model gets the shape of an I/O, nothing else of NVMe, and holds no data. The engine
 * calls `begin` once per command and uses the result as it is.
 *
 * The engine validates the command first: the range is on the media, a zone write starts at the
 * write pointer of an open zone (an append has its assigned address). `now` never moves backwards.
 * Models are deterministic: the same configuration, seed and calls give the same results.
 */
#ifndef SSD_TIME_MODEL_H
#define SSD_TIME_MODEL_H

#include <base/time.h>
#include <ssd/time/config.h>

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
	/* these three share a word: most commands set it with one store */
	enum model_op op;
	uint16_t stream; /* placement handle or stream; 0: none */
	bool fua;
	uint64_t offset; /* bytes from the start of the media of all namespaces; 512-granular */
	uint64_t nbytes;
};

struct model; /* the state of one model; the model defines its layout, the engine owns the memory */

struct model_stats {
	uint64_t user_program_bytes, gc_program_bytes; /* WAF = (user + gc) / user */
	uint64_t user_program_ops, gc_program_ops;
	uint64_t user_read_ops, gc_read_ops, erases;
	uint64_t user_read_bytes, gc_read_bytes;
	uint64_t lines, free_lines, gc_moves, wear_moves;
	uint64_t buffer_hits, partial_flushes;
	uint32_t erase_min, erase_max; /* over all lines */
	uint64_t line_nbytes;	       /* size of one erase */
};

struct model_ops {
	const char *name; /* "null", "simple", "parallel", "nvmevirt1" */
	/* Bytes of state; 0 when the configuration is invalid: init then returns the reason and
	 * touches no memory. The memory is zeroed and 64-byte aligned; pages may be backed on first
	 * touch. */
	size_t (*bytes_needed)(const struct model_config *config, uint64_t media_nbytes);
	/* Returns 0, or -ENV_EINVAL with the reason in *why (static text) */
	int (*init)(struct model *model, const struct model_config *config, uint64_t media_nbytes,
		    uint64_t seed, const char **why);
	ns_t (*begin)(struct model *model, ns_t now, const struct model_io *io); /* hot */
	ns_t (*tick)(struct model *model, ns_t now); /* background work; returns the next instant */
	/* Account for a write of long ago: takes no time and only leaves its state. nbytes 0 ends
	 * the sequence. NULL: the engine calls `begin` instead. */
	void (*settle)(struct model *model, uint64_t offset, uint64_t nbytes);
	void (*stats)(const struct model *model, struct model_stats *stats);
	/* Erase count of one line; false when the line does not exist */
	bool (*line_erases)(const struct model *model, uint64_t line, uint32_t *erases);
};

extern const struct model_ops model_null;
extern const struct model_ops model_simple;
extern const struct model_ops model_parallel;
extern const struct model_ops model_nvmevirt1;

/* The reason why NAND cell type and page-type times are invalid, or NULL */
const char *model_cells_wrong(const struct model_nand_config *nand);

/* Find a model by the name in a field of `nbytes`: the null model for an empty name, NULL for an
 * unknown one */
const struct model_ops *model_find(const char *name, size_t nbytes);

#endif /* SSD_TIME_MODEL_H */
