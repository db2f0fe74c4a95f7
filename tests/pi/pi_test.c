/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information from a program's buffer to a virtual SSD and back, for every guard, type,
 * location and layout: the host generates and the SSD checks, the SSD inserts and the host checks,
 * and each detects corruption by the other.
 */
#include <libxnvme.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NBLOCKS 4
#define SLBA 40
#define APP 0x1234

static const char *scheme = "virt";

struct shape {
	int guard_nbits;
	uint32_t block; /* bytes of data */
	uint32_t meta;
	int type;
	bool extended;
	bool first;
	uint64_t ref; /* of block SLBA */
};

struct drive {
	struct shape shape;
	struct xnvme_dev *dev;
	struct xnvme_pi_ctx pi;
	uint8_t *data;
	uint8_t *meta;
};

static size_t
data_nbytes(const struct shape *s)
{
	return (size_t)NBLOCKS * (s->block + (s->extended ? s->meta : 0));
}

static void
fill(struct drive *d)
{
	for (size_t i = 0; i < data_nbytes(&d->shape); ++i) {
		d->data[i] = (uint8_t)(i * 31 + i / 509);
	}
	memset(d->meta, 0x77, (size_t)NBLOCKS * d->shape.meta);
}

static void
drive_open(struct drive *d, const struct shape *s)
{
	struct xnvme_opts opts = xnvme_opts_default();
	uint32_t flags = XNVME_PI_FLAGS_GUARD_CHECK | XNVME_PI_FLAGS_APPTAG_CHECK |
			 (s->type == 3 ? 0u : XNVME_PI_FLAGS_REFTAG_CHECK);
	enum xnvme_spec_nvm_ns_pif pif = s->guard_nbits == 16   ? XNVME_SPEC_NVM_NS_16B_GUARD
					 : s->guard_nbits == 32 ? XNVME_SPEC_NVM_NS_32B_GUARD
								: XNVME_SPEC_NVM_NS_64B_GUARD;
	const struct xnvme_geo *geo;
	char uri[256];

	snprintf(uri, sizeof(uri),
		 "%s:null,size=1MiB,lba=%u,ms=%u,extended=%s,pi=%d,namespace.pi_first=%s,"
		 "namespace.pi_guard_bits=%d", scheme, s->block, s->meta,
		 s->extended ? "true" : "false", s->type, s->first ? "true" : "false",
		 s->guard_nbits);
	*d = (struct drive){.shape = *s, .dev = xnvme_dev_open(uri, &opts)};
	if (!d->dev) {
		fail_msg("%s: %s", uri, xnvme_err_text());
	}
	geo = xnvme_dev_get_geo(d->dev);
	assert_int_equal(geo->nbytes, s->block);
	assert_int_equal(geo->nbytes_oob, s->meta);
	assert_int_equal(geo->lba_extended, s->extended);
	assert_int_equal(geo->pi_type, s->type);
	assert_int_equal(geo->pi_loc, s->first);
	assert_int_equal(geo->pi_format, pif);
	d->data = xnvme_buf_alloc(d->dev, data_nbytes(s));
	d->meta = xnvme_buf_alloc(d->dev, (size_t)NBLOCKS * s->meta);
	assert_non_null(d->data);
	assert_non_null(d->meta);
	assert_int_equal(xnvme_pi_ctx_init(&d->pi, geo->lba_nbytes, s->meta, s->extended, s->first,
					   (enum xnvme_pi_type)s->type, flags, 0, 0xffff, APP, pif),
			 0);
	assert_int_equal(xnvme_pi_ctx_set_ref_tag(&d->pi, s->ref), 0);
}

static void
drive_close(struct drive *d)
{
	xnvme_buf_free(d->dev, d->data);
	xnvme_buf_free(d->dev, d->meta);
	xnvme_dev_close(d->dev);
}

/* Reads or writes with all checks of the type; returns SCT << 8 | SC */
static uint32_t
move(struct drive *d, bool write, uint8_t pract, uint64_t ref, uint16_t app)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(d->dev);
	uint8_t *meta = d->shape.extended ? NULL : d->meta;

	ctx.cmd.nvm.prinfo = ((d->shape.type == 3 ? 0x6u : 0x7u) | pract) & 0xf;
	ctx.cmd.nvm.ilbrt = (uint32_t)ref;
	ctx.cmd.common.cdw03 = (uint32_t)(ref >> 32);
	ctx.cmd.nvm.lbat = app;
	ctx.cmd.nvm.lbatm = 0xffff;
	if (write) {
		(void)xnvme_nvm_write(&ctx, 1, SLBA, NBLOCKS - 1, d->data, meta);
	} else {
		(void)xnvme_nvm_read(&ctx, 1, SLBA, NBLOCKS - 1, d->data, meta);
	}
	return (uint32_t)ctx.cpl.status.sct << 8 | ctx.cpl.status.sc;
}

static void
host_makes_ssd_checks(struct drive *d)
{
	const struct shape *s = &d->shape;

	fill(d);
	xnvme_pi_generate(&d->pi, d->data, d->meta, NBLOCKS);
	assert_int_equal(move(d, true, 0, s->ref, APP), XNVME_SPEC_SC_SUCCESS);
	assert_int_equal(move(d, true, 0, s->ref, APP ^ 1), XNVME_SPEC_SC_APPTAG_CHECK_ERROR);
	if (s->type == 2) { /* type 1 requires the block's address: a different status */
		assert_int_equal(move(d, true, 0, s->ref + 1, APP),
				 XNVME_SPEC_SC_REFTAG_CHECK_ERROR);
	}
	d->data[data_nbytes(s) - s->block] ^= 8;
	assert_int_equal(move(d, true, 0, s->ref, APP), XNVME_SPEC_SC_GUARD_CHECK_ERROR);
	d->data[data_nbytes(s) - s->block] ^= 8;
	assert_int_equal(move(d, true, 0, s->ref, APP), XNVME_SPEC_SC_SUCCESS);

	memset(d->data, 0, data_nbytes(s));
	memset(d->meta, 0, (size_t)NBLOCKS * s->meta);
	assert_int_equal(move(d, false, 0, s->ref, APP), XNVME_SPEC_SC_SUCCESS);
	assert_int_equal(xnvme_pi_verify(&d->pi, d->data, d->meta, NBLOCKS), 0);
	assert_int_equal(move(d, false, 0, s->ref, APP ^ 1), XNVME_SPEC_SC_APPTAG_CHECK_ERROR);
}

/* If the metadata is only the tuple, PRACT transfers the data only */
static void
ssd_inserts_host_checks(struct drive *d)
{
	const struct shape *s = &d->shape;

	fill(d);
	assert_int_equal(move(d, true, 0x8, s->ref, APP), XNVME_SPEC_SC_SUCCESS);
	memset(d->data, 0, data_nbytes(s));
	memset(d->meta, 0, (size_t)NBLOCKS * s->meta);
	assert_int_equal(move(d, false, 0, s->ref, APP), XNVME_SPEC_SC_SUCCESS);
	assert_int_equal(xnvme_pi_verify(&d->pi, d->data, d->meta, NBLOCKS), 0);
	assert_int_equal(move(d, false, 0x8, s->ref, APP), XNVME_SPEC_SC_SUCCESS);
}

static void
every_shape(void **state)
{
	static const struct {
		int guard_nbits;
		uint32_t block, meta;
		uint64_t ref; /* for type 2: as wide as the guard format permits */
	} formats[] = {
		{16, 512, 8, 0xfffffffe},       {16, 512, 64, 5},
		{16, 4096, 8, 1},               {16, 4096, 64, 0x80000000},
		{32, 4096, 16, 0x123456789abcdef0}, {32, 4096, 64, UINT64_MAX},
		{64, 4096, 16, 0xfffffffffffe}, {64, 4096, 64, 0xffffffff},
	};
	int tried = 0;

	(void)state;
	for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); ++f) {
		for (int i = 0; i < 12; ++i) {
			struct shape s = {.guard_nbits = formats[f].guard_nbits,
					  .block = formats[f].block,
					  .meta = formats[f].meta,
					  .type = 1 + i / 4,
					  .extended = i & 1,
					  .first = i & 2};
			struct drive d;

			s.ref = s.type == 2 ? formats[f].ref : SLBA;
			drive_open(&d, &s);
			host_makes_ssd_checks(&d);
			ssd_inserts_host_checks(&d);
			drive_close(&d);
			tried += 1;
		}
	}
	assert_int_equal(tried, 96);
}

static void
count_end(struct xnvme_cmd_ctx *ctx, void *arg)
{
	assert_int_equal(xnvme_cmd_ctx_cpl_status(ctx), 0);
	*(int *)arg += 1;
	assert_int_equal(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx), 0);
}

/* Writes four blocks with metadata in three pieces, reads them back into two other pieces */
static void
pass_pieces(struct xnvme_dev *dev, struct xnvme_queue *queue, uint8_t *data, uint8_t byte)
{
	uint8_t out[NBLOCKS * 16], back[NBLOCKS * 16 + 3];
	struct iovec whole = {data, (size_t)NBLOCKS * 4096};
	struct iovec pieces[3] = {{out, 5}, {out + 5, 43}, {out + 48, 16}};
	struct iovec others[2] = {{back + 33, 34}, {back, 30}};
	int ended = 0, early = 0;

	for (size_t i = 0; i < sizeof(out); ++i) {
		out[i] = (uint8_t)(byte + i);
	}
	memset(back, 0xEE, sizeof(back));
	for (int way = 0; way < 2; ++way) {
		struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(dev);
		struct xnvme_cmd_ctx *ctx = queue ? xnvme_queue_get_cmd_ctx(queue) : &sync;

		if (queue) {
			xnvme_cmd_ctx_set_cb(ctx, count_end, &early);
		}
		xnvme_prep_nvm(ctx, way ? XNVME_SPEC_NVM_OPC_READ : XNVME_SPEC_NVM_OPC_WRITE, 1,
			       SLBA, NBLOCKS - 1);
		assert_int_equal(xnvme_cmd_passv(ctx, &whole, 1, whole.iov_len,
						 way ? others : pieces, way ? 2 : 3, sizeof(out)),
				 0);
		if (queue) {
			/* a callback set while a command is outstanding applies to that command */
			assert_int_equal(xnvme_queue_set_cb(queue, count_end, &ended), 0);
			assert_int_equal(xnvme_queue_drain(queue), 1);
		}
	}
	assert_int_equal(early, 0);
	assert_int_equal(ended, queue ? 2 : 0);
	assert_memory_equal(back + 33, out, 34);
	assert_memory_equal(back, out + 34, 30);
	assert_int_equal(back[30] & back[31] & back[32], 0xEE);
}

static void
metadata_in_pieces(void **state)
{
	static const char *const uris[] = {"virt:null,size=1MiB,lba=4096,ms=16",
					   "pci-virt:null,size=1MiB,lba=4096,ms=16"};

	(void)state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); ++i) {
		struct xnvme_dev *dev = xnvme_dev_open(uris[i], NULL);
		struct xnvme_queue *queue;
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		uint8_t *data = xnvme_buf_alloc(dev, (size_t)NBLOCKS * 4096);
		struct iovec whole = {data, 4096};
		struct iovec lie[2] = {{data, 8}, {data, 9}};
		struct iovec nowhere[2] = {{data, 8}, {NULL, 8}};

		assert_non_null(data);
		memset(data, 1, (size_t)NBLOCKS * 4096);
		assert_int_equal(xnvme_queue_init(dev, 2, 0, &queue), 0);
		pass_pieces(dev, NULL, data, 3);
		pass_pieces(dev, queue, data, 90);
		/* pieces whose sum differs from the given length */
		xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, 1, SLBA, 0);
		assert_int_equal(xnvme_cmd_passv(&ctx, &whole, 1, 4096, lie, 2, 16), -EINVAL);
		assert_int_equal(xnvme_cmd_passv(&ctx, &whole, 1, 4096, lie, 1, 16), -EINVAL);
		/* a piece at NULL */
		xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_WRITE, 1, SLBA, 0);
		assert_int_equal(xnvme_cmd_passv(&ctx, &whole, 1, 4096, nowhere, 2, 16), -EINVAL);
		assert_int_equal(xnvme_cmd_passv(&ctx, nowhere, 2, 16, NULL, 0, 0), -EINVAL);
		assert_int_equal(xnvme_queue_term(queue), 0);
		xnvme_buf_free(dev, data);
		xnvme_dev_close(dev);
	}
}

/* A zoned namespace reports its guard width in the Identify page of the NVM Command Set */
static void
zones_with_wide_guards(void **state)
{
	static const struct {
		int nbits;
		enum xnvme_spec_nvm_ns_pif pif;
		uint32_t meta;
	} guards[] = {{16, XNVME_SPEC_NVM_NS_16B_GUARD, 8},
		      {32, XNVME_SPEC_NVM_NS_32B_GUARD, 16},
		      {64, XNVME_SPEC_NVM_NS_64B_GUARD, 16}};

	(void)state;
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); ++i) {
		struct drive d = {.shape = {.guard_nbits = guards[i].nbits, .block = 4096,
					    .meta = guards[i].meta, .type = 2}};
		struct xnvme_cmd_ctx ctx;
		const struct xnvme_geo *geo;
		char uri[256];

		snprintf(uri, sizeof(uri), "%s:wd-zn540,lba=4096,ms=%u,pi=2,guard=%d", scheme,
			 guards[i].meta, guards[i].nbits);
		d.dev = xnvme_dev_open(uri, NULL);
		if (!d.dev) {
			fail_msg("%s: %s", uri, xnvme_err_text());
		}
		geo = xnvme_dev_get_geo(d.dev);
		assert_int_equal(geo->type, XNVME_GEO_ZONED);
		assert_int_equal(geo->pi_format, guards[i].pif);
		d.data = xnvme_buf_alloc(d.dev, data_nbytes(&d.shape));
		d.meta = xnvme_buf_alloc(d.dev, (size_t)NBLOCKS * d.shape.meta);
		assert_int_equal(xnvme_pi_ctx_init(&d.pi, geo->lba_nbytes, geo->nbytes_oob, false,
						   geo->pi_loc, XNVME_PI_TYPE2, 0x7, 0, 0xffff,
						   APP, geo->pi_format), 0);
		fill(&d);
		/* only data is transferred: the controller inserts the metadata */
		ctx = xnvme_cmd_ctx_from_dev(d.dev);
		ctx.cmd.nvm.prinfo = 0x8;
		ctx.cmd.nvm.lbat = APP;
		assert_int_equal(xnvme_znd_append(&ctx, 1, 0, NBLOCKS - 1, d.data, d.meta), 0);
		assert_int_equal(ctx.cpl.result, 0);
		ctx = xnvme_cmd_ctx_from_dev(d.dev);
		assert_int_equal(xnvme_nvm_read(&ctx, 1, 0, NBLOCKS - 1, d.data, d.meta), 0);
		assert_int_equal(xnvme_pi_verify(&d.pi, d.data, d.meta, NBLOCKS), 0);
		drive_close(&d);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_with_wide_guards),
		cmocka_unit_test(every_shape),
		cmocka_unit_test(metadata_in_pieces),
	};

	scheme = argc > 1 ? argv[1] : scheme;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
