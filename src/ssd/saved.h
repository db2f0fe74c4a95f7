/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state that survives power, as stored on the media. A change of its layout is a new version of
 * the media, see SAVED_VERSION.
 */
#ifndef SSD_SAVED_H
#define SSD_SAVED_H

#include <ssd/config.h>
#include <ssd/ctrl/state.h>
#include <ssd/fdp/state.h>
#include <ssd/limits.h>
#include <ssd/media/state.h>

/* A namespace as stored on the media. All zero: no namespace. */
struct saved_ns {
	uint8_t exists;
	uint8_t attached;
	uint8_t kind;	/* enum ssd_ns_kind */
	uint8_t format; /* index of the LBA format */
	uint8_t extended;
	uint8_t pi_type;
	uint8_t pi_first;
	uint8_t protect; /* Namespace Write Protection Config state */
	uint8_t slot;	 /* the struct ssd_ns_config with the parameters of its kind */
	uint8_t nhandles;
	uint8_t handles_of_host; /* `handles` was listed by the host or the configuration */
	uint8_t rsvd[5];
	uint64_t base;	 /* byte offset of its data; a multiple of 1 MiB */
	uint64_t nbytes; /* capacity that it occupies */
	uint64_t nlba;
	uint64_t bad_lba;		/* blocks marked unreadable */
	uint64_t keys, sectors, cursor; /* key-value: in use; start of the next search */
	uint8_t eui64[8];
	uint8_t nguid[16];
	uint8_t uuid[16];
	uint16_t handles[SSD_FDP_HANDLES_MAX];
};

/* The state that survives power, besides data and metadata. All zero: a new drive. */
struct saved {
	uint64_t magic;
	uint64_t version;
	uint64_t fingerprint; /* of the configuration that determines the layout */
	struct saved_ns ns[SSD_NS_MAX];
	/* saved values of features; bit i of has_saved: row i has one */
	uint32_t feature[FEATURE_ROWS];
	uint32_t has_saved;
	uint32_t ns_feature[SSD_NS_MAX][FEATURE_ROWS];
	uint32_t ns_has_saved[SSD_NS_MAX];
	/* SMART */
	uint64_t read_nbytes, write_nbytes;
	uint64_t read_cmds, write_cmds;
	uint64_t busy_ns, powered_ns;
	uint64_t power_cycles, unsafe_shutdowns;
	uint64_t media_errors, errors;
	uint8_t clean; /* no data are dirty: set by shutdown, cleared by init */
	/* sanitize: SSTAT bits 0..2 and the parameters of the command */
	uint16_t sanitize_status;
	uint16_t sanitize_passes;
	uint32_t sanitize_cdw10;
	uint8_t sanitize_nodas;	   /* the current one must not deallocate */
	uint64_t other_write_cmds; /* commands that change blocks and that SMART does not count */
	uint64_t erased_at;	   /* write_cmds + other_write_cmds at the last full erase */
	uint16_t lba_status_generation; /* LSGC */
	uint8_t self_tests;	 /* number of results, newest first */
	uint8_t self_test_code;	 /* of the running test; 0: none */
	uint32_t self_test_nsid;
	struct xnvme_spec_selftest_result self_test[SELF_TEST_RESULTS];
	struct saved_fdp fdp;
	uint64_t flash[FLASH_COUNTS]; /* struct flash_counts; zero in media of older versions */
	/* progress of the running operations; zero in media of older versions: they start over */
	uint64_t sanitize_done_ns, self_test_done_ns;
	/* the entry of `ns` that a command is changing, before the change; its index + 1, or 0 */
	struct saved_ns ns_before;
	uint32_t ns_changing;
	/* how the drive was prepared when new: PRECONDITION_*, then the number of overwrites */
	uint32_t precondition, overwrites;
	uint64_t prepared_nbytes;
};

#endif /* SSD_SAVED_H */
