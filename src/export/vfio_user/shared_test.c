/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One SSD behind two sockets: for each host it is a separate controller, with its own outstanding
 * event requests. Each host gets every event once, although its server sleeps meanwhile.
 */
#include <export/vfio_user/client_test.h>
#include <export/vfio_user/server.h>

#define ENTRIES 8u
#define CQ_AT 4096u
#define DATA_AT 8192u
#define AER_CID 0x100u
#define HEALTH_EVENT 0x020101u /* the SMART log, a temperature, SMART / health */

struct host {
	struct client_test client;
	uint32_t tail, head, phase;
	uint32_t events; /* completions of its event requests */
	uint32_t last;
};

static struct host hosts[2];
static uint32_t current;

static void
be(uint32_t host)
{
	hosts[current].client = t;
	t = hosts[host].client;
	current = host;
}

static void
put(uint8_t opcode, uint16_t cid, uint32_t cdw10, uint32_t cdw11)
{
	struct host *h = &hosts[current];
	uint32_t *sqe = (uint32_t *)(void *)(t.mem + h->tail * 64);

	memset(sqe, 0, 64);
	sqe[0] = opcode | (uint32_t)cid << 16;
	sqe[6] = IOVA + DATA_AT;
	sqe[10] = cdw10;
	sqe[11] = cdw11;
	h->tail = (h->tail + 1) % ENTRIES;
	write4(REG_DOORBELLS, h->tail);
}

/* The identifier of the next completion; 0 after the timeout */
static uint16_t
reap(uint32_t wait_ms)
{
	struct host *h = &hosts[current];
	volatile uint32_t *cqe = (volatile uint32_t *)(void *)(t.mem + CQ_AT + h->head * 16);

	for (uint32_t i = 0; (cqe[3] >> 16 & 1) != h->phase; ++i) {
		if (i == wait_ms) {
			return 0;
		}
		usleep(1000);
	}
	h->last = cqe[0];
	assert_int_equal(cqe[3] >> 17, 0);
	uint16_t cid = (uint16_t)cqe[3];

	h->head = (h->head + 1) % ENTRIES;
	h->phase ^= h->head == 0;
	write4(REG_DOORBELLS + 4, h->head);
	h->events += cid >= AER_CID;
	return cid;
}

static void
admin(uint8_t opcode, uint32_t cdw10, uint32_t cdw11)
{
	uint16_t cid;

	put(opcode, 1, cdw10, cdw11);
	do { /* an event may complete first */
		cid = reap(5000);
		assert_int_not_equal(cid, 0);
	} while (cid != 1);
}

static void
bring_up(void)
{
	struct host *h = &hosts[current];

	h->tail = h->head = 0;
	h->phase = 1;
	enable();
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
	admin(0x09, 0x0B, 0x1FF); /* health events are enabled */
}

static void
get_hot_and_cool(void)
{
	admin(0x09, 0x04, 400);
	admin(0x09, 0x04, 300); /* below the temperature */
}

static void
read_the_log(void)
{
	admin(0x02, 0x02 | 127u << 16, 0);
}

static int
start_two(void **state)
{
	(void)state;
	memset(hosts, 0, sizeof(hosts));
	for (current = 0; current < 2; ++current) {
		start(false, "null,size=16MiB,name=told-twice");
		assert_int_equal(say_version(0, 1, NULL), 0);
		assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
		hosts[current].client = t;
	}
	current = 1;
	return 0;
}

static int
stop_two(void **state)
{
	be(1);
	stop(state);
	be(0);
	stop(state);
	return 0;
}

static void
each_host_is_told_once(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; ++i) {
		be(i);
		bring_up();
		put(0x0C, AER_CID, 0, 0);
		assert_int_equal(reap(20), 0);
	}
	usleep(50000); /* both servers sleep */
	be(0);
	get_hot_and_cool();
	for (uint32_t i = 0; i < 2; ++i) {
		be(i);
		if (hosts[i].events == 0) {
			assert_int_equal(reap(5000), AER_CID);
			assert_int_equal(hosts[i].last, HEALTH_EVENT);
		}
		assert_int_equal(hosts[i].events, 1);
		put(0x0C, AER_CID + 1, 0, 0);
		assert_int_equal(reap(20), 0);
	}
	/* reading the log page re-arms the event for the host that has read it */
	be(0);
	get_hot_and_cool();
	assert_int_equal(hosts[0].events, 1);
	be(1);
	assert_int_equal(reap(20), 0);
	read_the_log();
	assert_true(hosts[1].events == 2 || reap(5000) == AER_CID + 1);
	be(0);
	assert_int_equal(reap(20), 0);
	assert_int_equal(hosts[0].events, 1);
	/* the reset of one does not affect the other */
	be(1);
	put(0x0C, AER_CID + 2, 0, 0);
	read_the_log();
	be(0);
	write4(REG_CC, 0);
	bring_up();
	put(0x0C, AER_CID + 3, 0, 0);
	get_hot_and_cool();
	assert_true(hosts[0].events == 2 || reap(5000) == AER_CID + 3);
	be(1);
	assert_int_equal(reap(5000), AER_CID + 2);
	assert_int_equal(reap(20), 0);
}

/* Clients that disconnect with outstanding requests leave no state */
static void
hosts_that_come_and_go(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 30; ++round) {
		be(round & 1);
		bring_up();
		for (uint16_t i = 0; i < 4; ++i) {
			put(0x0C, (uint16_t)(AER_CID + i), 0, 0);
		}
		assert_int_equal(reap(1), 0);
		reconnect();
		assert_int_equal(say_version(0, 1, NULL), 0);
		assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	}
}

/* An NVM subsystem reset, requested by any host, resets all controllers of the SSD; each host sees
 * it, and clears its own status bit */
static void
a_subsystem_reset_is_for_every_host(void **state)
{
	(void)state;
	for (uint32_t asks = 0; asks < 2; ++asks) {
		for (uint32_t i = 0; i < 2; ++i) {
			be(i);
			bring_up();
			put(0x0C, AER_CID, 0, 0);
			assert_int_equal(reap(20), 0);
		}
		be(asks);
		write4(REG_NSSR, 0x4e564d64); /* not "NVMe" */
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
		write4(REG_NSSR, NSSR_NVME);
		for (uint32_t i = 0; i < 2; ++i) {
			be(i);
			assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_NSSRO);
			assert_int_equal(read4(VFU_REGION_BAR0, REG_CC), 0);
			assert_int_equal(read4(VFU_REGION_BAR0, REG_AQA), 0);
			assert_int_equal(reap(20), 0); /* waiting commands are dropped */
		}
		be(0);
		write4(REG_CSTS, CSTS_NSSRO);
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), 0);
		be(1);
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_NSSRO);
		write4(REG_CSTS, CSTS_NSSRO);
	}
	for (uint32_t i = 0; i < 2; ++i) { /* and each recovers */
		be(i);
		bring_up();
	}
}

/* A client that does not answer requests for its memory blocks no other host of the SSD */
static void
a_slow_host_is_slow_alone(void **state)
{
	static const uint16_t commands[] = {VFU_DMA_READ, VFU_DMA_WRITE};
	struct vfu_dma_access access;
	struct vfu_header header;

	(void)state;
	be(0);
	atomic_store(&t.server->timeout_ms, 60000);
	reconnect();
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, false), 0);
	enable();
	put_identify();
	write4(REG_DOORBELLS, 1);
	for (uint32_t i = 0; i < 2; ++i) { /* while it reads the command, while it writes data */
		be(0);
		assert_true(take_request(&header, &access, 30000));
		assert_int_equal(header.command, commands[i]);
		be(1);
		write4(REG_CC, 0);
		bring_up();
		read_the_log();
		be(0);
		answer_request(&header, &access);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_host_is_told_once, start_two, stop_two),
		cmocka_unit_test_setup_teardown(a_subsystem_reset_is_for_every_host, start_two,
						stop_two),
		cmocka_unit_test_setup_teardown(hosts_that_come_and_go, start_two, stop_two),
		cmocka_unit_test_setup_teardown(a_slow_host_is_slow_alone, start_two, stop_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
