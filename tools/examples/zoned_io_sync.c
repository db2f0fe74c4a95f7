/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Read, write or append all blocks of a zone, one command at a time.
 */
#include <stdio.h>

#include "../common/tool_stop.h"
#include "zoned_io.h"

enum verb { VERB_READ, VERB_WRITE, VERB_APPEND };

static int
one(struct xnvme_dev *dev, enum verb verb, const struct xnvme_spec_znd_descr *zone, uint64_t i,
    void *buf)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	int err;

	switch (verb) {
	case VERB_READ:
		err = xnvme_nvm_read(&ctx, nsid, zone->zslba + i, 0, buf, NULL);
		break;
	case VERB_WRITE:
		err = xnvme_nvm_write(&ctx, nsid, zone->zslba + i, 0, buf, NULL);
		break;
	case VERB_APPEND:
	default:
		err = xnvme_znd_append(&ctx, nsid, zone->zslba, 0, buf, NULL);
		break;
	}
	if (err || xnvme_cmd_ctx_cpl_status(&ctx)) {
		err = err ? err : -EIO;
		xnvme_cmd_ctx_pr(&ctx, XNVME_PR_DEF);
		xnvme_cli_perr("xnvme_cmd_pass()", err);
	}
	return err;
}

static int
run(struct xnvme_cli *cli, enum verb verb, const char *name)
{
	struct xnvme_cli_args *args = &cli->args;
	size_t lba_nbytes = xnvme_dev_get_geo(args->dev)->lba_nbytes, nbytes;
	struct xnvme_spec_znd_descr zone;
	char *buf;
	int err = zoned_io_choose(cli, verb == VERB_READ, &zone);

	if (err) {
		return err;
	}
	buf = zoned_io_buf(cli, &zone, verb == VERB_READ, &nbytes);
	if (!buf) {
		return -ENOMEM;
	}
	xnvme_cli_pinf("%s uri: '%s'", name, args->uri);
	tool_stop_catch();
	xnvme_cli_timer_start(cli);
	for (uint64_t i = 0; !err && i < zone.zcap && !atomic_load(&tool_stop); ++i) {
		err = one(args->dev, verb, &zone, i, buf + i * lba_nbytes);
		xnvme_cli_progress(name, i + 1, zone.zcap);
	}
	xnvme_cli_timer_stop(cli);
	err = err ? err : tool_stop_report("the zone was not read or written to its end");
	if (!err) {
		xnvme_cli_timer_bw_pr(cli, "Wall-clock", nbytes);
	}
	if (!err && verb == VERB_READ && args->data_output) {
		err = xnvme_buf_to_file(buf, nbytes, args->data_output);
	}
	xnvme_buf_free(args->dev, buf);
	return err;
}

static int
sub_read(struct xnvme_cli *cli)
{
	return run(cli, VERB_READ, "Read from");
}

static int
sub_write(struct xnvme_cli *cli)
{
	return run(cli, VERB_WRITE, "Write to");
}

static int
sub_append(struct xnvme_cli *cli)
{
	return run(cli, VERB_APPEND, "Append to");
}

static struct xnvme_cli_sub subs[] = {
	ZONED_IO_SUB("read", sub_read, XNVME_CLI_SYNC_OPTS),
	ZONED_IO_SUB("write", sub_write, XNVME_CLI_SYNC_OPTS),
	ZONED_IO_SUB("append", sub_append, XNVME_CLI_SYNC_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Example: synchronous I/O of a zone",
	.descr_short = "Synchronous I/O: read / write / append of the blocks of a zone",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
