/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/fake_server_test.h>

#include <errno.h>
#include <fcntl.h>
#include <nvme/regs.h>
#include <nvme/vfio_user.h>
#include <os/message.h>
#include <pthread.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <unistd.h>

#define MAPS_MAX 64u
#define QUEUES 32u
#define AREA_NBYTES 4096u
#define COMMAND_INTX_DISABLE 0x04u /* in its second byte */
#define CAP_OTHER 0x40u
#define CAP_MSIX 0x60u
#define MSIX_ENABLE 0x80u /* in the fourth byte of the capability */
#define OPC_AER 0x0Cu

struct map {
	uint64_t iova, nbytes;
	uint8_t *at;
};

struct queue {
	uint64_t sq, cq;
	uint32_t entries, head, tail, phase;
};

struct fake_server {
	enum fault fault;
	char path[108];
	int listener, client;
	pthread_t thread;
	uint8_t regs[REG_DOORBELLS];
	uint8_t config[256];
	bool heard; /* vector 0 has a descriptor; the pin has none */
	uint32_t csts_reads;
	struct map maps[MAPS_MAX];
	uint32_t nmaps;
	_Atomic uint32_t files, cut, enabled; /* read by the test concurrently */
	struct queue queues[QUEUES];
	int doorbells;
	int fd; /* received with the message; -1: none */
	uint8_t payload[8192];
};

/* ---- memory of the client ---- */

static void *
find(struct fake_server *s, uint64_t iova, uint64_t nbytes)
{
	for (uint32_t i = 0; i < s->nmaps; ++i) {
		struct map *m = &s->maps[i];

		if (iova - m->iova < m->nbytes && nbytes <= m->nbytes - (iova - m->iova)) {
			return m->at + (iova - m->iova);
		}
	}
	return NULL;
}

static void
unmap_all(struct fake_server *s)
{
	for (uint32_t i = 0; i < s->nmaps; ++i) {
		munmap(s->maps[i].at, s->maps[i].nbytes);
	}
	s->nmaps = 0;
}

static int
map(struct fake_server *s)
{
	struct vfu_dma_map m;
	void *at;

	memcpy(&m, s->payload, sizeof(m));
	if (s->fd < 0 || s->nmaps == MAPS_MAX) {
		return EINVAL;
	}
	s->files += 1;
	if (s->fault == FAULT_CUTS_MEMORY && ftruncate(s->fd, 0) == 0) {
		s->cut += 1;
	}
	at = mmap(NULL, m.nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, (off_t)m.offset);
	if (at == MAP_FAILED) {
		return errno;
	}
	s->maps[s->nmaps++] = (struct map){m.addr, m.nbytes, at};
	return 0;
}

static void
unmap(struct fake_server *s)
{
	struct vfu_dma_unmap m;

	memcpy(&m, s->payload, sizeof(m));
	for (uint32_t i = 0; i < s->nmaps; ++i) {
		if (s->maps[i].iova == m.addr) {
			munmap(s->maps[i].at, s->maps[i].nbytes);
			s->maps[i] = s->maps[--s->nmaps];
			return;
		}
	}
}

/* ---- the controller ---- */

static void
put(uint8_t *at, uint64_t value, uint32_t nbytes)
{
	memcpy(at, &value, nbytes);
}

static uint64_t
get(const uint8_t *at, uint32_t nbytes)
{
	uint64_t value = 0;

	memcpy(&value, at, nbytes);
	return value;
}

static void
post(struct fake_server *s, uint32_t qid, uint16_t cid, uint32_t dw0, uint16_t status)
{
	struct queue *q = &s->queues[qid];
	uint32_t *cqe = find(s, q->cq + 16 * q->tail, 16);

	if (!cqe) {
		return;
	}
	cqe[0] = dw0;
	cqe[1] = 0;
	cqe[2] = q->head | qid << 16;
	/* release: the rest of the entry is visible before the phase bit */
	__atomic_store_n(&cqe[3], cid | q->phase << 16 | (uint32_t)status << 17, __ATOMIC_RELEASE);
	q->tail += 1;
	if (q->tail == q->entries) {
		q->tail = 0;
		q->phase ^= 1;
	}
}

static void
complete(struct fake_server *s, uint32_t qid, uint16_t cid, uint32_t dw0, uint16_t status)
{
	static const uint16_t strays[] = {0xFFFF, 0xFFFE, 63, 1000};

	for (uint32_t i = 0; qid == 0 && s->fault == FAULT_STRAY && i < 4; ++i) {
		post(s, 0, strays[i], 0, 0);
	}
	if (qid > 1 && s->fault == FAULT_STRAY_ENDLESS) {
		cid = 0xFFFF;
	}
	post(s, qid, cid, dw0, status);
	if (qid == 0 && s->fault == FAULT_NO_SIGNAL &&
	    (s->config[CAP_MSIX + 3] & MSIX_ENABLE ? !s->heard
						   : !(s->config[5] & COMMAND_INTX_DISABLE))) {
		s->regs[REG_CSTS] |= CSTS_CFS;
	}
}

static bool
identify(uint32_t cns, uint8_t *page)
{
	memset(page, 0, 4096);
	switch (cns) {
	case 0: /* namespace: 1 MiB of 512 bytes */
		for (uint32_t i = 0; i < 3; ++i) {
			put(page + 8 * i, 2048, 8);
		}
		put(page + 128, 9u << 16, 4);
		return true;
	case 1: /* controller */
		memset(page + 4, ' ', 60);
		page[77] = 5;
		put(page + 80, 0x20000, 4);
		page[512] = 0x66;
		page[513] = 0x44;
		put(page + 516, 1, 4);
		(void)snprintf((char *)page + 768, 256, "nqn.2014-08.org.example:fake");
		return true;
	case 2: /* active namespaces */
		put(page, 1, 4);
		return true;
	default:
		return false;
	}
}

static void
admin(struct fake_server *s, const uint8_t *sqe)
{
	uint16_t cid = (uint16_t)get(sqe + 2, 2);
	uint64_t prp1 = get(sqe + 24, 8);
	uint32_t dw10 = (uint32_t)get(sqe + 40, 4), dw0 = 0;
	struct queue *q = &s->queues[dw10 % QUEUES];
	uint16_t status = 0;
	uint8_t page[4096], *to;

	switch (sqe[0]) {
	case 0x05: /* create a completion queue, a submission queue */
		*q = (struct queue){.cq = prp1, .entries = (dw10 >> 16) + 1, .phase = 1};
		status = s->fault == FAULT_TINY_QUEUES && q->entries > 48 ? 0x102 : 0;
		break;
	case 0x01:
		q->sq = prp1;
		break;
	case 0x00:
	case 0x04:
		break;
	case 0x06:
		to = find(s, prp1, 4096);
		if (to && identify(dw10 & 0xFF, page)) {
			memcpy(to, page, 4096);
		} else {
			status = 2;
		}
		break;
	case 0x09:
	case 0x0A:
		dw0 = (dw10 & 0xFF) == 7 ? 0x000F000F : 0;
		break;
	case OPC_AER: /* never completes */
		return;
	default:
		status = 1;
	}
	complete(s, 0, cid, dw0, status);
}

static void
ring(struct fake_server *s, uint32_t offset, uint32_t tail)
{
	uint32_t number = (offset - REG_DOORBELLS) / 4, qid = number / 2;
	struct queue *q = &s->queues[qid % QUEUES];

	if (number & 1) {
		return;
	}
	while (q->entries && tail < q->entries && q->head != tail) {
		const uint8_t *at = find(s, q->sq + 64 * q->head, 64);
		uint8_t sqe[64];

		if (!at) {
			return;
		}
		memcpy(sqe, at, 64);
		q->head = (q->head + 1) % q->entries;
		if (qid == 0) {
			admin(s, sqe);
		} else {
			complete(s, qid, (uint16_t)get(sqe + 2, 2), 0, 0);
		}
	}
}

static void
write_register(struct fake_server *s, uint32_t offset, const uint8_t *data, uint32_t nbytes)
{
	uint32_t cc, aqa;

	if (offset >= REG_DOORBELLS) {
		ring(s, offset, (uint32_t)get(data, 4));
		return;
	}
	memcpy(s->regs + offset, data, nbytes);
	if (offset != REG_CC) {
		return;
	}
	cc = (uint32_t)get(s->regs + REG_CC, 4);
	s->regs[REG_CSTS] = (uint8_t)((cc & 1) | (cc >> 14 & 3 ? CSTS_SHST_COMPLETE << 2 : 0));
	s->enabled += cc & 1 && !(cc >> 14 & 3);
	aqa = (uint32_t)get(s->regs + REG_AQA, 4);
	s->queues[0] = (struct queue){.sq = get(s->regs + REG_ASQ, 8),
				      .cq = get(s->regs + REG_ACQ, 8),
				      .entries = (aqa & 0xFFF) + 1,
				      .phase = 1};
}

static void
read_register(struct fake_server *s, uint32_t offset, uint8_t *data, uint32_t nbytes)
{
	if (offset + nbytes <= sizeof(s->regs)) {
		memcpy(data, s->regs + offset, nbytes);
	}
	if (offset == REG_CSTS && ++s->csts_reads % 8 == 2 && s->fault == FAULT_FAILS_ONCE) {
		data[0] |= CSTS_CFS;
	}
	if (s->fault == FAULT_DOORBELLS_UNSEALED && ftruncate(s->doorbells, 0)) {
		abort();
	}
}

/* ---- messages ---- */

static void
reply(struct fake_server *s, const struct vfu_header *to, const void *data, uint32_t nbytes,
      int error, int fd)
{
	struct vfu_header header = {.id = to->id,
				    .command = to->command,
				    .nbytes = (uint32_t)sizeof(header) + nbytes,
				    .flags = VFU_TYPE_REPLY | (error ? VFU_ERROR : 0),
				    .error = (uint32_t)error};
	struct iovec iov[2] = {{&header, sizeof(header)}, {(void *)(uintptr_t)data, nbytes}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};
	MESSAGE_ROOM(control, 1);

	if (fd >= 0) {
		message_attach(&msg, control, &fd, 1);
	}
	(void)sendmsg(s->client, &msg, MSG_NOSIGNAL);
}

static void
misbehave(struct fake_server *s, const struct vfu_header *to)
{
	struct {
		struct vfu_header header;
		struct vfu_dma_access access;
	} ask = {{.command = VFU_DMA_READ, .nbytes = sizeof(ask)}, {0x1000, 16}};
	const struct vfu_header header = {
		.id = to->id, .command = to->command, .nbytes = 20, .flags = VFU_TYPE_REPLY};
	uint8_t sink[64];

	for (uint32_t i = 0;; ++i) {
		ssize_t rc;

		if (s->fault == FAULT_DRIP) {
			const uint8_t *bytes = (const uint8_t *)&header;

			rc = i < sizeof(header) ? send(s->client, bytes + i, 1, MSG_NOSIGNAL)
						: recv(s->client, sink, 1, 0);
			usleep(30000);
		} else if (s->fault == FAULT_SILENT) {
			rc = recv(s->client, sink, sizeof(sink), 0);
		} else {
			rc = send(s->client, &ask, sizeof(ask), MSG_NOSIGNAL);
			if (rc > 0 && s->fault == FAULT_ENDLESS_DMA) {
				rc = recv(s->client, sink, sizeof(sink), 0);
			}
		}
		if (rc <= 0) {
			return;
		}
	}
}

static void
agree(struct fake_server *s, const struct vfu_header *to)
{
	static const char plain[] = "\0\0\1\0{\"capabilities\":{}}",
			  twin[] = "\0\0\1\0{\"capabilities\":{\"twin_socket\":"
				   "{\"supported\":true,\"fd_index\":0}}}";
	int ends[2];

	switch (s->fault) {
	case FAULT_BUSY:
		reply(s, to, NULL, 0, EBUSY, -1);
		return;
	case FAULT_SILENT:
	case FAULT_DRIP:
	case FAULT_ENDLESS_DMA:
	case FAULT_ENDLESS_MUTE:
		misbehave(s, to);
		return;
	case FAULT_TWIN_PIPE:
		if (pipe(ends)) {
			abort();
		}
		reply(s, to, twin, sizeof(twin), 0, ends[0]);
		close(ends[0]); /* the other end stays open: no byte ever arrives */
		return;
	default:
		reply(s, to, plain, sizeof(plain), 0, -1);
	}
}

static void
region_info(struct fake_server *s, const struct vfu_header *to)
{
	struct {
		struct vfu_region_info info;
		struct vfu_sparse sparse;
	} r;
	bool mapped;

	memcpy(&r.info, s->payload, sizeof(r.info));
	mapped = r.info.index == VFU_REGION_BAR0 && s->doorbells >= 0;
	r.info = (struct vfu_region_info){.argsz = mapped ? sizeof(r) : sizeof(r.info),
					  .index = r.info.index,
					  .nbytes = 16384,
					  .flags = VFU_REGION_FLAG_READ | VFU_REGION_FLAG_WRITE};
	r.sparse = (struct vfu_sparse){.id = VFU_CAP_SPARSE_MMAP,
				       .version = 1,
				       .nareas = 1,
				       .area_offset = REG_DOORBELLS,
				       .area_nbytes = AREA_NBYTES};
	if (mapped) {
		r.info.flags |= VFU_REGION_FLAG_MMAP | VFU_REGION_FLAG_CAPS;
		r.info.cap_offset = sizeof(r.info);
	}
	reply(s, to, &r, r.info.argsz, 0, mapped ? s->doorbells : -1);
}

static void
region_access(struct fake_server *s, const struct vfu_header *to)
{
	bool write = to->command == VFU_REGION_WRITE;
	uint8_t answer[sizeof(struct vfu_region_access) + 4096] = {0};
	struct vfu_region_access a;

	memcpy(&a, s->payload, sizeof(a));
	memcpy(answer, &a, sizeof(a));
	if (a.region == VFU_REGION_CONFIG && a.offset < 252 && a.count <= 4) {
		if (write) {
			memcpy(s->config + a.offset, s->payload + sizeof(a), a.count);
		}
		memcpy(answer + sizeof(a), s->config + a.offset, a.count);
	}
	if (!write && a.region == VFU_REGION_BAR0 && a.count <= 4096) {
		read_register(s, (uint32_t)a.offset, answer + sizeof(a), a.count);
	}
	reply(s, to, answer, (uint32_t)sizeof(a) + (write ? 0 : a.count), 0, -1);
	if (write && a.region == VFU_REGION_BAR0) {
		write_register(s, (uint32_t)a.offset, s->payload + sizeof(a), a.count);
	}
}

static void
set_irqs(struct fake_server *s)
{
	struct vfu_irq_set set;

	memcpy(&set, s->payload, sizeof(set));
	if (set.index == VFU_IRQ_MSIX && set.start == 0) {
		s->heard = s->fd >= 0;
	}
}

static void
handle(struct fake_server *s, const struct vfu_header *to)
{
	struct vfu_device_info device = {.argsz = sizeof(device),
					 .flags = VFU_DEVICE_RESET | VFU_DEVICE_PCI,
					 .num_regions = VFU_REGIONS,
					 .num_irqs = VFU_IRQS};
	struct vfu_irq_info irq = {.argsz = sizeof(irq), .count = 17};

	switch (to->command) {
	case VFU_VERSION:
		agree(s, to);
		return;
	case VFU_DMA_MAP:
		reply(s, to, NULL, 0, map(s), -1);
		return;
	case VFU_DMA_UNMAP:
		unmap(s);
		reply(s, to, s->payload, sizeof(struct vfu_dma_unmap), 0, -1);
		return;
	case VFU_GET_INFO:
		reply(s, to, &device, sizeof(device), 0, -1);
		return;
	case VFU_GET_REGION_INFO:
		region_info(s, to);
		return;
	case VFU_GET_IRQ_INFO:
		reply(s, to, &irq, sizeof(irq), 0, -1);
		return;
	case VFU_REGION_READ:
	case VFU_REGION_WRITE:
		region_access(s, to);
		return;
	case VFU_SET_IRQS:
		set_irqs(s);
		/* fall through */
	case VFU_RESET:
		reply(s, to, NULL, 0, 0, -1);
		return;
	default:
		reply(s, to, NULL, 0, EINVAL, -1);
	}
}

static bool
receive(struct fake_server *s, void *to, size_t nbytes)
{
	MESSAGE_ROOM(control, 4);
	struct iovec iov = {.iov_base = to, .iov_len = nbytes};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	uint32_t nfds = s->fd >= 0;

	if (nbytes > 0 && recvmsg(s->client, &msg, MSG_WAITALL) != (ssize_t)nbytes) {
		return false;
	}
	if (nbytes > 0) {
		message_detach(&msg, &s->fd, &nfds, 1);
	}
	return true;
}

static void *
serve(void *arg)
{
	struct fake_server *s = arg;
	struct vfu_header header;

	s->client = accept(s->listener, NULL, NULL);
	s->fd = -1;
	while (receive(s, &header, sizeof(header)) &&
	       header.nbytes - sizeof(header) <= sizeof(s->payload) &&
	       receive(s, s->payload, header.nbytes - sizeof(header))) {
		handle(s, &header);
		if (s->fd >= 0) {
			close(s->fd);
			s->fd = -1;
		}
	}
	unmap_all(s);
	return NULL;
}

struct fake_server *
fake_server_start(const char *path, enum fault fault)
{
	struct fake_server *s = calloc(1, sizeof(*s));
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	/* MQES 255, contiguous queues, TO 500 ms, the NVM command set */
	uint64_t mqes = fault == FAULT_TINY_QUEUES ? 47 : 255;

	put(s->regs + REG_CAP, mqes | 1u << 16 | 1u << 24 | 1ull << 37, 8);
	put(s->regs + REG_VS, 0x20000, 4);
	s->fault = fault;
	if (fault == FAULT_NO_SIGNAL) {
		s->config[0x34] = CAP_OTHER;
		s->config[CAP_OTHER] = 1;
		s->config[CAP_OTHER + 1] = CAP_MSIX;
		s->config[CAP_MSIX] = 0x11;
		s->config[CAP_MSIX + 3] = MSIX_ENABLE;
	}
	s->client = s->doorbells = -1;
	if (fault == FAULT_DOORBELLS_SHORT || fault == FAULT_DOORBELLS_UNSEALED) {
		s->doorbells = memfd_create("doorbells", MFD_CLOEXEC);
		if (fault == FAULT_DOORBELLS_UNSEALED &&
		    ftruncate(s->doorbells, REG_DOORBELLS + AREA_NBYTES)) {
			abort();
		}
	}
	(void)snprintf(s->path, sizeof(s->path), "%s", path);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s->listener, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(s->listener, 1) || pthread_create(&s->thread, NULL, serve, s)) {
		abort();
	}
	return s;
}

void
fake_server_stop(struct fake_server *s)
{
	(void)shutdown(s->listener, SHUT_RDWR);
	(void)pthread_join(s->thread, NULL);
	if (s->client >= 0) {
		close(s->client);
	}
	close(s->listener);
	if (s->doorbells >= 0) {
		close(s->doorbells);
	}
	unlink(s->path);
	free(s);
}

uint32_t
fake_server_files(const struct fake_server *s)
{
	return s->files;
}

uint32_t
fake_server_cut(const struct fake_server *s)
{
	return s->cut;
}

uint32_t
fake_server_enabled(const struct fake_server *s)
{
	return s->enabled;
}
