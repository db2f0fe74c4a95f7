/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/ctrl.h>

#include <errno.h>
#include <host/err.h>
#include <host/fork.h>
#include <host/process.h>
#include <nvme/regs.h>
#include <nvme/status.h>
#include <os/os.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARED_ENTRIES 64u /* 64 commands of 64 bytes are one page */
#define IOQ_WANTED 64u
#define OACS_DBBUF 0x100u
#define SHUTDOWN_MS_MAX 10000u
#define QUIET_NS_MAX 2000000000ull /* time limit for a failed controller to stop */
#define SGLS_SUPPORTED(sgls) ((sgls)&3u)
#define SGLS_ANY_BYTE 1u
#define NS_PER_US_ 1000ull
/* Two reads: a controller may report a failure for a moment. SPDK's vfio-user target does when it
 * cannot interrupt. */
#define CSTS_LOOKS 2u
#define CSTS_PAUSE_NS 1000000u

/* ---- registers ---- */

void
ctrl_gone(struct ctrl *ctrl)
{
	atomic_store_explicit(&ctrl->gone, true, memory_order_relaxed);
}

/* A bus reads all ones where no device answers */
int
ctrl_read4(struct ctrl *ctrl, uint32_t offset, uint32_t *value)
{
	int err = ctrl->bus->ops->read(ctrl->bus, offset, value, sizeof(*value));

	if (err && err != -ENODEV) {
		ctrl_gone(ctrl);
		return err;
	}
	if (err || *value == UINT32_MAX) {
		ctrl_gone(ctrl);
		return err_set(-ENODEV, "the controller '%s' is gone: its registers do not answer",
			       ctrl->uri);
	}
	return 0;
}

int
ctrl_check(struct ctrl *ctrl)
{
	uint32_t csts = 0;

	for (uint32_t looks = 0; looks < CSTS_LOOKS; ++looks) {
		if (looks > 0) {
			os_pause_ns(CSTS_PAUSE_NS);
		}
		if (ctrl_is_gone(ctrl) || ctrl_read4(ctrl, REG_CSTS, &csts)) {
			return -ENODEV;
		}
		if (!(csts & CSTS_CFS) && (!ctrl->up || (csts & CSTS_RDY))) {
			return 0;
		}
	}
	return -EIO;
}

static int
write4(struct ctrl *ctrl, uint32_t offset, uint32_t value)
{
	return ctrl->bus->ops->write(ctrl->bus, offset, &value, sizeof(value));
}

int
ctrl_registers(struct ctrl *ctrl, void *data, size_t nbytes)
{
	memset(data, 0, nbytes);
	for (uint32_t at = 0; at + 4 <= nbytes && at + 4 <= 0x1000; at += 4) {
		int err = ctrl->bus->ops->read(ctrl->bus, at, (uint8_t *)data + at, 4);

		if (err) {
			return err;
		}
	}
	return 0;
}

/* Wait until (CSTS & mask) == value */
static int
wait_csts(struct ctrl *ctrl, uint32_t mask, uint32_t value, uint32_t timeout_ms, const char *what)
{
	uint64_t deadline = os_clock_ns() + timeout_ms * 1000000ull;
	uint32_t failed = 0; /* consecutive reads with a failure */

	for (;;) {
		uint32_t csts;
		int err;

		if (ctrl->bus->ops->run) {
			ctrl->bus->ops->run(ctrl->bus);
		}
		err = ctrl_read4(ctrl, REG_CSTS, &csts);
		if (err) {
			return err;
		}
		if ((csts & mask) == value) {
			return 0;
		}
		failed = csts & CSTS_CFS ? failed + 1 : 0;
		if (failed >= CSTS_LOOKS && value != 0) {
			return err_set(-EIO,
				       "the controller '%s' failed (CSTS.CFS) when it was to "
				       "%s",
				       ctrl->uri, what);
		}
		if (os_clock_ns() > deadline) {
			return err_set(-ETIMEDOUT, "the controller '%s' did not %s within %u ms",
				       ctrl->uri, what, timeout_ms);
		}
		os_pause_ns(failed ? CSTS_PAUSE_NS : 10000);
	}
}

static int
disable(struct ctrl *ctrl)
{
	uint32_t cc;
	int err = ctrl_read4(ctrl, REG_CC, &cc);

	if (!err) {
		err = write4(ctrl, REG_CC, cc & ~(1u | 3u << 14));
	}
	return err ? err : wait_csts(ctrl, CSTS_RDY, 0, ctrl->ready_timeout_ms, "become disabled");
}

static int
enable(struct ctrl *ctrl)
{
	const struct qpair *qp = &ctrl->admin.qp;
	uint64_t asq = dma_iova(&ctrl->dma, qp->sq), acq = dma_iova(&ctrl->dma, qp->cq);
	uint32_t css = CAP_CSS(ctrl->cap) & CAP_CSS_IOCS ? CC_CSS_IOCS : CC_CSS_NVM;
	uint32_t cc = 1u | css << 4 | 6u << 16 /* 64-byte commands */ | 4u << 20 /* 16 */;
	const struct bus_ops *ops = ctrl->bus->ops;
	int err = write4(ctrl, REG_AQA, (qp->entries - 1) | (qp->entries - 1) << 16);

	if (!err) {
		err = ops->write(ctrl->bus, REG_ASQ, &asq, sizeof(asq));
	}
	if (!err) {
		err = ops->write(ctrl->bus, REG_ACQ, &acq, sizeof(acq));
	}
	if (!err) {
		err = write4(ctrl, REG_CC, cc);
	}
	return err ? err
		   : wait_csts(ctrl, CSTS_RDY, CSTS_RDY, ctrl->ready_timeout_ms, "become ready");
}

/* ---- setup by the admin queue ---- */

static int
identify(struct ctrl *ctrl)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_IDFY}};
	struct xnvme_spec_idfy_ctrlr *page = dma_alloc(&ctrl->dma, sizeof(*page));
	struct payload payload = {.data = page, .data_nbytes = sizeof(*page)};
	struct xnvme_spec_cpl cpl;
	int err;

	if (!page) {
		return -errno;
	}
	cmd.idfy.cns = XNVME_SPEC_IDFY_CTRLR;
	err = shared_call(&ctrl->admin, &cmd, &payload, ctrl->admin_timeout_ns, &cpl);
	if (!err) {
		uint32_t shift = 12 + CAP_MPSMIN(ctrl->cap) + page->mdts;

		ctrl->mdts_nbytes = page->mdts && shift < 32 ? 1u << shift : 0;
		ctrl->sgl = SGLS_SUPPORTED(page->sgls.val) != 0;
		ctrl->extended_formats = page->ctratt.extended_lba_formats;
		ctrl->sgl_bytes = SGLS_SUPPORTED(page->sgls.val) == SGLS_ANY_BYTE;
		if ((page->oacs.val & OACS_DBBUF) && !ctrl->bus->doorbells_cheap && !ctrl->shadow) {
			ctrl->shadow = dma_alloc(&ctrl->dma, 2 * DMA_PAGE);
		}
	} else if (err == -EIO) {
		err = err_set(err,
			      "the controller '%s' refuses Identify Controller: status code "
			      "type %u, code 0x%x",
			      ctrl->uri, cpl.status.sct, cpl.status.sc);
	}
	dma_free(&ctrl->dma, page);
	return err;
}

/* Number of Queues (feature 07h): both counts are 0's based in the command and in the result */
static int
agree_on_queues(struct ctrl *ctrl)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_SFEAT}};
	const struct payload none = {0};
	struct xnvme_spec_cpl cpl;
	uint32_t nsq, ncq, granted;
	int err;

	cmd.sfeat.cdw10.fid = XNVME_SPEC_FEAT_NQUEUES;
	cmd.common.ndm = (IOQ_WANTED - 1) | (IOQ_WANTED - 1) << 16;
	err = shared_call(&ctrl->admin, &cmd, &none, ctrl->admin_timeout_ns, &cpl);
	if (err) {
		return err_set(err, "the controller '%s' grants no I/O queues", ctrl->uri);
	}
	nsq = (cpl.cdw0 & 0xFFFF) + 1;
	ncq = (cpl.cdw0 >> 16) + 1;
	granted = nsq < ncq ? nsq : ncq;
	granted = granted < IOQ_WANTED ? granted : IOQ_WANTED;
	if (ctrl->qid_used && granted < ctrl->ioq_max) {
		return err_set(-EIO, "the controller '%s' grants fewer queues after a reset",
			       ctrl->uri);
	}
	ctrl->ioq_max = ctrl->qid_used ? ctrl->ioq_max : granted;
	if (!ctrl->qid_used) {
		ctrl->qid_used = calloc(granted + 1, 1);
	}
	return ctrl->qid_used ? 0 : err_set(-ENOMEM, "no memory for %u queues", granted);
}

/* Host Behavior Support (feature 16h): enable LBA formats with larger guards (LBAFEE), which this
 * host supports. If the controller refuses, commands that use them fail later. */
static int
agree_on_formats(struct ctrl *ctrl)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_SFEAT}};
	struct xnvme_spec_feat_host_behavior *page;
	struct xnvme_spec_cpl cpl;
	struct payload payload;
	int err;

	if (!ctrl->extended_formats) {
		return 0;
	}
	page = dma_alloc(&ctrl->dma, sizeof(*page));
	if (!page) {
		return -errno;
	}
	memset(page, 0, sizeof(*page));
	page->lbafee = 1;
	payload = (struct payload){.data = page, .data_nbytes = sizeof(*page)};
	cmd.sfeat.cdw10.fid = XNVME_SPEC_FEAT_HOST_BEHAVIOR;
	err = shared_call(&ctrl->admin, &cmd, &payload, ctrl->admin_timeout_ns, &cpl);
	dma_free(&ctrl->dma, page);
	return err == -EIO ? 0 : err;
}

static int
agree_on_shadows(struct ctrl *ctrl)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_DOORBELL_BUFFER}};
	struct xnvme_spec_cpl cpl;
	int err;

	if (!ctrl->shadow) {
		return 0;
	}
	memset(ctrl->shadow, 0, 2 * DMA_PAGE);
	cmd.common.dptr.prp.prp1 = dma_iova(&ctrl->dma, ctrl->shadow);
	cmd.common.dptr.prp.prp2 = dma_iova(&ctrl->dma, ctrl->shadow + DMA_PAGE);
	err = shared_call(&ctrl->admin, &cmd, NULL, ctrl->admin_timeout_ns, &cpl);
	if (err == -EIO) { /* advertised but refused: continue without, more slowly */
		dma_free(&ctrl->dma, ctrl->shadow);
		ctrl->shadow = NULL;
		return 0;
	}
	return err;
}

/* From reset to ready, with the admin queue and the shared I/O queue */
static int
start(struct ctrl *ctrl)
{
	int err;

	qpair_clear(&ctrl->admin.qp);
	err = enable(ctrl);
	err = err ? err : identify(ctrl);
	err = err ? err : agree_on_queues(ctrl);
	err = err ? err : agree_on_formats(ctrl);
	err = err ? err : agree_on_shadows(ctrl);
	if (err) {
		return err;
	}
	if (!ctrl->io.ready) {
		uint32_t entries = SHARED_ENTRIES; /* a power of two */

		while (entries > CAP_MQES(ctrl->cap) + 1) {
			entries /= 2;
		}
		ctrl->qid_used[1] = 1;
		err = shared_init(&ctrl->io, ctrl, 1, entries);
	} else {
		qpair_clear(&ctrl->io.qp);
	}
	err = err ? err : ioq_create(ctrl, &ctrl->io.qp, -1);
	if (err) {
		return err;
	}
	(void)pthread_mutex_lock(&ctrl->admin.lock);
	(void)shared_post_aer(ctrl);
	(void)pthread_mutex_unlock(&ctrl->admin.lock);
	return 0;
}

/* ---- reset ---- */

/* Complete every synchronous command now */
static void
end_all(struct ctrl_shared *shared)
{
	if (!shared->ready) {
		return;
	}
	(void)pthread_mutex_lock(&shared->lock);
	for (uint32_t cid = 0; cid < shared->qp.commands; ++cid) {
		struct ctrl_slot *slot = &shared->slots[cid];

		if (slot->used && !slot->done) {
			slot->cpl = (struct xnvme_spec_cpl){.cid = (uint16_t)cid};
			slot->cpl.status.val = STATUS(ABORTED_BY_HOST) << 1;
			slot->done = true;
			slot->used = !slot->abandoned && cid != shared->qp.ctrl->aer_cid;
		}
	}
	(void)pthread_mutex_unlock(&shared->lock);
}

int
ctrl_reset(struct ctrl *ctrl, bool subsystem)
{
	uint32_t seen = ctrl_generation(ctrl);
	int err;

	if (subsystem && !CAP_NSSRS(ctrl->cap)) {
		return err_set(-ENOTSUP, "the controller '%s' has no NVM subsystem reset",
			       ctrl->uri);
	}
	(void)pthread_mutex_lock(&ctrl->lock);
	if (seen != ctrl_generation(ctrl) && !subsystem) {
		(void)pthread_mutex_unlock(&ctrl->lock);
		return 0; /* another thread has just done it */
	}
	ctrl->up = false;
	/* release: a thread that sees the new generation sees that the old queues are dead */
	(void)atomic_fetch_add_explicit(&ctrl->generation, 1, memory_order_release);
	err = subsystem ? write4(ctrl, REG_NSSR, NSSR_NVME) : 0;
	err = err ? err : disable(ctrl);
	end_all(&ctrl->admin);
	end_all(&ctrl->io);
	ctrl->aer_cid = UINT16_MAX;
	err = err ? err : start(ctrl);
	ctrl->up = !err;
	if (err) {
		ctrl_gone(ctrl);
	}
	(void)pthread_mutex_unlock(&ctrl->lock);
	return err;
}

/* ---- opening and closing ---- */

/* Disable the controller before its memory is freed: it might still write there, and without an
 * IOMMU that memory may belong to another process by then. Keeps the last error as it was. */
static void
quieten(struct ctrl *ctrl)
{
	const struct bus_ops *ops = ctrl->bus ? ctrl->bus->ops : NULL;
	uint64_t deadline = os_clock_ns() + QUIET_NS_MAX;
	uint32_t cc, csts = CSTS_RDY;

	if (!ops || !ctrl->dma.table || ops->read(ctrl->bus, REG_CC, &cc, sizeof(cc)) ||
	    cc == UINT32_MAX || !(cc & 1u)) {
		return;
	}
	cc &= ~1u;
	(void)ops->write(ctrl->bus, REG_CC, &cc, sizeof(cc));
	while ((csts & CSTS_RDY) && os_clock_ns() < deadline &&
	       !ops->read(ctrl->bus, REG_CSTS, &csts, sizeof(csts))) {
		if (ops->run) {
			ops->run(ctrl->bus);
		}
		os_pause_ns(10000);
	}
}

/* Frees everything but the structure itself */
static void
ctrl_release(struct ctrl *ctrl)
{
	quieten(ctrl);
	shared_fini(&ctrl->io);
	shared_fini(&ctrl->admin);
	if (ctrl->dma.table) {
		dma_free(&ctrl->dma, ctrl->shadow);
		dma_close(&ctrl->dma);
	}
	if (ctrl->bus) {
		ctrl->bus->ops->close(ctrl->bus);
	}
	(void)pthread_mutex_destroy(&ctrl->lock);
	free(ctrl->qid_used);
}

/*
 * CC.SHN: makes the content of volatile memory durable (NVMe Base 2.0, Controller Shutdown)
 */
static void
shut_down(struct ctrl *ctrl)
{
	uint32_t cc;

	if (!ctrl->up || ctrl_is_gone(ctrl) || ctrl_read4(ctrl, REG_CC, &cc)) {
		return;
	}
	(void)ioq_delete(ctrl, &ctrl->io.qp);
	if (!write4(ctrl, REG_CC, cc | CC_SHN_NORMAL << 14)) {
		(void)wait_csts(ctrl, 3u << 2, CSTS_SHST_COMPLETE << 2, SHUTDOWN_MS_MAX,
				"shut down");
		(void)disable(ctrl);
	}
}

static int
bring_up(struct ctrl *ctrl, const struct xnvme_opts *opts)
{
	uint64_t cap;
	int err = ctrl->bus->ops->read(ctrl->bus, REG_CAP, &cap, sizeof(cap));

	if (err && err != -ENODEV) {
		return err;
	}
	if (err || cap == UINT64_MAX) {
		return err_set(-ENODEV, "'%s' does not answer: its registers read as ones",
			       ctrl->uri);
	}
	ctrl->cap = cap;
	ctrl->dstrd = CAP_DSTRD(cap);
	ctrl->ready_timeout_ms = (CAP_TO(cap) + 1) * 500; /* CAP.TO is in 500 ms */
	ctrl->aer_cid = UINT16_MAX;
	if (CAP_MQES(cap) == 0) {
		return err_set(-ENODEV, "'%s' is no NVMe controller: its queues have one entry",
			       ctrl->uri);
	}
	if (CAP_MPSMIN(cap) != 0) {
		return err_set(-ENOTSUP, "'%s' has no memory pages of %u bytes", ctrl->uri,
			       DMA_PAGE);
	}
	if (!(CAP_CSS(cap) & (CAP_CSS_NVM | CAP_CSS_IOCS))) {
		return err_set(-ENOTSUP, "'%s' has no I/O command set", ctrl->uri);
	}
	ctrl->command_timeout_ns = (uint64_t)opts->command_timeout * NS_PER_US_;
	err = dma_open(&ctrl->dma, ctrl->bus, opts->host_heap_size);
	err = err ? err : shared_init(&ctrl->admin, ctrl, 0, SHARED_ENTRIES);
	err = err ? err : disable(ctrl);
	err = err ? err : start(ctrl);
	ctrl->up = !err;
	return err;
}

static struct ctrl *
ctrl_new(const char *uri)
{
	struct ctrl *ctrl = calloc(1, sizeof(*ctrl));

	if (!ctrl) {
		(void)err_set(-ENOMEM, "no memory for a controller");
		return NULL;
	}
	(void)snprintf(ctrl->uri, sizeof(ctrl->uri), "%s", uri);
	(void)pthread_mutex_init(&ctrl->lock, NULL);
	ctrl->refs = 1;
	ctrl->changing = true;
	return ctrl;
}

static int
ctrl_open(struct ctrl *ctrl, bus_opener *open, const char *name, const struct xnvme_opts *opts)
{
	int err;

	ctrl->admin_timeout_ns =
		opts->admin_timeout ? (uint64_t)opts->admin_timeout * NS_PER_US_ : UINT64_MAX;
	err = open(name, ctrl->admin_timeout_ns, opts->rdonly, &ctrl->bus);
	return err ? err : bring_up(ctrl, opts);
}

/* ---- the list of controllers ---- */

/* The controller of that URI, after waiting for a bring-up or shutdown of it; NULL: none. Lock
 * held. */
static struct ctrl *
find(const char *uri)
{
	struct ctrl *ctrl = process.ctrls;

	while (ctrl && (strcmp(ctrl->uri, uri) != 0 || ctrl->changing)) {
		if (strcmp(ctrl->uri, uri) != 0) {
			ctrl = ctrl->next;
		} else {
			(void)pthread_cond_wait(&process.ctrls_changed, &process.ctrls_lock);
			ctrl = process.ctrls;
		}
	}
	return ctrl;
}

/* Remove and free a controller that this thread is changing: the next opener of that URI finds the
 * bus closed. Lock not held; returns `err`. */
static int
ctrl_end(struct ctrl *ctrl, int err)
{
	struct ctrl **at = &process.ctrls;

	ctrl_release(ctrl);
	(void)pthread_mutex_lock(&process.ctrls_lock);
	for (; *at != ctrl; at = &(*at)->next) {
	}
	*at = ctrl->next;
	(void)pthread_cond_broadcast(&process.ctrls_changed);
	(void)pthread_mutex_unlock(&process.ctrls_lock);
	free(ctrl);
	return err;
}

int
ctrl_get(const char *uri, bus_opener *open, const char *name, const struct xnvme_opts *opts,
	 struct ctrl **made)
{
	struct ctrl *ctrl;
	int err = fork_watch();

	if (err) {
		return err;
	}
	(void)pthread_mutex_lock(&process.ctrls_lock);
	ctrl = find(uri);
	if (ctrl && ctrl->bus->read_only && !opts->rdonly) {
		(void)pthread_mutex_unlock(&process.ctrls_lock);
		return err_set(-EBUSY, "'%s' is open with rdonly in this process, and its media "
			       "file is not written; close that handle first, or open this one "
			       "with rdonly, too", uri);
	}
	if (ctrl) {
		ctrl->refs += 1;
	} else {
		ctrl = ctrl_new(uri);
		if (!ctrl) {
			(void)pthread_mutex_unlock(&process.ctrls_lock);
			return -ENOMEM;
		}
		ctrl->next = process.ctrls;
		process.ctrls = ctrl;
		(void)pthread_mutex_unlock(&process.ctrls_lock);
		err = ctrl_open(ctrl, open, name, opts);
		if (err) {
			return ctrl_end(ctrl, err);
		}
		(void)pthread_mutex_lock(&process.ctrls_lock);
		ctrl->changing = false;
		(void)pthread_cond_broadcast(&process.ctrls_changed);
	}
	(void)pthread_mutex_unlock(&process.ctrls_lock);
	*made = ctrl;
	return 0;
}

void
ctrl_put(struct ctrl *ctrl)
{
	bool last;

	(void)pthread_mutex_lock(&process.ctrls_lock);
	ctrl->refs -= 1;
	last = ctrl->refs == 0;
	ctrl->changing = last;
	(void)pthread_mutex_unlock(&process.ctrls_lock);
	if (!last) {
		return;
	}
	shut_down(ctrl);
	(void)ctrl_end(ctrl, 0);
}
