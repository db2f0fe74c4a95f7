/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command set of a namespace, for controllers that report as little as the standard, the
 * kernel, or the user's permissions allow.
 */
#include <host/dev.h>
#include <host/err.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the controller supports, and the command set of its only namespace */
static struct {
	bool tells_descriptors; /* CNS 03h; not allowed for an unprivileged user */
	uint8_t csi;
} ctrlr;

static int
answer(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	uint8_t *page = payload->data;
	bool own = ctx->cmd.idfy.csi == ctrlr.csi;

	(void)role;
	switch (ctx->cmd.idfy.cns) {
	case XNVME_SPEC_IDFY_CTRLR:
		memcpy(((struct xnvme_spec_idfy_ctrlr *)payload->data)->subnqn, "nqn.asked", 10);
		return 0;
	case XNVME_SPEC_IDFY_NSDSCR:
		if (!ctrlr.tells_descriptors) {
			return err_set(cpl_set_errno(ctx, -EACCES), "not for this user");
		}
		page[0] = 4; /* NIDT: command set identifier */
		page[1] = 1;
		page[4] = ctrlr.csi;
		return 0;
	case XNVME_SPEC_IDFY_NS_IOCS:
		if (own && ctrlr.csi == XNVME_SPEC_CSI_KV) {
			((struct xnvme_spec_kvs_idfy_ns *)payload->data)->kvf[0].kml = 16;
			return 0;
		}
		break;
	default:
		break;
	}
	return cpl_set_status(ctx, STATUS(INVALID_IOCS));
}

static const struct path path_fake = {.name = "fake", .call = answer};

/* Opens a ramdisk, identifies it through the controller above, and expects `csi` and `type` */
static void
identifies(uint8_t known, uint8_t csi, enum xnvme_geo_type type)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	const struct path *own;

	assert_non_null(dev);
	own = dev->path[ROLE_ADMIN];
	dev->path[ROLE_ADMIN] = &path_fake;
	dev->kind = KIND_NVME_CHAR;
	dev->ident.csi = known;
	free(dev->ns);
	dev->ns = NULL;
	assert_int_equal(xnvme_dev_derive_geo(dev), 0);
	assert_int_equal(xnvme_dev_get_csi(dev), csi);
	assert_int_equal(xnvme_dev_get_geo(dev)->type, type);
	assert_true(xnvme_dev_get_geo(dev)->mdts_nbytes >= 4096);
	dev->kind = KIND_RAMDISK;
	dev->path[ROLE_ADMIN] = own;
	xnvme_dev_close(dev);
}

static void
key_value_without_privilege(void **state)
{
	(void)state;
	ctrlr.csi = XNVME_SPEC_CSI_KV;
	ctrlr.tells_descriptors = true;
	identifies(0xFF, XNVME_SPEC_CSI_KV, XNVME_GEO_KV);
	ctrlr.tells_descriptors = false;
	identifies(XNVME_SPEC_CSI_KV, XNVME_SPEC_CSI_KV, XNVME_GEO_KV); /* from sysfs */
	identifies(0xFF, XNVME_SPEC_CSI_KV, XNVME_GEO_KV);
}

/* A command set that this library has no commands for opens too: the caller may have them */
static void
command_sets_to_come(void **state)
{
	(void)state;
	ctrlr.csi = 3;
	ctrlr.tells_descriptors = true;
	identifies(0xFF, 3, XNVME_GEO_UNKNOWN);
}

static void
the_system_names_the_subsystem(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);

	(void)state;
	assert_non_null(dev);
	memcpy(dev->ident.subnqn, "nqn.known", 10);
	assert_int_equal(xnvme_dev_derive_geo(dev), 0);
	assert_string_equal(xnvme_dev_get_ident(dev)->subnqn, "nqn.known");
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_value_without_privilege),
		cmocka_unit_test(command_sets_to_come),
		cmocka_unit_test(the_system_names_the_subsystem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
