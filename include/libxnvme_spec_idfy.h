/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identify data structures; NVMe Base 2.0, Identify
 */
#ifndef LIBXNVME_SPEC_IDFY_H
#define LIBXNVME_SPEC_IDFY_H

#include <libxnvme_spec_reg.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_SPEC_IDFY_CS_IOCSC_LEN 512

/* Controller or Namespace Structure; NVMe Base 2.0, Identify */
enum xnvme_spec_idfy_cns {
	XNVME_SPEC_IDFY_NS = 0x0,
	XNVME_SPEC_IDFY_CTRLR = 0x1,
	XNVME_SPEC_IDFY_NSLIST = 0x2,
	XNVME_SPEC_IDFY_NSDSCR = 0x3,
	XNVME_SPEC_IDFY_SETL = 0x4,
	XNVME_SPEC_IDFY_NS_IOCS = 0x5,
	XNVME_SPEC_IDFY_CTRLR_IOCS = 0x6,
	XNVME_SPEC_IDFY_NSLIST_IOCS = 0x7,
	XNVME_SPEC_IDFY_NS_CSINDEP = 0x8,
	XNVME_SPEC_IDFY_NS_FORMAT = 0x9,
	XNVME_SPEC_IDFY_NS_FORMAT_IOCS = 0xa,
	XNVME_SPEC_IDFY_NSLIST_ALLOC = 0x10,
	XNVME_SPEC_IDFY_NS_ALLOC = 0x11,
	XNVME_SPEC_IDFY_CTRLR_NS = 0x12,
	XNVME_SPEC_IDFY_CTRLR_SUB = 0x13,
	XNVME_SPEC_IDFY_CTRLR_PRI = 0x14,
	XNVME_SPEC_IDFY_CTRLR_SEC = 0x15,
	XNVME_SPEC_IDFY_NSGRAN = 0x16,
	XNVME_SPEC_IDFY_UUIDL = 0x17,
	XNVME_SPEC_IDFY_DOMAINL = 0x18,
	XNVME_SPEC_IDFY_ENDGL = 0x19,
	XNVME_SPEC_IDFY_NSLIST_ALLOC_IOCS = 0x1a,
	XNVME_SPEC_IDFY_NS_ALLOC_IOCS = 0x1b,
	XNVME_SPEC_IDFY_IOCS = 0x1c,
};

/* LBA Format; NVM Command Set 1.0, Identify */
struct xnvme_spec_lbaf {
	uint16_t ms;
	uint8_t ds;
	uint8_t rp : 2;
	uint8_t rsvd : 6;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_lbaf) == 4, "incorrect size")

/* Identify Namespace (CNS 00h); NVM Command Set 1.0, Identify */
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

/* I/O Command Set Independent Identify Namespace (CNS 08h); NVMe Base 2.0, Identify */
struct xnvme_spec_idfy_ns_csindep {
	uint8_t nsfeat; /* 0 */
	uint8_t nmic; /* 1 */
	uint8_t rescap; /* 2 */
	uint8_t fpi; /* 3 */
	uint32_t anagrpid; /* 4 */
	uint8_t nsattr; /* 8 */
	uint8_t rsvd9; /* 9 */
	uint16_t nvmsetid; /* 10 */
	uint16_t endgid; /* 12 */
	uint8_t nstat; /* 14: bit 0, ready */
	uint8_t rsvd15[4081]; /* 15 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ns_csindep) == 4096, "incorrect size")

/* Namespace Identifier Type; NVMe Base 2.0, Identify */
enum xnvme_spec_idfy_nidt {
	XNVME_SPEC_IDFY_NIDT_EUI64 = 0x1,
	XNVME_SPEC_IDFY_NIDT_NGUID = 0x2,
	XNVME_SPEC_IDFY_NIDT_UUID = 0x3,
	XNVME_SPEC_IDFY_NIDT_CSI = 0x4,
};

/* Namespace Identification Descriptor (CNS 03h: a list, type 0 ends it); NVMe Base 2.0, Identify */
struct xnvme_spec_idfy_nsdscr {
	uint8_t nidt; /* 0 */
	uint8_t nidl; /* 1: bytes of nid: 8, 16, 16 or 1 */
	uint8_t rsvd2[2]; /* 2 */
	uint8_t nid[]; /* 4 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_nsdscr) == 4, "incorrect size")

/*
 * Namespace List (CNS 02h, 07h, 10h, 1Ah), ascending, unused entries 0; NVMe Base 2.0, Namespace
 * List
 */
struct xnvme_spec_idfy_nslist {
	uint32_t nsid[1024]; /* 0 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_nslist) == 4096, "incorrect size")

/*
 * Controller List (CNS 12h, 13h; data of Namespace Attachment), ascending; NVMe Base 2.0,
 * Controller List
 */
struct xnvme_spec_idfy_ctrlrlist {
	uint16_t num; /* 0 */
	uint16_t cntlid[2047]; /* 2 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ctrlrlist) == 4096, "incorrect size")

/* NVM Set Attributes Entry; NVMe Base 2.0, Identify */
struct xnvme_spec_idfy_nvmset {
	uint16_t nvmsetid; /* 0 */
	uint16_t endgid; /* 2 */
	uint8_t rsvd4[4]; /* 4 */
	uint32_t rr4kt; /* 8: typical time of a random 4 KiB read, in 100 ns */
	uint32_t ows; /* 12: optimal write size, bytes */
	uint64_t tnvmsetcap[2]; /* 16 */
	uint64_t unvmsetcap[2]; /* 32 */
	uint8_t rsvd48[80]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_nvmset) == 128, "incorrect size")

/* NVM Set List (CNS 04h); NVMe Base 2.0, Identify */
struct xnvme_spec_idfy_nvmsetlist {
	uint8_t num; /* 0 */
	uint8_t rsvd1[127]; /* 1 */
	struct xnvme_spec_idfy_nvmset entry[31]; /* 128 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_nvmsetlist) == 4096, "incorrect size")

/* Endurance Group List (CNS 19h); NVMe Base 2.0 */
struct xnvme_spec_idfy_endglist {
	uint16_t num; /* 0 */
	uint16_t endgid[2047]; /* 2 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_endglist) == 4096, "incorrect size")

/* UUID List (CNS 17h): entry 0 is reserved; NVMe Base 2.0, UUID List */
struct xnvme_spec_idfy_uuidlist {
	struct {
		uint8_t header; /* bits 1:0, association */
		uint8_t rsvd1[15];
		uint8_t uuid[16];
	} entry[128]; /* 0 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_uuidlist) == 4096, "incorrect size")

/* Namespace Granularity List (CNS 16h); NVM Command Set 1.0, Identify */
struct xnvme_spec_idfy_nsgran {
	uint32_t attr; /* 0 */
	uint8_t num; /* 4: 0's based */
	uint8_t rsvd5[27]; /* 5 */
	struct {
		uint64_t nszegran;
		uint64_t ncapgran;
	} entry[16]; /* 32 */
	uint8_t rsvd288[3808]; /* 288 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_nsgran) == 4096, "incorrect size")

/* Power State Descriptor; NVMe Base 2.0, Identify */
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

/* Identify Controller (CNS 01h); NVMe Base 2.0, Identify. The standard calls `cdfs` OCFS. */
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
			uint16_t format2 : 1;
			uint16_t format3 : 1;
			uint16_t reserved : 12;
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

/* I/O Command Set Vector; NVMe Base 2.0, Identify */
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

/* Identify I/O Command Set (CNS 1Ch); NVMe Base 2.0, Identify */
struct xnvme_spec_idfy_cs {
	struct xnvme_spec_cs_vector iocsc[512];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_cs) == 4096, "incorrect size")

/* Data returned by Identify, by CNS; NVMe Base 2.0, Identify */
struct xnvme_spec_idfy {
	union {
		struct xnvme_spec_idfy_ctrlr ctrlr;
		struct xnvme_spec_idfy_ns ns;
		struct xnvme_spec_idfy_cs cs;
		struct xnvme_spec_idfy_ns_csindep ns_csindep;
		struct xnvme_spec_idfy_nslist nslist;
		struct xnvme_spec_idfy_ctrlrlist ctrlrlist;
		struct xnvme_spec_idfy_nvmsetlist nvmsetlist;
		struct xnvme_spec_idfy_endglist endglist;
		struct xnvme_spec_idfy_uuidlist uuidlist;
		struct xnvme_spec_idfy_nsgran nsgran;
		uint8_t nsdscr[4096]; /* consecutive struct xnvme_spec_idfy_nsdscr */
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_idfy) == 4096, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_IDFY_H */
