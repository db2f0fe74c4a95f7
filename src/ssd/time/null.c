/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The null model: every I/O is complete at once. The engine recognizes it (ssd->time_free) and does
 * not call it per command. time.h introduces the folder.
 */
#include <base/assert.h>
#include <ssd/time/model.h>

static size_t
null_bytes_needed(const struct model_config *config, uint64_t media_nbytes)
{
	(void)config;
	(void)media_nbytes;
	return 64; /* a nonzero size, so that each model has its own address */
}

static int
null_init(struct model *model, const struct model_config *config, uint64_t media_nbytes,
	  uint64_t seed, const char **why)
{
	(void)model;
	(void)config;
	(void)media_nbytes;
	(void)seed;
	(void)why;
	return 0;
}

static ns_t
null_begin(struct model *model, ns_t now, const struct model_io *io)
{
	(void)model;
	(void)io;
	return now;
}

static ns_t
null_tick(struct model *model, ns_t now)
{
	(void)model;
	(void)now;
	return NS_NEVER;
}

static void
null_stats(const struct model *model, struct model_stats *stats)
{
	(void)model;
	*stats = (struct model_stats){0};
}

static bool
null_line_erases(const struct model *model, uint64_t line, uint32_t *erases)
{
	(void)model;
	(void)line;
	(void)erases;
	return false;
}

const struct model_ops model_null = {
	.name = "null",
	.bytes_needed = null_bytes_needed,
	.init = null_init,
	.begin = null_begin,
	.tick = null_tick,
	.stats = null_stats,
	.line_erases = null_line_erases,
};
