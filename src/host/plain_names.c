/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The plain names of functions that this library's headers rename (XNVME_LAYOUT_0_8).
 *
 * An object file that refers to a plain name was compiled with the headers of xNVMe 0.7.5, whose
 * structures are smaller, or declared the function itself. Linkers print the text of a section
 * .gnu.warning.NAME for each object that refers to NAME. The names remain defined for programs that
 * look them up at run time: the Python package, dlsym().
 */
#include <libxnvme.h>

#define PLAIN_NAME(result, name, parameters, arguments)                                            \
	__asm__(".pushsection .gnu.warning." #name ",\"\",%progbits\n"                             \
		".ascii \"" #name "() is called by an object that was not compiled with the "      \
		"headers of this library, but perhaps with those of xNVMe 0.7.5, whose "           \
		"structures differ: compile it again, pkg-config --cflags xnvme\"\n"               \
		".byte 0\n"                                                                        \
		".popsection");                                                                    \
	result plain_##name parameters __asm__(#name);                                             \
	result plain_##name parameters                                                             \
	{                                                                                          \
		return name arguments;                                                             \
	}

PLAIN_NAME(struct xnvme_dev *, xnvme_dev_open, (const char *uri, struct xnvme_opts *opts),
	   (uri, opts))
PLAIN_NAME(struct xnvme_dev *, xnvme_file_open, (const char *path, struct xnvme_opts *opts),
	   (path, opts))
PLAIN_NAME(int, xnvme_enumerate,
	   (const char *uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb, void *cb_args),
	   (uri, opts, cb, cb_args))
PLAIN_NAME(void, xnvme_opts_set_defaults, (struct xnvme_opts *opts), (opts))
PLAIN_NAME(struct xnvme_opts, xnvme_opts_default, (void), ())
PLAIN_NAME(int, xnvme_opts_pr, (const struct xnvme_opts *opts, int pr_opts), (opts, pr_opts))
PLAIN_NAME(int, xnvme_cli_run, (struct xnvme_cli *cli, int argc, char **argv, int opts),
	   (cli, argc, argv, opts))
PLAIN_NAME(int, xnvme_cli_to_opts, (const struct xnvme_cli *cli, struct xnvme_opts *opts),
	   (cli, opts))
PLAIN_NAME(void, xnvme_cli_args_pr, (struct xnvme_cli_args *args, int opts), (args, opts))
PLAIN_NAME(uint64_t, xnvme_cli_timer_start, (struct xnvme_cli *cli), (cli))
PLAIN_NAME(uint64_t, xnvme_cli_timer_stop, (struct xnvme_cli *cli), (cli))
PLAIN_NAME(void, xnvme_cli_timer_bw_pr,
	   (struct xnvme_cli *cli, const char *prefix, size_t nbytes), (cli, prefix, nbytes))
