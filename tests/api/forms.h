/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the tests of the two forms of the interface: a check that prints where it failed, and
 * the capture of what a function prints on a stream.
 */
#ifndef TESTS_API_FORMS_H
#define TESTS_API_FORMS_H

#include <libxnvme.h>

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			exit(1); \
		} \
	} while (0)

/* A temporary file that captures output, and its text */
struct printed {
	FILE *stream;
	char text[16384];
};

static inline void
printed_begin(struct printed *printed)
{
	printed->stream = tmpfile();
	CHECK(printed->stream);
}

/* Returns the text; `nbytes` is the return value of the printer */
static inline const char *
printed_end(struct printed *printed, int nbytes)
{
	size_t got;

	rewind(printed->stream);
	got = fread(printed->text, 1, sizeof(printed->text) - 1, printed->stream);
	printed->text[got] = '\0';
	fclose(printed->stream);
	CHECK(nbytes > 0 && (size_t)nbytes == got);
	return printed->text;
}

#endif /* TESTS_API_FORMS_H */
