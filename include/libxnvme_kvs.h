/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Key Value command set
 *
 * @param key The key; copied into the command
 * @param key_len Bytes of `key`, 1 to 16
 * @param vbuf Buffer of the value; valid until the command is complete
 * @param vbuf_nbytes Bytes of `vbuf`
 *
 * @return 0 or -errno
 * @error EIO The command completed with an error, which is in ctx->cpl
 * @error EINVAL No command was sent: the key is empty or too long, a buffer of 1 or more bytes is
 *   NULL, or the device is not a key-value namespace
 * @error EBUSY The queue is full: poke, then try again
 *
 * @note With a context of a device the function blocks until the command is complete; with one of a
 *   queue it submits. One thread per context.
 */
#ifndef LIBXNVME_KVS_H
#define LIBXNVME_KVS_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Options of Retrieve; KV Command Set 1.0, Retrieve */
enum xnvme_retrieve_opts {
	XNVME_KVS_RETRIEVE_OPT_RETRIEVE_RAW = 0x1,
};

/* Options of Store; KV Command Set 1.0, Store */
enum xnvme_store_opts {
	XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_NOT_EXISTS = 0x1,
	XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_EXISTS = 0x2,
	XNVME_KVS_STORE_OPT_COMPRESS = 0x4,
};

/**
 * Read the value of a key into `vbuf`; KV Command Set 1.0, Retrieve
 *
 * ctx->cpl.cdw0 is the length of the complete value, which may exceed `vbuf_nbytes`.
 *
 * @param opt Bits of enum xnvme_retrieve_opts, or 0
 */
int xnvme_kvs_retrieve(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
		       const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);

/**
 * Store `vbuf` as the value of a key; KV Command Set 1.0, Store
 *
 * @param opt Bits of enum xnvme_store_opts, or 0; -EINVAL when the key is required both to exist
 *   and not to exist
 */
int xnvme_kvs_store(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
		    const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);

/** Delete a key and its value; KV Command Set 1.0, Delete */
int xnvme_kvs_delete(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);

/** Check whether a key exists: the result is the completion's status; KV Command Set 1.0, Exist */
int xnvme_kvs_exist(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);

/**
 * List keys into `vbuf`, from `key` on; KV Command Set 1.0, List
 *
 * The device defines the order.
 *
 * @param key_len Bytes of `key`, 1 to 16; 0 lists from the first key
 * @param vbuf Receives a struct xnvme_spec_kv_list; valid until the command is complete
 */
int xnvme_kvs_list(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
		   const void *vbuf, uint32_t vbuf_nbytes);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_KVS_H */
