/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller behind a socket: the client side of the vfio-user protocol. Registers are messages.
 * Doorbells are shared memory where the server offers it. Memory is sent to the server as files,
 * or, with ",memory=messages" after the path, the server requests reads and writes of it by
 * message.
 */
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <nvme/regs.h>
#include <nvme/vfio_user.h>
#include <os/os.h>
#include <path/pcie/adopt.h>
#include <path/pcie/bus.h>
#include <path/pcie/vfu_memory.h>
#include <path/pcie/vfu_socket.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_NS 10000000000ull /* upper limit for the answer to a request */
#define REPLY_NBYTES 4096u
#define VECTORS_MAX 2048u
/* in configuration space */
#define COMMAND_OFFSET 4u
#define COMMAND_ENABLE 0x406u /* memory, bus master, and never the pin (Interrupt Disable) */
#define CAPABILITIES_OFFSET 0x34u
#define CAPABILITIES_MAX 48u /* the most that the 192 bytes after the header contain */
#define CAPABILITY_FIRST 0x40u
#define CAPABILITY_MSIX 0x11u
#define MSIX_ENABLE 0x8000u
#define MSIX_MASK_ALL 0x4000u

/* One descriptor per message, 1 MiB of data, the maximum number of maps, pages of 4 KiB */
#define CAPABILITIES                                                                               \
	"{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576" \
	",\"max_dma_maps\":65535,\"pgsizes\":4096"
#define TWIN "\"twin_socket\":{\"supported\":true"
static const char capabilities[] = CAPABILITIES "}}";
static const char capabilities_far[] = CAPABILITIES "," TWIN "}}}";
#define BY_MESSAGES ",memory=messages"

/* Memory of the user that was replaced by a file */
struct adopted {
	struct adopted *next;
	void *vaddr;
	uint64_t iova;
	size_t nbytes;
};

struct vfu_bus {
	struct bus bus; /* base: must be first */
	struct adopted *adopted;
	struct vfu_memory *memory; /* all mapped memory */
	bool by_messages;	   /* the server receives no files */
	_Atomic int waiting_event; /* eventfd of vector 0 (admin), which nothing reads; -1: none */
	int socket;
	uint64_t timeout_ns; /* of a request, from its first byte to the last byte of the answer */
	uint16_t id;
	pthread_mutex_t lock; /* one request at a time */
	void *mapped;
	size_t mapped_nbytes;
	char path[108]; /* sizeof(sockaddr_un.sun_path) */
	_Alignas(8) uint8_t reply[REPLY_NBYTES];
	uint32_t reply_nbytes;
	int reply_fd; /* -1: none came */
};

static struct vfu_bus *
vfu_of(struct bus *bus)
{
	return (struct vfu_bus *)bus;
}

/* ---- messages ---- */

/* Close the connection: later bytes would answer another request. -errno. */
static int
gone(struct vfu_bus *b, int err, const char *what)
{
	(void)shutdown(b->socket, SHUT_RDWR);
	return err_set(err, "vfio-user:%s: the server is gone (%s)", b->path, what);
}

/* Report why sending or receiving failed */
static int
broken(struct vfu_bus *b, int err)
{
	(void)shutdown(b->socket, SHUT_RDWR);
	switch (err) {
	case -ETIMEDOUT:
		return err_set(err, "vfio-user:%s: the server did not answer within %llu ms",
			       b->path, (unsigned long long)(b->timeout_ns / 1000000));
	case -ECONNRESET:
		return gone(b, -ENODEV, "it closed the connection");
	case -EMFILE:
		return err_set(err,
			       "vfio-user:%s: a descriptor that the server sent is lost: this "
			       "process may open no more files (RLIMIT_NOFILE), or it sent more "
			       "than 4",
			       b->path);
	case -EPROTO:
		return gone(b, -ENODEV, "what it sends does not follow the protocol");
	default:
		return gone(b, -ENODEV, strerror(-err));
	}
}

/* Receive the header of the answer. Requests of the server that arrive before are answered
 * first. */
static int
receive_header(struct vfu_bus *b, struct vfu_header *header, uint64_t deadline_ns)
{
	int err = 0;

	while (!err) {
		err = vfu_receive(b->socket, header, sizeof(*header), &b->reply_fd, deadline_ns);
		if (err || (header->flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND) {
			return err;
		}
		err = vfu_memory_answer(b->memory, b->socket, header, deadline_ns);
	}
	return err;
}

/* Send a request and receive the answer into b->reply; the lock is held. -errno: the server's, or
 * -ENODEV. */
static int
ask(struct vfu_bus *b, enum vfu_command command, const void *head, size_t head_nbytes,
    const void *tail, size_t tail_nbytes, int fd)
{
	struct vfu_header header = {.id = ++b->id, .command = (uint16_t)command};
	struct iovec iov[3] = {{&header, sizeof(header)},
			       {(void *)(uintptr_t)head, head_nbytes},
			       {(void *)(uintptr_t)tail, tail_nbytes}};
	uint64_t deadline_ns = os_clock_ns() + b->timeout_ns;
	int err;

	header.nbytes = (uint32_t)(sizeof(header) + head_nbytes + tail_nbytes);
	if (b->reply_fd >= 0) {
		(void)close(b->reply_fd);
		b->reply_fd = -1;
	}
	err = vfu_send(b->socket, iov, 3, fd, deadline_ns);
	err = err ? err : receive_header(b, &header, deadline_ns);
	if (err) {
		return broken(b, err);
	}
	if ((header.flags & VFU_TYPE_MASK) != VFU_TYPE_REPLY || header.command != command ||
	    header.id != b->id || header.nbytes < sizeof(header) ||
	    header.nbytes - sizeof(header) > REPLY_NBYTES) {
		return broken(b, -EPROTO);
	}
	b->reply_nbytes = header.nbytes - (uint32_t)sizeof(header);
	err = vfu_receive(b->socket, b->reply, b->reply_nbytes, &b->reply_fd, deadline_ns);
	if (err) {
		return broken(b, err);
	}
	if (header.flags & VFU_ERROR) {
		err = header.error > 0 && header.error < 4096 ? -(int)header.error : -EIO;
		return err_set(err, "vfio-user:%s: the server refuses request %u: %s", b->path,
			       command, strerror(-err));
	}
	return err;
}

/* Check that the answer has at least `nbytes` */
static int
expect(struct vfu_bus *b, int err, size_t nbytes)
{
	return err			 ? err
	       : b->reply_nbytes < nbytes ? gone(b, -ENODEV, "its answer is too short")
					  : 0;
}

/* ---- the bus ---- */

static int
region_read(struct vfu_bus *b, uint32_t region, uint64_t offset, void *data, uint32_t nbytes)
{
	struct vfu_region_access a = {.offset = offset, .region = region, .count = nbytes};
	int err;

	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_REGION_READ, &a, sizeof(a), NULL, 0, -1);
	err = expect(b, err, sizeof(a) + nbytes);
	if (!err) {
		memcpy(data, b->reply + sizeof(a), nbytes);
	}
	(void)pthread_mutex_unlock(&b->lock);
	return err;
}

static int
region_write(struct vfu_bus *b, uint32_t region, uint64_t offset, const void *data, uint32_t nbytes)
{
	struct vfu_region_access a = {.offset = offset, .region = region, .count = nbytes};
	int err;

	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_REGION_WRITE, &a, sizeof(a), data, nbytes, -1);
	(void)pthread_mutex_unlock(&b->lock);
	return err;
}

static int
bus_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	return region_read(vfu_of(bus), VFU_REGION_BAR0, offset, data, nbytes);
}

static int
bus_write(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes)
{
	return region_write(vfu_of(bus), VFU_REGION_BAR0, offset, data, nbytes);
}

static int
send_map(struct vfu_bus *b, const struct dma_region *region, int fd)
{
	struct vfu_dma_map map = {.argsz = sizeof(map),
				  .flags = VFU_DMA_FLAG_READ | VFU_DMA_FLAG_WRITE,
				  .offset = fd >= 0 ? region->fd_offset : 0,
				  .addr = region->iova,
				  .nbytes = region->nbytes};
	int err = vfu_memory_add(b->memory, region->iova, region->vaddr, region->nbytes);

	if (err) {
		return err_set(err, "no memory to map memory");
	}
	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_DMA_MAP, &map, sizeof(map), NULL, 0, fd);
	(void)pthread_mutex_unlock(&b->lock);
	if (err) {
		vfu_memory_remove(b->memory, region->iova);
	}
	return err;
}

static int
bus_map(struct bus *bus, const struct dma_region *region)
{
	struct vfu_bus *b = vfu_of(bus);
	struct adopted *adopted;
	int fd, err;

	if (region->fd >= 0 || b->by_messages) {
		return send_map(b, region, b->by_messages ? -1 : region->fd);
	}
	adopted = calloc(1, sizeof(*adopted));
	if (!adopted) {
		return err_set(-ENOMEM, "no memory to map memory");
	}
	fd = adopt_memory(region->vaddr, region->nbytes);
	err = fd < 0 ? fd : send_map(b, region, fd);
	if (fd >= 0) {
		(void)close(fd);
	}
	if (err) {
		if (fd >= 0) {
			(void)adopt_return(region->vaddr, region->nbytes);
		}
		free(adopted);
		return err;
	}
	*adopted = (struct adopted){b->adopted, region->vaddr, region->iova, region->nbytes};
	b->adopted = adopted; /* dma.c serializes these calls */
	return 0;
}

static int
bus_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	struct vfu_bus *b = vfu_of(bus);
	struct vfu_dma_unmap unmap = {.argsz = sizeof(unmap), .addr = iova, .nbytes = nbytes};
	int err;

	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_DMA_UNMAP, &unmap, sizeof(unmap), NULL, 0, -1);
	(void)pthread_mutex_unlock(&b->lock);
	vfu_memory_remove(b->memory, iova);
	for (struct adopted **at = &b->adopted; *at; at = &(*at)->next) {
		struct adopted *adopted = *at;

		if (adopted->iova == iova) {
			*at = adopted->next;
			(void)adopt_return(adopted->vaddr, adopted->nbytes);
			free(adopted);
			break;
		}
	}
	return err;
}

/* A function sends messages only while its capability enables them (PCI Express Base 4.0, 7.7.2.2).
 * Setting the eventfds (SET_IRQS) does not imply that, and an earlier client may have left it
 * enabled. A function without the capability is left unchanged. */
static int
allow_messages(struct vfu_bus *b, bool allow)
{
	const uint16_t control = MSIX_ENABLE | MSIX_MASK_ALL;
	uint16_t entry[2]; /* identifier and next, control */
	uint8_t at = 0;
	int err = region_read(b, VFU_REGION_CONFIG, CAPABILITIES_OFFSET, &at, sizeof(at));

	for (uint32_t i = 0; !err && at >= CAPABILITY_FIRST && i < CAPABILITIES_MAX; ++i) {
		at &= 0xFC;
		err = region_read(b, VFU_REGION_CONFIG, at, entry, sizeof(entry));
		if (!err && (entry[0] & 0xFF) == CAPABILITY_MSIX) {
			entry[1] = (uint16_t)((entry[1] & ~control) | (allow ? MSIX_ENABLE : 0));
			return region_write(b, VFU_REGION_CONFIG, at + 2u, &entry[1],
					    sizeof(entry[1]));
		}
		at = (uint8_t)(entry[0] >> 8);
	}
	return err;
}

static int
set_vector(struct vfu_bus *b, uint32_t vector, int event)
{
	struct vfu_irq_set set = {.argsz = sizeof(set),
				  .flags = VFU_SET_EVENTFD | VFU_SET_TRIGGER,
				  .index = VFU_IRQ_MSIX,
				  .start = vector,
				  .count = 1};
	int err;

	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_SET_IRQS, &set, sizeof(set), NULL, 0, event);
	(void)pthread_mutex_unlock(&b->lock);
	return err;
}

/* From the first use of a vector on, vector 0 of the admin queue always has an eventfd too: servers
 * fail when it has none */
static int
begin_messages(struct vfu_bus *b)
{
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), none = -1, err;

	if (event < 0) {
		return err_set(-errno, "no event descriptor: %s", strerror(errno));
	}
	err = set_vector(b, 0, event);
	err = err ? err : allow_messages(b, true);
	if (err || !atomic_compare_exchange_strong(&b->waiting_event, &none, event)) {
		(void)close(event); /* another thread was first: the server has a copy */
	}
	return err;
}

static int
bus_vector(struct bus *bus, uint32_t vector, int event)
{
	struct vfu_bus *b = vfu_of(bus);
	int err = set_vector(b, vector, event);

	return err || event < 0 || b->waiting_event >= 0 ? err : begin_messages(b);
}

/* A function accesses memory only after bus mastering is enabled; its messages follow what the
 * client has requested */
static int
enable(struct vfu_bus *b)
{
	const uint16_t command = COMMAND_ENABLE;
	int err = region_write(b, VFU_REGION_CONFIG, COMMAND_OFFSET, &command, sizeof(command));

	return err ? err : allow_messages(b, b->waiting_event >= 0);
}

static int
bus_reset(struct bus *bus)
{
	struct vfu_bus *b = vfu_of(bus);
	int err;

	(void)pthread_mutex_lock(&b->lock);
	err = ask(b, VFU_RESET, NULL, 0, NULL, 0, -1);
	(void)pthread_mutex_unlock(&b->lock);
	return err ? err : enable(b); /* the reset cleared both */
}

static void
bus_close(struct bus *bus)
{
	struct vfu_bus *b = vfu_of(bus);

	for (struct adopted *at = b->adopted, *next; at; at = next) {
		next = at->next;
		free(at); /* stays shared: it may be unmapped by now */
	}
	if (b->mapped) {
		(void)munmap(b->mapped, b->mapped_nbytes);
	}
	if (b->memory) {
		vfu_memory_free(b->memory);
	}
	if (b->reply_fd >= 0) {
		(void)close(b->reply_fd);
	}
	if (b->waiting_event >= 0) {
		(void)close(b->waiting_event);
	}
	if (b->socket >= 0) {
		(void)close(b->socket);
	}
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

static const struct bus_ops ops = {
	.name = "vfio-user",
	.read = bus_read,
	.write = bus_write,
	.map = bus_map,
	.unmap = bus_unmap,
	.vector = bus_vector,
	.reset = bus_reset,
	.close = bus_close,
};

/* ---- connecting ---- */

static int
connect_to(struct vfu_bus *b)
{
	const struct timeval limit = {.tv_sec = (time_t)(b->timeout_ns / 1000000000u),
				      .tv_usec = (suseconds_t)(b->timeout_ns / 1000 % 1000000)};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int err;

	memcpy(address.sun_path, b->path, sizeof(address.sun_path));
	b->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (b->socket < 0) {
		return err_set(-errno, "no socket: %s", strerror(errno));
	}
	/* connect(2) waits for a slot in the server's queue of connections */
	(void)setsockopt(b->socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(b->socket, (const struct sockaddr *)&address, sizeof(address)) == 0) {
		return 0;
	}
	err = -errno;
	switch (err) {
	case -ENOENT:
	case -ECONNREFUSED:
		return err_set(err,
			       "no server answers at vfio-user:%s (%s); start one with: nvmevirt "
			       "serve --vfio-user %s null",
			       b->path, strerror(-err), b->path);
	case -EAGAIN:
		return err_set(-ETIMEDOUT,
			       "vfio-user:%s: the server did not take the connection within "
			       "%llu ms",
			       b->path, (unsigned long long)(b->timeout_ns / 1000000));
	default:
		return err_set(err, "vfio-user:%s: cannot connect: %s", b->path, strerror(-err));
	}
}

/* Take the socket on which the server sends its own requests, if it made one */
static int
take_twin(struct vfu_bus *b)
{
	const char *text = (const char *)b->reply + sizeof(struct vfu_version);
	bool terminated = b->reply_nbytes > sizeof(struct vfu_version) &&
			  b->reply[b->reply_nbytes - 1] == '\0';
	int fd = b->reply_fd, err;

	if (!terminated || !strstr(text, TWIN) || fd < 0) {
		return err_set(-ENOTSUP,
			       "vfio-user:%s: the server makes no socket for asking (twin_socket); "
			       "leave out " BY_MESSAGES,
			       b->path);
	}
	b->reply_fd = -1;
	err = vfu_memory_serve(b->memory, fd, b->timeout_ns);
	return err ? err_set(err, "no thread to answer a server: %s", strerror(-err)) : 0;
}

static int
agree(struct vfu_bus *b)
{
	const struct vfu_version ours = {.major = VFU_MAJOR, .minor = VFU_MINOR};
	struct vfu_version theirs;
	int err = b->by_messages ? ask(b, VFU_VERSION, &ours, sizeof(ours), capabilities_far,
				       sizeof(capabilities_far), -1)
				 : ask(b, VFU_VERSION, &ours, sizeof(ours), capabilities,
				       sizeof(capabilities), -1);

	err = expect(b, err, sizeof(theirs));
	if (err == -EBUSY) {
		return err_set(err, "vfio-user:%s: busy: serves another client", b->path);
	}
	if (err) {
		return err;
	}
	memcpy(&theirs, b->reply, sizeof(theirs));
	if (theirs.major != VFU_MAJOR || theirs.minor > VFU_MINOR) {
		return err_set(-EPROTO, "vfio-user:%s speaks version %u.%u, not %u.%u", b->path,
			       theirs.major, theirs.minor, VFU_MAJOR, VFU_MINOR);
	}
	return b->by_messages ? take_twin(b) : 0;
}

/* Does the file contain the whole area for as long as it is mapped? Otherwise a store there could
 * raise SIGBUS. 1: yes; 0: the server can truncate it (not sealed); -errno after err_set(). */
static int
area_stays(struct vfu_bus *b, uint64_t offset, uint64_t nbytes)
{
	int seals = fcntl(b->reply_fd, F_GET_SEALS);
	struct stat st;

	if (fstat(b->reply_fd, &st)) {
		return err_set(-errno, "vfio-user:%s: the file of the doorbells: %s", b->path,
			       strerror(errno));
	}
	if (S_ISREG(st.st_mode) &&
	    ((uint64_t)st.st_size < offset || (uint64_t)st.st_size - offset < nbytes)) {
		return err_set(-EPROTO,
			       "vfio-user:%s: the file of the doorbells has %llu bytes, the area "
			       "[%llu, +%llu) does not lie in it",
			       b->path, (unsigned long long)st.st_size, (unsigned long long)offset,
			       (unsigned long long)nbytes);
	}
	return seals >= 0 && (seals & F_SEAL_SHRINK);
}

/* Map the one mappable area of BAR0, if it begins with the doorbells */
static int
map_doorbells(struct vfu_bus *b, const struct vfu_region_info *info)
{
	struct vfu_sparse sparse;
	uint64_t offset;
	int stays;

	if (!(info->flags & VFU_REGION_FLAG_MMAP) || b->reply_fd < 0 ||
	    info->cap_offset < sizeof(*info) || info->cap_offset > b->reply_nbytes ||
	    b->reply_nbytes - info->cap_offset < sizeof(sparse)) {
		return 0; /* doorbells are messages */
	}
	memcpy(&sparse, b->reply + info->cap_offset, sizeof(sparse));
	if (sparse.id != VFU_CAP_SPARSE_MMAP || sparse.nareas != 1 ||
	    sparse.area_offset != REG_DOORBELLS || sparse.area_nbytes == 0) {
		return 0;
	}
	offset = info->offset + sparse.area_offset;
	stays = area_stays(b, offset, sparse.area_nbytes);
	if (stays <= 0) {
		return stays; /* 0: doorbells are messages, which work for mapped regions too */
	}
	b->mapped = mmap(NULL, sparse.area_nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, b->reply_fd,
			 (off_t)offset);
	if (b->mapped == MAP_FAILED) {
		b->mapped = NULL;
		return err_set(-errno, "vfio-user:%s: the doorbells cannot be mapped: %s", b->path,
			       strerror(errno));
	}
	b->mapped_nbytes = sparse.area_nbytes;
	b->bus.doorbells = b->mapped;
	b->bus.doorbells_nbytes = b->mapped_nbytes;
	b->bus.doorbells_cheap = true;
	return 0;
}

/* Check what the server offers: a PCI device, BAR0 with doorbells, interrupts */
static int
look_around(struct vfu_bus *b)
{
	struct vfu_device_info device = {.argsz = sizeof(device)};
	struct vfu_region_info info = {.argsz = REPLY_NBYTES, .index = VFU_REGION_BAR0};
	struct vfu_irq_info irq = {.argsz = sizeof(irq), .index = VFU_IRQ_MSIX};
	int err = ask(b, VFU_GET_INFO, &device, sizeof(device), NULL, 0, -1);

	err = expect(b, err, sizeof(device));
	if (err) {
		return err;
	}
	memcpy(&device, b->reply, sizeof(device));
	if (!(device.flags & VFU_DEVICE_PCI) || device.num_regions <= VFU_REGION_CONFIG) {
		return err_set(-ENODEV, "vfio-user:%s offers no PCI device", b->path);
	}
	err = ask(b, VFU_GET_REGION_INFO, &info, sizeof(info), NULL, 0, -1);
	err = expect(b, err, sizeof(info));
	if (err) {
		return err;
	}
	memcpy(&info, b->reply, sizeof(info));
	if (info.nbytes <= REG_DOORBELLS) {
		return err_set(-ENODEV,
			       "vfio-user:%s offers no NVMe controller: BAR0 has %llu bytes",
			       b->path, (unsigned long long)info.nbytes);
	}
	err = map_doorbells(b, &info);
	if (!err) {
		err = ask(b, VFU_GET_IRQ_INFO, &irq, sizeof(irq), NULL, 0, -1);
		err = expect(b, err, sizeof(irq));
	}
	if (!err) {
		memcpy(&irq, b->reply, sizeof(irq));
		b->bus.vectors = irq.count < VECTORS_MAX ? irq.count : VECTORS_MAX;
	}
	return err;
}

/* Parse the path and the options after it */
static int
parse_name(struct vfu_bus *b, const char *name)
{
	size_t nbytes = strlen(name), option = strlen(BY_MESSAGES);

	b->by_messages = nbytes > option && !strcmp(name + nbytes - option, BY_MESSAGES);
	nbytes -= b->by_messages ? option : 0;
	if (nbytes == 0) {
		return err_set(-EINVAL,
			       "'vfio-user:' names no socket; write vfio-user:PATH, where "
			       "'nvmevirt serve --vfio-user PATH' listens");
	}
	if (nbytes >= sizeof(b->path)) {
		return err_set(-ENAMETOOLONG,
			       "vfio-user:%s: the path of a socket has at most 107 bytes", name);
	}
	memcpy(b->path, name, nbytes);
	return 0;
}

int
bus_vfio_user_open(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus)
{
	struct vfu_bus *b = calloc(1, sizeof(*b));
	int err;

	(void)read_only; /* the server has the SSD's state */
	if (!b) {
		return err_set(-ENOMEM, "no memory for a bus");
	}
	b->socket = b->reply_fd = -1;
	atomic_init(&b->waiting_event, -1);
	b->timeout_ns = timeout_ns < ANSWER_NS ? timeout_ns : ANSWER_NS;
	b->bus.ops = &ops;
	b->bus.iova_end = UINT64_MAX;
	(void)pthread_mutex_init(&b->lock, NULL);
	b->memory = vfu_memory_new();
	err = b->memory ? parse_name(b, name) : err_set(-ENOMEM, "no memory for a bus");
	err = err ? err : connect_to(b);
	err = err ? err : agree(b);
	err = err ? err : look_around(b);
	err = err ? err : enable(b);
	if (err) {
		bus_close(&b->bus);
		return err;
	}
	*bus = &b->bus;
	return 0;
}
