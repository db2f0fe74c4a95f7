/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Status values as bits 15:1 of a completion's last word, so SC | SCT << 8, and above them CRD,
 * More and Do Not Retry (NVMe Base 2.0, Status Field). The names and numbers are those of
 * libxnvme_spec_status.h, and no others.
 */
#ifndef NVME_STATUS_H
#define NVME_STATUS_H

#include <base/assert.h>
#include <env/env.h>
#include <libxnvme_spec.h>

/* A status by its name in enum xnvme_spec_sc: STATUS(LBA_OUT_OF_RANGE) */
#define STATUS(name) ((uint16_t)XNVME_SPEC_SC_##name)
#define STATUS_CRD_SHIFT XNVME_SPEC_STATUS_CRD_SHIFT
#define STATUS_MORE ((uint16_t)XNVME_SPEC_STATUS_MORE)
#define STATUS_DNR ((uint16_t)XNVME_SPEC_STATUS_DNR)
/* SCT and SC, without the flags */
#define STATUS_CODE(status) ((uint16_t)((status) & XNVME_SPEC_STATUS_SC_MASK))
STATIC_ASSERT((XNVME_SPEC_STATUS_SC_MASK & (XNVME_SPEC_STATUS_MORE | XNVME_SPEC_STATUS_DNR)) == 0,
	      "a flag within the code");

#endif /* NVME_STATUS_H */
