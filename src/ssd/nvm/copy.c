/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copy: from up to 128 ranges to one, within the namespace (descriptor formats 0h and 1h) or, when
 * the host has enabled them, from any namespace (2h and 3h); NVM Command Set 1.2, Copy.
 *
 * The command is checked completely first, then copied block by block: overlapping ranges behave
 * like a loop over blocks. The write is atomic with respect to other commands.
 */
#include <base/bytes.h>
#include <ssd/ctrl/directive.h>
#include <ssd/ctrl/identify.h>
#include <ssd/fdp/fdp.h>
#include <ssd/media/media.h>
#include <ssd/nvm/nvm.h>

#define STORAGE_CHECK_WRITE (1u << 24) /* dword 12: STCW */
#define ENABLED_AT 4		       /* CDFE in the data of Host Behavior Support */

struct copy {
	struct ssd *ssd;
	struct ssd_ns *ns; /* the destination */
	const struct xnvme_spec_cmd *cmd;
	const struct ssd_work *work;
	uint64_t lba, nlb; /* its range */
	bool wide;	   /* descriptors with space for the tags of larger guards */
	bool other;	   /* descriptors that contain an NSID */
	bool from_pi;	   /* the first range has protection information: all ranges must */
};

struct source {
	struct ssd_ns *ns;
	uint64_t lba;
	uint32_t nlb;
	struct pi_tags tags;
};

/* The expected tags of a source range, decoded through a tuple that contains them */
static void
expected_tags(const struct pi_format *pi, const uint8_t *bytes, bool wide, struct pi_tags *tags)
{
	struct pi_format plain = *pi;
	uint8_t tuple[16] = {0};
	uint32_t tuple_nbytes = pi_tuple_nbytes(pi->guard);
	uint32_t space_nbytes = pi_space_nbits(pi->guard) / 8;
	uint64_t guard;

	ASSERT(tuple_nbytes <= sizeof(tuple) && space_nbytes <= tuple_nbytes);
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

/* Can blocks of `from` be copied to the destination? Copy within a Single Namespace, Copy across
 * Multiple Namespaces */
static uint16_t
compatible(const struct copy *copy, const struct ssd_ns *from)
{
	const struct ssd_ns *to = copy->ns;
	bool strip = copy->cmd->scopy.prinfor & XNVME_SPEC_PRINFO_PRACT;
	bool insert = copy->cmd->scopy.prinfow & XNVME_SPEC_PRINFO_PRACT;
	bool fits = from->lba_nbytes == to->lba_nbytes && (from->pi.type != 0) == copy->from_pi;

	ASSERT(ns_is_active(from));
	if (from->pi.type && to->pi.type) {
		fits = fits && from->meta_nbytes == to->meta_nbytes &&
		       from->pi.type == to->pi.type && from->pi.guard == to->pi.guard &&
		       from->pi.first == to->pi.first;
		if (fits && strip != insert) {
			return REFUSE(INVALID_FIELD);
		}
	} else if (to->pi.type) {
		fits = fits && insert && from->meta_nbytes == 0 &&
		       to->meta_nbytes == pi_tuple_nbytes(to->pi.guard);
	} else if (from->pi.type) {
		fits = fits && strip && to->meta_nbytes == 0 &&
		       from->meta_nbytes == pi_tuple_nbytes(from->pi.guard) &&
		       copy->wide == (from->pi.guard != XNVME_SPEC_NVM_NS_16B_GUARD);
	} else {
		fits = fits && from->meta_nbytes == to->meta_nbytes;
	}
	return fits ? STATUS(SUCCESS) : REFUSE(INCOMPATIBLE_NS);
}

/* Find the namespace of a descriptor */
static uint16_t
find_namespace(const struct copy *copy, const uint8_t *bytes, struct ssd_ns **ns)
{
	uint32_t nsid = (uint32_t)get_le(bytes, 4);

	ASSERT(copy->ns->kind != SSD_NS_KV);
	*ns = copy->ns;
	if (!copy->other) {
		return STATUS(SUCCESS);
	}
	*ns = ns_of(copy->ssd, nsid);
	if (!ns_is_active(*ns)) {
		return ns_refusal(copy->ssd, nsid);
	}
	return (*ns)->kind == SSD_NS_KV || ns_is_refused(copy->ssd, copy->work, *ns)
		       ? REFUSE(INVALID_NS_OR_FORMAT)
		       : STATUS(SUCCESS);
}

static uint16_t
check_source(const struct copy *copy, const struct source *source)
{
	uint16_t status;

	ns_check(copy->ssd, source->ns);
	ASSERT(source->nlb > 0);
	if (source->nlb > COPY_RANGE_LBA_MAX) {
		return REFUSE(SIZE_LIMIT_EXCEEDED);
	}
	status = compatible(copy, source->ns);
	if (!status) {
		status = nvm_range(source->ns, source->lba, source->nlb);
	}
	if (!status && source->ns->pi.type) {
		status = nvm_ref_refusal(&source->ns->pi, copy->cmd->scopy.prinfor,
					 &source->tags, source->lba);
	}
	if (!status && source->ns->ops->readable) {
		status = source->ns->ops->readable(copy->ssd, source->ns, source->lba, source->nlb);
	}
	return status ? status
		      : nvm_readable(copy->ssd, source->ns, source->lba, source->nlb, true);
}

/* Read descriptor i; the host may change it at any time, so it is checked at every read */
static uint16_t
source_at(struct copy *copy, uint32_t i, struct source *source)
{
	uint32_t nbytes = copy->wide ? 40 : 32;
	uint8_t bytes[40] = {0};
	uint16_t status = host_pull(copy->work, (uint64_t)i * nbytes, bytes, nbytes);

	ASSERT(i < COPY_RANGES_MAX);
	if (!status) {
		status = find_namespace(copy, bytes, &source->ns);
	}
	if (status) {
		return status;
	}
	if (i == 0) {
		copy->from_pi = source->ns->pi.type != 0;
	}
	source->lba = get_le(bytes + 8, 8);
	source->nlb = (uint32_t)get_le(bytes + 16, 2) + 1;
	if (source->ns->pi.type) {
		expected_tags(&source->ns->pi, bytes, copy->wide, &source->tags);
	}
	return check_source(copy, source);
}

/* Check the command before its descriptors are read */
static uint16_t
check_command(struct copy *copy)
{
	const struct xnvme_spec_cmd *cmd = copy->cmd;
	const struct pi_format *pi = &copy->ns->pi;
	uint32_t format = cmd->scopy.df;

	ns_check(copy->ssd, copy->ns);
	/* formats 2h and 3h are valid only if the host has enabled them */
	if (format > 3 ||
	    (format >= 2 && !(copy->ssd->features.host_behavior[ENABLED_AT] >> format & 1))) {
		return REFUSE(INVALID_FIELD);
	}
	copy->wide = format & 1;
	copy->other = format >= 2;
	if (pi->type && copy->wide != (pi->guard != XNVME_SPEC_NVM_NS_16B_GUARD)) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	return cmd->scopy.nr >= COPY_RANGES_MAX ? REFUSE(SIZE_LIMIT_EXCEEDED) : STATUS(SUCCESS);
}

/* Check all descriptors; their sum is the length of the destination */
static uint16_t
check_sources(struct copy *copy)
{
	uint32_t count = copy->cmd->scopy.nr + 1u;
	uint16_t status = host_prepare(copy->work, count * (copy->wide ? 40u : 32u), 0, false);
	struct source source;

	ASSERT(count <= COPY_RANGES_MAX);
	copy->nlb = 0;
	for (uint32_t i = 0; i < count && !status; ++i) {
		status = source_at(copy, i, &source);
		copy->nlb += status ? 0 : source.nlb;
	}
	if (!status && copy->nlb > COPY_LBA_MAX) {
		status = REFUSE(SIZE_LIMIT_EXCEEDED);
	}
	return status ? status : nvm_range(copy->ns, copy->lba, copy->nlb);
}

/* Ranges with an NSID must not overlap the destination */
static uint16_t
check_overlap(struct copy *copy)
{
	uint16_t status = STATUS(SUCCESS);
	struct source source;

	blocks_check(copy->ssd, copy->ns, copy->lba, copy->nlb);
	for (uint32_t i = 0; i <= copy->cmd->scopy.nr && copy->other && !status; ++i) {
		status = source_at(copy, i, &source);
		if (!status && source.ns == copy->ns && source.lba < copy->lba + copy->nlb &&
		    copy->lba < source.lba + source.nlb) {
			status = REFUSE(OVERLAPPING_IO_RANGE);
		}
	}
	return status;
}

/* Copy one source range to [lba, ...) of the destination; advances `tags` and *done */
static uint16_t
copy_range(struct copy *copy, struct source *source, uint64_t lba, struct pi_tags *tags,
	   uint32_t *done)
{
	struct ssd *ssd = copy->ssd;
	struct ssd_ns *ns = copy->ns;
	uint8_t *meta = ssd->block + ns->lba_nbytes;
	uint32_t read_checks = copy->cmd->scopy.prinfor & 7;
	uint32_t write_checks = copy->cmd->scopy.prinfow & 7;
	bool make = copy->cmd->scopy.prinfow & XNVME_SPEC_PRINFO_PRACT;

	blocks_check(ssd, ns, lba, source->nlb);
	write_checks |= copy->cmd->common.cdw12 & STORAGE_CHECK_WRITE ? PI_CHECK_STORAGE : 0u;
	ASSERT(source->ns->lba_nbytes == ns->lba_nbytes);
	for (uint32_t i = 0; i < source->nlb; ++i, ++lba) {
		uint16_t status = STATUS(SUCCESS);

		nvm_fetch(ssd, source->ns, source->lba + i, ssd->block);
		if (source->ns->pi.type) {
			status = pi_verify(&source->ns->pi, &source->tags, read_checks, ssd->block,
					   meta);
			pi_tags_next(&source->ns->pi, &source->tags);
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
		if (!journal_keeps(ssd, ns, copy->nlb)) {
			blocks_mark_ahead(ssd, ns, lba, 1);
		}
		nvm_store(ssd, ns, lba, ssd->block);
		*done += 1;
	}
	return STATUS(SUCCESS);
}

/* Copy all ranges; the completion returns the first range that was not copied completely */
static uint16_t
copy_sources(struct copy *copy, struct ssd_work *work, uint32_t *done)
{
	struct pi_tags tags = {0};

	ASSERT(copy->nlb > 0 && *done == 0);
	if (copy->ns->pi.type) {
		pi_tags_from_cmd(&copy->ns->pi, copy->cmd, &tags);
	}
	for (uint32_t i = 0; i <= copy->cmd->scopy.nr; ++i) {
		struct source source;
		uint16_t status = source_at(copy, i, &source);

		if (!status && source.nlb > copy->nlb - *done) {
			status = REFUSE(LBA_OUT_OF_RANGE); /* the host has changed it meanwhile */
		}
		if (status) {
			return status;
		}
		work->ready_at = ns_max(work->ready_at, time_of(copy->ssd, MODEL_READ, source.ns,
								source.lba, source.nlb, false));
		status = copy_range(copy, &source, copy->lba + *done, &tags, done);
		if (status) {
			return status;
		}
		work->result = i + 1;
	}
	return STATUS(SUCCESS);
}

static uint16_t
check_all(struct copy *copy, uint16_t *stream)
{
	const struct xnvme_spec_cmd *cmd = copy->cmd;
	uint16_t status = check_command(copy);
	struct pi_tags tags;

	ns_check(copy->ssd, copy->ns);
	if (!status) {
		status = check_sources(copy);
	}
	if (!status) {
		status = check_overlap(copy);
	}
	if (!status && copy->ns->pi.type) {
		pi_tags_from_cmd(&copy->ns->pi, cmd, &tags);
		status = nvm_ref_refusal(&copy->ns->pi, cmd->scopy.prinfow, &tags, copy->lba);
	}
	if (!status) {
		status = directive_of_write(copy->ssd, copy->ns, cmd->scopy.dtype,
					    cmd->scopy.dspec, stream);
	}
	return status;
}

void
nvm_copy(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	struct copy copy = {.ssd = ssd, .ns = ns, .cmd = cmd, .work = work};
	bool fua = cmd->scopy.fua;
	uint16_t stream = 0;
	uint32_t done = 0;

	command_check(ssd, ns, work);
	copy.lba = cmd->scopy.sdlba;
	work->status = check_all(&copy, &stream);
	if (!work->status) {
		work->status =
			nvm_change_begin(ssd, ns, copy.lba, (uint32_t)copy.nlb, fua, stream);
	}
	if (work->status) {
		return;
	}
	work->status = copy_sources(&copy, work, &done);
	ASSERT(done <= copy.nlb);
	if (done) {
		nvm_change_end(ssd, ns, copy.lba, done);
	}
	if (!work->status) {
		ssd->saved->write_cmds += 1;
		ssd->saved->write_nbytes += copy.nlb << ns->shift;
		if (ns->care_write & CARE_PLACE) {
			fdp_wrote(ssd, ns, stream, copy.nlb);
		}
		work->ready_at = ns_max(work->ready_at,
					time_of_stream(ssd, MODEL_WRITE, ns, copy.lba, copy.nlb,
						       fua, stream));
	}
}
