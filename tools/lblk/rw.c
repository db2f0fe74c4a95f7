/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk read, write, compare, write-zeros, write-uncor; also zoned read and write.
 */
#include <errno.h>
#include <inttypes.h>

#include "lblk.h"

/* Allocate a buffer: zeroed, or with the contents of a file, or with a pattern */
static void *
make_buf(struct xnvme_dev *dev, const char *name, size_t nbytes, bool fill, const char *path,
	 int *err)
{
	void *buf;

	xnvme_cli_pinf("Alloc/%s %s, %s_nbytes: %zu", fill ? "fill" : "clear", name, name, nbytes);
	buf = tool_buf(dev, nbytes, fill ? path : NULL, err);
	if (buf && fill && !path) {
		xnvme_buf_fill(buf, nbytes, "anum");
	}
	return buf;
}

/* Allocate buffers for the selected blocks: zeroed, or with `fill` filled from --data-input and
 * --meta-input (without these: with a pattern). Returns 0, or prints the error and returns a
 * negative errno. */
int
lblk_bufs_alloc(struct xnvme_cli *cli, struct lblk_bufs *bufs, bool fill)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(cli->args.dev);
	size_t nblocks = (size_t)cli->args.nlb + 1;
	int err;

	*bufs = (struct lblk_bufs){0};
	if (!geo->lba_nbytes) {
		return tool_refuse(xnvme_dev_get_nsid(cli->args.dev) ?
				   "this namespace has no blocks, its command set is another one; "
				   "keys and values are for the tool kvs" :
				   "this is a controller, which has no blocks: name one of its "
				   "namespaces");
	}
	*bufs = (struct lblk_bufs){.dev = cli->args.dev, .data_nbytes = nblocks * geo->lba_nbytes};
	bufs->data =
		make_buf(bufs->dev, "dbuf", bufs->data_nbytes, fill, cli->args.data_input, &err);
	if (!bufs->data) {
		return err;
	}
	if (!geo->lba_extended && geo->nbytes_oob) {
		bufs->meta_nbytes = nblocks * geo->nbytes_oob;
		bufs->meta = make_buf(bufs->dev, "mbuf", bufs->meta_nbytes, fill,
				      cli->args.meta_input, &err);
		return err;
	}
	if (cli->args.meta_input || cli->args.meta_output) {
		return tool_refuse("this namespace has no separate metadata; leave out "
				   "--meta-input "
				   "and --meta-output");
	}
	return 0;
}

void
lblk_bufs_free(struct lblk_bufs *bufs)
{
	xnvme_buf_free(bufs->dev, bufs->meta);
	xnvme_buf_free(bufs->dev, bufs->data);
}

static void
announce(const char *verb, const struct xnvme_cli *cli, uint32_t nsid)
{
	xnvme_cli_pinf("%s nsid: 0x%x, slba: 0x%016" PRIx64 ", nlb: %u", verb, nsid, cli->args.slba,
		       cli->args.nlb);
}

int
lblk_sub_read(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct lblk_bufs bufs;
	int err;

	announce("Reading", cli, nsid);
	err = lblk_bufs_alloc(cli, &bufs, false);
	if (!err) {
		xnvme_cli_pinf("Sending the command...");
		err = xnvme_nvm_read(&ctx, nsid, cli->args.slba, (uint16_t)cli->args.nlb, bufs.data,
				     bufs.meta);
		err = tool_cmd_end("xnvme_nvm_read()", &ctx, err);
	}
	err = err ? err : tool_dump(cli->args.data_output, bufs.data, bufs.data_nbytes);
	err = err ? err : tool_dump(cli->args.meta_output, bufs.meta, bufs.meta_nbytes);
	lblk_bufs_free(&bufs);
	return err;
}

int
lblk_sub_write(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct lblk_bufs bufs;
	int err;

	announce("Writing", cli, nsid);
	err = lblk_bufs_alloc(cli, &bufs, true);
	if (!err) {
		xnvme_cli_pinf("Sending the command...");
		err = xnvme_nvm_write(&ctx, nsid, cli->args.slba, (uint16_t)cli->args.nlb,
				      bufs.data, bufs.meta);
		err = tool_cmd_end("xnvme_nvm_write()", &ctx, err);
	}
	lblk_bufs_free(&bufs);
	return err;
}

int
lblk_sub_compare(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct lblk_bufs bufs;
	int err;

	announce("Comparing", cli, nsid);
	err = lblk_bufs_alloc(cli, &bufs, true);
	if (!err) {
		xnvme_cli_pinf("Sending the command...");
		err = xnvme_nvm_compare(&ctx, nsid, cli->args.slba, (uint16_t)cli->args.nlb,
					bufs.data, bufs.meta);
		err = tool_cmd_end("xnvme_nvm_compare()", &ctx, err);
	}
	lblk_bufs_free(&bufs);
	return err;
}

int
lblk_sub_write_zeros(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	int err = xnvme_nvm_write_zeroes(&ctx, tool_nsid(cli), cli->args.slba,
					 (uint16_t)cli->args.nlb);

	return tool_cmd_end("xnvme_nvm_write_zeroes()", &ctx, err);
}

int
lblk_sub_write_uncor(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	int err = xnvme_nvm_write_uncorrectable(&ctx, tool_nsid(cli), cli->args.slba,
						(uint16_t)cli->args.nlb);

	return tool_cmd_end("xnvme_nvm_write_uncorrectable()", &ctx, err);
}
