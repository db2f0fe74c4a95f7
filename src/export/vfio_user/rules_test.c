/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules of the protocol that are easily missed: negotiated values are kept, replies have the
 * specified sizes, and no request takes effect in part.
 */
#include <export/vfio_user/client_test.h>

static int
say_capabilities(const char *capabilities)
{
	char json[512];

	snprintf(json, sizeof(json), "{\"capabilities\":{%s}}", capabilities);
	return say_version(0, 1, json);
}

static bool
answered(const char *text)
{
	return strstr((const char *)t.reply + sizeof(struct vfu_version), text) != NULL;
}

static void
capabilities_of_wrong_types(void **state)
{
	static const char *const wrong[] = {
		"{\"capabilities\":[]}",
		"{\"capabilities\":1}",
		"[]",
		"1",
		"{\"capabilities\":{}} {}",
		"{\"capabilities\":{\"max_msg_fds\":\"8\"}}",
		"{\"capabilities\":{\"max_msg_fds\":-1}}",
		"{\"capabilities\":{\"max_msg_fds\":1.5}}",
		"{\"capabilities\":{\"max_data_xfer_size\":0}}",
		"{\"capabilities\":{\"max_data_xfer_size\":null}}",
		"{\"capabilities\":{\"max_dma_maps\":0}}",
		"{\"capabilities\":{\"pgsizes\":512}}",
		"{\"capabilities\":{\"pgsizes\":true}}",
		"{\"capabilities\":{\"write_multiple\":1}}",
		"{\"capabilities\":{\"twin_socket\":true}}",
		"{\"capabilities\":{\"twin_socket\":{\"supported\":1}}}",
		"{\"capabilities\":{\"x\":\"\xFF\xFE\"}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); ++i) {
		assert_int_equal(say_version(0, 1, wrong[i]), EINVAL);
		assert_int_equal(receive(), -1);
		reconnect();
	}
	assert_int_equal(say_version(0, 1, "{}"), 0); /* all capabilities are optional */
	assert_int_equal(t.nbytes, sizeof(struct vfu_version));
	reconnect();
	assert_int_equal(say_version(0, 1, "{\"capabilities\":{}} \n"), 0);
	assert_true(answered("{\"capabilities\":{}}")); /* a subset of none */
	reconnect();
	assert_int_equal(say_capabilities("\"twin_socket\":{}"), 0);
	assert_int_equal(t.fd, -1);
	reconnect();
	assert_int_equal(say_capabilities("\"twin_socket\":{\"supported\":false}"), 0);
	assert_int_equal(t.fd, -1);
	reconnect();
	assert_int_equal(
		say_capabilities("\"twin_socket\":{\"supported\":true},\"max_msg_fds\":0"), 0);
	assert_int_equal(t.fd, -1); /* the client could not receive it */
	assert_false(answered("twin"));
}

/* A client that receives no descriptors is offered no mappable area */
static void
a_client_without_descriptors(void **state)
{
	struct vfu_region_info info = {.argsz = 4096};

	(void)state;
	assert_int_equal(say_capabilities("\"max_msg_fds\":0"), 0);
	assert_int_equal(ask(VFU_GET_REGION_INFO, &info, sizeof(info)), 0);
	memcpy(&info, t.reply, sizeof(info));
	assert_int_equal(info.flags, VFU_REGION_FLAG_READ | VFU_REGION_FLAG_WRITE);
	assert_int_equal(info.argsz, sizeof(info));
	assert_int_equal(t.fd, -1);
}

static void
maps_as_agreed(void **state)
{
	struct vfu_dma_map m = {sizeof(m) + 8, 3, 0, IOVA, 4096};
	uint8_t longer[sizeof(m) + 8] = {0};
	struct vfu_dma_unmap u;

	(void)state;
	assert_int_equal(say_capabilities("\"max_dma_maps\":3,\"pgsizes\":2097152"), 0);
	assert_true(answered("\"max_dma_maps\":3"));
	assert_true(answered("\"pgsizes\":2097152"));
	assert_int_equal(map(IOVA, 4096, 0, 3, false), EINVAL); /* not whole pages */
	for (uint64_t i = 0; i < 4; ++i) {
		assert_int_equal(map(IOVA + i * 0x200000, 0x200000, 0, 3, false),
				 i < 3 ? 0 : ENOSPC);
		assert_int_equal(t.nbytes, 0);
	}
	assert_int_equal(unmap(IOVA, 0x200000, 0), 0);
	memcpy(&u, t.reply, sizeof(u)); /* the reply repeats the request */
	assert_true(u.addr == IOVA && u.nbytes == 0x200000 && u.argsz == sizeof(u));
	assert_int_equal(map(IOVA + 0x800000, 0x200000, 0, 3, false), 0);
	reconnect();
	assert_int_equal(say_capabilities("\"pgsizes\":2101248"), 0); /* 4 KiB and 2 MiB */
	assert_int_equal(map(IOVA, 4096, 0, 3, true), 0);
	memcpy(longer, &m, sizeof(m));
	assert_int_equal(ask(VFU_DMA_MAP, longer, sizeof(longer)), EINVAL); /* argsz is 32 bytes */
	assert_int_equal(ask(VFU_DMA_MAP, &m, sizeof(m) - 4), EINVAL);
	m.argsz = 28;
	assert_int_equal(ask(VFU_DMA_MAP, &m, sizeof(m)), EINVAL);
	const int two[2] = {t.mem_fd, t.mem_fd};

	m = (struct vfu_dma_map){sizeof(m), 3, 0, IOVA + 0x100000, 4096};
	send_message(VFU_DMA_MAP, 0, &m, sizeof(m), two, 2);
	assert_int_equal(receive(), EINVAL);
	send_message(VFU_DMA_UNMAP, 0, &(struct vfu_dma_unmap){23, 0, IOVA, 4096}, 24, NULL, 0);
	assert_int_equal(receive(), EINVAL);
}

/* The default maximum of maps */
static void
very_many_maps(void **state)
{
	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint64_t i = 0; i < 65535; ++i) {
		const struct vfu_dma_map m = {sizeof(m), 3, 0, IOVA + i * 8192, 4096};

		send_message(VFU_DMA_MAP, i % 64 ? VFU_NO_REPLY : 0, &m, sizeof(m), NULL, 0);
		if (i % 64 == 0) {
			assert_int_equal(receive(), 0);
		}
	}
	assert_int_equal(map(0x1000, 4096, 0, 3, false), ENOSPC);
	assert_int_equal(unmap(IOVA + 8192, 4096, 0), 0);
	assert_int_equal(map(IOVA + 8192, 4096, 0, 3, false), 0);
	assert_int_equal(unmap(0, 0, VFU_UNMAP_ALL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	identify();
}

/* No client takes the mappings of the process from the clients of other servers: each may map its
 * share, is told of it, and is refused more */
static void
maps_are_shared(void **state)
{
	enum { MORE = 7 };
	struct client_test busy;
	struct server *others[MORE];
	char path[MORE][sizeof(t.path)], buf[256], agreed[64];
	struct text why = text_on(buf, sizeof(buf));
	FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
	uint32_t share, n = 0;
	int error = 0;

	(void)state;
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%u", &share), 1);
	fclose(file);
	share = (share < 8 * 65535u ? share : 8 * 65535u) / 2 / (MORE + 1);
	for (uint32_t i = 0; i < MORE; ++i) {
		snprintf(path[i], sizeof(path[i]), "/tmp/shares-%d-%u", getpid(), i);
		assert_int_equal(vfio_user_serve(USUAL, path[i], false, &others[i], &why), 0);
	}
	assert_int_equal(say_capabilities("\"max_dma_maps\":65535"), 0);
	snprintf(agreed, sizeof(agreed), "\"max_dma_maps\":%u", share);
	assert_true(answered(agreed));
	while (!error && n <= share) {
		error = map(IOVA + n * 8192ull, 4096, 0, 3, true);
		n += !error;
	}
	assert_int_equal(error, ENOSPC);
	assert_int_equal(n, share);
	reconnect(); /* not told, and limited still; the earlier ones are gone */
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (n = 0; n < share; ++n) {
		assert_int_equal(map(IOVA + n * 8192ull, 4096, 0, 3, true), 0);
	}
	assert_int_equal(map(0x1000, 4096, 0, 3, true), ENOSPC);
	assert_int_equal(map(0x1000, 4096, 0, 3, false), 0); /* far: takes no mapping */
	busy = t; /* the client of another server */
	memcpy(t.path, path[0], sizeof(t.path));
	connect_to_server();
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	close(t.socket);
	t = busy;
	for (uint32_t i = 0; i < MORE; ++i) {
		vfio_user_stop(others[i]);
	}
}

static uint64_t
signals(int event)
{
	uint64_t count = 0;

	return read(event, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* The pin: a level, signalled once until the client unmasks it; with events for masking */
static void
the_pin(void **state)
{
	int pin = eventfd(0, EFD_NONBLOCK), masked = eventfd(0, EFD_NONBLOCK),
	    unmasked = eventfd(0, EFD_NONBLOCK);
	const uint32_t trigger = VFU_SET_EVENTFD | VFU_SET_TRIGGER;
	const int two[2] = {pin, pin};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	assert_int_equal(set_irqs(trigger, VFU_IRQ_INTX, 0, 1, two, 2), EINVAL);
	assert_int_equal(set_irqs(trigger, VFU_IRQ_INTX, 0, 1, &pin, 1), 0);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_MASK, VFU_IRQ_INTX, 0, 1, &masked, 1), 0);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, &unmasked, 1), 0);
	identify();
	struct pollfd p = {.fd = pin, .events = POLLIN};

	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_int_equal(signals(pin), 1);
	/* the completion is not consumed: unmasking signals again, masking suppresses it */
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, NULL, 0), 0);
	assert_int_equal(signals(unmasked), 1);
	assert_int_equal(signals(pin), 1);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_MASK, VFU_IRQ_INTX, 0, 1, NULL, 0), 0);
	assert_int_equal(signals(masked), 1);
	assert_int_equal(signals(pin), 0);
	write4(REG_DOORBELLS + 4, 1); /* consumed: the level falls */
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, NULL, 0), 0);
	assert_int_equal(signals(pin), 0);
	/* without descriptors the client gets no more events */
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, NULL, 0),
			 0);
	(void)signals(unmasked);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, NULL, 0), 0);
	assert_int_equal(signals(unmasked), 0);
	close(pin);
	close(masked);
	close(unmasked);
}

/* Without bus mastering a function does not access the client's memory: initially, after clearing
 * it, and after a reset */
static void
memory_is_for_bus_masters(void **state)
{
	volatile uint32_t *cqe = (volatile uint32_t *)(void *)(t.mem + 4096);

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	identify();
	for (uint32_t i = 1; i < 3; ++i) {
		if (i == 1) {
			set_command(2);
		} else {
			assert_int_equal(ask(VFU_RESET, NULL, 0), 0);
			assert_int_equal(read4(VFU_REGION_CONFIG, 4) & 0xFFFF, 0);
			enable();
			set_command(2);
		}
		uint32_t at = i == 1 ? 1 : 0;

		cqe[4 * at + 3] = 0;
		memset(t.mem + 8192, 0xA5, 4096);
		put_identify();
		memcpy(t.mem + at * 64, t.mem, 64);
		write4(REG_DOORBELLS, at + 1);
		usleep(50000);
		assert_int_equal(cqe[4 * at + 3], 0);
		assert_int_equal(t.mem[8192 + 516], 0xA5);
		set_command(COMMAND_MEMORY_AND_MASTER);
		for (uint32_t tries = 0; !(cqe[4 * at + 3] & 0x10000); ++tries) {
			assert_true(tries < 5000);
			usleep(1000);
		}
		assert_int_not_equal(t.mem[8192 + 516], 0xA5);
	}
}

/* Interrupt Disable: the status register shows the level, the pin is not signalled */
static void
the_pin_may_be_disabled(void **state)
{
	int pin = eventfd(0, EFD_NONBLOCK);
	struct pollfd p = {.fd = pin, .events = POLLIN};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_INTX, 0, 1, &pin, 1), 0);
	enable();
	set_command(COMMAND_MEMORY_AND_MASTER | 0x0400);
	put_identify();
	write4(REG_DOORBELLS, 1);
	for (uint32_t tries = 0; !(read4(VFU_REGION_CONFIG, 4) & 0x80000); ++tries) {
		assert_true(tries < 5000);
		usleep(1000);
	}
	assert_int_equal(poll(&p, 1, 20), 0);
	set_command(COMMAND_MEMORY_AND_MASTER); /* the level is still high */
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_int_equal(signals(pin), 1);
	write4(REG_DOORBELLS + 4, 1);
	assert_int_equal(read4(VFU_REGION_CONFIG, 4) & 0x80000, 0);
	close(pin);
}

/* Messages wait until their capability enables and unmasks them; a reset drops them */
static void
messages_wait_to_be_enabled(void **state)
{
	static const uint16_t off[] = {0, 0x4000, 0xC000};
	int event = eventfd(0, EFD_NONBLOCK);
	struct pollfd p = {.fd = event, .events = POLLIN};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 1, &event, 1), 0);
	for (uint32_t i = 0; i < sizeof(off) / sizeof(off[0]); ++i) {
		set_messages(off[i]);
		identify();
		assert_int_equal(poll(&p, 1, 20), 0);
		set_messages(0x8000);
		assert_int_equal(poll(&p, 1, 5000), 1);
		assert_int_equal(signals(event), 1);
		write4(REG_CC, 0);
	}
	set_messages(0);
	identify();
	assert_int_equal(ask(VFU_RESET, NULL, 0), 0);
	assert_int_equal(read4(VFU_REGION_CONFIG, 0x90) & 0xC0000000, 0);
	set_messages(0x8000);
	assert_int_equal(poll(&p, 1, 20), 0);
	close(event);
}

/* An event descriptor that would block a writer: its counter is full, and it blocks */
static void
a_full_descriptor_blocks_no_other(void **state)
{
	const uint32_t trigger = VFU_SET_EVENTFD | VFU_SET_TRIGGER;
	const uint64_t full = UINT64_MAX - 1;

	(void)state;
	for (uint32_t i = 0; i < 3; ++i) { /* a vector, the pin, and the event for its unmasking */
		uint32_t index = i ? VFU_IRQ_INTX : VFU_IRQ_MSIX;
		int event = eventfd(0, 0);

		assert_int_equal(write(event, &full, sizeof(full)), sizeof(full));
		assert_int_equal(say_version(0, 1, NULL), 0);
		assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
		assert_int_equal(set_irqs(trigger, index, 0, 1, &event, 1), 0);
		if (i == 2) {
			assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_UNMASK, index, 0, 1,
						  &event, 1),
					 0);
			assert_int_equal(
				set_irqs(VFU_SET_NONE | VFU_SET_UNMASK, index, 0, 1, NULL, 0), 0);
		}
		assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, index, 0, 1, NULL, 0), 0);
		identify();
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
		assert_int_equal(signals(event), full);
		close(event);
		reconnect();
	}
}

/* Every combination of data and action for every index: done, or refused with the right errno */
static void
every_way_to_set_interrupts(void **state)
{
	static const uint32_t data[] = {VFU_SET_NONE, VFU_SET_BOOL, VFU_SET_EVENTFD};
	static const uint32_t action[] = {VFU_SET_MASK, VFU_SET_UNMASK, VFU_SET_TRIGGER};
	int event = eventfd(0, EFD_NONBLOCK), ends[2];

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint32_t i = 0; i < VFU_IRQS * 9; ++i) {
		uint32_t index = i / 9, d = data[i / 3 % 3], a = action[i % 3];
		struct {
			struct vfu_irq_set set;
			uint8_t bools[4];
		} m = {{21, d | a, index, 0, 1}, {1}};
		bool there = index == VFU_IRQ_INTX || index == VFU_IRQ_MSIX;
		int wanted = !there ? EINVAL /* an index without interrupts */
			     : a == VFU_SET_TRIGGER || index == VFU_IRQ_INTX ? 0
									     : ENOTSUP;

		send_message(VFU_SET_IRQS, 0, &m, 21, &event, d == VFU_SET_EVENTFD);
		assert_int_equal(receive(), wanted);
		assert_int_equal(t.nbytes, 0);
		m.set.argsz = d == VFU_SET_BOOL ? 20 : 19; /* less than the payload needs */
		send_message(VFU_SET_IRQS, 0, &m, 21, &event, d == VFU_SET_EVENTFD);
		assert_int_equal(receive(), EINVAL);
	}
	/* descriptors where none are allowed */
	assert_int_equal(
		set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 1, &event, 1), EINVAL);
	/* files that would end or block the server at the first interrupt */
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	for (uint32_t i = 0; i < 3; ++i) {
		assert_int_equal(set_irqs(VFU_SET_EVENTFD | action[i], VFU_IRQ_INTX, 0, 1,
					  &ends[1], 1), EINVAL);
	}
	close(ends[1]);
	/* start 0 and count 0 disables all */
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 1, 0, NULL, 0),
			 EINVAL);
	assert_int_equal(set_irqs(VFU_SET_BOOL | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 0, NULL, 0),
			 EINVAL);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 0, NULL, 0), 0);
	close(event);
}

static void
all_of_several_writes_or_none(void **state)
{
	struct {
		uint64_t count;
		struct vfu_write_multi_entry e[2];
	} m = {2,
	       {{REG_AQA, VFU_REGION_BAR0, 4, {7, 0, 7}}, {4095, VFU_REGION_CONFIG, 2, {0}}}};

	(void)state;
	assert_int_equal(say_capabilities("\"write_multiple\":true"), 0);
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), EINVAL);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_AQA), 0);
	m.e[1].offset = 4;
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), 0);
	assert_int_equal(t.nbytes, 8);
	memcpy(&m.count, t.reply, 8);
	assert_int_equal(m.count, 2); /* writes completed */
	assert_int_equal(read4(VFU_REGION_BAR0, REG_AQA), 7 | 7 << 16);
	m.count = 1; /* and a surplus after it */
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), EINVAL);
}

static void
sizes_of_replies(void **state)
{
	const uint8_t eight[16] = {0, 0, 0, 0, 0, 0, 0, 0, 4};
	struct vfu_region_io_fds fds = {.argsz = sizeof(fds), .index = VFU_REGION_BAR0};
	const uint32_t value = 0;

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(access_region(true, VFU_REGION_BAR0, REG_AQA, 4, &value), 0);
	assert_int_equal(t.nbytes, sizeof(struct vfu_region_access));
	assert_int_equal(access_region(false, VFU_REGION_BAR0, 0, 64, NULL), 0);
	assert_int_equal(t.nbytes, sizeof(struct vfu_region_access) + 64);
	assert_int_equal(ask(VFU_RESET, NULL, 0), 0);
	assert_int_equal(t.nbytes, 0);
	assert_int_equal(ask(VFU_RESET, eight, 1), EINVAL); /* reset has no payload */
	assert_int_equal(ask(VFU_GET_REGION_IO_FDS, &fds, sizeof(fds)), 0);
	memcpy(&fds, t.reply, sizeof(fds));
	assert_true(fds.count == 0 && fds.argsz == sizeof(fds) && t.nbytes == sizeof(fds));
	fds = (struct vfu_region_io_fds){.argsz = sizeof(fds), .flags = 1};
	assert_int_equal(ask(VFU_GET_REGION_IO_FDS, &fds, sizeof(fds)), EINVAL);
	for (uint16_t command = VFU_FEATURE; command <= VFU_MIG_WRITE; ++command) {
		assert_int_equal(ask(command, eight, 8), ENOTSUP); /* migration is unsupported */
		assert_int_equal(ask(command, eight, 7), EINVAL);
	}
}

/* The behavior of a driver in user space such as SPDK's: no capabilities, one large buffer for
 * region information, doorbells by stores only, addresses of its own process, no interrupts */
static void
a_driver_that_polls(void **state)
{
	const uint64_t base = 0x200000200000ull, acq = base + 4096;
	volatile uint32_t *cqe = (volatile uint32_t *)(void *)(t.mem + 4096), *doorbells;
	struct vfu_region_info info = {.argsz = 4064};
	struct vfu_sparse sparse;
	uint8_t request[4064] = {0};
	uint32_t *sqe = (uint32_t *)(void *)t.mem;
	uint32_t command = 6, apart; /* words between doorbells */

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	apart = 1u << (read4(VFU_REGION_BAR0, REG_CAP + 4) & 0xF);
	memcpy(request, &info, sizeof(info));
	assert_int_equal(ask(VFU_GET_REGION_INFO, request, sizeof(request)), 0);
	assert_true(t.nbytes <= 4064 && t.fd >= 0);
	memcpy(&info, t.reply, sizeof(info));
	memcpy(&sparse, t.reply + info.cap_offset, sizeof(sparse));
	assert_true(sparse.area_nbytes >= 65ull * 2 * 4 * apart); /* the default SSD's queues */
	assert_true(info.nbytes >= sparse.area_offset + sparse.area_nbytes);
	doorbells = mmap(NULL, sparse.area_nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, t.fd,
			 (off_t)(info.offset + sparse.area_offset));
	assert_ptr_not_equal(doorbells, MAP_FAILED);
	assert_int_equal(read4(VFU_REGION_CONFIG, 8) >> 8, 0x010802);
	assert_int_equal(access_region(true, VFU_REGION_CONFIG, 4, 4, &command), 0);
	assert_int_equal(map(base, MEM_NBYTES, 0, 3, true), 0);
	write4(REG_AQA, 7 | 7 << 16);
	assert_int_equal(access_region(true, VFU_REGION_BAR0, REG_ASQ, 8, &base), 0);
	assert_int_equal(access_region(true, VFU_REGION_BAR0, REG_ACQ, 8, &acq), 0);
	write4(REG_CC, 1 | 6 << 16 | 4 << 20);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
	for (uint32_t i = 0; i < 100; ++i) { /* queues of 8 wrap */
		uint32_t *entry = sqe + 16 * (i % 8);
		uint64_t data = base + 8192;

		memset(entry, 0, 64);
		entry[0] = 0x06 | i << 16;
		memcpy(&entry[6], &data, sizeof(data));
		entry[10] = 1;
		__atomic_store_n(&doorbells[0], (i + 1) % 8, __ATOMIC_RELEASE);
		for (uint32_t tries = 0; (cqe[4 * (i % 8) + 3] >> 16 & 1) != !(i / 8 & 1);
		     ++tries) {
			assert_true(tries < 50000);
			usleep(100);
		}
		assert_int_equal(cqe[4 * (i % 8) + 3] & 0xFFFEFFFF, i);
		__atomic_store_n(&doorbells[apart], (i + 1) % 8, __ATOMIC_RELEASE);
	}
	munmap((void *)(uintptr_t)doorbells, sparse.area_nbytes);
}

/* Commands without a reply, and many at once: executed in order */
static void
pipelined_and_unanswered(void **state)
{
	const struct vfu_region_access a = {REG_AQA, VFU_REGION_BAR0, 4};
	struct {
		struct vfu_region_access a;
		uint32_t value;
	} w = {{REG_AQA, VFU_REGION_BAR0, 4}, 0};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint32_t i = 1; i <= 200; ++i) {
		w.value = i << 16 | i;
		send_message(VFU_REGION_WRITE, VFU_NO_REPLY, &w, 20, NULL, 0);
		send_message(VFU_REGION_READ, 0, &a, sizeof(a), NULL, 0);
		send_message(99, VFU_NO_REPLY, NULL, 0, NULL, 0); /* errors get no reply either */
	}
	for (uint32_t i = 1; i <= 200; ++i) {
		assert_int_equal(receive(), 0);
		memcpy(&w.value, t.reply + sizeof(a), 4);
		assert_int_equal(w.value, i << 16 | i);
	}
}

static int
start_wide(void **state)
{
	(void)state;
	return start(true, USUAL ",doorbell_stride=4096");
}

/* One page per doorbell, and all of them in the mappable area */
static void
a_driver_whose_doorbells_lie_apart(void **state)
{
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CAP + 4) & 0xF, 10);
	reconnect();
	a_driver_that_polls(state);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start_polled, stop)
#define E(name) cmocka_unit_test_setup_teardown(name, start_event, stop)
	const struct CMUnitTest tests[] = {
		T(capabilities_of_wrong_types),
		T(a_client_without_descriptors),
		T(maps_as_agreed),
		E(very_many_maps),
		E(maps_are_shared),
		E(the_pin),
		E(the_pin_may_be_disabled),
		T(a_full_descriptor_blocks_no_other),
		E(messages_wait_to_be_enabled),
		E(memory_is_for_bus_masters),
		T(memory_is_for_bus_masters),
		T(messages_wait_to_be_enabled),
		T(every_way_to_set_interrupts),
		T(all_of_several_writes_or_none),
		E(sizes_of_replies),
		E(pipelined_and_unanswered),
		T(a_driver_that_polls),
		cmocka_unit_test_setup_teardown(a_driver_whose_doorbells_lie_apart, start_wide,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
