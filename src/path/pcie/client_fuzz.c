/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vfio-user server that sends arbitrary bytes to the client. Its answers are in the socket before
 * the requests, framed so that most get far: identifiers and commands match unless the input
 * changes them. The client opens the bus and uses it until the answers are used up.
 */
#include <errno.h>
#include <fcntl.h>
#include <nvme/regs.h>
#include <nvme/vfio_user.h>
#include <os/message.h>
#include <path/pcie/bus.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEMORY_NBYTES 16384u
#define TIMEOUT_NS 1000000000ull
#define MESSAGES_MAX 32u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t nbytes);

static int ends[2]; /* the client's, the server's */

/* Connect the client to this server, for any address */
int
__wrap_connect(int fd, const struct sockaddr *address, socklen_t nbytes)
{
	(void)address;
	(void)nbytes;
	return dup2(ends[0], fd) < 0 ? -1 : 0;
}

/* The descriptor of a message: none, memory that is sealed or not, long enough or not, or another
 * kind of file */
static int
descriptor(uint8_t which)
{
	int fd;

	switch (which % 6) {
	case 1:
		return eventfd(0, EFD_NONBLOCK);
	case 2:
	case 3:
	case 4:
		fd = memfd_create("fuzz", MFD_ALLOW_SEALING);
		if (ftruncate(fd, which % 6 == 2 ? 4096 : 65536) ||
		    (which % 6 == 3 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))) {
			abort();
		}
		return fd;
	case 5:
		return dup(ends[1]);
	default:
		return -1;
	}
}

static void
send_one(const struct vfu_header *header, const uint8_t *payload, size_t nbytes, uint8_t with)
{
	MESSAGE_ROOM(control, 1);
	struct iovec iov[2] = {{(void *)(uintptr_t)header, sizeof(*header)},
			       {(void *)(uintptr_t)payload, nbytes}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};
	int fd = descriptor(with);

	if (fd >= 0) {
		message_attach(&msg, control, &fd, 1);
	}
	(void)sendmsg(ends[1], &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (fd >= 0) {
		(void)close(fd);
	}
}

/* The client's requests in the order without errors */
static uint16_t
command_of(uint32_t number)
{
	static const uint16_t order[] = {VFU_VERSION, VFU_GET_INFO, VFU_GET_REGION_INFO,
					 VFU_GET_IRQ_INFO, VFU_REGION_WRITE, VFU_REGION_READ,
					 VFU_DMA_MAP, VFU_DMA_MAP, VFU_SET_IRQS, VFU_REGION_WRITE,
					 VFU_REGION_READ, VFU_RESET, VFU_REGION_WRITE,
					 VFU_DMA_UNMAP, VFU_DMA_UNMAP};

	return order[number % (sizeof(order) / sizeof(order[0]))];
}

static void
send_answers(const uint8_t *data, size_t nbytes)
{
	uint32_t answers = 0;

	for (uint32_t i = 0; i < MESSAGES_MAX && nbytes >= 4; ++i) {
		uint8_t kind = data[0], with = data[1], odd = data[3];
		uint32_t size = data[2];
		struct vfu_header header = {.id = (uint16_t)(answers + 1),
					    .command = command_of(answers),
					    .flags = VFU_TYPE_REPLY};

		data += 4;
		nbytes -= 4;
		size = size < nbytes ? size : (uint32_t)nbytes;
		if (kind & 1) { /* a request of the server before its answer */
			header.command = kind & 2 ? VFU_DMA_READ : VFU_DMA_WRITE;
			header.flags = kind & 4 ? VFU_NO_REPLY : 0;
		} else {
			answers += 1;
		}
		header.nbytes = (uint32_t)sizeof(header) + size;
		header.id = (uint16_t)(header.id ^ (kind == 0x10 ? odd : 0));
		header.command = (uint16_t)(header.command ^ (kind == 0x20 ? odd : 0));
		header.flags ^= kind == 0x30 ? odd : kind == 0x40 ? VFU_ERROR : 0;
		header.error = kind == 0x40 ? odd : 0;
		header.nbytes ^= kind == 0x50 ? (uint32_t)odd << (odd % 24) : 0;
		send_one(&header, data, size, with);
		data += size;
		nbytes -= size;
	}
}

/* Every use of a bus by the driver */
static void
use(struct bus *bus)
{
	uint8_t *memory = aligned_alloc(4096, MEMORY_NBYTES);
	int fd = memfd_create("memory", MFD_CLOEXEC), event = eventfd(0, EFD_NONBLOCK);
	struct dma_region file = {.vaddr = memory, .iova = 0x100000, .nbytes = 4096, .fd = fd};
	struct dma_region own = {.iova = 0x200000, .nbytes = MEMORY_NBYTES, .fd = -1};
	uint64_t value = 0;

	own.vaddr = mmap(NULL, MEMORY_NBYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	if (ftruncate(fd, 4096) || own.vaddr == MAP_FAILED || !memory) {
		abort();
	}
	(void)bus->ops->read(bus, REG_CAP, &value, 8);
	if (bus->ops->map(bus, &file) == 0 && bus->ops->map(bus, &own) == 0) {
		memset(own.vaddr, 1, MEMORY_NBYTES);
	}
	(void)bus->ops->vector(bus, 1, event);
	(void)bus->ops->write(bus, REG_CC, &value, 4);
	(void)bus->ops->read(bus, REG_CSTS, &value, 4);
	(void)bus->ops->reset(bus);
	(void)bus->ops->unmap(bus, file.iova, file.nbytes);
	(void)bus->ops->unmap(bus, own.iova, own.nbytes);
	for (size_t at = 0; bus->doorbells && at + 4 <= bus->doorbells_nbytes; at += 4096) {
		*(volatile uint32_t *)(void *)(bus->doorbells + at) = 1;
	}
	bus->ops->close(bus);
	(void)close(fd);
	(void)close(event);
	(void)munmap(own.vaddr, MEMORY_NBYTES);
	free(memory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	struct bus *bus;
	int err;

	if (nbytes < 1) {
		return 0;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		abort();
	}
	send_answers(data + 1, nbytes - 1);
	(void)shutdown(ends[1], SHUT_WR); /* end of the input */
	err = bus_vfio_user_open(data[0] & 1 ? "/fuzz" : "/fuzz,memory=messages", TIMEOUT_NS, false,
				 &bus);
	(void)close(ends[0]);
	if (!err) {
		use(bus);
	} else if (err > 0) {
		abort();
	}
	(void)close(ends[1]);
	return 0;
}
