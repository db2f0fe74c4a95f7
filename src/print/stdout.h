/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The printers whose public form knows only stdout, to any stream; the tests read them from there.
 */
#ifndef PRINT_STDOUT_H
#define PRINT_STDOUT_H

#include <libxnvme_spec.h>
#include <stdio.h>

int print_log_fdp_conf(FILE *stream, const struct xnvme_spec_log_fdp_conf *log);
int print_log_ruhu(FILE *stream, const struct xnvme_spec_log_ruhu *log, int limit);
int print_log_fdp_stats(FILE *stream, const struct xnvme_spec_log_fdp_stats *log);
int print_log_fdp_events(FILE *stream, const struct xnvme_spec_log_fdp_events *log, int limit);
int print_ruhs(FILE *stream, const struct xnvme_spec_ruhs *ruhs, int limit);
int print_feat_fdp_events(FILE *stream, const struct xnvme_spec_fdp_event_desc *desc,
			  struct xnvme_spec_feat feat);
int print_drecv_idfy(FILE *stream, const struct xnvme_spec_idfy_dir_rp *idfy);
int print_drecv_srp(FILE *stream, const struct xnvme_spec_streams_dir_rp *srp);
int print_drecv_sgs(FILE *stream, const struct xnvme_spec_streams_dir_gs *sgs);
int print_drecv_sar(FILE *stream, struct xnvme_spec_alloc_resource sar);

#endif /* PRINT_STDOUT_H */
