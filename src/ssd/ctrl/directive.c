/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Directives: Identify, Streams, and Data Placement where it is enabled; NVMe Base 2.0, Directives.
 *
 * A stream is a hint: the timing model gets its identifier with each write and may separate the
 * data of streams. Open streams are recorded per namespace and closed by a reset.
 */
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/directive.h>
#include <ssd/ctrl/identify.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>
#include <ssd/ns.h>

#define STREAM_GRANULARITY_NBYTES (128u << 10)

static void
streams_check(const struct streams *streams)
{
	ASSERT(streams->nopen <= STREAMS_MAX && streams->allocated <= STREAMS_MAX);
	ASSERT(streams->enabled || streams->nopen == 0);
}

static bool
has_stream(const struct streams *streams, uint16_t id, uint32_t *index)
{
	streams_check(streams);
	for (*index = 0; *index < streams->nopen; ++(*index)) {
		if (streams->open[*index] == id) {
			return true;
		}
	}
	return false;
}

static void
close_stream(struct streams *streams, uint32_t index)
{
	streams_check(streams);
	ASSERT(index < streams->nopen);
	streams->nopen -= 1;
	memmove(&streams->open[index], &streams->open[index + 1],
		(streams->nopen - index) * sizeof(streams->open[0]));
}

uint16_t
directive_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type, uint16_t specific,
		   uint16_t *stream)
{
	struct streams *streams = &ssd->streams[ns->nsid - 1];
	uint32_t index;

	ns_check(ssd, ns);
	streams_check(streams);
	*stream = 0;
	switch (type) {
	case XNVME_SPEC_DIR_IDENTIFY:
		/* type 0 in a write: no directive */
	case XNVME_SPEC_DIR_DATA_PLACEMENT:
		return fdp_of_write(ssd, ns, type, specific, stream);
	case XNVME_SPEC_DIR_STREAMS:
		if (!streams->enabled) {
			return REFUSE(INVALID_FIELD);
		}
		*stream = specific;
		if (specific == 0 || has_stream(streams, specific, &index)) {
			return STATUS(SUCCESS);
		}
		if (streams->nopen == STREAMS_MAX) {
			close_stream(streams, 0); /* the oldest open stream */
		}
		streams->open[streams->nopen++] = specific;
		return STATUS(SUCCESS);
	default:
		return REFUSE(INVALID_FIELD);
	}
}

/* For one namespace; for all of them (`ns` NULL): true if enabled in each */
static bool
streams_are_enabled(const struct ssd *ssd, const struct ssd_ns *ns)
{
	bool all = true;

	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		if (ns ? ns == &ssd->ns[i] : ns_is_active(&ssd->ns[i])) {
			all = all && ssd->streams[i].enabled;
		}
	}
	return all;
}

static uint16_t
receive_identify(struct ssd *ssd, const struct ssd_ns *ns)
{
	struct xnvme_spec_idfy_dir_rp *params = (void *)ssd->page;

	ssd_check(ssd);
	params->directives_supported.identify = 1;
	params->directives_supported.streams = !fdp_is_on(ssd);
	params->directives_supported.data_placement = fdp_is_there(ssd);
	params->directives_enabled.identify = 1;
	params->directives_enabled.streams = streams_are_enabled(ssd, ns);
	/* enabled by the feature, persistently: NVMe Base 2.1, Data Placement Directive */
	params->directives_enabled.data_placement = fdp_is_on(ssd);
	params->directives_persistence.data_placement = fdp_is_on(ssd);
	return STATUS(SUCCESS);
}

static uint16_t
receive_streams(struct ssd *ssd, const struct ssd_ns *ns, uint8_t operation, uint16_t wanted,
		struct ssd_work *work)
{
	struct streams *streams = ns ? &ssd->streams[ns->nsid - 1] : NULL;
	struct xnvme_spec_streams_dir_rp *params = (void *)ssd->page;

	if (!streams) {
		/* for all namespaces only the common values are defined: Return Parameters */
		params->msl = params->nssa = STREAMS_MAX;
		return operation == XNVME_SPEC_DRECV_STREAMS_RETPR ? STATUS(SUCCESS)
								   : REFUSE(INVALID_FIELD);
	}
	ns_check(ssd, ns);
	streams_check(streams);
	switch (operation) {
	case XNVME_SPEC_DRECV_STREAMS_RETPR:
		params->msl = STREAMS_MAX;
		params->nssa = (uint16_t)(STREAMS_MAX - streams->allocated);
		params->nsso = streams->nopen;
		params->sws = STREAM_GRANULARITY_NBYTES >> ns->shift;
		params->sgs = 8;
		params->nsa = streams->allocated;
		params->nso = streams->nopen;
		return STATUS(SUCCESS);
	case XNVME_SPEC_DRECV_STREAMS_GETST:
		put_le(ssd->page, streams->nopen, 2);
		for (uint32_t i = 0; i < streams->nopen; ++i) {
			put_le(ssd->page + 2 + 2 * i, streams->open[i], 2);
		}
		return STATUS(SUCCESS);
	case XNVME_SPEC_DRECV_STREAMS_ALLRS:
		if (!streams->enabled) {
			return REFUSE(INVALID_FIELD);
		}
		streams->allocated = wanted < STREAMS_MAX ? (uint8_t)wanted : STREAMS_MAX;
		work->result = streams->allocated;
		return STATUS(SUCCESS);
	default:
		return REFUSE(INVALID_FIELD);
	}
}

void
directive_receive_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			struct ssd_work *work)
{
	uint64_t nbytes = ((uint64_t)cmd->drecv.numd + 1) * 4;
	uint32_t real = nbytes < PAGE_NBYTES ? (uint32_t)nbytes : PAGE_NBYTES;
	uint8_t operation = cmd->drecv.doper;
	bool no_data = false;

	command_check(ssd, ns, work);
	if (!ns && cmd->common.nsid != NSID_ALL) {
		work->status = ns_refusal(ssd, cmd->common.nsid);
		return;
	}
	memset(ssd->page, 0, sizeof(ssd->page));
	switch (cmd->drecv.dtype) {
	case XNVME_SPEC_DIR_IDENTIFY:
		work->status = operation == XNVME_SPEC_DRECV_IDFY_RETPR ? receive_identify(ssd, ns)
									: REFUSE(INVALID_FIELD);
		break;
	case XNVME_SPEC_DIR_STREAMS:
		no_data = operation == XNVME_SPEC_DRECV_STREAMS_ALLRS;
		work->status = receive_streams(ssd, ns, operation, cmd->drecv.cdw12.nsr, work);
		break;
	default:
		work->status = REFUSE(INVALID_FIELD);
	}
	if (!work->status && !no_data) {
		work->status = host_give(work, ssd->page, real);
	}
}

static uint16_t
send_identify(struct streams *streams, uint8_t operation, uint8_t type, bool enable)
{
	streams_check(streams);
	if (operation != XNVME_SPEC_DSEND_IDFY_ENDIR || type != XNVME_SPEC_DIR_STREAMS) {
		return REFUSE(INVALID_FIELD);
	}
	if (!enable) {
		memset(streams, 0, sizeof(*streams));
	}
	streams->enabled = enable;
	return STATUS(SUCCESS);
}

static uint16_t
send_streams(struct streams *streams, uint8_t operation, uint16_t id)
{
	uint32_t index;

	streams_check(streams);
	if (!streams->enabled) {
		return REFUSE(INVALID_FIELD);
	}
	switch (operation) {
	case XNVME_SPEC_DSEND_STREAMS_RELID:
		/* a stream that is not open is released already */
		if (has_stream(streams, id, &index)) {
			close_stream(streams, index);
		}
		return STATUS(SUCCESS);
	case XNVME_SPEC_DSEND_STREAMS_RELRS:
		streams->allocated = 0;
		streams->nopen = 0;
		return STATUS(SUCCESS);
	default:
		return REFUSE(INVALID_FIELD);
	}
}

static uint16_t
send_one(struct streams *streams, const struct xnvme_spec_cmd *cmd)
{
	streams_check(streams);
	switch (cmd->dsend.dtype) {
	case XNVME_SPEC_DIR_IDENTIFY:
		return send_identify(streams, cmd->dsend.doper, cmd->dsend.cdw12.tdtype,
				     cmd->dsend.cdw12.endir);
	case XNVME_SPEC_DIR_STREAMS:
		return send_streams(streams, cmd->dsend.doper, cmd->dsend.dspec);
	default:
		return REFUSE(INVALID_FIELD);
	}
}

void
directive_send_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		     struct ssd_work *work)
{
	command_check(ssd, ns, work);
	if (!ns && cmd->common.nsid != NSID_ALL) {
		work->status = ns_refusal(ssd, cmd->common.nsid);
	} else if (fdp_is_on(ssd)) {
		/* data are placed by handles or by streams: streams are disabled now */
		work->status = REFUSE(INVALID_FIELD);
	}
	for (uint32_t i = 0; i < ssd->ns_max && !work->status; ++i) {
		if (ns ? ns == &ssd->ns[i] : ns_is_active(&ssd->ns[i])) {
			work->status = send_one(&ssd->streams[i], cmd);
		}
	}
}
