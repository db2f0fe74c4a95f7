/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Features; NVMe Base 2.0, Get Features, Set Features
 */
#ifndef LIBXNVME_SPEC_FEAT_H
#define LIBXNVME_SPEC_FEAT_H

#include <libxnvme_base.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_SPEC_FEAT_ERROR_RECOVERY_DULBE(feat) ((feat).error_recovery.dulbe)
#define XNVME_SPEC_FEAT_ERROR_RECOVERY_TLER(feat) ((feat).error_recovery.tler)

/* Feature Identifiers; NVMe Base 2.0, Set Features */
enum xnvme_spec_feat_id {
	XNVME_SPEC_FEAT_ARBITRATION = 0x1,
	XNVME_SPEC_FEAT_PWR_MGMT = 0x2,
	XNVME_SPEC_FEAT_LBA_RANGETYPE = 0x3,
	XNVME_SPEC_FEAT_TEMP_THRESHOLD = 0x4,
	XNVME_SPEC_FEAT_ERROR_RECOVERY = 0x5,
	XNVME_SPEC_FEAT_VWCACHE = 0x6,
	XNVME_SPEC_FEAT_NQUEUES = 0x7,
	XNVME_SPEC_FEAT_INTR_COALESCING = 0x8,
	XNVME_SPEC_FEAT_INTR_VECTOR = 0x9,
	XNVME_SPEC_FEAT_WRITE_ATOMICITY = 0xa,
	XNVME_SPEC_FEAT_ASYNC_EVENT = 0xb,
	XNVME_SPEC_FEAT_APST = 0xc,
	XNVME_SPEC_FEAT_HMB = 0xd,
	XNVME_SPEC_FEAT_TIMESTAMP = 0xe,
	XNVME_SPEC_FEAT_KATO = 0xf,
	XNVME_SPEC_FEAT_HCTM = 0x10,
	XNVME_SPEC_FEAT_NOPSC = 0x11,
	XNVME_SPEC_FEAT_RRL = 0x12,
	XNVME_SPEC_FEAT_PLM_CONFIG = 0x13,
	XNVME_SPEC_FEAT_PLM_WINDOW = 0x14,
	XNVME_SPEC_FEAT_LBA_STATUS = 0x15,
	XNVME_SPEC_FEAT_HOST_BEHAVIOR = 0x16,
	XNVME_SPEC_FEAT_SANITIZE = 0x17,
	XNVME_SPEC_FEAT_ENDURANCE_GROUP = 0x18,
	XNVME_SPEC_FEAT_IOCS_PROFILE = 0x19,
	XNVME_SPEC_FEAT_SPINUP = 0x1a,
	XNVME_SPEC_FEAT_FDP_MODE = 0x1d,
	XNVME_SPEC_FEAT_FDP_EVENTS = 0x1e,
	XNVME_SPEC_FEAT_KV_CONFIG = 0x20,
	XNVME_SPEC_FEAT_ENHANCED_CTRLR_METADATA = 0x7d,
	XNVME_SPEC_FEAT_CTRLR_METADATA = 0x7e,
	XNVME_SPEC_FEAT_NS_METADATA = 0x7f,
	XNVME_SPEC_FEAT_SW_PROGRESS = 0x80,
	XNVME_SPEC_FEAT_HOST_ID = 0x81,
	XNVME_SPEC_FEAT_RESERVATION_MASK = 0x82,
	XNVME_SPEC_FEAT_RESERVATION_PERSISTENCE = 0x83,
	XNVME_SPEC_FEAT_NS_WRITE_PROTECT = 0x84,
};

/* Select of Get Features; NVMe Base 2.0, Get Features */
enum xnvme_spec_feat_sel {
	XNVME_SPEC_FEAT_SEL_CURRENT = 0x0,
	XNVME_SPEC_FEAT_SEL_DEFAULT = 0x1,
	XNVME_SPEC_FEAT_SEL_SAVED = 0x2,
	XNVME_SPEC_FEAT_SEL_SUPPORTED = 0x3,
};

/*
 * Bits of Get Features' result when Select is "supported capabilities"; NVMe Base 2.0, Get
 * Features
 */
#define XNVME_SPEC_FEAT_CAP_SAVEABLE 0x1U
#define XNVME_SPEC_FEAT_CAP_NS_SPECIFIC 0x2U
#define XNVME_SPEC_FEAT_CAP_CHANGEABLE 0x4U

/* Value of a feature: CDW11 of Set Features, dword 0 of Get Features' completion; NVMe Base 2.0,
 * Set Features; error_recovery, lba_range: NVM Command Set 1.0, Set Features; fdp_mode: TP4146 */
struct xnvme_spec_feat {
	union {
		struct {
			uint32_t ab : 3;
			uint32_t rsvd : 5;
			uint32_t lpw : 8;
			uint32_t mpw : 8;
			uint32_t hpw : 8;
		} arbitration;
		struct {
			uint32_t ps : 5;
			uint32_t wh : 3;
			uint32_t rsvd : 24;
		} pwr_mgmt;
		struct {
			uint32_t num : 6;
			uint32_t rsvd : 26;
		} lba_range;
		struct {
			uint32_t wce : 1;
			uint32_t rsvd : 31;
		} vwcache;
		struct {
			uint32_t thr : 8;
			uint32_t time : 8;
			uint32_t rsvd : 16;
		} intr_coalescing;
		struct {
			uint32_t iv : 16;
			uint32_t cd : 1;
			uint32_t rsvd : 15;
		} intr_vector;
		struct {
			uint32_t dn : 1;
			uint32_t rsvd : 31;
		} write_atomicity;
		struct {
			uint32_t shcw : 8;
			uint32_t nan : 1;
			uint32_t fan : 1;
			uint32_t tln : 1;
			uint32_t anacn : 1;
			uint32_t plealcn : 1;
			uint32_t lsin : 1;
			uint32_t egealpcn : 1;
			uint32_t nnvmss : 1;
			uint32_t rsvd1 : 11;
			uint32_t zdcn : 1;
			uint32_t rsvd2 : 3;
			uint32_t dlpcn : 1;
		} async_event;
		struct {
			uint32_t apste : 1;
			uint32_t rsvd : 31;
		} apst;
		struct {
			uint32_t ehm : 1;
			uint32_t mr : 1;
			uint32_t rsvd : 30;
		} hmb;
		struct {
			uint32_t tmt2 : 16;
			uint32_t tmt1 : 16;
		} hctm;
		struct {
			uint32_t noppme : 1;
			uint32_t rsvd : 31;
		} nopsc;
		struct {
			uint32_t iocsci : 9;
			uint32_t rsvd : 23;
		} iocs_profile;
		struct {
			uint32_t exhid : 1;
			uint32_t rsvd : 31;
		} host_id;
		struct {
			uint32_t wps : 3;
			uint32_t rsvd : 29;
		} ns_write_protect;
		struct {
			uint32_t tmpth : 16;
			uint32_t tmpsel : 4;
			uint32_t thsel : 2;
			uint32_t rsvd : 10;
		} temp_threshold;
		struct {
			uint32_t tler : 16;
			uint32_t dulbe : 1;
			uint32_t rsvd : 15;
		} error_recovery;
		struct {
			uint32_t nsqa : 16;
			uint32_t ncqa : 16;
		} nqueues;
		struct {
			uint32_t fdpe : 1;
			uint32_t rsvd1 : 7;
			uint32_t fdpci : 8;
			uint32_t rsvd2 : 16;
		} fdp_mode;
		uint32_t val;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat) == 4, "incorrect size")

/* Timestamp, data of the feature 0Eh; NVMe Base 2.0, Timestamp */
struct xnvme_spec_feat_timestamp {
	uint8_t timestamp[6]; /* 0: milliseconds, little-endian */
	uint8_t attr; /* 6: bit 0 Synch, bits 3:1 Timestamp Origin */
	uint8_t rsvd7; /* 7 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat_timestamp) == 8, "incorrect size")

/* Host Behavior Support, data of the feature 16h; NVMe Base 2.0, Host Behavior Support */
struct xnvme_spec_feat_host_behavior {
	uint8_t acre; /* 0: advanced command retry */
	uint8_t etdas; /* 1: extended telemetry data area 4 */
	uint8_t lbafee; /* 2: LBA formats above 15, and PI formats other than 16b */
	uint8_t hdisns; /* 3: host dispersed namespaces */
	uint16_t cdfe; /* 4: copy descriptor formats 2h to 4h, bit n is format n */
	uint8_t rsvd6[506]; /* 6 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat_host_behavior) == 512, "incorrect size")

/* LBA Range Type Entry, data of the feature 03h; NVM Command Set 1.0, LBA Range Type */
struct xnvme_spec_feat_lba_range_entry {
	uint8_t type; /* 0 */
	uint8_t attr; /* 1 */
	uint8_t rsvd2[14]; /* 2 */
	uint64_t slba; /* 16 */
	uint64_t nlb; /* 24: 0's based */
	uint8_t guid[16]; /* 32 */
	uint8_t rsvd48[16]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat_lba_range_entry) == 64, "incorrect size")

/* Host Memory Buffer Descriptor Entry, of the feature 0Dh; NVMe Base 2.0, Host Memory Buffer */
struct xnvme_spec_feat_hmb_entry {
	uint64_t badd; /* 0 */
	uint32_t bsize; /* 8: in units of CC.MPS */
	uint32_t rsvd12; /* 12 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat_hmb_entry) == 16, "incorrect size")

/* Host Memory Buffer Attributes, data of Get Features 0Dh; NVMe Base 2.0, Host Memory Buffer */
struct xnvme_spec_feat_hmb {
	uint32_t hsize; /* 0 */
	uint32_t hmdlal; /* 4 */
	uint32_t hmdlau; /* 8 */
	uint32_t hmdlec; /* 12 */
	uint8_t rsvd16[4080]; /* 16 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_feat_hmb) == 4096, "incorrect size")

/* Namespace Write Protect states, feature 84h; NVMe Base 2.0, Namespace Write Protection */
enum xnvme_spec_ns_write_protect {
	XNVME_SPEC_NS_WRITE_PROTECT_NONE = 0x0,
	XNVME_SPEC_NS_WRITE_PROTECT = 0x1,
	XNVME_SPEC_NS_WRITE_PROTECT_UNTIL_POWER_CYCLE = 0x2,
	XNVME_SPEC_NS_WRITE_PROTECT_PERMANENT = 0x3,
};

/* Get Features; NVMe Base 2.0 */
struct xnvme_spec_cmd_gfeat {
	uint32_t cdw00_09[10];
	union {
		struct {
			uint32_t fid : 8;
			uint32_t sel : 3;
			uint32_t rsvd10 : 21;
		};
		uint32_t val;
	} cdw10;
	uint32_t cdw11;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_gfeat) == 64, "incorrect size")

/* Set Features; NVMe Base 2.0 */
struct xnvme_spec_cmd_sfeat {
	uint32_t cdw00_09[10];
	union {
		struct {
			uint32_t fid : 8;
			uint32_t rsvd10 : 23;
			uint32_t save : 1;
		};
		uint32_t val;
	} cdw10;
	struct xnvme_spec_feat feat;
	uint32_t cdw12;
	uint32_t cdw13_15[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_sfeat) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_FEAT_H */
