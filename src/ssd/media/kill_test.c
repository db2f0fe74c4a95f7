/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process that holds the media is killed at any instruction: completed changes stay, the change
 * in progress is complete or undone. A child works and is killed after a while; another engine then
 * restores the media and must find a state that the shared model allows.
 *
 * usage: ssd_kill [CYCLES [SEED]]: number of kills of each kind of work
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <base/prng.h>
#include <ssd/rig_test.h>

static uint32_t cycles = 40;
static uint64_t the_seed = 7;

/* 300 things of any kind of work: keys, or blocks of zones; value 0: does not exist */
#define THINGS 300
static struct shared {
	volatile int32_t pending; /* the thing being changed, or -1 */
	volatile uint32_t next;	  /* its new value; counts up */
	volatile uint32_t next_size;
	uint32_t value[THINGS], size[THINGS];
	uint64_t random;
	uint64_t commands;
} *shared;

static uint32_t
roll(uint32_t below)
{
	return (uint32_t)((prng_next(&shared->random) >> 32) % below);
}

static void
fill(struct rig *rig, uint32_t value, uint32_t nbytes)
{
	uint32_t *words = (uint32_t *)(void *)rig->buf;

	for (uint32_t i = 0; i < nbytes / 4; ++i) {
		words[i] = value;
	}
}

/* Do all words of the buffer have this value? */
static bool
is_whole(const struct rig *rig, uint32_t nbytes, uint32_t *value)
{
	const uint32_t *words = (const uint32_t *)(const void *)rig->buf;

	*value = nbytes ? words[0] : 0;
	for (uint32_t i = 1; i < nbytes / 4; ++i) {
		if (words[i] != words[0]) {
			return false;
		}
	}
	return true;
}

/* Record a change in the model before and after it */
static void
announce(int32_t thing, uint32_t size)
{
	shared->next += 1;
	shared->next_size = size;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	shared->pending = thing;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void
settle(int32_t thing, uint32_t value, uint32_t size)
{
	shared->value[thing] = value;
	shared->size[thing] = size;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	shared->pending = -1;
	shared->commands += 1;
}

static void
must(uint16_t status)
{
	if (status) {
		fprintf(stderr, "status %03x\n", status);
		_exit(3);
	}
}

/* ---- keys ---- */

static void
with_keys(struct ssd_config *config)
{
	config->journal = true;
	config->ns[0].kind = SSD_NS_KV;
	config->ns[0].nbytes = 4u << 20;
}

static uint16_t
kv(struct rig *rig, uint8_t opcode, int32_t key, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};
	uint64_t number = (uint64_t)key;

	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	memcpy(&cmd.kvs.key, &number, 8);
	cmd.kvs.cdw10 = nbytes;
	cmd.kvs.cdw11.kl = 8;
	return rig_io(rig, &cmd);
}

static void
work_on_keys(struct rig *rig)
{
	int32_t key = (int32_t)roll(THINGS);
	uint32_t nbytes = 4 + 4 * roll(roll(4) ? 100 : 1500);
	bool delete = shared->value[key] && roll(3) == 0;

	announce(key, delete ? 0 : nbytes);
	if (delete) {
		must(kv(rig, XNVME_SPEC_KV_OPC_DELETE, key, 0));
		settle(key, 0, 0);
	} else {
		fill(rig, shared->next, nbytes);
		must(kv(rig, XNVME_SPEC_KV_OPC_STORE, key, nbytes));
		settle(key, shared->next, nbytes);
	}
}

static void
look_at_keys(struct rig *rig)
{
	struct xnvme_spec_kvs_idfy_ns idfy;
	uint64_t sectors = 0;
	uint32_t listed, there = 0;

	for (int32_t key = 0; key < THINGS; ++key) {
		uint16_t status = kv(rig, XNVME_SPEC_KV_OPC_RETRIEVE, key, 65536);
		uint32_t nbytes = status ? 0 : (uint32_t)rig->work.result, value;
		bool whole = is_whole(rig, nbytes, &value);

		if (status) {
			assert_status(status, XNVME_SPEC_SC_KV_KEY_NOT_EXISTS);
		}
		if (shared->pending == key && whole && nbytes == shared->next_size &&
		    (nbytes == 0 || value == shared->next)) {
			settle(key, nbytes ? value : 0, nbytes);
		} else if (!whole || nbytes != shared->size[key] || value != shared->value[key]) {
			fail_msg("key %d has %u bytes, %s %u; %u bytes of %u were stored", key,
				 nbytes, whole ? "all" : "mixed, first", value, shared->size[key],
				 shared->value[key]);
		}
		there += nbytes != 0;
		sectors += (nbytes + 511) / 512;
	}
	/* no sector and no key is lost */
	assert_ok(rig_identify(rig, 5, 1, 1));
	memcpy(&idfy, rig->buf, sizeof(idfy));
	assert_int_equal(idfy.nuse, sectors * 512);
	assert_ok(kv(rig, XNVME_SPEC_KV_OPC_LIST, 0, 65536));
	memcpy(&listed, rig->buf, sizeof(listed));
	assert_true(listed <= there);
}

/* ---- zones: a thing is a zone, its size the blocks in it ---- */

#define ZONES 8
#define ZONE_NLB 128u

static void
with_zones(struct ssd_config *config)
{
	config->journal = true;
	config->ns[0].kind = SSD_NS_ZNS;
	config->ns[0].nbytes = 4u << 20;
	config->ns[0].lba_nbytes = 4096;
	config->ns[0].zns.zone_nbytes = ZONE_NLB * 4096;
}

static uint16_t
zone_command(struct rig *rig, uint8_t opcode, int32_t zone, uint32_t nlb, uint32_t cdw13)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	cmd.nvm.slba = (uint64_t)zone * ZONE_NLB;
	cmd.common.cdw12 = nlb - 1;
	cmd.common.cdw13 = cdw13;
	return rig_io(rig, &cmd);
}

/* Block i of a zone holds the generation of the zone, which a reset increments, plus i */
static void
work_on_zones(struct rig *rig)
{
	int32_t zone = (int32_t)roll(ZONES);
	uint32_t written = shared->size[zone], nlb = 1 + roll(32), *words = (void *)rig->buf;

	if (written == ZONE_NLB || (written && roll(8) == 0)) {
		announce(zone, 0);
		must(zone_command(rig, XNVME_SPEC_ZND_OPC_MGMT_SEND, zone, 1,
				  XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET));
		settle(zone, shared->value[zone] + 1000, 0);
		return;
	}
	nlb = nlb < ZONE_NLB - written ? nlb : ZONE_NLB - written;
	announce(zone, written + nlb);
	for (uint32_t i = 0; i < nlb * 1024; ++i) {
		words[i] = shared->value[zone] + 1 + written + i / 1024;
	}
	must(zone_command(rig, XNVME_SPEC_ZND_OPC_APPEND, zone, nlb, 0));
	settle(zone, shared->value[zone], written + nlb);
}

static void
look_at_zones(struct rig *rig)
{
	for (int32_t zone = 0; zone < ZONES; ++zone) {
		struct xnvme_spec_znd_descr descr;
		struct xnvme_spec_cmd cmd = {0};
		uint32_t written, value;

		cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_RECV;
		cmd.common.nsid = 1;
		cmd.znd.mgmt_recv.slba = (uint64_t)zone * ZONE_NLB;
		cmd.znd.mgmt_recv.ndwords = 31;
		cmd.znd.mgmt_recv.partial = 1;
		assert_ok(rig_io(rig, &cmd));
		memcpy(&descr, rig->buf + 64, sizeof(descr));
		written = (uint32_t)(descr.wp - descr.zslba);
		written = descr.zs == XNVME_SPEC_ZND_STATE_FULL ? ZONE_NLB : written;
		if (shared->pending == zone && written == shared->next_size) {
			settle(zone, shared->value[zone] + (written ? 0 : 1000), written);
		}
		if (written != shared->size[zone]) {
			fail_msg("zone %d has %u blocks, not %u", zone, written,
				 shared->size[zone]);
		}
		for (uint32_t i = 0; i < ZONE_NLB; ++i) {
			assert_ok(rig_blocks(rig, 2, 1, (uint64_t)zone * ZONE_NLB + i, 1, 0));
			if (!is_whole(rig, 4096, &value) ||
			    value != (i < written ? shared->value[zone] + 1 + i : 0)) {
				fail_msg("zone %d, block %u of %u holds %u", zone, i, written,
					 value);
			}
		}
	}
}

/* ---- namespaces: a thing is an NSID, its value the number of its format plus 1 ---- */

static void
with_unallocated(struct ssd_config *config)
{
	config->journal = true;
	config->ns[0].nbytes = 1u << 20;
	config->nvm_nbytes = 16u << 20;
}

static void
work_on_namespaces(struct rig *rig)
{
	int32_t index = 1 + (int32_t)roll(4);
	struct xnvme_spec_cmd cmd = {0};
	uint32_t next = 1, format;

	if (shared->value[index] && roll(2)) { /* Format: 512 or 4096 */
		format = shared->value[index] == 1;
		next = format + 1;
		cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
		cmd.common.nsid = (uint32_t)index + 1;
		cmd.format.lbafl = format & 15u;
	} else if (shared->value[index]) {
		cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
		cmd.common.nsid = (uint32_t)index + 1;
		cmd.common.ndt = XNVME_SPEC_NS_MGMT_DELETE;
		next = 0;
	} else {
		uint64_t nlb = 2048;

		index = 1; /* it gets the lowest free NSID */
		while (shared->value[index]) {
			index += 1;
		}
		memset(rig->buf, 0, 4096);
		memcpy(rig->buf, &nlb, 8);
		memcpy(rig->buf + 8, &nlb, 8);
		cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	}
	announce(index, next);
	must(rig_admin(rig, &cmd));
	settle(index, shared->next_size, 0);
}

static void
look_at_namespaces(struct rig *rig)
{
	for (int32_t index = 1; index < 5; ++index) {
		const struct xnvme_spec_idfy_ns *idfy = (const void *)rig->buf;
		uint16_t status = rig_identify(rig, 0x11, (uint32_t)index + 1, 0);
		uint32_t value = status || !idfy->nsze ? 0 : idfy->flbas.format + 1u;

		if (shared->pending == index && value == shared->next_size) {
			settle(index, value, 0);
		}
		if (value != shared->value[index]) {
			fail_msg("namespace %d: %u, not %u", index + 1, value,
				 shared->value[index]);
		}
		if (value) {
			assert_int_equal(idfy->nsze << (value == 1 ? 9 : 12), 1 << 20);
		}
	}
}

/* ---- kills ---- */

struct kind {
	void (*config)(struct ssd_config *config);
	void (*work)(struct rig *rig);
	void (*look)(struct rig *rig);
};

static void
work_until_killed(struct rig *rig, const struct kind *kind)
{
	uint64_t before = shared->commands;
	pid_t pid = fork();
	int how;

	assert_true(pid >= 0);
	if (pid == 0) {
		for (;;) {
			kind->work(rig);
		}
	}
	/* after a few commands, and more often within a command than between two */
	while (*(volatile uint64_t *)&shared->commands < before + roll(40) &&
	       waitpid(pid, &how, WNOHANG) == 0) {
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_true(WIFSIGNALED(how));
	shared->random += shared->commands;
}

static void
kill_again_and_again(const struct kind *kind)
{
	struct rig *rig = rig_new(kind->config);
	size_t nbytes = ssd_media_bytes(&rig->config);

	/* media shared by both processes */
	free(rig->media);
	rig->media = mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(rig->media != MAP_FAILED);
	rig_reopen(rig);
	memset(shared, 0, sizeof(*shared));
	shared->pending = -1;
	shared->random = the_seed;
	for (uint32_t i = 0; i < cycles; ++i) {
		work_until_killed(rig, kind);
		rig_reopen(rig);
		kind->look(rig);
		shared->pending = -1;
	}
	printf("%u kills, %llu commands\n", cycles, (unsigned long long)shared->commands);
	assert_int_equal(munmap(rig->media, nbytes), 0);
	rig->media = NULL;
	rig_free(rig);
}

static void
keys_have_old_or_new_values(void **state)
{
	(void)state;
	kill_again_and_again(&(struct kind){with_keys, work_on_keys, look_at_keys});
}

static void
zones_are_reset_or_not(void **state)
{
	(void)state;
	kill_again_and_again(&(struct kind){with_zones, work_on_zones, look_at_zones});
}

static void
namespaces_are_there_or_not(void **state)
{
	(void)state;
	kill_again_and_again(
		&(struct kind){with_unallocated, work_on_namespaces, look_at_namespaces});
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_old_or_new_values),
		cmocka_unit_test(zones_are_reset_or_not),
		cmocka_unit_test(namespaces_are_there_or_not),
	};

	if (argc > 1) {
		cycles = (uint32_t)strtoul(argv[1], NULL, 0);
	}
	if (argc > 2) {
		the_seed = strtoull(argv[2], NULL, 0);
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return shared == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
