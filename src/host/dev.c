/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Opens and closes handles, and returns their properties. The folder is explained in host.h.
 */
#include <host/host.h>

#include <base/assert.h>
#include <errno.h>
#include <host/fork.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
dev_note(struct xnvme_dev *dev, const char *fmt, ...)
{
	size_t used = strlen(dev->note);
	va_list ap;

	ASSERT(used < sizeof(dev->note));
	if (used && used + 2 < sizeof(dev->note)) {
		memcpy(dev->note + used, "; ", 3);
		used += 2;
	}
	va_start(ap, fmt);
	(void)vsnprintf(dev->note + used, sizeof(dev->note) - used, fmt, ap);
	va_end(ap);
}

static int
check_opts(const char *uri, struct xnvme_opts *opts)
{
	if (strlen(uri) >= XNVME_IDENT_URI_LEN) {
		return err_set(-EINVAL, "the name of a device has at most %d bytes, this one %zu",
			       XNVME_IDENT_URI_LEN - 1, strlen(uri));
	}
	if (!*uri) {
		return err_set(-EINVAL, "the name of the device is empty");
	}
	if (!opts->rdonly && !opts->wronly && !opts->rdwr) {
		opts->rdwr = 1;
	}
	if (!!opts->rdonly + !!opts->wronly + !!opts->rdwr > 1) {
		if (!opts->rdwr || (opts->rdonly && opts->wronly)) {
			return err_set(-EINVAL, "rdonly and wronly exclude each other; for both "
				       "directions give rdwr alone");
		}
		opts->rdwr = 0; /* from xnvme_opts_default(): the user set the other */
	}
	if (opts->truncate && opts->rdonly) {
		return err_set(-EINVAL, "truncate needs write access, but rdonly was given");
	}
	if (opts->create && !opts->create_mode) {
		opts->create_mode = 0600;
	}
	if (opts->policy > XNVME_POLICY_CONSERVE_CPU) {
		return err_set(-EINVAL, "there is no policy %u; see enum xnvme_policy",
			       opts->policy);
	}
	if (opts->shm_id) {
		return err_set(-ENOTSUP, "shm_id %u asks to share the device between processes "
			       "through shared memory, which no path of this library does; leave "
			       "it out (or give 0)", opts->shm_id);
	}
	return 0;
}

static int
check_nsid(const char *uri, enum handle_kind bit, uint32_t nsid)
{
	ASSERT(bit && !((uint32_t)bit & ((uint32_t)bit - 1)));
	if (nsid == UINT32_MAX) { /* NVMe Base 2.0, Namespace Identifier: broadcast */
		return err_set(-EINVAL, "nsid 0xffffffff stands for all namespaces and is none of "
			       "'%s'; give the number of one, or 0 for the first", uri);
	}
	if (nsid > 1 && bit & (KIND_FILE | KIND_BLOCK | KIND_RAMDISK)) {
		return err_set(-EINVAL, "'%s' is %s, which is namespace 1 alone, and nsid is %u; "
			       "leave it out (or give 1)", uri, kind_noun(bit), nsid);
	}
	return 0;
}

static const struct kind *
find_kind(const char *uri, const struct xnvme_opts *opts, enum handle_kind bit, int *err)
{
	const struct kind *kind = kind_by_bit(bit);

	if (!kind) {
		*err = err_set(-ENOTSUP, "'%s' names %s, which this build of the library cannot "
			       "open", uri, kind_noun(bit));
		return NULL;
	}
	ASSERT(kind->kind == bit && kind->open && kind->close && kind->dev_name);
	*err = check_nsid(uri, bit, opts->nsid);
	return *err ? NULL : kind;
}

/* Copies the strings that the handle keeps, since the user's may be freed after open */
static int
own_strings(struct xnvme_opts *opts)
{
	const char **kept[] = {&opts->core_mask, &opts->iova_mode, &opts->adrfam, &opts->subnqn,
			       &opts->hostnqn};
	int err = 0;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); ++i) {
		if (*kept[i] && !err) {
			*kept[i] = strdup(*kept[i]);
			err = *kept[i] ? 0 : -ENOMEM;
		} else {
			*kept[i] = NULL;
		}
	}
	return err;
}

static void
dev_free(struct xnvme_dev *dev)
{
	ASSERT(!dev->mem || fork_has_inherited(dev)); /* dev_release() was called */
	free((char *)(uintptr_t)dev->opts.core_mask);
	free((char *)(uintptr_t)dev->opts.iova_mode);
	free((char *)(uintptr_t)dev->opts.adrfam);
	free((char *)(uintptr_t)dev->opts.subnqn);
	free((char *)(uintptr_t)dev->opts.hostnqn);
	free(dev);
}

static void
free_pages(struct xnvme_dev *dev)
{
	ASSERT(dev->ctrlr || !dev->ns); /* read in this order */
	ASSERT(dev->ns || !dev->ns_nvm);
	free(dev->ctrlr);
	free(dev->ctrlr_css);
	free(dev->ns);
	free(dev->ns_css);
	free(dev->ns_nvm);
}

static struct xnvme_dev *
dev_new(const char *uri, const struct xnvme_opts *opts, enum handle_kind kind)
{
	struct xnvme_dev *dev = aligned_alloc(64, (sizeof(*dev) + 63) & ~(size_t)63);

	ASSERT(*uri && strlen(uri) < sizeof(dev->ident.uri));
	if (!dev) {
		(void)err_set(-ENOMEM, "no memory for a device handle");
		return NULL;
	}
	memset(dev, 0, sizeof(*dev));
	dev->kind = kind;
	dev->fd = -1;
	dev->sibling_fd = -1;
	dev->refs = 1;
	dev->opts = *opts;
	dev->ident.nsid = 0xFFFFFFFF;
	dev->ident.csi = 0xFF;
	(void)snprintf(dev->ident.uri, sizeof(dev->ident.uri), "%s", uri);
	if (own_strings(&dev->opts)) {
		(void)err_set(-ENOMEM, "no memory for a device handle");
		dev_free(dev);
		return NULL;
	}
	dev_check(dev);
	return dev;
}

/* Runs the steps in order; after a failure undoes the finished ones in reverse */
static int
dev_start(struct xnvme_dev *dev, const char *uri)
{
	int err = dev->how->open(dev, uri);

	ASSERT(dev->how->kind == dev->kind && !dev->mem);
	if (err) {
		return err;
	}
	ASSERT(dev->fd >= 0 || dev->handle);
	ASSERT(dev->ident.dtype != DTYPE_UNKNOWN);
	dev->opts.dev = dev->how->dev_name;
	err = dev_resolve(dev);
	if (err) {
		goto close;
	}
	dev_open_check(dev);
	err = dev_identify(dev);
	if (!err) {
		err = dev_derive(dev);
	}
	geo_check(dev);
	err = err ? err : fork_add_dev(dev);
	if (err) {
		goto release;
	}
	return 0;

release:
	dev_release(dev);
	free_pages(dev);
close:
	dev->how->close(dev);
	return err;
}

static struct xnvme_dev *
open_failed(int err)
{
	ASSERT(err < 0);
	errno = -err;
	return NULL;
}

struct xnvme_dev *
xnvme_dev_open(const char *dev_uri, struct xnvme_opts *opts)
{
	struct xnvme_opts defaults = xnvme_opts_default();
	struct xnvme_dev *dev;
	int err;

	if (!dev_uri) {
		return open_failed(err_set(-EINVAL, "no device was named: the URI is NULL"));
	}
	opts = opts ? opts : &defaults;
	err = check_opts(dev_uri, opts);
	if (err) {
		return open_failed(err);
	}
	enum handle_kind bit = uri_classify(dev_uri, opts->create, &err);

	if (!bit) {
		return open_failed(err);
	}
	const struct kind *how = find_kind(dev_uri, opts, bit, &err);

	if (!how) {
		return open_failed(err);
	}
	dev = dev_new(dev_uri, opts, bit);
	if (!dev) {
		return open_failed(-ENOMEM);
	}
	dev->how = how;
	err = dev_start(dev, dev_uri);
	if (err) {
		dev_free(dev);
		return open_failed(err);
	}
	dev_open_check(dev);
	return dev;
}

void
dev_put(struct xnvme_dev *dev)
{
	dev_open_check(dev);
	ASSERT(atomic_load_explicit(&dev->refs, memory_order_relaxed) > 0);
	if (atomic_fetch_sub_explicit(&dev->refs, 1, memory_order_acq_rel) > 1) {
		return;
	}
	fork_remove_dev(dev);
	if (fork_has_inherited(dev)) {
		fork_close(dev); /* the state of the paths and of the kind is the parent's */
	} else {
		dev_release(dev);
		dev->how->close(dev);
	}
	free_pages(dev);
	dev_free(dev);
}

void
xnvme_dev_close(struct xnvme_dev *dev)
{
	if (dev) {
		dev_put(dev);
	}
}

const struct xnvme_geo *
xnvme_dev_get_geo(const struct xnvme_dev *dev)
{
	geo_check(dev);
	return &dev->geo;
}

const struct xnvme_spec_idfy_ctrlr *
xnvme_dev_get_ctrlr(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ctrlr;
}

const struct xnvme_spec_idfy_ctrlr *
xnvme_dev_get_ctrlr_css(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ctrlr_css;
}

const struct xnvme_spec_idfy_ns *
xnvme_dev_get_ns(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ns;
}

const struct xnvme_spec_idfy_ns *
xnvme_dev_get_ns_css(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ns_css;
}

uint32_t
xnvme_dev_get_nsid(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ident.nsid;
}

uint8_t
xnvme_dev_get_csi(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->ident.csi;
}

const struct xnvme_ident *
xnvme_dev_get_ident(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return &dev->ident;
}

const struct xnvme_opts *
xnvme_dev_get_opts(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return &dev->opts;
}

const void *
xnvme_dev_get_be_state(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->handle;
}

uint64_t
xnvme_dev_get_ssw(const struct xnvme_dev *dev)
{
	geo_check(dev);
	return dev->geo.ssw;
}

const char *
xnvme_dev_get_note(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->note;
}

const char *
xnvme_dev_get_features(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return dev->features;
}

const char *
xnvme_dev_get_kind(const struct xnvme_dev *dev)
{
	dev_check(dev);
	return kind_name(dev->kind);
}
