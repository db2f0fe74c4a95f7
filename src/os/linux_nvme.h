/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Linux tells about its NVMe devices in sysfs, by the kernel's name of a node: nvme0 is a
 * controller, nvme0n1 a namespace's block device, ng0n1 its character device. With native
 * multipath nvme0n1 and ng0n1 are heads that belong to a subsystem, and nvme0c1n1 is a hidden path
 * of one.
 */
#ifndef OS_LINUX_NVME_H
#define OS_LINUX_NVME_H

#include <os/sysfs.h>

struct nvme_name {
	enum { NVME_NAME_NONE, NVME_NAME_CTRLR, NVME_NAME_BLOCK, NVME_NAME_CHAR } kind;
	unsigned int instance;  /* of the controller, or of the subsystem for a head */
	unsigned int namespace; /* a running number of the kernel's; not the nsid */
	bool hidden;            /* a path of a multipath head, without a node */
};

/* Take a name apart; kind is NVME_NAME_NONE for what is no NVMe node (a partition, for one) */
struct nvme_name nvme_name_parse(const char *name);

/* Is this a block device of which the kernel makes no node? One of a namespace whose command set it
 * does not know, or one path of several to a head */
bool nvme_block_is_hidden(const char *name);

/* The other node of a namespace, "/dev/ng0n1" for "nvme0n1" and the reverse, when the kernel has
 * it; false when not */
bool nvme_sibling(const char *name, char *path, size_t nbytes);

/* A controller (its name) through which commands to this node go; false when there is none */
bool nvme_controller_of(const char *name, char *ctrlr, size_t nbytes);

/* Do commands to this node go through that controller, or may they, when the node is a head? */
bool nvme_leads_to(const char *ctrlr, const char *name);

/* The command set of a node's namespace as far as sysfs has it: newer kernels publish it, and of
 * those that older ones give a block device only the zoned one looks different. 0xFF: not known */
uint8_t nvme_csi(const char *name);

/* The subsystem's NQN; "" when unknown */
void nvme_subnqn(const char *name, char *subnqn, size_t nbytes);

/* What drives the controller of this node: "nvme" for PCI, "nvme-tcp" and the like for fabrics */
void nvme_driver(const char *name, char *driver, size_t nbytes);

/* The most bytes that the kernel lets one passthrough command carry, whatever pages the memory is
 * made of and wherever in a page it begins: the smaller of max_hw_sectors and of max_segments pages
 * but one. Of a multipath head: the least that one of its paths takes now. The kernel checks a
 * command against the path that it picks; what it shows for the head may be more or less. 0 when
 * unknown. */
uint32_t nvme_transfer_nbytes_max(const char *name);

/* Has the device queues that are polled? (nvme.poll_queues) */
bool nvme_has_poll_queues(const char *name);

/* The kernel's name of an open device node. 0 or -errno. */
int nvme_name_of_fd(int fd, char *name, size_t nbytes);

#endif /* OS_LINUX_NVME_H */
