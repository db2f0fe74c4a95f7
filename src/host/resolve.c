/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which paths? Decided once, at open, by searching the table of paths.c.
 *
 * What the user names (be, sync, async, admin, mem) are constraints: a role whose path is named
 * has one candidate, any other role has all that the table allows for the kind of handle, best
 * first. A named path that does not fit, or does not work, is an error with a sentence that lists
 * what would work. A path that was not named and does not work here (a system that forbids
 * io_uring, for example) is passed over, and dev->note says so: it is never silent.
 */
#include <host/paths.h>

#include <errno.h>
#include <host/err.h>
#include <host/uri.h>
#include <stdio.h>
#include <string.h>

static const char *const role_names[ROLE_COUNT] = {"sync", "async", "admin"};

/* What the option `be` asks for, in the terms of the table */
struct be_wish {
	uint32_t kinds;   /* which handles it names; all bits when it names none */
	char async[32];   /* "" when it names none */
	char sync[32];    /* "" when it names none */
};

static bool
path_plays(const char *name, enum path_role role)
{
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (path_fits[i].role == role && !strcmp(path_fits[i].path, name)) {
			return true;
		}
	}
	return false;
}

/* "io_uring_bdev" and the like: the suffix says which kinds of handle */
static uint32_t
be_suffix(const char *be, char *stem, size_t stem_nbytes)
{
	static const struct {
		const char *suffix;
		uint32_t kinds;
	} suffixes[] = {
		{"_bdev", KIND_BLOCK | KIND_NVME_BLOCK},
		{"_file", KIND_FILE},
	};
	size_t len = strlen(be);

	(void)snprintf(stem, stem_nbytes, "%s", be);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); ++i) {
		size_t suffix_len = strlen(suffixes[i].suffix);

		if (len > suffix_len && len < stem_nbytes &&
		    !strcmp(be + len - suffix_len, suffixes[i].suffix)) {
			stem[len - suffix_len] = '\0';
			return suffixes[i].kinds;
		}
	}
	if (!strncmp(be, "ramdisk_", 8)) {
		(void)snprintf(stem, stem_nbytes, "%s", be + 8);
		return KIND_RAMDISK;
	}
	return UINT32_MAX;
}

static int
be_parse(const char *be, struct be_wish *wish)
{
	char stem[32];

	*wish = (struct be_wish){.kinds = UINT32_MAX};
	if (!be || !strcmp(be, "linux")) { /* the platform: no constraint */
		return 0;
	}
	if (!strcmp(be, "ramdisk")) {
		wish->kinds = KIND_RAMDISK;
		return 0;
	}
	wish->kinds = be_suffix(be, stem, sizeof(stem));
	if (path_plays(stem, ROLE_ASYNC)) {
		(void)snprintf(wish->async, sizeof(wish->async), "%s", stem);
		return 0;
	}
	if (path_plays(stem, ROLE_SYNC)) {
		(void)snprintf(wish->sync, sizeof(wish->sync), "%s", stem);
		return 0;
	}
	return err_set(-ENXIO, "there is no backend '%s'; leave the option be out, or name a path "
		       "with or without the kind of handle, such as io_uring, io_uring_bdev, "
		       "libaio_file, thrpool, ramdisk", be);
}

/* The best row not tried yet: the bits of `tried` are rows */
static const struct path_fit *
next_fit(enum handle_kind kind, enum path_role role, const char *named, uint64_t *tried)
{
	const struct path_fit *best = NULL;

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
		*tried |= 1ULL << (best - path_fits);
	}
	return best;
}

/* "io_uring, libaio, thrpool": what this build has for a role of a kind, best first */
static void
list_fits(enum handle_kind kind, enum path_role role, char *text, size_t text_nbytes)
{
	uint64_t tried = 0;
	size_t used = 0;

	text[0] = '\0';
	for (int asked = 0; asked < 2; ++asked) { /* first the ranked, then those on request */
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

	list_fits(dev->kind, role, works, sizeof(works));
	return err_set(-ENOTSUP, "'%s' is %s: %s '%s' %s; what works for it: %s", dev->ident.uri,
		       kind_noun(dev->kind), role_names[role], named, why,
		       works[0] ? works : "nothing in this build");
}

static int
attach(struct xnvme_dev *dev, const struct path *path, enum path_role role)
{
	int err;

	dev->path[role] = path;
	err = path->attach ? path->attach(dev, role) : 0;
	if (err) {
		dev->path[role] = NULL;
		dev->state[role] = NULL;
	}
	return err;
}

/* What happened, and why; a reason that was told of another role is not told again */
static void
note_passed_over(struct xnvme_dev *dev, enum path_role role, const char *path)
{
	const char *why = xnvme_err_text();

	if (*why && strstr(dev->note, why)) {
		dev_note(dev, "%s %s was passed over for a reason given above", role_names[role],
			 path);
	} else {
		dev_note(dev, "%s %s was passed over: %s", role_names[role], path, why);
	}
}

static void
detach(struct xnvme_dev *dev, enum path_role role)
{
	const struct path *path = dev->path[role];

	if (path && path->detach) {
		path->detach(dev, role);
	}
	dev->path[role] = NULL;
	dev->state[role] = NULL;
}

/*
 * The block device of an NVMe namespace has a page cache, unless it is open past it. Reads and
 * writes of the node go through it, commands that are passed to the device do not: with one kind of
 * path for synchronous commands and the other for queues, one would not see what the other wrote.
 */
static bool
see_each_other(const struct xnvme_dev *dev, const struct path *sync, const struct path *async)
{
	return dev->kind != KIND_NVME_BLOCK || dev->opts.direct || !sync || !async ||
	       async->bytes == BYTES_AS_SYNC || async->bytes == sync->bytes;
}

/* May a path that nobody named be chosen for `role`? What was named decides, then sync. */
static bool
fits_the_others(struct xnvme_dev *dev, enum path_role role, const struct path *path,
		const char *async)
{
	const struct path *other = role == ROLE_ASYNC ? dev->path[ROLE_SYNC]
				   : role == ROLE_SYNC && async ? path_by_name(async) : NULL;

	if (role == ROLE_ASYNC ? see_each_other(dev, other, path)
			       : see_each_other(dev, path, other)) {
		return true;
	}
	dev_note(dev, "%s %s was passed over: one of it and %s %s goes through the page cache, "
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

	/* a controller that was opened by its own name has no blocks to do I/O with */
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
				continue; /* not in this build: nothing went wrong at run time */
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
			return failed; /* the path said why */
		}
		note_passed_over(dev, role, fit->path);
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

/* "posix or hugepage": the memory that goes with the device, for a sentence */
static void
mems_that_fit(const struct xnvme_dev *dev, char *text, size_t nbytes)
{
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

	int err = dev->mem->attach ? dev->mem->attach(dev) : 0;

	/* a driver in user space has all of its memory known to the device */
	if (!err && dev->opts.register_buffers && !dev->registered && !dev->mem->vtophys) {
		dev_note(dev, "register_buffers was dropped: memory '%s' is not registered with "
			 "rings, memory posix is", dev->mem->name);
	}
	return err;
}

/* The name that stands for the whole choice, in the traditional spelling */
static void
name_choice(struct xnvme_dev *dev)
{
	const char *async = dev->path[ROLE_ASYNC] ? dev->path[ROLE_ASYNC]->name : "";
	const char *form = "%s";

	switch (dev->kind) {
	case KIND_FILE:
		form = "%s_file";
		break;
	case KIND_BLOCK:
		form = "%s_bdev";
		break;
	case KIND_RAMDISK:
		form = "ramdisk_%s";
		break;
	default:
		break;
	}
	(void)snprintf(dev->be_name, sizeof(dev->be_name), form, async);
	dev->opts.be = *async ? dev->be_name : dev->path[ROLE_SYNC]->name;
	dev->opts.sync = dev->path[ROLE_SYNC]->name;
	dev->opts.async = *async ? dev->path[ROLE_ASYNC]->name : NULL;
	dev->opts.admin = dev->path[ROLE_ADMIN]->name;
	dev->opts.mem = dev->mem->name;
}

static int
merge_wish(const struct xnvme_dev *dev, const struct be_wish *wish, const char **async,
	   const char **sync)
{
	if (!(wish->kinds & (uint32_t)dev->kind)) {
		return err_set(-ENXIO, "be '%s' is not for what '%s' names, which is %s; leave the "
			       "option be out and the best fitting path is chosen", dev->opts.be,
			       dev->ident.uri, kind_noun(dev->kind));
	}
	if (wish->async[0] && *async && strcmp(wish->async, *async)) {
		return err_set(-EINVAL, "be '%s' means async '%s', but async '%s' was named too; "
			       "name one of them", dev->opts.be, wish->async, *async);
	}
	if (wish->sync[0] && *sync && strcmp(wish->sync, *sync)) {
		return err_set(-EINVAL, "be '%s' means sync '%s', but sync '%s' was named too; "
			       "name one of them", dev->opts.be, wish->sync, *sync);
	}
	*async = wish->async[0] ? wish->async : *async;
	*sync = wish->sync[0] ? wish->sync : *sync;
	return 0;
}

int
dev_resolve(struct xnvme_dev *dev)
{
	const char *named[ROLE_COUNT] = {dev->opts.sync, dev->opts.async, dev->opts.admin};
	struct be_wish wish;
	int err = be_parse(dev->opts.be, &wish);

	if (!err) {
		err = merge_wish(dev, &wish, &named[ROLE_ASYNC], &named[ROLE_SYNC]);
	}
	if (!err) {
		err = resolve_mem(dev, dev->opts.mem);
	}
	if (err) {
		dev->mem = NULL;
		return err;
	}
	/* sync before async: thrpool and emu stack on it */
	static const enum path_role order[ROLE_COUNT] = {ROLE_SYNC, ROLE_ADMIN, ROLE_ASYNC};

	for (size_t i = 0; i < ROLE_COUNT && !err; ++i) {
		err = resolve_role(dev, order[i], named);
	}
	if (err) {
		dev_release(dev);
		return err;
	}
	if (!see_each_other(dev, dev->path[ROLE_SYNC], dev->path[ROLE_ASYNC])) {
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

	for (size_t i = 0; i < ROLE_COUNT; ++i) {
		detach(dev, order[i]);
	}
	if (dev->mem && dev->mem->detach) {
		dev->mem->detach(dev);
	}
	dev->mem = NULL;
}
