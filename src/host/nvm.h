/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the command sets that move blocks */
#ifndef HOST_NVM_H
#define HOST_NVM_H

#include <host/dev.h>

/* Passes a prepared command with the bytes of its blocks: data, and metadata when `mbuf` is not
 * NULL. The number of blocks and the protection information field are in the same bits in all of
 * these commands. */
int nvm_pass_blocks(struct xnvme_cmd_ctx *ctx, void *dbuf, void *mbuf);

#endif /* HOST_NVM_H */
