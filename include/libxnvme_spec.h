/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVMe standard as structures and constants: the one definition of each in the tree
 */
#ifndef LIBXNVME_SPEC_H
#define LIBXNVME_SPEC_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_SPEC_CTRLR_SN_LEN 20
#define XNVME_SPEC_CTRLR_MN_LEN 40
#define XNVME_SPEC_CTRLR_FR_LEN 8
#define XNVME_SPEC_IDFY_CS_IOCSC_LEN 512
#define XNVME_SPEC_NVM_SCOPY_NENTRY_MAX 128
#define ZND_CHANGES_LEN 511
#define XNVME_SPEC_FEAT_ERROR_RECOVERY_DULBE(feat) ((feat).error_recovery.dulbe)
#define XNVME_SPEC_FEAT_ERROR_RECOVERY_TLER(feat) ((feat).error_recovery.tler)

/* CC/CAP/VS register view used by Identify Controller VER; NVMe Base 2.0, 3.1.3.2 */
union xnvme_spec_vs_register {
	uint32_t val;
	struct {
		uint32_t ter : 8;
		uint32_t mnr : 8;
		uint32_t mjr : 16;
	} bits;
};

enum xnvme_spec_status_code_type {
	XNVME_STATUS_CODE_TYPE_GENERIC = 0x0,
	XNVME_STATUS_CODE_TYPE_CMDSPEC = 0x1,
	XNVME_STATUS_CODE_TYPE_MEDIA = 0x2,
	XNVME_STATUS_CODE_TYPE_PATH = 0x3,
	XNVME_STATUS_CODE_TYPE_VENDOR = 0x7,
};

enum xnvme_spec_status_code {
	XNVME_STATUS_CODE_INVALID_FIELD = 0x2,
};

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
	XNVME_SPEC_LOG_FDPCONF = 0x20,
	XNVME_SPEC_LOG_FDPRUHU = 0x21,
	XNVME_SPEC_LOG_FDPSTATS = 0x22,
	XNVME_SPEC_LOG_FDPEVENTS = 0x23,
	XNVME_SPEC_LOG_SANITIZE = 0x81,
};

enum xnvme_spec_io_mgmt_recv_mo {
	XNVME_SPEC_IO_MGMT_RECV_RUHS = 0x1,
};

enum xnvme_spec_io_mgmt_send_mo {
	XNVME_SPEC_IO_MGMT_SEND_RUHU = 0x1,
};

enum xnvme_spec_idfy_cns {
	XNVME_SPEC_IDFY_NS = 0x0,
	XNVME_SPEC_IDFY_CTRLR = 0x1,
	XNVME_SPEC_IDFY_NSLIST = 0x2,
	XNVME_SPEC_IDFY_NSDSCR = 0x3,
	XNVME_SPEC_IDFY_SETL = 0x4,
	XNVME_SPEC_IDFY_NS_IOCS = 0x5,
	XNVME_SPEC_IDFY_CTRLR_IOCS = 0x6,
	XNVME_SPEC_IDFY_NSLIST_IOCS = 0x7,
	XNVME_SPEC_IDFY_NSLIST_ALLOC = 0x10,
	XNVME_SPEC_IDFY_NS_ALLOC = 0x11,
	XNVME_SPEC_IDFY_CTRLR_NS = 0x12,
	XNVME_SPEC_IDFY_CTRLR_SUB = 0x13,
	XNVME_SPEC_IDFY_CTRLR_PRI = 0x14,
	XNVME_SPEC_IDFY_CTRLR_SEC = 0x15,
	XNVME_SPEC_IDFY_NSGRAN = 0x16,
	XNVME_SPEC_IDFY_UUIDL = 0x17,
	XNVME_SPEC_IDFY_NSLIST_ALLOC_IOCS = 0x1a,
	XNVME_SPEC_IDFY_NS_ALLOC_IOCS = 0x1b,
	XNVME_SPEC_IDFY_IOCS = 0x1c,
};

enum xnvme_spec_csi {
	XNVME_SPEC_CSI_NVM = 0x0,
	XNVME_SPEC_CSI_KV = 0x1,
	XNVME_SPEC_CSI_ZONED = 0x2,
};

enum xnvme_spec_nvm_ns_pif {
	XNVME_SPEC_NVM_NS_16B_GUARD = 0x0,
	XNVME_SPEC_NVM_NS_32B_GUARD = 0x1,
	XNVME_SPEC_NVM_NS_64B_GUARD = 0x2,
};

enum xnvme_spec_adm_opc {
	XNVME_SPEC_ADM_OPC_LOG = 0x2,
	XNVME_SPEC_ADM_OPC_IDFY = 0x6,
	XNVME_SPEC_ADM_OPC_SFEAT = 0x9,
	XNVME_SPEC_ADM_OPC_GFEAT = 0xa,
	XNVME_SPEC_ADM_OPC_DSEND = 0x19,
	XNVME_SPEC_ADM_OPC_DRECV = 0x1a,
};

enum xnvme_spec_nvm_opc {
	XNVME_SPEC_NVM_OPC_FLUSH = 0x0,
	XNVME_SPEC_NVM_OPC_WRITE = 0x1,
	XNVME_SPEC_NVM_OPC_READ = 0x2,
	XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE = 0x4,
	XNVME_SPEC_NVM_OPC_COMPARE = 0x5,
	XNVME_SPEC_NVM_OPC_WRITE_ZEROES = 0x8,
	XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT = 0x9,
	XNVME_SPEC_NVM_OPC_SCOPY = 0x19,
	XNVME_SPEC_NVM_OPC_IO_MGMT_RECV = 0x12,
	XNVME_SPEC_NVM_OPC_IO_MGMT_SEND = 0x1d,
	XNVME_SPEC_NVM_OPC_FMT = 0x80,
	XNVME_SPEC_NVM_OPC_SANITIZE = 0x84,
};

enum xnvme_spec_feat_id {
	XNVME_SPEC_FEAT_ARBITRATION = 0x1,
	XNVME_SPEC_FEAT_PWR_MGMT = 0x2,
	XNVME_SPEC_FEAT_LBA_RANGETYPE = 0x3,
	XNVME_SPEC_FEAT_TEMP_THRESHOLD = 0x4,
	XNVME_SPEC_FEAT_ERROR_RECOVERY = 0x5,
	XNVME_SPEC_FEAT_VWCACHE = 0x6,
	XNVME_SPEC_FEAT_NQUEUES = 0x7,
	XNVME_SPEC_FEAT_FDP_MODE = 0x1d,
	XNVME_SPEC_FEAT_FDP_EVENTS = 0x1e,
};

enum xnvme_spec_feat_sel {
	XNVME_SPEC_FEAT_SEL_CURRENT = 0x0,
	XNVME_SPEC_FEAT_SEL_DEFAULT = 0x1,
	XNVME_SPEC_FEAT_SEL_SAVED = 0x2,
	XNVME_SPEC_FEAT_SEL_SUPPORTED = 0x3,
};

enum xnvme_spec_dir_types {
	XNVME_SPEC_DIR_IDENTIFY = 0x0,
	XNVME_SPEC_DIR_STREAMS = 0x1,
};

enum xnvme_spec_dsend_idfy_doper {
	XNVME_SPEC_DSEND_IDFY_ENDIR = 0x1,
};

enum xnvme_spec_dsend_streams_doper {
	XNVME_SPEC_DSEND_STREAMS_RELID = 0x1,
	XNVME_SPEC_DSEND_STREAMS_RELRS = 0x2,
};

enum xnvme_spec_drecv_idfy_doper {
	XNVME_SPEC_DRECV_IDFY_RETPR = 0x1,
};

enum xnvme_spec_drecv_streams_doper {
	XNVME_SPEC_DRECV_STREAMS_RETPR = 0x1,
	XNVME_SPEC_DRECV_STREAMS_GETST = 0x2,
	XNVME_SPEC_DRECV_STREAMS_ALLRS = 0x3,
};

enum xnvme_spec_flag {
	XNVME_SPEC_FLAG_LIMITED_RETRY = 0x8000,
	XNVME_SPEC_FLAG_FORCE_UNIT_ACCESS = 0x4000,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_REF = 0x400,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_APP = 0x800,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_GUARD = 0x1000,
	XNVME_SPEC_FLAG_PRINFO_PRACT = 0x2000,
};

enum xnvme_nvme_sgl_descriptor_type {
	XNVME_SPEC_SGL_DESCR_TYPE_DATA_BLOCK = 0x0,
	XNVME_SPEC_SGL_DESCR_TYPE_BIT_BUCKET = 0x1,
	XNVME_SPEC_SGL_DESCR_TYPE_SEGMENT = 0x2,
	XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT = 0x3,
	XNVME_SPEC_SGL_DESCR_TYPE_KEYED_DATA_BLOCK = 0x4,
	XNVME_SPEC_SGL_DESCR_TYPE_VENDOR_SPECIFIC = 0xf,
};

enum xnvme_spec_sgl_descriptor_subtype {
	XNVME_SPEC_SGL_DESCR_SUBTYPE_ADDRESS = 0x0,
	XNVME_SPEC_SGL_DESCR_SUBTYPE_OFFSET = 0x1,
};

enum xnvme_spec_psdt {
	XNVME_SPEC_PSDT_PRP = 0x0,
	XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS = 0x1,
	XNVME_SPEC_PSDT_SGL_MPTR_SGL = 0x2,
};

enum xnvme_spec_nvm_cmd_cpl_sc {
	XNVME_SPEC_NVM_CMD_CPL_SC_WRITE_TO_RONLY = 0x82,
};

enum xnvme_nvm_scopy_fmt {
	XNVME_NVM_SCOPY_FMT_ZERO = 0x1,
	XNVME_NVM_SCOPY_FMT_SRCLEN = 0x100,
};

enum xnvme_spec_znd_log_lid {
	XNVME_SPEC_LOG_ZND_CHANGES = 0xbf,
};

enum xnvme_spec_znd_opc {
	XNVME_SPEC_ZND_OPC_MGMT_SEND = 0x79,
	XNVME_SPEC_ZND_OPC_MGMT_RECV = 0x7a,
	XNVME_SPEC_ZND_OPC_APPEND = 0x7d,
};

enum xnvme_spec_kv_opc {
	XNVME_SPEC_KV_OPC_STORE = 0x1,
	XNVME_SPEC_KV_OPC_RETRIEVE = 0x2,
	XNVME_SPEC_KV_OPC_DELETE = 0x10,
	XNVME_SPEC_KV_OPC_EXIST = 0x14,
	XNVME_SPEC_KV_OPC_LIST = 0x6,
};

enum xnvme_spec_kv_status_code {
	XNVME_SPEC_KV_SC_CAPACITY_EXCEEDED = 0x81,
	XNVME_SPEC_KV_SC_NS_NOT_READY = 0x82,
	XNVME_SPEC_KV_SC_RESERVATION_CONFLICT = 0x83,
	XNVME_SPEC_KV_SC_FORMAT_IN_PROGRESS = 0x84,
	XNVME_SPEC_KV_SC_INVALID_VAL_SIZE = 0x85,
	XNVME_SPEC_KV_SC_INVALID_KEY_SIZE = 0x86,
	XNVME_SPEC_KV_SC_KEY_NOT_EXISTS = 0x87,
	XNVME_SPEC_KV_SC_UNRECOVERED_ERR = 0x88,
	XNVME_SPEC_KV_SC_KEY_EXISTS = 0x89,
};

enum xnvme_spec_znd_status_code {
	XNVME_SPEC_ZND_SC_INVALID_FORMAT = 0x7f,
	XNVME_SPEC_ZND_SC_INVALID_ZONE_OP = 0xb6,
	XNVME_SPEC_ZND_SC_NOZRWA = 0xb7,
	XNVME_SPEC_ZND_SC_BOUNDARY_ERROR = 0xb8,
	XNVME_SPEC_ZND_SC_IS_FULL = 0xb9,
	XNVME_SPEC_ZND_SC_IS_READONLY = 0xba,
	XNVME_SPEC_ZND_SC_IS_OFFLINE = 0xbb,
	XNVME_SPEC_ZND_SC_INVALID_WRITE = 0xbc,
	XNVME_SPEC_ZND_SC_TOO_MANY_ACTIVE = 0xbd,
	XNVME_SPEC_ZND_SC_TOO_MANY_OPEN = 0xbe,
	XNVME_SPEC_ZND_SC_INVALID_TRANS = 0xbf,
};

enum xnvme_spec_znd_mgmt_send_action_so {
	XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA = 0x1,
};

enum xnvme_spec_znd_cmd_mgmt_send_action {
	XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE = 0x1,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH = 0x2,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN = 0x3,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET = 0x4,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_OFFLINE = 0x5,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR = 0x10,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_FLUSH = 0x11,
};

enum xnvme_spec_znd_cmd_mgmt_recv_action_sf {
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL = 0x0,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EMPTY = 0x1,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN = 0x2,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EOPEN = 0x3,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_CLOSED = 0x4,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_FULL = 0x5,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_RONLY = 0x6,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_OFFLINE = 0x7,
};

enum xnvme_spec_znd_cmd_mgmt_recv_action {
	XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT = 0x0,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED = 0x1,
};

enum xnvme_spec_znd_type {
	XNVME_SPEC_ZND_TYPE_SEQWR = 0x2,
};

enum xnvme_spec_znd_state {
	XNVME_SPEC_ZND_STATE_EMPTY = 0x1,
	XNVME_SPEC_ZND_STATE_IOPEN = 0x2,
	XNVME_SPEC_ZND_STATE_EOPEN = 0x3,
	XNVME_SPEC_ZND_STATE_CLOSED = 0x4,
	XNVME_SPEC_ZND_STATE_RONLY = 0xd,
	XNVME_SPEC_ZND_STATE_FULL = 0xe,
	XNVME_SPEC_ZND_STATE_OFFLINE = 0xf,
};

struct xnvme_spec_ctrlr_bar {
	uint64_t cap;
	uint32_t vs;
	uint32_t intms;
	uint32_t intmc;
	uint32_t cc;
	uint32_t rsvd24;
	uint32_t csts;
	uint32_t nssr;
	uint32_t aqa;
	uint64_t asq;
	uint64_t acq;
	uint32_t cmbloc;
	uint32_t cmbsz;
	uint32_t bpinfo;
	uint32_t bprsel;
	uint64_t bpmbl;
	uint64_t cmbmsc;
	uint32_t cmbsts;
	uint8_t rsvd92[3492];
	uint32_t pmrcap;
	uint32_t pmrctl;
	uint32_t pmrsts;
	uint32_t pmrebs;
	uint32_t pmrswtp;
	uint32_t pmrmscl;
	uint32_t pmrmscu;
	uint8_t css[484];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ctrlr_bar) == 4096, "incorrect size")

struct xnvme_spec_status {
	union {
		struct {
			uint16_t p : 1;
			uint16_t sc : 8;
			uint16_t sct : 3;
			uint16_t rsvd2 : 2;
			uint16_t m : 1;
			uint16_t dnr : 1;
		};
		uint16_t val;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_status) == 2, "incorrect size")

struct xnvme_spec_cpl {
	union {
		struct {
			uint32_t cdw0;
			uint32_t rsvd1;
		};
		uint64_t result;
	};
	uint16_t sqhd;
	uint16_t sqid;
	uint16_t cid;
	struct xnvme_spec_status status;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cpl) == 16, "incorrect size")

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

struct xnvme_spec_ruh_desc {
	uint8_t ruht;
	uint8_t rsvd[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruh_desc) == 4, "incorrect size")

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

struct xnvme_spec_log_fdp_conf {
	uint16_t ncfg;
	uint8_t version;
	uint8_t rsvd1;
	uint32_t size;
	uint8_t rsvd2[8];
	struct xnvme_spec_fdp_conf_desc conf_desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_conf) == 16, "incorrect size")

struct xnvme_spec_ruhu_desc {
	uint8_t ruha;
	uint8_t rsvd[7];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhu_desc) == 8, "incorrect size")

struct xnvme_spec_log_ruhu {
	uint16_t nruh;
	uint8_t rsvd[6];
	struct xnvme_spec_ruhu_desc ruhu_desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_ruhu) == 8, "incorrect size")

struct xnvme_spec_log_fdp_stats {
	uint64_t hbmw[2];
	uint64_t mbmw[2];
	uint64_t mbe[2];
	uint8_t rsvd48[16];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_stats) == 64, "incorrect size")

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

struct xnvme_spec_log_fdp_events {
	uint32_t nevents;
	uint8_t rsvd[60];
	struct xnvme_spec_fdp_event event[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_fdp_events) == 64, "incorrect size")

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

struct xnvme_spec_ruhs_desc {
	uint16_t pi;
	uint16_t ruhi;
	uint32_t earutr;
	uint64_t ruamw;
	uint8_t rsvd[16];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhs_desc) == 32, "incorrect size")

struct xnvme_spec_ruhs {
	uint8_t rsvd[14];
	uint16_t nruhsd;
	struct xnvme_spec_ruhs_desc desc[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ruhs) == 16, "incorrect size")

struct xnvme_spec_lbaf {
	uint16_t ms;
	uint8_t ds;
	uint8_t rp : 2;
	uint8_t rsvd : 6;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_lbaf) == 4, "incorrect size")

struct xnvme_spec_idfy_ns {
	uint64_t nsze;
	uint64_t ncap;
	uint64_t nuse;
	struct {
		uint8_t thin_prov : 1;
		uint8_t ns_atomic_write_unit : 1;
		uint8_t dealloc_or_unwritten_error : 1;
		uint8_t guid_never_reused : 1;
		uint8_t optimal_performance : 1;
		uint8_t reserved1 : 3;
	} nsfeat;
	uint8_t nlbaf;
	struct {
		uint8_t format : 4;
		uint8_t extended : 1;
		uint8_t format_msb : 2;
		uint8_t reserved2 : 1;
	} flbas;
	struct {
		uint8_t extended : 1;
		uint8_t pointer : 1;
		uint8_t reserved3 : 6;
	} mc;
	union {
		struct {
			uint8_t pit1 : 1;
			uint8_t pit2 : 1;
			uint8_t pit3 : 1;
			uint8_t md_start : 1;
			uint8_t md_end : 1;
			uint8_t reserved : 3;
		};
		uint8_t val;
	} dpc;
	union {
		struct {
			uint8_t pit : 3;
			uint8_t md_start : 1;
			uint8_t reserved4 : 4;
		};
		uint8_t val;
	} dps;
	struct {
		uint8_t can_share : 1;
		uint8_t reserved : 7;
	} nmic;
	union {
		struct {
			uint8_t persist : 1;
			uint8_t write_exclusive : 1;
			uint8_t exclusive_access : 1;
			uint8_t write_exclusive_reg_only : 1;
			uint8_t exclusive_access_reg_only : 1;
			uint8_t write_exclusive_all_reg : 1;
			uint8_t exclusive_access_all_reg : 1;
			uint8_t ignore_existing_key : 1;
		};
		uint8_t val;
	} nsrescap;
	union {
		struct {
			uint8_t percentage_remaining : 7;
			uint8_t fpi_supported : 1;
		};
		uint8_t val;
	} fpi;
	union {
		struct {
			uint8_t read_value : 3;
			uint8_t write_zero_deallocate : 1;
			uint8_t guard_value : 1;
			uint8_t reserved : 3;
		} bits;
		uint8_t val;
	} dlfeat;
	uint16_t nawun;
	uint16_t nawupf;
	uint16_t nacwu;
	uint16_t nabsn;
	uint16_t nabo;
	uint16_t nabspf;
	uint16_t noiob;
	uint64_t nvmcap[2];
	uint16_t npwg;
	uint16_t npwa;
	uint16_t npdg;
	uint16_t npda;
	uint16_t nows;
	uint16_t mssrl;
	uint32_t mcl;
	uint8_t msrc;
	uint8_t reserved81[11];
	uint32_t anagrpid;
	uint8_t reserved96[3];
	uint8_t nsattr;
	uint16_t nvmsetid;
	uint16_t endgid;
	uint8_t nguid[16];
	uint64_t eui64;
	struct xnvme_spec_lbaf lbaf[64];
	uint8_t vendor_specific[3712];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ns) == 4096, "incorrect size")

struct xnvme_pif {
	union {
		struct {
			uint16_t guard;
			uint16_t app_tag;
			uint32_t stor_ref_space;
		} g16;
		struct {
			uint64_t guard;
			uint16_t app_tag;
			uint16_t stor_ref_space_p1;
			uint32_t stor_ref_space_p2;
		} g64;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_pif) == 16, "incorrect size")

struct xnvme_spec_elbaf {
	uint32_t sts : 7;
	uint32_t pif : 2;
	uint32_t rsvd : 23;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_elbaf) == 4, "incorrect size")

struct xnvme_spec_power_state {
	uint16_t mp;
	uint8_t reserved1;
	uint8_t mps : 1;
	uint8_t nops : 1;
	uint8_t reserved2 : 6;
	uint32_t enlat;
	uint32_t exlat;
	uint8_t rrt : 5;
	uint8_t reserved3 : 3;
	uint8_t rrl : 5;
	uint8_t reserved4 : 3;
	uint8_t rwt : 5;
	uint8_t reserved5 : 3;
	uint8_t rwl : 5;
	uint8_t reserved6 : 3;
	uint16_t idlp;
	uint8_t reserved7 : 6;
	uint8_t ips : 2;
	uint8_t reserved8;
	uint16_t actp;
	uint8_t apw : 3;
	uint8_t reserved9 : 3;
	uint8_t aps : 2;
	uint8_t reserved10[9];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_power_state) == 32, "incorrect size")

struct xnvme_spec_idfy_ctrlr {
	uint16_t vid;
	uint16_t ssvid;
	int8_t sn[20];
	int8_t mn[40];
	uint8_t fr[8];
	uint8_t rab;
	uint8_t ieee[3];
	union {
		struct {
			uint8_t multi_port : 1;
			uint8_t multi_host : 1;
			uint8_t sr_iov : 1;
			uint8_t ana_rprt : 1;
			uint8_t reserved : 4;
		};
		uint8_t val;
	} cmic;
	uint8_t mdts;
	uint16_t cntlid;
	union xnvme_spec_vs_register ver;
	uint32_t rtd3r;
	uint32_t rtd3e;
	union {
		struct {
			uint32_t reserved1 : 8;
			uint32_t ns_attribute_notices : 1;
			uint32_t fw_activation_notices : 1;
			uint32_t reserved2 : 1;
			uint32_t ana_notices : 1;
			uint32_t pleal_notices : 1;
			uint32_t lba_sia_notices : 1;
			uint32_t egea_notices : 1;
			uint32_t normal_nvm_ss : 1;
			uint32_t reserved3 : 11;
			uint32_t zone_changes : 1;
			uint32_t reserved4 : 3;
			uint32_t discovery_log_notices : 1;
		};
		uint32_t val;
	} oaes;
	union {
		struct {
			uint32_t host_id_exhid_supported : 1;
			uint32_t non_operational_power_state_permissive_mode : 1;
			uint32_t nvm_sets : 1;
			uint32_t read_recovery_levels : 1;
			uint32_t endurance_groups : 1;
			uint32_t predictable_latency_mode : 1;
			uint32_t tbkas : 1;
			uint32_t namespace_granularity : 1;
			uint32_t sq_associations : 1;
			uint32_t uuid_list : 1;
			uint32_t multi_domain_subsystem : 1;
			uint32_t fixed_capacity_management : 1;
			uint32_t variable_capacity_management : 1;
			uint32_t delete_endurance_group : 1;
			uint32_t delete_nvm_set : 1;
			uint32_t extended_lba_formats : 1;
			uint32_t reserved1 : 3;
			uint32_t flexible_data_placement : 1;
			uint32_t reserved2 : 12;
		};
		uint32_t val;
	} ctratt;
	uint16_t rrls;
	uint8_t reserved_102[9];
	uint8_t cntrltype;
	uint8_t fguid[16];
	uint16_t crdt1;
	uint16_t crdt2;
	uint16_t crdt3;
	uint8_t reserved_134[119];
	union {
		struct {
			uint8_t nvmesd : 1;
			uint8_t nvmee : 1;
			uint8_t nvmsr_rsvd : 6;
		};
		uint8_t val;
	} nvmsr;
	union {
		struct {
			uint8_t vwcr : 7;
			uint8_t vwcrv : 1;
		};
		uint8_t val;
	} vwci;
	union {
		struct {
			uint8_t smbusme : 1;
			uint8_t pcieme : 1;
			uint8_t mec_rsvd : 6;
		};
		uint8_t val;
	} mec;
	union {
		struct {
			uint16_t security : 1;
			uint16_t format : 1;
			uint16_t firmware : 1;
			uint16_t ns_manage : 1;
			uint16_t device_self_test : 1;
			uint16_t directives : 1;
			uint16_t nvme_mi : 1;
			uint16_t virtualization_management : 1;
			uint16_t doorbell_buffer_config : 1;
			uint16_t lba_status : 1;
			uint16_t cmd_feature_lockdown : 1;
			uint16_t oacs_rsvd : 5;
		};
		uint16_t val;
	} oacs;
	uint8_t acl;
	uint8_t aerl;
	union {
		struct {
			uint8_t slot1_ro : 1;
			uint8_t num_slots : 3;
			uint8_t activation_without_reset : 1;
			uint8_t mul_update_detection : 1;
			uint8_t frmw_rsvd : 2;
		};
		uint8_t val;
	} frmw;
	union {
		struct {
			uint8_t ns_smart : 1;
			uint8_t celp : 1;
			uint8_t edlp : 1;
			uint8_t telemetry : 1;
			uint8_t pel : 1;
			uint8_t mel : 1;
			uint8_t tel_da4 : 1;
			uint8_t lpa_rsvd : 1;
		};
		uint8_t val;
	} lpa;
	uint8_t elpe;
	uint8_t npss;
	union {
		struct {
			uint8_t spec_format : 1;
			uint8_t avscc_rsvd : 7;
		};
		uint8_t val;
	} avscc;
	union {
		struct {
			uint8_t supported : 1;
			uint8_t apsta_rsvd : 7;
		};
		uint8_t val;
	} apsta;
	uint16_t wctemp;
	uint16_t cctemp;
	uint16_t mtfa;
	uint32_t hmpre;
	uint32_t hmmin;
	uint64_t tnvmcap[2];
	uint64_t unvmcap[2];
	union {
		struct {
			uint8_t num_rpmb_units : 3;
			uint8_t auth_method : 3;
			uint8_t reserved1 : 2;
			uint8_t reserved2;
			uint8_t total_size;
			uint8_t access_size;
		};
		uint32_t val;
	} rpmbs;
	uint16_t edstt;
	union {
		struct {
			uint8_t one_only : 1;
			uint8_t reserved : 7;
		} bits;
		uint8_t val;
	} dsto;
	uint8_t fwug;
	uint16_t kas;
	union {
		struct {
			uint16_t supported : 1;
			uint16_t reserved : 15;
		} bits;
		uint16_t val;
	} hctma;
	uint16_t mntmt;
	uint16_t mxtmt;
	union {
		struct {
			uint32_t crypto_erase : 1;
			uint32_t block_erase : 1;
			uint32_t overwrite : 1;
			uint32_t reserved : 26;
			uint32_t ndi : 1;
			uint32_t nodmmas : 2;
		} bits;
		uint32_t val;
	} sanicap;
	uint32_t hmminds;
	uint16_t hmmaxd;
	uint16_t nsetidmax;
	uint16_t endgidmax;
	uint8_t anatt;
	union {
		struct {
			uint8_t optimize : 1;
			uint8_t non_optimize : 1;
			uint8_t inaccessible : 1;
			uint8_t persist_loss : 1;
			uint8_t change : 1;
			uint8_t reserved1 : 1;
			uint8_t ns_anagrpid : 1;
			uint8_t mgt_anagrpid : 1;
		} bits;
		uint8_t val;
	} anacap;
	uint32_t anagrpmax;
	uint32_t nanagrpid;
	uint32_t pels;
	uint16_t domain_identifier;
	uint8_t reserved_358[10];
	uint64_t megcap[2];
	uint8_t reserved_384[128];
	union {
		struct {
			uint8_t min : 4;
			uint8_t max : 4;
		};
		uint8_t val;
	} sqes;
	union {
		struct {
			uint8_t min : 4;
			uint8_t max : 4;
		};
		uint8_t val;
	} cqes;
	uint16_t maxcmd;
	uint32_t nn;
	union {
		struct {
			uint16_t compare : 1;
			uint16_t write_unc : 1;
			uint16_t dsm : 1;
			uint16_t write_zeroes : 1;
			uint16_t set_features_save : 1;
			uint16_t reservations : 1;
			uint16_t timestamp : 1;
			uint16_t verify : 1;
			uint16_t copy : 1;
			uint16_t reserved : 7;
		};
		uint16_t val;
	} oncs;
	uint16_t fuses;
	union {
		struct {
			uint8_t format_all_ns : 1;
			uint8_t erase_all_ns : 1;
			uint8_t crypto_erase_supported : 1;
			uint8_t nsid_ffffffff : 1;
			uint8_t reserved : 4;
		};
		uint8_t val;
	} fna;
	union {
		struct {
			uint8_t present : 1;
			uint8_t flush_broadcast : 2;
			uint8_t reserved : 5;
		};
		uint8_t val;
	} vwc;
	uint16_t awun;
	uint16_t awupf;
	uint8_t nvscc;
	uint8_t nwpc;
	uint16_t acwu;
	union {
		struct {
			uint16_t format0 : 1;
			uint16_t format1 : 1;
			uint16_t reserved : 14;
		};
		uint16_t val;
	} cdfs;
	union {
		struct {
			uint32_t supported : 2;
			uint32_t keyed_sgl : 1;
			uint32_t reserved1 : 5;
			uint32_t sgl_desc_threshold : 8;
			uint32_t bit_bucket_descriptor : 1;
			uint32_t metadata_pointer : 1;
			uint32_t oversized_sgl : 1;
			uint32_t metadata_address : 1;
			uint32_t sgl_offset : 1;
			uint32_t transport_sgl : 1;
			uint32_t reserved2 : 10;
		};
		uint32_t val;
	} sgls;
	uint32_t mnan;
	uint64_t maxdna[2];
	uint32_t maxcna;
	uint8_t reserved_564[204];
	uint8_t subnqn[256];
	uint8_t reserved_1024[768];
	struct {
		uint32_t ioccsz;
		uint32_t iorcsz;
		uint16_t icdoff;
		struct {
			uint8_t ctrlr_model : 1;
			uint8_t reserved : 7;
		} ctrattr;
		uint8_t msdbd;
		struct {
			uint16_t disc_del : 1;
			uint16_t reserved : 15;
		} ofcs;
		uint8_t reserved[242];
	} nvmf_specific;
	struct xnvme_spec_power_state psd[32];
	uint8_t vs[1024];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ctrlr) == 4096, "incorrect size")

struct xnvme_spec_cs_vector {
	union {
		struct {
			uint64_t nvm : 1;
			uint64_t kv : 1;
			uint64_t zns : 1;
			uint64_t rsvd : 61;
		};
		uint64_t val;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cs_vector) == 8, "incorrect size")

struct xnvme_spec_idfy_cs {
	struct xnvme_spec_cs_vector iocsc[512];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_cs) == 4096, "incorrect size")

struct xnvme_spec_idfy {
	union {
		struct xnvme_spec_idfy_ctrlr ctrlr;
		struct xnvme_spec_idfy_ns ns;
		struct xnvme_spec_idfy_cs cs;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy) == 4096, "incorrect size")

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

struct xnvme_spec_streams_dir_gs {
	uint16_t open_sc;
	uint16_t sid[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_streams_dir_gs) == 2, "incorrect size")

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

struct xnvme_spec_feat {
	union {
		struct {
			uint32_t tmpth : 16;
			uint32_t tmpsel : 4;
			uint32_t thsel : 3;
			uint32_t rsvd : 9;
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

struct xnvme_spec_dsm_range {
	uint32_t cattr;
	uint32_t llb;
	uint64_t slba;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_dsm_range) == 16, "incorrect size")

struct xnvme_spec_sgl_descriptor {
	uint64_t addr;
	union {
		struct {
			uint64_t rsvd : 56;
			uint64_t subtype : 4;
			uint64_t type : 4;
		} generic;
		struct {
			uint64_t len : 32;
			uint64_t rsvd : 24;
			uint64_t subtype : 4;
			uint64_t type : 4;
		} unkeyed;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_sgl_descriptor) == 16, "incorrect size")

struct xnvme_spec_cmd_common {
	uint16_t opcode : 8;
	uint16_t fuse : 2;
	uint16_t rsvd : 4;
	uint16_t psdt : 2;
	uint16_t cid;
	uint32_t nsid;
	uint32_t cdw02;
	uint32_t cdw03;
	uint64_t mptr;
	union {
		struct {
			uint64_t prp1;
			uint64_t prp2;
		} prp;
		struct xnvme_spec_sgl_descriptor sgl;
		struct {
			uint64_t data;
			uint32_t metadata_len;
			uint32_t data_len;
		} lnx_ioctl;
	} dptr;
	uint32_t ndt;
	uint32_t ndm;
	uint32_t cdw12;
	uint32_t cdw13;
	uint32_t cdw14;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_common) == 64, "incorrect size")

struct xnvme_spec_cmd_sanitize {
	uint32_t cdw00_09[10];
	uint32_t sanact : 3;
	uint32_t ause : 1;
	uint32_t owpass : 4;
	uint32_t oipbp : 1;
	uint32_t nodas : 1;
	uint32_t rsvd : 22;
	uint32_t ovrpat;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_sanitize) == 64, "incorrect size")

struct xnvme_spec_cmd_format {
	uint32_t cdw00_09[10];
	uint32_t lbafl : 4;
	uint32_t mset : 1;
	uint32_t pi : 3;
	uint32_t pil : 1;
	uint32_t ses : 3;
	uint32_t lbafu : 2;
	uint32_t rsvd : 18;
	uint32_t cdw11_15[5];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_format) == 64, "incorrect size")

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

struct xnvme_spec_cmd_idfy {
	uint32_t cdw00_09[10];
	uint32_t cns : 8;
	uint32_t rsvd1 : 8;
	uint32_t cntid : 16;
	uint32_t nvmsetid : 16;
	uint32_t rsvd2 : 8;
	uint32_t csi : 8;
	uint32_t cdw12_13[2];
	uint32_t uuid : 7;
	uint32_t rsvd3 : 25;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_idfy) == 64, "incorrect size")

struct xnvme_spec_cmd_log {
	uint32_t cdw00_09[10];
	uint32_t lid : 8;
	uint32_t lsp : 7;
	uint32_t rae : 1;
	uint32_t numdl : 16;
	uint32_t numdu : 16;
	uint32_t lsi : 16;
	uint32_t lpol;
	uint32_t lpou;
	uint32_t uuidx : 7;
	uint32_t rsvd1 : 16;
	uint32_t ot : 1;
	uint32_t csi : 8;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_log) == 64, "incorrect size")

struct xnvme_spec_cmd_nvm {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd : 4;
	uint32_t dtype : 4;
	uint32_t rsvd2 : 2;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	union {
		struct {
			uint32_t af : 4;
			uint32_t al : 2;
			uint32_t sr : 1;
			uint32_t incom : 1;
			uint32_t rsvd3 : 8;
			uint32_t dspec : 16;
		};
		uint32_t val;
	} cdw13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_nvm) == 64, "incorrect size")

struct xnvme_spec_cmd_dsm {
	uint32_t cdw00_09[10];
	uint32_t nr : 8;
	uint32_t rsvd1 : 24;
	uint32_t idr : 1;
	uint32_t idw : 1;
	uint32_t ad : 1;
	uint32_t rsvd2 : 29;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_dsm) == 64, "incorrect size")

struct xnvme_spec_nvm_write_zeroes {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd1 : 8;
	uint32_t stc : 1;
	uint32_t deac : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t cdw_13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_write_zeroes) == 64, "incorrect size")

struct xnvme_spec_nvm_scopy_fmt_zero {
	uint8_t rsvd0[8];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd20 : 16;
	uint32_t eilbrt;
	uint32_t elbatm;
	uint32_t elbat;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_scopy_fmt_zero) == 32, "incorrect size")

struct xnvme_spec_nvm_scopy_source_range {
	struct xnvme_spec_nvm_scopy_fmt_zero entry[128];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_scopy_source_range) == 4096, "incorrect size")

struct xnvme_spec_nvm_cmd_scopy {
	uint32_t cdw00_09[10];
	uint64_t sdlba;
	uint32_t nr : 8;
	uint32_t df : 4;
	uint32_t prinfor : 4;
	uint32_t rsvd1 : 4;
	uint32_t dtype : 4;
	uint32_t rsvd2 : 2;
	uint32_t prinfow : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t rsvd3 : 16;
	uint32_t dspec : 16;
	uint32_t ilbrt;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd_scopy) == 64, "incorrect size")

struct xnvme_spec_nvm_cmd_scopy_fmt_srclen {
	uint64_t start;
	uint64_t len;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd_scopy_fmt_srclen) == 16, "incorrect size")

struct xnvme_spec_nvm_cmd {
	union {
		struct xnvme_spec_nvm_cmd_scopy scopy;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd) == 64, "incorrect size")

struct xnvme_spec_nvm_idfy_ctrlr {
	uint8_t vsl;
	uint8_t wzsl;
	uint8_t wusl;
	uint8_t dmrl;
	uint32_t dmrsl;
	uint64_t dmsl;
	uint8_t reserved16[4080];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy_ctrlr) == 4096, "incorrect size")

struct xnvme_spec_nvm_idfy_ns {
	uint64_t lbstm;
	union {
		struct {
			uint8_t gpists : 1;
			uint8_t gpistm : 1;
			uint8_t stcrs : 1;
			uint8_t reserved3 : 5;
		};
		uint8_t val;
	} pic;
	uint8_t reserved9[3];
	struct xnvme_spec_elbaf elbaf[64];
	uint8_t reserved268[3828];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy_ns) == 4096, "incorrect size")

struct xnvme_spec_nvm_idfy {
	union {
		struct xnvme_spec_idfy base;
		struct xnvme_spec_nvm_idfy_ctrlr ctrlr;
		struct xnvme_spec_nvm_idfy_ns ns;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy) == 4096, "incorrect size")

struct xnvme_spec_znd_cmd_mgmt_send {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nrange;
	uint32_t zsa : 8;
	uint32_t select_all : 1;
	uint32_t zsaso : 1;
	uint32_t rsvd : 22;
	uint32_t cdw14_15[2];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_mgmt_send) == 64, "incorrect size")

struct xnvme_spec_znd_cmd_mgmt_recv {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t ndwords;
	uint32_t zra : 8;
	uint32_t zrasf : 8;
	uint32_t partial : 1;
	uint32_t rsvd : 15;
	uint64_t addrs_dst;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_mgmt_recv) == 64, "incorrect size")

struct xnvme_spec_znd_cmd_append {
	uint32_t cdw00_09[10];
	uint64_t zslba;
	uint32_t nlb : 16;
	uint32_t rsvd : 4;
	uint32_t dtype : 4;
	uint32_t prinfo : 4;
	uint32_t rsvd2 : 2;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t cdw13_15[3];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_append) == 64, "incorrect size")

struct xnvme_spec_znd_cmd {
	union {
		struct xnvme_spec_znd_cmd_mgmt_send mgmt_send;
		struct xnvme_spec_znd_cmd_mgmt_recv mgmt_recv;
		struct xnvme_spec_znd_cmd_append append;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd) == 64, "incorrect size")

struct xnvme_spec_io_mgmt_recv_cmd {
	uint32_t cdw00_09[10];
	uint32_t mo : 8;
	uint32_t rsvd : 8;
	uint32_t mos : 16;
	uint32_t numd;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_recv_cmd) == 64, "incorrect size")

struct xnvme_spec_io_mgmt_send_cmd {
	uint32_t cdw00_09[10];
	uint32_t mo : 8;
	uint32_t rsvd : 8;
	uint32_t mos : 16;
	uint32_t cdw11_15[5];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_send_cmd) == 64, "incorrect size")

struct xnvme_spec_io_mgmt_cmd {
	union {
		struct xnvme_spec_io_mgmt_recv_cmd mgmt_recv;
		struct xnvme_spec_io_mgmt_send_cmd mgmt_send;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_io_mgmt_cmd) == 64, "incorrect size")

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

struct xnvme_spec_nvm_compare {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd1 : 8;
	uint32_t stc : 1;
	uint32_t rsvd2 : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t cdw_13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_compare) == 64, "incorrect size")

struct xnvme_spec_cmd {
	union {
		struct xnvme_spec_cmd_common common;
		struct xnvme_spec_cmd_sanitize sanitize;
		struct xnvme_spec_cmd_format format;
		struct xnvme_spec_cmd_log log;
		struct xnvme_spec_cmd_gfeat gfeat;
		struct xnvme_spec_cmd_sfeat sfeat;
		struct xnvme_spec_cmd_idfy idfy;
		struct xnvme_spec_cmd_dsend dsend;
		struct xnvme_spec_cmd_drecv drecv;
		struct xnvme_spec_cmd_nvm nvm;
		struct xnvme_spec_cmd_dsm dsm;
		struct xnvme_spec_nvm_cmd_scopy scopy;
		struct xnvme_spec_nvm_write_zeroes write_zeroes;
		struct xnvme_spec_znd_cmd znd;
		struct xnvme_spec_io_mgmt_cmd mgmt;
		struct xnvme_spec_kvs_cmd kvs;
		struct xnvme_spec_nvm_compare compare;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd) == 64, "incorrect size")

struct xnvme_spec_znd_idfy_ctrlr {
	uint8_t zasl;
	uint8_t rsvd8[4095];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ctrlr) == 4096, "incorrect size")

struct xnvme_spec_znd_idfy_lbafe {
	uint64_t zsze;
	uint8_t zdes;
	uint8_t rsvd[7];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_lbafe) == 16, "incorrect size")

struct xnvme_spec_znd_idfy_ns {
	union {
		struct {
			uint16_t vzcap : 1;
			uint16_t zae : 1;
			uint16_t rsvd : 14;
		} bits;
		uint16_t val;
	} zoc;
	union {
		struct {
			uint16_t razb : 1;
			uint16_t zrwasup : 1;
			uint16_t rsvd : 14;
		} bits;
		uint16_t val;
	} ozcs;
	uint32_t mar;
	uint32_t mor;
	uint32_t rrl;
	uint32_t frl;
	uint8_t rsvd12[24];
	uint32_t numzrwa;
	uint16_t zrwafg;
	uint16_t zrwas;
	union {
		struct {
			uint8_t expflushsup : 1;
			uint8_t rsvd0 : 7;
		} bits;
		uint8_t val;
	} zrwacap;
	uint8_t rsvd53[2763];
	struct xnvme_spec_znd_idfy_lbafe lbafe[16];
	uint8_t rsvd3072[768];
	uint8_t vs[256];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ns) == 4096, "incorrect size")

struct xnvme_spec_znd_idfy {
	union {
		struct xnvme_spec_idfy base;
		struct xnvme_spec_znd_idfy_ctrlr zctrlr;
		struct xnvme_spec_znd_idfy_ns zns;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy) == 4096, "incorrect size")

struct xnvme_spec_znd_log_changes {
	uint16_t nidents;
	uint8_t rsvd2[6];
	uint64_t idents[511];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_log_changes) == 4096, "incorrect size")

struct xnvme_spec_znd_descr {
	uint8_t zt : 4;
	uint8_t rsvd0 : 4;
	uint8_t rsvd1 : 4;
	uint8_t zs : 4;
	union {
		struct {
			uint8_t zfc : 1;
			uint8_t zfr : 1;
			uint8_t rzr : 1;
			uint8_t zrwav : 1;
			uint8_t rsvd3 : 3;
			uint8_t zdev : 1;
		};
		uint8_t val;
	} za;
	uint8_t rsvd7[5];
	uint64_t zcap;
	uint64_t zslba;
	uint64_t wp;
	uint8_t rsvd63[32];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_descr) == 64, "incorrect size")

struct xnvme_spec_znd_report_hdr {
	uint64_t nzones;
	uint8_t rsvd[56];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_report_hdr) == 64, "incorrect size")

struct xnvme_spec_kvs_idfy_ns_format {
	uint16_t kml;
	uint8_t rsvd2;
	uint8_t fopt;
	uint32_t vml;
	uint32_t mnk;
	uint8_t rsvd12[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_kvs_idfy_ns_format) == 16, "incorrect size")

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

#endif /* LIBXNVME_SPEC_H */
