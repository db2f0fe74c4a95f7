/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands in flight: a heap by completion time; equal times complete in the order of their
 * start */
#ifndef SIM_COMPLETIONS_H
#define SIM_COMPLETIONS_H

#include <base/heap.h>
#include <ssd/time/model.h>

struct completion {
	ns_t at;
	ns_t submit;
	uint64_t nbytes;
	enum model_op op;
	uint32_t slot; /* for the caller's use */
};

/* Starts as zeroes, grows on demand */
struct completions {
	struct heap heap;
	struct completion *items; /* by slot */
};

/* 0 or -ENOMEM */
int completions_push(struct completions *all, struct completion completion);

/* The time of the first completion, NS_NEVER when there is none */
static inline ns_t
completions_next(const struct completions *all)
{
	return heap_next(&all->heap);
}

/* Remove the first completion; there must be one */
struct completion completions_pop(struct completions *all);

void completions_free(struct completions *all);

#endif /* SIM_COMPLETIONS_H */
