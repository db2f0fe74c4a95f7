/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameters of a command that reads a log page, or reads or sets a feature, for the folders
 * that provide the page or the feature.
 */
#ifndef SSD_WANT_H
#define SSD_WANT_H

#include <ssd/engine.h>

/* Get Log Page */
struct log_want {
	uint8_t lid;
	uint8_t csi;
	uint8_t specific;     /* LSP */
	uint16_t specific_id; /* LSI */
	bool retain;	      /* RAE: keep the event and the list as they are */
	struct ssd_ns *ns;
};

/* Get Features, Set Features */
struct feature_want {
	struct ssd_work *work;
	struct ssd_ns *ns; /* NULL: a feature of the controller */
	uint32_t *current;
	uint32_t value; /* dword 11 */
	uint32_t value12;
};

static inline void
want_check(const struct feature_want *want)
{
	ASSERT(want->work && want->work->status == STATUS(SUCCESS));
	ASSERT(want->current && (!want->ns || ns_is_active(want->ns)));
}

#endif /* SSD_WANT_H */
