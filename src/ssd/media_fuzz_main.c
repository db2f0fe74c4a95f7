/* SPDX-License-Identifier: BSD-3-Clause */
#include <ssd/begin_fuzz.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	fuzz_media(data, nbytes);
	return 0;
}
