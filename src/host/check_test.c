/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions x_check() notice a damaged structure: each case damages one in a child process and
 * calls an operation, which must end with a failed assertion of that check.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <base/heap.h>
#include <base/text.h>
#include <host/arena.h>
#include <host/queue.h>

#ifdef NDEBUG
#define HAS_ASSERTIONS false
#else
#define HAS_ASSERTIONS true
#endif

static struct xnvme_dev *
open_ramdisk(void)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);

	assert_non_null(dev);
	return dev;
}

static struct xnvme_queue *
open_queue(void)
{
	struct xnvme_queue *q = NULL;

	assert_int_equal(xnvme_queue_init(open_ramdisk(), 4, 0, &q), 0);
	return q;
}

static void
more_outstanding_than_the_capacity(void)
{
	struct xnvme_queue *q = open_queue();

	q->outstanding = 5;
	(void)xnvme_queue_poke(q, 0);
}

static void
done_but_not_outstanding(void)
{
	struct xnvme_queue *q = open_queue();

	q->done_head = q->done_tail = &q->pool[5];
	(void)xnvme_queue_poke(q, 0);
}

static void
completed_on_another_queue(void)
{
	struct xnvme_queue *q = open_queue();

	(void)queue_done(q, &open_queue()->pool[0]);
}

static void
completed_twice(void)
{
	struct xnvme_queue *q = open_queue();

	q->outstanding = 1;
	queue_complete(q, &q->pool[0]);
	queue_complete(q, &q->pool[0]);
}

static void
blocks_of_another_size(void)
{
	struct xnvme_dev *dev = open_ramdisk();
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char buf[4096];

	dev->lba_shift = 12;
	(void)xnvme_nvm_read(&ctx, 1, 0, 0, buf, NULL);
}

static void
two_kinds(void)
{
	struct xnvme_dev *dev = open_ramdisk();

	dev->kind |= KIND_FILE;
	(void)xnvme_dev_get_ns(dev);
}

static void
no_memory_functions(void)
{
	struct xnvme_dev *dev = open_ramdisk();

	dev->mem = NULL;
	(void)xnvme_buf_alloc(dev, 512);
}

static void
data_in_two_forms(void)
{
	struct xnvme_dev *dev = open_ramdisk();
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char buf[512];
	struct iovec vec = {buf, sizeof(buf)};
	struct payload payload = {.data = buf, .vec = &vec, .vec_cnt = 1, .data_nbytes = 512};

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_COMPARE, 1, 0, 0);
	(void)dev->path[ROLE_SYNC]->call(&ctx, ROLE_SYNC, &payload);
}

static void
blocks_beyond_the_end(void)
{
	struct xnvme_dev *dev = open_ramdisk();
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct payload payload = {0};

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_WRITE_ZEROES, 1, dev->nsze, 0);
	(void)dev->path[ROLE_SYNC]->call(&ctx, ROLE_SYNC, &payload);
}

static void
pages_beyond_the_arena(void)
{
	struct arena arena;
	char *base = aligned_alloc(4096, 4 * 4096);

	assert_non_null(base);
	assert_int_equal(arena_init(&arena, base, 4 * 4096, 4 * 4096), 0);
	arena.run[1] = 7;
	arena_free(&arena, base + 4096);
}

static void
not_in_the_list(void)
{
	struct xnvme_dev *dev = open_ramdisk(), *other = open_ramdisk();

	other->fork_next = NULL; /* cuts the list behind it */
	xnvme_dev_close(dev);
}

static void
not_the_earliest(void)
{
	struct heap_item items[2] = {{.at = 9}, {.at = 3, .seq = 1}};
	struct heap heap = {.items = items, .count = 2, .capacity = 2, .seq = 2};

	(void)heap_next(&heap);
}

static void
text_beyond_its_buffer(void)
{
	char buf[8];
	struct text text = text_on(buf, sizeof(buf));

	text.len = sizeof(buf);
	text_char(&text, 'x');
}

#define CASE(function, what) {#function, function, what}
static const struct {
	const char *name;
	void (*damage)(void);
	const char *assertion; /* a part of the text of the failed assertion */
} cases[] = {
	CASE(more_outstanding_than_the_capacity, "q->outstanding <= q->pool_cnt - 2"),
	CASE(done_but_not_outstanding, "!q->done_head || q->outstanding"),
	CASE(completed_on_another_queue, "ctx->async.queue == q"),
	CASE(completed_twice, "q->outstanding && ctx->async.queue == q"),
	CASE(blocks_of_another_size, "dev->lba_shift == geo->ssw"),
	CASE(two_kinds, "dev->kind"),
	CASE(no_memory_functions, "dev->mem"),
	CASE(data_in_two_forms, "!payload->vec || !payload->data"),
	CASE(blocks_beyond_the_end, "slba < ctx->dev->nsze"),
	CASE(pages_beyond_the_arena, "count <= arena->pages - at"),
	CASE(not_in_the_list, "*at"),
	CASE(not_the_earliest, "heap_item_before"),
	CASE(text_beyond_its_buffer, "text->len < text->cap"),
};

/* Runs `damage` in a child, whose last words are in `text`; returns the status of the child */
static int
run_child(void (*damage)(void), char *text, size_t nbytes)
{
	ssize_t got, used = 0;
	int status, ends[2];

	assert_int_equal(pipe(ends), 0);
	(void)fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		damage();
		_exit(0);
	}
	(void)close(ends[1]);
	while ((got = read(ends[0], text + used, nbytes - 1 - (size_t)used)) > 0) {
		used += got;
	}
	text[used] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
a_damaged_structure_is_noticed(void **state)
{
	(void)state;
	if (!HAS_ASSERTIONS) {
		skip();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		char text[4096];
		int status = run_child(cases[i].damage, text, sizeof(text));

		if (!WIFSIGNALED(status) || !strstr(text, "assertion failed") ||
		    !strstr(text, cases[i].assertion)) {
			fail_msg("%s: status %x, '%s' expected in '%s'", cases[i].name, status,
				 cases[i].assertion, text);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_damaged_structure_is_noticed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
