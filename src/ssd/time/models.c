/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of timing models, and the checks of NAND parameters that models share.
 */
#include <base/text.h>
#include <ssd/time/model.h>

static const struct model_ops *const models[] = {
	&model_null,
	&model_simple,
	&model_parallel,
	&model_nvmevirt1,
};

const struct model_ops *
model_find(const char *name, size_t nbytes)
{
	struct span wanted = span_of_field(name, nbytes);

	if (wanted.nbytes == 0) {
		return &model_null;
	}
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); ++i) {
		if (span_equal(wanted, models[i]->name)) {
			return models[i];
		}
	}
	return NULL;
}

/* One time for each page type of a cell, exactly; or none: then sensing takes no time */
static bool
fits_cells(const uint32_t times[4], uint32_t cell_bits)
{
	uint32_t count = 4;

	while (count > 0 && times[count - 1] == 0) {
		count -= 1;
	}
	for (uint32_t i = 0; i < count; ++i) {
		if (times[i] == 0) {
			return false;
		}
	}
	return count == 0 || count == cell_bits;
}

const char *
model_cells_wrong(const struct model_nand_config *nand)
{
	if (nand->cell_bits == 0 || nand->cell_bits > 4) {
		return "a cell holds 1 to 4 bits: set cell_bits";
	}
	if (!fits_cells(nand->read_4k_ns, nand->cell_bits) ||
	    !fits_cells(nand->read_ns, nand->cell_bits)) {
		return "read_4k_ns and read_ns have one time for each bit of a cell: give "
		       "cell_bits of them";
	}
	return NULL;
}
