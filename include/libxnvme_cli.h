/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Command lines: a program describes its sub-commands as data; parsing, help, shell completions,
 * man pages and JSON output are derived from that description and from one table of options.
 *
 * A program defines one `struct xnvme_cli`, calls xnvme_cli_run() from main() and returns its
 * result: 0 (success), 1 (failure) or 2 (invalid command line, nothing was started).
 *
 * Every program has `--help`, `--version` and `--output text|yaml|json`. With `json` the stdout of
 * the sub-command, which is YAML, is captured and printed as one JSON object:
 * {"schema": "xnvme/1", "tool", "sub", "exit", "result", "notes": [...], "errors": [...]}.
 *
 * @param cli The program's description and the state of its run
 * @param opt The option
 * @param stream Where to print
 * @param list The list
 * @param opts Output format, a value of enum xnvme_pr
 * @param err An errno, positive or negative, printed as given
 * @param msg What failed: printed as given
 * @param format As for printf(), with its arguments
 *
 * @note Only the thread that calls xnvme_cli_run() may call these functions, during the run; it
 *   does not return before the sub-command does.
 */
#ifndef LIBXNVME_CLI_H
#define LIBXNVME_CLI_H

#include <libxnvme_base.h>
#include <libxnvme_dev.h>
#include <libxnvme_util.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_CLI_SUB_OPTS_LEN 200
#define XNVME_CLI_SUB_NAME_LEN_MAX 30
#define XNVME_CLI_CPU_MAX_ID 1024

struct xnvme_cli;
typedef int (*xnvme_cli_subfunc)(struct xnvme_cli *cli);

enum xnvme_cli_opt {
	XNVME_CLI_OPT_NONE = 0x0,
	XNVME_CLI_OPT_CDW00 = 0x1,
	XNVME_CLI_OPT_CDW01 = 0x2,
	XNVME_CLI_OPT_CDW02 = 0x3,
	XNVME_CLI_OPT_CDW03 = 0x4,
	XNVME_CLI_OPT_CDW04 = 0x5,
	XNVME_CLI_OPT_CDW05 = 0x6,
	XNVME_CLI_OPT_CDW06 = 0x7,
	XNVME_CLI_OPT_CDW07 = 0x8,
	XNVME_CLI_OPT_CDW08 = 0x9,
	XNVME_CLI_OPT_CDW09 = 0xa,
	XNVME_CLI_OPT_CDW10 = 0xb,
	XNVME_CLI_OPT_CDW11 = 0xc,
	XNVME_CLI_OPT_CDW12 = 0xd,
	XNVME_CLI_OPT_CDW13 = 0xe,
	XNVME_CLI_OPT_CDW14 = 0xf,
	XNVME_CLI_OPT_CDW15 = 0x10,
	XNVME_CLI_OPT_CMD_INPUT = 0x11,
	XNVME_CLI_OPT_CMD_OUTPUT = 0x12,
	XNVME_CLI_OPT_DATA_NBYTES = 0x13,
	XNVME_CLI_OPT_DATA_INPUT = 0x14,
	XNVME_CLI_OPT_DATA_OUTPUT = 0x15,
	XNVME_CLI_OPT_META_NBYTES = 0x16,
	XNVME_CLI_OPT_META_INPUT = 0x17,
	XNVME_CLI_OPT_META_OUTPUT = 0x18,
	XNVME_CLI_OPT_LBAFL = 0x19,
	XNVME_CLI_OPT_SLBA = 0x1a,
	XNVME_CLI_OPT_ELBA = 0x1b,
	XNVME_CLI_OPT_LBA = 0x1c,
	XNVME_CLI_OPT_NLB = 0x1d,
	XNVME_CLI_OPT_URI = 0x1e,
	XNVME_CLI_OPT_SYS_URI = 0x1f,
	XNVME_CLI_OPT_UUID = 0x20,
	XNVME_CLI_OPT_NSID = 0x21,
	XNVME_CLI_OPT_CNS = 0x22,
	XNVME_CLI_OPT_CSI = 0x23,
	XNVME_CLI_OPT_INDEX = 0x24,
	XNVME_CLI_OPT_SETID = 0x25,
	XNVME_CLI_OPT_CNTID = 0x26,
	XNVME_CLI_OPT_LID = 0x27,
	XNVME_CLI_OPT_LSP = 0x28,
	XNVME_CLI_OPT_LPO_NBYTES = 0x29,
	XNVME_CLI_OPT_RAE = 0x2a,
	XNVME_CLI_OPT_CLEAR = 0x2b,
	XNVME_CLI_OPT_LBAFU = 0x2c,
	XNVME_CLI_OPT_SES = 0x2d,
	XNVME_CLI_OPT_SEL = 0x2e,
	XNVME_CLI_OPT_MSET = 0x2f,
	XNVME_CLI_OPT_AUSE = 0x30,
	XNVME_CLI_OPT_OVRPAT = 0x31,
	XNVME_CLI_OPT_OWPASS = 0x32,
	XNVME_CLI_OPT_OIPBP = 0x33,
	XNVME_CLI_OPT_NODAS = 0x34,
	XNVME_CLI_OPT_SANACT = 0x35,
	XNVME_CLI_OPT_ZSA = 0x36,
	XNVME_CLI_OPT_PI = 0x37,
	XNVME_CLI_OPT_PIL = 0x38,
	XNVME_CLI_OPT_FID = 0x39,
	XNVME_CLI_OPT_FEAT = 0x3a,
	XNVME_CLI_OPT_SEED = 0x3b,
	XNVME_CLI_OPT_LIMIT = 0x3c,
	XNVME_CLI_OPT_IOSIZE = 0x3d,
	XNVME_CLI_OPT_QDEPTH = 0x3e,
	XNVME_CLI_OPT_DIRECT = 0x3f,
	XNVME_CLI_OPT_STATUS = 0x40,
	XNVME_CLI_OPT_SAVE = 0x41,
	XNVME_CLI_OPT_RESET = 0x42,
	XNVME_CLI_OPT_VERBOSE = 0x43,
	XNVME_CLI_OPT_HELP = 0x44,
	XNVME_CLI_OPT_COUNT = 0x45,
	XNVME_CLI_OPT_OFFSET = 0x46,
	XNVME_CLI_OPT_OPCODE = 0x47,
	XNVME_CLI_OPT_FLAGS = 0x48,
	XNVME_CLI_OPT_ALL = 0x49,
	XNVME_CLI_OPT_BE = 0x4a,
	XNVME_CLI_OPT_MEM = 0x4b,
	XNVME_CLI_OPT_SYNC = 0x4c,
	XNVME_CLI_OPT_ASYNC = 0x4d,
	XNVME_CLI_OPT_ADMIN = 0x4e,
	XNVME_CLI_OPT_SHM_ID = 0x4f,
	XNVME_CLI_OPT_MAIN_CORE = 0x50,
	XNVME_CLI_OPT_CORE_MASK = 0x51,
	XNVME_CLI_OPT_USE_CMB_SQS = 0x52,
	XNVME_CLI_OPT_CSS = 0x53,
	XNVME_CLI_OPT_POLL_IO = 0x54,
	XNVME_CLI_OPT_POLL_SQ = 0x55,
	XNVME_CLI_OPT_REGISTER_FILES = 0x56,
	XNVME_CLI_OPT_REGISTER_BUFFERS = 0x57,
	XNVME_CLI_OPT_TRUNCATE = 0x58,
	XNVME_CLI_OPT_RDONLY = 0x59,
	XNVME_CLI_OPT_WRONLY = 0x5a,
	XNVME_CLI_OPT_RDWR = 0x5b,
	XNVME_CLI_OPT_CREATE = 0x5c,
	XNVME_CLI_OPT_CREATE_MODE = 0x5d,
	XNVME_CLI_OPT_RSVD_5E = 0x5e, ///< no option; has a row for programs that walk the numbers
	XNVME_CLI_OPT_ADRFAM = 0x5f,
	XNVME_CLI_OPT_DEV_NSID = 0x60,
	XNVME_CLI_OPT_VEC_CNT = 0x61,
	XNVME_CLI_OPT_SUBNQN = 0x62,
	XNVME_CLI_OPT_HOSTNQN = 0x63,
	XNVME_CLI_OPT_DTYPE = 0x64,
	XNVME_CLI_OPT_DSPEC = 0x65,
	XNVME_CLI_OPT_DOPER = 0x66,
	XNVME_CLI_OPT_ENDIR = 0x67,
	XNVME_CLI_OPT_TGTDIR = 0x68,
	XNVME_CLI_OPT_NSR = 0x69,
	XNVME_CLI_OPT_POSA_TITLE = 0x6a,
	XNVME_CLI_OPT_NON_POSA_TITLE = 0x6b,
	XNVME_CLI_OPT_ORCH_TITLE = 0x6c,
	XNVME_CLI_OPT_AD = 0x6d,
	XNVME_CLI_OPT_IDW = 0x6e,
	XNVME_CLI_OPT_IDR = 0x6f,
	XNVME_CLI_OPT_LLB = 0x70,
	XNVME_CLI_OPT_LSI = 0x71,
	XNVME_CLI_OPT_PID = 0x72,
	XNVME_CLI_OPT_KV_KEY = 0x73,
	XNVME_CLI_OPT_KV_VAL = 0x74,
	XNVME_CLI_OPT_KV_STORE_UPDATE = 0x75,
	XNVME_CLI_OPT_KV_STORE_ADD = 0x76,
	XNVME_CLI_OPT_KV_STORE_COMPRESS = 0x77,
	XNVME_CLI_OPT_PRACT = 0x78,
	XNVME_CLI_OPT_PRCHK = 0x79,
	XNVME_CLI_OPT_APPTAG = 0x7a,
	XNVME_CLI_OPT_APPTAG_MASK = 0x7b,
	XNVME_CLI_OPT_SDLBA = 0x7c,
	XNVME_CLI_OPT_RUNTIME = 0x7d,
	XNVME_CLI_OPT_IOPATTERN = 0x7e,
	XNVME_CLI_OPT_CPUMASK = 0x7f,
	XNVME_CLI_OPT_NQUEUES = 0x80,
	XNVME_CLI_OPT_IOVA_MODE = 0x81,
	XNVME_CLI_OPT_ALT_BE = 0x82,
	XNVME_CLI_OPT_GPU_ID = 0x83,
	XNVME_CLI_OPT_CPULIST = 0x84,
	XNVME_CLI_OPT_HOST_HEAP_SIZE = 0x85,
	XNVME_CLI_OPT_DEVICE_HEAP_SIZE = 0x86,
	XNVME_CLI_OPT_END = 0x87,

	/* Options without a member in xnvme_cli_args: use xnvme_cli_given(), xnvme_cli_get_num()
	 * and xnvme_cli_get_str() */
	XNVME_CLI_OPT_EXT_BEGIN = 0x100,
	XNVME_CLI_OPT_OUTPUT = 0x100, ///< every sub-command has it
	XNVME_CLI_OPT_VERSION = 0x101, ///< every program and sub-command has it
	XNVME_CLI_OPT_DEMO = 0x102,
	XNVME_CLI_OPT_SIZE = 0x103,
	XNVME_CLI_OPT_MEDIA = 0x104,
	XNVME_CLI_OPT_CLOCK = 0x105,
	XNVME_CLI_OPT_TRACE = 0x106,
	XNVME_CLI_OPT_FORMAT = 0x107,
	XNVME_CLI_OPT_PRESET = 0x108,
	XNVME_CLI_OPT_LISTEN = 0x109,
	XNVME_CLI_OPT_POLICY = 0x10a,
	XNVME_CLI_OPT_FILL = 0x10b,
	XNVME_CLI_OPT_EXT_END = 0x10c,
};

/* Output format of a sub-command */
enum xnvme_cli_output {
	XNVME_CLI_OUTPUT_TEXT = 0x0, ///< human-readable tables, and YAML for records
	XNVME_CLI_OUTPUT_YAML = 0x1, ///< YAML, also for tables
	XNVME_CLI_OUTPUT_JSON = 0x2, ///< one JSON object
};

/*
 * Groups of options for the initializer of xnvme_cli_sub.opts. Each group includes the groups
 * before it; an option may be listed twice.
 */
#define XNVME_CLI_CORE_OPTS \
	{XNVME_CLI_OPT_ORCH_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_SUBNQN, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_HOSTNQN, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_BE, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_SHM_ID, XNVME_CLI_LOPT}

#define XNVME_CLI_ADMIN_OPTS \
	XNVME_CLI_CORE_OPTS, {XNVME_CLI_OPT_DEV_NSID, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_ADMIN, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_MEM, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_RDONLY, XNVME_CLI_LFLG}

#define XNVME_CLI_SYNC_OPTS XNVME_CLI_ADMIN_OPTS, {XNVME_CLI_OPT_SYNC, XNVME_CLI_LOPT}

#define XNVME_CLI_ASYNC_OPTS \
	XNVME_CLI_SYNC_OPTS, {XNVME_CLI_OPT_ASYNC, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_POLL_IO, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_POLL_SQ, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_REGISTER_FILES, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_REGISTER_BUFFERS, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_POLICY, XNVME_CLI_LOPT}

/* How a sub-command takes an option */
enum xnvme_cli_opt_type {
	XNVME_CLI_POSA = 0x1, ///< positional argument, required
	XNVME_CLI_LFLG = 0x2, ///< --name, which may be followed by 0 or 1
	XNVME_CLI_LOPT = 0x3, ///< --name VALUE, optional
	XNVME_CLI_LREQ = 0x4, ///< --name VALUE, required
	XNVME_CLI_SKIP = 0x5, ///< title in the help text
	XNVME_CLI_POSN = 0x6, ///< any number of positional arguments, in xnvme_cli_args.posn
};

enum xnvme_cli_opt_value_type {
	XNVME_CLI_OPT_VTYPE_URI = 0x1,
	XNVME_CLI_OPT_VTYPE_NUM = 0x2, ///< decimal, or hexadecimal with 0x
	XNVME_CLI_OPT_VTYPE_HEX = 0x3, ///< hexadecimal, with or without 0x
	XNVME_CLI_OPT_VTYPE_FILE = 0x4,
	XNVME_CLI_OPT_VTYPE_STR = 0x5,
	XNVME_CLI_OPT_VTYPE_SKIP = 0x6,
};

enum xnvme_cli_opts {
	XNVME_CLI_INIT_NONE = 0x0,
	XNVME_CLI_INIT_DEV_OPEN = 0x1,
};

struct xnvme_cli_args {
	struct xnvme_dev *dev;
	const char *uri;
	const char *sys_uri;
	const char *subnqn;
	const char *hostnqn;
	const char *cmd_input;
	const char *cmd_output;
	size_t data_nbytes;
	const char *data_input;
	const char *data_output;
	size_t meta_nbytes;
	const char *meta_input;
	const char *meta_output;
	uint32_t cdw[16];
	uint64_t lbafl;
	uint64_t lba;
	uint32_t llb;
	uint32_t nlb;
	uint64_t slba;
	uint64_t elba;
	uint32_t uuid;
	uint32_t nsid;
	uint32_t dev_nsid;
	uint32_t cns;
	uint32_t csi;
	uint64_t index;
	uint32_t setid;
	uint64_t cntid;
	uint32_t lid;
	uint32_t lsp;
	uint64_t lpo_nbytes;
	uint32_t rae;
	bool clear;
	uint32_t lbafu;
	uint32_t ses;
	uint32_t sel;
	uint32_t mset;
	bool ause;
	uint32_t ovrpat;
	uint32_t owpass;
	bool oipbp;
	bool nodas;
	uint32_t sanact;
	uint32_t zsa;
	uint32_t pi;
	uint32_t pil;
	uint32_t fid;
	uint32_t feat;
	uint32_t seed;
	uint32_t iosize;
	uint32_t qdepth;
	bool direct;
	uint32_t limit;
	uint64_t count;
	uint64_t offset;
	uint64_t opcode;
	uint64_t flags;
	bool all;
	uint32_t status;
	bool save;
	uint32_t reset;
	bool verbose;
	uint32_t help;
	const char *be;
	const char *alt_be;
	const char *mem;
	const char *sync;
	const char *async;
	const char *admin;
	uint64_t shm_id;
	uint64_t host_heap_size;
	uint64_t device_heap_size;
	uint32_t main_core;
	const char *core_mask;
	const char *iova_mode;
	uint32_t gpu_id;
	struct xnvme_opts_css css;
	uint32_t use_cmb_sqs;
	const char *adrfam;
	uint32_t poll_io;
	uint32_t poll_sq;
	uint32_t register_files;
	uint32_t register_buffers;
	uint32_t truncate;
	uint32_t rdonly;
	uint32_t wronly;
	uint32_t rdwr;
	uint32_t create;
	uint32_t create_mode;
	uint32_t nr;
	bool ad;
	bool idw;
	bool idr;
	uint32_t vec_cnt;
	uint32_t dtype;
	uint32_t dspec;
	uint32_t doper;
	uint32_t endir;
	uint32_t tgtdir;
	uint32_t nsr;
	uint32_t lsi;
	uint32_t pid;
	const char *kv_key;
	const char *kv_val;
	bool kv_store_add;
	bool kv_store_update;
	bool kv_store_compress;
	bool pract;
	uint8_t prchk;
	uint32_t apptag;
	uint32_t apptag_mask;
	uint64_t sdlba;
	uint32_t runtime;
	const char *iopattern;
	const char *cpumask;
	const char *cpulist;
	uint16_t cpus[XNVME_CLI_CPU_MAX_ID];
	uint16_t ncpus;
	uint32_t nqueues;
	const char **posn;
	int posn_count;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli_args) == 2768, "incorrect size")

struct xnvme_cli_opt_attr {
	enum xnvme_cli_opt opt;
	enum xnvme_cli_opt_value_type vtype;
	const char *name;
	const char *descr;
	char getoptval;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli_opt_attr) == 32, "incorrect size")

struct xnvme_cli_sub_opt {
	enum xnvme_cli_opt opt;
	enum xnvme_cli_opt_type type;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli_sub_opt) == 8, "incorrect size")

struct xnvme_cli {
	const char *title;
	const char *descr_short;
	const char *descr_long;
	int nsubs;
	struct xnvme_cli_sub *subs;
	int (*ver_pr)(int);
	int argc;
	char **argv;
	struct xnvme_cli_args args;
	int given[135];
	struct xnvme_cli_sub *sub;
	struct xnvme_timer timer;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli) == 3400, "incorrect size")

struct xnvme_cli_sub {
	const char *name;
	const char *descr_short;
	const char *descr_long;
	xnvme_cli_subfunc command; ///< NULL: the program reads argv, descr_long is --help
	struct xnvme_cli_sub_opt opts[XNVME_CLI_SUB_OPTS_LEN];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli_sub) == 1632, "incorrect size")

struct xnvme_cli_enumeration {
	uint32_t capacity;
	uint32_t nentries;
	struct xnvme_ident entries[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cli_enumeration) == 8, "incorrect size")

/**
 * Print the parsed options, one line `name: value` per option with a member in xnvme_cli_args
 *
 * @param args Not modified
 * @param opts Must be XNVME_PR_DEF; its value is printed on the first line
 */
void xnvme_cli_args_pr(struct xnvme_cli_args *args, int opts) XNVME_LAYOUT_0_8(xnvme_cli_args_pr);

/**
 * Get the row of the option table for an option
 *
 * Does not block; any thread.
 *
 * @return The row, static; NULL when there is no such option
 */
const struct xnvme_cli_opt_attr *xnvme_cli_get_opt_attr(enum xnvme_cli_opt opt);

/**
 * Allocate a list of device identifiers
 *
 * @param list Set to the list, which the caller frees with xnvme_cli_enumeration_free()
 * @param capacity Maximum number of entries
 * @return 0 or -errno; on error `*list` is unchanged
 * @error ENOMEM Out of memory
 */
int xnvme_cli_enumeration_alloc(struct xnvme_cli_enumeration **list, uint32_t capacity);

/**
 * Free a list
 *
 * @param list The list; NULL is allowed
 */
void xnvme_cli_enumeration_free(struct xnvme_cli_enumeration *list);

/**
 * Append an entry to a list and decrement its `capacity`
 *
 * @param entry Copied
 * @return 0 or -errno
 * @error ENOMEM The list is full
 */
int xnvme_cli_enumeration_append(struct xnvme_cli_enumeration *list,
				 const struct xnvme_ident *entry);

/**
 * Print a list as YAML, one record per line; `xnvme_cli_enumeration: ~` when it is empty
 *
 * @param list NULL prints the same as an empty list
 * @return Bytes written
 */
int xnvme_cli_enumeration_fpr(FILE *stream, struct xnvme_cli_enumeration *list, int opts);

/** As xnvme_cli_enumeration_fpr(), with only the URI of each record */
int xnvme_cli_enumeration_fpp(FILE *stream, struct xnvme_cli_enumeration *list, int opts);

/** As xnvme_cli_enumeration_fpp(), to stdout */
int xnvme_cli_enumeration_pp(struct xnvme_cli_enumeration *list, int opts);

/** As xnvme_cli_enumeration_fpr(), to stdout */
int xnvme_cli_enumeration_pr(struct xnvme_cli_enumeration *list, int opts);

/**
 * Set cli->timer.start to the current time
 *
 * @return The time in nanoseconds of CLOCK_MONOTONIC
 */
uint64_t xnvme_cli_timer_start(struct xnvme_cli *cli) XNVME_LAYOUT_0_8(xnvme_cli_timer_start);

/**
 * Set cli->timer.stop to the current time
 *
 * @return The time in nanoseconds of CLOCK_MONOTONIC
 */
uint64_t xnvme_cli_timer_stop(struct xnvme_cli *cli) XNVME_LAYOUT_0_8(xnvme_cli_timer_stop);

/**
 * Print `prefix: {elapsed: s, mib: MiB, mib_sec: MiB/s}` on stdout
 *
 * @param prefix First word of the line
 * @param nbytes Bytes moved while the timer ran
 */
void xnvme_cli_timer_bw_pr(struct xnvme_cli *cli, const char *prefix, size_t nbytes)
	XNVME_LAYOUT_0_8(xnvme_cli_timer_bw_pr);

/**
 * Print a line of information on stdout: `# ` and the formatted text, as printf()
 *
 * Declared without the compiler's check of the format, as in xNVMe 0.7.5: existing programs that
 * print e.g. a size_t with %u must also compile with -Werror.
 */
void xnvme_cli_pinf(const char *format, ...);

/**
 * Print `# ERR: 'msg': {errno: err, msg: '...'}` on stderr
 *
 * If the library has a last-error text (xnvme_err_text()) that was not printed yet, it follows on a
 * line `# WHY: ...`. With JSON output both are also added to "errors" of the object.
 */
void xnvme_cli_perr(const char *msg, int err);

/**
 * As xnvme_cli_perr(), with a reason to print when the library has no last-error text
 *
 * @param why NULL, or e.g. the meaning of a completion's status
 */
void xnvme_cli_perr_why(const char *msg, int err, const char *why);

/**
 * Report that the device does not support the request; the sentence names what it supports
 *
 * Printed like the library's last-error text: `# WHY: ...` after a line `# ERR: ...`.
 *
 * @param err A negative errno
 * @return `err`, for the sub-command to return
 */
int xnvme_cli_refuse(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Report an invalid command line, e.g. two contradictory options
 *
 * Prints the sentence as the parser prints its errors, and sets the exit code to 2.
 *
 * @return -EINVAL, for the sub-command to return
 */
int xnvme_cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * Parse the command line, open the device if requested, run the sub-command
 *
 * @param cli Description of the program; sets `args`, `given` and `sub`. One run at a time per
 *   process.
 * @param argc As of main()
 * @param argv As of main(); valid until the function returns
 * @param opts XNVME_CLI_INIT_DEV_OPEN: for sub-commands with a positional URI, opens the device
 *   into cli->args.dev and closes it when they return
 * @return The exit code of the program: 0 when the sub-command returned 0, or for help and version;
 *   1 when the sub-command returned another value or the device could not be opened; 2 when the
 *   command line was invalid
 */
int xnvme_cli_run(struct xnvme_cli *cli, int argc, char **argv, int opts)
	XNVME_LAYOUT_0_8(xnvme_cli_run);

/**
 * Copy the options for opening a device that were given on the command line
 *
 * @param opts Initialized by the caller, e.g. with xnvme_opts_default(); members whose option was
 *   not given keep their value. Strings point into argv.
 * @return 0 or -errno
 * @error EINVAL A value is out of range of its member
 */
int xnvme_cli_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_cli_to_opts);

/**
 * Check whether an option was given; with or without a member in xnvme_cli_args
 *
 * @return True if it was
 */
bool xnvme_cli_given(const struct xnvme_cli *cli, enum xnvme_cli_opt opt);

/**
 * Get the number of an option without a member in xnvme_cli_args
 *
 * @return The number; 0 when the option was not given
 */
uint64_t xnvme_cli_get_num(const struct xnvme_cli *cli, enum xnvme_cli_opt opt);

/**
 * Get the string of an option without a member in xnvme_cli_args
 *
 * @return The string, which points into argv; NULL when the option was not given
 */
const char *xnvme_cli_get_str(const struct xnvme_cli *cli, enum xnvme_cli_opt opt);

/**
 * Get the output format, `--output`
 *
 * A sub-command prints a human-readable table only for XNVME_CLI_OUTPUT_TEXT, else YAML.
 *
 * @return The format
 */
enum xnvme_cli_output xnvme_cli_get_output(const struct xnvme_cli *cli);

/**
 * Draw a progress bar on stderr if stderr is a terminal; otherwise do nothing
 *
 * Draws at most ten times a second, so calling it once per batch is cheap. A call with `done` ==
 * `total` erases the bar.
 *
 * @param what What makes progress
 * @param done Finished units of work
 * @param total All units of work
 */
void xnvme_cli_progress(const char *what, uint64_t done, uint64_t total);

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_CLI_H */
