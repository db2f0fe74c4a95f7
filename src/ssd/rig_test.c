/* SPDX-License-Identifier: BSD-3-Clause */
#include <ssd/rig_test.h>

static void
power_up(struct rig *rig)
{
	const char *why = NULL;
	size_t nbytes = ssd_bytes_needed(&rig->config);
	int err;

	assert_int_not_equal(nbytes, 0);
	rig->memory = aligned_alloc(64, (nbytes + 63) / 64 * 64);
	assert_non_null(rig->memory);
	memset(rig->memory, 0, nbytes);
	err = ssd_init(&rig->ssd, rig->memory, nbytes, &rig->config, rig->media, rig->seed, &why);
	if (err) {
		fail_msg("ssd_init: %s", why);
	}
}

struct rig *
rig_new(void (*change)(struct ssd_config *config))
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	ssd_config_default(&rig->config);
	rig->config.ns[0].nbytes = 16u << 20;
	if (change) {
		change(&rig->config);
	}
	rig->seed = 42;
	if (!rig->config.no_media) {
		rig->media = calloc(1, ssd_media_bytes(&rig->config));
		assert_non_null(rig->media);
	}
	rig->dma = (struct ssd_dma){.start = rig->buf,
				    .start_nbytes = sizeof(rig->buf),
				    .flat = rig->buf,
				    .meta_flat = rig->meta,
				    .nbytes = sizeof(rig->buf),
				    .meta_nbytes = sizeof(rig->meta)};
	power_up(rig);
	return rig;
}

void
rig_small_nand(struct ssd_config *config, uint32_t line_pages, uint32_t buffer_nbytes,
	       uint32_t write_unit_nbytes)
{
	config->model.nand = (struct model_nand_config){.channels = 2,
							.dies_per_channel = 2,
							.planes_per_die = 1,
							.cell_bits = 1,
							.flash_page_nbytes = 16384,
							.oneshot_page_nbytes = 16384,
							.overprovisioning_ppm = 150000,
							.line_pages = line_pages,
							.read_4k_ns = {30000},
							.read_ns = {30000},
							.program_ns = 100000,
							.erase_ns = 1000000,
							.channel_mib_s = 800,
							.channel_transfer_nbytes = 16384,
							.link_mib_s = 3200,
							.fw_write_ns = 1000,
							.buffer_nbytes = buffer_nbytes,
							.write_unit_nbytes = write_unit_nbytes,
							.early_completion = true};
}

void
rig_reopen(struct rig *rig)
{
	free(rig->memory);
	power_up(rig);
}

void
rig_free(struct rig *rig)
{
	free(rig->memory);
	free(rig->media);
	free(rig);
}

uint16_t
rig_begin(struct rig *rig, uint16_t sqid, struct xnvme_spec_cmd *cmd)
{
	cmd->common.cid = rig->cid++;
	rig->work = (struct ssd_work){.owner = rig->owner, .sqid = sqid, .dma = &rig->dma};
	if (!rig->dma.prepare) {
		rig->dma.start_nbytes = rig->dma.nbytes;
	}
	ssd_begin(rig->ssd, rig->now, cmd, &rig->work);
	assert_true(rig->work.ready_at >= rig->now);
	if (rig->work.verdict == SSD_DONE) {
		rig->now = rig->work.ready_at;
	}
	return rig->work.status & (uint16_t)~STATUS_MORE;
}

uint16_t
rig_blocks(struct rig *rig, uint8_t opcode, uint32_t nsid, uint64_t lba, uint32_t nlb,
	   uint32_t cdw12_flags)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = nsid;
	cmd.nvm.slba = lba;
	cmd.common.cdw12 = (nlb - 1) | cdw12_flags;
	return rig_io(rig, &cmd);
}

uint16_t
rig_write(struct rig *rig, uint64_t lba, uint32_t nlb, uint8_t byte)
{
	memset(rig->buf, byte,
	       nlb * (rig->config.ns[0].lba_nbytes ? rig->config.ns[0].lba_nbytes : 512u));
	return rig_blocks(rig, XNVME_SPEC_NVM_OPC_WRITE, 1, lba, nlb, 0);
}

uint16_t
rig_read(struct rig *rig, uint64_t lba, uint32_t nlb)
{
	/* more than the read, to check that the rest is unchanged */
	memset(rig->buf, 0xEE, nlb < 128 ? (nlb + 1) * 4096 : sizeof(rig->buf));
	return rig_blocks(rig, XNVME_SPEC_NVM_OPC_READ, 1, lba, nlb, 0);
}

uint16_t
rig_identify_by(struct rig *rig, uint8_t cns, uint32_t nsid, uint8_t csi, uint16_t cntid,
		uint16_t specific)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, 4096);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
	cmd.common.nsid = nsid;
	cmd.idfy.cns = cns;
	cmd.idfy.csi = csi;
	cmd.idfy.cntid = cntid;
	cmd.idfy.nvmsetid = specific;
	return rig_admin(rig, &cmd);
}

uint16_t
rig_identify(struct rig *rig, uint8_t cns, uint32_t nsid, uint8_t csi)
{
	return rig_identify_by(rig, cns, nsid, csi, 0, 0);
}

uint16_t
rig_log(struct rig *rig, uint8_t lid, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, nbytes);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_LOG;
	cmd.log.lid = lid;
	cmd.log.numdl = (uint16_t)(nbytes / 4 - 1);
	cmd.log.numdu = (uint16_t)((nbytes / 4 - 1) >> 16);
	return rig_admin(rig, &cmd);
}

uint16_t
rig_set_feature(struct rig *rig, uint32_t nsid, uint8_t fid, uint32_t value, bool save)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_SFEAT;
	cmd.common.nsid = nsid;
	cmd.sfeat.cdw10.fid = fid;
	cmd.sfeat.cdw10.save = save;
	cmd.sfeat.feat.val = value;
	return rig_admin(rig, &cmd);
}

uint16_t
rig_get_feature(struct rig *rig, uint32_t nsid, uint8_t fid, uint8_t select)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_GFEAT;
	cmd.common.nsid = nsid;
	cmd.gfeat.cdw10.fid = fid;
	cmd.gfeat.cdw10.sel = select & 7u;
	return rig_admin(rig, &cmd);
}

void
assert_bytes(const void *at, uint8_t byte, size_t count)
{
	const uint8_t *bytes = at;

	for (size_t i = 0; i < count; ++i) {
		if (bytes[i] != byte) {
			fail_msg("byte %zu of %zu is %02x, not %02x", i, count, bytes[i], byte);
		}
	}
}
