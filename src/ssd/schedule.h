/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The instant of completion of a command, from the timing model.
 */
#ifndef SSD_SCHEDULE_H
#define SSD_SCHEDULE_H

#include <ssd/engine.h>

ns_t time_of_stream(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba,
		    uint64_t nlb, bool fua, uint16_t stream);
ns_t time_of(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
	     bool fua);

#endif /* SSD_SCHEDULE_H */
