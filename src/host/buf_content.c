/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Contents of buffers: fill, compare, load and save.
 */
#include <host/err.h>

#include <base/prng.h>
#include <errno.h>
#include <os/os.h>
#include <stdio.h>
#include <string.h>

/* The traditional contents: "anum" repeats the letters, "rand-k" is pseudo-random letters, the same
 * in every run, "rand-t" differs in every run, "zero" is zeroes, a single character is repeated.
 * Any other text is the name of a file. */
int
xnvme_buf_fill(void *buf, size_t nbytes, const char *content)
{
	unsigned char *bytes = buf;
	uint64_t seed = 0x6F696D6E7658ULL; /* constant: every run gets the same bytes */

	if (!buf || !content) {
		return err_set(-EINVAL, "a buffer and what to fill it with are needed");
	}
	if (!strcmp(content, "zero")) {
		memset(buf, 0, nbytes);
		return 0;
	}
	if (content[0] && !content[1]) {
		memset(buf, content[0], nbytes);
		return 0;
	}
	if (!strcmp(content, "anum")) {
		for (size_t i = 0; i < nbytes; ++i) {
			bytes[i] = (unsigned char)('A' + i % 26);
		}
		return 0;
	}
	if (!strcmp(content, "rand-k") || !strcmp(content, "rand-t")) {
		bool text = content[5] == 't';

		if (text) {
			seed = os_clock_ns(); /* "t": seeded by the time, differs in every run */
		}
		for (size_t i = 0; i < nbytes; ++i) {
			bytes[i] = (unsigned char)('A' + prng_next(&seed) % 26);
		}
		return 0;
	}
	return xnvme_buf_from_file(buf, nbytes, content);
}

void *
xnvme_buf_clear(void *buf, size_t nbytes)
{
	return memset(buf, 0, nbytes);
}

int
xnvme_buf_clear_706(void *buf, size_t nbytes)
{
	(void)xnvme_buf_clear(buf, nbytes);
	return 0;
}

int
xnvme_buf_memcpy(void *dst, const void *src, size_t nbytes)
{
	memcpy(dst, src, nbytes);
	return 0;
}

size_t
xnvme_buf_diff(const void *expected, const void *actual, size_t nbytes)
{
	const unsigned char *exp = expected;
	const unsigned char *act = actual;
	size_t diff = 0;

	for (size_t i = 0; i < nbytes; ++i) {
		diff += exp[i] != act[i];
	}
	return diff;
}

int
xnvme_buf_diff_706(const void *expected, const void *actual, size_t nbytes, size_t *diff)
{
	*diff = xnvme_buf_diff(expected, actual, nbytes);
	return 0;
}

static int
file_failed(const char *what, const char *path)
{
	int err = errno ? -errno : -EIO;

	return err_set(err, "cannot %s '%s': %s", what, path, strerror(-err));
}

int
xnvme_buf_to_file(void *buf, size_t nbytes, const char *path)
{
	FILE *file = fopen(path, "wbe");

	if (!file) {
		return file_failed("create", path);
	}
	size_t written = fwrite(buf, 1, nbytes, file);

	if (fclose(file) || written != nbytes) {
		return file_failed("write all of", path);
	}
	return 0;
}

int
xnvme_buf_from_file(void *buf, size_t nbytes, const char *path)
{
	FILE *file = fopen(path, "rbe");

	if (!file) {
		return file_failed("open", path);
	}
	size_t got = fread(buf, 1, nbytes, file);
	int bad = ferror(file);

	(void)fclose(file);
	if (bad) {
		return file_failed("read", path);
	}
	memset((char *)buf + got, 0, nbytes - got); /* zeroes after the end of a shorter file */
	return 0;
}
