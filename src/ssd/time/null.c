/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   Timing models of SSDs: pure functions from (state, instant, shape of an I/O) to the instant
 *   when it will be ready. This file is the simplest one: everything is ready at once.
 *
 * Nouns
 *   model      the state of one of them, in memory that the engine lends
 *   config     what it is told at the start, plain data (config.h)
 *   die        runs one operation at a time; its *plane*s share that operation
 *   channel    the wires between the controller and some dies
 *   link       PCIe, between the controller and the host
 *   line       one erase block on each die of a stripe: the unit of garbage collection
 *   buffer     memory in the SSD where writes wait for a whole one-shot page
 *
 * The life of one I/O
 *   The engine checks a command, asks begin() for its instant and gives that to the export, which
 *   delivers the completion then. What the I/O occupies (units, dies, wires, buffer) is reserved
 *   in begin(); there is no event and no callback. tick() lets time pass for background work.
 *
 * States
 *   none: a model is a value. init() makes it, memory given back ends it.
 *
 * Ownership and lifetimes
 *   The engine owns the memory, from init() on the model alone writes it.
 *
 * Threads
 *   None. One caller at a time; `now` moves forward only.
 *
 * Errors
 *   A wrong configuration is refused by init() with a sentence. begin() cannot fail: the engine
 *   has checked the I/O before.
 *
 * What it does not do
 *   It moves no data, knows no namespace, no queue and no status; it never waits.
 */
#include <base/assert.h>
#include <ssd/time/model.h>

static size_t
null_bytes_needed(const struct model_config *config, uint64_t media_nbytes)
{
	(void)config;
	(void)media_nbytes;
	return 64; /* a model has an address of its own */
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
