/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Places in the standard's structures, with the numbers of its figures, which ci/abi.txt does not
 * know: AT for the byte of a field, BITS for the bits of a bit-field, which the test sets alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <libxnvme.h>

#define AT(type, field, off) \
	XNVME_STATIC_ASSERT(offsetof(struct xnvme_spec_##type, field) == (off), \
			    "misplaced " #type "." #field)

/* Common Command Format; Data Pointer; SGL Descriptor Format */
AT(cmd_common, cid, 2)
AT(cmd_common, nsid, 4)
AT(cmd_common, mptr, 16)
AT(cmd_common, dptr.prp.prp1, 24)
AT(cmd_common, dptr.prp.prp2, 32)
AT(cmd_common, ndt, 40)
AT(cmd_common, cdw12, 48)
AT(sgl_descriptor, unkeyed, 8)

/* Common Completion Queue Entry Layout */
AT(cpl, cdw0, 0)
AT(cpl, sqhd, 8)
AT(cpl, sqid, 10)
AT(cpl, cid, 12)
AT(cpl, status, 14)

/* Identify Controller Data Structure */
AT(idfy_ctrlr, sn, 4)
AT(idfy_ctrlr, mn, 24)
AT(idfy_ctrlr, fr, 64)
AT(idfy_ctrlr, mdts, 77)
AT(idfy_ctrlr, cntlid, 78)
AT(idfy_ctrlr, ver, 80)
AT(idfy_ctrlr, oaes, 92)
AT(idfy_ctrlr, ctratt, 96)
AT(idfy_ctrlr, cntrltype, 111)
AT(idfy_ctrlr, oacs, 256)
AT(idfy_ctrlr, aerl, 259)
AT(idfy_ctrlr, lpa, 261)
AT(idfy_ctrlr, tnvmcap, 280)
AT(idfy_ctrlr, sanicap, 328)
AT(idfy_ctrlr, sqes, 512)
AT(idfy_ctrlr, nn, 516)
AT(idfy_ctrlr, oncs, 520)
AT(idfy_ctrlr, fna, 524)
AT(idfy_ctrlr, vwc, 525)
AT(idfy_ctrlr, awun, 526)
AT(idfy_ctrlr, sgls, 536)
AT(idfy_ctrlr, subnqn, 768)
AT(idfy_ctrlr, psd, 2048)

/* NVM Command Set: Identify Namespace Data Structure */
AT(idfy_ns, nsze, 0)
AT(idfy_ns, ncap, 8)
AT(idfy_ns, nuse, 16)
AT(idfy_ns, nlbaf, 25)
AT(idfy_ns, flbas, 26)
AT(idfy_ns, mc, 27)
AT(idfy_ns, dpc, 28)
AT(idfy_ns, dps, 29)
AT(idfy_ns, noiob, 46)
AT(idfy_ns, mssrl, 74)
AT(idfy_ns, mcl, 76)
AT(idfy_ns, msrc, 80)
AT(idfy_ns, endgid, 102)
AT(idfy_ns, nguid, 104)
AT(idfy_ns, eui64, 120)
AT(idfy_ns, lbaf, 128)
AT(lbaf, ds, 2)

/* SMART / Health Information Log Page; Error Information Log Entry */
AT(log_health_entry, comp_temp, 1)
AT(log_health_entry, pct_used, 5)
AT(log_health_entry, data_units_read, 32)
AT(log_health_entry, data_units_written, 48)
AT(log_health_entry, unsafe_shutdowns, 144)
AT(log_health_entry, mdi_errs, 160)
AT(log_erri_entry, sqid, 8)
AT(log_erri_entry, status, 12)
AT(log_erri_entry, lba, 16)
AT(log_erri_entry, nsid, 24)

/* Dataset Management - Range Definition; Reclaim Unit Handle Status Descriptor */
AT(dsm_range, llb, 4)
AT(dsm_range, slba, 8)
AT(ruhs_desc, ruhi, 2)
AT(ruhs_desc, earutr, 4)
AT(ruhs_desc, ruamw, 8)

/* Zoned Namespace Command Set: Zone Descriptor; I/O Command Set Specific Identify Namespace */
AT(znd_descr, za, 2)
AT(znd_descr, zcap, 8)
AT(znd_descr, zslba, 16)
AT(znd_descr, wp, 24)
AT(znd_idfy_ns, mar, 4)
AT(znd_idfy_ns, mor, 8)
AT(znd_idfy_ns, lbafe, 2816)

/* Asserts that only the bits [first, first + width) of the bytes are set */
static void
only_bits(const uint8_t *bytes, size_t nbytes, size_t first, size_t width, const char *what)
{
	for (size_t bit = 0; bit < nbytes * 8; ++bit) {
		int set = (bytes[bit / 8] >> (bit % 8)) & 1;
		int want = bit >= first && bit < first + width;

		if (set != want) {
			print_error("%s: bit %zu\n", what, bit);
		}
		assert_int_equal(set, want);
	}
}

#define BITS(type, field, byte, bit, width) \
	do { \
		static union { \
			struct xnvme_spec_##type s; \
			uint8_t b[sizeof(struct xnvme_spec_##type)]; \
		} u; \
		u.s.field = (uint64_t)~0ULL >> (64 - (width)); \
		only_bits(u.b, sizeof(u.b), 8 * (byte) + (bit), (width), #type "." #field); \
	} while (0)

/* Byte 4 * n holds the low bits of Command Dword n */
static void
bits_are_those_of_the_standard(void **state)
{
	(void)state;
	BITS(cmd_common, opcode, 0, 0, 8);
	BITS(cmd_common, fuse, 0, 8, 2);
	BITS(cmd_common, psdt, 0, 14, 2);
	BITS(sgl_descriptor, unkeyed.subtype, 15, 0, 4);
	BITS(sgl_descriptor, unkeyed.type, 15, 4, 4);
	BITS(status, p, 0, 0, 1);
	BITS(status, sc, 0, 1, 8);
	BITS(status, sct, 0, 9, 3);
	BITS(status, m, 0, 14, 1);
	BITS(status, dnr, 0, 15, 1);
	BITS(cmd_nvm, nlb, 48, 0, 16);
	BITS(cmd_nvm, dtype, 48, 20, 4);
	BITS(cmd_nvm, prinfo, 48, 26, 4);
	BITS(cmd_nvm, fua, 48, 30, 1);
	BITS(cmd_nvm, lr, 48, 31, 1);
	BITS(cmd_dsm, nr, 40, 0, 8);
	BITS(cmd_dsm, ad, 44, 2, 1);
	BITS(lbaf, rp, 0, 24, 2);
	BITS(idfy_ns, flbas.format, 26, 0, 4);
	BITS(idfy_ns, flbas.extended, 26, 4, 1);
	BITS(idfy_ns, dps.pit, 29, 0, 3);
	BITS(idfy_ns, dps.md_start, 29, 3, 1);
	BITS(znd_descr, zt, 0, 0, 4);
	BITS(znd_descr, zs, 1, 4, 4);
}

/* X24: in xNVMe 0.7.5, they are in the wrong place */
static void
protection_bits_of_zone_append_are_26_to_29_of_dword_12(void **state)
{
	(void)state;
	BITS(znd_cmd_append, piremap, 48, 25, 1);
	BITS(znd_cmd_append, prinfo, 48, 26, 4);
	BITS(znd_cmd_append, fua, 48, 30, 1);
	BITS(znd_cmd_append, lr, 48, 31, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_are_those_of_the_standard),
		cmocka_unit_test(protection_bits_of_zone_append_are_26_to_29_of_dword_12),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
