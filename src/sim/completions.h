/* SPDX-License-Identifier: BSD-3-Clause */
/* What is under way: a heap by time, and at one instant in the order in which it was accepted */
#ifndef SIM_COMPLETIONS_H
#define SIM_COMPLETIONS_H

#include <base/heap.h>
#include <ssd/time/model.h>

struct completion {
	ns_t at;
	ns_t submit;
	uint64_t nbytes;
	enum model_op op;
	uint32_t slot; /* the caller's */
};

/* Starts as zeroes, and grows */
struct completions {
	struct heap heap;
	struct completion *items; /* by slot */
};

/* 0 or -ENOMEM */
int completions_push(struct completions *all, struct completion completion);

/* When the first is due, NS_NEVER when there is none */
static inline ns_t
completions_next(const struct completions *all)
{
	return heap_next(&all->heap);
}

/* The first; there is one */
struct completion completions_pop(struct completions *all);

void completions_free(struct completions *all);

#endif /* SIM_COMPLETIONS_H */
