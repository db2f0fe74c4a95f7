/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of settings: one row per key of a description, and the short names for a URI.
 */
#include <ssd/model/settings.h>

/* clang-format off */
#define FIELD(type, field) sizeof(((type *)0)->field)
#define ROW(table, key, kind, type, field, choices, help, ...) \
	{table, key, kind, (uint32_t)offsetof(type, field), FIELD(type, field), 1, choices, help, \
	 .of = __VA_ARGS__}
#define LIST(table, key, type, field, help, ...) \
	{table, key, SETTING_LIST, (uint32_t)offsetof(type, field), FIELD(type, field[0]), \
	 FIELD(type, field) / FIELD(type, field[0]), NULL, help, .of = __VA_ARGS__}

/* Timing models that use a row of [nand]: P parallel, PZ parallel with zones, N nvmevirt1, NZ
 * nvmevirt1 with zones */
#define P SETTING_OF_PARALLEL
#define PZ SETTING_OF_PARALLEL_ZONES
#define N SETTING_OF_NVMEVIRT1
#define NZ SETTING_OF_NVMEVIRT1_ZONES
#define ALL_NAND (P | PZ | N | NZ)

/* Kinds of namespaces that use a row of [[namespace]] */
#define NVM SETTING_OF_NVM
#define ZNS SETTING_OF_ZNS
#define KV SETTING_OF_KV
#define BLOCKS (NVM | ZNS)
#define ALL_KINDS (NVM | ZNS | KV)

#define DRIVE(kind, key, help, ...) \
	ROW("drive", #key, kind, struct ssd_config, key, NULL, help, __VA_ARGS__)
#define DRIVE_CHOICE(key, choices, help, ...) \
	ROW("drive", #key, SETTING_CHOICE, struct ssd_config, key, choices, help, __VA_ARGS__)
#define FDP(kind, key, help, ...) \
	ROW("fdp", #key, kind, struct ssd_config, fdp.key, NULL, help, __VA_ARGS__)
#define SIMPLE(key, help) \
	ROW("simple", #key, SETTING_NUMBER, struct ssd_config, model.simple.key, NULL, help, \
	    SETTING_OF_SIMPLE | SETTING_OF_NVMEVIRT1_SIMPLE)
#define NAND(kind, key, help, ...) \
	ROW("nand", #key, kind, struct ssd_config, model.nand.key, NULL, help, __VA_ARGS__)
#define NS(kind, key, field, help, ...) \
	ROW(SETTING_NAMESPACE, key, kind, struct ssd_ns_config, field, NULL, help, __VA_ARGS__)

const struct setting settings[] = {
	DRIVE(SETTING_TEXT, serial, "serial number; empty: made from the identity", 0),
	DRIVE(SETTING_TEXT, identity,
	      "what serial, cntlid, nguid, eui64 and uuid are made from; empty: name=, media= or "
	      "the socket, else a counter", 0),
	DRIVE(SETTING_TEXT, model_number, "model number", 0),
	DRIVE(SETTING_TEXT, firmware, "firmware revision", 0),
	DRIVE(SETTING_TEXT, subnqn, "NVMe qualified name of the subsystem", 0),
	DRIVE(SETTING_NUMBER, vid, "PCI vendor", 0),
	DRIVE(SETTING_NUMBER, ssvid, "PCI subsystem vendor", 0),
	DRIVE(SETTING_HEX, ieee_oui, "IEEE organisation, lowest byte first as in Identify", 0),
	DRIVE(SETTING_NUMBER, cntlid, "controller ID; 0: made from the identity", 0),
	DRIVE(SETTING_NUMBER, mdts, "most data of one command: 2^n pages of 4 KiB; 0: no limit", 0),
	DRIVE(SETTING_NUMBER, io_queues, "pairs of I/O queues; 0: 64", 0),
	DRIVE(SETTING_NUMBER, queue_entries, "entries of the longest queue; 0: 4096", 0),
	DRIVE(SETTING_NUMBER, doorbell_stride,
	      "bytes from one doorbell of a PCI function to the next; 0: 4", 0),
	DRIVE(SETTING_NUMBER, aer_limit, "event requests held at once; 0: 4", 0),
	DRIVE(SETTING_NUMBER, atomic_lba, "blocks that a write keeps together; 0: 128", 0),
	DRIVE(SETTING_NUMBER, atomic_power_lba, "the same across a power failure; 0: 1", 0),
	DRIVE(SETTING_NUMBER, ns_max, "namespaces that may ever exist; 0: 32", 0),
	DRIVE(SETTING_BYTES, nvm_nbytes, "capacity; 0: the sum of the namespaces", 0),
	DRIVE(SETTING_YESNO, metadata, "the host may format with metadata",
	     0, .unless = "media=none"),
	DRIVE(SETTING_BYTES, cache_nbytes, "volatile write cache; 0: none", 0),
	DRIVE_CHOICE(power_loss, "all random torn", "what a power cut takes back", 0),
	DRIVE_CHOICE(pattern, "zero lba", "what a drive without media returns",
	     0, .needs = "media=none"),
	DRIVE(SETTING_NUMBER, temperature_k, "composite temperature in kelvin; 0: 313", 0),
	DRIVE(SETTING_TEXT, precondition,
	      "a new drive is as if written before: none, fill (in order), random[:N] (and then N "
	      "times its size at random; 2)", 0),

	FDP(SETTING_YESNO, enabled, "flexible data placement", 0),
	FDP(SETTING_NUMBER, groups, "reclaim groups; 0: 1", 0, .needs = "fdp.enabled"),
	FDP(SETTING_NUMBER, handles, "reclaim unit handles; 0: 8", 0, .needs = "fdp.enabled"),
	FDP(SETTING_BYTES, unit_nbytes, "reclaim unit; 0: 64 MiB", 0, .needs = "fdp.enabled"),
	FDP(SETTING_NUMBER, unit_seconds, "a unit stays open for so long at most; 0: no limit",
	     0, .needs = "fdp.enabled"),
	FDP(SETTING_YESNO, persistently_isolated, "handles keep their data apart for ever",
	     0, .needs = "fdp.enabled"),

	ROW("model", "name", SETTING_TEXT, struct ssd_config, model.name, NULL,
	    "timing model: null, simple, parallel, nvmevirt1; empty: null", 0),

	SIMPLE(read_delay_ns, "of a read, once"),
	SIMPLE(read_time_ns, "of a read, for each unit"),
	SIMPLE(read_trailing_ns, "of a read: the unit stays busy"),
	SIMPLE(write_delay_ns, "of a write, once"),
	SIMPLE(write_time_ns, "of a write, for each unit"),
	SIMPLE(write_trailing_ns, "of a write: the unit stays busy"),
	SIMPLE(units, "that work side by side; 0: 8"),
	SIMPLE(unit_shift, "a unit covers 2^n bytes; 0: 12"),

	NAND(SETTING_NUMBER, channels, "channels", ALL_NAND),
	NAND(SETTING_NUMBER, dies_per_channel, "dies on each channel", ALL_NAND),
	NAND(SETTING_NUMBER, planes_per_die, "planes of a die", ALL_NAND),
	NAND(SETTING_NUMBER, cell_bits, "1 SLC, 2 MLC, 3 TLC, 4 QLC", ALL_NAND),
	NAND(SETTING_BYTES, flash_page_nbytes, "what one read senses", ALL_NAND),
	NAND(SETTING_BYTES, oneshot_page_nbytes, "what one program writes", ALL_NAND),
	NAND(SETTING_NUMBER, blocks_per_plane, "erase blocks; 0: from the capacity",
	     P, .unless = "nand.line_pages"),
	NAND(SETTING_BYTES, block_nbytes, "an erase block; 0: from the capacity", P,
	     .unless = "nand.line_pages nand.raw_nbytes+nand.blocks_per_plane"),
	NAND(SETTING_BYTES, erase_nbytes,
	     "what erase_ns erases of a plane: other blocks take in proportion; 0: any block",
	     P, .needs = "nand.erase_ns"),
	NAND(SETTING_BYTES, raw_nbytes, "NAND; 0: capacity and over-provisioning", P | N),
	NAND(SETTING_NUMBER, overprovisioning_ppm, "of the user capacity; 70000 is 7 %", P | N,
	     .unless = "nand.raw_nbytes nand.blocks_per_plane+nand.block_nbytes"),
	NAND(SETTING_NUMBER, partitions, "independent FTLs (nvmevirt1); 0: 1", P | N),
	LIST("nand", "read_4k_ns", struct ssd_config, model.nand.read_4k_ns,
	     "sensing 4 KiB, for each page type (LSB, MSB, CSB, top)", ALL_NAND),
	LIST("nand", "read_ns", struct ssd_config, model.nand.read_ns,
	     "sensing more than 4 KiB, for each page type", ALL_NAND),
	NAND(SETTING_NUMBER, program_ns, "programming a one-shot page", ALL_NAND),
	NAND(SETTING_NUMBER, erase_ns, "erasing a block", P | PZ | N),
	NAND(SETTING_NUMBER, channel_mib_s, "bandwidth of a channel, MiB/s", ALL_NAND),
	NAND(SETTING_BYTES, channel_transfer_nbytes, "most bytes in one go on a channel", ALL_NAND),
	NAND(SETTING_NUMBER, link_mib_s, "bandwidth of the host link, MiB/s", ALL_NAND),
	NAND(SETTING_NUMBER, fw_read_4k_ns, "firmware, for a read of at most 4 KiB", ALL_NAND),
	NAND(SETTING_NUMBER, fw_read_ns, "firmware, for a larger read", ALL_NAND),
	NAND(SETTING_NUMBER, fw_write_ns, "firmware, once for each write", ALL_NAND),
	NAND(SETTING_NUMBER, fw_write_4k_ns, "firmware, for each 4 KiB written", ALL_NAND),
	NAND(SETTING_NUMBER, fw_channel_4k_ns, "firmware, for each 4 KiB on a channel", ALL_NAND),
	NAND(SETTING_BYTES, buffer_nbytes, "write buffer",
	     ALL_NAND, .unless = "nand.zone_buffer_nbytes"),
	NAND(SETTING_BYTES, zone_buffer_nbytes, "write buffer of each zone; 0: the global one",
	     PZ | NZ),
	NAND(SETTING_BYTES, write_unit_nbytes, "granularity of writes; 0: 512", NZ),
	NAND(SETTING_YESNO, early_completion, "a write is done when it is in the buffer", ALL_NAND),
	NAND(SETTING_BYTES, zone_nbytes, "a zone, as NAND sees it; 0: not zoned",
	     ALL_NAND, .needs = "namespace.kind=zns"),
	NAND(SETTING_NUMBER, dies_per_zone, "dies that a zone spans", PZ | NZ),
	NAND(SETTING_NUMBER, line_pages, "4 KiB pages of a superblock line; 0: model's choice", P),
	NAND(SETTING_NUMBER, gc_free_lines, "collect when so few are free; 0: model's choice", P),
	NAND(SETTING_TEXT, gc_policy, "greedy, cost-benefit, d-choices, oldest; empty: greedy", P),
	NAND(SETTING_NUMBER, gc_choices, "lines that d-choices looks at; 0: 8",
	     P, .needs = "nand.gc_policy=d-choices"),
	NAND(SETTING_NUMBER, gc_background_lines, "collect while idle when so few are free", P),
	NAND(SETTING_NUMBER, gc_idle_ns, "idle is so long without a command; 0: 1 ms",
	     P, .needs = "nand.gc_background_lines"),
	NAND(SETTING_NUMBER, wear_gap, "level wear beyond this difference; 0: never", P),
	NAND(SETTING_YESNO, gc_separate_hot_cold, "often written pages get their own lines", P),

	ROW(SETTING_NAMESPACE, "kind", SETTING_CHOICE, struct ssd_ns_config, kind, "nvm zns kv",
	    "command set", ALL_KINDS),
	NS(SETTING_BYTES, "nbytes", nbytes, "user data, without metadata", 0),
	NS(SETTING_NUMBER, "lba_nbytes", lba_nbytes, "a block: 512 or 4096; 0: 512", BLOCKS),
	NS(SETTING_NUMBER, "meta_nbytes", meta_nbytes, "metadata of a block: 0, 8, 16, 64", BLOCKS),
	NS(SETTING_YESNO, "meta_extended", meta_extended, "metadata interleaved with the data",
	     BLOCKS, .needs = "namespace.meta_nbytes"),
	NS(SETTING_NUMBER, "pi_type", pi_type, "protection information: 0 (none), 1, 2, 3", BLOCKS),
	NS(SETTING_YESNO, "pi_first", pi_first, "it is in the first bytes of the metadata",
	     BLOCKS, .needs = "namespace.pi_type"),
	NS(SETTING_NUMBER, "pi_guard_bits", pi_guard_bits, "16, 32, 64; 0: 16",
	     BLOCKS, .needs = "namespace.meta_nbytes"),
	NS(SETTING_YESNO, "detached", detached, "allocated, but not attached", ALL_KINDS),
	NS(SETTING_NUMBER, "atomic_power_lba", atomic_power_lba,
	   "blocks that a power failure keeps together; 0: the drive's", BLOCKS),
	NS(SETTING_NUMBER, "atomic_boundary_lba", atomic_boundary_lba,
	   "but not across such borders; 0: none", BLOCKS),
	NS(SETTING_NUMBER, "atomic_offset_lba", atomic_offset_lba, "the first border", BLOCKS),
	NS(SETTING_HEX, "eui64", eui64, "all zero: made from the identity", ALL_KINDS),
	NS(SETTING_HEX, "nguid", nguid, "all zero: made from the identity", ALL_KINDS),
	NS(SETTING_HEX, "uuid", uuid, "all zero: made from the identity", ALL_KINDS),
	NS(SETTING_BYTES, "zone_nbytes", zns.zone_nbytes, "a zone; 0: 64 MiB", ZNS),
	NS(SETTING_BYTES, "zone_cap_nbytes", zns.zone_cap_nbytes, "its writable part; 0: all", ZNS),
	NS(SETTING_NUMBER, "max_open", zns.max_open, "open zones; 0: no limit", ZNS),
	NS(SETTING_NUMBER, "max_active", zns.max_active, "active zones; 0: no limit", ZNS),
	NS(SETTING_NUMBER, "zrwa_count", zns.zrwa_count, "zones with a random write area", ZNS),
	NS(SETTING_BYTES, "zrwa_nbytes", zns.zrwa_nbytes, "such an area",
	     ZNS, .needs = "namespace.zrwa_count"),
	NS(SETTING_BYTES, "zrwa_flush_nbytes", zns.zrwa_flush_nbytes, "its flush; 0: a block",
	     ZNS, .needs = "namespace.zrwa_count"),
	NS(SETTING_NUMBER, "append_limit", zns.append_limit, "ZASL: 2^n pages; 0: as mdts", ZNS),
	NS(SETTING_YESNO, "read_across", zns.read_across, "reads may cross zones", ZNS),
	NS(SETTING_NUMBER, "descriptor_nbytes", zns.descriptor_nbytes, "zone descriptor extension",
	     ZNS),
	NS(SETTING_NUMBER, "key_max", kv.key_max, "bytes of the longest key; 0: 16", KV),
	NS(SETTING_BYTES, "value_max", kv.value_max, "the longest value; 0: 2 MiB", KV),
	NS(SETTING_NUMBER, "keys_max", kv.keys_max, "keys; 0: one for each 4 KiB", KV),
	NS(SETTING_NUMBER, "fdp_nhandles", fdp_nhandles, "placement handles; 0: one, handle 0",
	     NVM, .needs = "fdp.enabled"),
	LIST(SETTING_NAMESPACE, "fdp_handles", struct ssd_ns_config, fdp_handles,
	     "their reclaim unit handles; none: 0, 1, 2 ...", NVM, .needs = "fdp.enabled"),
};
/* clang-format on */

const uint32_t settings_count = sizeof(settings) / sizeof(settings[0]);

const struct setting_alias setting_aliases[] = {
	{"size", "namespace.nbytes"},
	{"lba", "namespace.lba_nbytes"},
	{"kind", "namespace.kind"},
	{"ms", "namespace.meta_nbytes"},
	{"extended", "namespace.meta_extended"},
	{"pi", "namespace.pi_type"},
	{"pi_first", "namespace.pi_first"},
	{"guard", "namespace.pi_guard_bits"},
	{"zone", "namespace.zone_nbytes"},
	{"zone_cap", "namespace.zone_cap_nbytes"},
	{"max_open", "namespace.max_open"},
	{"max_active", "namespace.max_active"},
	{"model", "model.name"},
	{"mdts", "drive.mdts"},
	{"cache", "drive.cache_nbytes"},
	{"power_loss", "drive.power_loss"},
	{"pattern", "drive.pattern"},
	{"doorbell_stride", "drive.doorbell_stride"},
	{"precondition", "drive.precondition"},
	{"serial", "drive.serial"},
	{"identity", "drive.identity"},
	{"fdp", "fdp.enabled"},
	{"ruhs", "fdp.handles"},
	{"ru", "fdp.unit_nbytes"},
	{"handles", "namespace.fdp_nhandles"},
};

const uint32_t setting_aliases_count = sizeof(setting_aliases) / sizeof(setting_aliases[0]);
