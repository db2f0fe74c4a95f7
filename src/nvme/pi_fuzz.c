/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any format, any tags, any bytes: a generated tuple verifies, a tuple with one flipped bit does
 * not, and tags are unchanged after a round trip through a command. Build with -Dfuzzers=true; run
 * build/src/pi_fuzz.
 */
#include <nvme/pi.h>
#include <nvme/status.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

#define DATA_MAX 600
#define META_MAX 80
#define ALL (PI_CHECK_GUARD | PI_CHECK_APP | PI_CHECK_REF | PI_CHECK_STORAGE)

static void
hold(bool cond)
{
	if (!cond) {
		__builtin_trap();
	}
}

static bool
same(const struct pi_tags *a, const struct pi_tags *b)
{
	return a->ref == b->ref && a->storage == b->storage && a->app == b->app;
}

static void
check(const struct pi_format *f, const struct xnvme_spec_cmd *cmd, const uint8_t *block,
      uint8_t *meta)
{
	uint8_t *tuple = meta + (f->first ? 0 : f->meta_nbytes - pi_tuple_nbytes(f->guard));
	struct xnvme_spec_cmd again = *cmd;
	struct pi_tags tags, seen;
	uint64_t guard;

	(void)pi_verify(f, &(struct pi_tags){0}, ALL, block, meta); /* any result: it must return */
	pi_tags_from_cmd(f, cmd, &tags);
	pi_tags_to_cmd(f, &tags, &again);
	pi_tags_from_cmd(f, &again, &seen);
	hold(same(&tags, &seen));
	hold(memcmp(cmd, &again, sizeof(again)) == 0);

	pi_generate(f, &tags, block, meta);
	pi_parse(f, meta, &guard, &seen);
	hold(same(&tags, &seen) && guard == pi_guard(f, block, meta));
	hold(pi_verify(f, &tags, ALL, block, meta) == STATUS(SUCCESS));
	if (tags.app == 0xffff) {
		return; /* this tuple disables checking */
	}
	tags.app_mask = 0xffff;
	for (uint32_t bit = 0; bit < pi_tuple_nbytes(f->guard) * 8; ++bit) {
		tuple[bit / 8] ^= (uint8_t)(1 << bit % 8);
		pi_parse(f, meta, &guard, &seen);
		hold(seen.app == 0xffff ||
		     pi_verify(f, &tags, ALL, block, meta) != STATUS(SUCCESS));
		tuple[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	static uint8_t block[DATA_MAX], meta[META_MAX];
	struct xnvme_spec_cmd cmd;
	struct pi_format f;

	if (nbytes < sizeof(f) + sizeof(cmd)) {
		return 0;
	}
	memcpy(&f.data_nbytes, data, 4);
	memcpy(&f.meta_nbytes, data + 4, 4);
	f.data_nbytes %= DATA_MAX + 1;
	f.meta_nbytes %= META_MAX + 1;
	f.guard = data[8] & 3;
	f.type = data[9] & 7;
	f.storage_nbits = data[10];
	f.first = data[11] & 1;
	memcpy(&cmd, data + sizeof(f), sizeof(cmd));
	data += sizeof(f) + sizeof(cmd);
	nbytes -= sizeof(f) + sizeof(cmd);
	memset(block, 0x5a, sizeof(block));
	memset(meta, 0xa5, sizeof(meta));
	memcpy(block, data, nbytes < sizeof(block) ? nbytes : sizeof(block));
	memcpy(meta, data, nbytes < sizeof(meta) ? nbytes : sizeof(meta));
	if (pi_format_valid(&f)) {
		check(&f, &cmd, block, meta);
	}
	return 0;
}
