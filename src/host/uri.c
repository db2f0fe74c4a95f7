/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/uri.h>

#include <base/assert.h>
#include <ctype.h>
#include <errno.h>
#include <host/err.h>
#include <os/os.h>
#include <string.h>

/* All planned kinds, compiled in or not, so that a URI of a kind that this build lacks gets a clear
 * error. `scheme` is NULL for kinds that the file system or the form of the name determines. */
static const struct uri_form {
	enum handle_kind kind;
	const char *scheme;
	const char *name;
	const char *noun;
} uri_forms[] = {
	{KIND_FILE, NULL, "file", "a regular file"},
	{KIND_BLOCK, NULL, "block", "a block device"},
	{KIND_NVME_BLOCK, NULL, "nvme_block", "an NVMe block device"},
	{KIND_NVME_CHAR, NULL, "nvme_char", "an NVMe generic character device"},
	{KIND_NVME_CTRLR, NULL, "nvme_ctrlr", "an NVMe controller"},
	{KIND_RAMDISK, NULL, "ramdisk", "a ramdisk"},
	{KIND_VIRT, "virt:", "virt", "a virtual SSD"},
	{KIND_PCI, NULL, "pci", "a PCI function"},
	{KIND_PCI_VIRT, "pci-virt:", "pci_virt", "a virtual PCI function"},
	{KIND_VFIO_USER, "vfio-user:", "vfio_user", "a vfio-user socket"},
	{KIND_FABRICS, NULL, "fabrics", "a fabrics endpoint"},
};
STATIC_ASSERT(KIND_FABRICS == 1 << (sizeof(uri_forms) / sizeof(uri_forms[0]) - 1),
	      "a kind without a row");

static const struct uri_form *
form_of(enum handle_kind kind)
{
	for (size_t i = 0; i < sizeof(uri_forms) / sizeof(uri_forms[0]); ++i) {
		if (uri_forms[i].kind == kind) {
			return &uri_forms[i];
		}
	}
	ASSERT(0 && "a kind without a form");
	return &uri_forms[0];
}

const char *
kind_noun(enum handle_kind kind)
{
	return form_of(kind)->noun;
}

const char *
kind_name(enum handle_kind kind)
{
	return form_of(kind)->name;
}

bool
uri_size(const char *text, uint64_t *nbytes)
{
	static const struct {
		const char *suffix;
		unsigned int shift;
	} units[] = {{"KiB", 10}, {"K", 10}, {"k", 10}, {"KB", 10}, {"kB", 10},
		     {"MiB", 20}, {"M", 20}, {"m", 20}, {"MB", 20},
		     {"GiB", 30}, {"G", 30}, {"g", 30}, {"GB", 30},
		     {"TiB", 40}, {"T", 40}, {"t", 40}, {"TB", 40}};
	uint64_t num = 0;
	const char *p = text;

	if (!isdigit((unsigned char)*p)) {
		return false;
	}
	for (; isdigit((unsigned char)*p); ++p) {
		if (__builtin_mul_overflow(num, 10, &num) ||
		    __builtin_add_overflow(num, (uint64_t)(*p - '0'), &num)) {
			return false;
		}
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); ++i) {
		if (!strcmp(p, units[i].suffix)) {
			*nbytes = num << units[i].shift;
			return (*nbytes >> units[i].shift) == num;
		}
	}
	return false;
}

/* Parses 1 to `max` hexadecimal digits; returns their end, or NULL */
static const char *
hex_digits(const char *p, int max)
{
	int count = 0;

	ASSERT(max > 0);
	while (count < max && isxdigit((unsigned char)p[count])) {
		count += 1;
	}
	return count ? p + count : NULL;
}

bool
uri_is_pci(const char *uri)
{
	const char *p = hex_digits(uri, 8);

	if (!p || *p != ':') {
		return false;
	}
	const char *second = hex_digits(p + 1, 2);

	if (second && *second == ':') { /* domain:bus:device.function */
		second = hex_digits(second + 1, 2);
	}
	/* after a comma follow options, which the driver checks */
	return second && second[0] == '.' && second[1] >= '0' && second[1] <= '7' &&
	       (!second[2] || second[2] == ',');
}

static enum handle_kind
classify_missing(const char *uri, bool may_create, int err, int *out)
{
	uint64_t nbytes;

	ASSERT(err > 0 && !*out);
	/* "1M" may be the name of a file to create, "1MiB" is none */
	if (uri_size(uri, &nbytes) && (!may_create || uri[strlen(uri) - 1] == 'B')) {
		return KIND_RAMDISK;
	}
	if (uri_is_pci(uri)) {
		return KIND_PCI;
	}
	if (isdigit((unsigned char)uri[0]) && !strchr(uri, '/') && !strchr(uri, ':') &&
	    (strstr(uri, "iB") || strstr(uri, "GB")) && !may_create) {
		*out = err_set(-EINVAL, "'%s' looks like the size of a ramdisk but is none; write "
			       "a whole number and KiB, MiB, GiB or TiB, for example 1GiB", uri);
		return 0;
	}
	if (err == ENOENT && strchr(uri, ':') && !strchr(uri, '/')) {
		return KIND_FABRICS;
	}
	if (err == ENOENT && may_create) {
		return KIND_FILE;
	}
	if (err == ENOENT) {
		*out = err_set(-ENOENT, "'%s' does not exist; give the path of a device or file, a "
			       "size such as 1GiB for a ramdisk, or set the option create to make "
			       "a file", uri);
		return 0;
	}
	*out = err_set(-err, "cannot look at '%s': %s", uri, strerror(err));
	return 0;
}

enum handle_kind
uri_classify(const char *uri, bool may_create, int *err)
{
	*err = 0;
	for (size_t i = 0; i < sizeof(uri_forms) / sizeof(uri_forms[0]); ++i) {
		const char *scheme = uri_forms[i].scheme;

		if (scheme && !strncmp(uri, scheme, strlen(scheme))) {
			return uri_forms[i].kind;
		}
	}

	enum os_file_type type;
	int rc = os_file_type(uri, &type);

	if (rc) {
		ASSERT(rc < 0);
		return classify_missing(uri, may_create, -rc, err);
	}
	switch (type) {
	case OS_FILE_REGULAR:
		return KIND_FILE;
	case OS_FILE_BLOCK:
		return KIND_BLOCK;
	case OS_FILE_NVME_BLOCK:
		return KIND_NVME_BLOCK;
	case OS_FILE_NVME_CHAR:
		return KIND_NVME_CHAR;
	case OS_FILE_NVME_CTRLR:
		return KIND_NVME_CTRLR;
	case OS_FILE_DIRECTORY:
		*err = err_set(-EISDIR, "'%s' is a directory; name a file in it", uri);
		return 0;
	case OS_FILE_OTHER:
	default:
		*err = err_set(-ENOTSUP, "'%s' is neither a regular file, nor a block device, nor "
			       "an NVMe device; there is nothing to do I/O with", uri);
		return 0;
	}
}
