/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of all paths: their roles, kinds of handle and ranks. resolve.c reads it, library-info
 * prints it.
 */
#include <host/paths.h>

#include <base/assert.h>
#include <host_built.h>
#include <string.h>

#define KIND_FD (KIND_FILE | KIND_BLOCK | KIND_NVME_BLOCK)
#define KIND_NVME (KIND_NVME_BLOCK | KIND_NVME_CHAR | KIND_NVME_CTRLR)
#define KIND_ANY UINT32_MAX

const struct path_fit path_fits[] = {
	{KIND_FILE, ROLE_SYNC, "psync", 20},
	{KIND_FILE, ROLE_ADMIN, "file_as_ns", 20},
	{KIND_BLOCK, ROLE_SYNC, "block", 20},
	{KIND_BLOCK | KIND_NVME_BLOCK, ROLE_SYNC, "psync", 5},
	{KIND_BLOCK, ROLE_ADMIN, "block", 20},
	{KIND_NVME, ROLE_SYNC, "nvme", 30},
	{KIND_NVME, ROLE_ADMIN, "nvme", 30},
	/* without the privilege for passthrough commands, the block layer can read and write */
	{KIND_NVME_BLOCK, ROLE_SYNC, "block", 20},
	{KIND_NVME_BLOCK, ROLE_ADMIN, "block", 20},
	{KIND_RAMDISK, ROLE_SYNC, "ramdisk", 20},
	{KIND_RAMDISK, ROLE_ADMIN, "ramdisk", 20},
	{KIND_VIRT, ROLE_SYNC, "virt", 20},
	{KIND_VIRT, ROLE_ADMIN, "virt", 20},
	{KIND_VIRT, ROLE_ASYNC, "virt", 50},
	{KIND_VIRT, ROLE_ASYNC, "thrpool", 0}, /* threads that wait for what polling completes */
	{KIND_USER_NVME, ROLE_SYNC, "pcie", 20},
	{KIND_USER_NVME, ROLE_ADMIN, "pcie", 20},
	{KIND_USER_NVME, ROLE_ASYNC, "pcie", 50},
	{KIND_FABRICS, ROLE_SYNC, "tcp", 20},
	{KIND_FABRICS, ROLE_ADMIN, "tcp", 20},
	{KIND_FABRICS, ROLE_ASYNC, "tcp", 50},

	{KIND_NVME_CHAR | KIND_NVME_BLOCK, ROLE_ASYNC, "io_uring_cmd", 60},
	{KIND_FD, ROLE_ASYNC, "io_uring", 50},
	{KIND_FD, ROLE_ASYNC, "libaio", 40},
	{KIND_FD | KIND_NVME_CHAR | KIND_NVME_CTRLR, ROLE_ASYNC, "thrpool", 30},
	{KIND_FILE | KIND_BLOCK, ROLE_ASYNC, "posix", 20},
	{KIND_NVME_BLOCK, ROLE_ASYNC, "posix", 0},
	/* a ramdisk copies memory: threads do not make that faster */
	{KIND_RAMDISK, ROLE_ASYNC, "emu", 40},
	{KIND_RAMDISK, ROLE_ASYNC, "thrpool", 30},
	{KIND_ANY & ~KIND_RAMDISK, ROLE_ASYNC, "emu", 0},
	{KIND_ANY, ROLE_ASYNC, "nil", 0},
};
STATIC_ASSERT(sizeof(path_fits) / sizeof(path_fits[0]) <= 64,
	      "resolve.c marks rows as tried in 64 bits");
const size_t path_fits_cnt = sizeof(path_fits) / sizeof(path_fits[0]);

const struct mem_fit mem_fits[] = {
	{KIND_ANY & ~(uint32_t)KIND_USER_NVME, "posix", 20},
	{KIND_ANY & ~(uint32_t)KIND_USER_NVME, "hugepage", 0},
	{KIND_USER_NVME, "pcie", 20},
};
const size_t mem_fits_cnt = sizeof(mem_fits) / sizeof(mem_fits[0]);

const struct be_form be_forms[] = {
	{"", "_file", KIND_FILE, KIND_FILE},
	{"", "_bdev", KIND_BLOCK | KIND_NVME_BLOCK, KIND_BLOCK},
	{"ramdisk_", "", KIND_RAMDISK, KIND_RAMDISK},
};
const size_t be_forms_cnt = sizeof(be_forms) / sizeof(be_forms[0]);

#define DRIVER_DESCR "Driver in user space, by the name of another one"
const struct be_alias be_aliases[] = {
	{"linux", KIND_ANY, false, "Any path of this system"},
	{"spdk", KIND_DRIVER, true, DRIVER_DESCR},
	{"vfio", KIND_DRIVER, true, DRIVER_DESCR},
	{"libvfn", KIND_DRIVER, true, DRIVER_DESCR},
	{"upcie", KIND_DRIVER, true, DRIVER_DESCR},
};
const size_t be_aliases_cnt = sizeof(be_aliases) / sizeof(be_aliases[0]);

#define DECLARE_PATH(name) extern const struct path path_##name;
#define DECLARE_KIND(name) extern const struct kind kind_##name;
#define DECLARE_MEM(name) extern const struct mem_ops mem_##name;
BUILT_PATHS(DECLARE_PATH)
BUILT_KINDS(DECLARE_KIND)
BUILT_MEMS(DECLARE_MEM)

#define POINT_PATH(name) &path_##name,
#define POINT_KIND(name) &kind_##name,
#define POINT_MEM(name) &mem_##name,
static const struct path *const built_paths[] = {BUILT_PATHS(POINT_PATH) NULL};
static const struct kind *const built_kinds[] = {BUILT_KINDS(POINT_KIND) NULL};
static const struct mem_ops *const built_mems[] = {BUILT_MEMS(POINT_MEM) NULL};

const struct path *
path_by_name(const char *name)
{
	for (size_t i = 0; built_paths[i]; ++i) {
		if (!strcmp(built_paths[i]->name, name)) {
			return built_paths[i];
		}
	}
	return NULL;
}

const struct kind *
kind_by_bit(enum handle_kind kind)
{
	ASSERT(kind && !((uint32_t)kind & ((uint32_t)kind - 1)));
	for (size_t i = 0; built_kinds[i]; ++i) {
		if (built_kinds[i]->kind == kind) {
			return built_kinds[i];
		}
	}
	return NULL;
}

const struct mem_ops *
mem_by_name(const char *name)
{
	for (size_t i = 0; built_mems[i]; ++i) {
		if (!strcmp(built_mems[i]->name, name)) {
			return built_mems[i];
		}
	}
	return NULL;
}

const struct path *
path_by_index(size_t index)
{
	if (index >= sizeof(built_paths) / sizeof(built_paths[0])) {
		return NULL;
	}
	return built_paths[index];
}
