/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The media of a new drive record how it was prepared, so that it is prepared the same way each
 * time they are opened: blocks that the host has written, deallocated or formatted since stay as
 * they are, and random overwrites only affect written blocks.
 */
#include <base/bits.h>
#include <base/prng.h>
#include <base/text.h>
#include <ssd/media/blocks.h>
#include <ssd/media/media.h>
#include <ssd/media/precondition.h>

#define SEQUENTIAL_NBYTES (128ULL << 10)
#define OVERWRITES_DEFAULT 2 /* after these, write amplification is in its steady state */
#define OVERWRITES_MAX 100

bool
precondition_parse(const char *text, struct precondition *to)
{
	struct span factor = span_of(text), word = span_cut(&factor, ':');
	uint64_t overwrites = OVERWRITES_DEFAULT;

	*to = (struct precondition){.fill = false};
	if (span_equal(span_of(text), "") || span_equal(span_of(text), "none")) {
		return true;
	}
	to->fill = true;
	if (span_equal(span_of(text), "fill")) {
		return true;
	}
	if (!span_equal(word, "random") ||
	    (factor.at && (!span_to_u64(factor, &overwrites) || overwrites == 0 ||
			   overwrites > OVERWRITES_MAX))) {
		return false;
	}
	to->overwrites = (uint32_t)overwrites;
	return true;
}

const char *
precondition_wrong(const struct ssd_config *config)
{
	struct precondition what;

	if (!precondition_parse(config->precondition, &what)) {
		return "a drive is prepared by precondition none, fill, random or random:N, where "
		       "N is how often all of it is overwritten, 1 to 100: change precondition";
	}
	for (uint32_t i = 0; i < SSD_NS_MAX && what.fill; ++i) {
		const struct ssd_ns_config *ns = &config->ns[i];

		if (ns->nbytes && ns->kind != SSD_NS_NVM) {
			return "zones are written in order and keys have no place of their own, so "
			       "that there is no steady state of random writes: omit "
			       "precondition, or set kind to nvm";
		}
		if (ns->nbytes && ns->pi_type) {
			return "blocks with protection information are not prepared, since the "
			       "host chooses their tags: omit precondition or set pi_type to 0";
		}
	}
	return NULL;
}

void
settle_write(struct settling *settling, uint64_t offset, uint64_t nbytes)
{
	struct model_io io = {.op = MODEL_WRITE, .offset = offset, .nbytes = nbytes};

	ASSERT(nbytes > 0 && offset % SECTOR_NBYTES == 0);
	if (settling->ops->settle) {
		settling->ops->settle(settling->model, offset, nbytes);
		return;
	}
	settling->now = ns_max(settling->now,
			       settling->ops->begin(settling->model, settling->now, &io));
}

void
settle_range(struct settling *settling, uint64_t offset, uint64_t nbytes)
{
	ASSERT(offset % SECTOR_NBYTES == 0);
	while (nbytes > 0) {
		uint64_t piece = nbytes < SEQUENTIAL_NBYTES ? nbytes : SEQUENTIAL_NBYTES;

		settle_write(settling, offset, piece);
		offset += piece;
		nbytes -= piece;
	}
}

void
settle_end(struct settling *settling)
{
	struct model_io flush = {.op = MODEL_FLUSH};

	if (settling->ops->settle) {
		settling->ops->settle(settling->model, 0, 0);
	} else if (settling->now > 0) {
		settling->now = ns_max(settling->now, settling->ops->begin(settling->model,
									   settling->now, &flush));
	}
}

uint64_t
precondition_random(uint64_t seed)
{
	return prng_mix(seed ^ 0x70726563ULL);
}

uint64_t
precondition_next(uint64_t *random, uint64_t pages)
{
	ASSERT(pages > 0);
	return prng_next(random) % pages;
}

/* Convert page `*page` of all prepared pages to its namespace and its page there */
static const struct ssd_ns *
ns_of_page(const struct ssd *ssd, uint64_t *page)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_ns *ns = &ssd->ns[i];
		uint64_t pages = (ns->nlba << ns->shift) / PAGE_NBYTES;

		if (ns->nlba == 0 || ns->kind != SSD_NS_NVM) {
			continue;
		}
		if (*page < pages) {
			ns_check(ssd, ns);
			return ns;
		}
		*page -= pages;
	}
	return NULL;
}

static void
overwrite(struct ssd *ssd, struct settling *settling, uint32_t times)
{
	uint64_t random = precondition_random(ssd->seed), pages = 0;

	ASSERT(times <= OVERWRITES_MAX);
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_ns *ns = &ssd->ns[i];

		pages += ns->kind == SSD_NS_NVM ? (ns->nlba << ns->shift) / PAGE_NBYTES : 0;
	}
	for (uint64_t left = pages * times; left > 0; --left) {
		uint64_t page = precondition_next(&random, pages);
		const struct ssd_ns *ns = ns_of_page(ssd, &page);

		if (!NEVER(!ns) &&
		    bits_get(ssd->written, ns->sector + (page * PAGE_NBYTES >> ns->shift))) {
			settle_write(settling, ns->base + page * PAGE_NBYTES, PAGE_NBYTES);
		}
	}
}

static void
settle_ns(struct ssd *ssd, struct settling *settling, const struct ssd_ns *ns)
{
	uint64_t at = ns->sector, end = ns->sector + ns->nlba;

	ns_check(ssd, ns);
	while (at < end) {
		uint64_t from = bits_find(ssd->written, at, end - at, true);

		at = bits_find(ssd->written, from, end - from, false);
		settle_range(settling, ns->base + ((from - ns->sector) << ns->shift),
			     (at - from) << ns->shift);
	}
}

const char *
precondition_remember(struct ssd *ssd, bool is_new)
{
	struct precondition what;
	struct saved *saved = ssd->saved;

	(void)precondition_parse(ssd->config.precondition, &what);
	if (is_new) {
		saved->precondition = what.fill ? PRECONDITION_STARTED : 0;
		saved->overwrites = what.overwrites;
	} else if (saved->precondition > PRECONDITION_DONE || saved->overwrites > OVERWRITES_MAX) {
		return "what the media say of their precondition is damaged: choose another file, "
		       "or empty this one";
	} else if (what.fill && (!saved->precondition || saved->overwrites != what.overwrites)) {
		return "the media were made with another precondition, which they keep: omit "
		       "precondition, or choose another file";
	}
	return NULL;
}

/* Mark all blocks as written; they hold zeroes. The process may end before all of them are
 * marked. */
static void
mark(struct ssd *ssd)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_ns *ns = &ssd->ns[i];
		uint64_t first = ns->sector / SECTORS_PER_CHUNK;

		if (ns->nlba && ns->kind == SSD_NS_NVM) {
			bits_set(ssd->chunks, first,
				 (ns->sector + ns->nlba - 1) / SECTORS_PER_CHUNK - first + 1);
			bits_set(ssd->written, ns->sector, ns->nlba);
			ssd->saved->prepared_nbytes += ns->nlba << ns->shift;
		}
	}
}

bool
precondition_restore(struct ssd *ssd)
{
	struct settling settling = {.ops = ssd->time, .model = ssd->model, .now = ssd->now};

	if (!ssd->saved->precondition) {
		return false;
	}
	if (ssd->saved->precondition == PRECONDITION_STARTED) {
		ssd->saved->prepared_nbytes = 0;
		mark(ssd);
		ssd->saved->precondition = PRECONDITION_DONE;
	}
	ASSERT(ssd->saved->precondition == PRECONDITION_DONE);
	if (ssd->time_free || ssd->time == &model_simple) {
		return true; /* these models keep no state of writes */
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->ns[i].nlba && ssd->ns[i].kind != SSD_NS_KV) {
			settle_ns(ssd, &settling, &ssd->ns[i]);
		}
	}
	overwrite(ssd, &settling, ssd->saved->overwrites);
	settle_end(&settling);
	ssd->now = ssd->powered_at = ssd->busy_until = settling.now;
	return true;
}
