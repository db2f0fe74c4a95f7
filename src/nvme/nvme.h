/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The standard as pure functions, shared by the host and the SSD: status values, registers, checks
 * over data, protection information; and the messages of vfio-user, which client and server share.
 * What both sides must interpret alike is defined here once. Freestanding.
 *
 * Terms
 *   status  a completion's status field without its phase bit (status.h)
 *   tuple   the protection information of one block (pi.h)
 *   tag     a part of a tuple
 *   guard   the check over a block (crc.h)
 *
 * Life cycle of a protected block
 *   Write: the host calls pi_generate(), the SSD calls pi_verify() on what it receives, or
 *   pi_generate() when the command has it insert the tuple. Read: the same in the other direction.
 *
 * States
 *   None: the result of a function depends on its arguments alone.
 *
 * Ownership and lifetimes
 *   All buffers are the caller's, borrowed for the call.
 *
 * Threads
 *   Any.
 *
 * Errors
 *   A status, as in a completion. Formats are checked once, by pi_format_valid(); the other
 *   functions assert that.
 *
 * What it does not do
 *   It walks no PRP lists and no SGLs: host and SSD do that differently, the SSD with a translation
 *   that may refuse any address, the driver with memory that it mapped.
 */
#ifndef NVME_NVME_H
#define NVME_NVME_H

#include <nvme/crc.h>       /* checks over data */
#include <nvme/pi.h>        /* protection information */
#include <nvme/regs.h>      /* controller properties */
#include <nvme/status.h>    /* status values */
#include <nvme/vfio_user.h> /* messages of vfio-user */

#endif /* NVME_NVME_H */
