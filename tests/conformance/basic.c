/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Properties of a handle, and blocking commands.
 */
#include "conform.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

static void
opens_and_identifies(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	const struct xnvme_ident *ident = xnvme_dev_get_ident(dev);
	const struct xnvme_opts *opts = xnvme_dev_get_opts(dev);

	CHECK(geo->nbytes >= 512 && !(geo->nbytes & (geo->nbytes - 1)));
	CHECK(geo->lba_nbytes >= geo->nbytes);
	CHECK(1ULL << geo->ssw == geo->nbytes);
	CHECK(xnvme_dev_get_ssw(dev) == geo->ssw);
	CHECK(geo->nsect && geo->tbytes);
	CHECK(geo->tbytes / geo->nbytes == geo->nsect * geo->nzone);
	CHECK(geo->mdts_nbytes >= 4096);
	CHECK(geo->npugrp == 1 && geo->npunit == 1);
	CHECK(!strcmp(ident->uri, target->uri));
	CHECK(ident->dtype && ident->nsid && ident->csi != 0xFF);
	CHECK(xnvme_dev_get_nsid(dev) == ident->nsid);
	CHECK(xnvme_dev_get_csi(dev) == ident->csi);
	CHECK(xnvme_dev_get_ctrlr(dev) && xnvme_dev_get_ns(dev));
	CHECK(xnvme_dev_get_ns(dev)->nsze == geo->nsect * geo->nzone);
	CHECK(opts->be && opts->sync && opts->async && opts->admin && opts->mem && opts->dev);
	CHECK(!xnvme_dev_derive_geo(dev));
	CHECK(geo->nsect);
	xnvme_dev_close(dev);
}

/* Identify pages, logs and features that are mandatory for an I/O controller */
/* Is `nsid` in a list of active namespaces? */
static bool
lists(const void *page, uint32_t nsid)
{
	const uint32_t *list = page;

	for (int i = 0; i < 1024; ++i) {
		if (list[i] == nsid) {
			return true;
		}
	}
	return false;
}

static void
answers_admin_commands(const struct target *target)
{
	static const uint8_t logs[] = {0x01, 0x02, 0x03};
	static const uint8_t features[] = {0x01, 0x02, 0x04, 0x05, 0x07, 0x0A, 0x0B};
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_spec_idfy *idfy = xnvme_buf_alloc(dev, sizeof(*idfy));
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint8_t *page = xnvme_buf_alloc(dev, 4096);

	CHECK(idfy && page);
	memset(idfy, 0xA5, sizeof(*idfy));
	CHECK(!xnvme_adm_idfy_ctrlr(&ctx, idfy));
	CHECK(idfy->ctrlr.nn >= 1);
	memset(idfy, 0xA5, sizeof(*idfy));
	CHECK(!xnvme_adm_idfy_ns(&ctx, xnvme_dev_get_nsid(dev), idfy));
	CHECK(idfy->ns.nsze == xnvme_dev_get_ns(dev)->nsze);
	CHECK(idfy->ns.vendor_specific[3711] != 0xA5); /* cleared */
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_adm_idfy(&ctx, XNVME_SPEC_IDFY_NSLIST, 0, 0, 0, 0, idfy));
	CHECK(lists(idfy, xnvme_dev_get_nsid(dev)));
	for (size_t i = 0; i < sizeof(logs); ++i) {
		ctx = xnvme_cmd_ctx_from_dev(dev);
		CHECK(!xnvme_adm_log(&ctx, logs[i], 0, 0, UINT32_MAX, 0, page,
				     logs[i] == 1 ? 64 : 512));
	}
	for (size_t i = 0; i < sizeof(features); ++i) {
		ctx = xnvme_cmd_ctx_from_dev(dev);
		/* 05h, Error Recovery, is namespace specific (NVMe Base 2.0, figure 317) */
		CHECK(!xnvme_adm_gfeat(&ctx, features[i] == 0x05 ? xnvme_dev_get_nsid(dev) : 0,
				       features[i], 0, NULL, 0));
	}
	/* an unsupported value ends with a status of the standard */
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(xnvme_adm_log(&ctx, 0xBE, 0, 0, UINT32_MAX, 0, page, 512));
	CHECK(xnvme_cmd_ctx_cpl_status(&ctx));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(xnvme_adm_gfeat(&ctx, 0, 0xBE, 0, NULL, 0));
	CHECK(xnvme_cmd_ctx_cpl_status(&ctx));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(xnvme_adm_idfy(&ctx, 0xBE, 0, 1, 0, 0, idfy));
	CHECK(xnvme_cmd_ctx_cpl_status(&ctx));
	xnvme_buf_free(dev, idfy);
	xnvme_buf_free(dev, page);
	xnvme_dev_close(dev);
}

static void
reads_back_what_it_wrote(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	size_t nbytes = 64 * (size_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	char *out = target_buf(dev, 64);
	char *in = target_buf(dev, 64);

	for (uint32_t round = 0; round < 4; ++round) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		pattern(out, nbytes, round);
		CHECK(!xnvme_nvm_write(&ctx, nsid, target->scratch + round * 64, 63, out, NULL));
		CHECK(!xnvme_cmd_ctx_cpl_status(&ctx));
	}
	for (uint32_t round = 0; round < 4; ++round) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		pattern(out, nbytes, round);
		memset(in, 0, nbytes);
		CHECK(!xnvme_nvm_read(&ctx, nsid, target->scratch + round * 64, 63, in, NULL));
		CHECK(!memcmp(in, out, nbytes));
	}
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
}

/* Vectored reads and writes, in pieces of blocks and of other sizes */
static void
moves_vectors(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	char *out = target_buf(dev, 16);
	char *in = target_buf(dev, 16);
	size_t odd = target->opts.direct ? block : 100;
	struct iovec gather[3] = {{out, 4 * block}, {out + 4 * block, block},
				  {out + 5 * block, 11 * block}};
	struct iovec scatter[4] = {{in, odd}, {in + odd, 8 * block - odd},
				   {in + 8 * block, 2 * block}, {in + 10 * block, 6 * block}};
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	pattern(out, 16 * block, 77);
	memset(in, 0, 16 * block);
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_WRITE, nsid, target->scratch, 15);
	CHECK(!xnvme_cmd_pass_iov(&ctx, gather, 3, 16 * block, NULL, 0));
	CHECK(gather[0].iov_len == 4 * block); /* the caller's vector is not changed */
	ctx = xnvme_cmd_ctx_from_dev(dev);
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, nsid, target->scratch, 15);
	CHECK(!xnvme_cmd_passv(&ctx, scatter, 4, 16 * block, NULL, 0, 0));
	CHECK(!memcmp(in, out, 16 * block));
	/* a vector shorter than the given length is refused */
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, nsid, target->scratch, 15);
	CHECK(xnvme_cmd_pass_iov(&ctx, scatter, 3, 16 * block, NULL, 0));
	CHECK(xnvme_cmd_ctx_cpl_status(&ctx));
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
}

static void
flushes(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char *buf = target_buf(dev, 1);

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_FLUSH, nsid, 0, 0);
	CHECK(!xnvme_cmd_pass(&ctx, NULL, 0, NULL, 0));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	ctx.cmd.nvm.fua = 1;
	CHECK(!xnvme_nvm_write(&ctx, nsid, target->scratch, 0, buf, NULL));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
zeroes_and_deallocates(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_spec_dsm_range *ranges = xnvme_buf_alloc(dev, 4096);
	char *buf = target_buf(dev, 8);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	pattern(buf, 8 * block, 5);
	CHECK(!xnvme_nvm_write(&ctx, nsid, target->scratch, 7, buf, NULL));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_write_zeroes(&ctx, nsid, target->scratch + 2, 3));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_read(&ctx, nsid, target->scratch, 7, buf, NULL));
	for (size_t i = 0; i < 8 * block; ++i) {
		bool zeroed = i / block >= 2 && i / block < 6;

		if (zeroed) {
			CHECK(!buf[i]);
		}
	}
	CHECK(((uint64_t *)(void *)buf)[0] == 6 * 0x9E3779B97F4A7C15ULL); /* unchanged */
	memset(ranges, 0, 4096);
	ranges[0].slba = target->scratch;
	ranges[0].llb = 4;
	ranges[1].slba = target->scratch + 6;
	ranges[1].llb = 1;
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_dsm(&ctx, nsid, ranges, 1, true, false, false));
	ranges[1].slba = UINT64_MAX - 2;
	ranges[1].llb = 8;
	ctx = xnvme_cmd_ctx_from_dev(dev);
	if (xnvme_nvm_dsm(&ctx, nsid, ranges, 1, true, false, false)) {
		CHECK(ctx.cpl.status.sc == 0x80 && ctx.cpl.status.sct == 0);
	} else {
		CHECK(is_foreign(dev)); /* a hint, which QEMU's device ignores silently */
	}
	xnvme_buf_free(dev, buf);
	xnvme_buf_free(dev, ranges);
	xnvme_dev_close(dev);
}

static void
compares(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	size_t nbytes = 80 * (size_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	char *buf = target_buf(dev, 80);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	pattern(buf, nbytes, 9);
	CHECK(!xnvme_nvm_write(&ctx, nsid, target->scratch, 79, buf, NULL));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_compare(&ctx, nsid, target->scratch, 79, buf, NULL));
	buf[nbytes - 1] ^= 1;
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(xnvme_nvm_compare(&ctx, nsid, target->scratch, 79, buf, NULL));
	CHECK(ctx.cpl.status.sct == XNVME_STATUS_CODE_TYPE_MEDIA && ctx.cpl.status.sc == 0x85);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
copies(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_spec_nvm_scopy_fmt_zero *ranges = xnvme_buf_alloc(dev, 4096);
	char *out = target_buf(dev, 12);
	char *in = target_buf(dev, 12);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint8_t last = xnvme_dev_get_ns(dev)->msrc > 0; /* 0: one range at a time */

	if (!xnvme_dev_get_ctrlr(dev)->oncs.copy) {
		goto out;
	}
	pattern(out, 12 * block, 3);
	CHECK(!xnvme_nvm_write(&ctx, nsid, target->scratch, 11, out, NULL));
	memset(ranges, 0, 4096);
	ranges[0].slba = target->scratch + 4;
	ranges[0].nlb = 3;
	ranges[1].slba = target->scratch;
	ranges[1].nlb = 1;
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_scopy(&ctx, nsid, target->scratch + 100, ranges, last,
			       XNVME_NVM_SCOPY_FMT_ZERO));
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(!xnvme_nvm_read(&ctx, nsid, target->scratch + 100, 5, in, NULL));
	CHECK(!memcmp(in, out + 4 * block, 4 * block));
	CHECK(last == 0 || !memcmp(in + 4 * block, out, 2 * block));
	ranges[last].slba = xnvme_dev_get_geo(dev)->nsect;
	ctx = xnvme_cmd_ctx_from_dev(dev);
	CHECK(xnvme_nvm_scopy(&ctx, nsid, target->scratch + 100, ranges, last,
			      XNVME_NVM_SCOPY_FMT_ZERO));
	CHECK(is_foreign(dev) || (ctx.cpl.status.sc == 0x80 && ctx.cpl.status.sct == 0));
out:
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_buf_free(dev, ranges);
	xnvme_dev_close(dev);
}

static void
zeroes_compares_copies(const struct target *target)
{
	if (target->has_extras) {
		zeroes_and_deallocates(target);
		compares(target);
		copies(target);
	}
}

/* X11: in xNVMe 0.7.5, offsets are truncated to blocks. Here pseudo commands have exact offsets in
 * bytes, on a file and on a ramdisk. */
static void
takes_byte_offsets(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	char *buf = xnvme_buf_alloc(dev, 4096);
	struct xnvme_cmd_ctx ctx = xnvme_file_get_cmd_ctx(dev);
	size_t unit = target->opts.direct ? 512 : 1;
	uint64_t end = xnvme_dev_get_geo(dev)->tbytes;

	if (xnvme_dev_get_csi(dev) == XNVME_SPEC_CSI_FS) {
		memset(buf, 'q', 4096);
		CHECK(!xnvme_file_pwrite(&ctx, buf, 512 + unit, (off_t)(512 + unit)));
		CHECK(ctx.cpl.result == 512 + unit);
		CHECK(!xnvme_file_sync(dev));
		memset(buf, 0, 4096);
		CHECK(!xnvme_file_pread(&ctx, buf, 512 + unit, (off_t)(512 + unit)));
		CHECK(buf[0] == 'q' && buf[511 + unit] == 'q' && !buf[512 + unit]);
		/* a read across the end of the file succeeds with a short count */
		CHECK(!xnvme_file_pread(&ctx, buf, 4096, (off_t)(end - 512)));
		CHECK(ctx.cpl.result == 512);
		CHECK(!xnvme_file_pread(&ctx, buf, 4096, (off_t)end));
		CHECK(ctx.cpl.result == 0);
	}
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
on_mapped(struct xnvme_cmd_ctx *ctx, void *arg)
{
	uint32_t *good = arg;

	*good += xnvme_cmd_ctx_cpl_status(ctx) == 0;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

/* Queues accept memory of the program that was mapped by xnvme_mem_map() */
static void
moves_mapped_memory(const struct target *target, struct xnvme_dev *dev, char *mine, size_t nbytes)
{
	uint32_t blocks = (uint32_t)(nbytes / 2 / xnvme_dev_get_geo(dev)->lba_nbytes), good = 0;
	struct xnvme_queue *queue = target_queue(dev, 4);
	char *out = mine, *in = mine + nbytes / 2;

	pattern(out, nbytes / 2, 99);
	memset(in, 0, nbytes / 2);
	for (int i = 0; i < 2; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		CHECK(ctx);
		xnvme_cmd_ctx_set_cb(ctx, on_mapped, &good);
		xnvme_prep_nvm(ctx, i ? XNVME_SPEC_NVM_OPC_READ : XNVME_SPEC_NVM_OPC_WRITE,
			       xnvme_dev_get_nsid(dev), target->scratch, (uint16_t)(blocks - 1));
		CHECK(!xnvme_cmd_pass(ctx, i ? in : out, nbytes / 2, NULL, 0));
		CHECK(xnvme_queue_drain(queue) >= 0);
	}
	CHECK(good == 2);
	CHECK(!target->moves_data || !memcmp(out, in, nbytes / 2));
	CHECK(!xnvme_queue_term(queue));
}

/* X14: in xNVMe 0.7.5, mapping memory on a handle of the kernel jumps to NULL. Here it succeeds
 * without effect. */
static void
hands_out_memory(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	char *bufs[32];

	for (size_t i = 0; i < 32; ++i) {
		bufs[i] = xnvme_buf_alloc(dev, 1 + i * 5000);
		CHECK(bufs[i]);
		CHECK(!((uintptr_t)bufs[i] & 4095));
		memset(bufs[i], (int)i, 1 + i * 5000);
	}
	for (size_t i = 0; i < 32; i += 2) {
		bufs[i] = xnvme_buf_realloc(dev, bufs[i], 400000);
		CHECK(bufs[i] && bufs[i][i * 5000] == (char)i);
	}
	for (size_t i = 0; i < 32; ++i) {
		CHECK(bufs[i][i * 5000] == (char)i);
		xnvme_buf_free(dev, bufs[i]);
	}
	CHECK(!xnvme_buf_alloc(dev, 0));
	CHECK(!xnvme_buf_alloc(dev, SIZE_MAX - 100));
	CHECK(!xnvme_buf_virt_alloc(0, 100));
	xnvme_buf_free(dev, NULL);
	bufs[0] = xnvme_buf_virt_alloc(4096, 65536);
	CHECK(bufs[0]);
	if (strstr(target->uri, "iommu=none")) { /* the kernel may migrate pages */
		CHECK(xnvme_mem_map(dev, bufs[0], 65536) == -ENOTSUP);
	} else {
		CHECK(!xnvme_mem_map(dev, bufs[0], 65536));
		moves_mapped_memory(target, dev, bufs[0], 65536);
		CHECK(!xnvme_mem_unmap(dev, bufs[0]));
	}
	xnvme_buf_virt_free(bufs[0]);
	xnvme_dev_close(dev);
}

const struct check checks_basic[] = {
	{"opens_and_identifies", opens_and_identifies},
	{"answers_admin_commands", answers_admin_commands},
	{"reads_back_what_it_wrote", reads_back_what_it_wrote},
	{"moves_vectors", moves_vectors},
	{"flushes", flushes},
	{"zeroes_compares_copies", zeroes_compares_copies},
	{"takes_byte_offsets", takes_byte_offsets},
	{"hands_out_memory", hands_out_memory},
	{NULL, NULL},
};
