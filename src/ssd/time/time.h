/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   Timing models of SSDs: from its state, an instant and the shape of an I/O, a model computes
 *   the instant when the I/O is complete. There are four: null (no time), simple (units that work
 *   in parallel), parallel (link, channels, dies, write buffer, FTL or zones) and nvmevirt1 (the
 *   models of NVMeVirt, with identical results). docs/timing.md compares them; docs/add_model.md
 *   shows how to add one.
 *
 * Terms
 *   model      functions (struct model_ops), and their state in memory of the caller (model.h)
 *   config     parameters, plain data (config.h)
 *   shape      operation, range of bytes, placement, FUA (struct model_io): all that a model gets
 *              of a command
 *   link       PCIe, between the controller and the host
 *   channel    the bus between the controller and some dies
 *   die        NAND with one or more planes; a program or an erase occupies all of its planes
 *   line       one erase block on each die of a stripe: the unit of garbage collection (ftl/ftl.h)
 *   buffer     memory in the SSD where writes wait for a complete one-shot page and its program
 *   span       a time for which a bus or a plane is reserved (bus.h)
 *   to settle  to account for a write of long ago, which takes no time
 *
 * Life cycle of a model
 *   model_find() returns its functions, bytes_needed() the size of its state, init() creates that.
 *   Then the engine repeats the writes that the media already hold, by settle() or begin()
 *   (media/restore.c, media/precondition.c). The model ends with its memory.
 *
 * Life cycle of an I/O
 *   The engine checks a command, calls begin() for its completion time and passes that to the
 *   export, which delivers the completion then. begin() reserves the resources of the I/O (units,
 *   dies, buses, buffer); there is no event and no callback. tick() runs background work.
 *
 * States
 *   None: a model is a value. A controller reset or a power cut does not change it.
 *
 * Ownership and lifetimes
 *   The engine (or src/sim, which runs a model alone) owns the memory; from init() on only the
 *   model writes it. init() copies what it needs of the configuration.
 *
 * Threads
 *   None. One caller at a time; `now` moves forward only.
 *
 * Errors
 *   For an invalid configuration bytes_needed() returns 0, and init() returns -EINVAL with a
 *   sentence. begin() cannot fail: the engine has checked the I/O before. Below that interface,
 *   nvmevirt1.h refuses requests while the buffer is full, and returns a status.
 *
 * What it does not do
 *   It moves no data, has no notion of namespaces, queues and status, reads no clock and never
 *   waits. State is not saved. Power states, temperature and media errors have no effect on times.
 */
#ifndef SSD_TIME_TIME_H
#define SSD_TIME_TIME_H

#include <ssd/time/bus.h>               /* a link, a channel, a plane */
#include <ssd/time/config.h>            /* parameters of all models */
#include <ssd/time/model.h>             /* the interface of a model */
#include <ssd/time/nvmevirt1.h>         /* nvmevirt1, below that interface */
#include <ssd/time/nvmevirt1_presets.h> /* NVMeVirt's parameters */
#include <ssd/time/release.h>           /* when buffer space becomes free */

#endif /* SSD_TIME_TIME_H */
