/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameters of NVMeVirt's presets (its ssd_config.h of May 2026): measurements of five devices
 * by its authors (Kim et al., NVMeVirt, FAST 2023).
 */
#include <ssd/time/nvmevirt1_presets.h>

const struct nvmevirt1_preset nvmevirt1_presets[] = {
	{
		.name = "optane", /* Intel Optane DC P4800X; 12 us, 2.4 GB/s; 14 us, 2.0 GB/s */
		.config = {
			.name = "nvmevirt1",
			.simple = {
				.read_delay_ns = 3762, .read_time_ns = 1627,
				.write_delay_ns = 2176, .write_time_ns = 1953,
				.units = 1, .unit_shift = 12,
			},
		},
	},
	{
		.name = "kv", /* Samsung's key-value prototype */
		.key_value = true,
		.config = {
			.name = "nvmevirt1",
			.simple = {
				.read_delay_ns = 3762, .read_time_ns = 1627,
				.write_delay_ns = 2176, .write_time_ns = 1953,
				.units = 8, .unit_shift = 12,
			},
		},
	},
	{
		.name = "970pro", /* Samsung 970 PRO 512 GB */
		.config = {
			.name = "nvmevirt1",
			.nand = {
				.channels = 8, .dies_per_channel = 2, .planes_per_die = 1,
				.cell_bits = 2,
				.flash_page_nbytes = 32768, .oneshot_page_nbytes = 32768,
				.overprovisioning_ppm = 70000, .partitions = 4,
				.read_4k_ns = { 29760, 41760 }, .read_ns = { 30013, 42013 },
				.program_ns = 185000,
				.channel_mib_s = 800, .channel_transfer_nbytes = 16384,
				.link_mib_s = 3360,
				.fw_read_4k_ns = 21500, .fw_read_ns = 30490,
				.fw_write_ns = 4000, .fw_write_4k_ns = 460,
				.buffer_nbytes = 1048576, .early_completion = true,
			},
		},
	},
	{
		.name = "znsproto", /* a ZNS prototype, as shipped */
		.config = {
			.name = "nvmevirt1",
			.nand = {
				.channels = 8, .dies_per_channel = 16, .planes_per_die = 1,
				.cell_bits = 3,
				.flash_page_nbytes = 65536, .oneshot_page_nbytes = 131072,
				.read_4k_ns = { 25485, 25485, 25485 },
				.read_ns = { 40950, 40950, 40950 },
				.program_ns = 1913640,
				.channel_mib_s = 800, .channel_transfer_nbytes = 65536,
				.link_mib_s = 3200,
				.fw_read_4k_ns = 32150, .fw_read_ns = 32150,
				.fw_channel_4k_ns = 413,
				.buffer_nbytes = 33554432, .write_unit_nbytes = 131072,
				.zone_nbytes = 33554432, .dies_per_zone = 1,
			},
		},
	},
	{
		.name = "znsproto96", /* the same with the zones of the real device */
		.config = {
			.name = "nvmevirt1",
			.nand = {
				.channels = 8, .dies_per_channel = 16, .planes_per_die = 1,
				.cell_bits = 3,
				.flash_page_nbytes = 65536, .oneshot_page_nbytes = 196608,
				.read_4k_ns = { 25485, 25485, 25485 },
				.read_ns = { 40950, 40950, 40950 },
				.program_ns = 1913640,
				.channel_mib_s = 800, .channel_transfer_nbytes = 65536,
				.link_mib_s = 3200,
				.fw_read_4k_ns = 32150, .fw_read_ns = 32150,
				.fw_channel_4k_ns = 413,
				.buffer_nbytes = 50331648, .write_unit_nbytes = 196608,
				.zone_nbytes = 100663296, .dies_per_zone = 1,
			},
		},
	},
	{
		.name = "zn540", /* WD Ultrastar DC ZN540 4 TB */
		.config = {
			.name = "nvmevirt1",
			.nand = {
				.channels = 8, .dies_per_channel = 4, .planes_per_die = 1,
				.cell_bits = 3,
				.flash_page_nbytes = 32768, .oneshot_page_nbytes = 98304,
				.read_4k_ns = { 50000, 50000, 50000 },
				.read_ns = { 58000, 58000, 58000 },
				.program_ns = 561000,
				.channel_mib_s = 450, .channel_transfer_nbytes = 32768,
				.link_mib_s = 3050,
				.fw_read_4k_ns = 20000, .fw_read_ns = 13000,
				.fw_write_ns = 5600, .fw_write_4k_ns = 600,
				.zone_buffer_nbytes = 983040, .write_unit_nbytes = 512,
				.early_completion = true,
				.zone_nbytes = 2147483648, .dies_per_zone = 32,
			},
		},
	},
};

const size_t nvmevirt1_preset_count = sizeof(nvmevirt1_presets) / sizeof(nvmevirt1_presets[0]);

const struct nvmevirt1_preset *
nvmevirt1_preset_of(struct span name)
{
	for (size_t i = 0; i < nvmevirt1_preset_count; ++i) {
		if (span_equal(name, nvmevirt1_presets[i].name)) {
			return &nvmevirt1_presets[i];
		}
	}
	return NULL;
}
