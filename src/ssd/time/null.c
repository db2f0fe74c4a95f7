/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   Timing models of SSDs: pure functions from (state, instant, shape of an I/O) to the instant
 *   when it completes. This file is the simplest one: everything completes at once.
 *
 * Terms
 *   model      the state of one of them, in memory that the engine owns
 *   config     its parameters, plain data (config.h)
 *   die        runs one operation at a time; its *plane*s share that operation
 *   channel    the bus between the controller and some dies
 *   link       PCIe, between the controller and the host
 *   line       one erase block on each die of a stripe: the unit of garbage collection
 *   buffer     memory in the SSD where writes wait for a complete one-shot page
 *
 * Life cycle of an I/O
 *   The engine checks a command, calls begin() for its completion time and passes that to the
 *   export, which delivers the completion then. begin() reserves the resources of the I/O (units,
 *   dies, buses, buffer); there is no event and no callback. tick() runs background work.
 *
 * States
 *   None: a model is a value. init() creates it; releasing its memory ends it.
 *
 * Ownership and lifetimes
 *   The engine owns the memory; from init() on only the model writes it.
 *
 * Threads
 *   None. One caller at a time; `now` moves forward only.
 *
 * Errors
 *   init() refuses an invalid configuration with a sentence. begin() cannot fail: the engine has
 *   checked the I/O before.
 *
 * What it does not do
 *   It moves no data, has no notion of namespaces, queues and status, and never waits.
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
