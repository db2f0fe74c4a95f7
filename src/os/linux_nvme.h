/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What sysfs contains about Linux's NVMe devices, by the kernel's name of a node: nvme0 is a
 * controller, nvme0n1 a namespace's block device, ng0n1 its character device. With native multipath
 * nvme0n1 and ng0n1 are heads that belong to a subsystem, and nvme0c1n1 is a hidden path of one.
 */
#ifndef OS_LINUX_NVME_H
#define OS_LINUX_NVME_H

#include <os/sysfs.h>

struct nvme_name {
	enum { NVME_NAME_NONE, NVME_NAME_CTRLR, NVME_NAME_BLOCK, NVME_NAME_CHAR } kind;
	unsigned int instance;  /* of the controller, or of the subsystem for a head */
	unsigned int namespace; /* a running number of the kernel; not the NSID */
	bool hidden;            /* a path of a multipath head, without a node */
};

/* Parses a name; kind is NVME_NAME_NONE for names of other devices (and of partitions) */
struct nvme_name nvme_name_parse(const char *name);

/* Is this a block device without a node? It belongs to a namespace whose command set the kernel
 * does not know, or is one of the paths of a multipath head. */
bool nvme_block_is_hidden(const char *name);

/* Writes the other node of a namespace to `path`, "/dev/ng0n1" for "nvme0n1" and the reverse; false
 * when there is none */
bool nvme_sibling(const char *name, char *path, size_t nbytes);

/* The name of a controller that commands to this node go through; false when there is none */
bool nvme_controller_of(const char *name, char *ctrlr, size_t nbytes);

/* Do commands to this node go through that controller? Also true if it is one path of a head. */
bool nvme_leads_to(const char *ctrlr, const char *name);

/* The command set of a node's namespace, as far as sysfs has it; 0xFF when unknown. Newer kernels
 * publish it. Older kernels make block devices for the NVM and the zoned set, which differ in the
 * queue's `zoned` attribute. */
uint8_t nvme_csi(const char *name);

/* The subsystem's NQN; "" when unknown */
void nvme_subnqn(const char *name, char *subnqn, size_t nbytes);

/* The driver of this node's controller: "nvme" for PCI, "nvme-tcp" and the like for fabrics */
void nvme_driver(const char *name, char *driver, size_t nbytes);

/* Bytes of one request of a queue with these limits, for any memory: the smaller of `sectors_kib`
 * and of `segments` - 1 pages, since a buffer that starts inside a page touches one page more */
uint64_t nvme_request_nbytes(uint64_t sectors_kib, uint64_t segments);

/* The largest transfer of one passthrough command that the kernel accepts for any memory, whatever
 * its page size and alignment: the smaller of max_hw_sectors and of max_segments - 1 pages. For a
 * multipath head: the smallest current limit of its paths, since the kernel checks a command
 * against the path that it picks, and the head's own limits may differ. 0 when unknown. */
uint32_t nvme_transfer_nbytes_max(const char *name);

/* Does the device have polled queues (nvme.poll_queues)? */
bool nvme_has_poll_queues(const char *name);

/* The kernel's name of an open device node. Returns 0 or -errno. */
int nvme_name_of_fd(int fd, char *name, size_t nbytes);

#endif /* OS_LINUX_NVME_H */
