/* SPDX-License-Identifier: BSD-3-Clause */
/* See pci_virt.h for the introduction. */
#include <export/pci_virt/pci_virt.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <nvme/regs.h>
#include <os/os.h>
#include <sys/mman.h>
#include <unistd.h>

#define QUEUES_DEFAULT 64u    /* as the engine's */
#define ENTRIES_DEFAULT 4096u /* as the engine's */
#define INFLIGHT_MAX 65536u
#define XFER_UNLIMITED (272u << 20) /* MDTS 0: 65536 blocks of 4096 + 64 bytes, rounded up */
#define STRIDE_DEFAULT 4u     /* as the engine's */
#define TIMEOUT_500MS 20u

/* ---- the function's view of host memory ---- */

/* The index of the first map that starts after `addr` */
static uint32_t
behind(const struct pci_virt *pv, uint64_t addr)
{
	uint32_t low = 0, high = pv->nmaps;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (pv->maps[middle].addr <= addr) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	ASSERT(low == 0 || pv->maps[low - 1].addr <= addr);
	ASSERT(low == pv->nmaps || pv->maps[low].addr > addr);
	host_map_check(pv, low);
	return low;
}

/* The map that contains `addr` and allows the access, and the part of `*nbytes` in it */
static const struct host_map *
find(struct pci_virt *pv, uint64_t addr, uint64_t *nbytes, bool write)
{
	const struct host_map *map = pv->last < pv->nmaps ? &pv->maps[pv->last] : NULL;
	uint64_t left;

	pci_virt_check(pv);
	ASSERT(*nbytes > 0);
	host_map_check(pv, pv->last);
	if (!map || addr < map->addr || addr - map->addr >= map->nbytes) {
		uint32_t at = behind(pv, addr);

		map = at > 0 ? &pv->maps[at - 1] : NULL;
		if (!map || addr - map->addr >= map->nbytes) {
			return NULL;
		}
		pv->last = at - 1;
	}
	if (write ? !map->writable : !map->readable) {
		return NULL;
	}
	ASSERT(addr - map->addr < map->nbytes);
	left = map->nbytes - (addr - map->addr);
	*nbytes = left < *nbytes ? left : *nbytes;
	return map;
}

static void *
translate(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	const struct pci_virt *pv = arg;
	const struct host_map *map = find(arg, addr, nbytes, write);
	uint32_t next;

	if (map || !pv->ops->translate) {
		return map && map->base ? map->base + (addr - map->addr) : NULL;
	}
	next = behind(pv, addr);
	if (next < pv->nmaps && pv->maps[next].addr - addr < *nbytes) {
		*nbytes = pv->maps[next].addr - addr; /* the table has the rest */
	}
	ASSERT(*nbytes > 0);
	return pv->ops->translate(pv->arg, addr, nbytes, write);
}

static bool
far_reach(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	const struct host_map *map = find(arg, addr, nbytes, write);

	ASSERT(!map || map->base || ((const struct pci_virt *)arg)->nfar > 0);
	return map && !map->base;
}

static bool
far_copy(void *arg, uint64_t addr, void *buf, uint64_t nbytes, bool to_host)
{
	struct pci_virt *pv = arg;

	ASSERT(nbytes > 0 && pv->nfar > 0);
	return pv->ops->far_copy(pv->arg, addr, buf, nbytes, to_host);
}

static bool
far_ready(void *arg, uint64_t addr, uint64_t nbytes)
{
	struct pci_virt *pv = arg;

	pci_virt_check(pv);
	return pv->ops->far_ready(pv->arg, addr, nbytes);
}

static void
far_done(void *arg)
{
	struct pci_virt *pv = arg;

	pci_virt_check(pv);
	pv->ops->far_done(pv->arg);
}

int
host_memory_add(struct pci_virt *pv, const struct host_map *map)
{
	uint32_t at;
	int err = 0;

	pci_virt_check(pv);
	if (map->nbytes == 0 || map->addr + map->nbytes - 1 < map->addr) {
		return -EINVAL;
	}
	virt_lock(pv->virt);
	at = behind(pv, map->addr);
	if ((at > 0 && map->addr - pv->maps[at - 1].addr < pv->maps[at - 1].nbytes) ||
	    (at < pv->nmaps && pv->maps[at].addr - map->addr < map->nbytes)) {
		err = -EEXIST;
	} else if (pv->nmaps == HOST_MAPS_MAX) {
		err = -ENOSPC;
	} else {
		memmove(&pv->maps[at + 1], &pv->maps[at], (pv->nmaps - at) * sizeof(*map));
		pv->maps[at] = *map;
		pv->nmaps += 1;
		pv->nfar += !map->base;
		host_map_check(pv, at);
		host_map_check(pv, at + 1);
		pci_far(pv->func, pv->nfar > 0);
		pci_memory_changed(pv->func);
	}
	virt_unlock(pv->virt);
	return err;
}

int
host_memory_remove(struct pci_virt *pv, uint64_t addr, uint64_t nbytes, struct host_map *removed)
{
	uint32_t at;
	int err = -ENOENT;

	pci_virt_check(pv);
	virt_lock(pv->virt);
	at = behind(pv, addr) - 1; /* wraps when there is none, and is then an invalid index */
	if (at < pv->nmaps && pv->maps[at].addr == addr && pv->maps[at].nbytes == nbytes) {
		*removed = pv->maps[at];
		ASSERT(removed->base || pv->nfar > 0);
		pv->nmaps -= 1;
		pv->nfar -= !removed->base;
		pci_far(pv->func, pv->nfar > 0);
		memmove(&pv->maps[at], &pv->maps[at + 1], (pv->nmaps - at) * sizeof(*removed));
		host_map_check(pv, at);
		pci_memory_changed(pv->func);
		err = 0;
	}
	virt_unlock(pv->virt);
	return err;
}

bool
host_memory_any(struct pci_virt *pv, struct host_map *map)
{
	bool any;

	pci_virt_check(pv);
	virt_lock(pv->virt);
	any = pv->nmaps > 0;
	if (any) {
		*map = pv->maps[pv->nmaps - 1];
	}
	virt_unlock(pv->virt);
	return any;
}

/* ---- callbacks of the instance ---- */

/* A power cut, or a reset of the whole SSD by any client: the function is reset, and the host finds
 * it disabled */
static void
disrupt(struct virt_client *client, ns_t now, uint16_t status)
{
	struct pci_virt *pv = (struct pci_virt *)client;

	pci_virt_check(pv);
	if (status == STATUS(ABORTED_POWER_LOSS)) {
		pci_reset(pv->func, now);
	} else {
		pci_subsystem_reset(pv->func, now);
	}
}

/* Accepts none: the function itself polls the engine for its events, as their owner */
static bool
event(struct virt_client *client, ns_t now, const struct ssd_event *answer)
{
	(void)client;
	(void)now;
	(void)answer;
	return false;
}

static void
wake(struct virt_client *client)
{
	struct pci_virt *pv = (struct pci_virt *)client;

	ASSERT(client->sleeps && pv->wake);
	virt_sleeps(pv->virt, client, false); /* once is enough */
	pv->wake(pv->arg);
}

/* ---- opening ---- */

static struct pci_config
config_of(const struct ssd_config *ssd)
{
	uint32_t queues = ssd->io_queues ? ssd->io_queues : QUEUES_DEFAULT;
	uint32_t entries = ssd->queue_entries ? ssd->queue_entries : ENTRIES_DEFAULT;
	uint32_t stride = ssd->doorbell_stride ? ssd->doorbell_stride : STRIDE_DEFAULT;

	ASSERT(stride >= 4 && (stride & (stride - 1)) == 0); /* as ssd_init() checked */
	return (struct pci_config){
		.ioq_max = queues,
		.entries_max = entries < 2 ? 2 : entries,
		.inflight_max = INFLIGHT_MAX,
		.dstrd = (uint32_t)__builtin_ctz(stride) - 2, /* stride: 4 << dstrd */
		.vectors = queues + 1 < 2048 ? queues + 1 : 2048,
		.xfer_nbytes_max = ssd->mdts && ssd->mdts < 16 ? 4096u << ssd->mdts
							       : XFER_UNLIMITED,
		.timeout_500ms = TIMEOUT_500MS,
	};
}

static int
map_doorbells(struct pci_virt *pv)
{
	void *at;

	ASSERT(!pv->doorbells && pv->doorbells_fd < 0);
	pv->doorbells_nbytes = pci_doorbell_bytes(&pv->config);
	/* same offsets as in BAR0: doorbells from 0x1000 on; the registers before them are not in
	 * this file */
	pv->doorbells_fd =
		os_memory_file("nvme-doorbells", REG_DOORBELLS + pv->doorbells_nbytes, false);
	if (pv->doorbells_fd < 0) {
		return pv->doorbells_fd;
	}
	at = mmap(NULL, pv->doorbells_nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, pv->doorbells_fd,
		  REG_DOORBELLS);
	if (at == MAP_FAILED) {
		return -errno;
	}
	pv->doorbells = at;
	return 0;
}

static int
make_function(struct pci_virt *pv, struct text *why)
{
	int err;

	ASSERT(pv->virt && !pv->func);
	pv->config = config_of(&virt_spec_of(pv->virt)->config);
	err = map_doorbells(pv);
	if (err) {
		text_str(why, "no memory file for doorbells: ");
		text_str(why, strerror(-err));
		return err;
	}
	pv->memory_nbytes = (pci_bytes_needed(&pv->config) + 63) & ~(size_t)63;
	pv->memory = pv->memory_nbytes ? aligned_alloc(64, pv->memory_nbytes) : NULL;
	pv->maps = calloc(HOST_MAPS_MAX, sizeof(*pv->maps));
	if (!pv->memory || !pv->maps) {
		text_str(why, "no memory for a PCI function with so many queues; use fewer");
		return -ENOMEM;
	}
	memset(pv->memory, 0, pv->memory_nbytes);
	pv->func = pci_init(pv->memory, pv->memory_nbytes, &pv->config, pv->doorbells,
			    virt_ssd(pv->virt), &pv->own_ops, pv);
	if (!pv->func) {
		text_str(why, "a PCI function cannot have these queues");
		return -EINVAL;
	}
	return 0;
}

static void
interrupt(void *arg, uint16_t vector)
{
	struct pci_virt *pv = arg;

	ASSERT(vector < pv->config.vectors);
	pv->ops->interrupt(pv->arg, vector);
}

static void
pin(void *arg, bool level)
{
	struct pci_virt *pv = arg;

	pv->ops->pin(pv->arg, level);
}

static void
subsystem_reset(void *arg)
{
	struct pci_virt *pv = arg;

	pci_virt_check(pv);
	virt_reset_locked(pv->virt);
}

int
pci_virt_open(struct pci_virt *pv, const char *name, const char *origin, bool read_only,
	      const struct pci_ops *ops, void *arg, struct text *why)
{
	char uri[VIRT_URI_NBYTES_MAX];
	struct virt_spec *spec;
	int err = -EINVAL;

	ASSERT(ops->interrupt && !ops->far_reach && !ops->subsystem_reset);
	ASSERT(!ops->far_ready || (ops->far_copy && ops->far_done));
	memset(pv, 0, sizeof(*pv));
	pv->doorbells_fd = -1;
	pv->ops = ops;
	pv->arg = arg;
	pv->own_ops = (struct pci_ops){
		.translate = translate,
		.far_reach = ops->far_copy ? far_reach : NULL,
		.far_copy = ops->far_copy ? far_copy : NULL,
		.far_ready = ops->far_ready ? far_ready : NULL,
		.far_done = ops->far_done ? far_done : NULL,
		.interrupt = interrupt,
		.pin = ops->pin ? pin : NULL,
		.subsystem_reset = subsystem_reset,
	};
	if ((size_t)snprintf(uri, sizeof(uri), "%s%s", VIRT_SCHEME, name) >= sizeof(uri)) {
		text_str(why, "the name is too long");
		return -ENAMETOOLONG;
	}
	spec = calloc(1, sizeof(*spec));
	if (!spec) {
		text_str(why, "out of memory");
		return -ENOMEM;
	}
	if (virt_spec_parse(spec, uri, why)) {
		if (origin) {
			virt_spec_identify(spec, origin);
		}
		spec->read_only = read_only;
		err = virt_open(spec, &pv->virt, why);
	}
	free(spec);
	if (err) {
		return err;
	}
	err = make_function(pv, why);
	if (err) {
		pci_virt_close(pv);
		return err;
	}
	pv->client.disrupt = disrupt;
	pv->client.event = event;
	pv->client.wake = wake;
	atomic_store(&pv->client.due, NS_NEVER);
	virt_join(pv->virt, &pv->client);
	pci_set_owner(pv->func, pv->client.id);
	pci_virt_check(pv);
	return 0;
}

void
pci_virt_close(struct pci_virt *pv)
{
	ASSERT(!pv->func || (pv->virt && pv->client.id > 0)); /* joined: see pci_virt_open() */
	if (pv->func) {
		virt_lock(pv->virt);
		ssd_forget(virt_ssd(pv->virt), pv->client.id, SSD_ALL_QUEUES);
		virt_unlock(pv->virt);
		virt_leave(pv->virt, &pv->client);
	}
	if (pv->virt) {
		virt_close(pv->virt);
	}
	if (pv->doorbells) {
		(void)munmap(pv->doorbells, pv->doorbells_nbytes);
	}
	if (pv->doorbells_fd >= 0) {
		(void)close(pv->doorbells_fd);
	}
	free(pv->memory);
	free(pv->maps);
	memset(pv, 0, sizeof(*pv));
	pv->doorbells_fd = -1;
}

/* ---- running ---- */

uint32_t
pci_virt_run(struct pci_virt *pv, ns_t *wait_ns)
{
	uint32_t done;
	ns_t now, next;

	pci_virt_check(pv);
	virt_lock(pv->virt);
	virt_sleeps(pv->virt, &pv->client, false);
	now = virt_clock_now(pv->virt);
	done = pci_run(pv->func, now, &next);
	atomic_store_explicit(&pv->client.due, next, memory_order_relaxed);
	if (done == 0 && next != NS_NEVER && virt_spec_is_virtual(virt_spec_of(pv->virt)) &&
	    virt_clock_step(pv->virt, next > now ? next : NS_NEVER)) {
		done = pci_run(pv->func, virt_clock_now(pv->virt), &next);
		atomic_store_explicit(&pv->client.due, next, memory_order_relaxed);
	}
	virt_check_for_cut(pv->virt);
	virt_wake(pv->virt);
	virt_unlock(pv->virt);
	*wait_ns = next == NS_NEVER ? NS_NEVER : next > now ? next - now : 0;
	return done;
}

bool
pci_virt_before_wait(struct pci_virt *pv)
{
	bool work;

	pci_virt_check(pv);
	virt_lock(pv->virt);
	work = pci_before_wait(pv->func);
	virt_sleeps(pv->virt, &pv->client, !work && pv->wake);
	virt_unlock(pv->virt);
	return work;
}

void
pci_virt_settle(struct pci_virt *pv)
{
	virt_lock(pv->virt); /* callbacks run with it held */
	virt_unlock(pv->virt);
}

void
pci_virt_read(struct pci_virt *pv, uint32_t offset, void *data, uint32_t nbytes)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_reg_read(pv->func, offset, data, nbytes);
	virt_unlock(pv->virt);
}

void
pci_virt_write(struct pci_virt *pv, uint32_t offset, const void *data, uint32_t nbytes)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_reg_write(pv->func, virt_clock_now(pv->virt), offset, data, nbytes);
	virt_unlock(pv->virt);
}

void
pci_virt_reset(struct pci_virt *pv)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_reset(pv->func, virt_clock_now(pv->virt));
	virt_unlock(pv->virt);
}

void
pci_virt_fail(struct pci_virt *pv)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_fail(pv->func);
	virt_unlock(pv->virt);
}

void
pci_virt_bus_master(struct pci_virt *pv, bool on)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_bus_master(pv->func, on);
	virt_unlock(pv->virt);
}

void
pci_virt_msix(struct pci_virt *pv, bool on)
{
	pci_virt_check(pv);
	virt_lock(pv->virt);
	pci_msix_enable(pv->func, on);
	virt_unlock(pv->virt);
}
