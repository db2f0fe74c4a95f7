/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Key Value command set: a key of up to 16 bytes in the command, a value in the buffer.
 *
 * This command set uses the opcodes of reads and writes of the NVM command set for other commands,
 * so a handle of any other kind of namespace refuses its functions.
 */
#include <host/dev.h>
#include <host/err.h>

#include <base/assert.h>
#include <errno.h>
#include <string.h>

/* `key_len` may be 0 where the standard allows it: List then starts at the first key */
static int
prep(struct xnvme_cmd_ctx *ctx, uint8_t opcode, uint32_t nsid, const void *key, uint8_t key_len)
{
	struct xnvme_spec_kvs_cmd *cmd = &ctx->cmd.kvs;
	uint8_t bytes[XNVME_SPEC_KV_KEY_LEN_MAX] = {0};

	STATIC_ASSERT(sizeof(cmd->key) + sizeof(cmd->key_hi) == XNVME_SPEC_KV_KEY_LEN_MAX, "a key");
	dev_check(ctx->dev);
	if (ctx->dev->ident.csi != XNVME_SPEC_CSI_KV) {
		return err_set(-EINVAL, "'%s' is no key value namespace", ctx->dev->ident.uri);
	}
	if (key_len > XNVME_SPEC_KV_KEY_LEN_MAX || (key_len > 0 && !key)) {
		return err_set(-EINVAL, "a key of %u bytes; give 1 to %d", key_len,
			       XNVME_SPEC_KV_KEY_LEN_MAX);
	}
	memcpy(bytes, key ? key : bytes, key_len);
	ctx->cmd.common.opcode = opcode;
	ctx->cmd.common.nsid = nsid;
	memcpy(&cmd->key, bytes, sizeof(cmd->key));
	memcpy(&cmd->key_hi, bytes + sizeof(cmd->key), sizeof(cmd->key_hi));
	cmd->cdw10 = 0;
	cmd->cdw11.kl = key_len;
	cmd->cdw11.ro = 0;
	return 0;
}

static int
prep_one(struct xnvme_cmd_ctx *ctx, uint8_t opcode, uint32_t nsid, const void *key, uint8_t key_len)
{
	if (key_len == 0) {
		return err_set(-EINVAL, "a key of no bytes; give 1 to %d",
			       XNVME_SPEC_KV_KEY_LEN_MAX);
	}
	return prep(ctx, opcode, nsid, key, key_len);
}

static int
pass_value(struct xnvme_cmd_ctx *ctx, const void *vbuf, uint32_t vbuf_nbytes)
{
	ASSERT(ctx->dev->ident.csi == XNVME_SPEC_CSI_KV);
	if (vbuf_nbytes > 0 && !vbuf) {
		return err_set(-EINVAL, "a value of %u bytes, but no buffer", vbuf_nbytes);
	}
	ctx->cmd.kvs.cdw10 = vbuf_nbytes;
	return xnvme_cmd_pass(ctx, (void *)(uintptr_t)vbuf, vbuf_nbytes, NULL, 0);
}

int
xnvme_kvs_retrieve(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
		   const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt)
{
	int err = prep_one(ctx, XNVME_SPEC_KV_OPC_RETRIEVE, nsid, key, key_len);

	if (err) {
		return err;
	}
	ASSERT(ctx->cmd.kvs.cdw11.kl == key_len && key_len > 0);
	ctx->cmd.kvs.cdw11.ro = opt;
	return pass_value(ctx, vbuf, vbuf_nbytes);
}

int
xnvme_kvs_store(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
		const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt)
{
	const uint8_t only = XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_NOT_EXISTS |
			     XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_EXISTS;
	int err = prep_one(ctx, XNVME_SPEC_KV_OPC_STORE, nsid, key, key_len);

	if (err) {
		return err;
	}
	if ((opt & only) == only) {
		return err_set(-EINVAL, "store only if the key exists and only if it does not: "
			       "nothing would ever be stored; give one of the two");
	}
	ASSERT(ctx->cmd.kvs.cdw11.kl == key_len && key_len > 0);
	ctx->cmd.kvs.cdw11.ro = opt;
	return pass_value(ctx, vbuf, vbuf_nbytes);
}

int
xnvme_kvs_delete(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len)
{
	int err = prep_one(ctx, XNVME_SPEC_KV_OPC_DELETE, nsid, key, key_len);

	return err ? err : pass_value(ctx, NULL, 0);
}

int
xnvme_kvs_exist(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len)
{
	int err = prep_one(ctx, XNVME_SPEC_KV_OPC_EXIST, nsid, key, key_len);

	return err ? err : pass_value(ctx, NULL, 0);
}

int
xnvme_kvs_list(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
	       const void *vbuf, uint32_t vbuf_nbytes)
{
	int err = prep(ctx, XNVME_SPEC_KV_OPC_LIST, nsid, key, key_len);

	return err ? err : pass_value(ctx, vbuf, vbuf_nbytes);
}
