/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible Data Placement: TP4146 to NVMe Base 2.0 (NVMe Base 2.1, Flexible Data Placement)
 */
#ifndef LIBXNVME_SPEC_FDP_H
#define LIBXNVME_SPEC_FDP_H

#include <libxnvme_base.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* I/O Management Receive: Management Operation; TP4146 */
enum xnvme_spec_io_mgmt_recv_mo {
	XNVME_SPEC_IO_MGMT_RECV_RUHS = 0x1,
};

/* I/O Management Send: Management Operation; TP4146 */
enum xnvme_spec_io_mgmt_send_mo {
	XNVME_SPEC_IO_MGMT_SEND_RUHU = 0x1,
};

/* Reclaim Unit Handle types; TP4146 */
enum xnvme_spec_ruht {
	XNVME_SPEC_RUHT_INITIALLY_ISOLATED = 0x1,
	XNVME_SPEC_RUHT_PERSISTENTLY_ISOLATED = 0x2,
};

/* Reclaim Unit Handle attributes, of a usage descriptor; TP4146 */
enum xnvme_spec_ruha {
	XNVME_SPEC_RUHA_UNUSED = 0x0,
	XNVME_SPEC_RUHA_HOST = 0x1,
	XNVME_SPEC_RUHA_CTRLR = 0x2,
};

/* FDP event types; TP4146 */
enum xnvme_spec_fdp_event_type {
	XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN = 0x0,
	XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT = 0x1,
	XNVME_SPEC_FDP_EVENT_CTRLR_RESET = 0x2,
	XNVME_SPEC_FDP_EVENT_INVALID_PID = 0x3,
	XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED = 0x80,
	XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE = 0x81,
};

/* Reclaim Unit Handle Descriptor; TP4146 */
struct xnvme_spec_ruh_desc {
	uint8_t ruht;
	uint8_t rsvd[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruh_desc) == 4, "incorrect size")

/* FDP Configuration Descriptor; TP4146 */
struct xnvme_spec_fdp_conf_desc {
	uint16_t ds;
	union {
		struct {
			uint8_t rgif : 4;
			uint8_t fdpvwc : 1;
			uint8_t rsvd1 : 2;
			uint8_t fdpcv : 1;
		};
		uint8_t val;
	} fdpa;
	uint8_t vss;
	uint32_t nrg;
	uint16_t nruh;
	uint16_t maxpids;
	uint32_t nns;
	uint64_t runs;
	uint32_t erutl;
	uint8_t rsvd28[36];
	struct xnvme_spec_ruh_desc ruh_desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fdp_conf_desc) == 64, "incorrect size")

/* FDP Configurations (20h); TP4146 */
struct xnvme_spec_log_fdp_conf {
	uint16_t ncfg;
	uint8_t version;
	uint8_t rsvd1;
	uint32_t size;
	uint8_t rsvd2[8];
	struct xnvme_spec_fdp_conf_desc conf_desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_conf) == 16, "incorrect size")

/* Reclaim Unit Handle Usage Descriptor; TP4146 */
struct xnvme_spec_ruhu_desc {
	uint8_t ruha;
	uint8_t rsvd[7];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhu_desc) == 8, "incorrect size")

/* Reclaim Unit Handle Usage (21h); TP4146 */
struct xnvme_spec_log_ruhu {
	uint16_t nruh;
	uint8_t rsvd[6];
	struct xnvme_spec_ruhu_desc ruhu_desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_ruhu) == 8, "incorrect size")

/* FDP Statistics (22h); TP4146 */
struct xnvme_spec_log_fdp_stats {
	uint64_t hbmw[2];
	uint64_t mbmw[2];
	uint64_t mbe[2];
	uint8_t rsvd48[16];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_stats) == 64, "incorrect size")

/* Type specific data of the event Media Reallocated; TP4146 */
struct xnvme_spec_fdp_event_media_reallocated {
	union {
		struct {
			uint8_t lbav : 1;
			uint8_t rsvd : 7;
		};
		uint8_t val;
	} sef;
	uint8_t rsvd1;
	uint16_t nlbam;
	uint64_t lba;
	uint8_t rsvd2[4];
} __attribute__((packed));
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fdp_event_media_reallocated) == 16, "incorrect size")

/* FDP Event; TP4146 */
struct xnvme_spec_fdp_event {
	uint8_t type;
	union {
		struct {
			uint8_t piv : 1;
			uint8_t nsidv : 1;
			uint8_t lv : 1;
			uint8_t rsvd1 : 5;
		};
		uint8_t val;
	} fdpef;
	uint16_t pid;
	uint64_t timestamp;
	uint32_t nsid;
	uint8_t type_specific[16];
	uint16_t rgid;
	uint16_t ruhid;
	uint8_t rsvd1[4];
	uint8_t vs[24];
} __attribute__((packed));
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fdp_event) == 64, "incorrect size")

/* FDP Events (23h); TP4146 */
struct xnvme_spec_log_fdp_events {
	uint32_t nevents;
	uint8_t rsvd[60];
	struct xnvme_spec_fdp_event event[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_events) == 64, "incorrect size")

/* Supported FDP Event Descriptor, of the feature FDP Events; TP4146 */
struct xnvme_spec_fdp_event_desc {
	uint8_t type;
	union {
		struct {
			uint8_t ee : 1;
			uint8_t rsvd : 7;
		};
		uint8_t val;
	} fdpeta;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fdp_event_desc) == 2, "incorrect size")

/* Reclaim Unit Handle Status Descriptor; TP4146 */
struct xnvme_spec_ruhs_desc {
	uint16_t pi;
	uint16_t ruhi;
	uint32_t earutr;
	uint64_t ruamw;
	uint8_t rsvd[16];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhs_desc) == 32, "incorrect size")

/* Reclaim Unit Handle Status, data of I/O Management Receive; TP4146 */
struct xnvme_spec_ruhs {
	uint8_t rsvd[14];
	uint16_t nruhsd;
	struct xnvme_spec_ruhs_desc desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhs) == 16, "incorrect size")

/* I/O Management Receive; TP4146 */
struct xnvme_spec_io_mgmt_recv_cmd {
	uint32_t cdw00_09[10];
	uint32_t mo : 8;
	uint32_t rsvd : 8;
	uint32_t mos : 16;
	uint32_t numd;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_recv_cmd) == 64, "incorrect size")

/* I/O Management Send; TP4146 */
struct xnvme_spec_io_mgmt_send_cmd {
	uint32_t cdw00_09[10];
	uint32_t mo : 8;
	uint32_t rsvd : 8;
	uint32_t mos : 16;
	uint32_t cdw11_15[5];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_send_cmd) == 64, "incorrect size")

/* I/O Management Receive and Send; TP4146 */
struct xnvme_spec_io_mgmt_cmd {
	union {
		struct xnvme_spec_io_mgmt_recv_cmd mgmt_recv;
		struct xnvme_spec_io_mgmt_send_cmd mgmt_send;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_cmd) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_FDP_H */
