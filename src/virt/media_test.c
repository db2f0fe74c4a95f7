/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <virt/media.h>
#include "../../tests/temp_dir.h"

enum { NBYTES = 64 << 20 };

static struct virt_spec spec;
static struct media media;
static char why_buf[1024];

static int
open_media(uint64_t nbytes)
{
	struct text why = text_on(why_buf, sizeof(why_buf));

	return media_open(&media, &spec, nbytes, &why);
}

static void
use_file(const char *name)
{
	memset(&spec, 0, sizeof(spec));
	spec.media = VIRT_MEDIA_FILE;
	snprintf(spec.media_path, sizeof(spec.media_path), "%s/%s", temp_dir, name);
}

static void
a_file_survives_and_can_be_thin(void **state)
{
	struct stat info;
	uint8_t *bytes;

	(void)state;
	use_file("thin");
	spec.overcommit = true;
	assert_int_equal(open_media(NBYTES), 0);
	assert_true(media.created);
	bytes = media.bytes;
	bytes[0] = 1;
	bytes[NBYTES - 1] = 2;
	assert_int_equal(stat(spec.media_path, &info), 0);
	assert_int_equal(info.st_size, NBYTES + 4096);
	media_close(&media, &spec, false);
	assert_int_equal(stat(spec.media_path, &info), 0);
	assert_true(info.st_blocks * 512 < 1 << 20); /* two pages, the header, and metadata */

	assert_int_equal(open_media(NBYTES), 0);
	assert_false(media.created);
	assert_false(media.was_left);
	bytes = media.bytes;
	assert_int_equal(bytes[0], 1);
	assert_int_equal(bytes[1], 0);
	assert_int_equal(bytes[NBYTES - 1], 2);
	media_close(&media, &spec, false);
}

/* The writer is killed while it writes: its earlier writes are in the file, which is marked as not
 * closed */
static void
a_killed_process_leaves_a_usable_file(void **state)
{
	int told[2];
	uint32_t last;
	pid_t pid;

	(void)state;
	use_file("killed");
	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		if (open_media(NBYTES)) {
			_exit(1);
		}
		for (uint32_t i = 0;; i += 1) {
			((volatile uint32_t *)media.bytes)[i % (NBYTES / 4)] = i;
			if (i % 65536 == 65535 && write(told[1], &i, sizeof(i)) != sizeof(i)) {
				_exit(1);
			}
		}
	}
	for (int i = 0; i < 20; i += 1) {
		assert_int_equal(read(told[0], &last, sizeof(last)), sizeof(last));
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(told[0]);
	close(told[1]);

	assert_int_equal(open_media(NBYTES), 0);
	assert_true(media.was_left);
	for (uint32_t i = 0; i <= last; i += 1) {
		if (((uint32_t *)media.bytes)[i] != i) {
			fail_msg("word %u of %u is %u", i, last, ((uint32_t *)media.bytes)[i]);
		}
	}
	media_close(&media, &spec, false);
	assert_int_equal(open_media(NBYTES), 0);
	assert_false(media.was_left);
	media_close(&media, &spec, false);
}

static void
another_size_is_refused(void **state)
{
	(void)state;
	use_file("size");
	assert_int_equal(open_media(NBYTES), 0);
	media_close(&media, &spec, false);
	assert_int_equal(truncate(spec.media_path, 100000), 0);
	assert_int_equal(open_media(NBYTES), -EINVAL);
	assert_non_null(strstr(why_buf, "this file was cut short"));
	assert_int_equal(truncate(spec.media_path, NBYTES + 4096), 0);
	assert_int_equal(open_media(NBYTES + 4096), -EINVAL);
	assert_non_null(strstr(why_buf, "it holds 67108864 bytes and this SSD needs 67112960"));
	assert_int_equal(open_media(NBYTES), 0); /* and it was not changed */
	media_close(&media, &spec, false);
	assert_int_equal(truncate(spec.media_path, NBYTES), 0);
	assert_int_equal(open_media(NBYTES), -EINVAL);
}

static void
what_is_not_media_is_left_alone(void **state)
{
	char byte;
	int fd;

	(void)state;
	use_file("letter");
	fd = open(spec.media_path, O_CREAT | O_RDWR, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(open_media(NBYTES), -EINVAL);
	assert_non_null(strstr(why_buf, "holds something else, which is left alone"));
	assert_int_equal(pread(fd, &byte, 1, 0), 1);
	assert_int_equal(byte, 'x');
	assert_int_equal(lseek(fd, 0, SEEK_END), 1);
	close(fd);
	snprintf(spec.media_path, sizeof(spec.media_path), "%s", temp_dir);
	assert_int_equal(open_media(NBYTES), -EISDIR);
	snprintf(spec.media_path, sizeof(spec.media_path), "/dev/null");
	assert_int_equal(open_media(NBYTES), -EINVAL);
	assert_non_null(strstr(why_buf, "not a regular file"));
	snprintf(spec.media_path, sizeof(spec.media_path), "%s/no/such/file", temp_dir);
	assert_int_equal(open_media(NBYTES), -ENOENT);
}

static void
a_file_in_use_is_refused(void **state)
{
	struct media first;

	(void)state;
	use_file("used");
	assert_int_equal(open_media(NBYTES), 0);
	first = media;
	assert_int_equal(open_media(NBYTES), -EBUSY);
	assert_non_null(strstr(why_buf, "another virtual SSD uses it"));
	media_close(&first, &spec, false);
	assert_int_equal(open_media(NBYTES), 0);
	media_close(&media, &spec, false);
}

static void
a_file_too_large_is_refused_and_removed(void **state)
{
	(void)state;
	use_file("large");
	assert_int_equal(open_media(INT64_MAX), -EFBIG);
	assert_non_null(strstr(why_buf, "cannot make it so large"));
	assert_int_equal(access(spec.media_path, F_OK), -1);
}

static void
a_file_that_may_fill_the_disk_is_refused(void **state)
{
	(void)state;
	use_file("full");
	assert_int_equal(open_media(1ULL << 42), -ENOSPC);
	assert_non_null(strstr(why_buf, "or set overcommit=true"));
	assert_int_equal(access(spec.media_path, F_OK), -1);
	spec.overcommit = true;
	if (open_media(1ULL << 42) == -ENOMEM) {
		print_message("no 4 TiB of addresses here: %s\n", why_buf);
		skip();
	}
	assert_non_null(media.bytes);
	((uint8_t *)media.bytes)[1ULL << 41] = 1;
	media_close(&media, &spec, true);
	assert_int_equal(access(spec.media_path, F_OK), -1);
}

/* The space of a file is reserved when it is opened: the next one finds it used */
static void
the_space_of_a_file_is_reserved(void **state)
{
	struct stat info;

	(void)state;
	use_file("reserved");
	spec.overcommit = true; /* made sparse, then opened without overcommit */
	assert_int_equal(open_media(NBYTES), 0);
	media_close(&media, &spec, false);
	spec.overcommit = false;
	assert_int_equal(open_media(NBYTES), 0);
	assert_int_equal(stat(spec.media_path, &info), 0);
	assert_true(info.st_blocks * 512 >= NBYTES);
	media_close(&media, &spec, false);
}

static void
memory_and_nothing(void **state)
{
	(void)state;
	memset(&spec, 0, sizeof(spec));
	assert_int_equal(open_media(1ULL << 40), 0); /* sparse: more than the machine has */
	((uint8_t *)media.bytes)[1ULL << 39] = 1;
	media_close(&media, &spec, false);
	assert_int_equal(open_media(1ULL << 62), -ENOMEM);
	assert_non_null(strstr(why_buf, "make the drive smaller with size="));
	media_close(&media, &spec, false);
	spec.media = VIRT_MEDIA_NONE;
	assert_int_equal(open_media(0), 0);
	assert_null(media.bytes);
	media_close(&media, &spec, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_survives_and_can_be_thin),
		cmocka_unit_test(a_killed_process_leaves_a_usable_file),
		cmocka_unit_test(another_size_is_refused),
		cmocka_unit_test(what_is_not_media_is_left_alone),
		cmocka_unit_test(a_file_in_use_is_refused),
		cmocka_unit_test(a_file_too_large_is_refused_and_removed),
		cmocka_unit_test(a_file_that_may_fill_the_disk_is_refused),
		cmocka_unit_test(the_space_of_a_file_is_reserved),
		cmocka_unit_test(memory_and_nothing),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
