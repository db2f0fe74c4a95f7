/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fused operations: Compare and Write as one.
 */
#ifndef SSD_FUSED_H
#define SSD_FUSED_H

#include <ssd/engine.h>

/* Take a command that is half of a fused operation; true: it has been dealt with. Any other command
 * of a queue whose first half waits ends that one. */
bool fused_take(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);


#endif /* SSD_FUSED_H */
