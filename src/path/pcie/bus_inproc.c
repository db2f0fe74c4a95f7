/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller in this process: a virtual SSD behind its own registers and rings in memory. It
 * processes commands when a queue is polled ("drive=poll", the default), or in a thread of its own
 * ("drive=thread", and once a queue uses interrupts).
 */
#include <errno.h>
#include <export/pci_virt/pci_virt.h>
#include <host/err.h>
#include <os/os.h>
#include <path/pcie/bus.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define VECTORS_MAX 2048u
#define SPINS 2000u          /* idle runs before the thread pauses */
#define PAUSE_NS_MAX 100000u /* the longest pause of an idle thread */
#define LOWEST_ADDRESS 65536u /* see vm.mmap_min_addr */
#define DRIVE ",drive="

struct inproc_bus {
	struct bus bus; /* base: must be first */
	struct pci_virt pv;
	atomic_flag busy; /* a thread runs the function: others skip it */
	_Atomic int events[VECTORS_MAX];
	bool has_thread;
	_Atomic bool stop;
	pthread_t thread;
};

static struct inproc_bus *
inproc_of(struct bus *bus)
{
	return (struct inproc_bus *)bus;
}

/* Translates addresses outside the table of pci_virt: the SSD is in this process and uses virtual
 * addresses. The lowest addresses are never mapped: they are an error of the host. */
static void *
translate(void *arg, uint64_t addr, uint64_t *nbytes, bool write)
{
	(void)arg;
	(void)write;
	return addr < LOWEST_ADDRESS || addr + *nbytes < addr ? NULL : (void *)(uintptr_t)addr;
}

static void
interrupt(void *arg, uint16_t vector)
{
	struct inproc_bus *b = arg;
	int event = vector < VECTORS_MAX ? atomic_load(&b->events[vector]) : -1;

	if (event >= 0) {
		os_event_signal(event);
	}
}

static const struct pci_ops function_ops = {.translate = translate, .interrupt = interrupt};

static int
bus_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	pci_virt_read(&inproc_of(bus)->pv, offset, data, nbytes);
	return 0;
}

static int
bus_write(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes)
{
	pci_virt_write(&inproc_of(bus)->pv, offset, data, nbytes);
	return 0;
}

static int
bus_map(struct bus *bus, const struct dma_region *region)
{
	struct host_map map = {.addr = region->iova,
			       .nbytes = region->nbytes,
			       .base = region->vaddr,
			       .readable = true,
			       .writable = true};
	int err = host_memory_add(&inproc_of(bus)->pv, &map);

	return err ? err_set(err, "the virtual SSD cannot map %zu bytes at %p: %s", region->nbytes,
			     region->vaddr, strerror(-err))
		   : 0;
}

static int
bus_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	struct host_map map;

	return host_memory_remove(&inproc_of(bus)->pv, iova, nbytes, &map);
}

static void
run(struct bus *bus)
{
	struct inproc_bus *b = inproc_of(bus);
	ns_t wait_ns;

	if (!atomic_flag_test_and_set_explicit(&b->busy, memory_order_acquire)) {
		(void)pci_virt_run(&b->pv, &wait_ns);
		atomic_flag_clear_explicit(&b->busy, memory_order_release);
	}
}

static void *
work(void *arg)
{
	struct inproc_bus *b = arg;
	uint32_t empty = 0;

	while (!atomic_load_explicit(&b->stop, memory_order_relaxed)) {
		ns_t wait_ns = 0;
		uint32_t done = 0;

		if (!atomic_flag_test_and_set_explicit(&b->busy, memory_order_acquire)) {
			done = pci_virt_run(&b->pv, &wait_ns);
			atomic_flag_clear_explicit(&b->busy, memory_order_release);
		}
		empty = done ? 0 : empty + 1;
		if (empty > SPINS && wait_ns > 0) {
			os_pause_ns(wait_ns < PAUSE_NS_MAX ? wait_ns : PAUSE_NS_MAX);
		}
	}
	return NULL;
}

static int
start_thread(struct inproc_bus *b)
{
	int err;

	if (b->has_thread) {
		return 0;
	}
	err = os_thread_start(&b->thread, work, b);
	if (err) {
		return err_set(err, "no thread for the virtual SSD: %s", strerror(-err));
	}
	b->has_thread = true;
	return 0;
}

static int
bus_vector(struct bus *bus, uint32_t vector, int event)
{
	struct inproc_bus *b = inproc_of(bus);

	if (vector >= bus->vectors) {
		return err_set(-EINVAL, "the virtual SSD has no interrupt %u", vector);
	}
	atomic_store(&b->events[vector], event);
	if (event < 0) {
		/* the caller closes the old descriptor; its number may be reused */
		pci_virt_settle(&b->pv);
	}
	/* a thread that sleeps does not poll: from now on the SSD needs a thread */
	return event >= 0 ? start_thread(b) : 0;
}

static int
bus_reset(struct bus *bus)
{
	pci_virt_reset(&inproc_of(bus)->pv);
	return 0;
}

static void
bus_close(struct bus *bus)
{
	struct inproc_bus *b = inproc_of(bus);

	if (b->has_thread) {
		atomic_store(&b->stop, true);
		(void)pthread_join(b->thread, NULL);
	}
	pci_virt_close(&b->pv);
	free(b);
}

static const struct bus_ops ops_polled = {
	.name = "inproc",
	.read = bus_read,
	.write = bus_write,
	.map = bus_map,
	.unmap = bus_unmap,
	.vector = bus_vector,
	.reset = bus_reset,
	.run = run,
	.close = bus_close,
};

static const struct bus_ops ops_threaded = {
	.name = "inproc",
	.read = bus_read,
	.write = bus_write,
	.map = bus_map,
	.unmap = bus_unmap,
	.vector = bus_vector,
	.reset = bus_reset,
	.close = bus_close,
};

/* Removes ",drive=thread" or ",drive=poll" from the name: an option of the bus, not of the SSD */
static int
take_drive(char *name, bool *threaded)
{
	char *at = strstr(name, DRIVE), *value, *end;
	size_t nbytes;

	*threaded = false;
	if (!at) {
		return 0;
	}
	value = at + strlen(DRIVE);
	end = value + strcspn(value, ",");
	nbytes = (size_t)(end - value);
	if (nbytes == 6 && !strncmp(value, "thread", nbytes)) {
		*threaded = true;
	} else if (nbytes != 4 || strncmp(value, "poll", nbytes) != 0) {
		return err_set(-EINVAL, "drive=%.*s: write drive=thread or drive=poll", (int)nbytes,
			       value);
	}
	memmove(at, end, strlen(end) + 1);
	return 0;
}

static int
open_function(struct inproc_bus *b, char *name, bool read_only)
{
	char buf[512];
	struct text why = text_on(buf, sizeof(buf));
	bool threaded;
	int err = take_drive(name, &threaded);

	if (err) {
		return err;
	}
	err = pci_virt_open(&b->pv, name, NULL, read_only, &function_ops, b, &why);
	if (err) {
		return err_set(err, "pci-virt:%s: %s", name, buf);
	}
	pci_virt_msix(&b->pv, true);
	b->bus.ops = threaded ? &ops_threaded : &ops_polled;
	b->bus.doorbells = b->pv.doorbells;
	b->bus.doorbells_nbytes = b->pv.doorbells_nbytes;
	b->bus.doorbells_cheap = true;
	b->bus.vectors = b->pv.config.vectors;
	b->bus.iova_end = UINT64_MAX;
	b->bus.reaches_all = true;
	b->bus.read_only = virt_spec_of(b->pv.virt)->read_only;
	return threaded ? start_thread(b) : 0;
}

int
bus_inproc_open(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus)
{
	struct inproc_bus *b = calloc(1, sizeof(*b));
	char *copy = strdup(name);
	int err = b && copy ? 0 : err_set(-ENOMEM, "no memory for a virtual SSD");

	(void)timeout_ns; /* unused: no other process has to answer */
	if (!err) {
		for (uint32_t i = 0; i < VECTORS_MAX; ++i) {
			atomic_init(&b->events[i], -1);
		}
		err = open_function(b, copy, read_only);
		if (err && b->pv.func) {
			pci_virt_close(&b->pv);
		}
	}
	free(copy);
	if (err) {
		free(b);
		return err;
	}
	*bus = &b->bus;
	return 0;
}
