/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fork(): handles that a child inherits refuse every call with an error that says why. No call of
 * the child on them affects the parent, even with commands outstanding.
 */
#include "conform.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEPTH = 8, OUTSTANDING = 4 };

struct family {
	const struct target *target;
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	char *buf; /* a block for each read */
	size_t block;
	uint32_t reads;
	uint32_t done;
};

static void
count_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct family *family = arg;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	family->done += 1;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

static int
read_async(struct family *family)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(family->queue);
	int err;

	CHECK(ctx);
	err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(family->dev), family->target->scratch, 0,
			     family->buf + family->reads * family->block, NULL);
	if (err) {
		CHECK(!xnvme_queue_put_cmd_ctx(family->queue, ctx));
		return err;
	}
	family->reads += 1;
	return 0;
}

static int
move_sync(struct xnvme_dev *dev, uint64_t slba, void *buf, bool write)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nsid = xnvme_dev_get_nsid(dev);

	return write ? xnvme_nvm_write(&ctx, nsid, slba, 0, buf, NULL) :
		       xnvme_nvm_read(&ctx, nsid, slba, 0, buf, NULL);
}

static void
all_is_refused(struct family *family, bool outstanding)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(family->dev);
	struct xnvme_spec_idfy idfy;
	struct xnvme_queue *other;

	CHECK(move_sync(family->dev, family->target->scratch, family->buf, true) == -ESTALE);
	CHECK(strstr(xnvme_err_text(), "forked"));
	CHECK(xnvme_adm_idfy_ctrlr(&ctx, &idfy) == -ESTALE);
	CHECK(read_async(family) == -ESTALE);
	CHECK(xnvme_queue_poke(family->queue, 0) == (outstanding ? -ESTALE : 0));
	CHECK(xnvme_queue_drain(family->queue) == (outstanding ? -ESTALE : 0));
	CHECK(xnvme_queue_wait_timeout(family->queue, 0) == (outstanding ? -ESTALE : 0));
	CHECK(outstanding || xnvme_queue_get_completion_fd(family->queue) == -ESTALE);
	CHECK(xnvme_queue_init(family->dev, DEPTH, 0, &other) == -ESTALE);
	CHECK(!xnvme_buf_alloc(family->dev, 4096) && errno == ESTALE);
}

/* A handle that the child opens itself works, except on devices that have a single user */
static void
opens_anew(const struct target *target, struct xnvme_dev *inherited)
{
	struct xnvme_opts opts = target->opts;
	bool refused = UNDER_TSAN || strstr(xnvme_dev_get_kind(inherited), "vfio_user") ||
			!strcmp(xnvme_dev_get_kind(inherited), "pci");
	struct xnvme_dev *dev;
	char *buf;

	if (refused) {
		return;
	}
	dev = target_open(target);
	buf = xnvme_buf_alloc(dev, xnvme_dev_get_geo(dev)->lba_nbytes);
	CHECK(buf);
	CHECK(!move_sync(dev, target->scratch + 1, buf, opts.rdonly == 0));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static _Noreturn void
child(struct family *family, bool outstanding, bool closes)
{
	(void)alarm(60);
	all_is_refused(family, outstanding);
	if (closes) {
		xnvme_buf_free(family->dev, family->buf);
		(void)xnvme_queue_term(family->queue);
		opens_anew(family->target, family->dev);
		xnvme_dev_close(family->dev);
	}
	exit(0); /* runs the exit handlers */
}

/* Read by the leak checker: memory that a child inherited stays allocated until the child ends, see
 * libxnvme_dev.h; so does what another thread of the parent had allocated during a call */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:fork_once\nleak:vfu_memory_answer\n";
}

static void
fork_once(const struct target *target, uint32_t outstanding, bool closes)
{
	struct family family = {.target = target, .dev = target_open(target)};
	char *expected = target_buf(family.dev, 1);
	pid_t pid;
	int status;

	family.queue = target_queue(family.dev, DEPTH);
	family.block = xnvme_dev_get_geo(family.dev)->lba_nbytes;
	family.buf = target_buf(family.dev, OUTSTANDING + 1);
	CHECK(!xnvme_queue_set_cb(family.queue, count_cb, &family));
	pattern(expected, family.block, 77);
	CHECK(!move_sync(family.dev, target->scratch, expected, true));
	for (uint32_t i = 0; i < outstanding; ++i) {
		CHECK(!read_async(&family));
	}
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		child(&family, outstanding, closes);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(xnvme_queue_drain(family.queue) == (int)outstanding);
	CHECK(!read_async(&family));
	CHECK(xnvme_queue_drain(family.queue) == 1);
	CHECK(family.done == outstanding + 1);
	for (uint32_t i = 0; target->moves_data && i < family.reads; ++i) {
		CHECK(!memcmp(family.buf + i * family.block, expected, family.block));
	}
	CHECK(!move_sync(family.dev, target->scratch, family.buf, false));
	CHECK(!xnvme_queue_term(family.queue));
	xnvme_buf_free(family.dev, family.buf);
	xnvme_buf_free(family.dev, expected);
	xnvme_dev_close(family.dev);
}

static void
survives_a_child(const struct target *target)
{
	fork_once(target, 0, true);
	fork_once(target, OUTSTANDING, true);
	fork_once(target, OUTSTANDING, false);
}

const struct check checks_fork[] = {
	{"survives_a_child", survives_a_child},
	{NULL, NULL},
};
