/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information. In transfers and on the media every field is big-endian, in this order:
 *
 *   16b guard:  guard 2, application tag 2, space  4 bytes
 *   32b guard:  guard 4, application tag 2, space 10 bytes
 *   64b guard:  guard 8, application tag 2, space  6 bytes
 *
 * The storage tag is the high end of the space, the reference tag the rest.
 */
#include <base/assert.h>
#include <nvme/nvme.h>

/* Up to 80 bits */
struct space {
	uint16_t high;
	uint64_t low;
};

STATIC_ASSERT(!(PI_CHECK_STORAGE & (PI_CHECK_REF | PI_CHECK_APP | PI_CHECK_GUARD)),
	      "the host's own check has a bit of the standard's");
STATIC_ASSERT((uint32_t)XNVME_SPEC_NVM_NS_16B_GUARD == 0 &&
	      (uint32_t)XNVME_SPEC_NVM_NS_32B_GUARD == 1 &&
	      (uint32_t)XNVME_SPEC_NVM_NS_64B_GUARD == 2, "guard_nbytes() doubles per format");

static uint64_t
ones(uint32_t nbits)
{
	ASSERT(nbits <= 80); /* the largest space */
	return nbits >= 64 ? UINT64_MAX : (UINT64_C(1) << nbits) - 1;
}

static uint64_t
load_be(const uint8_t *at, uint32_t nbytes)
{
	uint64_t value = 0;

	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = 0; i < nbytes; ++i) {
		value = value << 8 | at[i];
	}
	return value;
}

static void
store_be(uint8_t *at, uint32_t nbytes, uint64_t value)
{
	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = nbytes; i > 0; --i) {
		at[i - 1] = (uint8_t)value;
		value >>= 8;
	}
}

uint32_t
pi_tuple_nbytes(uint8_t guard)
{
	switch (guard) {
	case XNVME_SPEC_NVM_NS_16B_GUARD:
		return XNVME_SPEC_PI_16B_NBYTES;
	case XNVME_SPEC_NVM_NS_32B_GUARD:
		return XNVME_SPEC_PI_32B_NBYTES;
	case XNVME_SPEC_NVM_NS_64B_GUARD:
		return XNVME_SPEC_PI_64B_NBYTES;
	default:
		return 0;
	}
}

static uint32_t
guard_nbytes(uint8_t guard)
{
	ASSERT(pi_tuple_nbytes(guard));
	return 2u << guard;
}

uint32_t
pi_space_nbits(uint8_t guard)
{
	uint32_t tuple = pi_tuple_nbytes(guard);

	return tuple ? (tuple - guard_nbytes(guard) - 2) * 8 : 0;
}

bool
pi_format_valid(const struct pi_format *format)
{
	uint32_t tuple = pi_tuple_nbytes(format->guard);
	uint32_t space = pi_space_nbits(format->guard);

	if (tuple == 0 || format->meta_nbytes < tuple || format->data_nbytes == 0) {
		return false;
	}
	if (format->type < 1 || format->type > 3) {
		return false;
	}
	if (format->guard == XNVME_SPEC_NVM_NS_32B_GUARD) {
		/* each part of the 80 bits must fit in 64 bits */
		return format->storage_nbits >= space - 64 && format->storage_nbits <= 64;
	}
	return format->storage_nbits <= space;
}

uint32_t
pi_ref_nbits(const struct pi_format *format)
{
	ASSERT(pi_space_nbits(format->guard) >= format->storage_nbits);
	return pi_space_nbits(format->guard) - format->storage_nbits;
}

uint32_t
pi_moved_meta_nbytes(const struct pi_format *format, bool pract)
{
	ASSERT(pi_format_valid(format));
	if (pract && format->meta_nbytes == pi_tuple_nbytes(format->guard)) {
		return 0;
	}
	return format->meta_nbytes;
}

static struct space
space_join(const struct pi_format *format, const struct pi_tags *tags)
{
	uint32_t ref = pi_ref_nbits(format);
	uint64_t storage = tags->storage & ones(format->storage_nbits);
	struct space space = {.low = tags->ref & ones(ref)};

	ASSERT(ref <= 64);
	if (ref < 64) {
		space.low |= storage << ref;
	}
	if (pi_space_nbits(format->guard) > 64) {
		space.high = (uint16_t)(ref < 64 ? storage >> (64 - ref) : storage);
	}
	return space;
}

static void
space_split(const struct pi_format *format, struct space space, struct pi_tags *tags)
{
	uint32_t ref = pi_ref_nbits(format);
	uint64_t storage = space.high;

	ASSERT(!space.high || (ref >= 16 && ref <= 64));
	tags->ref = space.low & ones(ref);
	if (ref < 64) {
		storage = space.low >> ref;
		if (space.high) { /* 16 bits or more of `ref`, so that none is shifted out */
			storage |= (uint64_t)space.high << (64 - ref);
		}
	}
	tags->storage = storage & ones(format->storage_nbits);
}

/*
 * NVM Command Set 1.0, End-to-end Data Protection: the space is in dword 14, then 3, then 2, from
 * its low end
 */
void
pi_tags_from_cmd(const struct pi_format *format, const struct xnvme_spec_cmd *cmd,
		 struct pi_tags *tags)
{
	struct space space = {.low = cmd->cdw[14]};
	uint32_t nbits = pi_space_nbits(format->guard);

	ASSERT(pi_format_valid(format));
	if (nbits > 32) {
		space.low |= (uint64_t)cmd->cdw[3] << 32;
		space.low &= ones(nbits);
	}
	if (nbits > 64) {
		space.high = (uint16_t)cmd->cdw[2];
	}
	space_split(format, space, tags);
	tags->storage_mask = ones(format->storage_nbits);
	tags->app = (uint16_t)cmd->cdw[15];
	tags->app_mask = (uint16_t)(cmd->cdw[15] >> 16);
}

void
pi_tags_to_cmd(const struct pi_format *format, const struct pi_tags *tags,
	       struct xnvme_spec_cmd *cmd)
{
	struct space space = space_join(format, tags);
	uint32_t nbits = pi_space_nbits(format->guard);

	ASSERT(pi_format_valid(format));
	cmd->cdw[14] = (uint32_t)space.low;
	if (nbits == 48) {
		cmd->cdw[3] = (cmd->cdw[3] & 0xffff0000U) | (uint32_t)(space.low >> 32);
	}
	if (nbits > 64) {
		cmd->cdw[3] = (uint32_t)(space.low >> 32);
		cmd->cdw[2] = (cmd->cdw[2] & 0xffff0000U) | space.high;
	}
	cmd->cdw[15] = (uint32_t)tags->app_mask << 16 | tags->app;
}

void
pi_tags_next(const struct pi_format *format, struct pi_tags *tags)
{
	ASSERT(pi_format_valid(format));
	if (format->type != 3) {
		tags->ref = (tags->ref + 1) & ones(pi_ref_nbits(format));
	}
}

static uint32_t
tuple_at(const struct pi_format *format)
{
	ASSERT(format->meta_nbytes >= pi_tuple_nbytes(format->guard));
	return format->first ? 0 : format->meta_nbytes - pi_tuple_nbytes(format->guard);
}

uint64_t
pi_guard(const struct pi_format *format, const uint8_t *data, const uint8_t *meta)
{
	uint32_t before = tuple_at(format);

	ASSERT(pi_format_valid(format));
	switch (format->guard) {
	case XNVME_SPEC_NVM_NS_16B_GUARD:
		return crc16_t10dif(crc16_t10dif(0, data, format->data_nbytes), meta, before);
	case XNVME_SPEC_NVM_NS_32B_GUARD:
		return crc32c(crc32c(0, data, format->data_nbytes), meta, before);
	default:
		return crc64_nvme(crc64_nvme(0, data, format->data_nbytes), meta, before);
	}
}

void
pi_generate(const struct pi_format *format, const struct pi_tags *tags, const uint8_t *data,
	    uint8_t *meta)
{
	uint32_t nguard = guard_nbytes(format->guard);
	uint32_t nlow = pi_space_nbits(format->guard) > 64 ? 8 : pi_space_nbits(format->guard) / 8;
	struct space space = space_join(format, tags);
	uint8_t *at = meta + tuple_at(format);

	ASSERT(pi_format_valid(format));
	store_be(at, nguard, pi_guard(format, data, meta));
	store_be(at + nguard, 2, tags->app);
	if (pi_space_nbits(format->guard) > 64) {
		store_be(at + nguard + 2, 2, space.high);
		nguard += 2;
	}
	store_be(at + nguard + 2, nlow, space.low);
}

void
pi_parse(const struct pi_format *format, const uint8_t *meta, uint64_t *guard, struct pi_tags *tags)
{
	uint32_t nguard = guard_nbytes(format->guard);
	uint32_t nspace = pi_space_nbits(format->guard) / 8;
	const uint8_t *at = meta + tuple_at(format);
	struct space space = {0};

	ASSERT(pi_format_valid(format));
	*guard = load_be(at, nguard);
	tags->app = (uint16_t)load_be(at + nguard, 2);
	tags->app_mask = UINT16_MAX;
	at += nguard + 2;
	if (nspace > 8) {
		space.high = (uint16_t)load_be(at, nspace - 8);
		at += nspace - 8;
		nspace = 8;
	}
	space.low = load_be(at, nspace);
	space_split(format, space, tags);
	tags->storage_mask = ones(format->storage_nbits);
}

/* NVM Command Set 1.0, End-to-end Data Protection: checking is disabled for this block */
static bool
escaped(const struct pi_format *format, const struct pi_tags *seen)
{
	if (seen->app != 0xffff) {
		return false;
	}
	return format->type != 3 || seen->ref == ones(pi_ref_nbits(format));
}

uint16_t
pi_verify(const struct pi_format *format, const struct pi_tags *tags, uint32_t checks,
	  const uint8_t *data, const uint8_t *meta)
{
	struct pi_tags seen;
	uint64_t guard;

	ASSERT(!(checks & ~(PI_CHECK_GUARD | PI_CHECK_APP | PI_CHECK_STORAGE | PI_CHECK_REF)));
	pi_parse(format, meta, &guard, &seen);
	if (escaped(format, &seen)) {
		return STATUS(SUCCESS);
	}
	if ((checks & PI_CHECK_GUARD) && guard != pi_guard(format, data, meta)) {
		return STATUS(GUARD_CHECK_ERROR);
	}
	if ((checks & PI_CHECK_APP) && ((seen.app ^ tags->app) & tags->app_mask)) {
		return STATUS(APPTAG_CHECK_ERROR);
	}
	if ((checks & PI_CHECK_STORAGE) &&
	    ((seen.storage ^ tags->storage) & tags->storage_mask & ones(format->storage_nbits))) {
		return STATUS(STORAGE_TAG_CHECK_ERROR);
	}
	if ((checks & PI_CHECK_REF) && seen.ref != (tags->ref & ones(pi_ref_nbits(format)))) {
		return STATUS(REFTAG_CHECK_ERROR);
	}
	return STATUS(SUCCESS);
}
