/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes from a device: printing reads only what it was given and prints only printable text.
 * Build with -Dfuzzers=true; run build/src/print_fuzz.
 */
#include <libxnvme_spec_pp.h>
#include <libxnvme_znd.h>
#include <print/stdout.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

/* The structures that a device fills; a log page that says how long it is is given as long */
static void
print(uint8_t which, FILE *stream, void *p, size_t nbytes)
{
	switch (which % 12) {
	case 0:
		xnvme_spec_idfy_ctrlr_fpr(stream, p, 0);
		break;
	case 1:
		xnvme_spec_idfy_ns_fpr(stream, p, 0);
		break;
	case 2:
		xnvme_spec_znd_idfy_ns_fpr(stream, p, 0);
		break;
	case 3:
		xnvme_spec_kvs_idfy_ns_fpr(stream, p, 0);
		break;
	case 4:
		xnvme_spec_idfy_cs_fpr(stream, p, 0);
		break;
	case 5:
		xnvme_spec_log_health_fpr(stream, p, 0);
		break;
	case 6:
		xnvme_spec_znd_log_changes_fpr(stream, p, 0);
		break;
	case 7:
		((struct xnvme_spec_log_fdp_conf *)p)->size = (uint32_t)nbytes;
		print_log_fdp_conf(stream, p);
		break;
	case 8:
		print_log_ruhu(stream, p, (int)(nbytes - 8) / 8);
		break;
	case 9:
		print_ruhs(stream, p, (int)(nbytes - 16) / 32);
		break;
	case 10:
		xnvme_spec_log_erri_fpr(stream, p, (int)nbytes / 64, 0);
		break;
	default:
		xnvme_spec_nvm_idfy_ns_fpr(stream, p, 0);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	size_t len = 4096; /* the least that the structures take */
	char *text = NULL;
	size_t text_nbytes = 0;
	FILE *stream;
	void *copy;

	if (nbytes < 2) {
		return 0;
	}
	copy = calloc(1, len);
	stream = open_memstream(&text, &text_nbytes);
	if (!copy || !stream) {
		abort();
	}
	memcpy(copy, data + 1, nbytes - 1 < len ? nbytes - 1 : len);
	print(data[0], stream, copy, len);
	fclose(stream);
	for (size_t i = 0; i < text_nbytes; ++i) {
		if ((text[i] < ' ' && text[i] != '\n') || text[i] > '~') {
			abort();
		}
	}
	free(text);
	free(copy);
	return 0;
}
