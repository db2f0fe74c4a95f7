/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Key Value command set
 */
#ifndef LIBXNVME_KVS_H
#define LIBXNVME_KVS_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

enum xnvme_retrieve_opts {
	XNVME_KVS_RETRIEVE_OPT_RETRIEVE_RAW = 0x1,
};

enum xnvme_store_opts {
	XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_NOT_EXISTS = 0x1,
	XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_EXISTS = 0x2,
	XNVME_KVS_STORE_OPT_COMPRESS = 0x4,
};

int xnvme_kvs_retrieve(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len, const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);

int xnvme_kvs_store(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len, const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);

int xnvme_kvs_delete(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);

int xnvme_kvs_exist(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);

int xnvme_kvs_list(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len, const void *vbuf, uint32_t vbuf_nbytes);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_KVS_H */
