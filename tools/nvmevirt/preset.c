/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt presets, show: print descriptions, and figures measured on their drives in virtual time.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../common/random.h"
#include "../common/tool_stop.h"
#include "nvmevirt.h"

enum {
	URI_NBYTES = 4096,
	TOML_NBYTES = 64 * 1024,
	QDEPTH = 32,
	SMALL_NBYTES = 4096,
	LARGE_NBYTES = 128 * 1024,
	NALONE = 64,	/* commands at queue depth 1, for latency */
	NSMALL = 10000, /* commands at QDEPTH, for rate */
	NWINDOW = 65536, /* small writes per window; windows repeat until the rate is steady */
	NWINDOWS_MAX = 32,
	REGION_NBYTES = 1024 * 1024 * 1024, /* larger than any write buffer */
};

/* Runs commands of one size, kind and depth, on a range from the start of the namespace */
struct probe {
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	struct xnvme_queue *queue;
	void *buf;
	void *meta; /* for namespaces with separate metadata */
	uint64_t random;
	uint64_t region_lba;
	uint32_t nfailed;
};

struct figures {
	uint64_t read_ns, write_ns;		/* mean latency of 4 KiB at queue depth 1 */
	uint64_t read_iops, write_iops;
	uint64_t burst_write_iops;		/* while the write buffer has space */
	uint64_t read_bytes_s, write_bytes_s;	/* large, sequential, at QDEPTH; 0: takes no time */
	uint32_t large_nbytes;
};

int
nvmevirt_sub_presets(struct xnvme_cli *cli)
{
	const struct nvmevirt_preset *preset;

	if (xnvme_cli_get_output(cli) == XNVME_CLI_OUTPUT_TEXT) {
		for (uint32_t i = 0; (preset = nvmevirt_preset_get(i)); ++i) {
			printf("%-16s %s\n", preset->name, preset->descr);
		}
		return 0;
	}
	printf("nvmevirt_presets:\n");
	for (uint32_t i = 0; (preset = nvmevirt_preset_get(i)); ++i) {
		printf("  - {name: '%s', descr: '%s'}\n", preset->name, preset->descr);
	}
	return 0;
}

static void
on_complete(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct probe *probe = arg;

	probe->nfailed += xnvme_cmd_ctx_cpl_status(ctx) ? 1 : 0;
	xnvme_queue_put_cmd_ctx(probe->queue, ctx);
}

/* Run `ncmds` commands, `depth` at a time; returns the elapsed device time, or a negative errno */
static int64_t
run(struct probe *probe, uint8_t opcode, uint32_t nbytes, uint32_t depth, uint32_t ncmds,
    bool in_order)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(probe->dev);
	uint32_t nlb = nbytes / geo->lba_nbytes;
	uint64_t places = probe->region_lba / nlb, start = nvmevirt_clock_get_ns(probe->ssd);
	int err = 0;

	for (uint32_t i = 0; i < ncmds && !err; ++i) {
		struct xnvme_cmd_ctx *ctx;

		if (atomic_load(&tool_stop)) {
			err = -EINTR;
			break;
		}

		while (xnvme_queue_get_outstanding(probe->queue) >= depth) {
			xnvme_queue_poke(probe->queue, 0);
		}
		ctx = xnvme_queue_get_cmd_ctx(probe->queue);
		xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(probe->dev),
			       (in_order ? i % places : random_next(&probe->random) % places) * nlb,
			       (uint16_t)(nlb - 1));
		err = xnvme_cmd_pass(ctx, probe->buf, nlb * geo->lba_nbytes, probe->meta,
				     probe->meta ? nlb * geo->nbytes_oob : 0);
	}
	if (xnvme_queue_drain(probe->queue) < 0 || err || probe->nfailed) {
		return err ? err : -EIO;
	}
	return (int64_t)(nvmevirt_clock_get_ns(probe->ssd) - start);
}

static uint64_t
per_second(uint64_t count, int64_t ns)
{
	return ns > 0 ? (uint64_t)((unsigned __int128)count * 1000000000u / (uint64_t)ns) : 0;
}

/* Small writes after the write buffer is full: returns nanoseconds of the last window, or -errno */
static int64_t
sustained(struct probe *probe, uint32_t nbytes)
{
	int64_t last = 0, ns = 0;

	for (int i = 0; i < NWINDOWS_MAX; ++i) {
		ns = run(probe, XNVME_SPEC_NVM_OPC_WRITE, nbytes, QDEPTH, NWINDOW, false);
		if (ns < 0 || (i && ns - last <= last / 50 && last - ns <= last / 50)) {
			break;
		}
		last = ns;
	}
	return ns;
}

static int
measure_all(struct probe *probe, struct figures *figures)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(probe->dev);
	uint32_t small = SMALL_NBYTES > geo->lba_nbytes ? SMALL_NBYTES : geo->lba_nbytes;
	uint32_t large = LARGE_NBYTES < geo->mdts_nbytes ? LARGE_NBYTES : geo->mdts_nbytes;
	uint32_t nlarge;
	int64_t ns[7];

	tool_stop_catch();
	large -= large % geo->lba_nbytes;
	nlarge = (uint32_t)(probe->region_lba * geo->lba_nbytes / large);
	figures->large_nbytes = large;
	/* write the whole range first: reads of unwritten blocks may take no time */
	ns[0] = run(probe, XNVME_SPEC_NVM_OPC_WRITE, large, QDEPTH, nlarge, true);
	ns[1] = run(probe, XNVME_SPEC_NVM_OPC_READ, large, QDEPTH, nlarge, true);
	ns[2] = run(probe, XNVME_SPEC_NVM_OPC_READ, small, QDEPTH, NSMALL, false);
	ns[3] = run(probe, XNVME_SPEC_NVM_OPC_READ, small, 1, NALONE, false);
	ns[4] = run(probe, XNVME_SPEC_NVM_OPC_WRITE, small, 1, NALONE, false);
	ns[5] = run(probe, XNVME_SPEC_NVM_OPC_WRITE, small, QDEPTH, NSMALL, false);
	ns[6] = sustained(probe, small);
	for (int i = 0; i < 7; ++i) {
		if (ns[i] == -EINTR && tool_stop_signal()) {
			return tool_stop_report("the drive was not measured");
		}
		if (ns[i] < 0) {
			xnvme_cli_perr("measuring in virtual time", (int)ns[i]);
			return (int)ns[i];
		}
	}
	figures->write_bytes_s = per_second((uint64_t)nlarge * large, ns[0]);
	figures->read_bytes_s = per_second((uint64_t)nlarge * large, ns[1]);
	figures->read_iops = per_second(NSMALL, ns[2]);
	figures->read_ns = (uint64_t)ns[3] / NALONE;
	figures->write_ns = (uint64_t)ns[4] / NALONE;
	figures->burst_write_iops = per_second(NSMALL, ns[5]);
	figures->write_iops = per_second(NWINDOW, ns[6]);
	return 0;
}

static int
measure(struct xnvme_dev *dev, struct nvmevirt *ssd, struct figures *figures)
{
	struct probe probe = {.dev = dev, .ssd = ssd, .random = 1};
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	int err = xnvme_queue_init(dev, QDEPTH, 0, &probe.queue);

	if (err) {
		xnvme_cli_perr("xnvme_queue_init()", err);
		return err;
	}
	xnvme_queue_set_cb(probe.queue, on_complete, &probe);
	probe.region_lba = REGION_NBYTES / geo->lba_nbytes;
	probe.region_lba = probe.region_lba < geo->nsect ? probe.region_lba : geo->nsect;
	probe.buf = tool_buf(dev, LARGE_NBYTES, NULL, &err);
	if (!err && geo->nbytes_oob && !geo->lba_extended) {
		probe.meta = tool_buf(dev, LARGE_NBYTES / geo->lba_nbytes * geo->nbytes_oob, NULL,
				      &err);
	}
	if (!err) {
		err = measure_all(&probe, figures);
	}
	xnvme_buf_free(dev, probe.meta);
	xnvme_buf_free(dev, probe.buf);
	xnvme_queue_term(probe.queue);
	return err;
}

/* Create the drive on a virtual clock and with `media`, unless the URI sets these itself */
static int
create(const char *asked, const char *media, struct nvmevirt **ssd)
{
	const char *scheme = strncmp(asked, "virt:", 5) ? "virt:" : "";
	char uri[URI_NBYTES];
	int n = snprintf(uri, URI_NBYTES, "%s%s%s%s", scheme, asked,
			 strstr(asked, ",clock=") ? "" : ",clock=virtual",
			 strstr(asked, ",media=") ? "" : media);

	if (n < 0 || n >= URI_NBYTES) {
		return tool_refuse("the name of the virtual SSD is too long");
	}
	return nvmevirt_create(uri, ssd);
}

static void
print_rate(const char *prefix, const char *name, uint64_t rate, const char *unit)
{
	if (rate) {
		printf("%s%s: %" PRIu64 "%s\n", prefix, name, rate, unit);
	} else {
		printf("%s%s: unlimited\n", prefix, name);
	}
}

static void
print_figures(const char *prefix, struct xnvme_dev *dev, const struct nvmevirt_stats *stats,
	      const struct figures *figures)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);

	if (geo->type == XNVME_GEO_ZONED) {
		printf("%szones: %" PRIu32 "\n", prefix, geo->nzone);
		printf("%szone_blocks: %" PRIu64 "\n", prefix, geo->nsect);
	} else if (geo->lba_nbytes) {
		printf("%sblocks: %" PRIu64 "\n", prefix, geo->nsect);
	}
	if (geo->lba_nbytes) { /* a key-value namespace has no blocks */
		printf("%sblock_nbytes: %" PRIu32 "\n", prefix, geo->lba_nbytes);
		printf("%scapacity_nbytes: %" PRIu64 "\n", prefix, geo->tbytes);
	}
	printf("%smdts_nbytes: %" PRIu32 "\n", prefix, geo->mdts_nbytes);
	printf("%sstate_address_space_nbytes: %" PRIu64 "\n", prefix, stats->state_nbytes);
	if (!figures) {
		printf("%smeasured: false # only conventional namespaces are\n", prefix);
		return;
	}
	printf("%sread_4k_alone_ns: %" PRIu64 "\n", prefix, figures->read_ns);
	printf("%swrite_4k_alone_ns: %" PRIu64 "\n", prefix, figures->write_ns);
	print_rate(prefix, "read_4k_random_qd32_iops", figures->read_iops, "");
	print_rate(prefix, "write_4k_random_qd32_burst_iops", figures->burst_write_iops, "");
	print_rate(prefix, "write_4k_random_qd32_iops", figures->write_iops, "");
	printf("%slarge_nbytes: %" PRIu32 "\n", prefix, figures->large_nbytes);
	print_rate(prefix, "read_large_qd32_bytes_s", figures->read_bytes_s, "");
	print_rate(prefix, "write_large_qd32_bytes_s", figures->write_bytes_s, "");
}

static void
print_indented(const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		printf("%s%.*s\n", n ? "    " : "", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void
print_show(enum xnvme_cli_output output, const char *toml, struct xnvme_dev *dev,
	   const struct nvmevirt_stats *stats, const struct figures *figures)
{
	if (output == XNVME_CLI_OUTPUT_TEXT) { /* a description, with the figures as comments */
		printf("%s\n# What follows from it, measured in virtual time:\n", toml);
		print_figures("# ", dev, stats, figures);
		return;
	}
	printf("nvmevirt_show:\n  toml: |\n");
	print_indented(toml);
	printf("  figures:\n");
	print_figures("    ", dev, stats, figures);
}

static int
show(struct xnvme_cli *cli, struct nvmevirt *ssd, const char *toml)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(nvmevirt_get_uri(ssd), &opts);
	struct nvmevirt_stats stats;
	struct figures figures = {0};
	bool blocks;
	int err = 0;

	if (!dev) {
		err = -errno;
		xnvme_cli_perr("xnvme_dev_open()", err);
		return err;
	}
	nvmevirt_get_stats(ssd, &stats);
	blocks = xnvme_dev_get_geo(dev)->type == XNVME_GEO_CONVENTIONAL;
	err = blocks ? measure(dev, ssd, &figures) : 0;
	if (!err) {
		print_show(xnvme_cli_get_output(cli), toml, dev, &stats, blocks ? &figures : NULL);
	}
	xnvme_dev_close(dev);
	return err;
}

/* The text of a preset with its comments; NULL when the URI has settings (,key=value) */
static const char *
preset_text(const char *asked)
{
	const struct nvmevirt_preset *preset;

	asked += strncmp(asked, "virt:", 5) ? 0 : 5;
	for (uint32_t i = 0; (preset = nvmevirt_preset_get(i)); ++i) {
		if (!strcmp(preset->name, asked)) {
			return preset->toml;
		}
	}
	return NULL;
}

int
nvmevirt_sub_show(struct xnvme_cli *cli)
{
	const char *preset = preset_text(cli->args.uri);
	char *toml;
	struct nvmevirt *ssd;
	int err = create(cli->args.uri, ",media=none", &ssd);

	if (err == -EINVAL) { /* metadata may require media */
		err = create(cli->args.uri, "", &ssd);
	}
	if (err) {
		return nvmevirt_fail("nvmevirt_create()", err);
	}
	toml = malloc(TOML_NBYTES);
	if (!toml) {
		err = -ENOMEM;
		xnvme_cli_perr("malloc()", err);
	} else {
		nvmevirt_get_toml(ssd, toml, TOML_NBYTES);
		err = show(cli, ssd, preset ? preset : toml);
	}
	free(toml);
	nvmevirt_destroy(ssd);
	return err;
}
