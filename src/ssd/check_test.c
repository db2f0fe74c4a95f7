/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checks of check.h and of its neighbours can fail: each row damages one structure, and the
 * check at the entry of the next command finds it.
 */
#include <base/panic_test.h>
#include <ssd/engine.h>
#include <ssd/rig_test.h>

static void
small(struct ssd_config *config)
{
	config->cache_nbytes = 65536;
	config->fdp.enabled = true;
	config->ns[0].nbytes = 1U << 20;
}

static void
too_many_events(struct ssd *ssd)
{
	ssd->events.npending = EVENTS_MAX + 1;
}

static void
fast_while_attending(struct ssd *ssd)
{
	ssd->attend = ATTEND_FATAL;
}

static void
removed_but_alive(struct ssd *ssd)
{
	ssd->removed = true;
}

static void
not_refreshed(struct ssd *ssd)
{
	ssd->ns[0].nlba += 1;
}

static void
other_block_size(struct ssd *ssd)
{
	ssd->ns[0].shift = 12;
}

static void
cache_beyond_its_end(struct ssd *ssd)
{
	ssd->cache.tail = ssd->cache.nbytes + 1;
}

static void
dirty_without_records(struct ssd *ssd)
{
	ssd->cache.dirty_nbytes = 512;
}

static void
unit_is_full(struct ssd *ssd)
{
	ssd->saved->fdp.written[0] = ssd->config.fdp.unit_nbytes;
}

static void
too_many_streams(struct ssd *ssd)
{
	ssd->streams[0].nopen = STREAMS_MAX + 1;
}

static void (*const damages[])(struct ssd *ssd) = {
	too_many_events, fast_while_attending, removed_but_alive, not_refreshed, other_block_size,
	cache_beyond_its_end, dirty_without_records, unit_is_full, too_many_streams,
};

static void
write_one(void *rig)
{
	(void)rig_write(rig, 0, 1, 1);
}

static void
damage_panics(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); ++i) {
		struct rig *rig = rig_new(small);

		damages[i](rig->ssd);
		assert_panics(write_one, rig);
		rig_free(rig);
	}
}

static void
request_event(void *rig)
{
	struct xnvme_spec_cmd cmd = {.common.opcode = XNVME_SPEC_ADM_OPC_ASYNC_EVENT};

	(void)rig_admin(rig, &cmd);
}

/* aer_check() and timer_check() are called by admin commands only */
static void
damage_panics_in_admin_commands(void **state)
{
	(void)state;
	for (int damage = 0; damage < 2; ++damage) {
		struct rig *rig = rig_new(small);

		if (damage == 0) {
			rig->ssd->events.aer[0].nwaiting = AER_WAITING_MAX + 1;
		} else {
			rig->ssd->timer.sanitize_until = rig->now + 1;
			rig->ssd->timer_at = rig->ssd->fast_until = rig->now + 1;
		}
		assert_panics(request_event, rig);
		rig_free(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_panics),
		cmocka_unit_test(damage_panics_in_admin_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
