/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The write buffer. A write takes its space before it is accepted; without free space it waits for
 * programs to end. Writes are accepted in order, reads overtake them. Data that are being
 * programmed can still be read from the buffer.
 */
#include <ssd/time/parallel.h>

static uint64_t *
free_of(struct parallel *p, uint32_t owner)
{
	ASSERT(owner == SHARED || owner < p->zone_count);
	return owner == SHARED ? &p->buffer_free : &p->zone[owner].buffer_free;
}

/* Take `nbytes` as soon as they are free, not before `at`. NS_NEVER: the running programs will not
 * free enough (the rest waits for its one-shot page to fill). */
ns_t
buffer_wait(struct parallel *p, ns_t at, uint64_t nbytes, uint32_t owner)
{
	uint64_t *left = free_of(p, owner);

	parallel_check(p);
	while (*left < nbytes || release_next(&p->releases) <= at) {
		struct release first;

		if (p->releases.count == 0) {
			return NS_NEVER;
		}
		if (*left < nbytes) {
			at = ns_max(at, release_next(&p->releases));
		}
		first = release_pop(&p->releases);
		*free_of(p, first.owner) += first.amount;
	}
	ASSERT(*left >= nbytes);
	*left -= nbytes;
	return at;
}

void
buffer_release_at(struct parallel *p, ns_t at, uint64_t nbytes, uint32_t owner)
{
	ASSERT(nbytes <= UINT32_MAX && (owner == SHARED || owner < p->zone_count));
	if (nbytes == 0) {
		return;
	}
	/* every entry frees at least one page of a buffer that has at most capacity - 1 of them */
	release_push(&p->releases, (struct release){ at, (uint32_t)nbytes, owner });
}

/* A table with one entry per hash: a newer program may replace an older one, whose data are then
 * read from NAND, after the program. The size of the table makes this rare. */
void
buffer_note_program(struct parallel *p, uint64_t oneshot, ns_t end)
{
	struct in_flight *entry = &p->in_flight[oneshot & p->in_flight_mask];

	parallel_check(p);
	entry->oneshot = oneshot + 1;
	entry->end = end;
}

bool
buffer_holds(const struct parallel *p, uint64_t oneshot, ns_t now)
{
	const struct in_flight *entry = &p->in_flight[oneshot & p->in_flight_mask];

	parallel_check(p);
	return entry->oneshot == oneshot + 1 && entry->end > now;
}
