/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Device Self-test; NVMe Base 2.0, Device Self-test command, Device Self-test Operations. There is
 * no hardware that could fail: a test takes its time, can be aborted, and passes.
 */
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/timer.h>
#include <ssd/ns.h>

#define SHORT_TEST_NS (2 * NS_PER_S)
#define EXTENDED_TEST_NS (60 * NS_PER_S) /* EDSTT: 1 minute */

static ns_t
duration_of(uint8_t code)
{
	ASSERT(code == XNVME_SPEC_SELFTEST_SHORT || code == XNVME_SPEC_SELFTEST_EXTENDED);
	return code == XNVME_SPEC_SELFTEST_SHORT ? SHORT_TEST_NS : EXTENDED_TEST_NS;
}

/* After power on: an extended test continues where it was; a short one was ended by the power
 * loss */
void
self_test_resume(struct ssd *ssd)
{
	uint8_t code = ssd->saved->self_test_code;

	if (code != XNVME_SPEC_SELFTEST_SHORT && code != XNVME_SPEC_SELFTEST_EXTENDED) {
		return; /* none, or corruption */
	}
	ASSERT(ssd->timer.self_test_until == NS_NEVER);
	timer_self_test(ssd, code, ssd->saved->self_test_nsid, duration_of(code),
			ssd->saved->self_test_done_ns);
	if (code == XNVME_SPEC_SELFTEST_SHORT) {
		timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_RESET);
	}
}

void
self_test_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		struct ssd_work *work)
{
	uint8_t code = cmd->common.ndt & 15; /* dword 10: STC */
	uint32_t nsid = cmd->common.nsid;

	command_check(ssd, ns, work);
	/* NSID 0 tests the controller, FFFFFFFFh all its namespaces too */
	if (nsid != 0 && nsid != NSID_ALL && !ns_is_active(ns)) {
		work->status = ns_refusal(ssd, nsid);
		return;
	}
	switch (code) {
	case XNVME_SPEC_SELFTEST_SHORT:
	case XNVME_SPEC_SELFTEST_EXTENDED:
		if (ssd->timer.self_test_until != NS_NEVER) {
			work->status = STATUS(SELF_TEST_IN_PROGRESS);
			return;
		}
		timer_self_test(ssd, code, nsid, duration_of(code), 0);
		break;
	case XNVME_SPEC_SELFTEST_ABORT:
		timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_ABORTED);
		break;
	default:
		work->status = REFUSE(INVALID_FIELD);
	}
}
