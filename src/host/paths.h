/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can be opened and by which paths; how to add a path, a kind of handle, or a kind of memory.
 *
 * To add a path "foo" (one that a build may lack is a file that is not compiled):
 *   1. src/path/.../foo.c defines   const struct path path_foo = { .name = "foo", ... };
 *   2. its meson.build has          sources += files('foo.c')  and  paths += ['foo']
 *   3. host/paths.c gets a row      { KIND_..., ROLE_..., "foo", rank }  per role and kinds
 *
 * To add a kind of handle "bar":
 *   1. path.h defines the bit KIND_BAR (all planned kinds have one), the table in host/uri.c
 *      describes its URIs (scheme "bar:", or what stat(2) reports)
 *   2. a file defines               const struct kind kind_bar = { .kind = KIND_BAR, ... };
 *   3. its meson.build has          kinds += ['bar']
 *
 * To add memory "baz": const struct mem_ops mem_baz (host/mem.h), mems += ['baz'], and a row in
 * paths.c's memory table.
 *
 * There is no registration at run time: the build generates constant lists, and nothing depends on
 * the order of constructors. A row may name a path that the build lacks: it is skipped, and an
 * error message reports what the build lacks.
 */
#ifndef HOST_PATHS_H
#define HOST_PATHS_H

#include <host/dev.h>
#include <host/mem.h>

/* Kinds that the NVMe driver in user space opens */
#define KIND_USER_NVME (KIND_PCI | KIND_PCI_VIRT | KIND_VFIO_USER)
/* Handles driven by this library; all others belong to the kernel, or are files or memory */
#define KIND_DRIVER (KIND_USER_NVME | KIND_VIRT | KIND_FABRICS)

/* How a handle of one kind is opened. The forms of the URIs are in host/uri.c. */
struct kind {
	enum handle_kind kind;

	/* Opens `uri` (the whole of it, scheme included): sets dev->fd or dev->handle,
	 * dev->ident.{dtype,nsid} and, where the kind determines the namespace, opts.nsid, which is
	 * 1 otherwise. dev->opts holds the user's options with defaults filled in. Returns 0, or
	 * -errno after err_set(). */
	int (*open)(struct xnvme_dev *dev, const char *uri);
	void (*close)(struct xnvme_dev *dev);

	const char *dev_name; /* value of xnvme_opts.dev: "linux", "ramdisk", ... */
};

/* One row: this path may play this role for these kinds of handle. Higher rank is preferred; a path
 * with rank 0 is used only when the user names it. */
struct path_fit {
	uint32_t kinds;
	enum path_role role;
	const char *path;
	int rank;
};

/* One row: buffers for handles of these kinds may come from this memory. Ranks as above. */
struct mem_fit {
	uint32_t kinds;
	const char *mem;
	int rank;
};

/* How xnvme_opts.be spells an async path together with the kind of handle. Accepted for all of
 * `kinds`; the option of an open handle of `kind` is spelled like this. */
struct be_form {
	const char *prefix;
	const char *suffix;
	uint32_t kinds;
	enum handle_kind kind;
};

/* A value of xnvme_opts.be that names kinds of handles only. With `driver` it is also the name of
 * another project's driver in user space, and stands for this library's driver in each role. */
struct be_alias {
	const char *name;
	uint32_t kinds;
	bool driver;
	const char *descr;
};

extern const struct be_form be_forms[];
extern const size_t be_forms_cnt;
extern const struct be_alias be_aliases[];
extern const size_t be_aliases_cnt;

extern const struct path_fit path_fits[];
extern const size_t path_fits_cnt;
extern const struct mem_fit mem_fits[];
extern const size_t mem_fits_cnt;

/* Look up what is compiled in, by name or kind; NULL when this build lacks it */
const struct path *path_by_name(const char *name);
const struct kind *kind_by_bit(enum handle_kind kind);
const struct mem_ops *mem_by_name(const char *name);

/* All paths of this build; NULL beyond the last */
const struct path *path_by_index(size_t index);

#endif /* HOST_PATHS_H */
