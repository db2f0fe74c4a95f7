/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of an open device.
 */
#include <errno.h>
#include <libxnvme.h>
#include <print/host.h>
#include <print/print.h>
#include <string.h>

/* Adds what a part printed to the whole; false when the part failed */
static bool
add(int *total, int part)
{
	*total = part < 0 ? part : *total + part;
	return part >= 0;
}

/* What the whole choice is called, and the kinds of handle that it is for */
static const struct xnvme_be_attr_706 *
attr_of(const struct xnvme_opts *opts)
{
	const struct xnvme_be_attr_706 *attr;

	for (int i = 0; (attr = xnvme_be_attr_get_706(i)); ++i) {
		if (!strcmp(attr->name, opts->be)) {
			return attr;
		}
	}
	return NULL;
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
	    add(&total, xnvme_be_attr_fpr_706(stream, attr_of(opts), 0))) {
		add(&total, fputs("\n", stream) < 0 ? -EIO : 1);
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
