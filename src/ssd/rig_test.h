/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the engine's tests: an SSD in ordinary memory, a host's buffer, and commands in one
 * line each. The rig has its own clock, moved to the completion of each command.
 */
#ifndef SSD_RIG_TEST_H
#define SSD_RIG_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ssd/config.h>
#include <ssd/fault.h>
#include <ssd/ssd.h>
#include <nvme/status.h>

#define RIG_BUF_NBYTES (1u << 20)
#define RIG_META_NBYTES (64u << 10)

struct rig {
	struct ssd *ssd;
	struct ssd_config config;
	void *memory, *media;
	uint64_t seed;
	ns_t now;
	uint8_t buf[RIG_BUF_NBYTES];
	uint8_t meta[RIG_META_NBYTES];
	struct ssd_dma dma;
	struct ssd_work work; /* of the last command */
	uint16_t cid;
	uint16_t owner; /* of the queues; 0: this process */
};

/* A rig with the default configuration, changed by `change` unless NULL */
struct rig *rig_new(void (*change)(struct ssd_config *config));
/* For `change`: four dies with pages of 16 KiB, `line_pages` per line, behind a buffer */
void rig_small_nand(struct ssd_config *config, uint32_t line_pages, uint32_t buffer_nbytes,
		    uint32_t write_unit_nbytes);

/* End the process and start another one: media stay, memory is new. */
void rig_reopen(struct rig *rig);
void rig_free(struct rig *rig);

/* Submit a command to a queue; returns the status without More */
uint16_t rig_begin(struct rig *rig, uint16_t sqid, struct xnvme_spec_cmd *cmd);
#define rig_admin(rig, cmd) rig_begin(rig, 0, cmd)
#define rig_io(rig, cmd) rig_begin(rig, 1, cmd)

/* A command on blocks, with data in rig->buf and metadata in rig->meta */
uint16_t rig_blocks(struct rig *rig, uint8_t opcode, uint32_t nsid, uint64_t lba, uint32_t nlb,
		    uint32_t cdw12_flags);
uint16_t rig_write(struct rig *rig, uint64_t lba, uint32_t nlb, uint8_t byte);
uint16_t rig_read(struct rig *rig, uint64_t lba, uint32_t nlb);

uint16_t rig_identify(struct rig *rig, uint8_t cns, uint32_t nsid, uint8_t csi);
/* With the additional selectors of some CNS values */
uint16_t rig_identify_by(struct rig *rig, uint8_t cns, uint32_t nsid, uint8_t csi, uint16_t cntid,
			 uint16_t specific);
uint16_t rig_log(struct rig *rig, uint8_t lid, uint32_t nbytes);
uint16_t rig_set_feature(struct rig *rig, uint32_t nsid, uint8_t fid, uint32_t value, bool save);
uint16_t rig_get_feature(struct rig *rig, uint32_t nsid, uint8_t fid, uint8_t select);

#define assert_status(got, want) assert_int_equal((got)&0x7FF, (want))
#define assert_ok(got) assert_int_equal((got), STATUS(SUCCESS))

/* Every one of `count` bytes is `byte` */
void assert_bytes(const void *at, uint8_t byte, size_t count);

#endif /* SSD_RIG_TEST_H */
