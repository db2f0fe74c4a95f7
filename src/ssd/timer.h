/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the controller does while time passes: keep alive, self-test, sanitize.
 */
#ifndef SSD_TIMER_H
#define SSD_TIMER_H

#include <ssd/engine.h>

/* Do what is due at ssd->now, and set ssd->timer_at to the next instant */
void timer_run(struct ssd *ssd);

void timer_init(struct ssd *ssd);

/* Controller reset, power cut */
void timer_reset(struct ssd *ssd);
void timer_power_cut(struct ssd *ssd);

/* Keep Alive Timeout in milliseconds from now on; 0 turns it off */
void timer_keep_alive(struct ssd *ssd, uint32_t timeout_ms);

/* It takes `duration`, of which `done` has passed */
void timer_self_test(struct ssd *ssd, uint8_t code, uint32_t nsid, ns_t duration, ns_t done);
void timer_self_test_end(struct ssd *ssd, uint8_t result);
void timer_sanitize(struct ssd *ssd, ns_t duration, ns_t done);

/* A host asks the controller something while it works: see ssd_waits_until() */
void timer_asked(struct ssd *ssd);

/* Media are taken up: what ran when they were left goes on; selftest.c, erase.c */
void self_test_resume(struct ssd *ssd);
void sanitize_resume(struct ssd *ssd);

/* How far: 0 when it begins, `scale` when it is done */
uint32_t timer_progress(const struct ssd *ssd, ns_t from, ns_t until, uint32_t scale);

/* Why a command cannot be taken now: sanitize runs, or has failed */
uint16_t sanitize_refusal(const struct ssd *ssd);

#endif /* SSD_TIMER_H */
