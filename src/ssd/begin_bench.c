/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The cost of one command in the engine. The SSD has no media and commands are of one 512-byte
 * block, 4 KiB with the parallel model, so a write copies nothing and a read clears the host's
 * memory. Every block has been written before; with the parallel model the drive has so much spare
 * space that nothing is collected.
 *
 *   valgrind --tool=callgrind --toggle-collect=bench_run \
 *           build/src/ssd_begin_bench MODEL read|write COUNT
 *
 * bench/engine_cost.py runs this, sums all functions but the loop and memset, and checks the
 * budgets. Without valgrind it prints nanoseconds of processor time per command; the spare space is
 * sufficient for a million commands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <base/prng.h>
#include <ssd/config.h>
#include <ssd/ssd.h>

#define NLBA (1u << 21)

struct bench {
	struct ssd *ssd;
	uint8_t opcode;
	uint32_t count;
	ns_t now;
	struct xnvme_spec_cmd *cmds;
};

void bench_run(struct bench *bench, struct ssd_dma *dma);

void __attribute__((noinline)) bench_run(struct bench *bench, struct ssd_dma *dma)
{
	struct ssd_work work = {.sqid = 1, .dma = dma};
	ns_t now = bench->now;

	for (uint32_t i = 0; i < bench->count; ++i) {
		ssd_begin(bench->ssd, now, &bench->cmds[i], &work);
		if (work.status) {
			abort();
		}
		now = work.ready_at;
	}
}

static void
prepare(struct bench *bench, const char *model)
{
	struct ssd_config config;
	const char *why = NULL;
	size_t nbytes;
	void *memory;

	ssd_config_default(&config);
	config.no_media = true;
	config.ns[0].nbytes = (uint64_t)NLBA * 512;
	strncpy(config.model.name, model, sizeof(config.model.name) - 1);
	config.model.nand = (struct model_nand_config){
		.channels = 8, .dies_per_channel = 2, .planes_per_die = 1, .cell_bits = 2,
		.flash_page_nbytes = 32768, .oneshot_page_nbytes = 32768,
		.overprovisioning_ppm = 4000000, .partitions = 4,
		.read_4k_ns = {29760, 41760}, .read_ns = {30013, 42013},
		.program_ns = 185000, .erase_ns = 3500000,
		.channel_mib_s = 800, .channel_transfer_nbytes = 16384,
		.link_mib_s = 3360, .fw_read_4k_ns = 21500, .fw_read_ns = 30490,
		.fw_write_ns = 4000, .fw_write_4k_ns = 460,
		.buffer_nbytes = 1 << 20, .early_completion = true,
	};
	config.model.simple = (struct model_simple_config){.read_delay_ns = 3762,
							   .read_time_ns = 1627,
							   .write_delay_ns = 2176,
							   .write_time_ns = 1953,
							   .units = 8,
							   .unit_shift = 12};
	nbytes = ssd_bytes_needed(&config);
	memory = aligned_alloc(64, (nbytes + 63) / 64 * 64);
	if (nbytes == 0 || !memory) {
		fprintf(stderr, "begin_bench: no SSD with the model %s\n", model);
		exit(1);
	}
	memset(memory, 0, nbytes);
	if (ssd_init(&bench->ssd, memory, nbytes, &config, NULL, 1, &why)) {
		fprintf(stderr, "begin_bench: %s\n", why);
		exit(1);
	}
}

/* A drive in use: every block has been written */
static ns_t
fill(struct ssd *ssd)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = 1, .nsid = 1, .cdw12 = 63}};
	struct ssd_dma dma = {.flat = (uint8_t *)calloc(64, 512), .nbytes = 64 * 512};
	struct ssd_work work = {.sqid = 1, .dma = &dma};

	for (cmd.nvm.slba = 0; cmd.nvm.slba < NLBA; cmd.nvm.slba += 64) {
		ssd_begin(ssd, work.ready_at, &cmd, &work);
	}
	free(dma.flat);
	return work.ready_at + NS_PER_S; /* written data have reached the NAND */
}

int
main(int argc, char **argv)
{
	static uint8_t buf[4096];
	struct ssd_dma dma = {.start = buf, .start_nbytes = sizeof(buf), .flat = buf,
			      .nbytes = sizeof(buf)};
	struct bench bench = {0};
	struct timespec from, to;
	uint64_t random = 1;
	uint32_t nlb;
	double ns;

	if (argc != 4) {
		fprintf(stderr, "usage: begin_bench null|simple|parallel read|write COUNT\n");
		return 2;
	}
	prepare(&bench, argv[1]);
	bench.now = fill(bench.ssd);
	nlb = strcmp(argv[1], "parallel") == 0 ? 8 : 1;
	bench.count = (uint32_t)strtoul(argv[3], NULL, 0);
	bench.cmds = calloc(bench.count, sizeof(*bench.cmds));
	for (uint32_t i = 0; i < bench.count; ++i) {
		bench.cmds[i].common.opcode = strcmp(argv[2], "read") == 0 ? 2 : 1;
		bench.cmds[i].common.nsid = 1;
		bench.cmds[i].nvm.slba = prng_next(&random) % (NLBA / nlb) * nlb;
		bench.cmds[i].nvm.nlb = (uint16_t)(nlb - 1);
	}
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	bench_run(&bench, &dma);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
	printf("%s %s: %.1f ns per command\n", argv[1], argv[2], ns / bench.count);
	free(bench.cmds);
	return 0;
}
