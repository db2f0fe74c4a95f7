/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Layout of the API:
 * the place of every bit-field, checked by setting it alone and looking at the bytes.
 */
#include <nvme/layout_test.h>
#include <libxnvme_cli.h>
#include <nvme/layout_api_at.h>

static void
bit_fields_00(void **state)
{
	(void)state;
	BITS(xnvme_spec_fs_idfy_ctrlr, caps.direct, 4160, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, caps.rsvd, 4161, 63);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.permissions_posix, 4480, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.permissions_acl, 4481, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_creation, 4482, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_access, 4483, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_change, 4484, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.stamp_archive, 4485, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.hardlinks, 4486, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.symlinks, 4487, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.case_sensitive, 4488, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.case_preserving, 4489, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.journaling_block, 4490, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.journaling_meta, 4491, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.snapshotting, 4492, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.compressed, 4493, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.encrypted, 4494, 1);
	BITS(xnvme_spec_fs_idfy_ctrlr, properties.rsvd, 4495, 48);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bit_fields_00),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
