/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Picks the paths of a handle: once, at open, by searching the table of paths.c.
 *
 * The paths that the user names (be, sync, async, admin, mem) are constraints. A role with a named
 * path has one candidate; any other role has all that the table allows for the kind of handle, best
 * first. A named path that is not allowed, or does not work, is an error whose text lists what
 * would work. A path that was not named and does not work here (the system forbids io_uring, for
 * example) is skipped, and dev->note reports it.
 */
#include <host/paths.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host/uri.h>
#include <stdio.h>
#include <string.h>

static const char *const role_names[ROLE_COUNT] = {"sync", "async", "admin"};

/* The option `be`, parsed into the terms of the table */
struct be_request {
	uint32_t kinds;      /* the kinds of handle it names; all bits when it names none */
	enum path_role role; /* of `path` */
	char path[32];       /* "" when it names none */
};

static bool
path_plays(const char *name, enum path_role role)
{
	ASSERT(name && role < ROLE_COUNT);
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (path_fits[i].role == role && !strcmp(path_fits[i].path, name)) {
			return true;
		}
	}
	return false;
}

/* Removes prefix and suffix of a form from `be`; false when `be` does not have this form */
static bool
be_has_form(const char *be, const struct be_form *form, char *stem, size_t stem_nbytes)
{
	size_t prefix = strlen(form->prefix);
	size_t suffix = strlen(form->suffix);
	size_t len = strlen(be);

	ASSERT(form->prefix && form->suffix && form->kinds);
	if (len <= prefix + suffix || len - prefix - suffix >= stem_nbytes ||
	    strncmp(be, form->prefix, prefix) != 0 ||
	    strcmp(be + len - suffix, form->suffix) != 0) {
		return false;
	}
	memcpy(stem, be + prefix, len - prefix - suffix);
	stem[len - prefix - suffix] = '\0';
	return true;
}

/* Splits "io_uring_bdev" and the like into the path (`stem`) and the kinds of handle */
static void
be_stem(const char *be, char *stem, size_t stem_nbytes, uint32_t *kinds)
{
	ASSERT(stem_nbytes > 0 && *kinds == UINT32_MAX);
	for (size_t i = 0; i < be_forms_cnt; ++i) {
		if (be_has_form(be, &be_forms[i], stem, stem_nbytes)) {
			*kinds = be_forms[i].kinds;
			return;
		}
	}
	(void)snprintf(stem, stem_nbytes, "%s", be);
}

static int
be_parse(const char *be, struct be_request *request)
{
	static const enum path_role order[] = {ROLE_ASYNC, ROLE_SYNC, ROLE_ADMIN};
	char stem[sizeof(request->path)];

	*request = (struct be_request){.kinds = UINT32_MAX};
	if (!be) {
		return 0;
	}
	for (size_t i = 0; i < be_aliases_cnt; ++i) {
		if (!strcmp(be, be_aliases[i].name)) {
			request->kinds = be_aliases[i].kinds;
			return 0;
		}
	}
	if (!strcmp(be, "ramdisk")) {
		request->kinds = KIND_RAMDISK;
		return 0;
	}
	be_stem(be, stem, sizeof(stem), &request->kinds);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); ++i) {
		if (path_plays(stem, order[i])) {
			request->role = order[i];
			STATIC_ASSERT(sizeof(stem) <= sizeof(request->path), "a truncated path");
			(void)snprintf(request->path, sizeof(request->path), "%s", stem);
			return 0;
		}
	}
	return err_set(-ENXIO, "unknown backend '%s': omit the option be, or name a path with or "
		       "without the kind of handle, such as io_uring, io_uring_bdev, libaio_file, "
		       "thrpool, ramdisk; `xnvme library-info` lists the paths", be);
}

/* The best row not tried yet. `tried` has one bit per row. */
static const struct path_fit *
next_fit(enum handle_kind kind, enum path_role role, const char *named, uint64_t *tried)
{
	const struct path_fit *best = NULL;

	ASSERT(role < ROLE_COUNT && path_fits_cnt <= 64);
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		const struct path_fit *fit = &path_fits[i];

		if (fit->role != role || !(fit->kinds & (uint32_t)kind) ||
		    (*tried >> i) & 1 || (named ? strcmp(named, fit->path) != 0 : !fit->rank)) {
			continue;
		}
		if (!best || fit->rank > best->rank) {
			best = fit;
		}
	}
	if (best) {
		ASSERT(path_plays(best->path, role));
		*tried |= 1ULL << (best - path_fits);
	}
	return best;
}

/* "io_uring, libaio, thrpool": the paths of this build for a role and a kind, best first */
static void
list_fits(enum handle_kind kind, enum path_role role, char *text, size_t text_nbytes)
{
	uint64_t tried = 0;
	size_t used = 0;

	ASSERT(text_nbytes > 0);
	text[0] = '\0';
	for (int asked = 0; asked < 2; ++asked) { /* ranked paths first, then rank 0 */
		for (size_t i = 0; i < path_fits_cnt; ++i) {
			const struct path_fit *fit = asked ? &path_fits[i]
							   : next_fit(kind, role, NULL, &tried);

			if (!fit) {
				break;
			}
			if (fit->role != role || !(fit->kinds & (uint32_t)kind) ||
			    (asked && fit->rank) || !path_by_name(fit->path)) {
				continue;
			}
			ASSERT(used < text_nbytes);
			used += (size_t)snprintf(text + used, text_nbytes - used, "%s%s",
						 used ? ", " : "", fit->path);
			if (used >= text_nbytes) {
				return;
			}
		}
	}
}

static int
refuse(const struct xnvme_dev *dev, enum path_role role, const char *named, const char *why)
{
	char works[256];

	dev_check(dev);
	ASSERT(role < ROLE_COUNT && named && why);
	list_fits(dev->kind, role, works, sizeof(works));
	return err_set(-ENOTSUP, "'%s' is %s: %s '%s' %s; what works for it: %s", dev->ident.uri,
		       kind_noun(dev->kind), role_names[role], named, why,
		       works[0] ? works : "nothing in this build");
}

static int
attach(struct xnvme_dev *dev, const struct path *path, enum path_role role)
{
	int err;

	path_check(path, role);
	ASSERT(!dev->path[role] && !dev->state[role]);
	dev->path[role] = path;
	err = path->attach ? path->attach(dev, role) : 0;
	if (err) {
		dev->path[role] = NULL;
		dev->state[role] = NULL;
	}
	return err;
}

/* Adds to dev->note what was skipped and why; a reason that it has already is not repeated */
static void
note_skipped(struct xnvme_dev *dev, enum path_role role, const char *path)
{
	const char *why = xnvme_err_text();

	dev_check(dev);
	ASSERT(!dev->path[role]);
	if (*why && strstr(dev->note, why)) {
		dev_note(dev, "%s %s was skipped for a reason given above", role_names[role],
			 path);
	} else {
		dev_note(dev, "%s %s was skipped: %s", role_names[role], path, why);
	}
}

static void
detach(struct xnvme_dev *dev, enum path_role role)
{
	const struct path *path = dev->path[role];

	dev_check(dev);
	if (path && path->detach) {
		path->detach(dev, role);
	}
	dev->path[role] = NULL;
	dev->state[role] = NULL;
}

/*
 * The block device of an NVMe namespace has a page cache, unless it was opened with O_DIRECT. Reads
 * and writes of the node use it, passthrough commands do not: if the paths of synchronous commands
 * and of queues differ in this, neither is coherent with the writes of the other.
 */
static bool
are_coherent(const struct xnvme_dev *dev, const struct path *sync, const struct path *async)
{
	ASSERT(!sync || sync->bytes != BYTES_AS_SYNC);
	return dev->kind != KIND_NVME_BLOCK || dev->opts.direct || !sync || !async ||
	       async->bytes == BYTES_AS_SYNC || async->bytes == sync->bytes;
}

/* May a path that was not named be chosen for `role`? Named paths have priority, then sync. */
static bool
fits_the_others(struct xnvme_dev *dev, enum path_role role, const struct path *path,
		const char *async)
{
	const struct path *other = role == ROLE_ASYNC ? dev->path[ROLE_SYNC]
				   : role == ROLE_SYNC && async ? path_by_name(async) : NULL;

	if (role == ROLE_ASYNC ? are_coherent(dev, other, path)
			       : are_coherent(dev, path, other)) {
		return true;
	}
	ASSERT(other && dev->path[role] == path);
	dev_note(dev, "%s %s was skipped: one of it and %s %s goes through the page cache, "
		 "and would not see what the other writes; open with direct to use both",
		 role_names[role], path->name, role_names[role == ROLE_SYNC ? ROLE_ASYNC
									     : ROLE_SYNC],
		 other->name);
	return false;
}

static int
resolve_role(struct xnvme_dev *dev, enum path_role role, const char *const names[ROLE_COUNT])
{
	const char *named = names[role];
	const struct path_fit *fit;
	uint64_t tried = 0;
	bool any = false;
	int err = 0;

	dev_check(dev);
	ASSERT(dev->mem && !dev->path[role]);
	ASSERT(role != ROLE_ASYNC || dev->path[ROLE_SYNC]); /* it may stack on that */
	/* a controller's own handle has no blocks for I/O */
	if (role == ROLE_ASYNC && dev->kind & KIND_USER_NVME &&
	    dev->ident.dtype == DTYPE_CONTROLLER) {
		return named ? refuse(dev, role, named, "needs a namespace, and this is its "
				      "controller") : 0;
	}
	while ((fit = next_fit(dev->kind, role, named, &tried))) {
		const struct path *path = path_by_name(fit->path);

		any = true;
		if (!path) {
			if (!named) {
				continue; /* not in this build: no failure at run time to report */
			}
			return refuse(dev, role, named, "is not in this build of the library");
		}
		int failed = attach(dev, path, role);

		if (!failed && (named || fits_the_others(dev, role, path, names[ROLE_ASYNC]))) {
			return 0;
		}
		if (!failed) {
			detach(dev, role);
			continue;
		}
		if (named) {
			return failed; /* with the path's error text */
		}
		note_skipped(dev, role, fit->path);
		err = failed;
	}
	if (named && !any) {
		return refuse(dev, role, named, path_by_name(named) ?
			      "cannot be used with it" : "is not a path that exists");
	}
	if (role == ROLE_ASYNC && !named && !err) {
		return 0; /* a handle without queues */
	}
	return err ? err : refuse(dev, role, "any", "is not in this build");
}

/* "posix or hugepage": the memory that the device can use, for a message */
static void
mems_that_fit(const struct xnvme_dev *dev, char *text, size_t nbytes)
{
	ASSERT(nbytes > 0 && strlen(text) < nbytes);
	for (size_t i = 0; i < mem_fits_cnt; ++i) {
		size_t used = strlen(text);

		if (mem_fits[i].kinds & (uint32_t)dev->kind && mem_by_name(mem_fits[i].mem)) {
			(void)snprintf(text + used, nbytes - used, "%s%s", used ? " or " : "",
				       mem_fits[i].mem);
		}
	}
}

static int
resolve_mem(struct xnvme_dev *dev, const char *named)
{
	const struct mem_fit *best = NULL;

	ASSERT(!dev->mem && !dev->path[ROLE_SYNC]);
	for (size_t i = 0; i < mem_fits_cnt; ++i) {
		const struct mem_fit *fit = &mem_fits[i];

		if (!(fit->kinds & (uint32_t)dev->kind) || !mem_by_name(fit->mem) ||
		    (named ? strcmp(named, fit->mem) != 0 : !fit->rank)) {
			continue;
		}
		if (!best || fit->rank > best->rank) {
			best = fit;
		}
	}
	if (!best) {
		char fitting[64] = "";

		mems_that_fit(dev, fitting, sizeof(fitting));
		return err_set(-EINVAL, "'%s' is %s: memory '%s' cannot be used with it; leave "
			       "the option mem out, or name %s", dev->ident.uri,
			       kind_noun(dev->kind), named ? named : "of any kind", fitting);
	}
	dev->mem = mem_by_name(best->mem);
	ASSERT(dev->mem);

	int err = dev->mem->attach ? dev->mem->attach(dev) : 0;

	/* with a driver in user space, all of its memory is mapped for the device */
	if (!err && dev->opts.register_buffers && !dev->registered && !dev->mem->vtophys) {
		dev_note(dev, "register_buffers was dropped: memory '%s' is not registered with "
			 "rings, memory posix is", dev->mem->name);
	}
	return err;
}

/* Sets opts.be: the user's value, or the async path in the traditional spelling */
static void
name_choice(struct xnvme_dev *dev)
{
	const char *async = dev->path[ROLE_ASYNC] ? dev->path[ROLE_ASYNC]->name : "";
	const char *prefix = "";
	const char *suffix = "";

	dev_open_check(dev);
	for (size_t i = 0; i < be_forms_cnt; ++i) {
		if (be_forms[i].kind == dev->kind) {
			prefix = be_forms[i].prefix;
			suffix = be_forms[i].suffix;
		}
	}
	if (dev->opts.be) {
		ASSERT(strlen(dev->opts.be) < sizeof(dev->be_name)); /* be_parse() accepted it */
		(void)snprintf(dev->be_name, sizeof(dev->be_name), "%s", dev->opts.be);
	} else if (*async) {
		(void)snprintf(dev->be_name, sizeof(dev->be_name), "%s%s%s", prefix, async, suffix);
	} else {
		(void)snprintf(dev->be_name, sizeof(dev->be_name), "%s",
			       dev->path[ROLE_SYNC]->name);
	}
	dev->opts.be = dev->be_name;
	dev->opts.sync = dev->path[ROLE_SYNC]->name;
	dev->opts.async = *async ? dev->path[ROLE_ASYNC]->name : NULL;
	dev->opts.admin = dev->path[ROLE_ADMIN]->name;
	dev->opts.mem = dev->mem->name;
}

/* Adds the path that `be` names to those named for the roles */
static int
merge_request(const struct xnvme_dev *dev, const struct be_request *request,
	      const char *named[ROLE_COUNT])
{
	const char **role = &named[request->role];

	ASSERT(request->role < ROLE_COUNT && (dev->opts.be || !request->path[0]));
	if (!(request->kinds & (uint32_t)dev->kind)) {
		return err_set(-ENXIO, "be '%s' is not for what '%s' names, which is %s; leave the "
			       "option be out and the best fitting path is chosen", dev->opts.be,
			       dev->ident.uri, kind_noun(dev->kind));
	}
	if (request->path[0] && *role && strcmp(request->path, *role)) {
		return err_set(-EINVAL, "be '%s' means %s '%s', but %s '%s' was named too; "
			       "name one of them", dev->opts.be, role_names[request->role],
			       request->path, role_names[request->role], *role);
	}
	*role = request->path[0] ? request->path : *role;
	return 0;
}

/*
 * Programs name a driver in user space for each role ("nvme", "spdk") by the names that other
 * implementations of the interface use. A handle that this library drives has one driver: such a
 * name selects it, and dev->note reports that.
 */
static const char *
own_driver(struct xnvme_dev *dev, const char *named, const char *role)
{
	uint64_t tried = 0;
	bool driver = named && !strcmp(named, "nvme");
	const struct path_fit *fit;

	dev_check(dev);
	for (size_t i = 0; named && i < be_aliases_cnt; ++i) {
		driver = driver || (be_aliases[i].driver && !strcmp(named, be_aliases[i].name));
	}
	if (!driver || !(KIND_DRIVER & (uint32_t)dev->kind)) {
		return named;
	}
	fit = next_fit(dev->kind, ROLE_SYNC, NULL, &tried);
	if (!fit) {
		return named;
	}
	dev_note(dev, "%s %s was named, which stands for %s, the driver of this handle", role,
		 named, fit->path);
	return fit->path;
}

/* The same for memory: returns NULL, the default, for the name of a driver with memory of its
 * own */
static const char *
own_memory(struct xnvme_dev *dev, const char *named)
{
	ASSERT(!dev->mem);
	for (size_t i = 0; named && i < be_aliases_cnt; ++i) {
		if (be_aliases[i].driver && !strcmp(named, be_aliases[i].name) &&
		    KIND_DRIVER & (uint32_t)dev->kind) {
			dev_note(dev, "mem %s was named, which stands for the memory of this "
				 "handle's driver", named);
			return NULL;
		}
	}
	return named;
}

int
dev_resolve(struct xnvme_dev *dev)
{
	const char *named[ROLE_COUNT] = {
		[ROLE_SYNC] = dev->opts.sync,
		[ROLE_ASYNC] = dev->opts.async,
		[ROLE_ADMIN] = dev->opts.admin,
	};
	struct be_request request;
	int err = be_parse(dev->opts.be, &request);

	dev_check(dev);
	ASSERT(!dev->mem);
	if (!err) {
		err = merge_request(dev, &request, named);
	}
	if (!err) {
		err = resolve_mem(dev, own_memory(dev, dev->opts.mem));
	}
	if (err) {
		dev->mem = NULL;
		return err;
	}
	for (size_t i = 0; i < ROLE_COUNT; ++i) {
		named[i] = own_driver(dev, named[i], role_names[i]);
	}
	/* sync before async, since thrpool and emu stack on it */
	static const enum path_role order[ROLE_COUNT] = {ROLE_SYNC, ROLE_ADMIN, ROLE_ASYNC};

	for (size_t i = 0; i < ROLE_COUNT && !err; ++i) {
		err = resolve_role(dev, order[i], named);
	}
	if (err) {
		dev_release(dev);
		return err;
	}
	dev_open_check(dev);
	if (!are_coherent(dev, dev->path[ROLE_SYNC], dev->path[ROLE_ASYNC])) {
		dev_note(dev, "one of sync %s and async %s goes through the page cache, and does "
			 "not see what the other writes: open with direct",
			 dev->path[ROLE_SYNC]->name, dev->path[ROLE_ASYNC]->name);
	}
	name_choice(dev);
	return 0;
}

void
dev_release(struct xnvme_dev *dev)
{
	static const enum path_role order[ROLE_COUNT] = {ROLE_ASYNC, ROLE_ADMIN, ROLE_SYNC};

	dev_check(dev);
	ASSERT(!dev->path[ROLE_ASYNC] || dev->path[ROLE_SYNC]);
	for (size_t i = 0; i < ROLE_COUNT; ++i) {
		detach(dev, order[i]);
	}
	if (dev->mem && dev->mem->detach) {
		dev->mem->detach(dev);
	}
	dev->mem = NULL;
}
