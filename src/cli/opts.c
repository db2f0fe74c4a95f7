/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of options: one row per option. The folder is explained in cli.h.
 */
#include <string.h>

#include <cli/cli.h>

/* clang-format off */
#define ARGS_WIDTH(member) (uint8_t)sizeof(((struct xnvme_cli_args *)0)->member)

#define OPT(opt_, vtype_, name_, member_, group_, choices_, descr_) \
	[XNVME_CLI_OPT_##opt_] = { \
		{XNVME_CLI_OPT_##opt_, XNVME_CLI_OPT_VTYPE_##vtype_, name_, descr_, 0}, choices_, \
		offsetof(struct xnvme_cli_args, member_), ARGS_WIDTH(member_), \
		CLI_GROUP_##group_, false}

/* A number of bytes, with an optional unit */
#define SIZE(opt_, name_, member_, group_, descr_) \
	[XNVME_CLI_OPT_##opt_] = { \
		{XNVME_CLI_OPT_##opt_, XNVME_CLI_OPT_VTYPE_NUM, name_, descr_, 0}, NULL, \
		offsetof(struct xnvme_cli_args, member_), ARGS_WIDTH(member_), \
		CLI_GROUP_##group_, true}

#define EXT(opt_, vtype_, name_, group_, choices_, descr_) \
	[XNVME_CLI_OPT_##opt_] = { \
		{XNVME_CLI_OPT_##opt_, XNVME_CLI_OPT_VTYPE_##vtype_, name_, descr_, 0}, choices_, \
		0, 0, CLI_GROUP_##group_, false}

#define TITLE(opt_, descr_) \
	[XNVME_CLI_OPT_##opt_] = { \
		{XNVME_CLI_OPT_##opt_, XNVME_CLI_OPT_VTYPE_SKIP, "", descr_, 0}, NULL, 0, 0, 0, \
		false}

static const struct cli_opt table[CLI_OPT_COUNT] = {
	TITLE(NONE, ""),
	TITLE(RSVD_5E, ""),
	TITLE(POSA_TITLE, "Where <arg> includes:"),
	TITLE(NON_POSA_TITLE, "With [<arg>] for the sub-command:"),
	TITLE(ORCH_TITLE, "With [<arg>] for opening the device:"),
	OPT(CDW00, HEX, "cdw0", cdw[0], CMD, NULL,
	    "Command dword 0"),
	OPT(CDW01, HEX, "cdw1", cdw[1], CMD, NULL,
	    "Command dword 1"),
	OPT(CDW02, HEX, "cdw2", cdw[2], CMD, NULL,
	    "Command dword 2"),
	OPT(CDW03, HEX, "cdw3", cdw[3], CMD, NULL,
	    "Command dword 3"),
	OPT(CDW04, HEX, "cdw4", cdw[4], CMD, NULL,
	    "Command dword 4"),
	OPT(CDW05, HEX, "cdw5", cdw[5], CMD, NULL,
	    "Command dword 5"),
	OPT(CDW06, HEX, "cdw6", cdw[6], CMD, NULL,
	    "Command dword 6"),
	OPT(CDW07, HEX, "cdw7", cdw[7], CMD, NULL,
	    "Command dword 7"),
	OPT(CDW08, HEX, "cdw8", cdw[8], CMD, NULL,
	    "Command dword 8"),
	OPT(CDW09, HEX, "cdw9", cdw[9], CMD, NULL,
	    "Command dword 9"),
	OPT(CDW10, HEX, "cdw10", cdw[10], CMD, NULL,
	    "Command dword 10"),
	OPT(CDW11, HEX, "cdw11", cdw[11], CMD, NULL,
	    "Command dword 11"),
	OPT(CDW12, HEX, "cdw12", cdw[12], CMD, NULL,
	    "Command dword 12"),
	OPT(CDW13, HEX, "cdw13", cdw[13], CMD, NULL,
	    "Command dword 13"),
	OPT(CDW14, HEX, "cdw14", cdw[14], CMD, NULL,
	    "Command dword 14"),
	OPT(CDW15, HEX, "cdw15", cdw[15], CMD, NULL,
	    "Command dword 15"),
	OPT(CMD_INPUT, FILE, "cmd-input", cmd_input, CMD, NULL,
	    "File that holds the 64 bytes of the command"),
	OPT(CMD_OUTPUT, FILE, "cmd-output", cmd_output, CMD, NULL,
	    "File to write the 64 bytes of the command to"),
	SIZE(DATA_NBYTES, "data-nbytes", data_nbytes, CMD,
	    "Bytes of data"),
	OPT(DATA_INPUT, FILE, "data-input", data_input, CMD, NULL,
	    "File to take the data from"),
	OPT(DATA_OUTPUT, FILE, "data-output", data_output, CMD, NULL,
	    "File to write the data to"),
	SIZE(META_NBYTES, "meta-nbytes", meta_nbytes, CMD,
	    "Bytes of metadata"),
	OPT(META_INPUT, FILE, "meta-input", meta_input, CMD, NULL,
	    "File to take the metadata from"),
	OPT(META_OUTPUT, FILE, "meta-output", meta_output, CMD, NULL,
	    "File to write the metadata to"),
	OPT(LBAFL, HEX, "lbafl", lbafl, CMD, NULL,
	    "Index of the LBA format, lower four bits"),
	OPT(SLBA, HEX, "slba", slba, CMD, NULL,
	    "First logical block"),
	OPT(ELBA, HEX, "elba", elba, CMD, NULL,
	    "Last logical block"),
	OPT(LBA, HEX, "lba", lba, CMD, NULL,
	    "A logical block"),
	OPT(NLB, NUM, "nlb", nlb, CMD, NULL,
	    "Number of logical blocks, zero-based: 0 is one block"),
	OPT(URI, URI, "uri", uri, CMD, NULL,
	    "What to open: /dev/..., a file, 1GiB (ramdisk), virt:PRESET, a PCI address"),
	OPT(SYS_URI, URI, "uri", sys_uri, CMD, NULL,
	    "Where to look for devices; this machine unless given"),
	OPT(UUID, HEX, "uuid", uuid, CMD, NULL,
	    "UUID index"),
	OPT(NSID, HEX, "nsid", nsid, CMD, NULL,
	    "Namespace identifier"),
	OPT(CNS, HEX, "cns", cns, CMD, NULL,
	    "Controller or namespace structure to identify"),
	OPT(CSI, HEX, "csi", csi, CMD, NULL,
	    "Command set identifier"),
	OPT(INDEX, HEX, "index", index, CMD, NULL,
	    "Index"),
	OPT(SETID, HEX, "setid", setid, CMD, NULL,
	    "NVM set identifier"),
	OPT(CNTID, HEX, "cntid", cntid, CMD, NULL,
	    "Controller identifier"),
	OPT(LID, HEX, "lid", lid, CMD, NULL,
	    "Log page identifier"),
	OPT(LSP, HEX, "lsp", lsp, CMD, NULL,
	    "Log-specific field"),
	SIZE(LPO_NBYTES, "lpo-nbytes", lpo_nbytes, CMD,
	    "Offset into the log page, in bytes"),
	OPT(RAE, HEX, "rae", rae, CMD, NULL,
	    "Retain asynchronous event"),
	OPT(CLEAR, HEX, "clear", clear, CMD, NULL,
	    "Clear what was there before"),
	OPT(LBAFU, HEX, "lbafu", lbafu, CMD, NULL,
	    "Index of the LBA format, upper two bits"),
	OPT(SES, HEX, "ses", ses, CMD, NULL,
	    "Secure erase setting"),
	OPT(SEL, HEX, "sel", sel, CMD, NULL,
	    "Which value: 0 current, 1 default, 2 saved, 3 supported capabilities"),
	OPT(MSET, HEX, "mset", mset, CMD, NULL,
	    "Metadata setting: 0 separate, 1 extended blocks"),
	OPT(AUSE, HEX, "ause", ause, CMD, NULL,
	    "Allow unrestricted sanitize exit"),
	OPT(OVRPAT, HEX, "ovrpat", ovrpat, CMD, NULL,
	    "Overwrite pattern"),
	OPT(OWPASS, HEX, "owpass", owpass, CMD, NULL,
	    "Overwrite pass count"),
	OPT(OIPBP, HEX, "oipbp", oipbp, CMD, NULL,
	    "Invert the overwrite pattern between passes"),
	OPT(NODAS, HEX, "nodas", nodas, CMD, NULL,
	    "No deallocation after sanitize"),
	OPT(SANACT, HEX, "sanact", sanact, CMD, NULL,
	    "Sanitize action: 1 exit failure mode, 2 block erase, 3 overwrite, 4 crypto erase"),
	OPT(ZSA, HEX, "zsa", zsa, CMD, NULL,
	    "Zone send action"),
	OPT(PI, HEX, "pi", pi, CMD, NULL,
	    "Protection information type: 0 none, 1, 2, 3"),
	OPT(PIL, HEX, "pil", pil, CMD, NULL,
	    "Protection information location: 0 last, 1 first bytes of the metadata"),
	OPT(FID, HEX, "fid", fid, CMD, NULL,
	    "Feature identifier"),
	OPT(FEAT, HEX, "feat", feat, CMD, NULL,
	    "Feature value, command dword 11"),
	OPT(SEED, NUM, "seed", seed, CMD, NULL,
	    "Seed of the pseudo-random pattern"),
	OPT(LIMIT, NUM, "limit", limit, CMD, NULL,
	    "At most this many entries"),
	SIZE(IOSIZE, "iosize", iosize, CMD,
	    "Bytes per command"),
	OPT(QDEPTH, NUM, "qdepth", qdepth, CMD, NULL,
	    "Commands in flight"),
	OPT(DIRECT, NUM, "direct", direct, OPEN, NULL,
	    "Bypass the cache of the operating system"),
	OPT(STATUS, HEX, "status", status, CMD, NULL,
	    "Status"),
	OPT(SAVE, HEX, "save", save, CMD, NULL,
	    "Keep the value over a reset"),
	OPT(RESET, HEX, "reset", reset, CMD, NULL,
	    "Reset"),
	OPT(VERBOSE, HEX, "verbose", verbose, CMD, NULL,
	    "Say more"),
	OPT(HELP, HEX, "help", help, ALL, NULL,
	    "Show this help and exit"),
	OPT(COUNT, NUM, "count", count, CMD, NULL,
	    "How many"),
	SIZE(OFFSET, "offset", offset, CMD,
	    "Bytes to leave out at the start of the input"),
	OPT(OPCODE, HEX, "opcode", opcode, CMD, NULL,
	    "Opcode of the command"),
	OPT(FLAGS, HEX, "flags", flags, CMD, NULL,
	    "Flags of the scan"),
	OPT(ALL, HEX, "all", all, CMD, NULL,
	    "Every zone"),
	OPT(BE, STR, "be", be, OPEN, NULL,
	    "One name for a whole choice of paths, see library-info"),
	OPT(MEM, STR, "mem", mem, OPEN, NULL,
	    "Where buffers come from"),
	OPT(SYNC, STR, "sync", sync, OPEN, NULL,
	    "Path of synchronous commands"),
	OPT(ASYNC, STR, "async", async, OPEN, NULL,
	    "Path of queues"),
	OPT(ADMIN, STR, "admin", admin, OPEN, NULL,
	    "Path of admin commands"),
	OPT(SHM_ID, NUM, "shm_id", shm_id, OPEN, NULL,
	    "Shared-memory group of user-space drivers"),
	OPT(MAIN_CORE, NUM, "main_core", main_core, OPEN, NULL,
	    "Main core of user-space drivers"),
	OPT(CORE_MASK, STR, "core_mask", core_mask, OPEN, NULL,
	    "Core mask of user-space drivers"),
	OPT(USE_CMB_SQS, HEX, "use_cmb_sqs", use_cmb_sqs, OPEN, NULL,
	    "Submission queues in the controller's memory buffer"),
	OPT(CSS, HEX, "css", css.value, OPEN, NULL,
	    "Command set to select in the controller configuration"),
	OPT(POLL_IO, NUM, "poll_io", poll_io, OPEN, NULL,
	    "1: poll the device for completions"),
	OPT(POLL_SQ, NUM, "poll_sq", poll_sq, OPEN, NULL,
	    "1: a kernel thread polls the submission queue"),
	OPT(REGISTER_FILES, NUM, "register_files", register_files, OPEN, NULL,
	    "1: register the file with the ring"),
	OPT(REGISTER_BUFFERS, NUM, "register_buffers", register_buffers, OPEN, NULL,
	    "1: register buffers with the ring"),
	OPT(TRUNCATE, NUM, "truncate", truncate, OPEN, NULL,
	    "1: truncate the file"),
	OPT(RDONLY, NUM, "rdonly", rdonly, OPEN, NULL,
	    "Open for reading only: what changes data or settings, and resets, are refused"),
	OPT(WRONLY, NUM, "wronly", wronly, OPEN, NULL,
	    "1: open for writing"),
	OPT(RDWR, NUM, "rdwr", rdwr, OPEN, NULL,
	    "1: open for reading and writing"),
	OPT(CREATE, NUM, "create", create, OPEN, NULL,
	    "1: create the file when it does not exist"),
	OPT(CREATE_MODE, HEX, "create_mode", create_mode, OPEN, NULL,
	    "Permissions of a created file"),
	OPT(ADRFAM, STR, "adrfam", adrfam, OPEN, NULL,
	    "Address family of a fabrics target"),
	OPT(DEV_NSID, HEX, "dev-nsid", dev_nsid, OPEN, NULL,
	    "Namespace to open on a controller"),
	OPT(VEC_CNT, NUM, "vec-cnt", vec_cnt, CMD, NULL,
	    "Buffers per vectored command"),
	OPT(SUBNQN, STR, "subnqn", subnqn, OPEN, NULL,
	    "Subsystem NQN of a fabrics target"),
	OPT(HOSTNQN, STR, "hostnqn", hostnqn, OPEN, NULL,
	    "NQN to show to a fabrics target"),
	OPT(DTYPE, HEX, "dtype", dtype, CMD, NULL,
	    "Type of the directive"),
	OPT(DSPEC, HEX, "dspec", dspec, CMD, NULL,
	    "Directive-specific field"),
	OPT(DOPER, HEX, "doper", doper, CMD, NULL,
	    "Operation of the directive"),
	OPT(ENDIR, HEX, "endir", endir, CMD, NULL,
	    "1: enable the directive"),
	OPT(TGTDIR, HEX, "tgtdir", tgtdir, CMD, NULL,
	    "Target directive type"),
	OPT(NSR, HEX, "nsr", nsr, CMD, NULL,
	    "Streams to request for the namespace"),
	OPT(AD, HEX, "ad", ad, CMD, NULL,
	    "Deallocate"),
	OPT(IDW, HEX, "idw", idw, CMD, NULL,
	    "Integral dataset for write"),
	OPT(IDR, HEX, "idr", idr, CMD, NULL,
	    "Integral dataset for read"),
	OPT(LLB, NUM, "llb", llb, CMD, NULL,
	    "Length in logical blocks, one-based"),
	OPT(LSI, HEX, "lsi", lsi, CMD, NULL,
	    "Log-specific identifier, e.g. the endurance group"),
	OPT(PID, HEX, "pid", pid, CMD, NULL,
	    "Identifier of the placement"),
	OPT(KV_KEY, STR, "key", kv_key, CMD, NULL,
	    "Key, up to 16 bytes; 0x... for bytes in hexadecimal"),
	OPT(KV_VAL, STR, "value", kv_val, CMD, NULL,
	    "Value"),
	OPT(KV_STORE_UPDATE, HEX, "only-update", kv_store_update, CMD, NULL,
	    "Only when the key exists"),
	OPT(KV_STORE_ADD, HEX, "only-add", kv_store_add, CMD, NULL,
	    "Only when the key does not exist"),
	OPT(KV_STORE_COMPRESS, HEX, "compress", kv_store_compress, CMD, NULL,
	    "Let the device compress the value"),
	OPT(PRACT, NUM, "pract", pract, CMD, NULL,
	    "1: the controller inserts and strips the protection information"),
	OPT(PRCHK, HEX, "prchk", prchk, CMD, NULL,
	    "What to check: 1 reference tag, 2 application tag, 4 guard"),
	OPT(APPTAG, HEX, "apptag", apptag, CMD, NULL,
	    "Application tag"),
	OPT(APPTAG_MASK, HEX, "apptag_mask", apptag_mask, CMD, NULL,
	    "Application tag mask"),
	OPT(SDLBA, HEX, "sdlba", sdlba, CMD, NULL,
	    "First logical block of the destination"),
	OPT(RUNTIME, NUM, "runtime", runtime, CMD, NULL,
	    "Seconds to run"),
	OPT(IOPATTERN, STR, "iopattern", iopattern, CMD, "read write randread randwrite",
	    "Order and kind of commands"),
	OPT(CPUMASK, STR, "cpumask", cpumask, CMD, NULL,
	    "Processors to run on, as a hexadecimal mask"),
	OPT(NQUEUES, NUM, "nqueues", nqueues, CMD, NULL,
	    "Queues per device"),
	OPT(IOVA_MODE, STR, "iova_mode", iova_mode, OPEN, NULL,
	    "Address mode of user-space drivers"),
	OPT(ALT_BE, STR, "alt-be", alt_be, CMD, NULL,
	    "A second choice of paths to compare with"),
	OPT(GPU_ID, NUM, "gpu_id", gpu_id, OPEN, NULL,
	    "GPU that shares its memory"),
	OPT(CPULIST, STR, "cpulist", cpulist, CMD, NULL,
	    "Processors to run on: 0,2-3"),
	SIZE(HOST_HEAP_SIZE, "host_heap_size", host_heap_size, OPEN,
	    "Bytes of the heap of user-space drivers"),
	SIZE(DEVICE_HEAP_SIZE, "device_heap_size", device_heap_size, OPEN,
	    "Bytes of the heap on the GPU"),
	EXT(OUTPUT, STR, "output", ALL, "text yaml json",
	    "Format of the result; json: one object"),
	EXT(VERSION, HEX, "version", ALL, NULL,
	    "Show the version and exit"),
	EXT(POLICY, STR, "policy", OPEN, "auto latency throughput conserve-cpu",
	    "What queues shall favour"),
	EXT(DEMO, HEX, "demo", CMD, NULL,
	    "Make devices of every kind and go through every path"),
	EXT(SIZE, STR, "size", CMD, NULL,
	    "Bytes of the device, e.g. 4GiB"),
	EXT(MEDIA, FILE, "media", CMD, NULL,
	    "File that holds the bytes of the device"),
	EXT(CLOCK, STR, "clock", CMD, "real virtual",
	    "Whose time: real or virtual"),
	EXT(TRACE, FILE, "trace", CMD, NULL,
	    "File of commands"),
	EXT(FORMAT, STR, "format", CMD, NULL,
	    "Format of the file"),
	EXT(PRESET, STR, "preset", CMD, NULL,
	    "Preset of the virtual SSD"),
	EXT(LISTEN, STR, "listen", CMD, NULL,
	    "Where to listen: a socket or an address"),
	EXT(FILL, HEX, "fill", CMD, NULL,
	    "Write all of the device once, in order, before: it loses what it holds"),
};
/* clang-format on */

/* The row of an option; NULL when there is none */
const struct cli_opt *
cli_opt_get(enum xnvme_cli_opt opt)
{
	if ((int)opt < 0 || opt >= CLI_OPT_COUNT || !table[opt].attr.name) {
		return NULL;
	}
	return &table[opt];
}

const struct xnvme_cli_opt_attr *
xnvme_cli_get_opt_attr(enum xnvme_cli_opt opt)
{
	const struct cli_opt *row = cli_opt_get(opt);

	return row ? &row->attr : NULL;
}

/* Options whose maximum in the standard or the library is less than that of the member's type */
static const struct {
	enum xnvme_cli_opt opt;
	uint64_t max;
} limits[] = {
	{XNVME_CLI_OPT_NLB, UINT16_MAX},
	{XNVME_CLI_OPT_LBAFL, 0xF},
	{XNVME_CLI_OPT_LBAFU, 0x3},
	{XNVME_CLI_OPT_UUID, 0x7F},
	{XNVME_CLI_OPT_CNS, UINT8_MAX},
	{XNVME_CLI_OPT_CSI, UINT8_MAX},
	{XNVME_CLI_OPT_SETID, UINT16_MAX},
	{XNVME_CLI_OPT_CNTID, UINT16_MAX},
	{XNVME_CLI_OPT_LID, UINT8_MAX},
	{XNVME_CLI_OPT_LSP, 0x7F},
	{XNVME_CLI_OPT_RAE, 1},
	{XNVME_CLI_OPT_SES, 0x7},
	{XNVME_CLI_OPT_SEL, 0x7},
	{XNVME_CLI_OPT_MSET, 1},
	{XNVME_CLI_OPT_OWPASS, 0xF},
	{XNVME_CLI_OPT_SANACT, 0x7},
	{XNVME_CLI_OPT_ZSA, UINT8_MAX},
	{XNVME_CLI_OPT_PI, 0x7},
	{XNVME_CLI_OPT_PIL, 1},
	{XNVME_CLI_OPT_FID, UINT8_MAX},
	{XNVME_CLI_OPT_OPCODE, UINT8_MAX},
	{XNVME_CLI_OPT_SHM_ID, UINT32_MAX},
	{XNVME_CLI_OPT_POLL_IO, 1},
	{XNVME_CLI_OPT_POLL_SQ, 1},
	{XNVME_CLI_OPT_REGISTER_FILES, 1},
	{XNVME_CLI_OPT_REGISTER_BUFFERS, 1},
	{XNVME_CLI_OPT_TRUNCATE, 1},
	{XNVME_CLI_OPT_RDONLY, 1},
	{XNVME_CLI_OPT_WRONLY, 1},
	{XNVME_CLI_OPT_RDWR, 1},
	{XNVME_CLI_OPT_CREATE, 1},
	{XNVME_CLI_OPT_DTYPE, UINT8_MAX},
	{XNVME_CLI_OPT_DSPEC, UINT16_MAX},
	{XNVME_CLI_OPT_DOPER, UINT8_MAX},
	{XNVME_CLI_OPT_ENDIR, 1},
	{XNVME_CLI_OPT_TGTDIR, UINT8_MAX},
	{XNVME_CLI_OPT_NSR, UINT16_MAX},
	{XNVME_CLI_OPT_LSI, UINT16_MAX},
	{XNVME_CLI_OPT_PID, UINT16_MAX},
	{XNVME_CLI_OPT_PRCHK, 0x7},
	{XNVME_CLI_OPT_APPTAG, UINT16_MAX},
	{XNVME_CLI_OPT_APPTAG_MASK, UINT16_MAX},
};

/* The maximum value of a numeric option */
uint64_t
cli_opt_max(const struct cli_opt *row)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); ++i) {
		if (limits[i].opt == row->attr.opt) {
			return limits[i].max;
		}
	}
	if (row->width == 1) { /* members of one byte are booleans */
		return 1;
	}
	return row->width == 0 || row->width == 8 ? UINT64_MAX : (1ULL << (row->width * 8)) - 1;
}

/* Whether the only valid values are 0 and 1; then the option without a value means 1 */
bool
cli_opt_is_boolean(const struct cli_opt *row)
{
	bool is_num = row->attr.vtype == XNVME_CLI_OPT_VTYPE_NUM ||
		      row->attr.vtype == XNVME_CLI_OPT_VTYPE_HEX;

	return is_num && cli_opt_max(row) == 1;
}

/* Options that every sub-command has */
static const struct xnvme_cli_sub_opt common[] = {
	{XNVME_CLI_OPT_OUTPUT, XNVME_CLI_LOPT},
	{XNVME_CLI_OPT_HELP, XNVME_CLI_LFLG},
	{XNVME_CLI_OPT_VERSION, XNVME_CLI_LFLG},
	{XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP},
};

/* Whether the entry is an option or a positional; false for titles */
static bool
is_argument(const struct xnvme_cli_sub_opt *at)
{
	const struct cli_opt *row = cli_opt_get(at->opt);

	return at->type != XNVME_CLI_SKIP && row && row->attr.vtype != XNVME_CLI_OPT_VTYPE_SKIP;
}

static bool
listed_before(const struct xnvme_cli_sub *sub, const struct xnvme_cli_sub_opt *at)
{
	for (const struct xnvme_cli_sub_opt *it = sub->opts; it < at; ++it) {
		if (it->opt == at->opt && it->type != XNVME_CLI_SKIP) {
			return true;
		}
	}
	return false;
}

/* The next option or positional after `at` (NULL: the first); NULL at the end. Returns each once,
 * skips titles, and returns the common options last. */
const struct xnvme_cli_sub_opt *
cli_sub_opt_next(const struct xnvme_cli_sub *sub, const struct xnvme_cli_sub_opt *at)
{
	const struct xnvme_cli_sub_opt *end = sub->opts + XNVME_CLI_SUB_OPTS_LEN;

	if (at >= common && at < common + sizeof(common) / sizeof(common[0])) {
		at += 1;
		return at->opt == XNVME_CLI_OPT_NONE ? NULL : at;
	}
	for (at = at ? at + 1 : sub->opts; at < end && at->opt != XNVME_CLI_OPT_NONE; ++at) {
		if (is_argument(at) && !listed_before(sub, at)) {
			return at;
		}
	}
	return common;
}

/* Whether two names are equal; - and _ match each other, since names use either */
static bool
same_name(const char *name, const char *text, size_t len)
{
	for (size_t i = 0; i < len; ++i) {
		char a = name[i] == '_' ? '-' : name[i], b = text[i] == '_' ? '-' : text[i];

		if (!a || a != b) {
			return false;
		}
	}
	return !name[len];
}

/* The row of `--name` if the sub-command lists it, else NULL; *type is set to its type there */
const struct cli_opt *
cli_opt_by_name(const struct xnvme_cli_sub *sub, const char *name, size_t len,
		enum xnvme_cli_opt_type *type)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		const struct cli_opt *row = cli_opt_get(at->opt);

		if (at->type != XNVME_CLI_POSA && at->type != XNVME_CLI_POSN &&
		    same_name(row->attr.name, name, len)) {
			*type = at->type;
			return row;
		}
	}
	return NULL;
}

/* The placeholder for an option's value in help and man pages */
const char *
cli_opt_placeholder(const struct cli_opt *row)
{
	switch (row->attr.vtype) {
	case XNVME_CLI_OPT_VTYPE_URI:
		return "uri";
	case XNVME_CLI_OPT_VTYPE_NUM:
		return row->is_size ? "SIZE" : "NUM";
	case XNVME_CLI_OPT_VTYPE_HEX:
		return "0xNUM";
	case XNVME_CLI_OPT_VTYPE_FILE:
		return "FILE";
	case XNVME_CLI_OPT_VTYPE_STR:
		return "STRING";
	case XNVME_CLI_OPT_VTYPE_SKIP:
	default:
		return "";
	}
}
