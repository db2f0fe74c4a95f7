/* SPDX-License-Identifier: BSD-3-Clause */
/* Traces: lists of requests from files of several formats */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <ssd/time/model.h>
#include <stddef.h>

enum trace_format {
	TRACE_AUTO,     /* detect by the first line */
	TRACE_OWN,      /* at_ns,op,offset,nbytes[,fua] */
	TRACE_FIO,      /* fio's iolog, version 2 or 3 */
	TRACE_BLKPARSE, /* blkparse's default text */
	TRACE_ORACLE,   /* idx,sq,op,slba,nlb,t_submit_ns,t_start_ns,t_done_ns,status */
};

struct trace_row {
	ns_t at;     /* timed: time of submission; otherwise the delay after the previous request */
	uint64_t offset, nbytes;
	uint8_t op;  /* enum model_op */
	bool fua;
};

struct trace {
	struct trace_row *rows;
	uint64_t count, room;
	bool timed;
	uint64_t end; /* the highest byte accessed, plus 1 */
};

/* Parse a text (and change it); 0 or -errno with a sentence that has the line number */
int trace_parse(struct trace *trace, char *text, size_t nbytes, enum trace_format format,
		char *why, size_t why_nbytes);
int trace_load(struct trace *trace, const char *path, enum trace_format format, char *why,
	       size_t why_nbytes);
void trace_free(struct trace *trace);

#endif /* SIM_TRACE_H */
