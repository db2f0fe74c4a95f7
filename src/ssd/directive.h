/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a write says of where its data should go.
 */
#ifndef SSD_DIRECTIVE_H
#define SSD_DIRECTIVE_H

#include <ssd/engine.h>

/* Check the directive fields of a write; *stream is what the timing model is told */
uint16_t directive_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type,
			    uint16_t specific, uint16_t *stream);

#endif /* SSD_DIRECTIVE_H */
