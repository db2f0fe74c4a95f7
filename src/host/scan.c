/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What could be opened? Scanning tells what there is, enumerating opens each.
 */
#include <host/dev.h>

#include <errno.h>
#include <host/err.h>
#include <os/scan.h>
#include <string.h>

static int
scan_all(const char *sys_uri, struct os_scan *scan)
{
	int err;

	if (sys_uri) {
		return err_set(-ENOSYS, "scanning another system ('%s') is not possible; pass NULL "
			       "for this one", sys_uri);
	}
	err = os_scan(scan);
	return err ? err_set(err, "cannot list the devices of this system: %s", strerror(-err)) : 0;
}

int
xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func, void *cb_args)
{
	struct os_scan scan = {0};
	int err = scan_all(sys_uri, &scan);

	(void)opts; /* nothing is opened */
	for (size_t i = 0; i < scan.cnt && !err; ++i) {
		err = cb_func(&scan.idents[i], cb_args);
	}
	os_scan_free(&scan);
	return err;
}

/* What cannot be opened (no right to, another user's) is passed over: a list of what can be */
static int
enumerate_one(const char *uri, const struct xnvme_opts *opts, const char *driver,
	      xnvme_enumerate_cb cb_func, void *cb_args)
{
	struct xnvme_opts own = opts ? *opts : xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(uri, &own);
	int rc;

	if (!dev) {
		return -errno;
	}
	memcpy(dev->ident.kernel_driver, driver, sizeof(dev->ident.kernel_driver));
	rc = cb_func(dev, cb_args);
	switch (rc) {
	case XNVME_ENUMERATE_DEV_KEEP_OPEN:
		return 0;
	case XNVME_ENUMERATE_DEV_CLOSE:
		xnvme_dev_close(dev);
		return 0;
	default:
		xnvme_dev_close(dev);
		return err_set(-EINVAL, "the callback of an enumeration returned %d; it decides "
			       "by enum xnvme_enumerate_action", rc);
	}
}

int
xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
		void *cb_args)
{
	static const char no_driver[32];
	struct os_scan scan = {0};
	int err;

	if (sys_uri) {
		return enumerate_one(sys_uri, opts, no_driver, cb_func, cb_args);
	}
	err = scan_all(NULL, &scan);
	for (size_t i = 0; i < scan.cnt && !err; ++i) {
		err = enumerate_one(scan.idents[i].uri, opts, scan.idents[i].kernel_driver, cb_func,
				    cb_args);
		err = err == -EINVAL ? err : 0;
	}
	os_scan_free(&scan);
	return err;
}
