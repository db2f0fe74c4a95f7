/* SPDX-License-Identifier: BSD-3-Clause */
#include <os/linux_nvme.h>

#include <ctype.h>
#include <errno.h>
#include <libxnvme_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Parses digits at *p into *number; false when there are none */
static bool
take_number(const char **p, unsigned int *number)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)**p)) {
		return false;
	}
	errno = 0;
	value = strtoul(*p, &end, 10);
	*p = end;
	*number = (unsigned int)value;
	return !errno && value <= UINT32_MAX;
}

struct nvme_name
nvme_name_parse(const char *name)
{
	static const struct nvme_name none = {.kind = NVME_NAME_NONE};
	struct nvme_name parsed = none;
	bool is_block = !strncmp(name, "nvme", 4);
	const char *p = name + (is_block ? 4 : 2);
	unsigned int path;

	if ((!is_block && strncmp(name, "ng", 2)) || !take_number(&p, &parsed.instance)) {
		return none;
	}
	if (!*p) {
		parsed.kind = NVME_NAME_CTRLR;
		return is_block ? parsed : none;
	}
	if (*p == 'c') {
		p += 1;
		parsed.hidden = true;
		if (!take_number(&p, &path)) {
			return none;
		}
	}
	if (*p != 'n') {
		return none;
	}
	p += 1;
	if (!take_number(&p, &parsed.namespace) || *p) {
		return none;
	}
	parsed.kind = is_block ? NVME_NAME_BLOCK : NVME_NAME_CHAR;
	return parsed;
}

bool
nvme_block_is_hidden(const char *name)
{
	uint64_t hidden;

	return !sysfs_number(&hidden, "class/block/%s/hidden", name) && hidden;
}

bool
nvme_sibling(const char *name, char *path, size_t nbytes)
{
	struct nvme_name parsed = nvme_name_parse(name);
	char other[SYSFS_NAME_NBYTES];

	/* both nodes of a namespace have the same numbers */
	(void)snprintf(other, sizeof(other), "%s%un%u",
		       parsed.kind == NVME_NAME_BLOCK ? "ng" : "nvme", parsed.instance,
		       parsed.namespace);
	if ((parsed.kind != NVME_NAME_BLOCK && parsed.kind != NVME_NAME_CHAR) || parsed.hidden ||
	    !sysfs_exists("class/%s/%s",
			  parsed.kind == NVME_NAME_BLOCK ? "nvme-generic" : "block", other) ||
	    nvme_block_is_hidden(other)) {
		return false;
	}
	(void)snprintf(path, nbytes, "/dev/%s", other);
	return true;
}

static bool
is_controller(const char *name)
{
	return nvme_name_parse(name).kind == NVME_NAME_CTRLR;
}

bool
nvme_controller_of(const char *name, char *ctrlr, size_t nbytes)
{
	struct nvme_name parsed = nvme_name_parse(name);
	char (*names)[SYSFS_NAME_NBYTES];
	char folder[128];
	int cnt;

	if (parsed.kind == NVME_NAME_CTRLR) {
		(void)snprintf(ctrlr, nbytes, "%s", name);
		return true;
	}
	if (sysfs_link_name(ctrlr, nbytes, "class/%s/%s/device",
			    parsed.kind == NVME_NAME_CHAR ? "nvme-generic" : "block", name)) {
		return false;
	}
	if (is_controller(ctrlr)) {
		return true;
	}
	/* a multipath head: its parent is a subsystem, whose folder links to its controllers */
	(void)snprintf(folder, sizeof(folder), "class/nvme-subsystem/%.60s", ctrlr);
	cnt = sysfs_list(folder, is_controller, &names);
	if (cnt > 0) {
		(void)snprintf(ctrlr, nbytes, "%s", names[0]);
	}
	free(names);
	return cnt > 0;
}

static bool
is_path(const char *name)
{
	return nvme_name_parse(name).kind == NVME_NAME_BLOCK && nvme_name_parse(name).hidden;
}

/* The hidden paths of a multipath head, given by its node or its character device; none for any
 * other node. The caller frees *names. */
static int
paths_of(struct nvme_name node, char (**names)[SYSFS_NAME_NBYTES])
{
	int cnt = sysfs_list("class/block", is_path, names);
	int kept = 0;

	for (int i = 0; i < cnt; ++i) {
		struct nvme_name path = nvme_name_parse((*names)[i]);

		if (path.instance == node.instance && path.namespace == node.namespace) {
			memmove((*names)[kept++], (*names)[i], SYSFS_NAME_NBYTES);
		}
	}
	return kept;
}

bool
nvme_leads_to(const char *ctrlr, const char *name)
{
	struct nvme_name node = nvme_name_parse(name);
	char above[SYSFS_NAME_NBYTES];
	char (*names)[SYSFS_NAME_NBYTES];
	bool found = false;
	int cnt;

	if (!sysfs_link_name(above, sizeof(above), "class/%s/%s/device",
			     node.kind == NVME_NAME_CHAR ? "nvme-generic" : "block", name) &&
	    !strcmp(above, ctrlr)) {
		return true;
	}
	cnt = paths_of(node, &names);
	for (int i = 0; i < cnt && !found; ++i) {
		found = !sysfs_link_name(above, sizeof(above), "class/block/%s/device",
					 names[i]) && !strcmp(above, ctrlr);
	}
	free(names);
	return found;
}

void
nvme_subnqn(const char *name, char *subnqn, size_t nbytes)
{
	char ctrlr[SYSFS_NAME_NBYTES];

	subnqn[0] = '\0';
	if (nvme_controller_of(name, ctrlr, sizeof(ctrlr)) &&
	    sysfs_text(subnqn, nbytes, "class/nvme/%s/subsysnqn", ctrlr)) {
		subnqn[0] = '\0';
	}
}

void
nvme_driver(const char *name, char *driver, size_t nbytes)
{
	char ctrlr[SYSFS_NAME_NBYTES];
	char transport[SYSFS_NAME_NBYTES];

	driver[0] = '\0';
	if (!nvme_controller_of(name, ctrlr, sizeof(ctrlr)) ||
	    !sysfs_link_name(driver, nbytes, "class/nvme/%s/device/driver", ctrlr)) {
		return;
	}
	/* a fabrics controller has no parent device: its transport names the module */
	if (!sysfs_text(transport, sizeof(transport), "class/nvme/%s/transport", ctrlr)) {
		(void)snprintf(driver, nbytes, "nvme-%.20s", transport);
	}
}

/* The block device (with a node or hidden) whose sysfs folder has the request queue of a node: the
 * node itself, its sibling, or a multipath head, which has the limits of its paths */
static bool
queue_owner(const char *name, char *owner, size_t nbytes)
{
	struct nvme_name parsed = nvme_name_parse(name);

	if (parsed.kind == NVME_NAME_CHAR) {
		(void)snprintf(owner, nbytes, "nvme%un%u", parsed.instance, parsed.namespace);
	} else {
		(void)snprintf(owner, nbytes, "%s", name);
	}
	return sysfs_exists("class/block/%s", owner);
}

uint8_t
nvme_csi(const char *name)
{
	char owner[SYSFS_NAME_NBYTES];
	uint64_t csi;
	char zoned[32];

	if (!queue_owner(name, owner, sizeof(owner))) {
		return 0xFF;
	}
	if (!sysfs_number(&csi, "class/block/%s/csi", owner)) {
		return (uint8_t)csi;
	}
	if (nvme_block_is_hidden(owner) ||
	    sysfs_text(zoned, sizeof(zoned), "class/block/%s/queue/zoned", owner)) {
		return 0xFF;
	}
	return strcmp(zoned, "none") ? XNVME_SPEC_CSI_ZONED : XNVME_SPEC_CSI_NVM;
}

uint64_t
nvme_request_nbytes(uint64_t sectors_kib, uint64_t segments)
{
	uint64_t nbytes = (segments > 1 ? segments - 1 : 1) * (uint64_t)sysconf(_SC_PAGESIZE);

	return sectors_kib < nbytes / 1024 ? sectors_kib * 1024 : nbytes;
}

/* The limit of one request queue; UINT32_MAX when sysfs does not have it */
static uint32_t
queue_nbytes_max(const char *owner)
{
	uint64_t sectors_kib, segments, nbytes;

	if (sysfs_number(&sectors_kib, "class/block/%s/queue/max_hw_sectors_kb", owner) ||
	    sysfs_number(&segments, "class/block/%s/queue/max_segments", owner)) {
		return UINT32_MAX;
	}
	nbytes = nvme_request_nbytes(sectors_kib, segments);
	return nbytes < UINT32_MAX ? (uint32_t)nbytes : UINT32_MAX;
}

uint32_t
nvme_transfer_nbytes_max(const char *name)
{
	char owner[SYSFS_NAME_NBYTES];
	char (*names)[SYSFS_NAME_NBYTES];
	uint32_t most = UINT32_MAX;
	int cnt;

	cnt = paths_of(nvme_name_parse(name), &names);
	for (int i = 0; i < cnt; ++i) {
		uint32_t path = queue_nbytes_max(names[i]);

		most = path < most ? path : most;
	}
	free(names);
	if (most == UINT32_MAX && queue_owner(name, owner, sizeof(owner))) {
		most = queue_nbytes_max(owner);
	}
	return most < UINT32_MAX ? most : 0;
}

bool
nvme_has_poll_queues(const char *name)
{
	char owner[SYSFS_NAME_NBYTES];
	uint64_t polled;

	if (queue_owner(name, owner, sizeof(owner))) {
		return !sysfs_number(&polled, "class/block/%s/queue/io_poll", owner) && polled;
	}
	/* without a block device there is no folder: the driver's parameter, which is for all
	 * devices */
	return !sysfs_number(&polled, "module/nvme/parameters/poll_queues") && polled;
}

int
nvme_name_of_fd(int fd, char *name, size_t nbytes)
{
	struct stat st;

	if (fstat(fd, &st)) {
		return -errno;
	}
	return sysfs_link_name(name, nbytes, "dev/%s/%u:%u", S_ISBLK(st.st_mode) ? "block" : "char",
			       major(st.st_rdev), minor(st.st_rdev));
}
