/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The exports: each offers a virtual SSD (virt/) to hosts over one transport.
 *
 *   inproc     function calls in the same process.
 *   pci        a PCI function: registers, queues, data in host memory; freestanding.
 *   pci_virt   that function, connected to an instance: for exports with registers.
 *   vfio_user  a socket, over which another process drives the function of pci_virt.
 *
 * Terms
 *   instance  an engine with its memory, media, clock and lock (virt/virt.h).
 *   client    a user of an instance; each queue of inproc is one, and each PCI function.
 *   owner     separates the queue numbers of clients in the engine: all of inproc is one owner,
 *             each PCI function is one.
 *   due       the instant at which a command completes, computed by the engine when it starts.
 *
 * Life cycle of a command
 *   An export receives it, passes it to ssd_begin() with access to the host's memory, keeps the
 *   completion until it is due, and delivers it. See the header of each folder.
 *
 * States
 *   An export has none in common with others. A reset or a power cut of the instance, by any
 *   client, reaches each export by virt_client.disrupt.
 *
 * Ownership and lifetimes
 *   Queues and functions are closed before their instance. Host memory belongs to the host.
 *
 * Threads
 *   The engine is called with the instance's lock held. Which thread calls is the export's choice.
 *
 * Errors
 *   -errno with a sentence at open. Afterwards the host gets a status. What a host sends is
 *   checked and answered, never asserted.
 *
 * What it does not do
 *   An export interprets no command that the engine can: only queues, interrupts and the data
 *   pointers of its transport.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <export/inproc/inproc.h>
#include <export/pci/pci.h>
#include <export/pci_virt/pci_virt.h>
#include <export/vfio_user/vfio_user.h>

#endif /* EXPORT_EXPORT_H */
