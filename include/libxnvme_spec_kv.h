/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Key Value command set; KV Command Set 1.0
 */
#ifndef LIBXNVME_SPEC_KV_H
#define LIBXNVME_SPEC_KV_H

#include <libxnvme_spec_idfy.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* Maximum key size in bytes; KV Command Set 1.0, Key Value Pairs */
#define XNVME_SPEC_KV_KEY_LEN_MAX 16

/* Opcodes; KV Command Set 1.0, I/O Commands */
enum xnvme_spec_kv_opc {
	XNVME_SPEC_KV_OPC_STORE = 0x1,
	XNVME_SPEC_KV_OPC_RETRIEVE = 0x2,
	XNVME_SPEC_KV_OPC_DELETE = 0x10,
	XNVME_SPEC_KV_OPC_EXIST = 0x14,
	XNVME_SPEC_KV_OPC_LIST = 0x6,
};

/*
 * Commands: key in dwords 2, 3, 14, 15, first byte at lowest address; KV Command Set 1.0, I/O
 * Commands
 */
struct xnvme_spec_kvs_cmd {
	uint32_t cdw0;
	uint32_t nsid;
	uint64_t key;
	uint64_t mptr;
	uint32_t cdw06;
	uint32_t cdw07;
	uint32_t cdw08;
	uint32_t cdw09;
	uint32_t cdw10;
	struct {
		uint8_t kl;
		uint8_t ro;
		uint16_t rsvd;
	} cdw11;
	uint32_t cdw12;
	uint32_t cdw13;
	uint64_t key_hi;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_cmd) == 64, "incorrect size")

/* Data of List: `nrk` entries follow; KV Command Set 1.0, List */
struct xnvme_spec_kv_list {
	uint32_t nrk; /* 0 */
	uint8_t entry[]; /* 4: struct xnvme_spec_kv_list_key, padded to a multiple of 4 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kv_list) == 4, "incorrect size")

/* Key of List's data; KV Command Set 1.0, List */
struct xnvme_spec_kv_list_key {
	uint16_t kl; /* 0: bytes of key */
	uint8_t key[]; /* 2 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kv_list_key) == 2, "incorrect size")

/* KV Format; KV Command Set 1.0, Identify */
struct xnvme_spec_kvs_idfy_ns_format {
	uint16_t kml;
	uint8_t rsvd2;
	uint8_t fopt;
	uint32_t vml;
	uint32_t mnk;
	uint8_t rsvd12[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_idfy_ns_format) == 16, "incorrect size")

/* Identify Namespace, Key Value Command Set (CNS 05h); KV Command Set 1.0, Identify */
struct xnvme_spec_kvs_idfy_ns {
	uint64_t nsze;
	uint8_t rsvd8[8];
	uint64_t nuse;
	uint8_t nsfeat;
	uint8_t nkvf;
	uint8_t nmic;
	uint8_t rescap;
	uint8_t fpi;
	uint8_t rsvd29[3];
	uint32_t novg;
	uint32_t anagrpid;
	uint8_t rsvd40[3];
	uint8_t nsattr;
	uint16_t nvmsetid;
	uint16_t endgid;
	uint64_t nguid[2];
	uint64_t eui64;
	struct xnvme_spec_kvs_idfy_ns_format kvf[16];
	uint8_t rsvd328[3512];
	uint8_t vs[256];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_idfy_ns) == 4096, "incorrect size")

/* Data returned by Identify for the Key Value command set; KV Command Set 1.0, Identify */
struct xnvme_spec_kvs_idfy {
	union {
		struct xnvme_spec_idfy base;
		struct xnvme_spec_kvs_idfy_ns ns;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_idfy) == 4096, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_KV_H */
