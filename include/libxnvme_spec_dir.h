/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Directives: Identify and Streams; NVMe Base 2.0, Directives
 */
#ifndef LIBXNVME_SPEC_DIR_H
#define LIBXNVME_SPEC_DIR_H

#include <libxnvme_base.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* Directive Types; NVMe Base 2.0, Directives. 2h: Data Placement (TP4146). */
enum xnvme_spec_dir_types {
	XNVME_SPEC_DIR_IDENTIFY = 0x0,
	XNVME_SPEC_DIR_STREAMS = 0x1,
	XNVME_SPEC_DIR_DATA_PLACEMENT = 0x2,
};

/* Directive Send operations of the Identify directive; NVMe Base 2.0, Identify Directive */
enum xnvme_spec_dsend_idfy_doper {
	XNVME_SPEC_DSEND_IDFY_ENDIR = 0x1,
};

/* Directive Send operations of the Streams directive; NVMe Base 2.0, Streams Directive */
enum xnvme_spec_dsend_streams_doper {
	XNVME_SPEC_DSEND_STREAMS_RELID = 0x1,
	XNVME_SPEC_DSEND_STREAMS_RELRS = 0x2,
};

/* Directive Receive operations of the Identify directive; NVMe Base 2.0, Identify Directive */
enum xnvme_spec_drecv_idfy_doper {
	XNVME_SPEC_DRECV_IDFY_RETPR = 0x1,
};

/* Directive Receive operations of the Streams directive; NVMe Base 2.0, Streams Directive */
enum xnvme_spec_drecv_streams_doper {
	XNVME_SPEC_DRECV_STREAMS_RETPR = 0x1,
	XNVME_SPEC_DRECV_STREAMS_GETST = 0x2,
	XNVME_SPEC_DRECV_STREAMS_ALLRS = 0x3,
};

/* Return Parameters of the Identify directive; NVMe Base 2.0, Identify Directive */
struct xnvme_spec_idfy_dir_rp {
	struct {
		uint8_t identify : 1;
		uint8_t streams : 1;
		uint8_t data_placement : 1;
		uint8_t rsvd1 : 5;
		uint8_t rsvd2[31];
	} directives_supported;
	struct {
		uint8_t identify : 1;
		uint8_t streams : 1;
		uint8_t data_placement : 1;
		uint8_t rsvd1 : 5;
		uint8_t rsvd2[31];
	} directives_enabled;
	struct {
		uint8_t identify : 1;
		uint8_t streams : 1;
		uint8_t data_placement : 1;
		uint8_t rsvd1 : 5;
		uint8_t rsvd2[31];
	} directives_persistence;
	uint8_t rsvd4[4000];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_dir_rp) == 4096, "incorrect size")

/* Return Parameters of the Streams directive; NVMe Base 2.0, Streams Directive */
struct xnvme_spec_streams_dir_rp {
	uint16_t msl;
	uint16_t nssa;
	uint16_t nsso;
	union {
		struct {
			uint8_t multi_host : 1;
			uint8_t reserved : 7;
		} bits;
		uint8_t val;
	} nssc;
	uint8_t reserved1[9];
	uint32_t sws;
	uint16_t sgs;
	uint16_t nsa;
	uint16_t nso;
	uint8_t reserved2[6];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_streams_dir_rp) == 32, "incorrect size")

/* Get Status of the Streams directive; NVMe Base 2.0, Streams Directive */
struct xnvme_spec_streams_dir_gs {
	uint16_t open_sc;
	uint16_t sid[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_streams_dir_gs) == 2, "incorrect size")

/* Result of Allocate Resources of the Streams directive; NVMe Base 2.0, Streams Directive */
struct xnvme_spec_alloc_resource {
	union {
		struct {
			uint32_t nsa : 16;
			uint32_t rsvd : 16;
		} bits;
		uint32_t val;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_alloc_resource) == 4, "incorrect size")

/* Directive Send; NVMe Base 2.0 */
struct xnvme_spec_cmd_dsend {
	uint32_t cdw00_09[10];
	uint32_t numd;
	uint32_t doper : 8;
	uint32_t dtype : 8;
	uint32_t dspec : 16;
	union {
		struct {
			uint32_t endir : 1;
			uint32_t rsvd1 : 7;
			uint32_t tdtype : 8;
			uint32_t rsvd2 : 16;
		};
		uint32_t val;
	} cdw12;
	uint32_t cdw13_15[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_dsend) == 64, "incorrect size")

/* Directive Receive; NVMe Base 2.0 */
struct xnvme_spec_cmd_drecv {
	uint32_t cdw00_09[10];
	uint32_t numd;
	uint32_t doper : 8;
	uint32_t dtype : 8;
	uint32_t dspec : 16;
	union {
		struct {
			uint32_t nsr : 16;
			uint32_t rsvd : 16;
		};
		uint32_t val;
	} cdw12;
	uint32_t cdw13_15[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_drecv) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_DIR_H */
