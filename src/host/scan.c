/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists devices. A scan asks the operating system, and opens only namespaces whose command set that
 * does not report. An enumeration opens each device that accepts commands of a namespace, one at a
 * time.
 */
#include <libxnvme.h>

#include <base/assert.h>
#include <errno.h>
#include <host/dev.h>
#include <host/err.h>
#include <os/scan.h>
#include <stdio.h>
#include <string.h>

/* The controller whose namespaces belong to the device at `named`: the device itself, or, for a PCI
 * function, the controller that follows it in the list; "" for other devices */
static const char *
ctrlr_of(const struct os_scan *scan, size_t named)
{
	const struct xnvme_ident *ident = &scan->idents[named];
	const struct xnvme_ident *next = named + 1 < scan->cnt ? ident + 1 : ident;

	ASSERT(named < scan->cnt);
	if (ident->dtype != DTYPE_CONTROLLER) {
		return "";
	}
	return ident->uri[0] != '/' && next->dtype == DTYPE_CONTROLLER &&
	       !strcmp(next->subnqn, ident->subnqn) ? next->uri : ident->uri;
}

/* Lists the devices of this machine, or only those that `sys_uri` selects */
static int
scan_system(struct os_scan *scan, const char *sys_uri)
{
	char ctrlr[XNVME_IDENT_URI_LEN];
	int err = os_scan(scan);
	size_t at = 0, cnt = 0;

	if (err) {
		os_scan_free(scan);
		return err_set(err, "no memory for the list of devices");
	}
	if (!sys_uri) {
		return 0;
	}
	while (at < scan->cnt && strcmp(scan->idents[at].uri, sys_uri)) {
		at += 1;
	}
	if (at == scan->cnt) {
		os_scan_free(scan);
		return err_set(-ENODEV, "this machine has no device '%s'; a scan without a name "
			       "lists what it has", sys_uri);
	}
	(void)snprintf(ctrlr, sizeof(ctrlr), "%s", ctrlr_of(scan, at));
	for (size_t i = 0; i < scan->cnt; ++i) {
		const struct xnvme_ident *ident = &scan->idents[i];

		if (!strcmp(ident->uri, sys_uri) || !strcmp(ident->uri, ctrlr) ||
		    (*ctrlr && ident->dtype == DTYPE_NAMESPACE &&
		     os_scan_leads_to(ctrlr, ident->uri))) {
			scan->idents[cnt++] = *ident;
		}
	}
	ASSERT(cnt > 0 && cnt <= scan->cnt); /* the named device at least */
	scan->cnt = cnt;
	return 0;
}

/* Reads the command set of a namespace from the device when the operating system does not report it
 * and the user may open it. It stays 0xFF otherwise. */
static void
ask_csi(struct xnvme_ident *ident)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	if (ident->dtype != DTYPE_NAMESPACE || ident->csi != 0xFF) {
		return;
	}
	opts.rdonly = 1;
	opts.async = "nil"; /* no queue is needed */
	dev = xnvme_dev_open(ident->uri, &opts);
	if (dev) {
		dev_open_check(dev);
		ident->csi = dev->ident.csi;
		xnvme_dev_close(dev);
	}
	xnvme_err_clear(); /* an unknown command set is not a failure of the scan */
}

int
xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func, void *cb_args)
{
	struct os_scan scan = {0};
	int err;

	(void)opts; /* the options are for handles passed to the caller; a scan passes none */
	if (!cb_func) {
		return err_set(-EINVAL, "a scan reports to a function, none was given");
	}
	err = scan_system(&scan, sys_uri);
	if (err) {
		return err;
	}
	for (size_t i = 0; i < scan.cnt; ++i) {
		ask_csi(&scan.idents[i]);
		if (cb_func(&scan.idents[i], cb_args)) {
			break;
		}
	}
	os_scan_free(&scan);
	return 0;
}

/* Does the device accept commands of a namespace? Neither a controller nor a PCI function bound to
 * the kernel's driver does. */
static bool
is_enumerated(const struct xnvme_ident *ident)
{
	return ident->dtype != DTYPE_CONTROLLER ||
	       (ident->uri[0] != '/' && strcmp(ident->kernel_driver, "nvme"));
}

/* `driver` comes from the scan, "" when unknown */
static int
open_and_report(const char *uri, const struct xnvme_opts *opts, const char *driver,
		xnvme_enumerate_cb cb_func, void *cb_args)
{
	struct xnvme_opts own = opts ? *opts : xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(uri, &own);
	int rc;

	if (!dev) {
		return -errno;
	}
	dev_open_check(dev);
	if (!dev->ident.kernel_driver[0]) {
		(void)snprintf(dev->ident.kernel_driver, sizeof(dev->ident.kernel_driver), "%s",
			       driver);
	}
	rc = cb_func(dev, cb_args);
	if (rc != XNVME_ENUMERATE_DEV_KEEP_OPEN) {
		xnvme_dev_close(dev);
	}
	return 0;
}

int
xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
		void *cb_args)
{
	char first[256] = ""; /* the error text of the first device that was skipped */
	struct os_scan scan = {0};
	size_t asked = 0, nskipped = 0;
	int err;

	if (!cb_func) {
		return err_set(-EINVAL, "an enumeration reports to a function, none was given");
	}
	if (sys_uri && strncmp(sys_uri, "/dev/", 5)) {
		err = open_and_report(sys_uri, opts, "", cb_func, cb_args);
		if (!err) {
			xnvme_err_clear(); /* errors of skipped paths, or from before */
		}
		return err;
	}
	err = scan_system(&scan, sys_uri);
	if (err) {
		return err;
	}
	for (size_t i = 0; i < scan.cnt; ++i) {
		if (!is_enumerated(&scan.idents[i])) {
			continue;
		}
		asked += 1;
		/* a device that cannot be opened does not hide the others */
		if (open_and_report(scan.idents[i].uri, opts, scan.idents[i].kernel_driver, cb_func,
				    cb_args) && !nskipped++) {
			(void)snprintf(first, sizeof(first), "%s", xnvme_err_text());
		}
	}
	ASSERT(nskipped <= asked);
	os_scan_free(&scan);
	xnvme_err_clear();
	return nskipped ? err_set(0, "%zu of %zu devices could not be opened, for one: %s",
				  nskipped, asked, first) : 0;
}
