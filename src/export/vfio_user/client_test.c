/* SPDX-License-Identifier: BSD-3-Clause */
#include <export/vfio_user/client_test.h>
#include <os/message.h>

struct client_test t;

void
connect_to_server(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval limit = {.tv_sec = 5};

	t.socket = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", t.path);
	setsockopt(t.socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(t.socket, (const struct sockaddr *)&address, sizeof(address)), 0);
}

int
start(bool poll_doorbells, const char *name)
{
	char buf[256];
	struct text why = text_on(buf, sizeof(buf));
	static uint32_t number;

	memset(&t, 0, sizeof(t));
	snprintf(t.path, sizeof(t.path), "/tmp/protocol-%d-%u", getpid(), number++);
	t.fd = t.twin = -1;
	assert_int_equal(
		vfio_user_serve(name, t.path, poll_doorbells, &t.server, &why), 0);
	connect_to_server();
	t.mem_fd = memfd_create("test", MFD_CLOEXEC);
	assert_int_equal(ftruncate(t.mem_fd, MEM_NBYTES), 0);
	t.mem = mmap(NULL, MEM_NBYTES, PROT_READ | PROT_WRITE, MAP_SHARED, t.mem_fd, 0);
	return 0;
}

int
start_polled(void **state)
{
	(void)state;
	return start(true, USUAL);
}

int
start_event(void **state)
{
	(void)state;
	return start(false, USUAL);
}

int
stop(void **state)
{
	(void)state;
	close(t.socket);
	if (t.twin >= 0) {
		close(t.twin);
	}
	close(t.mem_fd);
	if (t.fd >= 0) {
		close(t.fd);
	}
	munmap(t.mem, MEM_NBYTES);
	vfio_user_stop(t.server);
	assert_int_equal(access(t.path, F_OK), -1);
	return 0;
}

void
send_raw(const void *data, size_t nbytes, const int *fds, uint32_t nfds)
{
	MESSAGE_ROOM(control, 32);
	struct iovec iov = {.iov_base = (void *)(uintptr_t)data, .iov_len = nbytes};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (nfds > 0) {
		message_attach(&msg, control, fds, nfds);
	}
	(void)sendmsg(t.socket, &msg, MSG_NOSIGNAL);
}

void
send_message(uint16_t command, uint32_t flags, const void *payload, uint32_t nbytes, const int *fds,
	     uint32_t nfds)
{
	uint8_t message[sizeof(struct vfu_header) + 8192];
	struct vfu_header header = {.id = 77,
				    .command = command,
				    .flags = flags,
				    .nbytes = (uint32_t)sizeof(header) + nbytes};

	memcpy(message, &header, sizeof(header));
	if (nbytes > 0) {
		memcpy(message + sizeof(header), payload, nbytes);
	}
	send_raw(message, sizeof(header) + nbytes, fds, nfds);
}

static bool
take_all(int fd, void *to, size_t nbytes)
{
	return nbytes == 0 || recv(fd, to, nbytes, MSG_WAITALL) == (ssize_t)nbytes;
}

/* The rest of a request after its header: the access, and written data into the client's memory */
static void
finish_request(int fd, const struct vfu_header *header, struct vfu_dma_access *access)
{
	bool write = header->command == VFU_DMA_WRITE;

	assert_true(write || header->command == VFU_DMA_READ);
	assert_int_equal(header->flags, VFU_TYPE_COMMAND);
	assert_true(take_all(fd, access, sizeof(*access)));
	assert_int_equal(header->nbytes,
			 sizeof(*header) + sizeof(*access) + (write ? access->count : 0));
	assert_true(access->addr >= IOVA && access->addr + access->count <= IOVA + MEM_NBYTES);
	t.reads += !write;
	t.writes += write;
	t.longest = access->count > t.longest ? (uint32_t)access->count : t.longest;
	if (write) {
		assert_true(take_all(fd, t.mem + (access->addr - IOVA), access->count));
	}
}

bool
take_request(struct vfu_header *header, struct vfu_dma_access *access, int wait_ms)
{
	int fd = t.twin >= 0 ? t.twin : t.socket;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (poll(&p, 1, wait_ms) != 1 || !take_all(fd, header, sizeof(*header))) {
		return false;
	}
	finish_request(fd, header, access);
	return true;
}

void
answer_request(const struct vfu_header *header, const struct vfu_dma_access *access)
{
	static uint8_t message[sizeof(*header) + sizeof(*access) + MEM_NBYTES + 64];
	int fd = t.twin >= 0 ? t.twin : t.socket;
	struct vfu_header reply = {.id = header->id,
				   .command = header->command,
				   .flags = VFU_TYPE_REPLY | (t.refuse ? VFU_ERROR : 0),
				   .error = (uint32_t)t.refuse};
	size_t data = header->command == VFU_DMA_READ ? access->count : 0;

	reply.nbytes = (uint32_t)(sizeof(reply) + (t.refuse ? 0 : sizeof(*access) + data)) +
		       (uint32_t)t.more;
	memcpy(message, &reply, sizeof(reply));
	memcpy(message + sizeof(reply), access, sizeof(*access));
	memcpy(message + sizeof(reply) + sizeof(*access), t.mem + (access->addr - IOVA), data);
	(void)send(fd, message, reply.nbytes, MSG_NOSIGNAL);
}

/* The reply's errno, or -1 when the server disconnected */
int
receive(void)
{
	MESSAGE_ROOM(control, 1);
	struct iovec iov = {.iov_base = &t.header, .iov_len = sizeof(t.header)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	uint32_t nfds = 0;

	do {
		struct vfu_dma_access access;

		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		if (recvmsg(t.socket, &msg, MSG_WAITALL) != sizeof(t.header)) {
			return -1;
		}
		if (t.header.flags == VFU_TYPE_COMMAND && t.far) {
			finish_request(t.socket, &t.header, &access);
			answer_request(&t.header, &access);
			continue;
		}
		break;
	} while (true);
	if (t.fd >= 0) {
		close(t.fd);
		t.fd = -1;
	}
	message_detach(&msg, &t.fd, &nfds, 1);
	assert_int_equal(t.header.id, 77);
	assert_int_equal(t.header.flags & VFU_TYPE_MASK, VFU_TYPE_REPLY);
	t.nbytes = t.header.nbytes - (uint32_t)sizeof(t.header);
	assert_true(t.nbytes <= sizeof(t.reply));
	assert_true(take_all(t.socket, t.reply, t.nbytes));
	if (t.header.flags & VFU_ERROR) {
		assert_int_equal(t.nbytes, 0); /* an error is a header alone */
		assert_int_not_equal(t.header.error, 0);
		return (int)t.header.error;
	}
	return 0;
}

int
ask(uint16_t command, const void *payload, uint32_t nbytes)
{
	send_message(command, 0, payload, nbytes, NULL, 0);
	return receive();
}

int
say_version(uint16_t major, uint16_t minor, const char *json)
{
	uint8_t payload[4096];
	const struct vfu_version version = {.major = major, .minor = minor};
	uint32_t nbytes = json ? (uint32_t)strlen(json) + 1 : 0;

	memcpy(payload, &version, sizeof(version));
	memcpy(payload + sizeof(version), json ? json : "", nbytes);
	return ask(VFU_VERSION, payload, (uint32_t)sizeof(version) + nbytes);
}

int
map(uint64_t addr, uint64_t nbytes, uint64_t offset, uint32_t flags, bool with_fd)
{
	const struct vfu_dma_map m = {sizeof(m), flags, offset, addr, nbytes};

	send_message(VFU_DMA_MAP, 0, &m, sizeof(m), &t.mem_fd, with_fd);
	return receive();
}

int
unmap(uint64_t addr, uint64_t nbytes, uint32_t flags)
{
	const struct vfu_dma_unmap m = {sizeof(m), flags, addr, nbytes};

	return ask(VFU_DMA_UNMAP, &m, sizeof(m));
}

int
access_region(bool write, uint32_t region, uint64_t offset, uint32_t count, const void *data)
{
	uint8_t payload[sizeof(struct vfu_region_access) + 4096];
	const struct vfu_region_access a = {offset, region, count};

	memcpy(payload, &a, sizeof(a));
	if (write) {
		memcpy(payload + sizeof(a), data, count);
	}
	return ask(write ? VFU_REGION_WRITE : VFU_REGION_READ, payload,
		   (uint32_t)sizeof(a) + (write ? count : 0));
}

uint32_t
read4(uint32_t region, uint64_t offset)
{
	uint32_t value;

	assert_int_equal(access_region(false, region, offset, 4, NULL), 0);
	assert_int_equal(t.nbytes, sizeof(struct vfu_region_access) + 4);
	memcpy(&value, t.reply + sizeof(struct vfu_region_access), 4);
	return value;
}

void
write4(uint64_t offset, uint32_t value)
{
	assert_int_equal(access_region(true, VFU_REGION_BAR0, offset, 4, &value), 0);
}

int
set_irqs(uint32_t flags, uint32_t index, uint32_t first, uint32_t count, const int *fds,
	 uint32_t nfds)
{
	const struct vfu_irq_set set = {sizeof(set), flags, index, first, count};

	send_message(VFU_SET_IRQS, 0, &set, sizeof(set), fds, nfds);
	return receive();
}

void
reconnect(void)
{
	close(t.socket);
	if (t.twin >= 0) {
		close(t.twin);
		t.twin = -1;
	}
	connect_to_server();
}

void
set_command(uint16_t value)
{
	assert_int_equal(access_region(true, VFU_REGION_CONFIG, 4, 2, &value), 0);
}

void
set_messages(uint16_t control)
{
	assert_int_equal(access_region(true, VFU_REGION_CONFIG, 0x92, 2, &control), 0);
}

void
enable(void)
{
	uint64_t asq = IOVA, acq = IOVA + 4096;

	memset(t.mem, 0, 4 * 4096);
	set_command(COMMAND_MEMORY_AND_MASTER);
	write4(REG_AQA, 7 | 7 << 16);
	assert_int_equal(access_region(true, VFU_REGION_BAR0, REG_ASQ, 8, &asq), 0);
	assert_int_equal(access_region(true, VFU_REGION_BAR0, REG_ACQ, 8, &acq), 0);
	write4(REG_CC, 1 | 6 << 16 | 4 << 20);
}

void
put_identify(void)
{
	uint32_t *sqe = (uint32_t *)(void *)t.mem;

	sqe[0] = 0x06 | 0x55 << 16;
	sqe[6] = IOVA + 8192;
	sqe[10] = 1;
}

void
identify(void)
{
	volatile uint32_t *cqe = (volatile uint32_t *)(void *)(t.mem + 4096);

	enable();
	assert_int_equal(read4(VFU_REGION_BAR0, REG_CSTS), CSTS_RDY);
	put_identify();
	write4(REG_DOORBELLS, 1);
	for (uint32_t tries = 0; !(cqe[3] & 0x10000) && tries < 5000; ++tries) {
		struct vfu_header header;
		struct vfu_dma_access access;

		if (!t.far) {
			usleep(1000);
		} else if (take_request(&header, &access, 1)) {
			answer_request(&header, &access);
		}
	}
	assert_int_equal(cqe[3], 0x10055);
	assert_int_not_equal(t.mem[8192 + 516], 0); /* NN */
}
