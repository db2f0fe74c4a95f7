/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zone management through the block layer, for zoned block devices of any driver: the commands of
 * the Zoned Namespace Command Set answered by ioctls.
 */
#ifndef PATH_LINUX_BLOCK_ZONE_H
#define PATH_LINUX_BLOCK_ZONE_H

#include <host/adm_emul.h>
#include <host/dev.h>

/* Fills the zoned part of an emulated controller from an open block device; leaves nzone 0 when
 * it has no zones. `lbads`: log2 of a block's bytes. 0 or -errno with err_set(). */
int block_zone_describe(int fd, const char *uri, struct adm_emul *emul);

/* Is this an opcode that block_zone_call() answers, be it with a refusal? */
static inline bool
block_zone_speaks(uint8_t opcode)
{
	return opcode == XNVME_SPEC_ZND_OPC_MGMT_SEND || opcode == XNVME_SPEC_ZND_OPC_MGMT_RECV ||
	       opcode == XNVME_SPEC_ZND_OPC_APPEND;
}

/* Runs one of those commands on `fd`; what a path's `call` returns */
int block_zone_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload, int fd);

#endif /* PATH_LINUX_BLOCK_ZONE_H */
