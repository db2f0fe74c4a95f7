/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes docs/support.md from the table that the library decides with, so that the page cannot say
 * anything else than the code. A test compares the page with what this prints.
 */
#include <stdio.h>
#include <string.h>
#include <host/paths.h>

struct column {
	enum handle_kind kind;
	const char *head;
};

static const struct column columns[] = {
	{KIND_FILE, "file"},
	{KIND_BLOCK, "block device"},
	{KIND_NVME_BLOCK, "`/dev/nvmeXnY`"},
	{KIND_NVME_CHAR, "`/dev/ngXnY`"},
	{KIND_NVME_CTRLR, "`/dev/nvmeX`"},
	{KIND_RAMDISK, "ramdisk `1GiB`"},
	{KIND_VIRT, "`virt:`"},
	{KIND_PCI, "PCI function"},
	{KIND_PCI_VIRT, "`pci-virt:`"},
	{KIND_VFIO_USER, "`vfio-user:`"},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void
cell(const char *path, enum path_role role, const struct column *column)
{
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		const struct path_fit *fit = &path_fits[i];

		if (fit->role != role || !(fit->kinds & column->kind) || strcmp(fit->path, path)) {
			continue;
		}
		if (fit->rank) {
			printf(" %d |", fit->rank);
		} else {
			printf(" named |");
		}
		return;
	}
	printf(" |");
}

static bool
fits_any(const char *path, enum path_role role)
{
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (path_fits[i].role == role && !strcmp(path_fits[i].path, path)) {
			return true;
		}
	}
	return false;
}

static void
table(const char *title, const char *option, enum path_role role)
{
	printf("\n## %s\n\n| `%s=` |", title, option);
	for (size_t i = 0; i < COLUMNS; ++i) {
		printf(" %s |", columns[i].head);
	}
	printf("\n|---|");
	for (size_t i = 0; i < COLUMNS; ++i) {
		printf("---|");
	}
	printf("\n");
	for (size_t i = 0; path_by_index(i); ++i) {
		const char *name = path_by_index(i)->name;

		if (!fits_any(name, role)) {
			continue;
		}
		printf("| %s |", name);
		for (size_t j = 0; j < COLUMNS; ++j) {
			cell(name, role, &columns[j]);
		}
		printf("\n");
	}
}

int
main(void)
{
	printf("<!-- Made by docs/support_gen.c from src/host/paths.c: do not edit -->\n"
	       "# What speaks what\n\n"
	       "The table that the library itself decides with, on Linux. A number is the "
	       "preference: "
	       "when nothing is\nnamed, the path with the highest one that this machine allows is "
	       "taken. *named*: only when the\noptions name it. Empty: refused at open, with a "
	       "sentence that lists what would work.\n`xnvme paths URI` tells the same for one "
	       "device on one machine.\n");
	table("Asynchronous: queues", "async", ROLE_ASYNC);
	table("Synchronous: one command at a time", "sync", ROLE_SYNC);
	table("Admin commands", "admin", ROLE_ADMIN);
	printf("\n## The paths\n\n| path | what it does |\n|---|---|\n");
	for (size_t i = 0; path_by_index(i); ++i) {
		printf("| %s | %s |\n", path_by_index(i)->name, path_by_index(i)->descr);
	}
	return 0;
}
