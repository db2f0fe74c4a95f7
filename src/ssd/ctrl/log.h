/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log pages, as other admin commands see them.
 */
#ifndef SSD_CTRL_LOG_H
#define SSD_CTRL_LOG_H

#include <ssd/want.h>

/* lba_status.c. The number of bad blocks has grown */
void lba_status_changed(struct ssd *ssd);
uint64_t lba_status_fill_log(struct ssd *ssd, const struct log_want *want);

bool log_is_there(const struct ssd *ssd, uint8_t lid);
uint16_t log_push(struct ssd *ssd, const struct ssd_work *work, uint64_t offset, uint64_t nbytes,
		  uint64_t there);

#endif /* SSD_CTRL_LOG_H */
