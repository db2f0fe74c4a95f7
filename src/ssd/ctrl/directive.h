/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Directives of a write: the placement of its data.
 */
#ifndef SSD_CTRL_DIRECTIVE_H
#define SSD_CTRL_DIRECTIVE_H

#include <ssd/engine.h>

/* Check the directive fields of a write; *stream is the stream for the timing model */
uint16_t directive_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type,
			    uint16_t specific, uint16_t *stream);

#endif /* SSD_CTRL_DIRECTIVE_H */
