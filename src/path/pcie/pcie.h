/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An NVMe driver in user space: commands bypass the kernel. One driver, three buses: a virtual SSD
 * of this process (pci-virt:), one behind a socket (vfio-user:), a PCI function bound to VFIO
 * (0000:03:00.0).
 *
 * Terms
 *   bus      reaches one controller: registers, doorbells, memory, interrupts (bus.h).
 *   way      how VFIO maps memory: iommufd, a group in a container, or no IOMMU (vfio.h).
 *   ctrl     the controller, initialized; one per URI and process, shared by all handles.
 *   dma      memory that the controller reaches, and its address for the controller.
 *   qpair    a submission and a completion queue in such memory.
 *   shared   a queue pair for synchronous commands: admin, and one for I/O.
 *   list     a page per command for PRP entries or SGL descriptors.
 *
 * Life cycle of an asynchronous command
 *   pcie_submit(): the index of the context in its queue's pool is the command identifier; the
 *   command is copied into the ring once, with its data pointer. pcie_reap() rings the doorbell
 *   once per batch, polls phase bits, copies each completion into its context, calls back, and
 *   rings the completion doorbell once per batch.
 *
 * States
 *   ctrl:  down --(bring_up)--> up --(ctrl_reset)--> up | gone;  up --(ctrl_put)--> down
 *   queue: alive --(idle: its generation is not the controller's)--> dead --(renew)--> alive
 *   A command: free --(submit)--> in flight --(reap, end_all)--> free. The context has the mark.
 *
 * Ownership and lifetimes
 *   A handle holds a reference to the ctrl, queues hold the handle. Replaced tables of memory are
 *   kept until the ctrl closes, since a queue may still read them.
 *
 * Threads
 *   A queue pair of an xnvme queue belongs to the thread that uses the queue. Shared queue pairs
 *   have a lock each, and the control plane has ctrl->lock. A reset by one thread increments
 *   `generation`; each queue notices in its own thread when nothing completes.
 *
 * Errors
 *   A command that exceeds its timeout is aborted; if that fails the controller is reset, and
 *   outstanding commands end with "Command Aborted By Host" (path related, 71h). After removal of
 *   the controller all commands end with ENODEV.
 *
 * What it does not do
 *   No queues in a controller memory buffer, no multipath, one page of PRP entries per command.
 *
 * This file: the functions of the path "pcie", for the table in pcie.c.
 */
#ifndef PATH_PCIE_PCIE_H
#define PATH_PCIE_PCIE_H

#include <host/dev.h>
#include <path/pcie/ctrl.h>

/* Opcodes below 64, one bit each, whose data is always (NLB + 1) blocks. 0 where the length depends
 * on more. PRPs carry no length: with a shorter buffer the controller would write beyond its
 * end. */
static inline uint64_t
pcie_block_opcodes(const struct xnvme_dev *dev)
{
	bool blocks = dev->lba_nbytes != 0 && dev->geo.type != XNVME_GEO_KV &&
		      !(dev->geo.pi_type && dev->geo.lba_extended); /* PRACT may strip metadata */

	return blocks ? 1ull << XNVME_SPEC_NVM_OPC_READ | 1ull << XNVME_SPEC_NVM_OPC_WRITE |
				1ull << XNVME_SPEC_NVM_OPC_COMPARE
		      : 0;
}

static inline bool
pcie_wrong_length(uint64_t opcodes, uint64_t lba_nbytes, const struct xnvme_spec_cmd *cmd,
		  size_t nbytes)
{
	return cmd->common.opcode < 64 && (opcodes >> cmd->common.opcode & 1) &&
	       nbytes != (cmd->nvm.nlb + 1ull) * lba_nbytes;
}

/* queue.c */
int pcie_queue_init(struct xnvme_queue *q);
void pcie_queue_fini(struct xnvme_queue *q);
int pcie_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		size_t mbuf_nbytes, struct xnvme_queue *q);
int pcie_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload);
int pcie_reap(struct xnvme_queue *q, uint32_t max);
int pcie_event_fd(struct xnvme_queue *q);

/* call.c */
int pcie_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload);

#endif /* PATH_PCIE_PCIE_H */
