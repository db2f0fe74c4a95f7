/* SPDX-License-Identifier: BSD-3-Clause */
#include <ssd/time/model.h>

static const struct model_ops *const models[] = {
	&model_null,
	&model_simple,
	&model_nvmevirt1,
};

static bool
same_name(const char *a, const char *b, size_t nbytes)
{
	for (size_t i = 0; i < nbytes; i++) {
		if (a[i] != b[i]) {
			return false;
		}
		if (a[i] == '\0') {
			return true;
		}
	}
	return false; /* not terminated */
}

const struct model_ops *
model_find(const char *name, size_t nbytes)
{
	if (nbytes == 0 || name[0] == '\0') {
		return &model_null;
	}
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (same_name(name, models[i]->name, nbytes)) {
			return models[i];
		}
	}
	return NULL;
}
