/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks for settings of a Linux system that make commands slower, while all paths work.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor_linux.h"

/* "nvme0c1n1" is one of several paths to nvme0n1, the device that users open */
static bool
is_one_path_of_several(const char *name)
{
	return strchr(name + strlen("nvme"), 'c') != NULL;
}

/* Recommended number of poll queues. The driver refuses to load with more poll queues than
 * processors, and each replaces a queue with interrupts. */
static long
polled_enough(void)
{
	long half = sysconf(_SC_NPROCESSORS_ONLN) / 2;

	return half < 1 ? 1 : half > 4 ? 4 : half;
}

void
doctor_poll_queues(struct doctor_finding *f)
{
	int count = 0, polled = 0;
	void *folder = NULL;
	const char *name;
	char line[32];
	long queues;

	while ((name = doctor_next(&folder, "/sys/block", "nvme")) != NULL) {
		if (!is_one_path_of_several(name) &&
		    doctor_line(line, sizeof(line), "/sys/block/%s/queue/io_poll", name)) {
			count += 1;
			polled += !!strcmp(line, "0");
		}
	}
	doctor_found(f, "%d of %d NVMe block devices have queues that are polled", polled, count);
	if (!count) {
		f->verdict = DOCTOR_NONE;
	} else if (polled < count) {
		queues = polled_enough();
		doctor_advise(f, DOCTOR_SLOW, true, "for --poll_io 1, boot with "
			      "nvme.poll_queues=%ld, or while no drive is in use: modprobe -r nvme "
			      "&& modprobe nvme poll_queues=%ld", queues, queues);
	}
}

void
doctor_scheduler(struct doctor_finding *f)
{
	struct doctor_names slow = {0};
	char line[128], zoned[32];
	void *folder = NULL;
	const char *name;
	int count = 0;

	while ((name = doctor_next(&folder, "/sys/block", "nvme")) != NULL) {
		if (!doctor_line(line, sizeof(line), "/sys/block/%s/queue/scheduler", name)) {
			continue;
		}
		if (doctor_line(zoned, sizeof(zoned), "/sys/block/%s/queue/zoned", name) &&
		    strcmp(zoned, "none")) {
			continue; /* the scheduler keeps the writes of a zone in order */
		}
		count += 1;
		/* a device without scheduler support has "none" without brackets, e.g. a multipath
		 * head */
		if (strchr(line, '[') && !strstr(line, "[none]")) {
			doctor_names_add(&slow, name);
		}
	}
	doctor_found(f, "%d of %d NVMe block devices have an I/O scheduler", slow.count, count);
	if (slow.count) {
		doctor_advise(f, DOCTOR_SLOW, true, "for d in %s; do echo none > "
			      "/sys/block/$d/queue/scheduler; done%s", slow.text,
			      slow.listed < slow.count ? " # and so on" : "");
	} else if (!count) {
		f->verdict = DOCTOR_NONE;
	}
}

void
doctor_governor(struct doctor_finding *f)
{
	char governor[32], other[32] = "";
	int count = 0, slow = 0;
	void *folder = NULL;
	const char *name;

	while ((name = doctor_next(&folder, "/sys/devices/system/cpu", "cpu")) != NULL) {
		if (!doctor_line(governor, sizeof(governor),
				 "/sys/devices/system/cpu/%s/cpufreq/scaling_governor", name)) {
			continue;
		}
		count += 1;
		if (strcmp(governor, "performance")) {
			memcpy(other, governor, sizeof(other));
			slow += 1;
		}
	}
	if (!count) {
		doctor_found(f, "no frequency scaling here");
		f->verdict = DOCTOR_NONE;
		return;
	}
	doctor_found(f, "%s on %d of %d processors", slow ? other : "performance",
		     slow ? slow : count, count);
	if (slow) {
		doctor_advise(f, DOCTOR_SLOW, true, "echo performance | tee "
			      "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
	}
}

/* This file exists only for controllers with Autonomous Power State Transitions (APST) */
#define TOLERANCE "/power/pm_qos_latency_tolerance_us"

void
doctor_drive_power(struct doctor_finding *f)
{
	char line[32], worst[32] = "";
	int count = 0, sleepy = 0;
	void *folder = NULL;
	const char *name;

	while ((name = doctor_next(&folder, "/sys/class/nvme", "nvme")) != NULL) {
		count += 1;
		if (doctor_line(line, sizeof(line), "/sys/class/nvme/%s" TOLERANCE, name) &&
		    strcmp(line, "0")) {
			memcpy(worst, line, sizeof(worst));
			sleepy += 1;
		}
	}
	if (!count) {
		doctor_found(f, "no controllers");
		f->verdict = DOCTOR_NONE;
		return;
	}
	doctor_found(f, "%d of %d controllers go to sleep by themselves%s%s", sleepy, count,
		     sleepy ? "; microseconds that waking may take: " : "", worst);
	if (sleepy) {
		doctor_advise(f, DOCTOR_SLOW, true, "boot with "
			      "nvme_core.default_ps_max_latency_us=0, or until the next boot: "
			      "for f in /sys/class/nvme/nvme*" TOLERANCE "; do echo 0 > $f; done");
	}
}

void
doctor_link_power(struct doctor_finding *f)
{
	static const char *const file = "/sys/module/pcie_aspm/parameters/policy";
	char line[128];

	if (!doctor_line(line, sizeof(line), "%s", file)) {
		doctor_found(f, "no link power management here");
		f->verdict = DOCTOR_NONE;
		return;
	}
	doctor_found(f, "%s", line);
	if (strstr(line, "save]")) { /* [powersave] or [powersupersave] */
		doctor_advise(f, DOCTOR_SLOW, true, "echo performance > %s", file);
	}
}
