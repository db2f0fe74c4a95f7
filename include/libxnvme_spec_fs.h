/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file-system pseudo command set: file I/O as NVMe commands
 *
 * Defined by upstream xNVMe, not by a standard; it uses vendor specific opcodes of the I/O command
 * sets. Offsets and sizes are in bytes instead of blocks.
 */
#ifndef LIBXNVME_SPEC_FS_H
#define LIBXNVME_SPEC_FS_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Command set identifier of this pseudo command set */
#define XNVME_SPEC_CSI_FS 0x1F

/* Opcodes: cmd.nvm.slba is the offset in bytes; the size is that of the payload */
enum xnvme_spec_fs_opcs {
	XNVME_SPEC_FS_OPC_FLUSH = 0xad,
	XNVME_SPEC_FS_OPC_WRITE = 0xac,
	XNVME_SPEC_FS_OPC_READ = 0xdc,
};

/* Identify Controller of this command set; the signature is ACh in `ac` and DCh in `dc` */
struct xnvme_spec_fs_idfy_ctrlr {
	uint8_t byte0_519[520];
	struct {
		uint64_t direct : 1;
		uint64_t rsvd : 63;
	} caps;
	struct {
		uint64_t file_data_size;
		uint64_t file_name_len;
		uint64_t path_name_len;
		uint64_t number_of_files;
	} limits;
	struct {
		uint64_t permissions_posix : 1;
		uint64_t permissions_acl : 1;
		uint64_t stamp_creation : 1;
		uint64_t stamp_access : 1;
		uint64_t stamp_change : 1;
		uint64_t stamp_archive : 1;
		uint64_t hardlinks : 1;
		uint64_t symlinks : 1;
		uint64_t case_sensitive : 1;
		uint64_t case_preserving : 1;
		uint64_t journaling_block : 1;
		uint64_t journaling_meta : 1;
		uint64_t snapshotting : 1;
		uint64_t compressed : 1;
		uint64_t encrypted : 1;
		uint64_t rsvd : 48;
	} properties;
	struct {
		uint32_t min;
		uint32_t max;
		uint32_t opt;
	} iosizes;
	uint8_t rsvd[3509];
	uint8_t ac;
	uint8_t dc;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fs_idfy_ctrlr) == 4096, "incorrect size")

/* Identify Namespace of this command set: sizes in bytes */
struct xnvme_spec_fs_idfy_ns {
	uint64_t nsze;
	uint64_t ncap;
	uint64_t nuse;
	uint8_t rsvd[3816];
	uint8_t vendor_specific[254];
	uint8_t ac;
	uint8_t dc;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fs_idfy_ns) == 4096, "incorrect size")

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SPEC_FS_H */
