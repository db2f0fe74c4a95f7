/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Malformed URIs, options and combinations are refused with an errno and a message that names valid
 * ones. X02: xNVMe 0.7.5 offers paths for nodes on which every command fails.
 */
#include <libxnvme.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define F "@file" /* placeholder of a file of 1 MiB that the test makes */
#define LONG_URI "@long"

struct refusal {
	const char *uri;
	const char *be, *sync, *async, *admin, *mem;
	uint8_t flags; /* of FLAG_* */
	uint32_t nsid; /* 0: the default */
	int err;
	const char *says; /* all of these, separated by '|', are in the message */
};

enum {
	FLAG_RDONLY = 1,
	FLAG_WRONLY = 2,
	FLAG_TRUNCATE = 4,
	FLAG_POLICY = 8,
};

static const struct refusal refusals[] = {
	{.uri = NULL, .err = EINVAL, .says = "no device was named"},
	{.uri = "", .err = EINVAL, .says = "empty"},
	{.uri = LONG_URI, .err = EINVAL, .says = "at most 383 bytes|400"},
	{.uri = "/nonexistent", .err = ENOENT, .says = "/nonexistent|does not exist|create"},
	{.uri = "/nonexistent/file", .err = ENOENT, .says = "does not exist"},
	{.uri = "/etc/passwd/x", .err = ENOTDIR, .says = "cannot look at"},
	{.uri = "/tmp", .err = EISDIR, .says = "is a directory"},
	/* X17: xNVMe 0.7.5 opens any character device as a controller */
	{.uri = "/dev/null", .err = ENOTSUP, .says = "neither a regular file"},
	{.uri = "/dev/zero", .err = ENOTSUP, .says = "neither a regular file"},
	{.uri = "/dev/tty", .err = ENOTSUP, .says = "neither a regular file"},
	{.uri = "0GB", .err = EINVAL, .says = "no bytes"},
	{.uri = "0MiB", .err = EINVAL, .says = "no bytes"},
	{.uri = "1.5GiB", .err = EINVAL, .says = "size of a ramdisk|1GiB"},
	{.uri = "12xGiB", .err = EINVAL, .says = "size of a ramdisk"},
	{.uri = "1GiBx", .err = EINVAL, .says = "size of a ramdisk"},
	{.uri = "99999999999999999999GB", .err = EINVAL, .says = "size of a ramdisk"},
	{.uri = "18446744073709551615TiB", .err = EINVAL, .says = "size of a ramdisk"},
	{.uri = "8388608TiB", .err = ENOMEM, .says = "does not fit"},
	{.uri = "GiB", .err = ENOENT, .says = "does not exist"},
	{.uri = "-1GiB", .err = ENOENT, .says = "does not exist"},
	{.uri = F, .async = "nonsense", .err = ENOTSUP, .says = "nonsense|not a path|io_uring"},
	{.uri = F, .async = "", .err = ENOTSUP, .says = "what works"},
	{.uri = F, .async = "io_uring_cmd", .err = ENOTSUP, .says = "regular file|io_uring_cmd"},
	{.uri = F, .async = "virt", .err = ENOTSUP, .says = "cannot be used with it|thrpool"},
	{.uri = F, .async = "IO_URING", .err = ENOTSUP, .says = "not a path"},
	{.uri = F, .async = "psync", .err = ENOTSUP, .says = "async 'psync' cannot be used"},
	{.uri = F, .sync = "nvme", .err = ENOTSUP, .says = "sync 'nvme'|psync"},
	{.uri = F, .sync = "block", .err = ENOTSUP, .says = "sync 'block'|psync"},
	{.uri = F, .sync = "ramdisk", .err = ENOTSUP, .says = "sync 'ramdisk'"},
	{.uri = F, .admin = "nvme", .err = ENOTSUP, .says = "admin 'nvme'|file_as_ns"},
	{.uri = F, .admin = "block", .err = ENOTSUP, .says = "admin 'block'|file_as_ns"},
	{.uri = F, .mem = "nonsense", .err = EINVAL, .says = "memory 'nonsense'|posix"},
	{.uri = F, .mem = "pcie", .err = EINVAL, .says = "memory 'pcie'|name posix or hugepage"},
	{.uri = "pci-virt:null", .mem = "hugepage", .err = EINVAL, .says = "hugepage|name pcie"},
	{.uri = F, .be = "nonsense", .err = ENXIO, .says = "unknown backend 'nonsense'"},
	{.uri = F, .be = "io_uring_bdev", .err = ENXIO, .says = "not for|regular file"},
	{.uri = F, .be = "thrpool_bdev", .err = ENXIO, .says = "not for"},
	{.uri = F, .be = "ramdisk", .err = ENXIO, .says = "not for"},
	{.uri = F, .be = "ramdisk_emu", .err = ENXIO, .says = "not for"},
	{.uri = F, .be = "_file", .err = ENXIO, .says = "unknown backend"},
	{.uri = F, .be = "spdk", .err = ENXIO, .says = "be 'spdk' is not for"},
	{.uri = F, .be = "emu_file", .async = "thrpool", .err = EINVAL, .says = "name one of"},
	{.uri = F, .be = "psync", .sync = "block", .err = EINVAL, .says = "name one of"},
	{.uri = "1MiB", .async = "io_uring", .err = ENOTSUP, .says = "ramdisk|emu, thrpool"},
	{.uri = "1MiB", .async = "libaio", .err = ENOTSUP, .says = "a ramdisk|emu"},
	{.uri = "1MiB", .async = "posix", .err = ENOTSUP, .says = "a ramdisk"},
	{.uri = "1MiB", .sync = "psync", .err = ENOTSUP, .says = "sync 'psync'|ramdisk"},
	{.uri = "1MiB", .admin = "file_as_ns", .err = ENOTSUP, .says = "admin 'file_as_ns'"},
	{.uri = "1MiB", .be = "io_uring_file", .err = ENXIO, .says = "not for"},
	{.uri = F, .flags = FLAG_RDONLY | FLAG_WRONLY, .err = EINVAL, .says = "exclude each other"},
	{.uri = F, .flags = FLAG_RDONLY | FLAG_TRUNCATE, .err = EINVAL, .says = "needs write"},
	{.uri = F, .flags = FLAG_POLICY, .err = EINVAL, .says = "no policy 9"},
	{.uri = F, .nsid = 2, .err = EINVAL, .says = "regular file|nsid is 2|give 1"},
	{.uri = F, .nsid = UINT32_MAX, .err = EINVAL, .says = "0xffffffff|all namespaces"},
	{.uri = "1MiB", .nsid = 7, .err = EINVAL, .says = "a ramdisk|nsid is 7"},
	{.uri = "virt:null", .nsid = UINT32_MAX, .err = EINVAL, .says = "0xffffffff|0 for the"},
	{.uri = "virt:kv-prototype", .nsid = UINT32_MAX, .err = EINVAL, .says = "0xffffffff"},
	{.uri = "virt:null,size=4MiB", .nsid = 7, .err = ENODEV, .says = "no active namespace 7"},
	{.uri = "pci-virt:null", .nsid = UINT32_MAX, .err = EINVAL, .says = "0xffffffff"},
	{.uri = "virt:", .err = EINVAL, .says = "not a preset|optane-p4800x|key=value"},
	{.uri = "virt:no-such-preset", .err = EINVAL, .says = "'no-such-preset' is not a preset"},
	{.uri = "virt:/no/such.toml", .err = EINVAL, .says = "cannot read|/no/such.toml"},
	{.uri = "virt:@nobody", .err = ENOENT, .says = "is named 'nobody'|name=nobody"},
	{.uri = "virt:null,size=banana", .err = EINVAL, .says = "'banana' is not a value|4GiB"},
	{.uri = "virt:null,size=0", .err = EINVAL, .says = "no capacity"},
	{.uri = "virt:null,size=1MiB,size=2MiB", .err = EINVAL, .says = "given twice"},
	{.uri = "virt:null,lba=513", .err = EINVAL, .says = "512 or 4096"},
	{.uri = "virt:null,clock=never", .err = EINVAL, .says = "not a clock|virtual"},
	{.uri = "virt:null,media=/no/such/file", .err = ENOENT, .says = "/no/such/file"},
	{.uri = "virt:null,nonsense=1", .err = EINVAL, .says = "not a setting|valid are"},
	{.uri = "virt:null,=1", .err = EINVAL, .says = "not key=value"},
	{.uri = "virt:null,,", .err = EINVAL, .says = "not key=value"},
	{.uri = "pci-virt:no-such-preset", .err = EINVAL, .says = "is not a preset"},
	{.uri = "vfio-user:", .err = EINVAL, .says = "names no socket"},
	{.uri = "vfio-user:/no.sock", .err = ENOENT, .says = "no server answers|nvmevirt serve"},
	{.uri = "ffff:ff:1f.7", .err = ENODEV, .says = "no PCI function"},
	{.uri = "10.0.0.1:4420", .err = ENOTSUP, .says = "fabrics endpoint"},
};

static bool
contains_all(const char *text, const char *parts)
{
	char copy[256];
	char *save = NULL;

	(void)snprintf(copy, sizeof(copy), "%s", parts);
	for (char *part = strtok_r(copy, "|", &save); part; part = strtok_r(NULL, "|", &save)) {
		if (!strstr(text, part)) {
			return false;
		}
	}
	return true;
}

static struct xnvme_opts
opts_of(const struct refusal *r)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.be = r->be;
	opts.nsid = r->nsid ? r->nsid : opts.nsid;
	opts.sync = r->sync;
	opts.async = r->async;
	opts.admin = r->admin;
	opts.mem = r->mem;
	opts.rdonly = !!(r->flags & FLAG_RDONLY);
	opts.wronly = !!(r->flags & FLAG_WRONLY);
	opts.truncate = !!(r->flags & FLAG_TRUNCATE);
	opts.policy = r->flags & FLAG_POLICY ? 9 : 0;
	return opts;
}

/* Returns whether the library behaves as the row requires; `uri` replaces the row's placeholder */
static bool
holds(const struct refusal *r, const char *uri)
{
	struct xnvme_opts opts = opts_of(r);
	struct xnvme_dev *dev;
	int err;

	xnvme_err_clear();
	errno = 0;
	dev = xnvme_dev_open(uri, &opts);
	err = errno;
	if (dev) {
		printf("FAILED: '%s' was opened\n", uri);
		xnvme_dev_close(dev);
		return false;
	}
	if (err != r->err) {
		printf("FAILED: '%s': errno %d, not %d: %s\n", uri ? uri : "(null)", err, r->err,
		       xnvme_err_text());
		return false;
	}
	if (!contains_all(xnvme_err_text(), r->says)) {
		printf("FAILED: '%s': '%s' does not say '%s'\n", uri ? uri : "(null)",
		       xnvme_err_text(), r->says);
		return false;
	}
	printf("ok '%s': %s\n", uri ? uri : "(null)", xnvme_err_text());
	return true;
}

int
main(void)
{
	size_t count = sizeof(refusals) / sizeof(refusals[0]);
	char file[] = "/tmp/xnvme_refusals_XXXXXX";
	char long_uri[401];
	int fd = mkstemp(file);
	size_t bad = 0;

	if (fd < 0 || ftruncate(fd, 1 << 20)) {
		printf("no file can be made in /tmp\n");
		return 77;
	}
	memset(long_uri, 'x', 400);
	long_uri[400] = '\0';
	for (size_t i = 0; i < count; ++i) {
		const char *uri = refusals[i].uri;

		if (uri && !strcmp(uri, F)) {
			uri = file;
		} else if (uri && !strcmp(uri, LONG_URI)) {
			uri = long_uri;
		}
		bad += !holds(&refusals[i], uri);
	}
	(void)close(fd);
	(void)unlink(file);
	printf("%zu of %zu hold\n", count - bad, count);
	return bad ? 1 : 0;
}
