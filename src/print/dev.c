/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of an open device, and of this library: these ask the host half.
 */
#include <libxnvme.h>
#include <print/host.h>
#include <print/out.h>
#include <string.h>

/* Adds what a part printed to the whole; false when the part failed */
static bool
add(int *total, int part)
{
	*total = part < 0 ? part : *total + part;
	return part >= 0;
}

/* What the whole choice is called, with the description of the path that carries I/O */
static bool
attr_of(const struct xnvme_opts *opts, struct xnvme_be_attr *attr)
{
	const char *name = opts->async ? opts->async : opts->sync;

	for (int i = 0; name && xnvme_be_attr_get(i); ++i) {
		if (!strcmp(xnvme_be_attr_get(i)->name, name)) {
			*attr = *xnvme_be_attr_get(i);
			attr->name = opts->be ? opts->be : name;
			return true;
		}
	}
	return false;
}

static void
out_id(struct out *o, const char *role, const char *id)
{
	out(o, "    %s: {id: ", role);
	if (id) {
		out_text(o, id, SIZE_MAX);
	} else {
		out(o, "~");
	}
	out(o, "}\n");
}

static int
print_be(FILE *stream, const struct xnvme_opts *opts)
{
	struct out o = out_to(stream);
	struct xnvme_be_attr attr;
	int total;

	out(&o, "  xnvme_be:\n");
	out_id(&o, "dev", opts->dev);
	out_id(&o, "admin", opts->admin);
	out_id(&o, "sync", opts->sync);
	out_id(&o, "async", opts->async);
	out_id(&o, "mem", opts->mem);
	out(&o, "    attr: ");
	total = out_end(&o);
	if (total >= 0 &&
	    add(&total, xnvme_be_attr_fpr(stream, attr_of(opts, &attr) ? &attr : NULL, 0))) {
		add(&total, fputs("\n", stream) < 0 ? -1 : 1);
	}
	return total;
}

int
xnvme_dev_fpr(FILE *stream, const struct xnvme_dev *dev, int opts)
{
	struct out o = out_to(stream);
	int total;

	out_head(&o, "xnvme_dev", dev);
	total = out_end(&o);
	if (!dev || total < 0) {
		return total;
	}
	if (!add(&total, xnvme_ident_yaml(stream, xnvme_dev_get_ident(dev), 2, "\n", 1))) {
		return total;
	}
	o = out_to(stream);
	out(&o, "\n");
	if (add(&total, out_end(&o)) && add(&total, print_be(stream, xnvme_dev_get_opts(dev))) &&
	    add(&total, print_opts(stream, xnvme_dev_get_opts(dev), 2))) {
		add(&total, print_geo(stream, xnvme_dev_get_geo(dev), 2));
	}
	(void)opts;
	return total;
}

int
xnvme_dev_pr(const struct xnvme_dev *dev, int opts)
{
	return xnvme_dev_fpr(stdout, dev, opts);
}

int
xnvme_be_attr_list_fpr(FILE *stream, enum xnvme_pr opts)
{
	struct out o = out_to(stream);
	int total;

	out(&o, "xnvme_be_configurations:%s\n", xnvme_be_attr_get(0) ? "" : " []");
	total = out_end(&o);
	for (int i = 0; total >= 0 && xnvme_be_attr_get(i); ++i) {
		o = out_to(stream);
		out(&o, "  - ");
		if (add(&total, out_end(&o)) &&
		    add(&total, xnvme_be_attr_fpr(stream, xnvme_be_attr_get(i), opts))) {
			o = out_to(stream);
			out(&o, "\n");
			add(&total, out_end(&o));
		}
	}
	return total;
}

int
xnvme_be_attr_list_pr(enum xnvme_pr opts)
{
	return xnvme_be_attr_list_fpr(stdout, opts);
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
