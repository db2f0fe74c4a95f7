/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default configuration of an SSD.
 */
#include <base/assert.h>
#include <base/bytes.h>
#include <ssd/config.h>

static void
text_set(char *field, size_t nbytes, const char *text)
{
	size_t i = 0;

	ASSERT(nbytes > 0);
	for (; i + 1 < nbytes && text[i]; ++i) {
		field[i] = text[i];
	}
	memset(field + i, 0, nbytes - i);
}

void
ssd_config_default(struct ssd_config *config)
{
	memset(config, 0, sizeof(*config));
	text_set(config->model_number, sizeof(config->model_number), "xnvme virtual SSD");
	text_set(config->firmware, sizeof(config->firmware), "0.8.0");
	config->mdts = 7; /* 512 KiB */
	config->io_queues = 64;
	config->queue_entries = 4096;
	config->doorbell_stride = 4;
	config->aer_limit = 4;
	config->atomic_lba = 128;
	config->atomic_power_lba = 1;
	config->ns_max = SSD_NS_MAX;
	config->temperature_k = 313;
	config->ns[0].nbytes = 1ULL << 30;
}
