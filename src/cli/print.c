/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Output of sub-commands besides records: information, errors, times, progress.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cli/cli.h>

#define BAR_WIDTH 40
#define BAR_INTERVAL_NS 100000000ULL

void
xnvme_cli_pinf(const char *format, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
}

/* The library's last-error text, or NULL if it was printed before: a failure is reported by the
 * helper that failed, by the sub-command and by the program, but explained only once */
static const char *
fresh_why(void)
{
	struct cli_errors *errors = &cli_process.errors;
	const char *why = xnvme_err_text();
	bool fresh;

	pthread_mutex_lock(&errors->lock);
	fresh = *why && strncmp(errors->printed, why, sizeof(errors->printed) - 1) != 0;
	if (fresh) {
		snprintf(errors->printed, sizeof(errors->printed), "%s", why);
	}
	pthread_mutex_unlock(&errors->lock);
	return fresh ? why : NULL;
}

static void
report(const char *what, int err, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "# ERR: '%s': {errno: %d, msg: '%s'}\n", what, err, strerror(abs(err)));
	if (why) {
		fprintf(stderr, "# WHY: %s\n", why);
	}
	fflush(stderr);
	cli_errors_add(&cli_process.errors, what, err, why);
}

void
xnvme_cli_perr(const char *msg, int err)
{
	report(msg, err, fresh_why());
}

void
xnvme_cli_perr_why(const char *msg, int err, const char *why)
{
	const char *fresh = fresh_why();

	report(msg, err, fresh ? fresh : why);
}

int
xnvme_cli_refuse(int err, const char *format, ...)
{
	struct cli_line *line = &cli_process.line;
	char why[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, sizeof(why), format, ap);
	va_end(ap);
	xnvme_err_clear(); /* the library's last-error text is about another failure */
	report(line->sub ? line->sub->name : line->tool, err, why);
	line->told = true;
	return err;
}

uint64_t
xnvme_cli_timer_start(struct xnvme_cli *cli)
{
	return xnvme_timer_start(&cli->timer);
}

uint64_t
xnvme_cli_timer_stop(struct xnvme_cli *cli)
{
	return xnvme_timer_stop(&cli->timer);
}

void
xnvme_cli_timer_bw_pr(struct xnvme_cli *cli, const char *prefix, size_t nbytes)
{
	xnvme_timer_bw_pr(&cli->timer, prefix, nbytes);
}

void
xnvme_cli_progress(const char *what, uint64_t done, uint64_t total)
{
	uint64_t now = xnvme_timer_now_ns();
	int filled;

	if (done < total && now - cli_process.progress_ns < BAR_INTERVAL_NS) {
		return;
	}
	cli_process.progress_ns = done < total ? now : 0;
	if (!total || !isatty(STDERR_FILENO)) {
		return;
	}
	if (done >= total) {
		fprintf(stderr, "\r\033[K");
		return;
	}
	filled = (int)(done * BAR_WIDTH / total);
	fprintf(stderr, "\r%-24.24s [%.*s%*s] %3d%%\033[K", what, filled,
		"########################################", BAR_WIDTH - filled, "",
		(int)(done * 100 / total));
}

static void
args_pr_member(const struct xnvme_cli_args *args, const struct cli_opt *row)
{
	const char *member = (const char *)args + row->offset;
	uint64_t value = 0;
	const char *text = NULL;

	if (row->attr.vtype != XNVME_CLI_OPT_VTYPE_HEX &&
	    row->attr.vtype != XNVME_CLI_OPT_VTYPE_NUM) {
		memcpy(&text, member, sizeof(text));
		if (text) {
			printf("%s: '%s'\n", row->attr.name, text);
		} else {
			printf("%s: ~\n", row->attr.name);
		}
		return;
	}
	for (int i = 0; i < row->width;
	     ++i) { /* members are in host byte order */
		uint16_t probe = 1;
		bool little = *(const uint8_t *)&probe == 1;
		int at = little ? i : row->width - 1 - i;

		value |= (uint64_t)(uint8_t)member[at] << (8 * i);
	}
	printf(row->attr.vtype == XNVME_CLI_OPT_VTYPE_HEX ? "%s: 0x%" PRIx64 "\n"
							  : "%s: %" PRIu64 "\n",
	       row->attr.name, value);
}

void
xnvme_cli_args_pr(struct xnvme_cli_args *args, int opts)
{
	printf("# opts: %d\n", opts);
	for (int opt = 0; opt < XNVME_CLI_OPT_END; ++opt) {
		const struct cli_opt *row = cli_opt_get((enum xnvme_cli_opt)opt);

		if (row && row->width && opt != XNVME_CLI_OPT_HELP) {
			args_pr_member(args, row);
		}
	}
}
