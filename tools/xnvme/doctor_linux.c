/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks of a Linux system that decide which paths work. All information is from the kernel's
 * interfaces: proc(5), sysfs(5), getrlimit(2), io_uring_setup(2). An advice ends in a shell command
 * after the last colon; once it was run, the check reports ok.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor_linux.h"

#define HUGEPAGES_ENOUGH 128 /* 256 MiB in pages of 2 MiB: enough for the heap of a driver */
#define MEMLOCK_ENOUGH (64ULL << 20)
#define NVME_CLASS "0x010802" /* PCI: mass storage, non-volatile memory, NVMe */

bool
doctor_line(char *line, size_t nbytes, const char *fmt, ...)
{
	char path[300];
	va_list args;
	FILE *file;
	bool ok;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	file = fopen(path, "re");
	ok = file && fgets(line, (int)nbytes, file);
	if (ok) {
		line[strcspn(line, "\n")] = '\0';
	}
	if (file) {
		fclose(file);
	}
	return ok;
}

void
doctor_names_add(struct doctor_names *names, const char *name)
{
	size_t used = strlen(names->text);

	names->count += 1;
	if (used + strlen(name) + 2 < sizeof(names->text)) {
		snprintf(names->text + used, sizeof(names->text) - used, "%s%s", used ? " " : "",
			 name);
		names->listed += 1;
	}
}

const char *
doctor_next(void **folder, const char *path, const char *prefix)
{
	size_t nbytes = prefix ? strlen(prefix) : 0;
	struct dirent *entry;

	if (!*folder) {
		*folder = opendir(path);
	}
	while (*folder && (entry = readdir(*folder)) != NULL) {
		if (prefix ? !strncmp(entry->d_name, prefix, nbytes) &&
				     isdigit((unsigned char)entry->d_name[nbytes])
			   : entry->d_name[0] != '.') {
			return entry->d_name;
		}
	}
	if (*folder) {
		closedir(*folder);
		*folder = NULL;
	}
	return NULL;
}

void
doctor_found(struct doctor_finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(f->found, sizeof(f->found), fmt, args);
	va_end(args);
}

void
doctor_advise(struct doctor_finding *f, enum doctor_verdict verdict, bool root, const char *fmt,
	      ...)
{
	int used = 0;
	va_list args;

	f->verdict = verdict;
	if (root && geteuid() != 0) {
		used = snprintf(f->advice, sizeof(f->advice), "as root: ");
	}
	va_start(args, fmt);
	vsnprintf(f->advice + used, sizeof(f->advice) - (size_t)used, fmt, args);
	va_end(args);
}

static bool
exists(const char *path)
{
	return !access(path, F_OK);
}

static bool
has_capability(unsigned int number)
{
	FILE *file = fopen("/proc/self/status", "re");
	uint64_t effective = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapEff: %" SCNx64, &effective) == 1) {
			break;
		}
	}
	if (file) {
		fclose(file);
	}
	return effective >> number & 1;
}

static bool
kernel_is_before(int major, int minor)
{
	struct utsname system;
	int has_major = 0, has_minor = 0;

	uname(&system);
	return sscanf(system.release, "%d.%d", &has_major, &has_minor) == 2 &&
	       (has_major < major || (has_major == major && has_minor < minor));
}

static void
check_kernel(struct doctor_finding *f)
{
	struct utsname system;

	uname(&system);
	doctor_found(f, "%s %s", system.sysname, system.release);
	if (kernel_is_before(5, 19)) {
		doctor_advise(f, DOCTOR_MISSING, false, "io_uring_cmd needs Linux 5.19; install a "
			      "newer kernel, e.g. from backports");
	} else if (kernel_is_before(6, 1)) {
		doctor_advise(f, DOCTOR_SLOW, false, "Linux 6.1 completes io_uring in the waiting "
			      "task (DEFER_TASKRUN); install a newer kernel, e.g. from backports");
	}
}

static void
check_io_uring(struct doctor_finding *f)
{
	long got = syscall(SYS_io_uring_setup, 0, NULL); /* always fails; see errno */
	int err = got < 0 ? errno : 0;
	char disabled[16] = "0";

	doctor_line(disabled, sizeof(disabled), "/proc/sys/kernel/io_uring_disabled");
	if (err != ENOSYS && err != EPERM && err != EACCES) {
		doctor_found(f, "available");
		return;
	}
	doctor_found(f, "%s; io_uring_disabled is %s", strerror(err), disabled);
	if (err == EPERM && strcmp(disabled, "0")) {
		doctor_advise(f, DOCTOR_MISSING, true, "sysctl kernel.io_uring_disabled=0");
	} else {
		doctor_advise(f, DOCTOR_MISSING, false,
			      "%s: run with one that allows io_uring_setup, io_uring_enter and "
			      "io_uring_register, e.g. docker run --security-opt "
			      "seccomp=unconfined; libaio and thrpool work without",
			      err == ENOSYS ? "the kernel is built without it, or a seccomp "
					      "filter hides it, as containers do"
					    : "a seccomp filter forbids it, as containers do");
	}
}

static void
check_aio(struct doctor_finding *f)
{
	char used[32] = "0", max[32] = "0";

	if (!doctor_line(used, sizeof(used), "/proc/sys/fs/aio-nr") ||
	    !doctor_line(max, sizeof(max), "/proc/sys/fs/aio-max-nr")) {
		doctor_found(f, "not in this kernel");
		f->verdict = DOCTOR_NONE;
		return;
	}
	doctor_found(f, "%s of %s events in use", used, max);
	if (strtoull(max, NULL, 10) < strtoull(used, NULL, 10) + 4096) {
		doctor_advise(f, DOCTOR_MISSING, true, "sysctl fs.aio-max-nr=%llu",
			      strtoull(used, NULL, 10) + (1 << 20));
	}
}

static void
check_nvme(struct doctor_finding *f)
{
	struct doctor_names names = {0};
	void *folder = NULL;
	const char *name;

	while ((name = doctor_next(&folder, "/sys/class/nvme", "nvme")) != NULL) {
		doctor_names_add(&names, name);
	}
	if (names.count) {
		doctor_found(f, "%s", names.text);
		return;
	}
	f->verdict = DOCTOR_NONE;
	if (exists("/sys/module/nvme")) {
		doctor_found(f, "no NVMe controllers");
	} else {
		doctor_found(f, "no NVMe controllers: their driver is not loaded");
		doctor_advise(f, DOCTOR_NONE, true, "modprobe nvme");
	}
}

/* Returns the number of nodes in /dev that this user may not open; `count` is set to that of all */
static int
count_refused(const char *prefix, int *count)
{
	void *folder = NULL;
	const char *name;
	char path[300];
	int refused = 0;

	while ((name = doctor_next(&folder, "/dev", prefix)) != NULL) {
		snprintf(path, sizeof(path), "/dev/%s", name);
		*count += 1;
		refused += access(path, R_OK | W_OK) != 0;
	}
	return refused;
}

static void
check_nodes(struct doctor_finding *f)
{
	int nchars = 0, nothers = 0;
	int refused = count_refused("ng", &nchars) + count_refused("nvme", &nothers);

	doctor_found(f, "%d generic character devices, %d nodes that this user may not open",
		     nchars, refused);
	if (nchars + nothers == 0) {
		f->verdict = DOCTOR_NONE;
	} else if (!has_capability(CAP_SYS_ADMIN) && kernel_is_before(6, 2)) {
		doctor_found(f, "%d generic character devices; before Linux 6.2 only "
			     "CAP_SYS_ADMIN may pass NVMe commands", nchars);
		doctor_advise(f, DOCTOR_MISSING, false, "run as root, or with a newer kernel");
	} else if (refused) {
		doctor_advise(f, DOCTOR_MISSING, true, "chown %u%s%s", (unsigned int)getuid(),
			      nchars ? " /dev/ng[0-9]*" : "",
			      nothers ? " /dev/nvme[0-9]*" : "");
	}
}

static void
check_hugepages(struct doctor_finding *f)
{
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t npages = 0, total = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		(void)sscanf(line, "HugePages_Total: %" SCNu64, &total);
		(void)sscanf(line, "HugePages_Free: %" SCNu64, &npages);
	}
	if (file) {
		fclose(file);
	}
	doctor_found(f, "%" PRIu64 " of %" PRIu64 " free", npages, total);
	if (npages < HUGEPAGES_ENOUGH) { /* in addition to the pages in use */
		doctor_advise(f, DOCTOR_MISSING, true, "sysctl vm.nr_hugepages=%" PRIu64,
			      total - npages + HUGEPAGES_ENOUGH);
	}
}

static void
check_memlock(struct doctor_finding *f)
{
	struct rlimit limit;

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY) {
		doctor_found(f, "unlimited");
		return;
	}
	doctor_found(f, "%" PRIu64 " KiB%s", (uint64_t)limit.rlim_cur >> 10,
		     has_capability(CAP_IPC_LOCK) ? ", not applied to this user" : "");
	if (limit.rlim_cur >= MEMLOCK_ENOUGH || has_capability(CAP_IPC_LOCK)) {
		return;
	}
	if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= MEMLOCK_ENOUGH) {
		doctor_advise(f, DOCTOR_MISSING, false, "ulimit -l $(ulimit -H -l)");
	} else {
		doctor_advise(f, DOCTOR_MISSING, true, "echo '* - memlock unlimited' > "
			      "/etc/security/limits.d/memlock.conf and log in again, or for the "
			      "shell that this was started from: prlimit --pid %d "
			      "--memlock=unlimited", (int)getppid());
	}
}

/* Count NVMe functions on PCI: address of the first, number of all, number of those bound
 * to VFIO */
static int
count_functions(char *first, size_t nbytes, int *nbound)
{
	char line[32], driver[300];
	void *folder = NULL;
	const char *name;
	int count = 0;

	*nbound = 0;
	while ((name = doctor_next(&folder, "/sys/bus/pci/devices", NULL)) != NULL) {
		if (!doctor_line(line, sizeof(line), "/sys/bus/pci/devices/%s/class", name) ||
		    strcmp(line, NVME_CLASS)) {
			continue;
		}
		count += 1;
		snprintf(driver, sizeof(driver), "/sys/bus/pci/drivers/vfio-pci/%s", name);
		*nbound += exists(driver);
		if (count == 1) {
			snprintf(first, nbytes, "%s", name);
		}
	}
	return count;
}

static void
check_vfio(struct doctor_finding *f)
{
	bool has_vfio = exists("/dev/vfio/vfio") || exists("/dev/iommu");
	int ngroups = 0, nfunctions, nbound;
	void *folder = NULL;
	char first[NAME_MAX + 1] = "";

	while (doctor_next(&folder, "/sys/kernel/iommu_groups", NULL)) {
		ngroups += 1;
	}
	nfunctions = count_functions(first, sizeof(first), &nbound);
	if (!nfunctions) {
		doctor_found(f, "no NVMe function to drive; virtual SSDs (pci-virt:, vfio-user:) "
			     "need nothing");
		return;
	}
	doctor_found(f, "%d IOMMU groups, VFIO %s, it has %d of %d NVMe functions; virtual SSDs "
		     "(pci-virt:, vfio-user:) need nothing", ngroups,
		     has_vfio ? "is loaded" : "is not loaded", nbound, nfunctions);
	if (nbound) {
		return;
	}
	if (!ngroups) {
		doctor_advise(f, DOCTOR_MISSING, true, "boot with intel_iommu=on (AMD: turn the "
			      "IOMMU on in the firmware's setup); in a virtual machine without "
			      "one: xnvme-driver bind --no-iommu %s", first);
	} else {
		doctor_advise(f, DOCTOR_MISSING, true, "xnvme-driver bind %s", first);
	}
}

static void
check_demo_devices(struct doctor_finding *f)
{
	bool loop = !access("/dev/loop-control", R_OK | W_OK);
	bool zram = !access("/sys/class/zram-control/hot_add", R_OK);

	doctor_found(f, "loop devices: %s, zram devices: %s", loop ? "yes" : "no",
		     zram ? "yes" : "no");
	if (!loop && !zram) {
		doctor_advise(f, DOCTOR_MISSING, false, "run as root%s",
			      exists("/sys/module/loop") ? "" : " after: modprobe loop");
	}
}

#define LATENCY "latency of io_uring and io_uring_cmd with --poll_io 1"

const struct doctor_check doctor_checks[] = {
	{"kernel", "which paths there are", "io_uring_cmd", check_kernel},
	{"io_uring", "paths io_uring and io_uring_cmd", "io_uring io_uring_cmd", check_io_uring},
	{"aio", "path libaio", "libaio", check_aio},
	{"nvme controllers", "paths nvme and io_uring_cmd", "nvme io_uring_cmd", check_nvme},
	{"device nodes", "paths nvme and io_uring_cmd", "nvme io_uring_cmd", check_nodes},
	{"poll queues", LATENCY, NULL, doctor_poll_queues},
	{"I/O scheduler", "latency of io_uring, libaio and thrpool", NULL, doctor_scheduler},
	{"huge pages", "memory hugepage, user-space drivers", NULL, check_hugepages},
	{"locked memory", "registered buffers, user-space drivers", NULL, check_memlock},
	{"VFIO", "user-space drivers on real devices: path pcie", "pcie", check_vfio},
	{"CPU governor", "latency", NULL, doctor_governor},
	{"drive power states", "latency of the first command after a pause", NULL,
	 doctor_drive_power},
	{"PCIe link power", "latency of a command after a pause", NULL, doctor_link_power},
	{"devices for the demo", "xnvme paths --demo on a block device", NULL, check_demo_devices},
	{NULL, NULL, NULL, NULL},
};
