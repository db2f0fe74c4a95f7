/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions of the path "pcie", for the table in pcie.c.
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
