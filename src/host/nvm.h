/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command sets that move blocks have in common */
#ifndef HOST_NVM_H
#define HOST_NVM_H

#include <host/dev.h>

/* Passes a prepared command with the bytes of its blocks: data, and metadata when `mbuf` is given.
 * The number of blocks and the protection information field lie in the same bits for all of
 * them. */
int nvm_pass_blocks(struct xnvme_cmd_ctx *ctx, void *dbuf, void *mbuf);

#endif /* HOST_NVM_H */
