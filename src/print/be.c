/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the library says of itself: its version, its build, the values of xnvme_opts.be.
 */
#include <libxnvme.h>
#include <print/print.h>

static int
out_libconf(FILE *stream, const struct xnvme_libconf *libconf)
{
	struct out o = out_to(stream);

	if (!out_head(&o, "xnvme_libconf", libconf)) {
		return out_end(&o);
	}
	out(&o, "  entries:%s\n", libconf->entries[0] ? "" : " []");
	for (const char **entry = libconf->entries; *entry; ++entry) {
		out(&o, "  - ");
		out_text(&o, *entry, SIZE_MAX);
		out(&o, "\n");
	}
	return out_end(&o);
}

int
xnvme_libconf_fpr(FILE *stream, enum xnvme_pr opts)
{
	(void)opts;
	return out_libconf(stream, xnvme_libconf_get());
}

int
xnvme_libconf_pr(enum xnvme_pr opts)
{
	return xnvme_libconf_fpr(stdout, opts);
}

int
xnvme_libconf_fpr_706(FILE *stream, const struct xnvme_libconf *libconf, enum xnvme_pr opts)
{
	(void)opts;
	return out_libconf(stream, libconf);
}

int
xnvme_libconf_pr_706(const struct xnvme_libconf *libconf, enum xnvme_pr opts)
{
	return xnvme_libconf_fpr_706(stdout, libconf, opts);
}

static void
out_attr(struct out *o, const struct xnvme_be_attr *attr)
{
	out(o, "{name: ");
	out_text(o, attr->name, SIZE_MAX);
	out(o, ", enabled: %d}", attr->enabled);
}

int
xnvme_be_attr_fpr(FILE *stream, const struct xnvme_be_attr *attr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (attr) {
		out_attr(&o, attr);
	} else {
		out(&o, "~");
	}
	return out_end(&o);
}

int
xnvme_be_attr_pr(const struct xnvme_be_attr *attr, int opts)
{
	return xnvme_be_attr_fpr(stdout, attr, opts);
}

int
xnvme_be_attr_list_fpr(FILE *stream, const struct xnvme_be_attr_list *list, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_be_attr_list", list)) {
		return out_end(&o);
	}
	out(&o, "  count: %d\n  capacity: %u\n  items:%s\n", list->count, list->capacity,
	    list->count > 0 ? "" : " []");
	for (int i = 0; i < list->count; ++i) {
		out(&o, "  - ");
		out_attr(&o, &list->item[i]);
		out(&o, "\n");
	}
	return out_end(&o);
}

int
xnvme_be_attr_list_pr(const struct xnvme_be_attr_list *list, int opts)
{
	return xnvme_be_attr_list_fpr(stdout, list, opts);
}

static void
out_attr_706(struct out *o, const struct xnvme_be_attr_706 *attr)
{
	out(o, "{name: ");
	out_text(o, attr->name, SIZE_MAX);
	out(o, ", descr: ");
	out_text(o, attr->descr, SIZE_MAX);
	out(o, ", caps: 0x%x}", attr->caps);
}

int
xnvme_be_attr_fpr_706(FILE *stream, const struct xnvme_be_attr_706 *attr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (attr) {
		out_attr_706(&o, attr);
	} else {
		out(&o, "~");
	}
	return out_end(&o);
}

int
xnvme_be_attr_pr_706(const struct xnvme_be_attr_706 *attr, int opts)
{
	return xnvme_be_attr_fpr_706(stdout, attr, opts);
}

int
xnvme_be_attr_list_fpr_706(FILE *stream, enum xnvme_pr opts)
{
	const struct xnvme_be_attr_706 *attr = xnvme_be_attr_get_706(0);
	struct out o = out_to(stream);

	(void)opts;
	out(&o, "xnvme_be_configurations:%s\n", attr ? "" : " []");
	for (int i = 0; (attr = xnvme_be_attr_get_706(i)); ++i) {
		out(&o, "  - ");
		out_attr_706(&o, attr);
		out(&o, "\n");
	}
	return out_end(&o);
}

int
xnvme_be_attr_list_pr_706(enum xnvme_pr opts)
{
	return xnvme_be_attr_list_fpr_706(stdout, opts);
}

int
xnvme_ver_fpr(FILE *stream, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	out(&o, "ver: {major: %d, minor: %d, patch: %d}\n", xnvme_ver_major(),
	    xnvme_ver_minor(), xnvme_ver_patch());
	return out_end(&o);
}

int
xnvme_ver_pr(int opts)
{
	return xnvme_ver_fpr(stdout, opts);
}
