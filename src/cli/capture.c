/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirects stdout of the process to a file and reads it back. A pipe would fill up: the output is
 * read only after the sub-command has returned, and may exceed the pipe's capacity.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cli/cli.h>

int
cli_capture_begin(struct cli_capture *capture)
{
	fflush(stdout);
	capture->file = tmpfile();
	if (!capture->file) {
		return -errno;
	}
	capture->saved = dup(STDOUT_FILENO);
	if (capture->saved < 0 || dup2(fileno(capture->file), STDOUT_FILENO) < 0) {
		int err = -errno;

		if (capture->saved >= 0) {
			close(capture->saved);
		}
		fclose(capture->file);
		return err;
	}
	return 0;
}

/* Restores stdout. *text is allocated and has *nbytes bytes and a terminating NUL; the caller frees
 * it. */
int
cli_capture_end(struct cli_capture *capture, char **text, size_t *nbytes)
{
	int err = 0;
	long size;

	fflush(stdout);
	dup2(capture->saved, STDOUT_FILENO);
	close(capture->saved);
	*text = NULL;
	*nbytes = 0;
	if (fseek(capture->file, 0, SEEK_END) || (size = ftell(capture->file)) < 0) {
		err = -errno;
	} else {
		rewind(capture->file);
		*text = calloc(1, (size_t)size + 1);
		*nbytes = *text ? fread(*text, 1, (size_t)size, capture->file) : 0;
		err = !*text ? -ENOMEM : (*nbytes != (size_t)size ? -EIO : 0);
	}
	fclose(capture->file);
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}
