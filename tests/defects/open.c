/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Defects of opening and describing a device.
 */
#include "defects.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
same_shape(struct xnvme_dev *a, struct xnvme_dev *b)
{
	return !strcmp(xnvme_dev_get_kind(a), xnvme_dev_get_kind(b)) &&
	       xnvme_dev_get_ident(a)->dtype == xnvme_dev_get_ident(b)->dtype &&
	       xnvme_dev_get_csi(a) == xnvme_dev_get_csi(b) &&
	       xnvme_dev_get_geo(a)->tbytes == xnvme_dev_get_geo(b)->tbytes &&
	       xnvme_dev_get_geo(a)->lba_nbytes == xnvme_dev_get_geo(b)->lba_nbytes;
}

/* X01: `async=`, `sync=` or `admin=` alone ends the classification of the URI; the geometry is 0,
 * and callers divide by it. Here the URI is always classified; the options only constrain the
 * choice. */
static void
x01_one_path_alone_still_classifies(const char *uri)
{
	struct xnvme_dev *plain = open_with(uri, NULL);
	uint32_t roles[] = {XNVME_BE_ROLE_ASYNC, XNVME_BE_ROLE_SYNC, XNVME_BE_ROLE_ADMIN};
	int opened[3] = {0};

	CHECK(xnvme_dev_get_geo(plain)->lba_nbytes == 512);
	for (size_t i = 0; i < 3; ++i) {
		const char *name;

		for (int idx = 0; (name = path_next(&idx, roles[i]));) {
			struct xnvme_opts opts = xnvme_opts_default();
			struct xnvme_dev *dev;

			opts.async = i == 0 ? name : NULL;
			opts.sync = i == 1 ? name : NULL;
			opts.admin = i == 2 ? name : NULL;
			dev = xnvme_dev_open(uri, &opts);
			if (dev) {
				CHECK(same_shape(plain, dev));
				opened[i] += 1;
			}
			xnvme_dev_close(dev);
		}
		CHECK(opened[i] >= 1);
	}
	xnvme_dev_close(plain);
}

/* X01b: a failed identify or allocation is ignored, and getters return zeroes. Here open fails with
 * a message; tests/inject fails each allocation and system call in turn. */
static void
x01b_no_handle_without_geometry(const char *uri)
{
	static const char *const mems[] = {"posix", "hugepage"};

	for (size_t i = 0; i < 2; ++i) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev;

		opts.mem = mems[i];
		xnvme_err_clear();
		dev = xnvme_dev_open(uri, &opts);
		CHECK(dev || (i && *xnvme_err_text())); /* without huge pages: a message */
		if (dev) {
			CHECK(xnvme_dev_get_geo(dev)->lba_nbytes);
			CHECK(xnvme_dev_get_geo(dev)->nsect && xnvme_dev_get_geo(dev)->tbytes);
		}
		xnvme_dev_close(dev);
	}
}

static void
reads_a_block(struct xnvme_dev *dev)
{
	struct xnvme_queue *queue = NULL;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct ending ending = {0};
	void *buf = xnvme_buf_alloc(dev, 512);

	CHECK(buf && !xnvme_queue_init(dev, 1, 0, &queue));
	CHECK(!xnvme_nvm_read(ctx_for(queue, &ending), 1, 0, 0, buf, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && ending.count == 1);
	CHECK(!status_of(&ending.cpl));
	CHECK(!xnvme_nvm_read(&ctx, 1, 0, 0, buf, NULL));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
}

/* X02: paths are offered for nodes on which every command fails. Here an unsupported path is
 * refused at open, see also tests/conformance/refusals.c; on NVMe nodes: tests/guest/paths.sh. */
static void
x02_what_opens_also_moves_data(const char *uri)
{
	on_each_path(uri, reads_a_block);
}

/* X03: commands before the first use of the geometry move no data and succeed. Here the geometry is
 * derived at open. */
static void
x03_commands_come_before_anybody_asks_for_geometry(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char *out = xnvme_buf_alloc(dev, 512);
	char *in = xnvme_buf_alloc(dev, 512);

	CHECK(out && in);
	CHECK(!xnvme_buf_fill(out, 512, "rand-t"));
	memset(in, 0, 512);
	CHECK(!xnvme_nvm_write(&ctx, 1, 3, 0, out, NULL));
	CHECK(!xnvme_nvm_read(&ctx, 1, 3, 0, in, NULL));
	CHECK(!memcmp(in, out, 512));
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
	dev = open_with(uri, NULL);
	CHECK(xnvme_dev_get_ssw(dev) == 9);
	xnvme_dev_close(dev);
}

/* X15: emulated identify pages contain previous content of the buffer. Here whole pages are
 * written. */
static void
x15_identify_leaves_nothing_of_the_buffer(const char *uri)
{
	static const uint8_t cns[] = {0x00, 0x01, 0x02, 0x03};
	struct xnvme_dev *dev = open_with(uri, NULL);
	uint8_t *one = xnvme_buf_alloc(dev, 4096);
	uint8_t *two = xnvme_buf_alloc(dev, 4096);

	CHECK(one && two);
	for (size_t i = 0; i < sizeof(cns); ++i) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		uint8_t nsid = cns[i] == 0x00 || cns[i] == 0x03;

		memset(one, 0x5A, 4096);
		memset(two, 0xA5, 4096);
		CHECK(!xnvme_adm_idfy(&ctx, cns[i], 0, nsid, 0, 0, (void *)one));
		CHECK(!xnvme_adm_idfy(&ctx, cns[i], 0, nsid, 0, 0, (void *)two));
		CHECK(!memcmp(one, two, 4096));
	}
	xnvme_buf_free(dev, one);
	xnvme_buf_free(dev, two);
	xnvme_dev_close(dev);
}

/* Counts the descriptors of this process, and those of `path` without O_DIRECT */
static int
count_fds(const char *path, int *buffered)
{
	DIR *dir = opendir("/proc/self/fd");
	struct stat want, got;
	struct dirent *entry;
	int cnt = 0;

	CHECK(dir);
	*buffered = 0;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		cnt += 1;
		if (entry->d_name[0] != '.' && !stat(path, &want) && !fstat(fd, &got) &&
		    want.st_ino == got.st_ino && want.st_dev == got.st_dev &&
		    !(fcntl(fd, F_GETFL) & O_DIRECT)) {
			*buffered += 1;
		}
	}
	(void)closedir(dir);
	return cnt;
}

/* X18: O_DIRECT is dropped silently. Here it is kept or refused. */
static void
x18_direct_is_kept_or_refused(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	int buffered;

	opts.direct = 1;
	xnvme_err_clear();
	dev = xnvme_dev_open(uri, &opts);
	if (dev) {
		CHECK(xnvme_dev_get_opts(dev)->direct);
		(void)count_fds(uri, &buffered);
		CHECK(!buffered);
		xnvme_dev_close(dev);
	} else {
		CHECK(strstr(xnvme_err_text(), "direct"));
	}
	opts.rdonly = 1; /* a file that supports the page cache only */
	xnvme_err_clear();
	CHECK(!xnvme_dev_open("/proc/self/maps", &opts));
	CHECK(*xnvme_err_text());
}

/* X18: descriptors leak on errors. Here they are closed, see also tests/inject. */
static void
x18_a_refused_open_leaves_no_descriptor(const char *uri)
{
	int buffered, before = count_fds(uri, &buffered);
	const char *name;

	for (int idx = 0; (name = path_next(&idx, XNVME_BE_ROLE_SYNC));) {
		static const char *const mems[] = {NULL, "posix", "hugepage", "nonsense"};

		for (size_t i = 0; i < 8; ++i) {
			struct xnvme_opts opts = xnvme_opts_default();

			opts.sync = name;
			opts.mem = mems[i / 2];
			opts.poll_io = i & 1;
			xnvme_dev_close(xnvme_dev_open(uri, &opts));
		}
	}
	CHECK(count_fds(uri, &buffered) == before);
}

/* X19: a file has blocks of 1 byte and of 512 bytes at once. Here it has blocks of 512 bytes
 * everywhere. */
static void
x19_geometry_and_identify_are_one_model(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	const struct xnvme_spec_idfy_ns *ns = xnvme_dev_get_ns(dev);

	CHECK(geo->nbytes == 512 && geo->lba_nbytes == 512 && geo->ssw == 9);
	CHECK(geo->tbytes == geo->nsect * geo->nbytes);
	CHECK(ns->nsze == geo->nsect && ns->ncap && ns->ncap <= ns->nsze);
	CHECK(ns->lbaf[ns->flbas.format].ds == 9);
	xnvme_dev_close(dev);
}

/* X21: the largest transfer is read from the wrong attribute in the wrong unit. Here it works, and
 * is at most the kernel's limit: `max_hw_sectors_kb` and segments of a page. */
static void
x21_the_largest_transfer_is_possible(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	uint32_t nbytes = xnvme_dev_get_geo(dev)->mdts_nbytes;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char path[256], name[128];
	unsigned long kib = 0;
	FILE *file;
	void *buf;

	(void)snprintf(name, sizeof(name), "%s", uri);
	(void)snprintf(path, sizeof(path), "/sys/block/%s/queue/max_hw_sectors_kb",
		       basename(name));
	file = is_kind(dev, "block") ? fopen(path, "re") : NULL;
	if (file) {
		CHECK(fscanf(file, "%lu", &kib) == 1);
		CHECK(nbytes <= kib * 1024);
		(void)fclose(file);
	}
	nbytes = nbytes < 8u << 20 ? nbytes : 8u << 20;
	buf = xnvme_buf_alloc(dev, nbytes);
	CHECK(buf);
	CHECK(!xnvme_nvm_read(&ctx, 1, 0, (uint16_t)(nbytes / 512 - 1), buf, NULL));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* X22: an unknown identify page returns +1, "Operation not permitted". Here it is Invalid Field. */
static void
x22_an_unknown_page_is_an_error_of_its_own(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	void *page = xnvme_buf_alloc(dev, 4096);

	CHECK(page);
	CHECK(xnvme_adm_idfy(&ctx, 0x3F, 0, 0, 0, 0, page) == -EIO); /* not +1, EPERM */
	CHECK(status_of(&ctx.cpl) == XNVME_SPEC_SC_INVALID_FIELD);
	xnvme_buf_free(dev, page);
	xnvme_dev_close(dev);
}

/* X37: `shm_id` on a device that cannot be shared succeeds silently. Here it is refused at open: no
 * path shares a device. */
static void
x37_sharing_between_processes_is_refused(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.shm_id = 1;
	xnvme_err_clear();
	CHECK(!xnvme_dev_open(uri, &opts));
	CHECK(errno == ENOTSUP && strstr(xnvme_err_text(), "shm_id"));
}

const struct defect defects_open[] = {
	{"x01_one_path_alone_still_classifies", x01_one_path_alone_still_classifies},
	{"x01b_no_handle_without_geometry", x01b_no_handle_without_geometry},
	{"x02_what_opens_also_moves_data", x02_what_opens_also_moves_data},
	{"x03_commands_come_before_anybody_asks_for_geometry",
	 x03_commands_come_before_anybody_asks_for_geometry},
	{"x15_identify_leaves_nothing_of_the_buffer", x15_identify_leaves_nothing_of_the_buffer},
	{"x18_direct_is_kept_or_refused", x18_direct_is_kept_or_refused},
	{"x18_a_refused_open_leaves_no_descriptor", x18_a_refused_open_leaves_no_descriptor},
	{"x19_geometry_and_identify_are_one_model", x19_geometry_and_identify_are_one_model},
	{"x21_the_largest_transfer_is_possible", x21_the_largest_transfer_is_possible},
	{"x22_an_unknown_page_is_an_error_of_its_own", x22_an_unknown_page_is_an_error_of_its_own},
	{"x37_sharing_between_processes_is_refused", x37_sharing_between_processes_is_refused},
	{NULL, NULL},
};
