/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Client memory in huge pages. QEMU maps the memory of a guest in parts that begin and end inside
 * such a page: [0, 640 KiB), [768 KiB, 1 MiB), [1 MiB, end).
 */
#include <linux/memfd.h>
#include <export/vfio_user/client_test.h>

#define HUGE_NBYTES (2u << 20)
#define FILE_NBYTES (2u * HUGE_NBYTES)
#define OVERCOMMIT "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages"

static uint8_t *file; /* all of t.mem_fd; NULL: this machine has no huge pages */
static unsigned long overcommit;

/* Set how many huge pages the kernel may allocate on demand; false: unknown, or not permitted */
static bool
set_overcommit(unsigned long count, unsigned long *before)
{
	FILE *f = fopen(OVERCOMMIT, "r+");
	bool done = f && fscanf(f, "%lu", before) == 1 && fseek(f, 0, SEEK_SET) == 0 &&
		    fprintf(f, "%lu", count) > 0;

	return f && fclose(f) == 0 && done;
}

static int
allow_huge_pages(void **state)
{
	(void)state;
	(void)set_overcommit(64, &overcommit);
	return 0;
}

static int
restore_huge_pages(void **state)
{
	unsigned long count;

	(void)state;
	(void)set_overcommit(overcommit, &count);
	return 0;
}

static int
start_huge(void **state)
{
	int fd = memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_2MB);

	start_event(state);
	assert_int_equal(say_version(0, 1, NULL), 0);
	file = NULL;
	if (fd >= 0 && ftruncate(fd, FILE_NBYTES) == 0) {
		file = mmap(NULL, FILE_NBYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		file = file == MAP_FAILED ? NULL : file;
	}
	if (file) {
		close(t.mem_fd);
		munmap(t.mem, MEM_NBYTES);
		t.mem_fd = fd;
		t.mem = file;
	}
	return 0;
}

static int
stop_huge(void **state)
{
	if (file) {
		munmap(file, FILE_NBYTES);
		t.mem = mmap(NULL, MEM_NBYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	return stop(state);
}

static void
need_huge_pages(void)
{
	if (!file) {
		skip(); /* the kernel has none, and only root may allow some */
	}
}

/* Number of mappings of this process, which contains the server */
static uint32_t
mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	uint32_t count = 0;

	for (int c = fgetc(f); c != EOF; c = fgetc(f)) {
		count += c == '\n';
	}
	fclose(f);
	return count;
}

static void
a_guest_in_huge_pages(void **state)
{
	static const uint32_t pieces[][2] = {
		{0, 0xA0000}, {0xC0000, 0x100000}, {0x100000, FILE_NBYTES}};

	(void)state;
	need_huge_pages();
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); ++i) {
		assert_int_equal(map(pieces[i][0], pieces[i][1] - pieces[i][0], pieces[i][0], 3,
				     true),
				 0);
	}
	assert_int_equal(unmap(0xC0000, 0x40000, 0), 0); /* the other two stay */
	assert_int_equal(unmap(0x100000, FILE_NBYTES - 0x100000, 0), 0);
	t.mem = file + 0x100000 + 0x3000; /* queues and data, from the host's IOVA on */
	assert_int_equal(map(IOVA, MEM_NBYTES, 0x103000, 3, true), 0);
	identify();
}

static void
unmapped_is_unmapped(void **state)
{
	uint32_t before;

	(void)state;
	need_huge_pages();
	before = mappings();
	for (uint32_t i = 0; i < 100; ++i) {
		assert_int_equal(map(IOVA, 0xA0000, 0, 3, true), 0);
		assert_int_equal(unmap(IOVA, 0xA0000, 0), 0);
	}
	assert_true(mappings() < before + 10);
	for (uint64_t i = 0; i < 100; ++i) {
		assert_int_equal(map(IOVA + i * 0x10000, 0x10000, i * 0x1000, 3, true), 0);
	}
	reconnect();
	assert_int_equal(say_version(0, 1, NULL), 0); /* the server has finished with the other */
	assert_true(mappings() < before + 10);
}

/* The file is truncated under the server: that client is dropped, the next one is served */
static void
a_file_cut_short(void **state)
{
	(void)state;
	need_huge_pages();
	assert_int_equal(map(IOVA, 0x10000, 0x1000, 3, true), 0);
	t.mem = file + 0x1000;
	enable();
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
	assert_int_equal(ftruncate(t.mem_fd, 0), 0);
	const uint32_t tail = 1;
	int got = access_region(true, VFU_REGION_BAR0, REG_DOORBELLS, 4, &tail);

	while (got == 0) {
		got = access_region(false, VFU_REGION_BAR0, REG_CSTS, 4, NULL);
	}
	assert_int_equal(got, -1);
	assert_int_equal(ftruncate(t.mem_fd, FILE_NBYTES), 0);
	reconnect();
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, 0x10000, 0x1000, 3, true), 0);
	identify();
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start_huge, stop_huge)
	const struct CMUnitTest tests[] = {
		T(a_guest_in_huge_pages),
		T(unmapped_is_unmapped),
		T(a_file_cut_short),
	};

	return cmocka_run_group_tests(tests, allow_huge_pages, restore_huge_pages);
}
