/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can be opened and by which way: how to add a kind of handle, a path, or a kind of memory.
 *
 * To add a path "foo" (one that a build may lack is a file that is not compiled):
 *   1. src/path/.../foo.c defines   const struct path path_foo = { .name = "foo", ... };
 *   2. its meson.build says         sources += files('foo.c')  and  paths += ['foo']
 *   3. host/paths.c gets a row      { KIND_..., ROLE_..., "foo", rank }  per role and kinds
 *
 * To add a kind of handle "bar":
 *   1. path.h names the bit KIND_BAR (they exist for all that is planned), host/uri.c says in its
 *      table how a URI of that kind looks (scheme "bar:", or what stat(2) tells)
 *   2. some file defines            const struct kind kind_bar = { .kind = KIND_BAR, ... };
 *   3. its meson.build says         kinds += ['bar']
 *
 * To add memory "baz": const struct mem_ops mem_baz (host/mem.h), mems += ['baz'], and a row in
 * paths.c's memory table.
 *
 * In `.c` files no registration code runs: the lists are constants made by the build, and nothing
 * depends on the order of constructors. The rows may name what is not in the build; then the row
 * is skipped, and an error message says that this build lacks it.
 */
#ifndef HOST_PATHS_H
#define HOST_PATHS_H

#include <host/dev.h>
#include <host/mem.h>

/* What the NVMe driver in user space opens */
#define KIND_USER_NVME (KIND_PCI | KIND_PCI_VIRT | KIND_VFIO_USER)
/* Handles with a driver of this library: all but the kernel's, files and memory */
#define KIND_DRIVER (KIND_USER_NVME | KIND_VIRT | KIND_FABRICS)

/* How a handle of one kind is opened. What the URI looks like is in host/uri.c. */
struct kind {
	enum handle_kind kind;

	/* Opens what `uri` (the whole of it, scheme included) names: sets dev->fd or dev->handle,
	 * dev->ident.{dtype,nsid} and, where the kind knows better than 1, opts.nsid. dev->opts
	 * holds the user's options with defaults filled in. 0, or -errno after err_set(). */
	int (*open)(struct xnvme_dev *dev, const char *uri);
	void (*close)(struct xnvme_dev *dev);

	const char *dev_name; /* what xnvme_opts.dev says of it: "linux", "ramdisk", ... */
};

/* One fact: for these kinds of handle, this path may play this role. Higher rank is preferred;
 * rank 0 is never chosen unless the user names it. */
struct path_fit {
	uint32_t kinds;
	enum path_role role;
	const char *path;
	int rank;
};

/* One fact: buffers for handles of these kinds may come from this memory. */
struct mem_fit {
	uint32_t kinds;
	const char *mem;
	int rank;
};

/* How xnvme_opts.be spells an async path together with the kind of handle. It is accepted for all
 * of `kinds`; an open handle of `kind` holds it. */
struct be_form {
	const char *prefix;
	const char *suffix;
	uint32_t kinds;
	enum handle_kind kind;
};

/* A value of xnvme_opts.be that only names kinds of handles. With `driver` it is also a name of a
 * driver in user space elsewhere, and stands for ours in each role. */
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

/* Compiled in, by name or kind; NULL when this build lacks it */
const struct path *path_by_name(const char *name);
const struct kind *kind_by_bit(enum handle_kind kind);
const struct mem_ops *mem_by_name(const char *name);

/* All paths of this build, NULL beyond the last */
const struct path *path_by_index(size_t index);

#endif /* HOST_PATHS_H */
