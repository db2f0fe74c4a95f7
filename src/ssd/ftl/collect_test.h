/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, included after cmocka.h: collect a line, including its erase */
#ifndef SSD_FTL_COLLECT_TEST_H
#define SSD_FTL_COLLECT_TEST_H

#include <ssd/ftl/ftl.h>

static inline void
collect(struct ftl *ftl)
{
	struct ftl_unit unit;

	assert_true(ftl_gc_begin(ftl, 1));
	while (ftl_gc_unit(ftl, &unit)) {
		for (uint32_t i = 0; i < unit.count; ++i) {
			ftl_gc_move(ftl, unit.pages[i]);
		}
	}
	ftl_gc_erase(ftl);
}

#endif /* SSD_FTL_COLLECT_TEST_H */
