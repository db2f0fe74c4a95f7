/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identifiers of virtual SSDs: serial number, controller ID, NQN, NGUID, EUI64 and UUID differ
 * between any two SSDs of any preset, and are the same each time the same SSD is opened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "virt_test.h"

struct identity {
	char serial[20];
	char nqn[256];
	uint16_t cntlid;
	uint8_t nguid[16];
	uint8_t eui64[8];
	uint8_t descriptors[64];
};

static struct identity
identity_of(struct xnvme_dev *dev)
{
	struct xnvme_spec_idfy *idfy = xnvme_buf_alloc(dev, sizeof(*idfy));
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct identity id;

	memset(&id, 0, sizeof(id));
	assert_int_equal(xnvme_adm_idfy_ctrlr(&ctx, idfy), 0);
	memcpy(id.serial, idfy->ctrlr.sn, sizeof(id.serial));
	memcpy(id.nqn, idfy->ctrlr.subnqn, sizeof(id.nqn));
	id.cntlid = idfy->ctrlr.cntlid;
	assert_int_equal(xnvme_adm_idfy_ns(&ctx, 1, idfy), 0);
	memcpy(id.nguid, idfy->ns.nguid, sizeof(id.nguid));
	memcpy(id.eui64, &idfy->ns.eui64, sizeof(id.eui64));
	assert_int_equal(xnvme_adm_idfy(&ctx, XNVME_SPEC_IDFY_NSDSCR, 0, 1, 0, 0, idfy), 0);
	memcpy(id.descriptors, idfy, sizeof(id.descriptors));
	xnvme_buf_free(dev, idfy);
	return id;
}

static struct identity
opened(const char *uri)
{
	struct xnvme_dev *dev = open_dev(uri);
	struct identity id = identity_of(dev);

	xnvme_dev_close(dev);
	return id;
}

static void
assert_different(const struct identity *a, const struct identity *b)
{
	assert_memory_not_equal(a->serial, b->serial, sizeof(a->serial));
	assert_string_not_equal(a->nqn, b->nqn);
	assert_int_not_equal(a->cntlid, b->cntlid);
	assert_memory_not_equal(a->nguid, b->nguid, sizeof(a->nguid));
	assert_memory_not_equal(a->eui64, b->eui64, sizeof(a->eui64));
	/* EUI64, NGUID and UUID, each after a header of 4 bytes */
	assert_memory_not_equal(a->descriptors + 4 + 8 + 4 + 16 + 4,
				b->descriptors + 4 + 8 + 4 + 16 + 4, 16);
}

static void
any_two_differ(void **state)
{
	static const char *const uris[] = {
		"virt:null,size=1MiB",
		"virt:null,size=1MiB",
		"virt:optane-p4800x,size=64MiB",
		"virt:null,size=1MiB,name=one",
		"virt:null,size=1MiB,name=two",
		"virt:null,size=1MiB,name=three,seed=1",
		"virt:null,size=1MiB,identity=four",
		"pci-virt:null,size=1MiB",
		"pci-virt:null,size=1MiB,seed=5",
	};
	enum { COUNT = sizeof(uris) / sizeof(uris[0]) };
	struct xnvme_dev *devs[COUNT];
	struct identity ids[COUNT];

	(void)state;
	for (uint32_t i = 0; i < COUNT; i += 1) {
		devs[i] = open_dev(uris[i]);
		ids[i] = identity_of(devs[i]);
		for (uint32_t j = 0; j < i; j += 1) {
			assert_different(&ids[i], &ids[j]);
		}
	}
	for (uint32_t i = 0; i < COUNT; i += 1) {
		xnvme_dev_close(devs[i]);
	}
}

static void
the_same_ssd_is_the_same_again(void **state)
{
	static const char *const uris[] = {
		"virt:null,size=1MiB,name=same,seed=7",
		"virt:null,size=1MiB,identity=same",
		"virt:null,size=1MiB,serial=S123",
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i += 1) {
		struct identity first = opened(uris[i]), second = opened(uris[i]);

		assert_memory_equal(&first, &second, sizeof(first));
	}
}

static void
what_is_given_is_taken(void **state)
{
	struct identity id = opened("virt:null,size=1MiB,serial=S123,drive.cntlid=9,"
				    "namespace.eui64=0102030405060708");

	(void)state;
	assert_memory_equal(id.serial, "S123                ", 20);
	assert_non_null(strstr(id.nqn, "S123"));
	assert_int_equal(id.cntlid, 9);
	assert_memory_equal(id.eui64, "\1\2\3\4\5\6\7\10", 8);
}

static void
a_media_file_keeps_its_identity(void **state)
{
	char dir[] = "/tmp/xnvme-identity-XXXXXX", from[64], to[64], uri[128];
	struct identity first, moved, other;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(from, sizeof(from), "%s/a", dir);
	(void)snprintf(to, sizeof(to), "%s/b", dir);
	(void)snprintf(uri, sizeof(uri), "virt:null,size=1MiB,media=%s", from);
	first = opened(uri);
	assert_int_equal(rename(from, to), 0);
	(void)snprintf(uri, sizeof(uri), "virt:null,size=1MiB,media=%s", to);
	moved = opened(uri);
	assert_memory_equal(&first, &moved, sizeof(first));
	(void)snprintf(uri, sizeof(uri), "virt:null,size=1MiB,media=%s2", to);
	other = opened(uri);
	assert_different(&first, &other);
	assert_int_equal(unlink(to), 0);
	(void)snprintf(to, sizeof(to), "%s/b2", dir);
	assert_int_equal(unlink(to), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
served_ssds_differ_by_their_sockets(void **state)
{
	char dir[] = "/tmp/xnvme-identity-XXXXXX", path[2][64], uri[2][160];
	struct nvmevirt_server *servers[2];
	struct identity ids[2];

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (int i = 0; i < 2; i += 1) {
		(void)snprintf(path[i], sizeof(path[i]), "%s/%d", dir, i);
		(void)snprintf(uri[i], sizeof(uri[i]), "vfio-user:%s", path[i]);
		assert_int_equal(nvmevirt_serve_vfio_user("virt:null,size=1MiB", path[i], 0,
							  &servers[i]), 0);
		ids[i] = opened(uri[i]);
	}
	assert_different(&ids[0], &ids[1]);
	/* served at the same path again it keeps its identifiers, by which a guest finds its
	 * drive */
	nvmevirt_server_stop(servers[1]);
	assert_int_equal(nvmevirt_serve_vfio_user("virt:null,size=1MiB", path[1], 0, &servers[1]),
			 0);
	ids[0] = opened(uri[1]);
	assert_memory_equal(&ids[0], &ids[1], sizeof(ids[0]));
	nvmevirt_server_stop(servers[0]);
	nvmevirt_server_stop(servers[1]);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_two_differ),
		cmocka_unit_test(the_same_ssd_is_the_same_again),
		cmocka_unit_test(what_is_given_is_taken),
		cmocka_unit_test(a_media_file_keeps_its_identity),
		cmocka_unit_test(served_ssds_differ_by_their_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
