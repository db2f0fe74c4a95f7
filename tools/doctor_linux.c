/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What of a Linux system decides which paths work, and how fast. Everything is read from where the
 * kernel publishes it: proc(5), sysfs(5), getrlimit(2), io_uring_setup(2).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.h"

#define HUGEPAGES_ENOUGH 128 /* 256 MiB of pages of 2 MiB: what the heap of a driver takes */
#define MEMLOCK_ENOUGH (64ULL << 20)

/* The first line of a file without its newline; false when it cannot be read */
static bool
read_line(const char *path, char *line, size_t nbytes)
{
	FILE *file = fopen(path, "re");
	bool ok = file && fgets(line, (int)nbytes, file);

	if (ok) {
		line[strcspn(line, "\n")] = '\0';
	}
	if (file) {
		fclose(file);
	}
	return ok;
}

static bool
exists(const char *path)
{
	return !access(path, F_OK);
}

/* Names in a folder that begin with `prefix`: how many, and the first `nlisted` of them in `text`
 */
static int
count_names(const char *folder, const char *prefix, char *text, size_t nbytes)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t used = 0;
	int count = 0;

	text[0] = '\0';
	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || strncmp(entry->d_name, prefix, strlen(prefix))) {
			continue;
		}
		if (used + strlen(entry->d_name) + 2 < nbytes) {
			used += (size_t)snprintf(text + used, nbytes - used, "%s%s",
						 count ? " " : "", entry->d_name);
		}
		count += 1;
	}
	if (dir) {
		closedir(dir);
	}
	return count;
}

#define FOUND(f, ...) snprintf((f)->found, sizeof((f)->found), __VA_ARGS__)
#define ADVICE(f, verdict_, ...) \
	do { \
		(f)->verdict = (verdict_); \
		snprintf((f)->advice, sizeof((f)->advice), __VA_ARGS__); \
	} while (0)

static void
check_kernel(struct doctor_finding *f)
{
	struct utsname system;
	int major = 0, minor = 0;

	uname(&system);
	FOUND(f, "%s %s", system.sysname, system.release);
	if (sscanf(system.release, "%d.%d", &major, &minor) != 2) {
		return;
	}
	if (major < 5 || (major == 5 && minor < 19)) {
		ADVICE(f, DOCTOR_MISSING,
		       "io_uring_cmd needs Linux 5.19; install a newer kernel, "
		       "e.g. from backports");
	} else if (major < 6 || (major == 6 && minor < 1)) {
		ADVICE(f, DOCTOR_SLOW,
		       "Linux 6.1 completes io_uring in the waiting task "
		       "(DEFER_TASKRUN); a newer kernel is faster");
	}
}

static void
check_io_uring(struct doctor_finding *f)
{
	char disabled[16] = "0";
	long got = syscall(SYS_io_uring_setup, 0, NULL); /* refused either way; how, tells */
	int err = got < 0 ? errno : 0;

	read_line("/proc/sys/kernel/io_uring_disabled", disabled, sizeof(disabled));
	if (err != ENOSYS && err != EPERM) {
		FOUND(f, "available");
		return;
	}
	FOUND(f, "%s; io_uring_disabled is %s", strerror(err), disabled);
	if (strcmp(disabled, "0")) {
		ADVICE(f, DOCTOR_MISSING, "sysctl kernel.io_uring_disabled=0");
	} else {
		ADVICE(f, DOCTOR_MISSING,
		       "a seccomp filter forbids it, as containers do: run with one that allows "
		       "io_uring_setup, io_uring_enter and io_uring_register, e.g. docker run "
		       "--security-opt seccomp=unconfined; libaio and thrpool work without");
	}
}

static void
check_aio(struct doctor_finding *f)
{
	char used[32] = "0", max[32] = "0";

	if (!read_line("/proc/sys/fs/aio-nr", used, sizeof(used)) ||
	    !read_line("/proc/sys/fs/aio-max-nr", max, sizeof(max))) {
		FOUND(f, "not in this kernel");
		f->verdict = DOCTOR_NONE;
		return;
	}
	FOUND(f, "%s of %s events in use", used, max);
	if (strtoull(max, NULL, 10) - strtoull(used, NULL, 10) < 4096) {
		ADVICE(f, DOCTOR_MISSING, "sysctl fs.aio-max-nr=1048576");
	}
}

static void
check_nvme(struct doctor_finding *f)
{
	int count = count_names("/sys/class/nvme", "nvme", f->found, sizeof(f->found));

	if (count) {
		return;
	}
	FOUND(f, "no controllers");
	f->verdict = DOCTOR_NONE;
	if (!exists("/sys/module/nvme")) {
		ADVICE(f, DOCTOR_NONE, "if there is one: modprobe nvme");
	}
}

static void
check_nodes(struct doctor_finding *f)
{
	char names[128], path[300];
	DIR *dir = opendir("/dev");
	struct dirent *entry;
	int count = count_names("/dev", "ng", names, sizeof(names)), refused = 0;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "ng", 2) && strncmp(entry->d_name, "nvme", 4)) {
			continue;
		}
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		refused += access(path, R_OK | W_OK) != 0;
	}
	if (dir) {
		closedir(dir);
	}
	FOUND(f, "%d generic character devices, %d nodes that this user may not open", count,
	      refused);
	if (refused) {
		ADVICE(f, DOCTOR_MISSING, "run as root, or: chown %u /dev/ng* /dev/nvme*",
		       (unsigned int)getuid());
	} else if (!count) {
		f->verdict = DOCTOR_NONE;
	}
}

static void
check_poll_queues(struct doctor_finding *f)
{
	char queues[32];

	if (!read_line("/sys/module/nvme/parameters/poll_queues", queues, sizeof(queues))) {
		FOUND(f, "the nvme driver is not loaded");
		f->verdict = DOCTOR_NONE;
		return;
	}
	FOUND(f, "%s", queues);
	if (!strcmp(queues, "0")) {
		ADVICE(f, DOCTOR_SLOW,
		       "for --poll_io 1: echo options nvme poll_queues=4 > "
		       "/etc/modprobe.d/nvme.conf, and boot again");
	}
}

static void
check_scheduler(struct doctor_finding *f)
{
	DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	char path[300], line[128], zoned[32];
	int slow = 0, count = 0;

	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/sys/block/%s/queue/scheduler", entry->d_name);
		if (strncmp(entry->d_name, "nvme", 4) || !read_line(path, line, sizeof(line))) {
			continue;
		}
		snprintf(path, sizeof(path), "/sys/block/%s/queue/zoned", entry->d_name);
		if (read_line(path, zoned, sizeof(zoned)) && strcmp(zoned, "none")) {
			continue; /* the scheduler keeps the writes of a zone in order */
		}
		count += 1;
		slow += !strstr(line, "[none]");
	}
	if (dir) {
		closedir(dir);
	}
	FOUND(f, "%d of %d NVMe block devices have an I/O scheduler", slow, count);
	if (slow) {
		ADVICE(f, DOCTOR_SLOW, "echo none > /sys/block/nvme0n1/queue/scheduler");
	} else if (!count) {
		f->verdict = DOCTOR_NONE;
	}
}

static void
check_hugepages(struct doctor_finding *f)
{
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t npages = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "HugePages_Free: %" SCNu64, &npages) == 1) {
			break;
		}
	}
	if (file) {
		fclose(file);
	}
	FOUND(f, "%" PRIu64 " free", npages);
	if (npages < HUGEPAGES_ENOUGH) {
		ADVICE(f, DOCTOR_MISSING, "sysctl vm.nr_hugepages=%d", HUGEPAGES_ENOUGH);
	}
}

static void
check_memlock(struct doctor_finding *f)
{
	struct rlimit limit;

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY) {
		FOUND(f, "unlimited");
		return;
	}
	FOUND(f, "%" PRIu64 " KiB", (uint64_t)limit.rlim_cur >> 10);
	if (limit.rlim_cur < MEMLOCK_ENOUGH && geteuid() != 0) {
		ADVICE(f, DOCTOR_MISSING,
		       "ulimit -l unlimited, or a line in "
		       "/etc/security/limits.conf");
	}
}

static void
check_vfio(struct doctor_finding *f)
{
	char names[64];
	int ngroups = count_names("/sys/kernel/iommu_groups", "", names, sizeof(names));
	bool has_vfio = exists("/dev/vfio/vfio");

	FOUND(f, "%d IOMMU groups, /dev/vfio/vfio %s", ngroups, has_vfio ? "exists" : "does not");
	if (!ngroups) {
		ADVICE(f, DOCTOR_MISSING,
		       "boot with intel_iommu=on or amd_iommu=on; in a virtual machine without "
		       "one see: xnvme-driver --help");
	} else if (!has_vfio) {
		ADVICE(f, DOCTOR_MISSING, "modprobe vfio-pci");
	}
}

static void
check_governor(struct doctor_finding *f)
{
	char governor[32];

	if (!read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
		       sizeof(governor))) {
		FOUND(f, "no frequency scaling here");
		f->verdict = DOCTOR_NONE;
		return;
	}
	FOUND(f, "%s", governor);
	if (strcmp(governor, "performance")) {
		ADVICE(f, DOCTOR_SLOW, "cpupower frequency-set -g performance");
	}
}

static void
check_device_power(struct doctor_finding *f)
{
	char latency_us[32];

	if (!read_line("/sys/module/nvme_core/parameters/default_ps_max_latency_us", latency_us,
		       sizeof(latency_us))) {
		FOUND(f, "the nvme driver is not loaded");
		f->verdict = DOCTOR_NONE;
		return;
	}
	FOUND(f, "drives may sleep so deep that waking takes %s us", latency_us);
	if (strcmp(latency_us, "0")) {
		ADVICE(f, DOCTOR_SLOW, "boot with nvme_core.default_ps_max_latency_us=0");
	}
}

static void
check_demo_devices(struct doctor_finding *f)
{
	bool loop = !access("/dev/loop-control", R_OK | W_OK);
	bool zram = !access("/sys/class/zram-control/hot_add", R_OK);

	FOUND(f, "loop devices: %s, zram devices: %s", loop ? "yes" : "no", zram ? "yes" : "no");
	if (!loop && !zram) {
		ADVICE(f, DOCTOR_MISSING, "run as root after: modprobe loop");
	}
}

const struct doctor_check doctor_checks[] = {
	{"kernel", "which paths there are", check_kernel},
	{"io_uring", "paths io_uring and io_uring_cmd", check_io_uring},
	{"aio", "path libaio", check_aio},
	{"nvme controllers", "paths nvme and io_uring_cmd", check_nvme},
	{"device nodes", "paths nvme and io_uring_cmd", check_nodes},
	{"poll queues", "latency of io_uring and io_uring_cmd with --poll_io 1", check_poll_queues},
	{"I/O scheduler", "latency of io_uring, libaio and thrpool", check_scheduler},
	{"huge pages", "memory hugepage, user-space drivers", check_hugepages},
	{"locked memory", "registered buffers, user-space drivers", check_memlock},
	{"VFIO", "user-space drivers on real devices: path pcie", check_vfio},
	{"CPU governor", "latency", check_governor},
	{"drive power states", "latency of the first command after a pause", check_device_power},
	{"devices for the demo", "xnvme paths --demo on a block device", check_demo_devices},
	{NULL, NULL, NULL},
};
