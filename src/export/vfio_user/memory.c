/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The client's memory: files that it sends, mapped at the addresses that it specifies. A client may
 * truncate such a file while the SSD accesses it: then the kernel sends SIGBUS, and the handler
 * here maps zeroed memory in place of the lost file, so that only this client is affected.
 *
 * A file is mapped in whole pages of its file system. Those of hugetlbfs are large, and a client
 * may map any 4096 bytes of one, so that the mapping is often larger than the map.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <export/vfio_user/server.h>

#define RANGES_MAX (4u * HOST_MAPS_MAX) /* of all servers of this process */
#define KERNEL_MAPS 65530u /* the default of vm.max_map_count */

/* A slot is free when its base is 0; nbytes is written before base and base is cleared first */
struct range {
	_Atomic uintptr_t base;
	_Atomic size_t nbytes;
	_Atomic bool lost;
};

/* Every mapping of every server of this process, as created by mmap(2). The process has one handler
 * of SIGBUS; it takes no lock. */
static struct {
	pthread_mutex_t lock; /* for the allocation of slots */
	_Atomic(struct range *) slots; /* RANGES_MAX; NULL until the first mapping */
	uint32_t next; /* where the search for a free slot begins: after the last one taken */
	struct sigaction previous;
	_Atomic bool any_lost; /* since the start of the process */
	_Atomic uint32_t nservers, nused, nused_max;
} ranges = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The most mappings that this process may have; read for each client, since it can be raised */
static uint32_t
kernel_maps_max(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
	uint32_t count = KERNEL_MAPS;

	if (file) {
		if (fscanf(file, "%u", &count) != 1) {
			count = KERNEL_MAPS;
		}
		(void)fclose(file);
	}
	return count;
}

/*
 * The kernel limits the mappings of a process, not of a client: one that took all of them would
 * leave none for the clients of other servers, nor for this process, which needs them to allocate
 * memory. So all clients together get a half, in equal parts. Clients from before the last server
 * started have larger parts: then three quarters are the limit of all.
 */
uint32_t
memory_share(void)
{
	uint32_t kernel = kernel_maps_max(), servers = atomic_load(&ranges.nservers);
	uint32_t half = kernel / 2 < RANGES_MAX ? kernel / 2 : RANGES_MAX, share;

	ASSERT(servers > 0); /* memory_sharer() has counted the caller's */
	share = half / servers;
	atomic_store(&ranges.nused_max, kernel / 4 * 3);
	return share < 1 ? 1 : share < HOST_MAPS_MAX ? share : HOST_MAPS_MAX;
}

void
memory_sharer(bool starts)
{
	ASSERT(starts || atomic_load(&ranges.nservers) > 0);
	ranges.nservers += starts ? 1 : (uint32_t)-1;
}

static void
on_bus_error(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	struct range *slots = atomic_load(&ranges.slots);

	for (size_t i = 0; slots && i < RANGES_MAX; ++i) {
		uintptr_t base = atomic_load(&slots[i].base);
		size_t nbytes = atomic_load(&slots[i].nbytes);

		if (base && at >= base && at - base < nbytes) {
			atomic_store(&slots[i].lost, true);
			atomic_store(&ranges.any_lost, true);
			if (mmap((void *)base, nbytes, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
				 0) != MAP_FAILED) {
				return;
			}
			break; /* fatal: after a return the access would fail again for ever */
		}
	}
	if (ranges.previous.sa_flags & SA_SIGINFO) {
		ranges.previous.sa_sigaction(number, info, context);
		return;
	}
	/* not ours: repeat the access, which is fatal */
	(void)sigaction(SIGBUS, &ranges.previous, NULL);
}

/* Checked with every map: another handler may have been installed over ours meanwhile; ours then
 * goes first and calls that one */
static void
install(void)
{
	struct sigaction action, now;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = on_bus_error;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	if (sigaction(SIGBUS, NULL, &now) == 0 && now.sa_sigaction != on_bus_error) {
		ranges.previous = now;
		(void)sigaction(SIGBUS, &action, NULL);
	}
}

/* The slots, which are never unmapped, since the handler may read them at any time; NULL: no
 * memory. 6.3 MB of addresses, of which the used pages take memory. Lock held. */
static struct range *
slots_get(void)
{
	struct range *slots = atomic_load(&ranges.slots);

	if (!slots) {
		slots = mmap(NULL, RANGES_MAX * sizeof(*slots), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		slots = slots == MAP_FAILED ? NULL : slots;
		atomic_store(&ranges.slots, slots);
	}
	return slots;
}

/* The slot of the new range; RANGES_MAX: none is free */
static uint32_t
range_add(void *base, size_t nbytes)
{
	uint32_t slot = RANGES_MAX, tries;
	struct range *slots;

	ASSERT(base && nbytes > 0);
	(void)pthread_mutex_lock(&ranges.lock);
	install();
	slots = slots_get();
	tries = slots && ranges.nused < ranges.nused_max ? RANGES_MAX : 0;
	for (uint32_t i = 0; i < tries && slot == RANGES_MAX; ++i) {
		uint32_t at = (ranges.next + i) % RANGES_MAX;

		if (!atomic_load(&slots[at].base)) {
			atomic_store(&slots[at].lost, false);
			atomic_store(&slots[at].nbytes, nbytes);
			atomic_store(&slots[at].base, (uintptr_t)base);
			slot = at;
			ranges.next = at + 1;
			ranges.nused += 1;
		}
	}
	(void)pthread_mutex_unlock(&ranges.lock);
	return slot;
}

static void
forget(const struct host_map *map)
{
	struct range *range;
	uintptr_t base;

	if (!map->base) {
		return;
	}
	ASSERT(map->slot < RANGES_MAX && atomic_load(&ranges.nused) > 0);
	range = &atomic_load(&ranges.slots)[map->slot];
	base = atomic_load(&range->base);
	ASSERT((uintptr_t)map->base - base < atomic_load(&range->nbytes));
	atomic_store(&range->base, 0);
	ranges.nused -= 1;
	(void)munmap((void *)base, atomic_load(&range->nbytes));
}

/* Did the client truncate a file that it had sent? */
bool
memory_broken(const struct pci_virt *pv)
{
	for (uint32_t i = 0; atomic_load(&ranges.any_lost) && i < pv->nmaps; ++i) {
		const struct host_map *map = &pv->maps[i];

		ASSERT(!map->base || map->slot < RANGES_MAX);
		if (map->base && atomic_load(&atomic_load(&ranges.slots)[map->slot].lost)) {
			return true;
		}
	}
	return false;
}

/* Is the file long enough for the range to be mapped? */
static bool
file_holds(int fd, uint64_t offset, uint64_t nbytes)
{
	struct stat st;

	ASSERT(nbytes > 0);
	if (fstat(fd, &st) || offset + nbytes < offset) {
		return false;
	}
	return !S_ISREG(st.st_mode) || (uint64_t)st.st_size >= offset + nbytes;
}

/* The page size of mappings of a file; 0: it must not be mapped. The client may provide the pages
 * of a FUSE file: an access could take for ever, while other hosts wait for the SSD. */
static uint64_t
file_page_nbytes(int fd)
{
	struct statfs fs;

	ASSERT(fd >= 0);
	if (fstatfs(fd, &fs) || fs.f_type == FUSE_SUPER_MAGIC) {
		return 0;
	}
	return fs.f_type == HUGETLBFS_MAGIC ? (uint64_t)fs.f_bsize : 4096;
}

static uint32_t
map_file(struct host_map *map, const struct vfu_dma_map *request, int fd)
{
	/* write-only memory is mapped readable too, since processors cannot separate the two. The
	 * table of maps keeps the SSD from reading it. */
	int prot = PROT_READ | (request->flags & VFU_DMA_FLAG_WRITE ? PROT_WRITE : 0);
	uint64_t page = file_page_nbytes(fd), before = request->offset & (page - 1);
	uint64_t nbytes = (before + request->nbytes + page - 1) & ~(page - 1);
	void *base;

	if (page == 0 || !file_holds(fd, request->offset, request->nbytes) ||
	    request->offset > INT64_MAX || nbytes < request->nbytes) {
		return EINVAL;
	}
	ASSERT((page & (page - 1)) == 0);
	base = mmap(NULL, nbytes, prot, MAP_SHARED, fd, (off_t)(request->offset - before));
	if (base == MAP_FAILED) {
		return (uint32_t)errno;
	}
	map->slot = range_add(base, nbytes);
	if (map->slot == RANGES_MAX) {
		(void)munmap(base, nbytes);
		return ENOSPC;
	}
	map->base = (uint8_t *)base + before;
	return 0;
}

uint32_t
memory_map(struct pci_virt *pv, const struct terms *terms, const struct message *in)
{
	struct vfu_dma_map request;
	struct host_map map;
	int err;

	pci_virt_check(pv);
	terms_check(terms);
	message_whole_check(in);
	if (in->nbytes != sizeof(request)) {
		return EINVAL;
	}
	memcpy(&request, in->payload, sizeof(request));
	if (request.argsz < sizeof(request) || in->nfds > 1 || request.nbytes == 0 ||
	    (request.flags & ~(VFU_DMA_FLAG_READ | VFU_DMA_FLAG_WRITE)) || request.flags == 0 ||
	    ((request.addr | request.nbytes) & (terms->page_nbytes - 1)) ||
	    (request.offset & 4095) ||
	    request.addr + request.nbytes - 1 < request.addr) {
		return EINVAL;
	}
	if (pv->nmaps >= terms->maps_max) {
		return ENOSPC;
	}
	map = (struct host_map){.addr = request.addr, .nbytes = request.nbytes};
	map.readable = request.flags & VFU_DMA_FLAG_READ;
	map.writable = request.flags & VFU_DMA_FLAG_WRITE;
	if (in->nfds == 1) { /* without a file the memory is far */
		uint32_t error;

		if (pv->nmaps - pv->nfar >= terms->share) {
			return ENOSPC;
		}
		error = map_file(&map, &request, in->fds[0]);
		if (error) {
			return error;
		}
	}
	err = host_memory_add(pv, &map);
	if (err) {
		forget(&map);
	}
	return (uint32_t)-err;
}

uint32_t
memory_unmap(struct pci_virt *pv, const struct message *in, struct reply *out)
{
	struct vfu_dma_unmap request;
	struct host_map map;

	pci_virt_check(pv);
	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(request)) {
		return EINVAL;
	}
	memcpy(&request, in->payload, sizeof(request));
	if (request.argsz < sizeof(request) || (request.flags & ~VFU_UNMAP_ALL)) {
		return EINVAL;
	}
	if (request.flags & VFU_UNMAP_ALL) {
		if (request.addr || request.nbytes) {
			return EINVAL;
		}
		memory_unmap_all(pv);
	} else if (host_memory_remove(pv, request.addr, request.nbytes, &map)) {
		return ENOENT;
	} else {
		forget(&map);
	}
	request.argsz = sizeof(request);
	memcpy(out->payload, &request, sizeof(request));
	out->nbytes = sizeof(request);
	return 0;
}

void
memory_unmap_all(struct pci_virt *pv)
{
	struct host_map map;

	while (host_memory_any(pv, &map) &&
	       host_memory_remove(pv, map.addr, map.nbytes, &map) == 0) {
		forget(&map);
	}
	ASSERT(pv->nmaps == 0 && pv->nfar == 0);
}
