/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of presets_gen.c: one for each drive */
{
	.preset = "samsung-970-pro", .size = "2GiB", .state = "on a new drive",
	.source = "Samsung 970 PRO 512 GB; 4 threads of depth 32 for the random figures",
	.nsheets = 6,
	.sheets = {
		{READ_IOPS, 0, 15000, NULL},
		{WRITE_IOPS, 0, 55000,
		 "the data sheet measures with a host, whose system and driver are most of "
		 "18 us"},
		{READ_IOPS, 2, 370000, NULL},
		{WRITE_IOPS, 2, 500000,
		 "NAND alone is the limit here, as for large writes; the drive's firmware ends "
		 "before"},
		{READ_MB_S, 1, 3500, NULL},
		{WRITE_MB_S, 1, 2300, NULL},
	},
},
{
	.preset = "pcie5-class", .size = "4GiB",
	.state = "in the steady state, `precondition=random`",
	.source = "Samsung PM1743, one drive of the class", .overwrites = 2,
	.nsheets = 4,
	.sheets = {
		{READ_IOPS, 2, 2500000,
		 "128 reads at random meet on 128 planes; at depth 512 the preset reads 2.28 "
		 "million"},
		{WRITE_IOPS, 2, 250000, NULL},
		{READ_MB_S, 1, 13000, NULL},
		{WRITE_MB_S, 1, 6600,
		 "64 dies program 82 MB/s each, the figure of their paper: 5.2 GB/s in all"},
	},
},
{
	.preset = "optane-p4800x", .size = "1GiB", .state = "in place",
	.source = "Intel Optane SSD DC P4800X 375 GB; random figures at depth 16",
	.nsheets = 6,
	.sheets = {
		{READ_IOPS, 0, 100000, NULL}, {WRITE_IOPS, 0, 100000, NULL},
		{READ_IOPS, 1, 550000, NULL}, {WRITE_IOPS, 1, 500000, NULL},
		{READ_MB_S, 1, 2400, NULL}, {WRITE_MB_S, 1, 2000, NULL},
	},
},
{
	.preset = "optane-p5800x", .size = "1GiB", .state = "in place",
	.source = "Intel Optane SSD DC P5800X 1.6 TB",
	.nsheets = 6,
	.sheets = {
		{READ_IOPS, 0, 200000, NULL}, {WRITE_IOPS, 0, 200000, NULL},
		{READ_IOPS, 2, 1500000,
		 "one bandwidth for small and large reads, that of the large ones"},
		{WRITE_IOPS, 2, 1500000, NULL},
		{READ_MB_S, 1, 7200, NULL}, {WRITE_MB_S, 1, 6200, NULL},
	},
},
{
	.preset = "wd-zn540", .size = "32GiB", .state = "zones have none", .zoned = true,
	.source = "The numbers are those of NVMeVirt's preset; its vendor's data sheet was not at "
		  "hand.",
},
