/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zone management through the block layer, for zoned block devices of any driver: commands of the
 * Zoned Namespace Command Set, implemented with ioctls.
 */
#ifndef PATH_LINUX_BLOCK_ZONE_H
#define PATH_LINUX_BLOCK_ZONE_H

#include <host/adm_emul.h>
#include <host/dev.h>

/* Fill the zoned fields of an emulated controller from an open block device; nzone is 0 when the
 * device has no zones. `lbads`: log2 of a block's bytes. 0 or -errno with err_set(). */
int block_zone_describe(int fd, const char *uri, struct adm_emul *emul);

/* Does block_zone_call() handle this opcode, including by refusing it? */
static inline bool
block_zone_speaks(uint8_t opcode)
{
	return opcode == XNVME_SPEC_ZND_OPC_MGMT_SEND || opcode == XNVME_SPEC_ZND_OPC_MGMT_RECV ||
	       opcode == XNVME_SPEC_ZND_OPC_APPEND;
}

/* Run one of these commands on `fd`. Blocks; the return value is that of a path's `call`. */
int block_zone_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload, int fd);

#endif /* PATH_LINUX_BLOCK_ZONE_H */
