/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameters of one Get Log Page command.
 */
#ifndef SSD_LOG_H
#define SSD_LOG_H

#include <ssd/ctrl/identify.h>
#include <ssd/engine.h>

struct log_want {
	uint8_t lid;
	uint8_t csi;
	uint8_t specific;     /* LSP */
	uint16_t specific_id; /* LSI */
	bool retain;	      /* RAE: keep the event and the list as they are */
	struct ssd_ns *ns;
};

/* lba_status.c */
uint64_t lba_status_fill_log(struct ssd *ssd, const struct log_want *want);

bool log_is_there(const struct ssd *ssd, uint8_t lid);
uint16_t log_push(struct ssd *ssd, const struct ssd_work *work, uint64_t offset, uint64_t nbytes,
		  uint64_t there);

#endif /* SSD_LOG_H */
