/* SPDX-License-Identifier: BSD-3-Clause */
/* Key-value namespaces against a table of the expected contents */
#include <base/prng.h>
#include <ssd/rig_test.h>
#include <base/panic_test.h>
#include <ssd/kv/kv.h>

static void
keyed(struct ssd_config *config)
{
	config->ns[0].kind = SSD_NS_KV;
	config->ns[0].nbytes = 1u << 20;
}

static uint16_t
kv(struct rig *rig, uint8_t opcode, const char *key, uint32_t nbytes, uint8_t options)
{
	struct xnvme_spec_cmd cmd = {0};
	uint8_t bytes[16] = {0};

	memcpy(bytes, key, strlen(key));
	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	memcpy(&cmd.kvs.key, bytes, 8);
	memcpy(&cmd.kvs.key_hi, bytes + 8, 8);
	cmd.kvs.cdw10 = nbytes;
	cmd.kvs.cdw11.kl = (uint8_t)strlen(key);
	cmd.kvs.cdw11.ro = options;
	return rig_io(rig, &cmd);
}

#define STORE 0x01
#define RETRIEVE 0x02
#define LIST 0x06
#define DELETE 0x10
#define EXIST 0x14

static void
a_value_comes_back(void **state)
{
	struct rig *rig = rig_new(keyed);

	(void)state;
	assert_status(kv(rig, RETRIEVE, "a", 100, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	assert_status(kv(rig, EXIST, "a", 0, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	assert_status(kv(rig, STORE, "a", 5, 1), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	memset(rig->buf, 7, 1300);
	assert_ok(kv(rig, STORE, "a", 1300, 2));
	assert_ok(kv(rig, EXIST, "a", 0, 0));
	assert_status(kv(rig, STORE, "a", 5, 2), XNVME_SPEC_SC_KV_KEY_EXISTS);
	memset(rig->buf, 0xEE, 4096);
	assert_ok(kv(rig, RETRIEVE, "a", 4096, 0));
	assert_int_equal(rig->work.result, 1300);
	assert_bytes(rig->buf, 7, 1300);
	assert_bytes(rig->buf + 1300, 0xEE, 100);
	memset(rig->buf, 0xEE, 4096);
	assert_ok(kv(rig, RETRIEVE, "a", 600, 0));
	assert_int_equal(rig->work.result, 1300);
	assert_bytes(rig->buf + 600, 0xEE, 100);
	assert_ok(kv(rig, STORE, "a", 0, 1));
	assert_ok(kv(rig, RETRIEVE, "a", 600, 0));
	assert_int_equal(rig->work.result, 0);
	ssd_power_cut(rig->ssd, rig->now);
	rig_reopen(rig);
	assert_ok(kv(rig, DELETE, "a", 0, 0));
	assert_status(kv(rig, DELETE, "a", 0, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	rig_free(rig);
}

static void
sizes_are_checked(void **state)
{
	struct rig *rig = rig_new(keyed);

	(void)state;
	assert_status(kv(rig, STORE, "", 1, 0), XNVME_SPEC_SC_KV_INVALID_KEY_SIZE);
	assert_ok(kv(rig, STORE, "0123456789abcdef", 1, 0));
	assert_status(kv(rig, STORE, "b", (512u << 10) + 1, 0),
		      XNVME_SPEC_SC_KV_INVALID_VALUE_SIZE);
	assert_status(kv(rig, STORE, "b", UINT32_MAX, 0), XNVME_SPEC_SC_KV_INVALID_VALUE_SIZE);
	assert_status(kv(rig, LIST, "", 3, 0), STATUS(INVALID_FIELD));
	rig->dma.nbytes = 10;
	assert_status(kv(rig, STORE, "b", 11, 0), STATUS(DATA_SGL_LENGTH_INVALID));
	assert_status(kv(rig, EXIST, "b", 0, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	rig_free(rig);
}

static void
deleting_nothing_is_an_error_or_not(void **state)
{
	const uint8_t fid = XNVME_SPEC_FEAT_KV_CONFIG;
	struct rig *rig = rig_new(keyed);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(rig_get_feature(rig, 1, fid, 0));
	assert_int_equal(rig->work.result, 1);
	assert_status(kv(rig, DELETE, "a", 0, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	assert_ok(rig_set_feature(rig, 1, fid, 0, true));
	assert_ok(kv(rig, DELETE, "a", 0, 0));
	rig_reopen(rig);
	assert_ok(kv(rig, DELETE, "a", 0, 0));
	assert_ok(rig_set_feature(rig, XNVME_SPEC_NSID_ALL, fid, 1, false));
	assert_status(kv(rig, DELETE, "a", 0, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	/* keys that no namespace can have */
	cmd.common.opcode = DELETE;
	cmd.common.nsid = 1;
	cmd.kvs.cdw11.kl = 17;
	assert_status(rig_io(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.kvs.cdw11.kl = 0;
	assert_status(rig_io(rig, &cmd), XNVME_SPEC_SC_KV_INVALID_KEY_SIZE);
	rig_free(rig);
}

static void
full_and_empty_again(void **state)
{
	struct rig *rig = rig_new(keyed);
	char key[17];
	uint32_t round_keys[3];

	(void)state;
	for (uint32_t round = 0; round < 3; ++round) {
		uint32_t n = 0;

		for (;; ++n) {
			snprintf(key, sizeof(key), "%u", n);
			if (kv(rig, STORE, key, 9000, 0)) {
				assert_status(rig->work.status, STATUS(CAPACITY_EXCEEDED));
				break;
			}
		}
		round_keys[round] = n;
		for (uint32_t i = 0; i < n; ++i) {
			snprintf(key, sizeof(key), "%u", i);
			assert_ok(kv(rig, DELETE, key, 0, 0));
		}
	}
	/* all space is reused: 113 values of 18 sectors in 2048 */
	assert_int_equal(round_keys[0], 113);
	assert_int_equal(round_keys[1], 113);
	assert_int_equal(round_keys[2], 113);
	/* many small keys: the index is the limit, 224 of 256 slots */
	for (uint32_t i = 0; i < 224; ++i) {
		snprintf(key, sizeof(key), "%u", i);
		assert_ok(kv(rig, STORE, key, 1, 0));
	}
	assert_status(kv(rig, STORE, "x", 1, 0), STATUS(CAPACITY_EXCEEDED));
	assert_ok(kv(rig, STORE, "7", 100, 0));
	rig_free(rig);
}

static void
random_keys(void **state)
{
	static uint32_t size[200]; /* plus 1; 0: does not exist */
	uint64_t random = 3;
	struct rig *rig = rig_new(keyed);
	char key[17];

	(void)state;
	memset(size, 0, sizeof(size));
	for (uint32_t i = 0; i < 20000; ++i) {
		uint64_t draw = prng_next(&random);
		uint32_t k = (uint32_t)(draw >> 8) % 200;
		uint32_t nbytes = (uint32_t)(draw >> 32) % 3000;
		uint16_t status;

		snprintf(key, sizeof(key), "key%u", k);
		switch (draw & 3) {
		case 0:
			memset(rig->buf, (uint8_t)(k + nbytes), nbytes);
			assert_ok(kv(rig, STORE, key, nbytes, 0));
			size[k] = nbytes + 1;
			break;
		case 1:
			status = kv(rig, DELETE, key, 0, 0);
			assert_status(status, size[k] ? 0 : XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
			size[k] = 0;
			break;
		default:
			status = kv(rig, RETRIEVE, key, 4096, 0);
			assert_status(status, size[k] ? 0 : XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
			if (size[k]) {
				assert_int_equal(rig->work.result, size[k] - 1);
				assert_bytes(rig->buf, (uint8_t)(k + size[k] - 1), size[k] - 1);
			}
		}
	}
	rig_free(rig);
}

static void
lists_can_be_continued(void **state)
{
	struct rig *rig = rig_new(keyed);
	bool seen[100] = {0};
	char key[17] = "";
	uint32_t count, found = 0;

	(void)state;
	for (uint32_t i = 0; i < 100; ++i) {
		snprintf(key, sizeof(key), "k%u", i);
		assert_ok(kv(rig, STORE, key, i, 0));
	}
	key[0] = 0;
	for (uint32_t round = 0; round < 100 && found < 100; ++round) {
		uint32_t at = 4;

		assert_ok(kv(rig, LIST, key, 64, 0));
		memcpy(&count, rig->buf, 4);
		assert_true(count > 0);
		for (uint32_t i = 0; i < count; ++i) {
			uint16_t nbytes;
			unsigned long n;

			memcpy(&nbytes, rig->buf + at, 2);
			memset(key, 0, sizeof(key));
			memcpy(key, rig->buf + at + 2, nbytes);
			n = strtoul(key + 1, NULL, 10);
			found += !seen[n];
			seen[n] = true;
			at += (2u + nbytes + 3) & ~3u;
		}
	}
	assert_int_equal(found, 100);
	rig_free(rig);
}

static void
identify_and_format(void **state)
{
	struct rig *rig = rig_new(keyed);
	const struct xnvme_spec_kvs_idfy_ns *ns = (const void *)rig->buf;
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(kv(rig, STORE, "a", 513, 0));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS_IOCS, 1, XNVME_SPEC_CSI_KV));
	assert_int_equal(ns->nsze, 1u << 20);
	assert_int_equal(ns->nuse, 1024);
	assert_int_equal(ns->kvf[0].kml, 16);
	assert_int_equal(ns->kvf[0].vml, 512u << 10);
	assert_status(rig_identify(rig, XNVME_SPEC_IDFY_NS, 1, 0), STATUS(INVALID_IOCS));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR_IOCS, 0, XNVME_SPEC_CSI_KV));
	/* opcodes of blocks are different or invalid here */
	assert_status(kv(rig, 0x08, "a", 1, 0), STATUS(INVALID_OPCODE));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
	cmd.common.nsid = 1;
	assert_ok(rig_admin(rig, &cmd));
	assert_status(kv(rig, RETRIEVE, "a", 1, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS_IOCS, 1, XNVME_SPEC_CSI_KV));
	assert_int_equal(ns->nuse, 0);
	rig_free(rig);
}

static void
delete_a(void *arg)
{
	(void)kv(arg, DELETE, "a", 0, 0);
}

/* Deleting a key moves later ones back. An entry whose key is too long, from damaged media, once
 * had bytes behind it hashed. */
static void
a_damaged_key_stays_in_its_slot(void **state)
{
	struct rig *rig = rig_new(keyed);
	const struct ssd_ns *ns = &rig->ssd->ns[0];
	struct kv_entry *entries = kv_entries(rig->ssd, ns);
	uint64_t after = (kv_home(ns, (const uint8_t *)"a", 1) + 1) % kv_slots(ns);

	(void)state;
	assert_ok(kv(rig, STORE, "a", 5, 0));
	entries[after].key_nbytes = 200;
	assert_ok(kv(rig, DELETE, "a", 0, 0));
	assert_int_equal(entries[after].key_nbytes, 200);
	assert_status(kv(rig, RETRIEVE, "a", 5, 0), XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
	rig_free(rig);
}

/* kv_check() can fail */
static void
a_damaged_namespace_panics(void **state)
{
	struct rig *rig = rig_new(keyed);

	(void)state;
	rig->ssd->ns[0].nlba = (rig->ssd->ns[0].saved->nbytes >> 9) + 1;
	assert_panics(delete_a, rig);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_comes_back),	  cmocka_unit_test(sizes_are_checked),
		cmocka_unit_test(deleting_nothing_is_an_error_or_not),
		cmocka_unit_test(full_and_empty_again),	  cmocka_unit_test(random_keys),
		cmocka_unit_test(lists_can_be_continued), cmocka_unit_test(identify_and_format),
		cmocka_unit_test(a_damaged_key_stays_in_its_slot),
		cmocka_unit_test(a_damaged_namespace_panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
