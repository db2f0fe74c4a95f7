/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Creates and deletes I/O queue pairs: NVMe Base 2.0, Create and Delete I/O Queue commands.
 */
#include <errno.h>
#include <host/err.h>
#include <path/pcie/ctrl.h>

#define FLAG_PC 1u
#define FLAG_IEN 2u

int
ioq_take_qid(struct ctrl *ctrl, uint32_t *qid)
{
	int err = -ENOSPC;

	(void)pthread_mutex_lock(&ctrl->lock);
	for (uint32_t i = 1; i <= ctrl->ioq_max && err; ++i) {
		if (!ctrl->qid_used[i]) {
			ctrl->qid_used[i] = 1;
			*qid = i;
			err = 0;
		}
	}
	(void)pthread_mutex_unlock(&ctrl->lock);
	return err ? err_set(err,
			     "the controller has %u queue pairs and all are in use: close a "
			     "queue first",
			     ctrl->ioq_max)
		   : 0;
}

void
ioq_release_qid(struct ctrl *ctrl, uint32_t qid)
{
	(void)pthread_mutex_lock(&ctrl->lock);
	ctrl->qid_used[qid] = 0;
	(void)pthread_mutex_unlock(&ctrl->lock);
}

static int
admin(struct ctrl *ctrl, const struct xnvme_spec_cmd *cmd, const char *what, uint32_t qid)
{
	struct xnvme_spec_cpl cpl;
	int err = shared_call(&ctrl->admin, cmd, NULL, ctrl->admin_timeout_ns, &cpl);

	if (err == -EIO) {
		return err_set(err,
			       "the controller did not %s queue %u: status code type %u, code "
			       "0x%x",
			       what, qid, cpl.status.sct, cpl.status.sc);
	}
	return err;
}

static int delete (struct ctrl *ctrl, uint8_t opcode, uint32_t qid)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = opcode, .ndt = qid}};

	return admin(ctrl, &cmd, "delete", qid);
}

int
ioq_create(struct ctrl *ctrl, struct qpair *qp, int vector)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_CREATE_CQ}};
	int err;

	cmd.common.ndt = qp->qid | (qp->entries - 1) << 16;
	cmd.common.ndm = FLAG_PC | (vector >= 0 ? FLAG_IEN | (uint32_t)vector << 16 : 0);
	cmd.common.dptr.prp.prp1 = dma_iova(&ctrl->dma, qp->cq);
	err = admin(ctrl, &cmd, "create completion", qp->qid);
	if (err) {
		return err;
	}
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_CREATE_SQ;
	cmd.common.ndm = FLAG_PC | qp->qid << 16;
	cmd.common.dptr.prp.prp1 = dma_iova(&ctrl->dma, qp->sq);
	err = admin(ctrl, &cmd, "create submission", qp->qid);
	if (err) {
		(void)delete (ctrl, XNVME_SPEC_ADM_OPC_DELETE_CQ, qp->qid);
	}
	return err;
}

int
ioq_delete(struct ctrl *ctrl, struct qpair *qp)
{
	int err = delete (ctrl, XNVME_SPEC_ADM_OPC_DELETE_SQ, qp->qid);

	return err ? err : delete (ctrl, XNVME_SPEC_ADM_OPC_DELETE_CQ, qp->qid);
}

int
ioq_abort(struct ctrl *ctrl, uint32_t qid, uint32_t cid)
{
	struct xnvme_spec_cmd cmd = {
		.common = {.opcode = XNVME_SPEC_ADM_OPC_ABORT, .ndt = qid | cid << 16},
	};

	return admin(ctrl, &cmd, "abort a command of", qid);
}
