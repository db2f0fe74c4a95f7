/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt keys: lists all keys of a description, from the parser's table; also generates the
 * manual page nvmevirt(5), which lists them.
 */
#include <stdio.h>
#include <string.h>

#include "nvmevirt.h"

static void
print_string(const char *name, const char *text)
{
	printf(", %s: ", name);
	tool_yaml_string(text);
}

static void
print_records(void)
{
	struct nvmevirt_key key;

	printf("nvmevirt_keys:\n");
	for (uint32_t i = 0; nvmevirt_key_get(i, &key) == 0; ++i) {
		printf("  - {key: ");
		tool_yaml_string(key.name);
		print_string("uri", key.alias);
		print_string("values", key.values);
		print_string("unit", key.unit);
		print_string("default", key.standard);
		print_string("meaning", key.meaning);
		print_string("when", key.when);
		printf("}\n");
	}
}

/* Escape text for roff: a literal hyphen is \-, a backslash \e */
static void
roff(const char *text)
{
	if (*text == '.' || *text == '\'') {
		printf("\\&");
	}
	for (; *text; ++text) {
		if (*text == '-') {
			printf("\\-");
		} else if (*text == '\\') {
			printf("\\e");
		} else {
			putchar(*text);
		}
	}
}

static const struct {
	const char *table, *heading;
} tables[] = {
	{"drive.", "[drive]: the controller, its cache and its limits"},
	{"namespace.", "[[namespace]]: one table for each, the first is NSID 1"},
	{"model.", "[model]: which timing model"},
	{"simple.", "[simple]: the model simple"},
	{"nand.", "[nand]: the models parallel and nvmevirt1"},
	{"fdp.", "[fdp]: flexible data placement"},
	{"", "In a URI only"},
};

static void
man_key(const struct nvmevirt_key *key)
{
	const char *name = key->name[0] ? key->name : key->alias;

	printf(".TP\n.B ");
	roff(name);
	printf("\n");
	roff(key->meaning);
	printf(".\nTakes ");
	roff(key->values);
	if (key->unit[0] && strcmp(key->unit, "number") != 0) {
		printf("; unit: %s", key->unit);
	}
	printf(". Default: ");
	roff(key->standard);
	printf(".\n");
	if (key->when[0]) {
		printf("Has an effect with: ");
		roff(key->when);
		printf(".\n");
	}
	if (key->name[0] && key->alias[0]) {
		printf("Short name in a URI: ");
		roff(key->alias);
		printf(".\n");
	}
}

static void
man_keys(void)
{
	struct nvmevirt_key key;

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); ++t) {
		size_t nbytes = strlen(tables[t].table);

		printf(".SS \"");
		roff(tables[t].heading);
		printf("\"\n");
		for (uint32_t i = 0; nvmevirt_key_get(i, &key) == 0; ++i) {
			if (nbytes ? !strncmp(key.name, tables[t].table, nbytes) : !key.name[0]) {
				man_key(&key);
			}
		}
	}
}

static void
print_man(void)
{
	printf(".TH NVMEVIRT 5 \"\" \"xnvme %d.%d.%d\" \"File Formats\"\n",
	       xnvme_ver_major(), xnvme_ver_minor(), xnvme_ver_patch());
	printf(".SH NAME\nnvmevirt \\- descriptions of virtual NVMe SSDs\n"
	       ".SH SYNOPSIS\n.nf\nvirt:\\fIPRESET\\fR[,\\fIkey\\fR=\\fIvalue\\fR...]\n"
	       "virt:\\fIFILE\\fR.toml[,\\fIkey\\fR=\\fIvalue\\fR...]\n.fi\n"
	       ".SH DESCRIPTION\n"
	       "A description is a file in a subset of TOML: one key = value to a line, in\n"
	       "tables. What is left out has its default. A [[namespace]] needs its nbytes.\n"
	       "A key that is unknown, or given twice, is an error; the message names file, line\n"
	       "and value. So is a key that has no effect on the drive, since its model, its\n"
	       "kind of namespace or another key makes it void, and that is not its default.\n"
	       "A URI may change the model of a description: the description's settings of its\n"
	       "own model are then dropped. In a URI a key is written table.key=value, or by its\n"
	       "short name, lists are separated by colons, and namespace. means the first\n"
	       "namespace.\n.PP\n"
	       "A size is a number of bytes, or text with a unit: KiB, MiB, GiB, TiB, which K, M,\n"
	       "G, T and k, m, g, t stand for, are powers of 1024; kB, MB, GB, TB are powers of\n"
	       "1000. Times are in ns where a key ends in _ns.\n.SH KEYS\n");
	man_keys();
	printf(".SH SEE ALSO\n.BR nvmevirt (1),\n.BR xnvme (1)\n");
}

int
nvmevirt_sub_keys(struct xnvme_cli *cli)
{
	const char *format = xnvme_cli_get_str(cli, XNVME_CLI_OPT_FORMAT);

	if (format && strcmp(format, "man") != 0) {
		return xnvme_cli_usage("--format is man, or left out; not '%s'", format);
	}
	if (format) {
		print_man();
	} else {
		print_records();
	}
	return 0;
}
