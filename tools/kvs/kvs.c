/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvs: keys of a namespace of the Key Value command set.
 */
#include "kvs.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("enum", "Enumerate Key-Value Namespaces on the system", kvs_sub_enum,
		 TOOL_ENUM_OPTS, {XNVME_CLI_OPT_DEV_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_ADMIN, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SYNC, XNVME_CLI_LOPT}),
	TOOL_SUB("idfy-ns", "KV Command Set specific identify-namespace", kvs_sub_idfy_ns,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("retrieve", "Retrieve the value of a key", kvs_sub_retrieve,
		 TOOL_URI, {XNVME_CLI_OPT_KV_KEY, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
		 XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("store", "Store a value under a key", kvs_sub_store,
		 TOOL_URI, {XNVME_CLI_OPT_KV_KEY, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_KV_VAL, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_KV_STORE_UPDATE, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_KV_STORE_ADD, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_KV_STORE_COMPRESS, XNVME_CLI_LFLG}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("delete", "Delete a key and its value", kvs_sub_delete,
		 TOOL_URI, {XNVME_CLI_OPT_KV_KEY, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("exist", "Tell whether a key exists", kvs_sub_exist,
		 TOOL_URI, {XNVME_CLI_OPT_KV_KEY, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("list", "List keys in their order, from a given one", kvs_sub_list,
		 TOOL_URI, {XNVME_CLI_OPT_KV_KEY, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Key-Value Namespace Utility",
	.descr_short = "Key-Value Namespace Utility",
	.descr_long = "Store, retrieve, list and delete the keys of a Key Value namespace",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
