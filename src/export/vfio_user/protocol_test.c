/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A client that implements the protocol directly: every message, valid and invalid, including those
 * that no client should send. After each invalid one the server must still answer the next valid
 * one.
 */
#include <base/prng.h>
#include <export/vfio_user/client_test.h>

static void
versions(void **state)
{
	const char *text;

	(void)state;
	assert_int_equal(say_version(0, 7,
				     "{\"capabilities\":{\"max_msg_fds\":8,\"pgsizes\":4096,"
				     "\"max_data_xfer_size\":8192,\"unheard_of\":[1,2]}}"),
			 0);
	assert_int_equal(((struct vfu_version *)t.reply)->minor, VFU_MINOR);
	text = (const char *)t.reply + sizeof(struct vfu_version);
	assert_int_equal(t.reply[t.nbytes - 1], 0);
	assert_non_null(strstr(text, "\"max_msg_fds\":16")); /* the server's, not the client's */
	assert_non_null(strstr(text, "\"max_data_xfer_size\":8192"));
	assert_null(strstr(text, "unheard_of"));
	assert_null(strstr(text, "max_dma_maps"));         /* not listed by the client */
	assert_int_equal(say_version(0, 1, NULL), EINVAL); /* only once */
	assert_int_equal(read4(VFU_REGION_BAR0, REG_VS), VS_2_0);
	/* more than the negotiated 8192 bytes */
	const struct vfu_region_access a = {0, VFU_REGION_BAR0, 8193};

	assert_int_equal(ask(VFU_REGION_READ, &a, sizeof(a)), EINVAL);
}

static void
version_refused(void **state)
{
	static const char *const json[] = {"{", "{\"capabilities\":", "[[[[[[[[[[1]]]]]]]]]]",
					   "{\"capabilities\":{\"max_msg_fds\":}}"};

	(void)state;
	for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); ++i) {
		assert_int_equal(say_version(0, 1, json[i]), EINVAL);
		assert_int_equal(receive(), -1); /* version negotiation must come first */
		reconnect();
	}
	assert_int_equal(say_version(1, 0, NULL), ENOTSUP);
	assert_int_equal(receive(), -1);
	reconnect();
	assert_int_equal(ask(VFU_VERSION, "x", 1), EINVAL);
	reconnect();
	assert_int_equal(ask(VFU_GET_INFO, "0123456789abcdef", 16), EINVAL); /* too early */
	assert_int_equal(receive(), -1);
	reconnect();
	assert_int_equal(say_version(0, 0, NULL), 0);
	assert_int_equal(((struct vfu_version *)t.reply)->minor, 0); /* never above the client's */
	assert_int_equal(t.nbytes, sizeof(struct vfu_version));
}

static void
device_and_regions(void **state)
{
	struct vfu_device_info device = {.argsz = sizeof(device)};
	struct vfu_region_info info = {.argsz = sizeof(info)};
	struct vfu_sparse sparse;
	uint8_t big[4064] = {0};

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(ask(VFU_GET_INFO, &device, sizeof(device)), 0);
	memcpy(&device, t.reply, sizeof(device));
	assert_int_equal(device.num_regions, VFU_REGIONS);
	assert_int_equal(device.num_irqs, VFU_IRQS);
	assert_int_equal(device.flags, VFU_DEVICE_RESET | VFU_DEVICE_PCI);
	device.argsz = 8;
	assert_int_equal(ask(VFU_GET_INFO, &device, sizeof(device)), EINVAL);
	assert_int_equal(ask(VFU_GET_INFO, &device, 8), EINVAL);

	/* too small for the capability: returns the required size, and no descriptor */
	assert_int_equal(ask(VFU_GET_REGION_INFO, &info, sizeof(info)), 0);
	memcpy(&info, t.reply, sizeof(info));
	assert_int_equal(t.nbytes, sizeof(info));
	assert_int_equal(info.argsz, sizeof(info) + sizeof(sparse));
	assert_int_equal(info.cap_offset, sizeof(info));
	assert_int_equal(t.fd, -1);
	/* a client that sends the whole of a large buffer */
	info = (struct vfu_region_info){.argsz = sizeof(big)};
	memcpy(big, &info, sizeof(info));
	assert_int_equal(ask(VFU_GET_REGION_INFO, big, sizeof(big)), 0);
	memcpy(&info, t.reply, sizeof(info));
	assert_true(info.flags & VFU_REGION_FLAG_MMAP);
	assert_int_equal(info.cap_offset, sizeof(info));
	memcpy(&sparse, t.reply + sizeof(info), sizeof(sparse));
	assert_int_equal(sparse.nareas, 1);
	assert_int_equal(sparse.area_offset, REG_DOORBELLS);
	assert_true(t.fd >= 0);
	void *at = mmap(NULL, sparse.area_nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, t.fd,
			(off_t)(info.offset + sparse.area_offset));

	assert_ptr_not_equal(at, MAP_FAILED);
	munmap(at, sparse.area_nbytes);
	/* the server uses this file: it must not be possible to truncate it */
	assert_int_equal(ftruncate(t.fd, 0), -1);
	assert_int_equal(errno, EPERM);
	for (uint32_t i = 0; i < VFU_REGIONS + 2; ++i) {
		info = (struct vfu_region_info){.argsz = 4096, .index = i};
		assert_int_equal(ask(VFU_GET_REGION_INFO, &info, sizeof(info)),
				 i < VFU_REGIONS ? 0 : EINVAL);
	}
	info = (struct vfu_region_info){.argsz = 31};
	assert_int_equal(ask(VFU_GET_REGION_INFO, &info, sizeof(info)), EINVAL);
	assert_int_equal(ask(VFU_GET_REGION_INFO, &info, 31), EINVAL);
}

static void
configuration_space(void **state)
{
	const uint32_t ones = UINT32_MAX;
	uint32_t cap, seen = 0;

	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(read4(VFU_REGION_CONFIG, 8) >> 8, 0x010802);
	assert_int_equal(access_region(true, VFU_REGION_CONFIG, 0, 4, &ones), 0);
	assert_int_not_equal(read4(VFU_REGION_CONFIG, 0), ones); /* read only */
	assert_int_equal(access_region(true, VFU_REGION_CONFIG, 0x10, 4, &ones), 0);
	cap = read4(VFU_REGION_CONFIG, 0x10); /* sizing: a power of two, 64 bits wide */
	assert_int_equal(cap & 0xF, 4);
	assert_int_equal((~(cap & ~0xFu) + 1) & ~(cap & ~0xFu), 0);
	for (cap = read4(VFU_REGION_CONFIG, 0x34) & 0xFF; cap && seen < 10; ++seen) {
		cap = read4(VFU_REGION_CONFIG, cap) >> 8 & 0xFF;
	}
	assert_int_equal(seen, 3); /* PM, PCIe, MSI-X */
	assert_int_equal(access_region(false, VFU_REGION_CONFIG, 4093, 4, NULL), EINVAL);
	assert_int_equal(access_region(false, VFU_REGION_CONFIG, UINT64_MAX, 4, NULL), EINVAL);
	assert_int_equal(access_region(false, VFU_REGION_CONFIG, UINT64_MAX - 3, 4, NULL), EINVAL);
	assert_int_equal(access_region(false, VFU_REGION_ROM, 0, 4, NULL), EINVAL);
	assert_int_equal(access_region(false, 99, 0, 4, NULL), EINVAL);
	assert_int_equal(access_region(false, VFU_REGION_BAR0, 0, 0, NULL), EINVAL);
}

static void
memory(void **state)
{
	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), EEXIST);
	assert_int_equal(map(IOVA - 4096, 8192, 0, 3, true), EEXIST);
	assert_int_equal(map(IOVA + MEM_NBYTES - 4096, 8192, 0, 3, false), EEXIST);
	assert_int_equal(map(IOVA * 2, MEM_NBYTES + 4096, 0, 3, true), EINVAL); /* beyond the end */
	assert_int_equal(map(IOVA * 2, 4096, MEM_NBYTES, 3, true), EINVAL);
	assert_int_equal(map(IOVA * 2, 4096, UINT64_MAX - 4095, 3, true), EINVAL);
	assert_int_equal(map(IOVA * 2, 0, 0, 3, true), EINVAL);
	assert_int_equal(map(IOVA * 2 + 1, 4096, 0, 3, true), EINVAL);
	assert_int_equal(map(UINT64_MAX - 4095, 8192, 0, 3, true), EINVAL);
	assert_int_equal(map(IOVA * 2, 4096, 0, 0, true), EINVAL);
	assert_int_equal(map(IOVA * 2, 4096, 0, 0xFF, true), EINVAL);
	assert_int_equal(map(0, 0xA0000, 0, 3, false), 0); /* accessed by messages only: accepted */
	assert_int_equal(unmap(IOVA, 4096, 0), ENOENT);
	assert_int_equal(unmap(IOVA, MEM_NBYTES, 1), EINVAL);
	assert_int_equal(unmap(IOVA, MEM_NBYTES, 0), 0);
	assert_int_equal(t.nbytes, sizeof(struct vfu_dma_unmap));
	assert_int_equal(unmap(IOVA, MEM_NBYTES, 0), ENOENT);
	for (uint64_t i = 0; i < 100; ++i) {
		assert_int_equal(map(IOVA + i * 8192, 4096, i * 4096, 3, true), 0);
	}
	assert_int_equal(unmap(1, 0, VFU_UNMAP_ALL), EINVAL);
	assert_int_equal(unmap(0, 0, VFU_UNMAP_ALL), 0);
	assert_int_equal(map(0, MEM_NBYTES, 0, 3, true), 0);
}

static void
interrupts(void **state)
{
	struct vfu_irq_info info = {.argsz = sizeof(info), .index = VFU_IRQ_MSIX};
	int events[16];
	uint64_t value;

	(void)state;
	for (uint32_t i = 0; i < 16; ++i) {
		events[i] = eventfd(0, EFD_NONBLOCK);
	}
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(ask(VFU_GET_IRQ_INFO, &info, sizeof(info)), 0);
	memcpy(&info, t.reply, sizeof(info));
	assert_true(info.count >= 2);
	for (uint32_t i = 0; i < VFU_IRQS + 2; ++i) {
		const struct vfu_irq_info each = {.argsz = sizeof(info), .index = i};

		assert_int_equal(ask(VFU_GET_IRQ_INFO, &each, sizeof(each)),
				 i < VFU_IRQS ? 0 : EINVAL);
	}
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 2, events, 2),
			 0);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 1, 1, NULL, 0), 0);
	assert_int_equal(read(events[1], &value, 8), 8);
	assert_int_equal(read(events[0], &value, 8), -1);
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 2, events, 1),
			 EINVAL);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, info.count, 1, NULL, 0),
		EINVAL);
	assert_int_equal(
		set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 1, UINT32_MAX, NULL, 0),
		EINVAL);
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_BOOL | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0,
				  1, NULL, 0),
			 EINVAL);
	assert_int_equal(set_irqs(VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 1, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(VFU_SET_NONE, VFU_IRQ_MSIX, 0, 1, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_MASK, VFU_IRQ_MSIX, 0, 1, NULL, 0),
			 ENOTSUP);
	assert_int_equal(set_irqs(VFU_SET_BOOL | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 1, NULL, 0),
			 EINVAL);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, 9, 0, 0, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_INTX, 0, 1, events, 1),
			 0);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_UNMASK, VFU_IRQ_INTX, 0, 1, NULL, 0), 0);
	assert_int_equal(set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 2, NULL, 0),
			 0);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 0, NULL, 0), 0);
	assert_int_equal(set_irqs(VFU_SET_NONE | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 1, 1, NULL, 0), 0);
	assert_int_equal(read(events[1], &value, 8), -1); /* the descriptors were dropped */
	for (uint32_t i = 0; i < 16; ++i) {
		close(events[i]);
	}
}

static void
a_controller_works_and_survives_its_client(void **state)
{
	int event = eventfd(0, EFD_NONBLOCK);
	uint64_t value;

	(void)state;
	for (uint32_t round = 0; round < 3; ++round) {
		assert_int_equal(say_version(0, 1, NULL), 0);
		assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), 0); /* the power-on state */
		assert_int_equal(read4(VFU_REGION_BAR0, REG_AQA), 0);
		assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
		assert_int_equal(
			set_irqs(VFU_SET_EVENTFD | VFU_SET_TRIGGER, VFU_IRQ_MSIX, 0, 1, &event, 1),
			0);
		set_messages(0x8000);
		identify();
		struct pollfd p = {.fd = event, .events = POLLIN};

		assert_int_equal(poll(&p, 1, 2000), 1);
		assert_int_equal(read(event, &value, 8), 8);
		if (round == 1) {
			assert_int_equal(ask(VFU_RESET, NULL, 0), 0);
			assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), 0);
			identify();
		}
		close(t.socket); /* with the controller enabled */
		connect_to_server();
	}
	close(event);
}

static void
a_file_that_is_cut_short_hurts_only_its_client(void **state)
{
	(void)state;
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	identify();
	munmap(t.mem, MEM_NBYTES);
	assert_int_equal(ftruncate(t.mem_fd, 0), 0);
	for (uint32_t i = 0; i < 8; ++i) { /* the doorbell makes the server access lost memory */
		const uint32_t tail = 1 + i;

		send_message(VFU_REGION_WRITE, VFU_NO_REPLY, &(struct {
				     struct vfu_region_access a;
				     uint32_t v;
			     }){{REG_DOORBELLS, VFU_REGION_BAR0, 4}, tail},
			     20, NULL, 0);
		usleep(2000);
	}
	close(t.socket);
	assert_int_equal(ftruncate(t.mem_fd, MEM_NBYTES), 0);
	t.mem = mmap(NULL, MEM_NBYTES, PROT_READ | PROT_WRITE, MAP_SHARED, t.mem_fd, 0);
	connect_to_server();
	assert_int_equal(say_version(0, 1, NULL), 0);
	assert_int_equal(map(IOVA, MEM_NBYTES, 0, 3, true), 0);
	identify();
}

static void
what_no_client_should_send(void **state)
{
	static const uint32_t sizes[] = {0, 15, 0x7FFFFFFF, UINT32_MAX};
	struct vfu_header header = {.id = 77, .command = VFU_GET_INFO};
	int fds[20];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
		assert_int_equal(say_version(0, 1, NULL), 0);
		header.nbytes = sizes[i];
		send_raw(&header, sizeof(header), NULL, 0);
		assert_int_equal(receive(), -1);
		reconnect();
	}
	assert_int_equal(say_version(0, 1, NULL), 0);
	for (uint16_t command = 0; command < 40; ++command) {
		if (command != VFU_RESET && command != VFU_VERSION) {
			assert_int_not_equal(ask(command, NULL, 0), 0);
		}
	}
	assert_int_equal(ask(VFU_DMA_READ, "0123456789abcdef", 16), EINVAL);
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, "\1\0\0\0\0\0\0", 8), EINVAL); /* not agreed */
	assert_int_equal(ask(VFU_FEATURE, "0123456789abcdef", 16), ENOTSUP);
	/* a reply without a request */
	send_message(VFU_DMA_READ, VFU_TYPE_REPLY, "01234567", 8, NULL, 0);
	assert_int_equal(receive(), -1);
	reconnect();
	/* byte by byte is slow, but valid */
	struct {
		struct vfu_header h;
		struct vfu_version v;
	} m = {{.id = 77, .command = VFU_VERSION, .nbytes = sizeof(m)}, {0, 1}};

	for (size_t i = 0; i < sizeof(m); ++i) {
		send_raw((const uint8_t *)&m + i, 1, NULL, 0);
		usleep(200);
	}
	assert_int_equal(receive(), 0);
	/* descriptors with a message that has none are closed, too many disconnect the client */
	for (uint32_t i = 0; i < 20; ++i) {
		fds[i] = t.mem_fd;
	}
	send_message(VFU_GET_INFO, 0, &(struct vfu_device_info){.argsz = 16}, 16, fds, 16);
	assert_int_equal(receive(), 0);
	send_message(VFU_GET_INFO, 0, &(struct vfu_device_info){.argsz = 16}, 16, fds, 20);
	assert_int_equal(receive(), -1);
	reconnect();
	assert_int_equal(say_version(0, 1, NULL), 0);
}

static void
several_writes_in_one_message(void **state)
{
	struct {
		uint64_t count;
		struct vfu_write_multi_entry e[2];
	} m = {2,
	       {{REG_AQA, VFU_REGION_BAR0, 4, {7, 0, 7}}, {REG_ASQ, VFU_REGION_BAR0, 8, {0, 16}}}};

	(void)state;
	assert_int_equal(say_version(0, 1, "{\"capabilities\":{\"write_multiple\":true}}"), 0);
	assert_non_null(strstr((const char *)t.reply + 4, "write_multiple"));
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), 0);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_AQA), 7 | 7 << 16);
	assert_int_equal(read4(VFU_REGION_BAR0, REG_ASQ), 0x1000);
	m.count = 3;
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), EINVAL);
	m.count = UINT64_MAX;
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), EINVAL);
	m.count = 1;
	m.e[0].count = 9;
	assert_int_equal(ask(VFU_REGION_WRITE_MULTI, &m, sizeof(m)), EINVAL);
}

/* Thousands of almost valid messages: the server answers each or disconnects, and continues */
static void
random_messages(void **state)
{
	const char *given = getenv("XNVME_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : 42;
	bool agreed = false;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	for (uint32_t i = 0; i < 6000; ++i) {
		uint8_t payload[96];
		uint64_t r = prng_next(&seed);
		uint32_t nbytes = (uint32_t)(r % sizeof(payload));

		if (!agreed) {
			agreed = say_version(0, 1, NULL) == 0;
		}
		for (uint32_t at = 0; at + 4 <= sizeof(payload); at += 4) {
			uint64_t w = prng_next(&seed);
			uint32_t word = w % 3 == 0   ? (uint32_t)(w >> 8) % 64
					: w % 3 == 1 ? (uint32_t)(w >> 8) & 0xFFF000
						     : (uint32_t)(w >> 8);

			memcpy(payload + at, &word, 4);
		}
		send_message((uint16_t)(r >> 16) % 19, 0, payload, nbytes, &t.mem_fd, r >> 40 & 1);
		if (receive() < 0) {
			reconnect();
			agreed = false;
		}
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start_polled, stop)
#define E(name)                                                                                    \
	{                                                                                          \
#name " (event)", name, start_event, stop, NULL                                    \
	}
	const struct CMUnitTest tests[] = {
		T(versions),
		T(version_refused),
		T(device_and_regions),
		T(configuration_space),
		T(memory),
		T(interrupts),
		T(a_controller_works_and_survives_its_client),
		E(a_controller_works_and_survives_its_client),
		T(a_file_that_is_cut_short_hurts_only_its_client),
		T(what_no_client_should_send),
		T(several_writes_in_one_message),
		E(random_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
