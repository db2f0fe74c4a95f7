/* SPDX-License-Identifier: BSD-3-Clause */
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
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (span_equal(wanted, models[i]->name)) {
			return models[i];
		}
	}
	return NULL;
}
