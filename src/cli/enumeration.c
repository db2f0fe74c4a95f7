/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of devices, for the output of `enum`, `list` and `scan`.
 */
#include <errno.h>
#include <stdlib.h>

#include <cli/cli.h>

int
xnvme_cli_enumeration_alloc(struct xnvme_cli_enumeration **list, uint32_t capacity)
{
	struct xnvme_cli_enumeration *made =
		calloc(1, sizeof(*made) + capacity * sizeof(made->entries[0]));

	if (!made) {
		return -ENOMEM;
	}
	made->capacity = capacity;
	*list = made;
	return 0;
}

void
xnvme_cli_enumeration_free(struct xnvme_cli_enumeration *list)
{
	free(list);
}

int
xnvme_cli_enumeration_append(struct xnvme_cli_enumeration *list, const struct xnvme_ident *entry)
{
	if (!list->capacity) {
		return -ENOMEM;
	}
	list->entries[list->nentries++] = *entry;
	list->capacity -= 1;
	return 0;
}

static int
print(FILE *stream, const struct xnvme_cli_enumeration *list, bool only_uri)
{
	int wrtn = fprintf(stream, "xnvme_cli_enumeration:");

	if (!list || !list->nentries) {
		/* ~ as in xNVMe's text output; in YAML and JSON an empty list is a list */
		return wrtn + fprintf(stream, "%s\n",
				      cli_process.line.output == XNVME_CLI_OUTPUT_TEXT ? " ~"
											  : " []");
	}
	wrtn += fprintf(stream, "\n");
	for (uint32_t i = 0; i < list->nentries; ++i) {
		if (only_uri) {
			wrtn += fprintf(stream, "  - uri: '%s'\n", list->entries[i].uri);
			continue;
		}
		wrtn += fprintf(stream, "  - {");
		wrtn += xnvme_ident_yaml(stream, &list->entries[i], 0, ", ", 0);
		wrtn += fprintf(stream, "}\n");
	}
	return wrtn;
}

int
xnvme_cli_enumeration_fpr(FILE *stream, struct xnvme_cli_enumeration *list, int opts)
{
	(void)opts;
	return print(stream, list, false);
}

int
xnvme_cli_enumeration_fpp(FILE *stream, struct xnvme_cli_enumeration *list, int opts)
{
	(void)opts;
	return print(stream, list, true);
}

int
xnvme_cli_enumeration_pp(struct xnvme_cli_enumeration *list, int opts)
{
	return xnvme_cli_enumeration_fpp(stdout, list, opts);
}

int
xnvme_cli_enumeration_pr(struct xnvme_cli_enumeration *list, int opts)
{
	return xnvme_cli_enumeration_fpr(stdout, list, opts);
}
