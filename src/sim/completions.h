/* SPDX-License-Identifier: BSD-3-Clause */
/* What is under way: a heap by time, and at one instant in the order in which it was accepted */
#ifndef SIM_COMPLETIONS_H
#define SIM_COMPLETIONS_H

#include <ssd/time/model.h>
#include <stddef.h>

struct completion {
	ns_t at;
	uint64_t order; /* set by completions_push() */
	ns_t submit;
	uint64_t nbytes;
	enum model_op op;
	uint32_t slot; /* the caller's */
};

/* Starts as zeroes; free items with free() */
struct completions {
	struct completion *items;
	size_t count, room;
	uint64_t order;
};

/* 0 or -ENOMEM */
int completions_push(struct completions *heap, struct completion completion);

/* When the first is due, NS_NEVER when there is none */
ns_t completions_next(const struct completions *heap);

/* The first; there is one */
struct completion completions_pop(struct completions *heap);

#endif /* SIM_COMPLETIONS_H */
