/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvs: keys and values. NVM Express Key Value Command Set Specification 1.0.
 */
#include <errno.h>
#include <string.h>

#include "kvs.h"

#define KEY_NBYTES_MAX 16
#define VALUE_NBYTES_FIRST 4096
#define LIST_NBYTES 4096


struct key {
	uint8_t bytes[KEY_NBYTES_MAX];
	uint8_t nbytes;
};

/* The key as text, or as bytes if it has the form 0x... with an even number of digits */
static int
key_from_args(const struct xnvme_cli_args *args, struct key *key)
{
	const char *text = args->kv_key;
	size_t len = strlen(text);

	*key = (struct key){.nbytes = 0};
	if (text[0] == '0' && text[1] == 'x' && len > 2 && len % 2 == 0) {
		for (const char *at = text + 2; *at; at += 2) {
			int high = xnvme_hex_digit_val(at[0]), low = xnvme_hex_digit_val(at[1]);

			if (high < 0 || low < 0 || key->nbytes == KEY_NBYTES_MAX) {
				return tool_refuse("a key in hexadecimal is 0x and 2 to 32 digits");
			}
			key->bytes[key->nbytes++] = (uint8_t)(high << 4 | low);
		}
		return 0;
	}
	if (len > KEY_NBYTES_MAX) {
		return tool_refuse("a key is 1 to 16 bytes");
	}
	memcpy(key->bytes, text, len);
	key->nbytes = (uint8_t)len;
	return 0;
}

/* Refuse other command sets: there the opcodes have other meanings, e.g. Store would be Write */
static int
refuse_other_csi(const struct xnvme_cli *cli)
{
	if (xnvme_dev_get_csi(cli->args.dev) == XNVME_SPEC_CSI_KV) {
		return 0;
	}
	return tool_refuse("this is not a namespace of the Key Value command set; 'kvs enum' lists "
			   "those that are, 'virt:kv-prototype' makes one");
}

static int
begin(struct xnvme_cli *cli, struct key *key)
{
	int err = refuse_other_csi(cli);

	return err ? err : key_from_args(&cli->args, key);
}

/* Print a record with the value, as text if it is text, else in hexadecimal */
static void
print_value(const struct xnvme_cli_args *args, const uint8_t *value, uint32_t nbytes)
{
	bool is_text = true;

	for (uint32_t i = 0; i < nbytes; ++i) {
		bool last_zero = i + 1 == nbytes && !value[i];

		is_text &= last_zero || (value[i] >= 0x20 && value[i] < 0x7F && value[i] != '\'');
	}
	printf("xnvme_kvs_retrieve:\n  key: '%s'\n  value_nbytes: %u\n  value: '", args->kv_key,
	       nbytes);
	for (uint32_t i = 0; i < nbytes; ++i) {
		if (!is_text) {
			printf("%02x", value[i]);
		} else if (value[i]) {
			printf("%c", value[i]);
		}
	}
	printf("'\n  encoding: '%s'\n", is_text ? "text" : "hex");
}

/* Retrieve into a buffer that grows to the value size in the completion */
static int
retrieve(struct xnvme_cli *cli, const struct key *key, uint8_t **value, uint32_t *nbytes)
{
	uint32_t capacity = VALUE_NBYTES_FIRST;

	for (;;) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
		int err;

		*value = tool_buf(cli->args.dev, capacity, NULL, &err);
		if (!*value) {
			return err;
		}
		err = xnvme_kvs_retrieve(&ctx, tool_nsid(cli), key->bytes, key->nbytes, *value,
					 capacity, 0);
		err = tool_cmd_end("xnvme_kvs_retrieve()", &ctx, err);
		*nbytes = ctx.cpl.cdw0;
		if (!err && *nbytes <= capacity) {
			return 0;
		}
		xnvme_buf_free(cli->args.dev, *value);
		*value = NULL;
		if (err) {
			return err;
		}
		capacity = *nbytes;
	}
}

int
kvs_sub_retrieve(struct xnvme_cli *cli)
{
	struct key key;
	uint8_t *value = NULL;
	uint32_t nbytes = 0;
	int err = begin(cli, &key);

	err = err ? err : retrieve(cli, &key, &value, &nbytes);
	if (err) {
		return err;
	}
	if (cli->args.data_output) {
		err = tool_dump(cli->args.data_output, value, nbytes);
	} else {
		print_value(&cli->args, value, nbytes);
	}
	xnvme_buf_free(cli->args.dev, value);
	return err;
}

int
kvs_sub_store(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	size_t nbytes = strlen(args->kv_val) + 1; /* the terminating NUL is stored, too */
	unsigned int options = 0;
	struct key key;
	char *value;
	int err = begin(cli, &key);

	if (err) {
		return err;
	}
	options |= args->kv_store_update ? XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_NOT_EXISTS : 0;
	options |= args->kv_store_add ? XNVME_KVS_STORE_OPT_DONT_STORE_IF_KEY_EXISTS : 0;
	options |= args->kv_store_compress ? XNVME_KVS_STORE_OPT_COMPRESS : 0;
	xnvme_cli_pinf("Alloc/fill dbuf, dbuf_nbytes: %zu", nbytes);
	value = tool_buf(args->dev, nbytes, NULL, &err);
	if (!value) {
		return err;
	}
	memcpy(value, args->kv_val, nbytes);
	err = xnvme_kvs_store(&ctx, tool_nsid(cli), key.bytes, key.nbytes, value, (uint32_t)nbytes,
			      (uint8_t)options);
	err = tool_cmd_end("xnvme_kvs_store()", &ctx, err);
	xnvme_buf_free(args->dev, value);
	return err;
}

int
kvs_sub_delete(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	struct key key;
	int err = begin(cli, &key);

	if (err) {
		return err;
	}
	err = xnvme_kvs_delete(&ctx, tool_nsid(cli), key.bytes, key.nbytes);
	return tool_cmd_end("xnvme_kvs_delete()", &ctx, err);
}

/* For a key that does not exist it prints the result and fails, so that scripts can test it */
int
kvs_sub_exist(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	struct key key;
	int err = begin(cli, &key);

	if (err) {
		return err;
	}
	err = xnvme_kvs_exist(&ctx, tool_nsid(cli), key.bytes, key.nbytes);
	if ((ctx.cpl.status.sct << 8 | ctx.cpl.status.sc) == XNVME_SPEC_SC_KV_KEY_NOT_EXISTS) {
		printf("xnvme_kvs_exist: {key: '%s', exists: 0}\n", cli->args.kv_key);
		return -ENOENT;
	}
	err = tool_cmd_end("xnvme_kvs_exist()", &ctx, err);
	if (!err) {
		printf("xnvme_kvs_exist: {key: '%s', exists: 1}\n", cli->args.kv_key);
	}
	return err;
}

/* Length of the key at `at`; 0: it is beyond the end of the buffer */
static uint32_t
key_at(const uint8_t *buf, uint32_t nbytes, uint32_t at)
{
	uint32_t len = at + 2 <= nbytes ? (uint32_t)buf[at] | (uint32_t)buf[at + 1] << 8 : 0;

	return len > KEY_NBYTES_MAX || at + 2 + len > nbytes ? 0 : len;
}

/* Data of List: a count of four bytes, then per key its length in two bytes and the key, padded to
 * four bytes (KV Command Set 1.0, List) */
static void
print_list(const uint8_t *buf, uint32_t nbytes)
{
	uint32_t nkeys = (uint32_t)buf[0] | (uint32_t)buf[1] << 8 | (uint32_t)buf[2] << 16 |
			 (uint32_t)buf[3] << 24;
	uint32_t at = 4, len;

	printf("xnvme_kvs_list:\n  nkeys: %u\n  keys:%s\n", nkeys,
	       nkeys && key_at(buf, nbytes, at) ? "" : " []");
	for (uint32_t i = 0; i < nkeys && (len = key_at(buf, nbytes, at)) != 0; ++i) {
		bool is_text = true;

		for (uint32_t j = 0; j < len; ++j) {
			uint8_t byte = buf[at + 2 + j];

			is_text &= byte >= 0x20 && byte < 0x7F && byte != '\'';
		}
		printf("    - '%s", is_text ? "" : "0x");
		for (uint32_t j = 0; j < len; ++j) {
			printf(is_text ? "%c" : "%02x", buf[at + 2 + j]);
		}
		printf("'\n");
		at += (2 + len + 3) & ~3u;
	}
}

/* List keys in the order of the device; without --key from the first key on */
int
kvs_sub_list(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	struct key key = {.nbytes = 0};
	uint8_t *buf;
	int err = cli->args.kv_key ? begin(cli, &key) : refuse_other_csi(cli);

	if (err) {
		return err;
	}
	buf = tool_buf(cli->args.dev, LIST_NBYTES, NULL, &err);
	if (!buf) {
		return err;
	}
	err = xnvme_kvs_list(&ctx, tool_nsid(cli), key.bytes, key.nbytes, buf, LIST_NBYTES);
	err = tool_cmd_end("xnvme_kvs_list()", &ctx, err);
	if (!err) {
		print_list(buf, LIST_NBYTES);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
kvs_sub_enum(struct xnvme_cli *cli)
{
	return tool_enum_csi(cli, XNVME_SPEC_CSI_KV);
}

int
kvs_sub_idfy_ns(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct xnvme_spec_idfy *idfy;
	int err = refuse_other_csi(cli);

	if (err) {
		return err;
	}
	idfy = tool_buf(cli->args.dev, sizeof(*idfy), NULL, &err);
	if (!idfy) {
		return err;
	}
	xnvme_cli_pinf("xnvme_adm_idfy_ns: {nsid: 0x%x, csi: CSI_KV}", nsid);
	err = xnvme_adm_idfy_ns_csi(&ctx, nsid, XNVME_SPEC_CSI_KV, idfy);
	err = tool_cmd_end("xnvme_adm_idfy_ns_csi()", &ctx, err);
	if (!err) {
		xnvme_spec_kvs_idfy_ns_pr((struct xnvme_spec_kvs_idfy_ns *)idfy, XNVME_PR_DEF);
	}
	xnvme_buf_free(cli->args.dev, idfy);
	return err;
}
