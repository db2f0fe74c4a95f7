/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log pages; NVMe Base 2.0, Get Log Page
 */
#ifndef LIBXNVME_SPEC_LOG_H
#define LIBXNVME_SPEC_LOG_H

#include <libxnvme_spec_status.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* Log Page Identifiers; NVMe Base 2.0, Get Log Page; 20h to 23h: TP4146 */
enum xnvme_spec_log_lpi {
	XNVME_SPEC_LOG_RSVD = 0x0,
	XNVME_SPEC_LOG_ERRI = 0x1,
	XNVME_SPEC_LOG_HEALTH = 0x2,
	XNVME_SPEC_LOG_FW = 0x3,
	XNVME_SPEC_LOG_CHNS = 0x4,
	XNVME_SPEC_LOG_CSAE = 0x5,
	XNVME_SPEC_LOG_SELFTEST = 0x6,
	XNVME_SPEC_LOG_TELEHOST = 0x7,
	XNVME_SPEC_LOG_TELECTRLR = 0x8,
	XNVME_SPEC_LOG_ENDURANCE_GROUP = 0x9,
	XNVME_SPEC_LOG_PLM_NVMSET = 0xa,
	XNVME_SPEC_LOG_PLM_EVENTS = 0xb,
	XNVME_SPEC_LOG_ANA = 0xc,
	XNVME_SPEC_LOG_PERSISTENT_EVENT = 0xd,
	XNVME_SPEC_LOG_LBA_STATUS = 0xe,
	XNVME_SPEC_LOG_ENDURANCE_GROUP_EVENTS = 0xf,
	XNVME_SPEC_LOG_MEDIA_UNIT_STATUS = 0x10,
	XNVME_SPEC_LOG_CAPACITY_CONFIG = 0x11,
	XNVME_SPEC_LOG_FEATURES = 0x12,
	XNVME_SPEC_LOG_MI_COMMANDS = 0x13,
	XNVME_SPEC_LOG_LOCKDOWN = 0x14,
	XNVME_SPEC_LOG_BOOT_PARTITION = 0x15,
	XNVME_SPEC_LOG_ROTATIONAL_MEDIA = 0x16,
	XNVME_SPEC_LOG_FDPCONF = 0x20,
	XNVME_SPEC_LOG_FDPRUHU = 0x21,
	XNVME_SPEC_LOG_FDPSTATS = 0x22,
	XNVME_SPEC_LOG_FDPEVENTS = 0x23,
	XNVME_SPEC_LOG_DISCOVERY = 0x70,
	XNVME_SPEC_LOG_RESERVATION = 0x80,
	XNVME_SPEC_LOG_SANITIZE = 0x81,
};

/* Log Page Identifier 00h, under upstream's name RSVD */
#define XNVME_SPEC_LOG_SUPPORTED XNVME_SPEC_LOG_RSVD

/* Bits of an entry of the Supported Log Pages log page; NVMe Base 2.0, Get Log Page */
#define XNVME_SPEC_LOG_SUPPORTED_LSUPP 0x1U
#define XNVME_SPEC_LOG_SUPPORTED_IOS 0x2U

/* Supported Log Pages (00h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_supported {
	uint32_t lids[256]; /* 0 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_supported) == 1024, "incorrect size")

/* Error Information (01h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_erri_entry {
	uint64_t ecnt;
	uint16_t sqid;
	uint16_t cid;
	struct xnvme_spec_status status;
	uint16_t eloc;
	uint64_t lba;
	uint32_t nsid;
	uint8_t ven_si;
	uint8_t trtype;
	uint8_t reserved30[2];
	uint64_t cmd_si;
	uint16_t trtype_si;
	uint8_t reserved42[22];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_erri_entry) == 64, "incorrect size")

/* Bits of crit_warn; NVMe Base 2.0, Get Log Page */
#define XNVME_SPEC_HEALTH_WARN_SPARE 0x01U
#define XNVME_SPEC_HEALTH_WARN_TEMPERATURE 0x02U
#define XNVME_SPEC_HEALTH_WARN_RELIABILITY 0x04U
#define XNVME_SPEC_HEALTH_WARN_READ_ONLY 0x08U
#define XNVME_SPEC_HEALTH_WARN_BACKUP 0x10U
#define XNVME_SPEC_HEALTH_WARN_PMR 0x20U

/* SMART / Health Information (02h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_health_entry {
	uint8_t crit_warn;
	uint16_t comp_temp;
	uint8_t avail_spare;
	uint8_t avail_spare_thresh;
	uint8_t pct_used;
	uint8_t eg_crit_warn_sum;
	uint8_t rsvd8[25];
	uint8_t data_units_read[16];
	uint8_t data_units_written[16];
	uint8_t host_read_cmds[16];
	uint8_t host_write_cmds[16];
	uint8_t ctrlr_busy_time[16];
	uint8_t pwr_cycles[16];
	uint8_t pwr_on_hours[16];
	uint8_t unsafe_shutdowns[16];
	uint8_t mdi_errs[16];
	uint8_t nr_err_logs[16];
	uint32_t warn_comp_temp_time;
	uint32_t crit_comp_temp_time;
	uint16_t temp_sens[8];
	uint32_t tmt1tc;
	uint32_t tmt2tc;
	uint32_t tttmt1;
	uint32_t tttmt2;
	uint8_t rsvd[280];
} __attribute__((packed));
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_health_entry) == 512, "incorrect size")

/* Firmware Slot Information (03h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_fw {
	uint8_t afi; /* 0: active slot in bits 2:0, slot after the next reset in bits 6:4 */
	uint8_t rsvd1[7]; /* 1 */
	char frs[7][8]; /* 8: revision in each slot, blank-padded */
	uint8_t rsvd64[448]; /* 64 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fw) == 512, "incorrect size")

/* Changed Namespace List (04h): FFFFFFFFh if more than 1024 changed; NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_chns {
	uint32_t nsid[1024]; /* 0 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_chns) == 4096, "incorrect size")

/* Bits of an entry of Commands Supported and Effects; NVMe Base 2.0, Get Log Page */
#define XNVME_SPEC_EFFECTS_CSUPP 0x00001U
#define XNVME_SPEC_EFFECTS_LBCC 0x00002U
#define XNVME_SPEC_EFFECTS_NCC 0x00004U
#define XNVME_SPEC_EFFECTS_NIC 0x00008U
#define XNVME_SPEC_EFFECTS_CCC 0x00010U
#define XNVME_SPEC_EFFECTS_CSE_SHIFT 16
#define XNVME_SPEC_EFFECTS_CSE_MASK 0x70000U
#define XNVME_SPEC_EFFECTS_USS 0x80000U
#define XNVME_SPEC_EFFECTS_CSP_SHIFT 20

/* Commands Supported and Effects (05h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_effects {
	uint32_t acs[256]; /* 0: by admin opcode */
	uint32_t iocs[256]; /* 1024: by I/O opcode */
	uint8_t rsvd2048[2048]; /* 2048 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_effects) == 4096, "incorrect size")

/* Self-test Result; NVMe Base 2.0, Get Log Page */
enum xnvme_spec_selftest_result_code {
	XNVME_SPEC_SELFTEST_RESULT_OK = 0x0,
	XNVME_SPEC_SELFTEST_RESULT_ABORTED = 0x1,
	XNVME_SPEC_SELFTEST_RESULT_RESET = 0x2,
	XNVME_SPEC_SELFTEST_RESULT_NS_REMOVED = 0x3,
	XNVME_SPEC_SELFTEST_RESULT_FORMAT = 0x4,
	XNVME_SPEC_SELFTEST_RESULT_FATAL = 0x5,
	XNVME_SPEC_SELFTEST_RESULT_FAILED_UNKNOWN = 0x6,
	XNVME_SPEC_SELFTEST_RESULT_FAILED = 0x7,
	XNVME_SPEC_SELFTEST_RESULT_UNKNOWN_ABORT = 0x8,
	XNVME_SPEC_SELFTEST_RESULT_SANITIZE = 0x9,
	XNVME_SPEC_SELFTEST_RESULT_UNUSED = 0xf,
};

/* Self-test Result Data Structure; NVMe Base 2.0, Get Log Page */
struct xnvme_spec_selftest_result {
	uint8_t dsts; /* 0: result in bits 3:0, self-test code in bits 7:4 */
	uint8_t segment; /* 1 */
	uint8_t valid; /* 2: bit 0 nsid, 1 flba, 2 sct, 3 sc */
	uint8_t rsvd3; /* 3 */
	uint64_t poh; /* 4: power on hours */
	uint32_t nsid; /* 12 */
	uint64_t flba; /* 16 */
	uint8_t sct; /* 24 */
	uint8_t sc; /* 25 */
	uint8_t vs[2]; /* 26 */
} __attribute__((packed));
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_selftest_result) == 28, "incorrect size")

/* Device Self-test (06h), newest result first; NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_selftest {
	uint8_t operation; /* 0: self-test code in progress in bits 3:0 */
	uint8_t completion; /* 1: percent in bits 6:0 */
	uint8_t rsvd2[2]; /* 2 */
	struct xnvme_spec_selftest_result result[20]; /* 4 */
} __attribute__((packed));
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_selftest) == 564, "incorrect size")

/*
 * Telemetry Host-Initiated (07h), Controller-Initiated (08h), header; NVMe Base 2.0, Get Log Page
 */
struct xnvme_spec_log_telemetry {
	uint8_t lid; /* 0 */
	uint8_t rsvd1[4]; /* 1 */
	uint8_t ieee[3]; /* 5 */
	uint16_t da1_last; /* 8: last 512 byte block of each data area */
	uint16_t da2_last; /* 10 */
	uint16_t da3_last; /* 12 */
	uint8_t rsvd14[2]; /* 14 */
	uint32_t da4_last; /* 16 */
	uint8_t rsvd20[361]; /* 20 */
	uint8_t host_gen; /* 381 */
	uint8_t ctrlr_avail; /* 382 */
	uint8_t ctrlr_gen; /* 383 */
	uint8_t reason[128]; /* 384 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_telemetry) == 512, "incorrect size")

/* Endurance Group Information (09h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_endurance_group {
	uint8_t crit_warn; /* 0 */
	uint8_t egfeat; /* 1 */
	uint8_t rsvd2; /* 2 */
	uint8_t avail_spare; /* 3 */
	uint8_t avail_spare_thresh; /* 4 */
	uint8_t pct_used; /* 5 */
	uint16_t domain_identifier; /* 6 */
	uint8_t rsvd8[24]; /* 8 */
	uint64_t endurance_estimate[2]; /* 32: in 10^9 bytes, as all that follow in data units */
	uint64_t data_units_read[2]; /* 48 */
	uint64_t data_units_written[2]; /* 64 */
	uint64_t media_units_written[2]; /* 80 */
	uint64_t host_read_cmds[2]; /* 96 */
	uint64_t host_write_cmds[2]; /* 112 */
	uint64_t mdi_errs[2]; /* 128 */
	uint64_t nr_err_logs[2]; /* 144 */
	uint64_t tegcap[2]; /* 160: bytes */
	uint64_t uegcap[2]; /* 176: bytes */
	uint8_t rsvd192[320]; /* 192 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_endurance_group) == 512, "incorrect size")

/* Asymmetric Namespace Access State; NVMe Base 2.0, Asymmetric Namespace Access */
enum xnvme_spec_ana_state {
	XNVME_SPEC_ANA_OPTIMIZED = 0x1,
	XNVME_SPEC_ANA_NON_OPTIMIZED = 0x2,
	XNVME_SPEC_ANA_INACCESSIBLE = 0x3,
	XNVME_SPEC_ANA_PERSISTENT_LOSS = 0x4,
	XNVME_SPEC_ANA_CHANGE = 0xf,
};

/* ANA Group Descriptor; NVMe Base 2.0, Get Log Page */
struct xnvme_spec_ana_group {
	uint32_t anagrpid; /* 0 */
	uint32_t nnsid; /* 4 */
	uint64_t chgcnt; /* 8 */
	uint8_t state; /* 16 */
	uint8_t rsvd17[15]; /* 17 */
	uint32_t nsid[]; /* 32 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ana_group) == 32, "incorrect size")

/*
 * Asymmetric Namespace Access (0Ch), header: group descriptors follow; NVMe Base 2.0, Get Log
 * Page
 */
struct xnvme_spec_log_ana {
	uint64_t chgcnt; /* 0 */
	uint16_t nanagrpd; /* 8 */
	uint8_t rsvd10[6]; /* 10 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_ana) == 16, "incorrect size")

/* Bits of an entry of Feature Identifiers Supported and Effects; NVMe Base 2.0, Get Log Page */
#define XNVME_SPEC_FEATURES_FSUPP 0x1U
#define XNVME_SPEC_FEATURES_UDCC 0x2U
#define XNVME_SPEC_FEATURES_NCC 0x4U
#define XNVME_SPEC_FEATURES_NIC 0x8U
#define XNVME_SPEC_FEATURES_CCC 0x10U

/* Feature Identifiers Supported and Effects (12h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_features {
	uint32_t fids[256]; /* 0 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_features) == 1024, "incorrect size")

/* Reservation Notification (80h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_reservation {
	uint64_t count; /* 0 */
	uint8_t type; /* 8: 1 registration preempted, 2 released, 3 reservation preempted */
	uint8_t avail; /* 9: further pages available */
	uint8_t rsvd10[2]; /* 10 */
	uint32_t nsid; /* 12 */
	uint8_t rsvd16[48]; /* 16 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_reservation) == 64, "incorrect size")

/* Sanitize Status, SSTAT bits 2:0; NVMe Base 2.0, Get Log Page */
enum xnvme_spec_sanitize_sos {
	XNVME_SPEC_SANITIZE_SOS_NEVER = 0x0,
	XNVME_SPEC_SANITIZE_SOS_COMPLETED = 0x1,
	XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS = 0x2,
	XNVME_SPEC_SANITIZE_SOS_FAILED = 0x3,
	XNVME_SPEC_SANITIZE_SOS_COMPLETED_NODAS = 0x4,
};

/* Sanitize Status (81h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_sanitize_entry {
	uint16_t sprog;
	union {
		struct {
			uint8_t sos : 3;
			uint8_t opc : 5;
			uint8_t gde : 1;
			uint8_t mvcncld : 1;
			uint8_t rsvd : 6;
		};
		uint16_t val;
	} sstat;
	uint32_t scdw10;
	uint32_t eto;
	uint32_t etbe;
	uint32_t etce;
	uint32_t etodmm;
	uint32_t etbenmm;
	uint32_t etcenmm;
	uint32_t etpvds;
	uint8_t ssi;
	uint8_t rsvd[475];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_sanitize_entry) == 512, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_LOG_H */
