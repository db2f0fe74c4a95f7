/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The list of values that xnvme_opts.be accepts: made once from the table of paths.c, then
 * constant. resolve.c parses them.
 */
#include <host/paths.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host/process.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int names_max = sizeof(process.be.name) / sizeof(process.be.name[0]);

/* Those in this build come first, and all are in the array */
static void
names_check(void)
{
	ASSERT(process.be.in_build >= 0 && process.be.in_build <= process.be.cnt);
	ASSERT(process.be.cnt <= names_max);
}

static void
add_name(const char *prefix, const char *stem, const char *suffix, const char *descr,
	 uint32_t kinds, uint32_t roles)
{
	struct be_name *name = &process.be.name[process.be.cnt];

	names_check();
	if (!ALWAYS(process.be.cnt < names_max)) {
		return;
	}
	ASSERT(strlen(prefix) + strlen(stem) + strlen(suffix) < sizeof(name->text));
	process.be.cnt += 1;
	(void)snprintf(name->text, sizeof(name->text), "%s%s%s", prefix, stem, suffix);
	name->attr.name = name->text;
	name->main_attr.name = name->text;
	name->main_attr.descr = descr;
	name->main_attr.caps = kinds;
	name->roles = roles;
}

/* The kinds of handle for which `path` plays `role`; ROLE_COUNT: any role */
static uint32_t
kinds_of(const char *path, enum path_role role)
{
	uint32_t kinds = 0;

	ASSERT(role <= ROLE_COUNT);
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (!strcmp(path_fits[i].path, path) &&
		    (role == ROLE_COUNT || path_fits[i].role == role)) {
			kinds |= path_fits[i].kinds;
		}
	}
	return kinds;
}

static void
add_path(const char *path, const char *descr)
{
	uint32_t roles = (kinds_of(path, ROLE_SYNC) ? XNVME_BE_ROLE_SYNC : 0) |
			 (kinds_of(path, ROLE_ASYNC) ? XNVME_BE_ROLE_ASYNC : 0) |
			 (kinds_of(path, ROLE_ADMIN) ? XNVME_BE_ROLE_ADMIN : 0);

	ASSERT(roles); /* a path that paths.c lists in no row cannot be chosen */
	add_name("", path, "", descr, kinds_of(path, ROLE_COUNT), roles);
}

static void
add_path_with_kind(const char *path, const char *descr)
{
	uint32_t kinds = kinds_of(path, ROLE_ASYNC);

	for (size_t i = 0; i < be_forms_cnt; ++i) {
		const struct be_form *form = &be_forms[i];

		ASSERT(form->kind && form->kinds & (uint32_t)form->kind);
		if (kinds & (uint32_t)form->kind) {
			add_name(form->prefix, path, form->suffix, descr, form->kinds & kinds, 0);
		}
	}
}

/* Does this build lack the path of row `row`, and is that row the first one of the path? */
static bool
lacks(size_t row)
{
	const char *path = path_fits[row].path;

	ASSERT(row < path_fits_cnt);
	for (size_t i = 0; i < row; ++i) {
		if (!strcmp(path_fits[i].path, path)) {
			return false;
		}
	}
	return !path_by_name(path);
}

static bool
kinds_in_build(uint32_t kinds)
{
	ASSERT(kinds);
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (path_fits[i].role == ROLE_SYNC && path_fits[i].kinds & kinds &&
		    path_by_name(path_fits[i].path)) {
			return true;
		}
	}
	return false;
}

static void
add_aliases(bool in_build)
{
	for (size_t i = 0; i < be_aliases_cnt; ++i) {
		/* be_parse() compares with these first: a path of the same name is never found */
		ASSERT(!path_by_name(be_aliases[i].name));
		if (kinds_in_build(be_aliases[i].kinds) == in_build) {
			add_name("", be_aliases[i].name, "", be_aliases[i].descr,
				 be_aliases[i].kinds, 0);
		}
	}
}

static void
fill_names(void)
{
	const struct path *path;

	for (size_t i = 0; (path = path_by_index(i)); ++i) {
		add_path(path->name, path->descr);
	}
	for (size_t i = 0; (path = path_by_index(i)); ++i) {
		add_path_with_kind(path->name, path->descr);
	}
	add_aliases(true);
	process.be.in_build = process.be.cnt;
	names_check();
	for (size_t i = 0; i < path_fits_cnt; ++i) {
		if (lacks(i)) {
			add_path(path_fits[i].path, "Not in this build");
		}
	}
	add_aliases(false);
	for (int i = 0; i < process.be.in_build; ++i) {
		process.be.name[i].attr.enabled = 1;
	}
}

static const struct be_name *
name_at(int idx)
{
	pthread_once(&process.be_once, fill_names);
	names_check();
	return idx < 0 || idx >= process.be.cnt ? NULL : &process.be.name[idx];
}

const struct xnvme_be_attr *
xnvme_be_attr_get(int idx)
{
	const struct be_name *name = name_at(idx);

	return name ? &name->attr : NULL;
}

const struct xnvme_be_attr_706 *
xnvme_be_attr_get_706(int idx)
{
	const struct be_name *name = name_at(idx);

	return name && idx < process.be.in_build ? &name->main_attr : NULL;
}

uint32_t
xnvme_be_attr_get_roles(int idx)
{
	const struct be_name *name = name_at(idx);

	return name && idx < process.be.in_build ? name->roles : 0;
}

int
xnvme_be_attr_list_bundled(struct xnvme_be_attr_list **list)
{
	int count = 0;

	while (name_at(count)) {
		count += 1;
	}
	ASSERT(count == process.be.cnt);
	*list = malloc(sizeof(**list) + (size_t)count * sizeof((*list)->item[0]));
	if (!*list) {
		return err_set(-ENOMEM, "no memory for a list of %d names", count);
	}
	(*list)->capacity = (uint32_t)count;
	(*list)->count = count;
	for (int i = 0; i < count; ++i) {
		(*list)->item[i] = *xnvme_be_attr_get(i);
	}
	return 0;
}
