/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/scan.h>

#include <errno.h>
#include <os/linux_nvme.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCI_CLASS_NVME 0x010802 /* PCI Code and ID Assignment: mass storage, NVM, NVMe I/O */

/* Values of xnvme_ident.dtype */
enum { DTYPE_CTRLR = 1, DTYPE_NAMESPACE = 2, DTYPE_BLOCK = 3 };

static struct xnvme_ident *
scan_add(struct os_scan *scan)
{
	if (scan->cnt == scan->capacity) {
		size_t capacity = scan->capacity ? scan->capacity * 2 : 32;
		void *more = realloc(scan->idents, capacity * sizeof(*scan->idents));

		if (!more) {
			return NULL;
		}
		scan->idents = more;
		scan->capacity = capacity;
	}
	memset(&scan->idents[scan->cnt], 0, sizeof(*scan->idents));
	return &scan->idents[scan->cnt++];
}

void
os_scan_free(struct os_scan *scan)
{
	free(scan->idents);
	*scan = (struct os_scan){0};
}

/* Adds an NVMe node by its kernel name, with its subsystem and its driver */
static struct xnvme_ident *
add_node(struct os_scan *scan, const char *name, uint32_t dtype)
{
	struct xnvme_ident *ident = scan_add(scan);

	if (!ident) {
		return NULL;
	}
	(void)snprintf(ident->uri, sizeof(ident->uri), "/dev/%s", name);
	ident->dtype = dtype;
	nvme_subnqn(name, ident->subnqn, sizeof(ident->subnqn));
	nvme_driver(name, ident->kernel_driver, sizeof(ident->kernel_driver));
	return ident;
}

/* Adds both nodes of the namespace with the kernel's numbers `instance` and `number` */
static int
add_namespace(struct os_scan *scan, unsigned int instance, unsigned int number)
{
	char block[SYSFS_NAME_NBYTES];
	char generic[SYSFS_NAME_NBYTES];
	uint64_t nsid = UINT32_MAX;
	struct xnvme_ident *ident;
	bool has_block;
	uint8_t csi;

	(void)snprintf(block, sizeof(block), "nvme%un%u", instance, number);
	(void)snprintf(generic, sizeof(generic), "ng%un%u", instance, number);
	if (sysfs_number(&nsid, "class/block/%s/nsid", block) &&
	    sysfs_number(&nsid, "class/nvme-generic/%s/nsid", generic)) {
		nsid = UINT32_MAX; /* older kernels report it by ioctl only */
	}
	has_block = sysfs_exists("class/block/%s", block);
	csi = nvme_csi(block);
	if (has_block && !nvme_block_is_hidden(block)) {
		ident = add_node(scan, block, DTYPE_NAMESPACE);
		if (!ident) {
			return -ENOMEM;
		}
		ident->nsid = (uint32_t)nsid;
		ident->csi = csi;
	}
	if (sysfs_exists("class/nvme-generic/%s", generic)) {
		ident = add_node(scan, generic, DTYPE_NAMESPACE);
		if (!ident) {
			return -ENOMEM;
		}
		ident->nsid = (uint32_t)nsid;
		ident->csi = csi;
	}
	return 0;
}

static bool
is_namespace(const char *name)
{
	struct nvme_name parsed = nvme_name_parse(name);

	return (parsed.kind == NVME_NAME_BLOCK || parsed.kind == NVME_NAME_CHAR) && !parsed.hidden;
}

/* Adds the namespaces under `parent`, which is a controller, or (for heads) a subsystem: names like
 * nvme0n1 and ng0n1 from both classes. A namespace with both nodes is added once. */
static int
add_namespaces_of(struct os_scan *scan, const char *parent)
{
	static const char *const classes[] = {"block", "nvme-generic"};
	int err = 0;

	for (int c = 0; c < 2 && !err; ++c) {
		char folder[64];
		char (*names)[SYSFS_NAME_NBYTES];
		int cnt;

		(void)snprintf(folder, sizeof(folder), "class/%s", classes[c]);
		cnt = sysfs_list(folder, is_namespace, &names);
		if (cnt < 0) {
			return cnt;
		}
		for (int i = 0; i < cnt && !err; ++i) {
			struct nvme_name parsed = nvme_name_parse(names[i]);
			char above[SYSFS_NAME_NBYTES];

			if (sysfs_link_name(above, sizeof(above), "class/%s/%s/device", classes[c],
					    names[i]) || strcmp(above, parent) ||
			    (c == 1 && sysfs_exists("class/block/nvme%un%u", parsed.instance,
						    parsed.namespace))) {
				continue;
			}
			err = add_namespace(scan, parsed.instance, parsed.namespace);
		}
		free(names);
	}
	return err;
}

static const char *
node_name(const char *uri)
{
	const char *slash = strrchr(uri, '/');

	return slash ? slash + 1 : uri;
}

bool
os_scan_leads_to(const char *ctrlr_uri, const char *namespace_uri)
{
	return nvme_leads_to(node_name(ctrlr_uri), node_name(namespace_uri));
}

static bool
is_controller(const char *name)
{
	return nvme_name_parse(name).kind == NVME_NAME_CTRLR;
}

static int
add_controller(struct os_scan *scan, const char *name)
{
	char bdf[SYSFS_NAME_NBYTES];
	char transport[SYSFS_NAME_NBYTES] = "";
	struct xnvme_ident *ident;

	(void)sysfs_text(transport, sizeof(transport), "class/nvme/%s/transport", name);
	if (!strcmp(transport, "pcie") &&
	    !sysfs_link_name(bdf, sizeof(bdf), "class/nvme/%s/device", name)) {
		ident = add_node(scan, name, DTYPE_CTRLR);
		if (!ident) {
			return -ENOMEM;
		}
		(void)snprintf(ident->uri, sizeof(ident->uri), "%s", bdf);
	}
	ident = add_node(scan, name, DTYPE_CTRLR);
	return ident ? add_namespaces_of(scan, name) : -ENOMEM;
}

/* The subsystem of a controller; false on kernels that do not publish subsystems */
static bool
subsystem_of(const char *ctrlr, char *subsys)
{
	char (*names)[SYSFS_NAME_NBYTES];
	int cnt = sysfs_list("class/nvme-subsystem", NULL, &names);
	int at = 0;

	while (at < cnt && !sysfs_exists("class/nvme-subsystem/%s/%s", names[at], ctrlr)) {
		at += 1;
	}
	if (at < cnt) {
		memcpy(subsys, names[at], SYSFS_NAME_NBYTES);
	}
	free(names);
	return at < cnt;
}

/* Adds the controllers; after the last controller of each subsystem, its multipath heads */
static int
scan_controllers(struct os_scan *scan)
{
	char (*names)[SYSFS_NAME_NBYTES];
	int cnt = sysfs_list("class/nvme", is_controller, &names);
	int err = cnt < 0 ? cnt : 0;

	for (int i = 0; i < cnt && !err; ++i) {
		char subsys[SYSFS_NAME_NBYTES];
		bool last = subsystem_of(names[i], subsys);

		for (int later = i + 1; later < cnt && last; ++later) {
			last = !sysfs_exists("class/nvme-subsystem/%s/%s", subsys, names[later]);
		}
		err = add_controller(scan, names[i]);
		if (last && !err) {
			err = add_namespaces_of(scan, subsys);
		}
	}
	free(names);
	return err;
}

/* Adds NVMe functions that are not bound to the kernel's nvme driver */
static int
scan_functions(struct os_scan *scan)
{
	char (*names)[SYSFS_NAME_NBYTES];
	int cnt = sysfs_list("bus/pci/devices", NULL, &names);
	int err = cnt < 0 ? cnt : 0;

	for (int i = 0; i < cnt && !err; ++i) {
		char driver[SYSFS_NAME_NBYTES] = "";
		struct xnvme_ident *ident;
		uint64_t class_code;

		if (sysfs_number(&class_code, "bus/pci/devices/%s/class", names[i]) ||
		    class_code != PCI_CLASS_NVME) {
			continue;
		}
		(void)sysfs_link_name(driver, sizeof(driver), "bus/pci/devices/%s/driver",
				      names[i]);
		if (!strcmp(driver, "nvme")) {
			continue;
		}
		ident = scan_add(scan);
		if (!ident) {
			err = -ENOMEM;
			break;
		}
		(void)snprintf(ident->uri, sizeof(ident->uri), "%s", names[i]);
		(void)snprintf(ident->kernel_driver, sizeof(ident->kernel_driver), "%.31s", driver);
		ident->dtype = DTYPE_CTRLR;
		ident->csi = 0xFF;
	}
	free(names);
	return err;
}

void
os_block_driver(const char *name, char *driver, size_t nbytes)
{
	driver[0] = '\0';
	if (sysfs_exists("class/block/%s/partition", name) ||
	    !sysfs_link_name(driver, nbytes, "block/%s/device/driver", name)) {
		return;
	}
	/* loop0, zram0, dm-0: no parent device, the driver's name is part of the disk's */
	(void)snprintf(driver, nbytes, "%.*s", (int)strcspn(name, "-0123456789"), name);
}

static bool
is_other_disk(const char *name)
{
	return nvme_name_parse(name).kind == NVME_NAME_NONE;
}

/* Adds the whole disks of all other drivers, except those of size 0, such as unused loop devices */
static int
scan_block(struct os_scan *scan)
{
	char (*names)[SYSFS_NAME_NBYTES];
	int cnt = sysfs_list("block", is_other_disk, &names);
	int err = cnt < 0 ? cnt : 0;

	for (int i = 0; i < cnt && !err; ++i) {
		struct xnvme_ident *ident;
		uint64_t sectors;

		if (sysfs_number(&sectors, "block/%s/size", names[i]) || !sectors) {
			continue;
		}
		ident = scan_add(scan);
		if (!ident) {
			err = -ENOMEM;
			break;
		}
		(void)snprintf(ident->uri, sizeof(ident->uri), "/dev/%s", names[i]);
		ident->dtype = DTYPE_BLOCK;
		ident->nsid = 1;
		ident->csi = nvme_csi(names[i]);
		os_block_driver(names[i], ident->kernel_driver, sizeof(ident->kernel_driver));
	}
	free(names);
	return err;
}

int
os_scan(struct os_scan *scan)
{
	int err = scan_controllers(scan);

	err = err ? err : scan_functions(scan);
	return err ? err : scan_block(scan);
}
