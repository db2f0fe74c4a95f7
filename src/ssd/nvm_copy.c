/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copy: from up to 128 ranges, of this namespace (descriptor formats 0h and 1h) or of any other
 * (2h and 3h), to one; NVM Command Set 1.0, Copy and TP4130.
 *
 * Everything is checked first; then block by block, so that overlapping ranges mean what a loop
 * over blocks would mean.
 */
#include <base/bytes.h>
#include <ssd/directive.h>
#include <ssd/fdp.h>
#include <ssd/nvm.h>

struct source {
	struct ssd_ns *ns;
	uint64_t lba;
	uint32_t nlb;
	struct pi_tags tags;
};

/* The tags that a source range is expected to have, by way of a tuple that would hold them */
static void
expected_tags(const struct pi_format *pi, const uint8_t *bytes, bool wide, struct pi_tags *tags)
{
	struct pi_format plain = *pi;
	uint8_t tuple[16] = {0};
	uint32_t tuple_nbytes = pi_tuple_nbytes(pi->guard);
	uint32_t space_nbytes = pi_space_nbits(pi->guard) / 8;
	uint64_t guard;

	plain.first = true;
	plain.meta_nbytes = tuple_nbytes;
	if (wide) {
		memcpy(tuple + tuple_nbytes - space_nbytes, bytes + 36 - space_nbytes,
		       space_nbytes);
	} else {
		put_be(tuple + tuple_nbytes - 4, get_le(bytes + 24, 4), 4);
	}
	pi_parse(&plain, tuple, &guard, tags);
	tags->storage_mask = UINT64_MAX;
	tags->app = (uint16_t)get_le(bytes + (wide ? 36 : 28), 2);
	tags->app_mask = (uint16_t)get_le(bytes + (wide ? 38 : 30), 2);
}

/* Read descriptor i; every field comes from the host and is checked here */
static uint16_t
source_at(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  const struct ssd_work *work, uint32_t i, struct source *source)
{
	uint32_t format = cmd->scopy.df;
	bool wide = format == 1 || format == 3;
	uint32_t nbytes = wide ? 40 : 32;
	uint8_t bytes[40] = {0};
	uint16_t status = host_pull(work, (uint64_t)i * nbytes, bytes, nbytes);

	if (status) {
		return status;
	}
	source->ns = ns;
	if (format >= 2) {
		source->ns = ns_of(ssd, (uint32_t)get_le(bytes, 4));
		if (!ns_is_active(source->ns) || source->ns->kind == SSD_NS_KV) {
			return ns_refusal(ssd, (uint32_t)get_le(bytes, 4));
		}
	}
	source->lba = get_le(bytes + 8, 8);
	source->nlb = (uint32_t)get_le(bytes + 16, 2) + 1;
	if (ns->pi.type) {
		expected_tags(&ns->pi, bytes, wide, &source->tags);
	}
	if (source->nlb > COPY_RANGE_LBA_MAX) {
		return REFUSE(COMMAND_SIZE_LIMIT);
	}
	if (source->ns->lba_nbytes != ns->lba_nbytes ||
	    source->ns->meta_nbytes != ns->meta_nbytes || source->ns->pi.type != ns->pi.type ||
	    source->ns->pi.guard != ns->pi.guard || source->ns->pi.first != ns->pi.first) {
		return REFUSE(INVALID_FIELD);
	}
	return nvm_range(source->ns, source->lba, source->nlb);
}

/* All descriptors; *nlb is the length of the destination */
static uint16_t
check_sources(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	      const struct ssd_work *work, uint64_t *nlb)
{
	uint32_t format = cmd->scopy.df;
	bool wide_guard = ns->pi.type && ns->pi.guard != XNVME_SPEC_NVM_NS_16B_GUARD;
	uint16_t status;

	/* formats 0h and 2h have no room for the tags of the larger guards */
	if (format > 3 || (ns->pi.type && wide_guard != (format & 1))) {
		return REFUSE(INVALID_FIELD);
	}
	if (cmd->scopy.nr >= COPY_RANGES_MAX) {
		return REFUSE(COMMAND_SIZE_LIMIT);
	}
	*nlb = 0;
	status = host_prepare(work, (cmd->scopy.nr + 1u) * (format & 1 ? 40u : 32u), 0, false);
	if (status) {
		return status;
	}
	for (uint32_t i = 0; i <= cmd->scopy.nr; i++) {
		struct source source;

		status = source_at(ssd, ns, cmd, work, i, &source);
		if (!status) {
			status = nvm_readable(ssd, source.ns, source.lba, source.nlb, true);
		}
		if (status) {
			return status;
		}
		*nlb += source.nlb;
	}
	return *nlb > COPY_LBA_MAX ? REFUSE(COMMAND_SIZE_LIMIT) : STATUS_SUCCESS;
}

/* One source range to [lba, …) of the destination; `tags` go on counting there */
static uint16_t
copy_range(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct source *source, uint64_t lba, struct pi_tags *tags)
{
	uint8_t *meta = ssd->block + ns->lba_nbytes;
	uint32_t read_checks = cmd->scopy.prinfor & 7;
	uint32_t write_checks = cmd->scopy.prinfow & 7;
	bool make = cmd->scopy.prinfow & XNVME_SPEC_PRINFO_PRACT;

	for (uint32_t i = 0; i < source->nlb; i++, lba++) {
		uint16_t status = STATUS_SUCCESS;

		nvm_fetch(ssd, source->ns, source->lba + i, ssd->block);
		if (ns->pi.type) {
			status = pi_verify(&ns->pi, &source->tags, read_checks, ssd->block, meta);
			pi_tags_next(&ns->pi, &source->tags);
		}
		if (!status && ns->pi.type && !make) {
			status = pi_verify(&ns->pi, tags, write_checks, ssd->block, meta);
		} else if (!status && ns->pi.type) {
			pi_generate(&ns->pi, tags, ssd->block, meta);
		}
		if (status) {
			return status;
		}
		if (ns->pi.type) {
			pi_tags_next(&ns->pi, tags);
		}
		nvm_store(ssd, ns, lba, ssd->block);
	}
	return STATUS_SUCCESS;
}

/* The number of ranges that were copied completely goes into the completion */
static uint16_t
copy_sources(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work)
{
	uint64_t lba = cmd->scopy.sdlba;
	bool fua = cmd->scopy.fua;
	struct pi_tags tags = {0};

	if (ns->pi.type) {
		pi_tags_from_cmd(&ns->pi, cmd, &tags);
	}
	for (uint32_t i = 0; i <= cmd->scopy.nr; i++) {
		struct source source;
		uint16_t status = source_at(ssd, ns, cmd, work, i, &source);

		/* the host may have changed descriptors after they were checked */
		if (!status) {
			status = nvm_range(ns, lba, source.nlb);
		}
		if (!status) {
			status = nvm_change_begin(ssd, ns, lba, source.nlb, fua);
		}
		if (status) {
			return status;
		}
		work->ready_at = ns_max(work->ready_at, time_of(ssd, MODEL_READ, source.ns,
								source.lba, source.nlb, false));
		status = copy_range(ssd, ns, cmd, &source, lba, &tags);
		nvm_change_end(ssd, ns, lba, source.nlb, fua && !status);
		if (status) {
			return status;
		}
		lba += source.nlb;
		work->result = i + 1;
	}
	return STATUS_SUCCESS;
}

void
nvm_copy(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	uint64_t lba = cmd->scopy.sdlba;
	uint16_t stream = 0;
	uint64_t nlb;

	work->status = check_sources(ssd, ns, cmd, work, &nlb);
	if (!work->status) {
		work->status = nvm_range(ns, lba, nlb);
	}
	if (!work->status && fdp_is_on(ssd)) {
		work->status =
			directive_of_write(ssd, ns, cmd->scopy.dtype, cmd->scopy.dspec, &stream);
	}
	if (!work->status && (ns->care_write & CARE_PROTECT)) {
		work->status = REFUSE(WRITE_PROTECTED);
	}
	if (work->status) {
		return;
	}
	work->status = copy_sources(ssd, ns, cmd, work);
	if (!work->status) {
		if (ns->care_write & CARE_PLACE) {
			fdp_wrote(ssd, ns, stream, nlb);
		}
		work->ready_at = ns_max(work->ready_at,
					time_of_stream(ssd, MODEL_WRITE, ns, lba, nlb,
						       cmd->scopy.fua, stream));
	}
}
