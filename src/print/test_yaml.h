/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of printing need: a stream in memory, and libyaml's judgement of what is in it.
 */
#ifndef PRINT_TEST_YAML_H
#define PRINT_TEST_YAML_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <yaml.h>

static char *text_at;
static size_t text_nbytes;

static FILE *
text_open(void)
{
	FILE *stream = open_memstream(&text_at, &text_nbytes);

	assert_non_null(stream);
	return stream;
}

static const char *
scalar(yaml_document_t *doc, int index)
{
	yaml_node_t *node = yaml_document_get_node(doc, index);

	return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

/* A key may stand in a mapping once: the standard says so, libyaml does not look */
static void
no_key_twice(yaml_document_t *doc, const char *text)
{
	yaml_node_t *node;

	for (int i = 1; (node = yaml_document_get_node(doc, i)); ++i) {
		if (node->type != YAML_MAPPING_NODE) {
			continue;
		}
		for (yaml_node_pair_t *a = node->data.mapping.pairs.start;
		     a < node->data.mapping.pairs.top; ++a) {
			for (yaml_node_pair_t *b = a + 1; b < node->data.mapping.pairs.top; ++b) {
				if (!strcmp(scalar(doc, a->key), scalar(doc, b->key))) {
					fail_msg("'%s' twice:\n%s", scalar(doc, a->key), text);
				}
			}
		}
	}
}

/* Close the stream; `printed` is what the printer returned. The text is one mapping of YAML. */
static const char *
text_close(FILE *stream, int printed)
{
	yaml_parser_t parser;
	yaml_document_t doc;

	assert_int_equal(fclose(stream), 0);
	assert_int_equal(printed, text_nbytes);
	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text_at, text_nbytes);
	if (!yaml_parser_load(&parser, &doc)) {
		fail_msg("line %zu: %s in:\n%s", parser.problem_mark.line, parser.problem, text_at);
	}
	assert_non_null(yaml_document_get_root_node(&doc));
	assert_int_equal(yaml_document_get_root_node(&doc)->type, YAML_MAPPING_NODE);
	no_key_twice(&doc, text_at);
	yaml_document_delete(&doc);
	yaml_parser_delete(&parser);
	return text_at;
}

#define PRINTS(expect, call) \
	do { \
		FILE *stream = text_open(); \
		int printed = (call); \
		assert_string_equal(text_close(stream, printed), (expect)); \
		free(text_at); \
	} while (0)

#endif /* PRINT_TEST_YAML_H */
