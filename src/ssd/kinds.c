/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The list of the kinds of namespaces.
 */
#include <ssd/hot.h>
#include <ssd/kind.h>
#include <ssd/kv/kv.h>
#include <ssd/nvm/nvm.h>
#include <ssd/zns/zns.h>

static const struct ssd_row no_rows[256];
static const ssd_begin_fn slow[256] = {[0 ... 255] = begin_slowly};
static const struct ssd_kind none_kind = {.rows = no_rows, .fast_free = slow, .fast_timed = slow};

const struct ssd_kind *const ssd_kinds[KINDS] = {
	[SSD_NS_NVM] = &nvm_kind,
	[SSD_NS_ZNS] = &zns_kind,
	[SSD_NS_KV] = &kv_kind,
	[KIND_NONE] = &none_kind,
};
