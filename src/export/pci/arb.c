/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Selects the next submission queue (NVMe Base 2.0, Command Arbitration). Admin first. Round robin:
 * every other queue in turn, up to the arbitration burst each. Weighted: urgent first; then high,
 * medium and low use up credits, which are refilled when no class with work has any left.
 */
#include <export/pci/hot.h>

#define URGENT 0u
#define LOW 3u

static inline bool
is_weighted(const struct pci_func *f)
{
	return CC_AMS(f->cc) == CC_AMS_WEIGHTED;
}

/* The index in active[] of the next queue of a class with a command to take; nactive: none */
static uint32_t
in_turn(struct pci_func *f, uint32_t class)
{
	uint32_t at = f->arb_last[class];
	bool any = !is_weighted(f); /* all queues are of the class URGENT */

	ASSERT(class < PRIO_COUNT && f->nactive > 0);
	for (uint32_t i = 0; i < f->nactive; ++i) {
		struct sq *sq;

		at = at + 1 >= f->nactive ? 0 : at + 1;
		sq = &f->sqs[f->active[at]];
		if ((any || sq->prio == class) && queue_can_take(f, sq)) {
			return at;
		}
	}
	return f->nactive;
}

static struct sq *
pick(struct pci_func *f, uint32_t class, uint32_t at)
{
	ASSERT(at < f->nactive);
	sq_check(f, &f->sqs[f->active[at]]);
	f->arb_last[class] = at;
	return &f->sqs[f->active[at]];
}

static struct sq *__attribute__((noinline))
by_weight(struct pci_func *f, uint32_t *burst)
{
	uint32_t at[PRIO_COUNT];
	bool any = false;

	ASSERT(f->arb_weight[1] > 0 && f->arb_weight[2] > 0 && f->arb_weight[3] > 0);
	for (uint32_t class = 1; class <= LOW; ++class) {
		at[class] = in_turn(f, class);
		any = any || at[class] < f->nactive;
	}
	if (!any) {
		return NULL;
	}
	for (uint32_t round = 0; round < 2; ++round) {
		for (uint32_t class = 1; class <= LOW; ++class) {
			if (at[class] < f->nactive && f->arb_credit[class] > 0) {
				*burst = *burst < f->arb_credit[class] ? *burst
								       : f->arb_credit[class];
				return pick(f, class, at[class]);
			}
		}
		memcpy(f->arb_credit, f->arb_weight, sizeof(f->arb_credit));
	}
	(void)NEVER(true); /* weights are 0's based, so that after a refill there is credit */
	return NULL;
}

/* NULL: no queue has work. `*burst`: in, the maximum number of commands; out, lowered by
 * arbitration. */
struct sq *
arb_next(struct pci_func *f, uint32_t *burst)
{
	uint32_t at;

	ASSERT(*burst > 0);
	func_check(f);
	if (queue_can_take(f, &f->sqs[0])) {
		*burst = 1; /* checked again after each: it may change everything else */
		return &f->sqs[0];
	}
	if (f->nactive == 0) {
		return NULL;
	}
	*burst = *burst < f->arb_burst ? *burst : f->arb_burst;
	at = in_turn(f, URGENT);
	if (at < f->nactive) {
		return pick(f, URGENT, at);
	}
	return is_weighted(f) ? by_weight(f, burst) : NULL;
}

void
arb_spent(struct pci_func *f, const struct sq *sq, uint32_t ncommands)
{
	uint32_t *credit = &f->arb_credit[sq->prio];

	ASSERT(ncommands > 0 && sq->prio < PRIO_COUNT);
	if (sq->qid != 0 && is_weighted(f) && sq->prio != URGENT) {
		*credit -= ncommands < *credit ? ncommands : *credit;
	}
}

/* Arbitration (feature 01h) */
void
arb_configure(struct pci_func *f, uint32_t cdw11)
{
	uint32_t ab = cdw11 & 7;

	f->arb_burst = ab == 7 ? UINT32_MAX : 1u << ab; /* 7: no limit */
	f->arb_weight[1] = (cdw11 >> 24 & 0xFF) + 1;
	f->arb_weight[2] = (cdw11 >> 16 & 0xFF) + 1;
	f->arb_weight[3] = (cdw11 >> 8 & 0xFF) + 1;
	memcpy(f->arb_credit, f->arb_weight, sizeof(f->arb_credit));
}
