/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The cost of one 4 KiB command in a timing model, at random places of a full drive.
 *
 *   valgrind --tool=callgrind --toggle-collect=bench_run build/src/model_bench MODEL OP COUNT
 *
 * with OP read or write; divide the instructions by COUNT. Without valgrind it prints nanoseconds
 * per command. The write bench stays below the drive's spare space, so that nothing is collected;
 * `write-gc` is the same in steady state, and prints how many seconds of CPU an hour of device time
 * takes. An erase takes 3.5 ms, or the nanoseconds in the argument after COUNT.
 */
#include <base/prng.h>
#include <ssd/time/model.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MEDIA_NBYTES (1ULL << 30)
#define DEPTH 32

struct bench {
	const struct model_ops *ops;
	struct model *model;
	enum model_op op;
	uint64_t count;
	uint64_t rng;
	ns_t now;
};

ns_t bench_run(struct bench *bench);

/* The budget applies to one command at a time; in steady state many run at once */
ns_t __attribute__((noinline)) bench_run(struct bench *bench)
{
	struct model_io io = { .op = bench->op, .nbytes = 4096 };
	ns_t now = bench->now;

	for (uint64_t i = 0; i < bench->count; ++i) {
		io.offset = prng_next(&bench->rng) % (MEDIA_NBYTES / 4096) * 4096;
		now = bench->ops->begin(bench->model, now, &io);
	}
	return now;
}

static ns_t
steady_run(struct bench *bench)
{
	ns_t done[DEPTH];
	struct model_io io = { .op = bench->op, .nbytes = 4096 };

	for (int i = 0; i < DEPTH; ++i) {
		done[i] = bench->now;
	}
	for (uint64_t i = 0; i < bench->count; ++i) {
		int first = 0;

		for (int d = 1; d < DEPTH; ++d) {
			first = done[d] < done[first] ? d : first;
		}
		io.offset = prng_next(&bench->rng) % (MEDIA_NBYTES / 4096) * 4096;
		bench->now = done[first];
		done[first] = bench->ops->begin(bench->model, done[first], &io);
	}
	return bench->now;
}

static void
prepare(struct bench *bench, const char *name, bool collect, uint32_t erase_ns)
{
	struct model_config config = {
		.simple = { 3762, 1627, 0, 2176, 1953, 0, 8, 12 },
		.nand = {
			.channels = 8, .dies_per_channel = 2, .planes_per_die = 1, .cell_bits = 2,
			.flash_page_nbytes = 32768, .oneshot_page_nbytes = 32768,
			.overprovisioning_ppm = collect ? 70000 : 4000000, .partitions = 4,
			.read_4k_ns = { 29760, 41760 }, .read_ns = { 30013, 42013 },
			.program_ns = 185000, .erase_ns = erase_ns,
			.channel_mib_s = 800, .channel_transfer_nbytes = 16384,
			.link_mib_s = 3360, .fw_read_4k_ns = 21500, .fw_read_ns = 30490,
			.fw_write_ns = 4000, .fw_write_4k_ns = 460,
			.buffer_nbytes = 1 << 20, .early_completion = true,
		},
	};
	struct model_io io = { .op = MODEL_WRITE, .nbytes = 131072 };
	const char *why = "";
	size_t nbytes;

	strncpy(config.name, name, sizeof(config.name) - 1);
	bench->ops = model_find(config.name, sizeof(config.name));
	if (!bench->ops) {
		fprintf(stderr, "no model %s\n", name);
		exit(2);
	}
	nbytes = bench->ops->bytes_needed(&config, MEDIA_NBYTES);
	bench->model = mmap(NULL, nbytes + 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bench->model == MAP_FAILED ||
	    bench->ops->init(bench->model, &config, MEDIA_NBYTES, 1, &why)) {
		fprintf(stderr, "%s\n", why);
		exit(1);
	}
	for (io.offset = 0; io.offset < MEDIA_NBYTES; io.offset += io.nbytes) {
		bench->now = bench->ops->begin(bench->model, bench->now, &io);
	}
	bench->now += NS_PER_S;
}

int
main(int argc, char **argv)
{
	struct bench bench = { .rng = 1 };
	struct timespec from, to;
	struct model_stats before, stats;
	bool collect;
	double cpu;
	ns_t start;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: model_bench MODEL read|write|write-gc COUNT [ERASE_NS]\n");
		return 2;
	}
	collect = strcmp(argv[2], "write-gc") == 0;
	bench.op = strcmp(argv[2], "read") == 0 ? MODEL_READ : MODEL_WRITE;
	prepare(&bench, argv[1], collect,
		argc == 5 ? (uint32_t)strtoul(argv[4], NULL, 0) : 3500000);
	if (collect) { /* until the steady state */
		bench.count = 3 * MEDIA_NBYTES / 4096;
		bench.now = steady_run(&bench);
	}
	bench.count = strtoull(argv[3], NULL, 0);
	bench.ops->stats(bench.model, &before);
	start = bench.now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	bench.now = collect ? steady_run(&bench) : bench_run(&bench);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	bench.ops->stats(bench.model, &stats);
	cpu = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%s %s: %.1f ns of CPU per command, %llu pages moved\n", argv[1], argv[2],
	       cpu * 1e9 / (double)bench.count,
	       (unsigned long long)(stats.gc_moves - before.gc_moves));
	if (collect && stats.user_program_bytes > before.user_program_bytes) {
		printf("WAF %.3f; an hour of device time: %.1f s of CPU\n",
		       1 + (double)(stats.gc_program_bytes - before.gc_program_bytes) /
			       (double)(stats.user_program_bytes - before.user_program_bytes),
		       cpu * 3600e9 / (double)(bench.now - start));
	}
	return 0;
}
