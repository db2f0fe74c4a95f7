/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fused operations: Compare and Write as one atomic operation.
 */
#ifndef SSD_NVM_FUSED_H
#define SSD_NVM_FUSED_H

#include <ssd/check.h>
#include <ssd/engine.h>

/* Process a command that is half of a fused operation; true: done. Any other command of a queue
 * with a pending first half aborts that half. */
bool fused_take(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work);

/* A queue was deleted, see ssd_forget(): drop its pending first half */
void fused_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid);

#endif /* SSD_NVM_FUSED_H */
