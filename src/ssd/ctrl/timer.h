/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Background operations of the controller: keep alive, self-test, sanitize.
 */
#ifndef SSD_CTRL_TIMER_H
#define SSD_CTRL_TIMER_H

#include <ssd/engine.h>

/* Do the work that is due at ssd->now, and set ssd->timer_at to the next instant */
void timer_run(struct ssd *ssd);

void timer_init(struct ssd *ssd);

/* Controller reset; power cut */
void timer_reset(struct ssd *ssd);
void timer_power_cut(struct ssd *ssd);

/* Start a Keep Alive Timeout in milliseconds; 0 disables it */
void timer_keep_alive(struct ssd *ssd, uint32_t timeout_ms);

/* Start an operation of `duration`, of which `done` has already passed */
void timer_self_test(struct ssd *ssd, uint8_t code, uint32_t nsid, ns_t duration, ns_t done);
void timer_self_test_end(struct ssd *ssd, uint8_t result);
void timer_sanitize(struct ssd *ssd, ns_t duration, ns_t done);

/* A host queries the progress of an operation: see ssd_waits_until() */
void timer_asked(struct ssd *ssd);

/* While media are restored: continue the operations that were running; selftest.c, format.c */
void self_test_resume(struct ssd *ssd);
void sanitize_resume(struct ssd *ssd);

/* Progress: 0 at the start, `scale` at the end */
uint32_t timer_progress(const struct ssd *ssd, ns_t from, ns_t until, uint32_t scale);

/* Why a command is refused: sanitize is in progress, or has failed */
uint16_t sanitize_refusal(const struct ssd *ssd);

#endif /* SSD_CTRL_TIMER_H */
