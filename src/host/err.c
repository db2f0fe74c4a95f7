/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/err.h>

#include <base/assert.h>
#include <errno.h>
#include <stdarg.h>
#include <os/thread.h>
#include <stdio.h>

int
err_set(int err, const char *fmt, ...)
{
	va_list ap;

	ASSERT(err <= 0);
	va_start(ap, fmt);
	(void)vsnprintf(this_thread.host_text, sizeof(this_thread.host_text), fmt, ap);
	va_end(ap);
	this_thread.host_texts += 1;
	return err;
}

uint64_t
err_count(void)
{
	return this_thread.host_texts;
}

void *
err_null(int err)
{
	ASSERT(err > 0);
	errno = err;
	return NULL;
}

const char *
xnvme_err_text(void)
{
	return this_thread.host_text;
}

void
xnvme_err_clear(void)
{
	this_thread.host_text[0] = '\0';
}
