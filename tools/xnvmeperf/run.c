/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvmeperf run: a time-bounded load on one or more devices, with one thread per selected
 * processor. Each queue is driven by one thread.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/tool_stop.h"
#include "perf.h"

#define TICK_NS 100000000L

struct worker {
	pthread_t thread;
	struct load_queue **queues;
	uint32_t nqueues;
	int cpu; /* -1: not pinned */
	uint64_t cpu_ns;
	int err;
	atomic_bool done;
};

int
perf_open(struct xnvme_cli *cli, struct perf_target **targets, uint32_t *ntargets)
{
	*ntargets = 0;
	if (!cli->args.posn_count) {
		*targets = NULL;
		return xnvme_cli_usage("<uri> is missing; name at least one device");
	}
	*targets = calloc((size_t)cli->args.posn_count, sizeof(**targets));
	if (!*targets) {
		xnvme_cli_perr("calloc()", -ENOMEM);
		return -ENOMEM;
	}
	for (int i = 0; i < cli->args.posn_count; ++i) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct perf_target *target = &(*targets)[i];
		int err = xnvme_cli_to_opts(cli, &opts);

		target->uri = cli->args.posn[i];
		target->dev = err ? NULL : xnvme_dev_open(target->uri, &opts);
		if (!target->dev) {
			err = err ? err : -errno;
			xnvme_cli_perr(target->uri, err);
			return err;
		}
		*ntargets += 1;
		load_clock_init(&target->clock, target->dev);
	}
	return 0;
}

void
perf_close(struct perf_target *targets, uint32_t ntargets)
{
	for (uint32_t i = 0; i < ntargets; ++i) {
		load_clock_term(&targets[i].clock);
		xnvme_dev_close(targets[i].dev);
	}
	free(targets);
}

static void *
work(void *arg)
{
	struct worker *worker = arg;

	if (worker->cpu >= 0) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET(worker->cpu, &set);
		worker->err = -pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
		if (worker->err) {
			xnvme_cli_perr("pthread_setaffinity_np()", worker->err);
		}
	}
	if (!worker->err) {
		worker->err = load_run(worker->queues, worker->nqueues, &tool_stop,
				       &worker->cpu_ns);
	}
	if (worker->err) {
		atomic_store(&tool_stop, true); /* the result is invalid: stop all workers */
	}
	atomic_store(&worker->done, true);
	return NULL;
}

static bool
all_done(struct worker *workers, uint32_t nworkers)
{
	for (uint32_t i = 0; i < nworkers; ++i) {
		if (!atomic_load(&workers[i].done)) {
			return false;
		}
	}
	return true;
}

/* Wait for the workers, and show their progress */
static void
watch(const struct perf_run *run, struct worker *workers, uint32_t nworkers)
{
	uint64_t begin_ns = xnvme_timer_now_ns();
	struct timespec tick = {0, TICK_NS};

	while (isatty(STDERR_FILENO) && !all_done(workers, nworkers)) {
		uint64_t passed = xnvme_timer_now_ns() - begin_ns;

		if (passed < run->spec.runtime_ns) {
			xnvme_cli_progress("xnvmeperf", passed, run->spec.runtime_ns);
		}
		nanosleep(&tick, NULL);
	}
	xnvme_cli_progress("xnvmeperf", 1, 1);
}

/* Start a thread per worker and wait for all; returns the first error */
static int
run_workers(struct perf_run *run, struct worker *workers)
{
	uint64_t begin_ns = xnvme_timer_now_ns();
	uint32_t nstarted = 0;
	int err = 0;

	for (; nstarted < run->nthreads; ++nstarted) {
		err = -pthread_create(&workers[nstarted].thread, NULL, work, &workers[nstarted]);
		if (err) {
			xnvme_cli_perr("pthread_create()", err);
			atomic_store(&tool_stop, true);
			break;
		}
	}
	watch(run, workers, nstarted);
	for (uint32_t i = 0; i < nstarted; ++i) {
		pthread_join(workers[i].thread, NULL);
		err = err ? err : workers[i].err;
	}
	run->elapsed_ns = xnvme_timer_now_ns() - begin_ns;
	return err;
}

/* Add the results of a queue to those of its device */
static void
account(struct perf_target *target, const struct load_queue *q, uint64_t cpu_ns)
{
	uint64_t elapsed_ns = load_clock_ns(&q->clock, q->stop - q->start);

	if (!target->nfailed && q->nfailed) {
		target->first_failure = q->first_failure;
	}
	target->gone |= q->gone;
	target->nios += q->hist.count;
	target->nfailed += q->nfailed;
	target->elapsed_ns = elapsed_ns > target->elapsed_ns ? elapsed_ns : target->elapsed_ns;
	target->cpu_ns += cpu_ns;
	target->ns_per_tick = q->clock.ns_per_tick; /* the same for all queues of the device */
	hist_merge(&target->hist, &q->hist);
}

/* Queue i belongs to device i / nqueues and to worker i % nthreads */
static int
run_queues(struct perf_run *run, struct load_queue *queues, uint32_t nqueues)
{
	struct worker *workers = calloc(run->nthreads, sizeof(*workers));
	struct load_queue **assigned = calloc((size_t)run->nthreads * nqueues, sizeof(*assigned));
	int err = workers && assigned ? 0 : -ENOMEM;

	if (err) {
		xnvme_cli_perr("calloc()", err);
	}
	for (uint32_t i = 0; !err && i < run->nthreads; ++i) {
		workers[i].cpu = run->cpus ? run->cpus[i] : -1;
		workers[i].queues = assigned + (size_t)i * nqueues;
	}
	for (uint32_t i = 0; !err && i < nqueues; ++i) {
		struct worker *worker = &workers[i % run->nthreads];

		worker->queues[worker->nqueues++] = &queues[i];
	}
	err = err ? err : run_workers(run, workers);
	for (uint32_t i = 0; !err && i < nqueues; ++i) {
		const struct worker *worker = &workers[i % run->nthreads];

		account(&run->targets[i / run->nqueues], &queues[i],
			worker->cpu_ns / worker->nqueues);
	}
	free(assigned);
	free(workers);
	return err;
}

static int
make_queues_and_run(struct perf_run *run)
{
	uint32_t nqueues = run->ntargets * run->nqueues, nready = 0;
	struct load_queue *queues = calloc(nqueues, sizeof(*queues));
	int err = queues ? 0 : -ENOMEM;

	if (err) {
		xnvme_cli_perr("calloc()", err);
	}
	for (; !err && nready < nqueues; nready += !err) {
		struct xnvme_dev *dev = run->targets[nready / run->nqueues].dev;

		err = load_queue_init(&queues[nready], dev, &run->spec, nready % run->nqueues,
				      run->nqueues);
	}
	err = err ? err : run_queues(run, queues, nqueues);
	for (uint32_t i = 0; i < nready; ++i) {
		load_queue_term(&queues[i]);
	}
	free(queues);
	return err;
}

static int
run_from_args(struct xnvme_cli *cli, struct perf_run *run)
{
	struct xnvme_cli_args *args = &cli->args;
	uint32_t nqueues;

	load_pattern_from_str(args->iopattern, &run->spec.pattern);
	run->pattern_name = args->iopattern;
	run->spec.iosize = args->iosize;
	run->spec.qdepth = args->qdepth;
	run->spec.runtime_ns = args->runtime * 1000000000ULL;
	run->spec.seed = args->seed;
	run->spec.queue_opts =
		(args->poll_io ? XNVME_QUEUE_IOPOLL : 0) | (args->poll_sq ? XNVME_QUEUE_SQPOLL : 0);
	run->spec.sleeps = xnvme_cli_get_str(cli, XNVME_CLI_OPT_POLICY) &&
			   !strcmp(xnvme_cli_get_str(cli, XNVME_CLI_OPT_POLICY), "conserve-cpu");
	run->nqueues = cli->given[XNVME_CLI_OPT_NQUEUES] ? args->nqueues : 1;
	run->cpus = args->ncpus ? args->cpus : NULL;
	run->nthreads = args->ncpus ? args->ncpus : 1;
	if (!args->runtime || !run->nqueues || run->nqueues > 1024) {
		return xnvme_cli_usage("--runtime is at least 1 second, --nqueues is 1 to 1024");
	}
	nqueues = run->nqueues * (uint32_t)(args->posn_count ? args->posn_count : 1);
	if (run->nthreads > nqueues) {
		return xnvme_cli_usage("--cpumask or --cpulist names %u processors but there are "
				       "only %u queues (%d devices with %u queues each); increase "
				       "--nqueues so that every thread has its own queue",
				       run->nthreads, nqueues, args->posn_count, run->nqueues);
	}
	return 0;
}

static void
announce(const struct perf_run *run, const struct xnvme_cli_args *args)
{
	printf("Running xnvmeperf with arguments:\n- Devices: [");
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		printf("%s%s", i ? ", " : "", run->targets[i].uri);
	}
	printf("] (total: %u)\n- io pattern: %s\n- queues per device: %u\n- queue depth: %u\n"
	       "- io size: %u\n- runtime: %u\n- CPUs: [",
	       run->ntargets, run->pattern_name, run->nqueues, run->spec.qdepth, run->spec.iosize,
	       args->runtime);
	for (uint32_t i = 0; run->cpus && i < run->nthreads; ++i) {
		printf("%s%u", i ? ", " : "", run->cpus[i]);
	}
	printf("] (total: %u)\n", run->cpus ? run->nthreads : 0);
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		const struct xnvme_opts *opts = xnvme_dev_get_opts(run->targets[i].dev);

		printf("- paths of %s: async %s, mem %s, clock %s\n", run->targets[i].uri,
		       opts->async ? opts->async : "none", opts->mem ? opts->mem : "none",
		       run->targets[i].clock.is_virtual ? "virtual" : "real");
	}
	fflush(stdout);
}

/* Failed commands make the run fail: the rate would be invalid */
static int
judge(const struct perf_run *run)
{
	int err = 0;

	for (uint32_t i = 0; i < run->ntargets; ++i) {
		const struct perf_target *target = &run->targets[i];
		char why[160];

		if (!target->nfailed && target->nios) {
			continue;
		}
		if (!target->nfailed && tool_stop_signal()) {
			continue;
		}
		if (!target->nfailed) {
			err = xnvme_cli_refuse(-EIO, "%s: no command completed in the time that "
					       "there was", target->uri);
			continue;
		}
		tool_status(&target->first_failure, why, sizeof(why));
		err = xnvme_cli_refuse(-EIO, "%s: %" PRIu64 " commands failed, %" PRIu64 " did "
				       "not; the first failure: %s%s", target->uri,
				       target->nfailed, target->nios, why,
				       target->gone ? "; then the device was gone" : "");
	}
	if (!err) {
		err = tool_stop_report("the result is of the time until then");
	}
	return err;
}

int
perf_sub_run(struct xnvme_cli *cli)
{
	struct perf_run run = {.ntargets = 0};
	int err = run_from_args(cli, &run);

	if (err) {
		return err;
	}
	tool_stop_catch();
	err = perf_open(cli, &run.targets, &run.ntargets);
	if (!err) {
		if (xnvme_cli_get_output(cli) == XNVME_CLI_OUTPUT_TEXT) {
			announce(&run, &cli->args);
		}
		err = xnvme_cli_given(cli, XNVME_CLI_OPT_FILL) ? perf_fill(&run) : 0;
		if (!err) {
			perf_note_unwritten(&run);
			err = make_queues_and_run(&run);
		}
	}
	if (!err) {
		perf_report(&run, xnvme_cli_get_output(cli));
		err = judge(&run);
	}
	perf_close(run.targets, run.ntargets);
	return err;
}
