/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/err.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static _Thread_local char err_text[1024];
static _Thread_local uint64_t err_texts;

int
err_set(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err_text, sizeof(err_text), fmt, ap);
	va_end(ap);
	err_texts += 1;
	return err;
}

uint64_t
err_count(void)
{
	return err_texts;
}

void *
err_null(int err)
{
	errno = err;
	return NULL;
}

const char *
xnvme_err_text(void)
{
	return err_text;
}

void
xnvme_err_clear(void)
{
	err_text[0] = '\0';
}
