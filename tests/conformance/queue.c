/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guarantees of queues.
 */
#include "conform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

struct tally {
	uint32_t done;
	uint32_t failed;
	uint32_t last_outstanding;
};

static void
tally_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct tally *tally = arg;

	tally->done += 1;
	tally->failed += !!xnvme_cmd_ctx_cpl_status(ctx);
	tally->last_outstanding = xnvme_queue_get_outstanding(ctx->async.queue);
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

/* Returns a context; waits for a free slot, as programs do */
static struct xnvme_cmd_ctx *
ctx_of(struct xnvme_queue *queue)
{
	struct xnvme_cmd_ctx *ctx;

	while (xnvme_queue_get_outstanding(queue) == xnvme_queue_get_capacity(queue)) {
		CHECK(xnvme_queue_wait_timeout(queue, UINT64_MAX) > 0);
	}
	ctx = xnvme_queue_get_cmd_ctx(queue);
	CHECK(ctx);
	return ctx;
}

static void
submit_block(struct xnvme_queue *queue, uint8_t opcode, uint64_t slba, void *buf)
{
	struct xnvme_cmd_ctx *ctx = ctx_of(queue);
	uint32_t nsid = xnvme_dev_get_nsid(ctx->dev);
	int err;

	do {
		err = opcode == XNVME_SPEC_NVM_OPC_WRITE
			      ? xnvme_nvm_write(ctx, nsid, slba, 0, buf, NULL)
			      : xnvme_nvm_read(ctx, nsid, slba, 0, buf, NULL);
		if (err == -EBUSY || err == -EAGAIN) {
			CHECK(xnvme_queue_poke(queue, 0) >= 0);
		}
	} while (err == -EBUSY || err == -EAGAIN);
	CHECK(!err);
}

static void
verify_depth(const struct target *target, uint16_t capacity)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, capacity);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint32_t cnt = target->blocks < 4100 ? target->blocks : 4100;
	char *out = target_buf(dev, cnt);
	char *in = target_buf(dev, cnt);
	struct tally tally = {0};

	cnt = capacity < 16 ? 200 : cnt;
	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	CHECK(xnvme_queue_get_capacity(queue) == capacity);
	pattern(out, cnt * block, capacity);
	memset(in, 0, cnt * block);
	for (uint32_t i = 0; i < cnt; ++i) {
		submit_block(queue, XNVME_SPEC_NVM_OPC_WRITE, target->scratch + i, out + i * block);
	}
	CHECK(xnvme_queue_drain(queue) >= 0);
	CHECK(tally.done == cnt && !tally.failed);
	for (uint32_t i = 0; i < cnt; ++i) {
		submit_block(queue, XNVME_SPEC_NVM_OPC_READ, target->scratch + i, in + i * block);
	}
	CHECK(xnvme_queue_drain(queue) >= 0);
	CHECK(tally.done == 2 * cnt && !tally.failed);
	CHECK(!target->moves_data || !memcmp(in, out, cnt * block));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
}

static void
verifies_at_all_depths(const struct target *target)
{
	static const uint16_t depths[] = {1, 2, 32, 1024, 4096};

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); ++i) {
		verify_depth(target, depths[i]);
	}
}

static void
refuses_bad_capacities(const struct target *target)
{
	static const uint16_t bad[] = {0, 3, 12, 1000, 4095, 8192, 65535};
	struct xnvme_dev *dev = target_open(target);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
		struct xnvme_queue *queue = (void *)1;

		CHECK(xnvme_queue_init(dev, bad[i], 0, &queue) == -EINVAL);
		CHECK(!queue);
	}
	xnvme_dev_close(dev);
}

/* X06: in xNVMe 0.7.5, drain returns a count, and tools treat it as an error. Here tools handle the
 * count, see also tests/defects/tools_test.py. */
static void
says_busy_when_full(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 4);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_cmd_ctx *ctx[6];
	char *buf = target_buf(dev, 8);
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	for (int i = 0; i < 6; ++i) { /* two more than the capacity */
		ctx[i] = xnvme_queue_get_cmd_ctx(queue);
		CHECK(ctx[i]);
	}
	errno = 0;
	CHECK(!xnvme_queue_get_cmd_ctx(queue) && errno == ENOMEM);
	CHECK(!xnvme_queue_put_cmd_ctx(queue, ctx[5]));
	for (size_t i = 0; i < 4; ++i) {
		CHECK(!xnvme_nvm_read(ctx[i], xnvme_dev_get_nsid(dev), target->scratch, 0,
				      buf + i * block, NULL));
	}
	CHECK(xnvme_queue_get_outstanding(queue) == 4);
	CHECK(xnvme_nvm_read(ctx[4], xnvme_dev_get_nsid(dev),
			     target->scratch, 0, buf, NULL) == -EBUSY);
	CHECK(xnvme_queue_get_outstanding(queue) == 4);
	CHECK(xnvme_queue_drain(queue) == 4);
	CHECK(!xnvme_nvm_read(ctx[4], xnvme_dev_get_nsid(dev),
			      target->scratch, 0, buf, NULL));
	CHECK(xnvme_queue_drain(queue) == 1);
	CHECK(tally.done == 5 && !tally.failed);
	CHECK(xnvme_queue_poke(queue, 0) == 0);
	CHECK(xnvme_queue_drain(queue) == 0);
	CHECK(xnvme_queue_wait(queue) == 0);
	CHECK(xnvme_queue_wait_timeout(queue, 1000) == 0);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* Also where the device has shorter queues: what fills them is the caller's, and is not poked. Not
 * under ThreadSanitizer: the reads share a buffer, and worker threads write it at once. */
static void
says_busy_when_a_long_one_is_full(const struct target *target)
{
	if (UNDER_TSAN) {
		return;
	}

	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 4096);
	char *buf = target_buf(dev, 1);
	struct tally tally = {0};
	uint32_t taken = 0;
	int err = 0;

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	while (!err && taken <= 4096) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		CHECK(ctx);
		err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(dev), target->scratch, 0, buf, NULL);
		taken += !err;
		if (err) {
			CHECK(!xnvme_queue_put_cmd_ctx(queue, ctx));
		}
	}
	CHECK(err == -EBUSY && taken <= 4096);
	CHECK(xnvme_queue_drain(queue) >= 0);
	CHECK(tally.done == taken && !tally.failed);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* X07: in xNVMe 0.7.5, commands count as outstanding while their callback runs, so resubmission is
 * refused. Here the count is decremented before the callback. */
static void
pokes_no_more_than_asked(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 8);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	char *buf = target_buf(dev, 8);
	struct tally tally = {0};
	uint32_t seen = 0;

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	for (uint32_t i = 0; i < 8; ++i) {
		submit_block(queue, XNVME_SPEC_NVM_OPC_READ, target->scratch + i, buf + i * block);
	}
	while (seen < 8) {
		int rc = xnvme_queue_poke(queue, 1);

		CHECK(rc == 0 || rc == 1);
		seen += (uint32_t)rc;
		CHECK(tally.done == seen);
		CHECK(xnvme_queue_get_outstanding(queue) == 8 - seen);
		CHECK(!rc || tally.last_outstanding == 8 - seen); /* counted before the callback */
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

struct storm {
	uint32_t left;
	uint32_t done;
	uint64_t slba;
};

struct gust {
	struct storm *storm;
	void *buf;
};

static void
storm_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct gust *gust = arg;
	struct storm *storm = gust->storm;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	storm->done += 1;
	if (!storm->left) {
		CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
		return;
	}
	storm->left -= 1;
	/* the completed command freed a slot of the full queue */
	CHECK(!xnvme_nvm_read(ctx, xnvme_dev_get_nsid(ctx->dev), storm->slba, 0, gust->buf, NULL));
}

static void
survives_storms(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 64);
	struct storm storm = {.left = 5000, .slba = target->scratch};
	struct gust gusts[64];
	char *buf = target_buf(dev, 64);
	uint32_t nsid = xnvme_dev_get_nsid(dev);

	for (size_t i = 0; i < 64; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		gusts[i].storm = &storm;
		gusts[i].buf = buf + i * xnvme_dev_get_geo(dev)->lba_nbytes;
		xnvme_cmd_ctx_set_cb(ctx, storm_cb, &gusts[i]);
		CHECK(!xnvme_nvm_read(ctx, nsid, storm.slba, 0, gusts[i].buf, NULL));
	}
	while (storm.done < 5064) {
		int rc = xnvme_queue_poke(queue, 0);

		CHECK(rc >= 0 && rc <= 64); /* a poke returns, whatever callbacks submit */
		if (!rc) {
			CHECK(xnvme_queue_wait_timeout(queue, UINT64_MAX) > 0);
		}
	}
	CHECK(!xnvme_queue_get_outstanding(queue));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

struct tangle {
	uint32_t left;
	uint32_t done;
	uint32_t nested;
	uint64_t slba;
	char *buf; /* a block for each context */
	bool in_flight[66]; /* by context: the pool has two more than the capacity */
	struct xnvme_cmd_ctx *first;
};

static void
tangle_submit(struct tangle *tangle, struct xnvme_cmd_ctx *ctx)
{
	ptrdiff_t at = ctx - tangle->first;

	tangle->in_flight[at] = true;
	CHECK(!xnvme_nvm_read(ctx, xnvme_dev_get_nsid(ctx->dev), tangle->slba, 0,
			      tangle->buf + at * xnvme_dev_get_geo(ctx->dev)->lba_nbytes, NULL));
}

/* Submits again, and sometimes pokes for a few completions before it returns */
static void
tangle_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct xnvme_queue *queue = ctx->async.queue;
	struct tangle *tangle = arg;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	CHECK(tangle->in_flight[ctx - tangle->first]);
	tangle->in_flight[ctx - tangle->first] = false;
	tangle->done += 1;
	if (tangle->left) {
		tangle->left -= 1;
		tangle_submit(tangle, ctx);
	} else {
		CHECK(!xnvme_queue_put_cmd_ctx(queue, ctx));
	}
	if (tangle->done % 3 && tangle->nested < 5) {
		uint32_t before = tangle->done;
		uint32_t most = tangle->done % 4;
		int rc;

		tangle->nested += 1;
		rc = xnvme_queue_poke(queue, most);
		tangle->nested -= 1;
		CHECK(rc >= 0 && (!most || (uint32_t)rc <= most));
		CHECK(tangle->done - before >= (uint32_t)rc);
	}
}

/* Pokes within callbacks of pokes, some with a maximum: each command completes once */
static void
keeps_count_in_tangles(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 64);
	struct tangle tangle = {.left = 3000, .slba = target->scratch};
	struct xnvme_cmd_ctx *ctxs[64];

	tangle.buf = target_buf(dev, 66);
	CHECK(!xnvme_queue_set_cb(queue, tangle_cb, &tangle));
	for (size_t i = 0; i < 64; ++i) {
		ctxs[i] = xnvme_queue_get_cmd_ctx(queue);
		CHECK(ctxs[i]);
		tangle.first = i && ctxs[i] > tangle.first ? tangle.first : ctxs[i];
	}
	for (size_t i = 0; i < 64; ++i) {
		tangle_submit(&tangle, ctxs[i]);
	}
	while (tangle.done < 3064) {
		if (!xnvme_queue_poke(queue, tangle.done % 5)) {
			CHECK(xnvme_queue_wait_timeout(queue, UINT64_MAX) >= 0);
		}
	}
	CHECK(!xnvme_queue_get_outstanding(queue));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, tangle.buf);
	xnvme_dev_close(dev);
}

/* Sleeps until the descriptor is readable. The kernel interrupts a sleeper to run its own work for
 * the thread, as it does for signals: epoll_wait(2) */
static int
sleep_on(int epoll)
{
	struct epoll_event event;
	int rc;

	do {
		rc = epoll_wait(epoll, &event, 1, 20000);
	} while (rc < 0 && errno == EINTR);
	return rc;
}

/* X08: in xNVMe 0.7.5, libaio has no completion descriptor. Here every path has one. */
static void
wakes_a_sleeper(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 8);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	char *buf = target_buf(dev, 8);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int fd = xnvme_queue_get_completion_fd(queue);
	struct epoll_event event = {.events = EPOLLIN};
	struct tally tally = {0};

	if (target->opts.poll_io && fd == -ENOTSUP) {
		goto out; /* with polled I/O no event is signalled */
	}
	CHECK(epoll >= 0 && fd >= 0);
	CHECK(xnvme_queue_get_completion_fd(queue) == fd);
	CHECK(!(fcntl(fd, F_GETFL) & O_NONBLOCK)); /* programs block in read() */
	CHECK(!strchr(xnvme_queue_get_features(queue), ' '));
	CHECK(!strchr(xnvme_dev_get_features(dev), ' '));
	CHECK(!epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	CHECK(epoll_wait(epoll, &event, 1, 0) == 0);
	for (uint32_t round = 1; round <= 20; ++round) {
		for (uint32_t i = 0; i < 8; ++i) {
			submit_block(queue, i & 1 ? XNVME_SPEC_NVM_OPC_WRITE
						  : XNVME_SPEC_NVM_OPC_READ,
				     target->scratch + i, buf + i * block);
		}
		while (tally.done < 8 * round) { /* pokes only when the descriptor is readable */
			uint64_t count;

			if (sleep_on(epoll) != 1) {
				printf("nothing woke with %u of 8 done", tally.done % 8);
				printf(", yet a poke finds %d\n", xnvme_queue_poke(queue, 0));
				check_failed(__FILE__, __LINE__, "woken within 20 seconds");
			}
			CHECK(read(fd, &count, sizeof(count)) == sizeof(count));
			CHECK(xnvme_queue_poke(queue, 0) >= 0);
		}
	}
	/* a command that fails before it is submitted to the device signals too */
	submit_block(queue, XNVME_SPEC_NVM_OPC_READ, UINT64_MAX, buf);
	CHECK(sleep_on(epoll) == 1);
	CHECK(xnvme_queue_poke(queue, 0) == 1 && tally.failed == 1);
out:
	CHECK(!xnvme_queue_term(queue));
	(void)close(epoll);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* X28: in xNVMe 0.7.5, a descriptor whose registration failed is kept, and returned later. Here it
 * is kept only if every step succeeded; tests/inject fails eventfd and its registration. */
static void
gives_no_late_descriptor(const struct target *target)
{
	if (target->opts.poll_io) {
		return; /* has no descriptor */
	}
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 2);
	char *buf = target_buf(dev, 1);
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	submit_block(queue, XNVME_SPEC_NVM_OPC_READ, target->scratch, buf);
	CHECK(xnvme_queue_get_completion_fd(queue) == -EBUSY);
	CHECK(xnvme_queue_drain(queue) == 1);
	CHECK(xnvme_queue_get_completion_fd(queue) >= 0);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
moves_vectors_async(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 2);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	char *out = target_buf(dev, 8);
	char *in = target_buf(dev, 8);
	struct iovec vec[2] = {{out, 2 * block}, {out + 2 * block, 6 * block}};
	struct iovec back[3] = {{in, block}, {in + block, 3 * block}, {in + 4 * block, 4 * block}};
	struct xnvme_cmd_ctx *ctx = ctx_of(queue);
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	pattern(out, 8 * block, 21);
	memset(in, 0, 8 * block);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE, xnvme_dev_get_nsid(dev), target->scratch, 7);
	CHECK(!xnvme_cmd_pass_iov(ctx, vec, 2, 8 * block, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1);
	ctx = ctx_of(queue);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev), target->scratch, 7);
	CHECK(!xnvme_cmd_passv(ctx, back, 3, 8 * block, NULL, 0, 0));
	CHECK(xnvme_queue_drain(queue) == 1);
	CHECK(!tally.failed);
	CHECK(!target->moves_data || !memcmp(in, out, 8 * block));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
}

/* Copies two ranges at `scratch` to `scratch` + 16; `buf` holds the eight blocks at `scratch` */
static void
copies_async(const struct target *target, struct xnvme_queue *queue, char *buf,
	     struct tally *tally)
{
	struct xnvme_cmd_ctx *ctx = ctx_of(queue);
	struct xnvme_spec_nvm_scopy_fmt_zero *ranges = xnvme_buf_alloc(ctx->dev, 4096);
	uint32_t nsid = xnvme_dev_get_nsid(ctx->dev);
	size_t block = xnvme_dev_get_geo(ctx->dev)->lba_nbytes;
	uint8_t last = xnvme_dev_get_ns(ctx->dev)->msrc > 0; /* 0: one range at a time */
	char *both = target_buf(ctx->dev, 8);

	CHECK(ranges);
	memset(ranges, 0, 2 * sizeof(*ranges));
	ranges[0].slba = target->scratch + 4;
	ranges[0].nlb = 3;
	ranges[1].slba = target->scratch;
	ranges[1].nlb = 3;
	memcpy(both, buf + 4 * block, 4 * block);
	memcpy(both + 4 * block, buf, 4 * block);
	xnvme_cmd_ctx_clear(ctx);
	CHECK(!xnvme_nvm_scopy(ctx, nsid, target->scratch + 16, ranges, last,
			       XNVME_NVM_SCOPY_FMT_ZERO));
	CHECK(xnvme_queue_drain(queue) == 1 && !tally->failed);
	ctx = ctx_of(queue);
	xnvme_cmd_ctx_clear(ctx);
	CHECK(!xnvme_nvm_compare(ctx, nsid, target->scratch + 16, last ? 7 : 3, both, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && (!target->moves_data || !tally->failed));
	xnvme_buf_free(ctx->dev, both);
	xnvme_buf_free(ctx->dev, ranges);
}

/* Flush, FUA, compare, copy, write zeroes and dataset management through the queue */
static void
takes_all_commands_async(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 8);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	struct xnvme_spec_dsm_range *range = xnvme_buf_alloc(dev, 4096);
	char *buf = target_buf(dev, 8);
	struct xnvme_cmd_ctx *ctx = ctx_of(queue);
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	pattern(buf, 8 * block, 31);
	ctx->cmd.nvm.fua = 1;
	CHECK(!xnvme_nvm_write(ctx, nsid, target->scratch, 7, buf, NULL));
	CHECK(xnvme_queue_drain(queue) == 1);
	ctx->cmd.nvm.fua = 0;
	ctx = ctx_of(queue);
	xnvme_cmd_ctx_clear(ctx);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_FLUSH, nsid, 0, 0);
	CHECK(!xnvme_cmd_pass(ctx, NULL, 0, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1 && !tally.failed);
	if (target->has_extras) {
		ctx = ctx_of(queue);
		CHECK(!xnvme_nvm_compare(ctx, nsid, target->scratch, 7, buf, NULL));
		CHECK(xnvme_queue_drain(queue) == 1 && !tally.failed);
		if (xnvme_dev_get_ctrlr(dev)->oncs.copy) {
			copies_async(target, queue, buf, &tally);
		}
		ctx = ctx_of(queue);
		xnvme_cmd_ctx_clear(ctx);
		CHECK(!xnvme_nvm_write_zeroes(ctx, nsid, target->scratch, 3));
		CHECK(xnvme_queue_drain(queue) == 1 && !tally.failed);
		submit_block(queue, XNVME_SPEC_NVM_OPC_READ, target->scratch, buf);
		CHECK(xnvme_queue_drain(queue) == 1 && !tally.failed);
		CHECK(!target->moves_data || (!buf[0] && !memcmp(buf, buf + 1, block - 1)));
		memset(range, 0, sizeof(*range));
		range->slba = target->scratch;
		range->llb = 8;
		ctx = ctx_of(queue);
		xnvme_cmd_ctx_clear(ctx);
		CHECK(!xnvme_nvm_dsm(ctx, nsid, range, 0, true, false, false));
		CHECK(xnvme_queue_drain(queue) == 1 && !tally.failed);
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_buf_free(dev, range);
	xnvme_dev_close(dev);
}

static void
ends_with_commands_outstanding(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 32);
	char *buf = target_buf(dev, 32);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	for (uint32_t i = 0; i < 32; ++i) {
		submit_block(queue, XNVME_SPEC_NVM_OPC_READ, target->scratch + i, buf + i * block);
	}
	xnvme_dev_close(dev); /* too early: the handle lives as long as its queue */
	CHECK(!xnvme_queue_term(queue));
	CHECK(tally.done == 32); /* each callback ran, once */
	if (target->opts.register_buffers) {
		return; /* registered memory is freed with its handle */
	}
	dev = target_open(target);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

struct job {
	const struct target *target;
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: make one */
	uint64_t slba;
	uint32_t rounds;
};

static void *
job_run(void *arg)
{
	struct job *job = arg;
	struct xnvme_queue *queue = job->queue ? job->queue : target_queue(job->dev, 16);
	size_t block = xnvme_dev_get_geo(job->dev)->lba_nbytes;
	char *buf = target_buf(job->dev, 1);
	char *back = target_buf(job->dev, 1);
	struct tally tally = {0};

	CHECK(!xnvme_queue_set_cb(queue, tally_cb, &tally));
	for (uint32_t i = 0; i < job->rounds; ++i) {
		pattern(buf, block, job->slba * 1000 + i);
		submit_block(queue, XNVME_SPEC_NVM_OPC_WRITE, job->slba, buf);
		CHECK(xnvme_queue_drain(queue) == 1);
		submit_block(queue, XNVME_SPEC_NVM_OPC_READ, job->slba, back);
		CHECK(xnvme_queue_drain(queue) == 1);
		CHECK(!job->target->moves_data || !memcmp(buf, back, block));
	}
	CHECK(!tally.failed);
	xnvme_buf_free(job->dev, buf);
	xnvme_buf_free(job->dev, back);
	if (!job->queue) {
		CHECK(!xnvme_queue_term(queue));
	}
	return NULL;
}

/* Threads with a queue each on one handle; a queue moves between threads while it is idle */
static void
serves_threads(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 16);
	struct job jobs[3];
	pthread_t threads[3];

	for (uint64_t i = 0; i < 3; ++i) {
		jobs[i] = (struct job){target, dev, NULL, target->scratch + i * 8, 100};
		CHECK(!pthread_create(&threads[i], NULL, job_run, &jobs[i]));
	}
	for (int i = 0; i < 3; ++i) {
		CHECK(!pthread_join(threads[i], NULL));
	}
	for (int i = 0; i < 3; ++i) { /* used by two other threads, then by this one */
		jobs[0] = (struct job){target, dev, queue, target->scratch, 10};
		if (i < 2) {
			CHECK(!pthread_create(&threads[0], NULL, job_run, &jobs[0]));
			CHECK(!pthread_join(threads[0], NULL));
		} else {
			(void)job_run(&jobs[0]);
		}
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_dev_close(dev);
}

static void *
opener_run(void *arg)
{
	const struct target *target = arg;

	for (int i = 0; i < 20; ++i) {
		struct xnvme_dev *dev = target_open(target);

		CHECK(xnvme_dev_get_geo(dev)->nsect);
		xnvme_dev_close(dev);
	}
	return NULL;
}

static void
opens_in_parallel(const struct target *target)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; ++i) {
		CHECK(!pthread_create(&threads[i], NULL, opener_run, (void *)(uintptr_t)target));
	}
	for (int i = 0; i < 4; ++i) {
		CHECK(!pthread_join(threads[i], NULL));
	}
}

const struct check checks_queue[] = {
	{"verifies_at_all_depths", verifies_at_all_depths},
	{"refuses_bad_capacities", refuses_bad_capacities},
	{"says_busy_when_full", says_busy_when_full},
	{"says_busy_when_a_long_one_is_full", says_busy_when_a_long_one_is_full},
	{"pokes_no_more_than_asked", pokes_no_more_than_asked},
	{"survives_storms", survives_storms},
	{"keeps_count_in_tangles", keeps_count_in_tangles},
	{"wakes_a_sleeper", wakes_a_sleeper},
	{"gives_no_late_descriptor", gives_no_late_descriptor},
	{"moves_vectors_async", moves_vectors_async},
	{"takes_all_commands_async", takes_all_commands_async},
	{"ends_with_commands_outstanding", ends_with_commands_outstanding},
	{"serves_threads", serves_threads},
	{"opens_in_parallel", opens_in_parallel},
	{NULL, NULL},
};
